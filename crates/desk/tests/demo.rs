//! The main job on the demo, as its user would check it: every footnote resolves, every sentence has
//! an origin, nothing is written twice, and nothing reaches someone who may not know it.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test sets up its own files and fails where that fails"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use postil_desk::demo::{DEMO_NOW, write_demo};
use postil_desk::env::Environment;
use postil_desk::progress::Silent;
use postil_desk::view::{DraftView, RunView};
use postil_desk::{Desk, InboxScope};
use postil_evidence::{Addr, Audience, Recipients};

struct Demo {
    dir: tempfile::TempDir,
}

impl Demo {
    fn new() -> Self {
        let demo = Self { dir: tempfile::tempdir().unwrap() };
        write_demo(&demo.dir.path().join("demo")).unwrap();
        demo
    }

    fn vault(&self) -> PathBuf {
        self.dir.path().join("demo/vault")
    }

    fn desk(&self) -> Desk {
        let env = Environment {
            now: DEMO_NOW.parse().unwrap(),
            state_root: self.dir.path().join("state"),
            current_dir: self.dir.path().to_path_buf(),
            suggested_name: None,
        };
        Desk::open(&self.vault(), env).unwrap()
    }

    fn run(&self) -> RunView {
        self.desk().run(&Silent::default()).unwrap()
    }

    /// Every file below the demo with its bytes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.dir.path().join("demo"), &mut files);
        files
    }
}

fn collect(dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
}

fn draft_for<'v>(view: &'v RunView, message_id: &str) -> &'v DraftView {
    view.drafts.iter().find(|draft| draft.message_id == message_id).unwrap()
}

const NORTHWIND_ASKS: &str = "<7841468528.7B3CF8@mx.northwind.example>";
const BRIGHTWATER_ASKS: &str = "<CAFkjCndUwHZGrmp4MxCrQNurRshl@mail.brightwater.example>";
const BOTH_COPIED: &str = "<4871554020.053899@mx.northwind.example>";

#[test]
fn one_question_two_customers_two_answers_and_none_for_both() {
    let view = Demo::new().run();
    assert!(view.problems.is_empty(), "{:?}", view.problems);
    let northwind = &draft_for(&view, NORTHWIND_ASKS).body;
    let brightwater = &draft_for(&view, BRIGHTWATER_ASKS).body;
    assert!(northwind.contains("24") && !northwind.contains("12-month"), "{northwind}");
    assert!(brightwater.contains("12 months"), "{brightwater}");
    let both = view.drafts.iter().find(|draft| draft.message_id == BOTH_COPIED);
    let both = both.map(|draft| draft.body.clone()).unwrap_or_default();
    assert!(!both.contains("24") && !both.contains("12 months"), "{both}");
}

