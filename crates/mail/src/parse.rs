//! The one border: raw bytes of a mail to a [`Message`]. Never fails, never panics; damage becomes
//! a [`Defect`]. Header values leave only as `HeaderText`, `MsgId` or `Addr`. Reads no file.

use std::sync::LazyLock;

use jiff::Zoned;
use mail_parser::{Address, HeaderName, HeaderValue, MessageParser, MessagePart, MimeHeaders, PartType};
use postil_evidence::text::{clean, fold_space};
use postil_evidence::{Addr, ContentHash, HeaderText, Mailbox, MessageKey};

use crate::fields::{self, Fields};
use crate::html::visible_text;
use crate::limits;
use crate::message::{Attachment, Defect, Message};
use crate::zones::zones;

/// The most addresses of one header field that are kept.
///
/// # Source
/// SECURITY.md T13.
const ADDRESSES: usize = 2_000;
/// A plain text with fewer words than this is compared with the HTML beside it.
const STUB_WORDS: usize = 40;

/// Reads the fields that are used and passes over the others: Received lines alone cost a tenth.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new().with_minimal_headers().header_address(HeaderName::Sender).default_header_ignore()
});

/// Reads one mail. Never fails: what cannot be read is a defect. A leading mbox line (`From …`) is
/// skipped. Over a limit of the border only the headers are read.
#[must_use]
pub fn parse_message(raw: &[u8]) -> Message {
    let size = raw.len();
    let raw = without_envelope(raw);
    let mut defects = Vec::new();
    let limit = limits::over(raw);
    let block = raw.get(..limits::header_end(raw).min(limits::HEADER_BLOCK)).unwrap_or_default();
    let fields = Fields::read(block);
    let disarmed = if limit.is_some() { block.into() } else { limits::disarmed(raw) };
    let parser = &*PARSER;
    let parsed = if limit.is_some() { parser.parse_headers(&*disarmed) } else { parser.parse(&*disarmed) };
    let Some(parsed) = parsed else {
        return unreadable(raw, size, limit);
    };

    let mut bad_address = false;
    let mut mailboxes = |value: Option<&Address<'_>>| mailboxes(value, &mut bad_address);
    let mut from = mailboxes(parsed.from());
    let mut sender = mailboxes(parsed.sender());
    let reply_to = mailboxes(parsed.reply_to());
    let to = every(&parsed, HeaderName::To, &mut mailboxes);
    let cc = every(&parsed, HeaderName::Cc, &mut mailboxes);
    let bcc = every(&parsed, HeaderName::Bcc, &mut mailboxes);
    if bad_address {
        defects.push(Defect::BadAddress);
    }
    let from = (!from.is_empty()).then(|| from.swap_remove(0));
    let sender = (!sender.is_empty()).then(|| sender.swap_remove(0));
    if from.is_none() {
        defects.push(Defect::NoSender);
    }

    let mut bad_id = false;
    let message_id = fields.ids("message-id", &mut bad_id).into_iter().next();
    let in_reply_to = fields.ids("in-reply-to", &mut bad_id);
    let references = fields.ids("references", &mut bad_id);
    if bad_id {
        defects.push(Defect::BadMessageId);
    }
    if message_id.is_none() {
        defects.push(Defect::NoMessageId);
    }
    let date = parsed.date().and_then(zoned);
    if date.is_none() {
        defects.push(Defect::BadDate);
    }
    let raw_subject = parsed.subject().unwrap_or_default();
    if has_control(raw_subject)
        || parsed.from().is_some_and(|a| a.iter().any(|a| a.name().is_some_and(has_control)))
    {
        defects.push(Defect::ControlInHeader);
    }
    let delivery = fields.delivery();
    if let (Some(from), Some(other)) = (&from, reply_to.first()) {
        let is_list = delivery.list_post.as_ref() == Some(&other.addr);
        if !is_list && !same_organisation(from.addr.domain(), other.addr.domain()) {
            defects.push(Defect::ReplyToElsewhere);
        }
    }

    let mut text = String::new();
    let mut attachments = Vec::new();
    let mut calendar_method = None;
    match limit {
        Some(limit) => defects.push(Defect::OverLimit(limit)),
        None => {
            let body = Body::read(&parsed, raw_subject);
            text = body.text;
            defects.extend(body.defects);
            attachments = read_attachments(&parsed, &mut defects);
            calendar_method = read_calendar_method(&parsed);
        }
    }
    let mut message = Message {
        key: MessageKey(ContentHash::from_bytes([0; 16])),
        message_id,
        in_reply_to,
        references,
        from,
        sender,
        reply_to,
        to,
        cc,
        bcc,
        subject: HeaderText::clean(raw_subject),
        date,
        delivery,
        text,
        zones: Vec::new(),
        attachments,
        calendar_method,
        defects,
        size,
    };
    finish(&mut message);
    message
}

