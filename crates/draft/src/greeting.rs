//! The first and the last lines of a reply, in the tone of the mail that it answers.

use postil_evidence::Mailbox;
use postil_mail::{Message, ZoneKind};

use crate::brief::Brief;
use crate::draft::{Origin, Part, PartFrom, Sentence};
use crate::language::Language;
use crate::names::{Called, called};
use crate::phrase::{fill, template};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Casual,
    Neutral,
    /// By title or first name: "Dear Sam".
    Polite,
    /// By title or full name: "Dear Mr Rivera".
    Formal,
}

/// The greeting and the closing.
pub(crate) fn around(brief: &Brief, language: Language) -> (Vec<Sentence>, Vec<Sentence>) {
    let tone = tone(&brief.message);
    (vec![greeting(brief, language, tone)], closing(brief, language, tone))
}

fn tone(message: &Message) -> Tone {
    let salutation = message
        .zones
        .iter()
        .find(|zone| zone.kind == ZoneKind::Salutation)
        .map(|zone| zone.span.of(&message.text));
    let line = salutation
        .or_else(|| message.text.lines().find(|line| !line.trim().is_empty()))
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let words: Vec<&str> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |list: &[&str]| words.iter().take(4).any(|word| list.contains(word));
    if has(&[
        "mr", "mrs", "ms", "herr", "frau", "monsieur", "madame", "señor", "señora", "geehrte", "geehrter",
        "sir", "madam", "dr", "prof",
    ]) {
        Tone::Formal
    } else if has(&["dear", "cher", "chère", "estimado", "estimada"]) {
        Tone::Polite
    } else if has(&["hello", "guten", "buenos", "buenas", "greetings"]) {
        Tone::Neutral
    } else {
        Tone::Casual
    }
}

fn greeting(brief: &Brief, language: Language, tone: Tone) -> Sentence {
    let people: Vec<(&Mailbox, Option<Called>)> =
        brief.reply_to.to.iter().map(|mailbox| (mailbox, called(mailbox))).collect();
    let names: Vec<Part> = people
        .iter()
        .filter_map(|(mailbox, called)| {
            let called = called.as_ref()?;
            let text = match tone {
                Tone::Casual | Tone::Neutral => called.first.clone(),
                // Who shows a title and writes "Dear" is answered with it.
                Tone::Polite => called.titled.clone().unwrap_or_else(|| called.first.clone()),
                Tone::Formal => called.titled.clone().unwrap_or_else(|| called.full.clone()),
            };
            Some(Part { text, from: PartFrom::Header(mailbox.addr.clone()) })
        })
        .collect();
    let all_named = names.len() == people.len();
    let ids: [&'static str; 4] = if brief.style.greeting.is_some() {
        ["greeting.config.none", "greeting.config.one", "greeting.config.two", "greeting.config.all"]
    } else {
        match tone {
            Tone::Casual => {
                ["greeting.casual.none", "greeting.casual.one", "greeting.casual.two", "greeting.casual.all"]
            }
            Tone::Neutral => [
                "greeting.neutral.none",
                "greeting.neutral.one",
                "greeting.neutral.two",
                "greeting.neutral.all",
            ],
            Tone::Polite | Tone::Formal => {
                ["greeting.formal.none", "greeting.formal.one", "greeting.formal.two", "greeting.formal.all"]
            }
        }
    };
    let [none, one, two, all] = ids;
    let (id, mut parts) = match (people.len(), all_named) {
        (1, true) => (one, names),
        (2, true) => (two, names),
        (0 | 1, _) => (none, Vec::new()),
        (_, _) => (all, Vec::new()),
    };
    if let Some(word) = &brief.style.greeting {
        parts.insert(0, Part { text: word.trim().to_owned(), from: PartFrom::Config("reply.greeting") });
    }
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let text = fill(template(language, id).unwrap_or_default(), &texts);
    Sentence { text, paragraph: 0, origin: Origin { phrase: Some(id), parts }, footnotes: Vec::new() }
}

fn closing(brief: &Brief, language: Language, tone: Tone) -> Vec<Sentence> {
    let config = |key: &'static str, line: &str| Sentence {
        text: line.to_owned(),
        paragraph: 0,
        origin: Origin {
            phrase: None,
            parts: vec![Part { text: line.to_owned(), from: PartFrom::Config(key) }],
        },
        footnotes: Vec::new(),
    };
    let id = match tone {
        Tone::Casual => "closing.casual",
        Tone::Neutral => "closing.neutral",
        Tone::Polite | Tone::Formal => "closing.formal",
    };
    let first = match &brief.style.closing {
        Some(line) => config("reply.closing", line.trim()),
        None => Sentence {
            text: template(language, id).unwrap_or_default().to_owned(),
            paragraph: 0,
            origin: Origin { phrase: Some(id), parts: Vec::new() },
            footnotes: Vec::new(),
        },
    };
    let mut lines = vec![first];
    lines.extend(
        brief
            .style
            .signature
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| config("reply.signature", line.trim_end())),
    );
    lines
}
