//! The IMAP client against scripted servers: honest ones, odd ones, and ones that lie. No socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::io::{self, Cursor, Read, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use postil_mail::store::imap::{
    Folder, ImapError, LoginKind, Patience, Secret, Session, Since, UidSet, Woken,
};
use proptest::prelude::*;

/// A server that says what is written, whatever it is asked. What it was asked is kept.
struct Script {
    says: Box<dyn Read>,
    /// Bytes given at a time.
    at_a_time: usize,
    heard: Rc<std::cell::RefCell<Vec<u8>>>,
    /// What comes when the script is over.
    end: Option<io::ErrorKind>,
}

impl Read for Script {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.at_a_time);
        let read = self.says.read(&mut into[..most])?;
        match self.end {
            Some(kind) if read == 0 && most > 0 => Err(kind.into()),
            _ => Ok(read),
        }
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.heard.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A clock that stands still.
fn patience() -> Patience {
    Patience { clock: Box::new(|| Duration::ZERO), command: Duration::from_secs(60) }
}

fn script(says: impl Read + 'static) -> Script {
    Script { says: Box::new(says), at_a_time: usize::MAX, heard: Rc::default(), end: None }
}

/// A session that is logged in (by its greeting), and what it will be told.
fn session(capabilities: &str, says: &str) -> (Session<Script>, Rc<std::cell::RefCell<Vec<u8>>>) {
    let says = format!("* PREAUTH [CAPABILITY IMAP4rev1 {capabilities}] hi\r\n{says}");
    let script = script(Cursor::new(says.into_bytes()));
    let heard = Rc::clone(&script.heard);
    (Session::greet(script, patience()).unwrap(), heard)
}

fn heard(heard: &Rc<std::cell::RefCell<Vec<u8>>>) -> String {
    String::from_utf8_lossy(&heard.borrow()).into_owned()
}

fn inbox() -> Folder {
    Folder { raw: b"INBOX".to_vec(), name: "INBOX".to_owned(), role: None, holds_mail: true }
}

/// What a fetch of 1:9 brings, as `uid:bytes`, and how it ends.
fn fetch(says: &str) -> (Vec<String>, Result<(), ImapError>) {
    let (mut session, _) = session("", says);
    let mut found = Vec::new();
    let uids: UidSet = (1..10).collect();
    let ended = session.fetch(&uids, &mut |message| {
        let seen = if message.flags.seen { " seen" } else { "" };
        found.push(format!("{}:{}{seen}", message.uid, String::from_utf8_lossy(message.bytes)));
        Ok(())
    });
    (found, ended)
}

#[track_caller]
fn check(says: &str, expect: &[&str], end: &str) {
    let (found, ended) = fetch(says);
    assert_eq!(found, expect, "{says:?}");
    let ended = ended.map_or_else(|error| error.to_string(), |()| "ok".to_owned());
    assert!(ended.contains(end), "{says:?}: {ended}");
}

#[test]
fn messages_come_in_every_shape_a_server_may_choose() {
    let done = "P1 OK done\r\n";
    check(
        &format!("* 1 FETCH (UID 3 FLAGS (\\Seen) BODY[]<0> {{3}}\r\nabc)\r\n{done}"),
        &["3:abc seen"],
        "ok",
    );
    check(&format!("* 1 FETCH (BODY[] \"a\\\"b\" UID 3)\r\n{done}"), &["3:a\"b"], "ok");
    check(&format!("* 1 FETCH (BODY[] NIL UID 3)\n{}", "P1 OK\n"), &["3:"], "ok");
    check(&format!("* 1 FETCH (BODY[] ~{{2}}\r\n\0\n UID 3)\r\n{done}"), &["3:\0\n"], "ok");
    check(
        &format!(
            "* 1 FETCH (X-ODD ((1 (2)) \"x)\") UID 3 BODY[HEADER.FIELDS (DATE (X))]<0> {{1+}}\r\nx)\r\n{done}"
        ),
        &["3:x"],
        "ok",
    );
    // Flags that change, mail that comes and goes, words that look like a literal: all beside the matter.
    let beside =
        "* OK still here {5}\r\n* 7 EXPUNGE\r\n* 8 EXISTS\r\n* VANISHED 4,6:7\r\n* 2 FETCH (FLAGS ())\r\n";
    check(&format!("{beside}* 1 FETCH (UID 3 BODY[] {{1}}\r\nx)\r\n{beside}{done}"), &["3:x"], "ok");
    // Not asked for, and twice.
    check(
        &format!(
            "* 1 FETCH (UID 99 BODY[] {{1}}\r\nx)\r\n* 1 FETCH (UID 3 BODY[] {{1}}\r\ny)\r\n* 1 FETCH (UID 3 BODY[] {{1}}\r\nz)\r\n{done}"
        ),
        &["3:y"],
        "ok",
    );
    check(
        "* 1 FETCH (UID 3 BODY[] {1}\r\nx)\r\nP1 NO [EXPUNGEISSUED] some are gone\r\n",
        &["3:x"],
        "EXPUNGEISSUED",
    );
}

