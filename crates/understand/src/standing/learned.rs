//! What corrections teach about similar mail: weights on what it looks like, added to how sure a verdict was.
//!
//! # Source
//! Passive-aggressive learning with a bounded step (PA-I): Crammer, Dekel, Keshet, Shalev-Shwartz and Singer,
//! Online Passive-Aggressive Algorithms, JMLR 7, 2006. The sizes of features, steps and bounds were set by
//! hand so that two corrections carry mail of the same sender and form over a sure verdict, and so that any
//! number of them on one person's other mail carries over none; the tests say both.

use std::collections::{BTreeMap, BTreeSet};

use postil_mail::subject::without_prefixes;

use super::rule::words;
use super::{Correction, Look, Sending};
use crate::date::words::is_day_word;
use crate::plain::fold;
use crate::reading::{Confidence, Verdict};

/// The longest step of one correction.
const STEP: f64 = 1.0;
/// What a weight reaches at most.
const BOUND: f64 = 2.5;
/// What the weight of a person reaches at most: with [`PERSON`] less than what the least sure verdict holds,
/// so that nobody is silenced, or raised, by who they are alone.
const PERSON_BOUND: f64 = 0.9;
/// How strongly a person's address counts.
const PERSON: f64 = 0.5;
/// How strongly the address of a program or mass mailer counts.
const MACHINE: f64 = 1.2;
/// How strongly the form of a sender's subject counts.
const FORM: f64 = 1.2;

/// How far a verdict stands on its side: above 0 a reply is needed. Half a step, one and a half, two and a half
/// for low, medium and high confidence.
pub(super) fn margin_of(verdict: Verdict, confidence: Confidence) -> f64 {
    let size = match confidence {
        Confidence::Low => 0.5,
        Confidence::Medium => 1.5,
        Confidence::High => 2.5,
    };
    if verdict == Verdict::Reply { size } else { -size }
}

/// Weights by the name of what they speak of.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights(BTreeMap<String, f64>);

impl Weights {
    /// Learns from corrections in their order.
    pub(super) fn learn(corrections: &[Correction]) -> Self {
        let mut weights = Self::default();
        for correction in corrections {
            let is_own = |verdict| matches!(verdict, Verdict::Waiting | Verdict::Promised);
            let wants_reply = correction.should_be == Verdict::Reply;
            // What the owner promised or waits for says nothing of others' mail, and "bulk" instead of "for
            // information" says nothing of replies.
            if is_own(correction.said)
                || is_own(correction.should_be)
                || wants_reply == (correction.said == Verdict::Reply)
            {
                continue;
            }
            let side = if wants_reply { 1.0 } else { -1.0 };
            let features = features(&correction.look);
            let size: f64 = features.iter().map(|(_, value)| value * value).sum();
            if size == 0.0 {
                continue;
            }
            let margin = margin_of(correction.said, Confidence::High) + weights.sum(&features);
            let step = (((1.0 - side * margin).max(0.0)) / size).min(STEP);
            for (name, value) in features {
                let bound = if name.starts_with("person ") { PERSON_BOUND } else { BOUND };
                let weight = weights.0.entry(name).or_default();
                *weight = (*weight + step * side * value).clamp(-bound, bound);
            }
        }
        weights
    }

    fn sum(&self, features: &[(String, f64)]) -> f64 {
        features.iter().map(|(name, value)| self.0.get(name).copied().unwrap_or_default() * value).sum()
    }

    /// How far corrections move mail that looks like this. Anybody can write a List-Id, so a list only lowers.
    pub(super) fn shift(&self, look: &Look) -> f64 {
        let of_one = |(name, value): (String, f64)| {
            let weight = self.0.get(&name).copied().unwrap_or_default() * value;
            if name.starts_with("list ") { weight.min(0.0) } else { weight }
        };
        features(look).into_iter().map(of_one).sum()
    }
}

/// What of a message counts, with how strongly. Each but the list is bound to the sender or their domain.
fn features(look: &Look) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    if !look.list.is_empty() {
        found.push((format!("list {}", look.list.to_lowercase()), 1.0));
    }
    let Some(from) = &look.from else { return found };
    match look.sent {
        Sending::Person | Sending::List => found.push((format!("person {from}"), PERSON)),
        Sending::Bulk | Sending::Automated | Sending::Calendar => {
            found.push((format!("machine {from}"), MACHINE));
            found.push((format!("{:?} of {}", look.sent, from.domain()), 0.6));
        }
    }
    if let Some(form) = form(&look.subject) {
        found.push((format!("form {from} {form}"), FORM));
    }
    if let Some(asked) = asked(look) {
        found.push((format!("asked {} {asked}", from.domain()), 1.0));
    }
    found
}

/// Whether two messages are of one sender and one form, or ask the same in the same words.
pub(super) fn decided_alike(one: &Look, other: &Look) -> bool {
    let telling = |look: &Look| -> BTreeSet<String> {
        let all = features(look).into_iter().map(|(name, _)| name);
        all.filter(|name| !name.starts_with("person ") && !name.starts_with("list ")).collect()
    };
    !telling(one).is_disjoint(&telling(other))
}

/// The words of a subject without figures, days and months: "Status report week 47" and "… week 48" are of one
/// form. `None` for answers and forwards, since their subject was another's, and where no word is left.
fn form(subject: &str) -> Option<String> {
    if without_prefixes(subject).len() != subject.trim().len() {
        return None;
    }
    let changes = |word: &String| word.contains(|c: char| c.is_numeric()) || is_day_word(&fold(word));
    let left: Vec<String> = words(subject).into_iter().filter(|word| !changes(word)).collect();
    (!left.is_empty()).then(|| left.join(" "))
}

fn asked(look: &Look) -> Option<String> {
    let said: Vec<String> =
        words(&look.asked).into_iter().filter(|word| !word.contains(|c: char| c.is_numeric())).collect();
    (!said.is_empty()).then(|| said.join(" "))
}
