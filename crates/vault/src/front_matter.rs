//! Front matter: YAML between `---` lines at the start of a note, read with budgets.
//!
//! It is never written back as a whole; [`crate::edit`] changes single values in place.
//!
//! # Source
//! SECURITY.md T7 and its measurement M1: a 64 KB cap, depth 16, 2,000 nodes, no repeated keys.

use std::fmt;

use postil_evidence::Span;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle};

/// The largest front matter that is parsed, in bytes.
pub const FRONT_MATTER_LIMIT: usize = 64 * 1024;

/// A YAML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Empty or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// Text; dates are text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Nested properties, in file order.
    Map(Vec<(Value, Value)>),
}

/// One property of a note.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The key as written.
    pub key: String,
    /// The value.
    pub value: Value,
    /// Numbers, truth values and text as written, without quotes; `None` for lists, maps and nothing.
    pub written: Option<String>,
    /// Bytes of the note from the key to the end of the value.
    pub span: Span,
}

/// The properties of a note, in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties(Vec<Property>);

impl Properties {
    /// The property with this key. An exact match wins over one that differs in case.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Property> {
        let exact = self.0.iter().find(|property| property.key == key);
        exact.or_else(|| self.with_key(key).next())
    }

    /// Every property whose key is this one, whatever its case.
    pub fn with_key<'p>(&'p self, key: &str) -> impl Iterator<Item = &'p Property> {
        let key = key.to_lowercase();
        self.0.iter().filter(move |property| property.key.to_lowercase() == key)
    }

    /// All of them, in file order.
    pub fn iter(&self) -> impl Iterator<Item = &Property> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What stands at the start of a note.
#[derive(Clone, Debug, PartialEq)]
pub enum FrontMatter {
    /// No front matter.
    Absent,
    /// Readable properties.
    Parsed {
        /// Bytes of the note between the two `---` lines.
        span: Span,
        /// The properties.
        properties: Properties,
    },
    /// Something that starts like front matter and cannot be read. It counts as text, and the note
    /// is never written.
    Unreadable {
        /// Why, in one line.
        reason: String,
    },
}

/// Finds and reads the front matter of `text`; returns it with the byte where the body starts.
#[must_use]
pub(crate) fn parse_front_matter(text: &str) -> (FrontMatter, usize) {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = text.get(start..).unwrap_or_default();
    let mut lines = rest.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_fence(line) && line.ends_with('\n')) else {
        return (FrontMatter::Absent, start);
    };
    let inner = start + first.len();
    let mut at = inner;
    let mut closed = None;
    for line in lines {
        if is_fence(line) {
            closed = Some(at + line.len());
            break;
        }
        at += line.len();
    }
    let Some(body) = closed else {
        // An open block hides what it says of its audience, so a first line that looks like a
        // property is not taken for a rule above plain text.
        let second = text.get(inner..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let looks_meant =
            second.split_once(':').is_some_and(|(key, value)| is_plain_key(key) && !value.starts_with('/'));
        if looks_meant {
            let reason = "it has no closing --- line".to_owned();
            return (FrontMatter::Unreadable { reason }, start);
        }
        return (FrontMatter::Absent, start);
    };
    let span = Span::new(inner, at);
    match parse_properties(span.of(text), inner) {
        Ok(properties) => (FrontMatter::Parsed { span, properties }, body),
        Err(reason) => (FrontMatter::Unreadable { reason }, start),
    }
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

/// Whether a key can stand without quotes whatever surrounds it.
pub(crate) fn is_plain_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
        && !key.ends_with(' ')
}

fn parse_properties(yaml: &str, offset: usize) -> Result<Properties, String> {
    let values = match parse_yaml(yaml)? {
        Value::Null => return Ok(Properties::default()),
        Value::Map(values) => values,
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
            return Err("it is not a list of properties".to_owned());
        }
    };
    let places = top_level(yaml)?;
    let mut properties = Vec::new();
    for (key, value) in values {
        let Some(key) = scalar_text(&key) else { return Err("a key is not a word".to_owned()) };
        let place = places.iter().find(|place| place.key == key);
        let written = match &value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
                place.and_then(|place| place.written.clone()).or_else(|| scalar_text(&value))
            }
            Value::Null | Value::List(_) | Value::Map(_) => None,
        };
        // A value that came in through a merge key has no place of its own.
        let span = place.map_or(Span::default(), |place| {
            Span::new(place.key_span.start, place.value_span.end.max(place.key_span.end))
        });
        properties.push(Property { key, value, written, span: span.shifted(offset) });
    }
    Ok(Properties(properties))
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

