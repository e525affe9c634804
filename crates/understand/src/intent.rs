//! How likely a sentence asks its reader for something, by weights learned from labelled sentences.
//!
//! A linear model over hashed features: words, runs of words and letters, the first words, the rules of
//! [`crate::ask`] that fit, and the shape of the sentence. It knows single sentences in English only; what a
//! message asks is the business of [`crate::ask`].
//!
//! # Source
//! `cargo run --release -p postil-understand --example learn_intent` made `intent/weights.bin` from two sets:
//! the verified Enron intent set (MIT) and Parakweet's email intent set (Apache-2.0). Logistic regression on
//! features scaled by naive Bayes ratios: Wang and Manning, Baselines and Bigrams, ACL 2012.

mod features;
mod learn;

use crate::ask::{rule_reason, sentence_rules};
use crate::plain::fold;

pub use features::Features;
pub use learn::{Learned, Row, cross_fitted, learn};

/// The shipped weights: the bias and the step of one weight as little-endian `f32`, then one signed byte for
/// each bucket.
static WEIGHTS: &[u8] = include_bytes!("intent/weights.bin");

/// Hashes of the sentences that the shipped weights were learned from, sorted, little-endian `u32` each.
static ROWS: &[u8] = include_bytes!("intent/rows.bin");

/// How likely the sentence asks its reader for something, 0 to 1; one half is where it is told to ask.
#[must_use]
pub fn score(sentence: &str) -> f64 {
    sigmoid(margin(&Features::of(sentence)))
}

/// The features that speak loudest for or against the sentence's asking, with their weight, loudest first.
#[must_use]
pub fn loudest(sentence: &str, most: usize) -> Vec<(String, f64)> {
    let named = Features::named(sentence);
    let mut told: Vec<(String, f64)> =
        named.into_iter().map(|(name, bucket, value)| (shown(&name), weight(bucket) * value)).collect();
    told.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    told.truncate(most);
    told
}

/// The name of a feature with the reasons of its rules in place of their numbers.
fn shown(name: &str) -> String {
    let reason = |number: &str| number.parse().map_or("", rule_reason);
    let Some(rest) = name.strip_prefix("rule ") else { return name.to_owned() };
    let (number, more) = rest.split_once(' ').unwrap_or((rest, ""));
    match more.strip_prefix("and ") {
        Some(other) => format!("{} and {}", reason(number), reason(other)),
        None if more.is_empty() => reason(number).to_owned(),
        None => format!("{}, {more}", reason(number)),
    }
}

/// Whether the shipped weights were learned from this sentence, so that they must not be scored on it.
#[must_use]
pub fn was_learned_from(sentence: &str) -> bool {
    let wanted = row_hash(sentence);
    let rows = ROWS.as_chunks::<4>().0;
    rows.binary_search_by(|row| u32::from_le_bytes(*row).cmp(&wanted)).is_ok()
}

/// The hash by which a sentence of the training rows is known again: its letters only, so that a wording which
/// differs in a number or a sign is the same row.
#[must_use]
pub fn row_hash(sentence: &str) -> u32 {
    let letters = fold(sentence).bytes().filter(u8::is_ascii_alphabetic).collect::<Vec<u8>>();
    features::hash(&letters)
}

fn margin(features: &Features) -> f64 {
    let bias = WEIGHTS.first_chunk::<4>().map_or(0.0, |bytes| f64::from(f32::from_le_bytes(*bytes)));
    bias + features.iter().map(|(bucket, value)| weight(bucket) * value).sum::<f64>()
}

fn weight(bucket: u32) -> f64 {
    let step = WEIGHTS.get(4..).and_then(|rest| rest.first_chunk::<4>());
    let step = step.map_or(0.0, |bytes| f64::from(f32::from_le_bytes(*bytes)));
    let at = usize::try_from(bucket).unwrap_or(usize::MAX).saturating_add(8);
    WEIGHTS.get(at).map_or(0.0, |byte| f64::from(i8::from_le_bytes([*byte])) * step)
}

fn sigmoid(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

#[cfg(test)]
mod tests {
    use super::{loudest, score};

    #[test]
    fn the_shipped_weights_tell_asks_from_statements() {
        for (ask, statement) in [
            ("Could you call me tomorrow about the contract?", "I called them yesterday about the contract."),
            ("Please send me the latest draft.", "Thanks for the latest draft."),
            ("Let me know if Thursday works for you.", "The meeting went well."),
        ] {
            assert!(score(ask) > 0.5, "{ask} {}", score(ask));
            assert!(score(statement) < 0.5, "{statement} {}", score(statement));
        }
        assert!(score("").is_finite() && score("日本語").is_finite());
    }

    #[test]
    fn what_decided_is_named() {
        let told = loudest("Could you call me tomorrow?", 8);
        assert_eq!(told.len(), 8);
        assert!(told.iter().any(|(name, weight)| *weight > 0.0 && name.contains("you")), "{told:?}");
    }
}
