//! Tests of a batch: what is seen when, and what a crash between the two stores leaves.

use std::fs;
use std::path::Path;

use postil_evidence::{
    Addr, Audience, ContentHash, Label, MessageKey, NotePath, Parties, Passage, Recipients, Source, Span,
    Trust,
};

use crate::{Filters, Index, IndexError, Mark, MessageRow, Opened, PlaceRow, Query};

fn note(path: &str) -> Source {
    Source::Note(NotePath::parse(path).unwrap())
}

fn passage(source: &Source, start: usize, text: &str) -> Passage {
    Passage {
        source: source.clone(),
        span: Span::new(start, start + text.len()),
        line: 1,
        text: text.to_owned(),
        title: "Retention".to_owned(),
        headings: Vec::new(),
        anchor: None,
        date: None,
        people: Vec::new(),
        links: Vec::new(),
        label: Label { audience: Audience::Internal, trust: Trust::Own, why: String::new() },
    }
}

fn open(dir: &Path) -> Index {
    Index::open(dir, "1").unwrap().0
}

fn found(index: &Index, query: &str) -> Vec<String> {
    let hits = index.search(&Query::parse(query), &Filters::default(), 10).unwrap();
    hits.into_iter().map(|hit| hit.passage.text).collect()
}

#[test]
fn a_source_is_replaced_added_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let (index, opened) = Index::open(dir.path(), "1").unwrap();
    assert_eq!(opened, Opened::Fresh);
    let (a, b) = (note("a.md"), note("b.md"));
    let mut batch = index.writer().unwrap();
    batch.add(&a, vec![passage(&a, 0, "apples one"), passage(&a, 20, "apples two")]).unwrap();
    batch.replace(&b, vec![passage(&b, 0, "pears")]).unwrap();
    assert_eq!(found(&index, "apples pears"), [""; 0], "nothing is visible before the commit");
    batch.commit().unwrap();
    assert_eq!(found(&index, "pears"), ["pears"]);
    batch.replace(&a, vec![passage(&a, 0, "apples three")]).unwrap();
    batch.replace(&a, vec![passage(&a, 0, "apples four")]).unwrap();
    batch.remove(&b).unwrap();
    batch.commit().unwrap();
    drop(batch);
    assert_eq!(found(&index, "apple pear"), ["apples four"]);
    assert_eq!(index.passages().unwrap(), 1);
    let mut batch = index.writer().unwrap();
    batch.remove(&a).unwrap();
    drop(batch);
    assert_eq!(index.passages().unwrap(), 1, "a dropped batch changes nothing");
    index.verify().unwrap();
    drop(index);
    assert_eq!(Index::open(dir.path(), "1").unwrap().1, Opened::Same);
}

#[test]
fn one_writes_at_a_time_and_others_read() {
    let dir = tempfile::tempdir().unwrap();
    let (index, other) = (open(dir.path()), open(dir.path()));
    let a = note("a.md");
    let mut batch = index.writer().unwrap();
    assert!(matches!(other.writer(), Err(IndexError::Busy { .. })));
    batch.add(&a, vec![passage(&a, 0, "apples")]).unwrap();
    batch.catalog().set_meta("k", "v").unwrap();
    batch.commit().unwrap();
    assert_eq!(found(&other, "apples"), ["apples"], "a commit elsewhere is seen");
    assert_eq!(other.catalog().meta("k").unwrap().as_deref(), Some("v"));
    drop(batch);
    assert!(other.writer().is_ok());
}

/// A crash after the full text was published and before the catalogue was.
#[test]
fn a_crash_between_the_two_stores_doubles_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mail = Source::Mail(MessageKey(ContentHash::of(b"m")));
    let (a, Source::Mail(key)) = (note("a.md"), mail.clone()) else { unreachable!() };
    let mark = Mark { mtime_ns: 1, size: 2, digest: [0; 16] };
    let place = PlaceRow {
        key,
        store: "s".to_owned(),
        container: "c".to_owned(),
        path: String::new(),
        offset: 0,
        len: 1,
        format: 0,
    };
    let row = MessageRow {
        key,
        thread: 1,
        message_id: String::new(),
        date_ms: None,
        offset_minutes: 0,
        from_addr: String::new(),
        subject: String::new(),
        flags: 0,
        size: 1,
        topic: 0,
    };
    let index = open(dir.path());
    let mut batch = index.writer().unwrap();
    batch.add(&mail, vec![passage(&mail, 0, "apples by mail")]).unwrap();
    batch.catalog().set_container("s", "c", Some(&mark)).unwrap();
    batch.catalog().add_place(&place).unwrap();
    batch.catalog().set_message(&row).unwrap();
    batch.commit().unwrap();
    batch.add(&a, vec![passage(&a, 0, "apples in a note")]).unwrap();
    batch.replace(&mail, vec![passage(&mail, 0, "apples by newer mail")]).unwrap();
    batch.publish_text().unwrap();
    drop(batch);
    drop(index);
    assert!(dir.path().join("pending").exists(), "the crash was simulated");

    let (index, opened) = Index::open(dir.path(), "1").unwrap();
    assert_eq!(opened, Opened::Same);
    assert!(!dir.path().join("pending").exists());
    assert_eq!(found(&index, "apples"), [""; 0], "both are to be read again");
    assert_eq!(index.catalog().mark("s", "c").unwrap(), None, "so its container is");
    assert_eq!(index.catalog().message(key).unwrap(), None);
    let mut batch = index.writer().unwrap();
    batch.add(&a, vec![passage(&a, 0, "apples in a note")]).unwrap();
    batch.add(&mail, vec![passage(&mail, 0, "apples by newer mail")]).unwrap();
    batch.commit().unwrap();
    drop(batch);
    assert_eq!(found(&index, "apples").len(), 2);
    drop(index);
    assert_eq!(Index::open(dir.path(), "1").unwrap().1, Opened::Same);
}

