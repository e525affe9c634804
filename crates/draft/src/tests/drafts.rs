//! From a mail, its asks and some notes to the text that would be sent.

use postil_understand::AskKind::{Decision, Document, Introduction, Question, Request};

use crate::testing::{TestAsk, brief_of};
use crate::{FindingKind, check, compose};

fn question<'t>(text: &'t str, notes: &'t [(&'t str, &'t str)]) -> TestAsk<'t> {
    TestAsk { kind: Question, text, matter: text.trim_end_matches('?'), due: None, notes }
}

const MAYA: &str = "Maya Okafor <maya@northwind.example>";

fn run(from: &str, language: &str, text: &str, asks: &[TestAsk<'_>], expect: &str) {
    let brief = brief_of(from, language, text, asks);
    let draft = compose(&brief);
    assert_eq!(draft.body(), expect);
    let bad: Vec<_> =
        check(&draft, &brief).into_iter().filter(|finding| finding.kind != FindingKind::Slot).collect();
    assert_eq!(bad, [], "{expect}");
}

#[test]
fn a_decision_and_a_promise() {
    run(
        MAYA,
        "en",
        "Hi Sam,\n\nDid we agree on 12 or 24 months for the audit logs? Could you send me the updated pricing sheet by Friday?\n",
        &[
            question(
                "Did we agree on 12 or 24 months for the audit logs?",
                &[(
                    "M/Northwind retention workshop.md @ 2026-11-10",
                    "Decision: 24-month retention for audit logs.",
                )],
            ),
            TestAsk {
                kind: Document,
                text: "Could you send me the updated pricing sheet by Friday?",
                matter: "send me the updated pricing sheet by Friday",
                due: Some("2026-11-27"),
                notes: &[],
            },
        ],
        "Hi Maya,\n\nWe agreed on 24-month retention for audit logs on 10 November. I'll send you the updated pricing sheet by Friday, 27 November.\n\nBest,\nSam",
    );
}
