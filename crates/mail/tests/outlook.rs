//! Outlook's files: what they hold comes out as mail, and damage costs nothing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "stores are made in a folder of their own")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use postil_mail::outlook::{NotMail, to_rfc822};
use postil_mail::store::{Format, Known, Mark, Place, load_with_raw, scan};
use postil_mail::{Defect, Message, StoreKind, StoreSpec, parse_message};

#[expect(dead_code, reason = "each test asks for some of its functions")]
mod held;
mod msg;

use msg::{Msg, Value, packed_rtf};

fn read(file: &Msg) -> Message {
    let mail = to_rfc822(&file.bytes()).unwrap();
    let message = parse_message(&mail);
    held::whole(&message);
    message
}

/// The people of a field as one text.
fn people<'m>(list: impl IntoIterator<Item = &'m postil_evidence::Mailbox>) -> String {
    list.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[test]
fn an_ordinary_mail_is_read_whole() {
    let file = Msg::mail()
        .text(0x1000, "Hi Sam,\r\n\r\nDid we agree on 12 or 24 months? \u{2013} grüße =20\r\n-- \r\nMaya\r\n")
        .text(0x1042, "<m0@us.example>")
        .text(0x1039, "<a@us.example> <m0@us.example>")
        .recipient(2, "Núria Pla", "nuria@northwind.example")
        .recipient(3, "", "archive@northwind.example")
        .file("rates 2026.csv", b"month,rate\n1,2\n")
        .file("Übersicht/..\r\n.pdf", b"%PDF-1.7\n");
    let message = read(&file);
    assert_eq!(message.subject.as_str(), "Retention of audit logs");
    assert_eq!(people(&message.from), "Maya Chen <maya@northwind.example>");
    assert_eq!(people(&message.to), "Sam Rivera <sam@us.example>");
    assert_eq!(people(&message.cc), "Núria Pla <nuria@northwind.example>");
    assert_eq!(people(&message.bcc), "archive@northwind.example");
    assert_eq!(message.date.unwrap().timestamp().to_string(), "2026-11-20T15:04:00Z");
    assert_eq!(message.message_id.unwrap().as_str(), "m1@northwind.example");
    assert_eq!(message.in_reply_to.len(), 1);
    assert_eq!(message.references.len(), 2);
    assert_eq!(message.text, "Hi Sam,\n\nDid we agree on 12 or 24 months? – grüße =20\n-- \nMaya\n");
    let parts: Vec<_> = message.attachments.iter().map(|part| (part.name.as_str(), part.size)).collect();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0], ("rates 2026.csv", 15));
    assert_eq!(parts[1].1, 9);
    assert!(parts[1].0.ends_with(".pdf") && !parts[1].0.contains('/'), "{parts:?}");
    assert_eq!(message.attachments[0].text, "month,rate\n1,2");
    assert_eq!(message.defects, [Defect::HostileName]);
    assert!(!message.delivery.build.veiled_text);
}

#[test]
fn a_header_that_is_there_counts_but_for_the_lost_body() {
    let header = "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b; Fri, 20 Nov 2026 15:04:02 +0000\r\nFrom: \"Ana Lima\" <ana@lima.example>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nList-Id: <list.lima.example>\r\nDate: Thu, 19 Nov 2026 10:00:00\r\n +0100\r\nContent-Type: multipart/mixed;\r\n boundary=\"x\"\r\nContent-Transfer-Encoding: base64\r\nMIME-Version: 1.0\r\n\r\n--x\r\nTo: nobody@lima.example\r\n";
    let message = read(&Msg::mail().text(0x007d, header).text(0x1000, "Short.\r\n--x\r\nstill text"));
    assert_eq!(people(&message.from), "Ana Lima <ana@lima.example>");
    assert_eq!(message.subject.as_str(), "Grüße");
    assert_eq!(message.date.as_ref().unwrap().to_string(), "2026-11-19T10:00:00+01:00[+01:00]");
    assert_eq!(message.delivery.list_id.as_ref().unwrap().as_str(), "<list.lima.example>");
    // What the header lacks comes from the properties.
    assert_eq!(people(&message.to), "Sam Rivera <sam@us.example>");
    assert_eq!(message.message_id.unwrap().as_str(), "m1@northwind.example");
    assert_eq!(message.text, "Short.\n--x\nstill text\n");
    assert!(message.attachments.is_empty());
}

