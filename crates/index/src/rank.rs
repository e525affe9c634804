//! The order of passages for a query, computed from cleared passages alone.
//!
//! tantivy supplies postings, field lengths, stored rows and deletes. Everything that is counted or
//! compared (passages, word frequencies, average lengths, the newest date, ties, the cut after the
//! best few) is counted here, over the passages that pass the gate and the filters, in an order that
//! depends on nothing else. So no change to a passage that does not pass can change a bit of a result.
//!
//! # Source
//! BM25 with k1 = 1.2, b = 0.75 and weighted fields before saturation (BM25F): Robertson, Zaragoza,
//! Taylor (CIKM 2004). SECURITY.md section 2.3: score over the cleared set only.

use std::collections::BTreeMap;

use postil_evidence::Passage;
use serde::{Deserialize, Serialize};
use tantivy::SegmentReader;
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;

use crate::error::{IndexError, guarded};
use crate::passages::{DAY, Fields, ID, LINK, NAME, PLACE, Snapshot, day_number, row_of};
use crate::query::{Filters, Query, WordField};
use crate::rank::asked::terms_of;
use crate::rank::called::other_names;
use crate::rank::cleared::{Cleared, Gate};
use crate::rank::matches::Match;
use crate::rank::near::Words;
use crate::rank::work::Work;
use crate::words::words;

mod asked;
mod called;
mod cleared;
mod docs;
mod embedded;
mod find;
mod formed;
mod linked;
mod matches;
mod near;
#[cfg(test)]
mod noninterference;
mod place;
mod shared;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use cleared::Asker;

const K1: f64 = 1.2;
/// How much the length of a title counts against it, as published.
const B_TITLE: f64 = 0.75;
/// How much the length of a text counts against it. Passages are cut to a like size already, and a turn of a few words
/// tells little: less than the published 0.75 ranks the turns of meetings better.
const B_TEXT: f64 = 0.1;
/// How much an occurrence counts in text, title and headings, people's addresses, and names of linked notes.
///
/// # Source
/// Titles count two to three times the text in BM25F as published; an address repeats on every mail
/// of a person and a link in the properties on every line of a note, so they count little.
const FIELD_WEIGHT: [f64; 4] = [1.0, 2.0, 0.4, 0.4];
/// The most that recency adds. It orders passages that say the same; a rare word adds ten times that.
const RECENCY: f64 = 0.2;
/// Age in days at which recency has halved.
const RECENCY_HALF: f64 = 180.0;
/// What a passage of an asked day adds, as a share of what all words of the query together weigh.
///
/// # Source
/// Set on the questions of LoCoMo that name a day or a month, 66 of 582.
const ASKED_DAY: f64 = 0.6;
/// Days after the asked ones in which a third of that is left: what happened is written down later.
const FADES_AFTER: f64 = 14.0;
/// The same for the days before: what is planned is written down earlier.
const FADES_BEFORE: f64 = 3.0;
/// How many passages of one note or message the owner's search shows before those of other places.
const OF_ONE_PLACE: usize = 2;
/// Among how many of the best passages other places are looked for, in times of what is shown.
const SPREAD_AMONG: usize = 5;
/// How many passages are read at most to find a phrase.
const PHRASE_READS: usize = 5_000;

/// One part of a score and what it is for: a word, `title: word`, `people: word`, `links: word`, or `recent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScorePart {
    /// What the part is for.
    pub what: String,
    /// How much it adds.
    pub score: f64,
}

/// A passage with its score.
#[derive(Debug)]
pub(crate) struct Ranked {
    pub(crate) passage: Passage,
    pub(crate) score: f64,
    pub(crate) reasons: Vec<ScorePart>,
}

/// A planted fault. Only tests plant one; the property test must notice each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leak {
    None,
    /// Word frequencies count all passages.
    #[cfg(test)]
    Frequency,
    /// The number of passages counts all.
    #[cfg(test)]
    Count,
    /// Average lengths are those of all passages.
    #[cfg(test)]
    Average,
    /// Ties keep the order of storage.
    #[cfg(test)]
    Ties,
    /// The best few are taken before clearing.
    #[cfg(test)]
    CutFirst,
    /// Recency is measured from the newest of all passages.
    #[cfg(test)]
    Newest,
    /// A word is called common by its frequency in all passages.
    #[cfg(test)]
    Common,
    /// Whatever stands next to a passage is between it and its neighbours.
    #[cfg(test)]
    Neighbours,
    /// Whatever stands next to a passage belongs to its place.
    #[cfg(test)]
    Place,
    /// A related word stands in only for a word that no passage at all has.
    #[cfg(test)]
    Related,
    /// Another name stands in only for a word that no passage at all has.
    #[cfg(test)]
    OtherName,
    /// What any passage of a note links to is linked with all of them.
    #[cfg(test)]
    Links,
    /// How many share a reader is counted over all passages.
    #[cfg(test)]
    Shared,
    /// Another form stands in only for a word that no passage at all has.
    #[cfg(test)]
    Form,
    /// What is not cleared takes places among the passages that an embedding model is asked about.
    #[cfg(test)]
    Looked,
}

