//! Maildir: a message is a file in `new` or `cur`; its name up to the flags never changes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use postil_evidence::ContentHash;

use super::{Change, FOLDERS, Format, Mark, Place, Scan, StoreError, StoreKind, entries, mtime_ns};

/// Scans a Maildir and the Maildirs below it.
pub(super) fn scan(root: &Path, scan: &mut Scan<'_>) -> Result<(), StoreError> {
    let mut found = false;
    let mut folders = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if scan.seen.stopped {
            return Ok(());
        }
        found |= scan_one(&folder, scan);
        if depth >= FOLDERS {
            continue;
        }
        for (path, metadata) in entries(&folder, scan).into_iter().rev() {
            let inner = path.file_name().is_some_and(|name| name == "cur" || name == "new" || name == "tmp");
            if metadata.is_dir() && !inner {
                folders.push((path, depth + 1));
            }
        }
    }
    if found {
        return Ok(());
    }
    Err(StoreError::OtherKind {
        path: root.to_owned(),
        kind: StoreKind::Maildir,
        found: "no folder in it has a cur or new folder",
    })
}

/// One listing of `new` or `cur`.
struct Listing {
    change: Change,
    changed: bool,
}

/// Scans `new` and `cur` of one Maildir together, since a message goes from one to the other.
pub(super) fn scan_one(maildir: &Path, scan: &mut Scan<'_>) -> bool {
    let mut listings = Vec::new();
    for name in ["new", "cur"] {
        let folder = maildir.join(name);
        let Ok(metadata) = fs::metadata(&folder) else { continue };
        if !metadata.is_dir() {
            continue;
        }
        scan.seen.containers.push(folder.clone());
        let mtime = mtime_ns(&metadata);
        let before = scan.known.mark(&folder);
        if before.is_some_and(|mark| mark.mtime_ns == mtime && mtime != 0) {
            listings.push(None);
            continue;
        }
        listings.push(Some(list(folder, scan.settled(mtime), before, scan)));
    }
    let found = !listings.is_empty();
    let mut listings: Vec<Listing> = listings.into_iter().flatten().collect();
    match_moves(&mut listings);
    for listing in listings {
        if listing.changed && !scan.seen.stopped {
            scan.report(listing.change);
        }
    }
    found
}

fn list(folder: PathBuf, mtime_ns: i64, before: Option<Mark>, scan: &mut Scan<'_>) -> Listing {
    let mut now: Vec<PathBuf> = entries(&folder, scan)
        .into_iter()
        .filter(|(path, metadata)| metadata.is_file() && !super::is_hidden(path))
        .map(|(path, _)| path)
        .collect();
    now.sort();
    let names: Vec<&[u8]> =
        now.iter().filter_map(|path| path.file_name()).map(|name| name.as_encoded_bytes()).collect();
    let mark = Mark { mtime_ns, size: now.len() as u64, digest: ContentHash::of_parts(&names) };
    let mut change =
        Change { container: folder, mark, added: Vec::new(), gone: Vec::new(), moved: Vec::new(), kept: 0 };
    if before.is_some_and(|before| before.digest == mark.digest && before.size == mark.size) {
        change.kept = now.len();
        return Listing { changed: before != Some(mark), change };
    }
    let mut old: HashMap<PathBuf, Place> = HashMap::new();
    if before.is_some() {
        old.extend(scan.known.places(&change.container).into_iter().map(|place| (place.path.clone(), place)));
    }
    for path in now {
        if old.remove(&path).is_some() {
            change.kept += 1;
        } else {
            change.added.push(Place { path, offset: 0, len: 0, format: Format::Rfc822 });
        }
    }
    change.gone.extend(old.into_values());
    change.gone.sort();
    Listing { change, changed: true }
}

/// A file that is gone and one that is new with the same base name are one message.
fn match_moves(listings: &mut [Listing]) {
    let mut gone: HashMap<Vec<u8>, Place> = HashMap::new();
    for place in listings.iter().flat_map(|listing| &listing.change.gone) {
        gone.insert(base_name(&place.path), place.clone());
    }
    let mut moved_away: Vec<Place> = Vec::new();
    for listing in listings.iter_mut() {
        let added = std::mem::take(&mut listing.change.added);
        for place in added {
            match gone.remove(&base_name(&place.path)) {
                Some(old) => {
                    moved_away.push(old.clone());
                    listing.change.moved.push((old, place));
                }
                None => listing.change.added.push(place),
            }
        }
    }
    for listing in listings.iter_mut() {
        listing.change.gone.retain(|place| !moved_away.contains(place));
    }
}

/// The name without its flags.
fn base_name(path: &Path) -> Vec<u8> {
    base_and_flags(path).0.to_vec()
}

/// The name cut where its flags begin: at `:2,`, or at `!2,` and `;2,` where a file system forbids the colon.
fn base_and_flags(path: &Path) -> (&[u8], &[u8]) {
    let name = path.file_name().map(|name| name.as_encoded_bytes()).unwrap_or_default();
    let flags = name.windows(3).position(|w| matches!(w, b":2," | b"!2," | b";2,"));
    name.split_at(flags.unwrap_or(name.len()))
}

/// Whether the name of a Maildir's file says that its message was answered: flag `R`.
#[must_use]
pub fn is_marked_answered(path: &Path) -> bool {
    let (_, flags) = base_and_flags(path);
    flags.get(3..).unwrap_or_default().contains(&b'R')
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_marked_answered;

    #[test]
    fn only_flags_tell_that_a_message_was_answered() {
        for (name, answered) in [
            ("1763900000.M1P1.host:2,RS", true),
            ("1763900000.M1P1.host!2,FR", true),
            ("1763900000.M1P1.host,S=2:2,S", false),
            ("1763900000.R1P1.HOR", false),
            ("", false),
        ] {
            assert_eq!(is_marked_answered(&Path::new("cur").join(name)), answered, "{name}");
        }
    }
}