#[test]
fn people_have_exact_addresses_or_none() {
    let exchange = "/O=NORTHWIND/OU=FIRST/CN=RECIPIENTS/CN=MAYA";
    let internal = Msg::mail().without(0x5d02).text(0x0064, "EX").text(0x0065, exchange);
    let message = read(&internal);
    assert!(message.from.is_none() && message.defects.contains(&Defect::NoSender));
    assert_eq!(message.delivery.unaddressed[0].text.as_str(), "Maya Chen");
    // Another property knows whose address that is.
    let known =
        internal.clone().text(0x4023, &exchange.to_lowercase()).text(0x5d0a, "maya@northwind.example");
    assert_eq!(people(&read(&known).from), "Maya Chen <maya@northwind.example>");
    // The sender's name is no address, whatever it says.
    let posed = Msg::mail().without(0x5d02).text(0x0042, "boss@us.example");
    assert!(read(&posed).from.is_none());

    let for_another =
        Msg::mail().text(0x0c1a, "Ben Ode").text(0x0c1e, "SMTP").text(0x0c1f, "ben@northwind.example");
    let message = read(&for_another);
    assert_eq!(people(&message.from), "Maya Chen <maya@northwind.example>");
    assert_eq!(people(&message.sender), "Ben Ode <ben@northwind.example>");
    assert!(read(&for_another.text(0x0c1f, "maya@northwind.example")).sender.is_none());

    let server = Msg::default().with(0x0c15, Value::Long(0x1000_0001)).text(0x3002, "EX");
    let message = read(
        &Msg::mail()
            .to(server
                .clone()
                .text(0x3001, "Kim, Robert")
                .text(0x3003, exchange)
                .text(0x39fe, "kim@us.example"))
            .to(server.clone().text(0x3001, "Lee").text(0x3003, "/o=x/cn=a@b.example"))
            .to(server.text(0x3001, "typed@us.example"))
            .recipient(0, "Maya", "originator@northwind.example"),
    );
    assert_eq!(
        people(&message.to),
        "Sam Rivera <sam@us.example>, Kim, Robert <kim@us.example>, typed@us.example"
    );
    let names: Vec<_> = message.delivery.unaddressed.iter().map(|who| who.text.as_str()).collect();
    assert_eq!(names, ["Lee"]);
}

#[test]
fn each_form_of_text_is_read() {
    let html = "<html><body><p>Did we agree on <b>24</b> months?</p></body></html>";
    let page = |charset: u32, bytes: &[u8]| {
        Msg::mail().with(0x3fde, Value::Long(charset)).with(0x1013, Value::Binary(bytes.to_vec()))
    };
    assert_eq!(read(&page(65_001, html.as_bytes())).text, "Did we agree on 24 months?\n");
    assert_eq!(read(&page(1_252, b"<p>Gr\xfc\xdfe</p>")).text, "Grüße\n");
    assert_eq!(read(&Msg::mail().text(0x1013, html)).text, "Did we agree on 24 months?\n");
    let inside =
        "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1{\\*\\htmltag64 <p>}Did we agree?{\\*\\htmltag72 </p>}}";
    let rtf = |text: &str| Msg::mail().with(0x1009, Value::Binary(packed_rtf(text)));
    let message = read(&rtf(inside));
    assert_eq!(message.text, "Did we agree?\n");
    assert!(message.delivery.build.html_only);
    // With the text that Outlook made beside it, the HTML still tells how the mail was built.
    let table =
        "{\\rtf1\\fromhtml1{\\*\\htmltag64 <table><tr><td>}Did we agree?{\\*\\htmltag72 </td></tr></table>}}";
    let both = read(&rtf(table).text(0x1000, "Did we agree?\r\n"));
    assert_eq!((both.text.as_str(), both.delivery.build.layout.tables), ("Did we agree?\n", 1));
    assert_eq!(read(&rtf("{\\rtf1\\ansi\\fromtext Hi,\\par did we?}")).text, "Hi,\ndid we?\n");
    assert_eq!(read(&rtf("{\\rtf1 words}").text(0x1000, "plain")).text, "plain\n");
    let eight = Msg::mail()
        .with(0x3ffd, Value::Long(1_251))
        .with(0x1000, Value::Bytes8(b"\xcf\xf0\xe8\xe2\xe5\xf2\r\n".to_vec()))
        .with(0x0037, Value::Bytes8(b"\xc4\xe0".to_vec()));
    let message = read(&eight);
    assert_eq!((message.text.as_str(), message.subject.as_str()), ("Привет\n", "Да"));
    assert_eq!(read(&Msg::mail()).text, "");
}

