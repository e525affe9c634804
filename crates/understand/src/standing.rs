//! What the owner has decided about mail like this: standing rules, and corrections of verdicts. Both stand
//! over what Postil reads from the mail itself, and a pure function applies them to a reading.
//!
//! The order: a correction of this very thread, until new mail comes on it; the first rule that fits; then
//! what corrections of similar mail have taught. A rule or a correction speaks for its sender's messages
//! only, so mail of one sender never silences what another asked in the same thread. Nothing is ever raised
//! for a sender who is suspect: whoever pretends to be someone gains nothing by the owner's rules for them.

mod kind;
mod learned;
mod rule;

use postil_evidence::{Addr, Parties};
use postil_mail::message::Message;
use postil_mail::thread::Thread;
use serde::{Deserialize, Serialize};

use crate::bulk::{SentAs, sent_as};
use crate::reading::{Addressee, Ask, Confidence, Reading, Reason, Verdict};
use crate::verdict::STRANGERS_MASS_MAIL;
use learned::{Weights, decided_alike, margin_of};

pub use rule::{FORMS, Rule, RuleError, Wants};

/// How a message was sent, as far as corrections tell mail apart by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sending {
    /// By a person to people.
    #[default]
    Person,
    /// By a person to a discussion list.
    List,
    /// To many at once.
    Bulk,
    /// By a program.
    Automated,
    /// A calendar mail.
    Calendar,
}

/// What a message looks like to the corrections: all of it stands in the correction, readable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Its sender.
    pub from: Option<Addr>,
    /// Its subject as written.
    pub subject: String,
    /// Its List-Id; empty where it has none.
    pub list: String,
    /// How it was sent.
    pub sent: Sending,
    /// The words of its first open ask; empty where it asks nothing.
    pub asked: String,
}

/// The owner's word that a verdict was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The newest message of the thread at that time: its Message-ID with brackets, else its key.
    pub message: String,
    /// What the message looks like that the verdict rested on.
    pub look: Look,
    /// What Postil said.
    pub said: Verdict,
    /// What it should have said.
    pub should_be: Verdict,
}

/// All standing decisions of the owner, with what the corrections teach.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    rules: Vec<Rule>,
    corrections: Vec<Correction>,
    weights: Weights,
}

/// What the judgement needs to know beside reading and thread.
pub struct Around<'a> {
    /// The parties of the configuration.
    pub parties: &'a Parties,
    /// Whether the sender of a message may not be who they say: it failed the mail host's checks, its domain
    /// looks like a known one, or its answers would go elsewhere.
    pub is_suspect: &'a dyn Fn(&Message) -> bool,
}

impl std::fmt::Debug for Around<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Around").field("parties", &self.parties).finish_non_exhaustive()
    }
}

impl Standing {
    /// Rules in the order in which they are asked, corrections in the order in which they were made.
    #[must_use]
    pub fn new(rules: Vec<Rule>, corrections: Vec<Correction>) -> Self {
        let weights = Weights::learn(&corrections);
        Self { rules, corrections, weights }
    }

    /// The rules, in the order in which they are asked.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether a thread in which every message was made for many may need a reply after all.
    #[must_use]
    pub fn may_raise(&self) -> bool {
        self.rules.iter().any(|rule| rule.wants == Wants::Always)
            || self.corrections.iter().any(|correction| correction.should_be == Verdict::Reply)
    }

    /// The same without the corrections that were made on these messages.
    #[must_use]
    pub fn without(&self, messages: &[String]) -> Self {
        let rest = self.corrections.iter().filter(|correction| !messages.contains(&correction.message));
        Self::new(self.rules.clone(), rest.cloned().collect())
    }

