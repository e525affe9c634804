//! A draft: sentences with their origins, footnotes, and what became of each ask.
//!
//! It is a rendering of a brief and holds nothing that the brief does not.

use jiff::civil::Date;
use postil_evidence::{Addr, Anchor, Mailbox, MessageKey, Source, Span};
use postil_understand::Confidence;

use crate::language::Language;

/// Where the words of a part come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartFrom {
    /// The passage behind this footnote.
    Evidence(usize),
    /// Words of a message of the thread, said from the owner's side.
    Thread {
        /// The message.
        message: MessageKey,
        /// Bytes of its text.
        span: Span,
    },
    /// The display name of this address in the header of the answered message.
    Header(Addr),
    /// A value of the configuration, by its key.
    Config(&'static str),
    /// A day: of a cited passage, of an ask's due date.
    Day(Date),
    /// A time proposed in the thread, by its place in the reading's dates.
    Moment(usize),
}

/// Words of a sentence that come from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The words as they stand in the sentence.
    pub text: String,
    /// Where they come from.
    pub from: PartFrom,
}

/// How a sentence was made: a fixed phrase and what fills it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The id of the fixed phrase; `None` where the sentence is its parts alone.
    pub phrase: Option<&'static str>,
    /// What fills the places of the phrase, in their order.
    pub parts: Vec<Part>,
}

/// One sentence of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The words as sent.
    pub text: String,
    /// Its paragraph, from 0; paragraphs stand apart by a blank line.
    pub paragraph: usize,
    /// How it was made.
    pub origin: Origin,
    /// Numbers of the footnotes that it stands on.
    pub footnotes: Vec<usize>,
}

/// A source that a draft cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// From 1, in the order of the text.
    pub number: usize,
    /// The note or message.
    pub source: Source,
    /// 1-based line in it.
    pub line: u32,
    /// Where a link can point.
    pub anchor: Option<Anchor>,
    /// The words cited.
    pub quote: String,
    /// The note's title or the message's subject.
    pub title: String,
    /// The day it speaks from.
    pub date: Option<Date>,
}

/// What became of an ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered from these footnotes.
    Answered {
        /// Their numbers.
        footnotes: Vec<usize>,
    },
    /// Nothing known answers it.
    Missing {
        /// What is missing, as a phrase.
        what: String,
    },
    /// The owner would be promising it.
    Promise {
        /// By when.
        due: Option<Date>,
    },
    /// The owner must write it.
    Slot {
        /// What is to be written, as a phrase.
        what: String,
    },
    /// Sources disagree; all are given.
    Conflict {
        /// Their footnotes.
        footnotes: Vec<usize>,
    },
    /// Taken notice of.
    Acknowledged,
}

/// An ask and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskOutcome {
    /// The words of the mail.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What kind of thing a person should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// A place to fill in before sending.
    Slot,
    /// Sources disagree.
    Conflict,
    /// The owner would be promising something.
    Promise,
    /// About the recipients.
    Recipients,
    /// A sentence that does not rebuild from its origin.
    Rebuild,
    /// Words whose source is not among what the draft may use.
    Ungrounded,
    /// A footnote that is missing, unused or out of order.
    Footnote,
}

/// Something for a person to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// What exactly, in one line.
    pub text: String,
}

/// A reply, not yet sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Subject, with one `Re:`.
    pub subject: String,
    /// The language it is written in.
    pub language: Language,
    /// The greeting: one line.
    pub greeting: Vec<Sentence>,
    /// The text.
    pub sentences: Vec<Sentence>,
    /// The closing, one line each.
    pub closing: Vec<Sentence>,
    /// What the text cites, by number.
    pub footnotes: Vec<Footnote>,
    /// The asks, in their order.
    pub asks: Vec<AskOutcome>,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// How far the draft can go out as it is.
    pub confidence: Confidence,
}

impl Draft {
    /// The text as sent: no footnote marks.
    #[must_use]
    pub fn body(&self) -> String {
        self.text(|sentence| sentence.text.clone())
    }

    /// The text with a mark such as `[^1]` after each sentence that stands on a footnote.
    #[must_use]
    pub fn body_with_marks(&self) -> String {
        self.text(marked)
    }

    /// Every sentence, greeting and closing too.
    pub fn all_sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.greeting.iter().chain(&self.sentences).chain(&self.closing)
    }

    /// The text with each sentence as `show` gives it.
    pub(crate) fn text(&self, show: impl Fn(&Sentence) -> String) -> String {
        let mut blocks: Vec<String> = Vec::new();
        let lines = |sentences: &[Sentence]| sentences.iter().map(&show).collect::<Vec<_>>().join("\n");
        if !self.greeting.is_empty() {
            blocks.push(lines(&self.greeting));
        }
        let mut open = None;
        for sentence in &self.sentences {
            match blocks.last_mut() {
                Some(block) if open == Some(sentence.paragraph) => {
                    block.push(' ');
                    block.push_str(&show(sentence));
                }
                Some(_) | None => blocks.push(show(sentence)),
            }
            open = Some(sentence.paragraph);
        }
        if !self.closing.is_empty() {
            blocks.push(lines(&self.closing));
        }
        blocks.join("\n\n")
    }
}

fn marked(sentence: &Sentence) -> String {
    let marks: String = sentence.footnotes.iter().map(|number| format!("[^{number}]")).collect();
    format!("{}{marks}", sentence.text)
}
