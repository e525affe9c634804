//! Folded text as words, numbers and signs.

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
}

/// The tokens of `plain`, without spaces.
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
                (Kind::Word, length)
            }
            _ => (Kind::Sign, 1),
        };
        let end = at + length;
        out.push(Token { kind, text: text.get(at..end).unwrap_or_default(), start: at, end });
        at = end;
    }
    out
}
