//! Stores: what a scan finds, what a second scan finds, and that nothing is read twice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "these tests make and change their own folders")]

use std::collections::HashMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use postil_mail::store::{Change, Known, Mark, Place, Scanned, load, read_raw, scan};
use postil_mail::{StoreError, StoreKind, StoreSpec};
use proptest::prelude::*;

/// Long after every file was written: all times are settled.
const LATER: i64 = i64::MAX;

/// What a caller remembers between scans.
#[derive(Default)]
struct Memory {
    marks: HashMap<PathBuf, Mark>,
    places: HashMap<PathBuf, Vec<Place>>,
}

impl Known for Memory {
    fn mark(&self, container: &Path) -> Option<Mark> {
        self.marks.get(container).copied()
    }

    fn places(&self, container: &Path) -> Vec<Place> {
        self.places.get(container).cloned().unwrap_or_default()
    }
}

impl Memory {
    /// Scans, remembers, and says `+added -gone ~moved =kept` in sum.
    fn scan(&mut self, kind: StoreKind, path: &Path, now_ns: i64) -> (String, Scanned) {
        let spec = StoreSpec { id: "s".to_owned(), kind, path: path.to_owned() };
        let mut changes: Vec<Change> = Vec::new();
        let scanned = scan(&spec, self, now_ns, &mut |change| {
            changes.push(change);
            ControlFlow::Continue(())
        })
        .unwrap();
        let (mut added, mut gone, mut moved, mut kept) = (0, 0, 0, 0);
        let changed = !changes.is_empty();
        for change in changes {
            added += change.added.len();
            gone += change.gone.len();
            moved += change.moved.len();
            kept += change.kept;
            for (old, _) in &change.moved {
                for places in self.places.values_mut() {
                    places.retain(|place| place != old);
                }
            }
            let places = self.places.entry(change.container.clone()).or_default();
            places.retain(|place| !change.gone.contains(place));
            places.extend(change.moved.into_iter().map(|(_, new)| new));
            places.extend(change.added);
            self.marks.insert(change.container, change.mark);
        }
        (if changed { format!("+{added} -{gone} ~{moved} ={kept}") } else { "-".to_owned() }, scanned)
    }

    fn subjects(&self) -> Vec<String> {
        let mut all: Vec<String> =
            self.places.values().flatten().map(|place| load(place).unwrap().subject.to_string()).collect();
        all.sort();
        all
    }
}

fn mail(subject: &str) -> String {
    format!("From: a@x.example\nSubject: {subject}\nMessage-ID: <{subject}@x.example>\n\nhello {subject}\n")
}

#[test]
fn a_maildir_is_listed_once_and_flags_are_moves() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["new", "cur", "tmp", ".Work.Sub/cur", ".Work.Sub/new", "plain/cur"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    for (path, subject) in [
        ("new/1.h", "one"),
        ("cur/2.h:2,S", "two"),
        (".Work.Sub/cur/3.h:2,", "three"),
        ("plain/cur/4.h!2,S", "four"),
    ] {
        fs::write(dir.path().join(path), mail(subject)).unwrap();
    }
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Maildir, dir.path(), LATER).0, "+4 -0 ~0 =0");
    assert_eq!(memory.subjects(), ["four", "one", "three", "two"]);
    assert_eq!(memory.scan(StoreKind::Maildir, dir.path(), LATER).0, "-");
    fs::rename(dir.path().join("new/1.h"), dir.path().join("cur/1.h:2,S")).unwrap();
    fs::rename(dir.path().join("cur/2.h:2,S"), dir.path().join("cur/2.h:2,RS")).unwrap();
    assert_eq!(memory.scan(StoreKind::Maildir, dir.path(), LATER).0, "+0 -0 ~2 =0");
    fs::remove_file(dir.path().join("cur/1.h:2,S")).unwrap();
    assert_eq!(memory.scan(StoreKind::Maildir, dir.path(), LATER).0, "+0 -1 ~0 =1");
    assert_eq!(memory.subjects(), ["four", "three", "two"]);
}

#[test]
fn a_fresh_change_is_looked_at_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("cur")).unwrap();
    fs::write(dir.path().join("cur/1"), mail("one")).unwrap();
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Maildir, dir.path(), 0).0, "+1 -0 ~0 =0");
    fs::write(dir.path().join("cur/2"), mail("two")).unwrap();
    assert_eq!(memory.scan(StoreKind::Maildir, dir.path(), 0).0, "+1 -0 ~0 =1");
}

