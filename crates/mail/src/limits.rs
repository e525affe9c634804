//! The limits of the border: what a mail may cost, checked by one linear look at its bytes before
//! any parser sees them. Knows nothing of what a mail says and never fails.
//!
//! # Source
//! SECURITY.md T12, T13 and M2. mail-parser 0.11.9 keeps nested `message/rfc822` parts as nested
//! values, so 50,000 of them overflow a 2 MB stack when they are dropped; it merges RFC 2231
//! continuations by repeated copying. [`disarmed`] takes nesting away, [`over`] the rest.

use std::borrow::Cow;

/// The largest message that is parsed, in bytes.
pub(crate) const MESSAGE: usize = 50 * 1024 * 1024;
/// The largest header block, in bytes.
pub(crate) const HEADER_BLOCK: usize = 256 * 1024;
/// The most lines of a header block.
const HEADER_LINES: usize = 1_000;
/// The longest line anywhere, in bytes.
const LINE: usize = 1024 * 1024;
/// The deepest nesting of parts.
const NESTING: usize = 20;
/// The most parts.
const PARTS: usize = 500;
/// The longest Content-* field of any part, in bytes.
const PART_FIELD: usize = 64 * 1024;
/// The most RFC 2231 continuations in one message.
const CONTINUATIONS: usize = 1_000;
/// The most bytes that searches for boundaries may touch: parts that claim a boundary times size.
const BOUNDARY_WORK: usize = 4 * 1024 * 1024 * 1024;
/// The most boundaries that one field is taken to name.
const BOUNDARIES: usize = 4;
/// The most lines that look like boundaries where no boundary is known.
const DASH_LINES: usize = 100_000;

/// The longest field name that is looked at, white space left out.
const NAME: usize = 64;

/// Where the value of each field begins whose name starts with `Content-`, wherever it stands: a nested
/// part's as well, or one that follows a boundary on its line. The parser takes a name with white space
/// inside for the name without it (`Content-Typ e:`), so it is left out here as well.
fn part_fields(raw: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut before = 0;
    memchr::memchr_iter(b':', raw).filter_map(move |colon| {
        let start = std::mem::replace(&mut before, colon + 1);
        let run = raw.get(start..colon).unwrap_or_default();
        let run = run.get(memchr::memrchr(b'\n', run).map_or(0, |at| at + 1)..).unwrap_or_default();
        is_part_field(run).then_some(colon + 1)
    })
}

/// Whether the bytes before a colon end in such a name.
fn is_part_field(run: &[u8]) -> bool {
    const PREFIX: &[u8] = b"content-";
    // A dash stands in every such name, and seldom elsewhere.
    if memchr::memchr(b'-', run).is_none() {
        return false;
    }
    let letters = run.iter().rev().filter(|byte| !byte.is_ascii_whitespace());
    let mut name: Vec<u8> = letters
        .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-')
        .take(NAME)
        .map(u8::to_ascii_lowercase)
        .collect();
    name.reverse();
    memchr::memmem::find(&name, PREFIX).is_some_and(|at| name.len() > at + PREFIX.len() + 1)
}

/// The end of the header block: the first byte of its last line end, or the whole length.
pub(crate) fn header_end(raw: &[u8]) -> usize {
    let mut start = 0;
    while let Some(offset) = position(raw, start, b'\n') {
        let next = raw.get(offset + 1..).unwrap_or_default();
        if next.starts_with(b"\n") || next.starts_with(b"\r\n") || next.is_empty() {
            return offset + 1;
        }
        start = offset + 1;
    }
    raw.len()
}

/// Which limit `raw` is over, if any, in words.
pub(crate) fn over(raw: &[u8]) -> Option<String> {
    if raw.len() > MESSAGE {
        return Some(format!("{} bytes, more than {MESSAGE}", raw.len()));
    }
    let block = header_end(raw);
    if block > HEADER_BLOCK {
        return Some(format!("header block of {block} bytes, more than {HEADER_BLOCK}"));
    }
    let header = raw.get(..block).unwrap_or_default();
    if memchr::memchr_iter(b'\n', header).count() > HEADER_LINES {
        return Some(format!("more than {HEADER_LINES} header lines"));
    }
    over_lines(raw).or_else(|| over_parts(raw))
}

/// A line that is too long.
fn over_lines(raw: &[u8]) -> Option<String> {
    if raw.len() <= LINE {
        return None;
    }
    let long = raw.split(|byte| *byte == b'\n').any(|line| line.len() > LINE);
    long.then(|| format!("a line of more than {LINE} bytes"))
}

