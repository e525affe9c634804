//! Changes to notes as values: preview, apply, recover, undo. The only writer in the vault.
//!
//! A plan is applied whole or not at all. No file that exists is ever overwritten: a new note is
//! published under its name only if nothing has that name, and a changed note is exchanged with its
//! old self, which is looked at before it is let go. Every change is in the journal first.
//!
//! # Source
//! SECURITY.md sections 3.1 and 3.2: exchange, verify what came out, put back if it was not ours,
//! keep a copy.

mod apply;
mod disk;
mod error;
mod journal;
mod prepare;
mod preview;
mod roll_back;

use postil_evidence::{ContentHash, NotePath};
pub use postil_vault::edit::PropertyValue;
use serde::{Deserialize, Serialize};

pub use apply::{Applied, apply};
pub use disk::{Disk, FileKind, RealDisk};
pub use error::PlanError;
pub use prepare::folded;
pub use preview::{Preview, preview};
pub use roll_back::{Recovered, Undone, recover, undo};

/// One change to one file of the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    /// A new file. Refused where anything has that name, also one that differs only in case.
    Create {
        /// Where, relative to the vault, parts joined by `/`.
        path: String,
        /// The whole content; never empty.
        bytes: Vec<u8>,
    },
    /// A new value of one property of a note; nothing else in the note changes.
    SetProperty {
        /// The note.
        path: NotePath,
        /// The hash of the bytes the plan was made from; where the note has others, the plan is refused.
        base: ContentHash,
        /// The property.
        key: String,
        /// Its new value.
        value: PropertyValue,
    },
}

impl Change {
    /// The file it changes.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Create { path, .. } => path,
            Self::SetProperty { path, .. } => path.as_str(),
        }
    }
}

/// A change with the reason a person reads before saying yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What changes.
    pub change: Change,
    /// Why.
    pub reason: String,
}

/// Changes that are taken together. The caller may leave steps out before applying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Names the plan in the journal: 1 to 64 letters, digits or dashes, never used twice.
    pub id: String,
    /// The changes, in order.
    pub steps: Vec<Step>,
}