/// A word of a query and how much it tells among the passages that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct WordRarity {
    /// The word as the index has it.
    pub word: String,
    /// Its inverse document frequency; `None` where no such passage has it.
    pub rarity: Option<f64>,
}

/// How many of the best passages are wanted, and how they are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Take {
    /// The best so many, in the order of their scores.
    Best(usize),
    /// So many, those of a note or message beyond its first [`OF_ONE_PLACE`] behind those of other places.
    Spread(usize),
}

/// Ranks the passages that `asker` may read and `filters` let through, best first, as many as `take` says; and
/// tells how much each word of the query says among them.
pub(crate) fn rank(
    snapshot: &Snapshot,
    query: &Query,
    filters: &Filters,
    asker: Asker<'_>,
    take: Take,
    leak: Leak,
) -> Result<(Vec<Ranked>, Vec<WordRarity>), IndexError> {
    guarded(|| {
        let mut ranking = Ranking::new(snapshot, query, filters, asker, leak)?;
        let rarities = std::mem::take(&mut ranking.rarities);
        Ok((ranking.best(take)?, rarities))
    })
}

struct Scored {
    shown: String,
    /// Weight times inverse document frequency.
    factor: f64,
    /// For each segment, sorted by document.
    matches: Vec<Vec<Match>>,
    token: String,
    field: WordField,
}

#[derive(Clone, Copy, Debug, Default)]
struct Candidate {
    /// The sum of the parts.
    score: f64,
    /// What its own words give.
    words: f64,
    /// What its neighbours pass on.
    near: f64,
    /// What the note or conversation it stands in gives.
    place: f64,
    /// What the passages it is linked with pass on.
    linked: f64,
    /// What sharing a reader or their organisation gives.
    shared: f64,
    /// What being of a day that is asked about gives.
    dated: f64,
    /// What an embedding model gives.
    meaning: f64,
    /// The start of the passage's id; 0 until it is needed.
    id: u64,
    day: Option<i64>,
    segment: u32,
    doc: u32,
}

impl Candidate {
    fn at(segment: u32, doc: u32) -> Self {
        Self { segment, doc, ..Self::default() }
    }
}

struct Ranking<'s> {
    snapshot: &'s Snapshot,
    segments: Vec<Segment>,
    /// In the order of token and field, whatever the order of the query was.
    terms: Vec<Scored>,
    /// Token runs that every hit must have.
    phrases: Vec<Vec<String>>,
    /// Every word of the query, in the order of the words.
    rarities: Vec<WordRarity>,
    /// First and last day of what is asked about, as numbers.
    days: Vec<(i64, i64)>,
    /// Newest day among the candidates.
    newest: Option<i64>,
    /// The query as it was written.
    asked: &'s str,
    asker: Asker<'s>,
    work: Work,
    #[cfg(test)]
    leak: Leak,
}

/// What scoring needs of one segment.
struct Segment {
    cleared: Cleared,
    text_norms: FieldNormReader,
    title_norms: FieldNormReader,
    days: Option<Column<i64>>,
    ids: Column<u64>,
    places: Column<u64>,
    names: Column<u64>,
    links: Column<u64>,
    /// For each length code, what an occurrence counts: `1 / (1 - b + b * length / average)`.
    text_factor: Vec<f64>,
    title_factor: Vec<f64>,
    /// Planted: [`Leak::Neighbours`].
    #[cfg(test)]
    any_neighbour: bool,
    /// Planted: [`Leak::Place`].
    #[cfg(test)]
    any_place: bool,
    /// Planted: [`Leak::Links`].
    #[cfg(test)]
    any_link: bool,
}

