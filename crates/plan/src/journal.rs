//! The journal: what a plan is about to do, on the disk before it is done.
//!
//! One record a plan, named `<id>.<state>`; the state changes by renaming the record. Beside it lie
//! `<id>.<n>.before` and `<id>.<n>.new`, the bytes of each changed note.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use postil_evidence::ContentHash;
use serde::{Deserialize, Serialize};

use crate::disk::Disk;
use crate::error::PlanError;

/// The version of [`Record`]; another one is not touched.
const VERSION: u32 = 1;

/// What the journal says of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Being applied: put back on recovery.
    Plan,
    /// Applied.
    Done,
    /// Being taken back: continued on recovery.
    Undo,
    /// Taken back.
    Undone,
}

impl State {
    pub(crate) const ALL: [Self; 4] = [Self::Plan, Self::Done, Self::Undo, Self::Undone];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Done => "done",
            Self::Undo => "undo",
            Self::Undone => "undone",
        }
    }
}

/// What is to be done to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The file, relative to the vault.
    pub(crate) path: String,
    /// The dot-file beside it through which it is written.
    pub(crate) temp: String,
    /// The hash before; `None` for a new file.
    pub(crate) base: Option<ContentHash>,
    /// The hash after.
    pub(crate) new: ContentHash,
}

/// The record of one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) version: u32,
    pub(crate) id: String,
    /// Folders that have to be made, outermost first.
    pub(crate) folders: Vec<String>,
    pub(crate) entries: Vec<Entry>,
}

impl Record {
    pub(crate) fn new(id: &str, folders: Vec<String>, entries: Vec<Entry>) -> Self {
        Self { version: VERSION, id: id.to_owned(), folders, entries }
    }
}

/// The journal of one vault, held by this process alone while the value lives.
pub(crate) struct Journal<'d> {
    pub(crate) folder: PathBuf,
    pub(crate) disk: &'d dyn Disk,
    _lock: File,
}

pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PlanError {
    let path = path.to_path_buf();
    move |source| PlanError::Disk { action, path, source }
}

/// Whether an error says that nothing is there.
pub(crate) fn unless_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

impl<'d> Journal<'d> {
    pub(crate) fn open(folder: &Path, disk: &'d dyn Disk) -> Result<Self, PlanError> {
        std::fs::create_dir_all(folder).map_err(failed("make the journal folder", folder))?;
        let place = folder.join("lock");
        let lock = File::options().create(true).append(true).open(&place);
        let lock = lock.map_err(failed("open", &place))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_path_buf(), disk, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(PlanError::Busy),
            Err(TryLockError::Error(source)) => Err(failed("lock", &place)(source)),
        }
    }

    pub(crate) fn place(&self, id: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{id}.{ending}"))
    }

    pub(crate) fn state_of(&self, id: &str) -> Result<Option<State>, PlanError> {
        for state in State::ALL {
            let place = self.place(id, state.word());
            if self.disk.kind(&place).map_err(failed("look at", &place))?.is_some() {
                return Ok(Some(state));
            }
        }
        Ok(None)
    }

    /// Writes the bytes, then the record, and waits until both are on the disk.
    pub(crate) fn begin(&self, record: &Record, kept: &[(usize, &[u8], &[u8])]) -> io::Result<()> {
        for (n, before, new) in kept {
            self.disk.write_new(&self.place(&record.id, &format!("{n}.before")), before, None)?;
            self.disk.write_new(&self.place(&record.id, &format!("{n}.new")), new, None)?;
        }
        let bytes = serde_json::to_vec_pretty(record).map_err(io::Error::other)?;
        let draft = self.place(&record.id, "writing");
        self.disk.write_new(&draft, &bytes, None)?;
        self.disk.rename_new(&draft, &self.place(&record.id, State::Plan.word()))?;
        self.disk.sync_folder(&self.folder)
    }

    pub(crate) fn change_state(&self, id: &str, from: State, to: State) -> io::Result<()> {
        self.disk.rename_new(&self.place(id, from.word()), &self.place(id, to.word()))?;
        self.disk.sync_folder(&self.folder)
    }

    pub(crate) fn load(&self, id: &str, state: State) -> Result<Record, PlanError> {
        let path = self.place(id, state.word());
        let bytes = self.disk.read(&path).map_err(failed("read", &path))?;
        let record: Record = serde_json::from_slice(&bytes)
            .map_err(|error| PlanError::Record { path: path.clone(), reason: error.to_string() })?;
        if record.version != VERSION || record.id != id {
            return Err(PlanError::Record { path, reason: "it is of another version or plan".to_owned() });
        }
        Ok(record)
    }

    /// Everyone whose record is in this state, by id.
    pub(crate) fn ids_in(&self, state: State) -> Result<Vec<String>, PlanError> {
        let names = self.disk.list(&self.folder).map_err(failed("list", &self.folder))?;
        let ending = format!(".{}", state.word());
        let mut ids: Vec<String> =
            names.iter().filter_map(|name| name.strip_suffix(&ending)).map(str::to_owned).collect();
        ids.sort();
        Ok(ids)
    }

    /// Removes a record and then the bytes beside it.
    pub(crate) fn forget(&self, id: &str) -> io::Result<()> {
        unless_missing(self.disk.remove_file(&self.place(id, State::Plan.word())))?;
        self.disk.sync_folder(&self.folder)?;
        self.remove_bytes(|owner| owner == id)
    }

    /// Removes bytes that no record speaks of: those of a plan that was stopped before it began.
    pub(crate) fn remove_orphans(&self) -> Result<(), PlanError> {
        let names = self.disk.list(&self.folder).map_err(failed("list", &self.folder))?;
        let known = |owner: &str| {
            State::ALL
                .iter()
                .any(|state| names.iter().any(|name| *name == format!("{owner}.{}", state.word())))
        };
        self.remove_bytes(|owner| !known(owner)).map_err(failed("tidy", &self.folder))
    }

    fn remove_bytes(&self, of: impl Fn(&str) -> bool) -> io::Result<()> {
        for name in self.disk.list(&self.folder)? {
            let Some((owner, ending)) = name.split_once('.') else { continue };
            let bytes = ending == "writing" || ending.ends_with(".before") || ending.ends_with(".new");
            if bytes && of(owner) {
                unless_missing(self.disk.remove_file(&self.folder.join(&name)))?;
            }
        }
        Ok(())
    }
}
