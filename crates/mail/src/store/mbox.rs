//! mbox: messages one after the other in one file, each behind a `From ` line. Read in a stream of
//! bounded buffers; a file may be larger than memory.
//!
//! # Source
//! RFC 4155; the four dialects at <https://en.wikipedia.org/wiki/Mbox>: mboxrd and mboxo quoting are
//! undone, a separator counts with an empty line above it, or when it and the line below leave no doubt.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use postil_evidence::ContentHash;

use super::{Change, Format, Mark, Place, Scan, StoreError, StoreKind, field_name, head, mtime_ns};

/// Bytes before the end that are hashed, to tell an append from another file.
const TAIL: u64 = 4_096;
/// Bytes of a line that are kept to understand it.
const LINE_HEAD: usize = 200;

/// Scans a file of a folder if it is an mbox.
pub(super) fn scan_if_mbox(path: &Path, scan_state: &mut Scan<'_>) -> Result<(), StoreError> {
    if head(path, 5)? == b"From " { scan(path, scan_state) } else { Ok(()) }
}

/// Whose habits a file follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Any program's: mail is only added at the end.
    Plain,
    /// Thunderbird's: a message that was thrown away stays until the file is compacted, with a mark in
    /// its `X-Mozilla-Status`, which is changed in place; the separator may be a bare `From `.
    Mozilla,
}

/// Scans one mbox.
pub(super) fn scan(path: &Path, scan: &mut Scan<'_>) -> Result<(), StoreError> {
    scan_as(path, scan, Dialect::Plain)
}

/// Scans one folder of Thunderbird's; what was thrown away is not there.
pub(super) fn scan_mozilla(path: &Path, scan: &mut Scan<'_>) -> Result<(), StoreError> {
    scan_as(path, scan, Dialect::Mozilla)
}

fn scan_as(path: &Path, scan: &mut Scan<'_>, dialect: Dialect) -> Result<(), StoreError> {
    let fail = |error| StoreError::at(path, error);
    let metadata = fs::metadata(path).map_err(fail)?;
    let before = scan.known.mark(path);
    let size = metadata.len();
    let mtime = mtime_ns(&metadata);
    scan.seen.containers.push(path.to_owned());
    if before.is_some_and(|mark| mark.mtime_ns == mtime && mtime != 0 && mark.size == size) {
        return Ok(());
    }
    let mut file = File::open(path).map_err(fail)?;
    if size > 0 && before.is_none() && head(path, 5)? != b"From " {
        return Err(StoreError::OtherKind {
            path: path.to_owned(),
            kind: StoreKind::Mbox,
            found: "it does not begin with a From line",
        });
    }
    let mark =
        Mark { mtime_ns: scan.settled(mtime), size, digest: tail_digest(&mut file, size).map_err(fail)? };
    let mut change = Change {
        container: path.to_owned(),
        mark,
        added: Vec::new(),
        gone: Vec::new(),
        moved: Vec::new(),
        kept: 0,
    };
    let mut old = if before.is_some() { scan.known.places(path) } else { Vec::new() };
    old.sort();
    let grown = match before {
        Some(before) if before.size <= size && before.size > 0 => {
            tail_digest(&mut file, before.size).map_err(fail)? == before.digest
        }
        Some(_) | None => false,
    };
    if dialect == Dialect::Mozilla {
        // A mark may have changed anywhere, so every entry is looked at.
        let now = entries(&mut file, path, 0, dialect).map_err(fail)?;
        let (kept, gone) = if grown {
            old.into_iter().partition(|place| now.binary_search(place).is_ok())
        } else {
            (Vec::new(), old)
        };
        change.kept = kept.len();
        change.gone = gone;
        change.added = now.into_iter().filter(|place| kept.binary_search(place).is_err()).collect();
        scan.report(change);
        return Ok(());
    }
    if grown && before.is_some_and(|before| before.size == size) {
        change.kept = old.len();
        scan.report(change);
        return Ok(());
    }
    // The last message known may have been half written: it is read again, all before it is kept.
    let last = if grown { old.pop() } else { None };
    let start = last.as_ref().map_or(0, |place| place.offset);
    let places = entries(&mut file, path, start, dialect).map_err(fail)?;
    if grown {
        change.kept = old.len();
    } else {
        change.gone = old;
    }
    for place in places {
        if last.as_ref() == Some(&place) {
            change.kept += 1;
        } else {
            change.added.push(place);
        }
    }
    if let Some(last) = last.filter(|last| change.added.iter().any(|place| place.offset == last.offset)) {
        change.gone.push(last);
    }
    scan.report(change);
    Ok(())
}