impl<'s> Ranking<'s> {
    fn new(
        snapshot: &'s Snapshot,
        query: &'s Query,
        filters: &Filters,
        asker: Asker<'s>,
        leak: Leak,
    ) -> Result<Self, IndexError> {
        #[cfg(test)]
        let at_the_gate = if leak == Leak::CutFirst { Asker::Owner } else { asker };
        #[cfg(not(test))]
        let (at_the_gate, Leak::None) = (asker, leak);
        let (words, phrases) = terms_of(query);
        let mut ranking = Self {
            snapshot,
            segments: Vec::new(),
            terms: Vec::new(),
            phrases,
            rarities: Vec::new(),
            days: query.days.iter().map(|days| (day_number(days.first), day_number(days.last))).collect(),
            newest: None,
            asked: &query.asked,
            asker,
            work: Work::over(snapshot.searcher.num_docs()),
            #[cfg(test)]
            leak,
        };
        if words.is_empty() {
            return Ok(ranking);
        }
        let gate = Gate { asker: at_the_gate, filters };
        ranking.open_segments(&gate)?;
        ranking.find(words, &other_names(query))?;
        Ok(ranking)
    }

    /// Clears every segment, then computes the averages over all of them.
    fn open_segments(&mut self, gate: &Gate<'_>) -> Result<(), IndexError> {
        let fields = self.snapshot.fields;
        let (mut count, mut text, mut title) = (0_u64, 0_u64, 0_u64);
        let readers: Vec<_> = self.snapshot.searcher.segment_readers().iter().collect();
        self.segments = self.work.each(readers, |reader| Segment::open(reader, &fields, gate))?;
        #[cfg(test)]
        for segment in &mut self.segments {
            segment.any_neighbour = self.leak == Leak::Neighbours;
            segment.any_place = self.leak == Leak::Place;
            segment.any_link = self.leak == Leak::Links;
            if self.leak == Leak::Average {
                segment.cleared.measure_all(&segment.text_norms, &segment.title_norms);
            }
        }
        for segment in &self.segments {
            count += segment.cleared.measured;
            text += segment.cleared.text_words;
            title += segment.cleared.title_words;
        }
        for segment in &mut self.segments {
            segment.text_factor = length_factors(B_TEXT, text, count);
            segment.title_factor = length_factors(B_TITLE, title, count);
        }
        Ok(())
    }

    /// What all words of the query together weigh.
    fn asked_weight(&self) -> f64 {
        self.terms.iter().map(|term| term.factor).sum()
    }

    /// The passages worth a look with the parts of their scores, each summed in the order of the terms.
    fn candidates(&mut self) -> Result<Vec<Candidate>, IndexError> {
        let numbered: Vec<_> = self.segments.iter().enumerate().collect();
        let words = self.work.each(numbered, |(number, segment)| Ok(self.words(number, segment)))?;
        let mut out = near::gather(&self.segments, &words, self.work)?;
        place::add(&self.segments, &self.terms, &mut out);
        linked::add(&self.segments, &mut out);
        let asked = self.asked_weight();
        shared::add(self, asked, &mut out)?;
        for candidate in &mut out {
            let segment = self.segments.get(candidate.segment as usize);
            candidate.day = segment.and_then(|segment| segment.day(candidate.doc));
            candidate.dated = asked * ASKED_DAY * of_asked_days(&self.days, candidate.day);
        }
        self.newest = out.iter().filter_map(|candidate| candidate.day).max();
        #[cfg(test)]
        if self.leak == Leak::Newest {
            let all = self.segments.iter().filter_map(|segment| Some(segment.days.as_ref()?.max_value()));
            self.newest = all.max().or(self.newest);
        }
        for candidate in &mut out {
            candidate.score = candidate.words
                + candidate.near
                + candidate.place
                + candidate.linked
                + candidate.shared
                + candidate.dated
                + recency(self.newest, candidate.day);
        }
        Ok(out)
    }

