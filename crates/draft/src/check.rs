//! Whether a draft holds only what its brief allows.
//!
//! Two looks that do not trust the composer: each sentence must rebuild from its phrase and parts,
//! and each word of it must occur where its part says it comes from. It serves drafts of a model too.

use std::collections::BTreeSet;

use jiff::civil::Date;
use postil_evidence::Passage;
use postil_evidence::text::fold_case;

use crate::brief::Brief;
use crate::compose::due_of;
use crate::draft::{Draft, Finding, FindingKind, Footnote, Part, PartFrom, Sentence};
use crate::english;
use crate::language::Language;
use crate::moment;
use crate::phrase::{self, fill, template};
use crate::say::{stem, tidy};

/// Words that turning a sentence to our side may bring in. None of them states anything.
const GLUE: &[&str] = &[
    "i", "i'm", "i'll", "i've", "i'd", "me", "my", "our", "us", "mine", "myself", "you", "you're", "you've",
    "you'll", "you'd", "your", "yours", "yourself", "the", "a", "is", "are", "am", "was", "were", "have",
    "has", "to", "for", "on", "going", "and", "that", "done", "whether", "it", "can", "must", "should",
    "would", "will", "we", "we're", "we've", "we'll", "we'd", "there", "not",
];

/// What a person should look at before this draft goes out: slots to fill, and anything whose source
/// is not in the brief. A draft of [`crate::compose()`] has slots at most.
#[must_use]
pub fn check(draft: &Draft, brief: &Brief) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sources = Sources::new(draft, brief);
    for sentence in draft.all_sentences() {
        rebuild(sentence, draft.language, &mut findings);
        for part in &sentence.origin.parts {
            if let Some(text) = sources.objection(part) {
                findings.push(Finding { kind: FindingKind::Ungrounded, text });
            }
        }
        for word in tokens(&sentence.text) {
            if !sources.anywhere(&word) {
                findings.push(Finding {
                    kind: FindingKind::Ungrounded,
                    text: format!("{word} in {:?}", sentence.text),
                });
            }
        }
    }
    footnotes(draft, brief, &mut findings);
    findings
}

/// The passage behind a footnote, which quotes the words of it that are said.
fn passage_of<'b>(footnote: &Footnote, brief: &'b Brief) -> Option<&'b Passage> {
    brief
        .asks
        .iter()
        .flat_map(|ask| &ask.evidence)
        .map(|evidence| evidence.passage.get())
        .find(|passage| passage.source == footnote.source && tidy(&passage.text).contains(&footnote.quote))
}

fn rebuild(sentence: &Sentence, language: Language, findings: &mut Vec<Finding>) {
    let parts: Vec<&str> = sentence.origin.parts.iter().map(|part| part.text.as_str()).collect();
    let (rebuilt, slot) = match sentence.origin.phrase {
        Some(id) => match template(language, id) {
            Some(template) => (fill(template, &parts), template.contains('[')),
            None => (String::new(), false),
        },
        None => (parts.join(" "), false),
    };
    if rebuilt != sentence.text {
        findings.push(Finding { kind: FindingKind::Rebuild, text: sentence.text.clone() });
    }
    if slot {
        findings.push(Finding { kind: FindingKind::Slot, text: sentence.text.clone() });
    }
}

fn footnotes(draft: &Draft, brief: &Brief, findings: &mut Vec<Finding>) {
    let mut bad = |text: String| findings.push(Finding { kind: FindingKind::Footnote, text });
    let used: BTreeSet<usize> =
        draft.sentences.iter().flat_map(|sentence| sentence.footnotes.iter().copied()).collect();
    let defined: BTreeSet<usize> = draft.footnotes.iter().map(|footnote| footnote.number).collect();
    if defined.len() != draft.footnotes.len() {
        bad("a footnote number stands twice".to_owned());
    }
    for number in used.symmetric_difference(&defined) {
        bad(format!("footnote {number} is not both used and defined"));
    }
    for footnote in &draft.footnotes {
        if passage_of(footnote, brief).is_none() {
            bad(format!("footnote {} cites what is not in the brief", footnote.number));
        }
    }
    if draft.body().contains("[^") {
        bad("a footnote mark stands in the text to be sent".to_owned());
    }
}

/// All that words of a draft may come from.
struct Sources<'a> {
    draft: &'a Draft,
    brief: &'a Brief,
    days: Vec<Date>,
    all: BTreeSet<String>,
    stems: BTreeSet<String>,
}

