//! The body that Outlook keeps as packed RTF: unpacked, and the HTML or the text that it was made from
//! taken out again. Knows of RTF what that needs; lays nothing out and follows nothing.
//!
//! # Source
//! MS-OXRTFCP (packing), MS-OXRTFEX (HTML and text inside RTF), the RTF specification 1.9.1 (words,
//! groups, characters).

use std::collections::HashMap;

use super::codepage::{WESTERN, decoded};

/// The most bytes of RTF that are unpacked, and of text that is taken out of it.
const LIMIT: usize = 16 * 1024 * 1024;
/// The deepest nesting of groups whose state is kept; those below share the state of the last.
const GROUPS: usize = 500;
/// The bytes from the start in which the RTF says what it was made from.
const HEAD: usize = 1_024;
/// The longest control word.
const WORD: usize = 32;

/// What the window of the unpacker holds at first.
///
/// # Source
/// MS-OXRTFCP 2.1.2.1.
const WINDOW: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// The length of that window.
const WINDOW_LEN: usize = 4_096;

/// Groups that hold no text of the message, apart from those that say so by `\*`.
const WITHOUT_TEXT: &[&str] = &[
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "nonshppict",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "xe",
    "tc",
    "rxe",
    "filetbl",
    "revtbl",
];

/// What was taken out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// The HTML it was made from.
    Html(String),
    /// The words alone.
    Text(String),
}

/// The content of a packed body; `None` where it is none.
pub(super) fn content(packed: &[u8]) -> Option<Content> {
    let rtf = unpacked(packed)?;
    if !rtf.trim_ascii_start().starts_with(b"{\\rtf") {
        return None;
    }
    let head = rtf.get(..HEAD).unwrap_or(&rtf);
    let from_html = memchr::memmem::find(head, b"\\fromhtml1").is_some();
    let out = Reader::new(&rtf, from_html).read();
    Some(if from_html { Content::Html(out) } else { Content::Text(out) })
}

/// Unpacks. What is damaged ends early; the check sum is not looked at, since half a text is better
/// than none.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(*packed.get(4..)?.first_chunk()?) as usize;
    let size = size.min(LIMIT);
    let rest = packed.get(16..)?;
    match packed.get(8..12)? {
        b"MELA" => Some(rest.get(..size).unwrap_or(rest).to_vec()),
        b"LZFu" => Some(unfolded(rest, size)),
        _ => None,
    }
}

fn unfolded(packed: &[u8], size: usize) -> Vec<u8> {
    let mut window = [b' '; WINDOW_LEN];
    for (byte, first) in window.iter_mut().zip(WINDOW) {
        *byte = *first;
    }
    let mut at = WINDOW.len();
    let mut out = Vec::new();
    let mut put = |window: &mut [u8; WINDOW_LEN], at: &mut usize, byte: u8| {
        if let Some(place) = window.get_mut(*at) {
            *place = byte;
        }
        *at = (*at + 1) % WINDOW_LEN;
        out.push(byte);
        out.len() < size
    };
    let mut bytes = packed.iter().copied();
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(byte) = bytes.next() else { break 'all };
            if control >> bit & 1 == 0 {
                if !put(&mut window, &mut at, byte) {
                    break 'all;
                }
                continue;
            }
            let Some(low) = bytes.next() else { break 'all };
            let from = usize::from(byte) << 4 | usize::from(low >> 4);
            if from == at {
                break 'all;
            }
            for step in 0..usize::from(low & 15) + 2 {
                let copied = window.get((from + step) % WINDOW_LEN).copied().unwrap_or(b' ');
                if !put(&mut window, &mut at, copied) {
                    break 'all;
                }
            }
        }
    }
    out
}

/// What a group is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Text of the message.
    Text,
    /// A piece of the HTML it was made from.
    Tag,
    /// The list of fonts.
    Fonts,
    /// Nothing that is shown.
    Nothing,
}

/// The state that a group has of its own.
#[derive(Clone, Copy, Debug)]
struct Group {
    place: Place,
    /// Between `\htmlrtf` and `\htmlrtf0`: RTF for those who know no HTML.
    rtf_only: bool,
    codepage: u32,
    /// How many characters after `\u` stand for the same letter.
    stand_ins: usize,
}