/// Hash of the last [`TAIL`] bytes before `end`.
fn tail_digest(file: &mut File, end: u64) -> std::io::Result<ContentHash> {
    let start = end.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(end - start).read_to_end(&mut tail)?;
    Ok(ContentHash::of(&tail))
}

/// The places of the messages from `start` on, which is 0 or the start of a message, in order.
fn entries(file: &mut File, path: &Path, start: u64, dialect: Dialect) -> std::io::Result<Vec<Place>> {
    file.seek(SeekFrom::Start(start))?;
    let mut finder = Finder::new(start, dialect);
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    loop {
        let buffer = reader.fill_buf()?;
        let len = buffer.len();
        if len == 0 {
            break;
        }
        finder.feed(buffer);
        reader.consume(len);
    }
    let end = finder.at;
    let starts = finder.finished();
    let ends = starts.iter().map(|(start, _)| *start).skip(1).chain([end]);
    let place = |((offset, state), end): (&(u64, State), u64)| {
        let place =
            Place { path: path.to_owned(), offset: *offset, len: end - offset, format: Format::MboxEntry };
        (*state == State::There).then_some(place)
    };
    Ok(starts.iter().zip(ends).filter_map(place).collect())
}

/// Finds separator lines in a stream of bytes.
struct Finder {
    /// Offset of the next byte, and of the line it is in.
    at: u64,
    line: u64,
    head: Vec<u8>,
    blank_before: bool,
    /// A line that may be a separator, waiting for the line below it.
    candidate: Option<(u64, Likeness)>,
    starts: Vec<(u64, State)>,
    dialect: Dialect,
    /// Lines of the last entry that were seen below its separator.
    below: usize,
}

/// Whether a message is there still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    There,
    /// Thrown away, and not yet taken out of the file.
    Expunged,
}

/// The bit of `X-Mozilla-Status` that says so.
///
/// # Source
/// `nsMsgMessageFlags::Expunged` of Thunderbird's sources.
const EXPUNGED: u16 = 0x0008;
/// Thunderbird writes its fields before all others. Further down they came with the mail, from anyone.
const MOZILLA_FIELDS: usize = 3;

/// How much a line looks like a separator.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// With an empty line above it.
    SetOff,
    /// In the midst of text.
    Crowded,
    /// Set off, and nothing but the word.
    Bare,
}

impl Finder {
    fn new(at: u64, dialect: Dialect) -> Self {
        Self {
            at,
            line: at,
            head: Vec::new(),
            blank_before: true,
            candidate: None,
            starts: Vec::new(),
            dialect,
            below: 0,
        }
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let newline = memchr::memchr(b'\n', bytes);
            let len = newline.map_or(bytes.len(), |at| at + 1);
            let room = LINE_HEAD.saturating_sub(self.head.len());
            let (line, rest) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
            self.head.extend_from_slice(line.get(..room.min(line.len())).unwrap_or_default());
            self.at += line.len() as u64;
            if newline.is_some() {
                self.end_line();
            }
            bytes = rest;
        }
    }

    fn end_line(&mut self) {
        let text = self.head.trim_ascii_end();
        if let Some((offset, likeness)) = self.candidate.take() {
            let header_below = field_name(text).is_some() || text.starts_with(b">From ");
            if header_below || (likeness == Likeness::SetOff && text.is_empty()) {
                self.starts.push((offset, State::There));
                self.below = 0;
            }
        }
        if self.dialect == Dialect::Mozilla && self.below < MOZILLA_FIELDS {
            self.below += 1;
            if let Some((_, state)) = self.starts.last_mut()
                && mozilla_status(text).is_some_and(|status| status & EXPUNGED != 0)
            {
                *state = State::Expunged;
            }
        }
        // Without the space behind it, "From" is a word of the text.
        let only_from = text == b"From" && self.head.starts_with(b"From ");
        let bare = self.dialect == Dialect::Mozilla && only_from && self.blank_before;
        if bare {
            self.candidate = Some((self.line, Likeness::Bare));
        } else if text.starts_with(b"From ") && is_separator(text) {
            let likeness = if self.blank_before { Likeness::SetOff } else { Likeness::Crowded };
            self.candidate = Some((self.line, likeness));
        }
        self.blank_before = text.is_empty();
        self.head.clear();
        self.line = self.at;
    }

    fn finished(mut self) -> Vec<(u64, State)> {
        if !self.head.is_empty() {
            self.end_line();
        }
        self.starts
    }
}

