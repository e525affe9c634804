//! A note cut into passages: the pieces that are indexed, cited and shown.

use jiff::civil::Date;
use postil_evidence::text::{clean, fold_space};
use postil_evidence::{Addr, Anchor, Label, Passage, Source, Span};

use crate::blocks::{Block, BlockKind, Link, LinkKind};
use crate::dates::leading_date;
use crate::entity::is_written_by_postil;
use crate::front_matter::{Properties, Property, Value};
use crate::links::name_in_link;
use crate::note::Note;
use crate::plain::split_long;

/// Properties that say something about the file, not about the world.
///
/// # Source
/// Obsidian's own properties, those of common plugins, and those that Postil writes.
const FILE_PROPERTIES: [&str; 44] = [
    "type",
    "title",
    "tags",
    "tag",
    "alias",
    "aliases",
    "cssclass",
    "cssclasses",
    "publish",
    "permalink",
    "id",
    "uid",
    "uuid",
    "created",
    "updated",
    "modified",
    "date",
    "audience",
    "icon",
    "banner",
    "cover",
    "image",
    "color",
    "position",
    "template",
    "kanban-plugin",
    "excalidraw-plugin",
    "source",
    "source_ref",
    "sources",
    "origin",
    "message_id",
    "auto_created",
    "original",
    "file",
    "domain",
    "domains",
    "publish-date",
    "lang",
    "language",
    "description-generated",
    "hash",
    "version_id",
    "status_color",
];
/// Code whose text is a query or a drawing, not something to cite.
const QUERY_LANGUAGES: [&str; 14] = [
    "dataview",
    "dataviewjs",
    "tasks",
    "base",
    "query",
    "mermaid",
    "button",
    "templater",
    "chart",
    "leaflet",
    "meta-bind",
    "excalidraw",
    "compressed-json",
    "plantuml",
];
/// The longest code block that is cited, in bytes.
const CODE_BYTES: usize = 4_000;
/// The longest text of a parent item or heading that goes with a passage, in bytes.
const CONTEXT_BYTES: usize = 200;

/// The most links that go with a passage.
const MOST_LINKS: usize = 64;

/// Cuts a note into passages, in file order: properties a person would cite, paragraphs, list items,
/// table rows, quotes, code. Long ones are cut between sentences. `people` are the addresses of those
/// whom the note's properties name. Notes that Postil wrote from mail give none: their words are the
/// mail's, or nobody's.
#[must_use]
pub fn passages(note: &Note, label: &Label, people: &[Addr]) -> Vec<Passage> {
    if is_written_by_postil(note) {
        return Vec::new();
    }
    let mut people = people.to_vec();
    people.sort();
    people.dedup();
    let lines = LineStarts::new(&note.text);
    let linked = Linked::of(note);
    let mut out = Vec::new();
    let mut add =
        |text: &str, span: Span, headings: Vec<String>, anchor: Option<Anchor>, date: Option<Date>| {
            let (cleaned, _) = clean(text);
            let text = if cleaned.contains('\n') { cleaned } else { fold_space(&cleaned) };
            let only_tags = text.split_whitespace().all(|word| word.starts_with('#'));
            if !only_tags && text.chars().any(char::is_alphanumeric) {
                out.push(Passage {
                    source: Source::Note(note.path.clone()),
                    span,
                    line: lines.line_of(span.start),
                    text: text.trim().to_owned(),
                    title: note.title.clone(),
                    headings,
                    anchor,
                    date,
                    people: people.clone(),
                    links: linked.from(span),
                    label: label.clone(),
                });
            }
        };
    for property in note.properties().into_iter().flat_map(Properties::iter) {
        if let Some(text) = property_text(note, property) {
            add(&text, property.span, Vec::new(), None, note.date);
        }
    }
    for block in &note.blocks {
        if !is_cited(block) {
            continue;
        }
        let headings = headings_above(note, block);
        let anchor = block.id.clone().map(Anchor::Block).or_else(|| {
            block.heading.and_then(|i| note.headings.get(i)).map(|h| Anchor::Heading(h.text.clone()))
        });
        let date = date_of(note, block);
        let parts = split_long(&block.plain.text);
        let last = parts.len() - 1;
        for (i, part) in parts.into_iter().enumerate() {
            let source = block.plain.source_of(part.clone()).unwrap_or(block.span);
            let start = if i == 0 { block.span.start } else { source.start };
            let end = if i == last { block.span.end } else { source.end };
            let text = block.plain.text.get(part).unwrap_or_default();
            let text =
                if matches!(block.kind, BlockKind::Code(_)) { text.to_owned() } else { fold_space(text) };
            add(&text, Span::new(start, end), headings.clone(), anchor.clone(), date);
        }
    }
    out
}