    /// What the words give the passages of a segment, summed in the order of the terms.
    fn words<'a>(&'a self, number: usize, segment: &Segment) -> Words {
        let matches = |term: &'a Scored| term.matches.get(number).map_or(&[][..], Vec::as_slice);
        let mut lists: Vec<_> = self.terms.iter().map(|term| (term.factor, matches(term))).collect();
        let longest = lists.iter().map(|(_, list)| list.len()).max().unwrap_or_default();
        let mut scores = Vec::with_capacity(longest);
        // Each list is only ever moved forward, and the next document is the lowest that any begins with.
        while let Some(doc) = lists.iter().filter_map(|(_, list)| Some(list.first()?.doc)).min() {
            let mut score = 0.0;
            for (factor, list) in &mut lists {
                if let Some((found, rest)) = list.split_first().filter(|(found, _)| found.doc == doc) {
                    score += *factor * saturated(segment.occurrences(found).iter().sum());
                    *list = rest;
                }
            }
            scores.push((doc, score));
        }
        if !self.phrases.is_empty() {
            scores.retain(|(doc, _)| self.has_every_phrase_word(number, *doc));
        }
        Words(scores)
    }

    fn has_every_phrase_word(&self, segment: usize, doc: u32) -> bool {
        let has =
            |token| self.terms.iter().any(|term| term.token == token && term.find(segment, doc).is_some());
        self.phrases.iter().flatten().all(|token| has(token.as_str()))
    }

    fn best(mut self, take: Take) -> Result<Vec<Ranked>, IndexError> {
        let (Take::Best(limit) | Take::Spread(limit)) = take;
        if limit == 0 || self.terms.is_empty() {
            return Ok(Vec::new());
        }
        let mut candidates = self.candidates()?;
        embedded::add(&self, &mut candidates)?;
        let wanted = match take {
            // A phrase is looked for in stored text, best first, so then all must be in order.
            _ if !self.phrases.is_empty() => PHRASE_READS,
            Take::Best(limit) => limit,
            Take::Spread(limit) => limit.saturating_mul(SPREAD_AMONG),
        };
        self.keep_best(&mut candidates, wanted);
        if let Take::Spread(_) = take {
            candidates = self.spread(candidates);
            if self.phrases.is_empty() {
                candidates.truncate(limit);
            }
        }
        let mut hits = Vec::new();
        for candidate in &candidates {
            if !self.phrases.is_empty() && hits.len() >= limit {
                break;
            }
            let passage = self.snapshot.passage(candidate.segment, candidate.doc)?;
            #[cfg(test)]
            if self.leak == Leak::CutFirst
                && matches!(self.asker, Asker::Recipients(to) if !to.permits(&passage.label.audience))
            {
                continue;
            }
            if self.phrases.iter().all(|phrase| stands_in(phrase, &passage)) {
                let reasons = self.reasons(candidate);
                hits.push(Ranked { passage, score: candidate.score, reasons });
            }
        }
        #[cfg(test)]
        if self.leak == Leak::Ties {
            return Ok(hits);
        }
        if let Take::Best(_) = take {
            settle_ties(&mut hits)?;
        }
        hits.truncate(limit);
        Ok(hits)
    }

    /// The candidates in their order, but those of a place beyond its first few behind all others. Places are told apart
    /// before a stored passage is read: reading is what takes time.
    fn spread(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let mut of_place: BTreeMap<u64, usize> = BTreeMap::new();
        let (mut first, mut later) = (Vec::new(), Vec::new());
        for candidate in candidates {
            let segment = self.segments.get(candidate.segment as usize);
            let seen = of_place.entry(segment.and_then(|it| it.place(candidate.doc)).unwrap_or_default());
            let seen = seen.and_modify(|seen| *seen += 1).or_insert(1);
            if *seen <= OF_ONE_PLACE { first.push(candidate) } else { later.push(candidate) }
        }
        first.append(&mut later);
        first
    }

    /// Keeps the best `wanted` by score, then by the start of the id; where several share both with
    /// the last one, all of them stay, for the whole id to decide.
    fn keep_best(&self, candidates: &mut Vec<Candidate>, wanted: usize) {
        if candidates.len() > wanted {
            let (_, last, _) =
                candidates.select_nth_unstable_by(wanted - 1, |a, b| b.score.total_cmp(&a.score));
            let threshold = last.score;
            candidates.retain(|candidate| candidate.score >= threshold);
        }
        for candidate in candidates.iter_mut() {
            let ids = self.segments.get(candidate.segment as usize).map(|segment| &segment.ids);
            candidate.id = ids.and_then(|ids| ids.first(candidate.doc)).unwrap_or_default();
        }
        #[cfg(test)]
        if self.leak == Leak::Ties {
            candidates.sort_by(|a, b| {
                b.score.total_cmp(&a.score).then(a.segment.cmp(&b.segment)).then(a.doc.cmp(&b.doc))
            });
            candidates.truncate(wanted);
            return;
        }
        candidates.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        if let Some(last) = wanted.checked_sub(1).and_then(|at| candidates.get(at)).copied() {
            let same = |other: &Candidate| other.score.total_cmp(&last.score).is_eq() && other.id == last.id;
            let end = wanted + candidates.iter().skip(wanted).take_while(|other| same(other)).count();
            candidates.truncate(end);
        }
    }

    /// The parts of a candidate's score, in the order of the terms, recency last.
    fn reasons(&self, candidate: &Candidate) -> Vec<ScorePart> {
        let mut reasons = Vec::new();
        let Some(segment) = self.segments.get(candidate.segment as usize) else { return reasons };
        for term in &self.terms {
            let Some(found) = term.find(candidate.segment as usize, candidate.doc) else { continue };
            let parts = segment.occurrences(found);
            let sum: f64 = parts.iter().sum();
            let score = term.factor * saturated(sum);
            for (part, place) in parts.iter().zip(["", "title: ", "people: ", "links: "]) {
                if *part > 0.0 {
                    reasons.push(ScorePart {
                        what: format!(
                            "{}{place}{}",
                            if found.share < 1.0 { "like " } else { "" },
                            term.shown
                        ),
                        score: score * part / sum,
                    });
                }
            }
        }
        let recent = recency(self.newest, candidate.day);
        for (what, score) in [
            ("near", candidate.near),
            ("place", candidate.place),
            ("linked", candidate.linked),
            ("shared", candidate.shared),
            ("date", candidate.dated),
            ("meaning", candidate.meaning),
            ("recent", recent),
        ] {
            if score > 0.0 {
                reasons.push(ScorePart { what: what.to_owned(), score });
            }
        }
        reasons
    }
}

