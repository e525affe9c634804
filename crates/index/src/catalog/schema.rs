//! The tables of the catalogue. A change here needs a new `LAYOUT`.

use rusqlite::Connection;

use crate::error::IndexError;

const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE stores (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- mtime_ns, size and digest are null where the container was never read to its end.
CREATE TABLE containers (id INTEGER PRIMARY KEY, store INTEGER NOT NULL, path TEXT NOT NULL,
  mtime_ns INTEGER, size INTEGER, digest BLOB, UNIQUE (store, path));
CREATE TABLE places (container INTEGER NOT NULL, path TEXT NOT NULL, offset INTEGER NOT NULL,
  len INTEGER NOT NULL, format INTEGER NOT NULL, key BLOB NOT NULL,
  PRIMARY KEY (container, path, offset)) WITHOUT ROWID;
CREATE INDEX places_by_key ON places (key);

CREATE TABLE messages (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, thread INTEGER NOT NULL,
  message_id TEXT NOT NULL, id_hash INTEGER NOT NULL, date_ms INTEGER, offset_minutes INTEGER NOT NULL,
  from_addr TEXT NOT NULL, subject TEXT NOT NULL, flags INTEGER NOT NULL, size INTEGER NOT NULL,
  topic INTEGER NOT NULL);
CREATE INDEX messages_by_thread ON messages (thread, date_ms, flags);
CREATE INDEX messages_by_date ON messages (date_ms, thread);
CREATE INDEX messages_by_id ON messages (id_hash);
CREATE INDEX messages_by_topic ON messages (topic, date_ms);
-- 2 is the bit OPEN.
CREATE INDEX messages_open ON messages (id) WHERE flags & 2;
-- Message-IDs that were given to several messages.
CREATE TABLE reused (id_hash INTEGER PRIMARY KEY);
-- Of an open message: the Message-ID it names.
CREATE TABLE waiting (key BLOB PRIMARY KEY, id_hash INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE labels (label TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY (label, key)) WITHOUT ROWID;
CREATE INDEX labels_by_key ON labels (key);

CREATE TABLE refs (hash INTEGER PRIMARY KEY, thread INTEGER NOT NULL);
CREATE TABLE merged (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);

CREATE TABLE notes (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  hash BLOB NOT NULL, title TEXT NOT NULL, audience TEXT NOT NULL, why TEXT NOT NULL, entity TEXT,
  defects TEXT NOT NULL, passages INTEGER NOT NULL) WITHOUT ROWID;

-- The words of all names of whom or what a note is about.
CREATE TABLE names (word TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (word, path)) WITHOUT ROWID;
CREATE INDEX names_by_path ON names (path);

CREATE TABLE defects (item TEXT NOT NULL, place TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX defects_by_item ON defects (item);

CREATE TABLE cache (kind TEXT NOT NULL, key BLOB NOT NULL, thread INTEGER, version TEXT NOT NULL,
  value BLOB NOT NULL, UNIQUE (kind, key));
CREATE INDEX cache_by_thread ON cache (thread) WHERE thread IS NOT NULL;
";

/// Makes the tables and says what they were made for.
pub(crate) fn create(db: &Connection, fingerprint: &str) -> Result<(), IndexError> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    db.execute_batch(TABLES)?;
    db.execute("INSERT INTO meta VALUES ('fingerprint', ?1), ('generation', '0')", [fingerprint])?;
    db.execute_batch("COMMIT")?;
    Ok(())
}
