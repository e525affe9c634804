//! From an ask to its evidence: the query, the recall over cleared passages, and the choice.
//!
//! A wrong line is worse than none: a passage is chosen only where it covers enough of what was
//! asked, by words that tell something. Everything here is a function of the ask and of cleared
//! passages, so what is not cleared cannot change the choice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use jiff::civil::Date;
use postil_draft::Evidence;
use postil_evidence::text::fold_case;
use postil_evidence::{MessageKey, Passage, Recipients, Source, Trust};
use postil_index::{ClearedHit, Filters, Index, Query, Word, WordField, WordMeanings, WordRarity};
use postil_understand::date::words::{is_day_word, names_day};
use postil_understand::{Ask, AskKind, Mentioned};

use crate::error::DeskError;
use exact::Exact;
use pool::{Looked, Pool};
use talk::Talk;

mod days;
mod exact;
mod pool;
mod talk;

/// Passages taken from the index for one ask before the choice.
const POOL: usize = 40;

/// Passages given to the brief for one ask, at most.
const CHOSEN: usize = 4;

/// The share of the ask's word weight that the best passage must cover. Set on the demo's 53
/// answerable and 18 unanswerable asks (`postil eval demo corpus/demo`): lower gives lines to the
/// unanswerable ones, higher loses answers.
const COVERAGE: f64 = 0.46;

/// A further passage must reach this share of the best one's rank.
const NEAR_BEST: f64 = 0.78;

/// A newer line need cover only this share of what the best one covers to be looked at beside it: it
/// may correct it.
const LATER: f64 = 0.35;

/// With this coverage a line may lack the first word of the ask.
const SURE: f64 = 0.7;

/// How much a word counts that stands around a passage (title, headings, folder) and not in it.
const AROUND: f64 = 0.55;

/// From this closeness on a word of the passage stands for one that was asked.
const MEANS_THE_SAME: f64 = 0.6;
/// From this closeness on it counts as if it stood there: "pay" and "payment".
const SURELY_THE_SAME: f64 = 0.7;
/// The share that a line with the shape of the answer must cover.
///
/// # Source
/// Between 0.5 and 0.7 on `corpus/recall`, both halves: .80 to .70 answered and two to one of 40 wrongly.
const EXACT_COVERAGE: f64 = 0.5;

/// How much a word counts that stands in a line close to a passage.
const NEAR: f64 = 0.35;

/// How much a word counts that no cleared passage has, as a share of the average known word: it
/// makes an answer less likely and says nothing about which.
const UNHEARD: f64 = 0.8;

/// How much more a name counts than another word of the same rarity: a line about somebody else
/// answers nothing.
const NAME: f64 = 1.4;

/// The query of a text that is no ask: its content words.
pub(crate) fn query_of(text: &str) -> Query {
    query_by(&postil_understand::ask::keywords(text), &[])
}

/// The query of an ask of a message sent then: its keywords by weight, then the thread's topics with a lower one, and
/// the days it speaks of.
pub(crate) fn query(ask: &Ask, topics: &[String], sent: Option<&Zoned>) -> Query {
    let days = sent.map(|sent| days::asked_days(&ask.text, sent)).unwrap_or_default();
    Query { days, ..query_by(&ask.keywords, topics) }
}

/// Words by which one asks about a conversation, and which those who speak in it do not use for it.
const ASKS_ABOUT_TALK: &[&str] = &[
    "summarize",
    "summarise",
    "summary",
    "conclude",
    "conclusion",
    "discussion",
    "discussions",
    "discuss",
    "discussed",
    "discussing",
    "conversation",
    "think",
    "thought",
    "opinion",
    "opinions",
    "view",
    "said",
    "say",
    "says",
    "talk",
    "talking",
    "talked",
    "mention",
    "mentioned",
    "attitude",
    "feel",
    "believe",
    "regarding",
    "concerning",
    "according",
    "content",
    "whole",
    "zusammenfassen",
    "resumer",
    "resumir",
];

