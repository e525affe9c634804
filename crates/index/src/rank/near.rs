//! What stands next to a passage: in a conversation the answer often lacks the words of the question before it.
//!
//! Neighbours are passages of one source with one audience, so whoever may read a passage may read what it takes
//! from here; a passage between them that they may not read is not there at all. The writer puts them side by side.

use super::{Candidate, Segment};

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

/// What the words of the query give each passage of a segment.
pub(super) struct Words {
    pub(super) scores: Scores,
    /// The documents that have a score, once each.
    pub(super) touched: Vec<u32>,
}

/// A score by document; 0 for one that was given none.
///
/// Room is taken only around documents that have one: in a large segment most have none, and memory that is
/// merely touched once is what a search from the shell pays for.
pub(super) struct Scores {
    /// By document / [`Self::ROOM`]: the place of its room, counted from 1, or 0.
    places: Vec<u32>,
    rooms: Vec<[f64; Self::ROOM]>,
}

impl Scores {
    const ROOM: usize = 8;

    /// For so many documents, at most `given` of which get a score. Room is set aside at once, so that nothing
    /// that was written is moved later.
    pub(super) fn of_documents(documents: usize, given: usize) -> Self {
        let places = documents.div_ceil(Self::ROOM);
        Self { places: vec![0; places], rooms: Vec::with_capacity(given.min(places)) }
    }

    /// The score of a document, to be changed.
    pub(super) fn of_mut(&mut self, doc: u32) -> Option<&mut f64> {
        let (at, within) = Self::at(doc);
        let place = self.places.get_mut(at)?;
        if *place == 0 {
            self.rooms.push([0.0; Self::ROOM]);
            *place = u32::try_from(self.rooms.len()).ok()?;
        }
        self.rooms.get_mut(*place as usize - 1)?.get_mut(within)
    }

    pub(super) fn of(&self, doc: u32) -> f64 {
        let (at, within) = Self::at(doc);
        let room = self.places.get(at).and_then(|place| self.rooms.get((*place as usize).checked_sub(1)?));
        room.and_then(|room| room.get(within)).copied().unwrap_or(0.0)
    }

    fn at(doc: u32) -> (usize, usize) {
        (doc as usize / Self::ROOM, doc as usize % Self::ROOM)
    }
}

/// The passages to look at further, with what their neighbours pass on to them. Segments in order, documents in order.
pub(super) fn gather(segments: &[Segment], words: &[Words]) -> Vec<Candidate> {
    let [floor, with_neighbours] = floors(words);
    let mut out = Vec::new();
    for ((number, segment), words) in (0..).zip(segments).zip(words) {
        let score = |doc: u32| words.scores.of(doc);
        let mut docs = Vec::new();
        for doc in &words.touched {
            if score(*doc) >= floor {
                docs.push(*doc);
            }
            if score(*doc) >= with_neighbours {
                docs.extend(neighbours(segment, *doc).map(|(doc, _)| doc));
            }
        }
        docs.sort_unstable();
        docs.dedup();
        for doc in docs {
            let near = neighbours(segment, doc).map(|(other, share)| share * score(other)).sum();
            out.push(Candidate { words: score(doc), near, ..Candidate::at(number, doc) });
        }
    }
    out
}

/// The scores of the last passage that is looked at and of the last one whose neighbours are; 0 where there are fewer.
fn floors(words: &[Words]) -> [f64; 2] {
    let mut scores: Vec<f64> = Vec::with_capacity(words.iter().map(|words| words.touched.len()).sum());
    for words in words {
        scores.extend(words.touched.iter().map(|doc| words.scores.of(*doc)));
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
