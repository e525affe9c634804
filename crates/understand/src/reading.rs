//! What Postil understood of a thread: values with their spans and reasons.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use postil_evidence::{Addr, HeaderText, MessageKey, Span};
use serde::{Deserialize, Serialize};

/// Who the owner of the mailbox is. From the configuration, never inferred from mail.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Full name.
    pub name: String,
    /// Other names people call them: first name, nicknames.
    pub names: Vec<String>,
    /// Every address of theirs.
    pub addrs: Vec<Addr>,
    /// Their time zone.
    pub zone: TimeZone,
}

/// What a thread needs of the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Needs a reply.
    Reply,
    /// Waits for them.
    Waiting,
    /// The owner promised something and has not said it is done.
    Promised,
    /// For information.
    Info,
    /// Sent to many.
    Bulk,
    /// Written by a program.
    Automated,
    /// An invitation or an answer to one.
    Calendar,
    /// Nothing to do and nothing to say.
    None,
}

/// How sure a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A person should look before acting on it.
    Low,
    /// Likely.
    Medium,
    /// Sure.
    High,
}

/// Why a verdict was reached. `text` is quoted from the mail, or the header that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What was found, as a phrase: "Contains question", "Asks for a document",
    /// "You wrote last", "List-Unsubscribe header".
    pub kind: String,
    /// The words that caused it.
    pub text: String,
    /// The message they stand in.
    pub message: Option<MessageKey>,
}

/// What kind of thing the sender wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskKind {
    /// An answer to a question.
    Question,
    /// Something done.
    Request,
    /// A time to meet or call, or an answer to a proposed one.
    Time,
    /// A document or a link sent.
    Document,
    /// A decision, an approval, an opinion.
    Decision,
    /// An introduction to someone.
    Introduction,
}

/// To whom an ask is addressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addressee {
    /// The owner.
    Owner,
    /// Someone else, by the name the mail uses.
    Other(String),
    /// Everyone on the mail.
    Everyone,
}

/// Something the sender wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The message it stands in.
    pub message: MessageKey,
    /// Bytes of that message's text.
    pub span: Span,
    /// The words under `span`, white space folded.
    pub text: String,
    /// What is wanted.
    pub kind: AskKind,
    /// Of whom.
    pub addressee: Addressee,
    /// By when, if the ask says so.
    pub due: Option<Date>,
    /// Whether nothing later in the thread answers it.
    pub open: bool,
    /// How sure.
    pub confidence: Confidence,
    /// Why it counts as an ask, in a phrase: "ends in a question mark and starts with did".
    pub reason: String,
    /// For a request, what is to be done, in the words of the mail as an infinitive phrase without
    /// "to": "send the updated pricing sheet by Friday". For a question the question without
    /// lead-in: "did we agree on 12 or 24 months for the audit logs". Pronouns as in the mail. A later
    /// part of a compound question that is a fragment ("and how fast?") is completed from the part
    /// before it. Empty where the words look like instructions to a program.
    pub matter: String,
    /// Content words and names to search for, most telling first: names, other content words, common
    /// verbs and words of time, last the alternatives given. Empty where `matter` is.
    pub keywords: Vec<String>,
}

/// How exact a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    /// To the minute.
    Minute,
    /// To the hour.
    Hour,
    /// A part of a day: morning, afternoon.
    DayPart,
    /// A day.
    Day,
    /// A week, from its Monday.
    Week,
    /// A month, from its first.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

/// A date or time the text names, resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateMention {
    /// The message it stands in.
    pub message: MessageKey,
    /// Bytes of that message's text.
    pub span: Span,
    /// The words under `span`.
    pub text: String,
    /// The start, in the zone the text or the message gives.
    pub start: Zoned,
    /// The end of an interval, exclusive; `None` for a single instant at its grain.
    pub end: Option<Zoned>,
    /// How exact it is.
    pub grain: Grain,
    /// Whether the text names a zone ("PT"); where not, the message's offset was taken.
    pub zone_named: bool,
}

/// A promise someone made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromiseMade {
    /// The message it stands in.
    pub message: MessageKey,
    /// Bytes of that message's text.
    pub span: Span,
    /// The words under `span`.
    pub text: String,
    /// Whether the owner made it.
    pub by_owner: bool,
    /// By when.
    pub due: Option<Date>,
    /// What "it" is in the words, where the message that the promise answers asks for one thing: "price list".
    #[serde(default)]
    pub thing: Option<String>,
}

/// Someone or something known that the thread names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// The words of the mail.
    pub text: String,
    /// Who fits, by name; more than one means the text does not tell.
    pub names: Vec<String>,
    /// Paths of their home notes, in the same order.
    pub homes: Vec<String>,
}

/// What Postil understood of a thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What it needs of the owner.
    pub verdict: Verdict,
    /// How sure the verdict is.
    pub confidence: Confidence,
    /// Why, strongest first; never empty.
    pub reasons: Vec<Reason>,
    /// The message a reply would answer: the newest that is not the owner's.
    pub answers: Option<MessageKey>,
    /// Since when it waits.
    pub since: Option<Zoned>,
    /// The asks of the thread, in order of message and place; earlier ones that are still open too.
    pub asks: Vec<Ask>,
    /// Dates named in the newest message.
    pub dates: Vec<DateMention>,
    /// Promises, of the owner and of others.
    pub promises: Vec<PromiseMade>,
    /// Known names in the thread.
    pub mentions: Vec<Mentioned>,
    /// What it is about, as phrases a person would use; best first, at most five.
    pub topics: Vec<String>,
    /// Language of the newest message not the owner's, as an ISO 639-1 code.
    pub language: Option<String>,
    /// The subject without prefixes.
    pub subject: HeaderText,
}