fn query_by(keywords: &[String], topics: &[String]) -> Query {
    let mut weights: BTreeMap<String, f32> = BTreeMap::new();
    let telling = |word: &&String| !ASKS_ABOUT_TALK.contains(&fold_case(word).as_str());
    let none_tells = !keywords.iter().any(|word| telling(&word));
    let kept = keywords.iter().filter(|word| none_tells || telling(word));
    for (place, word) in kept.enumerate() {
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
    Query { words, days: Vec::new() }
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
    asked: &Asked<'_>,
) -> Result<Found, DeskError> {
    let filters =
        Filters { exclude: asked.answering.map(Source::Mail).into_iter().collect(), ..Filters::default() };
    let (hits, rarities) = index.recall_with_rarity(&query(ask, topics, asked.sent), &filters, recipients, POOL)?;
    Ok(choose(ask, hits, &rarities, asked))
}

/// What is asked in the thread: no passage that asks it can answer it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// The message that is answered: its reader knows what they wrote.
    pub(crate) answering: Option<MessageKey>,
    /// When that message was sent, which "last Tuesday" is counted from.
    pub(crate) sent: Option<&'a Zoned>,
    /// Every ask of the thread.
    pub(crate) asks: &'a [Ask],
    /// Who and what the thread names, without its writer.
    pub(crate) mentions: &'a [&'a Mentioned],
}

/// What was found for an ask.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Best first; empty where nothing is good enough.
    pub(crate) evidence: Vec<Evidence>,
    /// Whether the second line is newer than the best one and says that something changed.
    pub(crate) corrected: bool,
}

/// Words by which a line says that something is no longer as it was.
const CHANGED: &[&str] = &[
    "moved",
    "extended",
    "postponed",
    "changed",
    "shortened",
    "raised",
    "lowered",
    "cancelled",
    "canceled",
    "delayed",
    "instead",
    "longer",
    "now",
    "new",
    "verschoben",
    "verlangert",
    "geandert",
    "erhoht",
    "gesenkt",
    "neu",
    "reporte",
    "prolonge",
    "modifie",
    "aplazado",
    "ampliado",
    "cambiado",
];

/// What a passage of the pool is to an ask.
enum Judged {
    /// It answers, this well.
    Ranked(f64),
    /// It is near the matter, this much, and may say that something changed.
    Weaker(f64),
    /// Neither.
    Out,
}

