//! The catalogue: which messages and notes there are, where, since when, and what is wrong with them.
//!
//! This file reads; [`write`](self::write) changes. It must not hold anything that cannot be read again
//! from mail and vault. One SQLite file for one vault.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use postil_evidence::{Audience, ContentHash, MessageKey, NotePath};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};

use crate::error::IndexError;

mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod write;

pub use rows::{
    BULK, BulkThreads, CachedRow, ContainerRow, Counts, DefectNote, DefectRow, GUESSED, Mark, MessageRow,
    NoteRow, OPEN, PlaceRow, ThreadRow, UNJOINED,
};
pub use write::CatalogWriter;

const MESSAGE: &str =
    "key, thread, message_id, date_ms, offset_minutes, from_addr, subject, flags, size, topic";
/// Fewer hex digits than this name no message.
const SHORTEST_PREFIX: usize = 4;
/// The most messages that one prefix returns.
const MOST_FOUND: usize = 100;

/// The catalogue, to read. What a batch has not committed is not seen.
pub struct Catalog {
    db: Mutex<Connection>,
}

impl Catalog {
    /// Makes an empty catalogue.
    pub(crate) fn create(path: &Path, fingerprint: &str) -> Result<Self, IndexError> {
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        schema::create(&db, fingerprint)?;
        drop(db);
        Self::open(path)
    }

    /// Opens the catalogue for reading.
    pub(crate) fn open(path: &Path) -> Result<Self, IndexError> {
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.pragma_update(None, "query_only", true)?;
        // Reading through the page cache of the system saves a copy of each page.
        db.pragma_update(None, "mmap_size", 1_i64 << 30)?;
        Ok(Self { db: Mutex::new(db) })
    }

    /// Opens the catalogue for a batch.
    pub(crate) fn open_for_writing(path: &Path) -> Result<Self, IndexError> {
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // A commit is on disk before `pending` goes.
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "cache_size", -32_000)?;
        Ok(Self { db: Mutex::new(db) })
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fingerprint(&self) -> Result<String, IndexError> {
        Ok(self.meta("fingerprint")?.unwrap_or_default())
    }

    pub(crate) fn generation(&self) -> Result<u64, IndexError> {
        let text = self.meta("generation")?.unwrap_or_default();
        text.parse().map_err(|_bad| IndexError::damaged("the commit number of the catalogue"))
    }

    /// Reads every page; for [`crate::Index::verify`].
    pub(crate) fn verify(&self) -> Result<(), IndexError> {
        let answer: String = self.db().query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if answer == "ok" { Ok(()) } else { Err(IndexError::damaged(answer)) }
    }

