//! What bytes show themselves to be, whatever their name or header claims. Reads the first bytes and
//! decodes nothing.
//!
//! # Source
//! The magic numbers of the formats' own specifications; WHATWG MIME Sniffing for the web formats.

use crate::outlook;

/// Bytes at a place, and the media type they show.
const MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, &outlook::MAGIC, "application/x-ole-storage"),
    (0, b"{\\rtf", "text/rtf"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"#!", "text/x-script"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"\0asm", "application/wasm"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
];

/// Names inside a zip that tell what it is.
const ZIPPED: &[(&[u8], &str)] = &[
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (b"mimetypeapplication/epub+zip", "application/epub+zip"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
];

/// How much of a zip is looked through for a name.
const ZIP_HEAD: usize = 64 * 1024;

/// The media type that the bytes show; `None` where they show none.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let at = |place: usize, magic: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") {
        let head = bytes.get(..bytes.len().min(ZIP_HEAD)).unwrap_or_default();
        let found = ZIPPED.iter().find(|(name, _)| memchr::memmem::find(head, name).is_some());
        return Some(found.map_or("application/zip", |(_, kind)| kind));
    }
    if let Some((_, _, kind)) = MAGIC.iter().find(|(place, magic, _)| at(*place, magic)) {
        return Some(kind);
    }
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |word: &[u8]| start.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word));
    if begins(b"<!doctype html") || begins(b"<html") {
        return Some("text/html");
    }
    if begins(b"<?xml") {
        let svg = memchr::memmem::find(head, b"<svg").is_some();
        return Some(if svg { "image/svg+xml" } else { "text/xml" });
    }
    if begins(b"<svg") {
        return Some("image/svg+xml");
    }
    // A PDF may stand behind a few bytes of something else; readers look for it.
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        return Some("application/pdf");
    }
    None
}

/// Whether the bytes read as text: no control bytes but line ends and tabs in their first part.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4_096)).unwrap_or_default();
    !head.is_empty()
        && head.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b))
}

#[cfg(test)]
mod tests {
    use super::{is_text, sniff};

    #[test]
    fn bytes_tell_what_they_are() {
        for (bytes, kind) in [
            (&b"%PDF-1.7\n"[..], Some("application/pdf")),
            (b"MZ\x90\0", Some("application/vnd.microsoft.portable-executable")),
            (
                b"PK\x03\x04\0\0word/document.xml",
                Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ),
            (b"PK\x03\x04\0\0a.txt", Some("application/zip")),
            (b"\n <!DOCTYPE HTML><p>", Some("text/html")),
            (b"RIFF\0\0\0\0WEBPVP8", Some("image/webp")),
            (b"hello", None),
            (b"", None),
        ] {
            assert_eq!(sniff(bytes), kind, "{bytes:?}");
        }
        assert!(is_text(b"a\nb") && !is_text(b"a\0b"));
    }
}
