//! `front-matter`: YAML of every odd kind as a note's properties: read as others read it, or left untouched.

use std::panic::{AssertUnwindSafe, catch_unwind};

use postil_evidence::NotePath;
use postil_vault::edit::{PropertyValue, set_property};
use postil_vault::front_matter::{Value as Yaml, parse_yaml};
use postil_vault::{FrontMatter, parse_note};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Scored;
use super::metric::{share, timed};

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: String,
    in_yaml: String,
    in_json: Option<String>,
    error: bool,
}

/// What became of one row.
struct Outcome {
    /// Read by itself.
    value: Result<Yaml, String>,
    /// A note with it as front matter would not be written, and its YAML counts for nothing.
    untouched: bool,
}

pub(super) fn score(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let (mut crashed, mut slowest) = (0, 0.0_f64);
    let (mut errors, mut errors_right, mut documents, mut documents_right) = (0, 0, 0, 0);
    for row in rows {
        let (read, ms) = timed(|| catch_unwind(AssertUnwindSafe(|| read(&row.in_yaml))));
        slowest = slowest.max(ms);
        let Ok(outcome) = read else {
            crashed += 1;
            scored.wrong(&format!("{} crashed", row.id));
            continue;
        };
        if row.error {
            errors += 1;
            let right = outcome.value.is_err() || outcome.untouched;
            errors_right += usize::from(right);
            if !right {
                scored.wrong(&format!("{} is an error and was read as {:?}", row.id, outcome.value));
            }
        } else if let Some(expected) = row.in_json.as_deref().and_then(one_document) {
            documents += 1;
            let told = outcome.value.as_ref().map(to_json);
            let right = told.as_ref().is_ok_and(|told| same(told, &expected));
            documents_right += usize::from(right);
            if !right {
                scored.wrong(&format!("{} is {expected}, told {told:?}", row.id));
            }
        }
    }
    scored.count("crashed", crashed);
    scored.figure("slowest_ms", Some(slowest));
    scored.figure("json_equal", share(documents_right, documents));
    scored.figure("errors_rejected_or_untouched", share(errors_right, errors));
    scored.count("documents", documents);
    scored.count("errors", errors);
    scored
}

fn read(yaml: &str) -> Outcome {
    let value = parse_yaml(yaml);
    let end = if yaml.ends_with('\n') { "" } else { "\n" };
    let text = format!("---\n{yaml}{end}---\nThe body.\n");
    let untouched = NotePath::parse("row.md").is_some_and(|path| {
        let note = parse_note(&path, text.as_bytes());
        let unread = !matches!(note.front_matter, FrontMatter::Parsed { .. });
        unread || set_property(&text, "status", &PropertyValue::Text("x".to_owned())).is_err()
    });
    Outcome { value, untouched }
}

/// The JSON of a row, where it is exactly one value.
fn one_document(text: &str) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let first = values.next()?.ok()?;
    values.next().is_none().then_some(first)
}

fn to_json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(truth) => json!(truth),
        Yaml::Integer(number) => {
            i64::try_from(*number).map_or_else(|_large| json!(*number as f64), |number| json!(number))
        }
        Yaml::Float(number) => json!(number),
        Yaml::Text(text) => json!(text),
        Yaml::List(items) => items.iter().map(to_json).collect(),
        Yaml::Map(pairs) => {
            let key = |key: &Yaml| match to_json(key) {
                Value::String(text) => text,
                Value::Null => String::new(),
                other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                    other.to_string()
                }
            };
            Value::Object(pairs.iter().map(|(name, value)| (key(name), to_json(value))).collect())
        }
    }
}

/// Equal, where 1 and 1.0 are one number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_rejected_or_left_alone() {
        let row = |yaml: &str, json: Option<&str>, error| Row {
            id: "r".to_owned(),
            in_yaml: yaml.to_owned(),
            in_json: json.map(str::to_owned),
            error,
        };
        let rows = [
            row("a: 1\nb: [x, 2.0]\n", Some("{\"a\": 1.0, \"b\": [\"x\", 2]}"), false),
            row("a: 1\n", Some("{\"a\": 2}"), false),
            row("a: [1\n", None, true),
            row("--- 1\n--- 2\n", Some("1\n2\n"), false),
        ];
        let scored = score(&rows);
        assert_eq!((scored.rows, scored.get("crashed"), scored.get("documents")), (4, 0.0, 2.0));
        assert_eq!((scored.get("json_equal"), scored.get("errors_rejected_or_untouched")), (0.5, 1.0));
        assert_eq!(scored.wrong.len(), 1);
    }
}
