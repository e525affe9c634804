//! What a query asks for: its words, what may stand for each, and its phrases.
//!
//! It must not look at any passage.

use std::collections::{BTreeMap, BTreeSet};

use crate::forms::{Written, forms};
use crate::meaning::related;
use crate::query::{Query, WordField, is_quote};
use crate::thesaurus::stand_for;
use crate::words::{words, words_and_tokens};

/// How close a word must be to stand for one that was asked, and what an occurrence then counts, times the square of
/// the closeness.
///
/// # Source
/// Tried from 0.6 to 0.7 and 0.25 to 0.5 on meetings and conversations: all within 0.006 of each other, and better than none.
const RELATED_FROM: f32 = 0.65;
const RELATED_COUNTS: f32 = 0.5;
/// How close a word of the same group of the thesaurus is.
const OF_ONE_GROUP: f32 = 0.7;

/// One word of a query after folding.
pub(super) struct Term {
    /// As the user wrote it.
    pub(super) shown: String,
    pub(super) weight: f64,
    /// Other forms of it.
    pub(super) forms: BTreeSet<String>,
    /// Words that may stand for it, and what their occurrences count.
    pub(super) related: Vec<(String, f32)>,
}

/// The words of a query by token and field.
pub(super) type Terms = BTreeMap<(String, WordField), Term>;

/// The words of a query, and the phrases every hit must have.
pub(super) fn terms_of(query: &Query) -> (Terms, Vec<Vec<String>>) {
    let mut terms = Terms::new();
    let mut phrases = Vec::new();
    for word in &query.words {
        let weight = f64::from(word.weight);
        if weight.is_nan() || weight <= 0.0 {
            continue;
        }
        let quoted = word.text.starts_with(is_quote) && word.text.ends_with(is_quote);
        let mut run = Vec::new();
        for piece in word.text.split_whitespace() {
            // Nothing stands for a name, nor for a word of a phrase.
            let written = Written::of(piece);
            let as_written = quoted || word.field == WordField::Title;
            let stands_alone = as_written || written == Written::Name;
            let shown = piece.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            for (plain, token) in words_and_tokens(piece) {
                run.push(token.clone());
                let related = if stands_alone { Vec::new() } else { related_tokens(&plain, &token) };
                let forms = if as_written { BTreeSet::new() } else { forms(&plain, &token, written) };
                let term = Term { shown: shown.clone(), weight, forms: forms.clone(), related };
                let kept = terms.entry((token, word.field)).or_insert(term);
                // Two spellings of one word: the heavier weight and the smaller spelling stay, so
                // the order of the words changes nothing.
                kept.weight = kept.weight.max(weight);
                kept.forms.retain(|form| forms.contains(form));
                if stands_alone {
                    kept.related.clear();
                }
                if kept.shown > shown {
                    kept.shown.clone_from(&shown);
                }
            }
        }
        if quoted && !run.is_empty() {
            phrases.push(run);
        }
    }
    phrases.sort_unstable();
    phrases.dedup();
    (terms, phrases)
}

/// The tokens of words that may stand for `plain`, each with the most that it counts, in the order of the tokens.
fn related_tokens(plain: &str, token: &str) -> Vec<(String, f32)> {
    let mut tokens = BTreeMap::new();
    let close = related(plain).filter(|(_, close)| *close >= RELATED_FROM);
    for (word, close) in close.chain(stand_for(plain).map(|word| (word, OF_ONE_GROUP))) {
        for other in words(word).into_iter().filter(|other| other != token) {
            let share = tokens.entry(other).or_insert(0.0_f32);
            *share = share.max(RELATED_COUNTS * close * close);
        }
    }
    tokens.into_iter().collect()
}
