//! HTML to the text that a person would see, as lines: quotes with `> `, lists with their marks,
//! table rows as `a | b`, links with their target. Of mail it knows only where programs say whom they quote.
//!
//! Costs linear time in the input: the stack of open elements has a fixed greatest depth, below
//! which elements are only counted.

mod color;
mod css;
mod style;
mod token;

use color::Color;
use css::Sheet;
use style::{Background, Important, Look, Size};
pub(crate) use token::{Tag, Token, Tokens, unescaped};

use crate::zones;

/// The most HTML that is read, in bytes; what follows is dropped and counted as hidden.
///
/// # Source
/// SECURITY.md M6: depth 256 and 2 MB.
const HTML_LIMIT: usize = 2 * 1024 * 1024;
/// The greatest depth of open elements.
const DEPTH: usize = 256;
/// The longest link target that is shown, in bytes.
const TARGET: usize = 300;
/// The greatest depth of quotes.
const QUOTES: usize = 12;

/// What a person would see of some HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// The text, lines ending in `\n`.
    pub text: String,
    /// Characters of text (white space not counted) that are there but cannot be seen.
    pub hidden: usize,
}

/// Reads HTML.
#[must_use]
pub fn visible_text(html: &str) -> Visible {
    let mut end = html.len().min(HTML_LIMIT);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut reader = Reader::new(html.get(..end).unwrap_or_default());
    reader.run();
    reader.hidden += html.len() - end;
    Visible { text: reader.out.finished(), hidden: reader.hidden }
}

/// The longest head of a quote, in bytes.
const HEAD: usize = 2_000;
/// The most heads of quotes that are looked at in one text.
const HEADS: usize = 200;

/// Less opaque than this, nothing is seen.
///
/// # Source
/// SECURITY.md T3.
const OPACITY: f32 = 0.1;
/// The colour that mail programs give to links.
const LINK: Color = Color { rgb: [0, 0, 238], alpha: 1.0 };

/// One open element.
#[derive(Clone, Debug)]
struct Element<'h> {
    name: Name<'h>,
    tag: Tag<'h>,
    /// Nothing inside it is seen.
    hidden: bool,
    /// It is a `details` that is closed, and whether what is around it is hidden: its summary is seen.
    folds: Option<bool>,
    /// It is not painted, but what is inside may be.
    invisible: bool,
    opacity: f32,
    scale: f32,
    font_px: f32,
    color: Color,
    background: Background,
    keeps_space: bool,
    /// The target of a link, and where its text begins in the output.
    link: Option<(&'h str, usize)>,
    /// What it says of the message quoted below it, and where that begins in the output.
    heads: Option<(Heads, usize)>,
}

/// An element in which a mail program says whom it quotes.
///
/// # Source
/// Gmail (`gmail_attr`), Thunderbird (`moz-cite-prefix`), Outlook on the web (`divRplyFwdMsg`) and for
/// the Mac (`OutlookMessageHeader`), Proton, Roundcube (`reply-intro`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heads {
    /// The quote is a `blockquote` of its own.
    Quote,
    /// All that follows is quoted, without a mark.
    Rest,
}

impl Heads {
    fn of(tag: &Tag<'_>) -> Option<Self> {
        let class = tag.get("class").unwrap_or_default();
        let is = |name: &str| class.split_ascii_whitespace().any(|class| class.eq_ignore_ascii_case(name));
        let id = tag.get("id").unwrap_or_default().trim_start_matches("x_");
        if is("gmail_attr") || is("moz-cite-prefix") || id == "reply-intro" {
            Some(Self::Quote)
        } else if id == "divRplyFwdMsg"
            || id == "mail-editor-reference-message-container"
            || is("OutlookMessageHeader")
        {
            Some(Self::Rest)
        } else {
            None
        }
    }
}

impl Element<'_> {
    /// Whether text directly in it is unseen.
    fn is_unseen(&self) -> bool {
        self.hidden
            || self.invisible
            || self.opacity <= OPACITY
            || self.color.alpha <= OPACITY
            || style::too_small(self.font_px * self.scale)
    }
}

impl css::Matched for Tag<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.get(name)
    }
}

