//! The one border: raw bytes of a mail to a [`Message`]. Never fails, never panics; damage becomes
//! a [`Defect`]. Header values leave only as `HeaderText`, `MsgId` or `Addr`. Reads no file.

use std::sync::LazyLock;

use jiff::Zoned;
use mail_parser::{Address, HeaderName, HeaderValue, MessageParser, MimeHeaders};
use postil_evidence::text::{clean, fold_space};
use postil_evidence::{Addr, ContentHash, HeaderText, Mailbox, MessageKey};

use crate::attach::Allowance;
use crate::body::Body;
use crate::build::Build;
use crate::fields::{self, Fields};
use crate::identity;
use crate::limits;
use crate::message::{AddressField, Defect, Message, Unaddressed};
use crate::zones::zones;

/// The most addresses of one header field that are kept.
///
/// # Source
/// SECURITY.md T13.
const ADDRESSES: usize = 2_000;
/// The most words without an address that are kept of one message.
const UNADDRESSED: usize = 50;

/// Reads the fields that are used and passes over the others: Received lines alone cost a tenth.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new().with_minimal_headers().header_address(HeaderName::Sender).default_header_ignore()
});

/// Reads one mail. Never fails: what cannot be read is a defect. A leading mbox line (`From …`) is
/// skipped. Over a limit of the border only the headers are read.
#[must_use]
pub fn parse_message(raw: &[u8]) -> Message {
    let mut message = parse_inner(raw, Allowance::default());
    finish(&mut message);
    message
}

/// Reads a mail without cutting its text into zones. The attachments' text is kept within `allowance`.
pub(crate) fn parse_inner(raw: &[u8], allowance: Allowance) -> Message {
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

    let mut unaddressed = Vec::new();
    let mut mailboxes = |value: Option<&Address<'_>>, field| mailboxes(value, field, &mut unaddressed);
    let mut from = mailboxes(parsed.from(), AddressField::From);
    let mut sender = mailboxes(parsed.sender(), AddressField::Sender);
    let reply_to = mailboxes(parsed.reply_to(), AddressField::ReplyTo);
    let to = every(&parsed, HeaderName::To, AddressField::To, &mut mailboxes);
    let cc = every(&parsed, HeaderName::Cc, AddressField::Cc, &mut mailboxes);
    let bcc = every(&parsed, HeaderName::Bcc, AddressField::Bcc, &mut mailboxes);
    if !unaddressed.is_empty() {
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
    let mut delivery = fields.delivery();
    delivery.unaddressed = unaddressed;
    let domain = from.as_ref().map_or("", |from| from.addr.domain());
    delivery.build = Build::read(block, &fields, &parsed, raw_subject, domain);
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
            let body = Body::read(&parsed, raw_subject, allowance);
            text = body.text;
            defects.extend(body.defects);
            attachments = body.attachments;
            calendar_method = read_calendar_method(&parsed);
        }
    }
    identity::look(from.as_ref(), &reply_to, &mut defects);
    Message {
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
        labels: Vec::new(),
        sent: false,
        answered: false,
    }
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
    Message {
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
        labels: Vec::new(),
        sent: false,
        answered: false,
    }
}

/// All mailboxes of every field of one name.
fn every(
    parsed: &mail_parser::Message<'_>,
    name: HeaderName<'static>,
    field: AddressField,
    read: &mut dyn FnMut(Option<&Address<'_>>, AddressField) -> Vec<Mailbox>,
) -> Vec<Mailbox> {
    let mut out = Vec::new();
    for value in parsed.header_values(name) {
        if let HeaderValue::Address(address) = value {
            out.extend(read(Some(address), field));
        }
    }
    out.truncate(ADDRESSES);
    out
}

fn mailboxes(
    value: Option<&Address<'_>>,
    field: AddressField,
    unaddressed: &mut Vec<Unaddressed>,
) -> Vec<Mailbox> {
    let Some(value) = value else { return Vec::new() };
    let mut out = Vec::new();
    for one in value.iter().take(ADDRESSES) {
        let (name, address) = (one.name().unwrap_or_default(), one.address.as_deref().unwrap_or_default());
        if let Some(addr) = Addr::parse(address) {
            out.push(Mailbox { name: HeaderText::clean(name), addr });
            continue;
        }
        let text = Unaddressed::text(name, address);
        if unaddressed.len() < UNADDRESSED && !text.is_empty() {
            unaddressed.push(Unaddressed { field, text });
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
