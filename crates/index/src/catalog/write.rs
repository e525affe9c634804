//! Changes to the catalogue: one open transaction, published by the batch.
//!
//! This file must not publish by itself: the full text goes first.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use postil_evidence::{ContentHash, MessageKey, NotePath, Source};
use rusqlite::{Connection, OptionalExtension, params};

use crate::catalog::rows::{
    CachedRow, DefectNote, Mark, MessageRow, NoteRow, OPEN, PlaceRow, UNJOINED, key as key_of, signed,
};
use crate::catalog::{Catalog, id_hash};
use crate::error::IndexError;

/// The catalogue, to change. Part of a [`crate::Batch`].
pub struct CatalogWriter {
    rows: Catalog,
    /// Numbers of stores and containers met since the last commit.
    stores: HashMap<String, i64>,
    container: Option<(String, String, i64)>,
    next_thread: Option<i64>,
    /// Thread to the thread it was merged into.
    merged: Option<HashMap<i64, i64>>,
    /// Message-IDs that were given to several messages.
    reused: Option<HashSet<i64>>,
}

impl CatalogWriter {
    pub(crate) fn start(path: &Path) -> Result<Self, IndexError> {
        let rows = Catalog::open_for_writing(path)?;
        rows.db().execute_batch("BEGIN IMMEDIATE")?;
        Ok(Self {
            rows,
            stores: HashMap::new(),
            container: None,
            next_thread: None,
            merged: None,
            reused: None,
        })
    }

    /// The catalogue with the changes of this batch in it.
    #[must_use]
    pub fn read(&self) -> &Catalog {
        &self.rows
    }

    pub(crate) fn commit(&mut self) -> Result<(), IndexError> {
        self.rows.db().execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        Ok(())
    }

    pub(crate) fn set_generation(&mut self, generation: u64) -> Result<(), IndexError> {
        self.set_meta("generation", &generation.to_string())
    }

