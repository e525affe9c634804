//! Edits as values: the bytes to replace and what to put there. Nothing is written here.
//!
//! A property is changed in place: only the bytes of its value, or one new line, so comments, order,
//! quoting, line ends and unknown keys stay as they are. Each edit is checked by reading the result
//! back; where anything but the intended property would differ it is refused.
//!
//! # Source
//! SECURITY.md T7: splice, never re-serialise; values are written by one function.

use jiff::civil::{Date, DateTime};
use postil_evidence::Span;
use serde::{Deserialize, Serialize};

use crate::error::VaultError;
use crate::front_matter::{
    FrontMatter, Place, Properties, Shape, Value, is_plain_key, parse_front_matter, top_level,
};

/// One replacement: the bytes under `span` become `new`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the text; empty where something is inserted.
    pub span: Span,
    /// What stands there afterwards.
    pub new: String,
}

/// A value that a property can be set to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum PropertyValue {
    /// Text; written plain where it is one word, else in double quotes.
    Text(String),
    /// A check box.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// `2026-11-20`.
    Date(Date),
    /// `2026-11-20T16:04:26`, without an offset, as Obsidian has it.
    DateTime(DateTime),
    /// A list of texts.
    List(Vec<String>),
}

impl PropertyValue {
    /// How the value reads back from a note.
    fn read_back(&self) -> Value {
        match self {
            Self::Text(text) => Value::Text(text.clone()),
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Integer(number) => Value::Integer((*number).into()),
            Self::Date(date) => Value::Text(date.to_string()),
            Self::DateTime(time) => Value::Text(seconds(*time)),
            Self::List(items) => Value::List(items.iter().cloned().map(Value::Text).collect()),
        }
    }
}

