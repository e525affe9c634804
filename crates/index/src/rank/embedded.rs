//! What an embedding model says of the best passages: how close each is to what is asked.
//!
//! Only passages that passed the gate and that words have ranked are looked at, and only their texts are handed on. The
//! part is a share of what all words of the query weigh, so that it means the same for a short query and a long one.

use std::collections::BTreeMap;

use postil_evidence::{Audience, Passage};

use super::{Asker, Candidate, Ranking};
use crate::embed::RunsOn;
use crate::error::IndexError;

/// How many of the best passages are looked at; in this crate's own tests few, so that the property test meets the cut.
const LOOKED_AT: usize = if cfg!(test) { 5 } else { 100 };
/// What the closest passage gets, as a share of what all words of the query weigh; the farthest gets nothing. What a
/// cosine means differs from model to model, which of two is larger does not.
///
/// # Source
/// all-MiniLM-L6-v2 on LoCoMo: 0.4 to 1.0 of this form, and 0.6 to 1.5 times the cosine itself, are within 0.006 of each
/// other in sessions; the smaller ones keep more turns among the first five.
const MEANING: f64 = 0.4;
/// Passages whose cosines lie closer together than this are as good as equal: a smaller difference counts for its part.
const LEAST_SPREAD: f64 = 0.1;
/// Bytes of a text that a model is shown. The small models read 256 to 512 tokens, and some servers refuse more.
const MOST_BYTES: usize = 1_000;

/// Gives the best candidates their part.
pub(super) fn add(ranking: &Ranking<'_>, candidates: &mut [Candidate]) -> Result<(), IndexError> {
    let Some(embeddings) = &ranking.snapshot.embeddings else { return Ok(()) };
    if ranking.asked.trim().is_empty() {
        return Ok(());
    }
    let mut best = candidates.to_vec();
    ranking.keep_best(&mut best, looked_at(ranking));
    let (mut places, mut texts) = (Vec::new(), Vec::new());
    for candidate in &best {
        let passage = ranking.snapshot.passage(candidate.segment, candidate.doc)?;
        if may_be_shown(ranking.asker, &passage, embeddings.runs_on()) {
            places.push((candidate.segment, candidate.doc));
            texts.push(shown(&passage));
        }
    }
    let asker = match ranking.asker {
        Asker::Owner => None,
        Asker::Recipients(to) => Some(to.fingerprint()),
    };
    let Some(close) = embeddings.closeness(asker, cut(ranking.asked), &texts) else { return Ok(()) };
    let asked = ranking.asked_weight();
    let low = close.iter().copied().fold(f64::INFINITY, f64::min);
    let high = close.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let spread = (high - low).max(LEAST_SPREAD);
    let parts: BTreeMap<(u32, u32), f64> = places.into_iter().zip(close).collect();
    for candidate in candidates {
        if let Some(close) = parts.get(&(candidate.segment, candidate.doc)) {
            candidate.meaning = MEANING * asked * (close - low) / spread;
            candidate.score += candidate.meaning;
        }
    }
    Ok(())
}

#[cfg(not(test))]
fn looked_at(_ranking: &Ranking<'_>) -> usize {
    LOOKED_AT
}

#[cfg(test)]
fn looked_at(ranking: &Ranking<'_>) -> usize {
    if ranking.leak == super::Leak::Looked {
        let uncleared =
            ranking.segments.iter().map(|it| it.cleared.alive_or_not - it.cleared.count).sum::<u64>();
        return LOOKED_AT.saturating_sub(usize::try_from(uncleared).unwrap_or(LOOKED_AT)).max(1);
    }
    LOOKED_AT
}

/// The stored label decides once more before a text is handed on, and private notes stay on this machine.
fn may_be_shown(asker: Asker<'_>, passage: &Passage, runs_on: RunsOn) -> bool {
    let audience = &passage.label.audience;
    let cleared = match asker {
        Asker::Owner => true,
        Asker::Recipients(to) => to.permits(audience),
    };
    cleared && (runs_on == RunsOn::ThisMachine || *audience != Audience::Private)
}

/// The text of a passage below its title and headings, without which many a line says little.
fn shown(passage: &Passage) -> String {
    let mut text = String::new();
    for line in std::iter::once(&passage.title).chain(&passage.headings).filter(|line| !line.is_empty()) {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&passage.text);
    cut(&text).to_owned()
}

/// At most [`MOST_BYTES`] of a text.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MOST_BYTES)).unwrap_or(text)
}
