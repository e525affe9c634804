//! A line of a note as something a person would say in a mail.
//!
//! It changes the shape of a line, never what it states: every figure and name of the result stands
//! in the line. What cannot be made a sentence stays a fragment, which the composer quotes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use postil_evidence::text::{clean, fold_space};
use postil_understand::date::words::weekday;

use crate::english;
use crate::language::Language;
use crate::pronoun::to_reader;
use crate::row::row;

/// Whose words are written, to whom: what the renderer must know to turn names into pronouns.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    /// Language of the reply.
    pub(crate) language: Language,
    /// Names of the owner, longest first.
    pub(crate) owner: Vec<String>,
    /// Names of the reader, longest first; empty where there are several.
    pub(crate) reader: Vec<String>,
    /// The one party that all readers belong to.
    pub(crate) party: Option<String>,
    /// First names of people around the thread: before a colon they are speakers.
    pub(crate) people: BTreeSet<String>,
    /// Words seen in lower case in the thread and the evidence: no proper names.
    pub(crate) small: BTreeSet<String>,
}

/// A line as it can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A whole sentence, with its full stop.
    Sentence(String),
    /// What was decided, as a noun phrase without full stop.
    Decided(String),
    /// What was decided, as a clause without full stop.
    DecidedThat(String),
    /// Something to be done by the owner, as an infinitive phrase, with its day.
    OwnTask(String),
    /// Words that can only be quoted, without full stop.
    Fragment(String),
}

const DECISION: &[&str] = &[
    "decision",
    "decided",
    "agreed",
    "agreement",
    "outcome",
    "conclusion",
    "resolved",
    "entscheidung",
    "beschluss",
    "beschlossen",
    "vereinbart",
    "vereinbarung",
    "décision",
    "decision prise",
    "décidé",
    "convenu",
    "decisión",
    "acuerdo",
    "acordado",
];

/// Words that no name of a value starts with.
const NOT_A_LABEL: &str = "as if when while because since after before until for following according per with without from to \
    in on at by about regarding concerning once whether we i you they he she it";

/// Labels that introduce a remark and name no value.
const NO_VALUE: &[&str] = &[
    "next",
    "note",
    "notes",
    "action",
    "actions",
    "todo",
    "open",
    "also",
    "then",
    "now",
    "context",
    "background",
    "idea",
    "question",
    "answer",
    "info",
    "warning",
    "example",
    "summary",
];

/// Words that point at something said before.
const POINTING: &[&str] = &[
    "they",
    "he",
    "she",
    "it",
    "this",
    "that",
    "these",
    "those",
    "their",
    "his",
    "her",
    "its",
    "both",
    "same",
    "er",
    "sie",
    "es",
    "dies",
    "diese",
    "dieser",
    "dieses",
    "das",
    "il",
    "elle",
    "ils",
    "elles",
    "ce",
    "cela",
    "ceci",
    "ellos",
    "ella",
    "él",
    "esto",
    "eso",
    "then",
    "also",
    "otherwise",
    "instead",
    "therefore",
    "there",
];

/// Renders one passage. `keywords` are those of the ask: of several sentences the one that holds
/// most of them is said.
pub(crate) fn say(text: &str, keywords: &[String], voice: &Voice) -> Said {
    let line = tidy(text);
    let task = is_task(text);
    if let Some(row) = row(&line, keywords) {
        return match voice.language {
            Language::English => row.english(voice),
            Language::German | Language::French | Language::Spanish => Said::Fragment(row.plain()),
        };
    }
    let line = without_lead_in(best_sentence(&line, keywords)).to_owned();
    let pointing = points_back(&line);
    let own_language = Language::guess(&line).unwrap_or(voice.language);
    let done = text.contains("[x]") || text.contains("[X]") || text.contains('✅');
    if own_language != voice.language || pointing || done || line.ends_with('?') {
        return Said::Fragment(unstopped(&line));
    }
    if let Some((label, rest)) = label(&line) {
        let decision = DECISION.contains(&label.to_lowercase().as_str());
        if voice.language != Language::English {
            return match decision {
                true if is_clause(rest, voice.language) => Said::DecidedThat(unstopped(rest)),
                true => Said::Decided(unstopped(rest)),
                false if is_clause(rest, voice.language) => Said::Sentence(finished(rest)),
                false => Said::Sentence(finished(&line)),
            };
        }
        return english_labelled(label, rest, decision, voice);
    }
    if voice.language != Language::English {
        return if is_clause(&line, voice.language) {
            Said::Sentence(finished(&line))
        } else {
            Said::Fragment(unstopped(&line))
        };
    }
    english_line(&line, task, voice)
}

