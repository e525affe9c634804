//! A reading and cleared passages to a brief, a brief to a draft, a draft to its note.
//!
//! The draft is a function of the brief alone. No I/O, no clock, no model: what a sentence states
//! stands in a cited passage, in the thread or in the configuration, and [`check()`] proves it.

mod brief;
mod check;
mod compose;
mod conflict;
mod draft;
mod english;
mod greeting;
mod language;
pub mod mail_note;
mod moment;
mod names;
pub mod note;
pub mod phrase;
mod promise;
mod pronoun;
mod question;
mod recipients;
mod row;
mod say;
pub mod yaml;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use brief::{
    AskBrief, Brief, BriefError, BriefParts, ContextGroup, ContextItem, Evidence, SenderCheck, Style,
};
pub use check::check;
pub use compose::compose;
pub use draft::{
    AskOutcome, Draft, Finding, FindingKind, Footnote, Origin, Outcome, Part, PartFrom, Sentence,
};
pub use language::Language;
pub use recipients::{ReplyMode, ReplyTo, reply_to};
