//! What words mean: a fixed table of word vectors, and which words are close.
//!
//! The table is part of the program and knows nothing of any passage, so what it says depends on the words alone. It is
//! English; a word that it lacks (most names, most words of other languages) means nothing here and is left to the
//! full text. Vectors of whole passages were tried and are not kept: they ranked turns of meetings and of conversations
//! no better than words and neighbours do, and the names in a passage misled them.
//!
//! # Source
//! The table, how it is made and from what: `table/distill.py` and `table/NOTICE`.

use std::sync::LazyLock;

use crate::thesaurus::{Senses, senses};
use crate::words::each_plain_word;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(BYTES).unwrap_or_default());
static BYTES: &[u8] = include_bytes!("../table/words.bin");

/// Numbers of a vector.
const DIMENSIONS: usize = 128;
/// How many words of one text are compared at most.
const WORDS_READ: usize = 256;

/// The words that are close to `word` (folded, with its ending), closest first, with how close they are: below 1, and never
/// below 0.6. Days, months and numbers have none: another day is another answer.
pub(crate) fn related(word: &str) -> impl Iterator<Item = (&'static str, f32)> {
    let at = TABLE.place(word);
    at.into_iter().flat_map(|at| TABLE.related(at))
}

/// Whether the table has a folded word, which then is English or a name that is common there.
pub(crate) fn is_english(word: &str) -> bool {
    TABLE.place(word).is_some()
}

/// How close two words of one group of the thesaurus are.
const OF_ONE_GROUP: f64 = 0.8;

/// The words of a text, each with its own meaning, to be compared one by one.
#[derive(Clone, Debug, Default)]
pub struct WordMeanings {
    /// The numbers of a word and its length.
    words: Vec<(&'static [u8], f32)>,
    /// What the thesaurus knows of the words.
    senses: Vec<&'static Senses>,
}

impl WordMeanings {
    /// The words of `text` that the table knows.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (mut words, mut known) = (Vec::new(), Vec::new());
        each_plain_word(text, |word| {
            known.extend(senses(word));
            if let Some(numbers) = TABLE.place(word).and_then(|at| TABLE.numbers(at)) {
                words.push((numbers, dot(numbers, numbers).sqrt()));
            }
            words.len() < WORDS_READ
        });
        Self { words, senses: known }
    }

    /// How close the closest two words of both come: 1 for one word in both, 0 where either has none. These are the words
    /// that ask: "language" is met by "French" in the other text, "French" is not met by "language".
    #[must_use]
    pub fn closest(&self, other: &Self) -> f64 {
        let asked = || self.senses.iter().flat_map(|senses| &senses.asks_for);
        let met = other.senses.iter().any(|senses| asked().any(|group| senses.is_of.contains(group)));
        let by_group = if met { OF_ONE_GROUP } else { 0.0 };
        let mut best = 0.0_f32;
        for (numbers, length) in &self.words {
            for (others, other_length) in &other.words {
                best = best.max(dot(numbers, others) / (length * other_length));
            }
        }
        f64::from(best).max(by_group)
    }
}

#[expect(clippy::cast_precision_loss, reason = "sums of 128 products of bytes are exact")]
fn dot(a: &[u8], b: &[u8]) -> f32 {
    let sum: i32 =
        a.iter().zip(b).map(|(a, b)| i32::from(a.cast_signed()) * i32::from(b.cast_signed())).sum();
    sum as f32
}

/// The table as it lies in the program.
#[derive(Default)]
struct Table {
    /// For each word, in byte order, its length and where in `text` it begins. Nothing is read that is not looked up.
    words: &'static [[u8; 4]],
    text: &'static [u8],
    numbers: &'static [u8],
    /// For each word, the places of the closest words, two bytes each.
    places: &'static [u8],
    /// As many closenesses in 255ths; 0 where there is no further word.
    closeness: &'static [u8],
    related: usize,
}