fn english_labelled(label: &str, rest: &str, decision: bool, voice: &Voice) -> Said {
    let clause = english::has_finite_verb(rest);
    if decision {
        let said = small_start(&to_reader(&unstopped(rest), voice), voice);
        return match (clause, said) {
            (true, Some(clause)) => Said::DecidedThat(clause),
            (false, Some(phrase)) => Said::Decided(phrase),
            (true, None) => Said::Sentence(finished(&to_reader(rest, voice))),
            (false, None) => Said::Decided(to_reader(&unstopped(rest), voice)),
        };
    }
    if clause {
        let opens = rest.split(' ').next().map(english::bare).unwrap_or_default();
        if ["who", "what", "when", "where", "which", "why", "how", "whether", "if"].contains(&opens.as_str())
        {
            return Said::Fragment(unstopped(&format!("{label}: {rest}")));
        }
        if POINTING.contains(&opens.as_str()) {
            return Said::Fragment(unstopped(&format!("{label}: {rest}")));
        }
        // A known person before a colon is a speaker, and the words are theirs.
        if voice.people.contains(label) && !voice.owner.iter().any(|name| name == label) {
            let about_them = rest.split_whitespace().any(|word| {
                english::is_one_of("i we me us my our i'll we'll i'm we're you your", &english::bare(word))
            });
            let said = if about_them { format!("{label}: {rest}") } else { rest.to_owned() };
            return Said::Fragment(unstopped(&said));
        }
        // A name before a colon may be what the clause is about: it stays, unless it is the owner's.
        // One word before a capital is most often a speaker.
        if !label.contains(' ')
            && rest.starts_with(char::is_uppercase)
            && small_start(label, voice).is_none()
            && !voice.owner.iter().any(|name| name == label)
        {
            return Said::Fragment(unstopped(&format!("{label}: {rest}")));
        }
        let own = voice.owner.iter().any(|name| name == label);
        let common = own || small_start(label, voice).is_some();
        let said = if common { rest.to_owned() } else { format!("{label}: {rest}") };
        return Said::Sentence(finished(&to_reader(&said, voice)));
    }
    let last =
        label.split(" of ").next().and_then(|label| label.split(" for ").next()?.split(' ').next_back());
    let plural = last.is_some_and(is_plural);
    let name = match small_start(label, voice) {
        // "Next: …", "Verrier: …": not the name of a value.
        _ if NO_VALUE.contains(&label.to_lowercase().as_str()) => None,
        Some(small) => Some(article(label, &small)),
        None if label.split(' ').count() > 1 || label.ends_with("'s") => Some(label.to_owned()),
        None if english::is_shouted(label) => Some(format!("The {label}")),
        None => None,
    };
    let name = name.filter(|_| !(plural && rest.starts_with(|c: char| c.is_ascii_digit())));
    let Some(name) = name else { return Said::Fragment(unstopped(&format!("{label}: {rest}"))) };
    let is = if plural { "are" } else { "is" };
    let rest = unstopped(rest);
    if english::starts_with_base_verb(&rest) {
        let rest = small_start(&rest, voice).unwrap_or(rest);
        return Said::Sentence(finished(&to_reader(&format!("{name} {is} to {rest}"), voice)));
    }
    let rest = small_start(&rest, voice).unwrap_or(rest);
    Said::Sentence(finished(&to_reader(&format!("{name} {is} {rest}"), voice)))
}

fn english_line(line: &str, task: bool, voice: &Voice) -> Said {
    if let Some((who, what)) = line
        .split_once(" to ")
        .filter(|(who, what)| is_someone(who) && english::starts_with_base_verb(&format!("{what} x")))
    {
        let (what, done) = done_mark(&unstopped(what));
        let what = to_reader(&what, voice);
        let own = voice.owner.iter().any(|name| name == who);
        return match (own, done) {
            (true, None) => Said::OwnTask(what),
            (true, Some(done)) => Said::Sentence(format!("I was to {what}, and that is {done}.")),
            (false, None) => Said::Sentence(format!("{} to {what}.", subject_is(who, voice))),
            (false, Some(done)) => Said::Sentence(format!("{who} was to {what}, and that is {done}.")),
        };
    }
    let stopped = line.ends_with(['.', '!']);
    if english::starts_with_base_verb(line)
        && (task || !stopped)
        && !english::wants_article(line)
        && !subject_first(line)
    {
        let what = small_first(&unstopped(line));
        return Said::OwnTask(to_reader(&what, voice));
    }
    if english::has_finite_verb(line) || (stopped && english::starts_with_base_verb(line)) {
        let small = small_start(line, voice).filter(|_| english::wants_article(line));
        let line = small.map_or_else(|| line.to_owned(), |small| format!("The {small}"));
        return Said::Sentence(finished(&to_reader(&line, voice)));
    }
    Said::Fragment(unstopped(line))
}

