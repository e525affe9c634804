//! The program's own figures on the labelled data and on our own sets: one row per task and file, from `postil eval … ` JSON,
//! beside the figures that were reached before.
//!
//! Knows which task reads which file. Must not compute a score itself, and needs no data to build or to pass.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{cargo, table};
use baseline::{Baselines, Change};

mod baseline;

/// One call: task, path below the data folder, and further options as name and path below the data folder or bare word.
struct Task {
    name: &'static str,
    path: &'static str,
    more: &'static [(&'static str, Option<&'static str>)],
}

const fn task(name: &'static str, path: &'static str) -> Task {
    Task { name, path, more: &[] }
}

const TASKS: &[Task] = &[
    task("intent", "parakweet_intent/ask_train.jsonl"),
    task("intent", "enron_intent_verified/verified.jsonl"),
    task("zones", "webis_zones/gmane300.jsonl"),
    task("zones", "webis_zones/enron.jsonl"),
    task("reply-text", "reply_parsing/discourse.jsonl"),
    task("reply-text", "reply_parsing/talon.jsonl"),
    task("reply-text", "reply_parsing/crisp.jsonl"),
    task("reply-text", "reply_parsing/zapier.jsonl"),
    task("mime", "mime_torture/cpython"),
    task("mime", "mime_torture/mail-parser"),
    task("mime", "mime_torture/mimekit"),
    task("mime", "mime_torture/mu"),
    task("mime", "mime_torture/notmuch"),
    task("mime", "mime_torture/headers_address.jsonl"),
    task("mime", "mime_torture/headers_content_type.jsonl"),
    task("mime", "mime_torture/headers_date.jsonl"),
    task("mime", "mime_torture/headers_id.jsonl"),
    task("mime", "mime_torture/headers_unstructured.jsonl"),
    task("threads", "threading/imaptest.jsonl"),
    Task {
        name: "threads",
        path: "threading/list_usrp-users_2022_gold.jsonl",
        more: &[("--mail", Some("lists/usrp-users-2022.mbox"))],
    },
    Task {
        name: "threads",
        path: "threading/list_usrp-users_2022_gold.jsonl",
        more: &[("--mail", Some("lists/usrp-users-2022.mbox")), ("--without-references", None)],
    },
    task("dates", "datetime/duckling_en.jsonl"),
    task("dates", "datetime/duckling_en_GB.jsonl"),
    task("dates", "datetime/duckling_en_US.jsonl"),
    task("dates", "datetime/duckling_duration.jsonl"),
    task("dates", "datetime/duckling_negative.jsonl"),
    task("dates", "datetime/recognizers_model.jsonl"),
    task("dates", "datetime/recognizers_other.jsonl"),
    task("people", "email_coref/threads.jsonl"),
    task("exqa", "enron_exqa"),
    task("recall", "locomo"),
    task("recall", "qmsum"),
    Task {
        name: "evidence",
        path: "enron_evidence_qa/challenges.jsonl",
        more: &[("--mail", Some("enron_evidence_qa/mail"))],
    },
    Task {
        name: "links",
        path: "vaults/wikilinks_gold_en.jsonl",
        more: &[("--vault", Some("vaults/obsidian-help/en")), ("--files", Some("vaults/vault_files_en.txt"))],
    },
    task("front-matter", "yaml_suite/cases.jsonl"),
    task("attacks", "prompt_injection"),
    task("bulk", "spamassassin/easy-ham-1"),
    task("bulk", "spamassassin/easy-ham-2"),
    task("bulk", "spamassassin/hard-ham-1"),
    task("bulk", "spamassassin/spam-1"),
    task("bulk", "spamassassin/spam-2"),
    task("triage", "agents_from_scratch_triage/triage.jsonl"),
];

/// Sets of our own, in this repository: they are scored with or without the data.
const OWN: &[Task] =
    &[task("demo", "corpus/demo"), task("asks", "corpus/asks"), task("recall", "corpus/recall")];

/// The figures that were reached, below the workspace.
const BASELINES: &str = "corpus/baselines.json";

