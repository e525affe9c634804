//! The house rules, checked: which crate may use which, what each may do, and that the documents say what is there.
//!
//! Each check is a function from a [`Tree`] to findings. `cargo xtask tidy` and `cargo test` run the same list.

mod documents;
mod manifests;
mod sources;

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo;
use crate::tree::{Finding, Tree};

/// Which crate may use which, by folder name: the table of ARCHITECTURE.md. What is not here is forbidden.
///
/// Arrows point downward only. `fixture` is not in any row: it is a dev-dependency of whoever wants it.
pub(crate) const EDGES: &[(&str, &[&str])] = &[
    ("evidence", &[]),
    ("mail", &["evidence"]),
    ("vault", &["evidence"]),
    ("index", &["evidence"]),
    ("understand", &["evidence", "mail"]),
    ("draft", &["evidence", "mail", "understand"]),
    ("plan", &["evidence", "vault", "understand"]),
    ("post", &["evidence", "mail", "draft"]),
    ("desk", &["evidence", "mail", "vault", "index", "understand", "draft", "plan", "post"]),
    ("postil", &["desk"]),
    ("fixture", &[]),
];

/// A rule by its name.
type Check = (&'static str, fn(&Tree) -> Vec<Finding>);

const CHECKS: &[Check] = &[
    ("crates are named for their folders", manifests::names),
    ("edges between crates point downward", manifests::edges),
    ("the core is synchronous", manifests::synchronous),
    ("every workspace dependency is used", manifests::dependencies_used),
    ("every crate takes the workspace's lints", manifests::lints),
    ("no socket outside the allowed modules", sources::sockets),
    ("only the writers write files", sources::writers),
    ("every source file says what it knows, and is short", sources::shape),
    ("nothing is left unfinished or skipped", sources::unfinished),
    ("no path of one machine", sources::machine_paths),
    ("ARCHITECTURE.md names what is there", documents::architecture),
    ("every corpus names its origin and licence", documents::corpora),
];

/// Prints each rule that is broken with its findings.
pub(crate) fn run() -> Result<ExitCode> {
    let tree = Tree::read(&cargo::root())?;
    let mut broken = 0_usize;
    for (rule, check) in CHECKS {
        let findings = check(&tree);
        if !findings.is_empty() {
            broken += 1;
            println!("{rule}:");
            for finding in findings {
                println!("  {finding}");
            }
        }
    }
    println!("tidy: {} of {} rules hold", CHECKS.len() - broken, CHECKS.len());
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a crate may use, by folder name. `None` for a crate that has no row.
fn allowed(folder: &str) -> Option<&'static [&'static str]> {
    EDGES.iter().find(|(name, _)| *name == folder).map(|(_, uses)| *uses)
}

#[cfg(test)]
pub(crate) fn check(rule: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)], expect: &[&str]) {
    let findings: Vec<String> = rule(&Tree::of(files)).iter().map(ToString::to_string).collect();
    assert_eq!(findings.len(), expect.len(), "{findings:#?}");
    for (finding, part) in findings.iter().zip(expect) {
        assert!(finding.contains(part), "`{finding}` does not say `{part}`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let tree = Tree::read(&cargo::root()).unwrap();
        assert!(tree.crates().contains("evidence"), "the tree was not read");
        let mut broken = String::new();
        for (rule, check) in CHECKS {
            for finding in check(&tree) {
                broken.push_str(&format!("{rule}: {finding}\n"));
            }
        }
        assert!(broken.is_empty(), "\n{broken}");
    }

    #[test]
    fn the_table_has_each_crate_above_what_it_uses() {
        for (at, (name, uses)) in EDGES.iter().enumerate() {
            for used in *uses {
                let below = EDGES.iter().position(|(other, _)| other == used);
                assert!(
                    below.is_some_and(|below| below < at),
                    "{name} uses {used}, which is not above it in the table"
                );
            }
        }
    }
}
