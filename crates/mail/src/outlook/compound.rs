//! The container of Outlook's files: a Compound File, which is a small file system in one file. Knows
//! sectors, chains and names; knows nothing of what the streams mean.
//!
//! Reads only, out of bytes that are in memory. Every walk is bounded by the size of the file, so that
//! chains that lead in a circle end, and all streams together give at most twice the file: honest
//! files keep each byte once, hostile ones point many streams at the same sectors.
//!
//! # Source
//! MS-CFB 2.1 to 2.6. Written here, as the readers of zip and PDF are: the crate `cfb` 0.16 makes the
//! table of sectors as long as the file says it is (a file of 4 MB made it take 530 MB), and gives up a
//! whole file for one bad entry of that table. The tests write their files with it.

use std::cell::Cell;

use super::codepage::utf_16;

/// The first bytes of every compound file.
pub(crate) const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The greatest number of a sector; what is above it are marks ("end", "free" and the like).
const GREATEST_SECTOR: u32 = 0xffff_fff9;
/// The length of an entry of the directory.
const ENTRY: usize = 128;
/// The most entries of the directory that are looked at: a mail with 2,000 recipients has 30,000.
const ENTRIES: usize = 100_000;
/// The length of a small sector.
const SMALL: usize = 64;
/// A stream shorter than this lies in small sectors.
const CUTOFF: u64 = 4_096;
/// The numbers of table sectors that stand in the header, and where.
const TABLE: std::ops::Range<usize> = 76..512;

/// The number of a stream or storage in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id(usize);

/// What an entry of the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Storage,
    Stream,
    Unused,
}

#[derive(Debug)]
struct Entry {
    name: String,
    kind: Kind,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    len: u64,
    /// What stands in a storage, by name.
    children: Vec<Id>,
}

/// An opened file.
#[derive(Debug)]
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector_len: usize,
    /// The sector that follows each sector.
    table: Vec<u32>,
    /// The same for small sectors.
    small_table: Vec<u32>,
    /// All small sectors, which the root's stream holds.
    small: Vec<u8>,
    entries: Vec<Entry>,
    /// Bytes that may still be read.
    left: Cell<usize>,
}