/// Chooses among cleared hits.
fn choose(ask: &Ask, hits: Vec<ClearedHit>, rarities: &[WordRarity], asked: &Asked<'_>) -> Found {
    let wanted = Wanted::of(ask, rarities);
    let pool = Pool::of(&hits);
    let talk = Talk::of(&hits, &wanted.words);
    let fresh = if wants_the_newest(&ask.text) { FRESH_WANTED } else { FRESH };
    let person = Unnamed::of(ask, asked.mentions);
    let newest = hits.iter().filter_map(|hit| hit.passage.get().date).max();
    let mut ranked: Vec<(f64, ClearedHit)> = Vec::new();
    let mut weaker: Vec<(f64, ClearedHit)> = Vec::new();
    let judged: Vec<Judged> = pool
        .with(hits.iter())
        .map(|looked| {
            let passage = looked.passage;
            // What a stranger claims in a mail is no evidence.
            let claimed = matches!(passage.source, Source::Mail(_)) && passage.label.trust == Trust::Unknown;
            if claimed || holds_an_ask(passage, asked.asks) {
                return Judged::Out;
            }
            if person.as_ref().is_some_and(|person| !person.may_be_meant_in(&looked)) {
                return Judged::Out;
            }
            let standing = standing(passage, newest, fresh);
            if let Some(told) = talk.coverage(passage, &wanted.words) {
                return told.map_or(Judged::Out, |coverage| Judged::Ranked(coverage * standing));
            }
            if asks_rather_than_tells(&passage.text) {
                return Judged::Out;
            }
            let coverage = match wanted.exact {
                Some(exact) if !exact.is_met_by(&passage.text) => return Judged::Out,
                Some(exact) => wanted.exact_coverage(exact, &looked),
                None if !wanted.has_the_kind_of_answer(&looked) => return Judged::Out,
                None if wanted.lacks_an_unheard_subject(&looked) => 0.0,
                None => wanted.coverage(&looked),
            };
            if coverage >= COVERAGE {
                Judged::Ranked(coverage * standing)
            } else {
                Judged::Weaker(wanted.share(&looked) * standing)
            }
        })
        .collect();
    for (hit, judged) in hits.into_iter().zip(judged) {
        match judged {
            Judged::Ranked(rank) => ranked.push((rank, hit)),
            Judged::Weaker(rank) => weaker.push((rank, hit)),
            Judged::Out => {}
        }
    }
    ranked.sort_by(|a, b| {
        let by_score = || b.1.score.total_cmp(&a.1.score);
        b.0.total_cmp(&a.0)
            .then_with(by_score)
            .then_with(|| a.1.passage.get().id().cmp(&b.1.passage.get().id()))
    });
    let best = ranked.first().map_or(0.0, |(rank, _)| *rank);
    let correction = ranked.first().and_then(|(rank, first)| correction(&wanted, *rank, first, weaker));
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
    let corrected = correction.is_some();
    // Beside the best line, where the composer looks for what disagrees with it.
    chosen.splice(chosen.len().min(1)..chosen.len().min(1), correction);
    Found { evidence: chosen, corrected }
}

/// A newer line of the notes about the same thing as the best one, which may say that it changed.
fn correction(
    wanted: &Wanted,
    best: f64,
    first: &ClearedHit,
    weaker: Vec<(f64, ClearedHit)>,
) -> Option<Evidence> {
    let said = first.passage.get();
    let subject = wanted.subject_in(said)?;
    let mut newer: Vec<(f64, ClearedHit)> = weaker
        .into_iter()
        .filter(|(rank, hit)| {
            let passage = hit.passage.get();
            *rank >= best * LATER
                && passage.date > said.date
                && matches!(passage.source, Source::Note(_))
                && words(&passage.text).contains(subject)
                && has_one_of(&fold_case(&passage.text), CHANGED)
        })
        .collect();
    newer.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.1.passage.get().id().cmp(&b.1.passage.get().id()))
    });
    let (score, hit) = newer.into_iter().next()?;
    Some(Evidence {
        passage: hit.passage,
        score,
        reasons: vec![format!("newer, says that something about {subject} changed")],
    })
}

/// What a passage weighs by where it stands: the owner's notes before mail, our own mail before
/// what others wrote, and of equal ones the newer, since a later line corrects an earlier one. Age
/// is counted from the newest cleared hit, never from the clock.
fn standing(passage: &Passage, newest: Option<Date>, most: f64) -> f64 {
    let place = match (&passage.source, passage.label.trust) {
        (Source::Note(_), _) => 1.0,
        (Source::Mail(_), Trust::Own) => 0.92,
        (Source::Mail(_), Trust::Known | Trust::Unknown) => 0.8,
    };
    let fresh = match (newest, passage.date) {
        (Some(newest), Some(date)) => {
            let days = (newest - date).get_days().max(0);
            30.0 / (30.0 + f64::from(days))
        }
        (_, _) => 0.3,
    };
    place * (1.0 + most * fresh)
}

/// The most that being new adds to a passage's rank.
const FRESH: f64 = 0.22;
/// The same where the ask wants the newest of several.
const FRESH_WANTED: f64 = 1.0;