#[test]
fn messages_inside_and_pictures_are_attachments() {
    let mut inner = Msg::mail().text(0x0037, "innermost").text(0x1000, "deep words");
    for depth in 0..12 {
        inner = Msg::mail().text(0x0037, &format!("level {depth}")).text(0x1000, "carries").embed(inner);
    }
    let picture = Msg::default()
        .with(0x3705, Value::Long(1))
        .text(0x3704, "logo.png")
        .text(0x370e, "image/png")
        .text(0x3712, "logo@x.example")
        .with(0x7ffe, Value::Bool(true))
        .with(0x3701, Value::Binary(b"\x89PNG\r\n\x1a\nxyz".to_vec()));
    let link = Msg::default().with(0x3705, Value::Long(7)).text(0x3707, "plan.docx");
    let note = Msg::default()
        .with(0x3705, Value::Long(1))
        .text(0x3707, "note.txt")
        .text(0x370e, "text/plain")
        .with(0x7ffe, Value::Bool(true))
        .with(0x3701, Value::Binary(b"hidden note".to_vec()));
    let file = Msg::mail().text(0x1000, "See below.").embed(inner).attach(picture).attach(link).attach(note);
    let message = read(&file);
    assert_eq!(message.text, "See below.\n");
    let parts: Vec<_> = message
        .attachments
        .iter()
        .map(|part| (part.name.as_str(), part.content_type.as_str(), part.size > 0))
        .collect();
    assert_eq!(parts.len(), 4, "{parts:?}");
    for part in [
        ("", "message/rfc822", true),
        ("logo.png", "image/png", true),
        ("plan.docx", "application/octet-stream", false),
        ("note.txt", "text/plain", true),
    ] {
        assert!(parts.contains(&part), "{parts:?}");
    }
    let nested = message.attachments.iter().find(|part| part.content_type == "message/rfc822").unwrap();
    assert!(nested.text.contains("Subject: level 11") && nested.text.contains("carries"), "{}", nested.text);
    assert!(message.defects.is_empty(), "{:?}", message.defects);

    // A file of Outlook's that is attached to an ordinary mail is read as well.
    let carried = read(&Msg::mail().file("old.msg", &Msg::mail().text(0x1000, "found words").bytes()));
    assert!(carried.attachments[0].text.contains("found words"));
}