/// "Search runs every night": a noun that looks like a verb, followed by a finite verb.
fn subject_first(line: &str) -> bool {
    let second = line.split_whitespace().nth(1).map(english::bare).unwrap_or_default();
    english::base_of_third_person(&second).is_some()
        && line.split_whitespace().count() > 3
        && english::has_finite_verb(line)
}

fn subject_is(who: &str, voice: &Voice) -> String {
    if voice.reader.iter().any(|name| name == who) {
        "You were going".to_owned()
    } else {
        format!("{who} is")
    }
}

/// One or two capitalised words: a name, or "We".
fn is_someone(who: &str) -> bool {
    let words: Vec<&str> = who.split(' ').collect();
    (1..=3).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().next().is_some_and(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''))
        })
        && !english::is_common_word(words.first().copied().unwrap_or_default())
}

fn done_mark(what: &str) -> (String, Option<String>) {
    match what.rsplit_once(" (done") {
        Some((head, tail)) => {
            let day = tail.trim_end_matches([')', '.']).trim();
            let done = if day.is_empty() { "done".to_owned() } else { format!("done ({day})") };
            (head.to_owned(), Some(done))
        }
        None => (what.to_owned(), None),
    }
}

/// The line without what only a vault reads: check box, task dates, block id, tags, emphasis.
pub(crate) fn tidy(text: &str) -> String {
    let (cleaned, _) = clean(text);
    let line = fold_space(&cleaned);
    let mut line = line.trim_start_matches(['-', '*', '+', '>', '•', ' ']);
    for mark in ["[ ]", "[x]", "[X]", "[?]", "[/]", "[-]"] {
        line = line.strip_prefix(mark).unwrap_or(line).trim_start();
    }
    // A callout's mark: "[!info] Freeze".
    let callout = line.strip_prefix("[!").and_then(|rest| rest.split_once(']'));
    if let Some((_, rest)) = callout.filter(|(kind, _)| kind.chars().all(char::is_alphabetic)) {
        line = rest.trim_start_matches(['-', '+', ' ']);
    }
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if number.len() < line.len() && line.len() - number.len() <= 3 {
        line = number.strip_prefix(". ").or_else(|| number.strip_prefix(") ")).unwrap_or(line);
    }
    let mut words: Vec<String> = Vec::new();
    let mut skip_date = false;
    for word in line.split(' ') {
        if skip_date && is_iso_date(word) {
            skip_date = false;
            continue;
        }
        skip_date = false;
        if word.chars().next().is_some_and(|c| "📅✅⏳🛫➕❌🔁🆔⛔🏁🔺⏫🔼🔽⏬".contains(c))
        {
            skip_date = word.chars().count() <= 2;
            continue;
        }
        let block_id = word
            .strip_prefix('^')
            .is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        let tag =
            word.strip_prefix('#').is_some_and(|tag| tag.chars().next().is_some_and(char::is_alphabetic));
        if block_id || tag {
            continue;
        }
        words.push(
            word.replace("**", "").replace("==", "").replace("[[", "").replace("]]", "").replace("%%", ""),
        );
    }
    fold_space(&without_footnotes(&words.join(" ")).replace('`', ""))
}

fn is_task(text: &str) -> bool {
    let start = text.trim_start_matches(['-', '*', '+', ' ']);
    start.starts_with("[ ]") || start.starts_with("[?]") || start.starts_with("[/]") || text.contains('📅')
}

fn is_iso_date(word: &str) -> bool {
    word.get(..10).is_some_and(|day| day.parse::<Date>().is_ok())
}

