//! Where a text came from: a note of the vault, or a message.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hash::ContentHash;

/// A note's path relative to the vault's root, parts joined by `/`, with its `.md`.
///
/// Never absolute, never with `.` or `..` or empty parts: [`NotePath::parse`] is the only maker, so
/// a path that holds a `NotePath` cannot leave the vault by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct NotePath(String);

impl NotePath {
    /// Accepts a relative path with `/` (or `\`) between its parts; `None` for an absolute path, a
    /// drive letter, a NUL, or a part that is empty, `.` or `..`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.replace('\\', "/");
        let bad_part = |part: &str| part.is_empty() || part == "." || part == "..";
        if path.contains('\0') || path.split('/').any(bad_part) {
            return None;
        }
        if path.split('/').next().is_some_and(|first| first.ends_with(':')) {
            return None;
        }
        Some(Self(path))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file name without folders and without `.md`; for `Name/README.md` and `Name/index.md`
    /// the folder's name, since that is what people call such a note.
    #[must_use]
    pub fn title(&self) -> &str {
        let mut parts = self.0.rsplit('/');
        let file = parts.next().unwrap_or_default();
        let stem = file.strip_suffix(".md").unwrap_or(file);
        let stands_for_folder = stem.eq_ignore_ascii_case("readme") || stem.eq_ignore_ascii_case("index");
        if stands_for_folder { parts.next().unwrap_or(stem) } else { stem }
    }

    /// The file name without folders and without `.md`, exactly.
    #[must_use]
    pub fn stem(&self) -> &str {
        let file = self.0.rsplit('/').next().unwrap_or_default();
        file.strip_suffix(".md").unwrap_or(file)
    }

    /// The folders, from the outermost; empty for a note at the root.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl fmt::Display for NotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NotePath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = String::deserialize(deserializer)?;
        Self::parse(&path).ok_or_else(|| serde::de::Error::custom("not a path inside the vault"))
    }
}

/// The identity of a message: equal for two copies of one mail, different for different texts.
/// Shown as 32 hex digits; a unique prefix is enough on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageKey(pub ContentHash);

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a passage was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A note of the vault.
    Note(NotePath),
    /// A message, by its identity.
    Mail(MessageKey),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(path) => path.fmt(f),
            Self::Mail(key) => write!(f, "mail:{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NotePath;

    #[test]
    fn a_note_path_never_leaves_the_vault() {
        for bad in ["", "/etc/passwd", "../x.md", "a/../b.md", "a//b.md", "C:/x.md", "a\\..\\b.md", "./a.md"]
        {
            assert_eq!(NotePath::parse(bad), None, "{bad}");
        }
        let people = NotePath::parse("People/Ana/README.md");
        assert_eq!(people.as_ref().map(NotePath::title), Some("Ana"));
        assert_eq!(people.as_ref().map(NotePath::folder), Some("People/Ana"));
    }
}
