//! What the Cargo.toml files may say. Reads manifests and the lock file as text; runs no cargo.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::allowed;
use crate::tree::{Finding, Tree};

/// Runtimes that must not be reached from the core, directly or through another crate.
const RUNTIMES: &[&str] = &["tokio", "async-std", "smol", "async-io", "async-executor", "hyper", "reqwest"];

/// Crates that make no sense without a runtime: not to be named by the core.
const ASYNC: &[&str] = &["futures", "axum", "tower", "rmcp"];
const ASYNC_PREFIXES: &[&str] = &["async-", "futures-", "tokio-", "tower-"];

/// The only crate that may be asynchronous.
const PROGRAM: &str = "postil";
const FIXTURE: &str = "fixture";

/// Package names carry the prefix, folders do not; the program is `postil` itself.
pub(super) fn names(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in tree.crates() {
        let path = format!("crates/{folder}/Cargo.toml");
        let name = match manifest(tree, &path) {
            Ok(manifest) => package_name(&manifest).to_owned(),
            Err(finding) => {
                findings.push(finding);
                continue;
            }
        };
        let expected = package_of(folder);
        if folder.starts_with("postil-") {
            findings.push(Finding::new(
                &path,
                None,
                "the folder carries the prefix: drop it there, keep it in the package",
            ));
        } else if name != expected {
            findings.push(Finding::new(
                &path,
                None,
                format!("the package is `{name}`: call it `{expected}`"),
            ));
        }
    }
    findings
}

/// Edges between our crates against the table, and no cycle.
pub(super) fn edges(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in tree.crates() {
        let path = format!("crates/{folder}/Cargo.toml");
        let Ok(manifest) = manifest(tree, &path) else { continue };
        let Some(uses) = allowed(folder) else {
            findings.push(Finding::new(
                &path,
                None,
                "no row in xtask/src/tidy.rs EDGES: add one, and one in ARCHITECTURE.md",
            ));
            continue;
        };
        for (kind, dependency) in dependencies(&manifest) {
            let Some(other) = folder_of(&dependency) else { continue };
            graph.entry(folder.to_owned()).or_default().insert(other.to_owned());
            let permitted = match kind {
                Kind::Shipped => uses.contains(&other),
                Kind::Dev => other == FIXTURE || is_below(folder, other),
            };
            if !permitted {
                let kind = match kind {
                    Kind::Shipped => "",
                    Kind::Dev => " in its tests",
                };
                findings.push(Finding::new(
                    &path,
                    None,
                    format!("{folder} may not use {other}{kind}: arrows point downward only"),
                ));
            }
        }
    }
    if let Some(cycle) = find_cycle(&graph) {
        findings.push(Finding::new("crates", None, format!("a cycle: {}", cycle.join(" -> "))));
    }
    findings
}

/// No async crate in the core, and no runtime that comes in through another crate.
pub(super) fn synchronous(tree: &Tree) -> Vec<Finding> {
    let locked = locked(tree);
    let mut findings = Vec::new();
    for folder in tree.crates().into_iter().filter(|folder| *folder != PROGRAM) {
        let path = format!("crates/{folder}/Cargo.toml");
        let Ok(manifest) = manifest(tree, &path) else { continue };
        for (kind, dependency) in dependencies(&manifest) {
            let named = RUNTIMES.contains(&dependency.as_str())
                || ASYNC.contains(&dependency.as_str())
                || ASYNC_PREFIXES.iter().any(|prefix| dependency.starts_with(prefix));
            if named {
                findings.push(Finding::new(
                    &path,
                    None,
                    format!("`{dependency}` is asynchronous: only the program may use it"),
                ));
            } else if matches!(kind, Kind::Shipped)
                && let Some(through) = find_runtime(&locked, &dependency)
            {
                findings.push(Finding::new(
                    &path,
                    None,
                    format!("a runtime comes in through {}", through.join(" -> ")),
                ));
            }
        }
    }
    findings
}

/// Every entry of [workspace.dependencies] is used by some crate.
pub(super) fn dependencies_used(tree: &Tree) -> Vec<Finding> {
    let root = match manifest(tree, "Cargo.toml") {
        Ok(root) => root,
        Err(finding) => return vec![finding],
    };
    let mut used = BTreeSet::new();
    for (_, text) in tree.files().filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        if let Ok(manifest) = text.parse::<Table>() {
            used.extend(dependency_keys(&manifest));
        }
    }
    let declared =
        root.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    declared
        .into_iter()
        .flat_map(Table::keys)
        .filter(|name| !used.contains(*name))
        .map(|name| {
            Finding::new(
                "Cargo.toml",
                None,
                format!("no crate uses `{name}`: drop it from [workspace.dependencies]"),
            )
        })
        .collect()
}