/// Each of these once had a line that shares words with the question and answers another one.
#[test]
fn a_line_answers_what_was_asked_and_not_what_sounds_like_it() {
    let view = Demo::new().run();
    for (subject, said, unsaid) in [
        ("Re: Northwind, before Monday", "EUR 45,000", "EUR 60,000"),
        ("Re: Questions from Casa Montoro", "Frankfurt, Dublin and Zurich", "Backups"),
        ("Re: Remaining plants", "every quarter", "41 minutes"),
        ("Re: Board paper", "which other banks", "Private bank"),
        ("Re: Audit logs, how long", "02:00", "Let me check"),
    ] {
        let mut drafts = view.drafts.iter().filter(|draft| draft.subject == subject);
        assert!(
            drafts.any(|draft| draft.body.contains(said) && !draft.body.contains(unsaid)),
            "{subject}: {:?}",
            view.drafts.iter().filter(|draft| draft.subject == subject).map(|d| &d.body).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_second_run_writes_nothing_and_a_lost_state_folder_neither() {
    let demo = Demo::new();
    let first = demo.run();
    assert!(first.drafts.iter().filter(|draft| draft.state == "written").count() > 20);
    let after_first = demo.files();
    let second = demo.run();
    assert!(second.drafts.iter().all(|draft| draft.state != "written"), "{:#?}", second.drafts);
    assert_eq!(demo.files(), after_first);
    std::fs::remove_dir_all(demo.dir.path().join("state")).unwrap();
    demo.run();
    assert_eq!(demo.files(), after_first);
}

#[test]
fn the_users_own_files_keep_every_byte() {
    let demo = Demo::new();
    let before = demo.files();
    demo.run();
    let after = demo.files();
    for (path, bytes) in &before {
        assert_eq!(after.get(path), Some(bytes), "{}", path.display());
    }
    let new = after.keys().filter(|path| !before.contains_key(*path));
    for path in new {
        let text = path.to_string_lossy().replace('\\', "/");
        assert!(text.contains("vault/Outbox/Drafts/") || text.contains("vault/Sources/Email/"), "{text}");
    }
}

#[test]
fn an_edited_draft_stands_and_a_deleted_one_stays_away() {
    let demo = Demo::new();
    let view = demo.run();
    let written: Vec<&DraftView> = view.drafts.iter().filter(|draft| draft.state == "written").collect();
    let edited = demo.vault().join(written[0].path.as_ref().unwrap());
    let deleted = demo.vault().join(written[1].path.as_ref().unwrap());
    let text = std::fs::read_to_string(&edited).unwrap().replace("Best", "Warmest wishes");
    std::fs::write(&edited, &text).unwrap();
    std::fs::remove_file(&deleted).unwrap();
    let before = demo.files();
    demo.run();
    assert_eq!(demo.files(), before);
}

#[test]
fn new_mail_supersedes_an_untouched_draft_and_leaves_an_edited_one() {
    let demo = Demo::new();
    let view = demo.run();
    let path = demo.vault().join(draft_for(&view, NORTHWIND_ASKS).path.as_ref().unwrap());
    let newer = format!(
        "From: Maya Okafor <maya@northwind.example>\nTo: Sam Rivera <sam@halyard.example>\nSubject: Re: Retention terms\nDate: Mon, 23 Nov 2026 08:10:00 +0100\nMessage-ID: <newer@northwind.example>\nIn-Reply-To: {NORTHWIND_ASKS}\nReferences: {NORTHWIND_ASKS}\n\nHi Sam,\n\none more: how long are firewall logs kept?\n\nMaya\n"
    );
    std::fs::write(demo.dir.path().join("demo/Maildir/new/1763999999.new.demo"), newer).unwrap();
    let second = demo.run();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("status: superseded"), "{text}");
    let next = draft_for(&second, "<newer@northwind.example>");
    assert_eq!(next.state, "written");
    assert!(next.body.contains("13 months"), "{}", next.body);
    // The first question is still open in the thread.
    assert!(next.body.contains("24"), "{}", next.body);
}

#[test]
fn every_footnote_resolves_to_a_line_that_says_it() {
    let demo = Demo::new();
    let view = demo.run();
    let mut footnotes = 0;
    for draft in &view.drafts {
        let Some(path) = &draft.path else { continue };
        let note = std::fs::read_to_string(demo.vault().join(path)).unwrap();
        for sentence in &draft.sentences {
            for cited in &sentence.evidence {
                let (source, line) = cited.rsplit_once(':').unwrap();
                if source.starts_with("mail:") {
                    continue;
                }
                footnotes += 1;
                let text = std::fs::read_to_string(demo.vault().join(source)).unwrap();
                let line_text = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap_or_default();
                assert!(line_text.chars().any(char::is_alphanumeric), "{path} cites the empty line {cited}");
            }
        }
        for link in links(&note) {
            let (target, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let file = find_note(&demo.vault(), target)
                .unwrap_or_else(|| panic!("{path} links {link}, which is not there"));
            let text = std::fs::read_to_string(file).unwrap();
            match anchor.strip_prefix('^') {
                Some(id) => {
                    assert!(text.lines().any(|line| line.ends_with(&format!("^{id}"))), "{path}: {link}")
                }
                None if anchor.is_empty() => {}
                None => assert!(text.lines().any(|line| heading_is(line, anchor)), "{path}: {link}"),
            }
        }
        let used: Vec<&str> = note.split("[^").skip(1).filter_map(|rest| rest.split(']').next()).collect();
        for number in used {
            assert!(note.contains(&format!("\n[^{number}]: ")), "{path}: footnote {number} is not defined");
        }
    }
    assert!(footnotes > 15, "only {footnotes} footnotes");
}

fn heading_is(line: &str, anchor: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    line.starts_with('#') && plain(line) == plain(anchor)
}

/// Targets of the wikilinks outside the quoted mail.
fn links(note: &str) -> Vec<String> {
    let own = note.lines().filter(|line| line.starts_with("[^") || line.starts_with("- ["));
    own.flat_map(|line| line.split("[[").skip(1))
        .filter_map(|rest| rest.split("]]").next())
        .map(|link| link.split('|').next().unwrap_or(link).to_owned())
        .collect()
}

fn find_note(vault: &Path, target: &str) -> Option<PathBuf> {
    let mut files = BTreeMap::new();
    collect(vault, &mut files);
    files.into_keys().find(|path| {
        let relative = path.strip_prefix(vault).unwrap().to_string_lossy().replace('\\', "/");
        let stem = relative.trim_end_matches(".md");
        stem == target || stem.ends_with(&format!("/{target}"))
    })
}

#[test]
fn every_sentence_has_an_origin_and_no_draft_has_an_unsourced_statement() {
    let view = Demo::new().run();
    for draft in &view.drafts {
        for sentence in &draft.sentences {
            assert!(!sentence.origin.is_empty(), "{}: {}", draft.message_id, sentence.text);
        }
        for finding in &draft.findings {
            let finding = finding.to_lowercase();
            assert!(
                !finding.contains("no source") && !finding.contains("unsourced"),
                "{}: {finding}",
                draft.message_id
            );
        }
    }
}

#[test]
fn no_canary_reaches_someone_who_may_not_know_it() {
    let demo = Demo::new();
    let view = demo.run();
    let desk = demo.desk();
    let parties = &desk.config().rules.parties;
    let canaries = include_str!("../../../corpus/demo/canaries.txt");
    let mut tried = 0;
    for draft in view.drafts.iter().filter(|draft| draft.path.is_some()) {
        let addr = |text: &String| Addr::parse(text.rsplit('<').next().unwrap_or(text)).unwrap();
        let to: Vec<Addr> = draft.to.iter().chain(&draft.cc).map(addr).collect();
        let recipients = Recipients::resolve(&to, parties);
        let asked = desk.read(&draft.message_id).map(|view| view.text).unwrap_or_default();
        for line in canaries.lines().filter(|line| !line.starts_with('#')) {
            let Some((words, who)) = line.split_once('\t') else { continue };
            let applies = match who.trim() {
                "nobody" => true,
                "unknown" => {
                    !recipients.permits(&Audience::Internal)
                        && to.iter().any(|addr| {
                            matches!(parties.reader(addr), postil_evidence::label::Reader::Unknown(_))
                        })
                }
                party => to.iter().any(|addr| {
                    parties.reader(addr)
                        == postil_evidence::label::Reader::Party(postil_evidence::PartyId::new(party))
                }),
            };
            if applies && !asked.contains(words) {
                tried += 1;
                assert!(
                    !draft.body.contains(words),
                    "{} tells {who} \"{words}\":\n{}",
                    draft.message_id,
                    draft.body
                );
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn the_hostile_mail_adds_no_recipient_and_starts_nothing() {
    let demo = Demo::new();
    let view = demo.run();
    let hostile =
        view.drafts.iter().find(|draft| draft.message_id == "<20261122033111.77ab@free-mailer.example>");
    if let Some(draft) = hostile {
        assert!(draft.to.iter().chain(&draft.cc).all(|who| !who.contains("attacker")), "{draft:?}");
        assert!(!draft.subject.contains('\n') && !draft.subject.contains('\r'));
    }
    for (path, bytes) in demo.files() {
        let text = String::from_utf8_lossy(&bytes);
        let ours = path.to_string_lossy().contains("Outbox") || path.to_string_lossy().contains("Sources");
        if ours && path.extension().is_some_and(|extension| extension == "md") {
            for live in ["<%", "%>"] {
                assert!(!text.contains(live), "{}: {live}", path.display());
            }
        }
    }
}

#[test]
fn a_vanished_mailbox_is_named_and_loses_nothing() {
    let demo = Demo::new();
    demo.run();
    let maildir = demo.dir.path().join("demo/Maildir");
    std::fs::rename(&maildir, demo.dir.path().join("away")).unwrap();
    let view = demo.desk().sync(&Silent::default()).unwrap();
    assert!(view.problems.iter().any(|problem| problem.contains("Maildir")), "{:?}", view.problems);
    assert!(view.messages > 90);
    std::fs::rename(demo.dir.path().join("away"), &maildir).unwrap();
    let view = demo.desk().sync(&Silent::default()).unwrap();
    assert!(view.problems.is_empty() && view.messages_new == 0, "{view:?}");
}

#[test]
fn the_inbox_quotes_the_words_that_caused_each_verdict() {
    let demo = Demo::new();
    demo.run();
    let desk = demo.desk();
    let items = desk.inbox(InboxScope::NeedsMe, &Silent::default()).unwrap();
    assert!(items.len() > 25);
    for item in items {
        assert!(!item.reasons.is_empty(), "{item:?}");
        let text = desk.read(&item.key).unwrap().text;
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if item.verdict == "reply" {
            let quoted = item.reasons.iter().any(|reason| squeezed(&text).contains(&squeezed(&reason.text)));
            assert!(quoted, "{item:?}");
        }
    }
}
