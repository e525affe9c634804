//! A text folded for matching: lower case, one ASCII byte for each character, white space runs as
//! one space; with the way back to the bytes of the original.
//!
//! Rules are written once in plain letters and run on ASCII, which keeps the matcher fast. It must
//! never be shown or stored.

use postil_evidence::Span;

/// The byte that stands for a letter outside the Latin script.
const OTHER_LETTER: u8 = b'_';
/// The byte that stands for any other character.
const OTHER_SIGN: u8 = 1;

/// A folded text and the original offset of each of its bytes.
#[derive(Debug)]
pub(crate) struct Plain {
    ascii: String,
    at: Vec<usize>,
}

impl Plain {
    /// Folds the part of `text` under `span`. Offsets given back are those of `text`.
    pub(crate) fn of(text: &str, span: Span) -> Self {
        let part = span.of(text);
        let mut ascii = String::with_capacity(part.len());
        let mut at = Vec::with_capacity(part.len() + 1);
        for (offset, c) in part.char_indices() {
            if c.is_whitespace() {
                if !ascii.ends_with(' ') {
                    ascii.push(' ');
                    at.push(span.start + offset);
                }
                continue;
            }
            ascii.push(char::from(ascii_of(c)));
            at.push(span.start + offset);
        }
        at.push(span.start + part.len());
        Self { ascii, at }
    }

    /// The folded text; every byte is one character.
    pub(crate) fn text(&self) -> &str {
        &self.ascii
    }

    /// The original bytes of the folded range `start..end`.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let last = self.at.len().saturating_sub(1);
        let place = |i: usize| self.at.get(i.min(last)).copied().unwrap_or_default();
        Span::new(place(start), place(end))
    }
}

/// The folded form of a text on its own.
pub(crate) fn fold(text: &str) -> String {
    Plain::of(text, Span::new(0, text.len())).ascii
}

fn ascii_of(c: char) -> u8 {
    if let Ok(byte) = u8::try_from(c)
        && byte.is_ascii()
    {
        return byte.to_ascii_lowercase();
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    match lower {
        'à'..='å' | 'ā' | 'ą' | 'ă' | 'æ' => b'a',
        'ç' | 'ć' | 'č' => b'c',
        'ď' | 'đ' | 'ð' => b'd',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => b'e',
        'ğ' => b'g',
        'ì'..='ï' | 'ī' | 'ı' => b'i',
        'ł' => b'l',
        'ñ' | 'ń' | 'ň' => b'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'œ' => b'o',
        'ř' => b'r',
        'ß' | 'ś' | 'š' | 'ş' | 'ș' => b's',
        'ť' | 'ț' => b't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => b'u',
        'ý' | 'ÿ' => b'y',
        'ź' | 'ż' | 'ž' => b'z',
        '\u{2018}' | '\u{2019}' | '\u{2b9}' | '\u{b4}' => b'\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => b'"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => b'-',
        '\u{2026}' => b'.',
        '？' => b'?',
        '！' => b'!',
        '。' => b'.',
        '，' => b',',
        '：' => b':',
        '\u{2022}' => b'*',
        'º' | '°' => b'o',
        'ª' => b'a',
        _ if c.is_alphanumeric() => OTHER_LETTER,
        _ => OTHER_SIGN,
    }
}

#[cfg(test)]
mod tests {
    use super::Plain;
    use postil_evidence::Span;

    #[test]
    fn every_folded_place_leads_back() {
        let text = "Können  Sie\nmir  “März” – naïve 日本？";
        let plain = Plain::of(text, Span::new(0, text.len()));
        assert_eq!(plain.text(), "konnen sie mir \"marz\" - naive __?");
        let start = plain.text().find("sie mir").unwrap();
        assert_eq!(plain.span(start, start + 7).of(text), "Sie\nmir");
        assert_eq!(plain.span(0, plain.text().len()).of(text), text);
    }
}