/// Reads one YAML document of any shape, within the budgets of this module.
///
/// # Errors
/// The reason in one line: not YAML, a repeated key, more than one document, or over a budget.
pub fn parse_yaml(yaml: &str) -> Result<Value, String> {
    if yaml.len() > FRONT_MATTER_LIMIT {
        return Err(format!("it has {} bytes, more than {FRONT_MATTER_LIMIT}", yaml.len()));
    }
    serde_saphyr::from_str_with_options(yaml, options())
        .map_err(|error| error.to_string().lines().next().unwrap_or("not YAML").trim().to_owned())
}

fn options() -> serde_saphyr::Options {
    let budget = serde_saphyr::budget! {
        max_depth: 16,
        max_nodes: 2_000,
        max_events: 10_000,
        max_aliases: 100,
        max_anchors: 100,
        max_documents: 1,
        max_merge_keys: 16,
        max_total_scalar_bytes: FRONT_MATTER_LIMIT,
    };
    serde_saphyr::options! { budget: budget, with_snippet: false, strict_booleans: true }
}

/// Where a top-level property stands in the YAML text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// The key.
    pub(crate) key: String,
    /// Bytes of the key.
    pub(crate) key_span: Span,
    /// Bytes of the value's node; empty where there is none.
    pub(crate) value_span: Span,
    /// What the value is.
    pub(crate) shape: Shape,
    /// A scalar's text.
    pub(crate) written: Option<String>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A scalar on one or more lines, plain or quoted, or an alias.
    Scalar,
    /// `|` or `>`.
    BlockScalar,
    /// A list or map.
    Collection,
    /// Carries an anchor or a tag, so that other values may hang on it.
    Tied,
}

