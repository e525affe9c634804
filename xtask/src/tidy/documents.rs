//! What the documents must say: the map of crates is the tree, and every corpus has an origin.

use std::collections::BTreeMap;

use super::allowed;
use crate::tree::{Finding, Tree};

const MAP: &str = "ARCHITECTURE.md";

/// Every crate has a row in the map with the crates it may use, and every `crates/…` path named is there.
///
/// A row opens with the crate's folder (`crates/mail`) in backquotes; its second cell lists what the crate may use,
/// commas between, or says "nothing".
pub(super) fn architecture(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(MAP) else { return vec![Finding::new(MAP, None, "is not there")] };
    let mut findings = Vec::new();
    let mut rows: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        for path in paths_named(line) {
            if !tree.has(path) {
                findings.push(Finding::new(MAP, at + 1, format!("`{path}` is not there")));
            }
        }
        let mut cells = line.split('|').map(str::trim).skip(1);
        if let (Some(first), Some(uses)) = (cells.next(), cells.next())
            && let Some(folder) = first.trim_matches('`').strip_prefix("crates/")
        {
            rows.insert(folder.trim_end_matches('/'), (at + 1, uses));
        }
    }
    for folder in tree.crates() {
        let Some((line, uses)) = rows.get(folder) else {
            findings.push(Finding::new(MAP, None, format!("no row for `crates/{folder}`")));
            continue;
        };
        let mut said: Vec<&str> =
            uses.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "nothing").collect();
        let mut may = allowed(folder).unwrap_or_default().to_vec();
        said.sort_unstable();
        may.sort_unstable();
        if said != may {
            findings.push(Finding::new(MAP, *line, format!("{folder} may use: {}", may.join(", "))));
        }
    }
    findings
}

/// Every folder of `corpus/` has a README that names its origin and its licence.
pub(super) fn corpora(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in tree.folders("corpus") {
        let path = format!("corpus/{folder}/README.md");
        let Some(text) = tree.text(&path) else {
            findings.push(Finding::new(
                &path,
                None,
                "is not there: say where the corpus comes from and under which licence",
            ));
            continue;
        };
        let text = text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if !says(&["origin", "written by", "made by", "taken from", "comes from", "come from"]) {
            findings.push(Finding::new(
                &path,
                None,
                "names no origin: who wrote it, or where it was taken from",
            ));
        }
        if !says(&["licence", "license"]) {
            findings.push(Finding::new(&path, None, "names no licence"));
        }
    }
    findings
}

/// Paths below `crates/` on a line. Patterns (`crates/*`, `crates/<name>`, `crates/…`) name no path.
fn paths_named(line: &str) -> Vec<&str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || "/_-.".contains(c);
    let mut paths = Vec::new();
    for (start, _) in line.match_indices("crates/") {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        if before.is_some_and(is_path) {
            continue;
        }
        let rest = line.get(start..).unwrap_or_default();
        let path = rest.split(|c| !is_path(c)).next().unwrap_or_default();
        let after = rest.get(path.len()..).and_then(|text| text.chars().next());
        if !matches!(after, Some('*' | '<' | '…')) {
            paths.push(path.trim_end_matches('.'));
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    const MAIL: (&str, &str) = ("crates/mail/Cargo.toml", "");
    const EVIDENCE: (&str, &str) = ("crates/evidence/Cargo.toml", "");

    fn check_map(map: &str, expect: &[&str]) {
        check(architecture, &[MAIL, EVIDENCE, (MAP, map)], expect);
    }

    #[test]
    fn the_map_is_the_tree() {
        check_map("| `crates/evidence` | nothing | a |\n| `crates/mail` | evidence | b |\n", &[]);
        check(architecture, &[MAIL], &["is not there"]);
    }

    #[test]
    fn a_dead_or_missing_crate_is_caught() {
        let row = "| `crates/evidence` | nothing | a |\n";
        check_map(row, &["no row for `crates/mail`"]);
        let dead = format!(
            "{row}| `crates/mail` | evidence | b |\n| `crates/brain` | | c |\nsee crates/mail/src/gone.rs.\n"
        );
        check_map(
            &dead,
            &["ARCHITECTURE.md:3: `crates/brain`", "ARCHITECTURE.md:4: `crates/mail/src/gone.rs`"],
        );
        let pattern =
            format!("{row}| `crates/mail` | evidence | b |\nevery crates/*/Cargo.toml, crates/<name>\n");
        check_map(&pattern, &[]);
    }

    #[test]
    fn a_row_that_allows_too_much_is_caught() {
        check_map(
            "| `crates/evidence` | nothing | a |\n| `crates/mail` | evidence, vault | b |\n",
            &["mail may use: evidence"],
        );
    }

    #[test]
    fn a_corpus_without_an_origin_is_caught() {
        check(corpora, &[("corpus/demo/mail/1.eml", "")], &["corpus/demo/README.md: is not there"]);
        check(corpora, &[("corpus/demo/README.md", "Licence: CC0-1.0.")], &["names no origin"]);
        check(corpora, &[("corpus/demo/README.md", "Written by hand. Licence: CC0-1.0.")], &[]);
        check(corpora, &[("corpus/demo/README.md", "Written by hand.")], &["names no licence"]);
    }
}
