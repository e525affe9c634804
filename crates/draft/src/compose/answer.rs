//! Questions that the notes answer: which passage is said, in which words, with which date.

use std::collections::BTreeSet;

use postil_evidence::{Passage, Source, Trust};
use postil_understand::AskKind;
use postil_understand::date::words::names_month;

use super::{Composer, due_of, shared_words, words_of};
use crate::brief::AskBrief;
use crate::conflict::{Standing, standing};
use crate::draft::{Outcome, Part, PartFrom};
use crate::english;
use crate::language::{Language, days_between};
use crate::phrase::{self, template};
use crate::say::{Said, Voice, chosen, is_relative, say, small_start, stem, unstopped};
use crate::{promise, question};

/// A dated note older than this is said with its date.
const OLD_DAYS: i32 = 90;
/// The same for a note about a plan or a state.
const OLD_PLAN_DAYS: i32 = 30;

impl<'b> Composer<'b> {
    pub(super) fn question(&mut self, place: usize, ask: &'b AskBrief) -> Option<Outcome> {
        if promise::is_for_machines(&ask.ask.text) {
            return Some(self.slot(ask, "your answer, if it needs one"));
        }
        let mut passages = self.usable(ask);
        if passages.is_empty() {
            // The same question in other words, in the subject or an older mail, is answered once.
            let twin = self
                .brief
                .asks
                .iter()
                .find(|other| same_question(ask, other) && !self.usable(other).is_empty());
            passages = twin.map(|twin| self.usable(twin)).unwrap_or_default();
        }
        let Some(best) = passages.first().copied() else {
            self.missing.push(place);
            return None;
        };
        match weigh(&passages, ask) {
            Weighed::Conflict(newer, older) => Some(self.conflict(ask, newer, older)),
            Weighed::One(passage) => {
                let passage = passage.unwrap_or(best);
                let mut footnotes = vec![self.say_once(ask, passage)];
                let halves = self.open_halves(ask, passage, &passages);
                for half in halves {
                    match half {
                        Half::Answered(passage) => footnotes.push(self.say_once(ask, passage)),
                        Half::Open(part) => self.unanswered.push(part),
                    }
                }
                footnotes.dedup();
                Some(Outcome::Answered { footnotes })
            }
        }
    }

    /// Says a passage unless it stands already; its footnote.
    fn say_once(&mut self, ask: &AskBrief, passage: &Passage) -> usize {
        let before = self.footnotes.len();
        let number = self.cite(passage, &words_of(ask));
        if number > before {
            self.answer(ask, passage, number);
        }
        number
    }

