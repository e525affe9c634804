//! `mime`: damaged and odd mail: is it read without a crash, and is what was read what another parser read?

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use postil_mail::message::{AddressField, Unaddressed};
use postil_mail::{Message, parse_message};
use serde_json::{Value, json};

use super::metric::{same_words, share, timed};
use super::{Scored, not_measured};
use crate::error::DeskError;

/// Equal and compared rows, by field.
#[derive(Debug, Default)]
struct Fields(BTreeMap<&'static str, (usize, usize)>);

impl Fields {
    fn add(&mut self, found: &[(&'static str, bool)]) {
        for (name, equal) in found {
            let (equals, all) = self.0.entry(name).or_default();
            *equals += usize::from(*equal);
            *all += 1;
        }
    }

    fn json(&self) -> Value {
        self.0.iter().map(|(name, (equal, all))| (*name, json!(share(*equal, *all)))).collect()
    }
}

/// Scores every message below a folder; a file of the same name that ends in `.json` says what is expected.
///
/// # Errors
/// Where a folder or file cannot be read, or an expectation is no JSON.
pub(super) fn score_folder(folder: &Path) -> Result<Scored, DeskError> {
    let mut files = Vec::new();
    files_below(folder, &mut files)?;
    files.sort();
    let mut scored = Scored::default();
    let (mut crashed, mut slowest, mut equal, mut expected) = (0, 0.0_f64, 0, 0);
    let mut fields = Fields::default();
    for path in files.iter().filter(|path| path.extension().is_none_or(|ending| ending != "json")) {
        let raw = std::fs::read(path).map_err(|error| DeskError::io(path, &error))?;
        scored.rows += 1;
        let (read, ms) = timed(|| catch_unwind(|| parse_message(&raw)));
        slowest = slowest.max(ms);
        let Ok(message) = read else {
            crashed += 1;
            scored.wrong(&format!("{} crashed", path.display()));
            continue;
        };
        let Some(json) = expectation(path)? else { continue };
        expected += 1;
        let found = compare(&message, &Expected::of(&json));
        fields.add(&found);
        let wrong: Vec<&str> = found.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
        equal += usize::from(wrong.is_empty());
        if !wrong.is_empty() {
            scored.wrong(&format!("{} differs in {}", path.display(), wrong.join(", ")));
        }
    }
    scored.count("read", scored.rows - crashed);
    scored.count("crashed", crashed);
    scored.figure("slowest_ms", Some(slowest));
    scored.figure("equal", share(equal, expected));
    if expected > 0 {
        scored.count("with_expectation", expected);
        scored.metrics.insert("fields_equal".to_owned(), fields.json());
    }
    Ok(scored)
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), DeskError> {
    let failed = |error: std::io::Error| DeskError::io(folder, &error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files_below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn expectation(path: &Path) -> Result<Option<Value>, DeskError> {
    let path = path.with_extension("json");
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            DeskError::user(format!("{} is no JSON: {error}", path.display()), "mend it or take it away")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DeskError::io(&path, &error)),
    }
}

/// Name and address, folded; or, where there is no address, the words alone.
type Person = (String, String);

/// What mail-parser's JSON says, in the product's terms.
#[derive(Debug)]
struct Expected {
    /// Text of the body, and whether it comes from HTML.
    text: Option<(String, bool)>,
    people: Vec<Vec<Person>>,
    date: Option<String>,
    attachments: usize,
}

/// The headers whose addresses are compared.
const PEOPLE: [&str; 4] = ["from", "reply_to", "to", "cc"];

impl Expected {
    fn of(json: &Value) -> Self {
        let headers = json.pointer("/parts/0/headers").and_then(Value::as_array).cloned().unwrap_or_default();
        let header = |name: &str| {
            let found =
                headers.iter().rfind(|header| header.get("name").and_then(Value::as_str) == Some(name));
            found.and_then(|header| header.get("value")).cloned().unwrap_or_default()
        };
        let people = |name: &str| header(name).get("Address").map(people_of).unwrap_or_default();
        let listed = |name: &str| json.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let body = |kind: &str| -> Vec<String> {
            let parts = listed("text_body").into_iter().filter_map(|part| part.as_u64());
            let bodies =
                parts.filter_map(|part| json.pointer(&format!("/parts/{part}/body/{kind}")).cloned());
            bodies.filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let (plain, html) = (body("Text"), body("Html"));
        let text = match (plain.is_empty(), html.is_empty()) {
            (false, _) => Some((plain.join("\n"), false)),
            (true, false) => {
                Some((html.iter().map(|html| text_of_html(html)).collect::<Vec<_>>().join("\n"), true))
            }
            (true, true) => None,
        };
        let date = header("date").get("DateTime").and_then(date_of);
        Self {
            text,
            people: PEOPLE.iter().map(|name| people(name)).collect(),
            date,
            attachments: listed("attachments").len(),
        }
    }
}

/// The visible text of HTML, as of a mail that holds nothing else.
fn text_of_html(html: &str) -> String {
    let head = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    parse_message(format!("{head}{html}").as_bytes()).text
}

fn compare(message: &Message, expected: &Expected) -> Vec<(&'static str, bool)> {
    let mut found = Vec::new();
    if let Some((text, is_html)) = &expected.text {
        found.push((if *is_html { "html" } else { "text" }, same_words(text, &message.text)));
    }
    let from: Vec<_> = message.from.iter().cloned().collect();
    let lists = [&from, &message.reply_to, &message.to, &message.cc];
    let fields = [AddressField::From, AddressField::ReplyTo, AddressField::To, AddressField::Cc];
    let same = lists.iter().zip(fields).zip(&expected.people).all(|((told, field), gold)| {
        let mut gold = gold.clone();
        if field == AddressField::From {
            // The product keeps the first sender.
            let first = gold.iter().position(|(_, address)| !address.is_empty());
            let mut place = 0;
            gold.retain(|(_, address)| {
                place += 1;
                address.is_empty() || first == Some(place - 1)
            });
        }
        people_told(told, message, field) == gold
    });
    found.push(("addresses", same));
    found.push(("dates", message.date.as_ref().map(date_text) == expected.date));
    found.push(("attachments", message.attachments.len() == expected.attachments));
    found
}

/// The people of a field, and behind them the words there that are no address.
fn people_told(told: &[postil_evidence::Mailbox], message: &Message, field: AddressField) -> Vec<Person> {
    let words = message.delivery.unaddressed.iter().filter(|words| words.field == field);
    told.iter().map(person).chain(words.map(|words| (words.text.to_string(), String::new()))).collect()
}

fn person(mailbox: &postil_evidence::Mailbox) -> Person {
    (mailbox.name.to_string(), mailbox.addr.to_string())
}

/// The people of an address header: a list, or groups.
fn people_of(address: &Value) -> Vec<Person> {
    let one = |person: &Value| {
        let text = |key: &str| person.get(key).and_then(Value::as_str).unwrap_or_default();
        match postil_evidence::Addr::parse(text("address")) {
            Some(addr) => (postil_evidence::HeaderText::clean(text("name")).to_string(), addr.to_string()),
            // No address to the product, which keeps the words.
            None => (Unaddressed::text(text("name"), text("address")).to_string(), String::new()),
        }
    };
    let list = |people: Option<&Value>| -> Vec<Person> {
        people.and_then(Value::as_array).into_iter().flatten().map(one).collect()
    };
    let mut people: Vec<Person> = match address.get("Group").and_then(Value::as_array) {
        Some(groups) => groups.iter().flat_map(|group| list(group.get("addresses"))).collect(),
        None => list(address.get("List")),
    };
    people.sort_by_key(|(_, address)| address.is_empty());
    people
}

fn date_of(date: &Value) -> Option<String> {
    let number = |key: &str| date.get(key).and_then(Value::as_i64);
    let sign = if date.get("tz_before_gmt").and_then(Value::as_bool)? { '-' } else { '+' };
    let (hour, minute) = (number("tz_hour")?, number("tz_minute")?);
    let sign = if hour == 0 && minute == 0 { '+' } else { sign };
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{hour:02}:{minute:02}",
        number("year")?,
        number("month")?,
        number("day")?,
        number("hour")?,
        number("minute")?,
        number("second")?
    ))
}

fn date_text(date: &Zoned) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A header value and what another parser reads in it.
#[derive(Debug, serde::Deserialize)]
pub(super) struct HeaderRow {
    id: String,
    header: String,
    expected: Value,
}

/// Scores header rows; which header it is, is told by the id (`address:7`).
///
/// # Errors
/// Where the product reads no header of that kind.
pub(super) fn score_headers(rows: &[HeaderRow]) -> Result<Scored, DeskError> {
    let mut scored = Scored::new(rows.len());
    let (mut crashed, mut slowest, mut equal) = (0, 0.0_f64, 0);
    let mut fields = Fields::default();
    for row in rows {
        let kind = Kind::of(&row.id)?;
        let raw = kind.mail(&row.header);
        let (read, ms) = timed(|| catch_unwind(|| parse_message(raw.as_bytes())));
        slowest = slowest.max(ms);
        let Ok(message) = read else {
            crashed += 1;
            scored.wrong(&format!("{} crashed", row.id));
            continue;
        };
        let told = kind.told(&message);
        let same = told == kind.expected(&row.expected);
        equal += usize::from(same);
        fields.add(&[(kind.field(), same)]);
        if !same {
            scored.wrong(&format!("{} {:?}: told {told}", row.id, row.header));
        }
    }
    scored.count("read", rows.len() - crashed);
    scored.count("crashed", crashed);
    scored.figure("slowest_ms", Some(slowest));
    scored.figure("equal", share(equal, rows.len()));
    scored.metrics.insert("fields_equal".to_owned(), fields.json());
    Ok(scored)
}

#[derive(Clone, Copy)]
enum Kind {
    Address,
    Date,
    Id,
    Text,
    ContentType,
}

impl Kind {
    fn of(id: &str) -> Result<Self, DeskError> {
        match id.split(':').next().unwrap_or_default() {
            "address" => Ok(Self::Address),
            "date" => Ok(Self::Date),
            "id" => Ok(Self::Id),
            "unstructured" => Ok(Self::Text),
            "content_type" => Ok(Self::ContentType),
            other => Err(not_measured(&format!("mime: {other} headers"), "the product does not read them")),
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Address => "addresses",
            Self::Date => "dates",
            Self::Id => "ids",
            Self::Text => "subjects",
            Self::ContentType => "attachments",
        }
    }

    /// A mail with the header where the product reads it.
    fn mail(self, header: &str) -> String {
        match self {
            Self::Address => format!("To: {header}\r\n\r\nx"),
            Self::Date => format!("Date: {header}\r\n\r\nx"),
            Self::Id => format!("References: {header}\r\n\r\nx"),
            Self::Text => format!("Subject: {header}\r\n\r\nx"),
            // The type of an attachment is what the product keeps of this header.
            Self::ContentType => format!(
                "Content-Type: multipart/mixed; boundary=\"bb\"\r\n\r\n--bb\r\n\r\nx\r\n--bb\r\n\
                 Content-Disposition: attachment\r\nContent-Type: {}\r\n\r\ny\r\n--bb--\r\n",
                header.trim_end()
            ),
        }
    }

    fn told(self, message: &Message) -> Value {
        match self {
            Self::Address => json!(people_told(&message.to, message, AddressField::To)),
            Self::Date => json!(message.date.as_ref().map(date_text)),
            Self::Id => json!(message.references.iter().map(|id| id.as_str()).collect::<Vec<_>>()),
            Self::Text => json!(message.subject.as_str()),
            Self::ContentType => match message.attachments.as_slice() {
                [one] => json!([one.content_type, one.name.as_str()]),
                others => json!(others.len()),
            },
        }
    }

    /// What [`Kind::told`] should be.
    fn expected(self, expected: &Value) -> Value {
        match self {
            Self::Address => json!(people_of(expected)),
            Self::Date => json!(date_of(expected)),
            Self::Id => match expected {
                Value::Null => json!([]),
                Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                    expected.clone()
                }
            },
            Self::Text => {
                json!(postil_evidence::HeaderText::clean(expected.as_str().unwrap_or_default()).as_str())
            }
            Self::ContentType => {
                let text =
                    |key: &str| expected.get(key).and_then(Value::as_str).unwrap_or_default().to_lowercase();
                let attributes =
                    expected.get("attributes").and_then(Value::as_array).cloned().unwrap_or_default();
                let name = attributes.iter().find(|pair| pair.get(0).and_then(Value::as_str) == Some("name"));
                let name = name.and_then(|pair| pair.get(1)).and_then(Value::as_str).unwrap_or_default();
                let kind = match (text("c_type").as_str(), text("c_subtype").as_str()) {
                    // RFC 2045, section 5.2: what says nothing is plain text.
                    ("", _) => "text/plain".to_owned(),
                    (kind, "") => kind.to_owned(),
                    (kind, subtype) => format!("{kind}/{subtype}"),
                };
                json!([kind, name])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Ana Lima <ana@lima.example>\r\nTo: bo@lima.example\r\n\
                        Date: Fri, 20 Nov 2026 16:04:00 +0100\r\nSubject: Pump\r\n\r\nIt runs.\r\n";

    #[test]
    fn a_folder_is_read_and_compared_by_field() {
        let dir = tempfile::tempdir().unwrap();
        let parts = |date: i64| {
            json!({"text_body": [0], "attachments": [], "parts": [{"body": {"Text": "It runs.\r\n"}, "headers": [
                {"name": "from", "value": {"Address": {"List": [{"name": "Ana Lima", "address": "ana@lima.example"}]}}},
                {"name": "to", "value": {"Address": {"List": [{"name": null, "address": "bo@lima.example"}]}}},
                {"name": "date", "value": {"DateTime": {"year": 2026, "month": 11, "day": date, "hour": 16, "minute": 4,
                    "second": 0, "tz_before_gmt": false, "tz_hour": 1, "tz_minute": 0}}}]}]})
        };
        let write =
            |name: &str, bytes: &[u8]| crate::state::replace_file(&dir.path().join(name), bytes).unwrap();
        write("1.eml", MAIL.as_bytes());
        write("1.json", parts(20).to_string().as_bytes());
        write("2.eml", MAIL.as_bytes());
        write("2.json", parts(21).to_string().as_bytes());
        write("3.txt", b"\xff\xfe no mail at all");
        let scored = score_folder(dir.path()).unwrap();
        assert_eq!(
            (scored.rows, scored.get("read"), scored.get("crashed"), scored.get("equal")),
            (3, 3.0, 0.0, 0.5)
        );
        let fields = &scored.metrics["fields_equal"];
        assert_eq!(
            (&fields["text"], &fields["addresses"], &fields["dates"]),
            (&json!(1.0), &json!(1.0), &json!(0.5))
        );
        assert!(scored.wrong[0].ends_with("2.eml differs in dates"));
    }

    #[test]
    fn headers_are_compared_where_the_product_reads_them() {
        let row = |id: &str, header: &str, expected: Value| HeaderRow {
            id: id.to_owned(),
            header: header.to_owned(),
            expected,
        };
        let rows = [
            row(
                "address:1",
                "Bo <bo@lima.example>\n",
                json!({"List": [{"name": "Bo", "address": "bo@lima.example"}]}),
            ),
            row("unstructured:1", "=?utf-8?q?gr=C3=BCn?=\n", json!("grün")),
            row("id:1", "<a@b.example> <c@d.example>\n", json!(["a@b.example", "c@d.example"])),
            row(
                "date:1",
                "no date",
                json!({"year": 2026, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0,
                "tz_before_gmt": false, "tz_hour": 0, "tz_minute": 0}),
            ),
        ];
        let scored = score_headers(&rows).unwrap();
        assert_eq!((scored.get("equal"), scored.wrong.len()), (0.75, 1));
        let error = score_headers(&[row("received:1", "from x", Value::Null)]).unwrap_err();
        assert!(error.to_string().contains("not measured yet"));
    }
}
