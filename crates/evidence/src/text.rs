//! Cleaning of untrusted text: characters that a person cannot see are taken out and counted.
//!
//! # Source
//! SECURITY.md T4; Unicode TR36 (security considerations) and TR51 (emoji sequences).

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// How many characters [`clean`] took out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Zero-width, tag, bidi, variation and soft-hyphen characters.
    pub invisible: usize,
    /// C0 and C1 controls except line feed and tab. A carriage return before a line feed is not counted.
    pub control: usize,
}

/// Returns `raw` in NFC without characters that hide text from a person's eye, and how many were
/// taken out. Line ends become `\n`. Joiners stay inside emoji and in scripts that need them;
/// variation selectors stay after an emoji base.
#[must_use]
pub fn clean(raw: &str) -> (String, Removed) {
    if raw.is_ascii() && !raw.bytes().any(|b| b == 0x7f || (b < 0x20 && b != b'\n' && b != b'\t')) {
        return (raw.to_owned(), Removed::default());
    }
    let mut removed = Removed::default();
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    let mut before = '\0';
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or('\0');
        match c {
            '\r' => {
                if after != '\n' {
                    out.push('\n');
                }
            }
            '\u{200c}' | '\u{200d}' => {
                if joins(before) && joins(after) {
                    out.push(c);
                } else {
                    removed.invisible += 1;
                }
            }
            '\u{fe0e}' | '\u{fe0f}' => {
                if takes_variation(before) {
                    out.push(c);
                } else {
                    removed.invisible += 1;
                }
            }
            _ if is_invisible(c) => removed.invisible += 1,
            '\n' | '\t' => out.push(c),
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            _ if c.is_control() => removed.control += 1,
            _ => out.push(c),
        }
        before = c;
    }
    if is_nfc_quick(out.chars()) != IsNormalized::Yes {
        out = out.nfc().collect();
    }
    (out, removed)
}

/// Characters with no glyph that serve to hide, reorder or fingerprint text.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
        | 0xFFF9..=0xFFFB | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Whether a joiner may stand beside `c`: emoji, variation selectors, and scripts that shape with
/// joiners (Arabic to Sinhala, Khmer, Mongolian).
fn joins(c: char) -> bool {
    matches!(u32::from(c), 0x600..=0xDFF | 0x1780..=0x18AF | 0xFE0F | 0xA980..=0xA9DF) || is_pictographic(c)
}

fn is_pictographic(c: char) -> bool {
    matches!(u32::from(c), 0x203C..=0x3299 | 0x1F000..=0x1FAFF)
}

fn takes_variation(c: char) -> bool {
    is_pictographic(c) || matches!(c, '0'..='9' | '#' | '*' | '\u{a9}' | '\u{ae}')
}

/// Folds runs of white space (line ends too) to single spaces and trims.
#[must_use]
pub fn fold_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Lower case without diacritics, for comparing names and words; never shown to anyone.
#[must_use]
pub fn fold_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'æ' | 'Æ' => out.push_str("ae"),
            '\u{2019}' => out.push('\''),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{clean, fold_case};

    #[test]
    fn hidden_characters_go_and_are_counted() {
        let (text, removed) = clean("pay\u{200b}ment\u{e0041}\u{202e} now\u{7}\r\nok");
        assert_eq!(text, "payment now\nok");
        assert_eq!((removed.invisible, removed.control), (3, 1));
    }

    #[test]
    fn joiners_that_scripts_and_emoji_need_stay() {
        for kept in ["👩\u{200d}💻", "❤\u{fe0f}", "می\u{200c}خواهم", "Grüße, 你好"] {
            assert_eq!(clean(kept).0, kept);
        }
    }

    #[test]
    fn no_code_point_that_hides_comes_through() {
        let hides = |c: char| {
            let code = u32::from(c);
            (c.is_control() && c != '\n' && c != '\t')
                || matches!(code, 0xE0000..=0xE007F | 0x200B | 0x200E..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069
                    | 0xFEFF | 0xFE00..=0xFE0D | 0xE0100..=0xE01EF | 0xAD)
        };
        for c in (0..=0x10_ffff_u32).filter_map(char::from_u32) {
            for text in
                [format!("a{c}b"), format!("{c}"), format!("👩{c}💻"), format!("ن{c}ن"), format!("क{c}ष")]
            {
                let out = clean(&text).0;
                assert!(!out.contains(hides), "{:x} in {text:?}", u32::from(c));
            }
        }
    }

    #[test]
    fn clean_lines_in_twenty_scripts_stay_as_they_are() {
        for line in [
            "The pump runs, doesn’t it? – “Yes.”",
            "Größe, œuvre, Łódź, İstanbul, Việt Nam",
            "Насос работает уже три дня.",
            "Η αντλία λειτουργεί κανονικά.",
            "המשאבה פועלת כבר שלושה ימים.",
            "المضخة تعمل منذ ثلاثة أيام، شكرًا.",
            "پمپ کار می\u{200c}کند و نمی\u{200c}ایستد.",
            "पंप चल रहा है, क्\u{200d}ष और क्\u{200c}ष।",
            "পাম্পটি তিন দিন ধরে চলছে।",
            "ਪੰਪ ਚੱਲ ਰਿਹਾ ਹੈ।",
            "પંપ ચાલી રહ્યો છે.",
            "பம்பு இயங்குகிறது.",
            "పంపు నడుస్తోంది.",
            "ಪಂಪ್ ಚಲಿಸುತ್ತಿದೆ.",
            "പമ്പ് പ്രവർത്തിക്കുന്നു.",
            "පොම්පය ක්\u{200d}රියා කරයි.",
            "ปั๊มทำงานมาสามวันแล้ว",
            "ປໍ້າເຮັດວຽກ",
            "ပန့်အလုပ်လုပ်နေသည်။",
            "ម៉ាស៊ីនបូមដំណើរការ។",
            "ポンプは動いています。",
            "水泵正在运行。",
            "펌프가 작동 중입니다.",
            "პომპა მუშაობს.",
            "Պոմպը աշխատում է։",
            "ፓምፑ እየሰራ ነው።",
            "👩\u{200d}💻 👍🏽 🏳\u{fe0f}\u{200d}🌈 ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
        ] {
            let (out, removed) = clean(line);
            assert_eq!((out.as_str(), removed), (line, super::Removed::default()));
        }
    }

    #[test]
    fn names_compare_without_accents() {
        assert_eq!(fold_case("Zoë Müller-Łukasz"), "zoe muller-lukasz");
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        for c in (0..=0x10_ffff_u32).filter_map(char::from_u32) {
            let once = clean(&format!("a{c}b")).0;
            assert_eq!(clean(&once).0, once, "{:x}", u32::from(c));
        }
    }
}
