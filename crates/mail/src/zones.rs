//! Whose words a plain text holds, line by line: quotes, attributions, copied headers, signatures,
//! footers, and what is left: the sender's own words. Works on text alone and never fails.
//!
//! Two readings of the same text. [`layout`] says what each line is in the message that holds it:
//! the greeting of a forwarded mail is a greeting. [`zones`] says what it is in this message: the
//! same line is a quotation. Both cover the whole text with runs of whole lines.
//!
//! # Source
//! The rules are our own, written from the habits of mail programs (RFC 3676 section 4.3 for `-- `,
//! RFC 5322 and vendors' default attribution lines); nothing is learned from labelled mail.

mod content;
mod marker;
mod program;
mod signature;
pub(crate) mod words;

use postil_evidence::{Mailbox, Span};

use crate::message::{Zone, ZoneKind};

pub(crate) use signature::{is_name as is_person_name, is_place};

/// The most lines that are looked at closely; beyond them only `>` counts.
const LINES: usize = 20_000;
/// The longest line that is looked at closely, in bytes; a longer one is prose.
const LINE: usize = 2_000;

/// What each line is in this message: text of earlier messages is a quotation, however it came in.
/// A message that would be left without any own words (a bare forward) keeps the words it brings.
#[must_use]
pub fn zones(text: &str, sender: Option<&Mailbox>) -> Vec<Zone> {
    let mut lines = read(text, sender);
    let has_own = |line: &Line<'_>| {
        line.holder == Holder::Message
            && matches!(line.kind, Some(kind) if kind.is_own_words() && kind != ZoneKind::Empty)
            && line.trimmed.chars().any(char::is_alphanumeric)
    };
    if lines.iter().any(has_own) {
        for line in &mut lines {
            let earlier = line.holder == Holder::Earlier;
            if earlier && line.kind.is_some_and(|kind| kind.is_own_words() && kind != ZoneKind::Empty) {
                line.kind = Some(ZoneKind::Quotation);
            }
        }
    } else if !lines
        .iter()
        .any(|line| line.holder == Holder::Earlier && line.kind == Some(ZoneKind::Paragraph))
    {
        // Nothing but a signature: its words are all there is.
        for line in &mut lines {
            if line.kind == Some(ZoneKind::PersonalSignature) {
                line.kind = Some(ZoneKind::Paragraph);
            }
        }
    }
    joined(&lines)
}

/// What each line is in the message that holds it, be that this message or one copied into it.
#[must_use]
pub fn layout(text: &str, sender: Option<&Mailbox>) -> Vec<Zone> {
    joined(&read(text, sender))
}

/// Whether some lines say that another message is quoted below them.
pub(crate) fn is_head(lines: &str) -> bool {
    let text = format!("{lines}\n\n> quoted\n");
    let first = layout(&text, None).into_iter().find(|zone| zone.kind != ZoneKind::Separator);
    first.is_some_and(|zone| matches!(zone.kind, ZoneKind::QuotationMarker | ZoneKind::InlineHeaders))
}

/// Whether a line stands in this message or in an earlier one that is copied below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Message,
    Earlier,
}

/// One line being understood.
#[derive(Debug)]
struct Line<'t> {
    span: Span,
    /// Without its line end and trailing white space.
    raw: &'t str,
    /// Without leading white space as well.
    trimmed: &'t str,
    kind: Option<ZoneKind>,
    holder: Holder,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.trimmed.is_empty()
    }

    fn is_open(&self) -> bool {
        self.kind.is_none()
    }
}

fn read<'t>(text: &'t str, sender: Option<&Mailbox>) -> Vec<Line<'t>> {
    let mut lines = split(text);
    mark_quotes(&mut lines);
    let near = lines.len().min(LINES);
    let (close, far) = lines.split_at_mut(near);
    program::mark_armour(close);
    let segments = marker::mark(close);
    for segment in segments {
        if let Some(lines) = close.get_mut(segment) {
            signature::mark(lines, sender);
            content::mark(lines);
        }
    }
    for line in close.iter_mut().chain(far) {
        line.kind.get_or_insert(ZoneKind::Paragraph);
    }
    lines
}

fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len() / 40 + 1);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let raw = line.trim_end();
        let trimmed = raw.trim_start();
        let kind = if trimmed.is_empty() {
            Some(ZoneKind::Empty)
        } else if raw.len() > LINE {
            Some(ZoneKind::Paragraph)
        } else {
            None
        };
        lines.push(Line { span: Span::new(start, end), raw, trimmed, kind, holder: Holder::Message });
        start = end;
    }
    lines
}

