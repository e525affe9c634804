//! `links`: where each wikilink of a vault leads, and whether a link inside code is left alone.

use std::collections::HashMap;
use std::path::Path;

use postil_evidence::NotePath;
use postil_vault::{LinkTargets, Note};
use serde::Deserialize;

use super::Scored;
use super::metric::share;
use crate::error::DeskError;

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    src: String,
    /// Characters of the note's text before the link.
    offset_chars: usize,
    raw: String,
    in_code: bool,
    resolved: Option<String>,
}

/// Every path a link can lead to: the lines of `list`, else the files of the vault.
///
/// # Errors
/// Where the list or the vault cannot be read.
pub(super) fn files(vault: &Path, list: Option<&Path>) -> Result<Vec<String>, DeskError> {
    let Some(list) = list else {
        let (settings, _) = postil_vault::read_settings(vault);
        let walk = postil_vault::walk(vault, &settings)?;
        let notes = walk.notes.iter().map(|seen| seen.path.to_string());
        return Ok(notes.chain(walk.other_files.iter().cloned()).collect());
    };
    let text = std::fs::read_to_string(list).map_err(|error| DeskError::io(list, &error))?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

/// # Errors
/// Where a note that a row names is not a note of the vault or cannot be read.
pub(super) fn score(rows: &[Row], vault: &Path, files: &[String]) -> Result<Scored, DeskError> {
    let targets = LinkTargets::new(files.iter().map(String::as_str));
    let mut scored = Scored::new(rows.len());
    let mut notes: HashMap<&str, Note> = HashMap::new();
    let (mut right, mut outside, mut code_right) = (0, 0, 0);
    for row in rows {
        if !notes.contains_key(row.src.as_str()) {
            let path = NotePath::parse(&row.src).ok_or_else(|| {
                DeskError::user(format!("{} is no path of a note", row.src), "mend the row's src")
            })?;
            notes.insert(&row.src, postil_vault::read_note(vault, &path)?.1);
        }
        let Some(note) = notes.get(row.src.as_str()) else { continue };
        let start = byte_of(&note.text, row.offset_chars);
        let link = note.links.iter().find(|link| link.span.start == start);
        let in_code = link.is_none();
        code_right += usize::from(in_code == row.in_code);
        if in_code != row.in_code {
            let told = if in_code { "no link" } else { "a link" };
            scored.wrong(&format!("{} {} is {told}", row.src, row.raw));
        }
        if row.in_code {
            continue;
        }
        outside += 1;
        let told = link.and_then(|link| {
            let whole = format!("{}{}", link.target, link.subpath.as_deref().unwrap_or_default());
            targets.resolve(&note.path, &whole)
        });
        right += usize::from(told == row.resolved);
        if told != row.resolved {
            scored.wrong(&format!("{} {} leads to {:?}, told {told:?}", row.src, row.raw, row.resolved));
        }
    }
    scored.figure("path_accuracy", share(right, outside));
    scored.figure("inside_code_accuracy", share(code_right, rows.len()));
    scored.count("links_outside_code", outside);
    Ok(scored)
}

/// The byte of a character. Rows count a line end as one character, also where the file has two.
fn byte_of(text: &str, characters: usize) -> usize {
    let mut left = characters;
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let second_half = before == '\r' && c == '\n';
        before = c;
        if second_half {
            continue;
        }
        if left == 0 {
            return at;
        }
        left -= 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_and_code_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let text = "Grün: [[Pump]] and [[Nowhere]].\r\n\r\n`[[Pump]]` ![[Pump#Parts|its parts]]\n";
        crate::state::replace_file(&dir.path().join("Log.md"), text.as_bytes()).unwrap();
        crate::state::replace_file(&dir.path().join("Pump.md"), b"# Parts\n").unwrap();
        let unix = text.replace("\r\n", "\n");
        let row = |raw: &str, nth: usize, in_code: bool, resolved: Option<&str>| Row {
            src: "Log.md".to_owned(),
            offset_chars: unix.get(..unix.match_indices(raw).nth(nth).unwrap().0).unwrap().chars().count(),
            raw: raw.to_owned(),
            in_code,
            resolved: resolved.map(str::to_owned),
        };
        let files = files(dir.path(), None).unwrap();
        let rows = [
            row("[[Pump]]", 0, false, Some("Pump.md")),
            row("[[Nowhere]]", 0, false, None),
            row("[[Pump]]", 1, true, None),
            row("![[Pump#Parts|its parts]]", 0, false, Some("Elsewhere.md")),
        ];
        let scored = score(&rows, dir.path(), &files).unwrap();
        assert_eq!((scored.rows, scored.get("inside_code_accuracy")), (4, 1.0));
        assert!((scored.get("path_accuracy") - 2.0 / 3.0).abs() < 1e-6, "{:?}", scored.wrong);
    }
}
