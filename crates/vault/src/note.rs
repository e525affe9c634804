//! A note: its text and all that is read from it.

use std::path::Path;

use jiff::civil::Date;
use postil_evidence::label::Declared;
use postil_evidence::text::fold_space;
use postil_evidence::{Addr, NotePath, Span};

use crate::blocks::{Block, Heading, Link, LinkKind, add_tag, parse_body};
use crate::dates::{find_date, iso_date};
use crate::error::{VaultDefect, VaultError};
use crate::front_matter::{FrontMatter, Properties, Property, Value, parse_front_matter};
use crate::links::name_in_link;
use crate::tasks::Task;

/// The largest note that is read, in bytes.
pub const NOTE_LIMIT: u64 = 16 * 1024 * 1024;

/// One Markdown file, read. Every span is bytes of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Where it is.
    pub path: NotePath,
    /// The file's text, as many bytes as the file; bytes that are not UTF-8 are `?`.
    pub text: String,
    /// Its properties.
    pub front_matter: FrontMatter,
    /// Where the text after the front matter starts.
    pub body: usize,
    /// The `title` property, else the file's name (the folder's for a `README.md`).
    pub title: String,
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Blocks in order.
    pub blocks: Vec<Block>,
    /// Links to files of the vault: those of the properties first, then in order.
    pub links: Vec<Link>,
    /// Tags without `#`, each once; those of the properties first.
    pub tags: Vec<String>,
    /// Tasks in order.
    pub tasks: Vec<Task>,
    /// The day it speaks from: property `date`, else its file name, else `updated`, else `created`.
    pub date: Option<Date>,
    /// What was wrong with it.
    pub defects: Vec<VaultDefect>,
    audience: Option<Vec<String>>,
}

/// Reads and parses one note; returns its bytes too, whose hash is what a plan is based on.
///
/// # Errors
/// [`VaultError::Symlink`] where the file or a folder above it is a symbolic link,
/// [`VaultError::TooLarge`] over [`NOTE_LIMIT`], [`VaultError::Read`] otherwise.
pub fn read_note(root: &Path, path: &NotePath) -> Result<(Vec<u8>, Note), VaultError> {
    let failed = |error: std::io::Error| VaultError::Read { path: path.clone(), reason: error.to_string() };
    let mut place = root.to_path_buf();
    let mut size = 0;
    for part in path.as_str().split('/') {
        place.push(part);
        let seen = std::fs::symlink_metadata(&place).map_err(failed)?;
        if seen.file_type().is_symlink() {
            return Err(VaultError::Symlink { path: path.clone() });
        }
        size = seen.len();
    }
    if size > NOTE_LIMIT {
        return Err(VaultError::TooLarge { path: path.clone(), size });
    }
    let bytes = std::fs::read(&place).map_err(failed)?;
    let note = parse_note(path, &bytes);
    Ok((bytes, note))
}

/// Parses a note. Never fails and never panics: what is damaged is in [`Note::defects`].
#[must_use]
pub fn parse_note(path: &NotePath, bytes: &[u8]) -> Note {
    let mut defects = Vec::new();
    let text = text_of_bytes(bytes, &mut defects);
    let (front_matter, body) = parse_front_matter(&text);
    if let FrontMatter::Unreadable { reason } = &front_matter {
        defects.push(VaultDefect::FrontMatter(reason.clone()));
    }
    let parsed = parse_body(&text, body);
    let mut note = Note {
        path: path.clone(),
        front_matter,
        body,
        title: path.title().to_owned(),
        headings: parsed.headings,
        blocks: parsed.blocks,
        links: Vec::new(),
        tags: Vec::new(),
        tasks: parsed.tasks,
        date: None,
        defects,
        audience: None,
        text,
    };
    if let Some(title) = note.text_of("title").map(fold_space).filter(|title| !title.is_empty()) {
        note.title = title;
    }
    note.date = date_of(&note);
    note.audience = audience_words(&note);
    note.links = property_links(&note);
    note.links.extend(parsed.links);
    let mut tags = Vec::new();
    for tag in note.list_of("tags").iter().chain(&note.list_of("tag")) {
        tag.split([',', ' ']).for_each(|name| add_tag(&mut tags, name.trim()));
    }
    parsed.tags.iter().for_each(|name| add_tag(&mut tags, name));
    note.tags = tags;
    for key in ["email", "emails", "mail"] {
        for raw in note.addresses_in(key).filter_map(Result::err) {
            note.defects.push(VaultDefect::BadAddress(format!("{key}: {raw}")));
        }
    }
    note
}

/// The bytes as text of the same length: what is not UTF-8 becomes `?`, one for each byte.
fn text_of_bytes(bytes: &[u8], defects: &mut Vec<VaultDefect>) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            defects.push(VaultDefect::NotUtf8);
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| '?'));
            }
            text
        }
    }
}

impl Note {
    /// Its properties; none where there is no readable front matter.
    #[must_use]
    pub fn properties(&self) -> Option<&Properties> {
        match &self.front_matter {
            FrontMatter::Parsed { properties, .. } => Some(properties),
            FrontMatter::Absent | FrontMatter::Unreadable { .. } => None,
        }
    }

    /// The property with this key, whatever its case.
    #[must_use]
    pub fn property(&self, key: &str) -> Option<&Property> {
        self.properties()?.get(key)
    }