/// Lines with a quote mark, and the broken ends of quoted lines between two of them.
fn mark_quotes(lines: &mut [Line<'_>]) {
    let form = lines.iter().filter(|line| is_form_field(line.trimmed)).count() >= 4;
    for line in lines.iter_mut() {
        if is_quoted(line.trimmed) && !(form && is_form_field(line.trimmed)) {
            line.kind = Some(ZoneKind::Quotation);
        }
    }
    mark_wrapped_quotes(lines);
}

/// The longest run of lines that a wrapped quote leaves without its mark.
const WRAPPED: usize = 10;

/// A quoted line that was wrapped on its way leaves its last words without a mark, and a quoted
/// paragraph whose first line alone has one leaves all its other lines: lines between two quoted
/// ones, no blank line around them, that go on with the sentence above.
fn mark_wrapped_quotes(lines: &mut [Line<'_>]) {
    let quoted = |line: &Line<'_>| line.kind == Some(ZoneKind::Quotation);
    // How wide the quote may be before it wraps.
    let width = lines.iter().filter(|line| quoted(line)).map(|line| line.raw.len()).max().unwrap_or(0);
    if width < 40 {
        return;
    }
    let mut at = 1;
    while at < lines.len() {
        let Some(before) = lines.get(at - 1).filter(|line| quoted(line)) else {
            at += 1;
            continue;
        };
        if !lines.get(at).is_some_and(Line::is_open) {
            at += 1;
            continue;
        }
        let end =
            (at..lines.len()).find(|i| !lines.get(*i).is_some_and(Line::is_open)).unwrap_or(lines.len());
        let closed = lines.get(end).is_some_and(quoted);
        let tail: Vec<&str> = lines.iter().take(end).skip(at).map(|line| line.raw).collect();
        let first = tail.first().copied().unwrap_or_default();
        let goes_on =
            !before.trimmed.ends_with(['.', '!', '?', ':', '>']) || first.starts_with(char::is_lowercase);
        // The line above was full: the next word had no room in it.
        let word = first.split_whitespace().next().map_or(0, str::len);
        let full = before.raw.len() + 1 + word + 8 >= width.min(76);
        let short = tail.len() <= 3 && tail.iter().all(|line| line.len() <= 34);
        let paragraph = tail.len() <= WRAPPED
            && before.raw.len() >= 50
            && first.starts_with(char::is_lowercase)
            && tail.iter().rev().skip(1).all(|line| line.len() >= 50);
        // A link that a program put on a line of its own: "(https://shop.example/a) >".
        let link = tail.len() == 1 && {
            let bare = first.trim_matches(|c: char| matches!(c, ' ' | '(' | ')' | '<' | '>' | '[' | ']'));
            bare.starts_with("http") && !bare.contains(' ')
        };
        if closed && (link || goes_on && (short && full || paragraph)) {
            for line in lines.iter_mut().take(end).skip(at) {
                line.kind = Some(ZoneKind::Quotation);
            }
        }
        at = end.max(at + 1);
    }
}

/// `>Category: kern`: a field of a problem report (GNATS), which looks like a quote.
fn is_form_field(trimmed: &str) -> bool {
    let Some(rest) = trimmed.strip_prefix('>') else { return false };
    let Some((label, _)) = rest.split_once(':') else { return false };
    label.len() <= 24
        && label.starts_with(|c: char| c.is_ascii_uppercase())
        && label.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

/// `> `, `>>`, `|> `, `AB> `, `： `-less full-width marks, and the bar that some editors draw.
fn is_quoted(trimmed: &str) -> bool {
    if trimmed.starts_with('>') {
        return !trimmed.starts_with(">From ");
    }
    if trimmed.starts_with('＞') || trimmed.starts_with("&gt;") || trimmed.starts_with("》") {
        return true;
    }
    if let Some(rest) = trimmed.strip_prefix('|').or_else(|| trimmed.strip_prefix('│')) {
        // A bar at both ends, or several, is a table.
        return rest.starts_with(' ') && !rest.contains('|') && !rest.contains('│') && rest.len() > 3;
    }
    // "AB> text": the writer's initials.
    let initials = trimmed.bytes().take(5).take_while(u8::is_ascii_uppercase).count();
    (1..=4).contains(&initials)
        && trimmed.get(initials..).is_some_and(|rest| rest.starts_with("> ") || rest == ">")
}

/// Joins neighbouring lines of one kind.
fn joined(lines: &[Line<'_>]) -> Vec<Zone> {
    let mut zones: Vec<Zone> = Vec::new();
    for line in lines {
        let kind = line.kind.unwrap_or(ZoneKind::Paragraph);
        match zones.last_mut() {
            Some(last) if last.kind == kind => last.span.end = line.span.end,
            Some(_) | None => zones.push(Zone { span: line.span, kind }),
        }
    }
    zones
}