impl Scored {
    fn find(&self, segment: usize, doc: u32) -> Option<&Match> {
        let list = self.matches.get(segment)?;
        list.get(list.binary_search_by_key(&doc, |found| found.doc).ok()?)
    }
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields, gate: &Gate<'_>) -> Result<Self, IndexError> {
        let norms = |field: Field| -> Result<FieldNormReader, IndexError> {
            let found = reader.fieldnorms_readers().get_field(field)?;
            Ok(found.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 0)))
        };
        let (text_norms, title_norms) = (norms(fields.text)?, norms(fields.title)?);
        let days = reader.fast_fields().column_opt::<i64>(DAY)?;
        let ids = reader.fast_fields().u64(ID)?;
        let places = reader.fast_fields().u64(PLACE)?;
        let absent = || Column::build_empty_column(reader.max_doc());
        let names = reader.fast_fields().column_opt::<u64>(NAME)?.unwrap_or_else(absent);
        let links = reader.fast_fields().column_opt::<u64>(LINK)?.unwrap_or_else(absent);
        let mut cleared = Cleared::of(reader, fields, gate, days.as_ref())?;
        cleared.measure(&text_norms, &title_norms);
        Ok(Self {
            cleared,
            text_norms,
            title_norms,
            days,
            ids,
            places,
            names,
            links,
            text_factor: Vec::new(),
            title_factor: Vec::new(),
            #[cfg(test)]
            any_neighbour: false,
            #[cfg(test)]
            any_place: false,
            #[cfg(test)]
            any_link: false,
        })
    }

    fn day(&self, doc: u32) -> Option<i64> {
        self.days.as_ref()?.first(doc)
    }

    /// What passages of one source and one audience share; `None` behind the last document.
    fn place(&self, doc: u32) -> Option<u64> {
        #[cfg(test)]
        if self.any_neighbour {
            return Some(0);
        }
        if (doc as usize) < self.cleared.len() { self.places.first(doc) } else { None }
    }

    /// What stands for the name of a passage's note; messages have none.
    fn name(&self, doc: u32) -> Option<u64> {
        self.names.first(doc)
    }

    /// What stands for the names of the notes that a passage links to.
    fn links(&self, doc: u32) -> Vec<u64> {
        #[cfg(test)]
        if let (true, Some(own)) = (self.any_link, self.name(doc)) {
            let of_note = (0..self.names.num_docs()).filter(|other| self.name(*other) == Some(own));
            return of_note.flat_map(|other| self.links.values_for_doc(other)).collect();
        }
        self.links.values_for_doc(doc).collect()
    }

    /// Whether a neighbour may be looked at.
    fn is_open(&self, doc: u32) -> bool {
        #[cfg(test)]
        if self.any_neighbour {
            return (doc as usize) < self.cleared.len();
        }
        self.cleared.contains(doc)
    }

    /// Whether `other` is of the place of a passage.
    fn is_of_place(&self, place: Option<u64>, other: u32) -> bool {
        #[cfg(test)]
        if self.any_place {
            return (other as usize) < self.cleared.len();
        }
        place.is_some() && self.place(other) == place && self.is_open(other)
    }

    fn text_words(&self, doc: u32) -> u32 {
        self.text_norms.fieldnorm(doc)
    }

    /// The weighted, length-corrected occurrences in each field.
    fn occurrences(&self, found: &Match) -> [f64; 4] {
        let [text, title, people, links] = found.counts.map(f64::from);
        let factor = |factors: &[f64], norms: &FieldNormReader| {
            factors.get(usize::from(norms.fieldnorm_id(found.doc))).copied().unwrap_or(1.0)
        };
        let [text_weight, title_weight, people_weight, links_weight] = FIELD_WEIGHT;
        [
            if text > 0.0 { text_weight * text * factor(&self.text_factor, &self.text_norms) } else { 0.0 },
            if title > 0.0 {
                title_weight * title * factor(&self.title_factor, &self.title_norms)
            } else {
                0.0
            },
            people_weight * people,
            links_weight * links,
        ]
        .map(|part| part * f64::from(found.share))
    }
}

