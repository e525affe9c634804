//! Mails built to cost: nothing aborts, and what is over a limit keeps its headers.
//!
//! # Source
//! SECURITY.md T13 and M2. A small stack stands in for the child process that is not needed: a parser
//! that recursed by the mail's own depth would abort it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use postil_mail::{Defect, Message, parse_message};

/// Reads on a stack of 512 KB.
fn read(raw: String) -> Message {
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    thread.spawn(move || parse_message(raw.as_bytes())).unwrap().join().unwrap()
}

#[track_caller]
fn check(body: String, over: Option<&str>) {
    let message = read(format!("From: a@x.example\nSubject: still read\n{body}"));
    assert_eq!(message.subject.as_str(), "still read");
    assert_eq!(message.from.as_ref().map(ToString::to_string).as_deref(), Some("a@x.example"));
    let limit = message
        .defects
        .iter()
        .find_map(|defect| if let Defect::OverLimit(words) = defect { Some(words.clone()) } else { None });
    match over {
        Some(words) => assert!(limit.as_ref().is_some_and(|l| l.contains(words)), "{limit:?}"),
        None => assert_eq!(limit, None),
    }
}

#[test]
fn nesting_a_hundred_thousand_deep_is_read_or_refused() {
    check("Content-Type: message/rfc822\n\n".repeat(100_000), None);
    check("Content-Type: MESSAGE/RFC822 (x)\n\n".repeat(100_000), None);
    check("C o n t e n t-Typ e\t: message/rfc822\n\n".repeat(100_000), None);
    check("::Content-Type:message/rfc822\n\n".repeat(100_000), None);
    check("Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(100_000), Some("multiparts"));
    check("Content-Type: multipart/digest; boundary=b\n\n--b\n\n".repeat(400), None);
    let deep: String =
        (0..30).map(|i| format!("Content-Type: multipart/mixed; boundary=\"q{i}x\"\n\n--q{i}x\n")).collect();
    check(deep, Some("nested deeper"));
    check(format!("X: {}\n\nhi", "(".repeat(100_000)), None);
    check(format!("To: {}\n\nhi", "g:(".repeat(60_000)), None);
}

#[test]
fn half_a_million_pieces_are_refused() {
    let pieces: String = (0..500_000).map(|i| format!(" name*{i}=x;\n")).collect();
    check(format!("\n--b\nContent-Type: text/plain;\n{pieces}\n"), Some("Content field"));
    let folded = format!("Content-Type: a\n{}\n", " Content-Type: message/rfc822\n".repeat(2_000)).repeat(60);
    check(format!("\n{folded}"), None);
    let short: String = (0..2_000).map(|i| format!(" n*{i}=x;\n")).collect();
    check(format!("\n--b\nContent-Type: text/plain;\n{short}\n"), Some("continued"));
    check(
        format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(100_000)),
        Some("parts"),
    );
    check(format!("\n{}", "--x\n".repeat(200_000)), Some("dashes"));
    check(format!("\n{}", "x".repeat(2_000_000)), Some("a line"));
}

#[test]
fn a_header_block_over_its_limits_still_says_who_wrote() {
    check(format!("{}\nhi", "X: y\n".repeat(5_000)), Some("header lines"));
    check(format!("X: {}\n\nhi", "y".repeat(400_000)), Some("header block"));
    let many: String = (0..20_000).map(|i| format!("p{i}@x.example, ")).collect();
    check(format!("Cc: {}\n\nhi", many.get(..200_000).unwrap()), None);
}

#[test]
fn a_multipart_that_ends_early_keeps_its_words() {
    let head = "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n";
    for part in [
        "\nThe pump runs",
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nThe pu=\nmp runs",
        "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+VGhlIHB1bXAgcnVuczwvcD4",
    ] {
        let message = parse_message(format!("{head}{part}").as_bytes());
        let words: String = message.attachments.iter().map(|part| part.text.as_str()).collect();
        assert!(message.text.contains("The pump run"), "{part}: {:?} {words:?}", message.text);
        assert!(message.defects.contains(&Defect::DamagedPart));
    }
}