struct Reader<'r> {
    rtf: &'r [u8],
    at: usize,
    from_html: bool,
    group: Group,
    outer: Vec<Group>,
    /// Groups that are open below the deepest one whose state is kept.
    deeper: usize,
    /// The code page of the whole.
    codepage: u32,
    fonts: HashMap<i32, u32>,
    font: i32,
    default_font: i32,
    /// `\*` stood before the next word.
    is_optional: bool,
    /// Stand-ins of the last `\u` that are still to come.
    skip: usize,
    /// The first half of a letter outside the first plane.
    half: Option<u16>,
    /// Bytes that are not decoded yet, and their code page.
    bytes: Vec<u8>,
    bytes_codepage: u32,
    out: String,
}

impl<'r> Reader<'r> {
    fn new(rtf: &'r [u8], from_html: bool) -> Self {
        Self {
            rtf,
            at: 0,
            from_html,
            group: Group { place: Place::Text, rtf_only: false, codepage: WESTERN, stand_ins: 1 },
            outer: Vec::new(),
            deeper: 0,
            codepage: WESTERN,
            fonts: HashMap::new(),
            font: 0,
            default_font: 0,
            is_optional: false,
            skip: 0,
            half: None,
            bytes: Vec::new(),
            bytes_codepage: WESTERN,
            out: String::new(),
        }
    }

