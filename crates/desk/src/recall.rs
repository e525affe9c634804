//! From an ask to its evidence: the query, the recall over cleared passages, and the choice.
//!
//! A wrong line is worse than none: a passage is chosen only where it covers enough of what was
//! asked, by words that tell something. Everything here is a function of the ask and of cleared
//! passages, so what is not cleared cannot change the choice.

use std::collections::{BTreeMap, BTreeSet};

use postil_draft::Evidence;
use postil_evidence::text::fold_case;
use postil_evidence::{Passage, Recipients, Source, Trust};
use postil_index::{ClearedHit, Filters, Index, Query, Word, WordField};
use postil_understand::{Ask, AskKind};

use crate::error::DeskError;

/// Passages taken from the index for one ask before the choice.
const POOL: usize = 24;

/// Passages given to the brief for one ask, at most.
const CHOSEN: usize = 4;

/// The share of the ask's word weight that the best passage must cover.
const COVERAGE: f64 = 0.5;

/// A further passage must reach this share of the best one's rank.
const NEAR_BEST: f64 = 0.72;

/// The query of an ask: its keywords by weight, then the thread's topics with a lower one.
pub(crate) fn query(ask: &Ask, topics: &[String]) -> Query {
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    for (place, word) in ask.keywords.iter().enumerate() {
        let weight = 1.0 / (1.0 + 0.08 * place as f32);
        let slot = weights.entry(word.clone()).or_default();
        *slot = slot.max(weight);
    }
    for topic in topics.iter().take(2) {
        for word in topic.split_whitespace() {
            weights.entry(word.to_owned()).or_insert(0.25);
        }
    }
    let words =
        weights.into_iter().map(|(text, weight)| Word { text, weight, field: WordField::Any }).collect();
    Query { words }
}

/// The evidence for an ask, best first; empty where nothing is good enough.
///
/// # Errors
/// Where the index cannot be read.
pub(crate) fn evidence(
    index: &Index,
    ask: &Ask,
    topics: &[String],
    recipients: &Recipients,
    exclude: &[Source],
) -> Result<Vec<Evidence>, DeskError> {
    let filters = Filters { exclude: exclude.to_vec(), ..Filters::default() };
    let hits = index.recall(&query(ask, topics), &filters, recipients, POOL)?;
    Ok(choose(ask, hits))
}

/// Chooses among cleared hits.
fn choose(ask: &Ask, hits: Vec<ClearedHit>) -> Vec<Evidence> {
    let wanted = Wanted::of(ask);
    let mut ranked: Vec<(f64, ClearedHit)> = Vec::new();
    for hit in hits {
        let passage = hit.passage.get();
        // What a stranger claims in a mail is no evidence.
        let claimed = matches!(passage.source, Source::Mail(_)) && passage.label.trust == Trust::Unknown;
        if claimed || asks_rather_than_tells(&passage.text) {
            continue;
        }
        let coverage = wanted.coverage(passage);
        if coverage < COVERAGE || !wanted.has_the_kind_of_answer(passage) {
            continue;
        }
        ranked.push((coverage * hit.score.max(0.01).ln_1p(), hit));
    }
    ranked.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.1.passage.get().id().cmp(&b.1.passage.get().id()))
    });
    let best = ranked.first().map_or(0.0, |(rank, _)| *rank);
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut chosen = Vec::new();
    for (rank, hit) in ranked {
        if rank < best * NEAR_BEST || chosen.len() == CHOSEN {
            break;
        }
        if !said.insert(fold_case(&hit.passage.get().text)) {
            continue;
        }
        let reasons = hit.reasons.iter().map(|part| format!("{} {:.1}", part.what, part.score)).collect();
        chosen.push(Evidence { passage: hit.passage, score: rank, reasons });
    }
    chosen
}

/// Whether a passage is itself a question or an ask, which answers nothing.
fn asks_rather_than_tells(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', ')', ' ']);
    text.ends_with('?') || text.contains("? ")
}

/// What an answer to an ask must hold.
struct Wanted {
    /// Folded stems of the ask's keywords with their weights.
    words: Vec<(String, f64)>,
    kind: AnswerKind,
}

/// What sort of thing answers a question, told by its question words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AnswerKind {
    Number,
    Date,
    Anything,
}

impl Wanted {
    fn of(ask: &Ask) -> Self {
        let mut words: Vec<(String, f64)> = Vec::new();
        for (place, keyword) in ask.keywords.iter().enumerate() {
            for stem in postil_index::words(keyword) {
                if stem.len() > 1 && !words.iter().any(|(known, _)| *known == stem) {
                    words.push((stem, 1.0 / (1.0 + 0.08 * place as f64)));
                }
            }
        }
        Self { words, kind: answer_kind(ask) }
    }

    /// The share of the wanted weight that the passage, its title and its headings hold. Words of
    /// the passage itself count in full, those around it by half.
    fn coverage(&self, passage: &Passage) -> f64 {
        let inside = stems(&passage.text);
        let mut around = stems(&passage.title);
        around.extend(passage.headings.iter().flat_map(|heading| stems(heading)));
        if let Source::Note(path) = &passage.source {
            around.extend(stems(path.folder()));
        }
        let total: f64 = self.words.iter().map(|(_, weight)| weight).sum();
        let mut held = 0.0;
        let mut inside_words = 0;
        for (word, weight) in &self.words {
            if inside.contains(word) {
                held += weight;
                inside_words += 1;
            } else if around.contains(word) {
                held += weight * 0.6;
            }
        }
        // Nothing of the ask in the line itself: its heading may fit, the line does not.
        if total == 0.0 || inside_words == 0 { 0.0 } else { held / total }
    }

    fn has_the_kind_of_answer(&self, passage: &Passage) -> bool {
        let text = &passage.text;
        match self.kind {
            AnswerKind::Anything => true,
            AnswerKind::Number => {
                text.chars().any(|c| c.is_ascii_digit())
                    || NUMBER_WORDS.iter().any(|word| has_word(text, word))
            }
            AnswerKind::Date => {
                text.chars().any(|c| c.is_ascii_digit()) || DAY_WORDS.iter().any(|word| has_word(text, word))
            }
        }
    }
}

fn answer_kind(ask: &Ask) -> AnswerKind {
    if ask.kind != AskKind::Question {
        return AnswerKind::Anything;
    }
    let text = fold_case(&ask.matter);
    let says = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
    if says(&[
        "how long",
        "how many",
        "how much",
        "wie lange",
        "wie viele",
        "wie hoch",
        "combien",
        "cuanto",
        "quanto",
        "hoeveel",
    ]) {
        AnswerKind::Number
    } else if says(&[
        "when ",
        "what date",
        "which day",
        "what day",
        "wann ",
        "quand ",
        "cuando ",
        "quando ",
        "wanneer ",
    ]) {
        AnswerKind::Date
    } else {
        AnswerKind::Anything
    }
}

const NUMBER_WORDS: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "none",
    "unlimited",
    "no",
];

const DAY_WORDS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "today",
    "tomorrow",
    "week",
    "month",
];

fn has_word(text: &str, word: &str) -> bool {
    fold_case(text).split(|c: char| !c.is_alphanumeric()).any(|token| token == word)
}

/// The same words as the index's, so that what was found by a word is also covered by it.
fn stems(text: &str) -> BTreeSet<String> {
    postil_index::words(text).into_iter().collect()
}
