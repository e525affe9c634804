//! The words of a block as a person reads them, each tied to the bytes it came from.

use std::ops::Range;
use std::sync::LazyLock;

use postil_evidence::Span;
use regex::Regex;

/// Text without markup. Line ends inside a block are `\n`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) text: String,
    pieces: Vec<Piece>,
}

/// From `at` up to the next piece, `text` was written at `source`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    at: usize,
    source: Span,
}

impl Plain {
    /// Adds words that were written at `source`; a piece of another length than its source counts
    /// as a whole.
    pub(crate) fn push(&mut self, text: &str, source: Span) {
        if !text.is_empty() {
            self.pieces.push(Piece { at: self.text.len(), source });
            self.text.push_str(text);
        }
    }

    fn piece_end(&self, i: usize) -> usize {
        self.pieces.get(i + 1).map_or(self.text.len(), |next| next.at)
    }

    /// The bytes of the file that the words in `range` came from.
    pub(crate) fn source_of(&self, range: Range<usize>) -> Option<Span> {
        let part = self.slice(range);
        Some(Span::new(part.pieces.first()?.source.start, part.pieces.last()?.source.end))
    }

    /// The words in `range`, which must lie on character boundaries.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let mut out = Self::default();
        for (i, piece) in self.pieces.iter().enumerate() {
            let (from, to) = (piece.at.max(range.start), self.piece_end(i).min(range.end));
            if from >= to {
                continue;
            }
            let length = self.piece_end(i) - piece.at;
            let source = if length == piece.source.len() {
                let start = piece.source.start + (from - piece.at);
                Span::new(start, start + (to - from))
            } else {
                piece.source
            };
            out.push(self.text.get(from..to).unwrap_or_default(), source);
        }
        out
    }

    /// Takes the words in `range` out.
    pub(crate) fn remove(&mut self, range: Range<usize>) {
        let after = self.slice(range.end..self.text.len());
        let mut kept = self.slice(0..range.start);
        for (i, piece) in after.pieces.iter().enumerate() {
            kept.push(after.text.get(piece.at..after.piece_end(i)).unwrap_or_default(), piece.source);
        }
        *self = kept;
    }

    /// Takes out everything that `pattern` matches.
    pub(crate) fn remove_all(&mut self, pattern: &Regex) {
        let found: Vec<Range<usize>> = pattern.find_iter(&self.text).map(|m| m.range()).collect();
        for range in found.into_iter().rev() {
            self.remove(range);
        }
    }

    /// The ranges of its lines, without their ends.
    pub(crate) fn lines(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        self.text
            .split('\n')
            .map(|line| {
                let range = start..start + line.len();
                start = range.end + 1;
                range
            })
            .collect()
    }
}

/// The most bytes of one passage, as far as sentences allow it.
///
/// # Source
/// The size the index was tuned for: a few sentences, so that a citation points at what it means.
pub(crate) const PASSAGE_BYTES: usize = 800;
/// Past this many bytes without a sentence end a passage is cut between words.
const UNBROKEN_BYTES: usize = 4_000;

/// Cuts `text` at sentence ends into pieces of at most [`PASSAGE_BYTES`], a longer sentence whole.
pub(crate) fn split_long(text: &str) -> Vec<Range<usize>> {
    if text.len() <= PASSAGE_BYTES {
        return std::iter::once(0..text.len()).collect();
    }
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut last_fit = 0;
    for end in sentence_ends(text) {
        if end - start > PASSAGE_BYTES && last_fit > start {
            out.push(start..last_fit);
            start = last_fit;
        }
        last_fit = end;
        while end - start > UNBROKEN_BYTES {
            let cut = word_cut(text, start, end);
            out.push(start..cut);
            start = cut;
        }
    }
    if start < text.len() {
        out.push(start..text.len());
    }
    out
}

fn word_cut(text: &str, start: usize, end: usize) -> usize {
    let limit = text.floor_char_boundary((start + UNBROKEN_BYTES).min(end));
    let head = text.get(start..limit).unwrap_or_default();
    let space = head.rfind(char::is_whitespace).filter(|at| *at > UNBROKEN_BYTES / 2);
    space.map_or(limit, |at| start + at)
}

