//! Why the index could not do something, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong with the index. All of it is derived, so no variant means that mail or notes
/// are lost.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process (or another batch of this one) is writing.
    #[error("another postil is running and writes {}; wait until it is done, or stop it", dir.display())]
    Busy {
        /// The index folder.
        dir: PathBuf,
    },
    /// A file or folder could not be used.
    #[error("cannot use {}: {source}; check its permissions and the free space", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Stored data cannot be read. The folder is marked, and the next [`crate::Index::open`] empties it.
    #[error("the index is damaged ({what}); it is rebuilt at the next start")]
    Damaged {
        /// What could not be read.
        what: String,
    },
    /// The full text could not be read or written.
    #[error("the full text index failed: {0}; try again, or delete the index folder and sync")]
    Text(#[source] tantivy::TantivyError),
    /// The catalogue could not be read or written.
    #[error("the catalogue failed: {0}; try again, or delete the index folder and sync")]
    Catalog(#[source] rusqlite::Error),
}

impl IndexError {
    /// Names the path of a system error.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    /// Whether the stored data itself is the reason.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}

/// Runs code that reads stored data. tantivy panics on some kinds of damage; that is damage like any other.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    caught.unwrap_or_else(|_panic| Err(IndexError::damaged("the full text cannot be read")))
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        use tantivy::TantivyError as E;
        use tantivy::directory::error::OpenReadError;
        #[expect(clippy::wildcard_enum_match_arm, reason = "every other variant is a failure, not damage")]
        match &error {
            E::DataCorruption(_)
            | E::IncompatibleIndex(_)
            | E::DeserializeError(_)
            | E::SchemaError(_)
            | E::InternalError(_)
            | E::OpenReadError(OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_)) => {
                Self::damaged(error.to_string())
            }
            // What the system did not say itself was said by a decoder.
            E::IoError(io) if io.raw_os_error().is_none() => Self::damaged(io.to_string()),
            _ => Self::Text(error),
        }
    }
}

impl From<rusqlite::Error> for IndexError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let code = error.sqlite_error_code();
        let unreadable = matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
        );
        if unreadable || matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) {
            return Self::damaged(error.to_string());
        }
        Self::Catalog(error)
    }
}