    /// A property's text (numbers and dates as written), the name in it where it is a link; the only
    /// item of a list counts too. `None` where it is missing, empty or has several items.
    #[must_use]
    pub fn text_of(&self, key: &str) -> Option<&str> {
        let property = self.property(key)?;
        let text = property.written.as_deref().or_else(|| only_text(&property.value))?;
        let name = if text.trim().starts_with("[[") { name_in_link(text) } else { text.trim() };
        (!name.is_empty()).then_some(name)
    }

    /// A property's items as text, the names in them where they are links; one item for a property
    /// that is no list. Empty items are left out.
    #[must_use]
    pub fn list_of(&self, key: &str) -> Vec<String> {
        let mut items = Vec::new();
        if let Some(property) = self.property(key) {
            match &property.written {
                Some(text) => items.push(text.clone()),
                None => texts(&property.value, &mut items),
            }
        }
        items
            .iter()
            .map(|item| {
                if item.trim().starts_with("[[") { name_in_link(item) } else { item.trim() }.to_owned()
            })
            .filter(|item| !item.is_empty())
            .collect()
    }

    /// What the front matter says of who may read the note, for
    /// [`postil_evidence::LabelRules::label_note`].
    #[must_use]
    pub fn declared(&self) -> Declared<'_> {
        match (&self.front_matter, &self.audience) {
            (FrontMatter::Unreadable { .. }, _) => Declared::Unreadable,
            (_, Some(words)) => Declared::Words(words),
            (_, None) => Declared::Absent,
        }
    }

    /// The addresses of the property `key`, text or list; those that are none as written.
    pub(crate) fn addresses_in(&self, key: &str) -> std::vec::IntoIter<Result<Addr, String>> {
        let mut found = Vec::new();
        for item in self.list_of(key) {
            for raw in item.split([',', ';']).map(str::trim).filter(|raw| !raw.is_empty()) {
                // "Ana Lee <ana@x.example>" and "mailto:ana@x.example" name an address too.
                let inner = raw.rsplit_once('<').map_or(raw, |(_, rest)| rest);
                let inner = inner.trim_start_matches("mailto:");
                found.push(Addr::parse(inner).ok_or_else(|| raw.to_owned()));
            }
        }
        found.into_iter()
    }
}

/// The only text in a value: `["x"]`, and `[[x]]` without quotes, which YAML takes for a list in a
/// list.
fn only_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::List(items) => match items.as_slice() {
            [one] => only_text(one),
            _ => None,
        },
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Map(_) => None,
    }
}

fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Text(text) => out.push(text.clone()),
        Value::Bool(truth) => out.push(truth.to_string()),
        Value::Integer(number) => out.push(number.to_string()),
        Value::Float(number) => out.push(number.to_string()),
        Value::List(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Null | Value::Map(_) => {}
    }
}

fn date_of(note: &Note) -> Option<Date> {
    let property = |key: &str| note.text_of(key).and_then(|text| iso_date(text).or_else(|| find_date(text)));
    property("date")
        .or_else(|| find_date(note.path.stem()))
        .or_else(|| ["updated", "modified", "created"].iter().find_map(|key| property(key)))
}

/// The words of every `audience` property. A value nobody can read as words makes the note private.
fn audience_words(note: &Note) -> Option<Vec<String>> {
    let mut words = None;
    for property in note.properties()?.with_key("audience") {
        let words = words.get_or_insert_with(Vec::new);
        match (&property.written, &property.value) {
            (Some(text), _) => words.push(name_in_brackets(text)),
            (None, Value::List(items)) => {
                let mut found = Vec::new();
                items.iter().for_each(|item| texts(item, &mut found));
                words.extend(found.iter().map(|word| name_in_brackets(word)));
                if items.iter().any(|item| matches!(item, Value::Map(_))) {
                    words.push("private".to_owned());
                }
            }
            (None, Value::Map(_)) => words.push("private".to_owned()),
            (None, Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_)) => {
                words.push("internal".to_owned())
            }
        }
    }
    words
}

fn name_in_brackets(word: &str) -> String {
    if word.trim().starts_with("[[") { name_in_link(word) } else { word.trim() }.to_owned()
}

fn property_links(note: &Note) -> Vec<Link> {
    let mut links = Vec::new();
    for property in note.properties().into_iter().flat_map(Properties::iter) {
        let written = property.span.of(&note.text);
        let mut at = 0;
        while let Some(open) = written.get(at..).and_then(|rest| rest.find("[[")) {
            let start = at + open;
            let Some(length) = written.get(start..).and_then(|rest| rest.find("]]")) else { break };
            let raw = written.get(start..start + length + 2).unwrap_or_default();
            at = start + length + 2;
            let inner = raw.trim_start_matches('[').trim_end_matches(']');
            if inner.is_empty() || inner.contains(['\n', '"', '[']) {
                continue;
            }
            let (path, display) = inner.split_once('|').map_or((inner, None), |(a, b)| (a, Some(b)));
            let (target, subpath) = match path.find('#') {
                Some(hash) => (path.get(..hash).unwrap_or_default(), path.get(hash..)),
                None => (path, None),
            };
            let from = property.span.start + start;
            links.push(Link {
                span: Span::new(from, from + raw.len()),
                kind: LinkKind::Property,
                embed: false,
                target: target.trim().to_owned(),
                subpath: subpath.map(str::to_owned),
                display: display.map(|text| text.trim().to_owned()),
            });
        }
    }
    links
}
