//! A passage: the unit that is indexed, cited and shown.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::address::Addr;
use crate::hash::ContentHash;
use crate::label::{Label, Labelled};
use crate::source::Source;
use crate::span::Span;

/// How a note links to a place inside itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// A block id that stands in the note, without its `^`.
    Block(String),
    /// The text of the nearest heading above.
    Heading(String),
}

/// A span of a message or a note, with all that is needed to rank, clear, cite and show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Where it was read.
    pub source: Source,
    /// Bytes of the note's file, or of the message's text, that it covers.
    pub span: Span,
    /// The 1-based line of `span.start`.
    pub line: u32,
    /// What it says, as plain text: no list marker, no emphasis, links as their visible text.
    pub text: String,
    /// The note's title or the message's subject.
    pub title: String,
    /// Headings above it, outermost first; a list item's parent item comes last.
    pub headings: Vec<String>,
    /// Where a link can point, if the note has such a place.
    pub anchor: Option<Anchor>,
    /// The day it speaks from: a note's date (from its name, property or text), a message's date.
    pub date: Option<Date>,
    /// Addresses of the people on a message, or of those a note's properties name; sorted.
    pub people: Vec<Addr>,
    /// Names of the notes that it links to, and of those that the properties of its note link to; none of a message.
    pub links: Vec<String>,
    /// Who may read it.
    pub label: Label,
}

impl Passage {
    /// An id that stays the same as long as the source, the place and the words do.
    #[must_use]
    pub fn id(&self) -> ContentHash {
        ContentHash::of_parts(&[
            self.source.to_string().as_bytes(),
            &(self.span.start as u64).to_le_bytes(),
            self.text.as_bytes(),
        ])
    }
}

impl Labelled for Passage {
    fn label(&self) -> &Label {
        &self.label
    }
}