/// Makes an index, damages it, and expects that it is emptied once, for a reason that holds `why`.
fn check_damage(why: &str, damage: impl Fn(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let index = open(dir.path());
    let mut batch = index.writer().unwrap();
    for i in 0..200 {
        let source = note(&format!("{i}.md"));
        batch.add(&source, vec![passage(&source, 0, "apples")]).unwrap();
    }
    batch.commit().unwrap();
    drop(batch);
    drop(index);
    damage(dir.path());
    let (index, opened) = Index::open(dir.path(), "1").unwrap();
    match opened {
        Opened::RebuiltBecause(reason) => assert!(reason.contains(why), "{reason}"),
        Opened::Same | Opened::Fresh => {
            // Not noticed at opening: then a search or the check notices, and the next opening repairs.
            let noticed = index.search(&Query::parse("apples"), &Filters::default(), 200).is_err();
            assert!(noticed || index.verify().is_err(), "{why}: {opened:?}");
            drop(index);
            let reopened = Index::open(dir.path(), "1").unwrap().1;
            assert!(matches!(reopened, Opened::RebuiltBecause(_)), "{why}: {reopened:?}");
        }
    }
    let (index, opened) = Index::open(dir.path(), "1").unwrap();
    assert_eq!(opened, Opened::Same, "{why}");
    assert_eq!(found(&index, "apples"), [""; 0]);
    let source = note("new.md");
    let mut batch = index.writer().unwrap();
    batch.add(&source, vec![passage(&source, 0, "apples")]).unwrap();
    batch.commit().unwrap();
    drop(batch);
    assert_eq!(found(&index, "apples"), ["apples"]);
}

fn files_of(dir: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let all = fs::read_dir(dir.join("text")).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<_> = all.filter(|path| path.to_str().unwrap().ends_with(ending)).collect();
    assert!(!found.is_empty(), "{ending}");
    found
}

#[test]
fn damage_is_reported_once_and_then_gone() {
    check_damage("full text was missing", |dir| fs::remove_dir_all(dir.join("text")).unwrap());
    check_damage("catalogue was missing", |dir| fs::remove_file(dir.join("catalog.db")).unwrap());
    check_damage("damaged", |dir| fs::write(dir.join("catalog.db"), "not a database, not at all").unwrap());
    check_damage("meta", |dir| fs::write(dir.join("catalog.db"), "").unwrap());
    check_damage("", |dir| fs::write(dir.join("text/meta.json"), "{").unwrap());
    for ending in [".store", ".idx", ".term", ".fast", ".fieldnorm"] {
        check_damage("", |dir| files_of(dir, ending).iter().for_each(|path| fs::remove_file(path).unwrap()));
        check_damage("", |dir| files_of(dir, ending).iter().for_each(|path| fs::write(path, "").unwrap()));
        check_damage("", |dir| {
            for path in files_of(dir, ending) {
                let mut bytes = fs::read(&path).unwrap();
                let middle = bytes.len() / 3;
                bytes[middle] ^= 0x5a;
                fs::write(&path, bytes).unwrap();
            }
        });
    }
}

#[test]
fn another_fingerprint_empties_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let (index, opened) = Index::open(dir.path(), "2").unwrap();
    assert!(matches!(opened, Opened::RebuiltBecause(why) if why.contains("label rules")));
    let batch = index.writer().unwrap();
    assert!(matches!(Index::open(dir.path(), "3"), Err(IndexError::Busy { .. })), "not under a writer");
    drop(batch);
}

#[test]
fn halves_of_different_age_are_noticed() {
    check_damage("different age", |dir| {
        let old = dir.join("old.db");
        fs::copy(dir.join("catalog.db"), &old).unwrap();
        let index = open(dir);
        let mut batch = index.writer().unwrap();
        let source = note("x.md");
        batch.add(&source, vec![passage(&source, 0, "pears")]).unwrap();
        batch.commit().unwrap();
        drop(batch);
        drop(index);
        fs::rename(old, dir.join("catalog.db")).unwrap();
    });
}

#[test]
fn what_is_withheld_is_told_to_the_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(dir.path());
    let (a, b) = (note("a.md"), note("b.md"));
    let mut public = passage(&b, 0, "apples for all");
    public.label.audience = Audience::Public;
    let mut batch = index.writer().unwrap();
    batch.add(&a, vec![passage(&a, 0, "apples for us")]).unwrap();
    batch.add(&b, vec![public]).unwrap();
    batch.commit().unwrap();
    drop(batch);
    let stranger = Addr::parse("x@nowhere.example").unwrap();
    let to = Recipients::resolve([&stranger], &Parties::default());
    let (query, filters) = (Query::parse("apples"), Filters::default());
    let (hits, _) = index.view().unwrap().recall(&query, &filters, &to, 5).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].passage.get().text, "apples for all");
    assert!(hits[0].passage.is_for(&to));
    let held = index.withheld(&query, &filters, &to, 5).unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((&held[0].0, held[0].2.audience.clone()), (&a, Audience::Internal));
}