impl<'a> Sources<'a> {
    fn new(draft: &'a Draft, brief: &'a Brief) -> Self {
        let mut days: Vec<Date> = draft.footnotes.iter().filter_map(|footnote| footnote.date).collect();
        days.extend(draft.footnotes.iter().filter_map(|footnote| due_of(&passage_of(footnote, brief)?.text)));
        days.extend(brief.asks.iter().filter_map(|ask| ask.ask.due));
        let mut sources = Self { draft, brief, days, all: BTreeSet::new(), stems: BTreeSet::new() };
        let mut all: BTreeSet<String> = GLUE.iter().map(|word| (*word).to_owned()).collect();
        let mut take = |text: &str| all.extend(tokens(text));
        for message in &brief.thread.messages {
            take(&message.text);
            take(message.subject.as_str());
        }
        for footnote in &draft.footnotes {
            take(&footnote.quote);
            take(&tidy(&footnote.quote));
        }
        for mailbox in &brief.reply_to.to {
            take(&titled(mailbox.name.as_str()));
        }
        take(&brief.style.signature);
        take(brief.style.greeting.as_deref().unwrap_or_default());
        take(brief.style.closing.as_deref().unwrap_or_default());
        for text in phrase::all(draft.language) {
            take(&text.replace(['{', '}', '0', '1', '2'], " "));
        }
        for day in &sources.days {
            take(&draft.language.weekday_and_day(*day, brief.today()));
        }
        for i in 0..brief.reading.dates.len() {
            take(&sources.moment(i));
        }
        sources.stems =
            all.iter().filter(|word| word.chars().all(char::is_alphabetic)).map(|word| stem(word)).collect();
        sources.all = all;
        sources
    }

    fn moment(&self, place: usize) -> String {
        let Some(mention) = self.brief.reading.dates.get(place) else { return String::new() };
        moment::said(mention, &self.brief.owner, self.draft.language, self.brief.today())
    }

    fn anywhere(&self, word: &str) -> bool {
        self.all.contains(word)
            || is_form_of(word, &self.all)
            || (word.chars().all(char::is_alphabetic) && self.stems.contains(&stem(word)))
    }

    /// Why the words of a part do not come from where it says; `None` where they do.
    fn objection(&self, part: &Part) -> Option<String> {
        let foreign = |source: &str| {
            let known = tokens(source);
            let stems: BTreeSet<String> = known.iter().map(|word| stem(word)).collect();
            let word = tokens(&part.text).into_iter().find(|word| {
                let same_stem = word.chars().all(char::is_alphabetic) && stems.contains(&stem(word));
                !known.contains(word)
                    && !same_stem
                    && !GLUE.contains(&word.as_str())
                    && !is_form_of(word, &known)
            })?;
            Some(format!("{word} is not in the source of {:?}", part.text))
        };
        let today = self.brief.today();
        match &part.from {
            PartFrom::Evidence(number) => {
                match self.draft.footnotes.iter().find(|footnote| footnote.number == *number) {
                    Some(footnote) => foreign(&format!("{} {}", footnote.quote, tidy(&footnote.quote))),
                    None => Some(format!("{:?} stands on a footnote that is missing", part.text)),
                }
            }
            PartFrom::Thread { message, .. } => {
                let Some(message) = self.brief.thread.messages.iter().find(|own| own.key == *message) else {
                    return Some(format!(
                        "{:?} is from a message that not every recipient was on",
                        part.text
                    ));
                };
                let mut source = message.text.clone();
                for day in self.brief.asks.iter().filter_map(|ask| ask.ask.due) {
                    source.push(' ');
                    source.push_str(&self.draft.language.weekday_and_day(day, today));
                }
                foreign(&source)
            }
            PartFrom::Header(addr) => {
                let mailbox = self.brief.reply_to.to.iter().find(|mailbox| mailbox.addr == *addr);
                foreign(&titled(mailbox.map(|mailbox| mailbox.name.as_str()).unwrap_or_default()))
            }
            PartFrom::Config(key) => {
                let style = &self.brief.style;
                let value = match *key {
                    "reply.greeting" => style.greeting.as_deref(),
                    "reply.closing" => style.closing.as_deref(),
                    "reply.signature" => Some(style.signature.as_str()),
                    _ => None,
                };
                let fits = value.is_some_and(|value| value.contains(part.text.as_str()));
                (!fits).then(|| format!("{:?} is not the value of {key}", part.text))
            }
            PartFrom::Day(day) => {
                let language = self.draft.language;
                let fits = self.days.contains(day)
                    && (part.text == language.day(*day, today)
                        || part.text == language.weekday_and_day(*day, today));
                (!fits).then(|| format!("{:?} is not a day of the brief", part.text))
            }
            PartFrom::Moment(place) => (part.text != self.moment(*place))
                .then(|| format!("{:?} is not a time of the thread", part.text)),
        }
    }
}

/// Whether a word is the past or the third person of a verb that is known: "got" of "get".
fn is_form_of(word: &str, known: &BTreeSet<String>) -> bool {
    english::base_of(word).is_some_and(|base| known.contains(&base))
        || known.contains(&english::past(word))
        || known.contains(&english::third_person(word))
}

/// A header name with the titles that a greeting writes out.
fn titled(name: &str) -> String {
    format!("{name} Dr. Prof.")
}

/// Words in folded case without the punctuation around them; figures, addresses and links whole.
fn tokens(text: &str) -> BTreeSet<String> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(c, '—' | '–' | '"' | '“' | '”' | '„' | '«' | '»' | '(' | ')' | '[' | ']')
    })
    .map(|word| fold_case(word.trim_matches(|c: char| !c.is_alphanumeric())))
    .filter(|word| !word.is_empty())
    .collect()
}
