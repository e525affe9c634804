//! Learns the shipped weights of intent from labelled sentences and tells how good they are across folds.
//!
//! `cargo run --release -p postil-understand --example learn_intent -- MAIN.jsonl OTHER.jsonl [weights|rows]`; the rows
//! are `{"text":…,"label":true}`. With the third word the bytes of
//! `weights.bin` or of `rows.bin` go to stdout; the figures go to stderr.
#![allow(
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes,
    reason = "a development tool"
)]

use std::io::Write;

use postil_understand::intent::{Row, cross_fitted, learn};

/// What a row of the second set weighs: it counts advertisements as asks, which the product must not.
const OTHER_WEIGHT: f64 = 0.07;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (main, other) = (arguments.next().expect("MAIN.jsonl"), arguments.next().expect("OTHER.jsonl"));
    let mut rows: Vec<Row> = Vec::new();
    let mut labels = Vec::new();
    let mut ends = Vec::new();
    for (path, weight) in [(main, 1.0), (other, OTHER_WEIGHT)] {
        for line in std::fs::read_to_string(&path).expect("a file of rows").lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row");
            let asks = row["label"].as_bool().expect("a label");
            rows.push(Row::new(row["text"].as_str().expect("a text"), asks, weight));
            labels.push(asks);
        }
        ends.push(rows.len());
    }
    let scores = cross_fitted(&rows);
    let told: Vec<(f64, bool)> = scores.iter().copied().zip(labels).collect();
    for (name, part) in [("main", &told[..ends[0]]), ("other", &told[ends[0]..])] {
        eprintln!("{name}: f1 {:.4} auc {:.4} across folds", f1(part, 0.5), auc(part));
    }
    let bytes = match arguments.next().as_deref() {
        Some("weights") => learn(&rows).to_bytes(),
        Some("rows") => {
            let mut hashes: Vec<u32> = rows.iter().map(Row::hash).collect();
            hashes.sort_unstable();
            hashes.dedup();
            hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
        }
        _ => Vec::new(),
    };
    std::io::stdout().write_all(&bytes).expect("writing");
}

fn f1(rows: &[(f64, bool)], half: f64) -> f64 {
    let count = |told: bool, is: bool| {
        rows.iter().filter(|(score, asks)| (*score >= half) == told && *asks == is).count() as f64
    };
    2.0 * count(true, true) / (2.0 * count(true, true) + count(true, false) + count(false, true))
}

fn auc(rows: &[(f64, bool)]) -> f64 {
    let (asks, others): (Vec<_>, Vec<_>) = rows.iter().partition(|(_, asks)| *asks);
    let above = |score: f64| {
        others
            .iter()
            .map(|(other, _)| {
                if score > *other {
                    1.0
                } else if score < *other {
                    0.0
                } else {
                    0.5
                }
            })
            .sum::<f64>()
    };
    asks.iter().map(|(score, _)| above(*score)).sum::<f64>() / (asks.len() * others.len()) as f64
}
