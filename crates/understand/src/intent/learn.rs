//! Learning the weights: L2-regularised logistic regression by dual coordinate descent.
//!
//! Deterministic: the same rows in the same order give the same weights on every machine. No clock, no
//! randomness; the order of visits comes from a fixed generator.
//!
//! # Source
//! Yu, Huang and Lin, Dual coordinate descent methods for logistic regression, Machine Learning 85 (2011); the
//! scaling by naive Bayes ratios is that of Wang and Manning, ACL 2012.

use super::features::{BUCKETS, Features};
use super::{row_hash, sigmoid};

/// Strength of the loss against the regulariser. Chosen among .15, .3 and .5 by the figures across folds, which hardly
/// differ.
const LOSS: f64 = 0.3;

/// Passes over the rows; set by hand.
const PASSES: usize = 30;

/// A bucket must occur in so many rows to have a weight.
const LEAST_ROWS: u32 = 2;

/// The probability from which on a sentence is told to ask; the bias is moved so that it becomes one half. F1 across
/// folds on the verified Enron set is flat from .26 to .32 and falls from .34 on; on Parakweet's it grows as this falls.
const HALF: f64 = 0.30;

/// Folds of [`cross_fitted`].
const FOLDS: u32 = 10;

/// One labelled sentence.
#[derive(Clone, Debug)]
pub struct Row {
    features: Features,
    asks: bool,
    weight: f64,
    hash: u32,
}

impl Row {
    /// A sentence with its label; `weight` tells how much its loss counts, 1 for an ordinary row.
    #[must_use]
    pub fn new(sentence: &str, asks: bool, weight: f64) -> Self {
        Self { features: Features::of(sentence), asks, weight, hash: row_hash(sentence) }
    }

    /// The hash by which [`super::was_learned_from`] knows the sentence.
    #[must_use]
    pub fn hash(&self) -> u32 {
        self.hash
    }
}

/// Weights for each bucket and the bias.
#[derive(Clone, Debug)]
pub struct Learned {
    weights: Vec<f64>,
    bias: f64,
}

impl Learned {
    /// How likely the row's sentence asks, 0 to 1; one half is where it is told to ask.
    #[must_use]
    pub fn score(&self, row: &Row) -> f64 {
        sigmoid(self.margin(row))
    }

    fn margin(&self, row: &Row) -> f64 {
        let of =
            |(bucket, value): (u32, f64)| value * self.weights.get(at(bucket)).copied().unwrap_or_default();
        self.bias + row.features.iter().map(of).sum::<f64>()
    }

    /// The bytes of `weights.bin`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let largest = self.weights.iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
        let step = (largest / 127.0).max(1e-9);
        #[expect(clippy::cast_possible_truncation, reason = "f32 is exact enough, and steps are within ±127")]
        let (bias, step_written) = (self.bias as f32, step as f32);
        let mut bytes = Vec::with_capacity(self.weights.len() + 8);
        bytes.extend(bias.to_le_bytes());
        bytes.extend(step_written.to_le_bytes());
        for weight in &self.weights {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "f32 is exact enough, and steps are within ±127"
            )]
            let steps = (weight / step).round() as i8;
            bytes.extend(steps.to_le_bytes());
        }
        bytes
    }
}