    /// A value that the caller keeps here, by name.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read; so for every function below.
    pub fn meta(&self, key: &str) -> Result<Option<String>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(find.query_row([key], |row| row.get(0)).optional()?)
    }

    /// How a container looked when it was last read whole; `None` where it never was.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn mark(&self, store: &str, container: &str) -> Result<Option<Mark>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT c.mtime_ns, c.size, c.digest FROM containers c JOIN stores s ON s.id = c.store
             WHERE s.name = ?1 AND c.path = ?2",
        )?;
        Ok(find.query_row([store, container], |row| rows::mark(row, 0)).optional()?.flatten())
    }

    /// Every container of a store, by path.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn containers(&self, store: &str) -> Result<Vec<ContainerRow>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT c.path, c.mtime_ns, c.size, c.digest FROM containers c JOIN stores s ON s.id = c.store
             WHERE s.name = ?1 ORDER BY c.path",
        )?;
        let found =
            find.query_map([store], |row| Ok(ContainerRow { path: row.get(0)?, mark: rows::mark(row, 1)? }))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The path of every container of every store, by path.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn folders(&self) -> Result<Vec<String>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached("SELECT DISTINCT path FROM containers ORDER BY path")?;
        let found = find.query_map([], |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The messages in the containers with this path, by key.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn filed_in(&self, container: &str) -> Result<Vec<MessageKey>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT DISTINCT p.key FROM containers c JOIN places p ON p.container = c.id
             WHERE c.path = ?1 ORDER BY p.key",
        )?;
        let found = find.query_map([container], |row| rows::key(row, 0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Every label that a message has, by name.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn labels(&self) -> Result<Vec<String>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached("SELECT DISTINCT label FROM labels ORDER BY label")?;
        let found = find.query_map([], |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The messages with this label, by key.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn labelled(&self, label: &str) -> Result<Vec<MessageKey>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached("SELECT key FROM labels WHERE label = ?1 ORDER BY key")?;
        let found = find.query_map([label], |row| rows::key(row, 0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Every message's place in a container, by path and offset.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn places(&self, store: &str, container: &str) -> Result<Vec<PlaceRow>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT p.key, s.name, c.path, p.path, p.offset, p.len, p.format
             FROM stores s JOIN containers c ON c.store = s.id JOIN places p ON p.container = c.id
             WHERE s.name = ?1 AND c.path = ?2 ORDER BY p.path, p.offset",
        )?;
        let found = find.query_map([store, container], rows::place)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Every place of one message.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn places_of(&self, key: MessageKey) -> Result<Vec<PlaceRow>, IndexError> {
        places_of(&self.db(), key)
    }

    /// One message.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn message(&self, key: MessageKey) -> Result<Option<MessageRow>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(&format!("SELECT {MESSAGE} FROM messages WHERE key = ?1"))?;
        Ok(find.query_row([key.0.bytes()], rows::message).optional()?)
    }

    /// The messages that a person means by `name`: at least four hex digits that a key starts with, or
    /// a Message-ID with or without its brackets. At most 100, by date.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn find_messages(&self, name: &str) -> Result<Vec<MessageRow>, IndexError> {
        let name = name.trim();
        let db = self.db();
        if let Some((low, high)) = key_range(name) {
            let sql = format!(
                "SELECT {MESSAGE} FROM messages WHERE key BETWEEN ?1 AND ?2 ORDER BY date_ms, key LIMIT {MOST_FOUND}"
            );
            let mut find = db.prepare_cached(&sql)?;
            let found: Vec<_> =
                find.query_map(params![low, high], rows::message)?.collect::<Result<_, _>>()?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        with_id(&db, bare_id(name))
    }

    /// The messages with this Message-ID, with or without brackets, the earliest first. At most 100:
    /// more than one where a program gave its id twice.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn messages_with_id(&self, id: &str) -> Result<Vec<MessageRow>, IndexError> {
        with_id(&self.db(), bare_id(id))
    }

    /// Whether a message with this Message-ID, with or without brackets, is here.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn has_id(&self, id: &str) -> Result<bool, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached("SELECT 1 FROM messages WHERE id_hash = ?1 LIMIT 1")?;
        Ok(find.exists([id_hash(id)])?)
    }

    /// The newest messages of a topic sent at `until_ms` or before, newest first.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn messages_of_topic(
        &self,
        topic: i64,
        until_ms: i64,
        limit: usize,
    ) -> Result<Vec<MessageRow>, IndexError> {
        let sql = format!(
            "SELECT {MESSAGE} FROM messages WHERE topic = ?1 AND date_ms <= ?2
             ORDER BY date_ms DESC, key LIMIT ?3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.messages(&sql, params![topic, until_ms, limit])
    }

    /// The messages sent from `since_ms` on and before `until_ms`, oldest first.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn messages_sent(
        &self,
        since_ms: i64,
        until_ms: i64,
        limit: usize,
    ) -> Result<Vec<MessageRow>, IndexError> {
        let sql = format!(
            "SELECT {MESSAGE} FROM messages WHERE date_ms >= ?1 AND date_ms < ?2 ORDER BY date_ms, key LIMIT ?3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.messages(&sql, params![since_ms, until_ms, limit])
    }

    /// Messages whose bit [`OPEN`] is set, in no order.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn open_messages(&self, limit: usize) -> Result<Vec<MessageRow>, IndexError> {
        let sql = format!("SELECT {MESSAGE} FROM messages WHERE flags & {OPEN} ORDER BY id LIMIT ?1");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.messages(&sql, [limit])
    }

    fn messages(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<MessageRow>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(sql)?;
        let found = find.query_map(values, rows::message)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Threads with a message of `since_ms` (milliseconds since 1970, UTC) or later, newest first.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn threads_active_since(
        &self,
        since_ms: i64,
        limit: usize,
        bulk: BulkThreads,
    ) -> Result<Vec<ThreadRow>, IndexError> {
        let only = match bulk {
            BulkThreads::Include => String::new(),
            BulkThreads::Exclude => format!(
                "AND EXISTS (SELECT 1 FROM messages b WHERE b.thread = a.thread AND b.flags & {BULK} = 0)"
            ),
        };
        // Newest message first, so the walk ends as soon as enough threads were seen.
        let sql = format!(
            "SELECT a.thread, a.date_ms FROM messages a WHERE a.date_ms >= ?1 {only}
             AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.thread = a.thread
                             AND (n.date_ms, n.id) > (a.date_ms, a.id))
             ORDER BY a.date_ms DESC, a.id DESC LIMIT ?2"
        );
        let db = self.db();
        let mut find = db.prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = find.query_map([since_ms, limit], |row| {
            Ok(ThreadRow { thread: row.get(0)?, newest_ms: row.get(1)? })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The messages of a thread, oldest first (those without a date at the end), each with its places.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn thread_messages(&self, thread: i64) -> Result<Vec<(MessageRow, Vec<PlaceRow>)>, IndexError> {
        let db = self.db();
        let sql = format!(
            "SELECT {MESSAGE} FROM messages WHERE thread = ?1 ORDER BY date_ms IS NULL, date_ms, key"
        );
        let mut find = db.prepare_cached(&sql)?;
        let found: Vec<MessageRow> = find.query_map([thread], rows::message)?.collect::<Result<_, _>>()?;
        found
            .into_iter()
            .map(|message| {
                let places = places_of(&db, message.key)?;
                Ok((message, places))
            })
            .collect()
    }

    /// Every note, by path.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn notes(&self) -> Result<Vec<NoteRow>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT path, size, mtime_ns, hash, title, audience, why, entity, defects, passages FROM notes
             ORDER BY path",
        )?;
        let mut last = (String::new(), Audience::Private);
        let found = find.query_map([], |row| rows::note(row, &mut last))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The entities, as JSON, with any of these words in one of their names, in the order of their notes' paths.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn entities_named(&self, words: &BTreeSet<String>) -> Result<BTreeMap<String, String>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT path, entity FROM names JOIN notes USING (path) WHERE word = ?1 AND entity IS NOT NULL",
        )?;
        let mut named = BTreeMap::new();
        for word in words {
            for row in find.query_map([word], |row| Ok((row.get(0)?, row.get(1)?)))? {
                let (path, entity) = row?;
                named.insert(path, entity);
            }
        }
        Ok(named)
    }

    /// One note.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn note(&self, path: &NotePath) -> Result<Option<NoteRow>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached(
            "SELECT path, size, mtime_ns, hash, title, audience, why, entity, defects, passages FROM notes
             WHERE path = ?1",
        )?;
        Ok(find
            .query_row([path.as_str()], |row| rows::note(row, &mut (String::new(), Audience::Private)))
            .optional()?)
    }

    /// How often each kind of defect occurs, most frequent first.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn defect_counts(&self) -> Result<Vec<(String, u64)>, IndexError> {
        let db = self.db();
        let mut find =
            db.prepare_cached("SELECT kind, count(*) AS n FROM defects GROUP BY kind ORDER BY n DESC, kind")?;
        let found = find.query_map([], |row| Ok((row.get(0)?, rows::unsigned(row, 1)?)))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The first defects, by item.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn defects(&self, limit: usize) -> Result<Vec<DefectRow>, IndexError> {
        let db = self.db();
        let mut find =
            db.prepare_cached("SELECT item, place, kind, detail FROM defects ORDER BY item, rowid LIMIT ?1")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = find.query_map([limit], |row| {
            let defect = DefectNote { place: row.get(1)?, kind: row.get(2)?, detail: row.get(3)? };
            Ok(DefectRow { item: row.get(0)?, defect })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The defects of one message or note, in the order they were set.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn defects_of(&self, item: &postil_evidence::Source) -> Result<Vec<DefectNote>, IndexError> {
        let db = self.db();
        let mut find =
            db.prepare_cached("SELECT place, kind, detail FROM defects WHERE item = ?1 ORDER BY rowid")?;
        let found = find.query_map([item.to_string()], |row| {
            Ok(DefectNote { place: row.get(0)?, kind: row.get(1)?, detail: row.get(2)? })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// A cached value with the version it was made by.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn cached(&self, kind: &str, key: &[u8]) -> Result<Option<(String, Vec<u8>)>, IndexError> {
        let db = self.db();
        let mut find = db.prepare_cached("SELECT version, value FROM cache WHERE kind = ?1 AND key = ?2")?;
        Ok(find.query_row(params![kind, key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Whether neither a message nor a note is known. Looks at one row of each, however many there are.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn is_empty(&self) -> Result<bool, IndexError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM messages) AND NOT EXISTS (SELECT 1 FROM notes)";
        Ok(self.db().query_row(sql, [], |row| row.get(0))?)
    }

    /// How much there is of everything.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn counts(&self) -> Result<Counts, IndexError> {
        let db = self.db();
        let count = |row: &Row<'_>| -> rusqlite::Result<Counts> {
            Ok(Counts {
                messages: rows::unsigned(row, 0)?,
                threads: rows::unsigned(row, 1)?,
                places: rows::unsigned(row, 2)?,
                containers: rows::unsigned(row, 3)?,
                notes: rows::unsigned(row, 4)?,
                defects: rows::unsigned(row, 5)?,
            })
        };
        let sql = "SELECT (SELECT count(*) FROM messages), (SELECT count(DISTINCT thread) FROM messages),
                   (SELECT count(*) FROM places), (SELECT count(*) FROM containers),
                   (SELECT count(*) FROM notes), (SELECT count(*) FROM defects)";
        Ok(db.query_row(sql, [], count)?)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, IndexError> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

fn places_of(db: &Connection, key: MessageKey) -> Result<Vec<PlaceRow>, IndexError> {
    let mut find = db.prepare_cached(
        "SELECT p.key, s.name, c.path, p.path, p.offset, p.len, p.format
         FROM places p JOIN containers c ON c.id = p.container JOIN stores s ON s.id = c.store
         WHERE p.key = ?1 ORDER BY s.name, c.path, p.path, p.offset",
    )?;
    let found = find.query_map([key.0.bytes()], rows::place)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn with_id(db: &Connection, id: &str) -> Result<Vec<MessageRow>, IndexError> {
    let sql =
        format!("SELECT {MESSAGE} FROM messages WHERE id_hash = ?1 ORDER BY date_ms, key LIMIT {MOST_FOUND}");
    let mut find = db.prepare_cached(&sql)?;
    let found = find.query_map([id_hash(id)], rows::message)?;
    let found: Vec<MessageRow> = found.collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter(|message| bare_id(&message.message_id) == id).collect())
}

/// The first and last key that start with these hex digits.
fn key_range(prefix: &str) -> Option<([u8; 16], [u8; 16])> {
    let digits = prefix.len();
    if !(SHORTEST_PREFIX..=32).contains(&digits) || !prefix.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let filled = |with: &str| ContentHash::parse(&format!("{prefix}{}", with.repeat(32 - digits)));
    Some((*filled("0")?.bytes(), *filled("f")?.bytes()))
}

/// A Message-ID without its brackets.
fn bare_id(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id)
}

/// The number that stands for a Message-ID: the first eight bytes of its hash. Two ids in a mailbox of a
/// million share one with a chance of 3 in 100 million.
fn id_hash(id: &str) -> i64 {
    let hash = ContentHash::of(bare_id(id).as_bytes());
    hash.bytes().iter().take(8).fold(0, |sum, byte| (sum << 8) | i64::from(*byte))
}
