//! What must hold for a reply to any mail: shared by the fuzz target and the tests.

use std::collections::BTreeSet;

use mailparse::{MailAddr, MailHeaderMap};
use postil_evidence::{Addr, HeaderText, Mailbox};
use postil_mail::subject::reply_subject;
use postil_mail::{Message, MsgId, parse_message};
use postil_post::{PostError, ReplyHeaders, reply_references};

/// The fields a reply may have, in their order.
const FIELDS: [&str; 11] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// Any bytes as the values of the header fields of a mail, cut at 0xFE; its reply is built and read.
pub(crate) fn reply_to_headers(data: &[u8]) {
    const NAMES: [&str; 9] = [
        "From",
        "Subject",
        "Message-ID",
        "References",
        "In-Reply-To",
        "Reply-To",
        "To",
        "Cc",
        "Content-Type",
    ];
    let mut raw = Vec::new();
    for (name, value) in NAMES.iter().zip(data.split(|byte| *byte == 0xfe)) {
        raw.extend_from_slice(name.as_bytes());
        raw.extend_from_slice(b": ");
        raw.extend_from_slice(value);
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(b"\r\nWhen?\r\n");
    reply_to(&raw);
}

/// Reads a mail, builds a reply to it and reads that with two other readers: nothing of the mail has
/// become a header. Whether a reply could be built at all.
pub(crate) fn reply_to(raw: &[u8]) -> bool {
    let message = parse_message(raw);
    let headers = reply_headers(&message);
    let body = format!("Thank you.\n\n{}", message.text);
    let bytes = match headers.write(&body) {
        Ok(bytes) => bytes,
        Err(PostError::NotAscii { .. } | PostError::NoRecipient) => return false,
        Err(error) => panic!("{error}"),
    };
    check_lines(&bytes);
    check_fields(&bytes, &headers);
    check_readers(&bytes, &headers);
    true
}

fn reply_headers(message: &Message) -> ReplyHeaders {
    let me = Addr::parse("sam@halyard.example").unwrap();
    let from: Vec<Mailbox> = message.from.iter().cloned().collect();
    let to = if message.reply_to.is_empty() { from } else { message.reply_to.clone() };
    let everyone = message.to.iter().chain(&message.cc).filter(|other| other.addr != me);
    ReplyHeaders {
        from: Mailbox { name: HeaderText::clean("Sam Rivera"), addr: me.clone() },
        to,
        cc: everyone.cloned().collect(),
        subject: HeaderText::clean(&reply_subject(message.subject.as_str())),
        date: "2026-11-23T09:30:00+01:00[+01:00]".parse().unwrap(),
        message_id: MsgId::parse("<new@halyard.example>").unwrap(),
        in_reply_to: message.message_id.clone(),
        references: reply_references(&message.references, &message.in_reply_to, message.message_id.as_ref()),
    }
}

/// CR and LF stand in pairs only, nothing is outside ASCII, no line is over 998 bytes.
fn check_lines(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)), "{line:?}");
        assert!(line.len() <= 998, "{} bytes", line.len());
    }
}

/// The fields are those that were meant, each once, in order.
fn check_fields(bytes: &[u8], headers: &ReplyHeaders) {
    let text = std::str::from_utf8(bytes).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    let found: Vec<&str> = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap_or_else(|| panic!("no field: {line:?}")).0)
        .collect();
    let meant = |name: &&&str| match **name {
        "To" => !headers.to.is_empty(),
        "Cc" => !headers.cc.is_empty(),
        "In-Reply-To" => headers.in_reply_to.is_some(),
        "References" => !headers.references.is_empty(),
        _ => true,
    };
    assert_eq!(found, FIELDS.iter().filter(meant).copied().collect::<Vec<_>>());
}

/// Two readers that know nothing of ours see the same fields, people and ids.
fn check_readers(bytes: &[u8], headers: &ReplyHeaders) {
    let people = |list: &[Mailbox]| list.iter().map(|m| m.addr.to_string()).collect::<Vec<_>>();
    let read = mailparse::parse_mail(bytes).unwrap();
    let names: BTreeSet<String> = read.headers.iter().map(|header| header.get_key()).collect();
    assert!(names.iter().all(|name| FIELDS.contains(&name.as_str())), "{names:?}");
    for (name, meant) in [("To", &headers.to), ("Cc", &headers.cc)] {
        let Some(header) = read.headers.get_first_header(name) else {
            assert!(meant.is_empty());
            continue;
        };
        let list = mailparse::addrparse_header(header).unwrap();
        let found: Vec<String> = list
            .iter()
            .map(|addr| match addr {
                MailAddr::Single(single) => single.addr.clone(),
                MailAddr::Group(group) => panic!("a group: {group:?}"),
            })
            .collect();
        assert_eq!(found, people(meant), "{name}");
    }
    let other = mail_parser::MessageParser::default().parse(bytes).unwrap();
    assert_eq!(other.headers().len(), read.headers.len());
    assert!(other.bcc().is_none());
    let seen = |address: Option<&mail_parser::Address<'_>>| -> Vec<String> {
        let list = address.into_iter().flat_map(|address| address.iter());
        list.filter_map(|one| one.address().map(str::to_owned)).collect()
    };
    assert_eq!(seen(other.to()), people(&headers.to));
    assert_eq!(seen(other.cc()), people(&headers.cc));
    assert_eq!(other.subject().unwrap_or_default(), headers.subject.as_str());
    assert_eq!(other.message_id(), Some("new@halyard.example"));
    assert_eq!(other.in_reply_to().as_text(), headers.in_reply_to.as_ref().map(MsgId::as_str));
}
