//! Outlook's `.msg` files: a message as properties in a small file system, written out as the mail that
//! it holds. Reads bytes that are in memory; never panics, takes nothing for a path.
//!
//! What comes out goes through the one border like every mail: nothing is cleaned or judged here. The
//! header that the message came with is kept where the file has it, without the fields of the MIME
//! body, which is gone; fields that are missing are made from the properties.
//!
//! # Source
//! MS-OXMSG (the file), MS-OXPROPS (the properties by number), MS-OXCMAIL 2.1 and 2.2 (which header
//! field is which property).

mod codepage;
mod compound;
mod item;
mod mime;
mod rtf;

use std::collections::HashMap;

use jiff::Timestamp;
use postil_evidence::{Addr, ContentHash};

use crate::limits;
use compound::Compound;
pub(crate) use compound::MAGIC;
use item::{ATTACHMENT, Holder, INTERNET_CODEPAGE, Item, RECIPIENT};
use mime::{File, Part};

/// How deep messages inside messages are written out; those below are listed without content.
const EMBEDDED: usize = 8;

/// The numbers of the properties that are read.
///
/// # Source
/// MS-OXPROPS section 2.
mod property {
    pub(super) const IMPORTANCE: u16 = 0x0017;
    pub(super) const MESSAGE_CLASS: u16 = 0x001a;
    pub(super) const SUBJECT: u16 = 0x0037;
    pub(super) const SUBMITTED: u16 = 0x0039;
    pub(super) const START: u16 = 0x0060;
    pub(super) const END: u16 = 0x0061;
    pub(super) const REPRESENTED: [u16; 4] = [0x0042, 0x5d02, 0x0065, 0x0064];
    pub(super) const REPLY_NAMES: u16 = 0x0050;
    pub(super) const TRANSPORT_HEADER: u16 = 0x007d;
    pub(super) const RECIPIENT_KIND: u16 = 0x0c15;
    pub(super) const SENDER: [u16; 4] = [0x0c1a, 0x5d01, 0x0c1f, 0x0c1e];
    pub(super) const SHOWN: [(u16, &str); 3] = [(0x0e04, "To"), (0x0e03, "Cc"), (0x0e02, "Bcc")];
    pub(super) const DELIVERED: u16 = 0x0e06;
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const BODY_RTF: u16 = 0x1009;
    pub(super) const BODY_HTML: u16 = 0x1013;
    pub(super) const MESSAGE_ID: u16 = 0x1035;
    pub(super) const REFERENCES: u16 = 0x1039;
    pub(super) const IN_REPLY_TO: u16 = 0x1042;
    pub(super) const UNSUBSCRIBE: u16 = 0x1045;
    pub(super) const RECIPIENT: [u16; 4] = [0x3001, 0x39fe, 0x3003, 0x3002];
    pub(super) const CREATED: u16 = 0x3007;
    pub(super) const ATTACHED: u16 = 0x3701;
    pub(super) const ATTACH_METHOD: u16 = 0x3705;
    pub(super) const FILE_NAMES: [u16; 3] = [0x3707, 0x3704, 0x3001];
    pub(super) const MEDIA_TYPE: u16 = 0x370e;
    pub(super) const SUPPRESS: u16 = 0x3fdf;
    pub(super) const CONTENT_ID: u16 = 0x3712;
    pub(super) const ATTACH_FLAGS: u16 = 0x3714;
    pub(super) const IS_HIDDEN: u16 = 0x7ffe;
    /// Address and SMTP address of: creator, last modifier, receiver, whom that one stands for, sender, whom
    /// that one stands for.
    pub(super) const SAME_PERSON: [(u16, u16); 6] = [
        (0x4023, 0x5d0a),
        (0x4025, 0x5d0b),
        (0x0076, 0x5d07),
        (0x0078, 0x5d08),
        (0x0c1f, 0x5d01),
        (0x0065, 0x5d02),
    ];
}

/// Why a file is no mail of Outlook's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMail {
    /// It is no compound file, or one without a directory.
    #[error("it is no file of Outlook's")]
    NotCompound,
    /// It holds something else than properties: an old Word file, say.
    #[error("it holds no message")]
    NoMessage,
    /// It holds an appointment, a contact, a task or a note.
    #[error("it holds no mail but an item of class {0:?}")]
    OtherItem(String),
}

/// Whether bytes begin like a file of Outlook's, or any other compound file.
#[must_use]
pub fn begins_like_outlook(head: &[u8]) -> bool {
    head.starts_with(&MAGIC)
}