impl Table {
    /// Reads the layout that `table/distill.py` describes.
    fn parse(bytes: &'static [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"PWV3")?;
        let (count, rest) = number(rest)?;
        let (dimensions, rest) = number(rest)?;
        let (related, rest) = number(rest)?;
        let (length, rest) = number(rest)?;
        if dimensions != DIMENSIONS {
            return None;
        }
        let (words, rest) = rest.split_at_checked(count * 4)?;
        let (text, rest) = rest.split_at_checked(length)?;
        let (numbers, rest) = rest.split_at_checked(count * DIMENSIONS)?;
        let (places, closeness) = rest.split_at_checked(count * related * 2)?;
        let words = words.as_chunks::<4>().0;
        (closeness.len() == count * related).then_some(Self {
            words,
            text,
            numbers,
            places,
            closeness,
            related,
        })
    }

    fn word(&self, [length, begins @ ..]: [u8; 4]) -> &'static [u8] {
        let [low, middle, high] = begins;
        let first = usize::try_from(u32::from_le_bytes([low, middle, high, 0])).unwrap_or(usize::MAX);
        let rest = self.text.get(first..).unwrap_or_default();
        rest.get(..usize::from(length)).unwrap_or_default()
    }

    fn place(&self, word: &str) -> Option<usize> {
        self.words.binary_search_by(|known| self.word(*known).cmp(word.as_bytes())).ok()
    }

    fn numbers(&self, at: usize) -> Option<&'static [u8]> {
        self.numbers.get(at * DIMENSIONS..(at + 1) * DIMENSIONS)
    }

    fn related(&self, at: usize) -> impl Iterator<Item = (&'static str, f32)> {
        let first = at * self.related;
        let places = self.places.get(first * 2..(first + self.related) * 2).unwrap_or_default();
        let closeness = self.closeness.get(first..first + self.related).unwrap_or_default();
        places.as_chunks::<2>().0.iter().zip(closeness).filter(|(_, close)| **close > 0).filter_map(
            |(place, close)| {
                let word = self.words.get(usize::from(u16::from_le_bytes(*place)))?;
                Some((std::str::from_utf8(self.word(*word)).ok()?, f32::from(*close) / 255.0))
            },
        )
    }
}

fn number(bytes: &'static [u8]) -> Option<(usize, &'static [u8])> {
    let (first, rest) = bytes.split_first_chunk::<4>()?;
    Some((usize::try_from(u32::from_le_bytes(*first)).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::{TABLE, WordMeanings, related};

    #[test]
    fn the_table_is_whole() {
        assert_eq!(TABLE.words.len(), 32_000);
        let words: Vec<&[u8]> = TABLE.words.iter().map(|word| TABLE.word(*word)).collect();
        assert!(words.is_sorted() && words.iter().all(|word| std::str::from_utf8(word).is_ok()));
        assert_eq!(words.concat(), TABLE.text);
        assert!(TABLE.place("invoice").is_some() && TABLE.place("reschedule").is_some());
        assert_eq!(TABLE.place("xqzzyv"), None);
        assert_eq!(WordMeanings::of("xqzzyv 24").closest(&WordMeanings::of("audit")), 0.0);
    }

    /// `word | close | far`
    #[test]
    fn what_means_the_same_is_nearer() {
        for row in [
            "stored | storage kept | lunch",
            "lawyer | our attorney | red kayak",
            "cost | the price | the harbour",
            "preis | the fee | the harbour",
            "languages | in French | in March",
        ] {
            let [word, close, far] = &row.split(" | ").map(WordMeanings::of).collect::<Vec<_>>()[..] else {
                panic!("{row}")
            };
            assert!(word.closest(close) > 0.6 && word.closest(far) < 0.5, "{row}");
        }
    }

    #[test]
    fn a_word_has_related_ones_and_a_day_has_none() {
        let close: Vec<&str> = related("lawyer").map(|(word, _)| word).collect();
        assert!(close.contains(&"attorney"), "{close:?}");
        assert!(related("lawyer").all(|(_, close)| (0.6..1.0).contains(&close)));
        assert_eq!(related("thursday").count() + related("twelve").count() + related("xqzzyv").count(), 0);
    }
}
