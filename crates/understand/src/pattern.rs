//! Patterns over folded text, compiled when they are first needed.
//!
//! A program reads one mail and ends: compiling every rule of seven languages first would take far
//! longer than the reading. A pattern names words of which one must stand in the text; only then is
//! it compiled. Folded text is ASCII, so the matcher runs on bytes.

use std::ops::Range;
use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};

/// A pattern and the words without which it cannot match.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: &'static str,
    /// One of these, between `|`, must occur: `^word` at the start of the text, `=word` as a whole
    /// word, else anywhere. Empty: always tried.
    triggers: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) const fn new(source: &'static str) -> Self {
        Self { source, triggers: "", compiled: OnceLock::new() }
    }

    pub(crate) const fn when(triggers: &'static str, source: &'static str) -> Self {
        Self { source, triggers, compiled: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| RegexBuilder::new(self.source).unicode(false).build().ok()).as_ref()
    }

    fn may_match(&self, text: &str) -> bool {
        self.triggers.is_empty() || self.triggers.split('|').any(|trigger| triggered(trigger, text))
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex().is_some_and(|regex| regex.is_match(text.as_bytes()))
    }

    /// The first match.
    pub(crate) fn find(&self, text: &str) -> Option<Range<usize>> {
        let regex = self.may_match(text).then(|| self.regex()).flatten()?;
        regex.find(text.as_bytes()).map(|found| found.range())
    }

    /// Of each match the first group that took part, in order.
    pub(crate) fn groups(&self, text: &str) -> Vec<Range<usize>> {
        let Some(regex) = self.may_match(text).then(|| self.regex()).flatten() else { return Vec::new() };
        let group = |found: regex::bytes::Captures<'_>| {
            found.iter().skip(1).flatten().next().map(|group| group.range())
        };
        regex.captures_iter(text.as_bytes()).filter_map(group).collect()
    }

    #[cfg(test)]
    pub(crate) fn compiles(&self) -> bool {
        self.regex().is_some()
    }

    /// What the pattern says where its triggers are not asked.
    #[cfg(test)]
    pub(crate) fn is_match_untriggered(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text.as_bytes()))
    }
}

fn triggered(trigger: &str, text: &str) -> bool {
    if let Some(start) = trigger.strip_prefix('^') {
        return text.starts_with(start);
    }
    match trigger.strip_prefix('=') {
        Some(word) => has_word(text, &[word]),
        None => text.contains(trigger),
    }
}

/// Whether one of `words` is a whole word of the folded text.
pub(crate) fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word))
}

/// The length of the longest of `phrases`, which stand between `|`, that the folded text begins
/// with, up to the end of a word.
pub(crate) fn starts_with_any(text: &str, phrases: &str) -> Option<usize> {
    phrases.split('|').filter(|phrase| starts_with_word(text, phrase)).map(|phrase| phrase.len()).max()
}

fn starts_with_word(text: &str, phrase: &str) -> bool {
    let Some(rest) = text.strip_prefix(phrase) else { return false };
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    // "post-mortem" is no "post".
    let compound = rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(in_word));
    !((rest.starts_with(in_word) || compound) && phrase.ends_with(in_word))
}

#[cfg(test)]
mod tests {
    use super::{Pattern, starts_with_any};

    #[test]
    fn a_pattern_is_tried_where_its_words_stand() {
        let pattern = Pattern::when("^send|=ich", r"\b(?:send|ich) (\w+)");
        assert!(pattern.is_match("send it") && pattern.is_match("was ich will"));
        assert!(!pattern.is_match("which one"));
        assert!(!pattern.is_match("please send it"), "its word is wanted at the start");
        assert_eq!(pattern.groups("send it, send them"), [5..7, 14..18]);
        assert!(pattern.compiles());
    }

    #[test]
    fn a_start_ends_with_its_word() {
        assert_eq!(starts_with_any("what's up", "what|what's up"), Some(9));
        assert_eq!(starts_with_any("whatever", "what"), None);
    }
}
