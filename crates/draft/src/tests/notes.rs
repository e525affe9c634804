//! Draft notes: their shape, their safety in a vault, and reading them back.

use jiff::civil::date;
use jiff::tz::TimeZone;
use postil_evidence::{Anchor, Source};
use postil_understand::AskKind::Question;
use proptest::prelude::*;

use crate::note::{Frame, file_name, read_back, render};
use crate::testing::{TestAsk, ask, brief, brief_of, message, passage, reading};
use crate::{FindingKind, check, compose, mail_note};

fn link(source: &Source, anchor: Option<&Anchor>) -> String {
    let stem = match source {
        Source::Note(path) => path.stem().to_owned(),
        Source::Mail(_) => "mail".to_owned(),
    };
    match anchor {
        Some(Anchor::Block(id)) => format!("[[{stem}#^{id}]]"),
        Some(Anchor::Heading(heading)) => format!("[[{stem}#{heading}]]"),
        None => format!("[[{stem}]]"),
    }
}

fn frame() -> Frame<'static> {
    Frame {
        created: date(2026, 11, 23).at(8, 30, 0, 0),
        original: "2026-11-20_160426_5605_Retention-terms.md".to_owned(),
        link_for: &link,
        composer: "none",
    }
}

#[test]
fn the_note_has_the_agreed_shape() {
    let text = "Hi Sam,\n\nDid we agree on 12 or 24 months for the audit logs?";
    let asks = [TestAsk {
        kind: Question,
        text: "Did we agree on 12 or 24 months for the audit logs?",
        matter: "did we agree on 12 or 24 months for the audit logs",
        due: None,
        notes: &[(
            "Meetings/2026-11-10 - Workshop.md @ 2026-11-10",
            "Decision: 24-month retention for audit logs.",
        )],
    }];
    let brief = brief_of("Maya Okafor <maya@northwind.example>", "en", text, &asks);
    let draft = compose(&brief);
    let note = render(&draft, &brief, &frame());
    let expect = r#"---
status: draft
type: email-draft
original: "2026-11-20_160426_5605_Retention-terms.md"
created: 2026-11-23T08:30:00
to: "maya@northwind.example"
to_name: "Maya Okafor"
cc: []
subject: "Re: Retention terms"
reason: "Contains question"
topics: []
people_mentioned: []
vault_context_used: true
message_id: "<a.1@mail.example>"
confidence: high
composer: "none"
---

# Draft Reply: Retention terms

**To:** Maya Okafor <maya@northwind.example>
**Subject:** Re: Retention terms
**Context:** Contains question: "Did we agree on 12 or 24 months for the audit logs?"

---

%% reply %%
Hi Maya,

We agreed on 24-month retention for audit logs on 10 November.[^1]

Best,
Sam
%% /reply %%

---

## Asks

- [x] "Did we agree on 12 or 24 months for the audit logs?" answered from [[2026-11-10 - Workshop#^d1|2026-11-10 - Workshop]]

## Original Email

> [!quote]- Maya Okafor, 20 Nov 2026, 16:04
> Hi Sam,
>
> Did we agree on 12 or 24 months for the audit logs?

[^1]: [[2026-11-10 - Workshop#^d1]]: "Decision: 24-month retention for audit logs."
"#;
    assert_eq!(note.replace('\u{2060}', ""), expect);
    let back = read_back(&note).unwrap();
    assert_eq!(back.reply, draft.body());
    assert_eq!(
        (back.status.as_str(), back.message_id.as_deref(), back.footnotes),
        ("draft", Some("<a.1@mail.example>"), vec![1])
    );
    assert_eq!(back.to, ["maya@northwind.example"]);
}

const PAYLOADS: &[&str] = &[
    "<%+ tp.file.delete() %>",
    "key:: value",
    "[[Northwind]]",
    "![[secret]]",
    "%% /reply %%",
    "{{date}}",
    "```dataview",
    "`= this.x`",
    "#tag",
    "x ^block",
    "- [ ] task 📅 2026-01-01",
    "<img src=x onerror=y>",
    "[^1]: note",
    "obsidian://new?vault=x",
    "---",
    "[a](http://x.example)",
];

/// Everything in the note that is not our own structure.
fn foreign(note: &str) -> String {
    note.lines()
        .filter(|line| {
            !line.starts_with("[^")
                && !line.starts_with("- [")
                && !line.starts_with('#')
                && !line.starts_with("%% ")
                && !line.starts_with("> [!")
                && *line != "---"
        })
        .collect::<Vec<_>>()
        .join("\n")
        .replace("[^1]", "")
}

#[test]
fn hostile_mail_starts_nothing_in_the_vault() {
    for payload in PAYLOADS {
        let message = message(
            &format!("{payload} <maya@northwind.example>"),
            payload,
            &format!("Hi Sam,\n{payload}\nHow long? {payload}"),
        );
        let reading = reading(&message, "en");
        let ask =
            ask(Question, &message, &format!("How long? {payload}"), &format!("how long {payload}"), None);
        let brief = brief(
            &message,
            &reading,
            vec![(ask, vec![passage(&format!("Kept for 35 days {payload}."), "P/B.md", None)])],
        );
        let draft = compose(&brief);
        let note = render(&draft, &brief, &frame());
        let foreign = foreign(&note);
        for live in
            ["<%", "%>", "::", "[[", "![", "{{", "``", "`=", "://", "[^", "](", "<i", "#t", " ^b", "%%"]
        {
            assert!(!foreign.contains(live), "{payload}: {live} is live in\n{note}");
        }
        assert_eq!(note.matches("%% /reply %%").count(), 1, "{payload}");
        assert_eq!(read_back(&note).unwrap().reply, draft.body().trim(), "{payload}");
        let name = file_name(&draft, date(2026, 11, 23));
        assert!(
            name.len() <= 120
                && !name.contains(['#', '|', '^', ':', '[', ']', '\\', '/', '*', '?', '"', '<', '>']),
            "{name}"
        );
        let mail = mail_note::render(&message, "x.eml", &TimeZone::UTC);
        assert!(!mail.contains("<%") && !mail.contains("::") && !mail.contains("{{"), "{mail}");
    }
}

#[test]
fn names_of_files_are_safe_and_short() {
    let name = |from: &str, subject: &str| {
        let message = message(from, subject, "Hi");
        let brief = brief(&message, &reading(&message, "en"), Vec::new());
        file_name(&compose(&brief), date(2026, 11, 23))
    };
    assert_eq!(
        name("Maya Okafor <maya@northwind.example>", "RE: Retention: terms?"),
        "2026-11-23 Re Retention terms - Maya Okafor.md"
    );
    assert_eq!(name("maya@northwind.example", ""), "2026-11-23 Re - maya.md");
    let long = name("Maya Okafor <maya@northwind.example>", &"größer ".repeat(60));
    assert!(long.len() <= 120 && long.ends_with(" - Maya Okafor.md"), "{long}");
    let message = message("maya@northwind.example", "Re: Retention terms", "x");
    let stem = mail_note::file_stem(&message, &TimeZone::get("Europe/Berlin").unwrap());
    assert!(stem.starts_with("2026-11-20_160426_") && stem.ends_with("_Retention-terms"), "{stem}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_the_words_a_draft_holds_only_its_sources(
        text in "([A-Za-z0-9äéß€%:;.,?!'\\[\\]^#(){}“”-]{1,9} ){1,14}",
        matter in "([A-Za-z0-9:;.,?'\\[\\]^-]{1,8} ){1,10}",
        notes in proptest::collection::vec("([A-Za-z0-9äß€%:;.,?'\\[\\]^#|-]{1,9} ){1,16}", 0..4),
        kind in 0_usize..6,
        language in 0_usize..5,
        due in proptest::option::of(1_i8..29),
    ) {
        use postil_understand::AskKind::{Decision, Document, Introduction, Request, Time};
        let kind = [Question, Request, Time, Document, Decision, Introduction][kind];
        let language = ["en", "de", "fr", "es", "xx"][language];
        let message = message("Maya Okafor <maya@northwind.example>", &text, &format!("Hi Sam,\n\n{text}\n{matter}\n"));
        let reading = reading(&message, language);
        let mut ask = ask(kind, &message, text.trim(), matter.trim(), None);
        ask.due = due.map(|day| date(2026, 12, day));
        let passages = notes.iter().enumerate().map(|(i, note)| passage(note.trim(), &format!("M/{i}.md"), Some(&format!("2026-11-1{i}")))).collect();
        let brief = brief(&message, &reading, vec![(ask, passages)]);
        let draft = compose(&brief);
        let bad: Vec<_> = check(&draft, &brief).into_iter().filter(|finding| finding.kind != FindingKind::Slot).collect();
        prop_assert!(bad.is_empty(), "{:?}\n{}", bad, draft.body());
        prop_assert!(!draft.body().contains("[^"));
        prop_assert_eq!(&compose(&brief), &draft);
        let back = read_back(&render(&draft, &brief, &frame()));
        prop_assert_eq!(back.map(|back| back.reply), Some(draft.body().trim().to_owned()));
    }
}
