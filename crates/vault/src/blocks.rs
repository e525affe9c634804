//! The Markdown of a note's body: headings, blocks, links, tags and tasks, with exact byte spans.
//!
//! Code gives no links, no tags and no tasks; comments give nothing at all.
//!
//! # Source
//! CommonMark 0.31.2 as pulldown-cmark reads it; Obsidian Help, "Obsidian Flavored Markdown",
//! "Internal links" and "Callouts".

use std::ops::Range;
use std::sync::LazyLock;

use postil_evidence::Span;
use postil_evidence::text::{clean, fold_space};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use regex::Regex;

use crate::comments::without_comments;
use crate::links::{name_in_link, percent_decoded};
use crate::plain::Plain;
use crate::tasks::{Task, take_task};

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading.
    Heading,
    /// A paragraph, or the part of one that has a block id or a speaker of its own.
    Paragraph,
    /// A list item without the items below it.
    ListItem,
    /// A table row; its text is `Header: cell; Header: cell`.
    TableRow,
    /// A paragraph of a quote.
    Quote,
    /// A paragraph of a callout; its title is a block of its own.
    Callout,
    /// Code, with its language in lower case (empty where none is given).
    Code(String),
    /// A paragraph of a footnote.
    Footnote,
    /// HTML; its text is what stands between the tags.
    Html,
}

/// One block of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of the file, from its marker to the end of its text.
    pub span: Span,
    /// What a person reads: no markers, no emphasis, links as their visible text; one line, except
    /// in code.
    pub text: String,
    /// Its block id, without the `^`.
    pub id: Option<String>,
    /// The nearest heading above, as a place in the note's headings.
    pub heading: Option<usize>,
    /// The list item it belongs under, as a place in the note's blocks.
    pub parent: Option<usize>,
    pub(crate) plain: Plain,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// Bytes of the file.
    pub span: Span,
    /// The heading of a higher rank above it, as a place in the note's headings.
    pub parent: Option<usize>,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[[Note]]`.
    Wiki,
    /// `[text](Note.md)`.
    Markdown,
    /// `[[Note]]` in a property.
    Property,
}

/// A link to a file of the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Bytes of the file, from the first bracket (an embed's `!` included) to the last.
    pub span: Span,
    /// How it is written.
    pub kind: LinkKind,
    /// Whether it shows its target in place.
    pub embed: bool,
    /// The target as written, without subpath; empty for a place in the same note.
    pub target: String,
    /// `#Heading` or `#^block`, with its `#`.
    pub subpath: Option<String>,
    /// The text after the `|`, or the text of a Markdown link.
    pub display: Option<String>,
}

/// Everything the body of a note holds.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) headings: Vec<Heading>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) links: Vec<Link>,
    pub(crate) tags: Vec<String>,
    pub(crate) tasks: Vec<Task>,
}

/// The Markdown that is read. Front matter, tasks and comments are read by this crate itself.
pub(crate) fn markdown() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_WIKILINKS
}

/// Reads the body of a note, `text` from byte `start`.
pub(crate) fn parse_body(text: &str, start: usize) -> Body {
    let visible = without_comments(text.get(start..).unwrap_or_default());
    let mut reader = Reader { text: &visible, offset: start, ..Reader::default() };
    for (event, at) in Parser::new_ext(&visible, markdown()).into_offset_iter() {
        reader.take(event, at);
    }
    reader.finish_leaf();
    reader.body
}

#[derive(Default)]
struct Reader<'t> {
    /// The body with its comments blanked.
    text: &'t str,
    /// Where the body starts in the file.
    offset: usize,
    body: Body,
    open: Vec<Container>,
    leaf: Option<Leaf>,
    /// Inside a link whose own text is not shown.
    hidden: usize,
    /// Inside a link or image of any kind.
    linked: usize,
    heading: Option<usize>,
    table_header: Vec<String>,
    cells: Vec<Plain>,
    /// Where the blocks of this and of the last structure at the top level start.
    structure: (usize, usize),
}