#[test]
fn an_mbox_that_grew_is_read_from_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list.mbox");
    let entry = |subject: &str| format!("From a@x.example  Fri Nov 20 16:04:26 2026\n{}\n", mail(subject));
    fs::write(&path, format!("{}{}", entry("one"), entry("two"))).unwrap();
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Mbox, &path, LATER).0, "+2 -0 ~0 =0");
    assert_eq!(memory.subjects(), ["one", "two"]);
    assert_eq!(memory.scan(StoreKind::Mbox, dir.path(), LATER).0, "-");
    fs::write(&path, format!("{}{}{}", entry("one"), entry("two"), entry("three"))).unwrap();
    assert_eq!(memory.scan(StoreKind::Mbox, &path, LATER).0, "+1 -0 ~0 =2");
    assert_eq!(memory.subjects(), ["one", "three", "two"]);
    fs::write(&path, entry("four")).unwrap();
    assert_eq!(memory.scan(StoreKind::Mbox, &path, LATER).0, "+1 -3 ~0 =0");
    assert_eq!(memory.subjects(), ["four"]);
}

#[test]
fn a_half_written_entry_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list.mbox");
    let whole = format!("From a@x.example  Fri Nov 20 16:04:26 2026\n{}", mail("one"));
    fs::write(&path, whole.get(..whole.len() - 10).unwrap()).unwrap();
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Mbox, &path, LATER).0, "+1 -0 ~0 =0");
    fs::write(&path, &whole).unwrap();
    assert_eq!(memory.scan(StoreKind::Mbox, &path, LATER).0, "+1 -1 ~0 =0");
    let places: Vec<&Place> = memory.places.values().flatten().collect();
    assert!(load(places.first().unwrap()).unwrap().text.ends_with("hello one\n"));
}

#[test]
fn a_tree_of_files_is_told_by_content_not_by_name() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("a/b")).unwrap();
    for (path, text) in [
        ("a/13.", mail("one")),
        ("a/b/x.eml", mail("two")),
        ("a/b/y.txt", mail("three")),
        ("a/b/notes.txt", "just some notes\nand more: of them\n".to_owned()),
        ("a/b/z.json", "{\"From\": 1}".to_owned()),
        ("a/.hidden", mail("hidden")),
    ] {
        fs::write(dir.path().join(path), text).unwrap();
    }
    let mut memory = Memory::default();
    let (found, scanned) = memory.scan(StoreKind::Eml, dir.path(), LATER);
    assert_eq!((found.as_str(), scanned.containers.len()), ("+3 -0 ~0 =0", 2));
    assert_eq!(memory.subjects(), ["one", "three", "two"]);
    assert_eq!(memory.scan(StoreKind::Eml, dir.path(), LATER).0, "-");
    fs::write(dir.path().join("a/b/x.eml"), mail("other")).unwrap();
    fs::remove_file(dir.path().join("a/b/y.txt")).unwrap();
    assert_eq!(memory.scan(StoreKind::Eml, dir.path(), LATER).0, "+1 -2 ~0 =0");
    assert_eq!(memory.subjects(), ["one", "other"]);
}

#[test]
fn exports_of_one_thread_hold_the_same_messages() {
    let dir = tempfile::tempdir().unwrap();
    let first = "## 2026-11-19 - Sam <sam@acme.example>\n\n> Shall we?\n";
    let second = "## Friday, November 20, 2026 at 4:04 PM — Maya <maya@northwind.example>\n\n> Yes.\n";
    let head = |n: usize| format!("# Retention\n\n- Exported: 2026-11-20\n- Messages: {n}\n\n");
    fs::write(dir.path().join("one.md"), format!("{}{first}\n{second}", head(2))).unwrap();
    fs::write(dir.path().join("two.md"), format!("{}{second}\n{first}", head(2))).unwrap();
    fs::write(dir.path().join("note.md"), "# A note\n\n## 2026-11-19 - Plan\n").unwrap();
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Markdown, dir.path(), LATER).0, "+4 -0 ~0 =0");
    let messages: Vec<_> = memory.places.values().flatten().map(|place| load(place).unwrap()).collect();
    let threads = postil_mail::thread::join(messages);
    let sizes: Vec<usize> = threads.iter().map(|thread| thread.messages.len()).collect();
    assert_eq!(sizes, [2]);
    assert_eq!(threads.first().unwrap().parents, [None, Some(0)]);
    assert_eq!(memory.scan(StoreKind::Markdown, dir.path(), LATER).0, "-");
}

