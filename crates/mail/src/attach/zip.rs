//! One entry out of a zip, inside limits. Knows the directory at a zip's end and two methods (stored,
//! deflated); unpacks nothing to a disk and follows no name.
//!
//! # Source
//! PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. Written here because what is wanted is
//! one entry of known name with a limit on what it unfolds to: the sizes a directory claims are lies
//! in a bomb, so only the limit of the inflater counts.

/// The most entries of a directory that are looked at.
const ENTRIES: usize = 4_000;
/// How far before the end the directory's end record may stand, in bytes: a comment's greatest length.
const TAIL: usize = 65_557;

/// An entry of the directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'z> {
    /// The name as written; never a path.
    pub(crate) name: &'z [u8],
    method: u16,
    packed: usize,
    offset: usize,
}

/// The entries of a zip, in the directory's order; none where it has no directory.
pub(crate) fn entries(zip: &[u8]) -> Vec<Entry<'_>> {
    let tail_start = zip.len().saturating_sub(TAIL);
    let Some(end) = zip.get(tail_start..).and_then(|tail| memchr::memmem::rfind(tail, b"PK\x05\x06")) else {
        return Vec::new();
    };
    let mut at = number(zip, tail_start + end + 16, 4).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    while out.len() < ENTRIES {
        let Some(entry) = entry(zip, at) else { break };
        at = entry.1;
        out.push(entry.0);
    }
    out
}

/// The entry whose record stands at `at`, and where the next one stands.
fn entry(zip: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    if !zip.get(at..)?.starts_with(b"PK\x01\x02") {
        return None;
    }
    let field = |offset: usize, size: usize| number(zip, at.checked_add(offset)?, size);
    let (name_len, extra, comment) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
    let name = zip.get(at + 46..at + 46 + name_len)?;
    let method = u16::try_from(field(10, 2)?).ok()?;
    let entry = Entry { name, method, packed: field(20, 4)?, offset: field(42, 4)? };
    Some((entry, at + 46 + name_len + extra + comment))
}

/// The bytes of an entry, at most `limit` of them: what unfolds to more is cut there.
pub(crate) fn unpacked(zip: &[u8], entry: &Entry<'_>, limit: usize) -> Option<Vec<u8>> {
    let at = entry.offset;
    if !zip.get(at..)?.starts_with(b"PK\x03\x04") {
        return None;
    }
    let start = at + 30 + number(zip, at + 26, 2)? + number(zip, at + 28, 2)?;
    let rest = zip.get(start..)?;
    let packed = rest.get(..entry.packed.min(rest.len()))?;
    match entry.method {
        0 => Some(packed.get(..packed.len().min(limit))?.to_vec()),
        8 => Some(inflated(packed, limit)),
        _ => None,
    }
}

/// Raw deflate, up to `limit` bytes; damage ends it early.
pub(crate) fn inflated(packed: &[u8], limit: usize) -> Vec<u8> {
    match miniz_oxide::inflate::decompress_to_vec_with_limit(packed, limit) {
        Ok(bytes) => bytes,
        Err(error) => error.output,
    }
}

/// The same behind a zlib header, or without one where it is missing.
pub(crate) fn zlib_inflated(packed: &[u8], limit: usize) -> Vec<u8> {
    match miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, limit) {
        Ok(bytes) => bytes,
        Err(error) if error.output.is_empty() => inflated(packed.get(2..).unwrap_or_default(), limit),
        Err(error) => error.output,
    }
}

/// A little-endian number of `size` bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let raw = bytes.get(at..at.checked_add(size)?)?;
    Some(raw.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}