/// Every crate, and xtask, says `[lints] workspace = true`.
pub(super) fn lints(tree: &Tree) -> Vec<Finding> {
    let crates = tree.crates().into_iter().map(|folder| format!("crates/{folder}/Cargo.toml"));
    let xtask = tree.has("xtask/Cargo.toml").then(|| "xtask/Cargo.toml".to_owned());
    let mut findings = Vec::new();
    for path in crates.chain(xtask) {
        let Ok(manifest) = manifest(tree, &path) else { continue };
        let takes = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        if takes != Some(true) {
            findings.push(Finding::new(&path, None, "says no `[lints] workspace = true`"));
        }
    }
    findings
}

#[derive(Clone, Copy)]
enum Kind {
    /// Normal and build dependencies, on any target.
    Shipped,
    Dev,
}

fn manifest(tree: &Tree, path: &str) -> Result<Table, Finding> {
    let text = tree.text(path).ok_or_else(|| Finding::new(path, None, "is not there"))?;
    text.parse().map_err(|error| Finding::new(path, None, format!("is no TOML: {error}")))
}

fn package_name(manifest: &Table) -> &str {
    manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn package_of(folder: &str) -> String {
    if folder == PROGRAM { PROGRAM.to_owned() } else { format!("postil-{folder}") }
}

/// The folder of one of our packages; `None` for anyone else's.
fn folder_of(package: &str) -> Option<&str> {
    if package == PROGRAM { Some(PROGRAM) } else { package.strip_prefix("postil-") }
}

/// Every dependency by its package name, whatever it is renamed to.
fn dependencies(manifest: &Table) -> Vec<(Kind, String)> {
    let mut found = Vec::new();
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    for part in targets.filter_map(Value::as_table).chain([manifest]) {
        for (key, kind) in [
            ("dependencies", Kind::Shipped),
            ("build-dependencies", Kind::Shipped),
            ("dev-dependencies", Kind::Dev),
        ] {
            let Some(table) = part.get(key).and_then(Value::as_table) else { continue };
            for (name, value) in table {
                let package = value.get("package").and_then(Value::as_str).unwrap_or(name);
                found.push((kind, package.to_owned()));
            }
        }
    }
    found
}

/// Every dependency by the key it is declared under.
fn dependency_keys(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let parts = targets.filter_map(Value::as_table).chain([manifest]);
    let tables = parts.flat_map(|part| {
        ["dependencies", "build-dependencies", "dev-dependencies"]
            .into_iter()
            .filter_map(|key| part.get(key)?.as_table())
    });
    tables.flat_map(|table| table.keys().cloned()).collect()
}

fn is_below(folder: &str, other: &str) -> bool {
    allowed(folder).is_some_and(|uses| uses.contains(&other) || uses.iter().any(|used| is_below(used, other)))
}

/// The first cycle met, its first name repeated at the end.
fn find_cycle(graph: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn visit<'g>(
        name: &'g str,
        graph: &'g BTreeMap<String, BTreeSet<String>>,
        trail: &mut Vec<&'g str>,
        done: &mut BTreeSet<&'g str>,
    ) -> Option<Vec<String>> {
        if let Some(start) = trail.iter().position(|step| *step == name) {
            return Some(trail.iter().skip(start).chain([&name]).map(|step| (*step).to_owned()).collect());
        }
        if !done.insert(name) {
            return None;
        }
        trail.push(name);
        let cycle = graph.get(name).into_iter().flatten().find_map(|next| visit(next, graph, trail, done));
        trail.pop();
        cycle
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|name| visit(name, graph, &mut Vec::new(), &mut done))
}

/// The lock file as a graph of package names. Versions are folded together: it can only find too much.
fn locked(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let lock: Table = tree.text("Cargo.lock").and_then(|text| text.parse().ok()).unwrap_or_default();
    for package in lock.get("package").and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = package.get("name").and_then(Value::as_str) else { continue };
        let uses = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        let uses = uses.filter_map(|entry| entry.as_str()?.split(' ').next()).map(str::to_owned);
        graph.entry(name.to_owned()).or_default().extend(uses);
    }
    graph
}