/// Too many parts, too deep, or fields that are built to cost time.
fn over_parts(raw: &[u8]) -> Option<String> {
    let (mut multiparts, mut continuations) = (0, 0);
    let mut boundaries: Vec<&[u8]> = Vec::new();
    let mut done = 0;
    for start in part_fields(raw) {
        if start < done {
            // A colon inside a folded field: the field is counted once.
            continue;
        }
        done = field_end(raw, start);
        let field = raw.get(start..done).unwrap_or_default();
        if field.len() > PART_FIELD {
            return Some(format!("a Content field of {} bytes, more than {PART_FIELD}", field.len()));
        }
        continuations += field.windows(2).filter(|w| w.first() == Some(&b'*') && is_digit(w.get(1))).count();
        let found = find_words(field, b"boundary");
        multiparts += found.len();
        for boundary in found.iter().take(BOUNDARIES).filter_map(|at| boundary_at(field, *at)) {
            if boundaries.len() < PARTS && !boundaries.contains(&boundary) {
                boundaries.push(boundary);
            }
        }
    }
    if continuations > CONTINUATIONS {
        return Some(format!("more than {CONTINUATIONS} continued parameters"));
    }
    if multiparts > PARTS || multiparts.saturating_mul(raw.len()) > BOUNDARY_WORK {
        return Some(format!("{multiparts} multiparts"));
    }
    over_boundaries(raw, &boundaries)
}

/// Counts boundary lines, and how deep their boundaries stand in each other.
fn over_boundaries(raw: &[u8], boundaries: &[&[u8]]) -> Option<String> {
    let (mut parts, mut dashes) = (0, 0);
    let mut open: Vec<&[u8]> = Vec::new();
    let mut start = 0;
    while let Some(at) = find_dashes(raw, start) {
        start = at + 2;
        dashes += 1;
        let rest = raw.get(at + 2..).unwrap_or_default();
        // The longest match: "b1" must not be taken for the start of "b10".
        let known = boundaries.iter().filter(|b| rest.starts_with(b)).max_by_key(|b| b.len());
        let Some(boundary) = known else { continue };
        let closes = rest.get(boundary.len()..).is_some_and(|tail| tail.starts_with(b"--"));
        if let Some(depth) = open.iter().position(|b| b == boundary) {
            open.truncate(depth + usize::from(!closes));
        } else if !closes {
            open.push(boundary);
        }
        parts += usize::from(!closes);
        if open.len() > NESTING {
            return Some(format!("parts nested deeper than {NESTING}"));
        }
        if parts > PARTS {
            return Some(format!("more than {PARTS} parts"));
        }
    }
    (dashes > DASH_LINES).then(|| format!("more than {DASH_LINES} lines that begin with dashes"))
}

/// The next `--` at the start of a line.
fn find_dashes(raw: &[u8], mut start: usize) -> Option<usize> {
    if start == 0 && raw.starts_with(b"--") {
        return Some(0);
    }
    while let Some(offset) = position(raw, start, b'\n') {
        if raw.get(offset + 1..).is_some_and(|rest| rest.starts_with(b"--")) {
            return Some(offset + 1);
        }
        start = offset + 1;
    }
    None
}

/// Takes the nesting out of a message: media types `message/*` and `multipart/digest` are written
/// with another letter, so that the parser treats such parts as plain attachments and never nests.
/// [`rearmed`] gives the letter back. Borrowed where there was nothing to change.
pub(crate) fn disarmed(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(raw);
    let mut done = 0;
    let mut fields = part_fields(raw).peekable();
    while let Some(start) = fields.next() {
        if start < done {
            continue;
        }
        done = field_end(raw, start);
        let field = raw.get(start..done).unwrap_or_default();
        // Another name inside a folded field: nobody knows where its type ends.
        let folded = fields.peek().is_some_and(|next| *next < done);
        let comment = folded || field.iter().take_while(|byte| **byte != b';').any(|byte| *byte == b'(');
        let type_end = if comment { field.len() } else { position(field, 0, b';').unwrap_or(field.len()) };
        for word in [&b"message"[..], b"digest"] {
            for at in find_words(field.get(..type_end).unwrap_or_default(), word) {
                if let Some(letter) = out.to_mut().get_mut(start + at + word.len() - 1) {
                    *letter = DISARMED;
                }
            }
        }
    }
    out
}

/// The byte that stands for the last letter of a disarmed word.
const DISARMED: u8 = 0x1a;

/// Undoes [`disarmed`] in decoded text.
pub(crate) fn rearmed(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1a}') {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_owned();
    for (changed, word) in [("messag\u{1a}", "message"), ("diges\u{1a}", "digest")] {
        out = out.replace(changed, word);
    }
    Cow::Owned(out)
}