/// Takes out `[^1]`, which would read as a mark of ours.
fn without_footnotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[^") {
        out.push_str(before);
        match after.split_once(']') {
            Some((id, tail)) if !id.is_empty() && id.chars().count() <= 20 && !id.contains(' ') => {
                rest = tail
            }
            Some(_) | None => {
                out.push('(');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

pub(crate) fn is_plural(word: &str) -> bool {
    word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
        && !english::is_shouted(word)
}

/// A word without the endings that differ between question and answer.
pub(crate) fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    ["ing", "ies", "es", "ed", "s", "e", "y"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.chars().count() >= 3))
        .unwrap_or(&word)
        .to_owned()
}

/// The sentence of a line that holds most of the keywords.
fn best_sentence<'l>(line: &'l str, keywords: &[String]) -> &'l str {
    let stems: BTreeSet<String> =
        keywords.iter().flat_map(|key| key.split_whitespace().map(stem).collect::<Vec<_>>()).collect();
    let hits = |sentence: &str| {
        let words: BTreeSet<String> =
            sentence.split(|c: char| !c.is_alphanumeric() && c != '\'').map(stem).collect();
        words.intersection(&stems).count()
    };
    let mut best: Option<(usize, &str)> = None;
    for sentence in sentences(line) {
        let hits = hits(sentence);
        if best.is_none_or(|(most, _)| hits > most) {
            best = Some((hits, sentence));
        }
    }
    best.map_or(line, |(_, sentence)| sentence)
}

/// The words of a passage that answer an ask: what a draft says of it and what its footnote quotes.
pub(crate) fn chosen(text: &str, keywords: &[String]) -> String {
    let line = tidy(text);
    if row(&line, keywords).is_some() { line } else { best_sentence(&line, keywords).to_owned() }
}

/// Whether a sentence points at something that was said before it.
fn points_back(sentence: &str) -> bool {
    first_word(sentence).is_some_and(|word| POINTING.contains(&word.as_str()))
        && !sentence.to_lowercase().starts_with("there ")
        && !sentence.starts_with("Das ")
}

/// Whether a sentence speaks of people by pronoun: a remark for one's own eyes.
pub(crate) fn is_remark(sentence: &str) -> bool {
    first_word(sentence).is_some_and(|word| {
        ["they", "their", "he", "his", "she", "her", "ils", "elles"].contains(&word.as_str())
    })
}

fn first_word(sentence: &str) -> Option<String> {
    sentence.split_whitespace().next().map(english::bare)
}

/// Whether words count from the day they were written: "yesterday", "next week".
pub(crate) fn is_relative(text: &str) -> bool {
    const DAYS: &[&str] = &[
        "yesterday",
        "today",
        "tomorrow",
        "tonight",
        "gestern",
        "heute",
        "morgen",
        "aujourd'hui",
        "demain",
        "ayer",
        "hoy",
    ];
    const LEADS: &[&str] = &["next", "last", "this", "coming", "nächste", "nächsten", "letzte", "diese"];
    const SPANS: &[&str] =
        &["week", "month", "year", "quarter", "morning", "afternoon", "evening", "woche", "monat"];
    let words: Vec<String> = text.split_whitespace().map(english::bare).collect();
    words.iter().any(|word| DAYS.contains(&word.as_str()))
        || words.windows(2).any(|pair| {
            matches!(pair, [lead, span] if LEADS.contains(&lead.as_str()) && (SPANS.contains(&span.as_str()) || weekday(span).is_some()))
        })
}

/// "As discussed with Maya yesterday: training on 2 December" without what leads in.
fn without_lead_in(line: &str) -> &str {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next().map(english::bare), words.next().map(english::bare));
    let leads = first.is_some_and(|word| word == "as")
        && second.is_some_and(|word| {
            [
                "discussed",
                "agreed",
                "promised",
                "mentioned",
                "said",
                "announced",
                "requested",
                "planned",
                "noted",
            ]
            .contains(&word.as_str())
        });
    let cut = leads.then(|| line.split_once(": ").or_else(|| line.split_once(", "))).flatten();
    cut.map_or(line, |(_, rest)| rest)
}

/// Cuts a text into sentences; abbreviations and initials do not end one.
pub(crate) fn sentences(line: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let mut word_start = 0;
    let indices: Vec<(usize, char)> = line.char_indices().collect();
    for (i, (at, c)) in indices.iter().enumerate() {
        if c.is_whitespace() {
            word_start = at + c.len_utf8();
        }
        if !matches!(c, '.' | '!' | '?') || indices.get(i + 1).is_none_or(|(_, next)| !next.is_whitespace()) {
            continue;
        }
        let word = line.get(word_start..*at).unwrap_or_default();
        let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        const SHORT: &[&str] = &[
            "dr", "mr", "mrs", "ms", "prof", "no", "nr", "approx", "ca", "vs", "e.g", "i.e", "z.b", "bzw",
            "ca", "incl", "st", "inc", "ltd", "co",
        ];
        // "am 3. Dezember": a German ordinal before a month.
        let after = line.get(at + c.len_utf8()..).unwrap_or_default().trim_start();
        let ordinal = (1..=2).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_digit())
            && ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
                .iter()
                .any(|month| after.starts_with(month));
        let short = SHORT.contains(&word.to_lowercase().as_str());
        let abbreviation = *c == '.' && (initial || ordinal || short);
        let next_small = indices.get(i + 2).is_some_and(|(_, next)| next.is_lowercase());
        if !abbreviation && !next_small {
            cuts.push(at + c.len_utf8());
        }
    }
    let mut out = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([line.len()]) {
        let sentence = line.get(start..cut).unwrap_or_default().trim();
        if !sentence.is_empty() {
            out.push(sentence);
        }
        start = cut;
    }
    out
}