/// What an occurrence counts for each of the 256 length codes. `words` over `passages` is exact:
/// both are sums of integers, in whatever order they were added.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn length_factors(b: f64, words: u64, passages: u64) -> Vec<f64> {
    let average = if words == 0 || passages == 0 { 1.0 } else { words as f64 / passages as f64 };
    (0..=u8::MAX)
        .map(|code| 1.0 / (1.0 - b + b * f64::from(FieldNormReader::id_to_fieldnorm(code)) / average))
        .collect()
}

/// The inverse document frequency of BM25 that is never negative.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn inverse_frequency(passages: u64, frequency: u64) -> f64 {
    let (passages, frequency) = (passages as f64, frequency as f64);
    (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln()
}

fn saturated(occurrences: f64) -> f64 {
    occurrences * (K1 + 1.0) / (K1 + occurrences)
}

/// How close a passage of `day` is to the days that are asked about: 1 inside, less outside, 0 where none are.
#[expect(clippy::cast_precision_loss, reason = "days are far below 2^52")]
fn of_asked_days(asked: &[(i64, i64)], day: Option<i64>) -> f64 {
    let Some(day) = day else { return 0.0 };
    let closeness = |(first, last): &(i64, i64)| {
        let (before, after) = (first.saturating_sub(day).max(0), day.saturating_sub(*last).max(0));
        (-(before as f64) / FADES_BEFORE - after as f64 / FADES_AFTER).exp()
    };
    asked.iter().map(closeness).fold(0.0, f64::max)
}

#[expect(clippy::cast_precision_loss, reason = "days are far below 2^52")]
fn recency(newest: Option<i64>, day: Option<i64>) -> f64 {
    match (newest, day) {
        (Some(newest), Some(day)) => {
            RECENCY * RECENCY_HALF / (RECENCY_HALF + newest.saturating_sub(day).max(0) as f64)
        }
        (None | Some(_), None) | (None, Some(_)) => 0.0,
    }
}

/// Whether the tokens stand next to each other in the text, the title or one heading.
fn stands_in(phrase: &[String], passage: &Passage) -> bool {
    let places = std::iter::once(&passage.text).chain([&passage.title]).chain(&passage.headings);
    let mut places = places.map(|place| words(place));
    places.any(|tokens| tokens.windows(phrase.len()).any(|run| run == phrase))
        || (phrase.len() == 1
            && passage
                .people
                .iter()
                .any(|addr| phrase.iter().all(|token| words(addr.as_str()).contains(token))))
}

/// Orders by score, then by the whole id, then (for passages that differ in nothing the id covers)
/// by everything that is stored.
fn settle_ties(hits: &mut [Ranked]) -> Result<(), IndexError> {
    let equal = |a: &Ranked, b: &Ranked| a.score.total_cmp(&b.score).is_eq();
    if hits.windows(2).all(|pair| !matches!(pair, [a, b] if equal(a, b))) {
        return Ok(());
    }
    for hit in hits.iter() {
        row_of(&hit.passage)?;
    }
    hits.sort_by_cached_key(|hit| {
        // Scores are positive, so the bits of the negated order sort them from the best.
        (u64::MAX - hit.score.to_bits(), hit.passage.id(), row_of(&hit.passage).unwrap_or_default())
    });
    Ok(())
}
