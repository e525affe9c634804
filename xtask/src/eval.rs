//! The program's own figures on the labelled data: one row per task and file, from `postil eval … ` JSON.
//!
//! Knows which task reads which file. Must not compute a score itself, and needs no data to build or to pass.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{cargo, table};

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
    task("mime", "mime_torture/headers_received.jsonl"),
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

/// Scores every task whose file is there. `data` is the folder of the sets, else `../shared/data` beside the workspace.
pub(crate) fn run(data: Option<PathBuf>, program: Option<PathBuf>) -> Result<ExitCode> {
    let data = data.unwrap_or_else(|| cargo::root().join("../shared/data"));
    if !data.is_dir() {
        println!("skipped: no data");
        return Ok(ExitCode::SUCCESS);
    }
    let program = cargo::program(program.as_deref())?;
    let mut rows = Vec::new();
    let mut failed = 0_usize;
    for task in TASKS.iter().filter(|task| data.join(task.path).exists()) {
        let start = Instant::now();
        eprintln!("{} {}", task.name, task.path);
        let (count, figures) = match score(&program, &data, task) {
            Ok(answer) => (answer.get("rows").map_or_else(String::new, figure), figures(&answer)),
            Err(error) => {
                failed += 1;
                (String::new(), format!("failed: {error:#}"))
            }
        };
        let words = task.more.iter().filter(|(_, path)| path.is_none()).map(|(word, _)| format!(" {word}"));
        let set = format!("{}{}", task.path, words.collect::<String>());
        let seconds = format!("{:.1}", start.elapsed().as_secs_f64());
        rows.push(vec![task.name.to_owned(), set, count, figures, seconds]);
    }
    println!("{}", table::markdown(&["task", "set", "rows", "figures", "s"], &rows));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

/// The metrics on one line, nested ones with their path.
fn figures(answer: &Value) -> String {
    fn collect(name: &str, value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    collect(&name, value, into);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                into.push(format!("{name} {}", figure(value)));
            }
        }
    }
    let Some(metrics) = answer.get("metrics") else { return "no metrics".to_owned() };
    let mut found = Vec::new();
    collect("", metrics, &mut found);
    found.join(", ")
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
    fn figures_of_any_depth_fit_one_line() {
        let answer = serde_json::json!({"rows": 3, "metrics": {"f1": 0.5, "by": {"a": 1, "b": null}}});
        assert_eq!(figures(&answer), "by.a 1, by.b null, f1 0.5000");
        assert_eq!(figures(&serde_json::json!({})), "no metrics");
    }

    #[test]
    fn a_command_that_fails_is_named_by_its_last_words() {
        let error =
            read_answer(Command::new("sh").args(["-c", "echo first >&2; echo 'no such task' >&2; exit 2"]));
        assert_eq!(error.unwrap_err().to_string(), "no such task");
        assert!(read_answer(Command::new("sh").args(["-c", "echo text"])).is_err());
    }
}
