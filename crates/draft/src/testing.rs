//! Small texts as messages, asks and passages, for the tests of this crate.

use jiff::Zoned;
use jiff::tz::TimeZone;
use postil_evidence::{
    Addr, Anchor, Audience, ContentHash, HeaderText, Label, Mailbox, MessageKey, NotePath, Parties, PartyId,
    Passage, Recipients, Source, Span, Trust,
};
use postil_mail::{DeliveryHeaders, Message, MsgId, Thread};
use postil_understand::{Addressee, Ask, AskKind, Confidence, Owner, Reading, Reason, Verdict};

use crate::brief::{AskBrief, Brief, BriefParts, Evidence, SenderCheck, Style};
use crate::recipients::{ReplyMode, reply_to};

pub(crate) fn addr(text: &str) -> Addr {
    Addr::parse(text).unwrap()
}

/// "Maya Okafor <maya@northwind.example>"
pub(crate) fn mailbox(text: &str) -> Mailbox {
    match text.rsplit_once(" <") {
        Some((name, rest)) => {
            Mailbox { name: HeaderText::clean(name), addr: addr(rest.trim_end_matches('>')) }
        }
        None => Mailbox { name: HeaderText::default(), addr: addr(text) },
    }
}

pub(crate) fn label(audience: Audience, trust: Trust) -> Label {
    Label { audience, trust, why: String::new() }
}

pub(crate) fn passage(text: &str, path: &str, date: Option<&str>) -> Passage {
    Passage {
        source: Source::Note(NotePath::parse(path).unwrap()),
        span: Span::new(0, text.len()),
        line: 7,
        text: text.to_owned(),
        title: path.rsplit('/').next().unwrap().trim_end_matches(".md").to_owned(),
        headings: Vec::new(),
        anchor: Some(Anchor::Block("d1".to_owned())),
        date: date.map(|date| date.parse().unwrap()),
        people: Vec::new(),
        links: Vec::new(),
        label: label(Audience::Public, Trust::Own),
    }
}

pub(crate) fn owner() -> Owner {
    Owner {
        name: "Sam Rivera".to_owned(),
        names: vec!["Sam".to_owned()],
        addrs: vec![addr("sam@halyard.example")],
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    }
}

pub(crate) fn parties() -> Parties {
    let domains = [
        ("northwind.example", "northwind"),
        ("brightwater.example", "brightwater"),
        ("tessel.example", "tessel"),
        ("pinecrest.example", "pinecrest"),
    ];
    Parties {
        own_domains: ["halyard.example".to_owned()].into(),
        domains: domains
            .into_iter()
            .map(|(domain, party)| (domain.to_owned(), PartyId::new(party)))
            .collect(),
        ..Parties::default()
    }
}

pub(crate) fn message(from: &str, subject: &str, text: &str) -> Message {
    let key = MessageKey(ContentHash::of_parts(&[from.as_bytes(), subject.as_bytes(), text.as_bytes()]));
    Message {
        key,
        message_id: MsgId::parse("<a.1@mail.example>"),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        from: Some(mailbox(from)),
        sender: None,
        reply_to: Vec::new(),
        to: vec![mailbox("Sam Rivera <sam@halyard.example>")],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: HeaderText::clean(subject),
        date: Some("2026-11-20T16:04:26+01:00[Europe/Berlin]".parse::<Zoned>().unwrap()),
        delivery: DeliveryHeaders::default(),
        text: text.to_owned(),
        zones: Vec::new(),
        attachments: Vec::new(),
        calendar_method: None,
        defects: Vec::new(),
        size: text.len(),
        labels: Vec::new(),
        sent: false,
        answered: false,
    }
}

/// One ask of a test: its words in the mail, what is to be done, and the notes that bear on it, each
/// as "path @ date: text".
pub(crate) struct TestAsk<'t> {
    pub(crate) kind: AskKind,
    pub(crate) text: &'t str,
    pub(crate) matter: &'t str,
    pub(crate) due: Option<&'t str>,
    pub(crate) notes: &'t [(&'t str, &'t str)],
}

pub(crate) fn ask(kind: AskKind, message: &Message, text: &str, matter: &str, due: Option<&str>) -> Ask {
    let start = message.text.find(text).unwrap_or(0);
    let stops = [
        "the", "did", "does", "we", "you", "for", "and", "what", "which", "when", "how", "long", "could",
        "send", "our", "your", "are", "is", "agree", "with", "who", "from", "about", "will", "der", "die",
        "wie", "oft",
    ];
    let keywords = matter
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| word.len() > 2 && !stops.contains(&word.to_lowercase().as_str()))
        .map(str::to_owned)
        .collect();
    Ask {
        message: message.key,
        span: Span::new(start, start + text.len()),
        text: text.to_owned(),
        kind,
        addressee: Addressee::Owner,
        due: due.map(|due| due.parse().unwrap()),
        open: true,
        confidence: Confidence::High,
        reason: "test".to_owned(),
        matter: matter.to_owned(),
        keywords,
    }
}

pub(crate) fn reading(message: &Message, language: &str) -> Reading {
    Reading {
        verdict: Verdict::Reply,
        confidence: Confidence::High,
        reasons: vec![Reason {
            kind: "Contains question".to_owned(),
            text: message.text.lines().last().unwrap_or_default().to_owned(),
            message: Some(message.key),
        }],
        answers: Some(message.key),
        since: message.date.clone(),
        asks: Vec::new(),
        dates: Vec::new(),
        promises: Vec::new(),
        mentions: Vec::new(),
        topics: Vec::new(),
        language: Some(language.to_owned()),
        subject: message.subject.clone(),
    }
}

pub(crate) fn now() -> Zoned {
    "2026-11-23T08:30:00+01:00[Europe/Berlin]".parse().unwrap()
}

/// A brief that answers `message` alone.
pub(crate) fn brief(message: &Message, reading: &Reading, asks: Vec<(Ask, Vec<Passage>)>) -> Brief {
    let reply_to = reply_to(message, &owner(), &parties(), ReplyMode::All);
    let recipients =
        Recipients::resolve(reply_to.to.iter().chain(&reply_to.cc).map(|mailbox| &mailbox.addr), &parties());
    let asks = asks
        .into_iter()
        .map(|(ask, passages)| AskBrief {
            ask,
            evidence: passages
                .into_iter()
                .map(|passage| Evidence {
                    passage: recipients.clear(passage).unwrap(),
                    score: 1.0,
                    reasons: Vec::new(),
                })
                .collect(),
            conflict: false,
        })
        .collect();
    let thread = Thread { messages: vec![message.clone()], parents: vec![None], ..Thread::default() };
    Brief::new(BriefParts {
        thread: &thread,
        answering: 0,
        reading,
        recipients,
        reply_to,
        asks,
        context: Vec::new(),
        owner: &owner(),
        style: Style { signature: "Sam".to_owned(), ..Style::default() },
        sender: SenderCheck::default(),
        now: now(),
    })
    .unwrap()
}

/// The brief of a mail with some asks.
pub(crate) fn brief_of(from: &str, language: &str, text: &str, asks: &[TestAsk<'_>]) -> Brief {
    let message = message(from, "Retention terms", text);
    let reading = reading(&message, language);
    let asks = asks
        .iter()
        .map(|test| {
            let passages = test
                .notes
                .iter()
                .map(|(place, text)| match place.split_once(" @ ") {
                    Some((path, date)) => passage(text, path, Some(date)),
                    None => passage(text, place, None),
                })
                .collect();
            (ask(test.kind, &message, test.text, test.matter, test.due), passages)
        })
        .collect();
    brief(&message, &reading, asks)
}
