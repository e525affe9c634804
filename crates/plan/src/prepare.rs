//! A plan checked against the vault: what would be written where. Reads only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use postil_evidence::{ContentHash, NotePath};
use postil_vault::edit::{apply_edits, set_property};
use postil_vault::read_settings;

use crate::disk::{Disk, FileKind};
use crate::error::PlanError;
use crate::journal::failed;
use crate::{Change, Plan};

/// The kinds of files that Postil makes.
const ENDINGS: [&str; 4] = [".md", ".eml", ".base", ".ics"];

/// One file as it is and as it is to be.
pub(crate) struct Target {
    pub(crate) path: String,
    /// The bytes now; `None` for a new file.
    pub(crate) before: Option<Vec<u8>>,
    pub(crate) after: Vec<u8>,
}

/// Checks every step. Several properties of one note become one target, in the order of the steps.
pub(crate) fn prepare(root: &Path, plan: &Plan, disk: &dyn Disk) -> Result<Vec<Target>, PlanError> {
    let (settings, _) = read_settings(root);
    let mut targets: Vec<Target> = Vec::new();
    let mut names: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for step in &plan.steps {
        let path = step.change.path();
        check_path(path, &settings.template_folders)?;
        check_folders(root, path, disk)?;
        let known = targets.iter().position(|target| folded(&target.path) == folded(path));
        match &step.change {
            Change::Create { bytes, .. } => {
                if known.is_some() {
                    return Err(PlanError::Exists {
                        path: path.to_owned(),
                        found: "another step".to_owned(),
                    });
                }
                check_new(root, path, bytes, disk, &mut names)?;
                targets.push(Target { path: path.to_owned(), before: None, after: bytes.clone() });
            }
            Change::SetProperty { base, key, value, .. } => {
                let at = match known {
                    Some(at) => at,
                    None => {
                        let bytes = read_note(root, path, disk)?;
                        targets.push(Target {
                            path: path.to_owned(),
                            before: Some(bytes.clone()),
                            after: bytes,
                        });
                        targets.len() - 1
                    }
                };
                let changed = || PlanError::Changed { path: path.to_owned() };
                let target = targets.get_mut(at).ok_or_else(changed)?;
                let unchanged = target.before.as_ref().is_some_and(|bytes| ContentHash::of(bytes) == *base);
                if !unchanged || target.path != path {
                    return Err(changed());
                }
                let not_text =
                    || PlanError::Path { path: path.to_owned(), reason: "it is not UTF-8 text".to_owned() };
                let text = std::str::from_utf8(&target.after).ok().ok_or_else(not_text)?;
                let edited = set_property(text, key, value).and_then(|edit| apply_edits(text, &[edit]));
                target.after = edited
                    .map_err(|source| PlanError::Property { path: path.to_owned(), source })?
                    .into_bytes();
            }
        }
    }
    targets.retain(|target| target.before.as_ref() != Some(&target.after));
    Ok(targets)
}

/// What two names of one folder must not share: case and Unicode form do not make two names on every disk.
#[must_use]
pub fn folded(name: &str) -> String {
    postil_evidence::text::clean(name).0.to_lowercase()
}

fn check_path(path: &str, template_folders: &[String]) -> Result<(), PlanError> {
    let refuse = |reason: &str| Err(PlanError::Path { path: path.to_owned(), reason: reason.to_owned() });
    if NotePath::parse(path).is_none_or(|note| note.as_str() != path) {
        return refuse("it is no path inside the vault");
    }
    if postil_evidence::text::clean(path).0.trim_end() != path && !path.is_ascii() && has_hidden(path) {
        return refuse("it has characters that nobody sees");
    }
    for part in path.split('/') {
        let stem = part.split('.').next().unwrap_or_default().to_ascii_uppercase();
        let device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
            || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
        if part.starts_with('.') {
            return refuse("it is a dot file or lies in a dot folder");
        }
        if part.ends_with(['.', ' ']) || part.starts_with(' ') || device || part.len() > 240 {
            return refuse("some systems cannot have such a name");
        }
        if part.chars().any(|c| c.is_control() || "<>:\"\\|?*".contains(c)) {
            return refuse("its name has a character that some systems do not allow");
        }
    }
    let lower = path.to_lowercase();
    if !ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
        return refuse("it is no kind of file that is written here");
    }
    let in_templates = template_folders.iter().any(|folder| {
        lower.strip_prefix(&folder.to_lowercase()).is_some_and(|rest| rest.starts_with('/') || rest == ".md")
    });
    if in_templates { refuse("it lies among the templates") } else { Ok(()) }
}

fn has_hidden(path: &str) -> bool {
    postil_evidence::text::clean(path).1 != postil_evidence::text::Removed::default()
}

/// Every folder above must be a real folder, or not be there yet.
fn check_folders(root: &Path, path: &str, disk: &dyn Disk) -> Result<(), PlanError> {
    let mut place = root.to_path_buf();
    if disk.kind(&place).map_err(failed("look at", &place))?.is_none() {
        return Err(failed("find", &place)(std::io::ErrorKind::NotFound.into()));
    }
    for part in path.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').filter(|p| !p.is_empty()) {
        place.push(part);
        match disk.kind(&place).map_err(failed("look at", &place))? {
            Some(FileKind::Folder) => {}
            None => return Ok(()),
            Some(FileKind::File | FileKind::Other) => {
                let reason = format!("{part} is no folder but a file or a link");
                return Err(PlanError::Path { path: path.to_owned(), reason });
            }
        }
    }
    Ok(())
}

fn check_new(
    root: &Path,
    path: &str,
    bytes: &[u8],
    disk: &dyn Disk,
    names: &mut BTreeMap<String, BTreeMap<String, String>>,
) -> Result<(), PlanError> {
    if bytes.is_empty() {
        // Templater fills an empty new note from a folder template.
        return Err(PlanError::Path { path: path.to_owned(), reason: "it would be empty".to_owned() });
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let place = root.join(folder);
    if !names.contains_key(folder) {
        let there = disk.kind(&place).map_err(failed("look at", &place))?.is_some();
        let listed = if there { disk.list(&place).map_err(failed("list", &place))? } else { Vec::new() };
        names.insert(folder.to_owned(), listed.into_iter().map(|name| (folded(&name), name)).collect());
    }
    match names.get(folder).and_then(|names| names.get(&folded(name))) {
        Some(found) => Err(PlanError::Exists { path: path.to_owned(), found: found.clone() }),
        None => Ok(()),
    }
}

fn read_note(root: &Path, path: &str, disk: &dyn Disk) -> Result<Vec<u8>, PlanError> {
    let place = root.join(path);
    match disk.kind(&place).map_err(failed("look at", &place))? {
        Some(FileKind::File) => disk.read(&place).map_err(failed("read", &place)),
        None => Err(PlanError::Changed { path: path.to_owned() }),
        Some(FileKind::Folder | FileKind::Other) => {
            let reason = "it is a link or a folder, and those are left alone".to_owned();
            Err(PlanError::Path { path: path.to_owned(), reason })
        }
    }
}

/// The folders that are not there yet, outermost first.
pub(crate) fn missing_folders(
    root: &Path,
    targets: &[Target],
    disk: &dyn Disk,
) -> Result<Vec<String>, PlanError> {
    let mut missing = BTreeSet::new();
    for target in targets {
        let mut folder = target.path.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            let place = root.join(folder);
            if missing.contains(folder) || disk.kind(&place).map_err(failed("look at", &place))?.is_some() {
                break;
            }
            missing.insert(folder.to_owned());
        }
    }
    Ok(missing.into_iter().collect())
}
