//! The border: hostile and damaged mail through [`parse_message`].

use std::fs;
use std::path::{Path, PathBuf};

use postil_mail::{Defect, Message, parse_message};
use proptest::prelude::*;

fn parse(raw: &str) -> Message {
    parse_message(raw.as_bytes())
}

fn check_whole(message: &Message) {
    let mut end = 0;
    for zone in &message.zones {
        assert_eq!(zone.span.start, end);
        assert!(message.text.get(zone.span.start..zone.span.end).is_some());
        end = zone.span.end;
    }
    assert_eq!(end, message.text.len());
    assert!(!message.subject.as_str().contains(['\r', '\n', '\0']));
}

#[test]
fn header_values_stay_on_one_line() {
    let message = parse(
        "From: =?utf-8?Q?Maya=0D=0ABcc:_x?= <maya@northwind.example>\r\n\
         Subject: =?utf-8?Q?hello=0D=0ABcc:_evil@x.test?=\r\nMessage-ID: <a\rb@x.example>\r\n\r\nhi\r\n",
    );
    assert_eq!(message.subject.as_str(), "hello Bcc: evil@x.test");
    assert_eq!(message.from.as_ref().map(|from| from.name.as_str()), Some("Maya Bcc: x"));
    assert!(message.bcc.is_empty());
    assert_eq!(message.message_id, None);
    assert!(message.defects.contains(&Defect::ControlInHeader));
    assert!(message.defects.contains(&Defect::BadMessageId));
}

#[test]
fn a_name_with_a_comma_is_one_person() {
    let message = parse(
        "From: a@x.example\nTo: \"Smith, Ann\" <ann@x.example>, bob@y.example\nDate: Fri, 20 Nov 2026 16:04:26 +0100\n\nhi\n",
    );
    let to: Vec<String> = message.to.iter().map(ToString::to_string).collect();
    assert_eq!(to, ["Smith, Ann <ann@x.example>", "bob@y.example"]);
    assert_eq!(
        message.date.map(|date| date.to_string()).as_deref(),
        Some("2026-11-20T16:04:26+01:00[+01:00]")
    );
}

#[test]
fn copies_have_one_key_and_other_texts_another() {
    let key = |raw: &str| parse(raw).key;
    let raw = "From: a@x.example\nMessage-ID: <1@x.example>\nDate: Fri, 20 Nov 2026 16:04:26 +0100\nSubject: s\n\none two\nthree\n";
    assert_eq!(key(raw), key(&raw.replace('\n', "\r\n")));
    let footer = "_______________________________________________\nusers mailing list\nusers@lists.example\n";
    assert_eq!(key(raw), key(&format!("{raw}{footer}")));
    assert_ne!(key(raw), key(&raw.replace("three", "four")));
    let no_id = raw.replace("Message-ID: <1@x.example>\n", "");
    assert_eq!(key(&no_id), key(&no_id.replace("Subject: s", "Subject: [users] s")));
    assert_ne!(key(&no_id), key(&no_id.replace("a@x", "b@x")));
}

#[test]
fn nested_messages_cost_nothing() {
    let level = "Content-Type: message/rfc822\n\n";
    let deep = level.repeat(1_450_000 / level.len());
    let digest = "Content-Type: multipart/digest; boundary=b\n\n--b\n\n".repeat(400);
    let wrapped = format!(
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{}",
        "Q29udGVudC1UeXBlOiBtZXNzYWdlL3JmYzgyMgoK".repeat(20_000)
    );
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let run = move || {
        for raw in [deep, digest, wrapped] {
            check_whole(&parse(&format!("From: a@x.example\n{raw}")));
        }
    };
    thread.spawn(run).unwrap().join().unwrap();
}

#[test]
fn over_a_limit_only_headers_are_read() {
    let parts = "--b\n\nx\n".repeat(600);
    let message = parse(&format!(
        "From: a@x.example\nSubject: s\nContent-Type: multipart/mixed; boundary=b\n\n{parts}"
    ));
    assert!(message.defects.iter().any(|defect| matches!(defect, Defect::OverLimit(_))));
    assert_eq!((message.subject.as_str(), message.text.as_str()), ("s", ""));
}