impl<'b> Compound<'b> {
    /// Opens a file; `None` where it is none, or has no directory.
    pub(super) fn open(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(&MAGIC) {
            return None;
        }
        let sector_len = match half_word(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let left = Cell::new(bytes.len().saturating_mul(2));
        let mut file = Self {
            bytes,
            sector_len,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
            left,
        };
        file.table = file.read_table();
        let small_table = file.chained(word(bytes, 60)?, usize::MAX);
        file.small_table = words(&small_table).collect();
        let directory = file.chained(word(bytes, 48)?, ENTRIES * ENTRY);
        file.entries = directory.chunks_exact(ENTRY).map(|raw| entry(raw, sector_len)).collect();
        let root = file.entries.first()?;
        file.small = file.chained(root.start, usize::try_from(root.len).unwrap_or(usize::MAX));
        file.put_in_storages();
        Some(file)
    }

    /// The storage that holds all others.
    pub(super) fn root(&self) -> Id {
        Id(0)
    }

    /// What stands in a storage, sorted by name; nothing for a stream.
    pub(super) fn children(&self, of: Id) -> &[Id] {
        self.entries.get(of.0).map_or(&[], |entry| &entry.children)
    }

    /// The name of an entry, as it is written.
    pub(super) fn name(&self, of: Id) -> &str {
        self.entries.get(of.0).map_or("", |entry| &entry.name)
    }

    /// Whether an entry is a storage.
    pub(super) fn is_storage(&self, of: Id) -> bool {
        self.entries.get(of.0).is_some_and(|entry| entry.kind == Kind::Storage)
    }

    /// The bytes of a stream, as far as its chain goes; none of a storage.
    pub(super) fn read(&self, of: Id) -> Vec<u8> {
        let Some(entry) = self.entries.get(of.0).filter(|entry| entry.kind == Kind::Stream) else {
            return Vec::new();
        };
        let len = usize::try_from(entry.len).unwrap_or(usize::MAX).min(self.left.get());
        let out = if entry.len < CUTOFF {
            let mut out = Vec::with_capacity(len);
            for id in chain(&self.small_table, entry.start) {
                let start = (id as usize).saturating_mul(SMALL);
                let Some(sector) = self.small.get(start..) else { break };
                out.extend_from_slice(cut(sector, SMALL.min(len - out.len())));
                if out.len() == len {
                    break;
                }
            }
            out
        } else {
            self.chained(entry.start, len)
        };
        self.left.set(self.left.get().saturating_sub(out.len()));
        out
    }

    /// The bytes of the sectors from `start` on, at most `len`.
    fn chained(&self, start: u32, len: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(len.min(self.sector_len));
        for id in chain(&self.table, start) {
            let Some(sector) = self.sector(id) else { break };
            out.extend_from_slice(cut(sector, len - out.len()));
            if out.len() == len {
                break;
            }
        }
        out
    }

    /// One sector; a shorter one where the file ends in it.
    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector_len)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        Some(cut(rest, self.sector_len))
    }

    /// The table of sectors, no longer than the file has sectors.
    fn read_table(&self) -> Vec<u32> {
        let sectors = self.bytes.len() / self.sector_len;
        let mut table = Vec::new();
        let add = |id: u32, table: &mut Vec<u32>| {
            let end = table.len() + self.sector_len / 4;
            table.extend(words(self.sector(id).unwrap_or_default()));
            // A part that is not there leaves the others in their places.
            table.resize(end, u32::MAX);
        };
        for id in words(self.bytes.get(TABLE).unwrap_or_default()).filter(|id| is_sector(*id)) {
            if table.len() < sectors {
                add(id, &mut table);
            }
        }
        let mut next = word(self.bytes, 68).unwrap_or(u32::MAX);
        for _ in 0..sectors {
            let Some(sector) = Some(next).filter(|id| is_sector(*id)).and_then(|id| self.sector(id)) else {
                break;
            };
            let mut listed: Vec<u32> = words(sector).collect();
            next = listed.pop().unwrap_or(u32::MAX);
            for id in listed.into_iter().filter(|id| is_sector(*id)) {
                if table.len() < sectors {
                    add(id, &mut table);
                }
            }
            if table.len() >= sectors {
                break;
            }
        }
        table.truncate(sectors);
        table
    }

    /// Gives each storage what stands in it. The directory is a tree of trees; what was seen once
    /// is not entered again.
    fn put_in_storages(&mut self) {
        let mut seen = vec![false; self.entries.len()];
        let mut inside: Vec<(usize, usize)> = Vec::new();
        let mut open = vec![(0, self.entries.first().map_or(u32::MAX, |root| root.child))];
        if let Some(root) = seen.first_mut() {
            *root = true;
        }
        while let Some((parent, at)) = open.pop() {
            let at = at as usize;
            let (Some(entry), Some(seen)) = (self.entries.get(at), seen.get_mut(at)) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            open.extend([(parent, entry.left), (parent, entry.right)]);
            match entry.kind {
                Kind::Storage => open.push((at, entry.child)),
                Kind::Stream => {}
                Kind::Unused => continue,
            }
            inside.push((parent, at));
        }
        inside.sort_by(|a, b| {
            let name = |of: usize| self.entries.get(of).map(|entry| entry.name.as_str());
            (name(a.1), a.1).cmp(&(name(b.1), b.1))
        });
        for (parent, at) in inside {
            if let Some(parent) = self.entries.get_mut(parent) {
                parent.children.push(Id(at));
            }
        }
    }
}

/// The sectors from `start` on. Ends at the latest when every sector was seen once.
fn chain(table: &[u32], start: u32) -> impl Iterator<Item = u32> + '_ {
    let next = |id: &u32| table.get(*id as usize).copied().filter(|id| is_sector(*id));
    std::iter::successors(Some(start).filter(|id| is_sector(*id)), next).take(table.len())
}

fn is_sector(id: u32) -> bool {
    id <= GREATEST_SECTOR
}

/// One entry of the directory.
///
/// # Source
/// MS-CFB 2.6.1. The upper half of a length means nothing where sectors have 512 bytes.
fn entry(raw: &[u8], sector_len: usize) -> Entry {
    let field = |at: usize| word(raw, at).unwrap_or(u32::MAX);
    let name_len = usize::from(half_word(raw, 64).unwrap_or_default().min(64).saturating_sub(2));
    let upper = if sector_len == 512 { 0 } else { u64::from(field(124)) };
    Entry {
        name: utf_16(raw.get(..name_len).unwrap_or_default()),
        kind: match raw.get(66) {
            Some(1 | 5) => Kind::Storage,
            Some(2) => Kind::Stream,
            Some(_) | None => Kind::Unused,
        },
        left: field(68),
        right: field(72),
        child: field(76),
        start: field(116),
        len: upper << 32 | u64::from(field(120)),
        children: Vec::new(),
    }
}

fn cut(bytes: &[u8], len: usize) -> &[u8] {
    bytes.get(..len).unwrap_or(bytes)
}

/// The little-endian numbers of four bytes in a row.
fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks().0.iter().map(|raw| u32::from_le_bytes(*raw))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A little-endian number of two bytes.
fn half_word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