    /// Keeps a value by name. The names `fingerprint` and `generation` are the index's own.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written; so for every function below.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<(), IndexError> {
        self.run("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", params![key, value])
    }

    /// Remembers how a container looked when it was read to its end; `None` where it must be read again.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn set_container(
        &mut self,
        store: &str,
        container: &str,
        mark: Option<&Mark>,
    ) -> Result<(), IndexError> {
        let id = self.container(store, container)?;
        self.run(
            "UPDATE containers SET mtime_ns = ?2, size = ?3, digest = ?4 WHERE id = ?1",
            params![id, mark.map(|m| m.mtime_ns), mark.map(|m| signed(m.size)), mark.map(|m| m.digest)],
        )
    }

    /// Adds a message's place. A place that another message had is given to this one.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn add_place(&mut self, place: &PlaceRow) -> Result<(), IndexError> {
        let id = self.container(&place.store, &place.container)?;
        self.run(
            "INSERT OR REPLACE INTO places VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                place.path,
                signed(place.offset),
                signed(place.len),
                place.format,
                place.key.0.bytes()
            ],
        )
    }

    /// Removes a place; returns its message's key where that was the last place of the message.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn remove_place(&mut self, place: &PlaceRow) -> Result<Option<MessageKey>, IndexError> {
        let id = self.container(&place.store, &place.container)?;
        let key = self.take_place(id, place)?;
        match key {
            Some(key) if !has_place(&self.rows.db(), key)? => Ok(Some(key)),
            Some(_) | None => Ok(None),
        }
    }

    /// Moves a place, as when a file is renamed: the new one is of the message that the old one was
    /// of, whatever key `new` has. Returns whether the old one was there; where not, nothing changes.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn move_place(&mut self, old: &PlaceRow, new: &PlaceRow) -> Result<bool, IndexError> {
        let id = self.container(&old.store, &old.container)?;
        let Some(key) = self.take_place(id, old)? else { return Ok(false) };
        self.add_place(&PlaceRow { key, ..new.clone() })?;
        Ok(true)
    }

    /// Removes a container with its places; returns the messages that have no other.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn forget_container(&mut self, store: &str, container: &str) -> Result<Vec<MessageKey>, IndexError> {
        let id = self.container(store, container)?;
        self.container = None;
        let keys = self.keys("SELECT DISTINCT key FROM places WHERE container = ?1", id)?;
        self.run("DELETE FROM places WHERE container = ?1", [id])?;
        self.run("DELETE FROM containers WHERE id = ?1", [id])?;
        self.placeless(keys)
    }

    /// Removes a store with its containers and places; returns the messages that have no other place.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn forget_store(&mut self, store: &str) -> Result<Vec<MessageKey>, IndexError> {
        let id = self.store(store)?;
        self.container = None;
        self.stores.clear();
        let inside = "container IN (SELECT id FROM containers WHERE store = ?1)";
        let keys = self.keys(&format!("SELECT DISTINCT key FROM places WHERE {inside}"), id)?;
        self.run(&format!("DELETE FROM places WHERE {inside}"), [id])?;
        self.run("DELETE FROM containers WHERE store = ?1", [id])?;
        self.run("DELETE FROM stores WHERE id = ?1", [id])?;
        self.placeless(keys)
    }

    /// Adds a message, or changes it.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn set_message(&mut self, message: &MessageRow) -> Result<(), IndexError> {
        self.run(
            "INSERT INTO messages (key, thread, message_id, id_hash, date_ms, offset_minutes, from_addr, subject,
               flags, size, topic)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (key) DO UPDATE SET thread = ?2, message_id = ?3, id_hash = ?4, date_ms = ?5,
               offset_minutes = ?6, from_addr = ?7, subject = ?8, flags = ?9, size = ?10, topic = ?11",
            params![
                message.key.0.bytes(),
                message.thread,
                message.message_id,
                id_hash(&message.message_id),
                message.date_ms,
                message.offset_minutes,
                message.from_addr,
                message.subject,
                message.flags,
                signed(message.size),
                message.topic
            ],
        )
    }

    /// Sets the bits of a message.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn set_flags(&mut self, key: MessageKey, flags: u8) -> Result<(), IndexError> {
        self.run("UPDATE messages SET flags = ?2 WHERE key = ?1", params![key.0.bytes(), flags])
    }

    /// Notes which Message-ID an [`OPEN`] message names, with or without brackets.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn wait_for(&mut self, key: MessageKey, id: &str) -> Result<(), IndexError> {
        self.run("INSERT OR REPLACE INTO waiting VALUES (?1, ?2)", params![key.0.bytes(), id_hash(id)])
    }

    /// Takes [`OPEN`] from every message whose awaited one is here by now, and awaits nothing any more.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn settle_waiting(&mut self) -> Result<(), IndexError> {
        let sql = format!(
            "UPDATE messages SET flags = flags & ~{OPEN} WHERE key IN (SELECT w.key FROM waiting w
             WHERE EXISTS (SELECT 1 FROM messages m WHERE m.id_hash = w.id_hash))"
        );
        self.run(&sql, [])?;
        self.run("DELETE FROM waiting", [])
    }

    /// Notes that a Message-ID, with or without brackets, was given to several messages.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn note_reused(&mut self, id: &str) -> Result<(), IndexError> {
        let hash = id_hash(id);
        if self.reused()?.insert(hash) {
            self.run("INSERT OR IGNORE INTO reused VALUES (?1)", [hash])?;
        }
        Ok(())
    }

    /// Whether a Message-ID, with or without brackets, was given to several messages.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be read.
    pub fn is_reused(&mut self, id: &str) -> Result<bool, IndexError> {
        let reused = self.reused()?;
        Ok(!reused.is_empty() && reused.contains(&id_hash(id)))
    }

    fn reused(&mut self) -> Result<&mut HashSet<i64>, IndexError> {
        if self.reused.is_none() {
            let db = self.rows.db();
            let mut all = db.prepare("SELECT id_hash FROM reused")?;
            let hashes = all.query_map([], |row| row.get(0))?;
            self.reused = Some(hashes.collect::<Result<_, _>>()?);
        }
        Ok(self.reused.get_or_insert_default())
    }

    /// Sets [`OPEN`] again where [`UNJOINED`] is set, for the messages of a topic sent at `since_ms` or later.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn reopen_topic(&mut self, topic: i64, since_ms: i64) -> Result<(), IndexError> {
        let sql = format!(
            "UPDATE messages SET flags = (flags | {OPEN}) & ~{UNJOINED}
             WHERE topic = ?1 AND date_ms >= ?2 AND flags & {UNJOINED}"
        );
        self.run(&sql, params![topic, since_ms])
    }

    /// Gives a message these labels besides those it has.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn add_labels<'l>(
        &mut self,
        key: MessageKey,
        labels: impl IntoIterator<Item = &'l str>,
    ) -> Result<(), IndexError> {
        for label in labels {
            self.run("INSERT OR IGNORE INTO labels VALUES (?1, ?2)", params![label, key.0.bytes()])?;
        }
        Ok(())
    }

    /// Removes a message, its labels and its defects. Its places are the caller's to remove.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn remove_message(&mut self, key: MessageKey) -> Result<(), IndexError> {
        self.run("DELETE FROM messages WHERE key = ?1", [key.0.bytes()])?;
        self.run("DELETE FROM labels WHERE key = ?1", [key.0.bytes()])?;
        self.set_defects(&Source::Mail(key), &[])
    }

    /// The thread of a message that names these Message-IDs (its own, the one it answers, its
    /// references), with or without brackets. Threads that turn out to be one are merged: the older
    /// number stays, messages move, cached readings of both go. Without any id it is a new thread.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn thread_for(&mut self, ids: &[&str]) -> Result<i64, IndexError> {
        let mut thread: Option<i64> = None;
        let mut unknown = Vec::new();
        for id in ids.iter().filter(|id| !id.trim().is_empty()) {
            let hash = id_hash(id);
            match self.thread_of(hash)? {
                Some(found) => {
                    thread = Some(match thread {
                        Some(thread) => self.join_threads(thread, found)?,
                        None => found,
                    });
                }
                None => unknown.push(hash),
            }
        }
        let thread = match thread {
            Some(thread) => thread,
            None => self.new_thread()?,
        };
        for hash in unknown {
            self.run("INSERT OR REPLACE INTO refs VALUES (?1, ?2)", [hash, thread])?;
        }
        Ok(thread)
    }

    /// Lets a Message-ID, with or without brackets, stand for this thread from now on: the id was given
    /// to several messages, and this thread holds the earliest of them.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn point_id(&mut self, id: &str, thread: i64) -> Result<(), IndexError> {
        self.run("INSERT OR REPLACE INTO refs VALUES (?1, ?2)", [id_hash(id), thread])
    }

    /// Makes two threads one; returns its number, the smaller of the two.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn join_threads(&mut self, a: i64, b: i64) -> Result<i64, IndexError> {
        let (a, b) = (self.kept(a)?, self.kept(b)?);
        if a == b {
            return Ok(a);
        }
        let (keep, gone) = (a.min(b), a.max(b));
        self.drop_cached_for_thread(keep)?;
        self.drop_cached_for_thread(gone)?;
        self.run("UPDATE messages SET thread = ?1 WHERE thread = ?2", [keep, gone])?;
        self.run("INSERT OR REPLACE INTO merged VALUES (?1, ?2)", [gone, keep])?;
        self.merges()?.insert(gone, keep);
        Ok(keep)
    }

    /// Adds a note, or changes it.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn set_note(&mut self, note: &NoteRow) -> Result<(), IndexError> {
        let audience = serde_json::to_string(&note.audience);
        let audience = audience.map_err(|error| IndexError::damaged(error.to_string()))?;
        self.run(
            "INSERT OR REPLACE INTO notes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                note.path.as_str(),
                signed(note.size),
                note.mtime_ns,
                note.hash.bytes(),
                note.title,
                audience,
                note.why,
                note.entity,
                note.defects,
                note.passages
            ],
        )
    }

    /// Puts the words of an entity's names in the place of those its note had.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn set_names(&mut self, path: &NotePath, words: &BTreeSet<String>) -> Result<(), IndexError> {
        self.run("DELETE FROM names WHERE path = ?1", [path.as_str()])?;
        for word in words {
            self.run("INSERT INTO names VALUES (?1, ?2)", [word.as_str(), path.as_str()])?;
        }
        Ok(())
    }

    /// Removes a note, its names and its defects.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn remove_note(&mut self, path: &NotePath) -> Result<(), IndexError> {
        self.run("DELETE FROM notes WHERE path = ?1", [path.as_str()])?;
        self.set_names(path, &BTreeSet::new())?;
        self.set_defects(&Source::Note(path.clone()), &[])
    }

    /// Puts `defects` in the place of whatever the item had.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn set_defects(&mut self, item: &Source, defects: &[DefectNote]) -> Result<(), IndexError> {
        let item = item.to_string();
        self.run("DELETE FROM defects WHERE item = ?1", [&item])?;
        for defect in defects {
            self.run(
                "INSERT INTO defects VALUES (?1, ?2, ?3, ?4)",
                params![item, defect.place, defect.kind, defect.detail],
            )?;
        }
        Ok(())
    }

    /// Keeps a value that can be computed again.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn put_cached(&mut self, row: &CachedRow<'_>) -> Result<(), IndexError> {
        self.run(
            "INSERT OR REPLACE INTO cache VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row.kind, row.key, row.thread, row.version, row.value],
        )
    }

    /// Drops what was kept for a thread.
    ///
    /// # Errors
    /// [`IndexError`] where the catalogue cannot be written.
    pub fn drop_cached_for_thread(&mut self, thread: i64) -> Result<(), IndexError> {
        self.run("DELETE FROM cache WHERE thread = ?1", [thread])
    }

    /// Makes sure that a source is read again: its row goes, and so do its places and the marks of the
    /// containers they are in.
    pub(crate) fn forget(&mut self, source: &Source) -> Result<(), IndexError> {
        match source {
            Source::Note(path) => self.remove_note(path),
            Source::Mail(key) => {
                self.run(
                    "UPDATE containers SET mtime_ns = NULL, size = NULL, digest = NULL
                     WHERE id IN (SELECT container FROM places WHERE key = ?1)",
                    [key.0.bytes()],
                )?;
                self.run("DELETE FROM places WHERE key = ?1", [key.0.bytes()])?;
                self.remove_message(*key)
            }
        }
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), IndexError> {
        self.rows.db().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    fn store(&mut self, name: &str) -> Result<i64, IndexError> {
        if let Some(id) = self.stores.get(name) {
            return Ok(*id);
        }
        self.run("INSERT INTO stores (name) VALUES (?1) ON CONFLICT DO NOTHING", [name])?;
        let id = self.number("SELECT id FROM stores WHERE name = ?1", params![name])?;
        self.stores.insert(name.to_owned(), id);
        Ok(id)
    }

    /// The number of a container, which is made where it is new. The last one is remembered, since
    /// places come container by container.
    fn container(&mut self, store: &str, path: &str) -> Result<i64, IndexError> {
        if let Some((known_store, known_path, id)) = &self.container
            && known_store == store
            && known_path == path
        {
            return Ok(*id);
        }
        let store_id = self.store(store)?;
        let insert = "INSERT INTO containers (store, path) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.run(insert, params![store_id, path])?;
        let find = "SELECT id FROM containers WHERE store = ?1 AND path = ?2";
        let id = self.number(find, params![store_id, path])?;
        self.container = Some((store.to_owned(), path.to_owned(), id));
        Ok(id)
    }

    fn number(&self, sql: &str, values: impl rusqlite::Params) -> Result<i64, IndexError> {
        Ok(self.rows.db().prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
    }

    fn take_place(&mut self, container: i64, place: &PlaceRow) -> Result<Option<MessageKey>, IndexError> {
        let db = self.rows.db();
        let mut take = db.prepare_cached(
            "DELETE FROM places WHERE container = ?1 AND path = ?2 AND offset = ?3 RETURNING key",
        )?;
        let values = params![container, place.path, signed(place.offset)];
        Ok(take.query_row(values, |row| key_of(row, 0)).optional()?)
    }

    fn keys(&self, sql: &str, id: i64) -> Result<Vec<MessageKey>, IndexError> {
        let db = self.rows.db();
        let mut find = db.prepare_cached(sql)?;
        let keys = find.query_map([id], |row| Ok(MessageKey(ContentHash::from_bytes(row.get(0)?))))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    fn placeless(&self, keys: Vec<MessageKey>) -> Result<Vec<MessageKey>, IndexError> {
        let db = self.rows.db();
        let mut out = Vec::new();
        for key in keys {
            if !has_place(&db, key)? {
                out.push(key);
            }
        }
        Ok(out)
    }

    fn thread_of(&mut self, hash: i64) -> Result<Option<i64>, IndexError> {
        let found: Option<i64> = {
            let db = self.rows.db();
            let mut find = db.prepare_cached("SELECT thread FROM refs WHERE hash = ?1")?;
            find.query_row([hash], |row| row.get(0)).optional()?
        };
        found.map(|thread| self.kept(thread)).transpose()
    }

    /// The thread that `thread` was merged into, or itself.
    fn kept(&mut self, thread: i64) -> Result<i64, IndexError> {
        let merged = self.merges()?;
        let mut kept = thread;
        // Numbers only go down, so this ends.
        while let Some(next) = merged.get(&kept).filter(|next| **next < kept) {
            kept = *next;
        }
        if kept != thread {
            merged.insert(thread, kept);
        }
        Ok(kept)
    }

    fn merges(&mut self) -> Result<&mut HashMap<i64, i64>, IndexError> {
        if self.merged.is_none() {
            let db = self.rows.db();
            let mut all = db.prepare("SELECT old, new FROM merged")?;
            let pairs = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.merged = Some(pairs.collect::<Result<_, _>>()?);
        }
        Ok(self.merged.get_or_insert_default())
    }

    fn new_thread(&mut self) -> Result<i64, IndexError> {
        let next = match self.next_thread {
            Some(next) => next,
            // References keep a thread's number after its messages are gone, so that it is not given twice.
            None => self.number(
                "SELECT 1 + max((SELECT coalesce(max(thread), 0) FROM messages),
                                (SELECT coalesce(max(thread), 0) FROM refs),
                                (SELECT coalesce(max(old), 0) FROM merged))",
                [],
            )?,
        };
        self.next_thread = Some(next + 1);
        Ok(next)
    }
}

fn has_place(db: &Connection, key: MessageKey) -> Result<bool, IndexError> {
    Ok(db.prepare_cached("SELECT 1 FROM places WHERE key = ?1 LIMIT 1")?.exists([key.0.bytes()])?)
}
