//! What stands next to a passage: in a conversation the answer often lacks the words of the question before it.
//!
//! Neighbours are passages of one source with one audience, so whoever may read a passage may read what it takes
//! from here; a passage between them that they may not read is not there at all. The writer puts them side by side.

use super::work::Work;
use super::{Candidate, Segment};
use crate::error::IndexError;

/// How much of its score a passage passes on to one that begins where it ends.
///
/// # Source
/// Set on meetings of QMSum and kept where conversations of two agreed; between 0.2 and 0.4 the figures hardly move.
const PASSED_ON: f64 = 0.25;
/// The words between two passages after which a third of that is left. A long turn is further away than a short one.
///
/// # Source
/// As for [`PASSED_ON`]; 80 to 200 do alike.
const FADES_IN: f64 = 160.0;
/// Neighbours looked at on either side.
const REACH: u32 = 8;
/// Passages looked at further, best first by their own words, and all that are as good as the last one.
const LOOKED_AT: usize = 2_000;
/// Of these, passages whose neighbours are looked at although they have none of the words.
const WITH_NEIGHBOURS: usize = 200;

/// What the words of the query give the passages of a segment that have any, in the order of the documents.
pub(super) struct Words(pub(super) Vec<(u32, f64)>);

impl Words {
    /// What a document near the one at `place` got: in the order of the documents it is at most [`REACH`] further.
    fn near(&self, place: usize, doc: u32) -> f64 {
        let reach = REACH as usize;
        let around = self.0.get(place.saturating_sub(reach)..self.0.len().min(place + reach + 1));
        let around = around.unwrap_or_default();
        let found = around.binary_search_by_key(&doc, |(doc, _)| *doc).ok().and_then(|at| around.get(at));
        found.map_or(0.0, |(_, score)| *score)
    }

    /// The place of a document, or of the next one that has a score.
    fn place(&self, doc: u32) -> usize {
        self.0.partition_point(|(other, _)| *other < doc)
    }
}

/// The passages to look at further, with what their neighbours pass on to them. Segments in order, documents in order.
pub(super) fn gather(
    segments: &[Segment],
    words: &[Words],
    work: Work,
) -> Result<Vec<Candidate>, IndexError> {
    let floors = floors(words);
    let numbered = (0..).zip(segments.iter().zip(words)).collect();
    let gathered =
        work.each(numbered, |(number, (segment, words))| Ok(gather_in(number, segment, words, floors)))?;
    Ok(gathered.concat())
}

fn gather_in(
    number: u32,
    segment: &Segment,
    words: &Words,
    [floor, with_neighbours]: [f64; 2],
) -> Vec<Candidate> {
    let mut docs = Vec::new();
    for (doc, score) in &words.0 {
        if *score >= floor {
            docs.push(*doc);
        }
        if *score >= with_neighbours {
            docs.extend(neighbours(segment, *doc).map(|(doc, _)| doc));
        }
    }
    docs.sort_unstable();
    docs.dedup();
    let of = |doc: u32| {
        let place = words.place(doc);
        let near = neighbours(segment, doc).map(|(other, share)| share * words.near(place, other)).sum();
        Candidate { words: words.near(place, doc), near, ..Candidate::at(number, doc) }
    };
    docs.into_iter().map(of).collect()
}

/// The scores of the last passage that is looked at and of the last one whose neighbours are; 0 where there are fewer.
fn floors(words: &[Words]) -> [f64; 2] {
    let mut scores: Vec<f64> = Vec::with_capacity(words.iter().map(|words| words.0.len()).sum());
    for words in words {
        scores.extend(words.0.iter().map(|(_, score)| *score));
    }
    [LOOKED_AT, WITH_NEIGHBOURS].map(|place| {
        let last = score_at(&mut scores, place);
        // The second place is among the first ones.
        scores.truncate(place + 1);
        last
    })
}

/// The score at a place, the best at 0, of scores in any order; 0 where there are fewer. Those up to it come to stand first.
pub(super) fn score_at(scores: &mut [f64], place: usize) -> f64 {
    if scores.len() <= place {
        return 0.0;
    }
    let (_, last, _) = scores.select_nth_unstable_by(place, |a, b| b.total_cmp(a));
    *last
}

/// The neighbours of a passage, nearest first on each side, and the share of their score that they pass on.
pub(super) fn neighbours(segment: &Segment, doc: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
    let side = move |step: fn(u32, u32) -> Option<u32>| {
        let place = segment.place(doc);
        let half = f64::from(segment.text_words(doc)) / 2.0;
        (1..=REACH)
            .map_while(move |by| step(doc, by))
            .take_while(move |other| {
                place.is_some() && segment.place(*other) == place && segment.is_open(*other)
            })
            .scan(half, |between, other| {
                let half = f64::from(segment.text_words(other)) / 2.0;
                *between += half;
                let share = PASSED_ON * (-*between / FADES_IN).exp();
                *between += half;
                Some((other, share))
            })
    };
    side(u32::checked_sub).chain(side(u32::checked_add))
}
