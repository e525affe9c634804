//! `draft-speed`: how long a brief and a draft take, in one process, on a vault that was set up and synced.
//!
//! A figure for people; nothing is decided by it.

use std::path::Path;

use postil_index::BulkThreads;

use super::Scored;
use super::metric::{mean, percentile, timed};
use crate::desk::Desk;
use crate::env::Environment;
use crate::error::DeskError;

/// Threads that are measured, at most.
const THREADS: usize = 200;

/// # Errors
/// Where the vault is not set up or holds no thread that a draft could answer.
pub(super) fn score(vault: &Path, env: &Environment) -> Result<Scored, DeskError> {
    let desk = Desk::open(vault, env.clone())?;
    let threads = desk.index.catalog().threads_active_since(i64::MIN, THREADS, BulkThreads::Include)?;
    if let Some(first) = threads.first() {
        // What is read for the first time is not what is measured; nothing to answer is no failure here.
        drop(desk.prepare(first.thread, None));
    }
    let mut times = Vec::new();
    let mut without_answer = 0;
    for row in &threads {
        let (prepared, ms) = timed(|| desk.prepare(row.thread, None));
        match prepared {
            Ok(_) => times.push(ms),
            Err(_) => without_answer += 1,
        }
    }
    if times.is_empty() {
        let what = format!("{} holds no thread that a draft could answer", vault.display());
        return Err(DeskError::user(what, "add mail and run `postil sync` first"));
    }
    let mut scored = Scored::new(times.len());
    scored.figure("p50_ms", percentile(&times, 0.5));
    scored.figure("p95_ms", percentile(&times, 0.95));
    scored.figure("mean_ms", mean(times.iter().copied()));
    scored.count("nothing_to_answer", without_answer);
    Ok(scored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{DEMO_NOW, write_demo};
    use crate::progress::Silent;

    #[test]
    fn a_synced_vault_has_figures_and_an_empty_one_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let env = Environment {
            now: DEMO_NOW.parse().unwrap(),
            state_root: dir.path().join("state"),
            current_dir: dir.path().to_path_buf(),
            suggested_name: None,
        };
        let places = write_demo(&dir.path().join("demo")).unwrap();
        let error = score(&places.vault, &env).unwrap_err().to_string();
        assert!(error.contains("no thread"), "{error}");
        Desk::open(&places.vault, env.clone()).unwrap().sync(&Silent::default()).unwrap();
        let scored = score(&places.vault, &env).unwrap();
        assert!(scored.rows > 50 && scored.get("p50_ms") <= scored.get("p95_ms"));
    }
}