enum Container {
    Quote { callout: bool, started: bool },
    Item { block: Option<usize> },
    Footnote,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeafKind {
    Paragraph,
    Item,
    Heading(u8),
    Cell,
    Code,
    Html,
}

struct Leaf {
    kind: LeafKind,
    language: String,
    start: usize,
    end: usize,
    plain: Plain,
    /// Ranges of `plain` that hold no tags: code and links.
    untagged: Vec<Range<usize>>,
}

impl Reader<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser has events for options that are off")]
    fn take(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag, &at),
            Event::Text(text) => self.push(&text, &at, self.linked > 0),
            Event::Code(text) => self.push(&text, &at, true),
            Event::Html(text) => self.push(&text, &at, true),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => {
                self.push("\n", &at, true)
            }
            Event::SoftBreak | Event::HardBreak => self.push("\n", &at, true),
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "emphasis and the like only mark text")]
    fn start(&mut self, tag: Tag<'_>, at: Range<usize>) {
        if self.open.is_empty() && self.leaf.is_none() {
            self.structure = (self.body.blocks.len(), self.structure.0);
        }
        match tag {
            Tag::Paragraph => {
                let in_empty_item = self
                    .leaf
                    .as_ref()
                    .is_some_and(|leaf| leaf.kind == LeafKind::Item && leaf.plain.text.is_empty());
                if !in_empty_item {
                    self.open_leaf(LeafKind::Paragraph, at);
                }
            }
            Tag::Heading { level, .. } => self.open_leaf(LeafKind::Heading(level as u8), at),
            Tag::Item => {
                self.finish_leaf();
                self.open.push(Container::Item { block: None });
                self.open_leaf(LeafKind::Item, at.start..at.start);
            }
            Tag::BlockQuote(_) => {
                self.finish_leaf();
                self.open.push(Container::Quote { callout: false, started: false });
            }
            Tag::FootnoteDefinition(_) => {
                self.finish_leaf();
                self.open.push(Container::Footnote);
            }
            Tag::List(_) | Tag::TableRow => {
                self.finish_leaf();
                self.cells.clear();
                self.open.push(Container::Other);
            }
            Tag::Table(_) => {
                self.finish_leaf();
                self.table_header.clear();
                self.open.push(Container::Other);
            }
            Tag::TableHead => {
                self.cells.clear();
                self.open.push(Container::Other);
            }
            Tag::TableCell => self.open_leaf(LeafKind::Cell, at),
            Tag::CodeBlock(kind) => {
                self.open_leaf(LeafKind::Code, at);
                if let (CodeBlockKind::Fenced(info), Some(leaf)) = (kind, self.leaf.as_mut()) {
                    leaf.language = info.split([' ', '{', ',']).next().unwrap_or_default().to_lowercase();
                }
            }
            Tag::HtmlBlock => self.open_leaf(LeafKind::Html, at),
            Tag::Link { link_type, dest_url, .. } => {
                self.linked += 1;
                self.link(link_type, &dest_url, at, false);
            }
            Tag::Image { link_type, dest_url, .. } => {
                self.linked += 1;
                self.link(link_type, &dest_url, at, true);
            }
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "emphasis and the like only mark text")]
    fn end(&mut self, tag: TagEnd, at: &Range<usize>) {
        match tag {
            TagEnd::Link | TagEnd::Image => {
                self.linked = self.linked.saturating_sub(1);
                self.hidden = self.hidden.saturating_sub(1);
                self.reach(at.end);
            }
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::TableCell
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock => self.finish_leaf(),
            TagEnd::TableHead => {
                self.table_header =
                    self.cells.drain(..).map(|cell| fold_space(&clean(&cell.text).0)).collect();
                self.open.pop();
            }
            TagEnd::TableRow => {
                self.table_row(at);
                self.open.pop();
            }
            TagEnd::Item
            | TagEnd::BlockQuote(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::List(_)
            | TagEnd::Table => {
                self.finish_leaf();
                self.open.pop();
            }
            _ => self.reach(at.end),
        }
    }

    fn open_leaf(&mut self, kind: LeafKind, at: Range<usize>) {
        self.finish_leaf();
        self.leaf = Some(Leaf {
            kind,
            language: String::new(),
            start: at.start,
            end: at.start,
            plain: Plain::default(),
            untagged: Vec::new(),
        });
        self.hidden = 0;
        self.linked = 0;
    }

    fn reach(&mut self, end: usize) {
        if let Some(leaf) = &mut self.leaf {
            leaf.end = leaf.end.max(end);
        }
    }

    fn push(&mut self, text: &str, at: &Range<usize>, untagged: bool) {
        if self.leaf.is_none() {
            // Text of a tight list item after a list inside it.
            self.open_leaf(LeafKind::Paragraph, at.clone());
        }
        let source = Span::new(at.start, at.end).shifted(self.offset);
        let Some(leaf) = &mut self.leaf else { return };
        if text != "\n" {
            leaf.end = leaf.end.max(at.end);
        }
        if self.hidden > 0 {
            return;
        }
        let from = leaf.plain.text.len();
        if untagged {
            leaf.plain.push(text, source);
            leaf.untagged.push(from..leaf.plain.text.len());
        } else {
            push_without_marks(&mut leaf.plain, text, source);
        }
    }

    /// Notes a link and shows it as a person reads it: its alias or the name of its target. An embed
    /// shows nothing here; what it shows stands elsewhere.
    fn link(&mut self, kind: LinkType, dest: &str, at: Range<usize>, embed: bool) {
        let span = Span::new(at.start, at.end);
        let raw = span.of(self.text);
        let link = match kind {
            LinkType::WikiLink { .. } => wiki_link(raw, span.shifted(self.offset)),
            LinkType::Inline
            | LinkType::Reference
            | LinkType::Collapsed
            | LinkType::Shortcut
            | LinkType::ReferenceUnknown
            | LinkType::CollapsedUnknown
            | LinkType::ShortcutUnknown => markdown_link(raw, dest, embed, span.shifted(self.offset)),
            LinkType::Autolink | LinkType::Email => None,
        };
        let wiki = link.as_ref().is_some_and(|link| link.kind == LinkKind::Wiki);
        if wiki && !embed {
            let shown = link.as_ref().map(shown_text).unwrap_or_default();
            self.push(&shown, &at, true);
        }
        if wiki || embed || self.hidden > 0 {
            self.hidden += 1;
        }
        self.body.links.extend(link);
        self.reach(at.end);
    }

    fn table_row(&mut self, at: &Range<usize>) {
        let cells: Vec<Plain> = self.cells.drain(..).collect();
        let mut row = Plain::default();
        let mut id = None;
        let filled = cells.iter().filter(|cell| !cell.text.trim().is_empty()).count();
        for (i, cell) in cells.iter().enumerate() {
            let text = fold_space(&cell.text);
            if text.is_empty() {
                continue;
            }
            if filled == 1 && id_at_end(&text).is_some_and(|found| found.start == 0) {
                id = text.strip_prefix('^').map(str::to_owned);
                continue;
            }
            let source = cell.source_of(0..cell.text.len()).unwrap_or_default();
            let header = self.table_header.get(i).map_or("", String::as_str).trim_end_matches(':');
            if !row.text.is_empty() {
                row.push("; ", Span::new(source.start, source.start));
            }
            if !header.is_empty() {
                row.push(&format!("{header}: "), Span::new(source.start, source.start));
            }
            row.push(&text, source);
        }
        if let Some(id) = id {
            self.name_structure(&id, self.structure.0);
        } else if !row.text.is_empty() {
            let span = self.trimmed(at.start, at.end);
            self.add_block(BlockKind::TableRow, span, row, None);
        }
    }

    fn finish_leaf(&mut self) {
        let Some(mut leaf) = self.leaf.take() else { return };
        if matches!(leaf.kind, LeafKind::Code | LeafKind::Html) {
            // Their text events end with the last line; the closing fence belongs to the span.
            leaf.end = leaf.end.max(leaf.start);
        } else {
            self.collect_tags(&leaf);
        }
        match leaf.kind {
            LeafKind::Cell => self.cells.push(leaf.plain),
            LeafKind::Heading(level) => self.add_heading(level, leaf),
            LeafKind::Code => {
                let span = self.trimmed(leaf.start, leaf.end);
                self.add_block(BlockKind::Code(leaf.language), span, leaf.plain, None);
            }
            LeafKind::Html => {
                let mut shown = Plain::default();
                let span = self.trimmed(leaf.start, leaf.end);
                shown.push(&text_of_html(&leaf.plain.text), span);
                if !shown.text.is_empty() {
                    self.add_block(BlockKind::Html, span, shown, None);
                }
            }
            LeafKind::Paragraph | LeafKind::Item => self.add_prose(leaf),
        }
    }

    fn add_heading(&mut self, level: u8, mut leaf: Leaf) {
        let id = take_id(&mut leaf.plain);
        let span = self.trimmed(leaf.start, leaf.end);
        let mut parent = self.heading;
        while let Some(above) = parent.and_then(|i| self.body.headings.get(i)) {
            if above.level < level {
                break;
            }
            parent = above.parent;
        }
        self.heading = parent;
        self.add_block(BlockKind::Heading, span, leaf.plain.clone(), id);
        let text = fold_space(&clean(&leaf.plain.text).0);
        self.body.headings.push(Heading { level, text, span, parent });
        self.heading = Some(self.body.headings.len() - 1);
    }

    /// Adds the blocks of a paragraph or list item: one, or more where lines have block ids or
    /// speakers of their own.
    fn add_prose(&mut self, mut leaf: Leaf) {
        let mut kind = match leaf.kind {
            LeafKind::Item => BlockKind::ListItem,
            LeafKind::Paragraph | LeafKind::Heading(_) | LeafKind::Cell | LeafKind::Code | LeafKind::Html => {
                BlockKind::Paragraph
            }
        };
        let mut title = None;
        for container in self.open.iter_mut().rev() {
            match container {
                Container::Quote { callout, started } => {
                    if !*started {
                        *started = true;
                        title = take_callout(&mut leaf.plain);
                        *callout = title.is_some();
                    }
                    if kind == BlockKind::Paragraph {
                        kind = if *callout { BlockKind::Callout } else { BlockKind::Quote };
                    }
                    break;
                }
                Container::Footnote => {
                    kind = BlockKind::Footnote;
                    break;
                }
                Container::Item { .. } | Container::Other => {}
            }
        }
        let whole = self.trimmed(leaf.start, leaf.end);
        if leaf.kind == LeafKind::Item {
            let task = take_task(&mut leaf.plain, whole);
            self.body.tasks.extend(task);
        }
        let groups = groups_of_lines(&leaf.plain, title.is_some());
        let last = groups.len().saturating_sub(1);
        let mut start = whole.start;
        for (i, group) in groups.into_iter().enumerate() {
            let mut part = leaf.plain.slice(group.clone());
            let end = if i == last {
                whole.end
            } else {
                leaf.plain.source_of(group).map_or(start, |source| self.line_end(source.end))
            };
            let span = Span::new(start, end);
            start = self.next_word(end);
            let id = take_id(&mut part);
            if part.text.trim().is_empty() {
                if let Some(id) = id {
                    let from =
                        if i > 0 { self.body.blocks.len().saturating_sub(1) } else { self.structure.1 };
                    self.name_structure(&id, from);
                }
                continue;
            }
            self.add_block(kind.clone(), span, part, id);
            let added = self.body.blocks.len() - 1;
            if let Some(Container::Item { block: block @ None }) = self.open.last_mut() {
                *block = Some(added);
            }
        }
    }

    fn add_block(&mut self, kind: BlockKind, span: Span, plain: Plain, id: Option<String>) {
        let parent = self.open.iter().rev().find_map(|container| match container {
            Container::Item { block } => *block,
            Container::Quote { .. } | Container::Footnote | Container::Other => None,
        });
        let (cleaned, _) = clean(&plain.text);
        let text = if matches!(kind, BlockKind::Code(_)) { cleaned } else { fold_space(&cleaned) };
        self.body.blocks.push(Block { kind, span, text, id, heading: self.heading, parent, plain });
    }

    /// Gives an id that stands on a line of its own to the structure above it.
    fn name_structure(&mut self, id: &str, from: usize) {
        for block in self.body.blocks.iter_mut().skip(from) {
            if block.id.is_none() && block.kind != BlockKind::Heading {
                block.id = Some(id.to_owned());
            }
        }
    }

    fn collect_tags(&mut self, leaf: &Leaf) {
        let text = &leaf.plain.text;
        for (at, _) in text.match_indices('#') {
            if leaf.untagged.iter().any(|range| range.contains(&at)) {
                continue;
            }
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let starts = before.is_none_or(|c| c.is_whitespace() || "([{\"'“„«*_~>|,;".contains(c));
            let source = leaf.plain.source_of(at..at + 1).map_or(0, |span| span.start);
            let escaped = self.byte_before(source) == Some(b'\\');
            let name: String =
                text.get(at + 1..).unwrap_or_default().chars().take_while(|c| is_tag_char(*c)).collect();
            if starts && !escaped {
                add_tag(&mut self.body.tags, &name);
            }
        }
    }

    fn byte_before(&self, file_offset: usize) -> Option<u8> {
        let at = file_offset.checked_sub(self.offset + 1)?;
        self.text.as_bytes().get(at).copied()
    }

    /// The span `start..end` of the body, without white space at its end, as bytes of the file.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let text = self.text.get(start..end).unwrap_or_default();
        Span::new(start, start + text.trim_end().len()).shifted(self.offset)
    }

    fn line_end(&self, file_offset: usize) -> usize {
        let at = file_offset.saturating_sub(self.offset);
        let rest = self.text.get(at..).unwrap_or_default();
        file_offset + rest.split('\n').next().unwrap_or_default().trim_end().len()
    }

    fn next_word(&self, file_offset: usize) -> usize {
        let rest = self.text.get(file_offset.saturating_sub(self.offset)..).unwrap_or_default();
        let word = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        file_offset + (rest.len() - word.len())
    }
}

