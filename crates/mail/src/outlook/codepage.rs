//! Bytes in one of Windows' code pages to text. Knows their numbers, not what is written in them.

use mail_parser::decoders::charsets::map::charset_decoder;

/// The code page of Western Europe: what is meant where nothing is said.
pub(super) const WESTERN: u32 = 1_252;
/// UTF-8.
const UTF_8: u32 = 65_001;
/// UTF-16, the lower byte first.
const UTF_16: u32 = 1_200;

/// Decodes bytes. With no code page, or one that is not known: UTF-8 where they are that, else Western.
pub(super) fn decoded(bytes: &[u8], codepage: Option<u32>) -> String {
    if codepage == Some(UTF_16) {
        return utf_16(bytes);
    }
    let decoder = codepage.and_then(charset).and_then(|name| charset_decoder(name.as_bytes()));
    match (decoder, std::str::from_utf8(bytes)) {
        (Some(decoder), _) => decoder(bytes),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) if codepage == Some(UTF_8) => String::from_utf8_lossy(bytes).into_owned(),
        (None, Err(_)) => charset_decoder(b"windows-1252")
            .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decoder| decoder(bytes)),
    }
}

/// Decodes UTF-16, the lower byte first; half a character at the end is left out.
pub(super) fn utf_16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The charset of a code page; `None` for UTF-8 and for what is not known.
///
/// # Source
/// Microsoft, "Code Page Identifiers" (Win32).
fn charset(codepage: u32) -> Option<String> {
    let name = match codepage {
        850 => "cp850",
        866 => "cp866",
        874 => "dos-874",
        932 => "shift_jis",
        936 | 20_936 | 51_936 => "gbk",
        949 | 51_949 => "euc-kr",
        950 => "big5",
        1_250..=1_258 => return Some(format!("cp{codepage}")),
        10_000 => "macintosh",
        20_127 => "us-ascii",
        20_866 => "koi8-r",
        20_932 | 51_932 => "euc-jp",
        21_866 => "koi8-u",
        28_591..=28_606 => return Some(format!("iso-8859-{}", codepage - 28_590)),
        38_598 => "iso-8859-8-i",
        50_220..=50_222 => "iso-2022-jp",
        54_936 => "gb18030",
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{charset, charset_decoder, decoded, utf_16};

    #[test]
    fn every_known_page_has_a_decoder() {
        // ISO 8859-12 was never finished.
        for page in (0..66_000).filter(|page| *page != 28_602) {
            if let Some(name) = charset(page) {
                assert!(charset_decoder(name.as_bytes()).is_some(), "{page}: {name}");
            }
        }
    }

    #[test]
    fn bytes_are_read_in_their_page() {
        for (bytes, page, text) in [
            (&b"gr\xfc\xdfe"[..], Some(1_252), "grüße"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some(1_251), "Привет"),
            (b"\x93\xfa\x96\x7b", Some(932), "日本"),
            (b"\xef\xe5", Some(28_597), "οε"),
            (b"gr\xc3\xbc\xc3\x9fe", Some(65_001), "grüße"),
            (b"gr\xc3\xbc\xc3\x9fe", None, "grüße"),
            (b"gr\xfc\xdfe", None, "grüße"),
            (b"gr\xfc\xdfe", Some(3), "grüße"),
            (b"g\0r\0", Some(1_200), "gr"),
        ] {
            assert_eq!(decoded(bytes, page), text, "{page:?}");
        }
        assert_eq!(utf_16(b"a\0\x3d\xd8\x00\xdeb"), "a😀");
    }
}