    /// The reading with the owner's decisions applied; unchanged where none speaks of it.
    #[must_use]
    pub fn judge(&self, mut reading: Reading, thread: &Thread, around: &Around<'_>) -> Reading {
        let Some(newest) = thread.newest() else { return reading };
        if self.rules.is_empty() && self.corrections.is_empty() {
            return reading;
        }
        // A Message-ID can be copied: the sender must be in the thread, and nobody suspect is raised.
        let is_from = |look: &Look| {
            let mut senders =
                thread.messages.iter().map(|message| message.from.as_ref().map(|from| &from.addr));
            look.from.is_none() || senders.any(|from| from == look.from.as_ref())
        };
        let name = name_of(newest);
        let of_this = self.corrections.iter().rev().find(|correction| {
            correction.message == name
                && is_from(&correction.look)
                && (correction.should_be != Verdict::Reply || !(around.is_suspect)(newest))
        });
        if let Some(correction) = of_this {
            let text = format!("{} is wrong", word(correction.said));
            decide(&mut reading, correction.should_be, Confidence::High, "You said so", &text);
            return reading;
        }
        // The owner's own matters are no one else's to raise or silence.
        let may_rise = reading.answers == Some(newest.key);
        match reading.verdict {
            Verdict::Reply => self.judge_reply(&mut reading, thread, around),
            Verdict::Promised if may_rise => self.judge_other(&mut reading, newest, around),
            Verdict::Info | Verdict::Bulk | Verdict::Automated | Verdict::Calendar | Verdict::None
                if may_rise =>
            {
                self.judge_other(&mut reading, newest, around);
            }
            Verdict::Info
            | Verdict::Bulk
            | Verdict::Automated
            | Verdict::Calendar
            | Verdict::None
            | Verdict::Promised
            | Verdict::Waiting => {}
        }
        reading
    }

    fn first_rule(&self, message: &Message, parties: &Parties) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.fits(message, parties))
    }

    /// A reply is silenced only where everything that asks for one is.
    fn judge_reply(&self, reading: &mut Reading, thread: &Thread, around: &Around<'_>) {
        let asking = asking(reading, thread);
        let mut silenced: Option<(Verdict, Confidence, &'static str, String)> = None;
        let mut least = f64::INFINITY;
        for message in &asking {
            match self.first_rule(message, around.parties) {
                Some(rule) if rule.wants == Wants::Never => {
                    silenced = Some((Verdict::Info, Confidence::High, STANDING_RULE, rule.text.clone()));
                }
                Some(_) => return,
                None => {
                    let look = look_of(message, reading);
                    let mut margin =
                        margin_of(reading.verdict, reading.confidence) + self.weights.shift(&look);
                    let is_direct = reading.asks.iter().any(|ask| {
                        ask.open && ask.message == message.key && ask.addressee == Addressee::Owner
                    });
                    // One word of the owner on other mail is not enough against a question put to them.
                    if is_direct
                        && matches!(look.sent, Sending::Person | Sending::List)
                        && self.alike(&look, Says::NoReply).count() < 2
                    {
                        margin = margin.max(BARELY);
                    }
                    if margin > 0.0 {
                        least = least.min(margin);
                        continue;
                    }
                    let alike = self.alike(&look, Says::NoReply).last();
                    let (verdict, subject) =
                        alike.map_or((Verdict::Info, ""), |c| (c.should_be, c.look.subject.as_str()));
                    let sure = confidence_of(margin);
                    silenced.get_or_insert((verdict, sure, SIMILAR_MAIL, subject.to_owned()));
                }
            }
        }
        if least.is_finite() {
            reading.confidence = reading.confidence.min(confidence_of(least));
        } else if let Some((verdict, confidence, kind, text)) = silenced {
            decide(reading, verdict, confidence, kind, &text);
        }
    }

    /// Mail that needs no reply as read: raised by a rule or by what corrections taught.
    fn judge_other(&self, reading: &mut Reading, newest: &Message, around: &Around<'_>) {
        let is_mass = reading.reasons.iter().any(|reason| reason.kind == STRANGERS_MASS_MAIL);
        if let Some(rule) = self.first_rule(newest, around.parties) {
            // A word in a subject opens no door to mass mail of strangers.
            let may = rule.names_sender() || !is_mass;
            if rule.wants == Wants::Always && may && !(around.is_suspect)(newest) {
                decide(reading, Verdict::Reply, Confidence::High, STANDING_RULE, &rule.text);
            }
            return;
        }
        if reading.verdict == Verdict::Promised {
            return;
        }
        let look = look_of(newest, reading);
        let margin = margin_of(reading.verdict, reading.confidence) + self.weights.shift(&look);
        if margin > 0.0 && !(around.is_suspect)(newest) {
            let alike = self.alike(&look, Says::Reply).last();
            let subject = alike.map_or("", |correction| correction.look.subject.as_str());
            decide(reading, Verdict::Reply, confidence_of(margin), SIMILAR_MAIL, subject);
        }
    }

    /// Corrections of mail of the same form or with the same words, by what they say.
    fn alike<'s>(&'s self, look: &'s Look, says: Says) -> impl Iterator<Item = &'s Correction> {
        self.corrections.iter().filter(move |correction| {
            let wants_reply = correction.should_be == Verdict::Reply;
            (wants_reply == (says == Says::Reply)) && decided_alike(&correction.look, look)
        })
    }
}

