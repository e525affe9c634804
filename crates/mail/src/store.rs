//! The places where mail is kept: Maildir, mbox, single files, Outlook's too, Thunderbird's folders, Markdown thread exports. Finds what
//! is new since the last look without reading it again, and reads one message from its place.
//!
//! Nothing here ever writes, renames, or sets a flag. What cannot be read is listed and passed over.

mod eml;
pub mod imap;
mod labels;
mod maildir;
mod markdown;
mod mbox;
mod spool;
mod thunderbird;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::UNIX_EPOCH;

use postil_evidence::ContentHash;
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::message::{Defect, Message};
use crate::outlook;
use crate::parse::parse_message;

pub use labels::is_set_aside;
pub use maildir::is_marked_answered;
pub use spool::Spooled;

/// A file or folder that changed less than this before it was looked at may change again without
/// its time telling; it is looked at again the next time. Nanoseconds.
///
/// # Source
/// FAT keeps times to 2 s, HFS+ and ext3 to 1 s.
const SETTLED_NS: i64 = 2_000_000_000;
/// The deepest nesting of folders that is followed.
const FOLDERS: usize = 32;

/// What went wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The path is not there.
    #[error("{} does not exist; if the mail moved, change its source in the configuration", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The path cannot be read.
    #[error("{} cannot be read: {source}; check its permissions", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path holds something else.
    #[error("{} is no {kind}: {found}", path.display())]
    OtherKind {
        /// The path.
        path: PathBuf,
        /// What was expected.
        kind: StoreKind,
        /// What is there.
        found: &'static str,
    },
    /// The message is no longer where it was.
    #[error("{} no longer holds a message at byte {offset}; run a sync", path.display())]
    Gone {
        /// The path.
        path: PathBuf,
        /// The byte at which the message began.
        offset: u64,
    },
    /// A store kind that does not exist.
    #[error("{name:?} is no kind of store; use maildir, mbox, eml, thunderbird, markdown or imap")]
    UnknownKind {
        /// The name that was given.
        name: String,
    },
}

impl StoreError {
    fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            Self::Missing { path }
        } else {
            Self::Unreadable { path, source }
        }
    }
}

/// How mail is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// A Maildir, or a folder of Maildirs (Maildir++ `.Folder.Sub`, or plain nested folders).
    Maildir,
    /// One mbox file, or a folder of them.
    Mbox,
    /// A tree of files, each one message: as it was sent, or as Outlook keeps it.
    Eml,
    /// Thread exports in Markdown: one file, or a tree of them.
    Markdown,
    /// A profile of Thunderbird, or a folder of mail in it.
    Thunderbird,
    /// Mail of an IMAP server, as it was brought into a folder of ours.
    Imap,
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Maildir => "maildir",
            Self::Mbox => "mbox",
            Self::Eml => "eml",
            Self::Markdown => "markdown",
            Self::Thunderbird => "thunderbird",
            Self::Imap => "imap",
        })
    }
}

impl FromStr for StoreKind {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "maildir" => Ok(Self::Maildir),
            "mbox" => Ok(Self::Mbox),
            "eml" => Ok(Self::Eml),
            "markdown" => Ok(Self::Markdown),
            "thunderbird" => Ok(Self::Thunderbird),
            "imap" => Ok(Self::Imap),
            _ => Err(StoreError::UnknownKind { name: name.to_owned() }),
        }
    }
}

/// A store as it is configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreSpec {
    /// Its name in the configuration.
    pub id: String,
    /// How its mail is kept.
    pub kind: StoreKind,
    /// Where.
    pub path: PathBuf,
}

/// How the bytes at a place are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One message.
    Rfc822,
    /// One entry of an mbox, from its `From ` line on, with `>From` quoting.
    MboxEntry,
    /// One section of a Markdown thread export.
    MarkdownSection,
    /// The head of a message that is over the border's limit; `len` is the size of the message.
    Head,
    /// A file of Outlook's.
    Outlook,
}

/// The largest message that is parsed, in bytes: of a larger one, a store may keep the head alone.
pub const LARGEST: u64 = limits::MESSAGE as u64;

/// The head of a message: its header block, whatever follows, as far as the border reads it.
#[must_use]
pub fn head_of(raw: &[u8]) -> &[u8] {
    raw.get(..limits::header_end(raw).min(limits::HEADER_BLOCK)).unwrap_or_default()
}

/// Where one message is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// Its first byte.
    pub offset: u64,
    /// Its length in bytes; 0 with [`Format::Rfc822`] means the whole file.
    pub len: u64,
    /// How to read it.
    pub format: Format,
}

/// What is remembered of a container, to tell cheaply whether it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Time of its last change, nanoseconds since 1970; 0 where that time proves nothing yet.
    pub mtime_ns: i64,
    /// Bytes of a file, entries of a folder.
    pub size: u64,
    /// Hash of a folder's listing, of a file's end, or of a whole Markdown file.
    pub digest: ContentHash,
}