/// Adds a tag once, whatever its case. A tag needs a character that is no digit.
pub(crate) fn add_tag(tags: &mut Vec<String>, name: &str) {
    let name = name.trim_start_matches('#').trim_end_matches('/');
    let lower = name.to_lowercase();
    let named = name.chars().any(|c| !c.is_ascii_digit() && c != '/' && c != '-');
    if named && !tags.iter().any(|known| known.to_lowercase() == lower) {
        tags.push(name.to_owned());
    }
}

fn is_tag_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '-' | '/')
        || (!c.is_ascii()
            && !c.is_whitespace()
            && !matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '«' | '»' | '§'))
}

/// Pushes text without the `==` of highlights; `a == b` keeps its own.
fn push_without_marks(plain: &mut Plain, text: &str, source: Span) {
    let exact = text.len() == source.len();
    if !exact || !text.contains("==") {
        plain.push(text, source);
        return;
    }
    let mut from = 0;
    for (at, _) in text.match_indices("==") {
        let before = text.get(..at).and_then(|part| part.chars().next_back()).unwrap_or(' ');
        let after = text.get(at + 2..).and_then(|part| part.chars().next()).unwrap_or(' ');
        let opens = !before.is_alphanumeric() && before != '=' && !after.is_whitespace() && after != '=';
        let closes = !before.is_whitespace() && before != '=' && !after.is_alphanumeric() && after != '=';
        if opens || closes {
            let part = text.get(from..at).unwrap_or_default();
            plain.push(part, Span::new(source.start + from, source.start + at));
            from = at + 2;
        }
    }
    let part = text.get(from..).unwrap_or_default();
    plain.push(part, Span::new(source.start + from, source.end));
}