#[test]
fn what_is_missing_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let spec = |kind, path: PathBuf| StoreSpec { id: "s".to_owned(), kind, path };
    let run = |spec: &StoreSpec| scan(spec, &Memory::default(), LATER, &mut |_| ControlFlow::Continue(()));
    let gone = run(&spec(StoreKind::Mbox, dir.path().join("no.mbox"))).unwrap_err();
    assert!(matches!(gone, StoreError::Missing { .. }) && gone.to_string().contains("no.mbox"));
    let none = run(&spec(StoreKind::Maildir, dir.path().to_owned())).unwrap_err();
    assert!(matches!(none, StoreError::OtherKind { .. }));
    let place =
        Place { path: dir.path().join("x"), offset: 0, len: 0, format: postil_mail::store::Format::Rfc822 };
    assert!(matches!(read_raw(&place), Err(StoreError::Missing { .. })));
    assert_eq!("maildir".parse::<StoreKind>().unwrap().to_string(), "maildir");
    assert!("pst".parse::<StoreKind>().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_scanned_and_loaded(
        pieces in proptest::collection::vec(0_usize..PIECES.len(), 0..20),
        noise in proptest::collection::vec(any::<u8>(), 0..60),
        name in "[ab]\\.(md|mbox)",
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes: Vec<u8> = Vec::new();
        for piece in pieces {
            bytes.extend_from_slice(PIECES.get(piece).copied().unwrap_or_default().as_bytes());
        }
        bytes.extend(noise);
        fs::write(dir.path().join(name), &bytes).unwrap();
        for kind in [StoreKind::Mbox, StoreKind::Markdown, StoreKind::Eml] {
            let mut memory = Memory::default();
            memory.scan(kind, dir.path(), LATER);
            for place in memory.places.values().flatten() {
                prop_assert!(place.offset + place.len <= bytes.len() as u64);
                load(place).unwrap();
            }
        }
    }
}

const PIECES: &[&str] = &[
    "From a@x.example Fri Nov 20 16:04:26 2026\n",
    "From: a@x.example\n",
    "Subject: x\n",
    "\n",
    ">From b\n",
    "# Subject\n",
    "- Exported: 2026-11-20\n",
    "- Messages: 2\n",
    "## 2026-11-20 - Sam <sam@acme.example>\n",
    "## 20 Nov 2026 at 16:04 — \n",
    "> quoted\n",
    "```\n",
    "\r\n",
    "é\u{202f}",
];

/// Every file below a folder with its bytes and the time of its last change.
fn snapshot(root: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut out = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let time = fs::metadata(&path).unwrap().modified().unwrap();
                out.push((path.clone(), fs::read(&path).unwrap(), time));
            }
        }
    }
    out.sort();
    out
}

