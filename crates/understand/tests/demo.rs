//! The demo mailbox, read whole, against its gold verdicts and asks.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test: a broken fixture should stop it, a missing one says so"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use postil_evidence::{Addr, Directory, Parties};
use postil_mail::{Message, Thread, parse_message};
use postil_understand::{Addressee, Owner, Reading, read_thread};
use serde_json::Value;

const OWNER: &str = "sam@halyard.example";

struct Demo {
    gold: Vec<Value>,
    /// Reading of the thread that a file of the corpus stands in.
    readings: HashMap<String, Reading>,
}

/// The demo corpus, or `None` where it is not there.
fn demo() -> Option<Demo> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/demo");
    let gold = std::fs::read_to_string(root.join("gold.jsonl")).ok()?;
    let gold: Vec<Value> = gold
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut files: Vec<(String, Message)> = Vec::new();
    for folder in ["mail/inbox", "mail/sent"] {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(root.join(folder)).ok()?.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            files.push((name, parse_message(&std::fs::read(&path).unwrap())));
        }
    }
    let owner = Owner {
        name: "Sam Rivera".to_owned(),
        names: vec!["Sam".to_owned()],
        addrs: vec![Addr::parse(OWNER).unwrap()],
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    };
    let now = "2026-11-23T10:00:00+01:00[Europe/Berlin]".parse().unwrap();
    let mut seen: Vec<_> = Vec::new();
    let mut messages: Vec<Message> = Vec::new();
    for (_, message) in &files {
        if !seen.contains(&message.key) {
            seen.push(message.key);
            messages.push(message.clone());
        }
    }
    let threads: Vec<Thread> = postil_mail::thread::join(messages);
    let mut readings = HashMap::new();
    for thread in &threads {
        let reading = read_thread(thread, &owner, &Parties::default(), &Directory::default(), &now);
        for (name, message) in &files {
            if thread.messages.iter().any(|other| other.key == message.key) {
                readings.insert(name.clone(), reading.clone());
            }
        }
    }
    Some(Demo { gold, readings })
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_demo_thread_gets_its_verdict() {
    let Some(demo) = demo() else {
        eprintln!("skipped: no data");
        return;
    };
    let mut wrong = Vec::new();
    for row in &demo.gold {
        let file = row["file"].as_str().unwrap();
        let reading = demo.readings.get(file).unwrap();
        let got = serde_json::to_value(reading.verdict).unwrap();
        if got != row["verdict"] {
            wrong.push(format!("{file}: want {}, got {got}: {:?}", row["verdict"], reading.reasons.first()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), demo.gold.len(), wrong.join("\n"));
}

#[test]
fn nearly_every_demo_ask_is_found_word_for_word() {
    let Some(demo) = demo() else {
        eprintln!("skipped: no data");
        return;
    };
    let (mut wanted, mut found, mut missing) = (0, 0, Vec::new());
    for row in &demo.gold {
        let reading = demo.readings.get(row["file"].as_str().unwrap()).unwrap();
        for ask in row["asks"].as_array().unwrap() {
            wanted += 1;
            let text = folded(ask["text"].as_str().unwrap());
            // A compound question is one row of the gold and several asks here.
            let hit =
                reading.asks.iter().find(|ask| text.contains(&ask.text) && ask.text.len() * 4 >= text.len());
            match hit {
                Some(hit)
                    if matches!(hit.addressee, Addressee::Owner | Addressee::Everyone)
                        == ask["to_owner"].as_bool().unwrap() =>
                {
                    found += 1
                }
                Some(_) | None => missing.push(text),
            }
        }
    }
    // An ask on a mailing list is everyone's here and nobody's in the gold.
    assert!(found * 100 >= wanted * 95, "{found} of {wanted}, missing: {missing:#?}");
}