/// The mail that a file holds, in RFC 822's form. The same bytes always give the same mail. Damage inside the
/// file is passed over; what is not there is left out.
///
/// # Errors
/// Where the bytes are no such file, or hold no mail.
pub fn to_rfc822(bytes: &[u8]) -> Result<Vec<u8>, NotMail> {
    let compound = Compound::open(bytes).ok_or(NotMail::NotCompound)?;
    let item = mail_in(&compound)?;
    let (mut out, body) = message(&item, EMBEDDED);
    let boundary = format!("=_{}", ContentHash::of(bytes));
    mime::write_part(&mut out, body, &boundary, &mut 0, limits::MESSAGE);
    Ok(out.into_bytes())
}

/// Whether a file holds a mail.
///
/// # Errors
/// As [`to_rfc822`].
pub fn check(bytes: &[u8]) -> Result<(), NotMail> {
    let compound = Compound::open(bytes).ok_or(NotMail::NotCompound)?;
    mail_in(&compound).map(|_| ())
}

/// The message of a file, where it is mail. A meeting request is: it was sent, and has a text.
///
/// # Source
/// MS-OXCMSG 2.2.1.3 and the classes of MS-OXOCAL, MS-OXOCNTC, MS-OXOTASK, MS-OXONOTE, MS-OXOJRNL.
fn mail_in<'c>(compound: &'c Compound<'c>) -> Result<Item<'c>, NotMail> {
    let item = Item::open(compound, compound.root(), Holder::Message).ok_or(NotMail::NoMessage)?;
    let class = item.text(property::MESSAGE_CLASS).unwrap_or_default();
    let name = class.to_ascii_lowercase();
    let others = ["appointment", "contact", "distlist", "task", "stickynote", "activity"];
    let is_other = others.iter().any(|other| {
        let rest = name.strip_prefix("ipm.").and_then(|name| name.strip_prefix(other));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    if is_other { Err(NotMail::OtherItem(class)) } else { Ok(item) }
}

/// The header of a message, ready but for the fields of its body, and the body.
fn message(item: &Item<'_>, depth: usize) -> (String, Part) {
    let mut header = header(item);
    header.push_str("MIME-Version: 1.0\r\n");
    let (inline, attached): (Vec<Part>, Vec<Part>) = item
        .parts(ATTACHMENT)
        .map(|attachment| attached(&attachment, depth))
        .partition(|part| matches!(part, Part::File(file) if file.is_inline));
    let body = together("alternative", texts(item).into_iter().chain(meeting(item)).collect());
    let body = together("related", std::iter::once(body).chain(inline).collect());
    (header, together("mixed", std::iter::once(body).chain(attached).collect()))
}

/// Several parts as one; one part as it is.
fn together(kind: &'static str, mut parts: Vec<Part>) -> Part {
    match parts.len() {
        0 => Part::Text("plain", String::new()),
        1 => parts.swap_remove(0),
        _ => Part::Several(kind, parts),
    }
}

/// The text of a message, in each form that there is, the plain one first. HTML that stands only inside
/// RTF is taken out of it; the words of RTF alone count where there are no others.
fn texts(item: &Item<'_>) -> Vec<Part> {
    let says = |text: &String| text.chars().any(|c| !c.is_whitespace());
    let mut plain = item.text(property::BODY).filter(says);
    let in_page = |bytes: Vec<u8>| codepage::decoded(&bytes, item.number(INTERNET_CODEPAGE));
    let mut html = item.binary(property::BODY_HTML).map(in_page).or_else(|| item.text(property::BODY_HTML));
    if html.as_ref().is_none_or(|html| !says(html)) {
        html = None;
        match item.binary(property::BODY_RTF).and_then(|packed| rtf::content(&packed)) {
            Some(rtf::Content::Html(text)) => html = Some(text).filter(says),
            Some(rtf::Content::Text(text)) => plain = plain.or(Some(text)).filter(says),
            None => {}
        }
    }
    plain
        .map(|text| Part::Text("plain", text))
        .into_iter()
        .chain(html.map(|text| Part::Text("html", text)))
        .collect()
}

/// What a meeting request, its answer or its cancelling says to a calendar; `None` for other mail. The place
/// of the meeting is not read.
///
/// # Source
/// MS-OXCICAL 2.1.3.1.1.1 (which class is which METHOD); MS-OXOCAL 2.2.1.30 and 2.2.1.31 (start, end).
fn meeting(item: &Item<'_>) -> Option<Part> {
    let class = item.text(property::MESSAGE_CLASS)?.to_ascii_lowercase();
    let (kind, method) = match class.strip_prefix("ipm.schedule.meeting.")?.split('.').next()? {
        "request" => ("calendar; method=REQUEST", "REQUEST"),
        "canceled" => ("calendar; method=CANCEL", "CANCEL"),
        "resp" => ("calendar; method=REPLY", "REPLY"),
        _ => return None,
    };
    let mut out = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n");
    for (name, id) in [("DTSTART", property::START), ("DTEND", property::END)] {
        if let Some(time) = item.time(id).and_then(|time| Timestamp::from_second(time).ok()) {
            out.push_str(&format!("{name}:{}\r\n", time.strftime("%Y%m%dT%H%M%SZ")));
        }
    }
    let subject = item.text(property::SUBJECT).unwrap_or_default();
    let subject: String = subject.chars().filter(|c| !c.is_control()).take(1_000).collect();
    let subject = subject.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    out.push_str(&format!("SUMMARY:{subject}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
    Some(Part::Text(kind, out))
}

/// One attachment.
///
/// # Source
/// MS-OXCMSG 2.2.2.9: 1 is by value, 5 a message; the others are links and objects of other programs,
/// which are listed and neither followed nor read.
fn attached(item: &Item<'_>, depth: usize) -> Part {
    const BY_VALUE: u32 = 1;
    const MESSAGE: u32 = 5;
    /// `attRenderedInBody`: the HTML shows it.
    const IN_BODY: u32 = 4;
    let method = item.number(property::ATTACH_METHOD).unwrap_or(BY_VALUE);
    if method == MESSAGE
        && let Some(depth) = depth.checked_sub(1)
        && let Some(embedded) = item.embedded(property::ATTACHED)
    {
        let (header, body) = message(&embedded, depth);
        return Part::Message(header, Box::new(body));
    }
    let bytes = if method == BY_VALUE { item.binary(property::ATTACHED) } else { None };
    let media_type = item.text(property::MEDIA_TYPE);
    let content_id = item.text(property::CONTENT_ID);
    let is_shown = item.is_set(property::IS_HIDDEN)
        || item.number(property::ATTACH_FLAGS).is_some_and(|flags| flags & IN_BODY != 0);
    // Inline text would be read as part of the message's own.
    let is_picture = media_type
        .as_deref()
        .is_some_and(|name| name.get(..6).is_some_and(|n| n.eq_ignore_ascii_case("image/")));
    Part::File(File {
        name: property::FILE_NAMES.iter().find_map(|id| item.text(*id)).unwrap_or_default(),
        is_inline: is_shown && is_picture && content_id.is_some(),
        media_type,
        content_id,
        bytes: bytes.unwrap_or_default(),
    })
}

/// The header: what the message came with, and what is missing there.
fn header(item: &Item<'_>) -> String {
    let mut out = String::new();
    let mut given: Vec<String> = Vec::new();
    if let Some(fields) = item.text(property::TRANSPORT_HEADER) {
        mime::given_fields(&mut out, &fields, |name| {
            let is_kept = !name.starts_with("content-") && name != "mime-version";
            if is_kept {
                given.push(name.to_owned());
            }
            is_kept
        });
    }
    let lacks = |name: &str| !given.iter().any(|given| given.eq_ignore_ascii_case(name));

    let internal = internal_addresses(item);
    let sender = person(item, property::SENDER, &internal);
    let represented = person(item, property::REPRESENTED, &internal);
    let from = match (&represented, &sender) {
        // The same person, told once with an address and once without.
        (Some((name, None)), Some((other, Some(_)))) if name == other => &sender,
        (Some(_), _) => &represented,
        (None, _) => &sender,
    };
    if lacks("from") {
        mime::address_field(&mut out, "From", from.as_slice());
        let is_other = |sender: &&(String, Option<Addr>)| {
            sender.1.is_some() && from.as_ref().is_some_and(|from| from.1 != sender.1)
        };
        let other = sender.as_ref().filter(is_other).cloned();
        if lacks("sender") {
            mime::address_field(&mut out, "Sender", other.as_slice());
        }
        if lacks("reply-to") {
            let names = item.text(property::REPLY_NAMES).unwrap_or_default();
            let addresses = names.split(';').filter_map(|name| Addr::parse(name.trim()));
            let reply_to: Vec<_> = addresses.map(|addr| (String::new(), Some(addr))).collect();
            mime::address_field(&mut out, "Reply-To", &reply_to);
        }
    }
    recipients(item, &internal, &mut out, lacks);

    if lacks("subject") {
        mime::text_field(&mut out, "Subject", &item.text(property::SUBJECT).unwrap_or_default());
    }
    let ids = [
        ("Message-ID", property::MESSAGE_ID),
        ("In-Reply-To", property::IN_REPLY_TO),
        ("References", property::REFERENCES),
    ];
    for (name, id) in ids {
        if lacks(name) {
            mime::ids_field(&mut out, name, &item.text(id).unwrap_or_default());
        }
    }
    if lacks("date") {
        let times = [property::SUBMITTED, property::DELIVERED, property::CREATED];
        let time = times.iter().find_map(|id| Timestamp::from_second(item.time(*id)?).ok());
        if let Some(time) = time {
            mime::text_field(&mut out, "Date", &time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string());
        }
    }
    if lacks("importance") && lacks("x-priority") && item.number(property::IMPORTANCE) == Some(2) {
        mime::text_field(&mut out, "Importance", "high");
    }
    if lacks("list-unsubscribe") {
        mime::text_field(&mut out, "List-Unsubscribe", &item.text(property::UNSUBSCRIBE).unwrap_or_default());
    }
    if lacks("x-auto-response-suppress") && item.number(property::SUPPRESS).is_some_and(|bits| bits != 0) {
        mime::text_field(&mut out, "X-Auto-Response-Suppress", "All");
    }
    let class = item.text(property::MESSAGE_CLASS).unwrap_or_default().to_ascii_lowercase();
    if lacks("auto-submitted") {
        // Reports and the answers of an absence rule are made by a program, whoever they name as sender.
        if class.starts_with("report.") {
            mime::text_field(&mut out, "Auto-Submitted", "auto-generated");
        } else if class.starts_with("ipm.note.rules.ooftemplate") {
            mime::text_field(&mut out, "Auto-Submitted", "auto-replied");
        }
    }
    out
}

/// Writes the fields of recipients that are missing.
///
/// # Source
/// MS-OXOMSG 2.2.3.1: 1 is To, 2 Cc, 3 Bcc; the upper bits are flags.
fn recipients(
    item: &Item<'_>,
    internal: &HashMap<String, Addr>,
    out: &mut String,
    lacks: impl Fn(&str) -> bool,
) {
    let mut people: [Vec<(String, Option<Addr>)>; 3] = [const { Vec::new() }; 3];
    for recipient in item.parts(RECIPIENT) {
        let kind = recipient.number(property::RECIPIENT_KIND).unwrap_or(1) & 0xf;
        let list = usize::try_from(kind).ok().and_then(|kind| people.get_mut(kind.checked_sub(1)?));
        if let (Some(list), Some((name, addr))) = (list, person(&recipient, property::RECIPIENT, internal)) {
            // What was typed and never looked up has its address for a name.
            let addr = addr.or_else(|| Addr::parse(name.trim()));
            list.push((name, addr));
        }
    }
    let has_any = people.iter().any(|list| !list.is_empty());
    for (mut list, (shown, name)) in people.into_iter().zip(property::SHOWN) {
        if !lacks(name) {
            continue;
        }
        if !has_any {
            // Names alone are left of a message whose recipients are not in the file.
            let names = item.text(shown).unwrap_or_default();
            let named = names.split(';').map(str::trim).filter(|name| !name.is_empty());
            list = named.map(|name| (name.to_owned(), Addr::parse(name))).collect();
        }
        mime::address_field(out, name, &list);
    }
}

/// A person: name and address, from four properties (name, SMTP address, address, kind of address). An address
/// inside an Exchange server ("/O=…") is none that mail can be sent to; `internal` says whose it is where
/// the file does.
fn person(
    item: &Item<'_>,
    [name, smtp, address, kind]: [u16; 4],
    internal: &HashMap<String, Addr>,
) -> Option<(String, Option<Addr>)> {
    let is_internal = item.text(kind).is_some_and(|kind| kind.eq_ignore_ascii_case("EX"));
    let by_address = |address: String| {
        let address = address.trim();
        if is_internal { internal.get(&address.to_lowercase()).cloned() } else { Addr::parse(address) }
    };
    let addr = item
        .text(smtp)
        .and_then(|text| Addr::parse(text.trim()))
        .or_else(|| item.text(address).and_then(by_address));
    let name = item.text(name).unwrap_or_default();
    (addr.is_some() || !name.trim().is_empty()).then_some((name, addr))
}

/// Addresses inside an Exchange server, lower case, with the mail address that the file gives for the same
/// person in another place: a mail that was sent has it for its creator alone.
fn internal_addresses(item: &Item<'_>) -> HashMap<String, Addr> {
    let pair = |(address, smtp)| {
        let address = item.text(address)?.trim().to_lowercase();
        Some((address, Addr::parse(item.text(smtp)?.trim())?))
    };
    let mut out = HashMap::new();
    for (address, addr) in property::SAME_PERSON.into_iter().filter_map(pair) {
        out.entry(address).or_insert(addr);
    }
    out
}
