//! `%% comments %%`: found outside code and blanked, byte for byte, before a note is read.

use std::borrow::Cow;

use postil_evidence::Span;
use pulldown_cmark::{Event, Parser, Tag};

use crate::blocks::markdown;

/// Returns `body` with every comment replaced by as many spaces; line ends stay, so offsets and
/// lines stay. `%%` at the start of a line opens a comment that runs to the next `%%`, or to the end
/// of the note; elsewhere it must be closed within its paragraph, else it is text ("5 %% of").
pub(crate) fn without_comments(body: &str) -> Cow<'_, str> {
    if !body.contains("%%") {
        return Cow::Borrowed(body);
    }
    let code = code_spans(body);
    let mut comments: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| rest.find("%%")) {
        let open = at + found;
        at = open + 2;
        let i = code.partition_point(|span| span.end <= open);
        if let Some(span) = code.get(i).filter(|span| span.start <= open) {
            at = span.end.max(at);
            continue;
        }
        let rest = body.get(at..).unwrap_or_default();
        let before = body.get(..open).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let starts_line = before.get(line_start..).unwrap_or_default().trim().is_empty();
        let close = if starts_line {
            Some(rest.find("%%").map_or(rest.len(), |close| close + 2))
        } else {
            let paragraph = rest.find("\n\n").into_iter().chain(rest.find("\r\n\r\n")).min();
            let paragraph = rest.get(..paragraph.unwrap_or(rest.len())).unwrap_or_default();
            paragraph.find("%%").map(|close| close + 2)
        };
        if let Some(close) = close {
            comments.push(Span::new(open, at + close));
            at += close;
        }
    }
    if comments.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let mut kept = 0;
    for comment in comments {
        out.push_str(body.get(kept..comment.start).unwrap_or_default());
        out.extend(comment.of(body).bytes().map(|byte| match byte {
            b'\n' => '\n',
            b'\r' => '\r',
            _ => ' ',
        }));
        kept = comment.end;
    }
    out.push_str(body.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

fn code_spans(body: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Parser::new_ext(body, markdown())
        .into_offset_iter()
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, at)| Span::new(at.start, at.end))
        .collect();
    spans.sort();
    spans
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_become_spaces_and_nothing_moves() {
        for (text, expect) in [
            ("a %%secret%% b", "a            b"),
            ("%%\nsecret\n\nmore\n%%\nopen", "  \n      \n\n    \n  \nopen"),
            ("%% unclosed\nrest", "           \n    "),
            ("growth of 5 %% this year\n\nand %% more", "growth of 5 %% this year\n\nand %% more"),
            ("`%%` code `%%`", "`%%` code `%%`"),
            ("```\n%%\n```\nopen", "```\n%%\n```\nopen"),
            ("%%é%%", "      "),
            ("a %% x\r\n\r\ny %%", "a %% x\r\n\r\ny %%"),
        ] {
            assert_eq!(without_comments(text), expect);
            assert_eq!(without_comments(text).len(), text.len());
        }
    }
}
