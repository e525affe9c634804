//! Lists of words and phrases, looked up fast: every line of every mail asks several of them.

use std::collections::{HashMap, HashSet};

use aho_corasick::AhoCorasick;

/// A fixed list of lower-case words and phrases.
pub(crate) struct Words {
    all: Vec<&'static str>,
    exact: HashSet<&'static str>,
    by_first: HashMap<char, Vec<&'static str>>,
    anywhere: Option<AhoCorasick>,
}

impl Words {
    /// Reads a list whose words are separated by `|`.
    pub(crate) fn of(list: &'static str) -> Self {
        let all: Vec<&'static str> = list.split('|').filter(|word| !word.is_empty()).collect();
        let mut by_first: HashMap<char, Vec<&'static str>> = HashMap::new();
        for word in &all {
            by_first.entry(word.chars().next().unwrap_or(' ')).or_default().push(word);
        }
        Self { exact: all.iter().copied().collect(), by_first, anywhere: AhoCorasick::new(&all).ok(), all }
    }

    /// Whether `word` is in the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.exact.contains(word)
    }

    /// What stands in `text` behind each of the words that it begins with, and the word.
    pub(crate) fn behind<'t>(&self, text: &'t str) -> impl Iterator<Item = (&'static str, &'t str)> {
        let first = text.chars().next().unwrap_or('\0');
        let words = self.by_first.get(&first).map(Vec::as_slice).unwrap_or_default();
        words.iter().filter_map(move |word| Some((*word, text.strip_prefix(word)?)))
    }

    /// Whether `text` begins with one of the words.
    pub(crate) fn begin(&self, text: &str) -> bool {
        self.behind(text).next().is_some()
    }

    /// Whether one of the words stands anywhere in `text`, inside other words too.
    pub(crate) fn within(&self, text: &str) -> bool {
        self.anywhere.as_ref().is_some_and(|finder| finder.is_match(text))
    }

    /// How many different words stand anywhere in `text`.
    pub(crate) fn count_within(&self, text: &str) -> usize {
        let Some(finder) = &self.anywhere else { return 0 };
        let found: HashSet<usize> =
            finder.find_overlapping_iter(text).map(|found| found.pattern().as_usize()).collect();
        found.len()
    }

    /// The words with the places where they stand in `text`, overlaps included.
    pub(crate) fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (&'static str, usize)> + 't {
        let found = self.anywhere.iter().flat_map(move |finder| finder.find_overlapping_iter(text));
        found.filter_map(|found| Some((*self.all.get(found.pattern().as_usize())?, found.start())))
    }
}