/// "The latest price list", "the current date", "die neueste Fassung".
fn wants_the_newest(text: &str) -> bool {
    let text = fold_case(text);
    [
        "latest",
        "newest",
        "most recent",
        "current",
        "aktuell",
        "neuest",
        "letzter stand",
        "dernier",
        "ultima version",
        "nieuwste",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// Whether the passage is where one of the asks stands.
fn holds_an_ask(passage: &Passage, asks: &[Ask]) -> bool {
    asks.iter().any(|ask| passage.source == Source::Mail(ask.message) && passage.span.overlaps(ask.span))
}

/// Whether a passage is itself a question or an ask, which answers nothing.
fn asks_rather_than_tells(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', ')', ' ']);
    text.ends_with('?') || text.contains("? ")
}

/// The person an ask speaks of without a name ("do we know her budget?"): one whom the thread names.
struct Unnamed {
    /// The words of those names.
    names: BTreeSet<String>,
}

impl Unnamed {
    /// `None` where the ask names somebody, or speaks of nobody.
    fn of(ask: &Ask, mentions: &[&Mentioned]) -> Option<Self> {
        let speaks = has_one_of(&fold_case(&ask.matter), &["he", "she", "him", "her", "his", "hers"]);
        // A name that the ask took over from an earlier one is not whom it speaks of.
        let named = |keyword: &String| {
            keyword.chars().next().is_some_and(char::is_uppercase) && ask.matter.contains(keyword.as_str())
        };
        let names_somebody = ask.keywords.iter().any(named);
        (speaks && !names_somebody).then(|| {
            let named = mentions.iter().flat_map(|mention| mention.names.iter().chain([&mention.text]));
            Self { names: named.flat_map(|name| words(name)).collect() }
        })
    }

    /// Whether a passage or what stands around it has one of those names. Who was at a meeting says
    /// nothing of whom a line of its notes speaks.
    fn may_be_meant_in(&self, looked: &Looked<'_>) -> bool {
        let mut held = looked.inside().iter().chain(looked.around());
        held.any(|word| self.names.contains(word))
    }
}

/// What an answer to an ask must hold.
struct Wanted {
    /// The ask's words as the index has them, with their weights, most telling first.
    words: Vec<(String, f64)>,
    /// Those of them that stand in the ask itself; the others come from what was asked before it.
    own: BTreeSet<String>,
    /// In the order of `words`: what each means, so that "kept" may answer "stored". Nothing means the same as a
    /// name or a number.
    meant: Vec<Option<WordMeanings>>,
    /// What is asked about: the first word that is no name.
    subject: Option<String>,
    kind: AnswerKind,
    /// The shape that the answer has, where it has one.
    exact: Option<Exact>,
    /// Words that no cleared passage has.
    unheard: BTreeSet<String>,
    /// Those words of the ask that name a month or a weekday.
    calendar: BTreeSet<String>,
}

/// What sort of thing answers a question, told by its question words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AnswerKind {
    Number,
    Duration,
    Date,
    Frequency,
    Name,
    /// One or several of a kind: "which regions".
    Which,
    Anything,
}