/// The names of the notes that a note links to, with where it does.
struct Linked<'n>(Vec<(&'n str, &'n Link)>);

impl<'n> Linked<'n> {
    fn of(note: &'n Note) -> Self {
        let named = note.links.iter().map(|link| (name_in_link(&link.target), link));
        Self(named.filter(|(name, _)| !name.is_empty()).collect())
    }

    /// Those of a stretch of the note, then those of its properties.
    fn from(&self, span: Span) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let inside =
            self.0.iter().filter(|(_, link)| link.kind != LinkKind::Property && link.span.overlaps(span));
        let of_note = self.0.iter().filter(|(_, link)| link.kind == LinkKind::Property);
        for (name, _) in inside.chain(of_note).take(MOST_LINKS) {
            if !names.iter().any(|known| known == name) {
                names.push((*name).to_owned());
            }
        }
        names
    }
}

fn is_cited(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Heading => false,
        BlockKind::Code(language) => {
            block.text.len() <= CODE_BYTES && !QUERY_LANGUAGES.contains(&language.as_str())
        }
        BlockKind::Paragraph
        | BlockKind::ListItem
        | BlockKind::TableRow
        | BlockKind::Quote
        | BlockKind::Callout
        | BlockKind::Footnote
        | BlockKind::Html => true,
    }
}

fn headings_above(note: &Note, block: &Block) -> Vec<String> {
    let mut above = Vec::new();
    let mut next = block.heading;
    while let Some(heading) = next.and_then(|i| note.headings.get(i)) {
        above.push(shortened(&heading.text));
        next = heading.parent;
    }
    above.reverse();
    above.extend(block.parent.and_then(|i| note.blocks.get(i)).map(|parent| shortened(&parent.text)));
    above
}

fn shortened(text: &str) -> String {
    text.get(..text.floor_char_boundary(CONTEXT_BYTES)).unwrap_or_default().to_owned()
}

/// The day a block speaks from: one it starts with, one a heading above starts with, the note's.
fn date_of(note: &Note, block: &Block) -> Option<Date> {
    if let Some(date) = leading_date(&block.text) {
        return Some(date);
    }
    let mut next = block.heading;
    while let Some(heading) = next.and_then(|i| note.headings.get(i)) {
        if let Some(date) = leading_date(&heading.text) {
            return Some(date);
        }
        next = heading.parent;
    }
    note.date
}

/// `Role: VP Data`; `None` for properties of the file, nested ones and empty ones.
fn property_text(note: &Note, property: &Property) -> Option<String> {
    let key = property.key.to_lowercase();
    if FILE_PROPERTIES.contains(&key.as_str()) || property.span.is_empty() {
        return None;
    }
    let value = match &property.value {
        Value::Null | Value::Bool(_) | Value::Map(_) => return None,
        Value::Integer(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
            note.list_of(&property.key).join(", ")
        }
    };
    let hidden_link = value.starts_with("http://") || value.starts_with("https://");
    (!value.is_empty() && !hidden_link).then(|| format!("{}: {value}", readable_key(&property.key)))
}

/// `start_date`, `start-date` and `startDate` as "Start date".
fn readable_key(key: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in key.chars() {
        if matches!(c, '_' | '-') {
            out.push(' ');
        } else if out.is_empty() {
            out.extend(c.to_uppercase());
        } else if c.is_uppercase() && before.is_lowercase() {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// The bytes where lines start, so that a line number costs a search and not a count.
struct LineStarts(Vec<usize>);

impl LineStarts {
    fn new(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect())
    }

    fn line_of(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX - 1) + 1
    }
}
