//! The index folder: both stores, their common age, the lock, and what to do with damage.
//!
//! ```text
//! index/
//!   text/          the full text of passages (tantivy)
//!   catalog.db     messages, places, notes (SQLite)
//!   vectors.db     what an embedding model said of texts (SQLite); only where one is set up
//!   pending        sources of a commit that is under way; left behind only by a crash
//!   damaged        a mark: the next opening empties the folder
//!   lock           held while writing
//! ```
//!
//! Both stores carry the number of the last commit of passages. They are of one age when the numbers
//! are equal. The folder is the tenant's key: one folder, one vault.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use postil_evidence::{Cleared, Passage, Recipients, Source, Withheld};

use crate::batch::Batch;
use crate::catalog::Catalog;
use crate::embed::{Embed, Embeddings};
use crate::error::IndexError;
use crate::passages::{LAYOUT, Passages};
use crate::query::{Filters, Query};
use crate::rank::{Asker, Ranked, ScorePart, Take};
use crate::view::IndexView;

/// What [`Index::open`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The index as it was left.
    Same,
    /// No index: an empty one was made.
    Fresh,
    /// The old index could not be used, for this reason; an empty one was made.
    RebuiltBecause(String),
}

/// A passage for the owner, with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The passage.
    pub passage: Passage,
    /// Its score: the sum of the reasons, but for rounding.
    pub score: f64,
    /// What the score is made of.
    pub reasons: Vec<ScorePart>,
}

/// A passage that all recipients may read, with a score that depends on nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct ClearedHit {
    /// The passage.
    pub passage: Cleared<Passage>,
    /// Its score: the sum of the reasons, but for rounding.
    pub score: f64,
    /// What the score is made of.
    pub reasons: Vec<ScorePart>,
}

/// A handle on an index folder. Several may be open, in several processes; one at a time writes.
pub struct Index {
    dir: PathBuf,
    passages: Passages,
    catalog: Catalog,
    embeddings: Option<Arc<Embeddings>>,
}

impl Index {
    /// Opens the index in `dir`, or makes an empty one.
    ///
    /// `fingerprint` names everything that stored passages depend on: the program's version and the
    /// label rules. An index with another fingerprint, with files that are damaged, or whose halves
    /// are of different age is emptied, and [`Opened::RebuiltBecause`] says why: read all sources
    /// again then. Sources of a batch that a crash cut short are forgotten, so they are read again too.
    ///
    /// # Errors
    /// [`IndexError::Busy`] where the folder must be emptied or made and another process writes in it;
    /// [`IndexError::Io`] where the folder cannot be used.
    pub fn open(dir: &Path, fingerprint: &str) -> Result<(Self, Opened), IndexError> {
        make_folder(dir)?;
        let fingerprint = format!("{LAYOUT} {fingerprint}");
        match probe(dir, &fingerprint)? {
            Probe::Good(index) => Ok((index, Opened::Same)),
            Probe::Unfinished(index) => {
                index.take_up_unfinished()?;
                Ok((index, Opened::Same))
            }
            Probe::Absent | Probe::Bad(_) => {
                let lock = lock(dir)?;
                // Another process may have made it while this one waited for nothing.
                let opened = match probe(dir, &fingerprint)? {
                    Probe::Good(index) | Probe::Unfinished(index) => return Ok((index, Opened::Same)),
                    Probe::Absent => Opened::Fresh,
                    Probe::Bad(why) => Opened::RebuiltBecause(why),
                };
                empty(dir)?;
                let text = dir.join("text");
                fs::create_dir(&text).map_err(IndexError::io(&text))?;
                let passages = Passages::create(&text)?;
                let catalog = Catalog::create(&dir.join("catalog.db"), &fingerprint)?;
                drop(lock);
                Ok((Self { dir: dir.to_owned(), passages, catalog, embeddings: None }, opened))
            }
        }
    }

    /// From now on searches and recalls ask this model too.
    pub fn set_model(&mut self, model: Box<dyn Embed>) {
        self.embeddings = Some(Arc::new(Embeddings::new(model, &self.dir.join("vectors.db"))));
    }

    /// The model that is asked, where one is set up.
    #[must_use]
    pub fn embeddings(&self) -> Option<&Embeddings> {
        self.embeddings.as_deref()
    }

