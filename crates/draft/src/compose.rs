//! A brief rendered as a reply, without a language model.
//!
//! Every sentence is a fixed phrase filled with words of evidence, of the thread or of the
//! configuration. The result depends on the brief alone.

use std::collections::BTreeSet;

use jiff::civil::Date;
use postil_evidence::{Addr, ContentHash, Mailbox, Passage, Source};
use postil_mail::subject::reply_subject;
use postil_understand::{AskKind, Confidence};

use crate::brief::{AskBrief, Brief};
use crate::draft::{
    AskOutcome, Draft, Finding, FindingKind, Footnote, Origin, Outcome, Part, PartFrom, Sentence,
};
use crate::english::{self, Side};
use crate::greeting;
use crate::language::{Language, days_between};
use crate::names::called;
use crate::phrase::{self, Family, fill, template};
use crate::say::{Said, Voice, chosen, finished_start, is_remark, say, stem, unstopped};
use crate::{moment, promise};

mod answer;
mod missing;
mod slot;

/// A mail older than this is answered with an apology.
const SLOW_DAYS: i32 = 7;

/// Renders a brief as a draft.
#[must_use]
pub fn compose(brief: &Brief) -> Draft {
    let mut composer = Composer::new(brief);
    let suspect = composer.is_suspect();
    let sender = suspect.then(|| composer.sender_finding());
    if suspect {
        composer.neutral();
    } else {
        composer.opener();
        composer.asks();
        composer.missing();
        composer.acknowledge();
    }
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
    draft.findings = sender.into_iter().chain(findings(&draft, brief)).collect();
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
    cited: Vec<(ContentHash, String, usize)>,
    out: Vec<Sentence>,
    footnotes: Vec<Footnote>,
    outcomes: Vec<Option<AskOutcome>>,
    missing: Vec<usize>,
    /// Halves of questions that nothing answers, as clauses.
    unanswered: Vec<Part>,
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
            unanswered: Vec::new(),
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

    /// The footnote of what a passage says to these words.
    fn cite(&mut self, passage: &Passage, keywords: &[String]) -> usize {
        let quote = chosen(&passage.text, keywords);
        let known = self.cited.iter().find(|(id, own, _)| *id == passage.id() && *own == quote);
        if let Some((_, _, number)) = known {
            return *number;
        }
        let number = self.footnotes.len() + 1;
        self.footnotes.push(Footnote {
            number,
            source: passage.source.clone(),
            line: passage.line,
            anchor: passage.anchor.clone(),
            quote: quote.clone(),
            title: passage.title.clone(),
            date: passage.date,
        });
        self.cited.push((passage.id(), quote, number));
        number
    }

    fn is_cited(&self, passage: &Passage) -> bool {
        self.cited.iter().any(|(id, _, _)| *id == passage.id())
    }

    /// Notes the outcome of the ask at this place.
    fn close(&mut self, place: usize, outcome: Outcome) {
        let text = self.brief.asks.get(place).map(|ask| ask.ask.text.clone());
        if let (Some(slot), Some(text)) = (self.outcomes.get_mut(place), text) {
            *slot = Some(AskOutcome { text, outcome });
        }
    }

    /// Whose side words are turned to: among colleagues "we" is both.
    fn side(&self, side: Side) -> Side {
        if self.among_us() { Side::Colleague } else { side }
    }

    fn among_us(&self) -> bool {
        use postil_evidence::label::Reader;
        let readers = self.brief.recipients.readers();
        !readers.is_empty() && readers.iter().all(|reader| matches!(reader, Reader::Us))
    }

    /// The passages of an ask that can be said to the reader: no invitations and automatic mails, no
    /// questions, and to outsiders no remarks about people.
    fn usable(&self, ask: &'b AskBrief) -> Vec<&'b Passage> {
        let keywords = words_of(ask);
        let outside = !self.among_us();
        ask.evidence
            .iter()
            .map(|evidence| evidence.passage.get())
            .filter(|passage| {
                let quote = chosen(&passage.text, &keywords);
                let automatic = matches!(passage.source, Source::Mail(_)) && is_automatic(&passage.text);
                let remark = outside && is_remark(&quote);
                !automatic && !remark && !quote.ends_with('?')
            })
            .collect()
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
        // Where the reply has something to say, it says it at once.
        let id = match self.brief.asks.first().map(|ask| ask.ask.kind) {
            Some(AskKind::Decision) => "opener.asked",
            Some(AskKind::Time) => "opener.time",
            Some(AskKind::Question | AskKind::Request | AskKind::Document | AskKind::Introduction) | None => {
                return;
            }
        };
        self.write(id, Vec::new(), Vec::new());
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
            if let Some(outcome) = outcome {
                self.close(i, outcome);
            }
        }
    }

    fn request(&mut self, ask: &'b AskBrief) -> Option<Outcome> {
        let brief = self.brief;
        let thread = |text: String| Part {
            text,
            from: PartFrom::Thread { message: ask.ask.message, span: ask.ask.span },
        };
        if !brief.sender_is_trusted() || promise::is_forbidden(&ask.ask) {
            return Some(self.slot(ask, "your answer to this request"));
        }
        if promise::is_for_machines(&ask.ask.text) {
            return Some(self.slot(ask, "your answer to this request"));
        }
        let passages = self.usable(ask);
        let keywords = words_of(ask);
        let late = ask.ask.due.filter(|due| *due < self.today);
        let footnotes: Vec<usize>;
        if self.language == Language::English {
            let Some(text) = promise::text(&ask.ask, &brief.reading, self.side(Side::Myself), self.today)
            else {
                return Some(self.slot(ask, "your answer to this request"));
            };
            let task = passages
                .first()
                .filter(|passage| matches!(say(&passage.text, &keywords, &self.voice), Said::OwnTask(_)));
            let text = self.named(ask, &text).unwrap_or(text);
            footnotes = task.map(|passage| self.cite(passage, &keywords)).into_iter().collect();
            if let Some(due) = late {
                let day =
                    Part { text: self.language.weekday_and_day(due, self.today), from: PartFrom::Day(due) };
                self.write("promise.late", vec![thread(unstopped(&text)), day], footnotes.clone());
            } else if let Some(topic) = self.topic(ask).filter(|_| promise::points(&text)) {
                if let Some(id) = self.pick(phrase::PROMISE_ABOUT) {
                    self.write(id, vec![thread(text), topic], footnotes.clone());
                }
            } else if let Some(id) = self.pick(phrase::PROMISE) {
                self.write(id, vec![thread(text)], footnotes.clone());
            }
        } else {
            footnotes = Vec::new();
            let sent = promise::sent(&ask.ask.text, self.language);
            let before = promise::says_before(&ask.ask.text, self.language);
            let day = ask.ask.due.filter(|_| late.is_none()).map(|due| Part {
                text: self.language.weekday_and_day(due, self.today),
                from: PartFrom::Day(due),
            });
            let id = match (sent.is_some(), day.is_some(), before) {
                (true, true, true) => "promise.send.before",
                (true, true, false) => "promise.send.by",
                (true, false, _) => "promise.send",
                (false, true, true) => "promise.quote.before",
                (false, true, false) => "promise.quote.by",
                (false, false, _) => "promise.quote",
            };
            let text = sent.unwrap_or_else(|| promise::quoted(&ask.ask.text));
            self.write(id, [thread(text)].into_iter().chain(day).collect(), footnotes.clone());
        }
        // A fact that bears on it, where it really speaks of the same thing.
        let fact = passages.iter().copied().find(|passage| {
            !self.is_cited(passage)
                && shared_words(&passage.text, ask) >= 2
                && matches!(self.said(ask, passage), Said::Sentence(_))
        });
        if let Some(passage) = fact.filter(|_| late.is_none()) {
            let number = self.cite(passage, &keywords);
            self.answer(ask, passage, number);
        }
        Some(Outcome::Promise { due: ask.ask.due })
    }

    /// "send it" with what the sentence before says is wanted: "send the list of sub-processors".
    fn named(&self, ask: &AskBrief, text: &str) -> Option<String> {
        if !promise::points(text) {
            return None;
        }
        let message = self.brief.thread.messages.iter().find(|own| own.key == ask.ask.message)?;
        let wanted = promise::wanted_before(&message.text, ask.ask.span)?;
        let wanted = english::turned(&wanted, self.side(Side::House));
        let mut replaced = false;
        let words: Vec<&str> = text
            .split(' ')
            .map(|word| {
                if !replaced && ["it", "them", "this", "that"].contains(&word) {
                    replaced = true;
                    wanted.as_str()
                } else {
                    word
                }
            })
            .collect();
        (replaced && plain_words(&wanted)).then(|| words.join(" "))
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

    /// What an ask is about, as a noun phrase from our side.
    fn topic(&self, ask: &AskBrief) -> Option<Part> {
        if self.language != Language::English {
            return None;
        }
        let question = if ask.ask.matter.is_empty() { &ask.ask.text } else { &ask.ask.matter };
        let text =
            english::turned(&english::noun_phrase(question, &ask.ask.keywords)?, self.side(Side::Myself));
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
    let people = brief
        .thread
        .messages
        .iter()
        .flat_map(|message| message.from.iter().chain(&message.to).chain(&message.cc))
        .filter_map(|mailbox| Some(called(mailbox)?.first))
        .chain(
            brief
                .reading
                .mentions
                .iter()
                .flat_map(|mention| &mention.names)
                .filter_map(|name| first_of(name)),
        )
        .chain(
            brief
                .asks
                .iter()
                .flat_map(|ask| &ask.evidence)
                .flat_map(|evidence| &evidence.passage.get().people)
                .filter_map(first_of_addr),
        )
        .chain(brief.context.iter().flat_map(|item| names_in(&item.passage.get().text)))
        .collect();
    Voice { language, owner, reader, party: only_party(brief), people, small }
}

fn first_of(name: &str) -> Option<String> {
    name.split(' ').next().filter(|_| name.contains(' ')).map(str::to_owned)
}

/// "Jonas" of jonas.weber@halyard.example.
fn first_of_addr(addr: &Addr) -> Option<String> {
    let first = addr.local().split(['.', '_', '-']).next()?;
    (first.len() > 2 && first.chars().all(char::is_alphabetic)).then(|| finished_start(first))
}

/// First names of the "Jonas Weber, IT operations" lines of a note.
fn names_in(text: &str) -> Vec<String> {
    let capital = |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    text.lines()
        .filter_map(|line| {
            let (name, _) = line.trim_start_matches(['-', '*', ' ']).split_once(", ")?;
            let (first, last) = name.split_once(' ')?;
            (capital(first) && capital(last)).then(|| first.to_owned())
        })
        .collect()
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

/// Whether a mail was written by a program: an invitation, an answer to one, an absence note.
fn is_automatic(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "invites you to",
        "has invited you",
        "accepted your invitation",
        "declined your invitation",
        "invitation from google",
        "join zoom meeting",
        "microsoft teams meeting",
        "automatic reply",
        "out of office",
        "out of the office",
        "automatische antwort",
        "abwesenheitsnotiz",
        "réponse automatique",
        "respuesta automática",
        "do not reply to this",
        "unsubscribe",
        "delivery has failed",
        "undeliverable",
    ]
    .iter()
    .any(|mark| text.contains(mark))
        || (text.contains("when:") && text.contains("where:"))
}

/// The day after 📅 in a task.
pub(crate) fn due_of(text: &str) -> Option<Date> {
    text.split_once('📅')?.1.trim_start().get(..10)?.parse().ok()
}
