//! The workspace as values: path and text. Checks read this, so that a test can plant a violation without a disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

/// Every file by its path from the root, with `/` between names. The text is empty for files that no check reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

/// Something to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// Counted from 1; `None` where the whole file is meant.
    pub(crate) line: Option<usize>,
    pub(crate) says: String,
}

impl Finding {
    pub(crate) fn new(path: &str, line: impl Into<Option<usize>>, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: line.into(), says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.says),
            None => write!(f, "{}: {}", self.path, self.says),
        }
    }
}

impl Tree {
    /// Reads the files below `root`. Build folders and version control are left out; links are not followed.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// All files, in order of path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files of Rust source that are ours: nothing of `corpus/`.
    pub(crate) fn rust_files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("corpus/"))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether a file or a folder of that name is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.files.contains_key(path)
            || self.files.range(folder.clone()..).next().is_some_and(|(file, _)| file.starts_with(&folder))
    }

    /// Names of the folders directly in `parent`.
    pub(crate) fn folders(&self, parent: &str) -> BTreeSet<&str> {
        let inside = self.files.keys().filter_map(|path| path.strip_prefix(parent)?.strip_prefix('/'));
        inside.filter_map(|rest| rest.split_once('/')).map(|(folder, _)| folder).collect()
    }

    /// Names of the crates: folders of `crates/` that hold a Cargo.toml.
    pub(crate) fn crates(&self) -> BTreeSet<&str> {
        let mut folders = self.folders("crates");
        folders.retain(|folder| self.files.contains_key(&format!("crates/{folder}/Cargo.toml")));
        folders
    }

    fn read_folder(&mut self, folder: &Path, inside: &str) -> Result<()> {
        let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if !matches!(name.as_str(), "target" | ".git") {
                    self.read_folder(&entry.path(), &path)?;
                }
            } else if kind.is_file() {
                let text = if is_read(&path) {
                    let bytes = std::fs::read(entry.path()).with_context(|| format!("reading {path}"))?;
                    String::from_utf8_lossy(&bytes).into_owned()
                } else {
                    String::new()
                };
                self.files.insert(path, text);
            }
        }
        Ok(())
    }
}

/// Corpora hold other people's bytes: of those only the README says something to us.
fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    if path.starts_with("corpus/") {
        return name == "README.md";
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "rs" | "toml" | "md" | "lock" | "sh" | "yml" | "yaml") || path.starts_with(".ci/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_files_folders_and_crates() {
        let tree = Tree::of(&[
            ("crates/mail/Cargo.toml", ""),
            ("crates/mail/src/lib.rs", ""),
            ("crates/notes.md", ""),
            ("crates/old/README.md", ""),
        ]);
        assert!(tree.has("crates/mail/src/lib.rs"));
        assert!(tree.has("crates/mail/src/"));
        assert!(tree.has("crates/mail"));
        assert!(!tree.has("crates/mai"));
        assert!(!tree.has("crates/mail/src/gone.rs"));
        assert_eq!(tree.crates(), BTreeSet::from(["mail"]));
        assert_eq!(tree.folders("crates"), BTreeSet::from(["mail", "old"]));
    }

    #[test]
    fn reads_its_own_source() {
        let tree = Tree::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(tree.text("src/tree.rs").unwrap().starts_with("//!"));
    }
}
