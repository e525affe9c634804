//! `asks`: whole threads read for their owner against gold verdicts, asks, addressees and deadlines.
//!
//! The folder holds `mail.mbox` and `gold.jsonl`; its README describes both. Each figure is told for all rows,
//! for each half and for the hard rows. Wrong rows of the held-out half are counted and never listed, so that
//! nobody tunes to them by accident.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::tz::TimeZone;
use postil_evidence::{Addr, Directory, Parties, Span};
use postil_mail::{Message, Thread, thread};
use postil_understand::{Addressee, Ask, Owner, Reading, read_thread};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::metric::{Hits, share};
use super::question::noon;
use super::rows::read_rows;
use super::{Scored, mailbox, place};
use crate::error::DeskError;
use crate::inbox::word;

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    half: String,
    hard: bool,
    language: String,
    messages: Vec<String>,
    verdict: String,
    asks: Vec<GoldAsk>,
}

#[derive(Debug, Deserialize)]
struct GoldAsk {
    text: String,
    /// `owner`, `everyone`, or the name by which the mail speaks to someone else.
    to: String,
    due: Option<String>,
    open: bool,
}

/// The half whose wrong rows are not listed.
const HELD_OUT: &str = "held_out";

#[derive(Clone, Debug, Default)]
struct Tally {
    rows: usize,
    verdicts_right: usize,
    asks: Hits,
    addressee_right: usize,
    due_right: usize,
    open_right: usize,
    language_right: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.verdicts_right += other.verdicts_right;
        self.asks.found += other.asks.found;
        self.asks.invented += other.asks.invented;
        self.asks.missed += other.asks.missed;
        self.addressee_right += other.addressee_right;
        self.due_right += other.due_right;
        self.open_right += other.open_right;
        self.language_right += other.language_right;
    }

    fn figures(&self, scored: &mut Scored) {
        let found = self.asks.found;
        scored.figure("verdict_accuracy", share(self.verdicts_right, self.rows));
        scored.figure("ask_precision", self.asks.precision());
        scored.figure("ask_recall", self.asks.recall());
        scored.figure("addressee_accuracy", share(self.addressee_right, found));
        scored.figure("due_accuracy", share(self.due_right, found));
        scored.figure("open_accuracy", share(self.open_right, found));
        scored.figure("language_accuracy", share(self.language_right, self.rows));
    }

    fn map(&self) -> Map<String, Value> {
        let mut scored = Scored::new(self.rows);
        self.figures(&mut scored);
        scored.count("rows", self.rows);
        scored.metrics
    }
}

/// Scores the folder.
///
/// # Errors
/// Where the rows or the mail cannot be read, or a row names a message that is not there.
pub(super) fn score_folder(folder: &Path) -> Result<Scored, DeskError> {
    let rows: Vec<Row> = read_rows(&folder.join("gold.jsonl"))?;
    let mail = mailbox::load_all(&folder.join("mail.mbox"))?;
    let mail: HashMap<String, Message> = mail
        .into_iter()
        .filter_map(|(_, message)| Some((message.message_id.as_ref()?.to_string(), message)))
        .collect();
    let owner = owner();
    let mut scored = Scored::new(rows.len());
    let mut all = Tally::default();
    let mut parts: BTreeMap<String, Tally> = BTreeMap::new();
    for row in &rows {
        let mut messages = Vec::new();
        for id in &row.messages {
            let message = mail.get(id).ok_or_else(|| {
                DeskError::user(format!("row {} names {id}, which is not in mail.mbox", row.id), "add it")
            })?;
            messages.push(message.clone());
        }
        let thread = thread::assemble(messages);
        let now = noon(jiff::civil::date(2026, 11, 24));
        let reading = read_thread(&thread, &owner, &Parties::default(), &Directory::default(), &now);
        let mut wrong = Vec::new();
        let tally = score_row(row, &thread, &reading, &mut wrong);
        all.add(&tally);
        let hard = if row.hard { "hard" } else { "plain" };
        for part in [&row.half, hard, &row.language] {
            parts.entry(part.to_owned()).or_default().add(&tally);
        }
        if row.half != HELD_OUT {
            for line in wrong {
                scored.wrong(&line);
            }
        }
    }
    all.figures(&mut scored);
    let parts = parts.iter().map(|(part, tally)| (part.clone(), Value::Object(tally.map()))).collect();
    scored.metrics.insert("parts".to_owned(), Value::Object(parts));
    Ok(scored)
}