    /// The halves of a double question of which the answer says nothing, each with a passage that does.
    fn open_halves(&self, ask: &AskBrief, said: &Passage, passages: &[&'b Passage]) -> Vec<Half<'b>> {
        let text = if ask.ask.matter.is_empty() { &ask.ask.text } else { &ask.ask.matter };
        if self.language != Language::English {
            return Vec::new();
        }
        let Some((first, _, second)) = question::split_compound(text) else { return Vec::new() };
        let about = |passage: &Passage, content: &BTreeSet<String>| {
            let words: BTreeSet<String> =
                passage.text.split(|c: char| !c.is_alphanumeric() && c != '-').map(stem).collect();
            !content.is_disjoint(&words)
        };
        let mut out = Vec::new();
        for half in [first, second] {
            let content = content_stems(half);
            if content.is_empty() || about(said, &content) {
                continue;
            }
            if let Some(other) = passages.iter().copied().find(|passage| about(passage, &content)) {
                out.push(Half::Answered(other));
            } else if let Some(part) = self.checked_clause(half, ask.ask.message, ask) {
                out.push(Half::Open(part));
            }
        }
        out
    }

    /// A passage as it can be said today: words that count from another day are only quoted.
    pub(super) fn said(&self, ask: &AskBrief, passage: &Passage) -> Said {
        let keywords = words_of(ask);
        let said = say(&passage.text, &keywords, &self.voice);
        let old = passage.date.is_none_or(|date| date != self.today);
        match &said {
            Said::Sentence(text) | Said::Decided(text) | Said::DecidedThat(text) | Said::OwnTask(text)
                if old && is_relative(text) =>
            {
                Said::Fragment(unstopped(&chosen(&passage.text, &keywords)))
            }
            Said::Sentence(_)
            | Said::Decided(_)
            | Said::DecidedThat(_)
            | Said::OwnTask(_)
            | Said::Fragment(_) => said,
        }
    }

    /// Says one passage as the answer to an ask.
    pub(super) fn answer(&mut self, ask: &AskBrief, passage: &Passage, number: usize) {
        let said = self.said(ask, passage);
        let evidence = |text: String| Part { text, from: PartFrom::Evidence(number) };
        let from_mail = matches!(passage.source, Source::Mail(_));
        let dated =
            passage.date.filter(|_| days_between(passage.date.unwrap_or(self.today), self.today) < 3660);
        if from_mail {
            self.of_mail(ask, &said, passage, number);
            return;
        }
        let (family, undated, text) = match said {
            Said::Decided(text) => (phrase::AGREED, phrase::AGREED_UNDATED, text),
            Said::DecidedThat(text) => (phrase::AGREED_THAT, phrase::AGREED_THAT_UNDATED, text),
            Said::Fragment(text) => (phrase::QUOTE, phrase::QUOTE_UNDATED, text),
            Said::OwnTask(text) => {
                let (family, mut parts) = (phrase::TASK, vec![evidence(text)]);
                let due = due_of(&passage.text);
                let family = if due.is_some() && template(self.language, "task.due.1").is_some() {
                    phrase::TASK_DUE
                } else {
                    family
                };
                parts.extend(due.map(|due| self.day(due)));
                if let Some(id) = self.pick(family) {
                    self.write(id, parts, vec![number]);
                }
                return;
            }
            Said::Sentence(text) => {
                self.plain(ask, text, passage, number);
                return;
            }
        };
        let picked = self.pick(if dated.is_some() { family } else { undated });
        if let Some(id) = picked {
            let mut parts = vec![evidence(text)];
            parts.extend(dated.map(|date| self.day(date)));
            self.write(id, parts, vec![number]);
        }
    }

    fn plain(&mut self, ask: &AskBrief, text: String, passage: &Passage, number: usize) {
        let evidence = |text: String| Part { text, from: PartFrom::Evidence(number) };
        let figures = text.chars().any(|c| c.is_ascii_digit());
        let limit = if may_change(&text) { OLD_PLAN_DAYS } else { OLD_DAYS };
        let old = passage.date.filter(|date| *date < self.today && days_between(*date, self.today) > limit);
        let as_of =
            old.filter(|_| !names_a_day(&text)).and_then(|date| Some((date, self.pick(phrase::AS_OF)?)));
        if let Some((date, id)) = as_of {
            let parts = vec![evidence(unstopped(&text)), self.day(date)];
            self.write(id, parts, vec![number]);
            return;
        }
        let topic = if self.brief.asks.len() > 1 && shared_words(&text, ask) == 0 && !figures {
            self.topic(ask)
        } else {
            None
        };
        let lead = topic.and_then(|topic| Some((topic, self.pick(phrase::LEAD)?)));
        match lead {
            Some((topic, id)) => {
                let small = small_start(&text, &self.voice).unwrap_or(text);
                self.write(id, vec![evidence(small), topic], vec![number]);
            }
            None => self.write("plain", vec![evidence(text)], vec![number]),
        }
    }

    fn of_mail(&mut self, ask: &AskBrief, said: &Said, passage: &Passage, number: usize) {
        let own = passage.label.trust == Trust::Own;
        let (family, text) = match said {
            Said::Sentence(text) if own => {
                (phrase::WROTE, small_start(text, &self.voice).unwrap_or_else(|| text.clone()))
            }
            Said::Fragment(text) if own => (phrase::WROTE_QUOTE, text.clone()),
            Said::Sentence(_)
            | Said::Decided(_)
            | Said::DecidedThat(_)
            | Said::OwnTask(_)
            | Said::Fragment(_) => {
                let family = if own { phrase::WROTE_QUOTE } else { phrase::QUOTE_MAIL };
                (family, unstopped(&chosen(&passage.text, &words_of(ask))))
            }
        };
        let text = Part { text, from: PartFrom::Evidence(number) };
        match passage.date {
            Some(date) => {
                let day = self.day(date);
                if let Some(id) = self.pick(family) {
                    self.write(id, vec![text, day], vec![number]);
                }
            }
            None => {
                if let Some(id) = self.pick(phrase::QUOTE_UNDATED) {
                    self.write(id, vec![text], vec![number]);
                }
            }
        }
    }

    fn conflict(&mut self, ask: &AskBrief, newer: &Passage, older: &Passage) -> Outcome {
        let keywords = words_of(ask);
        let numbers = [self.cite(newer, &keywords), self.cite(older, &keywords)];
        let said_before =
            numbers.iter().all(|number| self.out.iter().any(|said| said.footnotes.contains(number)));
        if said_before {
            // The other half of a question, on the same two lines: once is enough.
            return Outcome::Conflict { footnotes: numbers.to_vec() };
        }
        let dated = newer.date.is_some() && older.date.is_some() && newer.date != older.date;
        let clause = |voice: &Voice, passage: &Passage| match say(&passage.text, &keywords, voice) {
            Said::Sentence(text) => small_start(&unstopped(&text), voice),
            Said::DecidedThat(text) => Some(text),
            Said::Decided(_) | Said::OwnTask(_) | Said::Fragment(_) => None,
        };
        let families = [
            [phrase::NEWEST_THAT, phrase::NEWEST, phrase::TWO],
            [phrase::EARLIER_THAT, phrase::EARLIER, phrase::OTHER],
        ];
        for ((passage, number), [that, quote, undated]) in
            [newer, older].into_iter().zip(numbers).zip(families)
        {
            let said = clause(&self.voice, passage)
                .filter(|_| dated && template(self.language, "newestthat.1").is_some());
            let family = if !dated {
                undated
            } else if said.is_some() {
                that
            } else {
                quote
            };
            let quoted = || unstopped(&chosen(&passage.text, &keywords));
            let text = said.unwrap_or_else(quoted);
            let mut parts = vec![Part { text, from: PartFrom::Evidence(number) }];
            parts.extend(passage.date.filter(|_| dated).map(|date| self.day(date)));
            if let Some(id) = self.pick(family) {
                self.write(id, parts, vec![number]);
            }
        }
        Outcome::Conflict { footnotes: numbers.to_vec() }
    }
}

enum Weighed<'p> {
    One(Option<&'p Passage>),
    Conflict(&'p Passage, &'p Passage),
}

/// Whether the best passages agree; where a later one takes up the best one's figures and gives new
/// ones, it is the answer.
fn weigh<'p>(passages: &[&'p Passage], ask: &AskBrief) -> Weighed<'p> {
    let Some(best) = passages.first().copied() else { return Weighed::One(None) };
    let keywords = words_of(ask);
    let mut answer = best;
    for other in passages.iter().copied().skip(1).take(4) {
        let (later, earlier) = if other.date > answer.date { (other, answer) } else { (answer, other) };
        match standing(later, earlier, &keywords) {
            Standing::Disagree => return Weighed::Conflict(later, earlier),
            Standing::Supersedes => answer = later,
            Standing::Apart => {}
        }
    }
    if let Some(other) = passages.get(1).copied().filter(|_| ask.conflict) {
        let superseded = passages.iter().any(|p| p.id() == answer.id()) && answer.id() != best.id();
        if !superseded && standing(answer, other, &keywords) != Standing::Supersedes {
            return if other.date > best.date {
                Weighed::Conflict(other, best)
            } else {
                Weighed::Conflict(best, other)
            };
        }
    }
    Weighed::One(Some(answer))
}

