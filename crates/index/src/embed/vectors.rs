//! Vectors that were had before: one SQLite file beside the full text, keyed by model and by the hash of the text.
//!
//! It holds numbers and hashes, no text. It may be deleted at any time, is written by readers of the index too, and is
//! never a reason to fail: what cannot be read is asked again, what cannot be written is kept for this run alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use postil_evidence::ContentHash;
use rusqlite::{Connection, Result, params};

/// So many vectors are kept; beyond that those go that were not used for longest. 100,000 of 384 numbers are 45 MB.
const MOST_KEPT: u64 = 100_000;
/// How long another process that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS vectors (model BLOB NOT NULL, text BLOB NOT NULL, used INTEGER NOT NULL,
  numbers BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID;
";

/// A vector in 255 steps for each number. Only its direction is ever looked at, so no scale is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vector(Vec<i8>);

impl Vector {
    /// Rounds; `None` where a number is not finite.
    pub(super) fn of(numbers: &[f32]) -> Option<Self> {
        if !numbers.iter().all(|number| number.is_finite()) {
            return None;
        }
        let largest = numbers.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
        if largest == 0.0 {
            return Some(Self(vec![0; numbers.len()]));
        }
        #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
        let step = |number: &f32| (f64::from(*number) / f64::from(largest) * 127.0).round() as i8;
        Some(Self(numbers.iter().map(step).collect()))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The cosine of the angle between two vectors; 0 where one has no direction. Exact but for one division, so that
    /// it is of equal bits on every machine.
    #[expect(clippy::cast_precision_loss, reason = "sums of at most 8,192 products of bytes are exact")]
    pub(super) fn closeness(&self, other: &Self) -> f64 {
        let lengths = (dot(&self.0, &self.0) as f64 * dot(&other.0, &other.0) as f64).sqrt();
        if lengths == 0.0 { 0.0 } else { dot(&self.0, &other.0) as f64 / lengths }
    }
}

fn dot(a: &[i8], b: &[i8]) -> i64 {
    let sum =
        |a: &[i8], b: &[i8]| -> i32 { a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum() };
    i64::from(sum(a, b))
}

/// The vectors of one model.
pub(super) struct Vectors {
    db: Option<Connection>,
    /// Stands for the model's name and the length of its vectors.
    model: ContentHash,
    numbers: usize,
    /// Counts the runs that used the file; what a row was used in last.
    run: i64,
}

impl Vectors {
    /// Opens the file or makes it; a file that is damaged is made anew.
    pub(super) fn open(file: &Path, name: &str, numbers: usize) -> Self {
        let opened = connect(file).or_else(|_damaged| {
            for end in ["", "-wal", "-shm"] {
                let mut path = file.as_os_str().to_owned();
                path.push(end);
                // One that is not there need not go; one that cannot go makes the next line fail.
                drop(std::fs::remove_file(path));
            }
            connect(file)
        });
        let opened = opened.or_else(|_unusable| Connection::open_in_memory().and_then(prepared));
        let model = ContentHash::of_parts(&[name.as_bytes(), numbers.to_string().as_bytes()]);
        let (db, run) = opened.map_or((None, 0), |(db, run)| (Some(db), run));
        let mut this = Self { db, model, numbers, run };
        this.trim(MOST_KEPT);
        this
    }

    /// Those of the texts that are kept.
    pub(super) fn find(&self, texts: &[ContentHash]) -> BTreeMap<ContentHash, Vector> {
        let found = self.db.as_ref().and_then(|db| self.read(db, texts).ok());
        found.unwrap_or_default()
    }

    fn read(&self, db: &Connection, texts: &[ContentHash]) -> Result<BTreeMap<ContentHash, Vector>> {
        let mut found = BTreeMap::new();
        let mut old: Vec<ContentHash> = Vec::new();
        let mut find =
            db.prepare_cached("SELECT numbers, used FROM vectors WHERE model = ?1 AND text = ?2")?;
        for text in texts {
            let mut rows = find.query([self.model.bytes(), text.bytes()])?;
            let Some(row) = rows.next()? else { continue };
            let bytes: Vec<u8> = row.get(0)?;
            if bytes.len() != self.numbers {
                continue;
            }
            if row.get::<_, i64>(1)? < self.run {
                old.push(*text);
            }
            found.insert(*text, Vector(bytes.into_iter().map(u8::cast_signed).collect()));
        }
        drop(find);
        // That they were used is not worth a failure.
        drop(self.mark_used(db, &old));
        Ok(found)
    }

    fn mark_used(&self, db: &Connection, texts: &[ContentHash]) -> Result<()> {
        let change = db.unchecked_transaction()?;
        for text in texts {
            change
                .prepare_cached("UPDATE vectors SET used = ?3 WHERE model = ?1 AND text = ?2")?
                .execute(params![self.model.bytes(), text.bytes(), self.run])?;
        }
        change.commit()
    }

    /// Keeps vectors.
    pub(super) fn keep(&mut self, rows: &[(ContentHash, &Vector)]) {
        if let Some(db) = &self.db
            && self.write(db, rows).is_err()
        {
            // A full disk, or another process for too long: they are asked again another time.
        }
    }

