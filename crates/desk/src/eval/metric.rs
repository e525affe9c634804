//! Figures from counts. Pure; knows no task. A figure of nothing is `None`, never a made-up number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use postil_evidence::text::{fold_case, fold_space};

/// `part / whole`.
pub(super) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The mean of some values.
pub(super) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) =
        values.into_iter().fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Hits, false hits and misses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hits {
    pub(super) found: usize,
    pub(super) invented: usize,
    pub(super) missed: usize,
}

impl Hits {
    pub(super) fn add(&mut self, gold: bool, told: bool) {
        match (gold, told) {
            (true, true) => self.found += 1,
            (false, true) => self.invented += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    pub(super) fn precision(self) -> Option<f64> {
        share(self.found, self.found + self.invented)
    }

    pub(super) fn recall(self) -> Option<f64> {
        share(self.found, self.found + self.missed)
    }

    /// The harmonic mean of precision and recall; `None` where there was nothing to find and nothing was found.
    pub(super) fn f1(self) -> Option<f64> {
        share(2 * self.found, 2 * self.found + self.invented + self.missed)
    }
}

/// The chance that a row with the label scores higher than one without; a tie counts half.
///
/// # Source
/// Mann and Whitney 1947: the area under the ROC curve is the rank-sum statistic over the product of both counts.
pub(super) fn auc(scores: &[(f64, bool)]) -> Option<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let with = sorted.iter().filter(|(_, label)| *label).count();
    let without = sorted.len() - with;
    let mut ranks = 0.0;
    let mut before = 0;
    for tied in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        ranks += rank * tied.iter().filter(|(_, label)| *label).count() as f64;
        before += tied.len();
    }
    let (with, without) = (with as f64, without as f64);
    (with > 0.0 && without > 0.0).then(|| (ranks - with * (with + 1.0) / 2.0) / (with * without))
}

/// The mean F1 of the labels that occur, in the gold or in what was told.
pub(super) fn macro_f1<'l>(pairs: impl IntoIterator<Item = (&'l str, &'l str)>) -> Option<f64> {
    let mut by_label: BTreeMap<&str, Hits> = BTreeMap::new();
    for (gold, told) in pairs {
        if gold == told {
            by_label.entry(gold).or_default().found += 1;
        } else {
            by_label.entry(gold).or_default().missed += 1;
            by_label.entry(told).or_default().invented += 1;
        }
    }
    mean(by_label.into_values().filter_map(Hits::f1))
}

/// B-cubed F1 of two clusterings of the same items: `(gold cluster, told cluster)` for each item.
///
/// # Source
/// Bagga and Baldwin 1998, with equal weights for all items.
pub(super) fn bcubed<G: std::hash::Hash + Eq, T: std::hash::Hash + Eq>(items: &[(G, T)]) -> Option<f64> {
    let mut gold_sizes: HashMap<&G, usize> = HashMap::new();
    let mut told_sizes: HashMap<&T, usize> = HashMap::new();
    let mut both: HashMap<(&G, &T), usize> = HashMap::new();
    for (gold, told) in items {
        *gold_sizes.entry(gold).or_default() += 1;
        *told_sizes.entry(told).or_default() += 1;
        *both.entry((gold, told)).or_default() += 1;
    }
    let of = |sizes: Option<&usize>| sizes.copied().unwrap_or_default() as f64;
    let precision = mean(items.iter().map(|(g, t)| of(both.get(&(g, t))) / of(told_sizes.get(t))))?;
    let recall = mean(items.iter().map(|(g, t)| of(both.get(&(g, t))) / of(gold_sizes.get(g))))?;
    Some(2.0 * precision * recall / (precision + recall))
}

/// Whether two texts are equal once runs of white space are folded.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    fold_space(a) == fold_space(b)
}

/// Whether two texts are equal without any white space.
pub(super) fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    letters(a) == letters(b)
}

