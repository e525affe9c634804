//! All that a draft may be made from.
//!
//! [`Brief::new`] is the gate of this crate: evidence that was not cleared for exactly these
//! recipients is refused, and an ask that not every recipient could read is dropped.

use jiff::Zoned;
use jiff::civil::Date;
use postil_evidence::label::Reader;
use postil_evidence::{Addr, Audience, Cleared, Label, Passage, Recipients, Trust};
use postil_mail::{Defect, Message, Thread};
use postil_understand::{Addressee, Ask, Owner, Reading};

use crate::recipients::ReplyTo;

/// A passage chosen for an ask.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The passage.
    pub passage: Cleared<Passage>,
    /// How well it fits; higher is better.
    pub score: f64,
    /// Why it was chosen.
    pub reasons: Vec<String>,
}

/// An ask with what is known about it.
#[derive(Clone, Debug)]
pub struct AskBrief {
    /// The ask.
    pub ask: Ask,
    /// Best first; may be empty.
    pub evidence: Vec<Evidence>,
    /// Whether the caller found that the evidence disagrees.
    pub conflict: bool,
}

/// Which part of the context section something stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContextGroup {
    /// Who the people are.
    People,
    /// Who their organisations are.
    Customers,
    /// What the projects are.
    Projects,
    /// What was written before.
    PastMail,
    /// Other notes.
    Notes,
}

/// Something that helps the owner to judge the draft.
#[derive(Clone, Debug)]
pub struct ContextItem {
    /// Its group.
    pub group: ContextGroup,
    /// The passage; a whole item, never a cut one.
    pub passage: Cleared<Passage>,
    /// What stands above it: a person's name, a note's title.
    pub heading: String,
}

/// How the owner writes. From the configuration; `None` means by the mail's language and tone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// The word of the greeting: "Hi".
    pub greeting: Option<String>,
    /// The line of the closing: "Best,".
    pub closing: Option<String>,
    /// The name below it, one or more lines: "Sam".
    pub signature: String,
}

/// How far the sender is who they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SenderCheck {
    /// Nobody checked; a known address counts as known.
    #[default]
    Unchecked,
    /// Checked and right.
    Passed,
    /// Checked and wrong.
    Failed,
}

/// What a brief is made of.
#[derive(Clone, Debug)]
pub struct BriefParts<'a> {
    /// The conversation.
    pub thread: &'a Thread,
    /// The place in it of the message that is answered.
    pub answering: usize,
    /// What was understood of it.
    pub reading: &'a Reading,
    /// Everyone who will read the reply.
    pub recipients: Recipients,
    /// Whom it is addressed to.
    pub reply_to: ReplyTo,
    /// The asks with their evidence.
    pub asks: Vec<AskBrief>,
    /// What is shown beside the draft.
    pub context: Vec<ContextItem>,
    /// Whose mailbox it is.
    pub owner: &'a Owner,
    /// How they write.
    pub style: Style,
    /// The result of checking the sender.
    pub sender: SenderCheck,
    /// The present time.
    pub now: Zoned,
}

/// Why there is no brief.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BriefError {
    /// A passage was cleared for other recipients.
    #[error("{0} was not cleared for the recipients of this reply; clear it for them and try again")]
    NotCleared(String),
    /// The thread has no such message.
    #[error("the thread has no message {0}; read it again")]
    NoSuchMessage(usize),
    /// An address of the reply is not among those that passages were cleared for.
    #[error(
        "{0} would get the reply but is not among the recipients; resolve the recipients from To, Cc and Bcc"
    )]
    UnknownRecipient(Addr),
    /// The reply goes to nobody.
    #[error("the reply has no recipient; name one")]
    NoRecipient,
}

/// All that a draft may be made from; made only by [`Brief::new`].
#[derive(Clone, Debug)]
pub struct Brief {
    pub(crate) thread: Thread,
    pub(crate) message: Message,
    pub(crate) reading: Reading,
    pub(crate) recipients: Recipients,
    pub(crate) reply_to: ReplyTo,
    pub(crate) asks: Vec<AskBrief>,
    pub(crate) context: Vec<ContextItem>,
    pub(crate) owner: Owner,
    pub(crate) style: Style,
    pub(crate) sender: SenderCheck,
    pub(crate) now: Zoned,
}