/// What was remembered at the last scan.
pub trait Known {
    /// The mark of a container, if it was seen before.
    fn mark(&self, container: &Path) -> Option<Mark>;
    /// The places it held. Asked only for a container whose mark changed.
    fn places(&self, container: &Path) -> Vec<Place>;
}

/// What changed in one container: a folder of a Maildir, an mbox, a folder of files, an export.
/// Where a place is both gone and added its bytes changed: take away first, then add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The container.
    pub container: PathBuf,
    /// What to remember of it.
    pub mark: Mark,
    /// Messages to read.
    pub added: Vec<Place>,
    /// Messages that are no longer there.
    pub gone: Vec<Place>,
    /// Messages whose file has another name or folder now (old place, new place) and the same bytes.
    pub moved: Vec<(Place, Place)>,
    /// How many places are as they were.
    pub kept: usize,
}

/// What a scan saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Every container that is there, changed or not. One that was known and is not among them is
    /// gone with all its places, unless the scan was stopped.
    pub containers: Vec<PathBuf>,
    /// What could not be read, and why.
    pub unreadable: Vec<(PathBuf, String)>,
    /// Whether `on_change` asked to stop before the end.
    pub stopped: bool,
}

/// Looks for changes and reports them container by container. `now_ns` is the time of the scan in
/// nanoseconds since 1970. An unchanged container is not reported.
///
/// # Errors
/// When the store's own path is missing, unreadable or of another kind. Anything below it that
/// cannot be read is listed in [`Scanned::unreadable`], and the scan goes on.
pub fn scan(
    spec: &StoreSpec,
    known: &dyn Known,
    now_ns: i64,
    on_change: &mut dyn FnMut(Change) -> ControlFlow<()>,
) -> Result<Scanned, StoreError> {
    let mut scan = Scan { known, now_ns, on_change, seen: Scanned::default() };
    let metadata = fs::metadata(&spec.path).map_err(|error| StoreError::at(&spec.path, error))?;
    match spec.kind {
        StoreKind::Maildir => maildir::scan(&spec.path, &mut scan)?,
        StoreKind::Mbox if metadata.is_dir() => {
            each_file(&spec.path, &mut scan, &mut |path, scan| mbox::scan_if_mbox(path, scan));
        }
        StoreKind::Mbox => mbox::scan(&spec.path, &mut scan)?,
        StoreKind::Eml if metadata.is_dir() => eml::scan(&spec.path, &mut scan)?,
        StoreKind::Eml => {
            return Err(StoreError::OtherKind {
                path: spec.path.clone(),
                kind: spec.kind,
                found: "it is a file, give its folder",
            });
        }
        StoreKind::Markdown if metadata.is_dir() => {
            each_file(&spec.path, &mut scan, &mut |path, scan| markdown::scan_if_export(path, scan));
        }
        StoreKind::Markdown => markdown::scan(&spec.path, &mut scan)?,
        StoreKind::Thunderbird if metadata.is_dir() => thunderbird::scan(&spec.path, &mut scan)?,
        // One of its files.
        StoreKind::Thunderbird => mbox::scan_mozilla(&spec.path, &mut scan)?,
        StoreKind::Imap => spool::scan(&spec.path, &mut scan),
    }
    Ok(scan.seen)
}

/// The raw bytes of a message, as they came: mbox quoting undone, what a file of Outlook's holds written out
/// as mail, else untouched. At most one byte more than the border's limit is read, so that the parser
/// can say that it is over.
///
/// # Errors
/// When the file is missing, unreadable, too short for the place, or no longer holds a mail.
pub fn read_raw(place: &Place) -> Result<Vec<u8>, StoreError> {
    let mut file = File::open(&place.path).map_err(|error| StoreError::at(&place.path, error))?;
    let fail = |error| StoreError::at(&place.path, error);
    let limit = limits::MESSAGE as u64 + 1;
    let wanted = if place.len == 0 { limit } else { place.len.min(limit) };
    if place.offset > 0 {
        file.seek(SeekFrom::Start(place.offset)).map_err(fail)?;
    }
    let mut raw = Vec::new();
    file.take(wanted).read_to_end(&mut raw).map_err(fail)?;
    let short = place.len > 0 && (raw.len() as u64) < wanted;
    if short && !matches!(place.format, Format::Rfc822 | Format::Head | Format::Outlook) {
        return Err(StoreError::Gone { path: place.path.clone(), offset: place.offset });
    }
    match place.format {
        Format::Rfc822 | Format::MarkdownSection | Format::Head => Ok(raw),
        Format::MboxEntry if raw.starts_with(b"From ") => Ok(mbox::unquoted(&raw)),
        Format::MboxEntry => Err(StoreError::Gone { path: place.path.clone(), offset: place.offset }),
        // What is not mail any more was changed since the scan.
        Format::Outlook => outlook::to_rfc822(&raw)
            .map_err(|_not_mail| StoreError::Gone { path: place.path.clone(), offset: place.offset }),
    }
}

/// Reads and parses the message at a place.
///
/// # Errors
/// As [`read_raw`]; parsing itself never fails.
pub fn load(place: &Place) -> Result<Message, StoreError> {
    Ok(load_with_raw(place)?.0)
}

