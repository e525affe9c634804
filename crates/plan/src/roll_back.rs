//! Putting things back: after a failure, after a crash, and because the owner says so.
//!
//! Only files that still hold our bytes are touched. What somebody else wrote stays.

use std::io;
use std::path::Path;

use postil_evidence::ContentHash;

use crate::disk::{Disk, FileKind};
use crate::error::PlanError;
use crate::journal::{Entry, Journal, Record, State, failed, unless_missing};

/// What recovery did with one unfinished plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// All of it was on the disk, so it counts as applied.
    Finished {
        /// The plan.
        id: String,
    },
    /// It was put back.
    PutBack {
        /// The plan.
        id: String,
        /// Files that somebody changed meanwhile and that were left alone.
        kept: Vec<String>,
    },
    /// An undo that was interrupted is finished.
    Undone(Undone),
}

/// What an undo did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// The plan.
    pub id: String,
    /// Files that are as they were before the plan.
    pub taken_back: Vec<String>,
    /// Files that somebody changed since; they were left alone.
    pub kept: Vec<String>,
}

/// Finishes what a crash left: a plan that is wholly on the disk is marked as applied, any other is
/// put back, an undo is continued. May itself be interrupted and run again.
///
/// # Errors
/// The disk's, or a journal record that cannot be read.
pub fn recover(root: &Path, journal: &Path, disk: &dyn Disk) -> Result<Vec<Recovered>, PlanError> {
    let journal = Journal::open(journal, disk)?;
    journal.remove_orphans()?;
    let mut recovered = Vec::new();
    for id in journal.ids_in(State::Plan)? {
        let record = journal.load(&id, State::Plan)?;
        if is_whole(root, &record, disk)? {
            let done = journal.change_state(&id, State::Plan, State::Done);
            done.map_err(failed("mark the plan as done in", &journal.folder))?;
            recovered.push(Recovered::Finished { id });
        } else {
            let outcome = put_back(root, &journal, &record)?;
            journal.forget(&id).map_err(failed("tidy", &journal.folder))?;
            recovered.push(Recovered::PutBack { id, kept: outcome.kept });
        }
    }
    for id in journal.ids_in(State::Undo)? {
        recovered.push(Recovered::Undone(finish_undo(root, &journal, &id)?));
    }
    Ok(recovered)
}

/// Takes an applied plan back: new files go, changed notes get their old bytes, wherever the file
/// still holds exactly what the plan wrote.
///
/// # Errors
/// [`PlanError::Unknown`] for a plan that is not applied; the disk's, after which [`recover`]
/// continues.
pub fn undo(root: &Path, journal: &Path, id: &str, disk: &dyn Disk) -> Result<Undone, PlanError> {
    let journal = Journal::open(journal, disk)?;
    if journal.state_of(id)? != Some(State::Done) {
        return Err(PlanError::Unknown { id: id.to_owned() });
    }
    journal.load(id, State::Done)?;
    let marked = journal.change_state(id, State::Done, State::Undo);
    marked.map_err(failed("mark the undo in", &journal.folder))?;
    finish_undo(root, &journal, id)
}

fn finish_undo(root: &Path, journal: &Journal<'_>, id: &str) -> Result<Undone, PlanError> {
    let record = journal.load(id, State::Undo)?;
    let undone = put_back(root, journal, &record)?;
    let marked = journal.change_state(id, State::Undo, State::Undone);
    marked.map_err(failed("mark the undo in", &journal.folder))?;
    Ok(undone)
}