impl Brief {
    /// Gathers a brief. Of `asks` only those stay that are open, asked of the owner or of everyone,
    /// and stand in a message that every recipient was on; in the order of the thread. Messages
    /// that not every recipient was on are left out of the thread.
    ///
    /// # Errors
    /// [`BriefError`] where a passage was cleared for others, the reply has no recipient or one
    /// that nothing was cleared for, or the thread has no message `answering`.
    pub fn new(parts: BriefParts<'_>) -> Result<Self, BriefError> {
        let BriefParts {
            thread,
            answering,
            reading,
            recipients,
            reply_to,
            asks,
            context,
            owner,
            style,
            sender,
            now,
        } = parts;
        let message = thread.messages.get(answering).cloned().ok_or(BriefError::NoSuchMessage(answering))?;
        if reply_to.to.is_empty() {
            return Err(BriefError::NoRecipient);
        }
        if let Some(other) =
            reply_to.to.iter().chain(&reply_to.cc).find(|mailbox| !recipients.addrs().contains(&mailbox.addr))
        {
            return Err(BriefError::UnknownRecipient(other.addr.clone()));
        }
        let passages = asks.iter().flat_map(|ask| ask.evidence.iter().map(|evidence| &evidence.passage));
        for passage in passages.chain(context.iter().map(|item| &item.passage)) {
            if !passage.is_for(&recipients) {
                return Err(BriefError::NotCleared(passage.get().source.to_string()));
            }
        }
        let seen = |message: &Message| {
            let label = Label { audience: Audience::Internal, trust: Trust::Unknown, why: String::new() };
            recipients.clear_said_to(label, &message.participants()).is_ok()
        };
        let shared: Vec<(usize, &Message)> =
            thread.messages.iter().enumerate().filter(|(_, message)| seen(message)).collect();
        let place = |ask: &Ask| {
            shared.iter().find(|(_, message)| message.key == ask.message).map(|(place, _)| *place)
        };
        let mut placed: Vec<(usize, usize, AskBrief)> = asks
            .into_iter()
            .filter(|brief| {
                brief.ask.open && matches!(brief.ask.addressee, Addressee::Owner | Addressee::Everyone)
            })
            .filter_map(|brief| Some((place(&brief.ask)?, brief.ask.span.start, brief)))
            .collect();
        placed.sort_by_key(|(message, start, _)| (*message, *start));
        Ok(Self {
            thread: Thread {
                messages: shared.iter().map(|(_, message)| (*message).clone()).collect(),
                parents: vec![None; shared.len()],
                ..Thread::default()
            },
            message,
            reading: reading.clone(),
            asks: placed.into_iter().map(|(_, _, brief)| brief).collect(),
            recipients,
            reply_to,
            context,
            owner: owner.clone(),
            style,
            sender,
            now,
        })
    }

    /// The message that is answered.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// What was understood of the thread.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The asks that the reply takes up, with their evidence.
    #[must_use]
    pub fn asks(&self) -> &[AskBrief] {
        &self.asks
    }

    /// What is shown beside the draft.
    #[must_use]
    pub fn context(&self) -> &[ContextItem] {
        &self.context
    }

    /// Everyone who will read the reply.
    #[must_use]
    pub fn recipients(&self) -> &Recipients {
        &self.recipients
    }

    /// Today, in the owner's zone.
    #[must_use]
    pub(crate) fn today(&self) -> Date {
        self.now.with_time_zone(self.owner.zone.clone()).date()
    }

    /// Whether the sender may be promised something without the owner's own words: known by
    /// address, not failing a check, and not asking for answers elsewhere.
    #[must_use]
    pub(crate) fn sender_is_trusted(&self) -> bool {
        let Some(from) = &self.message.from else { return false };
        let unknown = self.recipients.readers().contains(&Reader::Unknown(from.addr.clone()))
            || !self.recipients.addrs().contains(&from.addr);
        let known = !unknown;
        known
            && self.sender != SenderCheck::Failed
            && !self.message.defects.contains(&Defect::ReplyToElsewhere)
    }
}
