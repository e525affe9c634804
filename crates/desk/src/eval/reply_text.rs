//! `reply-text`: what the sender wrote this time, compared with what four reply parsers expect of it.
//!
//! The four disagree on conventions (is a signature part of the reply?), so no setting is right on all.

use jiff::civil::date;
use postil_mail::{Message, ZoneKind, parse_message};
use serde::Deserialize;

use super::Scored;
use super::metric::{same_letters, same_words, share};
use super::question::raw_mail;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Row {
    id: String,
    input: String,
    kind: Option<String>,
    sender: Option<String>,
    compare: Option<String>,
    expect_trimmed: Option<String>,
    expect_text: Option<String>,
    expect_visible: Option<String>,
    expect_first_fragment: Option<String>,
    expect_html: Option<String>,
    expect_plain: Option<String>,
    /// The field itself is missing where a row says nothing of a signature, and null where there is none.
    #[serde(default, deserialize_with = "given")]
    expect_signature: Option<Option<String>>,
}

fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(value).map(Some)
}

/// Equal and all rows of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    equal: usize,
    rows: usize,
}

impl Tally {
    fn add(&mut self, equal: bool) {
        self.rows += 1;
        self.equal += usize::from(equal);
    }
}

pub(super) fn score(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let [mut all, mut plain, mut html, mut signatures] = [Tally::default(); 4];
    for row in rows {
        let is_html = row.kind.as_deref() == Some("html_quote");
        let message = message_of(row, is_html);
        let own = message.own_words();
        let mut row_is_equal = None;
        let mut note = |tally: &mut Tally, equal: bool| {
            tally.add(equal);
            row_is_equal = Some(row_is_equal.unwrap_or(true) && equal);
        };
        if is_html {
            // The expected HTML is read as any mail, since the product keeps text only.
            let expect =
                row.expect_html.as_ref().map(|html| parse_message(&raw(row, "text/html", html)).text);
            if let Some(expect) = expect.or_else(|| row.expect_plain.clone()) {
                let letters = row.compare.as_deref() == Some("strip_all_whitespace");
                note(
                    &mut html,
                    if letters { same_letters(&expect, &own) } else { same_words(&expect, &own) },
                );
            }
        } else {
            let wanted =
                [&row.expect_trimmed, &row.expect_text, &row.expect_visible, &row.expect_first_fragment];
            if let Some(expect) = wanted.into_iter().flatten().next() {
                note(&mut plain, same_words(expect, &own));
            }
            if let Some(expect) = &row.expect_signature {
                note(
                    &mut signatures,
                    same_words(without_dashes(expect.as_deref().unwrap_or_default()), &signature(&message)),
                );
            }
        }
        if let Some(equal) = row_is_equal {
            all.add(equal);
            if !equal {
                scored.wrong(&format!(
                    "{}: own words \"{own}\", signature \"{}\"",
                    row.id,
                    signature(&message)
                ));
            }
        }
    }
    for (name, tally) in
        [("exact", all), ("plain_exact", plain), ("html_exact", html), ("signature_exact", signatures)]
    {
        scored.figure(name, share(tally.equal, tally.rows));
    }
    scored.count("rows_with_expectation", all.rows);
    scored
}

fn message_of(row: &Row, is_html: bool) -> Message {
    parse_message(&raw(row, if is_html { "text/html" } else { "text/plain" }, &row.input))
}

fn raw(row: &Row, content_type: &str, body: &str) -> Vec<u8> {
    let sender: String =
        row.sender.as_deref().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let from = match sender.contains('@') {
        true => sender,
        false => format!("\"{}\" <sender@sender.example>", sender.replace('"', "")),
    };
    raw_mail(&from, "owner@house.example", "Row", date(2020, 1, 1), content_type, body)
}

/// A signature without the line that sets it off, which is a separator to the product.
fn without_dashes(signature: &str) -> &str {
    signature.trim_start_matches(|c: char| matches!(c, '-' | '_' | '\u{2014}') || c.is_whitespace())
}

/// What stands under the message: the sender's block, the client's line, legal text.
fn signature(message: &Message) -> String {
    let zones = message.zones.iter().filter(|zone| {
        matches!(zone.kind, ZoneKind::PersonalSignature | ZoneKind::MuaSignature | ZoneKind::Disclaimer)
    });
    without_dashes(&zones.map(|zone| zone.span.of(&message.text)).collect::<String>()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_share() {
        let rows: Vec<Row> = [
            r#"{"id":"a","input":"Yes, on Monday.\n\n> When do you come?\n","expect_trimmed":"Yes, on Monday."}"#,
            r#"{"id":"b","input":"Yes, on Monday.\n\n> When do you come?\n","expect_text":"Something else"}"#,
            r#"{"id":"c","kind":"html_quote","input":"<p>Yes.</p><blockquote>When?</blockquote>","compare":"strip_all_whitespace","expect_html":"<html><body>Yes.</body></html>"}"#,
            r#"{"id":"d","input":"The report is ready.\n-- \nMaya Okafor\n","expect_signature":"-- Maya Okafor"}"#,
            r#"{"id":"e","input":"No expectation here."}"#,
        ]
        .iter()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
        let scored = score(&rows);
        assert_eq!((scored.rows, scored.get("rows_with_expectation")), (5, 4.0));
        assert_eq!((scored.get("plain_exact"), scored.get("html_exact")), (0.5, 1.0));
        assert_eq!((scored.get("signature_exact"), scored.get("exact")), (1.0, 0.75));
        assert!(scored.wrong[0].starts_with("b: own words \"Yes, on Monday.\""));
    }

    #[test]
    fn a_null_signature_is_an_expectation() {
        let row: Row = serde_json::from_str(r#"{"id":"a","input":"x","expect_signature":null}"#).unwrap();
        assert_eq!(row.expect_signature, Some(None));
        let row: Row = serde_json::from_str(r#"{"id":"a","input":"x"}"#).unwrap();
        assert_eq!(row.expect_signature, None);
    }
}
