//! Labelled data of others, where this machine has it: the folder named by `POSTIL_DATA`.

use std::path::PathBuf;
use std::time::Instant;

use postil_evidence::NotePath;
use postil_vault::front_matter::{Value, parse_yaml};
use postil_vault::{FrontMatter, LinkTargets, parse_note};

#[expect(clippy::disallowed_methods, reason = "a test that reads data which is not part of the repository")]
fn data(path: &str) -> Option<PathBuf> {
    let found = std::env::var_os("POSTIL_DATA").map(|root| PathBuf::from(root).join(path));
    found.filter(|path| path.exists())
}

#[expect(clippy::unwrap_used, reason = "a test; data that is there is whole")]
fn rows(path: &PathBuf) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "figures of a measurement")]
fn links_of_a_real_vault_resolve() {
    let (Some(gold), Some(files), Some(vault)) = (
        data("vaults/wikilinks_gold_en.jsonl"),
        data("vaults/vault_files_en.txt"),
        data("vaults/obsidian-help/en"),
    ) else {
        eprintln!("skipped: no data");
        return;
    };
    let files = std::fs::read_to_string(files).unwrap();
    let targets = LinkTargets::new(files.lines());
    let (mut right, mut all, mut code_right, mut code) = (0, 0, 0, 0);
    for row in rows(&gold) {
        let source = row["src"].as_str().unwrap();
        let from = NotePath::parse(source).unwrap();
        let bytes = std::fs::read(vault.join(source)).unwrap();
        let note = parse_note(&from, &bytes);
        let offset = usize::try_from(row["offset_chars"].as_u64().unwrap()).unwrap();
        let start = note.text.char_indices().nth(offset).unwrap().0;
        let link = note.links.iter().find(|link| link.span.start == start);
        if row["in_code"] == true {
            code += 1;
            code_right += usize::from(link.is_none());
            continue;
        }
        all += 1;
        let found = link.and_then(|link| {
            let sub = link.subpath.as_deref().unwrap_or_default();
            targets.resolve(&from, &format!("{}{sub}", link.target))
        });
        let raw = link.map(|link| link.span.of(&note.text));
        if found.as_deref() == row["resolved"].as_str() && raw == row["raw"].as_str() {
            right += 1;
        } else {
            eprintln!("{row} -> {raw:?} {found:?}");
        }
    }
    eprintln!("links: {right} of {all} resolved, {code_right} of {code} in code left alone");
    assert!(all > 0 && right * 100 >= all * 99 && code_right * 100 >= code * 95);
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Integer(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Value::Float(number) => (*number).into(),
        Value::Text(text) => text.clone().into(),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| {
                let key = json_of(key);
                (key.as_str().map_or_else(|| key.to_string(), str::to_owned), json_of(value))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

#[test]
#[expect(clippy::print_stderr, clippy::disallowed_methods, reason = "figures of a measurement")]
fn yaml_of_the_test_suite_is_read_or_left_alone() {
    let Some(cases) = data("yaml_suite/cases.jsonl") else {
        eprintln!("skipped: no data");
        return;
    };
    let (mut equal, mut single, mut rejected, mut errors, mut slowest) = (0, 0, 0, 0, 0);
    for row in rows(&cases) {
        let yaml = row["in_yaml"].as_str().unwrap();
        let started = Instant::now();
        let read = parse_yaml(yaml);
        let text = format!("---\n{yaml}\n---\nbody\n");
        let note = parse_note(&NotePath::parse("n.md").unwrap(), text.as_bytes());
        slowest = slowest.max(started.elapsed().as_millis());
        if row["error"] == true {
            errors += 1;
            let left = matches!(note.front_matter, FrontMatter::Unreadable { .. } | FrontMatter::Absent);
            rejected += usize::from(read.is_err() || left);
        } else if let Some(json) = row["in_json"].as_str() {
            let mut stream = serde_json::Deserializer::from_str(json).into_iter::<serde_json::Value>();
            if let (Some(Ok(expect)), None) = (stream.next(), stream.next()) {
                single += 1;
                let same = read.as_ref().map(json_of).is_ok_and(|found| found == expect);
                equal += usize::from(same);
                if !same {
                    eprintln!("{}: {:?}", row["id"], read.err());
                }
            }
        }
    }
    eprintln!("yaml: {equal} of {single} equal, {rejected} of {errors} errors refused, slowest {slowest} ms");
    assert!(single > 0 && equal * 100 >= single * 90 && rejected * 100 >= errors * 90);
}