/// `[[target#sub|alias]]`, with the `\|` that tables need.
fn wiki_link(raw: &str, span: Span) -> Option<Link> {
    let embed = raw.starts_with('!');
    let inner = raw.trim_start_matches('!').strip_prefix("[[")?.strip_suffix("]]")?;
    let (path, display) = match inner.split_once('|') {
        Some((path, display)) => (path.strip_suffix('\\').unwrap_or(path), Some(display)),
        None => (inner, None),
    };
    let (target, subpath) = match path.find('#') {
        Some(at) => (path.get(..at).unwrap_or_default(), path.get(at..)),
        None => (path, None),
    };
    Some(Link {
        span,
        kind: LinkKind::Wiki,
        embed,
        target: target.trim().to_owned(),
        subpath: subpath.map(|sub| sub.trim().to_owned()),
        display: display.map(|text| text.trim().to_owned()),
    })
}

/// A link to a file of the vault; `None` for an address elsewhere.
fn markdown_link(raw: &str, dest: &str, embed: bool, span: Span) -> Option<Link> {
    let scheme = dest.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    });
    if scheme || dest.starts_with("//") || dest.is_empty() {
        return None;
    }
    let dest = percent_decoded(dest);
    let (target, subpath) = match dest.find('#') {
        Some(at) => (dest.get(..at).unwrap_or_default(), dest.get(at..)),
        None => (dest.as_str(), None),
    };
    let shown = raw.trim_start_matches('!').strip_prefix('[').and_then(|rest| rest.rsplit_once(']'));
    Some(Link {
        span,
        kind: LinkKind::Markdown,
        embed,
        target: target.to_owned(),
        subpath: subpath.map(str::to_owned),
        display: shown.map(|(text, _)| text.split("](").next().unwrap_or_default().to_owned()),
    })
}