/// How a runtime is reached from a package of someone else's: the names on the way.
fn find_runtime(locked: &BTreeMap<String, BTreeSet<String>>, from: &str) -> Option<Vec<String>> {
    // Our own crates are looked at one by one, and their dev-dependencies stand in the lock file too.
    if folder_of(from).is_some() {
        return None;
    }
    let mut trails = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(trail) = trails.pop() {
        let Some(name) = trail.last() else { continue };
        if RUNTIMES.contains(&name.as_str()) {
            return Some(trail);
        }
        if seen.insert(name.clone()) {
            for next in locked.get(name).into_iter().flatten() {
                let mut longer = trail.clone();
                longer.push(next.clone());
                trails.push(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn crate_toml(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}")
    }

    #[test]
    fn a_name_without_its_prefix_is_caught() {
        let bare = crate_toml("mail", "");
        check(names, &[("crates/mail/Cargo.toml", &bare)], &["call it `postil-mail`"]);
        check(names, &[("crates/postil-mail/Cargo.toml", &bare)], &["the folder carries the prefix"]);
        check(names, &[("crates/mail/Cargo.toml", "[package")], &["is no TOML"]);
        check(names, &[("crates/mail/Cargo.toml", &crate_toml("postil-mail", ""))], &[]);
        check(names, &[("crates/postil/Cargo.toml", &crate_toml("postil", ""))], &[]);
    }

    #[test]
    fn an_edge_upward_is_caught() {
        let check_mail = |rest: &str, expect: &[&str]| {
            check(edges, &[("crates/mail/Cargo.toml", &crate_toml("postil-mail", rest))], expect);
        };
        check_mail("[dependencies]\npostil-evidence.workspace = true\n", &[]);
        check_mail("[dependencies]\npostil-vault.workspace = true\n", &["mail may not use vault"]);
        check_mail("[build-dependencies]\npostil-desk.workspace = true\n", &["mail may not use desk"]);
        check_mail(
            "[target.'cfg(unix)'.dependencies]\npostil-desk.workspace = true\n",
            &["mail may not use desk"],
        );
        check_mail(
            "[dependencies]\ndesk = { package = \"postil-desk\", path = \"../desk\" }\n",
            &["mail may not use desk"],
        );
        check_mail("[dependencies]\npostil-fixture.workspace = true\n", &["mail may not use fixture"]);
        check_mail("[dev-dependencies]\npostil-fixture.workspace = true\n", &[]);
        check_mail(
            "[dev-dependencies]\npostil-vault.workspace = true\n",
            &["mail may not use vault in its tests"],
        );
    }

    #[test]
    fn tests_may_look_further_down() {
        let rest = "[dev-dependencies]\npostil-mail.workspace = true\n";
        check(edges, &[("crates/plan/Cargo.toml", &crate_toml("postil-plan", rest))], &[]);
    }

    #[test]
    fn a_crate_without_a_row_is_caught() {
        check(edges, &[("crates/utils/Cargo.toml", &crate_toml("postil-utils", ""))], &["no row"]);
    }

    #[test]
    fn a_cycle_is_caught() {
        let graph = |edges: &[(&str, &str)]| {
            let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (from, to) in edges {
                graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
            }
            find_cycle(&graph)
        };
        assert_eq!(graph(&[("a", "b"), ("a", "c"), ("b", "c")]), None);
        assert_eq!(graph(&[("a", "b"), ("b", "c"), ("c", "b")]).unwrap(), ["b", "c", "b"]);
    }

    #[test]
    fn a_runtime_in_the_core_is_caught() {
        let lock = "[[package]]\nname = \"wire\"\nversion = \"1.0.0\"\ndependencies = [\"pipe 0.1.0\"]\n\
            [[package]]\nname = \"pipe\"\nversion = \"0.1.0\"\ndependencies = [\"tokio\"]\n";
        let check_folder = |folder: &str, name: &str, rest: &str, expect: &[&str]| {
            let path = format!("crates/{folder}/Cargo.toml");
            check(synchronous, &[(&path, &crate_toml(name, rest)), ("Cargo.lock", lock)], expect);
        };
        check_folder("mail", "postil-mail", "[dependencies]\ntokio = \"1\"\n", &["`tokio` is asynchronous"]);
        check_folder("mail", "postil-mail", "[dev-dependencies]\nasync-imap = \"1\"\n", &["`async-imap` is"]);
        check_folder("mail", "postil-mail", "[dependencies]\nwire = \"1\"\n", &["wire -> pipe -> tokio"]);
        check_folder("mail", "postil-mail", "[dependencies]\nregex = \"1\"\n", &[]);
        check_folder("postil", "postil", "[dependencies]\ntokio = \"1\"\n", &[]);
    }

    #[test]
    fn a_dependency_of_nobody_is_caught() {
        let root = "[workspace.dependencies]\nregex = \"1\"\ntoml = \"1\"\n";
        let uses = crate_toml("postil-mail", "[dev-dependencies]\nregex.workspace = true\n");
        check(
            dependencies_used,
            &[("Cargo.toml", root), ("crates/mail/Cargo.toml", &uses)],
            &["no crate uses `toml`"],
        );
    }

    #[test]
    fn a_crate_without_the_lints_is_caught() {
        check(lints, &[("crates/mail/Cargo.toml", "[package]\nname = \"postil-mail\"\n")], &["[lints]"]);
        check(lints, &[("xtask/Cargo.toml", "[lints]\nworkspace = false\n")], &["[lints]"]);
        check(lints, &[("xtask/Cargo.toml", &crate_toml("xtask", ""))], &[]);
    }
}
