//! The words of attachments as passages of their message: found with it, labelled as it is.

use postil_evidence::span::line_of;
use postil_evidence::text::fold_space;
use postil_evidence::{Passage, Span};
use postil_mail::Message;
use postil_understand::sentence::sentences;

/// A passage ends at the end of a line once it is longer than this, in bytes.
const CUT_ABOVE: usize = 600;
/// At most this much of the attachments of one message is indexed, in bytes.
const MESSAGE_LIMIT: usize = 128 * 1024;

/// The passages of a message's attachments. `of_message` has what the passages of the message
/// share: source, title, people, date and label. Their span is empty and stands at the end of the text, since they
/// are no part of it; their heading is the attachment's name.
pub(crate) fn attachment_passages(message: &Message, of_message: &Passage) -> Vec<Passage> {
    let mut out = Vec::new();
    let mut used = 0;
    let end = message.text.len();
    let line = if message.attachments.is_empty() { 0 } else { line_of(&message.text, end) };
    for part in &message.attachments {
        for piece in pieces(&part.text) {
            let text = fold_space(&piece);
            if !text.chars().any(char::is_alphanumeric) {
                continue;
            }
            used += text.len();
            if used > MESSAGE_LIMIT {
                return out;
            }
            let name = if part.name.is_empty() { &part.content_type } else { part.name.as_str() };
            out.push(Passage {
                span: Span::new(end, end),
                line,
                text,
                headings: vec![name.to_owned()],
                ..of_message.clone()
            });
        }
    }
    out
}

/// Paragraphs; a long one is cut at line ends, a long line at sentence ends.
fn pieces(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = String::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            if open.len() > CUT_ABOVE / 8 {
                out.push(std::mem::take(&mut open));
            }
            continue;
        }
        if line.len() > 2 * CUT_ABOVE {
            for sentence in sentences(line) {
                push(&mut open, sentence.of(line), &mut out);
            }
        } else {
            push(&mut open, line, &mut out);
        }
    }
    out.push(open);
    out
}

fn push(open: &mut String, piece: &str, out: &mut Vec<String>) {
    if !open.is_empty() && open.len() + piece.len() > CUT_ABOVE {
        out.push(std::mem::take(open));
    }
    open.push_str(piece);
    open.push('\n');
}

#[cfg(test)]
mod tests {
    use postil_evidence::LabelRules;
    use postil_mail::parse_message;

    #[test]
    fn an_attachment_is_found_with_its_message() {
        let message = parse_message(
            b"From: a@x.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the list.\n--b\n\
              Content-Type: text/csv; name=prices.csv\n\npump;12 EUR\nvalve;3 EUR\n--b--\n",
        );
        let passages = crate::cut::mail_passages(&message, &LabelRules::default());
        let texts: Vec<&str> = passages.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, ["See the list.", "pump;12 EUR valve;3 EUR"]);
        assert_eq!(passages[1].headings, ["prices.csv"]);
        assert_eq!(passages[1].label, passages[0].label);
    }
}