fn shown_text(link: &Link) -> String {
    if let Some(display) = link.display.as_deref().filter(|text| !text.is_empty()) {
        return display.replace("**", "").replace("==", "");
    }
    let name = name_in_link(&link.target);
    if !name.is_empty() {
        return name.to_owned();
    }
    link.subpath.as_deref().unwrap_or_default().trim_start_matches(['#', '^', ' ']).to_owned()
}

/// Finds ` ^id` at the end of a line: the range from the `^` to the end.
fn id_at_end(line: &str) -> Option<Range<usize>> {
    let line = line.trim_end();
    let at = line.rfind('^')?;
    let id = line.get(at + 1..)?;
    let alone = at == 0 || line.get(..at)?.ends_with(char::is_whitespace);
    let named = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (alone && named).then_some(at..line.len())
}

fn take_id(plain: &mut Plain) -> Option<String> {
    let range = id_at_end(&plain.text)?;
    let id = plain.text.get(range.start + 1..range.end)?.to_owned();
    plain.remove(range.start..plain.text.len());
    Some(id)
}

/// Takes `[!type]- ` from the first line of a quote; `Some` where it was there.
fn take_callout(plain: &mut Plain) -> Option<()> {
    static CALLOUT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^\s*\[!([\p{L}\p{N}_ |-]+)\][+-]?[ \t]*").ok());
    let end = CALLOUT.as_ref()?.find(&plain.text)?.end();
    plain.remove(0..end);
    Some(())
}

