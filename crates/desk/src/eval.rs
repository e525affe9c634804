//! `postil eval`: scores one part of Postil on labelled rows, through the functions the product itself uses.
//!
//! One file per task: rows in, counts out. No rule lives here that only the evaluation has: a better product
//! gives a better figure. Where the product has nothing to measure yet, the call fails and says so.

mod answers;
mod asks;
mod attacks;
mod bulk;
mod dates;
mod demo;
mod draft_speed;
mod evidence;
mod exqa;
mod front_matter;
mod intent;
mod links;
mod mailbox;
mod metric;
mod mime;
mod people;
mod place;
mod question;
mod reading_speed;
mod recall;
mod reply_text;
mod rows;
mod threads;
mod triage;
mod turns;
mod zones;

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::embedding::ModelSource;
use crate::env::Environment;
use crate::error::DeskError;

/// One call of `postil eval`.
#[derive(Clone, Debug)]
pub struct EvalCall {
    /// The task's name.
    pub task: String,
    /// The rows: a file or a folder, as the task needs.
    pub path: PathBuf,
    /// The vault that the rows speak of.
    pub vault: Option<PathBuf>,
    /// The mail that the rows speak of: an mbox or a folder.
    pub mail: Option<PathBuf>,
    /// Every path of the vault, one a line, where not all of its files are there.
    pub files: Option<PathBuf>,
    /// Thread without In-Reply-To and References.
    pub without_references: bool,
    /// How many wrong rows to return.
    pub errors: usize,
    /// The embedding model that recall asks too.
    pub model: Option<ModelSource>,
}

/// What a task found.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalReport {
    /// `{"schema":"postil/eval@1","task":…,"rows":…,"metrics":{…}}`
    pub json: Value,
    /// Wrong rows, one line each; at most as many as were asked for.
    pub wrong: Vec<String>,
}

/// The counts of a task before they are put into a report.
#[derive(Clone, Debug, Default, PartialEq)]
struct Scored {
    rows: usize,
    metrics: Map<String, Value>,
    wrong: Vec<String>,
}

impl Scored {
    fn new(rows: usize) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Adds a figure. One that cannot be told, such as a share of no rows, is left out.
    fn figure(&mut self, name: &str, value: Option<f64>) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            self.metrics.insert(name.to_owned(), json!((value * 1e6).round() / 1e6));
        }
    }

    fn count(&mut self, name: &str, value: usize) {
        self.metrics.insert(name.to_owned(), json!(value));
    }

    /// Notes a wrong row on one line.
    fn wrong(&mut self, line: &str) {
        self.wrong.push(shown(line));
    }

    #[cfg(test)]
    fn get(&self, name: &str) -> f64 {
        self.metrics.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }
}

