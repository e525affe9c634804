//! Tests of the catalogue: threads, places, notes, damage.

use postil_evidence::{Audience, ContentHash, MessageKey, NotePath, Source};

use super::{
    BULK, BulkThreads, CachedRow, Catalog, CatalogWriter, Counts, DefectNote, GUESSED, Mark, MessageRow,
    NoteRow, OPEN, PlaceRow, UNJOINED,
};

struct Fixture {
    _dir: tempfile::TempDir,
    writer: CatalogWriter,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("catalog.db");
    Catalog::create(&path, "1").unwrap();
    Fixture { writer: CatalogWriter::start(&path).unwrap(), _dir: dir }
}

fn key(text: &str) -> MessageKey {
    MessageKey(ContentHash::of(text.as_bytes()))
}

fn place(message: &str, container: &str, offset: u64) -> PlaceRow {
    PlaceRow {
        key: key(message),
        store: "mbox:archive".to_owned(),
        container: container.to_owned(),
        path: String::new(),
        offset,
        len: 10,
        format: 2,
    }
}

fn message(id: &str, thread: i64, date_ms: Option<i64>, flags: u8) -> MessageRow {
    MessageRow {
        key: key(id),
        thread,
        message_id: format!("<{id}@x.example>"),
        date_ms,
        offset_minutes: -90,
        from_addr: "ana@x.example".to_owned(),
        subject: "Größe".to_owned(),
        flags,
        size: 5,
        topic: 0,
    }
}

#[test]
fn a_container_is_marked_and_its_places_come_and_go() {
    let Fixture { mut writer, _dir } = fixture();
    let mark = Mark { mtime_ns: -5, size: u64::from(u32::MAX) * 9, digest: [7; 16] };
    writer.set_container("mbox:archive", "a.mbox", Some(&mark)).unwrap();
    for row in [place("m1", "a.mbox", 0), place("m2", "a.mbox", 10), place("m1", "b.mbox", 0)] {
        writer.add_place(&row).unwrap();
    }
    assert_eq!(writer.read().mark("mbox:archive", "a.mbox").unwrap(), Some(mark));
    assert_eq!(writer.read().mark("mbox:archive", "b.mbox").unwrap(), None, "never read to its end");
    assert_eq!(writer.read().mark("other", "a.mbox").unwrap(), None);
    assert_eq!(writer.read().places("mbox:archive", "a.mbox").unwrap().len(), 2);

    assert_eq!(writer.remove_place(&place("m1", "a.mbox", 0)).unwrap(), None, "it has another place");
    writer.move_place(&place("m1", "b.mbox", 0), &place("m1", "c.mbox", 4)).unwrap();
    assert_eq!(writer.read().places_of(key("m1")).unwrap(), [place("m1", "c.mbox", 4)]);
    assert_eq!(writer.remove_place(&place("m1", "c.mbox", 4)).unwrap(), Some(key("m1")));
    assert_eq!(writer.remove_place(&place("m1", "c.mbox", 4)).unwrap(), None, "already gone");

    writer.add_place(&place("m2", "c.mbox", 4)).unwrap();
    assert_eq!(writer.forget_container("mbox:archive", "c.mbox").unwrap(), []);
    assert_eq!(writer.forget_store("mbox:archive").unwrap(), [key("m2")]);
    assert_eq!(writer.read().containers("mbox:archive").unwrap(), []);
    assert_eq!(writer.read().counts().unwrap(), Counts::default());
}

#[test]
fn a_message_is_found_by_key_prefix_and_by_id() {
    let Fixture { mut writer, _dir } = fixture();
    let (m1, m2) = (message("m1", 1, Some(1), 0), message("m2", 1, None, BULK));
    writer.set_message(&m1).unwrap();
    writer.set_message(&m2).unwrap();
    writer.set_message(&m2).unwrap();
    let find = |name: &str| writer.read().find_messages(name).unwrap();
    let hex = m1.key.to_string();
    let prefix = |digits: usize| hex.chars().take(digits).collect::<String>();
    for name in [&hex, &prefix(7), &prefix(8).to_uppercase(), "<m1@x.example>", "m1@x.example"] {
        assert_eq!(find(name), std::slice::from_ref(&m1), "{name}");
    }
    for name in ["", "abc", &prefix(3), "<m3@x.example>", "%"] {
        assert_eq!(find(name), [], "{name}");
    }
    assert_eq!(writer.read().message(m2.key).unwrap(), Some(m2.clone()));
    writer.remove_message(m2.key).unwrap();
    assert_eq!(writer.read().message(m2.key).unwrap(), None);
}