/// The number in a line `X-Mozilla-Status: 0001`.
fn mozilla_status(line: &[u8]) -> Option<u16> {
    let (name, value) = line.split_at_checked(b"X-Mozilla-Status:".len())?;
    let digits = std::str::from_utf8(value.trim_ascii()).ok()?;
    name.eq_ignore_ascii_case(b"X-Mozilla-Status:").then(|| u16::from_str_radix(digits, 16).ok())?
}

/// `From someone Fri Feb 22 23:00:00 2008`, in its many variants: a time of day and a year behind
/// the sender.
fn is_separator(line: &[u8]) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let clock = line.windows(5).any(|w| {
        w.get(2) == Some(&b':')
            && digit(w.first()) | (w.first() == Some(&b' '))
            && digit(w.get(1))
            && digit(w.get(3))
            && digit(w.get(4))
    });
    let year = line.split(u8::is_ascii_whitespace).any(|word| {
        word.len() == 4
            && (word.starts_with(b"19") || word.starts_with(b"20"))
            && word.iter().all(u8::is_ascii_digit)
    });
    clock && year
}

/// One entry without its `From ` line, one level of `>From` quoting and the empty line at its end.
pub(super) fn unquoted(entry: &[u8]) -> Vec<u8> {
    let body_at = entry.iter().position(|byte| *byte == b'\n').map_or(entry.len(), |at| at + 1);
    let body = entry.get(body_at..).unwrap_or_default();
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
        out.extend_from_slice(if quoted { line.get(1..).unwrap_or_default() } else { line });
    }
    if out.ends_with(b"\n\n") {
        out.pop();
    } else if out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Dialect, Finder, State, unquoted};

    pub(crate) fn starts(mbox: &[u8], step: usize) -> Vec<u64> {
        found(mbox, step, Dialect::Plain).into_iter().map(|(start, _)| start).collect()
    }

    fn found(mbox: &[u8], step: usize, dialect: Dialect) -> Vec<(u64, State)> {
        let mut finder = Finder::new(0, dialect);
        for piece in mbox.chunks(step) {
            finder.feed(piece);
        }
        finder.finished()
    }

    #[test]
    fn what_thunderbird_threw_away_is_told_by_its_own_field() {
        let entry = |from: &str, status: &str, more: &str| {
            format!(
                "{from}\r\nX-Mozilla-Status: {status}\r\nX-Mozilla-Status2: 00000000\r\n{more}Subject: x\r\n\r\nhi\r\n\r\n"
            )
        };
        let mbox = [
            entry("From - Fri Nov 20 16:04:26 2026", "0001", ""),
            entry("From ", "0009", ""),
            // The sender's own field further down says nothing.
            entry("From ", "0011", "Received: x\r\nX-Mozilla-Status: 0008\r\n"),
            "From \r\nin the text\r\n".to_owned(),
        ]
        .concat();
        for step in [1, 7, 4_096] {
            let states: Vec<State> =
                found(mbox.as_bytes(), step, Dialect::Mozilla).into_iter().map(|(_, state)| state).collect();
            assert_eq!(states, [State::There, State::Expunged, State::There]);
            assert_eq!(starts(mbox.as_bytes(), step).len(), 1);
        }
    }

    #[test]
    fn separators_are_told_from_text() {
        let line = "From a@b.example  Fri Feb 22 23:00:00 2008 +0200\n";
        for (mbox, count) in [
            (format!("{line}Subject: x\n\nhi\n\n{line}Subject: y\n\nho\n"), 2),
            (format!("{line}Subject: x\n\nhi\n\n{line}\nno header\n"), 2),
            (format!("{line}Subject: x\n\nhi\n{line}Subject: y\n\nho\n"), 2),
            (format!("{line}Subject: x\n\nhi\n{line}and more text\n"), 1),
            (format!("{line}Subject: x\n\nhi\n\nFrom here on we walk.\nTo: you\n"), 1),
            (format!("{line}Subject: x\n\nhi\n\n>{line}Subject: y\n"), 1),
            (String::new(), 0),
        ] {
            for step in [1, 7, 4_096] {
                assert_eq!(starts(mbox.as_bytes(), step).len(), count, "{mbox}");
            }
        }
    }

    #[test]
    fn quoting_is_undone_one_level() {
        let raw = unquoted(b"From x\nA: b\n\n>From me\n>>From you\n> From\n\n");
        assert_eq!(String::from_utf8_lossy(&raw), "A: b\n\nFrom me\n>From you\n> From\n");
    }
}