impl Wanted {
    fn of(ask: &Ask, rarities: &[WordRarity]) -> Self {
        let known: Vec<f64> = rarities.iter().filter_map(|word| word.rarity).collect();
        let average = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let rarity = |word: &str| {
            let found = rarities.iter().find(|rarity| rarity.word == word);
            found.and_then(|rarity| rarity.rarity).unwrap_or(average * UNHEARD)
        };
        let mut words: Vec<(String, f64)> = Vec::new();
        let mut meant = Vec::new();
        for (place, keyword) in ask.keywords.iter().enumerate() {
            for word in postil_index::words(keyword) {
                if word.len() > 1 && !words.iter().any(|(known, _)| *known == word) {
                    // The name that everything here bears (our own product's) tells nothing.
                    let names = keyword.chars().next().is_some_and(char::is_uppercase)
                        && rarity(&word) >= average * UNHEARD;
                    let weight = if names { NAME } else { 1.0 } * rarity(&word) / (1.0 + 0.08 * place as f64);
                    let first = keyword.chars().next();
                    let plain = first.is_some_and(|c| c.is_lowercase());
                    meant.push(plain.then(|| WordMeanings::of(keyword)));
                    words.push((word, weight));
                }
            }
        }
        let heard =
            |word: &String| rarities.iter().any(|known| known.word == *word && known.rarity.is_some());
        let unheard = words.iter().map(|(word, _)| word).filter(|word| !heard(word)).cloned().collect();
        let text = self::words(&ask.text);
        let own = words.iter().map(|(word, _)| word.clone()).filter(|word| text.contains(word)).collect();
        let no_name = |keyword: &&String| keyword.chars().next().is_some_and(|c| !c.is_uppercase());
        let subject = ask
            .keywords
            .iter()
            .find(no_name)
            .and_then(|keyword| postil_index::words(keyword).into_iter().next());
        let calendar = ask.keywords.iter().filter(|keyword| is_day_word(&fold_case(keyword)));
        let calendar = calendar.flat_map(|keyword| postil_index::words(keyword)).collect();
        Self { words, own, meant, subject, kind: answer_kind(ask), exact: Exact::of(ask), unheard, calendar }
    }

    /// How well the passage covers what is asked: its [`Wanted::share`], or 0 where the line itself
    /// holds too little of it or is about something else.
    fn coverage(&self, looked: &Looked<'_>) -> f64 {
        let (inside, around) = (looked.inside(), looked.around());
        let inside_words = self.words.iter().filter(|(word, _)| inside.contains(word)).count();
        // One word of many in the line itself: its heading may fit, the line does not. "In which regions
        // can the data be kept?" is answered by "It runs in three regions: …" in a note on just that.
        let listed = self.kind == AnswerKind::Which
            && self.subject.as_ref().is_some_and(|subject| {
                inside.contains(subject)
                    && words(&looked.passage.title).contains(subject)
                    && names_several(&looked.passage.text)
            });
        let enough = inside_words > 0 && (inside_words >= self.words.len().min(2) || listed);
        // Words taken over from an earlier question alone do not make an answer to this one.
        let own = self.own.is_empty() || self.own.iter().any(|word| inside.contains(word));
        let share = self.share(looked);
        let about = |subject: &str| inside.contains(subject) || around.contains(subject);
        let on_subject = self.subject.as_deref().is_none_or(about) || share >= SURE;
        match (enough && own && on_subject, listed) {
            (true, true) => share.max(COVERAGE),
            (true, false) => share,
            (false, _) => 0.0,
        }
    }

    /// As [`Wanted::coverage`], for a line that has the shape of the answer: the words that ask for the shape need not stand
    /// in it, and one of the others is enough where it weighs enough.
    fn exact_coverage(&self, exact: Exact, looked: &Looked<'_>) -> f64 {
        let (inside, around) = (looked.inside(), looked.around());
        let (mut total, mut held, mut inside_words) = (0.0, 0.0, 0_usize);
        let others = self.words.iter().any(|(word, _)| !Exact::asks_with(word));
        for ((word, weight), meant) in self.words.iter().zip(&self.meant) {
            if others && Exact::asks_with(word) {
                continue;
            }
            total += weight;
            let closeness = meant.as_ref().map_or(0.0, |meant| meant.closest(looked.meanings()));
            if inside.contains(word) {
                held += weight;
                // "31 January" is a date as any other is: it does not make the line one about what is asked.
                inside_words += usize::from(exact != Exact::Date || !self.calendar.contains(word));
            } else if around.contains(word) {
                held += weight * AROUND;
            } else if closeness >= MEANS_THE_SAME {
                held += weight * closeness;
                inside_words += usize::from(closeness >= SURELY_THE_SAME);
            } else if looked.stands_near(word) {
                held += weight * NEAR;
            }
            // Seven of something else are no answer.
            let counted = exact == Exact::Count && self.subject.as_ref() == Some(word);
            if counted && !inside.contains(word) && closeness < SURELY_THE_SAME {
                return 0.0;
            }
        }
        let own = self.own.is_empty() || self.own.iter().any(|word| inside.contains(word));
        let share = if total > 0.0 { held / total } else { 0.0 };
        if own && inside_words > 0 && share >= EXACT_COVERAGE {
            share.max(self.coverage(looked))
        } else {
            0.0
        }
    }