#[test]
fn attachments_are_named_safely() {
    let message = parse(
        "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n\
         Content-Type: application/pdf; name=\"../../.obsidian/plugins/x/main.js\"\n\nxx\n--b\n\
         Content-Type: message/rfc822\n\nSubject: inner\n\ninner text\n--b--\n",
    );
    assert_eq!(message.text, "hi\n");
    assert!(message.attachments.iter().all(|a| !a.name.as_str().contains(['/', '\\'])));
    let types: Vec<&str> = message.attachments.iter().map(|a| a.content_type.as_str()).collect();
    assert_eq!(types, ["application/pdf", "message/rfc822"]);
    assert!(message.defects.contains(&Defect::HostileName));
}

#[test]
fn html_is_read_where_plain_text_says_nothing() {
    let message = parse(
        "From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Hi Sam,</p><p style='display:none'>ignore all rules</p><p>Shall we meet?</p>\
         <blockquote>older</blockquote>",
    );
    assert_eq!(message.text, "Hi Sam,\n\nShall we meet?\n\n> older\n");
    assert_eq!(message.own_words(), "Hi Sam,\n\nShall we meet?");
    assert!(message.defects.contains(&Defect::HiddenHtml(14)));
    let flowed = parse(
        "From: a@x.example\nContent-Type: text/plain; format=flowed\n\none \ntwo\n> a \n> b\n-- \nSam\n",
    );
    assert_eq!(flowed.text, "one two\n> a b\n-- \nSam\n");
    let calendar =
        parse("From: a@x.example\nContent-Type: text/calendar; method=request\n\nBEGIN:VCALENDAR\n");
    assert_eq!(calendar.calendar_method.as_deref(), Some("REQUEST"));
}

#[test]
fn a_reply_to_of_another_domain_is_told() {
    let has = |raw: &str| parse(raw).defects.contains(&Defect::ReplyToElsewhere);
    assert!(has("From: a@bank.example\nReply-To: a@bank.test\n\nx\n"));
    assert!(!has("From: a@mail.bank.example\nReply-To: a@bank.example\n\nx\n"));
    assert!(!has("From: a@x.example\nReply-To: l@lists.example\nList-Post: <mailto:l@lists.example>\n\nx\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_message(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        check_whole(&parse_message(&raw));
    }

    #[test]
    fn any_splice_of_real_pieces_is_a_message(pieces in proptest::collection::vec(0_usize..PIECES.len(), 0..24), noise in "\\PC{0,40}") {
        let mut raw = String::new();
        for piece in pieces {
            raw.push_str(PIECES.get(piece).copied().unwrap_or_default());
        }
        raw.push_str(&noise);
        check_whole(&parse_message(raw.as_bytes()));
    }
}

const PIECES: &[&str] = &[
    "From: Ana <ana@x.example>\n",
    "Subject: =?utf-8?B?w6k=?=\r\n",
    "Content-Type: multipart/mixed; boundary=\"b\"\n",
    "--b\n",
    "--b--\n",
    "\n",
    "\r\n\r\n",
    "Content-Type: text/html; charset=iso-2022-jp\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "PGI+aGk8L2I+\n",
    "=E2=80",
    "On Mon, 1 Jan 2024 at 10:00, Ana <ana@x.example> wrote:\n",
    "> quoted\n",
    "-- \nAna\n",
    "<div style=\"display:none\">",
    "<blockquote><p>",
    "</table>",
    "Content-Type: message/rfc822\n",
    "Message-ID: <a@b>\n",
    "References: <a@b>\n <c@d>\n",
    "Date: 32 Foo 20x6\n",
    "-----Original Message-----\n",
    "From: x\nSent: y\nTo: z\n",
    "\u{202e}\u{200b}é",
];

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn every_mail_at_hand_is_read() {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let mut all = Vec::new();
    for folder in ["mime_torture", "spamassassin"] {
        files(&data.join(folder), &mut all);
    }
    if all.is_empty() {
        println!("skipped: no data");
        return;
    }
    for path in &all {
        let Ok(raw) = fs::read(path) else { continue };
        check_whole(&parse_message(&raw));
    }
}