/// Whether every file holds the new bytes and nothing is left to let go.
fn is_whole(root: &Path, record: &Record, disk: &dyn Disk) -> Result<bool, PlanError> {
    for entry in &record.entries {
        let published = hash_at(root, &entry.path, disk)? == Some(entry.new);
        if !published || hash_at(root, &entry.temp, disk)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn hash_at(root: &Path, path: &str, disk: &dyn Disk) -> Result<Option<ContentHash>, PlanError> {
    let place = root.join(path);
    match disk.kind(&place).map_err(failed("look at", &place))? {
        Some(FileKind::File) => {
            let bytes = disk.read(&place).map_err(failed("read", &place))?;
            Ok(Some(ContentHash::of(&bytes)))
        }
        Some(FileKind::Folder | FileKind::Other) | None => Ok(None),
    }
}

/// Puts every file of a record back, last first, then the folders. May be run again at any point.
pub(crate) fn put_back(root: &Path, journal: &Journal<'_>, record: &Record) -> Result<Undone, PlanError> {
    let disk = journal.disk;
    let mut undone = Undone { id: record.id.clone(), ..Undone::default() };
    for (n, entry) in record.entries.iter().enumerate().rev() {
        let back = match entry.base {
            None => remove_created(root, entry, disk)?,
            Some(base) => put_note_back(root, journal, record, n, entry, base)?,
        };
        let list = if back { &mut undone.taken_back } else { &mut undone.kept };
        list.push(entry.path.clone());
        let folder = root.join(&entry.path).parent().map(Path::to_path_buf).unwrap_or_default();
        unless_missing(disk.sync_folder(&folder)).map_err(failed("save the names in", &folder))?;
    }
    for folder in record.folders.iter().rev() {
        let place = root.join(folder);
        match disk.remove_folder(&place) {
            Ok(()) => {}
            // Not there, or somebody put something into it.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory
                ) => {}
            Err(error) => return Err(failed("remove the folder", &place)(error)),
        }
    }
    undone.taken_back.reverse();
    undone.kept.reverse();
    Ok(undone)
}

/// Another dot-file of the same entry, so that what lies there can only be what this step put there.
fn beside(entry: &Entry, ending: &str) -> String {
    format!("{}.{ending}", entry.temp)
}

/// Removes a new file where it holds our bytes. It is first moved aside, so that what is removed is
/// what was looked at. Returns false where somebody's bytes stay.
fn remove_created(root: &Path, entry: &Entry, disk: &dyn Disk) -> Result<bool, PlanError> {
    let (temp, place) = (root.join(&entry.temp), root.join(&entry.path));
    let aside = beside(entry, "gone");
    let gone = root.join(&aside);
    if hash_at(root, &aside, disk)?.is_none() && hash_at(root, &entry.path, disk)? == Some(entry.new) {
        disk.rename_new(&place, &gone).map_err(failed("take back", &place))?;
    }
    match hash_at(root, &aside, disk)? {
        None => {}
        Some(found) if found == entry.new => {
            disk.remove_file(&gone).map_err(failed("remove", &gone))?;
        }
        // Somebody saved between looking and moving: theirs goes back.
        Some(_) => disk.rename_new(&gone, &place).map_err(failed("put back", &place))?,
    }
    unless_missing(disk.remove_file(&temp)).map_err(failed("remove", &temp))?;
    Ok(disk.kind(&place).map_err(failed("look at", &place))?.is_none())
}

/// Gives a changed note its old bytes where it holds ours. Returns false where somebody's stay.
fn put_note_back(
    root: &Path,
    journal: &Journal<'_>,
    record: &Record,
    n: usize,
    entry: &Entry,
    base: ContentHash,
) -> Result<bool, PlanError> {
    let disk = journal.disk;
    let (temp, place) = (root.join(&entry.temp), root.join(&entry.path));
    let spare = beside(entry, "back");
    let back = root.join(&spare);
    if hash_at(root, &entry.path, disk)? == Some(entry.new) {
        // What came out of the exchange still lies in the dot-file, or was let go and is made anew.
        let from = if hash_at(root, &entry.temp, disk)?.is_some() {
            &temp
        } else {
            unless_missing(disk.remove_file(&back)).map_err(failed("remove", &back))?;
            let kept = journal.place(&record.id, &format!("{n}.before"));
            let before = disk.read(&kept).map_err(failed("read", &kept))?;
            disk.write_new(&back, &before, Some(&place)).map_err(failed("write", &back))?;
            &back
        };
        disk.exchange(from, &place).map_err(failed("exchange", &place))?;
        let out = disk.read(from).map_err(failed("read", from))?;
        if ContentHash::of(&out) != entry.new {
            // Somebody saved between looking and exchanging: theirs goes back.
            disk.exchange(from, &place).map_err(failed("exchange", &place))?;
        }
    }
    let is_base = hash_at(root, &entry.path, disk)? == Some(base);
    for (aside, written, whole) in [(&entry.temp, &temp, "new"), (&spare, &back, "before")] {
        let Some(found) = hash_at(root, aside, disk)? else { continue };
        let whole = journal.place(&record.id, &format!("{n}.{whole}"));
        let ours = found == entry.new || found == base || is_part_of(written, &whole, disk)?;
        if ours {
            disk.remove_file(written).map_err(failed("remove", written))?;
        } else {
            keep_copy(root, journal, record, n, aside, entry)?;
        }
    }
    Ok(is_base)
}

/// Whether a file holds the first bytes of another: what a write that was cut short leaves.
fn is_part_of(part: &Path, whole: &Path, disk: &dyn Disk) -> Result<bool, PlanError> {
    let part_bytes = disk.read(part).map_err(failed("read", part))?;
    let whole_bytes = disk.read(whole).map_err(failed("read", whole))?;
    Ok(whole_bytes.starts_with(&part_bytes))
}

/// Keeps bytes that somebody else wrote into the dot-file, beside the note, where its owner sees them.
pub(crate) fn keep_copy(
    root: &Path,
    journal: &Journal<'_>,
    record: &Record,
    n: usize,
    aside: &str,
    entry: &Entry,
) -> Result<(), PlanError> {
    let stem = entry.path.strip_suffix(".md").unwrap_or(&entry.path);
    let place = root.join(format!("{stem} (kept copy {}-{n}).md", record.id));
    journal.disk.rename_new(&root.join(aside), &place).map_err(failed("keep", &place))
}