    /// Whether what is asked about is a word that no cleared passage has, and nothing in this one means the same.
    fn lacks_an_unheard_subject(&self, looked: &Looked<'_>) -> bool {
        let Some(subject) = self.subject.as_ref().filter(|subject| self.unheard.contains(*subject)) else {
            return false;
        };
        let meant = self.words.iter().zip(&self.meant).find(|((word, _), _)| word == subject);
        let closeness = meant.and_then(|(_, meant)| meant.as_ref());
        let closeness = closeness.map_or(0.0, |meant| meant.closest(looked.meanings()));
        closeness < MEANS_THE_SAME
    }

    /// The share of the wanted weight that the passage, its title and its headings hold. Words of the
    /// passage itself count in full, those around it less.
    fn share(&self, looked: &Looked<'_>) -> f64 {
        let (inside, around) = (looked.inside(), looked.around());
        let total: f64 = self.words.iter().map(|(_, weight)| weight).sum();
        let mut held = 0.0;
        for ((word, weight), meant) in self.words.iter().zip(&self.meant) {
            if inside.contains(word) {
                held += weight;
                continue;
            }
            if around.contains(word) {
                held += weight * AROUND;
                continue;
            }
            let closeness = meant.as_ref().map_or(0.0, |meant| meant.closest(looked.meanings()));
            if closeness >= MEANS_THE_SAME {
                held += weight * closeness;
            } else if looked.stands_near(word) {
                held += weight * NEAR;
            }
        }
        if total == 0.0 { 0.0 } else { held / total }
    }

