//! What the user decided and what Postil did: not derived, kept in the state folder.
//!
//! Losing it loses no mail and no note: drafts are found again by the `message_id` in their own
//! front matter, and are then taken as touched by the user.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use postil_evidence::ContentHash;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{DeskError, Kind, LEDGER_DAMAGED};

/// Version of the tables below.
const SCHEMA: i64 = 1;

/// The ledger of one vault.
#[derive(Debug)]
pub(crate) struct Ledger {
    db: Mutex<Connection>,
}

/// A draft that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftRow {
    /// Message-ID (with brackets) or key of the message it answers.
    pub(crate) answers: String,
    /// The draft note, relative to the vault.
    pub(crate) path: String,
    /// Hash of the note's bytes as Postil wrote them last.
    pub(crate) written: ContentHash,
}

impl Ledger {
    /// Opens or makes the ledger in a state folder.
    ///
    /// # Errors
    /// Where the file cannot be opened, is damaged, or was written by a newer Postil. A damaged one
    /// is never replaced: it holds what only the owner could say again.
    pub(crate) fn open(state_dir: &Path) -> Result<Self, DeskError> {
        let path = state_dir.join("ledger.db");
        Self::open_file(&path).map_err(|error| match error.kind {
            Kind::Config if error.hint == LEDGER_DAMAGED => {
                DeskError { what: format!("{} is damaged: {}", path.display(), error.what), ..error }
            }
            Kind::User | Kind::Config | Kind::Denied | Kind::Conflict | Kind::Remote | Kind::Internal => {
                error
            }
        })
    }

    fn open_file(path: &Path) -> Result<Self, DeskError> {
        let db = Connection::open(path)?;
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "secure_delete", "ON")?;
        // Some thousand rows at most, so that looking at all of them costs nothing.
        let whole: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if whole != "ok" {
            return Err(DeskError::config(whole, LEDGER_DAMAGED));
        }
        let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version > SCHEMA {
            let what = format!("{} was written by a newer Postil", path.display());
            return Err(DeskError::config(what, "use that version, or move the file away"));
        }
        if version == SCHEMA {
            // Nothing is written by opening: a search must not wait for the disk.
            return Ok(Self { db: Mutex::new(db) });
        }
        db.execute_batch(
            "CREATE TABLE IF NOT EXISTS draft (
               answers TEXT NOT NULL, path TEXT NOT NULL PRIMARY KEY, thread TEXT NOT NULL,
               written BLOB NOT NULL, created TEXT NOT NULL);
             CREATE INDEX IF NOT EXISTS draft_answers ON draft(answers);",
        )?;
        db.pragma_update(None, "user_version", SCHEMA)?;
        Ok(Self { db: Mutex::new(db) })
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every draft written as an answer to this message, newest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub(crate) fn drafts_for(&self, answers: &str) -> Result<Vec<DraftRow>, DeskError> {
        let db = self.db();
        let mut statement = db.prepare_cached(
            "SELECT answers, path, written FROM draft WHERE answers = ?1 ORDER BY created DESC",
        )?;
        let rows = statement.query_map([answers], draft_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The record of one draft note.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub(crate) fn draft_at(&self, path: &str) -> Result<Option<DraftRow>, DeskError> {
        let db = self.db();
        let mut statement = db.prepare_cached("SELECT answers, path, written FROM draft WHERE path = ?1")?;
        Ok(statement.query_row([path], draft_row).optional()?)
    }

    /// Records a draft as written, replacing what was recorded for that path.
    ///
    /// # Errors
    /// Where the ledger cannot be written.
    pub(crate) fn record_draft(&self, row: &DraftRow, thread: &str, created: &str) -> Result<(), DeskError> {
        self.db().execute(
            "INSERT INTO draft(answers, path, thread, written, created) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(path) DO UPDATE SET answers = ?1, thread = ?3, written = ?4, created = ?5",
            params![row.answers, row.path, thread, row.written.bytes().as_slice(), created],
        )?;
        Ok(())
    }
}

fn draft_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<DraftRow> {
    let bytes: [u8; 16] = row.get(2)?;
    Ok(DraftRow { answers: row.get(0)?, path: row.get(1)?, written: ContentHash::from_bytes(bytes) })
}
