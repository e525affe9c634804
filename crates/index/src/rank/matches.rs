//! The cleared passages that have a word, segment by segment: read from postings, joined over the fields, and merged
//! with those that have another word in its place.
//!
//! It must not score.

use postil_evidence::PartyId;
use tantivy::SegmentReader;
use tantivy::schema::{Field, IndexRecordOption};

use super::Segment;
use super::cleared::{Cleared, Listed, each_doc, each_group};
use crate::error::IndexError;
use crate::passages::Fields;
use crate::query::{SourceKind, WordField};

/// A passage with at least one of a term's occurrences, in one segment.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) doc: u32,
    /// Occurrences in text, title and headings, people, names of linked notes.
    pub(super) counts: [u16; 4],
    /// What they count: 1 for the word itself, less for one that stands for it.
    pub(super) share: f32,
}

/// Documents of one segment as a set.
#[derive(Default)]
pub(super) struct Found(pub(super) Vec<u64>);

impl Found {
    pub(super) fn add(
        &mut self,
        reader: &SegmentReader,
        field: Field,
        token: &str,
    ) -> Result<(), IndexError> {
        self.0.resize((reader.max_doc() as usize).div_ceil(64), 0);
        let term = tantivy::Term::from_field_text(field, token);
        let read = reader.inverted_index(field)?.read_block_postings(&term, IndexRecordOption::Basic);
        let Some(mut postings) = read.map_err(tantivy::TantivyError::from)? else { return Ok(()) };
        while !postings.docs().is_empty() {
            postings.docs().iter().for_each(|doc| self.insert(*doc));
            postings.advance();
        }
        Ok(())
    }

    /// The documents whose audience names a party, whether cleared or not.
    pub(super) fn for_party(
        reader: &SegmentReader,
        group: Field,
        party: &PartyId,
    ) -> Result<Self, IndexError> {
        let mut found = Self(vec![0; (reader.max_doc() as usize).div_ceil(64)]);
        let inverted = reader.inverted_index(group)?;
        for kind in [SourceKind::Note, SourceKind::Mail] {
            each_group(&inverted, &Listed::naming(kind, party)?, &mut |_, info| {
                each_doc(&inverted, info, &mut |doc| found.insert(doc))
            })?;
        }
        Ok(found)
    }

    fn insert(&mut self, doc: u32) {
        if let Some(word) = self.0.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    pub(super) fn contains(&self, doc: u32) -> bool {
        self.0.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// How many they are, whether cleared or not: for planted leaks only.
    #[cfg(test)]
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

/// The fields that a word is looked for in: text, title and headings, people, names of linked notes.
pub(super) fn looked_in(fields: &Fields, field: WordField) -> [Option<Field>; 4] {
    match field {
        WordField::Any => [Some(fields.text), Some(fields.title), Some(fields.people), Some(fields.links)],
        WordField::Title => [None, Some(fields.title), None, None],
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
    let mut lists: [Vec<(u32, u16)>; 4] = Default::default();
    for (list, field) in lists.iter_mut().zip(looked_in(fields, field)) {
        if let Some(field) = field {
            read_postings(reader, field, token, &segment.cleared, list)?;
        }
    }
    let [text, title, people, links] = lists;
    if title.is_empty() && people.is_empty() && links.is_empty() {
        let only = text.into_iter().map(|(doc, count)| Match { doc, counts: [count, 0, 0, 0], share: 1.0 });
        return Ok(only.collect());
    }
    Ok(joined([&text, &title, &people, &links]))
}

fn read_postings(
    reader: &SegmentReader,
    field: Field,
    token: &str,
    cleared: &Cleared,
    out: &mut Vec<(u32, u16)>,
) -> Result<(), IndexError> {
    let inverted = reader.inverted_index(field)?;
    let term = tantivy::Term::from_field_text(field, token);
    let read = inverted.read_block_postings(&term, IndexRecordOption::WithFreqs);
    let Some(mut postings) = read.map_err(tantivy::TantivyError::from)? else { return Ok(()) };
    while !postings.docs().is_empty() {
        for (at, doc) in postings.docs().iter().enumerate() {
            if cleared.contains(*doc) {
                let count = u16::try_from(postings.freq(at)).unwrap_or(u16::MAX);
                out.push((*doc, count.max(1)));
            }
        }
        postings.advance();
    }
    Ok(())
}

/// Joins lists sorted by document into one.
fn joined(lists: [&[(u32, u16)]; 4]) -> Vec<Match> {
    let mut out: Vec<Match> = Vec::with_capacity(lists.iter().map(|list| list.len()).max().unwrap_or(0));
    let mut rest = lists.map(|list| list.iter().peekable());
    while let Some(doc) = rest.iter_mut().filter_map(|list| list.peek().map(|(doc, _)| *doc)).min() {
        let mut counts = [0; 4];
        for (count, list) in counts.iter_mut().zip(&mut rest) {
            if let Some((_, found)) = list.next_if(|(at, _)| *at == doc) {
                *count = *found;
            }
        }
        out.push(Match { doc, counts, share: 1.0 });
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
        let mut known = std::mem::take(list).into_iter().peekable();
        let mut related = related.into_iter().peekable();
        while let Some(doc) =
            [known.peek(), related.peek()].into_iter().flatten().map(|found| found.doc).min()
        {
            let own = known.next_if(|found| found.doc == doc);
            let other = related.next_if(|found| found.doc == doc).map(|found| {
                let [text, title, _, links] = found.counts.map(|count| count.min(1));
                Match { doc, counts: [text, title, 0, links], share }
            });
            let best = match (own, other) {
                (Some(own), Some(other)) if other.share > own.share => Some(other),
                (own, other) => own.or(other),
            };
            list.extend(best);
        }
    }
}