/// The lines of a block put into groups: a callout's title, a line or run of lines that ends in a
/// block id, and the turns of a transcript ("Ana: …"), each for itself.
fn groups_of_lines(plain: &Plain, has_title: bool) -> Vec<Range<usize>> {
    static TURN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^\s*(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s+(?:[-–—]\s*)?)?
              \p{Lu}[\p{L}\p{M}\p{N}'’.&-]*(?:\ [\p{L}\p{N}][\p{L}\p{M}\p{N}'’.&()-]*){0,4}
              \s*(?:[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])])?:(?:\s|$)",
        )
        .ok()
    });
    let lines = plain.lines();
    let text = |range: &Range<usize>| plain.text.get(range.clone()).unwrap_or_default();
    let is_turn = |range: &Range<usize>| TURN.as_ref().is_some_and(|turn| turn.is_match(text(range)));
    let turns = lines.len() > 1 && lines.iter().filter(|line| is_turn(line)).count() > 1;
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut closed = true;
    for (i, line) in lines.iter().enumerate() {
        match groups.last_mut().filter(|_| !(closed || turns && is_turn(line))) {
            Some(group) => group.end = line.end,
            None => groups.push(line.clone()),
        }
        closed = (has_title && i == 0) || id_at_end(text(line)).is_some();
    }
    groups
}

/// What stands between the tags: no comments, scripts or styles.
fn text_of_html(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let lower = tag.get(..tag.floor_char_boundary(8)).unwrap_or_default().to_ascii_lowercase();
        let close = ["!--", "script", "style"].iter().zip(["-->", "</script", "</style"]);
        let end = close.into_iter().find(|(open, _)| lower.starts_with(**open)).map(|(_, close)| close);
        let after = end.map_or(Some(tag), |end| {
            let at = tag.to_ascii_lowercase().find(end)?;
            tag.get(at..)
        });
        match after.and_then(|after| after.split_once('>')) {
            Some((_, after)) => rest = after,
            None => return fold_space(&out),
        }
        out.push(' ');
    }
    out.push_str(rest);
    fold_space(&out)
}