/// The weights that fit the rows best. No rows: all zero but the bias.
#[must_use]
pub fn learn<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Learned {
    let rows: Vec<&Row> = rows.into_iter().collect();
    let scale = naive_bayes_scale(&rows);
    let scaled: Vec<Vec<(usize, f64)>> = rows
        .iter()
        .map(|row| {
            let value = |(bucket, value): (u32, f64)| {
                (at(bucket), value * scale.get(at(bucket)).copied().unwrap_or(0.0))
            };
            row.features.iter().map(value).filter(|(_, value)| *value != 0.0).collect()
        })
        .collect();
    let mut weights = vec![0.0; at(BUCKETS)];
    let mut bias = 0.0;
    let mut dual: Vec<f64> = vec![0.0; rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..PASSES {
        for place in (1..order.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from(random >> 33).unwrap_or_default() % (place + 1);
            order.swap(place, other);
        }
        for &place in &order {
            let (Some(row), Some(values), Some(alpha)) =
                (rows.get(place), scaled.get(place), dual.get_mut(place))
            else {
                continue;
            };
            let sign = if row.asks { 1.0 } else { -1.0 };
            let most = LOSS * row.weight;
            let mut dot = bias;
            let mut square = 1.0;
            for (bucket, value) in values {
                dot += value * weights.get(*bucket).copied().unwrap_or(0.0);
                square += value * value;
            }
            let told = next_dual(*alpha, sign * dot, square, most);
            let change = (told - *alpha) * sign;
            *alpha = told;
            bias += change;
            for (bucket, value) in values {
                if let Some(weight) = weights.get_mut(*bucket) {
                    *weight += change * value;
                }
            }
        }
    }
    for (weight, scale) in weights.iter_mut().zip(&scale) {
        *weight *= scale;
    }
    Learned { weights, bias: bias - (HALF / (1.0 - HALF)).ln() }
}

/// The root of `ln(a / (most - a)) + margin + square * (a - old)`, which grows with `a`, by halving.
fn next_dual(old: f64, margin: f64, square: f64, most: f64) -> f64 {
    if most <= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        let slope = (middle / (most - middle)).ln() + margin + square * (middle - old);
        if slope > 0.0 { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

/// How far a bucket's share among asks differs from its share among others; 0 where it is too rare.
fn naive_bayes_scale(rows: &[&Row]) -> Vec<f64> {
    let mut counts = vec![[0_u32; 2]; at(BUCKETS)];
    for row in rows {
        for (bucket, _) in row.features.iter() {
            if let Some([asks, others]) = counts.get_mut(at(bucket)) {
                let count = if row.asks { asks } else { others };
                *count += 1;
            }
        }
    }
    let total = |which: usize| -> f64 {
        counts.iter().map(|both| f64::from(both.get(which).copied().unwrap_or(0)) + 1.0).sum()
    };
    let (asks, others) = (total(0), total(1));
    counts
        .iter()
        .map(|[with, without]| {
            if with + without < LEAST_ROWS {
                return 0.0;
            }
            let ratio = ((f64::from(*with) + 1.0) / asks) / ((f64::from(*without) + 1.0) / others);
            ratio.ln().abs().powf(0.7) + 0.2
        })
        .collect()
}

/// For each row the score by weights that were learned without it and without its like: rows are put into ten
/// folds by the hash of their letters.
#[must_use]
pub fn cross_fitted(rows: &[Row]) -> Vec<f64> {
    let mut scores = vec![0.0; rows.len()];
    for fold in 0..FOLDS {
        let learned = learn(rows.iter().filter(|row| row.hash % FOLDS != fold));
        for (score, row) in scores.iter_mut().zip(rows).filter(|(_, row)| row.hash % FOLDS == fold) {
            *score = learned.score(row);
        }
    }
    scores
}

fn at(bucket: u32) -> usize {
    usize::try_from(bucket).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Row, cross_fitted, learn};

    fn rows() -> Vec<Row> {
        let verbs = ["send", "check", "call", "review", "sign", "read", "move", "print", "book", "fix"];
        let things = ["the plan", "the offer", "the rack", "the list", "the contract"];
        let asks = |verb: &str, thing: &str| Row::new(&format!("Could you {verb} {thing}?"), true, 1.0);
        let tells =
            |verb: &str, thing: &str| Row::new(&format!("They will {verb} {thing} soon."), false, 1.0);
        verbs
            .iter()
            .flat_map(|verb| things.iter().flat_map(move |thing| [asks(verb, thing), tells(verb, thing)]))
            .collect()
    }

    #[test]
    fn what_is_learned_holds_for_unseen_rows() {
        let rows = rows();
        for (row, score) in rows.iter().zip(cross_fitted(&rows)) {
            assert_eq!(score > 0.5, row.asks, "{score}");
        }
        assert_eq!(learn(&rows).to_bytes(), learn(&rows).to_bytes(), "the same rows give the same weights");
    }
}
