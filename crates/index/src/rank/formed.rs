//! The passages that have another form of what a query asks for.

use std::collections::BTreeSet;

use super::Ranking;
use super::matches::{Match, merged};
use crate::error::IndexError;

/// What an occurrence of another form counts where the word itself counts 1: of two passages that say the same, the one
/// that says it as it was asked comes first.
pub(super) const OTHER_FORM: f32 = 0.9;

impl Ranking<'_> {
    /// Adds the passages of the other forms of a word that are not asked for themselves.
    pub(super) fn add_forms(
        &self,
        matches: &mut [Vec<Match>],
        forms: &BTreeSet<String>,
        asked: &BTreeSet<String>,
    ) -> Result<(), IndexError> {
        for form in forms.difference(asked) {
            if let Some(found) = self.related_matches(form)? {
                add_forms(matches, found);
            }
        }
        Ok(())
    }
}

/// Adds the passages of another form of a word. One that has both has as many more of the word.
fn add_forms(matches: &mut [Vec<Match>], forms: Vec<Vec<Match>>) {
    for (list, forms) in matches.iter_mut().zip(forms) {
        *list = merged(std::mem::take(list), forms, |own, form| {
            // An address is no text in any language.
            let in_words = |[text, title, _, links]: &[u16; 4]| *text > 0 || *title > 0 || *links > 0;
            let Some((doc, [text, title, _, links])) =
                form.map(|form| (form.doc, form.counts)).filter(|(_, counts)| in_words(counts))
            else {
                return own;
            };
            let own = own.unwrap_or(Match { doc, counts: [0; 4], share: OTHER_FORM });
            let [own_text, own_title, people, own_links] = own.counts;
            let (text, title) = (own_text.saturating_add(text), own_title.saturating_add(title));
            Some(Match { counts: [text, title, people, own_links.max(links)], ..own })
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Match, OTHER_FORM, add_forms};

    #[test]
    fn a_form_counts_beside_the_word_and_less_alone() {
        let list = |docs: &[(u32, [u16; 4])]| {
            vec![docs.iter().map(|(doc, counts)| Match { doc: *doc, counts: *counts, share: 1.0 }).collect()]
        };
        let mut matches: Vec<Vec<Match>> = list(&[(2, [1, 0, 0, 0]), (4, [0, 0, 1, 0])]);
        let forms = [(1, [2, 1, 1, 0]), (2, [3, 1, 1, 1]), (3, [0, 0, 5, 0]), (4, [1, 0, 0, 0])];
        add_forms(&mut matches, list(&forms));
        let found: Vec<_> = matches.iter().flatten().map(|it| (it.doc, it.counts, it.share)).collect();
        let expect = [(1, [2, 1, 0, 0], OTHER_FORM), (2, [4, 1, 0, 1], 1.0), (4, [1, 0, 1, 0], 1.0)];
        assert_eq!(found, expect);
    }
}
