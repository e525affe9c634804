//! Which notes there are. One listing per folder; no file is opened.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

use postil_evidence::NotePath;
use regex::Regex;

use crate::error::VaultError;
use crate::settings::VaultSettings;

/// A note as its folder lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSeen {
    /// Where it is.
    pub path: NotePath,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, nanoseconds since 1970; 0 where the file system does not say.
    pub mtime_ns: i64,
}

/// Everything found in a vault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// The notes, by path.
    pub notes: Vec<FileSeen>,
    /// Other files that a link can point to, by path.
    pub other_files: Vec<String>,
    /// Copies that a sync tool made of a note changed in two places; not read as notes.
    pub conflicts: Vec<String>,
    /// Symbolic links, which are left alone.
    pub symlinks: Vec<String>,
    /// What could not be listed, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Lists a vault. Left alone: every file and folder whose name starts with a dot (`.obsidian`,
/// `.trash`, `.git`), template folders, excluded files, symbolic links.
///
/// # Errors
/// [`VaultError::Root`] where the root itself cannot be listed. A folder below it that cannot be
/// listed is in [`Walk::unreadable`].
pub fn walk(root: &Path, settings: &VaultSettings) -> Result<Walk, VaultError> {
    let mut found = Walk::default();
    let ignored = Ignored::new(settings);
    let mut open: Vec<String> = vec![String::new()];
    while let Some(folder) = open.pop() {
        let place = if folder.is_empty() { root.to_path_buf() } else { root.join(&folder) };
        let listing = match std::fs::read_dir(&place) {
            Ok(listing) => listing,
            Err(error) if folder.is_empty() => {
                return Err(VaultError::Root { path: place, reason: error.to_string() });
            }
            Err(error) => {
                found.unreadable.push((place, error.to_string()));
                continue;
            }
        };
        for entry in listing {
            match entry {
                Ok(entry) => see(&entry, &folder, &ignored, &mut open, &mut found),
                Err(error) => found.unreadable.push((place.clone(), error.to_string())),
            }
        }
    }
    found.notes.sort_by(|a, b| a.path.cmp(&b.path));
    found.other_files.sort();
    found.conflicts.sort();
    found.symlinks.sort();
    found.unreadable.sort();
    Ok(found)
}

fn see(entry: &std::fs::DirEntry, folder: &str, ignored: &Ignored, open: &mut Vec<String>, found: &mut Walk) {
    let raw_name = entry.file_name();
    let Some(name) = raw_name.to_str() else {
        found.unreadable.push((entry.path(), "its name is not UTF-8".to_owned()));
        return;
    };
    if name.starts_with('.') {
        return;
    }
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let kind = match entry.file_type() {
        Ok(kind) => kind,
        Err(error) => {
            found.unreadable.push((entry.path(), error.to_string()));
            return;
        }
    };
    if kind.is_symlink() {
        found.symlinks.push(path);
    } else if ignored.matches(&path) {
    } else if kind.is_dir() {
        open.push(path);
    } else if kind.is_file() {
        let is_note = name.len() > 3 && name.to_ascii_lowercase().ends_with(".md");
        if !is_note {
            found.other_files.push(path);
        } else if is_conflict_copy(name) {
            found.conflicts.push(path);
        } else {
            see_note(entry, &path, found);
        }
    }
}

fn see_note(entry: &std::fs::DirEntry, path: &str, found: &mut Walk) {
    let Some(note) = NotePath::parse(path).filter(|note| note.as_str() == path) else {
        found.unreadable.push((entry.path(), "its name has a character that no note may have".to_owned()));
        return;
    };
    match entry.metadata() {
        Ok(meta) => {
            let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let mtime_ns = since.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0);
            found.notes.push(FileSeen { path: note, size: meta.len(), mtime_ns });
        }
        // Gone between listing and asking: it is not there any more, which is no fault.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => found.unreadable.push((entry.path(), error.to_string())),
    }
}

/// Whether a sync tool named this file as the loser of a conflict.
///
/// # Source
/// Syncthing `.sync-conflict-<date>-<time>-<id>`; Dropbox, Nextcloud and Obsidian Sync
/// `(… conflicted copy …)`.
fn is_conflict_copy(name: &str) -> bool {
    static CONFLICT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)\.sync-conflict-\d{8}-\d{6}|\([^()]*conflicted copy[^()]*\)").ok());
    CONFLICT.as_ref().is_some_and(|conflict| conflict.is_match(name))
}

/// Template folders and excluded files, ready to be asked.
struct Ignored {
    prefixes: Vec<String>,
    patterns: Vec<Regex>,
}

impl Ignored {
    fn new(settings: &VaultSettings) -> Self {
        let mut prefixes: Vec<String> =
            settings.template_folders.iter().map(|folder| folder.trim_matches('/').to_lowercase()).collect();
        let mut patterns = Vec::new();
        for filter in &settings.ignored {
            let between = filter.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
            match between.filter(|pattern| !pattern.is_empty()) {
                Some(pattern) => patterns.extend(Regex::new(pattern).ok()),
                None => prefixes.push(filter.trim_matches('/').to_lowercase()),
            }
        }
        prefixes.retain(|prefix| !prefix.is_empty());
        Self { prefixes, patterns }
    }

    fn matches(&self, path: &str) -> bool {
        if self.prefixes.is_empty() && self.patterns.is_empty() {
            return false;
        }
        let lower = path.to_lowercase();
        let under = |prefix: &String| {
            lower
                .strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest == ".md")
        };
        self.prefixes.iter().any(under) || self.patterns.iter().any(|pattern| pattern.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_conflict_copy, walk};
    use crate::settings::{VaultSettings, read_settings};

    fn put(root: &std::path::Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::File::create(path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    }

    #[test]
    fn only_notes_are_notes() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        put(root, ".obsidian/app.json", r#"{"userIgnoreFilters":["Archive/","/\\.excalidraw/"]}"#);
        put(root, ".obsidian/templates.json", r#"{"folder":"Templates"}"#);
        put(root, ".obsidian/daily-notes.json", "{broken");
        for path in [
            "b.md",
            "A/a.md",
            "A/ä.MD",
            "A/pic.png",
            ".trash/x.md",
            "A/.hidden/y.md",
            "Templates/Person.md",
            "Templates of mine.md",
            "Archive/old.md",
            "draw.excalidraw.md",
            "A/a.sync-conflict-20261110-101010-ABCDEFG.md",
            "A/a (conflicted copy 2026-11-10).md",
        ] {
            put(root, path, "x");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc", root.join("etc")).unwrap();
        let (settings, defects) = read_settings(root);
        assert_eq!(settings.template_folders, ["Templates"]);
        assert_eq!(defects.len(), 1);
        let found = walk(root, &settings).unwrap();
        let notes: Vec<&str> = found.notes.iter().map(|seen| seen.path.as_str()).collect();
        assert_eq!(notes, ["A/a.md", "A/ä.MD", "Templates of mine.md", "b.md"]);
        assert_eq!(found.other_files, ["A/pic.png"]);
        assert_eq!(found.conflicts.len(), 2);
        #[cfg(unix)]
        assert_eq!(found.symlinks, ["etc"]);
        assert!(walk(&root.join("nowhere"), &VaultSettings::default()).is_err());
    }

    #[test]
    fn conflict_copies_are_known_by_name() {
        for name in ["n.sync-conflict-20240101-010101-X.md", "n (Sam's conflicted copy 2024-01-01).md"] {
            assert!(is_conflict_copy(name), "{name}");
        }
        assert!(!is_conflict_copy("On conflicted copy.md"));
    }
}
