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
use postil_evidence::{Directory, MessageKey, Passage, Recipients, Source, Trust};
use postil_index::{ClearedHit, Filters, IndexView, OtherName, Query, Word, WordField};
use postil_understand::{Ask, Mentioned};

use crate::error::DeskError;
use called::Called;
pub(crate) use companion::share_lines;
pub(crate) use days::day_of_event;
use forms::Forms;
use pool::{Looked, Pool};
use talk::Talk;
use wanted::Wanted;

mod called;
mod companion;
mod days;
mod exact;
mod forms;
mod leaning;
mod pool;
mod talk;
#[cfg(test)]
mod tests;
mod wanted;

/// Passages taken from the index for one ask before the choice.
const POOL: usize = 40;

/// Passages given to the brief for one ask, at most.
const CHOSEN: usize = 4;

/// The share of the ask's word weight that the best passage must cover. Set on the demo's 53
/// answerable and 18 unanswerable asks (`postil eval demo corpus/demo`): lower gives lines to the
/// unanswerable ones, higher loses answers.
const COVERAGE: f64 = 0.46;

/// The same for mail: a note is kept because it matters, a mail may speak of anything.
///
/// # Source
/// Set with [`Wanted::is_told_in_mail`] on five people's mail of Enron without any notes, where 94 asks rested on lines of
/// mail and hardly one of them was answered; no answer of our own sets is lost up to .9.
const MAIL_COVERAGE: f64 = 0.75;

/// A further passage must reach this share of the best one's rank.
const NEAR_BEST: f64 = 0.78;

/// A newer line need cover only this share of what the best one covers to be looked at beside it: it
/// may correct it.
const LATER: f64 = 0.35;

/// The query of a text that is no ask: its content words.
pub(crate) fn query_of(text: &str) -> Query {
    let query = query_by(&postil_understand::ask::keywords(text), &[]);
    Query { asked: text.to_owned(), ..query }
}

/// The query of an ask of a message sent then: its keywords by weight, then the thread's topics with a lower one, and
/// the days it speaks of.
pub(crate) fn query(ask: &Ask, topics: &[String], sent: Option<&Zoned>) -> Query {
    let days = sent.map(|sent| days::asked_days(&ask.text, sent)).unwrap_or_default();
    Query { asked: ask.text.clone(), days, ..query_by(&ask.keywords, topics) }
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
    Query { words, ..Query::default() }
}

/// The other names of whom and what a text names, by a directory of what its reader may read.
pub(crate) fn other_names(text: &str, directory: &Directory) -> Vec<OtherName> {
    Called::in_texts(std::iter::once(text), Some(directory)).others()
}

/// The evidence for an ask, best first; empty where nothing is good enough.
///
/// # Errors
/// Where the index cannot be read.
pub(crate) fn evidence(
    index: &IndexView<'_>,
    ask: &Ask,
    topics: &[String],
    recipients: &Recipients,
    asked: &Asked<'_>,
) -> Result<Found, DeskError> {
    let filters =
        Filters { exclude: asked.answering.map(Source::Mail).into_iter().collect(), ..Filters::default() };
    let called = Called::of(ask, asked.directory);
    let query = Query { names: called.others(), ..query(ask, topics, asked.sent) };
    let found = |filters: &Filters| -> Result<Found, DeskError> {
        let (hits, rarities) = index.recall(&query, filters, recipients, POOL)?;
        let wanted = Wanted::of(ask, &rarities, recipients, &called);
        Ok(choose(ask, hits, &wanted, asked))
    };
    if let Some(day) = asked.sent.and_then(|sent| day_of_event(&ask.text, sent)) {
        let of_day = found(&Filters { from: Some(day.first), until: Some(day.last), ..filters.clone() })?;
        if !of_day.evidence.is_empty() {
            return Ok(of_day);
        }
    }
    found(&filters)
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
    /// Everybody and everything whose note the recipients may read, by all names.
    pub(crate) directory: Option<&'a Directory>,
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
fn choose(ask: &Ask, hits: Vec<ClearedHit>, wanted: &Wanted<'_>, asked: &Asked<'_>) -> Found {
    if wanted.points_at_its_mail(ask) || wanted.asks_for_a_view() {
        return Found::default();
    }
    let pool = Pool::of(&hits, &wanted.words, &wanted.forms);
    let talk = Talk::of(&hits, &wanted.words, &wanted.forms);
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
            let has_the_shape = match wanted.exact {
                Some(exact) => exact.is_met_by(looked.said()),
                None => wanted.has_the_kind_of_answer(&looked),
            };
            if !has_the_shape || wanted.is_ruled_out(passage) {
                return Judged::Out;
            }
            let coverage = wanted.answered(&looked);
            let is_enough = match &passage.source {
                Source::Mail(_) => coverage >= MAIL_COVERAGE && wanted.is_told_in_mail(&looked),
                Source::Note(_) => coverage >= COVERAGE,
            };
            if is_enough {
                Judged::Ranked(coverage * standing * wanted.leaning(passage))
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
    let correction = ranked.first().and_then(|(rank, first)| correction(wanted, *rank, first, weaker));
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
    wanted: &Wanted<'_>,
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
                && wanted.forms.words_of(&passage.text).contains(subject)
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

/// Whether a folded text has one of some folded words as a word of its own.
fn has_one_of(folded: &str, words: &[&str]) -> bool {
    folded.split(|c: char| !c.is_alphanumeric()).any(|token| words.contains(&token))
}

/// The words of a passage's title and headings.
fn around(passage: &Passage, forms: &Forms) -> BTreeSet<String> {
    let mut around = forms.words_of(&passage.title);
    around.extend(passage.headings.iter().flat_map(|heading| forms.words_of(heading)));
    around
}

/// The same words as the index's, so that what was found by a word is also covered by it.
fn words(text: &str) -> BTreeSet<String> {
    postil_index::words(text).into_iter().collect()
}