#[test]
fn no_property_reaches_another_field() {
    let bad = "x\r\nBcc: evil@x.example\r\n\r\nbody\0";
    let mut file = Msg::default().text(0x001a, "IPM.Note").text(0x1000, "text");
    for id in [0x0037, 0x0042, 0x5d02, 0x0065, 0x0c1a, 0x5d01, 0x0050, 0x0e04, 0x1035, 0x1039, 0x1042] {
        file = file.text(id, bad);
    }
    let part = Msg::default()
        .with(0x3705, Value::Long(1))
        .text(0x3707, bad)
        .text(0x370e, "image/png\r\nBcc: evil@x.example")
        .text(0x3712, bad)
        .with(0x3701, Value::Binary(b"x".to_vec()));
    let file =
        file.recipient(1, bad, bad).recipient(2, bad, "a@x.example\r\nBcc: evil@x.example").attach(part);
    let mail = String::from_utf8(to_rfc822(&file.bytes()).unwrap()).unwrap();
    assert!(!mail.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{mail}");
    let message = read(&file);
    assert!(message.bcc.is_empty() && message.from.is_none());
    assert_eq!(message.text, "text\n");
    assert!(message.defects.contains(&Defect::ControlInHeader));
    assert!(message.defects.contains(&Defect::HostileName));
}

#[test]
fn only_mail_is_mail() {
    for (class, is_mail) in [
        ("IPM.Note", true),
        ("IPM.Schedule.Meeting.Request", true),
        ("IPM.TaskRequest", true),
        ("REPORT.IPM.Note.NDR", true),
        ("IPM.Appointment", false),
        ("ipm.contact.custom", false),
        ("IPM.Task", false),
        ("IPM.StickyNote", false),
    ] {
        let read = to_rfc822(&Msg::mail().text(0x001a, class).bytes());
        assert_eq!(read.is_ok(), is_mail, "{class}");
    }
    let mass = read(&Msg::mail().text(0x1045, "<https://x.example/u>").with(0x3fdf, Value::Long(2)));
    assert!(mass.delivery.list_unsubscribe.is_some() && mass.delivery.auto_response.is_some());
    let report = read(&Msg::mail().text(0x001a, "REPORT.IPM.Note.NDR"));
    assert_eq!(report.delivery.auto_submitted.unwrap().as_str(), "auto-generated");
    assert_eq!(to_rfc822(b"From: a@x.example\n\nhi"), Err(NotMail::NotCompound));
    let empty = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    assert_eq!(to_rfc822(&empty.into_inner().into_inner()), Err(NotMail::NoMessage));
}

#[test]
fn a_meeting_request_is_an_invitation() {
    let request = Msg::mail()
        .text(0x001a, "IPM.Schedule.Meeting.Request")
        .text(0x0037, "Partner review, Q4")
        .text(0x1000, "Agenda to follow.")
        .with(0x0060, Value::Time(1_796_000_400))
        .with(0x0061, Value::Time(1_796_004_000));
    let message = read(&request);
    assert_eq!(message.calendar_method.as_deref(), Some("REQUEST"));
    assert_eq!(message.text, "Agenda to follow.\n");
    let event = &message.attachments[0].events[0];
    assert_eq!(event.summary.as_str(), "Partner review, Q4");
    assert!(event.start.is_some() && event.end.is_some());
    for (class, method) in [
        ("IPM.Schedule.Meeting.Canceled", Some("CANCEL")),
        ("IPM.Schedule.Meeting.Resp.Pos", Some("REPLY")),
        ("IPM.Schedule.Meeting.Notification.Forward", None),
        ("IPM.Note", None),
    ] {
        let message = read(&request.clone().text(0x001a, class));
        assert_eq!(message.calendar_method.as_deref(), method, "{class}");
    }
}

/// What is remembered between scans.
#[derive(Default)]
struct Memory(Vec<(std::path::PathBuf, Mark)>, Vec<Place>);

impl Known for Memory {
    fn mark(&self, container: &Path) -> Option<Mark> {
        self.0.iter().find(|(path, _)| path == container).map(|(_, mark)| *mark)
    }

    fn places(&self, _container: &Path) -> Vec<Place> {
        self.1.clone()
    }
}

#[test]
fn a_folder_holds_both_kinds_of_files() {
    let dir = tempfile::tempdir().unwrap();
    let file = Msg::mail().text(0x1000, "Hi").bytes();
    let empty = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in [
        ("one.msg", file.as_slice()),
        ("two", &Msg::mail().text(0x1035, "<m2@northwind.example>").bytes()),
        ("three.eml", b"From: a@x.example\nSubject: x\n\nhi\n"),
        ("old.doc", &empty.into_inner().into_inner()),
        ("contact.msg", &Msg::mail().text(0x001a, "IPM.Contact").bytes()),
        ("short.msg", file.get(..100).unwrap()),
    ] {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    let mut memory = Memory::default();
    let spec = StoreSpec { id: "s".to_owned(), kind: StoreKind::Eml, path: dir.path().to_owned() };
    let look = |memory: &mut Memory| {
        let mut said = Vec::new();
        scan(&spec, &Memory(memory.0.clone(), memory.1.clone()), i64::MAX, &mut |change| {
            said.push((change.added.len(), change.gone.len(), change.kept));
            memory.0.push((change.container, change.mark));
            memory.1.extend(change.added);
            ControlFlow::Continue(())
        })
        .unwrap();
        said
    };
    assert_eq!(look(&mut memory), [(3, 0, 0)]);
    assert_eq!(look(&mut memory), []);
    let outlook: Vec<&Place> = memory.1.iter().filter(|place| place.format == Format::Outlook).collect();
    assert_eq!(outlook.len(), 2);
    let place = outlook.iter().find(|place| place.path.ends_with("one.msg")).unwrap();
    let (message, raw) = load_with_raw(place).unwrap();
    assert_eq!((message.text.as_str(), message.size), ("Hi\n", file.len()));
    // What is kept of it beside a note is mail that every program reads.
    assert_eq!(parse_message(&raw).key, message.key);
    fs::write(dir.path().join("one.msg"), b"no longer").unwrap();
    assert!(load_with_raw(place).is_err());
}

/// Everything that a file can hold, in one.
fn full() -> Msg {
    let rtf = packed_rtf("{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}Hi \\u228 ?{\\*\\htmltag72 </p>}}");
    Msg::mail()
        .text(0x007d, "Received: from a by b; Fri, 20 Nov 2026 15:04:02 +0000\r\nList-Id: <x.example>\r\n")
        .text(0x1000, &"Did we agree on 12 or 24 months? \u{e4}\r\n".repeat(150))
        .with(0x1009, Value::Binary(rtf))
        .recipient(2, "Núria Pla", "nuria@northwind.example")
        .file("rates.csv", &b"month,rate\n1,2\n".repeat(400))
        .embed(Msg::mail().text(0x1000, "inner").file("x.txt", b"x"))
}

/// Numbers that look random and are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }
}

#[test]
fn six_thousand_damaged_files_cost_nothing() {
    let mut numbers = Numbers(0x2026_1126);
    let small = Msg::mail().text(0x1000, "Hi Sam").file("a.txt", b"x").bytes();
    let large = full().bytes();
    let (mut read, mut whole) = (0, 0);
    for round in 0..6_000 {
        let file = if round % 2 == 0 { &small } else { &large };
        let mut bytes = file.clone();
        for _ in 0..1 + numbers.below(8) {
            // Half of the blows go where the tables and the directory are.
            let near = if numbers.below(2) == 0 { bytes.len() } else { bytes.len().min(4_096) };
            let at = numbers.below(near);
            match numbers.below(4) {
                0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
                1 => bytes[at] ^= 1 << numbers.below(8),
                2 => {
                    let at = at & !3;
                    let word = [0, 1, 2, 0xffff_fffe_u32, u32::MAX, 0x7fff_ffff][numbers.below(6)];
                    bytes.iter_mut().skip(at).zip(word.to_le_bytes()).for_each(|(byte, new)| *byte = new);
                }
                _ if numbers.below(6) == 0 => bytes.truncate(at.max(1)),
                _ => bytes.copy_within(at..(at + 64).min(near), numbers.below(near - 64)),
            }
            if bytes.len() < 128 {
                break;
            }
        }
        if let Ok(mail) = to_rfc822(&bytes) {
            assert!(
                mail.len() <= 12 * bytes.len() + 4_096,
                "round {round}: {} of {}",
                mail.len(),
                bytes.len()
            );
            held::whole(&parse_message(&mail));
            read += 1;
            whole += usize::from(mail == to_rfc822(file).unwrap());
        }
    }
    // The blows hit, and most of what they hit is still read.
    assert!(read > 3_000 && whole < read, "{read} read, {whole} of them as if nothing had been");
}

/// Puts a number of four bytes into a file.
fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

#[test]
fn bombs_end_early() {
    // Tables that name one sector over and over.
    let mut table = Msg::mail().bytes();
    let first = u32::try_from(table.len() / 512 - 1).unwrap();
    for number in 0..20_000_u32 {
        let mut sector = [0_u8; 512];
        put(&mut sector, 508, first + number + 1);
        table.extend(sector);
    }
    put(&mut table, 68, first);
    to_rfc822(&table).unwrap();

    // Hundreds of attachments that all lie in the same sectors.
    let mut many = Msg::mail();
    for number in 0..400 {
        many = many.file(&format!("{number}.bin"), &[b'x'; 5_000]);
    }
    let mut many = many.bytes();
    let name: Vec<u8> = "__substg1.0_37010102".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let entries: Vec<usize> =
        (0..many.len() / 128).map(|n| n * 128).filter(|at| many[*at..].starts_with(&name)).collect();
    assert_eq!(entries.len(), 400);
    let start = u32::from_le_bytes(many[entries[0] + 116..entries[0] + 120].try_into().unwrap());
    for at in entries {
        put(&mut many, at + 116, start);
        put(&mut many, at + 120, u32::MAX);
    }
    let mail = to_rfc822(&many).unwrap();
    assert!(mail.len() < 4 * many.len(), "{} of {}", mail.len(), many.len());
    held::whole(&parse_message(&mail));

    // More than the border takes keeps its header.
    let large = Msg::mail().text(0x1000, "text").file("a.bin", &vec![0; 45 * 1024 * 1024]).bytes();
    let message = read_bytes(&large);
    assert_eq!(message.subject.as_str(), "Retention of audit logs");
    assert!(matches!(message.defects.as_slice(), [Defect::OverLimit(_)]), "{:?}", message.defects);
    let parts = (0..600).fold(Msg::mail(), |mail, number| mail.file(&format!("{number}"), b"x")).bytes();
    assert!(matches!(read_bytes(&parts).defects.as_slice(), [Defect::OverLimit(_)]));
    // Many recipients are read.
    let crowd = (0..1_500).fold(Msg::mail().text(0x1000, "hi"), |mail, number| {
        mail.recipient(1, &format!("Ünal {number}"), &format!("p{number}@x.example"))
    });
    let message = read_bytes(&crowd.bytes());
    assert_eq!((message.to.len(), message.text.as_str()), (1_501, "hi\n"), "{:?}", message.defects);
}

fn read_bytes(bytes: &[u8]) -> Message {
    parse_message(&to_rfc822(bytes).unwrap())
}
