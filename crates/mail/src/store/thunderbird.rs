//! Thunderbird's folders: a profile, or its `Mail` or `ImapMail` folder, or one account in it. A mail
//! folder is an mbox without extension beside its `.msf`, or a Maildir; its sub-folders lie in `.sbd`.
//!
//! # Source
//! The profile's layout as Thunderbird documents it (<https://support.mozilla.org/kb/profiles-where-thunderbird-stores-user-data>).

use std::path::{Path, PathBuf};

use super::imap::folder::{Role, decoded, role_by_name};
use super::{FOLDERS, Scan, StoreError, StoreKind, entries, head, is_hidden, maildir, mbox};

/// Files that are never a mail folder.
const OTHERS: &[&str] = &[
    "msf",
    "dat",
    "sqlite",
    "sqlite-wal",
    "sqlite-shm",
    "json",
    "js",
    "html",
    "htm",
    "txt",
    "log",
    "db",
    "ini",
    "mozlz4",
    "wdseml",
    "mozeml",
    "lock",
    "bak",
    "tmp",
    "mab",
    "rdf",
    "xml",
];
/// Folders that hold what is not sent yet, beside drafts. Their names on disk are the same in every language.
const UNSENT: &[&str] = &["templates", "unsent messages"];

/// Scans every folder of mail but Trash, Junk, Drafts, Templates and what is not sent yet.
pub(super) fn scan(root: &Path, scan: &mut Scan<'_>) -> Result<(), StoreError> {
    let mut found = false;
    let mut folders: Vec<(PathBuf, usize)> =
        mail_folders(root, scan).into_iter().map(|path| (path, 0)).collect();
    while let Some((folder, depth)) = folders.pop() {
        for (path, metadata) in entries(&folder, scan) {
            if scan.seen.stopped {
                return Ok(());
            }
            if is_hidden(&path) || is_set_aside(&path) {
                continue;
            }
            if metadata.is_dir() {
                if path.join("cur").is_dir() {
                    found |= maildir::scan_one(&path, scan);
                } else if depth < FOLDERS {
                    folders.push((path, depth + 1));
                }
            } else if is_mail_folder(&path, metadata.len()) {
                found = true;
                if let Err(error) = mbox::scan_mozilla(&path, scan) {
                    scan.unreadable(&path, &error);
                }
            }
        }
    }
    if found {
        return Ok(());
    }
    Err(StoreError::OtherKind {
        path: root.to_owned(),
        kind: StoreKind::Thunderbird,
        found: "no mail folder of Thunderbird's is in it",
    })
}

/// `Mail` and `ImapMail` of a profile, or of each profile of a folder of profiles; else the folder itself.
fn mail_folders(root: &Path, scan: &mut Scan<'_>) -> Vec<PathBuf> {
    let of_profile = |profile: &Path| {
        let parts = ["Mail", "ImapMail"].map(|part| profile.join(part));
        parts.into_iter().filter(|part| part.is_dir()).collect::<Vec<_>>()
    };
    let own = of_profile(root);
    if !own.is_empty() {
        return own;
    }
    let mut all = Vec::new();
    for place in [root.to_owned(), root.join("Profiles")] {
        if place.is_dir() {
            let profiles = entries(&place, scan).into_iter().map(|(path, _)| path);
            all.extend(
                profiles.filter(|path| path.join("prefs.js").is_file()).flat_map(|path| of_profile(&path)),
            );
        }
    }
    if all.is_empty() { vec![root.to_owned()] } else { all }
}

/// Whether a file, or the folder of its sub-folders, holds what is thrown away, spam or unfinished.
fn is_set_aside(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let name = name.strip_suffix(".sbd").unwrap_or(&name);
    let name = decoded(name.as_bytes()).unwrap_or_else(|| name.to_owned());
    UNSENT.contains(&name.to_lowercase().as_str())
        || matches!(role_by_name(&name), Some(Role::Trash | Role::Junk | Role::Drafts))
}

/// Whether a file holds mail: its index lies beside it, or it begins as an mbox does.
fn is_mail_folder(path: &Path, size: u64) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    if extension.is_some_and(|extension| OTHERS.contains(&extension.as_str())) {
        return false;
    }
    let indexed = path.with_file_name(format!("{name}.msf")).is_file();
    let begins = || head(path, 5).is_ok_and(|head| head == b"From ");
    if size == 0 { indexed } else { begins() }
}
