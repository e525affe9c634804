//! Why a plan was not applied, and what to do.

use std::io;
use std::path::PathBuf;

use postil_vault::VaultError;

/// Why a plan was not applied or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A path that Postil never writes.
    #[error("{path} is never written: {reason}")]
    Path {
        /// The path.
        path: String,
        /// Why.
        reason: String,
    },
    /// Something has that name already.
    #[error("{path} exists already as {found}; nothing was changed; choose another name or plan again")]
    Exists {
        /// The path.
        path: String,
        /// What is there.
        found: String,
    },
    /// A note is not what the plan was made from.
    #[error("{path} was changed since the plan was made; nothing was changed; plan again")]
    Changed {
        /// The note.
        path: String,
    },
    /// A property cannot be set.
    #[error("{path}: {source}")]
    Property {
        /// The note.
        path: String,
        /// Why.
        source: VaultError,
    },
    /// The disk refused; everything was put back.
    #[error("cannot {action} {path}: {source}; nothing was changed; {}", hint(source))]
    Disk {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk refused, and then also refused to put things back.
    #[error(
        "plan {id} was interrupted ({reason}) and could not be put back ({then}); mend the disk and run recover"
    )]
    Interrupted {
        /// The plan.
        id: String,
        /// The first error.
        reason: String,
        /// The error while putting back.
        then: String,
    },
    /// An id that the journal cannot take.
    #[error("{id:?} is no plan id: use 1 to 64 letters, digits or dashes")]
    Id {
        /// The id.
        id: String,
    },
    /// The journal knows this plan already.
    #[error("plan {id} is in the journal already ({state}); make a new plan")]
    Known {
        /// The plan.
        id: String,
        /// What the journal says of it.
        state: &'static str,
    },
    /// The journal does not know such an applied plan.
    #[error("plan {id} is not among the applied plans; see the log for those that can be taken back")]
    Unknown {
        /// The plan.
        id: String,
    },
    /// A record of the journal cannot be read.
    #[error(
        "the journal record {path} cannot be read: {reason}; move it away after checking the notes it names"
    )]
    Record {
        /// The record.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another process is writing.
    #[error("another postil is writing in this vault; wait for it and try again")]
    Busy,
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most kinds have no better advice")]
fn hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full: free some space",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only: mount it for writing",
        io::ErrorKind::PermissionDenied => "give yourself the right to write there",
        io::ErrorKind::Unsupported => "this file system cannot exchange files: change the note by hand",
        io::ErrorKind::NotFound => "check that the disk is mounted",
        _ => "check the disk and try again",
    }
}
