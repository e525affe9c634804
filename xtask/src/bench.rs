//! Postil beside notmuch and mu on the same made-up mail, as one Markdown table for docs/MEASURED.md.
//!
//! Runs programs as a person would and reads clocks around them. No test depends on a timing.

mod cast;
mod mailbox;
mod measure;
mod notes;
mod random;
mod tools;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use measure::Figures;
use random::Random;
use words::Words;

use crate::{cargo, table};

/// What to make and how often to ask.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) messages: usize,
    pub(crate) notes: usize,
    /// Searches per program, of which the median is shown.
    pub(crate) searches: usize,
    /// Where mail, vault and indexes go; `target/bench` where not given.
    pub(crate) dir: Option<PathBuf>,
    /// A postil that is built already.
    pub(crate) program: Option<PathBuf>,
}

/// The mail and the vault, made.
struct Made {
    dir: PathBuf,
    mail_bytes: u64,
    /// Pairs of words that stand in the mail, for the searches.
    queries: Vec<[String; 2]>,
}

/// Changes when the made-up mail changes, so that a folder made by an older version is not measured as this one.
const VERSION: u32 = 1;
const SEED: u64 = 0x0050_0571_1100_2026;

/// Measures recall inside the index, by the index's own example.
pub(crate) fn recall(passages: usize) -> Result<ExitCode> {
    let mut command = cargo::cargo();
    command.args(["run", "--release", "--locked", "--package", "postil-index", "--example", "rates", "--"]);
    let status = command.arg(passages.to_string()).status().context("running the index's example")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the mail, runs each program that is installed, prints the table and writes it to `bench.md` in the folder.
pub(crate) fn run(plan: &Plan) -> Result<ExitCode> {
    let program = cargo::program(plan.program.as_deref())?;
    let made = make(plan)?;
    let mut columns = Vec::new();
    for tool in tools::installed(&program, &made.dir)? {
        eprintln!("measuring {}", tool.name);
        let figures = measure::measure(&tool, plan.messages, &made.queries, plan.searches);
        columns.push((tool.name, tool.version, figures));
    }
    let text = report(plan, &made, &columns);
    println!("{text}");
    let path = made.dir.join("bench.md");
    std::fs::write(&path, &text).with_context(|| format!("writing {}", path.display()))?;
    eprintln!("also in {}", path.display());
    Ok(ExitCode::SUCCESS)
}

/// Makes the mail and the vault, or takes what an earlier run with the same numbers made.
fn make(plan: &Plan) -> Result<Made> {
    let dir = plan.dir.clone().unwrap_or_else(|| cargo::target_dir().join("bench"));
    std::fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
    let dir = dir.canonicalize()?;
    let stamp = dir.join("made.txt");
    let numbers =
        format!("version {VERSION}, seed {SEED:#x}, {} messages, {} notes\n", plan.messages, plan.notes);
    let mut random = Random::new(SEED);
    let words = Words::new(&mut random);
    let queries = words.queries(&mut random, 10);
    let found = std::fs::read_to_string(&stamp).ok();
    if found.as_deref() != Some(numbers.as_str()) {
        for folder in ["Maildir", "vault"] {
            let path = dir.join(folder);
            if path.exists() {
                if found.is_none() {
                    bail!("{} was not made by this command: give another --dir", path.display());
                }
                std::fs::remove_dir_all(&path)?;
            }
        }
        if found.is_some() {
            std::fs::remove_file(&stamp)?;
        }
        eprintln!("making {} messages and {} notes in {}", plan.messages, plan.notes, dir.display());
        let cast = cast::Cast::new(&mut random, plan.notes);
        // The stamp comes first with no numbers: a run that is stopped here is made again and may be removed.
        std::fs::write(&stamp, "unfinished\n")?;
        notes::write(&dir.join("vault"), plan.notes, &cast, &words, &mut random)?;
        mailbox::write(&dir.join("Maildir"), plan.messages, &cast, &words, &mut random)?;
        std::fs::write(&stamp, numbers)?;
    }
    // Reading it all once puts it in the page cache for the first program as for the last.
    let mail_bytes = measure::read_all(&dir.join("Maildir"))?;
    Ok(Made { dir, mail_bytes, queries })
}

fn report(plan: &Plan, made: &Made, columns: &[(&str, String, Figures)]) -> String {
    let mut text = format!(
        "{} messages ({:.1} MB, {:.1} KB each on average), {} notes; {} cores; Linux page cache warm; commit {}.\n",
        plan.messages,
        made.mail_bytes as f64 / 1e6,
        made.mail_bytes as f64 / 1e3 / plan.messages.max(1) as f64,
        plan.notes,
        std::thread::available_parallelism().map_or(1, usize::from),
        measure::commit(&cargo::root()),
    );
    let versions: Vec<String> =
        columns.iter().map(|(name, version, _)| format!("{name}: {version}")).collect();
    text.push_str(&format!("{}. Postil reads the notes too, the others mail only.\n\n", versions.join("; ")));

    let ours = columns.first().map(|(_, _, figures)| figures.rows(made.mail_bytes)).unwrap_or_default();
    let mut header = vec!["figure"];
    for (at, (name, _, _)) in columns.iter().enumerate() {
        header.push(name);
        if at > 0 {
            header.push("over postil");
        }
    }
    let titles = Figures::titles(plan.searches);
    let mut rows = Vec::new();
    for (row, title) in titles.iter().enumerate() {
        let mut cells = vec![title.clone()];
        for (at, (_, _, figures)) in columns.iter().enumerate() {
            let theirs = figures.rows(made.mail_bytes);
            let value = theirs.get(row).and_then(|figure| figure.value);
            cells.push(theirs.get(row).map_or_else(String::new, ToString::to_string));
            if at > 0 {
                let ratio = match (value, ours.get(row).and_then(|figure| figure.value)) {
                    (Some(theirs), Some(ours)) if ours > 0.0 => format!("{:.2} x", theirs / ours),
                    _ => "n/a".to_owned(),
                };
                cells.push(ratio);
            }
        }
        rows.push(cells);
    }
    text.push_str(&table::markdown(&header, &rows));
    text
}

/// Makes a folder and writes a file in it.
fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
}
