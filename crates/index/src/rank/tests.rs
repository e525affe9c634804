//! What is found, in which order, and why.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use postil_evidence::{
    Addr, Audience, ContentHash, Label, MessageKey, NotePath, Parties, PartyId, Passage, Recipients, Source,
    Span, Trust,
};

use super::{Asker, Leak, Ranked, Take, rank};
use crate::passages::Passages;
use crate::query::{Days, Filters, Query, SourceKind, Word, WordField};

/// `name | title | date | people | audience | text`; a name with `.md` is a note, another a message.
const PASSAGES: &str = "
a.md | Retention workshop | 2026-11-10 | ana@northwind.example | northwind | We keep the audit logs for 24 months.
b.md | Weekly notes | 2026-01-05 | | internal | Audit planning; the logs of the audit were copied, retention is open.
c.md | Prices | | | public | The price sheet lists 1,200 EUR for storage and Müller's discount.
m1 | Re: pilot | 2026-11-20 | ana@northwind.example, me@us.example | northwind, globex | The pilot starts in Zürich.
m2 | Re: pilot | 2026-11-21 | gil@globex.example | globex | The pilot starts in Zürich.
m3 | 保留期限 | 2026-11-22 | gil@globex.example | private | 审计日志保留二十四个月
";

fn source(name: &str) -> Source {
    match NotePath::parse(name).filter(|_| name.ends_with(".md")) {
        Some(path) => Source::Note(path),
        None => Source::Mail(MessageKey(ContentHash::of(name.as_bytes()))),
    }
}

fn passage(line: &str) -> (String, Passage) {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [name, title, day, people, audience, text] = cells[..] else { panic!("{line}") };
    let passage = Passage {
        source: source(name),
        span: Span::new(0, text.len()),
        line: 1,
        text: text.to_owned(),
        title: title.to_owned(),
        headings: Vec::new(),
        anchor: None,
        date: day.parse::<Date>().ok(),
        people: people.split(',').filter_map(Addr::parse).collect(),
        links: Vec::new(),
        label: Label { audience: Audience::parse([audience]), trust: Trust::Own, why: String::new() },
    };
    (name.to_owned(), passage)
}

fn ranked(query: &Query, filters: &Filters) -> Vec<(String, Ranked)> {
    let all: Vec<(String, Passage)> = PASSAGES.trim().lines().map(passage).collect();
    let store = Passages::in_memory().unwrap();
    let mut writer = store.writer().unwrap();
    for (_, passage) in &all {
        writer.add(&passage.source, passage.clone()).unwrap();
    }
    writer.commit(1).unwrap();
    store.reload().unwrap();
    let (hits, _) =
        rank(&store.snapshot().unwrap(), query, filters, Asker::Owner, Take::Best(10), Leak::None).unwrap();
    let named = |hit: Ranked| {
        let name = all.iter().find(|(_, passage)| *passage == hit.passage).map(|(name, _)| name.clone());
        (name.unwrap(), hit)
    };
    hits.into_iter().map(named).collect()
}

fn check(query: &str, filters: &Filters, expect: &str) {
    let names: Vec<String> =
        ranked(&Query::parse(query), filters).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.join(" "), expect, "{query} {filters:?}");
}

#[test]
fn words_phrases_and_fields_find() {
    let all = Filters::default();
    check("retention", &all, "a.md b.md");
    check("audits logging", &all, "b.md a.md");
    check("\"audit log\"", &all, "a.md");
    check("\"starts in zurich\" pilot", &all, "m2 m1");
    check("\"zurich starts\"", &all, "");
    check("title:retention", &all, "a.md");
    check("1200 muller", &all, "c.md");
    check("globex.example", &all, "m3 m2 m1 a.md");
    check("保留", &all, "m3");
    check("日志", &all, "m3");
    check("nothing", &all, "");
    check("", &all, "");
}

/// Which passages pass, whatever their order.
fn check_filter(filters: Filters, expect: &str) {
    let query = Query::parse("pilot audit price 保留");
    let mut names: Vec<String> = ranked(&query, &filters).into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names.join(" "), expect, "{filters:?}");
}

#[test]
fn filters_narrow() {
    let some = Filters::default;
    check_filter(some(), "a.md b.md c.md m1 m2 m3");
    check_filter(Filters { kind: Some(SourceKind::Note), ..some() }, "a.md b.md c.md");
    check_filter(Filters { kind: Some(SourceKind::Mail), ..some() }, "m1 m2 m3");
    check_filter(Filters { audience: Some(Audience::Internal), ..some() }, "b.md");
    check_filter(Filters { party: Some(PartyId::new("globex")), ..some() }, "m1 m2");
    let ana = Addr::parse("ana@northwind.example").unwrap();
    check_filter(Filters { people: vec![ana.clone()], ..some() }, "a.md m1");
    check_filter(Filters { people: vec![ana], kind: Some(SourceKind::Mail), ..some() }, "m1");
    check_filter(Filters { from: Some(date(2026, 11, 21)), ..some() }, "m2 m3");
    check_filter(Filters { until: Some(date(2026, 11, 10)), ..some() }, "a.md b.md");
    check_filter(Filters { only: vec![source("m1"), source("b.md")], ..some() }, "b.md m1");
    check_filter(Filters { exclude: vec![source("m1"), source("b.md")], ..some() }, "a.md c.md m2 m3");
}