/// "Decision: …" as its label and the rest; `None` where the colon is part of a sentence or a time.
fn label(line: &str) -> Option<(&str, &str)> {
    let (label, rest) = line.split_once(": ")?;
    let words = label.split_whitespace().count();
    let plain = !label.contains(['.', ',', ';', '“', '"', '?', '(']) && !english::has_finite_verb(label);
    let worded = label.starts_with(char::is_alphabetic);
    // "Confirmed by Claudia: …", "After the call: …" name no value.
    let opens = first_word(label).unwrap_or_default();
    let clausal = words > 1 && (english::is_ed(&opens) || english::is_one_of(NOT_A_LABEL, &opens));
    ((1..=6).contains(&words) && worded && plain && !clausal && !rest.trim().is_empty())
        .then(|| (label.trim(), rest.trim()))
}

/// Whether a line in another language than English can stand as a sentence.
fn is_clause(line: &str, language: Language) -> bool {
    let verbs: &[&str] = match language {
        Language::English => return english::has_finite_verb(line),
        Language::German => &[
            "ist", "sind", "war", "waren", "wird", "werden", "wurde", "wurden", "hat", "haben", "kann",
            "können", "muss", "müssen", "soll", "sollen", "darf", "bleibt", "bleiben", "findet", "läuft",
            "kostet", "gilt", "gibt", "kommt", "geht", "steht", "liegt", "schickt", "macht", "möchte",
            "will", "braucht", "endet", "beginnt", "sieht",
        ],
        Language::French => &[
            "est", "sont", "était", "sera", "seront", "a", "ont", "peut", "peuvent", "doit", "doivent",
            "fait", "reste", "restent", "commence", "coûte", "vaut", "va", "vont", "sort", "expire",
        ],
        Language::Spanish => &[
            "es", "son", "era", "será", "serán", "ha", "han", "puede", "pueden", "debe", "deben", "hace",
            "queda", "quedan", "empieza", "cuesta", "vale", "va", "van", "está", "están", "tiene", "vence",
        ],
    };
    let words: Vec<String> = line.split_whitespace().map(english::bare).collect();
    words.iter().skip(1).any(|word| verbs.contains(&word.as_str()))
        || (line.ends_with('.') && words.len() >= 6)
}

fn article(label: &str, small: &str) -> String {
    let first = small.split(' ').next().map(english::bare).unwrap_or_default();
    if ["the", "our", "your", "my", "a", "an"].contains(&first.as_str()) {
        finished_start(label)
    } else {
        format!("The {small}")
    }
}

/// The text with its first letter small; `None` where the first word may be a name.
pub(crate) fn small_start(text: &str, voice: &Voice) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let start = first.chars().next()?;
    if !start.is_uppercase() {
        return Some(text.to_owned());
    }
    let word = english::bare(first);
    if english::is_shouted(first) || word == "i" || first.contains(['\'', '’']) {
        return None;
    }
    // A name goes on with a capital behind its hyphen: "Mendes-Oliveira", but "Back-pressure".
    let mut parts = first.split('-').skip(1).peekable();
    let compound =
        parts.peek().is_some() && parts.all(|part| part.len() > 2 && part.starts_with(char::is_lowercase));
    (compound || english::is_common_word(first) || voice.small.contains(&word)).then(|| small_first(text))
}

pub(crate) fn small_first(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if english::is_shouted(first) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

pub(crate) fn finished_start(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// With a capital and a full stop. A first word with capitals or digits inside stays as it is.
pub(crate) fn finished(text: &str) -> String {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    let odd = first.chars().skip(1).any(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_' || c == '/');
    let start = if odd { text.to_owned() } else { finished_start(text) };
    if start.ends_with(['.', '!', '?']) {
        start
    } else {
        format!("{}.", start.trim_end_matches([',', ';', ':']))
    }
}

pub(crate) fn unstopped(text: &str) -> String {
    text.trim().trim_end_matches(['.', ';', ',', ':', ' ']).to_owned()
}