/// The words of a text, folded, each with how often it occurs.
fn word_counts(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in fold_case(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

/// F1 of the words of two answers.
///
/// # Source
/// The SQuAD evaluation (Rajpurkar and others 2016), here with articles kept.
pub(super) fn token_f1(gold: &str, told: &str) -> f64 {
    let (gold, told) = (word_counts(gold), word_counts(told));
    let common: usize = gold.iter().map(|(word, n)| told.get(word).map_or(0, |m| *n.min(m))).sum();
    let (golds, tolds): (usize, usize) = (gold.values().sum(), told.values().sum());
    if golds + tolds == 0 { 1.0 } else { 2.0 * common as f64 / (golds + tolds) as f64 }
}

/// Precision and recall of a set of answers: the gold ones that `fits` some told one, and the other way round.
/// One told answer may fit one gold answer only.
pub(super) fn set_hits<'a>(gold: &[&'a str], told: &[&'a str], fits: impl Fn(&str, &str) -> bool) -> Hits {
    let mut free: BTreeSet<usize> = (0..told.len()).collect();
    let mut hits = Hits::default();
    for gold in gold {
        let found = free.iter().copied().find(|i| told.get(*i).is_some_and(|told| fits(gold, told)));
        match found {
            Some(i) => {
                free.remove(&i);
                hits.found += 1;
            }
            None => hits.missed += 1,
        }
    }
    hits.invented = free.len();
    hits
}

/// The value below which `part` (0 to 1) of the values lie: the nearest rank.
pub(super) fn percentile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

/// What `work` returns, and the milliseconds it took. A figure for the report only: nothing is decided by it.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed().as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_give_precision_recall_and_f1() {
        let mut hits = Hits::default();
        for (gold, told) in [(true, true), (true, true), (true, false), (false, true), (false, false)] {
            hits.add(gold, told);
        }
        assert_eq!(hits, Hits { found: 2, invented: 1, missed: 1 });
        assert_eq!(
            (hits.precision(), hits.recall(), hits.f1()),
            (Some(2.0 / 3.0), Some(2.0 / 3.0), Some(2.0 / 3.0))
        );
        assert_eq!(Hits::default().f1(), None);
    }

    #[test]
    fn auc_counts_ties_half() {
        assert_eq!(auc(&[(0.9, true), (0.1, false)]), Some(1.0));
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(auc(&[(0.1, true), (0.9, false), (0.9, true), (0.1, false)]), Some(0.5));
        assert_eq!(auc(&[(0.3, true), (0.2, false), (0.4, false)]), Some(0.5));
        assert_eq!(auc(&[(0.3, true)]), None);
    }

    #[test]
    fn macro_f1_weighs_labels_alike() {
        let pairs = [("a", "a"), ("a", "a"), ("b", "a"), ("b", "b")];
        // a: 2 found, 1 invented: 0.8; b: 1 found, 1 missed: 2/3.
        assert!((macro_f1(pairs).unwrap() - (0.8 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn bcubed_of_a_split_cluster() {
        assert_eq!(bcubed(&[("x", 1), ("x", 1), ("y", 2)]), Some(1.0));
        // One cluster of two told as two: precision 1, recall 1/2.
        assert!((bcubed(&[("x", 1), ("x", 2)]).unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(bcubed::<&str, u8>(&[]), None);
    }

    #[test]
    fn answers_are_compared_as_words_and_as_sets() {
        assert_eq!(token_f1("Maya Okafor", "maya okafor,"), 1.0);
        assert!((token_f1("the audit logs", "audit") - 0.5).abs() < 1e-12);
        let hits = set_hits(&["a b", "c"], &["c", "c", "d"], |a, b| a == b);
        assert_eq!(hits, Hits { found: 1, invented: 2, missed: 1 });
        assert!(same_words(" a\n b", "a b") && !same_words("ab", "a b") && same_letters("a b", "ab"));
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(percentile(&[3.0, 1.0, 2.0, 4.0], 0.5), Some(2.0));
        assert_eq!(percentile(&[3.0, 1.0, 2.0, 4.0], 0.95), Some(4.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}
