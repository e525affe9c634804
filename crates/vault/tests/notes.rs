//! Notes as people write them: what is read from a text, and that reading never fails.

use postil_evidence::label::{Audience, Declared, LabelRules};
use postil_evidence::{Addr, Anchor, EntityKind, Label, NotePath, Trust};
use postil_vault::edit::{PropertyValue, apply_edits, set_property};
use postil_vault::{BlockKind, Note, VaultDefect, entity, parse_note, passages};
use proptest::prelude::*;

#[expect(clippy::unwrap_used, reason = "a test")]
fn note(path: &str, text: &str) -> Note {
    parse_note(&NotePath::parse(path).unwrap(), text.as_bytes())
}

fn label() -> Label {
    Label { audience: Audience::Internal, trust: Trust::Own, why: String::new() }
}

/// Each passage as `line|text|anchor`.
fn check_passages(text: &str, expect: &[&str]) {
    let note = note("Notes/n.md", text);
    let found: Vec<String> = passages(&note, &label(), &[])
        .iter()
        .map(|passage| {
            let anchor = match &passage.anchor {
                Some(Anchor::Block(id)) => format!("^{id}"),
                Some(Anchor::Heading(heading)) => format!("#{heading}"),
                None => String::new(),
            };
            assert!(text.is_char_boundary(passage.span.start) && !passage.span.of(text).is_empty());
            format!("{}|{}|{anchor}", passage.line, passage.text)
        })
        .collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn passages_read_as_a_person_reads() {
    check_passages(
        "# Top\n\nSee **the [[People/Ana|plan]]** of [[People/Ben Lee]], *now* ==really==. ![[pic.png]]\n",
        &["3|See the plan of Ben Lee, now really.|#Top"],
    );
    check_passages(
        "Decision: 24 months. ^d1\nDecision: 90 days. ^d2\n\nplain text\nof two lines\n\n#only #tags\n",
        &["1|Decision: 24 months.|^d1", "2|Decision: 90 days.|^d2", "4|plain text of two lines|"],
    );
    check_passages(
        "- [ ] Send the sheet 📅 2026-11-27\n- outer\n  - inner ^i\n\n    more inner\n",
        &["1|Send the sheet|", "2|outer|", "3|inner|^i", "5|more inner|"],
    );
    check_passages(
        "| item | price |\n|---|---|\n| Training | EUR 1,900 |\n| [[A\\|fee]] | **2** |\n\n^prices\n",
        &["3|item: Training; price: EUR 1,900|^prices", "4|item: fee; price: 2|^prices"],
    );
    check_passages(
        "> [!note]- Hidden title\n> Inside **it**.\n\n> a quote\n",
        &["1|Hidden title|", "2|Inside it.|", "4|a quote|"],
    );
    check_passages(
        "**Ana** (00:12): Hello there.\n**Ben Lee:** We go live\non Monday.\n**Ana:** Good.\n",
        &["1|Ana (00:12): Hello there.|", "2|Ben Lee: We go live on Monday.|", "4|Ana: Good.|"],
    );
    check_passages(
        "a %%hidden [[x]] #no%% b\n\n%%\nall hidden\n%%\n\nend[^1]\n\n[^1]: the foot\n",
        &["1|a b|", "7|end|", "9|the foot|"],
    );
    check_passages(
        "```sh\nrotate --all\n```\n\n```dataview\nLIST\n```\n\n<b>bold</b> <!-- no --> text\n",
        &["1|rotate --all|", "9|bold text|"],
    );
    check_passages(
        "---\ntype: people\nrole: VP Data\nstart_date: 2026-01-05\ntags: [x]\nboss: \"[[Ana Lee]]\"\n---\nText.\r\n",
        &["3|Role: VP Data|", "4|Start date: 2026-01-05|", "6|Boss: Ana Lee|", "8|Text.|"],
    );
    check_passages("---\ntype: email-draft\n---\nNot ours to cite.\n", &[]);
    check_passages("Die Schlüssel werden rotiert. ^rot\r\n", &["1|Die Schlüssel werden rotiert.|^rot"]);
}

#[test]
fn a_passage_knows_its_place() {
    let text = "# A\n\n## 2026-11-03 Call\n\n- Topic\n  - It costs 5.\n\n## Later\n\n2026-11-04: moved\n";
    let note = note("Notes/2026-01-01 log.md", text);
    let addr = Addr::parse("ana@x.example").unwrap();
    let found = passages(&note, &label(), std::slice::from_ref(&addr));
    let (date, headings) = (|i: usize| found[i].date.unwrap().to_string(), &found[1].headings);
    assert_eq!(headings, &["A", "2026-11-03 Call", "Topic"]);
    assert_eq!((date(0), date(1), date(2)), ("2026-11-03".into(), "2026-11-03".into(), "2026-11-04".into()));
    assert_eq!(found[1].span.of(text), "- It costs 5.");
    assert_eq!(found[0].people, [addr]);
}

#[test]
fn links_tags_and_tasks_are_found_outside_code_only() {
    let text = "---\ntags: [Alpha, beta]\nwho: \"[[Ana]]\"\n---\n#gamma [[B#H|b]] ![[c.png]] [d](d%20e.md#x) <https://x.example/#no>\n`[[code]] #code` \\#no C# #1 #alpha\n\n```\n[[code]] #code\n```\n\n| [[T\\|a]] |\n|---|\n| [[U\\|b]] |\n\n- [/] half done ⏫ 📅 2026-12-01\n";
    let note = note("n.md", text);
    let links: Vec<String> = note
        .links
        .iter()
        .map(|l| {
            assert!(l.span.of(text).contains(l.target.split(' ').next().unwrap()));
            format!("{}{}{}", if l.embed { "!" } else { "" }, l.target, l.subpath.as_deref().unwrap_or(""))
        })
        .collect();
    assert_eq!(links, ["Ana", "B#H", "!c.png", "d e.md#x", "T", "U"]);
    assert_eq!(note.tags, ["Alpha", "beta", "gamma"]);
    let task = &note.tasks[0];
    assert_eq!((task.status, task.text.as_str(), task.is_open()), ('/', "half done", true));
    assert_eq!(task.span.of(text), "- [/] half done ⏫ 📅 2026-12-01");
    assert!(note.blocks.iter().any(|b| matches!(b.kind, BlockKind::Code(_))));
}

#[test]
fn a_note_says_who_may_read_it() {
    let rules = LabelRules::default();
    for (text, expect) in [
        ("text", "internal"),
        ("---\naudience: acme\n---\n", "acme"),
        ("---\naudience: [acme, \"[[Globex]]\"]\n---\n", "acme, globex"),
        ("---\nAudience: private\naudience: public\n---\n", "private"),
        ("---\naudience:\n---\n", "internal"),
        ("---\naudience: {a: b}\n---\n", "private"),
        ("---\naudience: public\nbroken: [\n---\n", "private"),
        ("---\naudience: public\n", "private"),
        ("audience: public\n\naudience:: public", "internal"),
    ] {
        let note = note("n.md", text);
        assert_eq!(rules.label_note(&note.path, note.declared()).audience.to_string(), expect, "{text:?}");
    }
    assert_eq!(note("n.md", "x").declared(), Declared::Absent);
}

fn check_entity(path: &str, text: &str, expect: Option<(EntityKind, &str)>) {
    let note = note(path, text);
    let found = entity(&note, &label());
    assert_eq!(found.as_ref().map(|e| (e.kind, e.name.as_str())), expect, "{path} {text}");
}

#[test]
fn entities_by_type_tag_and_folder() {
    use EntityKind::{Organisation, Person, Project};
    check_entity("a/Maya Okafor.md", "---\ntype: people\n---\n", Some((Person, "Maya Okafor")));
    check_entity("People/Jonas Weber/README.md", "x", Some((Person, "Jonas Weber")));
    check_entity("contacts/Élodie.md", "x", Some((Person, "Élodie")));
    check_entity("Customers/Acme/Acme.md", "---\ntitle: Acme Ltd\n---\n", Some((Organisation, "Acme Ltd")));
    check_entity("Customers/Acme/Terms.md", "x", None);
    check_entity("Customers/Acme/Meetings/2026-11-10 - call.md", "#person", None);
    check_entity("People/README.md", "x", None);
    check_entity("People/1-1 Ana.md", "---\ntype: meeting\n---\n", None);
    check_entity("x/Lighthouse.md", "#project", Some((Project, "Lighthouse")));
    check_entity("x/y.md", "x", None);
}

#[test]
fn an_entity_carries_its_names_and_addresses() {
    let text = "---\ntype: person\ntitle: VP Data\naliases: Maya, M. Okafor\nemail: [maya@x.example, nonsense]\nmail: \"Maya <m@x.example>\"\ncompany: \"[[Customers/Northwind/README|NW]]\"\n---\n";
    let note = note("People/Maya Okafor.md", text);
    let maya = entity(&note, &label()).unwrap();
    assert_eq!((maya.name.as_str(), maya.role.as_deref()), ("Maya Okafor", Some("VP Data")));
    assert_eq!(maya.aliases, ["Maya", "M. Okafor"]);
    assert_eq!(maya.addrs.iter().map(Addr::as_str).collect::<Vec<_>>(), ["maya@x.example", "m@x.example"]);
    assert_eq!(maya.organisation.as_deref(), Some("Northwind"));
    assert_eq!(note.defects, [VaultDefect::BadAddress("email: nonsense".into())]);
    let text = "---\ntype: company\nwebsite: https://www.Acme.example/en\ndomain: acme.co.example\n---\n";
    let acme = entity(&self::note("Acme.md", text), &label()).unwrap();
    assert_eq!(acme.domains, ["acme.co.example", "acme.example"]);
}

#[expect(clippy::unwrap_used, reason = "a test")]
fn check_set(text: &str, key: &str, value: PropertyValue, expect: Option<&str>) {
    let set = set_property(text, key, &value);
    let why = set.as_ref().err().map(ToString::to_string);
    let after = set.ok().map(|edit| apply_edits(text, &[edit]).unwrap());
    assert_eq!(after.as_deref(), expect, "{text:?} {key} {why:?}");
}

#[test]
fn a_property_is_set_in_place() {
    let word = |text: &str| PropertyValue::Text(text.into());
    let list = |items: &[&str]| PropertyValue::List(items.iter().map(|i| (*i).to_owned()).collect());
    check_set("---\na: b # why\nc: d\n---\nx", "a", word("e f"), Some("---\na: \"e f\" # why\nc: d\n---\nx"));
    check_set(
        "---\r\nStatus: draft\r\n---\r\nx",
        "status",
        word("sent"),
        Some("---\r\nStatus: sent\r\n---\r\nx"),
    );
    check_set("---\na: 'x'\n---\n", "a", word("sent"), Some("---\na: \"sent\"\n---\n"));
    check_set("---\na:\nb: c\n---\n", "a", word("z"), Some("---\na: z\nb: c\n---\n"));
    check_set("---\na: # why\nb: c\n---\n", "a", word("z"), Some("---\na: z # why\nb: c\n---\n"));
    check_set("---\na: b\n---\n", "n", PropertyValue::Integer(3), Some("---\na: b\nn: 3\n---\n"));
    check_set("---\n---\n", "n", PropertyValue::Bool(true), Some("---\nn: true\n---\n"));
    check_set("text\n", "n", word("yes"), Some("---\nn: \"yes\"\n---\ntext\n"));
    check_set(
        "---\nl:\n  - a\n  - b\nz: 1.10\n---\n",
        "l",
        list(&["c: d", "[[E]]"]),
        Some("---\nl:\n  - \"c: d\"\n  - \"[[E]]\"\nz: 1.10\n---\n"),
    );
    check_set("---\nl:\n- a\nz: 1\n---\n", "l", word("b"), Some("---\nl: b\nz: 1\n---\n"));
    check_set("---\nl: [a, b]\n---\n", "l", list(&[]), Some("---\nl: []\n---\n"));
    check_set(
        "---\na: \"x\ny\"\nb: c\n---\n",
        "a",
        word("q\"\n---\n"),
        Some("---\na: \"q\\\"\\n---\\n\"\nb: c\n---\n"),
    );
    // Refused: what hangs together with something else, and what cannot be read.
    for text in [
        "---\na: &x b\nc: *x\n---\n",
        "---\na: !t b\n---\n",
        "---\na: |\n  b\n---\n",
        "---\na:\n  - b # why\n---\n",
        "---\na: b\na: c\n---\n",
        "---\n{a: b}\n---\n",
    ] {
        check_set(text, "n", word("z"), None.or(set_ok(text, "n")));
        check_set(text, "a", word("z"), set_ok(text, "a"));
    }
    check_set("---\na: b\n---\n", "bad: key", word("z"), None);
}

/// What may still be changed in a text with awkward parts: only what leaves them as they are.
fn set_ok(text: &str, key: &str) -> Option<&'static str> {
    match (text, key) {
        ("---\na: &x b\nc: *x\n---\n", "n") => Some("---\na: &x b\nc: *x\nn: z\n---\n"),
        ("---\na: !t b\n---\n", "n") => Some("---\na: !t b\nn: z\n---\n"),
        ("---\na: |\n  b\n---\n", "n") => Some("---\na: |\n  b\nn: z\n---\n"),
        ("---\na:\n  - b # why\n---\n", "n") => Some("---\na:\n  - b # why\nn: z\n---\n"),
        ("---\n{a: b}\n---\n", "a") => Some("---\n{a: z}\n---\n"),
        _ => None,
    }
}

