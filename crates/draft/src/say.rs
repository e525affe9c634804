//! A line of a note as something a person would say in a mail.
//!
//! It changes the shape of a line, never what it states: every figure and name of the result stands
//! in the line. What cannot be made a sentence stays a fragment, which the composer quotes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use postil_evidence::text::{clean, fold_space};

use crate::english;
use crate::language::Language;

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

/// Column names that say nothing of their own.
const PLAIN_COLUMNS: &[&str] = &[
    "item", "value", "name", "what", "key", "field", "topic", "subject", "thing", "detail", "details",
    "step", "entry", "wert", "valeur", "valor",
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
    let (line, pointing) = best_sentence(&line, keywords);
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

/// One row of a table: column names with their values.
struct Row {
    head: (String, String),
    cell: (String, String),
    others: Vec<(String, String)>,
}

impl Row {
    fn english(&self, voice: &Voice) -> Said {
        let column = small_first(&self.cell.0);
        let head = self.head.1.as_str();
        let plain_column = PLAIN_COLUMNS.contains(&column.to_lowercase().as_str());
        let open_end = head.split(' ').next_back().is_some_and(|last| {
            ["until", "from", "at", "by", "on", "to", "for", "of", "in"]
                .contains(&last.to_lowercase().as_str())
        });
        let last_of_column = column.split(' ').next_back().unwrap_or_default();
        if head.contains(',') || open_end || !(plain_column || english::is_counted(last_of_column)) {
            return Said::Fragment(self.plain());
        }
        let small = small_start(head, voice);
        let mut out = if plain_column {
            let plural = head
                .split(" per ")
                .next()
                .and_then(|head| head.split(' ').next_back())
                .is_some_and(is_plural);
            let name = small.map_or_else(|| finished_start(head), |small| format!("The {small}"));
            format!("{name} {} {}", if plural { "are" } else { "is" }, self.cell.1)
        } else {
            format!("The {column} for {} is {}", small.as_deref().unwrap_or(head), self.cell.1)
        };
        if !self.others.is_empty() {
            let others: Vec<String> =
                self.others.iter().map(|(name, value)| format!("{}: {value}", small_first(name))).collect();
            out.push_str(&format!(" ({})", others.join(", ")));
        }
        Said::Sentence(finished(&out))
    }

    /// "Q1: leads 6, closed 1".
    fn plain(&self) -> String {
        let cells = self.others.iter().chain([&self.cell]);
        let cells: Vec<String> = cells
            .map(|(name, value)| {
                let plain = PLAIN_COLUMNS.contains(&name.to_lowercase().as_str());
                if plain { value.clone() } else { format!("{} {value}", small_first(name)) }
            })
            .collect();
        format!("{}: {}", self.head.1, cells.join(", "))
    }
}

fn is_plural(word: &str) -> bool {
    word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
        && !english::is_shouted(word)
}

/// Reads "Plan: Gold; Price: 12 EUR". The first column names the row; of the others the one that
/// the ask speaks of is said, else the last.
fn row(line: &str, keywords: &[String]) -> Option<Row> {
    let mut cells = Vec::new();
    for cell in line.trim_end_matches('.').split("; ") {
        let (name, value) = cell.split_once(": ")?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || value.is_empty() || name.split(' ').count() > 4 || name.contains(['.', ',']) {
            return None;
        }
        cells.push((name.to_owned(), value.to_owned()));
    }
    if cells.len() < 2 {
        return None;
    }
    let head = cells.remove(0);
    let asked = cells.iter().position(|(name, _)| keywords.iter().any(|key| overlap_of(key, name)));
    let cell = cells.remove(asked.unwrap_or(cells.len() - 1));
    Some(Row { head, cell, others: cells })
}

fn overlap_of(keyword: &str, text: &str) -> bool {
    let keyword = keyword.to_lowercase();
    text.split_whitespace().any(|word| stem(&english::bare(word)) == stem(&keyword))
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

/// The sentence that holds most of the keywords, and whether it points at something left out.
fn best_sentence(line: &str, keywords: &[String]) -> (String, bool) {
    let sentences = sentences(line);
    let stems: BTreeSet<String> =
        keywords.iter().flat_map(|key| key.split_whitespace().map(stem).collect::<Vec<_>>()).collect();
    let hits = |sentence: &str| {
        let words: BTreeSet<String> =
            sentence.split(|c: char| !c.is_alphanumeric() && c != '\'').map(stem).collect();
        words.intersection(&stems).count()
    };
    let mut best = 0;
    for (i, sentence) in sentences.iter().enumerate() {
        if hits(sentence) > sentences.get(best).map_or(0, |sentence| hits(sentence)) {
            best = i;
        }
    }
    let sentence = sentences.get(best).copied().unwrap_or(line);
    let points = sentence
        .split_whitespace()
        .next()
        .is_some_and(|word| POINTING.contains(&english::bare(word).as_str()))
        && !sentence.to_lowercase().starts_with("there ")
        && !sentence.starts_with("Das ");
    if !points {
        return (sentence.to_owned(), false);
    }
    let before = best.checked_sub(1).and_then(|before| sentences.get(before)).copied();
    match before {
        Some(before) if before.len() + sentence.len() < 240 => (format!("{before} {sentence}"), true),
        Some(_) | None => (sentence.to_owned(), true),
    }
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
    ((1..=6).contains(&words) && worded && plain && !rest.trim().is_empty())
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
    (english::is_common_word(first) || voice.small.contains(&word)).then(|| small_first(text))
}

fn small_first(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if english::is_shouted(first) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn finished_start(text: &str) -> String {
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

/// The names of the owner, the reader and the reader's party as pronouns, where that is safe.
fn to_reader(text: &str, voice: &Voice) -> String {
    let text = named_as(text, &voice.owner, &OWNER);
    let text = named_as(&text, &voice.reader, &READER);
    match &voice.party {
        Some(party) => party_as(&text, party),
        None => text,
    }
}

struct Pronouns {
    subject: &'static str,
    object: &'static str,
    possessive: &'static str,
    forms: &'static [(&'static str, &'static str)],
}

const OWNER: Pronouns = Pronouns {
    subject: "I",
    object: "me",
    possessive: "my",
    forms: &[
        ("will", "I'll"),
        ("is", "I'm"),
        ("has", "I have"),
        ("was", "I was"),
        ("can", "I can"),
        ("must", "I must"),
        ("should", "I should"),
        ("would", "I would"),
    ],
};

const READER: Pronouns = Pronouns {
    subject: "you",
    object: "you",
    possessive: "your",
    forms: &[
        ("will", "you will"),
        ("is", "you are"),
        ("has", "you have"),
        ("was", "you were"),
        ("can", "you can"),
        ("must", "you must"),
        ("should", "you should"),
        ("would", "you would"),
    ],
};

const BEFORE_OBJECT: &[&str] = &[
    "to", "for", "with", "from", "by", "send", "give", "tell", "ask", "show", "gives", "sends", "tells",
    "asks", "told", "sent", "gave", "asked", "call", "invite", "remind",
];

fn named_as(text: &str, names: &[String], pronouns: &Pronouns) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for name in names {
        let parts: Vec<&str> = name.split(' ').collect();
        let mut at = 0;
        while at + parts.len() <= words.len() {
            replace_name(&mut words, at, &parts, pronouns);
            at += 1;
        }
    }
    words.join(" ")
}

fn replace_name(words: &mut Vec<String>, at: usize, parts: &[&str], pronouns: &Pronouns) {
    let Some((last, lead)) = parts.split_last() else { return };
    let fits = lead.iter().enumerate().all(|(i, part)| words.get(at + i).is_some_and(|word| word == part));
    let Some(written) = words.get(at + lead.len()).cloned().filter(|_| fits) else { return };
    let Some(tail) = written.strip_prefix(last) else { return };
    let clause_start = at == 0
        || words.get(at - 1).is_some_and(|word| {
            word.ends_with([',', ';', '.', ':']) || ["and", "that", "because", "but"].contains(&word.as_str())
        });
    let after = words.get(at + parts.len()).cloned().unwrap_or_default();
    // A capitalised word on either side may be the rest of another name.
    let longer = after.chars().next().is_some_and(char::is_uppercase) && tail.is_empty();
    let before = at
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .map(|word| english::bare(word))
        .unwrap_or_default();
    let mut take = parts.len();
    let new = if tail.starts_with("'s") || tail.starts_with("’s") {
        let rest = tail.trim_start_matches(['\'', '’', 's']);
        format!("{}{rest}", pronouns.possessive)
    } else if longer {
        // "send Maya the sheet" is safe, "send Maya Okafor" is another length of the name.
        return;
    } else if tail.is_empty() && clause_start {
        if let Some((_, form)) = pronouns.forms.iter().find(|(verb, _)| *verb == after) {
            take += 1;
            (*form).to_owned()
        } else if let Some(base) = english::base_of_third_person(&after) {
            take += 1;
            format!("{} {base}", pronouns.subject)
        } else {
            return;
        }
    } else if BEFORE_OBJECT.contains(&before.as_str())
        && (tail.is_empty() || tail.chars().all(|c| c.is_ascii_punctuation()))
    {
        // "from Maya and Ines" stays: a list of names is not split.
        if ["and", "or"].contains(&after.as_str()) || tail.starts_with(['/', '-', '@']) {
            return;
        }
        format!("{}{tail}", pronouns.object)
    } else {
        return;
    };
    let new = if at == 0 { finished_start(&new) } else { new };
    words.splice(at..at + take, [new]);
}

/// "Northwind's collectors" and "for Northwind" said to someone of Northwind.
fn party_as(text: &str, party: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 0..words.len() {
        let Some(word) = words.get(at).cloned() else { break };
        let next_capital =
            words.get(at + 1).is_some_and(|next| next.chars().next().is_some_and(|c| c.is_uppercase()));
        let lower = word.to_lowercase();
        let possessive = lower == format!("{party}'s") || lower == format!("{party}’s");
        let before = at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .map(|word| word.to_lowercase())
            .unwrap_or_default();
        let tail =
            lower.strip_prefix(party).filter(|tail| tail.chars().all(|c| matches!(c, '.' | ',' | ';' | ':')));
        let object = tail.is_some()
            && ["for", "with"].contains(&before.as_str())
            && (!next_capital || tail != Some(""));
        let new = if possessive && !next_capital {
            if at == 0 { "Your".to_owned() } else { "your".to_owned() }
        } else if object && word.chars().next().is_some_and(char::is_uppercase) {
            format!("you{}", tail.unwrap_or_default())
        } else {
            continue;
        };
        if let Some(place) = words.get_mut(at) {
            *place = new;
        }
    }
    words.join(" ")
}
