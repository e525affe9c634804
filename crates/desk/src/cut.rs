//! A message cut into labelled passages: the sender's own words, by paragraph.

use std::collections::BTreeSet;

use postil_evidence::span::line_of;
use postil_evidence::text::fold_space;
use postil_evidence::{Addr, LabelRules, Passage, Source, Span};
use postil_mail::{Message, ZoneKind};
use postil_understand::sentence::sentences;

use crate::attachments::attachment_passages;

/// Pieces shorter than this are joined to the next one of the same zone, so that a line such as
/// "Yes." stands with what it is about.
const JOIN_BELOW: usize = 60;

/// A piece is cut at a sentence end once it is longer than this, in bytes.
const CUT_ABOVE: usize = 800;

/// At most this much of one message is indexed, in bytes of its own words.
const MESSAGE_LIMIT: usize = 64 * 1024;

/// The passages of a message: own words only, never quotes or signatures, each labelled for the
/// parties on the mail.
pub(crate) fn mail_passages(message: &Message, rules: &LabelRules) -> Vec<Passage> {
    let people: BTreeSet<Addr> = message.participants();
    let label = rules.label_mail(message.from.as_ref().map(|from| &from.addr), &people);
    let title = postil_mail::subject::without_prefixes(message.subject.as_str()).to_owned();
    let date = message.date.as_ref().map(jiff::Zoned::date);
    let whole = Passage {
        source: Source::Mail(message.key),
        span: Span::new(0, 0),
        line: 0,
        text: String::new(),
        title,
        headings: Vec::new(),
        anchor: None,
        date,
        people: people.iter().cloned().collect(),
        links: Vec::new(),
        label,
    };
    let mut passages = Vec::new();
    let mut used = 0;
    for span in pieces(message) {
        let text = fold_space(span.of(&message.text));
        used += text.len();
        if used > MESSAGE_LIMIT {
            break;
        }
        if !text.chars().any(char::is_alphanumeric) {
            continue;
        }
        passages.push(Passage { span, line: line_of(&message.text, span.start), text, ..whole.clone() });
    }
    passages.extend(attachment_passages(message, &whole));
    passages
}

/// Spans of paragraphs in own zones. A list item is a paragraph of its own.
fn pieces(message: &Message) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    for zone in message.own_zones() {
        let wanted = match zone.kind {
            ZoneKind::Paragraph
            | ZoneKind::Code
            | ZoneKind::Patch
            | ZoneKind::Log
            | ZoneKind::Table
            | ZoneKind::Technical
            | ZoneKind::SectionHeading => true,
            ZoneKind::Salutation
            | ZoneKind::Closing
            | ZoneKind::Quotation
            | ZoneKind::QuotationMarker
            | ZoneKind::InlineHeaders
            | ZoneKind::PersonalSignature
            | ZoneKind::MuaSignature
            | ZoneKind::Disclaimer
            | ZoneKind::Separator
            | ZoneKind::Empty => false,
        };
        if !wanted {
            continue;
        }
        let mut open: Option<Span> = None;
        let mut at = zone.span.start;
        for line in zone.span.of(&message.text).split_inclusive('\n') {
            let span = Span::new(at, at + line.trim_end().len());
            at += line.len();
            let blank = line.trim().is_empty();
            let item = is_list_item(line);
            let short = open.is_some_and(|piece| piece.len() < JOIN_BELOW);
            match open {
                Some(piece) if !blank && !item => open = Some(Span::new(piece.start, span.end)),
                Some(piece) if blank && !short => {
                    pieces.push(piece);
                    open = None;
                }
                Some(_) if blank => {}
                Some(piece) => {
                    pieces.push(piece);
                    open = Some(span);
                }
                None if !blank => open = Some(span),
                None => {}
            }
        }
        pieces.extend(open);
    }
    pieces.into_iter().flat_map(|piece| cut_long(piece, &message.text)).collect()
}

fn is_list_item(line: &str) -> bool {
    let body = line.trim_start();
    let digits = body.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < body.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    numbered || ["- ", "* ", "+ ", "• ", "– "].iter().any(|marker| body.starts_with(marker))
}

/// A long piece cut at sentence ends; a single sentence is never cut.
fn cut_long(piece: Span, text: &str) -> Vec<Span> {
    if piece.len() <= CUT_ABOVE {
        return vec![piece];
    }
    let mut out: Vec<Span> = Vec::new();
    for sentence in sentences(piece.of(text)) {
        let sentence = sentence.shifted(piece.start);
        match out.last_mut() {
            Some(last) if sentence.end - last.start <= CUT_ABOVE => last.end = sentence.end,
            _ => out.push(sentence),
        }
    }
    out
}
