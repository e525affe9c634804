//! What must hold for any bytes: shared by the fuzz targets and by the tests that replay their seeds.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postil_evidence::HeaderText;
use postil_evidence::text::{Removed, clean};
use postil_mail::html::visible_text;
use postil_mail::store::imap::{Patience, Session, UidSet};
use postil_mail::store::{Known, Mark, Place, load, scan};
use postil_mail::{Message, StoreKind, StoreSpec, parse_message};

/// Any bytes are a message.
pub(crate) fn message(data: &[u8]) {
    whole(&parse_message(data));
}

/// Any bytes are a file of Outlook's, or none; what it holds is a message.
pub(crate) fn outlook(data: &[u8]) {
    let file =
        [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], data.get(8..).unwrap_or_default()].concat();
    let Ok(mail) = postil_mail::outlook::to_rfc822(&file) else { return };
    assert!(mail.len() <= 64 * file.len() + 4_096, "{} of {}", mail.len(), file.len());
    whole(&parse_message(&mail));
}

/// Any text is HTML.
pub(crate) fn html(data: &[u8]) {
    let html = String::from_utf8_lossy(data);
    let seen = visible_text(&html);
    assert!(seen.text.is_empty() || seen.text.ends_with('\n'));
    assert!(seen.hidden <= 16 * html.len());
    // Quote marks, list marks and borders add to what is read, within bounds.
    assert!(seen.text.len() <= 64 * html.len() + 64);
}

/// Any bytes are a mail file with several messages, or none.
pub(crate) fn mbox(data: &[u8]) {
    let folder = Folder::new();
    let path = folder.0.path().join("box");
    fs::write(&path, [&b"From a@x.example Fri Feb 22 23:00:00 2008\n"[..], data].concat()).unwrap();
    stored(StoreKind::Mbox, &path);
    stored(StoreKind::Thunderbird, &path);
}

/// Any text is an exported thread.
pub(crate) fn markdown(data: &[u8]) {
    let folder = Folder::new();
    let path = folder.0.path().join("thread.md");
    let head = b"# Pump\n\n- Exported: 2026-11-20\n- Messages: 2\n\n## 20 Nov 2026, 16:04 \xe2\x80\x94 ";
    fs::write(&path, [&head[..], data].concat()).unwrap();
    stored(StoreKind::Markdown, &path);
}

/// Any names are those of files in a Maildir, one a line.
pub(crate) fn maildir_name(data: &[u8]) {
    let folder = Folder::new();
    for inner in ["cur", "new", "tmp"] {
        fs::create_dir(folder.0.path().join(inner)).unwrap();
    }
    for (number, name) in data.split(|byte| *byte == b'\n').take(12).enumerate() {
        let place = folder.0.path().join(if number % 2 == 0 { "cur" } else { "new" });
        let Some(name) = file_name(name) else { continue };
        drop(fs::write(place.join(name), b"From: a@x.example\n\nhi\n"));
    }
    stored(StoreKind::Maildir, folder.0.path());
}

/// A server that says any bytes, whatever it is asked; only what was asked for is taken from it.
pub(crate) fn imap(data: &[u8]) {
    let says = [b"* PREAUTH [CAPABILITY IMAP4rev1 CONDSTORE QRESYNC IDLE] hi\r\n", data].concat();
    let script = Script { says: std::io::Cursor::new(says), heard: Vec::new() };
    let patience = Patience { clock: Box::new(|| Duration::ZERO), command: Duration::from_secs(60) };
    let Ok(mut session) = Session::greet(script, patience) else { return };
    let uids: UidSet = (1..10).collect();
    let mut taken = Vec::new();
    if let Ok(listed) = session.list()
        && let Some((folder, _)) = listed.folders.first()
    {
        drop(session.examine(folder, None));
    }
    drop(session.uids());
    drop(session.fetch(&uids, &mut |message| {
        taken.push(message.uid);
        whole(&parse_message(message.bytes));
        Ok(())
    }));
    drop(session.fetch_piece(3, 0));
    drop(session.size(3));
    drop(session.poll());
    assert!(taken.iter().all(|uid| uids.contains(*uid)), "{taken:?}");
    let heard = String::from_utf8_lossy(&session.stream().heard).into_owned();
    for word in ["STORE ", "APPEND", "EXPUNGE", "DELETE", "SELECT", "CREATE", "COPY", "MOVE"] {
        assert!(!heard.lines().any(|line| line.split(' ').nth(1) == Some(word.trim())), "{heard}");
    }
}

/// What a server says and hears.
struct Script {
    says: std::io::Cursor<Vec<u8>>,
    heard: Vec<u8>,
}

impl std::io::Read for Script {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.says.read(into)
    }
}

impl std::io::Write for Script {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.heard.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a file may be called here: every byte but `/` and NUL, where the system lets it.
fn file_name(raw: &[u8]) -> Option<PathBuf> {
    let name: Vec<u8> = raw.iter().copied().filter(|byte| !matches!(byte, b'/' | 0)).take(255).collect();
    let dots = name == b"." || name == b"..";
    #[cfg(unix)]
    let name: std::ffi::OsString = std::os::unix::ffi::OsStringExt::from_vec(name);
    #[cfg(not(unix))]
    let name = String::from_utf8(name).ok()?;
    (!dots && !name.is_empty()).then(|| PathBuf::from(name))
}

/// A folder that goes away.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

struct Nothing;

impl Known for Nothing {
    fn mark(&self, _container: &Path) -> Option<Mark> {
        None
    }

    fn places(&self, _container: &Path) -> Vec<Place> {
        Vec::new()
    }
}

fn stored(kind: StoreKind, path: &Path) {
    let spec = StoreSpec { id: "s".to_owned(), kind, path: path.to_owned() };
    let mut places = Vec::new();
    let scanned = scan(&spec, &Nothing, i64::MAX, &mut |change| {
        places.extend(change.added);
        ControlFlow::Continue(())
    });
    for place in places.iter().take(64) {
        match load(place) {
            Ok(message) => whole(&message),
            Err(error) => panic!("{}: {error}", place.path.display()),
        }
    }
    drop(scanned);
}

/// What holds for every message.
pub(crate) fn whole(message: &Message) {
    let mut end = 0;
    for zone in &message.zones {
        assert_eq!(zone.span.start, end);
        assert!(message.text.get(zone.span.start..zone.span.end).is_some());
        end = zone.span.end;
    }
    assert_eq!(end, message.text.len());
    assert!(is_clean(&message.text), "{:?}", message.text);
    one_line(&message.subject);
    let people = [&message.reply_to, &message.to, &message.cc, &message.bcc].into_iter().flatten();
    for person in people.chain(&message.from).chain(&message.sender) {
        one_line(&person.name);
        assert!(person.addr.as_str().chars().all(|c| !c.is_control() && !c.is_whitespace()));
        assert_eq!(person.addr.as_str().matches('@').count(), 1);
    }
    for part in &message.attachments {
        one_line(&part.name);
        assert!(!part.name.as_str().contains(['/', '\\']) && !part.name.as_str().starts_with('.'));
    }
}

fn one_line(text: &HeaderText) {
    assert!(text.as_str().chars().all(|c| !c.is_control()), "{text:?}");
    assert!(text.as_str().len() <= 998);
}

fn is_clean(text: &str) -> bool {
    clean(text) == (text.to_owned(), Removed::default())
}