/// What a correction says of mail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Reply,
    NoReply,
}

const STANDING_RULE: &str = "Standing rule";
const SIMILAR_MAIL: &str = "You said so of similar mail";
/// A margin that keeps a verdict, without being sure of it.
const BARELY: f64 = 0.1;

/// How sure a margin is; the steps are those of [`margin_of`].
fn confidence_of(margin: f64) -> Confidence {
    match margin.abs() {
        sure if sure >= 2.0 => Confidence::High,
        likely if likely >= 1.0 => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// Sets the verdict and says why, before the reasons that were found in the mail.
fn decide(reading: &mut Reading, verdict: Verdict, confidence: Confidence, kind: &str, text: &str) {
    reading.verdict = verdict;
    reading.confidence = confidence;
    let reason = Reason { kind: kind.to_owned(), text: text.to_owned(), message: None };
    reading.reasons.insert(0, reason);
}

fn is_open(ask: &&Ask) -> bool {
    ask.open && !matches!(ask.addressee, Addressee::Other(_))
}

/// The messages that make a reply needed: those with an open ask, else the newest of others.
fn asking<'t>(reading: &Reading, thread: &'t Thread) -> Vec<&'t Message> {
    let asks = |message: &&Message| reading.asks.iter().filter(is_open).any(|ask| ask.message == message.key);
    let mut found: Vec<&Message> = thread.messages.iter().filter(asks).collect();
    if found.is_empty() {
        found.extend(thread.messages.iter().filter(|message| Some(message.key) == reading.answers));
    }
    found
}

/// What a message looks like to corrections.
#[must_use]
pub fn look_of(message: &Message, reading: &Reading) -> Look {
    let sent = match sent_as(message) {
        SentAs::Person => Sending::Person,
        SentAs::List => Sending::List,
        SentAs::Bulk(_) => Sending::Bulk,
        SentAs::Automated(_) => Sending::Automated,
        SentAs::Calendar(_) => Sending::Calendar,
    };
    let asked = reading.asks.iter().filter(is_open).find(|ask| ask.message == message.key);
    Look {
        from: message.from.as_ref().map(|from| from.addr.clone()),
        subject: message.subject.to_string(),
        list: message.delivery.list_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        sent,
        asked: asked.map(|ask| ask.text.clone()).unwrap_or_default(),
    }
}

/// The message that a verdict rests on: the newest that asks something, else the one a reply would answer, else
/// the newest.
#[must_use]
pub fn deciding<'t>(reading: &Reading, thread: &'t Thread) -> Option<&'t Message> {
    let at = |key| thread.messages.iter().find(|message| message.key == key);
    let of_others = asking(reading, thread).into_iter().next_back();
    of_others.or_else(|| reading.answers.and_then(at)).or_else(|| thread.newest())
}

/// How corrections name a message: its Message-ID with brackets, else its key.
#[must_use]
pub fn name_of(message: &Message) -> String {
    message.message_id.as_ref().map_or_else(|| message.key.to_string(), ToString::to_string)
}

/// The word of a verdict, as configuration and views write it.
#[must_use]
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reply => "reply",
        Verdict::Waiting => "waiting",
        Verdict::Promised => "promised",
        Verdict::Info => "info",
        Verdict::Bulk => "bulk",
        Verdict::Automated => "automated",
        Verdict::Calendar => "calendar",
        Verdict::None => "none",
    }
}

#[cfg(test)]
mod tests;
