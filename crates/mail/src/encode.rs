//! Text as mail carries it where only ASCII may stand: encoded words in a header, quoted-printable in a body.
//! Knows neither which fields there are nor what they say.
//!
//! # Source
//! RFC 2047 section 2 (encoded words), RFC 2045 section 6.7 (quoted-printable).

use std::fmt::Write as _;

use crate::base64;

/// The most bytes of text in one encoded word: 52 characters of base64, 64 with its frame, 73 behind
/// `Subject: `; a line with encoded words has at most 76.
const WORD_BYTES: usize = 39;
/// The longest line of quoted-printable, with its `=`.
const LINE: usize = 76;

/// The text as encoded words of UTF-8, cut between characters. White space between them, a fold too, is no part of it.
#[must_use]
pub fn encoded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(WORD_BYTES));
        words.push(format!("=?utf-8?B?{}?=", base64::encode(head.as_bytes())));
        rest = tail;
    }
    words
}

/// Writes one line without its end, over as many lines as it needs. No line begins with bytes of which `hides` says that they must
/// not stand there: a boundary, say, or what some transports change.
pub fn quoted_printable(out: &mut String, line: &str, hides: impl Fn(&[u8]) -> bool) {
    let (mut rest, mut column) = (line.as_bytes(), 0);
    while let Some((byte, after)) = rest.split_first() {
        let is_plain = match byte {
            b' ' | b'\t' => !after.is_empty(),
            b'=' => false,
            byte => byte.is_ascii_graphic(),
        };
        if column + if is_plain { 1 } else { 3 } > LINE - 1 {
            out.push_str("=\r\n");
            column = 0;
        }
        if is_plain && !(column == 0 && hides(rest)) {
            out.push(char::from(*byte));
            column += 1;
        } else {
            let _ = write!(out, "={byte:02X}");
            column += 3;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::{encoded_words, quoted_printable};

    #[test]
    fn no_word_and_no_line_is_too_long() {
        let text = "größer und weiter ".repeat(20);
        assert!(encoded_words(&text).iter().all(|word| word.len() <= 64 && word.is_ascii()));
        let mut out = String::new();
        quoted_printable(&mut out, &text, |_| false);
        assert!(out.split("\r\n").all(|line| line.len() <= 76), "{out}");
        assert!(out.ends_with("=20"), "{out}");
    }

    #[test]
    fn what_may_not_begin_a_line_is_hidden_there_and_behind_a_break() {
        let check = |line: &str, expect: &str| {
            let mut out = String::new();
            quoted_printable(&mut out, line, |rest| rest.starts_with(b"From ") || rest.starts_with(b"-"));
            assert_eq!(out, expect);
        };
        check("-a - b", "=2Da - b");
        check("From here, For you", "=46rom here, For you");
        let full = "x".repeat(75);
        check(&format!("{full}-a"), &format!("{full}=\r\n=2Da"));
        check(&format!("{full}From a"), &format!("{full}=\r\n=46rom a"));
    }
}