#[test]
fn threads_are_listed_newest_first() {
    let Fixture { mut writer, _dir } = fixture();
    for row in [
        message("a1", 1, Some(10), 0),
        message("a2", 1, Some(50), BULK),
        message("b1", 2, Some(50), BULK),
        message("c1", 3, Some(40), 0),
        message("c2", 3, None, 0),
        message("d1", 4, Some(5), 0),
        message("e1", 5, None, 0),
    ] {
        writer.set_message(&row).unwrap();
    }
    let threads = |since, limit, bulk| -> Vec<i64> {
        let found = writer.read().threads_active_since(since, limit, bulk).unwrap();
        found.iter().map(|row| row.thread).collect()
    };
    assert_eq!(threads(10, 9, BulkThreads::Include), [2, 1, 3]);
    assert_eq!(threads(10, 9, BulkThreads::Exclude), [1, 3]);
    assert_eq!(threads(0, 2, BulkThreads::Include), [2, 1]);
    assert_eq!(threads(i64::MIN, 9, BulkThreads::Exclude), [1, 3, 4]);
    let ids: Vec<String> =
        writer.read().thread_messages(3).unwrap().into_iter().map(|(row, _)| row.message_id).collect();
    assert_eq!(ids, ["<c1@x.example>", "<c2@x.example>"]);
    assert_eq!(writer.read().counts().unwrap().threads, 5);
}

#[test]
fn references_join_threads_in_whatever_order_they_come() {
    let Fixture { mut writer, _dir } = fixture();
    let first = writer.thread_for(&["<a@x>"]).unwrap();
    let second = writer.thread_for(&["<c@x>", "<b@x>"]).unwrap();
    let third = writer.thread_for(&["e@x"]).unwrap();
    assert!(first < second && second < third);
    writer.set_message(&message("c", second, Some(1), 0)).unwrap();
    let row = CachedRow { kind: "reading", key: b"c", thread: Some(second), version: "1", value: b"{}" };
    writer.put_cached(&row).unwrap();
    assert_eq!(writer.read().cached("reading", b"c").unwrap(), Some(("1".to_owned(), b"{}".to_vec())));

    assert_eq!(writer.thread_for(&["<e@x>", "<b@x>"]).unwrap(), second, "the newest two are one");
    assert_eq!(writer.thread_for(&["<d@x>", "<e@x>", "<a@x>"]).unwrap(), first, "all are one");
    for id in ["a@x", "b@x", "c@x", "d@x", "<e@x>"] {
        assert_eq!(writer.thread_for(&[id]).unwrap(), first, "{id}");
    }
    assert_eq!(writer.read().thread_messages(first).unwrap().len(), 1);
    assert_eq!(writer.read().cached("reading", b"c").unwrap(), None, "its thread changed");
    let (lone, other) = (writer.thread_for(&[]).unwrap(), writer.thread_for(&["", " "]).unwrap());
    assert!(lone > third && other > lone);
}

#[test]
fn merged_threads_stay_merged_in_the_next_batch() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("catalog.db");
    Catalog::create(&path, "1").unwrap();
    let mut writer = CatalogWriter::start(&path).unwrap();
    let a = writer.thread_for(&["a"]).unwrap();
    writer.thread_for(&["b"]).unwrap();
    writer.thread_for(&["a", "b"]).unwrap();
    writer.commit().unwrap();
    drop(writer);
    let mut writer = CatalogWriter::start(&path).unwrap();
    assert_eq!(writer.thread_for(&["b"]).unwrap(), a);
    assert_eq!(writer.thread_for(&["new"]).unwrap(), a + 2, "a number is not given twice");
}

