//! What the note or conversation as a whole says to a query: its passages share what they are about.
//!
//! "What did Ana paint?" is answered by "I finished the sunset" in the conversation on her painting sooner than by a
//! line with the same words elsewhere. Like neighbours, the passages of a place are of one source with one audience, so
//! whoever may read one may read all that is counted here; the average is taken over places of what was found.

use super::near::score_at;
use super::{B_TITLE, Candidate, FIELD_WEIGHT, Scored, Segment, saturated};

/// How much of what its place as a whole scores is added to a passage.
///
/// # Source
/// Between 0.2 and 0.6 on conversations of LoCoMo, whose figures hardly move in between; 0 loses 0.02 of the turns among
/// the first five. A meeting of QMSum is one place, so that this orders nothing there.
const OF_THE_PLACE: f64 = 0.3;
/// Passages whose places are looked at, best first, and all that are as good as the last one.
const LOOKED_AT: usize = 400;
/// A place of more passages on either side of one is cut there: a mailbox in one note is no place.
const REACH: u32 = 1_000;

/// Passages side by side that are of one place; both ends are in it.
struct Stretch {
    segment: usize,
    first: u32,
    last: u32,
    words: u64,
}

/// Gives the best candidates what their places score. Candidates come in the order of segments and documents.
pub(super) fn add(segments: &[Segment], terms: &[Scored], candidates: &mut [Candidate]) {
    let mut scores: Vec<f64> = candidates.iter().map(|it| it.words + it.near).collect();
    let floor = score_at(&mut scores, LOOKED_AT);
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut of: Vec<(usize, usize)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        if candidate.words + candidate.near < floor {
            continue;
        }
        let number = candidate.segment as usize;
        let Some(segment) = segments.get(number) else { continue };
        let known = stretches.last().is_some_and(|known| {
            known.segment == number && (known.first..=known.last).contains(&candidate.doc)
        });
        if !known {
            stretches.push(stretch(number, segment, candidate.doc));
        }
        of.push((at, stretches.len() - 1));
    }
    let words: u64 = stretches.iter().map(|stretch| stretch.words).sum();
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let average = (words as f64 / stretches.len().max(1) as f64).max(1.0);
    let scores: Vec<f64> = stretches.iter().map(|stretch| score(stretch, terms, average)).collect();
    for (at, place) in of {
        if let (Some(candidate), Some(score)) = (candidates.get_mut(at), scores.get(place)) {
            candidate.place = OF_THE_PLACE * score;
        }
    }
}

/// All passages around `doc` that are of its place and may be looked at.
fn stretch(number: usize, segment: &Segment, doc: u32) -> Stretch {
    let place = segment.place(doc);
    let side = |step: fn(u32, u32) -> Option<u32>| {
        (1..=REACH)
            .map_while(move |by| step(doc, by))
            .take_while(move |other| segment.is_of_place(place, *other))
    };
    let words = |doc: u32| u64::from(segment.text_words(doc));
    let (mut first, mut last, mut sum) = (doc, doc, words(doc));
    for other in side(u32::checked_sub) {
        first = other;
        sum += words(other);
    }
    for other in side(u32::checked_add) {
        last = other;
        sum += words(other);
    }
    Stretch { segment: number, first, last, words: sum }
}

/// The words of the query in a place, as if it were one passage with one title.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn score(stretch: &Stretch, terms: &[Scored], average: f64) -> f64 {
    let length = 1.0 - B_TITLE + B_TITLE * stretch.words as f64 / average;
    let [text_weight, title_weight, _, _] = FIELD_WEIGHT;
    let mut sum = 0.0;
    for term in terms {
        let Some(list) = term.matches.get(stretch.segment) else { continue };
        let from = list.partition_point(|found| found.doc < stretch.first);
        let inside = list.iter().skip(from).take_while(|found| found.doc <= stretch.last);
        let (mut text, mut title) = (0.0_f64, 0.0_f64);
        for found in inside {
            let [in_text, in_title, _, _] =
                found.counts.map(|count| f64::from(count) * f64::from(found.share));
            text += in_text;
            // Every passage repeats the title of its note.
            title = title.max(in_title);
        }
        sum += term.factor * saturated((text_weight * text + title_weight * title) / length);
    }
    sum
}
