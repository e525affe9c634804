//! A tree of files, each one message. A file counts when it begins like a mail, or when it is a file
//! of Outlook's that holds one, whatever its name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use postil_evidence::ContentHash;

use super::{
    Change, FOLDERS, Format, LARGEST, Mark, Place, SETTLED_NS, Scan, StoreError, begins_like_mail, entries,
    head, is_hidden, mtime_ns,
};
use crate::outlook;

/// Bytes of a file that are looked at to tell whether it is a mail.
const HEAD: u64 = 4_096;
/// Goes up when another kind of file counts, so that folders that did not change are listed again.
const KINDS: u8 = 1;

/// Scans every folder of a tree.
pub(super) fn scan(root: &Path, scan: &mut Scan<'_>) -> Result<(), StoreError> {
    let mut folders = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if scan.seen.stopped {
            return Ok(());
        }
        let mut files = Vec::new();
        for (path, metadata) in entries(&folder, scan) {
            if is_hidden(&path) {
                continue;
            }
            if metadata.is_dir() {
                if depth < FOLDERS {
                    folders.push((path, depth + 1));
                }
            } else if metadata.is_file() && !never_mail(&path) {
                files.push(FileEntry { mtime_ns: mtime_ns(&metadata), size: metadata.len(), path });
            }
        }
        scan_folder(folder, files, scan);
    }
    Ok(())
}

struct FileEntry {
    path: PathBuf,
    mtime_ns: i64,
    size: u64,
}

/// Files of other kinds that live beside mail.
fn never_mail(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("json") || extension.eq_ignore_ascii_case("md")
    })
}

fn scan_folder(folder: PathBuf, files: Vec<FileEntry>, scan: &mut Scan<'_>) {
    let before = scan.known.mark(&folder);
    if files.is_empty() && before.is_none() {
        return;
    }
    scan.seen.containers.push(folder.clone());
    let newest = files.iter().map(|file| file.mtime_ns).max().unwrap_or(0);
    let settled = scan.now_ns.saturating_sub(newest) >= SETTLED_NS;
    let mark = Mark {
        // A file that changes again within the same tick must look newer than this the next time.
        mtime_ns: if settled { newest } else { newest.saturating_sub(SETTLED_NS) },
        size: files.len() as u64,
        digest: listing_digest(&files, settled),
    };
    if before == Some(mark) && settled {
        return;
    }
    let mut old: HashMap<PathBuf, Place> = HashMap::new();
    if before.is_some() {
        old.extend(scan.known.places(&folder).into_iter().map(|place| (place.path.clone(), place)));
    }
    let seen_until = before.map_or(i64::MIN, |mark| mark.mtime_ns);
    let mut change =
        Change { container: folder, mark, added: Vec::new(), gone: Vec::new(), moved: Vec::new(), kept: 0 };
    for file in files {
        let known = old.remove(&file.path);
        if known.as_ref().is_some_and(|known| known.len == file.size) && file.mtime_ns <= seen_until {
            change.kept += 1;
            continue;
        }
        change.gone.extend(known);
        match format_of(&file) {
            Ok(Some(format)) => {
                change.added.push(Place { path: file.path, offset: 0, len: file.size, format });
            }
            Ok(None) => {}
            Err(why) => scan.unreadable(&file.path, &why),
        }
    }
    change.gone.extend(old.into_values());
    change.gone.sort();
    scan.report(change);
}

/// How a file is to be read; `None` where it is no mail.
fn format_of(file: &FileEntry) -> Result<Option<Format>, String> {
    let read = |len| head(&file.path, len).map_err(|error| error.to_string());
    let start = read(HEAD)?;
    if begins_like_mail(&start) {
        return Ok(Some(Format::Rfc822));
    }
    if !outlook::begins_like_outlook(&start) {
        return Ok(None);
    }
    // Old Word files and installers begin the same: only the directory tells, which may lie anywhere.
    if file.size > LARGEST {
        let is_named_so = file.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("msg"));
        let why = format!("it has {} bytes; files of Outlook's are read up to {LARGEST}", file.size);
        return if is_named_so { Err(why) } else { Ok(None) };
    }
    Ok(outlook::check(&read(LARGEST)?).is_ok().then_some(Format::Outlook))
}

fn listing_digest(files: &[FileEntry], settled: bool) -> ContentHash {
    let mut parts: Vec<Vec<u8>> = vec![vec![u8::from(settled), KINDS]];
    for file in files {
        parts.push(file.path.as_os_str().as_encoded_bytes().to_vec());
        parts.push(file.size.to_le_bytes().to_vec());
        parts.push(file.mtime_ns.to_le_bytes().to_vec());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    ContentHash::of_parts(&parts)
}
