//! What links lead to: a passage rises with one that answers better and stands in a note that it links to, or that links to its own.
//!
//! A link counts by the name that is written, as Obsidian resolves it nearly always; notes of one name count alike. Only
//! links written in cleared passages are known here, and only cleared passages gain.

use std::collections::HashMap;

use super::near::score_at;
use super::{Candidate, Segment};

/// How much of the best score among linked passages is added to one.
const PASSED_ON: f64 = 0.1;
/// Passages whose links are followed, best first, and all that are as good as the last one.
const FOLLOWED: usize = 20;

/// Gives the candidates what the best of those they are linked with pass on.
pub(super) fn add(segments: &[Segment], candidates: &mut [Candidate]) {
    let mut scores: Vec<f64> = candidates.iter().map(base).collect();
    let floor = score_at(&mut scores, FOLLOWED);
    // The best passage of each note, and the best that links to it.
    let (mut of_note, mut linking): (HashMap<u64, f64>, HashMap<u64, f64>) = Default::default();
    let raise = |best: &mut HashMap<u64, f64>, name: u64, score: f64| {
        best.entry(name).and_modify(|known| *known = known.max(score)).or_insert(score);
    };
    for candidate in candidates.iter().filter(|candidate| base(candidate) >= floor) {
        let Some(segment) = segments.get(candidate.segment as usize) else { continue };
        let own = segment.name(candidate.doc);
        if let Some(own) = own {
            raise(&mut of_note, own, base(candidate));
        }
        for name in segment.links(candidate.doc).into_iter().filter(|name| Some(*name) != own) {
            raise(&mut linking, name, base(candidate));
        }
    }
    if of_note.is_empty() && linking.is_empty() {
        return;
    }
    for candidate in candidates {
        let Some(segment) = segments.get(candidate.segment as usize) else { continue };
        let own = segment.name(candidate.doc);
        let to_it = own.and_then(|own| linking.get(&own));
        let from_it = segment.links(candidate.doc).into_iter().filter(|name| Some(*name) != own);
        let best = from_it.filter_map(|name| of_note.get(&name)).chain(to_it).copied().fold(0.0, f64::max);
        candidate.linked = PASSED_ON * best;
    }
}

fn base(candidate: &Candidate) -> f64 {
    candidate.words + candidate.near + candidate.place
}