/// A half of a double question that the first passage leaves open.
enum Half<'p> {
    Answered(&'p Passage),
    Open(Part),
}

/// The stems of the words that a question is about.
fn content_stems(question: &str) -> BTreeSet<String> {
    question
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| word.chars().count() >= 4)
        .filter(|word| {
            let word = word.to_lowercase();
            !english::is_one_of(english::STOPS, &word)
                && !english::is_one_of(english::AUXILIARIES, &word)
                && !english::is_one_of(english::DETERMINERS, &word)
                && !["exactly", "each", "please", "happens", "happen", "apply", "applies", "take", "takes"]
                    .contains(&word.as_str())
        })
        .map(stem)
        .collect()
}

/// Whether two asks of a thread are one question: the same question word, and all content words of
/// one stand in the other but for "one".
fn same_question(ask: &AskBrief, other: &AskBrief) -> bool {
    if ask.ask.span == other.ask.span && ask.ask.message == other.ask.message
        || other.ask.kind != AskKind::Question
    {
        return false;
    }
    let asking = |ask: &AskBrief| {
        let words: Vec<String> = ask.ask.text.split_whitespace().map(english::bare).collect();
        words
            .into_iter()
            .find(|word| ["who", "what", "when", "where", "which", "why", "how"].contains(&word.as_str()))
    };
    let (a, b) = (content_stems(&ask.ask.text), content_stems(&other.ask.text));
    let shared = a.intersection(&b).count();
    let shorter = a.len().min(b.len());
    asking(ask).is_some() && asking(ask) == asking(other) && shared >= 2 && shared == shorter
}

/// Whether a sentence speaks of a plan or a state, which may have changed since.
fn may_change(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(english::bare).collect();
    words.iter().any(|word| {
        english::is_one_of(
            "plan plans planned scheduled currently expected status pending geplant aktuell prévu previsto estimated forecast",
            word,
        )
    })
}

fn names_a_day(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("20")
        || names_month(text)
        || ["march", "mars", "märz"].iter().any(|month| lower.contains(month))
}
