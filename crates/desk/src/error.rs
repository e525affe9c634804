//! What went wrong, whose it is, and what to do next. One table maps kinds to exit codes; the web
//! page and MCP use the same kinds.

use std::fmt;

/// Whose a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The call named something that is not there or cannot be.
    User,
    /// The configuration or the vault is not as it should be.
    Config,
    /// The system refused: rights, a full disk, a vanished folder.
    Denied,
    /// Someone else changed or holds the thing.
    Conflict,
    /// Another machine failed.
    Remote,
    /// A mistake of ours.
    Internal,
}

impl Kind {
    /// The exit code of the program for a failure of this kind.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::User => 2,
            Self::Config => 3,
            Self::Denied => 4,
            Self::Conflict => 5,
            Self::Remote => 6,
            Self::Internal => 70,
        }
    }
}

/// A failure: what happened, and what to do next.
#[derive(Debug)]
pub struct DeskError {
    /// Whose it is.
    pub kind: Kind,
    /// What happened, with the path or id, in one line.
    pub what: String,
    /// What to do next; empty where nothing can be done.
    pub hint: String,
}

impl DeskError {
    /// A failure of `kind` with a hint.
    pub(crate) fn new(kind: Kind, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, what: what.into(), hint: hint.into() }
    }

    /// The call named something that cannot be.
    pub(crate) fn user(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Kind::User, what, hint)
    }

    /// The configuration is not as it should be.
    pub(crate) fn config(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Kind::Config, what, hint)
    }

    /// The system refused a file operation on `path`.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most kinds have no better advice")]
    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "check that it is still there",
            std::io::ErrorKind::PermissionDenied => "check that you may read and write it",
            std::io::ErrorKind::StorageFull => "make room on that disk and run again",
            _ => "check the disk and run again; nothing was lost",
        };
        Self::new(Kind::Denied, format!("{}: {error}", path.display()), hint)
    }
}

impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.hint.is_empty() {
            write!(f, "\n  {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for DeskError {}

impl From<postil_index::IndexError> for DeskError {
    fn from(error: postil_index::IndexError) -> Self {
        use postil_index::IndexError as E;
        let (kind, hint) = match &error {
            E::Busy { .. } => (Kind::Conflict, ""),
            E::Io { .. } | E::Text(_) => (Kind::Denied, "make room on that disk, or mend its rights"),
            E::Damaged { .. } => (Kind::Denied, "run again; nothing of your mail or notes was lost"),
            E::Catalog(error) => database_trouble(error),
        };
        Self::new(kind, error.to_string(), hint)
    }
}

/// Whose a failure of a database file is, and what to do.
fn database_trouble(error: &rusqlite::Error) -> (Kind, &'static str) {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            (Kind::Conflict, "another postil is running; wait until it is done, or stop it")
        }
        Some(Code::DiskFull | Code::SystemIoFailure) => {
            (Kind::Denied, "make room on the disk of the state folder and run again; nothing was lost")
        }
        Some(Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied) => {
            (Kind::Denied, "check that you may write in the state folder")
        }
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => (Kind::Config, LEDGER_DAMAGED),
        _ => (Kind::Internal, "run `postil doctor`"),
    }
}

/// What to do about a ledger that cannot be read.
pub(crate) const LEDGER_DAMAGED: &str = "move it away (or put a copy of it back) and run again: mail and notes are untouched, drafts that are \
     in the vault are found again, and only which drafts you threw away is forgotten";

impl From<postil_vault::VaultError> for DeskError {
    fn from(error: postil_vault::VaultError) -> Self {
        Self::new(Kind::Denied, error.to_string(), "check that the vault is there and readable")
    }
}

impl From<postil_mail::store::StoreError> for DeskError {
    fn from(error: postil_mail::store::StoreError) -> Self {
        Self::new(
            Kind::Denied,
            error.to_string(),
            "check that the mailbox is there and readable, then run again",
        )
    }
}

impl From<postil_plan::PlanError> for DeskError {
    fn from(error: postil_plan::PlanError) -> Self {
        use postil_plan::PlanError as E;
        let (kind, hint) = match &error {
            E::Disk { .. } | E::Interrupted { .. } => (Kind::Denied, ""),
            E::Path { .. } => (Kind::Config, "mend [vault] in .postil/config.toml, or that name"),
            E::Record { .. } => (Kind::Config, ""),
            E::Exists { .. } | E::Changed { .. } | E::Known { .. } | E::Busy => {
                (Kind::Conflict, "nothing was half written; run again")
            }
            E::Property { .. } => (Kind::Conflict, "nothing was changed; mend that note's properties"),
            E::Id { .. } | E::Unknown { .. } => (Kind::User, ""),
        };
        Self::new(kind, error.to_string(), hint)
    }
}

impl From<rusqlite::Error> for DeskError {
    fn from(error: rusqlite::Error) -> Self {
        let (kind, hint) = database_trouble(&error);
        Self::new(kind, format!("ledger.db in the state folder: {error}"), hint)
    }
}
