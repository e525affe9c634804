//! `intent`: does a sentence ask its reader for an action, a reply or a meeting?

use postil_understand::ask::sentence_score;
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
    for row in rows {
        let value = sentence_score(&row.text);
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
