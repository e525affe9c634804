//! What is looked for: words with weights, and filters.

use std::str::CharIndices;

use jiff::civil::Date;
use postil_evidence::{Addr, Audience, PartyId, Source};

/// The fields a word is looked for in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordField {
    /// Text, title and headings, and the addresses of people.
    #[default]
    Any,
    /// Title and headings only.
    Title,
}

/// Something to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// One word or several. In double quotes (`"audit logs"`) they must stand next to each other in
    /// every hit; without quotes each counts for itself and none must occur.
    pub text: String,
    /// How much it counts: 1 is usual, 0 or less is left out.
    pub weight: f32,
    /// Where it is looked for.
    pub field: WordField,
}

/// The words to look for. A passage with any of them is found; more and rarer words rank higher.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What is asked, as it was written: read by an embedding model, where the owner set one up, and by nothing else.
    pub asked: String,
    /// The words, in any order: the order changes nothing.
    pub words: Vec<Word>,
    /// Days that are asked about ("in July", "on the call of 12 May"): passages of such days rank higher, and none is
    /// left out.
    pub days: Vec<Days>,
    /// Other names of what a word names. A passage with one of them is found as if it had the word, and counts slightly less.
    pub names: Vec<OtherName>,
}

/// Another name of what a word of a query names: "Northwind Traders" for "NW".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherName {
    /// The word of the query.
    pub word: String,
    /// The other name; every word of it must occur.
    pub name: String,
}

/// A run of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first of them.
    pub first: Date,
    /// The last of them, which belongs to it.
    pub last: Date,
}

impl Query {
    /// Reads a search box: words, `"phrases in quotes"`, and `title:word`. Never fails: an open quote
    /// closes at the end, and anything else is a word.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut words = Vec::new();
        let mut chars = text.char_indices();
        while let Some((start, c)) = chars.next() {
            if c.is_whitespace() {
                continue;
            }
            let end = if is_quote(c) { end_of_quote(&mut chars) } else { end_of_word(&mut chars) };
            let piece = text.get(start..end.unwrap_or(text.len())).unwrap_or_default();
            words.extend(word_of(piece));
        }
        Self { asked: text.to_owned(), words, ..Self::default() }
    }
}

fn word_of(piece: &str) -> Option<Word> {
    if piece.starts_with(is_quote) {
        let inside = piece.trim_matches(is_quote);
        return (!inside.trim().is_empty()).then(|| Word {
            text: format!("\"{inside}\""),
            weight: 1.0,
            field: WordField::Any,
        });
    }
    let (field, text) = match piece.strip_prefix("title:") {
        Some(rest) if !rest.is_empty() => (WordField::Title, rest),
        Some(_) | None => (WordField::Any, piece),
    };
    Some(Word { text: text.replace(is_quote, " "), weight: 1.0, field })
}

pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

fn end_of_quote(chars: &mut CharIndices<'_>) -> Option<usize> {
    chars.find(|(_, c)| is_quote(*c)).map(|(at, c)| at + c.len_utf8())
}

fn end_of_word(chars: &mut CharIndices<'_>) -> Option<usize> {
    chars.find(|(_, c)| c.is_whitespace()).map(|(at, _)| at)
}

/// Whether a source is a note or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A note of the vault.
    Note,
    /// A message.
    Mail,
}

impl SourceKind {
    /// The kind of `source`.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        match source {
            Source::Note(_) => Self::Note,
            Source::Mail(_) => Self::Mail,
        }
    }
}

/// Which passages are looked at. Everything that is set must hold; the default looks at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Only notes, or only mail.
    pub kind: Option<SourceKind>,
    /// Only passages with exactly this audience.
    pub audience: Option<Audience>,
    /// Only passages whose audience names this party.
    pub party: Option<PartyId>,
    /// Only passages with at least one of these people; empty is no filter.
    pub people: Vec<Addr>,
    /// Only passages of this day or later; a passage without a date is left out.
    pub from: Option<Date>,
    /// Only passages of this day or earlier; a passage without a date is left out.
    pub until: Option<Date>,
    /// Only passages of these sources; empty is no filter.
    pub only: Vec<Source>,
    /// Never passages of these sources.
    pub exclude: Vec<Source>,
}

#[cfg(test)]
mod tests {
    use super::{Query, WordField};

    fn check(text: &str, expect: &[&str]) {
        let shown: Vec<String> = Query::parse(text)
            .words
            .into_iter()
            .map(|word| match word.field {
                WordField::Any => word.text,
                WordField::Title => format!("title:{}", word.text),
            })
            .collect();
        assert_eq!(shown, expect, "{text:?}");
    }

    #[test]
    fn a_search_box_holds_words_and_phrases() {
        check("audit  \"log retention\" 24", &["audit", "\"log retention\"", "24"]);
        check("„preis liste“ \"open end", &["\"preis liste\"", "\"open end\""]);
        check("title:Workshop title: x\"y", &["title:Workshop", "title:", "x y"]);
        check("  \"\" ", &[]);
    }
}
