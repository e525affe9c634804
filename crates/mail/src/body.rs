//! The text of a message: which parts are it, and what a person would read there. Knows no headers but
//! those of the parts.

use mail_parser::{MessagePart, MimeHeaders, PartType};
use postil_evidence::text::clean;

use crate::attach::{Allowance, attachment, claimed_type};
use crate::html::visible_text;
use crate::limits;
use crate::message::{Attachment, Defect};

/// A plain text with fewer words than this is compared with the HTML beside it.
const STUB_WORDS: usize = 40;

/// The text of a message, its other parts, and what was wrong with them.
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) defects: Vec<Defect>,
}

impl Body {
    /// Reads a parsed message whose subject is `subject`.
    pub(crate) fn read(parsed: &mail_parser::Message<'_>, subject: &str, allowance: Allowance) -> Self {
        let digests = digest_parts(parsed);
        let in_text = |id: &&u32| !digests.contains(id);
        let parts = |ids: &[u32]| -> Vec<&MessagePart<'_>> {
            ids.iter().filter(in_text).filter_map(|id| parsed.parts.get(usize::try_from(*id).ok()?)).collect()
        };
        let mut defects = Vec::new();
        let mut hidden_html = 0;
        let mut has_html_only = false;
        let mut text = String::new();
        for part in parts(&parsed.text_body) {
            match &part.body {
                PartType::Text(plain) => {
                    push_part(&mut text, &unglued(unflowed(part, &limits::rearmed(plain))))
                }
                PartType::Html(html) => {
                    has_html_only = true;
                    let visible = visible_text(&limits::rearmed(html));
                    hidden_html += visible.hidden;
                    push_part(&mut text, &visible.text);
                }
                PartType::Binary(_)
                | PartType::InlineBinary(_)
                | PartType::Message(_)
                | PartType::Multipart(_) => {}
            }
        }
        let words = text.split_whitespace().take(STUB_WORDS).count();
        if !has_html_only && words < STUB_WORDS {
            let mut visible = String::new();
            let mut hidden = 0;
            for part in parts(&parsed.html_body) {
                if let PartType::Html(html) = &part.body {
                    let seen = visible_text(&limits::rearmed(html));
                    hidden += seen.hidden;
                    push_part(&mut visible, &seen.text);
                }
            }
            let seen_words = visible.split_whitespace().count();
            let says_nothing = !text.chars().any(char::is_alphanumeric);
            if says_nothing && seen_words > 0 {
                text = visible;
                hidden_html += hidden;
            } else if seen_words > 3 * words + 20 {
                // "This mail needs an HTML reader": the plain part is a stub, people saw the other.
                defects.push(Defect::PartsDisagree);
                text = visible;
                hidden_html += hidden;
            }
        }
        let (attachments, rescued) = other_parts(parsed, &digests, allowance, &mut defects);
        if !text.chars().any(char::is_alphanumeric) && !rescued.is_empty() {
            // A multipart that ends early: what was its last part is all there is to read.
            text = rescued;
        }
        let (text, removed) = clean(&text);
        let removed_in_subject = clean(subject).1;
        let hidden = removed.invisible + removed.control + removed_in_subject.invisible;
        if hidden > 0 {
            defects.push(Defect::HiddenCharacters(hidden));
        }
        if hidden_html > 0 {
            defects.push(Defect::HiddenHtml(hidden_html));
        }
        if parsed.parts.iter().any(|part| part.is_encoding_problem) {
            defects.push(Defect::DamagedPart);
        }
        Self { text: trimmed(text), attachments, defects }
    }
}

/// Parts of a digest that name no type: each is a message, and none the text of this one.
///
/// # Source
/// RFC 2046 section 5.1.5.
fn digest_parts(parsed: &mail_parser::Message<'_>) -> Vec<u32> {
    let mut out = Vec::new();
    for part in &parsed.parts {
        let PartType::Multipart(children) = &part.body else { continue };
        if claimed_type(part) != "multipart/digest" {
            continue;
        }
        let untyped = |id: &&u32| {
            usize::try_from(**id)
                .ok()
                .and_then(|id| parsed.parts.get(id))
                .is_some_and(|p| p.content_type().is_none())
        };
        out.extend(children.iter().filter(untyped));
    }
    out
}