    fn write(&self, db: &Connection, rows: &[(ContentHash, &Vector)]) -> Result<()> {
        let change = db.unchecked_transaction()?;
        for (text, vector) in rows {
            let numbers: Vec<u8> = vector.0.iter().map(|number| number.cast_unsigned()).collect();
            change
                .prepare_cached("INSERT OR REPLACE INTO vectors VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![self.model.bytes(), text.bytes(), self.run, numbers])?;
        }
        change.commit()
    }

    /// How many are kept of this model.
    pub(super) fn count(&self) -> u64 {
        let count = |db: &Connection| -> Result<i64> {
            let sql = "SELECT count(*) FROM vectors WHERE model = ?1";
            db.query_row(sql, [self.model.bytes()], |row| row.get(0))
        };
        let found = self.db.as_ref().and_then(|db| count(db).ok());
        found.and_then(|count| u64::try_from(count).ok()).unwrap_or_default()
    }

    /// Drops all vectors of this model.
    pub(super) fn forget(&mut self) {
        let forget =
            |db: &Connection| db.execute("DELETE FROM vectors WHERE model = ?1", [self.model.bytes()]);
        if let Some(db) = &self.db
            && forget(db).is_err()
        {
            // Vectors of another model are worse than none.
            self.db = None;
        }
    }

    /// Drops the rows beyond `most`, of whatever model, that were not used for longest.
    fn trim(&mut self, most: u64) {
        let trim = |db: &Connection| -> Result<()> {
            let count: i64 = db.query_row("SELECT count(*) FROM vectors", [], |row| row.get(0))?;
            let beyond = count - i64::try_from(most).unwrap_or(i64::MAX);
            if beyond > 0 {
                db.execute(
                    "DELETE FROM vectors WHERE (model, text) IN
                     (SELECT model, text FROM vectors ORDER BY used, model, text LIMIT ?1)",
                    [beyond],
                )?;
            }
            Ok(())
        };
        if let Some(db) = &self.db
            && trim(db).is_err()
        {
            // The next run tries again.
        }
    }
}

fn connect(file: &Path) -> Result<(Connection, i64)> {
    prepared(Connection::open(file)?)
}

/// Makes the table, and counts this run.
fn prepared(db: Connection) -> Result<(Connection, i64)> {
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // What a power cut takes is asked again.
    db.pragma_update(None, "synchronous", "OFF")?;
    db.execute_batch(TABLES)?;
    let run = db.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))?.saturating_add(1);
    let run = if i32::try_from(run).is_ok() { run } else { 1 };
    db.pragma_update(None, "user_version", run)?;
    Ok((db, run))
}

#[cfg(test)]
mod tests {
    use postil_evidence::ContentHash;

    use super::{Vector, Vectors};

    fn vector(numbers: &[f32]) -> Vector {
        Vector::of(numbers).unwrap()
    }

    #[test]
    fn a_vector_keeps_its_direction() {
        let (a, b) = (vector(&[3.0, 4.0, 0.0]), vector(&[0.3, 0.4, 0.0]));
        assert_eq!(a, b);
        assert!((a.closeness(&vector(&[-3.0, -4.0, 0.0])) + 1.0).abs() < 1e-9);
        assert!((vector(&[1.0, 0.0]).closeness(&vector(&[1.0, 1.0])) - 0.5_f64.sqrt()).abs() < 1e-9);
        assert_eq!(vector(&[0.0, 0.0]).closeness(&vector(&[1.0, 1.0])), 0.0);
        assert_eq!(vector(&[1e-30, 0.0]), vector(&[1e30, 0.0]));
        for bad in [f32::NAN, f32::INFINITY] {
            assert_eq!(Vector::of(&[1.0, bad]), None);
        }
    }

    #[test]
    fn what_was_kept_is_found_again_for_its_model_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("vectors.db");
        let (one, two) = (ContentHash::of(b"one"), ContentHash::of(b"two"));
        let kept = vector(&[1.0, -0.5]);
        Vectors::open(&file, "a", 2).keep(&[(one, &kept)]);
        let mut again = Vectors::open(&file, "a", 2);
        assert_eq!(again.find(&[one, two]).into_iter().collect::<Vec<_>>(), [(one, kept)]);
        assert_eq!((Vectors::open(&file, "b", 2).count(), Vectors::open(&file, "a", 3).count()), (0, 0));
        again.forget();
        assert_eq!(again.count(), 0);
    }

    #[test]
    fn those_not_used_for_longest_go_first() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("vectors.db");
        let hashes: Vec<ContentHash> = (0..4_u8).map(|n| ContentHash::of(&[n])).collect();
        let some = vector(&[1.0]);
        Vectors::open(&file, "a", 1).keep(&hashes.iter().map(|hash| (*hash, &some)).collect::<Vec<_>>());
        let mut later = Vectors::open(&file, "a", 1);
        assert_eq!(later.find(&hashes[1..3]).len(), 2);
        later.trim(2);
        let left: Vec<bool> = hashes.iter().map(|hash| later.find(&[*hash]).len() == 1).collect();
        assert_eq!(left, [false, true, true, false]);
    }

    #[test]
    fn a_damaged_file_and_a_folder_that_is_not_there_fail_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("vectors.db");
        std::fs::write(
            &file,
            b"no database, and longer than the header of one, which is 100 bytes. ".repeat(9),
        )
        .unwrap();
        for file in [file, dir.path().join("none/vectors.db")] {
            let mut vectors = Vectors::open(&file, "a", 1);
            vectors.keep(&[(ContentHash::of(b"x"), &vector(&[1.0]))]);
            assert_eq!((vectors.count(), vectors.find(&[ContentHash::of(b"x")]).len()), (1, 1));
        }
    }
}
