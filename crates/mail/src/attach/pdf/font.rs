//! Codes of a font to characters and widths. Reads no font program: a font without a table of
//! characters and without a known encoding says nothing.
//!
//! # Source
//! ISO 32000-1, 9.6 to 9.10 and annex D (encodings); Adobe Glyph List for New Fonts 1.7 (the names).

use std::collections::HashMap;

use super::object::{Dict, File, Lexer, Object};

/// The most entries of a table of characters.
const ENTRIES: usize = 65_536;

/// A glyph of a string.
pub(super) struct Glyph<'f> {
    pub(super) text: &'f str,
    /// In thousandths of the type's size.
    pub(super) width: f32,
    /// The one-byte code 32, to which word space is added.
    pub(super) is_space: bool,
}

/// A font as far as reading needs it.
pub(super) struct Font {
    is_wide: bool,
    is_type3: bool,
    characters: HashMap<u32, String>,
    widths: HashMap<u32, f32>,
    default_width: f32,
}

impl Font {
    /// Reads a font's dictionary.
    pub(super) fn read(file: &File<'_>, font: &Object) -> Self {
        let font = super::dict(file, Some(font));
        let subtype = font.get("Subtype").and_then(Object::name).unwrap_or_default();
        let is_wide = subtype == "Type0";
        let mut out = Self {
            is_wide,
            is_type3: subtype == "Type3",
            characters: HashMap::new(),
            widths: HashMap::new(),
            default_width: if is_wide { 1000.0 } else { 500.0 },
        };
        if is_wide {
            out.read_wide_widths(file, &font);
        } else {
            out.read_encoding(file, &font);
            out.read_widths(file, &font);
        }
        if let Some(map) = font.get("ToUnicode")
            && let Some((_, bytes)) = file.stream(map)
        {
            out.read_map(&bytes);
        }
        out
    }

    /// Type 3 fonts may draw in any unit.
    pub(super) fn has_own_scale(&self) -> bool {
        self.is_type3
    }

    /// The glyphs of a string.
    pub(super) fn glyphs(&self, raw: &[u8]) -> Vec<Glyph<'_>> {
        let size = if self.is_wide { 2 } else { 1 };
        let code = |bytes: &[u8]| bytes.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let glyph = |bytes: &[u8]| {
            let code = code(bytes);
            Glyph {
                text: self.characters.get(&code).map_or("", String::as_str),
                width: self.widths.get(&code).copied().unwrap_or(self.default_width),
                is_space: size == 1 && code == 32,
            }
        };
        raw.chunks(size).map(glyph).collect()
    }

    fn read_encoding(&mut self, file: &File<'_>, font: &Dict) {
        let encoding = font.get("Encoding").map(|encoding| file.resolve(encoding));
        let (base, differences) = match &encoding {
            Some(Object::Name(name)) => (name.clone(), Vec::new()),
            Some(Object::Dict(dict)) => {
                let base = dict.get("BaseEncoding").and_then(Object::name).unwrap_or_default().to_owned();
                match dict.get("Differences").map(|list| file.resolve(list)) {
                    Some(Object::Array(list)) => (base, list),
                    Some(_) | None => (base, Vec::new()),
                }
            }
            Some(_) | None => (String::new(), Vec::new()),
        };
        for code in 32..=255_u8 {
            let c = if base == "MacRomanEncoding" { mac_roman(code) } else { windows_1252(code) };
            self.characters.extend(c.map(|c| (u32::from(code), c.to_string())));
        }
        let mut code = 0_u32;
        for item in &differences {
            match item {
                Object::Number(n) => code = n.clamp(0.0, 255.0) as u32,
                Object::Name(name) => {
                    self.characters.insert(code, glyph_text(name).unwrap_or_default());
                    code = (code + 1).min(255);
                }
                _ => {}
            }
        }
    }

    fn read_widths(&mut self, file: &File<'_>, font: &Dict) {
        let first = font.get("FirstChar").and_then(Object::number).unwrap_or(0.0).clamp(0.0, 255.0) as u32;
        if let Some(Object::Array(widths)) = font.get("Widths").map(|widths| file.resolve(widths)) {
            let numbers = widths.iter().take(256).map(|width| width.number().unwrap_or(500.0));
            self.widths.extend((first..).zip(numbers));
        }
    }

    fn read_wide_widths(&mut self, file: &File<'_>, font: &Dict) {
        let Some(Object::Array(below)) = font.get("DescendantFonts").map(|fonts| file.resolve(fonts)) else {
            return;
        };
        let below = super::dict(file, below.first());
        self.default_width = below.get("DW").and_then(Object::number).unwrap_or(1000.0);
        let Some(Object::Array(list)) = below.get("W").map(|list| file.resolve(list)) else { return };
        let mut items = list.iter();
        while let Some(first) = items.next().and_then(Object::number) {
            let first = first.clamp(0.0, 65_535.0) as u32;
            match items.next().map(|item| file.resolve(item)) {
                Some(Object::Array(widths)) => {
                    let numbers = widths.iter().take(ENTRIES).filter_map(Object::number);
                    self.widths.extend((first..).zip(numbers));
                }
                Some(Object::Number(last)) => {
                    let last = last.clamp(0.0, 65_535.0) as u32;
                    let width = items.next().and_then(Object::number).unwrap_or(self.default_width);
                    if self.widths.len() < ENTRIES {
                        self.widths.extend((first..=last).map(|code| (code, width)));
                    }
                }
                Some(_) | None => return,
            }
        }
    }

    /// A ToUnicode CMap.
    fn read_map(&mut self, bytes: &[u8]) {
        let mut lexer = Lexer::of_content(bytes);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(value) = lexer.value() {
            let Object::Word(word) = value else {
                operands.push(value);
                continue;
            };
            match word.as_str() {
                "endcodespacerange" => {
                    if let Some(Object::Text(code)) = operands.first() {
                        self.is_wide = code.len() > 1;
                    }
                }
                "endbfchar" => {
                    for pair in operands.chunks(2) {
                        if let [Object::Text(code), Object::Text(text)] = pair {
                            self.put(number(code), utf16(text));
                        }
                    }
                }
                "endbfrange" => {
                    for range in operands.chunks(3) {
                        if let [Object::Text(low), Object::Text(high), to] = range {
                            self.put_range(number(low), number(high), to);
                        }
                    }
                }
                _ => {}
            }
            operands.clear();
        }
    }

    fn put(&mut self, code: u32, text: String) {
        if self.characters.len() < ENTRIES {
            self.characters.insert(code, text);
        }
    }

    fn put_range(&mut self, low: u32, high: u32, to: &Object) {
        let codes = low..=high.min(low.saturating_add(0xffff));
        match to {
            Object::Text(first) => {
                let mut units = first.clone();
                for code in codes {
                    if self.characters.len() >= ENTRIES {
                        return;
                    }
                    self.put(code, utf16(&units));
                    // Only the last byte counts on, and carries once.
                    for byte in units.iter_mut().rev().take(2) {
                        *byte = byte.wrapping_add(1);
                        if *byte != 0 {
                            break;
                        }
                    }
                }
            }
            Object::Array(texts) => {
                for (code, text) in codes.zip(texts) {
                    if let Object::Text(text) = text {
                        self.put(code, utf16(text));
                    }
                }
            }
            _ => {}
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks(2).take(64).map(|pair| {
        let byte = |i: usize| u16::from(pair.get(i).copied().unwrap_or(0));
        if pair.len() == 1 { byte(0) } else { byte(0) << 8 | byte(1) }
    });
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
}

/// # Source
/// ISO 32000-1 annex D.2; the WHATWG index for 0x80 to 0x9F.
fn windows_1252(code: u8) -> Option<char> {
    const HIGH: &str = "€\u{0}‚ƒ„…†‡ˆ‰Š‹Œ\u{0}Ž\u{0}\u{0}‘’“”•–—˜™š›œ\u{0}žŸ";
    let c = match code {
        0x80..=0x9f => HIGH.chars().nth(usize::from(code - 0x80))?,
        code => char::from(code),
    };
    (!c.is_control()).then_some(c)
}

/// # Source
/// ISO 32000-1 annex D.2.
fn mac_roman(code: u8) -> Option<char> {
    const HIGH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{0}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
    let c = match code {
        0x80.. => HIGH.chars().nth(usize::from(code - 0x80))?,
        code => char::from(code),
    };
    (!c.is_control()).then_some(c)
}

/// What a glyph's name stands for.
fn glyph_text(name: &str) -> Option<String> {
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    let mut chars = base.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c.to_string());
    }
    if let Some((_, text)) = NAMES.iter().find(|(known, _)| *known == base) {
        return Some((*text).to_owned());
    }
    if let Some(hex) = base.strip_prefix("uni")
        && hex.len() >= 4
        && hex.len() % 4 == 0
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
    {
        let code = |chunk: &[u8]| u16::from_str_radix(std::str::from_utf8(chunk).ok()?, 16).ok();
        let units: Vec<u16> = hex.as_bytes().chunks(4).filter_map(code).collect();
        return String::from_utf16(&units).ok();
    }
    if let Some(hex) = base.strip_prefix('u')
        && (4..=6).contains(&hex.len())
    {
        return u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).map(String::from);
    }
    accented(base).map(String::from)
}

