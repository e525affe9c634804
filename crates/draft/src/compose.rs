//! A brief rendered as a reply, without a language model.
//!
//! Every sentence is a fixed phrase filled with words of evidence, of the thread or of the
//! configuration. The result depends on the brief alone.

use std::collections::BTreeSet;

use jiff::civil::Date;
use postil_evidence::{ContentHash, Mailbox, Passage, Source, Trust};
use postil_mail::subject::reply_subject;
use postil_understand::{AskKind, Confidence};

use crate::brief::{AskBrief, Brief};
use crate::conflict::{Standing, standing};
use crate::draft::{
    AskOutcome, Draft, Finding, FindingKind, Footnote, Origin, Outcome, Part, PartFrom, Sentence,
};
use crate::english;
use crate::greeting;
use crate::language::{Language, days_between};
use crate::names::called;
use crate::phrase::{self, Family, fill, template};
use crate::say::{Said, Voice, say, sentences, small_start, stem, tidy, unstopped};
use crate::{moment, promise};

/// A dated note older than this is said with its date.
const OLD_DAYS: i32 = 60;
/// A mail older than this is answered with an apology.
const SLOW_DAYS: i32 = 7;
/// The longest indirect question that reads well inside "Let me check …", in bytes.
const LONG_CLAUSE: usize = 120;

/// Renders a brief as a draft.
#[must_use]
pub fn compose(brief: &Brief) -> Draft {
    let mut composer = Composer::new(brief);
    composer.opener();
    composer.asks();
    composer.missing();
    composer.acknowledge();
    let language = composer.language;
    let (greeting, closing) = greeting::around(brief, language);
    let mut draft = Draft {
        to: brief.reply_to.to.clone(),
        cc: brief.reply_to.cc.clone(),
        subject: reply_subject(brief.message.subject.as_str()),
        language,
        greeting,
        sentences: composer.out,
        closing,
        footnotes: composer.footnotes,
        asks: composer.outcomes.into_iter().flatten().collect(),
        findings: Vec::new(),
        confidence: Confidence::High,
    };
    draft.confidence = confidence(&draft);
    draft.findings = findings(&draft, brief);
    draft
}

fn findings(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings: Vec<Finding> = brief
        .reply_to
        .notices
        .iter()
        .map(|text| Finding { kind: FindingKind::Recipients, text: text.clone() })
        .collect();
    for ask in &draft.asks {
        let kind = match &ask.outcome {
            Outcome::Conflict { .. } => FindingKind::Conflict,
            Outcome::Promise { .. } => FindingKind::Promise,
            Outcome::Answered { .. }
            | Outcome::Missing { .. }
            | Outcome::Slot { .. }
            | Outcome::Acknowledged => continue,
        };
        findings.push(Finding { kind, text: ask.text.clone() });
    }
    findings.extend(crate::check::check(draft, brief));
    findings
}

fn confidence(draft: &Draft) -> Confidence {
    let worst = draft.asks.iter().map(|ask| match &ask.outcome {
        Outcome::Answered { .. } | Outcome::Acknowledged => Confidence::High,
        Outcome::Promise { .. } => Confidence::Medium,
        Outcome::Missing { .. } | Outcome::Slot { .. } | Outcome::Conflict { .. } => Confidence::Low,
    });
    let all: Vec<Confidence> = worst.collect();
    match all.iter().min() {
        None => Confidence::Medium,
        Some(Confidence::High) => Confidence::High,
        Some(Confidence::Medium) => Confidence::Medium,
        // One gap beside good answers is still a draft worth sending after a look.
        Some(Confidence::Low) if all.contains(&Confidence::High) => Confidence::Medium,
        Some(Confidence::Low) => Confidence::Low,
    }
}

struct Composer<'b> {
    brief: &'b Brief,
    language: Language,
    today: Date,
    voice: Voice,
    used: Vec<&'static str>,
    cited: Vec<(ContentHash, usize)>,
    out: Vec<Sentence>,
    footnotes: Vec<Footnote>,
    outcomes: Vec<Option<AskOutcome>>,
    missing: Vec<usize>,
    paragraph: usize,
}