/// Undoes [`disarmed`] in the bytes of a part.
pub(crate) fn rearmed_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(bytes);
    let mut from = 0;
    while let Some(at) = position(bytes, from, DISARMED) {
        from = at + 1;
        let before = bytes.get(..at).unwrap_or_default();
        let letter = [(&b"messag"[..], b'e'), (b"diges", b't')].into_iter().find(|(word, _)| {
            before
                .len()
                .checked_sub(word.len())
                .and_then(|start| before.get(start..))
                .is_some_and(|b| b.eq_ignore_ascii_case(word))
        });
        if let Some((_, letter)) = letter
            && let Some(byte) = out.to_mut().get_mut(at)
        {
            *byte = letter;
        }
    }
    out
}

fn find_words(field: &[u8], word: &[u8]) -> Vec<usize> {
    let windows = field.windows(word.len()).enumerate();
    windows.filter(|(_, window)| window.eq_ignore_ascii_case(word)).map(|(at, _)| at).collect()
}

/// The end of a field with its continuation lines.
fn field_end(raw: &[u8], mut start: usize) -> usize {
    while let Some(offset) = position(raw, start, b'\n') {
        match raw.get(offset + 1) {
            Some(b' ' | b'\t') => start = offset + 1,
            Some(_) | None => return offset,
        }
    }
    raw.len()
}

/// The value of the `boundary=` that stands at `at` in a Content-Type field.
fn boundary_at(field: &[u8], at: usize) -> Option<&[u8]> {
    let rest = field.get(at + 8..)?;
    let value = rest.get(position(rest, 0, b'=')? + 1..)?.trim_ascii_start();
    let (value, end): (&[u8], fn(&u8) -> bool) = match value.strip_prefix(b"\"") {
        Some(quoted) => (quoted, |byte| *byte == b'"'),
        None => (value, |byte| byte.is_ascii_whitespace() || *byte == b';'),
    };
    let len = value.iter().position(end).unwrap_or(value.len());
    value.get(..len).filter(|boundary| !boundary.is_empty())
}

fn position(bytes: &[u8], start: usize, byte: u8) -> Option<usize> {
    memchr::memchr(byte, bytes.get(start..)?).map(|at| at + start)
}

fn is_digit(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::{disarmed, over, rearmed};

    fn check(raw: &str, limit: Option<&str>) {
        let found = over(raw.as_bytes());
        match limit {
            None => assert_eq!(found, None),
            Some(words) => assert!(found.as_deref().is_some_and(|f| f.contains(words)), "{found:?}"),
        }
    }

    #[test]
    fn each_limit_is_named() {
        check("Subject: x\n\nhello\n", None);
        check(&format!("{}\nhello", "X-A: b\n".repeat(1_001)), Some("header lines"));
        check(&format!("X: {}\n\nhello", "a".repeat(300_000)), Some("header block"));
        check(&format!("X: a\n\n{}", "a".repeat(1_100_000)), Some("a line"));
        let parts = "--b\n\nx\n".repeat(501);
        check(&format!("Content-Type: multipart/mixed; boundary=b\n\n{parts}"), Some("more than 500 parts"));
        let deep: String = (0..30)
            .map(|i| format!("Content-Type: multipart/mixed; boundary=\"q{i}x\"\n\n--q{i}x\n"))
            .collect();
        check(&deep, Some("nested deeper"));
        let pieces: String = (0..1_100).map(|i| format!(" a*{i}=x;\n")).collect();
        check(&format!("Subject: x\n\n--b\nContent-Type: text/plain;\n{pieces}\n"), Some("continued"));
    }

    #[test]
    fn nesting_is_taken_out_and_words_come_back() {
        let raw = b"Content-Type:\r\n (a;b) MESSAGE/rfc822\r\n\r\nmessage/rfc822 stays";
        let out = disarmed(raw);
        assert!(!out.windows(8).take(40).any(|w| w.eq_ignore_ascii_case(b"message/")));
        assert!(out.ends_with(b"message/rfc822 stays"));
        assert_eq!(rearmed("messag\u{1a}/rfc822"), "message/rfc822");
        for odd in [
            "C o n\tt\re n t - T y p e :message/rfc822",
            "::Content-Type:\n message/rfc822",
            "--bContent-Type : message/x",
        ] {
            assert_eq!(disarmed(odd.as_bytes()).iter().filter(|b| **b == 0x1a).count(), 1, "{odd}");
        }
        assert!(matches!(disarmed(b"Content-Type: text/plain\n\nx"), std::borrow::Cow::Borrowed(_)));
    }
}