#[test]
fn a_score_is_the_sum_of_its_reasons() {
    let mut query = Query::parse("retention audit \"logs\"");
    query.words.push(Word { text: "ana@northwind.example".to_owned(), weight: 0.5, field: WordField::Any });
    for (name, hit) in ranked(&query, &Filters::default()) {
        let sum: f64 = hit.reasons.iter().map(|part| part.score).sum();
        assert!((sum - hit.score).abs() < 1e-9, "{name} {:?}", hit.reasons);
        if name == "a.md" {
            let what: Vec<&str> = hit.reasons.iter().map(|part| part.what.as_str()).collect();
            assert!(what.contains(&"title: retention") && what.contains(&"audit"), "{what:?}");
            assert!(what.contains(&"people: ana@northwind.example") && what.contains(&"recent"), "{what:?}");
        }
    }
}

#[test]
fn a_word_without_weight_is_left_out_and_order_does_not_matter() {
    let word = |text: &str, weight| Word { text: text.to_owned(), weight, field: WordField::Any };
    let off = Query {
        words: vec![word("pilot", 0.0), word("price", f32::NAN), word("audit", -1.0)],
        ..Query::default()
    };
    assert!(ranked(&off, &Filters::default()).is_empty());
    let bits = |words: Vec<Word>| -> Vec<u64> {
        ranked(&Query { words, ..Query::default() }, &Filters::default())
            .iter()
            .map(|(_, hit)| hit.score.to_bits())
            .collect()
    };
    let (a, b, c) = (word("audit logs", 1.0), word("Zürich", 2.0), word("zurich", 1.5));
    assert_eq!(bits(vec![a.clone(), b.clone(), c.clone()]), bits(vec![c, b, a]));
}

/// Notes of several passages: `name | text`, in the order of the lines; all are internal and of one day.
fn note_order(lines: &str, query: &Query) -> Vec<String> {
    let mut notes: Vec<(String, Vec<Passage>)> = Vec::new();
    for line in lines.trim().lines() {
        let (name, text) = line.split_once(" | ").unwrap();
        let (_, mut passage) = passage(&format!("{name} | | 2026-11-10 | | internal | {text}"));
        if notes.last().is_none_or(|(last, _)| last != name) {
            notes.push((name.to_owned(), Vec::new()));
        }
        let (_, passages) = notes.last_mut().unwrap();
        let start = passages.last().map_or(0, |last: &Passage| last.span.end + 1);
        passage.span = Span::new(start, start + text.len());
        passages.push(passage);
    }
    let store = Passages::in_memory().unwrap();
    let mut writer = store.writer().unwrap();
    for (name, passages) in notes {
        writer.add_all(&source(&name), passages).unwrap();
    }
    writer.commit(1).unwrap();
    store.reload().unwrap();
    let snapshot = store.snapshot().unwrap();
    let (hits, _) =
        rank(&snapshot, query, &Filters::default(), Asker::Owner, Take::Best(10), Leak::None).unwrap();
    hits.into_iter().map(|hit| format!("{}: {}", hit.passage.source, hit.passage.text)).collect()
}

#[test]
fn a_line_of_a_note_on_the_matter_ranks_before_its_like_elsewhere() {
    let far =
        "we talked about many other things that day and none of them had to do with it at all, not one. "
            .repeat(8);
    let lines = format!(
        "kayak.md | The kayak was repaired.\nkayak.md | {far}\nkayak.md | The hull is red now.\n\
         car.md | The engine was cleaned.\ncar.md | {far}\ncar.md | The hull is red now."
    );
    let order = note_order(&lines, &Query::parse("red hull kayak"));
    let place = |wanted: &str| order.iter().position(|hit| hit == wanted);
    assert!(place("kayak.md: The hull is red now.") < place("car.md: The hull is red now."), "{order:?}");
}

/// What a query finds in these notes, in order.
fn check_forms(query: &str, expect: &[&str]) {
    let lines = "a.md | Die Rechnung liegt bei Petersen.\nb.md | Drei Rechnungen sind offen.\n\
                 c.md | I contratti di Ferrari.\nd.md | Peters und Ferraro kommen am Montag.";
    let found = note_order(lines, &Query::parse(query));
    let found: Vec<String> =
        found.iter().filter_map(|hit| hit.split('.').next()).map(str::to_owned).collect();
    assert_eq!(found, expect, "{query}");
}

#[test]
fn another_form_is_found_behind_the_word_itself() {
    check_forms("Rechnungen", &["b", "a"]);
    check_forms("rechnung", &["a", "b"]);
    check_forms("contratto", &["c"]);
    check_forms("Petersen", &["a"]);
    check_forms("Ferraro", &["d"]);
    check_forms("ferraro", &["d"]);
    // In quotes a word is what is written.
    check_forms("\"Rechnungen\"", &["b"]);
}