#[test]
fn a_server_that_lies_is_left() {
    // Too long, too short, without an end.
    check("* 1 FETCH (UID 3 BODY[] {5}\r\nabc)\r\nP1 OK done\r\n", &[], "ok");
    check("* 1 FETCH (UID 3 BODY[] {50}\r\nabc)\r\nP1 OK done\r\n", &[], "lost");
    check("* 1 FETCH (UID 3 BODY[] {2}\r\nabcdef)\r\nP1 OK done\r\n", &[], "ok");
    check("* 1 FETCH (UID 3 BODY[] {10737418240}\r\nabc", &[], "a literal of 10737418240 bytes");
    check("* 1 FETCH (UID 3 BODY[] {99999999999999999999}\r\n", &[], "a literal of");
    check("* 1 FETCH (UID 3 BODY[] {-1}\r\nP1 OK\r\n", &[], "ok");
    check(&format!("* 1 FETCH ({}\r\nP1 OK\r\n", "(".repeat(100_000)), &[], "ok");
    check(&format!("* 1 FETCH ({}UID 3)\r\nP1 OK\r\n", "BODY[".repeat(100_000)), &[], "ok");
    check(&format!("* 1 FETCH (X {}\r\n", "{0}\r\n".repeat(100)), &[], "literals at once");
    check("* 1 FETCH (UID 3 BODY[] \"abc\r\nP1 OK\r\n", &[], "ok");
    check("\0\0\0\r\n* \0 FETCH\r\n* 1 FETCH (UID \0)\r\n\r\n \r\nP1 OK\r\n", &[], "ok");
    check("* 1 FETCH (UID 4294967296 BODY[] \"x\")\r\nP1 OK\r\n", &[], "ok");
    check("P9 OK done\r\n", &[], "tag P9");
    check("+ go on\r\n", &[], "waits for more");
    check("* BYE shutting\x1b[2J down\r\n", &[], "ended the connection: shutting[2J down");
    check("", &[], "lost");
}

/// The same bytes again and again, counted.
struct Endless(&'static [u8], usize, Arc<AtomicU64>);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        for byte in into.iter_mut() {
            *byte = self.0[self.1 % self.0.len()];
            self.1 += 1;
        }
        self.2.fetch_add(into.len() as u64, Ordering::Relaxed);
        Ok(into.len())
    }
}

