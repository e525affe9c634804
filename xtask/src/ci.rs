//! What must pass before a commit is kept, in the order that fails soonest.
//!
//! Prints each step with its time and stops at the first that fails. Must not hide what a step prints.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cargo::cargo;
use crate::tidy;

/// One cargo call, and what to do when it fails.
struct Step {
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    mend: &'static str,
}

const STEPS: &[Step] = &[
    Step { arguments: &["fmt", "--all", "--check"], environment: &[], mend: "run `cargo fmt --all`" },
    Step {
        arguments: &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
        environment: &[],
        mend: "mend the lint, or give `#[expect(…, reason = \"…\")]` on the one place where it is wrong",
    },
    // Plain cargo test and no faster runner: documentation tests run too.
    Step {
        arguments: &["test", "--workspace", "--locked"],
        environment: &[],
        mend: "run the one test again: `cargo test -p <package> <name>`",
    },
    Step {
        arguments: &["doc", "--workspace", "--no-deps", "--locked"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        mend: "mend the link or the markup that rustdoc names",
    },
];

/// Runs every step. Failure at the first that does not pass.
pub(crate) fn run() -> Result<ExitCode> {
    let start = Instant::now();
    for step in STEPS {
        let name = format!("cargo {}", step.arguments.join(" "));
        let mut command = cargo();
        command.args(step.arguments).envs(step.environment.iter().copied());
        if !timed(&name, || Ok(command.status().with_context(|| format!("starting {name}"))?.success()))? {
            return Ok(failed(&name, step.mend));
        }
    }
    if !timed("cargo xtask tidy", || Ok(tidy::run()? == ExitCode::SUCCESS))? {
        return Ok(failed(
            "cargo xtask tidy",
            "mend what it names; a rule that is wrong changes in xtask/src/tidy.rs",
        ));
    }
    if !timed("cargo deny check", deny)? {
        return Ok(failed(
            "cargo deny check",
            "see deny.toml: a new licence or source needs its reason there",
        ));
    }
    println!("\nci: every step passed, {:.0} s in all", start.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

/// The property test of clearing over `pairs` pairs of vaults, optimised: the usual test run takes fewer.
pub(crate) fn noninterference(pairs: usize) -> Result<ExitCode> {
    let arguments = ["test", "--release", "--locked", "-p", "postil-desk", "--test", "noninterference"];
    let status = cargo().args(arguments).env("POSTIL_PAIRS", pairs.to_string()).status()?;
    println!(
        "noninterference: {pairs} pairs asked for, the test {}",
        if status.success() { "passed" } else { "failed" }
    );
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One test of the IMAP source at length, optimised: `variable` says how long.
pub(crate) fn imap(test: &str, variable: &str, many: usize) -> Result<ExitCode> {
    let arguments =
        ["test", "--release", "--locked", "-p", "postil", "--test", "imap", test, "--", "--nocapture"];
    let status = cargo().args(arguments).env(variable, many.to_string()).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn timed(name: &str, step: impl FnOnce() -> Result<bool>) -> Result<bool> {
    println!("\n== {name}");
    let start = Instant::now();
    let passed = step()?;
    println!(
        "== {name}: {} in {:.1} s",
        if passed { "passed" } else { "FAILED" },
        start.elapsed().as_secs_f64()
    );
    Ok(passed)
}

fn failed(name: &str, mend: &str) -> ExitCode {
    println!("\nci: stopped at `{name}`. What to do: {mend}");
    ExitCode::FAILURE
}

/// Licences, bans and sources always; advisories where their database can be read.
fn deny() -> Result<bool> {
    if !cargo().args(["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        println!("skipped: cargo-deny is not installed");
        return Ok(true);
    }
    let mut rules = cargo();
    rules.args(["deny", "--offline", "check", "licenses", "bans", "sources"]);
    if !rules.status().context("starting cargo deny")?.success() {
        return Ok(false);
    }
    let advisories = ["deny", "--offline", "check", "advisories"];
    let output = cargo().args(advisories).output().context("starting cargo deny")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        println!("advisories: none that concerns us");
        return Ok(true);
    }
    if database_out_of_reach(&said) {
        println!("advisories not looked at: their database is out of reach (`cargo deny fetch` brings it)");
        return Ok(true);
    }
    print!("{said}");
    Ok(false)
}

/// cargo-deny says "failed to fetch|open|load advisory database" where it could not look at all.
fn database_out_of_reach(said: &str) -> bool {
    said.lines().any(|line| line.contains("failed to") && line.contains("advisory database"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_database_is_no_advisory() {
        assert!(database_out_of_reach("[ERROR] failed to open advisory database: no such folder\n"));
        assert!(database_out_of_reach(
            "a\n[ERROR] failed to fetch advisory database https://a.example: IO error"
        ));
        assert!(!database_out_of_reach("error[vulnerability]: a buffer overflows\nfailed to be careful\n"));
    }
}
