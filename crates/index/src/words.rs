//! How text becomes the words that are indexed and looked for; the same for both.
//!
//! A word is a run of letters and digits, in lower case and without accents, so `maya@northwind.example`
//! is three words and each finds it. English endings are taken off ASCII words of four letters and more, and forms that no
//! ending tells ("chosen") become their base.
//! Scripts without spaces between words are cut into overlapping pairs of characters.
//!
//! # Source
//! Word borders follow Unicode's alphabetic property (UAX 44); pairs for Han, kana and Hangul are the
//! method of Nie, Gao, Zhang, Zhou (IRAL 2000). Endings: the Snowball English stemmer. Other forms: `table/irregular.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use postil_evidence::text::fold_case;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};

/// Longer runs are encoded data, not words, in bytes.
const LONGEST_WORD: usize = 64;
/// Shorter words keep their ending.
const SHORTEST_STEMMED: usize = 4;
/// How many stems one tokenizer remembers; the words of a mailbox's daily use.
const REMEMBERED_STEMS: usize = 20_000;

static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| bases(include_str!("../table/irregular.txt")));

/// Every form of the lines with its base, which stands last.
fn bases(text: &'static str) -> HashMap<&'static str, &'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let split = lines.filter_map(|line| line.rsplit_once(' '));
    split.flat_map(|(forms, base)| forms.split(' ').map(move |form| (form, base))).collect()
}

/// The words of `text` in order.
pub fn words(text: &str) -> Vec<String> {
    let mut tokenizer = WordTokenizer::default();
    let mut out = Vec::new();
    let mut stream = tokenizer.token_stream(text);
    while let Some(token) = stream.next() {
        out.push(token.text.clone());
    }
    out
}

/// The words of `text` in order, each with its ending and as [`words`] gives it.
pub(crate) fn words_and_tokens(text: &str) -> Vec<(String, String)> {
    let (mut cutter, mut word, mut stems) = (Cutter::new(text), String::new(), Stems::default());
    let mut out = Vec::new();
    while cutter.next_into(&mut word) {
        let mut token = word.clone();
        stems.apply(&mut token);
        out.push((word.clone(), token));
    }
    out
}

/// Shows every word of `text` with its ending, in order, until `use_it` says false.
pub(crate) fn each_plain_word(text: &str, mut use_it: impl FnMut(&str) -> bool) {
    let (mut cutter, mut word) = (Cutter::new(text), String::new());
    while cutter.next_into(&mut word) && use_it(&word) {}
}

/// Cuts text into folded, unstemmed words.
struct Cutter<'t> {
    text: &'t str,
    /// The next byte to look at; always on a `char` boundary.
    at: usize,
    /// Where the last word ended.
    last_end: usize,
    /// Whether the character at `at` already stands in an emitted pair.
    paired: bool,
}

impl<'t> Cutter<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0, last_end: usize::MAX, paired: false }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() { Some(char::from(byte)) } else { self.text.get(at..)?.chars().next() }
    }

    /// Puts the next word into `out`; false at the end.
    fn next_into(&mut self, out: &mut String) -> bool {
        out.clear();
        let mut glued = false;
        while let Some(c) = self.char_at(self.at) {
            if in_pairs(c) {
                if self.take_pair(c, out) {
                    return true;
                }
            } else if c.is_alphanumeric() {
                self.take_word(out);
                // "don't" and "Maya's" leave "don" and "Maya".
                let remnant = glued && matches!(out.as_str(), "s" | "t" | "d" | "m" | "ll" | "re" | "ve");
                if !out.is_empty() && out.len() <= LONGEST_WORD && !remnant {
                    return true;
                }
                out.clear();
                glued = false;
            } else {
                glued = (c == '\'' || c == '\u{2019}') && self.at == self.last_end;
                self.at += c.len_utf8();
            }
        }
        false
    }

    /// Emits the character with its neighbour, or alone where the run is that one character.
    fn take_pair(&mut self, c: char, out: &mut String) -> bool {
        self.at += c.len_utf8();
        match self.char_at(self.at).filter(|next| in_pairs(*next)) {
            Some(next) => {
                out.push(c);
                out.push(next);
                self.paired = true;
                true
            }
            None if self.paired => {
                self.paired = false;
                false
            }
            None => {
                out.push(c);
                true
            }
        }
    }

    fn take_word(&mut self, out: &mut String) {
        let (start, mut ascii) = (self.at, true);
        while let Some(c) = self.char_at(self.at) {
            if c.is_ascii_alphanumeric() || (c == ',' && self.is_thousands_comma()) {
                self.at += 1;
            } else if !c.is_ascii() && (c.is_alphanumeric() || inside_word(c)) && !in_pairs(c) {
                ascii = false;
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        self.last_end = self.at;
        let word = self.text.get(start..self.at).unwrap_or_default();
        if ascii {
            out.extend(word.bytes().filter(|b| *b != b',').map(|b| char::from(b.to_ascii_lowercase())));
        } else {
            out.push_str(&fold_case(word));
            out.retain(|c| c != ',');
        }
    }

    /// Whether the comma at `at` stands between a digit and exactly three digits: `1,200`.
    fn is_thousands_comma(&self) -> bool {
        let digit = |at: Option<usize>| {
            at.and_then(|at| self.text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit)
        };
        digit(self.at.checked_sub(1))
            && (1..=3).all(|i| digit(Some(self.at + i)))
            && !digit(Some(self.at + 4))
    }
}

/// Marks and joiners that belong to the word they stand in but are not alphabetic.
fn inside_word(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x900..=0xDFF
        | 0x200C | 0x200D)
}