#[test]
fn a_passage_of_an_asked_day_ranks_first_and_none_is_left_out() {
    let day = |day: &str| day.parse::<Date>().unwrap();
    let names = |days: Vec<Days>| -> Vec<String> {
        let query = Query { days, ..Query::parse("retention audit logs") };
        ranked(&query, &Filters::default()).into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(Vec::new()), ["a.md", "b.md"]);
    let january = Days { first: day("2026-01-01"), last: day("2026-01-31") };
    assert_eq!(names(vec![january]), ["b.md", "a.md"]);
}

/// The names of the hits for some passages, best first, with what a part gives each of them.
fn parts(rows: &[(&str, &[&str])], query: &str, asker: Asker<'_>, part: &str) -> Vec<(String, f64)> {
    let store = Passages::in_memory().unwrap();
    let mut writer = store.writer().unwrap();
    let mut all = Vec::new();
    for (row, links) in rows {
        let (name, mut passage) = passage(row);
        passage.links = links.iter().map(|link| (*link).to_owned()).collect();
        writer.add(&passage.source, passage.clone()).unwrap();
        all.push((name, passage));
    }
    writer.commit(1).unwrap();
    store.reload().unwrap();
    let snapshot = store.snapshot().unwrap();
    let (hits, _) =
        rank(&snapshot, &Query::parse(query), &Filters::default(), asker, Take::Best(10), Leak::None)
            .unwrap();
    let given = |hit: Ranked| {
        let name = all.iter().find(|(_, passage)| *passage == hit.passage).map(|(name, _)| name.clone());
        let part = hit.reasons.iter().find(|reason| reason.what == part).map_or(0.0, |part| part.score);
        (name.unwrap(), part)
    };
    hits.into_iter().map(given).collect()
}

#[test]
fn a_passage_rises_with_those_it_is_linked_with() {
    let hub = (
        "Seagull.md | Seagull | | | internal | The pump of Seagull was tested; the pump report is here.",
        &[][..],
    );
    let far = ("far.md | x | | | internal | A pump was bought.", &["Heron"][..]);
    let linking = ("near.md | y | | | internal | A pump was bought.", &["seagull"][..]);
    let linked = ("target.md | z | | | internal | A pump was bought.", &[][..]);
    let by_hub = (hub.0, &["target", "Seagull"][..]);
    let hits = parts(&[hub, far, linking], "pump report", Asker::Owner, "linked");
    assert_eq!(
        hits.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["Seagull.md", "near.md", "far.md"]
    );
    assert!(hits[1].1 > 0.0 && hits[2].1 == 0.0, "{hits:?}");
    let hits = parts(&[by_hub, far, linked], "pump report", Asker::Owner, "linked");
    assert_eq!(
        hits.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["Seagull.md", "target.md", "far.md"]
    );
    // A note that links to itself is no neighbour.
    assert_eq!(parts(&[by_hub, far], "pump report", Asker::Owner, "linked")[0].1, 0.0);
}

#[test]
fn the_name_of_a_linked_note_is_a_word_of_the_passage() {
    let first = ("a.md | Contract | | | internal | Renewal is on 1 March.", &["Northwind Traders"][..]);
    let other = ("b.md | Contract | | | internal | Renewal is on 1 June.", &["Globex"][..]);
    let hits = parts(&[first, other], "northwind renewal", Asker::Owner, "links: northwind");
    assert_eq!((hits[0].0.as_str(), hits[1].1), ("a.md", 0.0));
    assert!(hits[0].1 > 0.0);
    // What the text shows is not counted twice.
    let shown = ("c.md | Contract | | | internal | Northwind Traders renew.", &["Northwind Traders"][..]);
    assert_eq!(parts(&[shown], "northwind", Asker::Owner, "links: northwind")[0].1, 0.0);
}

#[test]
fn what_is_shared_with_the_readers_comes_before_its_like() {
    let parties = Parties {
        domains: BTreeMap::from([("acme.example".to_owned(), PartyId::new("acme"))]),
        ..Parties::default()
    };
    let reader = Addr::parse("bo@acme.example").unwrap();
    let to = Recipients::resolve([&reader], &parties);
    let public = ("a.md | x | | | public | A pump was bought.", &[][..]);
    let party = ("b.md | x | | | acme | A pump was bought.", &[][..]);
    let person = ("c.md | x | | bo@acme.example | acme | A pump was bought.", &[][..]);
    let hits = parts(&[public, party, person], "pump", Asker::Recipients(&to), "shared");
    assert_eq!(hits.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["c.md", "b.md", "a.md"]);
    assert!(hits[0].1 > hits[1].1 && hits[1].1 > 0.0 && hits[2].1 == 0.0, "{hits:?}");
    // What all passages share tells nothing.
    assert_eq!(parts(&[party], "pump", Asker::Recipients(&to), "shared")[0].1, 0.0);
    assert_eq!(parts(&[public, party, person], "pump", Asker::Owner, "shared")[0].1, 0.0);
}