impl css::Matched for Element<'_> {
    fn name(&self) -> &str {
        self.tag.name
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.tag.get(name)
    }
}

/// A colour as HTML attributes write it: a `#` may be missing.
fn html_color(value: &str) -> String {
    let value = value.trim();
    let hex = value.len() == 6 && value.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { format!("#{value}") } else { value.to_owned() }
}

/// An element name, compared without case.
#[derive(Clone, Copy, Debug)]
struct Name<'h>(&'h str);

impl Name<'_> {
    fn is(self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    fn any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }
}

const VOID: &[&str] = &[
    "br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "embed", "param", "source",
    "track", "basefont", "bgsound", "keygen", "o:p/",
];
/// Elements whose content is text for a program, read up to their end tag.
pub(crate) const RAW: &[&str] =
    &["script", "style", "title", "noscript", "textarea", "xmp", "iframe", "noembed", "noframes"];
/// Elements whose content is never shown as text.
const UNSEEN: &[&str] =
    &["template", "svg", "math", "object", "video", "audio", "canvas", "select", "datalist", "map", "applet"];
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "ul",
    "caption",
    "legend",
    "td",
    "th",
    "listing",
    "hgroup",
    "head",
];
/// Blocks with an empty line around them.
const SPACED: &[&str] =
    &["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "figure"];
/// Borders that an end tag does not reach across.
const SCOPE: &[&str] = &["table", "td", "th", "caption", "html", "marquee", "button"];
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

struct Reader<'h> {
    html: &'h str,
    stack: Vec<Element<'h>>,
    /// Elements open below [`DEPTH`], and at which count one of them began to hide.
    deeper: usize,
    hidden_deeper: Option<usize>,
    sheet: Sheet,
    lists: Vec<Option<usize>>,
    out: Lines,
    hidden: usize,
}

impl<'h> Reader<'h> {
    fn new(html: &'h str) -> Self {
        let root = Element {
            name: Name("#root"),
            tag: Tag::default(),
            hidden: false,
            folds: None,
            invisible: false,
            opacity: 1.0,
            scale: 1.0,
            font_px: 16.0,
            color: Color { rgb: [0, 0, 0], alpha: 1.0 },
            background: Background::Plain(Color { rgb: [255, 255, 255], alpha: 1.0 }),
            keeps_space: false,
            link: None,
            heads: None,
        };
        Self {
            html,
            stack: vec![root],
            deeper: 0,
            hidden_deeper: None,
            sheet: read_sheets(html),
            lists: Vec::new(),
            out: Lines::default(),
            hidden: 0,
        }
    }