/// Reads and parses the message at a place, and gives its raw bytes too.
///
/// # Errors
/// As [`read_raw`].
pub fn load_with_raw(place: &Place) -> Result<(Message, Vec<u8>), StoreError> {
    let raw = read_raw(place)?;
    let message = match place.format {
        Format::Rfc822 => parse_message(&raw),
        Format::Outlook => {
            let mut message = parse_message(&raw);
            message.size = usize::try_from(place.len).unwrap_or(usize::MAX);
            message
        }
        Format::MboxEntry => {
            let mut message = parse_message(&raw);
            labels::set(&mut message, &raw);
            message
        }
        // A section's date and sender need the whole export.
        Format::MarkdownSection => markdown::load(place)?,
        Format::Head => {
            let mut message = parse_message(&raw);
            message.size = usize::try_from(place.len).unwrap_or(usize::MAX);
            message.defects.push(Defect::OverLimit(format!("{} bytes, more than {LARGEST}", place.len)));
            message
        }
    };
    Ok((message, raw))
}

/// A scan under way.
struct Scan<'a> {
    known: &'a dyn Known,
    now_ns: i64,
    on_change: &'a mut dyn FnMut(Change) -> ControlFlow<()>,
    seen: Scanned,
}

impl Scan<'_> {
    fn report(&mut self, change: Change) {
        if (self.on_change)(change).is_break() {
            self.seen.stopped = true;
        }
    }

    fn unreadable(&mut self, path: &Path, why: &impl ToString) {
        self.seen.unreadable.push((path.to_owned(), why.to_string()));
    }

    /// The time to remember: 0 where the change is so fresh that another may share its time.
    fn settled(&self, mtime_ns: i64) -> i64 {
        if self.now_ns.saturating_sub(mtime_ns) < SETTLED_NS { 0 } else { mtime_ns }
    }
}

/// Nanoseconds since 1970 of the last change; 0 where the system does not say.
fn mtime_ns(metadata: &fs::Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|duration| i64::try_from(duration.as_nanos()).ok()).unwrap_or(0)
}

/// The entries of a folder, sorted by name; what cannot be read is listed.
fn entries(folder: &Path, scan: &mut Scan<'_>) -> Vec<(PathBuf, fs::Metadata)> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) => {
            scan.unreadable(folder, &error);
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for entry in listing {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                scan.unreadable(folder, &error);
                continue;
            }
        };
        let path = entry.path();
        // A link to a folder is not followed: it may lead back up.
        let linked = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        match fs::metadata(&path) {
            Ok(metadata) if linked && metadata.is_dir() => {}
            Ok(metadata) => out.push((path, metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => scan.unreadable(&path, &error),
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

/// Whether the last part of a path begins with a dot.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Walks a tree and gives every file that is not hidden to `visit`.
fn each_file(
    root: &Path,
    scan: &mut Scan<'_>,
    visit: &mut dyn FnMut(&Path, &mut Scan<'_>) -> Result<(), StoreError>,
) {
    let mut folders = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for (path, metadata) in entries(&folder, scan) {
            if scan.seen.stopped {
                return;
            }
            if is_hidden(&path) {
                continue;
            }
            if metadata.is_dir() {
                if depth < FOLDERS {
                    folders.push((path, depth + 1));
                }
            } else if let Err(error) = visit(&path, scan) {
                scan.unreadable(&path, &error);
            }
        }
    }
}

/// The first bytes of a file.
fn head(path: &Path, len: u64) -> Result<Vec<u8>, StoreError> {
    let file = File::open(path).map_err(|error| StoreError::at(path, error))?;
    let mut head = Vec::new();
    file.take(len).read_to_end(&mut head).map_err(|error| StoreError::at(path, error))?;
    Ok(head)
}

/// Whether bytes begin like the headers of a mail: two fields, one of them one that mail has.
fn begins_like_mail(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let mut fields = 0;
    let mut mail_fields = 0;
    for (number, line) in head.split(|byte| *byte == b'\n').take(60).enumerate() {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        if number == 0 && (line.starts_with(b"From ") || line.starts_with(b">From ")) {
            mail_fields += 1;
            fields += 1;
            continue;
        }
        let Some(name) = field_name(line) else {
            // One broken line among headers is common; text is not headers.
            if fields == 0 {
                return false;
            }
            continue;
        };
        fields += 1;
        let known: &[&[u8]] = &[
            b"from",
            b"to",
            b"date",
            b"subject",
            b"message-id",
            b"received",
            b"return-path",
            b"mime-version",
            b"content-type",
            b"delivered-to",
            b"reply-to",
            b"sender",
            b"cc",
            b"bcc",
            b"x-mailer",
            b"resent-from",
            b"references",
            b"in-reply-to",
        ];
        mail_fields += usize::from(known.iter().any(|k| name.eq_ignore_ascii_case(k)));
    }
    mail_fields >= 1 && fields >= 2
}

/// The name of a header field at the start of a line.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().take(80).position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let plain =
        !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    plain.then_some(name)
}