    /// What is asked about, where the passage itself names it; else the heaviest word it holds.
    fn subject_in(&self, passage: &Passage) -> Option<&str> {
        let inside = words(&passage.text);
        if let Some(subject) = self.subject.as_deref().filter(|subject| inside.contains(*subject)) {
            return Some(subject);
        }
        let held = self.words.iter().filter(|(word, _)| inside.contains(word));
        held.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(word, _)| word.as_str())
    }

    fn has_the_kind_of_answer(&self, looked: &Looked<'_>) -> bool {
        let text = &looked.passage.text;
        let folded = fold_case(text);
        let digit = || text.chars().any(|c| c.is_ascii_digit());
        let one_of = |list: &[&str]| has_one_of(&folded, list);
        match self.kind {
            AnswerKind::Anything => true,
            AnswerKind::Number => digit() || one_of(NUMBER_WORDS),
            // "every 5 minutes" says how often, not how long.
            AnswerKind::Duration => {
                (digit() || one_of(NUMBER_WORDS))
                    && one_of(UNITS_OF_TIME)
                    && (!one_of(&["every", "alle", "chaque", "cada"]) || one_of(LASTING))
            }
            AnswerKind::Date => digit() || one_of(DAY_WORDS) || names_day(text),
            // "41 minutes for one day" holds a number and says nothing of how often.
            AnswerKind::Frequency => one_of(FREQUENCY_WORDS) || (digit() && one_of(TIMES)),
            AnswerKind::Which => tells_which(looked, self.subject.as_deref()),
            AnswerKind::Name => {
                one_of(&["called", "named", "name", "names", "heisst", "genannt", "appelle", "llama"])
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
    if says(&["the name of", " called", "what name", "wie heisst"]) {
        AnswerKind::Name
    } else if says(&[
        "how often",
        "how frequently",
        "wie oft",
        "wie haufig",
        "a quelle frequence",
        "con que frecuencia",
        "hoe vaak",
    ]) {
        AnswerKind::Frequency
    } else if says(&["how long", "how soon", "wie lange", "combien de temps", "cuanto tiempo"]) {
        AnswerKind::Duration
    } else if says(&[
        "how many",
        "how much",
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
        "which date",
        "which day",
        "what day",
        "until when",
        "wann ",
        "quand ",
        "cuando ",
        "quando ",
        "wanneer ",
    ]) {
        AnswerKind::Date
    } else if says(&["which ", "welche", "quelle ", "quel ", "quels ", "quelles ", "cuales ", "que region"]) {
        AnswerKind::Which
    } else {
        AnswerKind::Anything
    }
}

/// Whether a line tells one of a kind apart: by a name, a number or a word of a program, or by what
/// stands before or after the kind. "In the region of the primary data" tells none apart.
fn tells_which(looked: &Looked<'_>, subject: Option<&str>) -> bool {
    let text = &looked.passage.text;
    let mut tokens = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'));
    let mut first = true;
    let names = tokens.any(|token| {
        let begins = std::mem::take(&mut first);
        let capital = !begins && token.chars().next().is_some_and(char::is_uppercase);
        capital || token.contains('_') || token.chars().any(|c| c.is_ascii_digit())
    });
    // The kind itself is not what the line speaks of: no need to be told apart from its like.
    let of_another = subject.is_none_or(|subject| !looked.inside().contains(subject));
    names || of_another || text.contains(['"', '“', '`', '«'])
}

/// Whether a line lists names: three of them, or two after a colon. A word that begins a sentence is none.
fn names_several(text: &str) -> bool {
    let names = |text: &str, begins: bool| {
        let mut begins = begins;
        let mut count = 0;
        for token in text.split_whitespace() {
            let capital = token.chars().next().is_some_and(char::is_uppercase);
            count += usize::from(capital && !begins);
            begins = token.ends_with(['.', '!', '?']);
        }
        count
    };
    names(text, true) >= 3 || text.split_once(':').is_some_and(|(_, list)| names(list, false) >= 2)
}

const UNITS_OF_TIME: &[&str] = &[
    "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years",
    "until", "till", "end", "minuten", "stunden", "tag", "tage", "tagen", "wochen", "monat", "monate",
    "monaten", "jahr", "jahre", "jahren", "jours", "semaines", "mois", "ans", "dias", "semanas", "meses",
    "anos",
];

/// Words that go with how long something lasts.
const LASTING: &[&str] =
    &["for", "kept", "keep", "keeps", "until", "within", "after", "lang", "aufbewahrt", "pendant", "durante"];

const FREQUENCY_WORDS: &[&str] = &[
    "every",
    "each",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "once",
    "twice",
    "hourly",
    "always",
    "never",
    "night",
    "quarter",
    "jede",
    "jeden",
    "alle",
    "taglich",
    "wochentlich",
    "chaque",
    "tous",
    "cada",
];

/// Words that make a number a frequency.
const TIMES: &[&str] =
    &["times", "per", "mal", "pro", "fois", "par", "veces", "por", "maal", "volte", "vezes"];

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

/// Words of days beside the names of weekdays and months.
const DAY_WORDS: &[&str] = &["march", "may", "today", "tomorrow", "week", "month"];

/// Whether a folded text has one of some folded words as a word of its own.
fn has_one_of(folded: &str, words: &[&str]) -> bool {
    folded.split(|c: char| !c.is_alphanumeric()).any(|token| words.contains(&token))
}

/// The words of a passage's title and headings.
fn around(passage: &Passage) -> BTreeSet<String> {
    let mut around = words(&passage.title);
    around.extend(passage.headings.iter().flat_map(|heading| words(heading)));
    around
}

/// The same words as the index's, so that what was found by a word is also covered by it.
fn words(text: &str) -> BTreeSet<String> {
    postil_index::words(text).into_iter().collect()
}
