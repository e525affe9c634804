//! Words that stand for each other where people work together, and what tells one of a kind: "price" and "fee",
//! "Frist" and "deadline"; who asks for a language is told by "French".
//!
//! Beside the table of word vectors, which is English and knows closeness only. What it says depends on the words alone.

use std::collections::HashMap;
use std::sync::LazyLock;

static TEXT: &str = include_str!("../table/thesaurus.txt");
static THESAURUS: LazyLock<Thesaurus> = LazyLock::new(|| Thesaurus::parse(TEXT));

/// Endings that a word may have beyond those the file lists.
const ENDINGS: [&str; 4] = ["s", "es", "d", "ed"];

/// What is known of one word.
#[derive(Debug, Default)]
pub(crate) struct Senses {
    /// The groups whose words may stand for it.
    pub(crate) asks_for: Vec<usize>,
    /// The groups it is one of.
    pub(crate) is_of: Vec<usize>,
}

#[derive(Default)]
struct Thesaurus {
    senses: HashMap<&'static str, Senses>,
    /// The words that stand for whoever asks for a group.
    groups: Vec<Vec<&'static str>>,
}

impl Thesaurus {
    fn parse(text: &'static str) -> Self {
        let mut this = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            let (heads, members) = line.split_once('>').unwrap_or((line, line));
            let number = this.groups.len();
            for head in heads.split_whitespace() {
                this.senses.entry(head).or_default().asks_for.push(number);
            }
            for member in members.split_whitespace() {
                this.senses.entry(member).or_default().is_of.push(number);
            }
            this.groups.push(members.split_whitespace().collect());
        }
        this
    }
}

/// What is known of a folded word with its ending.
pub(crate) fn senses(word: &str) -> Option<&'static Senses> {
    let shorter = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).filter(|word| word.len() > 2);
    std::iter::once(word).chain(shorter).find_map(|word| THESAURUS.senses.get(word))
}

/// The words that stand for a folded word, itself among them.
pub(crate) fn stand_for(word: &str) -> impl Iterator<Item = &'static str> {
    let groups = senses(word).map(|senses| senses.asks_for.as_slice()).unwrap_or_default();
    groups.iter().filter_map(|group| THESAURUS.groups.get(*group)).flatten().copied()
}

/// Whether a word, as written, is known to be a thing and no name, even where it has a capital: nouns of German, the first
/// word of a title.
#[must_use]
pub fn is_common_noun(word: &str) -> bool {
    let folded = postil_evidence::text::fold_case(word);
    senses(&folded).is_some_and(|senses| !senses.asks_for.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{THESAURUS, is_common_noun, stand_for};

    #[test]
    fn every_word_is_folded_and_stands_in_a_group_once() {
        for group in &THESAURUS.groups {
            let mut words = group.clone();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), group.len(), "{group:?}");
            assert!(
                words.len() > 1 && words.iter().all(|word| word.bytes().all(|b| b.is_ascii_alphanumeric()))
            );
        }
    }

    #[test]
    fn a_word_is_met_by_its_like_and_a_kind_by_its_members() {
        let check = |word: &str, other: &str| stand_for(word).any(|found| found == other);
        assert!(check("fee", "price") && check("price", "fee") && check("preise", "fee"));
        assert!(check("language", "french") && !check("french", "language") && !check("french", "german"));
        assert!(check("invoiced", "rechnung") && !check("lunch", "invoice"));
    }

    #[test]
    fn a_noun_with_a_capital_is_no_name() {
        assert!(is_common_noun("Schlüssel") && is_common_noun("Preis"));
        assert!(!is_common_noun("Marlow") && !is_common_noun("French"));
    }
}
