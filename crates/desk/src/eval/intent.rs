//! `intent`: does a sentence ask its reader for an action, a reply or a meeting?
//!
//! A row that the shipped weights were learned from is not scored by them, but by weights that the same learner
//! makes from the other folds of the file; the letters of a row decide on its fold. Rows the program has never
//! seen are scored by the shipped weights. How many rows are of which kind is told.

use postil_understand::ask::sentence_score;
use postil_understand::intent::{self, cross_fitted, was_learned_from};
use serde::Deserialize;

use super::Scored;
use super::metric::{Hits, auc};

/// From this score on a sentence counts as an ask.
const ASKS: f64 = 0.5;

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: String,
    text: String,
    label: bool,
}

pub(super) fn score(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let mut hits = Hits::default();
    let mut scores = Vec::new();
    let seen = rows.iter().filter(|row| was_learned_from(&row.text)).count();
    let folded = if seen == 0 {
        Vec::new()
    } else {
        cross_fitted(&rows.iter().map(|row| intent::Row::new(&row.text, row.label, 1.0)).collect::<Vec<_>>())
    };
    for (at, row) in rows.iter().enumerate() {
        let without = folded.get(at).filter(|_| was_learned_from(&row.text));
        let value = without.copied().unwrap_or_else(|| sentence_score(&row.text));
        let told = value >= ASKS;
        hits.add(row.label, told);
        scores.push((value, row.label));
        if told != row.label {
            let kind = if row.label { "missed" } else { "no ask" };
            scored.wrong(&format!("{kind} {value:.2} {}: {}", row.id, row.text));
        }
    }
    scored.figure("f1", hits.f1());
    scored.figure("precision", hits.precision());
    scored.figure("recall", hits.recall());
    scored.figure("auc", auc(&scores));
    scored.count("rows_scored_by_other_folds", seen);
    scored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ask_that_is_missed_costs_recall() {
        let row = |text: &str, label| Row { id: String::new(), text: text.to_owned(), label };
        let rows = [
            row("Could you please send me the report by Friday?", true),
            row("The weather was fine.", true),
            row("The train was late.", false),
        ];
        let scored = score(&rows);
        assert_eq!((scored.rows, scored.get("precision"), scored.get("recall")), (3, 1.0, 0.5));
        assert_eq!(scored.wrong.len(), 1);
        assert!(scored.wrong[0].starts_with("missed"));
    }
}
