//! Folded text as words, numbers and signs, each word with what it may say about time.

use super::words::{Entry, entry};
use crate::plain::Plain;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// Digits.
    Number,
    /// One other character.
    Sign,
}

/// One token of folded text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'p> {
    pub(super) kind: Kind,
    pub(super) text: &'p str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) entry: Entry,
}

/// The tokens of `plain`, without spaces. A possessive "'s" is a token of its own.
pub(super) fn tokens(plain: &Plain) -> Vec<Token<'_>> {
    let text = plain.text();
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let run = |fits: fn(u8) -> bool| bytes.iter().skip(at).take_while(|b| fits(**b)).count();
        let (kind, length) = match byte {
            b' ' => {
                at += 1;
                continue;
            }
            b'0'..=b'9' => (Kind::Number, run(|b| b.is_ascii_digit())),
            b'a'..=b'z' | b'_' => {
                let mut length = run(|b| b.is_ascii_lowercase() || b == b'_' || b == b'\'');
                while bytes.get(at + length - 1) == Some(&b'\'') {
                    length -= 1;
                }
                let word = text.get(at..at + length).unwrap_or_default();
                if let Some(bare) = word.strip_suffix("'s")
                    && !bare.is_empty()
                {
                    length = bare.len();
                }
                (Kind::Word, length)
            }
            b'\''
                if matches!(bytes.get(at + 1..at + 3), Some([b's', next]) if !next.is_ascii_alphabetic())
                    || bytes.get(at + 1..) == Some(b"s") =>
            {
                (Kind::Word, 2)
            }
            _ => (Kind::Sign, 1),
        };
        let end = at + length;
        let word = text.get(at..end).unwrap_or_default();
        let entry = if kind == Kind::Word { entry(word) } else { Entry::default() };
        out.push(Token { kind, text: word, start: at, end, entry });
        at = end;
    }
    out
}