    fn run(&mut self) {
        let mut tokens = Tokens::new(self.html);
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(text) => self.text(text),
                Token::Start(tag) => {
                    let name = Name(tag.name);
                    if name.any(RAW) {
                        tokens.raw_text(tag.name);
                    } else {
                        self.start(tag);
                    }
                }
                Token::End(name) => self.end(Name(name)),
            }
        }
        while self.stack.len() > 1 {
            self.pop();
        }
    }

    fn is_hidden(&self) -> bool {
        self.hidden_deeper.is_some() || self.stack.last().is_some_and(|element| element.hidden)
    }

    fn text(&mut self, raw: &str) {
        let text = unescaped(raw);
        let Some(top) = self.stack.last() else { return };
        let faint = top.color.alpha <= OPACITY
            || top.opacity <= OPACITY
            || match top.background {
                Background::Plain(behind) => {
                    color::same_color(color::over(top.color, behind.rgb), behind.rgb)
                }
                Background::Unknown => false,
            };
        if self.is_hidden() || top.invisible || style::too_small(top.font_px * top.scale) || faint {
            self.hidden += text.chars().filter(|c| !c.is_whitespace()).count();
            return;
        }
        if top.keeps_space { self.out.push_kept(&text) } else { self.out.push_folded(&text) }
    }

    fn start(&mut self, tag: Tag<'h>) {
        let name = Name(tag.name);
        if name.is("br") {
            self.out.line_break();
            return;
        }
        if name.is("hr") {
            if !self.is_hidden() {
                self.out.block(1);
                self.out.push_folded("________________________________");
                self.out.block(1);
            }
            return;
        }
        if name.any(VOID) {
            return;
        }
        self.close_implied(name);
        if self.stack.len() > DEPTH {
            self.deeper += 1;
            if self.hidden_deeper.is_none() && self.element(&tag).is_some_and(|deep| deep.is_unseen()) {
                self.hidden_deeper = Some(self.deeper);
            }
            return;
        }
        let Some(mut element) = self.element(&tag) else { return };
        if !element.hidden {
            self.open(name, &tag, &mut element);
        }
        element.tag = tag;
        self.stack.push(element);
    }

    /// The element that a tag opens inside those that are open.
    fn element(&self, tag: &Tag<'h>) -> Option<Element<'h>> {
        let name = Name(tag.name);
        let look = self.look(tag);
        let parent = self.stack.last()?;
        let around = match parent.folds {
            Some(outside) if name.is("summary") => outside,
            Some(_) | None => parent.hidden,
        };
        let unseen = name.any(UNSEEN)
            || tag.get("hidden").is_some()
            || tag.get("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
            || (name.is("dialog") && tag.get("open").is_none())
            || look.hides(&tag.name.to_ascii_lowercase());
        let closed = name.is("details") && tag.get("open").is_none();
        let hidden = around || unseen;
        let inherited = if name.is("a") && tag.get("href").is_some() { LINK } else { parent.color };
        let background = match (look.background, parent.background) {
            (Some(Background::Plain(own)), _) if own.alpha >= 1.0 => Background::Plain(own),
            (Some(Background::Plain(own)), Background::Plain(behind)) => {
                Background::Plain(Color { rgb: color::over(own, behind.rgb), alpha: 1.0 })
            }
            (Some(Background::Unknown), _) => Background::Unknown,
            (Some(Background::Plain(_)) | None, behind) => behind,
        };
        Some(Element {
            name,
            tag: Tag::default(),
            hidden: hidden || closed,
            folds: closed.then_some(hidden),
            invisible: look.invisible.unwrap_or(parent.invisible),
            opacity: parent.opacity * look.opacity.unwrap_or(1.0).clamp(0.0, 1.0),
            scale: parent.scale * look.scale.unwrap_or(1.0).abs(),
            font_px: match look.font {
                Some(Size::Px(px)) => px,
                Some(Size::Times(times)) => parent.font_px * times,
                None => parent.font_px,
            },
            color: look.letters().unwrap_or(inherited),
            background,
            keeps_space: look.keeps_space.unwrap_or(parent.keeps_space) || name.is("pre"),
            link: None,
            heads: None,
        })
    }

    /// Lays out the start of a visible element.
    fn open(&mut self, name: Name<'h>, tag: &Tag<'h>, element: &mut Element<'h>) {
        if name.is("a") {
            if let Some(target) = tag.get("href") {
                element.link = Some((target, self.out.len()));
            }
            return;
        }
        if !name.any(BLOCK) {
            return;
        }
        if name.any(&["td", "th"]) {
            self.out.cell();
            return;
        }
        self.out.block(if name.any(SPACED) { 2 } else { 1 });
        if name.is("div") {
            element.heads = Heads::of(tag).map(|heads| (heads, self.out.len()));
        }
        if name.is("blockquote") {
            self.out.quote += 1;
        } else if name.is("tr") {
            self.out.row();
        } else if name.any(&["ul", "menu", "dir"]) {
            self.lists.push(None);
        } else if name.is("ol") {
            self.lists.push(Some(tag.get("start").and_then(|n| n.parse().ok()).unwrap_or(1)));
        } else if name.is("li") {
            let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(8));
            let mark = match self.lists.last_mut() {
                Some(Some(number)) => {
                    *number = number.saturating_add(1);
                    format!("{indent}{}. ", number.saturating_sub(1))
                }
                Some(None) | None => format!("{indent}- "),
            };
            self.out.mark = mark;
        }
    }

    /// What a tag's attributes and style say, and the rules of the sheets that hold for it.
    fn look(&self, tag: &Tag<'h>) -> Look {
        let mut look = Look::default();
        if tag.is_bare() && self.sheet.is_empty() {
            return look;
        }
        let attribute = |name: &str| tag.get(name).map(|value| unescaped(value).to_lowercase());
        let name = Name(tag.name);
        let text = if name.is("body") { attribute("text") } else { attribute("color") };
        if let Some(text) = text {
            look.apply(&style::declarations(&format!("color:{}", html_color(&text))), Important::No);
        }
        if let Some(behind) = attribute("bgcolor") {
            let css = format!("background-color:{}", html_color(&behind));
            look.apply(&style::declarations(&css), Important::No);
        }
        if tag.get("background").is_some_and(|url| !url.trim().is_empty()) && look.background.is_none() {
            look.background = Some(Background::Unknown);
        }
        if name.is("font") && attribute("size").is_some_and(|size| size.trim() == "0") {
            // Browsers take 0 for 1, the smallest size: it is read.
            look.font = Some(Size::Px(10.0));
        }
        let own = tag.get("style").map(|css| self.sheet.resolved(&style::readable_css(&unescaped(css))));
        let own = own.as_deref().map(style::declarations).unwrap_or_default();
        let rules: Vec<String> = if self.sheet.is_empty() {
            Vec::new()
        } else {
            self.sheet.matching(tag, &self.stack).into_iter().map(|rule| self.sheet.resolved(rule)).collect()
        };
        for rule in &rules {
            look.apply(&style::declarations(rule), Important::No);
        }
        look.apply(&own, Important::No);
        for rule in &rules {
            look.apply(&style::declarations(rule), Important::Yes);
        }
        look.apply(&own, Important::Yes);
        look
    }

    /// Closes what a start tag closes without an end tag.
    fn close_implied(&mut self, name: Name<'h>) {
        if self.deeper > 0 {
            return;
        }
        if name.is("li") {
            self.close_up_to(&["li"], &["ul", "ol", "menu", "dir", "table", "td", "th", "details", "dialog"]);
        } else if name.any(&["td", "th"]) {
            self.close_up_to(&["td", "th"], &["tr", "table"]);
        } else if name.is("tr") {
            self.close_up_to(&["tr"], &["table"]);
        } else if name.any(&["dt", "dd"]) {
            self.close_up_to(&["dt", "dd"], &["dl", "table", "td", "th"]);
        } else if name.is("a") {
            self.close_up_to(&["a"], BLOCK);
        } else if name.any(BLOCK) && !name.any(&["html", "body", "head", "tbody", "thead", "tfoot"]) {
            self.close_up_to(&["p"], SCOPE);
        }
    }

    /// Pops up to and with the nearest element named in `names`, unless a border comes first.
    fn close_up_to(&mut self, names: &[&str], borders: &[&str]) {
        for at in (1..self.stack.len()).rev() {
            let Some(element) = self.stack.get(at) else { return };
            if element.name.any(names) {
                while self.stack.len() > at {
                    self.pop();
                }
                return;
            }
            // What is inside a template or a picture closes nothing around it.
            if element.name.any(borders) || element.name.any(UNSEEN) {
                return;
            }
        }
    }

    fn end(&mut self, name: Name<'h>) {
        if self.deeper > 0 {
            if self.hidden_deeper == Some(self.deeper) {
                self.hidden_deeper = None;
            }
            self.deeper -= 1;
            return;
        }
        if name.is("br") {
            self.out.line_break();
        } else if name.any(&["td", "th", "caption"]) {
            self.close_up_to(&[name.0], &["table"]);
        } else if name.any(&["table", "tr", "tbody", "thead", "tfoot"]) {
            let borders: &[&str] = if name.is("table") { &[] } else { &["table"] };
            self.close_up_to(&[name.0], borders);
        } else if name.any(FORMATTING) {
            self.end_formatting(name);
        } else if name.any(BLOCK) {
            self.close_up_to(&[name.0], SCOPE);
        } else {
            self.close_up_to(&[name.0], BLOCK);
        }
    }

    /// A formatting element may end while blocks inside it stay open; it alone goes then.
    fn end_formatting(&mut self, name: Name<'h>) {
        for at in (1..self.stack.len()).rev() {
            let Some(element) = self.stack.get(at) else { return };
            if element.name.is(name.0) {
                let blocks_inside = self.stack.iter().skip(at + 1).any(|e| e.name.any(BLOCK));
                if blocks_inside {
                    let element = self.stack.remove(at);
                    self.close(&element);
                } else {
                    while self.stack.len() > at {
                        self.pop();
                    }
                }
                return;
            }
            if element.name.any(SCOPE) || element.name.any(UNSEEN) {
                return;
            }
        }
    }

    fn pop(&mut self) {
        if let Some(element) = self.stack.pop() {
            self.close(&element);
        }
    }

    /// Lays out the end of an element.
    fn close(&mut self, element: &Element<'h>) {
        if element.hidden {
            return;
        }
        let name = element.name;
        if let Some((target, start)) = element.link {
            self.out.link(&unescaped(target), start);
        }
        if !name.any(BLOCK) || name.any(&["td", "th"]) {
            return;
        }
        if name.any(&["ul", "ol", "menu", "dir"]) {
            self.lists.pop();
        }
        self.out.block(if name.any(SPACED) { 2 } else { 1 });
        if let Some((heads, start)) = element.heads {
            self.out.head_of_quote(heads, start);
        }
        if name.is("blockquote") {
            self.out.quote = self.out.quote.saturating_sub(1);
        }
        if name.is("tr") {
            self.out.row();
        }
    }
}

