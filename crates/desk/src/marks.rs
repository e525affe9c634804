//! What the owner's mail program noted of a message beside it: that it was answered. Read from where the mail
//! lies, never from the mail itself, so no sender has a say in it.
//!
//! # Source
//! Maildir's flag `R` (cr.yp.to/proto/maildir.html); IMAP's `\Answered` (RFC 9051 2.3.2), as the mirror keeps it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use postil_index::PlaceRow;
use postil_mail::store::{Spooled, is_marked_answered};

use crate::mirror::Answered;

/// The notes of the folders that were looked at, each read once.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    folders: Mutex<HashMap<PathBuf, Answered>>,
}

impl Marks {
    /// Whether one of a message's copies is marked as answered. `state_dir` is where IMAP's mail lies.
    pub(crate) fn is_answered(&self, places: &[PlaceRow], state_dir: &Path) -> bool {
        places.iter().any(|place| {
            let path = Path::new(&place.path);
            is_marked_answered(path)
                || (path.starts_with(state_dir) && self.is_answered_on_server(path).unwrap_or(false))
        })
    }

    /// The same of a message of an IMAP server, `<folder>/<UIDVALIDITY>/<file>`.
    fn is_answered_on_server(&self, path: &Path) -> Option<bool> {
        let uid = Spooled::parse(path.file_name()?.to_str()?)?.uid;
        let generation = path.parent()?;
        let uid_validity = generation.file_name()?.to_str()?.parse().ok()?;
        let folder = generation.parent()?;
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = folders.entry(folder.to_owned()).or_insert_with(|| Answered::of_folder(folder));
        Some(answered.contains(uid_validity, uid))
    }
}