impl<'b> Composer<'b> {
    fn new(brief: &'b Brief) -> Self {
        let language = Language::of(brief.reading.language.as_deref());
        Self {
            brief,
            language,
            today: brief.today(),
            voice: voice(brief, language),
            used: Vec::new(),
            cited: Vec::new(),
            out: Vec::new(),
            footnotes: Vec::new(),
            outcomes: vec![None; brief.asks.len()],
            missing: Vec::new(),
            paragraph: 0,
        }
    }

    /// The next phrase of a family that has not been used in this mail.
    fn pick(&mut self, family: Family) -> Option<&'static str> {
        let known: Vec<&'static str> =
            family.iter().copied().filter(|id| template(self.language, id).is_some()).collect();
        let fresh = known.iter().copied().find(|id| !self.used.contains(id));
        let turn = self.used.iter().filter(|id| known.contains(id)).count();
        let id = fresh.or_else(|| known.get(turn % known.len().max(1)).copied())?;
        self.used.push(id);
        Some(id)
    }

    fn write(&mut self, id: &'static str, parts: Vec<Part>, footnotes: Vec<usize>) {
        let Some(template) = template(self.language, id) else { return };
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let text = fill(template, &texts);
        self.out.push(Sentence {
            text,
            paragraph: self.paragraph,
            origin: Origin { phrase: Some(id), parts },
            footnotes,
        });
    }

    /// Starts a paragraph, unless nothing stands in this one.
    fn break_paragraph(&mut self) {
        if self.out.last().is_some_and(|last| last.paragraph == self.paragraph) {
            self.paragraph += 1;
        }
    }

    fn cite(&mut self, passage: &Passage) -> usize {
        if let Some((_, number)) = self.cited.iter().find(|(id, _)| *id == passage.id()) {
            return *number;
        }
        let number = self.footnotes.len() + 1;
        self.footnotes.push(Footnote {
            number,
            source: passage.source.clone(),
            line: passage.line,
            anchor: passage.anchor.clone(),
            quote: passage.text.clone(),
            title: passage.title.clone(),
            date: passage.date,
        });
        self.cited.push((passage.id(), number));
        number
    }

    fn day(&self, date: Date) -> Part {
        Part { text: self.language.day(date, self.today), from: PartFrom::Day(date) }
    }

    fn opener(&mut self) {
        let received = self.brief.message.date.as_ref().map(|date| date.date());
        if received.is_some_and(|day| day < self.today && days_between(day, self.today) >= SLOW_DAYS) {
            self.write("opener.slow", Vec::new(), Vec::new());
            return;
        }
        let answered = self.brief.asks.first().is_some_and(|ask| !ask.evidence.is_empty());
        let brisk = self.brief.asks.first().is_some_and(|ask| match ask.ask.kind {
            AskKind::Introduction => true,
            AskKind::Question => answered,
            AskKind::Request | AskKind::Document => self.brief.sender_is_trusted(),
            AskKind::Time | AskKind::Decision => false,
        });
        if !brisk && !self.brief.asks.is_empty() {
            self.write("opener.thanks", Vec::new(), Vec::new());
        }
    }

    fn asks(&mut self) {
        let brief = self.brief;
        let many = brief.asks.len() > 3;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (i, ask) in brief.asks.iter().enumerate() {
            if !seen.insert(ask.ask.text.to_lowercase()) {
                continue;
            }
            if many && i > 0 {
                self.break_paragraph();
            }
            let outcome = match ask.ask.kind {
                AskKind::Question => self.question(i, ask),
                AskKind::Request | AskKind::Document => self.request(ask),
                AskKind::Time => self.time(ask),
                AskKind::Decision => self.decision(ask),
                AskKind::Introduction => self.introduction(),
            };
            if let Some(place) = self.outcomes.get_mut(i) {
                *place = outcome.map(|outcome| AskOutcome { text: ask.ask.text.clone(), outcome });
            }
        }
    }

    fn question(&mut self, place: usize, ask: &AskBrief) -> Option<Outcome> {
        let passages: Vec<&Passage> = ask.evidence.iter().map(|evidence| evidence.passage.get()).collect();
        let Some(best) = passages.first().copied() else {
            self.missing.push(place);
            return None;
        };
        match weigh(&passages, ask) {
            Weighed::Conflict(newer, older) => Some(self.conflict(ask, newer, older)),
            Weighed::One(passage) => {
                let passage = passage.unwrap_or(best);
                let already = self.cited.iter().any(|(id, _)| *id == passage.id());
                let number = self.cite(passage);
                if !already {
                    self.answer(ask, passage, number);
                }
                Some(Outcome::Answered { footnotes: vec![number] })
            }
        }
    }

    /// Says one passage as the answer to an ask.
    fn answer(&mut self, ask: &AskBrief, passage: &Passage, number: usize) {
        let said = say(&passage.text, &words_of(ask), &self.voice);
        let evidence = |text: String| Part { text, from: PartFrom::Evidence(number) };
        let from_mail = matches!(passage.source, Source::Mail(_));
        let dated =
            passage.date.filter(|_| days_between(passage.date.unwrap_or(self.today), self.today) < 3660);
        if from_mail {
            self.of_mail(&said, passage, number);
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
        let old =
            passage.date.filter(|date| *date < self.today && days_between(*date, self.today) > OLD_DAYS);
        let as_of =
            old.filter(|_| !names_a_day(&text)).and_then(|date| Some((date, self.pick(phrase::AS_OF)?)));
        if let Some((date, id)) = as_of {
            let parts = vec![evidence(unstopped(&text)), self.day(date)];
            self.write(id, parts, vec![number]);
            return;
        }
        let topic = if self.brief.asks.len() > 1 && !shares_word(&text, ask) && !figures {
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

    fn of_mail(&mut self, said: &Said, passage: &Passage, number: usize) {
        let own = passage.label.trust == Trust::Own;
        let (text, whole) = match said {
            Said::Sentence(text) => (text.clone(), true),
            Said::Decided(text) | Said::DecidedThat(text) | Said::OwnTask(text) | Said::Fragment(text) => {
                (text.clone(), false)
            }
        };
        let family = if own && whole { phrase::WROTE } else { phrase::QUOTE_MAIL };
        let text = if whole && own {
            small_start(&text, &self.voice).unwrap_or(text)
        } else {
            unstopped(&best_of_mail(passage, &text))
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
        let numbers = [self.cite(newer), self.cite(older)];
        let dated = newer.date.is_some() && older.date.is_some() && newer.date != older.date;
        let keywords = words_of(ask);
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
            let quoted = || unstopped(&say_quoted(passage, &keywords));
            let text = said.unwrap_or_else(quoted);
            let mut parts = vec![Part { text, from: PartFrom::Evidence(number) }];
            parts.extend(passage.date.filter(|_| dated).map(|date| self.day(date)));
            if let Some(id) = self.pick(family) {
                self.write(id, parts, vec![number]);
            }
        }
        Outcome::Conflict { footnotes: numbers.to_vec() }
    }

    fn request(&mut self, ask: &AskBrief) -> Option<Outcome> {
        let brief = self.brief;
        let thread = |text: String| Part {
            text,
            from: PartFrom::Thread { message: ask.ask.message, span: ask.ask.span },
        };
        if !brief.sender_is_trusted() || promise::is_forbidden(&ask.ask) {
            return Some(self.slot(ask, "your answer to this request"));
        }
        let passages: Vec<&Passage> = ask.evidence.iter().map(|evidence| evidence.passage.get()).collect();
        let keywords = words_of(ask);
        let late = ask.ask.due.filter(|due| *due < self.today);
        let footnotes: Vec<usize>;
        if self.language == Language::English {
            let Some(text) = promise::text(&ask.ask, &brief.reading, self.language, self.today) else {
                return Some(self.slot(ask, "your answer to this request"));
            };
            let task = passages
                .first()
                .filter(|passage| matches!(say(&passage.text, &keywords, &self.voice), Said::OwnTask(_)));
            footnotes = task.map(|passage| self.cite(passage)).into_iter().collect();
            if let Some(due) = late {
                let day =
                    Part { text: self.language.weekday_and_day(due, self.today), from: PartFrom::Day(due) };
                self.write("promise.late", vec![thread(unstopped(&text)), day], footnotes.clone());
            } else if let Some(topic) = self
                .topic(ask)
                .filter(|_| promise::points(&text))
                .or_else(|| self.matter_of_mail(ask).filter(|_| promise::points(&text)))
            {
                if let Some(id) = self.pick(phrase::PROMISE_ABOUT) {
                    self.write(id, vec![thread(text), topic], footnotes.clone());
                }
            } else if let Some(id) = self.pick(phrase::PROMISE) {
                self.write(id, vec![thread(text)], footnotes.clone());
            }
        } else {
            footnotes = Vec::new();
            let quoted = thread(promise::quoted(&ask.ask.text));
            match ask.ask.due.filter(|_| late.is_none()) {
                Some(due) => {
                    let day = Part {
                        text: self.language.weekday_and_day(due, self.today),
                        from: PartFrom::Day(due),
                    };
                    self.write("promise.quote.by", vec![quoted, day], footnotes.clone());
                }
                None => self.write("promise.quote", vec![quoted], footnotes.clone()),
            }
        }
        // A fact that bears on it, where it really speaks of the same thing.
        let fact = passages.iter().copied().find(|passage| {
            !footnotes
                .iter()
                .any(|number| self.cited.iter().any(|(id, own)| own == number && *id == passage.id()))
                && !self.cited.iter().any(|(id, _)| *id == passage.id())
                && shared_words(&passage.text, ask) >= 2
                && matches!(say(&passage.text, &keywords, &self.voice), Said::Sentence(_))
        });
        if let Some(passage) = fact.filter(|_| late.is_none()) {
            let number = self.cite(passage);
            self.answer(ask, passage, number);
        }
        Some(Outcome::Promise { due: ask.ask.due })
    }

    /// What the mail is about, where an ask says only "it".
    fn matter_of_mail(&self, ask: &AskBrief) -> Option<Part> {
        let message = &self.brief.message;
        if ask.ask.message != message.key {
            return None;
        }
        let text = message.text.to_lowercase();
        let topic = self.brief.reading.topics.iter().find(|topic| text.contains(&topic.to_lowercase()))?;
        let first = topic.split(' ').next().unwrap_or_default();
        let article = !["the", "our", "your", "a", "an"].contains(&english::bare(first).as_str())
            && !english::is_shouted(first);
        let text = if article { format!("the {topic}") } else { english::turned(topic) };
        plain_words(&text)
            .then_some(Part { text, from: PartFrom::Thread { message: ask.ask.message, span: ask.ask.span } })
    }

    /// A place for the owner to answer an ask.
    fn slot(&mut self, ask: &AskBrief, what: &str) -> Outcome {
        let from = PartFrom::Thread { message: ask.ask.message, span: ask.ask.span };
        self.break_paragraph();
        let topic = if ask.ask.kind == AskKind::Decision { self.topic(ask) } else { None };
        if let Some(topic) = topic {
            if let Some(id) = self.pick(phrase::SLOT_TOPIC) {
                self.write(id, vec![topic], Vec::new());
            }
        } else {
            let text = promise::quoted(&ask.ask.text);
            if let Some(id) = self.pick(phrase::SLOT_QUESTION) {
                self.write(id, vec![Part { text, from }], Vec::new());
            }
        }
        Outcome::Slot { what: what.to_owned() }
    }

    fn decision(&mut self, ask: &AskBrief) -> Option<Outcome> {
        let outcome = self.slot(ask, "your decision");
        if let Some(evidence) = ask.evidence.first() {
            let passage = evidence.passage.get();
            if !self.cited.iter().any(|(id, _)| *id == passage.id()) {
                let number = self.cite(passage);
                let said = say(&passage.text, &words_of(ask), &self.voice);
                match said {
                    Said::Sentence(text) if matches!(passage.source, Source::Note(_)) => {
                        if let Some(id) = self.pick(phrase::MORE) {
                            let text = small_start(&text, &self.voice).unwrap_or(text);
                            self.write(
                                id,
                                vec![Part { text, from: PartFrom::Evidence(number) }],
                                vec![number],
                            );
                        }
                    }
                    Said::Sentence(_)
                    | Said::Decided(_)
                    | Said::DecidedThat(_)
                    | Said::OwnTask(_)
                    | Said::Fragment(_) => {
                        self.answer(ask, passage, number);
                    }
                }
            }
        }
        Some(outcome)
    }

    fn time(&mut self, ask: &AskBrief) -> Option<Outcome> {
        self.break_paragraph();
        let dates = &self.brief.reading.dates;
        let shared = |key| self.brief.thread.messages.iter().any(|message| message.key == key);
        let proposed: Vec<usize> = dates
            .iter()
            .enumerate()
            .filter(|(_, date)| {
                date.message == ask.ask.message && shared(date.message) && ask.ask.span.overlaps(date.span)
            })
            .filter(|(_, date)| {
                date.start.timestamp() >= self.brief.now.timestamp() || date.start.date() >= self.today
            })
            .map(|(i, _)| i)
            .take(3)
            .collect();
        let parts: Vec<Part> = proposed
            .iter()
            .filter_map(|i| {
                let text = moment::said(dates.get(*i)?, &self.brief.owner, self.language, self.today);
                Some(Part { text, from: PartFrom::Moment(*i) })
            })
            .collect();
        let (said, slot) = match parts.len() {
            0 => (None, "slot.time.none"),
            1 => (Some("time.one"), "slot.time.one"),
            2 => (Some("time.two"), "slot.time.many"),
            _ => (Some("time.three"), "slot.time.many"),
        };
        if let Some(id) = said {
            self.write(id, parts, Vec::new());
        }
        self.write(slot, Vec::new(), Vec::new());
        Some(Outcome::Slot { what: "whether the time suits you".to_owned() })
    }

    fn introduction(&mut self) -> Option<Outcome> {
        self.write("intro", Vec::new(), Vec::new());
        self.write("slot.intro", Vec::new(), Vec::new());
        Some(Outcome::Slot { what: "what you want to say to them".to_owned() })
    }

    /// One sentence for all questions that nothing answers.
    fn missing(&mut self) {
        let places = std::mem::take(&mut self.missing);
        if places.is_empty() {
            return;
        }
        let brief = self.brief;
        let asks: Vec<(usize, &AskBrief)> =
            places.iter().filter_map(|place| Some((*place, brief.asks.get(*place)?))).collect();
        if self.out.len() > 1 || self.out.last().is_some_and(|last| !last.footnotes.is_empty()) {
            self.break_paragraph();
        }
        let objects: Vec<Option<Part>> = asks.iter().map(|(_, ask)| self.to_check(ask)).collect();
        let whole: Option<Vec<Part>> = objects.iter().cloned().collect();
        match whole {
            Some(parts) if parts.len() <= 3 && self.language == Language::English => {
                let id = match parts.len() {
                    1 => "missing.one",
                    2 => "missing.two",
                    _ => "missing.three",
                };
                self.write(id, parts, Vec::new());
            }
            Some(_) | None => {
                if let Some((_, ask)) = asks.first().filter(|_| asks.len() == 1) {
                    let from = PartFrom::Thread { message: ask.ask.message, span: ask.ask.span };
                    self.write(
                        "missing.quote",
                        vec![Part { text: promise::quoted(&ask.ask.text), from }],
                        Vec::new(),
                    );
                } else {
                    let all =
                        self.out.is_empty() || self.out.iter().all(|sentence| sentence.footnotes.is_empty());
                    self.write(if all { "missing.all" } else { "missing.rest" }, Vec::new(), Vec::new());
                }
            }
        }
        for (place, ask) in asks {
            let what = if ask.ask.matter.is_empty() { ask.ask.text.clone() } else { ask.ask.matter.clone() };
            if let Some(outcome) = self.outcomes.get_mut(place) {
                *outcome =
                    Some(AskOutcome { text: ask.ask.text.clone(), outcome: Outcome::Missing { what } });
            }
        }
    }

    /// What is to be checked, as an object of "check": a clause or "on the …".
    fn to_check(&self, ask: &AskBrief) -> Option<Part> {
        let from = PartFrom::Thread { message: ask.ask.message, span: ask.ask.span };
        let question = if ask.ask.matter.is_empty() { &ask.ask.text } else { &ask.ask.matter };
        let clause = english::indirect(question)
            .map(|clause| english::turned(&clause))
            .filter(|clause| clause.len() <= LONG_CLAUSE);
        let text = clause.or_else(|| {
            english::noun_phrase(question, &ask.ask.keywords)
                .map(|phrase| format!("on {}", english::turned(&phrase)))
        })?;
        plain_words(&text).then_some(Part { text, from })
    }

    /// What an ask is about, as a noun phrase from our side.
    fn topic(&self, ask: &AskBrief) -> Option<Part> {
        if self.language != Language::English {
            return None;
        }
        let question = if ask.ask.matter.is_empty() { &ask.ask.text } else { &ask.ask.matter };
        let text = english::turned(&english::noun_phrase(question, &ask.ask.keywords)?);
        plain_words(&text)
            .then_some(Part { text, from: PartFrom::Thread { message: ask.ask.message, span: ask.ask.span } })
    }

    /// A mail that asks nothing gets a word of thanks.
    fn acknowledge(&mut self) {
        let told = self.outcomes.iter().flatten().count();
        if told == 0 && self.out.iter().all(|sentence| sentence.origin.phrase == Some("opener.slow")) {
            self.out.clear();
            self.write("ack.1", Vec::new(), Vec::new());
            self.write("ack.2", Vec::new(), Vec::new());
        }
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

fn voice(brief: &Brief, language: Language) -> Voice {
    let mut owner: Vec<String> = brief.owner.names.clone();
    owner.push(brief.owner.name.clone());
    owner.extend(brief.owner.name.split(' ').next().map(str::to_owned));
    let single: Option<&Mailbox> = brief.reply_to.to.first().filter(|_| brief.reply_to.to.len() == 1);
    let mut reader: Vec<String> =
        single.and_then(called).map(|called| vec![called.full, called.first]).unwrap_or_default();
    // A first name that owner and reader share tells nothing.
    reader.retain(|name| !owner.contains(name));
    for names in [&mut owner, &mut reader] {
        names.retain(|name| !name.trim().is_empty());
        names.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        names.dedup();
    }
    let small = brief
        .thread
        .messages
        .iter()
        .map(|message| message.text.as_str())
        .chain(
            brief
                .asks
                .iter()
                .flat_map(|ask| ask.evidence.iter().map(|evidence| evidence.passage.get().text.as_str())),
        )
        .flat_map(|text| text.split_whitespace())
        .filter(|word| {
            word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
                && !word.contains(['@', '/', '_'])
        })
        .map(english::bare)
        .collect();
    Voice { language, owner, reader, party: only_party(brief), small }
}

fn only_party(brief: &Brief) -> Option<String> {
    use postil_evidence::label::Reader;
    let mut parties = BTreeSet::new();
    for reader in brief.recipients.readers() {
        match reader {
            Reader::Party(party) => {
                parties.insert(party.as_str().to_owned());
            }
            Reader::Us | Reader::Unknown(_) => return None,
        }
    }
    let first = parties.pop_first()?;
    parties.is_empty().then_some(first)
}

/// Whether words of a mail can stand in a sentence of ours: brackets would read as a place to fill.
fn plain_words(text: &str) -> bool {
    !text.contains(['[', ']', '{', '}'])
}

fn words_of(ask: &AskBrief) -> Vec<String> {
    if !ask.ask.keywords.is_empty() {
        return ask.ask.keywords.clone();
    }
    ask.ask.matter.split_whitespace().map(english::bare).filter(|word| word.chars().count() > 3).collect()
}

fn shared_words(text: &str, ask: &AskBrief) -> usize {
    let words: BTreeSet<String> = text.split(|c: char| !c.is_alphanumeric()).map(stem).collect();
    let keys: BTreeSet<String> =
        words_of(ask).iter().flat_map(|key| key.split_whitespace().map(stem).collect::<Vec<_>>()).collect();
    keys.iter().filter(|key| words.contains(*key)).count()
}

fn shares_word(text: &str, ask: &AskBrief) -> bool {
    shared_words(text, ask) > 0
}

/// The words of a mail as they stand, where they are quoted and not said.
fn best_of_mail(passage: &Passage, said: &str) -> String {
    let line = tidy(&passage.text);
    if line.contains(said.trim_end_matches('.')) {
        return said.to_owned();
    }
    sentences(&line).first().map_or_else(|| line.clone(), |first| (*first).to_owned())
}

fn say_quoted(passage: &Passage, keywords: &[String]) -> String {
    let line = tidy(&passage.text);
    let best = sentences(&line).into_iter().max_by_key(|sentence| {
        let words: BTreeSet<String> = sentence.split(|c: char| !c.is_alphanumeric()).map(stem).collect();
        keywords.iter().filter(|key| words.contains(&stem(key))).count()
    });
    best.map_or_else(|| line.clone(), str::to_owned)
}

fn names_a_day(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "20",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "januar",
        "februar",
        "märz",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "janvier",
        "février",
        "mars",
        "avril",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ]
    .iter()
    .any(|month| lower.contains(month))
}

/// The day after 📅 in a task.
pub(crate) fn due_of(text: &str) -> Option<Date> {
    text.split_once('📅')?.1.trim_start().get(..10)?.parse().ok()
}