#[test]
fn a_thunderbird_profile_is_read_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let entry = |subject: &str, status: &str| {
        format!(
            "From - Fri Nov 20 16:04:26 2026\nX-Mozilla-Status: {status}\nX-Mozilla-Status2: 00000000\n{}\n",
            mail(subject)
        )
    };
    let put = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("prefs.js", "user_pref(\"x\", 1);\n");
    put("cookies.sqlite", "From the start\n");
    put(
        "Mail/Local Folders/Inbox",
        &[entry("one", "0001"), entry("gone", "0009"), entry("two", "0000")].concat(),
    );
    put("Mail/Local Folders/Inbox.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n");
    put("Mail/Local Folders/msgFilterRules.dat", "From x\n");
    put("Mail/Local Folders/popstate.dat", "From x\n");
    put("Mail/Local Folders/Archives.sbd/2026.sbd/v1.2", &entry("deep", "0001"));
    put("Mail/Local Folders/Trash", &entry("thrown", "0001"));
    put("Mail/Local Folders/Trash.sbd/Old", &entry("thrown below", "0001"));
    put("Mail/Local Folders/Unsent Messages", &entry("unsent", "0001"));
    put("ImapMail/imap.pumps.example/INBOX.msf", "");
    put("ImapMail/imap.pumps.example/Empty", "");
    put("ImapMail/imap.pumps.example/Empty.msf", "");
    put("ImapMail/imap.pumps.example/Entw&APw-rfe", &entry("draft", "0001"));
    put("ImapMail/imap.pumps.example/Sent", &entry("sent", "0001"));
    put("ImapMail/imap.pumps.example/Maildir Folder/cur/1.eml", &mail("as maildir"));
    put("ImapMail/imap.pumps.example/Maildir Folder.sbd/Below/cur/1.eml", &mail("below"));
    let before = snapshot(dir.path());
    let mut memory = Memory::default();
    let (found, scanned) = memory.scan(StoreKind::Thunderbird, dir.path(), LATER);
    assert_eq!(found, "+6 -0 ~0 =0", "{:?}", memory.subjects());
    assert_eq!(memory.subjects(), ["as maildir", "below", "deep", "one", "sent", "two"]);
    assert!(scanned.unreadable.is_empty());
    assert_eq!(memory.scan(StoreKind::Thunderbird, dir.path(), LATER).0, "-");
    // An account alone, and the folder of profiles.
    let subjects = |path: &Path| {
        let mut memory = Memory::default();
        memory.scan(StoreKind::Thunderbird, path, LATER);
        memory.subjects().len()
    };
    assert_eq!(subjects(&dir.path().join("Mail")), 3);
    assert_eq!(subjects(&dir.path().join("ImapMail/imap.pumps.example")), 3);
    assert_eq!(subjects(dir.path().parent().unwrap().join(dir.path().file_name().unwrap()).as_path()), 6);
    assert_eq!(snapshot(dir.path()), before, "reading changes no byte and no time");
    // Thrown away in Thunderbird: one digit is changed in place.
    let inbox = dir.path().join("Mail/Local Folders/Inbox");
    let text = fs::read_to_string(&inbox).unwrap().replacen("Status: 0001", "Status: 0009", 1);
    fs::write(&inbox, &text).unwrap();
    memory.scan(StoreKind::Thunderbird, dir.path(), LATER);
    assert_eq!(memory.subjects(), ["as maildir", "below", "deep", "sent", "two"]);
    // Compacted, and a new one.
    fs::write(&inbox, [entry("two", "0000"), entry("three", "0000")].concat()).unwrap();
    memory.scan(StoreKind::Thunderbird, dir.path(), LATER);
    assert_eq!(memory.subjects(), ["as maildir", "below", "deep", "sent", "three", "two"]);
    let none = tempfile::tempdir().unwrap();
    let spec = StoreSpec { id: "s".to_owned(), kind: StoreKind::Thunderbird, path: none.path().to_owned() };
    let error = scan(&spec, &Memory::default(), LATER, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(error, StoreError::OtherKind { .. }), "{error}");
}

#[test]
fn a_mark_changed_far_from_the_end_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("Inbox");
    let entry = |subject: &str, status: &str| {
        format!("From \nX-Mozilla-Status: {status}\n{}{}\n", mail(subject), "line of text\n".repeat(900))
    };
    fs::write(&path, [entry("one", "0001"), entry("two", "0001")].concat()).unwrap();
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Thunderbird, dir.path(), LATER).0, "+2 -0 ~0 =0");
    fs::write(&path, [entry("one", "0009"), entry("two", "0001")].concat()).unwrap();
    assert_eq!(memory.scan(StoreKind::Thunderbird, dir.path(), LATER).0, "+0 -1 ~0 =1");
    fs::write(&path, [entry("one", "0009"), entry("two", "0001"), entry("three", "0001")].concat()).unwrap();
    assert_eq!(memory.scan(StoreKind::Thunderbird, dir.path(), LATER).0, "+1 -0 ~0 =1");
    assert_eq!(memory.subjects(), ["three", "two"]);
}

#[test]
fn takeout_labels_stay_with_the_message() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("All mail Including Spam and Trash.mbox");
    let entry = |labels: &str, subject: &str| {
        format!(
            "From 1750000000000000001@xxx Fri Nov 20 16:04:26 +0000 2026\nX-GM-THRID: 1750000000000000001\nX-Gmail-Labels: {labels}\n{}\n",
            mail(subject)
        )
    };
    fs::write(
        &path,
        [entry("=?UTF-8?Q?Gesendet,\"Halle_3,_P=C3=BCmpen\"?=", "one"), entry("Spam", "two")].concat(),
    )
    .unwrap();
    let mut memory = Memory::default();
    assert_eq!(memory.scan(StoreKind::Mbox, &path, LATER).0, "+2 -0 ~0 =0");
    let mut all: Vec<_> = memory.places.values().flatten().map(|place| load(place).unwrap()).collect();
    all.sort_by_key(|message| message.subject.to_string());
    let labels = |message: &postil_mail::Message| {
        message.labels.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
    };
    let shown: Vec<_> =
        all.iter().map(|m| (labels(m), m.sent, postil_mail::store::is_set_aside(&m.labels))).collect();
    assert_eq!(
        shown,
        [("Gesendet|Halle 3, Pümpen".to_owned(), true, false), ("Spam".to_owned(), false, true)]
    );
}