fn seconds(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The edit that sets one property of a note's text. A key that differs only in case counts as the
/// same; a missing key becomes a new last line; a note without front matter gets one.
///
/// # Errors
/// [`VaultError::Property`] where the front matter cannot be read, the key cannot stand without
/// quotes, the value is written in a way that cannot be replaced alone (an anchor, a tag, comments
/// inside it), or the check of the result fails.
pub fn set_property(text: &str, key: &str, value: &PropertyValue) -> Result<Edit, VaultError> {
    let refuse = |reason: &str| VaultError::Property { key: key.to_owned(), reason: reason.to_owned() };
    if !is_plain_key(key) {
        return Err(refuse("its name needs quotes"));
    }
    let (front_matter, body) = parse_front_matter(text);
    let edit = match &front_matter {
        FrontMatter::Unreadable { reason } => {
            return Err(refuse(&format!("the front matter cannot be read ({reason})")));
        }
        FrontMatter::Absent => {
            let end = line_end_of(text);
            let new = format!("---{end}{key}: {}{end}---{end}", written(value));
            Edit { span: Span::new(body, body), new }
        }
        FrontMatter::Parsed { span, .. } => {
            edit_of(text, *span, key, value).map_err(|reason| refuse(&reason))?
        }
    };
    let after = apply_edits(text, std::slice::from_ref(&edit))?;
    check_result(text, &after, key, value).map_err(|reason| refuse(&reason))?;
    Ok(edit)
}

fn edit_of(text: &str, span: Span, key: &str, value: &PropertyValue) -> Result<Edit, String> {
    let yaml = span.of(text);
    let places = if yaml.trim().is_empty() { Vec::new() } else { top_level(yaml)? };
    let same = |place: &&Place| place.key.to_lowercase() == key.to_lowercase();
    let place = places.iter().find(|place| place.key == key).or_else(|| places.iter().find(same));
    let Some(place) = place else {
        let end = line_end_of(text);
        let new = format!("{key}: {}{end}", written(value));
        return Ok(Edit { span: Span::new(span.end, span.end), new });
    };
    let old = place.value_span.of(yaml);
    let kept = old.trim_end().len();
    let target = Span::new(place.value_span.start, place.value_span.start + kept);
    match place.shape {
        Shape::Tied => return Err("its value carries an anchor or a tag".to_owned()),
        Shape::BlockScalar => return Err("its value is a block of text".to_owned()),
        Shape::Collection if has_comment(old) => return Err("its list has comments".to_owned()),
        Shape::Collection | Shape::Scalar => {}
    }
    if target.is_empty() {
        // No value yet: it goes right behind the colon, before any comment.
        let colon = yaml.get(place.key_span.end..).and_then(|rest| rest.find(':'));
        let at = place.key_span.end + colon.ok_or_else(|| "its colon is missing".to_owned())? + 1;
        return Ok(Edit { span: Span::new(at, at).shifted(span.start), new: format!(" {}", written(value)) });
    }
    let block_list = place.shape == Shape::Collection && old.starts_with("- ");
    let new = match value {
        PropertyValue::List(items) if block_list && !items.is_empty() => {
            let before = yaml.get(..target.start).unwrap_or_default();
            let indent = before.rsplit('\n').next().unwrap_or_default();
            let lines: Vec<String> = items.iter().map(|item| format!("- {}", written_text(item))).collect();
            lines.join(&format!("{}{indent}", line_end_of(text)))
        }
        PropertyValue::Text(_)
        | PropertyValue::Bool(_)
        | PropertyValue::Integer(_)
        | PropertyValue::Date(_)
        | PropertyValue::DateTime(_)
        | PropertyValue::List(_)
            if block_list =>
        {
            // The list stood on lines of its own; the value goes back behind the colon.
            let colon = yaml.get(place.key_span.end..).and_then(|rest| rest.find(':'));
            let at = place.key_span.end + colon.ok_or_else(|| "its colon is missing".to_owned())? + 1;
            let between = yaml.get(at..target.start).unwrap_or_default();
            if !between.trim().is_empty() {
                return Err("its list has comments".to_owned());
            }
            let new = format!(" {}", written(value));
            return Ok(Edit { span: Span::new(at, target.end).shifted(span.start), new });
        }
        // The owner's quotes stay.
        PropertyValue::Text(word) if old.starts_with(['"', '\'']) => written_text(word),
        PropertyValue::Text(_)
        | PropertyValue::Bool(_)
        | PropertyValue::Integer(_)
        | PropertyValue::Date(_)
        | PropertyValue::DateTime(_)
        | PropertyValue::List(_) => written(value),
    };
    Ok(Edit { span: target.shifted(span.start), new })
}

fn has_comment(old: &str) -> bool {
    old.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #") || line.contains("\t#"))
}

fn line_end_of(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") { "\r\n" } else { "\n" }
}

/// The one function that writes values.
fn written(value: &PropertyValue) -> String {
    match value {
        PropertyValue::Text(text) if is_plain_word(text) => text.clone(),
        PropertyValue::Text(text) => written_text(text),
        PropertyValue::Bool(truth) => truth.to_string(),
        PropertyValue::Integer(number) => number.to_string(),
        PropertyValue::Date(date) => date.to_string(),
        PropertyValue::DateTime(time) => seconds(*time),
        PropertyValue::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written_text(item)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// A double-quoted YAML scalar.
///
/// # Source
/// YAML 1.2.2 section 5.7, escaped characters.
#[must_use]
pub fn written_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c if c.is_control() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether text may stand without quotes in every YAML dialect: a word that is no truth value, no
/// nothing and no number.
fn is_plain_word(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let taken = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !taken.contains(&lower.as_str())
}

/// Puts edits into a text. They may come in any order and must not overlap.
///
/// # Errors
/// [`VaultError::Edit`] where one lies outside the text, splits a character or overlaps another.
pub fn apply_edits(text: &str, edits: &[Edit]) -> Result<String, VaultError> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let kept = text.get(at..edit.span.start);
        let fits = text.is_char_boundary(edit.span.end) && edit.span.end >= edit.span.start;
        match kept.filter(|_| fits) {
            Some(kept) => out.push_str(kept),
            None => return Err(VaultError::Edit { start: edit.span.start, end: edit.span.end }),
        }
        out.push_str(&edit.new);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(out)
}

/// Reads both texts: the body and every other property must be the same, this one as intended.
fn check_result(before: &str, after: &str, key: &str, value: &PropertyValue) -> Result<(), String> {
    let (old, old_body) = parse_front_matter(before);
    let (new, new_body) = parse_front_matter(after);
    if before.get(old_body..) != after.get(new_body..) {
        return Err("the text below would change".to_owned());
    }
    let none = Properties::default();
    let old = match &old {
        FrontMatter::Parsed { properties, .. } => properties,
        FrontMatter::Absent => &none,
        FrontMatter::Unreadable { reason } => return Err(reason.clone()),
    };
    let new = match &new {
        FrontMatter::Parsed { properties, .. } => properties,
        FrontMatter::Absent => return Err("the front matter would be lost".to_owned()),
        FrontMatter::Unreadable { reason } => return Err(format!("the result could not be read: {reason}")),
    };
    let target = old.get(key).map_or(key, |property| property.key.as_str());
    if new.get(target).map(|property| &property.value) != Some(&value.read_back()) {
        return Err("the value would read back differently".to_owned());
    }
    let others = |properties: &Properties| -> Vec<(String, Value, Option<String>)> {
        let others = properties.iter().filter(|property| property.key != target);
        others.map(|p| (p.key.clone(), p.value.clone(), p.written.clone())).collect()
    };
    if others(old) != others(new) { Err("another property would change".to_owned()) } else { Ok(()) }
}