#[test]
fn notes_and_defects_are_replaced_with_their_item() {
    let Fixture { mut writer, _dir } = fixture();
    let path = NotePath::parse("People/Ana.md").unwrap();
    let mut note = NoteRow {
        path: path.clone(),
        size: 9,
        mtime_ns: 1,
        hash: ContentHash::of(b"x"),
        title: "Ana".to_owned(),
        audience: Audience::parse(["acme, globex"]),
        why: "its folder".to_owned(),
        entity: Some("{\"name\":\"Ana\"}".to_owned()),
        defects: "[]".to_owned(),
        passages: 3,
    };
    writer.set_note(&note).unwrap();
    note.title = "Ana B".to_owned();
    writer.set_note(&note).unwrap();
    assert_eq!(writer.read().notes().unwrap(), [note.clone()]);
    assert_eq!(writer.read().note(&path).unwrap(), Some(note));

    let words = |text: &str| text.split(' ').map(str::to_owned).collect();
    let named = |writer: &CatalogWriter, text| {
        writer.read().entities_named(&words(text)).unwrap().into_keys().collect::<Vec<_>>()
    };
    writer.set_names(&path, &words("ana lima")).unwrap();
    writer.set_names(&path, &words("ana limo")).unwrap();
    assert_eq!(named(&writer, "who limo ana"), [path.as_str()]);
    assert!(named(&writer, "lima").is_empty());

    let defect =
        |kind: &str| DefectNote { place: "1".to_owned(), kind: kind.to_owned(), detail: String::new() };
    let (ana, mail) = (Source::Note(path.clone()), Source::Mail(key("m")));
    writer.set_defects(&ana, &[defect("yaml"), defect("date")]).unwrap();
    writer.set_defects(&mail, &[defect("date")]).unwrap();
    writer.set_defects(&mail, &[defect("date"), defect("date")]).unwrap();
    assert_eq!(writer.read().defect_counts().unwrap(), [("date".to_owned(), 3), ("yaml".to_owned(), 1)]);
    assert_eq!(writer.read().defects(1).unwrap()[0].item, "People/Ana.md");
    writer.remove_note(&path).unwrap();
    assert!(named(&writer, "ana").is_empty());
    assert_eq!(writer.read().defects(9).unwrap().len(), 2);
    assert_eq!(writer.read().notes().unwrap(), []);
}

#[test]
fn what_a_message_answers_is_looked_for_by_topic_time_and_id() {
    let Fixture { mut writer, _dir } = fixture();
    let row = |id: &str, date_ms: i64, flags: u8, topic: i64| MessageRow {
        topic,
        message_id: "<same@x>".to_owned(),
        ..message(id, 1, Some(date_ms), flags)
    };
    for row in
        [row("m1", 10, 0, 7), row("m2", 20, OPEN, 7), row("m3", 30, UNJOINED | BULK, 7), row("m4", 40, 0, 8)]
    {
        writer.set_message(&row).unwrap();
    }
    let names = |rows: Vec<MessageRow>| {
        let name =
            |row: &MessageRow| ["m1", "m2", "m3", "m4"].into_iter().find(|id| key(id) == row.key).unwrap();
        rows.iter().map(name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(writer.read().messages_of_topic(7, 30, 2).unwrap()), "m3 m2");
    assert_eq!(names(writer.read().messages_of_topic(7, 19, 9).unwrap()), "m1");
    assert_eq!(names(writer.read().messages_sent(20, 40, 9).unwrap()), "m2 m3");
    assert_eq!(names(writer.read().messages_with_id("same@x").unwrap()), "m1 m2 m3 m4");
    assert_eq!(names(writer.read().open_messages(9).unwrap()), "m2");
    assert!(writer.read().has_id("same@x").unwrap() && !writer.read().has_id("<nobody@x>").unwrap());
    assert!(!writer.is_reused("same@x").unwrap());
    writer.note_reused("<same@x>").unwrap();
    assert!(writer.is_reused("same@x").unwrap() && !writer.is_reused("nobody@x").unwrap());
    writer.wait_for(key("m2"), "<nobody@x>").unwrap();
    writer.settle_waiting().unwrap();
    assert_eq!(names(writer.read().open_messages(9).unwrap()), "m2");
    writer.wait_for(key("m2"), "<same@x>").unwrap();
    writer.settle_waiting().unwrap();
    assert_eq!(names(writer.read().open_messages(9).unwrap()), "");
    writer.set_flags(key("m2"), GUESSED).unwrap();
    writer.reopen_topic(7, 31).unwrap();
    assert_eq!(names(writer.read().open_messages(9).unwrap()), "");
    writer.reopen_topic(7, 30).unwrap();
    let open = writer.read().open_messages(9).unwrap();
    assert_eq!(open.iter().map(|row| row.flags).collect::<Vec<_>>(), [OPEN | BULK]);

    writer.add_labels(key("m1"), ["Work", "Größe"]).unwrap();
    writer.add_labels(key("m1"), ["Work"]).unwrap();
    writer.add_labels(key("m4"), ["Work"]).unwrap();
    assert_eq!(writer.read().labels().unwrap(), ["Größe", "Work"]);
    assert_eq!(writer.read().labelled("Work").unwrap().len(), 2);
    writer.remove_message(key("m1")).unwrap();
    assert_eq!(writer.read().labels().unwrap(), ["Work"]);

    let first = writer.thread_for(&["id@x"]).unwrap();
    let other = writer.thread_for(&[]).unwrap();
    writer.point_id("<id@x>", other).unwrap();
    assert_ne!(first, other);
    assert_eq!(writer.thread_for(&["id@x"]).unwrap(), other);
}