#[test]
fn what_never_ends_is_ended() {
    for (says, end) in [
        (&b"x"[..], "a line of more than"),
        (b"* OK still here\r\n", "beside FETCH"),
        (b"* 1 FETCH (UID 99 BODY[] {4}\r\nabcd)\r\n", "beside FETCH"),
        (b"* 1 FETCH (UID 3 BODY[] {1}\r\nx)\r\n", "beside FETCH"),
        (b"\r\n", "beside FETCH"),
    ] {
        let count = Arc::new(AtomicU64::new(0));
        let start = Cursor::new(b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n".to_vec());
        let mut session =
            Session::greet(script(start.chain(Endless(says, 0, Arc::clone(&count)))), patience()).unwrap();
        let uids: UidSet = [3].into_iter().collect();
        let error = session.fetch(&uids, &mut |_| Ok(())).unwrap_err().to_string();
        assert!(error.contains(end), "{error}");
        assert!(
            count.load(Ordering::Relaxed) < 20 * 1024 * 1024,
            "{} bytes were read",
            count.load(Ordering::Relaxed)
        );
    }
    let endless = |says| Endless(says, 0, Arc::default());
    assert!(matches!(Session::greet(script(endless(b"x")), patience()), Err(ImapError::TooMuch { .. })));
}

#[test]
fn a_server_that_drips_is_left_when_the_command_took_too_long() {
    // The clock goes on a second with every look at it; the server gives a byte at a time.
    let now = Cell::new(0);
    let clock = move || {
        now.set(now.get() + 1);
        Duration::from_secs(now.get())
    };
    let mut drip = script(Cursor::new(format!("* OK {}", "x".repeat(1_000)).into_bytes()));
    drip.at_a_time = 1;
    let patience = Patience { clock: Box::new(clock), command: Duration::from_secs(60) };
    assert!(matches!(Session::greet(drip, patience), Err(ImapError::Silent)));
    let mut silent = script(Cursor::new(Vec::new()));
    silent.end = Some(io::ErrorKind::WouldBlock);
    assert!(matches!(Session::greet(silent, self::patience()), Err(ImapError::Silent)));
}

/// Logs in with what is offered; what was said to the server, and how it ended.
fn log_in(capabilities: &str, kind: LoginKind, says: &str) -> (String, String) {
    let says = format!("* OK [CAPABILITY IMAP4rev1 {capabilities}] hi\r\n{says}");
    let script = script(Cursor::new(says.into_bytes()));
    let said = Rc::clone(&script.heard);
    let mut session = Session::greet(script, patience()).unwrap();
    let ended = session.log_in("sam@us.example", &Secret::new("pa\"ss\n"), kind);
    (heard(&said), ended.map_or_else(|error| error.to_string(), |()| "in".to_owned()))
}

#[test]
fn logging_in_takes_only_ways_that_are_offered() {
    let ok = "P1 OK [CAPABILITY IMAP4rev1] in\r\n";
    let in_by = |capabilities: &str, kind, says: &str| {
        let (said, ended) = log_in(capabilities, kind, says);
        assert_eq!(ended, "in", "{said}");
        said
    };
    assert_eq!(in_by("", LoginKind::Password, ok), "P1 LOGIN \"sam@us.example\" \"pa\\\"ss\"\r\n");
    // base64 of NUL sam@us.example NUL pa"ss
    assert_eq!(
        in_by("AUTH=PLAIN SASL-IR", LoginKind::Password, ok),
        "P1 AUTHENTICATE PLAIN AHNhbUB1cy5leGFtcGxlAHBhInNz\r\n"
    );
    assert_eq!(
        in_by("AUTH=PLAIN LOGINDISABLED", LoginKind::Password, &format!("+ \r\n{ok}")),
        "P1 AUTHENTICATE PLAIN\r\nAHNhbUB1cy5leGFtcGxlAHBhInNz\r\n"
    );
    // base64 of user=sam@us.example ^A auth=Bearer pa"ss ^A ^A
    assert_eq!(
        in_by("AUTH=XOAUTH2 AUTH=PLAIN SASL-IR", LoginKind::OAuth2, ok),
        "P1 AUTHENTICATE XOAUTH2 dXNlcj1zYW1AdXMuZXhhbXBsZQFhdXRoPUJlYXJlciBwYSJzcwEB\r\n"
    );
    let (said, ended) = log_in(
        "AUTH=XOAUTH2 SASL-IR",
        LoginKind::OAuth2,
        "+ eyJzdGF0dXMiOiI0MDAifQ==\r\nP1 NO [AUTHENTICATIONFAILED] Invalid\r\n",
    );
    assert!(
        said.ends_with("\r\n\r\n") && ended.contains("does not let sam@us.example in: Invalid"),
        "{said} {ended}"
    );
    assert!(!ended.contains("pa\""), "{ended}");
    for (capabilities, kind) in [("LOGINDISABLED", LoginKind::Password), ("AUTH=PLAIN", LoginKind::OAuth2)] {
        let (said, ended) = log_in(capabilities, kind, ok);
        assert!(said.is_empty() && ended.contains("knows no way to log in"), "{said} {ended}");
    }
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
}

#[test]
fn folders_are_listed_with_what_they_are_for() {
    let says = "* LIST (\\HasNoChildren) \"/\" INBOX\r\n\
        * LIST (\\Noselect \\HasChildren) \"/\" \"Projects\"\r\n\
        * LIST (\\HasNoChildren \\Sent) \"/\" {7}\r\nA \"B\" C\r\n\
        * LIST () NIL \"Entw&APw-rfe\"\r\n\
        * LIST () \"/\" {16}\r\nx\r\nP7 DELETE \"y\"\r\n\
        * LIST () \"/\" INBOX\r\n\
        * STATUS INBOX (MESSAGES 17 UIDNEXT 18 UIDVALIDITY 5 HIGHESTMODSEQ 77 X (1))\r\n\
        P1 OK done\r\n";
    let (mut session, said) = session("LIST-EXTENDED SPECIAL-USE LIST-STATUS CONDSTORE", says);
    let listed = session.list().unwrap();
    let shown: Vec<String> = listed
        .folders
        .iter()
        .map(|(folder, _)| format!("{} {:?} {}", folder.name, folder.role, folder.holds_mail))
        .collect();
    assert_eq!(
        shown,
        [
            "INBOX Some(Inbox) true",
            "Projects None false",
            "A \"B\" C Some(Sent) true",
            "Entwürfe Some(Drafts) true"
        ]
    );
    assert_eq!(listed.unusable, 1);
    let status = listed.folders[0].1.unwrap();
    assert_eq!(
        (status.messages, status.uid_next, status.uid_validity, status.highest_modseq),
        (Some(17), Some(18), Some(5), Some(77))
    );
    assert_eq!(
        heard(&said),
        "P1 LIST \"\" \"*\" RETURN (SPECIAL-USE STATUS (MESSAGES UIDVALIDITY UIDNEXT HIGHESTMODSEQ))\r\n"
    );
}

#[test]
fn what_vanished_is_told_only_where_the_uids_are_the_same() {
    let answer = |validity: u32| {
        format!(
            "* 3 EXISTS\r\n* OK [UIDVALIDITY {validity}] ok\r\n* OK [UIDNEXT 9] ok\r\n* OK [HIGHESTMODSEQ 20] ok\r\n\
             * VANISHED (EARLIER) 1:2,5\r\n* 1 FETCH (UID 4 FLAGS (\\Seen \\Answered) MODSEQ (19))\r\nP2 OK [READ-ONLY] ok\r\n"
        )
    };
    for (validity, vanished) in [(7, Some("1:2,5")), (8, None)] {
        let says = format!(
            "* OK [CAPABILITY IMAP4rev1 QRESYNC ENABLE LOGINDISABLED AUTH=PLAIN SASL-IR] hi\r\nP1 OK [CAPABILITY IMAP4rev1 QRESYNC ENABLE] in\r\nP2 OK enabled\r\n{}",
            answer(validity).replace("P2", "P3")
        );
        let script = script(Cursor::new(says.into_bytes()));
        let said = Rc::clone(&script.heard);
        let mut session = Session::greet(script, patience()).unwrap();
        session.log_in("sam", &Secret::new("x"), LoginKind::Password).unwrap();
        let examined = session.examine(&inbox(), Some(Since { uid_validity: 7, modseq: 11 })).unwrap();
        assert!(heard(&said).ends_with("P2 ENABLE QRESYNC\r\nP3 EXAMINE \"INBOX\" (QRESYNC (7 11))\r\n"));
        assert_eq!(examined.vanished.map(|set| set.to_string()).as_deref(), vanished);
        assert_eq!(examined.status.messages, Some(3));
        assert!(examined.flags[0].1.seen && examined.flags[0].1.answered);
    }
}

#[test]
fn waiting_ends_with_news_or_with_patience() {
    let (mut session, said) = session("IDLE", "+ idling\r\n* OK still here\r\n* 4 EXISTS\r\nP1 OK done\r\n");
    assert_eq!(session.idle().unwrap(), Woken::Changed);
    assert_eq!(heard(&said), "P1 IDLE\r\nDONE\r\n");
    let (mut session, _) = self::session("IDLE", "P1 BAD what\r\n");
    assert!(session.idle().unwrap_err().to_string().contains("refused IDLE: what"));
}

/// Every command that a session can send, each with a script that is no answer to it.
fn everything(says: Vec<u8>) {
    let start = Cursor::new(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN ENABLE QRESYNC ID IDLE] hi\r\n".to_vec());
    let Ok(mut session) = Session::greet(script(start.chain(Cursor::new(says))), patience()) else { return };
    drop(session.log_in("sam", &Secret::new("x"), LoginKind::Password));
    drop(session.list());
    drop(session.examine(&inbox(), Some(Since { uid_validity: 1, modseq: 1 })));
    drop(session.uids());
    drop(session.fetch(&(1..100).collect(), &mut |_| Ok(())));
    drop(session.fetch_piece(1, 0));
    drop(session.size(1));
    drop(session.idle());
    drop(session.poll());
    session.log_out();
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        everything(bytes);
    }

    #[test]
    fn no_nonsense_in_the_right_words_makes_it_panic(
        parts in proptest::collection::vec(proptest::sample::select(vec![
            "* ", "P1 ", "P2 ", "+ ", "OK ", "NO ", "BAD ", "BYE ", "[", "]", "(", ")", "\"", "\\", "{3}\r\n", "{0}\r\n", "{", "}",
            "FETCH ", "UID ", "BODY[] ", "FLAGS ", "LIST ", "STATUS ", "VANISHED ", "(EARLIER) ", "EXISTS", "CAPABILITY ",
            "1 ", "4294967295 ", "1:9", ",", "NIL ", "~", "\r\n", "\n", "\0", "é", "&AAo-", "INBOX ", "UIDVALIDITY ",
        ]), 0..80)
    ) {
        everything(parts.concat().into_bytes());
    }
}
