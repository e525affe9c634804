//! Mail of an IMAP server as it lies in the state folder: `<folder>/<UIDVALIDITY>/<uid>-<bytes>.eml`.
//! Knows the names and reads them; the desk writes them.
//!
//! A file counts when it is as long as its name says, so one that was being written when the power
//! went is not there, and no order of writing has to be trusted. Of a message over the border's limit
//! only the head is kept: `<uid>-<bytes>-<size of the message>.head`.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use postil_evidence::ContentHash;

use super::{Change, Format, Mark, Place, Scan, entries, mtime_ns};

/// The name of one message's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spooled {
    /// Its UID.
    pub uid: u32,
    /// Bytes of the file.
    pub len: u64,
    /// The size of the message, where only its head is kept.
    pub whole: Option<u64>,
}

impl Spooled {
    /// The name.
    #[must_use]
    pub fn file_name(&self) -> String {
        match self.whole {
            None => format!("{:010}-{}.eml", self.uid, self.len),
            Some(whole) => format!("{:010}-{}-{whole}.head", self.uid, self.len),
        }
    }

    /// Reads a name; `None` for any that [`Spooled::file_name`] would not write.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (stem, kind) = name.rsplit_once('.')?;
        let mut parts = stem.splitn(3, '-');
        let (uid, len) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let whole = parts.next().map(str::parse).transpose().ok()?;
        let found = Self { uid, len, whole };
        ((kind == "head") == whole.is_some() && found.file_name() == name).then_some(found)
    }
}

/// Scans every folder of one account.
pub(super) fn scan(root: &Path, scan: &mut Scan<'_>) {
    for (folder, metadata) in entries(root, scan) {
        if !metadata.is_dir() {
            continue;
        }
        for (generation, metadata) in entries(&folder, scan) {
            if scan.seen.stopped {
                return;
            }
            let is_number = generation
                .file_name()
                .is_some_and(|name| name.as_encoded_bytes().iter().all(u8::is_ascii_digit));
            if metadata.is_dir() && is_number {
                scan_one(generation, &metadata, scan);
            }
        }
    }
}

fn scan_one(folder: PathBuf, metadata: &fs::Metadata, scan: &mut Scan<'_>) {
    scan.seen.containers.push(folder.clone());
    let mtime = mtime_ns(metadata);
    let before = scan.known.mark(&folder);
    if before.is_some_and(|mark| mark.mtime_ns == mtime && mtime != 0) {
        return;
    }
    let mut now: Vec<Place> = Vec::new();
    for (path, metadata) in entries(&folder, scan) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).and_then(Spooled::parse) else {
            continue;
        };
        if metadata.is_file() && metadata.len() == name.len {
            let format = if name.whole.is_some() { Format::Head } else { Format::Rfc822 };
            now.push(Place { path, offset: 0, len: name.whole.unwrap_or(name.len), format });
        }
    }
    let names: Vec<&[u8]> =
        now.iter().filter_map(|place| place.path.file_name()).map(|name| name.as_encoded_bytes()).collect();
    let mark =
        Mark { mtime_ns: scan.settled(mtime), size: now.len() as u64, digest: ContentHash::of_parts(&names) };
    let mut change =
        Change { container: folder, mark, added: Vec::new(), gone: Vec::new(), moved: Vec::new(), kept: 0 };
    if before.is_some_and(|before| before.digest == mark.digest && before.size == mark.size) {
        if before != Some(mark) {
            change.kept = now.len();
            scan.report(change);
        }
        return;
    }
    let mut old: HashMap<PathBuf, Place> = HashMap::new();
    if before.is_some() {
        old.extend(scan.known.places(&change.container).into_iter().map(|place| (place.path.clone(), place)));
    }
    for place in now {
        if old.remove(&place.path).is_some() {
            change.kept += 1;
        } else {
            change.added.push(place);
        }
    }
    change.gone.extend(old.into_values());
    change.gone.sort();
    scan.report(change);
}

#[cfg(test)]
mod tests {
    use super::Spooled;

    #[test]
    fn only_our_own_names_are_read() {
        for name in [
            Spooled { uid: 1, len: 0, whole: None },
            Spooled { uid: u32::MAX, len: 7, whole: Some(u64::MAX) },
        ] {
            assert_eq!(Spooled::parse(&name.file_name()), Some(name));
        }
        for odd in
            ["1-2.eml", "0000000001-2.head", "0000000001-2-3.eml", "0000000001-02.eml", "x.part", "", "../a"]
        {
            assert_eq!(Spooled::parse(odd), None, "{odd}");
        }
    }
}
