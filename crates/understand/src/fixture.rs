//! Messages and threads written as text, for the tests of this crate.

use jiff::Zoned;
use jiff::tz::TimeZone;
use postil_evidence::label::{Audience, Label, Trust};
use postil_evidence::{
    Addr, ContentHash, Entity, EntityKind, HeaderText, Mailbox, MessageKey, NotePath, Span,
};
use postil_mail::message::{DeliveryHeaders, Message, MsgId, Zone, ZoneKind};
use postil_mail::thread::Thread;

use crate::reading::Owner;

/// Friday 20 November 2026, 10:00 in Berlin.
pub(crate) fn now() -> Zoned {
    "2026-11-20T10:00:00+01:00[Europe/Berlin]".parse().unwrap()
}

/// Sam Rivers of Halyard.
pub(crate) fn owner() -> Owner {
    Owner {
        name: "Sam Rivers".to_owned(),
        names: vec!["Sam".to_owned()],
        addrs: vec![Addr::parse("sam@halyard.example").unwrap()],
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    }
}

/// Somebody of the directory, with one address.
pub(crate) fn person(name: &str, addr: &str) -> Entity {
    Entity {
        kind: EntityKind::Person,
        home: NotePath::parse(&format!("People/{name}.md")).unwrap(),
        name: name.to_owned(),
        aliases: Vec::new(),
        addrs: Addr::parse(addr).into_iter().collect(),
        domains: Vec::new(),
        organisation: None,
        role: None,
        label: Label { audience: Audience::Internal, trust: Trust::Own, why: String::new() },
    }
}

fn mailbox(raw: &str) -> Mailbox {
    match raw.split_once('<') {
        Some((name, addr)) => {
            Mailbox { name: HeaderText::clean(name), addr: Addr::parse(addr.trim_end_matches('>')).unwrap() }
        }
        None => Mailbox { name: HeaderText::default(), addr: Addr::parse(raw).unwrap() },
    }
}

/// A message of 20 November 2026, its zones by a line's first characters: `>` quotes, a line that
/// ends in "wrote:" is a marker, `--` begins a signature, "Hi …," and the like are salutations.
pub(crate) fn mail(from: &str, to: &str, text: &str) -> Message {
    let mut zones: Vec<Zone> = Vec::new();
    let mut at = 0;
    let mut signature = false;
    for line in text.split_inclusive('\n') {
        signature |= line.trim_end() == "--";
        let kind = if signature {
            ZoneKind::PersonalSignature
        } else if line.starts_with('>') {
            ZoneKind::Quotation
        } else if line.trim_end().ends_with("wrote:") {
            ZoneKind::QuotationMarker
        } else if line.trim().is_empty() {
            ZoneKind::Empty
        } else if line.starts_with("Hi ") && line.trim_end().ends_with(',') {
            ZoneKind::Salutation
        } else {
            ZoneKind::Paragraph
        };
        let span = Span::new(at, at + line.len());
        at += line.len();
        match zones.last_mut() {
            Some(last) if last.kind == kind => last.span.end = span.end,
            Some(_) | None => zones.push(Zone { span, kind }),
        }
    }
    Message {
        key: MessageKey(ContentHash::of(format!("{from}{to}{text}").as_bytes())),
        message_id: MsgId::parse("<a@x.example>"),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: Some(mailbox(from)),
        sender: None,
        reply_to: Vec::new(),
        to: to.split(',').map(|raw| mailbox(raw.trim())).collect(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: HeaderText::clean("Re: Retention terms"),
        date: Some(now()),
        delivery: DeliveryHeaders::default(),
        text: text.to_owned(),
        zones,
        attachments: Vec::new(),
        calendar_method: None,
        defects: Vec::new(),
        size: text.len(),
        labels: Vec::new(),
        sent: false,
        answered: false,
    }
}

/// The message with these people in copy.
pub(crate) fn with_cc(mut message: Message, cc: &str) -> Message {
    message.cc = cc.split(',').map(|raw| mailbox(raw.trim())).collect();
    message
}

/// The messages as one thread, oldest first.
pub(crate) fn thread(messages: Vec<Message>) -> Thread {
    let parents = (0..messages.len()).map(|at| at.checked_sub(1)).collect();
    Thread { messages, parents, ..Thread::default() }
}