#[test]
fn bytes_that_are_not_text_keep_their_places() {
    let bytes = b"# A\xff\xfe\n\nsee [[B]] \xc3\n";
    let note = parse_note(&NotePath::parse("n.md").unwrap(), bytes);
    assert_eq!(note.text.len(), bytes.len());
    assert_eq!(&bytes[note.links[0].span.start..note.links[0].span.end], b"[[B]]");
    assert_eq!(note.defects, [VaultDefect::NotUtf8]);
}

#[test]
fn deep_and_long_notes_are_read() {
    for text in [
        "> ".repeat(50_000),
        "- ".repeat(50_000),
        "[[".repeat(50_000),
        "*a ".repeat(50_000),
        "%%".repeat(50_001),
        "#a ".repeat(20_000),
        "![[".repeat(50_000),
        "| a ".repeat(20_000),
        "`".repeat(100_000),
        "<a ".repeat(50_000),
        "word ".repeat(200_000),
        "== ==".repeat(50_000),
    ] {
        let note = note("n.md", &text);
        assert!(passages(&note, &label(), &[]).len() <= note.text.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn anything_is_a_note(bytes in proptest::collection::vec(prop_oneof![
        any::<u8>(), Just(b'\n'), Just(b'['), Just(b']'), Just(b'|'), Just(b'-'), Just(b'#'), Just(b'%'), Just(b'^'),
        Just(b'>'), Just(b' '), Just(b'`'), Just(b':'), Just(b'='), Just(b'*'), Just(b'!')], 0..200)) {
        let note = parse_note(&NotePath::parse("n.md").unwrap(), &bytes);
        prop_assert_eq!(note.text.len(), bytes.len());
        for passage in passages(&note, &label(), &[]) {
            prop_assert!(note.text.get(passage.span.start..passage.span.end).is_some(), "{:?}", passage);
        }
        for link in &note.links {
            prop_assert!(link.span.of(&note.text).contains('['));
        }
    }

    #[test]
    fn setting_a_property_touches_nothing_else(
        lines in proptest::collection::vec(prop_oneof![
            Just("a: b"), Just("c: \"x # y\" # z"), Just("list:"), Just("  - one"), Just("  - two # no"), Just("d: |"),
            Just("  block"), Just("# comment"), Just("é: 'q''s'"), Just("n: 1.10"), Just("e:"), Just("f: {x: [y]}"),
            Just("g: &a 1"), Just("h: *a"), Just(""), Just("s: two\n  lines")], 0..8),
        key in prop_oneof![Just("a"), Just("list"), Just("e"), Just("f"), Just("new"), Just("s"), Just("n")],
        text in "\\PC{0,12}", crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let before = format!("---\n{}\n---\nbody [[x]]\n", lines.join("\n")).replace('\n', end);
        if let Ok(edit) = set_property(&before, key, &PropertyValue::Text(text.clone())) {
            let after = apply_edits(&before, std::slice::from_ref(&edit)).unwrap();
            let note = note("n.md", &after);
            let property = note.property(key).unwrap();
            prop_assert_eq!(property.written.as_deref(), Some(text.as_str()));
            prop_assert!(after.ends_with(before.split_at(edit.span.end).1));
            prop_assert!(after.starts_with(before.split_at(edit.span.start).0));
            for line in lines.iter().filter(|line| line.starts_with('#')) {
                prop_assert!(after.contains(line));
            }
        }
    }
}