/// `eacute` and its like: a letter and the name of its mark.
fn accented(name: &str) -> Option<char> {
    use unicode_normalization::UnicodeNormalization;
    const MARKS: &[(&str, char)] = &[
        ("grave", '\u{300}'),
        ("acute", '\u{301}'),
        ("circumflex", '\u{302}'),
        ("tilde", '\u{303}'),
        ("macron", '\u{304}'),
        ("breve", '\u{306}'),
        ("dotaccent", '\u{307}'),
        ("dieresis", '\u{308}'),
        ("ring", '\u{30a}'),
        ("hungarumlaut", '\u{30b}'),
        ("caron", '\u{30c}'),
        ("cedilla", '\u{327}'),
        ("commaaccent", '\u{327}'),
        ("ogonek", '\u{328}'),
    ];
    let mut chars = name.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let (_, mark) = MARKS.iter().find(|(known, _)| *known == chars.as_str())?;
    [letter, *mark].iter().copied().nfc().next()
}

const NAMES: &[(&str, &str)] = &[
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("quotesinglbase", "‚"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("endash", "–"),
    ("emdash", "—"),
    ("bullet", "•"),
    ("ellipsis", "…"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("degree", "°"),
    ("plusminus", "±"),
    ("multiply", "×"),
    ("divide", "÷"),
    ("periodcentered", "·"),
    ("exclamdown", "¡"),
    ("questiondown", "¿"),
    ("cent", "¢"),
    ("sterling", "£"),
    ("yen", "¥"),
    ("Euro", "€"),
    ("euro", "€"),
    ("currency", "¤"),
    ("perthousand", "‰"),
    ("onequarter", "¼"),
    ("onehalf", "½"),
    ("threequarters", "¾"),
    ("onesuperior", "¹"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
    ("mu", "µ"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ff", "ff"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("germandbls", "ß"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("eth", "ð"),
    ("Eth", "Ð"),
    ("thorn", "þ"),
    ("Thorn", "Þ"),
    ("dcroat", "đ"),
    ("dotlessi", "ı"),
    ("fraction", "⁄"),
];
