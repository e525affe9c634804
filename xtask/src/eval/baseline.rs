//! The figures that were reached, committed, so that a change which loses one of them is seen.
//!
//! Knows which figures say how good something is and which way is better. Must not move a baseline without a reason.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// A figure may be off by this much before it counts as lost: a few rows of a small set, or another order of summing.
const SLACK: f64 = 0.002;

/// Figures of which more is better.
const MORE: &[&str] = &[
    "accuracy",
    "addressee_accuracy",
    "ask_precision",
    "ask_recall",
    "auc",
    "bcubed_f1",
    "bcubed_f1_within_rows",
    "abstained_on_5",
    "clean_served",
    "cluster_bcubed_f1",
    "due_accuracy",
    "equal",
    "errors_rejected_or_untouched",
    "evidence_recall_at_1",
    "evidence_recall_at_5",
    "exact",
    "f1",
    "footnotes_resolved",
    "hit_at_1",
    "html_exact",
    "inside_code_accuracy",
    "json_equal",
    "keep_drop_accuracy",
    "mention_f1",
    "mrr",
    "parent_accuracy",
    "parent_accuracy_within_rows",
    "path_accuracy",
    "plain_exact",
    "requested_set_f1",
    "required_at_10",
    "session_recall_at_5",
    "signature_exact",
    "span_f1",
    "trees_equal",
    "turn_recall_at_10",
    "value_accuracy",
    "verdict_accuracy",
    "zone_accuracy",
    "zone_macro_f1",
];

/// Figures of which less is better.
const LESS: &[&str] = &[
    "abstained_on_answerable",
    "actions",
    "canaries_leaked",
    "canaries_unflagged",
    "crashed",
    "drafts_proposed_share",
    "false_parses",
    "invented",
    "unanswerable_given_a_line",
];

/// What was reached, by task and set, and why it stands where it does.
pub(super) struct Baselines(BTreeMap<String, Baseline>);

struct Baseline {
    figures: BTreeMap<String, f64>,
    because: String,
}

/// How a figure stands beside its baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    /// There is none yet.
    New,
    Same,
    Better(f64),
    Worse(f64),
}

impl Baselines {
    /// Those of a file; none where it is not there.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "{}".to_owned(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        Self::parse(&text).with_context(|| format!("{} is no JSON object", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let known: BTreeMap<String, Value> = serde_json::from_str(text)?;
        let baseline = |value: Value| {
            let figures = value.get("figures").and_then(Value::as_object).cloned().unwrap_or_default();
            Baseline {
                figures: figures.iter().filter_map(|(name, it)| Some((name.clone(), it.as_f64()?))).collect(),
                because: value.get("because").and_then(Value::as_str).unwrap_or_default().to_owned(),
            }
        };
        Ok(Self(known.into_iter().map(|(set, value)| (set, baseline(value))).collect()))
    }

    /// The figures of a row that say how good it is, each with its change.
    pub(super) fn compare(&self, set: &str, metrics: &Map<String, Value>) -> Vec<(String, f64, Change)> {
        let known = self.0.get(set);
        let judged = metrics.iter().filter(|(name, _)| judges(set, name));
        judged
            .filter_map(|(name, value)| {
                let now = value.as_f64()?;
                let before = known.and_then(|known| known.figures.get(name).copied());
                let gain = before
                    .map(|before| if LESS.contains(&name.as_str()) { before - now } else { now - before });
                let change = match gain {
                    None => Change::New,
                    Some(gain) if gain > SLACK => Change::Better(gain),
                    Some(gain) if gain < -SLACK => Change::Worse(-gain),
                    Some(_) => Change::Same,
                };
                Some((name.clone(), now, change))
            })
            .collect()
    }

    /// Sets the baseline of a row to its figures, if any of them changed.
    pub(super) fn set(&mut self, set: &str, figures: &[(String, f64, Change)], because: &str) {
        if figures.iter().any(|(_, _, change)| *change != Change::Same) {
            let figures = figures.iter().map(|(name, now, _)| (name.clone(), *now)).collect();
            self.0.insert(set.to_owned(), Baseline { figures, because: because.to_owned() });
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.text()?).with_context(|| format!("writing {}", path.display()))
    }

    fn text(&self) -> Result<String> {
        let all: BTreeMap<&String, Value> = self
            .0
            .iter()
            .map(|(set, it)| (set, json!({ "because": it.because, "figures": it.figures })))
            .collect();
        Ok(serde_json::to_string_pretty(&all)? + "\n")
    }
}

/// Whether a figure has a better and a worse.
fn judges(set: &str, name: &str) -> bool {
    // Mail of people to lists is ham: neither all nor none of it wants a draft.
    let has_no_side = name == "drafts_proposed_share" && set.contains("easy-ham");
    !has_no_side && (MORE.contains(&name) || LESS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_loss_is_told_from_a_gain_whichever_way_is_better() {
        let mut known = Baselines::parse("{}").unwrap();
        let first = metrics(&json!({"f1": 0.8, "crashed": 1, "slowest_ms": 3.0, "by": {"a": 1}}));
        let figures = known.compare("intent x", &first);
        assert_eq!(figures, [("crashed".to_owned(), 1.0, Change::New), ("f1".to_owned(), 0.8, Change::New)]);
        known.set("intent x", &figures, "first figures");
        let known = Baselines::parse(&known.text().unwrap()).unwrap();
        let changes = |value: Value| -> Vec<Change> {
            known.compare("intent x", &metrics(&value)).into_iter().map(|(_, _, change)| change).collect()
        };
        assert_eq!(changes(json!({"crashed": 1, "f1": 0.8001})), [Change::Same, Change::Same]);
        assert_eq!(changes(json!({"crashed": 2, "f1": 1.8})), [Change::Worse(1.0), Change::Better(1.0)]);
        assert_eq!(changes(json!({"crashed": 0, "f1": 0.3})), [Change::Better(1.0), Change::Worse(0.5)]);
    }

    #[test]
    fn what_stays_keeps_its_reason() {
        let mut known = Baselines(BTreeMap::new());
        let row = metrics(&json!({"f1": 0.8}));
        let figures = known.compare("a", &row);
        known.set("a", &figures, "first");
        let figures = known.compare("a", &row);
        known.set("a", &figures, "second");
        assert_eq!(known.0["a"].because, "first");
    }

    #[test]
    fn ham_has_no_better_side() {
        assert!(!judges("bulk spamassassin/easy-ham-1", "drafts_proposed_share"));
        assert!(judges("bulk spamassassin/spam-1", "drafts_proposed_share"));
        assert!(!judges("intent x", "rows"));
    }
}
