//! One round of changes to both stores, published together.
//!
//! The order of a commit: the sources are written to `pending`; the full text is published; the
//! catalogue is published; `pending` goes. After a crash in between, `pending` is still there, and the
//! next batch starts by forgetting those sources in both stores, so that they are read and added
//! again, once.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use postil_evidence::{Passage, Source};

use crate::catalog::CatalogWriter;
use crate::error::IndexError;
use crate::folder::Index;
use crate::passages::PassageWriter;

/// A round of changes. Nothing is visible before [`Batch::commit`]; a batch that is dropped before
/// leaves everything as it was.
pub struct Batch<'i> {
    index: &'i Index,
    /// Started by the first change of a passage: many rounds change the catalogue only.
    writer: Option<PassageWriter>,
    catalog: CatalogWriter,
    /// The sources changed since the last commit.
    changed: Vec<Source>,
    _lock: File,
}

impl<'i> Batch<'i> {
    pub(crate) fn start(index: &'i Index, lock: File) -> Result<Self, IndexError> {
        let catalog = CatalogWriter::start(&index.dir().join("catalog.db"))?;
        let mut batch = Self { index, writer: None, catalog, changed: Vec::new(), _lock: lock };
        batch.forget_unfinished()?;
        Ok(batch)
    }

    /// Puts `passages` in the place of whatever `source` had.
    ///
    /// # Errors
    /// [`IndexError::Text`] where the full text cannot be written.
    pub fn replace(&mut self, source: &Source, passages: Vec<Passage>) -> Result<(), IndexError> {
        self.remove(source)?;
        self.add_all(source, passages)
    }

    /// Adds the passages of a source that has none yet.
    ///
    /// # Errors
    /// [`IndexError::Text`] where the full text cannot be written.
    pub fn add(&mut self, source: &Source, passages: Vec<Passage>) -> Result<(), IndexError> {
        self.changed.push(source.clone());
        self.add_all(source, passages)
    }

    /// Removes the passages of `source`.
    ///
    /// # Errors
    /// [`IndexError::Text`] where the full text cannot be written.
    pub fn remove(&mut self, source: &Source) -> Result<(), IndexError> {
        self.changed.push(source.clone());
        self.text()?.remove(source);
        Ok(())
    }

    /// The catalogue, to change.
    pub fn catalog(&mut self) -> &mut CatalogWriter {
        &mut self.catalog
    }

    /// Publishes everything since the last commit. The batch can go on.
    ///
    /// # Errors
    /// Where either store cannot be written. What was published stays marked as unfinished, and the
    /// next batch cleans it up.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        if self.writer.is_some() && !self.changed.is_empty() {
            let generation = self.publish_text()?;
            self.catalog.set_generation(generation)?;
        }
        self.index.marked(self.catalog.commit())?;
        self.changed.clear();
        let pending = self.pending();
        if pending.exists() {
            fs::remove_file(&pending).map_err(IndexError::io(&pending))?;
        }
        self.index.text().reload()
    }

    /// The first half of a commit.
    fn publish_text(&mut self) -> Result<u64, IndexError> {
        let generation = self.index.text().generation()?.max(self.catalog.read().generation()?) + 1;
        self.write_pending()?;
        self.text()?.commit(generation)?;
        Ok(generation)
    }

    fn add_all(&mut self, source: &Source, passages: Vec<Passage>) -> Result<(), IndexError> {
        if passages.is_empty() {
            return Ok(());
        }
        self.text()?.add_all(source, passages)
    }

    fn text(&mut self) -> Result<&mut PassageWriter, IndexError> {
        if self.writer.is_none() {
            self.writer = Some(self.index.text().writer()?);
        }
        self.writer.as_mut().ok_or_else(|| IndexError::damaged("no writer"))
    }

    fn pending(&self) -> PathBuf {
        self.index.dir().join("pending")
    }

    fn write_pending(&self) -> Result<(), IndexError> {
        let path = self.pending();
        let mut lines = String::new();
        for source in &self.changed {
            let line =
                serde_json::to_string(source).map_err(|error| IndexError::damaged(error.to_string()))?;
            lines.push_str(&line);
            lines.push('\n');
        }
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(lines.as_bytes())?;
            file.sync_all()
        };
        write().map_err(IndexError::io(&path))
    }

    /// Forgets the sources of a commit that a crash cut short, in both stores.
    fn forget_unfinished(&mut self) -> Result<(), IndexError> {
        let path = self.pending();
        let lines = match fs::read(&path) {
            Ok(lines) => lines,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(IndexError::io(&path)(error)),
        };
        // A line that a crash cut off was never committed to.
        let sources = lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
        for source in sources.collect::<Vec<Source>>() {
            self.remove(&source)?;
            self.catalog.forget(&source)?;
        }
        Ok(())
    }
}

impl Drop for Batch<'_> {
    /// Waits for merges that commits started, so that small rounds do not pile up segments.
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            // A merge that failed changes nothing that was committed; the next one tries again.
            drop(writer.finish());
        }
    }
}

#[cfg(test)]
mod tests;