/// Sets the zones and the key, from what the message already holds.
pub(crate) fn finish(message: &mut Message) {
    message.zones = zones(&message.text, message.from.as_ref());
    message.key = key_of(message);
}

/// The identity of a message: of its Message-ID and text, or where it has no id of From, date,
/// subject and text. White space and a list's footer do not count, so that a copy in other line
/// ends, or one that came over a list as well, is the same message.
fn key_of(message: &Message) -> MessageKey {
    let text = fold_space(without_list_footer(&message.text));
    let hash = match &message.message_id {
        Some(id) => ContentHash::of_parts(&[b"id", id.as_str().as_bytes(), text.as_bytes()]),
        None => {
            let from = message.from.as_ref().map_or("", |from| from.addr.as_str());
            let date = message.date.as_ref().map(|date| date.timestamp().to_string()).unwrap_or_default();
            let subject = crate::subject::list_tag(message.subject.as_str())
                .map_or(message.subject.as_str(), |(_, rest)| rest.trim());
            ContentHash::of_parts(&[
                b"no-id",
                from.as_bytes(),
                date.as_bytes(),
                subject.as_bytes(),
                text.as_bytes(),
            ])
        }
    };
    MessageKey(hash)
}

/// The text without the footer that a list server adds: a line of underscores or dashes in the
/// last lines with nothing but addresses and words of a list below it.
fn without_list_footer(text: &str) -> &str {
    for line in text.trim_end().rsplit('\n').take(8) {
        let cut = line.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let rule = line.trim_end();
        let is_rule =
            rule.len() >= 20 && (rule.bytes().all(|b| b == b'_') || rule.bytes().all(|b| b == b'-'));
        if is_rule {
            let footer = text.get(cut..).unwrap_or_default().to_ascii_lowercase();
            let about_list = ["mailing list", "unsubscribe", "listinfo", "list-", "lists."];
            if about_list.iter().any(|word| footer.contains(word)) {
                return text.get(..cut).unwrap_or(text);
            }
        }
    }
    text
}

/// Skips blank lines, a byte order mark and an mbox line before the headers.
fn without_envelope(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    let blank = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut raw = raw.get(blank..).unwrap_or_default();
    for _ in 0..2 {
        if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
            let end = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
            raw = raw.get(end..).unwrap_or_default();
        }
    }
    raw
}