/// Scripts written without spaces between words (Han, kana, Thai, Lao, Burmese, Khmer), and Hangul,
/// whose particles are written on.
fn in_pairs(c: char) -> bool {
    matches!(u32::from(c), 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17D3 | 0x3005 | 0x3041..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF)
}

/// English endings, with the stems seen so far.
#[derive(Clone)]
struct Stems {
    analyzer: TextAnalyzer,
    seen: HashMap<String, String>,
}

impl Default for Stems {
    fn default() -> Self {
        let analyzer =
            TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build();
        Self { analyzer, seen: HashMap::new() }
    }
}

impl Stems {
    fn apply(&mut self, word: &mut String) {
        if !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return;
        }
        if let Some(stem) = self.seen.get(word) {
            word.clone_from(stem);
            return;
        }
        let base = IRREGULAR.get(word.as_str()).copied();
        if base.is_none() && word.len() < SHORTEST_STEMMED {
            return;
        }
        let mut stem = String::new();
        if let Some(token) = self.analyzer.token_stream(base.unwrap_or(word)).next() {
            stem.clone_from(&token.text);
        }
        if stem.is_empty() {
            return;
        }
        if self.seen.len() < REMEMBERED_STEMS {
            self.seen.insert(word.clone(), stem.clone());
        }
        *word = stem;
    }
}

/// The tokenizer of text and titles.
#[derive(Clone, Default)]
pub(crate) struct WordTokenizer {
    token: Token,
    stems: Stems,
}

pub(crate) struct Words<'a> {
    cutter: Cutter<'a>,
    token: &'a mut Token,
    stems: &'a mut Stems,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Words<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Words<'a> {
        self.token.reset();
        Words { cutter: Cutter::new(text), token: &mut self.token, stems: &mut self.stems }
    }
}

impl TokenStream for Words<'_> {
    fn advance(&mut self) -> bool {
        if !self.cutter.next_into(&mut self.token.text) {
            return false;
        }
        self.stems.apply(&mut self.token.text);
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_to = self.cutter.at;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// The tokenizer of addresses: the whole address, then its words.
#[derive(Clone, Default)]
pub(crate) struct AddressTokenizer {
    token: Token,
    stems: Stems,
}

pub(crate) struct AddressWords<'a> {
    whole: Option<&'a str>,
    words: Words<'a>,
}

impl Tokenizer for AddressTokenizer {
    type TokenStream<'a> = AddressWords<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> AddressWords<'a> {
        self.token.reset();
        let words = Words { cutter: Cutter::new(text), token: &mut self.token, stems: &mut self.stems };
        AddressWords { whole: Some(text), words }
    }
}

impl TokenStream for AddressWords<'_> {
    fn advance(&mut self) -> bool {
        let Some(whole) = self.whole.take() else { return self.words.advance() };
        self.words.token.text.clear();
        self.words.token.text.push_str(whole);
        self.words.token.position = self.words.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.words.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.words.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    fn check(text: &str, expect: &str) {
        assert_eq!(words(text).join(" "), expect, "{text:?}");
    }

    #[test]
    fn words_are_folded_and_stemmed_alike() {
        check("Audit LOGS, retention: 24 months", "audit log retent 24 month");
        check("Zoë Müller–Łukasz", "zoe muller lukasz");
        check("Grüße, ÉCOLE, e\u{301}cole", "gruss ecol ecol");
        check("1,200.50 EUR and 1,2 or Q3-24x7", "1200 50 eur and 1 2 or q3 24x7");
        check("don't Maya's O'Brien 'tis s", "don maya o brien tis s");
        check("maya.okafor@northwind.example", "maya okafor northwind exampl");
        check("chosen chose choose, kept keeps, ran runs", "choos choos choos keep keep run run");
        check("naïve Ελλάδα ПРИВЕТ мир", "naiv ελλαδα привет мир");
    }

    #[test]
    fn scripts_without_spaces_are_cut_in_pairs() {
        check("保留期限24个月", "保留 留期 期限 24 个月");
        check("税", "税");
        check("カレンダー ok", "カレ レン ンダ ダー ok");
        check("감사 로그", "감사 로그");
        check("हिन्दी", "हिन्दी");
    }

    #[test]
    fn encoded_data_is_no_word() {
        check(&format!("a {} b", "x9".repeat(40)), "a b");
        check("", "");
        check(" \u{1F600} ...", "");
    }
}