/// The places of the top-level properties of a mapping. Only for YAML that [`parse_yaml`] accepts,
/// which bounds its depth and size.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "events inside a value and around the document say nothing here"
)]
pub(crate) fn top_level(yaml: &str) -> Result<Vec<Place>, String> {
    let mut places: Vec<Place> = Vec::new();
    let mut depth = 0_usize;
    let mut key: Option<(String, Span)> = None;
    let mut pending: Option<(usize, Shape)> = None;
    for event in Parser::new_from_str(yaml) {
        let (event, at) = event.map_err(|error| error.to_string())?;
        let bytes =
            Span::new(at.start.byte_offset().unwrap_or_default(), at.end.byte_offset().unwrap_or_default());
        match event {
            Event::MappingStart(_, anchor, tag) | Event::SequenceStart(_, anchor, tag) => {
                depth += 1;
                if depth == 2 {
                    if key.is_none() {
                        return Err("a key is not a word".to_owned());
                    }
                    let tied = anchor != 0 || tag.is_some();
                    let shape = if tied { Shape::Tied } else { Shape::Collection };
                    // The parser starts a list without indentation at its first item's text; the
                    // value starts at the dash, or at a comment that belongs to it.
                    let from = key.as_ref().map_or(0, |(_, span)| span.end);
                    let gap = yaml.get(from..bytes.start).unwrap_or_default();
                    let colon = gap.find(':').map_or(gap.len(), |at| at + 1);
                    let after = gap.get(colon..).unwrap_or_default();
                    let skipped = after.len() - after.trim_start().len();
                    pending = Some((from + colon + skipped, shape));
                }
            }
            Event::MappingEnd | Event::SequenceEnd => {
                if depth == 2
                    && let (Some((start, shape)), Some((key, key_span))) = (pending.take(), key.take())
                {
                    // A bracket belongs to the value; a list of lines ends where the next key starts.
                    let bracket = Span::new(bytes.start, bytes.start + 1).of(yaml);
                    let end = if matches!(bracket, "]" | "}") { bytes.end } else { bytes.start };
                    let value_span = Span::new(start, end);
                    places.push(Place { key, key_span, value_span, shape, written: None });
                }
                depth = depth.saturating_sub(1);
            }
            Event::Scalar(text, style, anchor, tag) if depth == 1 => match key.take() {
                None => key = Some((text.into_owned(), bytes)),
                Some((key, key_span)) => {
                    let shape = match style {
                        _ if anchor != 0 || tag.is_some() => Shape::Tied,
                        ScalarStyle::Literal | ScalarStyle::Folded => Shape::BlockScalar,
                        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                            Shape::Scalar
                        }
                    };
                    let written = Some(text.into_owned());
                    places.push(Place { key, key_span, value_span: bytes, shape, written });
                }
            },
            Event::Alias(_) if depth == 1 => match key.take() {
                None => return Err("a key is an alias".to_owned()),
                Some((key, key_span)) => {
                    places.push(Place {
                        key,
                        key_span,
                        value_span: bytes,
                        shape: Shape::Scalar,
                        written: None,
                    });
                }
            },
            _ => {}
        }
    }
    Ok(places)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number.into()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Integer(number.into()))
    }

    fn visit_i128<E: de::Error>(self, number: i128) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::{FrontMatter, Value, parse_front_matter};

    fn kind(text: &str) -> &'static str {
        match parse_front_matter(text).0 {
            FrontMatter::Absent => "absent",
            FrontMatter::Parsed { .. } => "parsed",
            FrontMatter::Unreadable { .. } => "unreadable",
        }
    }

    #[test]
    fn front_matter_stands_at_the_first_byte_between_two_fences() {
        for (text, expect) in [
            ("---\na: b\n---\ntext", "parsed"),
            ("---\r\na: b\r\n---\r\ntext", "parsed"),
            ("\u{feff}---\na: b\n---", "parsed"),
            ("---\n---\n", "parsed"),
            ("---\n# only a comment\n---\n", "parsed"),
            ("---\na: {b: [c, {d: e}]}\n---\n", "parsed"),
            ("", "absent"),
            ("---", "absent"),
            ("text\n---\na: b\n---\n", "absent"),
            (" ---\na: b\n---\n", "absent"),
            ("---\n\nA rule above text, never closed.\n", "absent"),
            ("---\naudience: private\nnever closed\n", "unreadable"),
            ("---\na: b\na: c\n---\n", "unreadable"),
            ("---\na: [b\n---\n", "unreadable"),
            ("---\njust text\n---\n", "unreadable"),
            ("---\n- a\n---\n", "unreadable"),
            ("---\ntitle: {{title}}\n---\n", "parsed"),
        ] {
            assert_eq!(kind(text), expect, "{text:?}");
        }
    }

    #[test]
    fn values_keep_their_spelling_and_place() {
        let text = "---\nversion: 1.10 # ours\n\"due day\": 2026-11-27\nwho: \"[[Ana]]\"\nnone:\n---\nbody";
        let (FrontMatter::Parsed { span, properties }, body) = parse_front_matter(text) else { panic!() };
        assert_eq!(text.get(body..), Some("body"));
        assert!(span.of(text).starts_with("version") && span.of(text).ends_with("none:\n"));
        let seen: Vec<(&str, Option<&str>, &str)> =
            properties.iter().map(|p| (p.key.as_str(), p.written.as_deref(), p.span.of(text))).collect();
        assert_eq!(seen[0], ("version", Some("1.10"), "version: 1.10"));
        assert_eq!(seen[1], ("due day", Some("2026-11-27"), "\"due day\": 2026-11-27"));
        assert_eq!(seen[2], ("who", Some("[[Ana]]"), "who: \"[[Ana]]\""));
        assert_eq!(seen[3].1, None);
        assert_eq!(properties.get("VERSION").map(|p| &p.value), Some(&Value::Float(1.1)));
    }

    #[test]
    fn hostile_yaml_is_bounded() {
        let laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
        for yaml in [
            format!("a: {}", "[".repeat(60_000)),
            "- ".repeat(30_000),
            laughs.to_owned(),
            format!("a: {}", "x".repeat(70_000)),
            (0..3_000).map(|i| format!("k{i}: v\n")).collect(),
            format!("a: {}", "{a: ".repeat(10_000)),
            "? ".repeat(30_000),
            format!("a: \"{}", "\\".repeat(60_000)),
        ] {
            let text = format!("---\n{yaml}\n---\n");
            assert_eq!(kind(&text), "unreadable", "{yaml:.40}");
        }
    }
}