/// The parts that are not the text, and the words of those that would have been if the message had not
/// ended early.
fn other_parts(
    parsed: &mail_parser::Message<'_>,
    digests: &[u32],
    mut allowance: Allowance,
    defects: &mut Vec<Defect>,
) -> (Vec<Attachment>, String) {
    let mut attachments = Vec::new();
    let mut rescued = String::new();
    let mut ids: Vec<u32> = parsed.attachments.iter().chain(digests).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let Some(part) = usize::try_from(id).ok().and_then(|id| parsed.parts.get(id)) else { continue };
        let claimed = if digests.contains(&id) { "message/rfc822".to_owned() } else { claimed_type(part) };
        if part.is_encoding_problem
            && let Some(cut) = cut_part(part, &claimed)
        {
            let read = attachment(&cut, claimed, &mut allowance, defects);
            let is_attached = part.content_disposition().is_some_and(|d| d.is_attachment());
            if !is_attached && read.content_type.starts_with("text/") && read.content_type != "text/calendar"
            {
                push_part(&mut rescued, &read.text);
            }
            attachments.push(read);
            continue;
        }
        attachments.push(attachment(part, claimed, &mut allowance, defects));
    }
    (attachments, rescued)
}

/// A part without its end, decoded as far as it goes: the parser leaves such a part as it came.
fn cut_part<'p>(part: &'p MessagePart<'_>, claimed: &str) -> Option<MessagePart<'p>> {
    let PartType::Text(raw) = &part.body else { return None };
    let encoding = part.content_transfer_encoding().unwrap_or_default().trim().to_ascii_lowercase();
    let decoded = match encoding.as_str() {
        "quoted-printable" => {
            mail_parser::decoders::quoted_printable::quoted_printable_decode(raw.as_bytes())
        }
        "base64" => {
            // Whole groups of four only: the last one may be cut.
            let digits: Vec<u8> = raw.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            let whole = digits.get(..digits.len() / 4 * 4).unwrap_or_default();
            mail_parser::decoders::base64::base64_decode(whole)
        }
        _ => None,
    };
    let text = match decoded {
        Some(bytes) => {
            let charset = part.content_type().and_then(|ct| ct.attribute("charset"));
            let decoder = charset
                .and_then(|name| mail_parser::decoders::charsets::map::charset_decoder(name.as_bytes()));
            match decoder {
                Some(decoder) if claimed.starts_with("text/") => decoder(&bytes),
                Some(_) | None if claimed.starts_with("text/") => {
                    String::from_utf8_lossy(&bytes).into_owned()
                }
                Some(_) | None => return Some(with_body(part, PartType::Binary(bytes.into()))),
            }
        }
        None => raw.clone().into_owned(),
    };
    Some(with_body(part, PartType::Text(text.into())))
}

fn with_body<'p>(part: &'p MessagePart<'_>, body: PartType<'p>) -> MessagePart<'p> {
    MessagePart { body, headers: part.headers.clone(), ..MessagePart::default() }
}

/// Takes blank lines off both ends.
fn trimmed(mut text: String) -> String {
    let end = text.trim_end().len();
    text.truncate(end);
    let blank = text.len() - text.trim_start_matches(['\n', '\r']).len();
    if blank > 0 {
        text.drain(..blank);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn push_part(text: &mut String, part: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(part);
}

/// Puts Yahoo's attribution, which it writes behind the last word of the answer, on a line of its own:
/// `Yes.--- On Wed, 4 Apr 2012, Ana Lima <ana@lima.example> wrote:`.
fn unglued(text: String) -> String {
    const ATTRIBUTION: &str = "--- On ";
    if !text.contains(ATTRIBUTION) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 1);
    for line in text.split_inclusive('\n') {
        match line.find(ATTRIBUTION) {
            Some(at) if at > 0 && line.trim_end().ends_with("wrote:") => {
                let (answer, attribution) = line.split_at(at);
                let said = !answer.starts_with('>')
                    && answer.ends_with(|c: char| c.is_alphanumeric() || ".!?)".contains(c));
                out.push_str(answer);
                if said {
                    out.push('\n');
                }
                out.push_str(attribution);
            }
            Some(_) | None => out.push_str(line),
        }
    }
    out
}

/// Joins the soft line breaks of `format=flowed`.
///
/// # Source
/// RFC 3676 section 4.
fn unflowed(part: &MessagePart<'_>, text: &str) -> String {
    let content_type = part.content_type();
    let is = |name: &str, value: &str| {
        content_type.and_then(|ct| ct.attribute(name)).is_some_and(|v| v.eq_ignore_ascii_case(value))
    };
    if !is("format", "flowed") {
        return text.to_owned();
    }
    let delete_space = is("delsp", "yes");
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if open == Some(depth) && !signature {
            out.push_str(content);
        } else {
            if open.is_some() {
                end_line(&mut out);
            }
            if depth > 0 {
                out.push_str(&">".repeat(depth.min(40)));
                out.push(' ');
            }
            out.push_str(content);
        }
        let soft = content.ends_with(' ') && !signature;
        if soft {
            if delete_space {
                out.pop();
            }
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    if open.is_some() {
        end_line(&mut out);
    }
    out
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}
