//! The cleared passages that have a word, segment by segment: read from postings, joined over the fields, and merged
//! with those that have another word in its place.
//!
//! It must not score.

use tantivy::SegmentReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};

use super::Segment;
use super::cleared::Cleared;
use crate::error::IndexError;
use crate::passages::Fields;
use crate::query::WordField;

/// A passage with at least one of a term's occurrences, in one segment.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) doc: u32,
    /// Occurrences in text, title and headings, people, names of linked notes.
    pub(super) counts: [u16; 4],
    /// What they count: 1 for the word itself, less for one that stands for it.
    pub(super) share: f32,
}

/// The fields that a word is looked for in: text, title and headings, people, names of linked notes.
pub(super) fn looked_in(fields: &Fields, field: WordField) -> [Option<Field>; 4] {
    match field {
        WordField::Any => [Some(fields.text), Some(fields.title), Some(fields.people), Some(fields.links)],
        WordField::Title => [None, Some(fields.title), None, None],
    }
}

/// Where one segment has a token, in the order of [`looked_in`].
fn postings_in(
    reader: &SegmentReader,
    fields: &Fields,
    token: &str,
    field: WordField,
    option: IndexRecordOption,
) -> Result<[Option<BlockSegmentPostings>; 4], IndexError> {
    let mut found = [const { None }; 4];
    for (found, field) in found.iter_mut().zip(looked_in(fields, field)) {
        if let Some(field) = field {
            let term = tantivy::Term::from_field_text(field, token);
            let read = reader.inverted_index(field)?.read_block_postings(&term, option);
            *found = read.map_err(tantivy::TantivyError::from)?;
        }
    }
    Ok(found)
}

/// How many cleared passages of one segment have `token`.
pub(super) fn count_in(
    reader: &SegmentReader,
    fields: &Fields,
    segment: &Segment,
    token: &str,
    field: WordField,
) -> Result<u64, IndexError> {
    let found = postings_in(reader, fields, token, field, IndexRecordOption::Basic)?;
    let mut lists = found.into_iter().flatten();
    let (Some(first), second) = (lists.next(), lists.next()) else { return Ok(0) };
    let Some(second) = second else {
        // Most words stand in one field only, and then none is met twice.
        let mut count = 0;
        each_doc(first, |doc| count += u64::from(segment.cleared.contains(doc)));
        return Ok(count);
    };
    let mut set = vec![0; segment.cleared.len().div_ceil(64)];
    for list in [first, second].into_iter().chain(lists) {
        each_doc(list, |doc| {
            if let Some(word) = set.get_mut(doc as usize / 64) {
                *word |= 1 << (doc % 64);
            }
        });
    }
    Ok(segment.cleared.shared(&set))
}

fn each_doc(mut postings: BlockSegmentPostings, mut visit: impl FnMut(u32)) {
    while !postings.docs().is_empty() {
        postings.docs().iter().for_each(|doc| visit(*doc));
        postings.advance();
    }
}

/// The cleared passages of one segment that have `token`.
pub(super) fn matches_in(
    reader: &SegmentReader,
    fields: &Fields,
    segment: &Segment,
    token: &str,
    field: WordField,
) -> Result<Vec<Match>, IndexError> {
    let found = postings_in(reader, fields, token, field, IndexRecordOption::WithFreqs)?;
    let mut all: Vec<Match> = Vec::new();
    for (slot, postings) in found.into_iter().enumerate() {
        let Some(postings) = postings else { continue };
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
        for (at, doc) in postings.docs().iter().enumerate() {
            if cleared.contains(*doc) {
                let mut counts = [0; 4];
                if let Some(count) = counts.get_mut(slot) {
                    *count = u16::try_from(postings.freq(at)).unwrap_or(u16::MAX).max(1);
                }
                out.push(Match { doc: *doc, counts, share: 1.0 });
            }
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
