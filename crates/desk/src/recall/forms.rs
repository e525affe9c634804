//! The other forms of what is asked: a text with one of them has the word.
//!
//! Only words of the ask are in it. It must not judge: what an answer must hold is for the choice to know.

use std::collections::{BTreeMap, BTreeSet};

use super::words;

/// For each other form of an asked word those it is a form of; all as the index has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms(BTreeMap<String, BTreeSet<String>>);

impl Forms {
    /// Adds the forms of an asked word.
    pub(super) fn add(&mut self, word: &str, forms: BTreeSet<String>) {
        for form in forms {
            self.0.entry(form).or_default().insert(word.to_owned());
        }
    }

    /// Whether the word is a form of an asked one.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    /// The words of a text, with those asked of which it has another form.
    pub(super) fn words_of(&self, text: &str) -> BTreeSet<String> {
        let mut words = words(text);
        if !self.0.is_empty() {
            let asked: Vec<&String> = words.iter().filter_map(|word| self.0.get(word)).flatten().collect();
            let asked: Vec<String> = asked.into_iter().cloned().collect();
            words.extend(asked);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::Forms;

    #[test]
    fn a_text_with_another_form_has_the_word() {
        let mut forms = Forms::default();
        for (word, others) in postil_index::words_with_forms("contratto Rechnungen") {
            forms.add(&word, others);
        }
        assert!(forms.words_of("I contratti sono due.").contains("contratto"));
        assert!(!forms.words_of("Die Kosten.").contains("contratto"));
    }
}
