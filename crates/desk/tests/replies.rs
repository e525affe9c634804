//! Small cases of the main job, each one string: a configuration, notes and mail in, the reply out.

#![expect(clippy::unwrap_used, reason = "a test sets up its own files and fails where that fails")]

mod common;

const PARTIES: &str = r#"[party.acme]
domains = ["acme.example"]
[party.globex]
domains = ["globex.example"]
[folders]
"Acme" = "acme"
"Globex" = "globex"
"#;

/// Syncs the fixture and compares the body of the reply to the mail `<asked@x.example>`.
fn check(fixture: &str, expect: &str) {
    let dir = tempfile::tempdir().unwrap();
    let desk = common::synced(dir.path(), PARTIES, fixture);
    let draft = desk.prepare_message("<asked@x.example>").unwrap().draft;
    assert_eq!(draft.body().trim(), expect.trim());
}

const NOTES: &str = "//- vault/Acme/2026-11-10 - Acme workshop.md
# Acme workshop

Decision: 24-month retention for audit logs.

//- vault/Globex/2026-11-05 - Globex terms.md
# Globex terms

Agreed: audit logs are kept for 12 months.
";

fn asked_by(from: &str, cc: &str) -> String {
    format!(
        "//- mail/1.eml\nFrom: {from}\nTo: Sam Rivera <sam@us.example>\n{cc}Subject: Retention\nDate: Fri, 20 Nov 2026 16:04:00 +0100\nMessage-ID: <asked@x.example>\n\nHi Sam,\n\nDid we agree on 12 or 24 months for the audit logs?\n\nThanks\n"
    )
}

#[test]
fn the_same_question_gets_each_customers_own_answer() {
    check(
        &format!("{NOTES}{}", asked_by("Maya Okafor <maya@acme.example>", "")),
        "Hi Maya,\n\nWe agreed on 24-month retention for audit logs on 10 November.\n\nBest,\nSam",
    );
    check(
        &format!("{NOTES}{}", asked_by("Tom Lind <tom@globex.example>", "")),
        "Hi Tom,\n\nWe agreed on 5 November that audit logs are kept for 12 months.\n\nBest,\nSam",
    );
}

#[test]
fn a_mail_that_copies_both_gets_neithers_facts() {
    check(
        &format!(
            "{NOTES}{}",
            asked_by("Maya Okafor <maya@acme.example>", "Cc: Tom Lind <tom@globex.example>\n")
        ),
        "Hi Maya,\n\nLet me check whether we agreed on 12 or 24 months for the audit logs and come back to you.\n\nBest,\nSam",
    );
}

#[test]
fn a_stranger_gets_no_customers_fact() {
    check(
        &format!("{NOTES}{}", asked_by("Maya Okafor <maya@acme-support.example>", "")),
        "Hi Maya,\n\nLet me check whether we agreed on 12 or 24 months for the audit logs and come back to you.\n\nBest,\nSam",
    );
}
