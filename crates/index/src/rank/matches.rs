//! The cleared passages that have a word, segment by segment: read from postings, joined over the fields, and merged
//! with those that have another word in its place.
//!
//! It must not score.

use std::borrow::Cow;

use tantivy::SegmentReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

use super::Segment;
use super::cleared::{Cleared, each_block};
use crate::error::IndexError;
use crate::passages::Fields;
use crate::query::WordField;

/// How many documents are looked at in one go: as many as tantivy unpacks.
const BLOCK: usize = 128;

/// A passage with at least one of a term's occurrences, in one segment.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) doc: u32,
    /// Occurrences in text, title and headings, people, names of linked notes.
    pub(super) counts: [u16; 4],
    /// What they count: 1 for the word itself, less for one that stands for it.
    pub(super) share: f32,
}

/// Where the fields of one segment list a word: text, title and headings, people, names of linked notes.
pub(super) type InFields = [Option<TermInfo>; 4];

/// Where a word is looked for.
#[derive(Clone, Copy)]
pub(super) enum LookIn {
    /// In the fields that the query says.
    Field(WordField),
    /// Where words are: what stands for a word may be anybody's address by chance.
    Words,
}

/// The fields that a word is looked for in: text, title and headings, people, names of linked notes.
fn looked_in(fields: &Fields, place: LookIn) -> [Option<Field>; 4] {
    match place {
        LookIn::Field(WordField::Any) => of_fields(fields).map(Some),
        LookIn::Field(WordField::Title) => [None, Some(fields.title), None, None],
        LookIn::Words => [Some(fields.text), Some(fields.title), None, Some(fields.links)],
    }
}

fn of_fields(fields: &Fields) -> [Field; 4] {
    [fields.text, fields.title, fields.people, fields.links]
}

/// Looks a token up in one segment.
pub(super) fn listed_in(
    reader: &SegmentReader,
    fields: &Fields,
    token: &str,
    place: LookIn,
) -> Result<InFields, IndexError> {
    let mut listed = [const { None }; 4];
    for (listed, field) in listed.iter_mut().zip(looked_in(fields, place)) {
        if let Some(field) = field {
            let term = tantivy::Term::from_field_text(field, token);
            let found = reader.inverted_index(field)?.get_term_info(&term);
            *listed = found.map_err(tantivy::TantivyError::from)?;
        }
    }
    Ok(listed)
}

/// The lists of passages, each with the place of its field.
fn postings_in(
    reader: &SegmentReader,
    fields: &Fields,
    listed: &InFields,
    option: IndexRecordOption,
) -> Result<Vec<(usize, BlockSegmentPostings)>, IndexError> {
    let mut found = Vec::new();
    for (slot, (field, listed)) in of_fields(fields).into_iter().zip(listed).enumerate() {
        if let Some(listed) = listed {
            let read = reader.inverted_index(field)?.read_block_postings_from_terminfo(listed, option);
            found.push((slot, read.map_err(tantivy::TantivyError::from)?));
        }
    }
    Ok(found)
}

/// How many cleared passages of one segment have a token.
pub(super) fn count_in(
    reader: &SegmentReader,
    fields: &Fields,
    segment: &Segment,
    listed: &InFields,
) -> Result<u64, IndexError> {
    let found = postings_in(reader, fields, listed, IndexRecordOption::Basic)?;
    let mut lists: Vec<_> = found.into_iter().map(|(_, list)| list).collect();
    // One field has most of the passages, nearly always the text: it is only read, and what others have is taken out before.
    lists.sort_by_key(BlockSegmentPostings::doc_freq);
    let Some(longest) = lists.pop() else { return Ok(0) };
    let mut rest = Cow::Borrowed(&segment.cleared.docs);
    for list in lists {
        let rest = rest.to_mut();
        each_block(list, |docs| docs.iter().for_each(|doc| rest.remove(*doc)));
    }
    let mut count = segment.cleared.count - rest.count();
    each_block(longest, |docs| count += docs.iter().map(|doc| u64::from(rest.contains(*doc))).sum::<u64>());
    Ok(count)
}

/// The cleared passages of one segment that have a token.
pub(super) fn matches_in(
    reader: &SegmentReader,
    fields: &Fields,
    segment: &Segment,
    listed: &InFields,
) -> Result<Vec<Match>, IndexError> {
    let mut all: Vec<Match> = Vec::new();
    for (slot, postings) in postings_in(reader, fields, listed, IndexRecordOption::WithFreqs)? {
        let list = read(postings, &segment.cleared, slot);
        all = if all.is_empty() { list } else { joined(all, list) };
    }
    Ok(all)
}

/// The cleared ones among the passages of one field, `slot` of [`looked_in`].
fn read(mut postings: BlockSegmentPostings, cleared: &Cleared, slot: usize) -> Vec<Match> {
    let most = u64::from(postings.doc_freq()).min(cleared.count);
    let mut out = Vec::with_capacity(usize::try_from(most).unwrap_or_default());
    while !postings.docs().is_empty() {
        for (first, docs) in (0..).step_by(BLOCK).zip(postings.docs().chunks(BLOCK)) {
            // First which ones pass, without a branch on each.
            let (mut passing, mut count) = ([0_usize; BLOCK], 0);
            for (at, doc) in (first..).zip(docs) {
                if let Some(place) = passing.get_mut(count) {
                    *place = at;
                }
                count += usize::from(cleared.contains(*doc));
            }
            out.extend(passing.iter().take(count).map(|at| {
                let count = u16::try_from(postings.freq(*at)).unwrap_or(u16::MAX).max(1);
                let counts = std::array::from_fn(|field| if field == slot { count } else { 0 });
                Match { doc: postings.doc(*at), counts, share: 1.0 }
            }));
        }
        postings.advance();
    }
    out
}

/// Joins two lists sorted by document, whose counts are of different fields.
fn joined(one: Vec<Match>, other: Vec<Match>) -> Vec<Match> {
    merged(one, other, |one, other| {
        let (Some(mut both), Some(other)) = (one, other) else { return one.or(other) };
        both.counts.iter_mut().zip(other.counts).for_each(|(sum, count)| *sum += count);
        Some(both)
    })
}

/// Merges two lists sorted by document: `of` makes what is kept from what either has of one document.
pub(super) fn merged(
    one: Vec<Match>,
    other: Vec<Match>,
    of: impl Fn(Option<Match>, Option<Match>) -> Option<Match>,
) -> Vec<Match> {
    let mut out = Vec::with_capacity(one.len().max(other.len()));
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    while let Some(doc) = [one.peek(), other.peek()].into_iter().flatten().map(|found| found.doc).min() {
        let is_it = |found: &Match| found.doc == doc;
        out.extend(of(one.next_if(is_it), other.next_if(is_it)));
    }
    out
}

pub(super) fn count(matches: &[Vec<Match>]) -> u64 {
    matches.iter().map(|list| list.len() as u64).sum()
}

/// Adds the passages of a word that stands for another, each counted once, where they have neither that nor a closer one.
pub(super) fn add_related(matches: &mut [Vec<Match>], related: Vec<Vec<Match>>, share: f32) {
    for (list, related) in matches.iter_mut().zip(related) {
        if related.is_empty() {
            continue;
        }
        *list = merged(std::mem::take(list), related, |own, other| {
            let other = other.map(|found| {
                let [text, title, _, links] = found.counts.map(|count| count.min(1));
                Match { counts: [text, title, 0, links], share, ..found }
            });
            match (own, other) {
                (Some(own), Some(other)) if other.share > own.share => Some(other),
                (own, other) => own.or(other),
            }
        });
    }
}