    fn read(mut self) -> String {
        while let Some(byte) = self.next() {
            if self.out.len() > LIMIT {
                break;
            }
            match byte {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        self.decode();
        self.out
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.rtf.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn open(&mut self) {
        self.skip = 0;
        self.is_optional = false;
        if self.outer.len() < GROUPS {
            self.outer.push(self.group);
        } else {
            self.deeper += 1;
        }
    }

    fn close(&mut self) {
        self.skip = 0;
        self.is_optional = false;
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(group) = self.outer.pop() {
            self.group = group;
        }
    }

    fn is_shown(&self) -> bool {
        match self.group.place {
            Place::Text => !self.group.rtf_only,
            Place::Tag => true,
            Place::Fonts | Place::Nothing => false,
        }
    }

    /// A byte of text.
    fn byte(&mut self, byte: u8) {
        self.is_optional = false;
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        if !self.is_shown() {
            return;
        }
        // Tags are in the code page of the whole, whatever the font.
        let codepage = if self.group.place == Place::Tag { self.codepage } else { self.group.codepage };
        if codepage != self.bytes_codepage {
            self.decode();
            self.bytes_codepage = codepage;
        }
        self.bytes.push(byte);
    }

    fn decode(&mut self) {
        self.half = None;
        if !self.bytes.is_empty() {
            self.out.push_str(&decoded(&self.bytes, Some(self.bytes_codepage)));
            self.bytes.clear();
        }
    }

    /// Text of our own for a control word.
    fn shown(&mut self, html: &str, text: &str) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.is_shown() {
            self.decode();
            self.out.push_str(if self.from_html { html } else { text });
        }
    }

    fn control(&mut self) {
        let Some(first) = self.next() else { return };
        if first.is_ascii_alphabetic() {
            self.at -= 1;
            return self.word();
        }
        match first {
            b'\'' => {
                let digit = |at: usize| self.rtf.get(at).and_then(|byte| char::from(*byte).to_digit(16));
                if let (Some(high), Some(low)) = (digit(self.at), digit(self.at + 1)) {
                    self.at += 2;
                    self.byte(u8::try_from(high << 4 | low).unwrap_or(b'?'));
                }
            }
            b'*' => self.is_optional = true,
            b'\\' | b'{' | b'}' => self.byte(first),
            b'~' => self.shown("&nbsp;", "\u{a0}"),
            b'_' => self.shown("&shy;", "-"),
            b'\r' | b'\n' => self.shown("\r\n", "\n"),
            _ => {}
        }
    }

    fn word(&mut self) {
        let rest = self.rtf.get(self.at..).unwrap_or_default();
        let len = rest.iter().take(WORD).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let name = std::str::from_utf8(rest.get(..len).unwrap_or_default()).unwrap_or_default();
        let rest = rest.get(len..).unwrap_or_default();
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(rest.get(..sign + digits).unwrap_or_default()).unwrap_or_default();
        let number: Option<i32> = number.parse().ok();
        let used = if digits > 0 { sign + digits } else { 0 };
        self.at += len + used + usize::from(rest.get(used) == Some(&b' '));
        let is_optional = std::mem::take(&mut self.is_optional);
        self.act(name, number, is_optional);
    }

    fn act(&mut self, name: &str, number: Option<i32>, is_optional: bool) {
        match name {
            "htmltag" if is_optional && self.from_html => {
                self.group.place = match self.group.place {
                    Place::Text => Place::Tag,
                    // What stands where nothing is shown is not shown for being a tag.
                    place @ (Place::Tag | Place::Fonts | Place::Nothing) => place,
                };
            }
            "htmlrtf" if self.from_html => self.group.rtf_only = number != Some(0),
            // The number of an item of a list, which HTML makes of its own.
            "pntext" | "listtext" if self.from_html => self.enter(Place::Nothing),
            "fonttbl" => self.enter(Place::Fonts),
            _ if is_optional || WITHOUT_TEXT.contains(&name) => self.enter(Place::Nothing),
            "ansicpg" => {
                self.codepage = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(WESTERN);
                self.group.codepage = self.codepage;
            }
            "deff" => self.default_font = number.unwrap_or_default(),
            "f" => {
                self.font = number.unwrap_or_default();
                if self.group.place != Place::Fonts {
                    self.group.codepage = self.fonts.get(&self.font).copied().unwrap_or(self.codepage);
                }
            }
            "fcharset" if self.group.place == Place::Fonts => {
                if let Some(codepage) = number.and_then(codepage_of_charset) {
                    self.fonts.insert(self.font, codepage);
                }
            }
            "plain" => {
                self.group.codepage = self.fonts.get(&self.default_font).copied().unwrap_or(self.codepage);
            }
            "uc" => self.group.stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(9),
            "u" => self.letter(number.unwrap_or_default()),
            "bin" => {
                self.at = self.at.saturating_add(number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
            }
            "par" | "line" => self.shown("\r\n", "\n"),
            "row" if !self.from_html => self.shown("", "\n"),
            "tab" => self.shown("\t", "\t"),
            "cell" if !self.from_html => self.shown("", "\t"),
            "lquote" => self.shown("&lsquo;", "‘"),
            "rquote" => self.shown("&rsquo;", "’"),
            "ldblquote" => self.shown("&ldquo;", "“"),
            "rdblquote" => self.shown("&rdquo;", "”"),
            "bullet" => self.shown("&bull;", "•"),
            "endash" => self.shown("&ndash;", "–"),
            "emdash" => self.shown("&mdash;", "—"),
            "emspace" => self.shown("&emsp;", "\u{2003}"),
            "enspace" => self.shown("&ensp;", "\u{2002}"),
            _ => {}
        }
    }

    /// The group turns out to be no text.
    fn enter(&mut self, place: Place) {
        if self.group.place != Place::Nothing {
            self.group.place = place;
        }
    }

    /// `\u`: one unit of UTF-16, negative above 32,767.
    fn letter(&mut self, number: i32) {
        let unit = u16::try_from(if number < 0 { number + 65_536 } else { number }).unwrap_or(0xfffd);
        self.skip = 0;
        if self.is_shown() {
            let half = self.half.take();
            self.decode();
            match (half, unit) {
                (_, 0xd800..=0xdbff) => self.half = Some(unit),
                (Some(half), 0xdc00..=0xdfff) => {
                    self.out.extend(char::decode_utf16([half, unit]).filter_map(Result::ok));
                }
                (_, unit) => {
                    self.out.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
            }
        }
        self.skip = self.group.stand_ins;
    }
}

/// The code page of a font's character set; `None` where it is that of the whole.
///
/// # Source
/// The RTF specification 1.9.1, "Font Table" (`\fcharset`).
fn codepage_of_charset(charset: i32) -> Option<u32> {
    Some(match charset {
        0 => WESTERN,
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1_253,
        162 => 1_254,
        163 => 1_258,
        177 => 1_255,
        178 => 1_256,
        186 => 1_257,
        204 => 1_251,
        222 => 874,
        238 => 1_250,
        255 => 850,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