/// Scores every task whose file is there and compares it with its baseline; `accept` is why baselines move to the
/// figures of this run. `data` is the folder of the sets, else `../shared/data` beside the workspace.
pub(crate) fn run(data: Option<PathBuf>, program: Option<PathBuf>, accept: Option<&str>) -> Result<ExitCode> {
    let data = data.unwrap_or_else(|| cargo::root().join("../shared/data"));
    if !data.is_dir() {
        println!("skipped: no data, so only our own sets are scored");
    }
    let program = cargo::program(program.as_deref())?;
    let path = cargo::root().join(BASELINES);
    let mut baselines = Baselines::read(&path)?;
    let mut rows = Vec::new();
    let (mut failed, mut lost) = (0_usize, Vec::new());
    let own = OWN.iter().map(|task| (cargo::root().to_owned(), task));
    let others = TASKS.iter().map(|task| (data.clone(), task));
    for (folder, task) in own.chain(others).filter(|(folder, task)| folder.join(task.path).exists()) {
        let start = Instant::now();
        let words = task.more.iter().filter(|(_, path)| path.is_none()).map(|(word, _)| format!(" {word}"));
        let set = format!("{}{}", task.path, words.collect::<String>());
        eprintln!("{} {set}", task.name);
        let (count, said) = match score(&program, &folder, task) {
            Ok(answer) => {
                let metrics = answer.get("metrics").and_then(Value::as_object).cloned().unwrap_or_default();
                let key = format!("{} {set}", task.name);
                let figures = baselines.compare(&key, &metrics);
                let worse = figures.iter().filter(|(_, _, change)| matches!(change, Change::Worse(_)));
                lost.extend(worse.map(|(name, _, _)| format!("{key}: {name}")));
                let said = figures.iter().map(with_change).collect::<Vec<_>>().join(", ");
                if let Some(because) = accept {
                    baselines.set(&key, &figures, because);
                }
                (answer.get("rows").map_or_else(String::new, figure), said)
            }
            Err(error) => {
                failed += 1;
                (String::new(), format!("failed: {error:#}"))
            }
        };
        let seconds = format!("{:.1}", start.elapsed().as_secs_f64());
        rows.push(vec![task.name.to_owned(), set, count, seconds, said]);
    }
    println!("{}", table::markdown(&["task", "set", "rows", "s", "figures"], &rows));
    println!("Every figure of a set: postil eval TASK PATH");
    if accept.is_some() {
        baselines.write(&path)?;
        println!("{BASELINES} now holds these figures");
    } else if !lost.is_empty() {
        println!("worse than {BASELINES}:\n  {}", lost.join("\n  "));
        println!("What to do: mend it, or run again with --accept \"why the figure may move\"");
    }
    let good = failed == 0 && (lost.is_empty() || accept.is_some());
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// "f1 0.7981", "f1 0.8010 (+0.0029)", "f1 0.7900 (WORSE by 0.0081)", "f1 0.7900 (new)".
fn with_change((name, now, change): &(String, f64, Change)) -> String {
    let now = figure(&Value::from(*now));
    match change {
        Change::Same => format!("{name} {now}"),
        Change::New => format!("{name} {now} (new)"),
        Change::Better(by) => format!("{name} {now} (better by {by:.4})"),
        Change::Worse(by) => format!("{name} {now} (WORSE by {by:.4})"),
    }
}

fn score(program: &Path, data: &Path, task: &Task) -> Result<Value> {
    let mut command = Command::new(program);
    command.args(["eval", task.name]).arg(data.join(task.path));
    for (word, path) in task.more {
        command.arg(word);
        if let Some(path) = path {
            command.arg(data.join(path));
        }
    }
    read_answer(&mut command)
}

/// Runs a command that prints one JSON object.
///
/// # Errors
///
/// The command does not start, does not succeed (the last line it wrote to stderr is named) or prints no JSON.
pub(crate) fn read_answer(command: &mut Command) -> Result<Value> {
    let output = command.output().context("starting postil")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{}", said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").trim());
    }
    serde_json::from_slice(&output.stdout).context("what it printed is no JSON")
}

fn figure(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Some(number) => format!("{number:.4}"),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_said_beside_its_figure() {
        let said = |change| with_change(&("f1".to_owned(), 0.5, change));
        assert_eq!(said(Change::Same), "f1 0.5000");
        assert_eq!(said(Change::Worse(0.25)), "f1 0.5000 (WORSE by 0.2500)");
        assert_eq!(with_change(&("crashed".to_owned(), 0.0, Change::New)), "crashed 0 (new)");
    }

    #[test]
    fn a_command_that_fails_is_named_by_its_last_words() {
        let error =
            read_answer(Command::new("sh").args(["-c", "echo first >&2; echo 'no such task' >&2; exit 2"]));
        assert_eq!(error.unwrap_err().to_string(), "no such task");
        assert!(read_answer(Command::new("sh").args(["-c", "echo text"])).is_err());
    }
}