/// Byte offsets after each sentence, the end of the text last.
///
/// # Source
/// Unicode TR29 sentence breaks, plus the abbreviations and ordinals (`z. B.`, `3. Dezember`) that
/// TR29 leaves to the implementation.
fn sentence_ends(text: &str) -> Vec<usize> {
    static END: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"[.!?…]+["'”’»)\]]*(?:\s+|$)|[。！？]+[”」』）]*\s*|\n\s*"#).ok());
    let mut ends = Vec::new();
    for found in END.iter().flat_map(|end| end.find_iter(text)) {
        let before = text.get(..found.start()).unwrap_or_default();
        let after = text.get(found.end()..).unwrap_or_default();
        let full_stop = found.as_str().starts_with('.') && !found.as_str().starts_with("..");
        if full_stop && (is_abbreviation(before) || after.starts_with(|c: char| c.is_lowercase())) {
            continue;
        }
        ends.push(found.end());
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

fn is_abbreviation(before: &str) -> bool {
    let start = before
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let word = before.get(start..).unwrap_or_default();
    let single = word.chars().count() == 1 && !word.chars().all(|c| c.is_ascii_digit());
    let ordinal = !word.is_empty() && word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit());
    let lower = word.to_lowercase();
    single
        || ordinal
        || [
            "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "vs", "inc", "ltd", "co", "corp", "ca", "bzw",
            "usw", "evtl", "ggf", "inkl", "zzgl", "str", "tel", "approx", "dept", "fig", "etc", "eg", "ie",
            "mme", "sr", "sra", "art", "abs",
        ]
        .contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use postil_evidence::Span;

    use super::{PASSAGE_BYTES, Plain, sentence_ends, split_long};

    #[test]
    fn words_know_their_bytes() {
        let source = "see **the plan** [[A|now]]!";
        let mut plain = Plain::default();
        plain.push("see ", Span::new(0, 4));
        plain.push("the plan", Span::new(6, 14));
        plain.push(" ", Span::new(16, 17));
        plain.push("now", Span::new(17, 26));
        plain.push("!", Span::new(26, 27));
        let of = |from: &str| {
            let at = plain.text.find(from).unwrap();
            plain.source_of(at..at + from.len()).unwrap().of(source).to_owned()
        };
        assert_eq!(of("plan"), "plan");
        assert_eq!(of("now"), "[[A|now]]");
        assert_eq!(of("plan now!"), "plan** [[A|now]]!");
        let mut cut = plain.clone();
        cut.remove(4..8);
        assert_eq!(cut.text, "see plan now!");
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        for (text, expect) in [
            ("One. Two! Three? Four", 4),
            ("Dr. Weber met Mr. Lee. Done.", 2),
            ("Das gilt z. B. am 3. Dezember. Danach nicht.", 2),
            ("It costs 3.50 today. Fine.", 2),
            ("終わりました。次へ。", 2),
            ("no end", 1),
        ] {
            assert_eq!(sentence_ends(text).len(), expect, "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_between_sentences_and_nothing_is_lost() {
        let long = "This sentence has some words in it. ".repeat(80);
        let wall = "x".repeat(30_000);
        let umlauts = "ä ".repeat(9_000);
        for text in [long.as_str(), wall.as_str(), umlauts.as_str(), "short"] {
            let parts = split_long(text);
            let joined: String = parts.iter().filter_map(|range| text.get(range.clone())).collect();
            assert_eq!(joined, text);
            assert!(parts.iter().all(|range| range.len() <= 4_000 && !range.is_empty()));
        }
        let parts = split_long(&long);
        assert!(
            parts
                .iter()
                .all(|range| long.get(range.clone()).is_some_and(|part| part.trim_end().ends_with('.')))
        );
        assert!(parts.iter().all(|range| range.len() <= PASSAGE_BYTES));
    }
}