    /// Starts a round of changes.
    ///
    /// # Errors
    /// [`IndexError::Busy`] where another batch is open, here or in another process.
    pub fn writer(&self) -> Result<Batch<'_>, IndexError> {
        self.marked(Batch::start(self, lock(&self.dir)?))
    }

    /// Finds passages for the owner, best first and of many places: everything is looked at, and of one note or message
    /// two are shown before those of others.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where stored data cannot be read.
    pub fn search(&self, query: &Query, filters: &Filters, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let (ranked, _) = self.view()?.ranked(query, filters, Asker::Owner, Take::Spread(limit))?;
        Ok(ranked
            .into_iter()
            .map(|Ranked { passage, score, reasons }| Hit { passage, score, reasons })
            .collect())
    }

    /// The passages as they are now, for several recalls that are to see the same.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where stored data cannot be read.
    pub fn view(&self) -> Result<IndexView<'_>, IndexError> {
        let mut snapshot = self.marked(self.passages.snapshot())?;
        snapshot.embeddings.clone_from(&self.embeddings);
        Ok(IndexView { dir: &self.dir, snapshot })
    }

    /// What [`Index::search`] would find among its first `limit` hits and `to` may not read, and why.
    /// For the owner's eyes only.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where stored data cannot be read.
    pub fn withheld(
        &self,
        query: &Query,
        filters: &Filters,
        to: &Recipients,
        limit: usize,
    ) -> Result<Vec<(Source, u32, Withheld)>, IndexError> {
        // Words alone: nothing is sent to say what is not shown.
        let query = Query { asked: String::new(), ..query.clone() };
        let (ranked, _) = self.view()?.ranked(&query, filters, Asker::Owner, Take::Best(limit))?;
        let held = ranked.into_iter().filter_map(|Ranked { passage, .. }| {
            let (source, line) = (passage.source.clone(), passage.line);
            to.clear(passage).err().map(|reason| (source, line, reason))
        });
        Ok(held.collect())
    }

    /// The catalogue, to read.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// How many passages there are.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where stored data cannot be read.
    pub fn passages(&self) -> Result<u64, IndexError> {
        Ok(self.marked(self.passages.snapshot())?.searcher.num_docs())
    }

    /// In how many segments the passages are stored.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where stored data cannot be read.
    pub fn segments(&self) -> Result<usize, IndexError> {
        Ok(self.marked(self.passages.snapshot())?.searcher.segment_readers().len())
    }

    /// Reads every stored byte and compares checksums; for `postil doctor`.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] with what differs; the next [`Index::open`] then makes a new index.
    pub fn verify(&self) -> Result<(), IndexError> {
        let bad = self.marked(self.passages.verify())?;
        let text = if bad.is_empty() { Ok(()) } else { Err(IndexError::damaged(bad.join(", "))) };
        self.marked(text.and_then(|()| self.catalog.verify()))
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn text(&self) -> &Passages {
        &self.passages
    }

    pub(crate) fn marked<T>(&self, result: Result<T, IndexError>) -> Result<T, IndexError> {
        marked(&self.dir, result)
    }

    /// Forgets the sources of a batch that a crash cut short. Where another process writes, that batch
    /// is its own and not cut short.
    fn take_up_unfinished(&self) -> Result<(), IndexError> {
        match self.writer() {
            Ok(mut batch) => batch.commit(),
            Err(IndexError::Busy { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Passes a result on; where it says damage, marks the folder, so that the next opening makes a
/// new index instead of failing the same way again.
pub(crate) fn marked<T>(dir: &Path, result: Result<T, IndexError>) -> Result<T, IndexError> {
    if let Err(error) = &result
        && error.is_damage()
    {
        fs::write(dir.join("damaged"), error.to_string()).map_err(IndexError::io(dir))?;
    }
    result
}

enum Probe {
    Good(Index),
    /// A commit is under way, or was cut short.
    Unfinished(Index),
    Absent,
    /// It cannot be used, for this reason.
    Bad(String),
}

fn probe(dir: &Path, fingerprint: &str) -> Result<Probe, IndexError> {
    let (text, catalog, damaged) = (dir.join("text"), dir.join("catalog.db"), dir.join("damaged"));
    if let Ok(why) = fs::read_to_string(&damaged) {
        return Ok(Probe::Bad(why));
    }
    match (text.exists(), catalog.exists()) {
        (false, false) => return Ok(Probe::Absent),
        (true, false) => return Ok(Probe::Bad("the catalogue was missing".to_owned())),
        (false, true) => return Ok(Probe::Bad("the full text was missing".to_owned())),
        (true, true) => {}
    }
    let opened = Catalog::open(&catalog).and_then(|catalog| {
        let (stored, generation) = (catalog.fingerprint()?, catalog.generation()?);
        let passages = Passages::open(&text)?;
        let written = passages.generation()?;
        Ok((Index { dir: dir.to_owned(), passages, catalog, embeddings: None }, stored, generation, written))
    });
    let (index, stored, generation, written) = match opened {
        Ok(parts) => parts,
        Err(error @ IndexError::Io { .. }) => return Err(error),
        Err(error) => return Ok(Probe::Bad(error.to_string())),
    };
    if stored != fingerprint {
        return Ok(Probe::Bad("the program or the label rules changed".to_owned()));
    }
    if dir.join("pending").exists() {
        return Ok(Probe::Unfinished(index));
    }
    if generation != written && index.catalog.generation()? != index.passages.generation()? {
        return Ok(Probe::Bad("the full text and the catalogue are of different age".to_owned()));
    }
    Ok(Probe::Good(index))
}

fn make_folder(dir: &Path) -> Result<(), IndexError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(IndexError::io(dir))
}

/// Takes the folder's lock, which goes with the file.
fn lock(dir: &Path) -> Result<File, IndexError> {
    let path = dir.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(IndexError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(IndexError::Busy { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(IndexError::io(&path)(error)),
    }
}

/// Removes everything that this crate puts in the folder, but the lock and the vectors, which depend on texts alone.
fn empty(dir: &Path) -> Result<(), IndexError> {
    let text = dir.join("text");
    if text.exists() {
        fs::remove_dir_all(&text).map_err(IndexError::io(&text))?;
    }
    // The mark goes last: a crash in between leaves the folder marked.
    for name in ["catalog.db", "catalog.db-wal", "catalog.db-shm", "pending", "damaged"] {
        let path = dir.join(name);
        if path.exists() {
            fs::remove_file(&path).map_err(IndexError::io(&path))?;
        }
    }
    Ok(())
}