/// Reads the `<style>` elements before anything else: they hold for what stands before them too.
fn read_sheets(html: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let mut from = 0;
    while let Some(found) = html.get(from..).and_then(find_style) {
        let start = from + found;
        let mut tokens = Tokens::new(html.get(start..).unwrap_or_default());
        let Some(Token::Start(_)) = tokens.next() else { break };
        let css = tokens.raw_text("style");
        sheet.add(css);
        from = start + 6 + css.len();
    }
    sheet
}

/// The next `<style`, whatever its case.
fn find_style(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'<', bytes.get(from..)?) {
        let at = from + found;
        let is_style = bytes.get(at + 1..at + 6).is_some_and(|name| name.eq_ignore_ascii_case(b"style"));
        if is_style && bytes.get(at + 6).is_some_and(|b| b.is_ascii_whitespace() || *b == b'>') {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Text being laid out in lines.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    /// Line ends owed before the next text: 1 for a new line, 2 for an empty one.
    owed: usize,
    /// A space is owed before the next word.
    space: bool,
    /// Depth of quotes.
    quote: usize,
    /// Depth of the line above: an empty line between two depths belongs to the outer one.
    quote_above: usize,
    /// What a list item begins with.
    mark: String,
    /// How many heads of quotes were looked at.
    heads: usize,
    /// The row has a cell with text, so the next one is set off.
    row_has_text: bool,
    cell_owed: bool,
}

impl Lines {
    fn len(&self) -> usize {
        self.text.len()
    }

    /// Asks for at least `lines` line ends before the next text.
    fn block(&mut self, lines: usize) {
        if !self.text.is_empty() {
            self.owed = self.owed.max(lines);
        }
        self.space = false;
    }

    fn line_break(&mut self) {
        if !self.text.is_empty() {
            self.owed = (self.owed + 1).min(3);
        }
        self.space = false;
    }

    fn row(&mut self) {
        self.row_has_text = false;
        self.cell_owed = false;
    }

    fn cell(&mut self) {
        if self.row_has_text {
            self.cell_owed = true;
        } else {
            self.block(1);
        }
    }

    /// Writes the line ends, quote marks, list mark or cell border that are owed.
    fn flush(&mut self) {
        let quote = self.quote.min(QUOTES);
        if self.cell_owed {
            self.cell_owed = false;
            self.owed = 0;
            self.space = false;
            self.text.push_str(" | ");
        }
        let fresh = self.text.is_empty();
        if self.owed > 0 || fresh {
            self.trim_line();
            for line in 0..self.owed {
                self.text.push('\n');
                if line + 1 < self.owed {
                    self.text.push_str(&">".repeat(quote.min(self.quote_above)));
                }
            }
            self.owed = 0;
            self.space = false;
            if quote > 0 {
                self.text.push_str(&">".repeat(quote));
                self.text.push(' ');
            }
        }
        self.quote_above = quote;
        if !self.mark.is_empty() {
            let mark = std::mem::take(&mut self.mark);
            self.text.push_str(&mark);
            self.space = false;
        }
        self.row_has_text = true;
    }

    fn trim_line(&mut self) {
        let kept = self.text.trim_end_matches([' ', '\t', '\u{a0}']).len();
        self.text.truncate(kept);
    }

    /// Text whose white space folds.
    fn push_folded(&mut self, text: &str) {
        if text.starts_with(|c: char| c.is_ascii_whitespace()) {
            self.space = true;
        }
        for word in text.split_ascii_whitespace() {
            if word.chars().all(|c| c == '\u{a0}') {
                // A lone hard space is how editors write an empty line: it counts as one only when
                // something else follows on the line.
                if self.owed == 0 && !self.text.is_empty() {
                    self.space = true;
                }
                continue;
            }
            if self.owed > 0 || self.text.is_empty() || self.cell_owed || !self.mark.is_empty() {
                self.flush();
            } else if self.space && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
            if word.contains('\u{a0}') {
                self.text.push_str(&word.replace('\u{a0}', " "));
            } else {
                self.text.push_str(word);
            }
            self.space = true;
            self.row_has_text = true;
        }
        self.space = text.ends_with(|c: char| c.is_ascii_whitespace())
            || (self.space && text.bytes().all(|b| b.is_ascii_whitespace()));
    }

    /// Text whose lines stand as written.
    fn push_kept(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.line_break();
            }
            let line = line.trim_end_matches('\r');
            if line.is_empty() {
                continue;
            }
            self.flush();
            self.text.push_str(line);
        }
    }

    /// Puts a link's target behind its text where the two differ.
    fn link(&mut self, target: &str, start: usize) {
        let target = target.trim();
        let Some(text) = self.text.get(start.min(self.text.len())..) else { return };
        let text = text.trim();
        let plain = |s: &str| {
            let s = s.trim().trim_end_matches('/');
            let s = s.strip_prefix("https://").or_else(|| s.strip_prefix("http://")).unwrap_or(s);
            let s = s.strip_prefix("mailto:").or_else(|| s.strip_prefix("tel:")).unwrap_or(s);
            s.strip_prefix("www.").unwrap_or(s).to_ascii_lowercase()
        };
        let scheme = target.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let shown = matches!(scheme.as_str(), "http" | "https" | "mailto");
        if !shown || text.is_empty() || plain(text) == plain(target) || text.contains(target) {
            return;
        }
        let mut end = target.len().min(TARGET);
        while !target.is_char_boundary(end) {
            end -= 1;
        }
        let cut = if end < target.len() { "…" } else { "" };
        let target: String = target
            .get(..end)
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '<' | '>'))
            .collect();
        self.text.push_str(" <");
        self.text.push_str(&target);
        self.text.push_str(cut);
        self.text.push('>');
        self.space = true;
    }

    /// What stands from `start` on says whom the program quotes. In a language that the reader of plain
    /// text knows, it stays as it is; in any other it is marked as a quote itself, and what follows
    /// without a mark too.
    fn head_of_quote(&mut self, heads: Heads, start: usize) {
        let Some(said) = self.text.get(start.min(self.text.len())..).filter(|said| said.len() <= HEAD) else {
            return;
        };
        if self.heads == HEADS || !said.chars().any(char::is_alphanumeric) {
            return;
        }
        self.heads += 1;
        if zones::is_head(said.trim()) {
            return;
        }
        let mut marked = String::with_capacity(said.len() + 16);
        for line in said.split_inclusive('\n') {
            if !line.trim().is_empty() && !line.starts_with('>') {
                marked.push_str("> ");
            }
            marked.push_str(line);
        }
        self.text.truncate(start);
        self.text.push_str(&marked);
        if heads == Heads::Rest {
            self.quote += 1;
        }
    }

    fn finished(mut self) -> String {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::visible_text;

    fn check(html: &str, text: &str) {
        assert_eq!(visible_text(html).text.trim_end(), text, "{html}");
    }

    #[test]
    fn text_reads_like_a_mail() {
        check("<p>Hi Sam,</p><p>one<br>two</p>", "Hi Sam,\n\none\ntwo");
        check("<div>a</div><div><br></div><div>b</div>", "a\n\nb");
        check("a  <b>b</b>\n c", "a b c");
        check("<ul><li>one<li>two</ul><ol start=3><li>x</ol>", "- one\n- two\n\n3. x");
        check("<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a | b\nc | d");
        check("<pre>x  y\n  z</pre>", "x  y\n  z");
    }

    #[test]
    fn quotes_become_marked_lines() {
        let html = "me<blockquote type=cite>you<br>said<blockquote>he</blockquote></blockquote>end";
        check(html, "me\n\n> you\n> said\n>\n>> he\n\nend");
    }

    #[test]
    fn a_quote_is_known_by_its_place_where_its_language_is_not() {
        // Swahili, which no list of ours has.
        check(
            "<div>Ndiyo.</div><div class='gmail_quote'><div dir=ltr class='gmail_attr'>Jumatatu Ana aliandika hivi<br></div>\
             <blockquote class='gmail_quote'>Sawa?</blockquote></div>",
            "Ndiyo.\n> Jumatatu Ana aliandika hivi\n\n> Sawa?",
        );
        check(
            "<div>Ndiyo.</div><hr><div id='divRplyFwdMsg'><b>Kutoka:</b> Ana<br><b>Mada:</b> Pampu</div><div>Sawa?</div>",
            "Ndiyo.\n________________________________\n> Kutoka: Ana\n> Mada: Pampu\n> Sawa?",
        );
        // In a language we know it stays an attribution, which says more.
        check(
            "<div>Yes.</div><div class='moz-cite-prefix'>On 3 Feb 2025 at 10:04, Ana Lima &lt;ana@lima.example&gt; wrote:</div>\
             <blockquote>Dry?</blockquote>",
            "Yes.\nOn 3 Feb 2025 at 10:04, Ana Lima <ana@lima.example> wrote:\n\n> Dry?",
        );
    }

    #[test]
    fn links_keep_their_target() {
        check("<a href='https://bank.example/'>bank.example</a>", "bank.example");
        check(
            "<a href='https://evil.example/x'>bank.example</a> now",
            "bank.example <https://evil.example/x> now",
        );
        check(
            "<a href='javascript:x()'>go</a> <a href='mailto:a@b.example'>a@b.example</a>",
            "go a@b.example",
        );
    }

    #[test]
    fn what_nobody_sees_is_dropped_and_counted() {
        for html in [
            "<div style='display:none'>xyz</div>",
            "<div style=\"font-size:1px\">xyz</div>",
            "<span style='color:#fff'>xyz</span>",
            "<div hidden>xyz</div>",
            "<div aria-hidden=true><p>xyz</p></div>",
            "<span style=display:none><p></span>xyz</span></p>",
            "<table bgcolor=black><tr><td><font color='#000000'>xyz</font></table>",
            "<style>.h{display:none}</style><p class='a h'>xyz</p>",
            "<svg><text>xyz</text></svg>",
        ] {
            let seen = visible_text(&format!("<p>seen</p>{html}"));
            assert_eq!((seen.text.trim(), seen.hidden), ("seen", 3), "{html}");
        }
        check("<title>t</title><script>s</script><style>p{}</style><!-- c --><template>x</template>v", "v");
        check("<td style='font-size:0'><div style='font-size:14px'>shown</div></td>", "shown");
        check(
            "<div bgcolor=#000 style='background:#000'><span style='color:white'>shown</span></div>",
            "shown",
        );
    }

    #[test]
    fn deep_and_broken_html_is_read() {
        let deep = "<div>".repeat(50_000) + "x";
        check(&deep, "x");
        let hidden = "<b>".repeat(300) + "<i style=display:none>h</i>v";
        check(&hidden, "v");
        check(&("<a ".to_owned() + &"x ".repeat(500_000) + ">v"), "v");
        check("<p>a<", "a<");
    }
}