/// A message of bytes that hold no header at all.
fn unreadable(raw: &[u8], size: usize, limit: Option<String>) -> Message {
    let shown = raw.get(..raw.len().min(limits::HEADER_BLOCK)).unwrap_or_default();
    let (text, _) = clean(&String::from_utf8_lossy(shown));
    let mut defects = vec![
        Defect::NoSender,
        Defect::NoMessageId,
        Defect::BadDate,
        Defect::Unreadable("it has no header".to_owned()),
    ];
    defects.extend(limit.map(Defect::OverLimit));
    let mut message = Message {
        key: MessageKey(ContentHash::of(raw)),
        message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: None,
        sender: None,
        reply_to: Vec::new(),
        to: Vec::new(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: HeaderText::default(),
        date: None,
        delivery: crate::message::DeliveryHeaders::default(),
        text,
        zones: Vec::new(),
        attachments: Vec::new(),
        calendar_method: None,
        defects,
        size,
    };
    finish(&mut message);
    message
}

/// All mailboxes of every field of one name.
fn every(
    parsed: &mail_parser::Message<'_>,
    name: HeaderName<'static>,
    read: &mut dyn FnMut(Option<&Address<'_>>) -> Vec<Mailbox>,
) -> Vec<Mailbox> {
    let mut out = Vec::new();
    for value in parsed.header_values(name) {
        if let HeaderValue::Address(address) = value {
            out.extend(read(Some(address)));
        }
    }
    out.truncate(ADDRESSES);
    out
}

fn mailboxes(value: Option<&Address<'_>>, bad: &mut bool) -> Vec<Mailbox> {
    let Some(value) = value else { return Vec::new() };
    let mut out = Vec::new();
    for address in value.iter().take(ADDRESSES) {
        let Some(raw) = address.address.as_deref() else {
            *bad |= address.name().is_some_and(|name| !name.trim().is_empty());
            continue;
        };
        match Addr::parse(raw) {
            Some(addr) => {
                let name = HeaderText::clean(address.name().unwrap_or_default());
                out.push(Mailbox { name, addr });
            }
            None => *bad = true,
        }
    }
    out
}

/// A Date header as a time with the offset it gave.
fn zoned(date: &mail_parser::DateTime) -> Option<Zoned> {
    if !date.is_valid() {
        return None;
    }
    let number = |n: u8| i8::try_from(n).ok();
    // A leap second is the second before it: civil time has no second 60.
    let second = number(date.second.min(59))?;
    let civil = jiff::civil::DateTime::new(
        i16::try_from(date.year).ok()?,
        number(date.month)?,
        number(date.day)?,
        number(date.hour)?,
        number(date.minute)?,
        second,
        0,
    )
    .ok()?;
    let seconds = i32::from(date.tz_hour) * 3_600 + i32::from(date.tz_minute) * 60;
    let offset = jiff::tz::Offset::from_seconds(if date.tz_before_gmt { -seconds } else { seconds }).ok()?;
    civil.to_zoned(jiff::tz::TimeZone::fixed(offset)).ok()
}

fn has_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\t')
}

/// Whether one domain is the other or stands below it.
fn same_organisation(a: &str, b: &str) -> bool {
    let below = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    below(a, b) || below(b, a)
}

/// The text of a message and what was wrong with it.
struct Body {
    text: String,
    defects: Vec<Defect>,
}

impl Body {
    fn read(parsed: &mail_parser::Message<'_>, subject: &str) -> Self {
        let mut hidden_html = 0;
        let mut has_html_only = false;
        let mut text = String::new();
        for part in parsed.text_bodies() {
            match &part.body {
                PartType::Text(plain) => push_part(&mut text, &unflowed(part, &limits::rearmed(plain))),
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
        let mut defects = Vec::new();
        let words = text.split_whitespace().take(STUB_WORDS).count();
        if !has_html_only && words < STUB_WORDS {
            let mut visible = String::new();
            let mut hidden = 0;
            for part in parsed.html_bodies() {
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
        Self { text: trimmed(text), defects }
    }
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

/// The parts that are not the text.
fn read_attachments(parsed: &mail_parser::Message<'_>, defects: &mut Vec<Defect>) -> Vec<Attachment> {
    let mut out = Vec::new();
    let mut hostile = false;
    for part in parsed.attachments() {
        let raw_name = part.attachment_name().unwrap_or_default();
        let (cleaned, removed) = clean(raw_name);
        hostile |= removed.invisible > 0
            || raw_name.contains(['/', '\\', '\0'])
            || raw_name.starts_with('.')
            || has_control(raw_name);
        let name: String =
            cleaned.chars().map(|c| if matches!(c, '/' | '\\' | ':') { '_' } else { c }).collect();
        let content_type = part.content_type().map_or_else(
            || "text/plain".to_owned(),
            |ct| match ct.subtype() {
                Some(subtype) => format!("{}/{subtype}", ct.ctype()),
                None => ct.ctype().to_owned(),
            },
        );
        let content_type = HeaderText::clean(&limits::rearmed(&content_type)).as_str().to_ascii_lowercase();
        out.push(Attachment {
            name: HeaderText::clean(name.trim_start_matches(['.', ' '])),
            content_type,
            size: part.contents().len(),
        });
    }
    if hostile {
        defects.push(Defect::HostileName);
    }
    out
}

/// METHOD of a calendar part: its parameter, else its line.
fn read_calendar_method(parsed: &mail_parser::Message<'_>) -> Option<String> {
    for part in &parsed.parts {
        let Some(content_type) = part.content_type() else { continue };
        let is_calendar = content_type.ctype() == "text" && content_type.subtype() == Some("calendar")
            || content_type.ctype() == "application" && content_type.subtype() == Some("ics");
        if !is_calendar {
            continue;
        }
        let from_line = || {
            let contents = part.contents();
            let head =
                String::from_utf8_lossy(contents.get(..contents.len().min(16_384)).unwrap_or_default());
            head.lines().find_map(|line| fields::value_of(line, "method").map(str::to_owned))
        };
        let method = content_type.attribute("method").map(str::to_owned).or_else(from_line)?;
        let method = method.trim().to_ascii_uppercase();
        let plain =
            !method.is_empty() && method.len() <= 32 && method.bytes().all(|b| b.is_ascii_alphabetic());
        return plain.then_some(method);
    }
    None
}
