//! What can go wrong with a vault: errors that stop one operation, and defects that are kept.

use std::fmt;
use std::path::PathBuf;

use postil_evidence::NotePath;
use serde::{Deserialize, Serialize};

/// Why an operation on the vault was not done.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The vault's root is not there or is no folder.
    #[error("cannot read the vault {path}: {reason}; check --vault and that the disk is mounted")]
    Root {
        /// The root.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A note could not be read.
    #[error("cannot read the note {path}: {reason}")]
    Read {
        /// The note.
        path: NotePath,
        /// What the system said.
        reason: String,
    },
    /// A note, or a folder above it, is a symbolic link.
    #[error("{path} is reached through a symbolic link, which is left alone; move the file into the vault")]
    Symlink {
        /// The note.
        path: NotePath,
    },
    /// A note is larger than [`crate::NOTE_LIMIT`].
    #[error("{path} has {size} bytes, more than a note may have; split it or exclude its folder")]
    TooLarge {
        /// The note.
        path: NotePath,
        /// Its size in bytes.
        size: u64,
    },
    /// A property cannot be set without touching something else.
    #[error("the property {key} cannot be set: {reason}; change it by hand")]
    Property {
        /// The property.
        key: String,
        /// Why.
        reason: String,
    },
    /// Edits overlap, lie outside the text or split a character.
    #[error("the edit at bytes {start} to {end} does not fit the text; plan it again")]
    Edit {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
}

/// Damage found while reading; the rest is read all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "detail")]
pub enum VaultDefect {
    /// A settings file of Obsidian is damaged; its defaults are used. `file: reason`.
    Settings(String),
    /// A pattern of excluded files is not one; it is not applied.
    IgnoreFilter(String),
    /// The file is not UTF-8; what is not text was replaced.
    NotUtf8,
    /// The front matter cannot be read; the note is private and is never written. The reason.
    FrontMatter(String),
    /// An address property holds something that is not an address. `key: value`.
    BadAddress(String),
}

impl fmt::Display for VaultDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(what) => write!(f, "the settings file {what}; defaults are used"),
            Self::IgnoreFilter(what) => write!(f, "the excluded-files pattern {what} is not one"),
            Self::NotUtf8 => f.write_str("the file is not UTF-8; save it as UTF-8"),
            Self::FrontMatter(reason) => {
                write!(
                    f,
                    "the front matter cannot be read ({reason}); the note is private until it is mended"
                )
            }
            Self::BadAddress(what) => write!(f, "not a mail address: {what}"),
        }
    }
}
