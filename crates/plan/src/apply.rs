//! Applying a plan: journal, stage, publish, let go.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use postil_evidence::ContentHash;

use crate::Plan;
use crate::disk::Disk;
use crate::error::PlanError;
use crate::journal::{Entry, Journal, Record, State, failed};
use crate::prepare::{Target, missing_folders, prepare};
use crate::roll_back::{keep_copy, put_back};

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The plan.
    pub id: String,
    /// Files that are new, in the order of the plan.
    pub created: Vec<String>,
    /// Notes that have a new value, in the order of the plan; those that had it already are left out.
    pub changed: Vec<String>,
}

/// Applies a plan: all of it, or, where anything is in the way, nothing.
///
/// Nothing that exists is overwritten and no byte outside the planned values changes, whoever else
/// writes at the same time. The files' permissions stay. `journal` is a folder outside the vault.
///
/// # Errors
/// Every [`PlanError`] but one means that the vault is as it was. [`PlanError::Interrupted`] means
/// that the disk failed twice; [`crate::recover`] then finishes the work.
pub fn apply(root: &Path, journal: &Path, plan: &Plan, disk: &dyn Disk) -> Result<Applied, PlanError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if plan.id.is_empty() || plan.id.len() > 64 || !plan.id.chars().all(fits) {
        return Err(PlanError::Id { id: plan.id.clone() });
    }
    let journal = Journal::open(journal, disk)?;
    if let Some(state) = journal.state_of(&plan.id)? {
        return Err(PlanError::Known { id: plan.id.clone(), state: state.word() });
    }
    let targets = prepare(root, plan, disk)?;
    let folders = missing_folders(root, &targets, disk)?;
    let entries = targets.iter().enumerate().map(|(n, target)| entry_of(&plan.id, n, target)).collect();
    let record = Record::new(&plan.id, folders, entries);
    match carry_out(root, &journal, &record, &targets) {
        Ok(()) => {
            let (changed, created): (Vec<&Target>, Vec<&Target>) =
                targets.iter().partition(|target| target.before.is_some());
            let paths = |targets: Vec<&Target>| targets.iter().map(|target| target.path.clone()).collect();
            Ok(Applied { id: plan.id.clone(), created: paths(created), changed: paths(changed) })
        }
        Err(error) => match take_back(root, &journal, &record) {
            Ok(()) => Err(error),
            Err(then) => Err(PlanError::Interrupted {
                id: plan.id.clone(),
                reason: error.to_string(),
                then: then.to_string(),
            }),
        },
    }
}

fn take_back(root: &Path, journal: &Journal<'_>, record: &Record) -> Result<(), PlanError> {
    if journal.state_of(&record.id)? == Some(State::Done) {
        // The last wait failed, so nobody knows whether the disk has it.
        let back = journal.change_state(&record.id, State::Done, State::Plan);
        back.map_err(failed("mark", &journal.folder))?;
    }
    put_back(root, journal, record)?;
    journal.forget(&record.id).map_err(failed("tidy", &journal.folder))
}

fn entry_of(id: &str, n: usize, target: &Target) -> Entry {
    let folder = target.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let slash = if folder.is_empty() { "" } else { "/" };
    Entry {
        path: target.path.clone(),
        temp: format!("{folder}{slash}.postil-{id}-{n}.tmp"),
        base: target.before.as_ref().map(|bytes| ContentHash::of(bytes)),
        new: ContentHash::of(&target.after),
    }
}

fn carry_out(
    root: &Path,
    journal: &Journal<'_>,
    record: &Record,
    targets: &[Target],
) -> Result<(), PlanError> {
    let disk = journal.disk;
    let kept: Vec<(usize, &[u8], &[u8])> = targets
        .iter()
        .enumerate()
        .filter_map(|(n, target)| Some((n, target.before.as_deref()?, target.after.as_slice())))
        .collect();
    journal.begin(record, &kept).map_err(failed("write the journal in", &journal.folder))?;
    for folder in &record.folders {
        let place = root.join(folder);
        disk.make_folder(&place).map_err(failed("make the folder", &place))?;
    }
    for (entry, target) in record.entries.iter().zip(targets) {
        let (temp, place) = (root.join(&entry.temp), root.join(&entry.path));
        let like = target.before.is_some().then_some(place.as_path());
        disk.write_new(&temp, &target.after, like).map_err(failed("write", &place))?;
    }
    for entry in &record.entries {
        publish(root, entry, disk)?;
    }
    sync_all(root, record, disk)?;
    for (n, entry) in record.entries.iter().enumerate().filter(|(_, entry)| entry.base.is_some()) {
        let_go(root, journal, record, n, entry)?;
    }
    sync_all(root, record, disk)?;
    let done = journal.change_state(&record.id, State::Plan, State::Done);
    done.map_err(failed("mark the plan as done in", &journal.folder))
}

fn publish(root: &Path, entry: &Entry, disk: &dyn Disk) -> Result<(), PlanError> {
    let (temp, place) = (root.join(&entry.temp), root.join(&entry.path));
    let Some(base) = entry.base else {
        return disk.rename_new(&temp, &place).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                PlanError::Exists { path: entry.path.clone(), found: "a file made meanwhile".to_owned() }
            } else {
                failed("publish", &place)(error)
            }
        });
    };
    let now = disk.read(&place).map_err(failed("read", &place))?;
    if ContentHash::of(&now) != base {
        return Err(PlanError::Changed { path: entry.path.clone() });
    }
    disk.exchange(&temp, &place).map_err(failed("exchange", &place))?;
    let out = disk.read(&temp).map_err(failed("read what was replaced by", &place))?;
    if ContentHash::of(&out) == base { Ok(()) } else { Err(PlanError::Changed { path: entry.path.clone() }) }
}

/// Removes what came out of an exchange, once more looked at: a program that still had the old file
/// open may have written into it.
fn let_go(
    root: &Path,
    journal: &Journal<'_>,
    record: &Record,
    n: usize,
    entry: &Entry,
) -> Result<(), PlanError> {
    let temp = root.join(&entry.temp);
    let out = journal.disk.read(&temp).map_err(failed("read", &temp))?;
    if Some(ContentHash::of(&out)) == entry.base {
        journal.disk.remove_file(&temp).map_err(failed("remove", &temp))
    } else {
        keep_copy(root, journal, record, n, &entry.temp, entry)
    }
}

fn sync_all(root: &Path, record: &Record, disk: &dyn Disk) -> Result<(), PlanError> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for path in record.entries.iter().map(|entry| &entry.path).chain(&record.folders) {
        folders.extend(root.join(path).parent().map(Path::to_path_buf));
    }
    for folder in folders {
        disk.sync_folder(&folder).map_err(failed("save the names in", &folder))?;
    }
    Ok(())
}