/// At most 300 characters of `text` on one line, so that a long row does not flood the screen.
fn shown(text: &str) -> String {
    let line = postil_evidence::text::fold_space(text);
    match line.char_indices().nth(300) {
        Some((at, _)) => format!("{} …", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// Runs one task.
///
/// # Errors
/// Where the task is not known or not measured yet, a file it needs is not given or not there, or a row
/// cannot be read: the file and the line are named.
pub fn evaluate(call: &EvalCall, env: &Environment) -> Result<EvalReport, DeskError> {
    let path = call.path.as_path();
    let mut scored = match call.task.as_str() {
        "asks" => asks::score_folder(path)?,
        "intent" => intent::score(&rows::read_rows(path)?),
        "zones" => zones::score(&rows::read_rows(path)?),
        "reply-text" => reply_text::score(&rows::read_rows(path)?),
        "mime" if path.is_dir() => mime::score_folder(path)?,
        "mime" => mime::score_headers(&rows::read_rows(path)?)?,
        "threads" => match &call.mail {
            Some(mail) => threads::score_list(
                &rows::read_rows(path)?,
                mailbox::load_all(mail)?,
                &threads::with_bare_ids(&mailbox::load_raw(mail)?),
                call.without_references,
            ),
            None => threads::score_trees(&rows::read_rows(path)?)?,
        },
        "dates" => dates::score(&rows::read_rows(path)?)?,
        "people" => people::score(&rows::read_rows(path)?),
        "exqa" => exqa::score(
            &rows::read_rows(&path.join("docs.jsonl"))?,
            &rows::read_rows(&path.join("qas.jsonl"))?,
        ),
        "recall" => recall::score_folder(path, call.model.as_ref())?,
        "evidence" => {
            let mail = needed(call.mail.as_ref(), "evidence", "--mail DIR")?;
            evidence::score(&rows::read_rows(path)?, mail)?
        }
        "links" => {
            let vault = needed(call.vault.as_ref(), "links", "--vault DIR")?;
            links::score(&rows::read_rows(path)?, vault, &links::files(vault, call.files.as_deref())?)?
        }
        "front-matter" => front_matter::score(&rows::read_rows(path)?),
        "attacks" => attacks::score_folder(path)?,
        "bulk" => bulk::score(mailbox::load_all(path)?),
        "triage" => triage::score(&rows::read_rows(path)?),
        "demo" => demo::score_folder(path)?,
        "draft-speed" => draft_speed::score(call.vault.as_deref().unwrap_or(path), env)?,
        "reading-speed" => reading_speed::score(&mailbox::load_raw(path)?),
        other => {
            let hint = "tasks: intent, asks, zones, reply-text, mime, threads, dates, people, exqa, recall, evidence, \
                        links, front-matter, attacks, bulk, triage, demo, draft-speed, reading-speed";
            return Err(DeskError::user(format!("there is no task {other}"), hint));
        }
    };
    scored.wrong.truncate(call.errors);
    let Scored { rows, metrics, wrong } = scored;
    let json = json!({"schema": "postil/eval@1", "task": call.task, "rows": rows, "metrics": metrics});
    Ok(EvalReport { json, wrong })
}

fn needed<'a>(given: Option<&'a PathBuf>, task: &str, option: &str) -> Result<&'a PathBuf, DeskError> {
    given.ok_or_else(|| {
        DeskError::user(format!("the task {task} needs more than rows"), format!("add {option}"))
    })
}

/// A task that has rows, but nothing in the product that could be right or wrong about them.
fn not_measured(task: &str, why: &str) -> DeskError {
    DeskError::user(format!("{task} is not measured yet: {why}"), "choose another task")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(task: &str, path: &str) -> EvalCall {
        EvalCall {
            task: task.to_owned(),
            path: PathBuf::from(path),
            vault: None,
            mail: None,
            files: None,
            without_references: false,
            errors: 1,
            model: None,
        }
    }

    fn environment(dir: &std::path::Path) -> Environment {
        Environment {
            now: "2026-11-23T08:30:00+01:00[Europe/Berlin]".parse().unwrap(),
            state_root: dir.join("state"),
            current_dir: dir.to_path_buf(),
            suggested_name: None,
        }
    }

    #[test]
    fn a_report_has_its_schema_and_at_most_the_errors_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rows.jsonl");
        let rows = "{\"id\":\"1\",\"text\":\"Nothing.\",\"label\":true}\n\n{\"id\":\"2\",\"text\":\"Neither.\",\"label\":true}\n";
        crate::state::replace_file(&path, rows.as_bytes()).unwrap();
        let report = evaluate(&call("intent", path.to_str().unwrap()), &environment(dir.path())).unwrap();
        assert_eq!(report.json["schema"], "postil/eval@1");
        assert_eq!(report.json["task"], "intent");
        assert_eq!(report.json["rows"], 2);
        assert_eq!(report.json["metrics"]["recall"], 0.0);
        assert_eq!(report.wrong.len(), 1);
    }

    #[test]
    fn what_cannot_be_scored_says_why() {
        let dir = tempfile::tempdir().unwrap();
        let env = environment(dir.path());
        let path = dir.path().join("rows.jsonl");
        crate::state::replace_file(&path, b"{\"id\":\"1\",\"text\":\"x\",\"label\":true}\n{\"id\":\n")
            .unwrap();
        let path = path.to_str().unwrap();
        for (task, path, said) in [
            ("weather", path, "there is no task weather"),
            ("people", path, "rows.jsonl:1"),
            ("evidence", path, "needs more than rows"),
            ("intent", path, "rows.jsonl:2"),
            ("intent", "no-such-file", "no-such-file"),
        ] {
            let error = evaluate(&call(task, path), &env).unwrap_err().to_string();
            assert!(error.contains(said), "{task}: {error}");
        }
    }
}
