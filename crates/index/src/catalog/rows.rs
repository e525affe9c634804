//! What the catalogue's rows hold, as plain data.

use postil_evidence::{Audience, ContentHash, MessageKey, NotePath};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::{Deserialize, Serialize};

/// How a container (an mbox file, a Maildir folder) looked when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Time of its last change, nanoseconds since 1970, UTC.
    pub mtime_ns: i64,
    /// Its size in bytes.
    pub size: u64,
    /// A hash that its store chooses: of the first bytes, of the file names.
    pub digest: [u8; 16],
}

/// A container of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerRow {
    /// Its path, as its store names it.
    pub path: String,
    /// How it looked when it was last read to its end; `None` where it never was.
    pub mark: Option<Mark>,
}

/// Where the bytes of a message stand. One message may stand in several places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// The message.
    pub key: MessageKey,
    /// The store.
    pub store: String,
    /// The container in the store.
    pub container: String,
    /// The file in the container; empty where the container is one file.
    pub path: String,
    /// The first byte in that file.
    pub offset: u64,
    /// Length in bytes.
    pub len: u64,
    /// How the bytes are written; numbers are given by the store.
    pub format: u8,
}

/// The bit of [`MessageRow::flags`] that says: sent to many.
pub const BULK: u8 = 1;
/// The bit of [`MessageRow::flags`] that says: what it answers is to be looked for.
pub const OPEN: u8 = 2;
/// The bit of [`MessageRow::flags`] that says: a guess joined it to its thread, no header.
pub const GUESSED: u8 = 4;
/// The bit of [`MessageRow::flags`] that says: what it answers was looked for and not found.
pub const UNJOINED: u8 = 8;

/// A message, as lists need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Its identity.
    pub key: MessageKey,
    /// Its thread, from [`CatalogWriter::thread_for`](crate::CatalogWriter::thread_for).
    pub thread: i64,
    /// Its Message-ID as given; empty where it has none.
    pub message_id: String,
    /// When it was sent, milliseconds since 1970, UTC.
    pub date_ms: Option<i64>,
    /// Its sender's offset from UTC in minutes.
    pub offset_minutes: i32,
    /// The sender's address; empty where it has none.
    pub from_addr: String,
    /// Its subject.
    pub subject: String,
    /// Bits: [`BULK`], [`OPEN`], [`GUESSED`], [`UNJOINED`]; the others are the caller's.
    pub flags: u8,
    /// Length in bytes.
    pub size: u64,
    /// A number that messages of one subject share, of the caller's making; 0 for none.
    pub topic: i64,
}

/// Whether threads in which every message is [`BULK`] are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkThreads {
    /// They are.
    Include,
    /// They are not.
    Exclude,
}

/// A thread in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadRow {
    /// Its number; not stable over a rebuild.
    pub thread: i64,
    /// The time of its newest message, milliseconds since 1970, UTC.
    pub newest_ms: i64,
}

/// A note, as lists need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRow {
    /// Its path.
    pub path: NotePath,
    /// Length in bytes.
    pub size: u64,
    /// Time of its last change, nanoseconds since 1970, UTC.
    pub mtime_ns: i64,
    /// Hash of its bytes.
    pub hash: ContentHash,
    /// Its title.
    pub title: String,
    /// Who may read it.
    pub audience: Audience,
    /// The rule that decided that.
    pub why: String,
    /// The entity whose home it is, as JSON.
    pub entity: Option<String>,
    /// Its defects, as JSON; empty for none.
    pub defects: String,
    /// How many passages it was cut into.
    pub passages: u32,
}

/// A defect of a message or a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefectNote {
    /// Where in the item.
    pub place: String,
    /// What kind.
    pub kind: String,
    /// What exactly.
    pub detail: String,
}

/// A defect with its item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefectRow {
    /// A note's path, or `mail:` and the message's key.
    pub item: String,
    /// The defect.
    #[serde(flatten)]
    pub defect: DefectNote,
}

/// Something worth keeping that can be computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedRow<'r> {
    /// What it is: `reading`.
    pub kind: &'r str,
    /// Of what.
    pub key: &'r [u8],
    /// The thread whose change makes it stale.
    pub thread: Option<i64>,
    /// What made it; the caller ignores other versions.
    pub version: &'r str,
    /// The value.
    pub value: &'r [u8],
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Messages.
    pub messages: u64,
    /// Threads.
    pub threads: u64,
    /// Places of messages.
    pub places: u64,
    /// Containers.
    pub containers: u64,
    /// Notes.
    pub notes: u64,
    /// Defects of all.
    pub defects: u64,
}

/// An unsigned number; SQLite has signed ones only.
pub(crate) fn unsigned(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(at)?;
    u64::try_from(value).map_err(|_bad| rusqlite::Error::IntegralValueOutOfRange(at, value))
}

/// An unsigned number for SQLite; beyond its range the largest.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The three columns of a mark from `at` on.
pub(crate) fn mark(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Mark>> {
    let Some(mtime_ns) = row.get(at)? else { return Ok(None) };
    Ok(Some(Mark { mtime_ns, size: unsigned(row, at + 1)?, digest: row.get(at + 2)? }))
}

pub(crate) fn key(row: &Row<'_>, at: usize) -> rusqlite::Result<MessageKey> {
    Ok(MessageKey(ContentHash::from_bytes(row.get(at)?)))
}

pub(crate) fn place(row: &Row<'_>) -> rusqlite::Result<PlaceRow> {
    Ok(PlaceRow {
        key: key(row, 0)?,
        store: row.get(1)?,
        container: row.get(2)?,
        path: row.get(3)?,
        offset: unsigned(row, 4)?,
        len: unsigned(row, 5)?,
        format: row.get(6)?,
    })
}

pub(crate) fn message(row: &Row<'_>) -> rusqlite::Result<MessageRow> {
    Ok(MessageRow {
        key: key(row, 0)?,
        thread: row.get(1)?,
        message_id: row.get(2)?,
        date_ms: row.get(3)?,
        offset_minutes: row.get(4)?,
        from_addr: row.get(5)?,
        subject: row.get(6)?,
        flags: row.get(7)?,
        size: unsigned(row, 8)?,
        topic: row.get(9)?,
    })
}

/// Reads a note. `last` is the audience of the row before: notes of a folder share theirs, and reading
/// it again costs more than the rest of the row.
pub(crate) fn note(row: &Row<'_>, last: &mut (String, Audience)) -> rusqlite::Result<NoteRow> {
    let unreadable = |at, why: String| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, why.into());
    let path = row.get_ref(0)?.as_str()?;
    let audience = row.get_ref(5)?.as_str()?;
    if audience != last.0 {
        let read = serde_json::from_str(audience).map_err(|error| unreadable(5, error.to_string()))?;
        *last = (audience.to_owned(), read);
    }
    Ok(NoteRow {
        path: NotePath::parse(path).ok_or_else(|| unreadable(0, format!("{path} is no note path")))?,
        size: unsigned(row, 1)?,
        mtime_ns: row.get(2)?,
        hash: ContentHash::from_bytes(row.get(3)?),
        title: row.get(4)?,
        audience: last.1.clone(),
        why: row.get(6)?,
        entity: row.get(7)?,
        defects: row.get(8)?,
        passages: row.get(9)?,
    })
}