/// The owner of the demo.
fn owner() -> Owner {
    Owner {
        name: "Sam Rivera".to_owned(),
        names: vec!["Sam".to_owned()],
        addrs: Addr::parse("sam@halyard.example").into_iter().collect(),
        zone: TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC),
    }
}

fn score_row(row: &Row, thread: &Thread, reading: &Reading, wrong: &mut Vec<String>) -> Tally {
    let mut tally = Tally { rows: 1, ..Tally::default() };
    let told = word(&reading.verdict);
    let why = reading.reasons.first().map(|reason| format!("{}: {}", reason.kind, reason.text));
    tally.verdicts_right += usize::from(told == row.verdict);
    if told != row.verdict {
        let why = why.unwrap_or_default();
        wrong.push(format!("verdict {} is {}, told {told} ({why})", row.id, row.verdict));
    }
    let language = reading.language.as_deref().unwrap_or("unknown");
    tally.language_right += usize::from(language == row.language);
    if language != row.language {
        wrong.push(format!("language {} is {}, told {language}", row.id, row.language));
    }
    let mut free: Vec<&Ask> = reading.asks.iter().collect();
    for gold in &row.asks {
        let told = find(thread, &gold.text).and_then(|(message, span)| {
            let shared = free.iter().enumerate().filter(|(_, ask)| ask.message == message.key);
            shared
                .map(|(at, ask)| (place::overlap(span, ask.span), at))
                .filter(|(shared, _)| shared * 2 >= span.len())
                .max_by_key(|(shared, at)| (*shared, std::cmp::Reverse(*at)))
        });
        let Some((_, at)) = told else {
            tally.asks.missed += 1;
            wrong.push(format!("ask missed {}: {}", row.id, gold.text));
            continue;
        };
        let ask = free.remove(at);
        tally.asks.found += 1;
        let due = ask.due.map(|due| due.to_string());
        let right = is_addressee(&ask.addressee, &gold.to);
        tally.addressee_right += usize::from(right);
        tally.due_right += usize::from(due == gold.due);
        tally.open_right += usize::from(ask.open == gold.open);
        if !right {
            wrong.push(format!(
                "addressee {}: \"{}\" of {}, told {:?}",
                row.id, gold.text, gold.to, ask.addressee
            ));
        }
        if due != gold.due {
            wrong.push(format!("due {}: \"{}\" is {:?}, told {due:?}", row.id, gold.text, gold.due));
        }
        if ask.open != gold.open {
            wrong.push(format!("open {}: \"{}\" is {}", row.id, gold.text, gold.open));
        }
    }
    tally.asks.invented += free.len();
    wrong.extend(free.iter().map(|ask| format!("no ask {}: \"{}\" ({})", row.id, ask.text, ask.reason)));
    tally
}

/// The oldest message that holds the words, and where.
fn find<'t>(thread: &'t Thread, words: &str) -> Option<(&'t Message, Span)> {
    thread.messages.iter().find_map(|message| Some((message, place::find_folded(&message.text, words)?)))
}

/// Whether the told addressee is the gold one. Who asks everyone asks the owner too.
fn is_addressee(told: &Addressee, gold: &str) -> bool {
    match (told, gold) {
        (Addressee::Owner | Addressee::Everyone, gold) => matches!(gold, "owner" | "everyone"),
        (Addressee::Other(name), gold) => name.split_whitespace().any(|part| part == gold),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_set_is_read_and_each_part_has_its_figures() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/asks"));
        let scored = score_folder(folder).unwrap();
        assert_eq!(scored.rows, 200);
        let parts = &scored.metrics["parts"];
        for part in ["tuned", "held_out", "hard", "plain", "de", "en", "es", "fr", "it", "nl", "pt"] {
            assert!(parts[part]["rows"].as_u64().unwrap() > 10, "{part}");
        }
        // What the house asks of the set.
        for (figure, least) in [
            ("verdict_accuracy", 0.95),
            ("ask_precision", 0.92),
            ("ask_recall", 0.90),
            ("addressee_accuracy", 0.95),
        ] {
            assert!(scored.get(figure) >= least, "{figure}: {}", scored.get(figure));
        }
    }

    #[test]
    fn an_addressee_is_the_person_named() {
        let other = Addressee::Other("Jonas Weber".to_owned());
        assert!(is_addressee(&other, "Jonas") && !is_addressee(&other, "owner"));
        assert!(is_addressee(&Addressee::Everyone, "owner") && !is_addressee(&Addressee::Owner, "Jonas"));
    }
}
