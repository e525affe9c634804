//! Every command, with `--json` and without: what it prints where, and its exit code.

use std::path::Path;

use crate::place::{NOW, Place};

/// A thread of the demo that needs a reply.
const ASKS: &str = "<7841468528.7B3CF8@mx.northwind.example>";

/// Command, schema of its JSON, fields that other programs rely on (`DESIGN.md`, section 6).
const COMMANDS: &[(&[&str], &str, &[&str])] = &[
    (&["sync"], "sync", &["messages", "messages_new", "notes", "problems", "stopped", "rebuilt"]),
    (&["run"], "run", &["sync", "verdicts", "drafts", "problems"]),
    (
        &["inbox"],
        "inbox",
        &[
            "message_id",
            "thread_id",
            "from",
            "subject",
            "date",
            "verdict",
            "confidence",
            "reasons/0/kind",
            "reasons/0/text",
            "asks",
            "draft",
        ],
    ),
    (&["inbox", "--all"], "inbox", &["verdict"]),
    (
        &["read", ASKS],
        "read",
        &[
            "own_words",
            "zones/0/start",
            "zones/0/end",
            "zones/0/zone",
            "signature",
            "attachments",
            "defects",
            "asks/0/text",
            "asks/0/kind",
            "asks/0/to_owner",
            "asks/0/due",
            "asks/0/open",
            "asks/0/start",
            "asks/0/end",
            "mentions",
            "dates",
            "topics",
            "language",
        ],
    ),
    (
        &["context", ASKS],
        "context",
        &[
            "asks/0/evidence/0/source",
            "asks/0/evidence/0/line",
            "asks/0/evidence/0/text",
            "asks/0/evidence/0/score",
            "asks/0/evidence/0/reasons",
            "asks/0/evidence/0/label",
            "withheld/0/source",
            "withheld/0/reason",
        ],
    ),
    (
        &["draft", ASKS],
        "draft",
        &[
            "path",
            "to",
            "cc",
            "subject",
            "body",
            "sentences/0/text",
            "sentences/0/origin",
            "sentences/0/evidence",
            "findings",
        ],
    ),
    (
        &["search", "audit", "log", "retention"],
        "search",
        &[
            "hits/0/source",
            "hits/0/line",
            "hits/0/text",
            "hits/0/score",
            "hits/0/reasons",
            "hits/0/label",
            "hits/0/date",
        ],
    ),
    (&["audience", "why", "Pricing strategy 2027"], "audience", &["note", "audience", "why"]),
    (&["source", "list"], "source", &["id", "kind", "path"]),
    (&["doctor"], "doctor", &["state", "what", "found", "todo"]),
];

#[test]
fn every_command_prints_a_text_and_json_with_the_fields_others_rely_on() {
    let place = Place::demo();
    for (args, schema, fields) in COMMANDS {
        let said = place.postil(args).ended(0);
        assert!(!said.out.trim().is_empty() && !said.out.starts_with('{'), "{args:?}: {said:?}");
        assert_eq!(said.err, "", "{args:?}");
        let said = place.postil(&[*args, &["--json"]].concat()).ended(0);
        assert_eq!(said.err, "", "{args:?}");
        for row in said.rows() {
            assert_eq!(row["schema"], format!("postil/{schema}@1"), "{args:?}");
        }
        let row = &said.rows()[0];
        for field in *fields {
            assert!(row.pointer(&format!("/{field}")).is_some(), "{args:?}: no {field} in {row:#}");
        }
    }
}

#[test]
fn the_demo_prints_a_text_and_json() {
    let place = Place::demo();
    let said = place.postil_in(place.dir.path(), &["demo", "a"]).ended(0);
    assert!(said.out.contains("Outbox/Drafts") && said.out.contains("postil inbox"), "{said:?}");
    let said = place.postil_in(place.dir.path(), &["demo", "a", "--json"]).ended(0);
    assert_eq!(said.row()["schema"], "postil/run@1");
    let said = place.postil_in(place.dir.path(), &["demo", "."]).ended(2);
    assert!(said.out.is_empty() && said.err.contains("not empty"), "{said:?}");
}

/// The commands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.trim().is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_demo_written_anew_where_one_was_removed_drafts_again() {
    let place = Place::demo();
    let drafts = || std::fs::read_dir(place.path("a/vault/Outbox/Drafts")).unwrap().count();
    place.postil_in(place.dir.path(), &["demo", "a"]).ended(0);
    let first = drafts();
    assert!(first > 20, "{first}");
    std::fs::remove_dir_all(place.path("a")).unwrap();
    place.postil_in(place.dir.path(), &["demo", "a"]).ended(0);
    assert_eq!(drafts(), first);
}

#[test]
fn the_help_of_every_command_has_an_example_that_names_it() {
    let place = Place::demo();
    let mut open = vec![Vec::new()];
    let mut tried = 0;
    while let Some(command) = open.pop() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = place.postil_in(place.dir.path(), &[words.as_slice(), &["--help"]].concat()).ended(0).out;
        if !command.is_empty() {
            let example = help.split_once("Example:\n").map(|(_, after)| after).unwrap_or_default();
            assert!(example.contains(&format!("postil {}", command.join(" "))), "{command:?}:\n{help}");
            tried += 1;
        }
        open.extend(listed(&help).into_iter().map(|name| [command.as_slice(), &[name]].concat()));
    }
    assert!(tried >= 15, "{tried}");
}

#[test]
fn exit_codes_are_those_of_the_table() {
    let place = Place::demo();
    std::fs::write(place.vault().join("Words we use.md"), "# Words\n").unwrap();
    place.postil(&["sync"]).ended(0);
    for (args, code, words) in [
        (&["read", "ffffffff"][..], 2, "no message is called \"ffffffff\""),
        (&["read", ""], 2, "no message is called \"\""),
        (&["context", "<nobody@nowhere.example>"], 2, "no message is called"),
        (&["draft", "ffffffff"], 2, "no message is called"),
        (&["audience", "why", "No such note"], 2, "the vault has no note No such note"),
        (&["audience", "why", "words we use"], 2, "are both called words we use"),
        (&["search", "x", "--person", "nobody"], 2, "nobody is not a mail address"),
        (&["search", "x", "--since", "yesterday"], 2, "--since"),
        (&["source", "add", "pst", "."], 2, "there is no kind of mailbox `pst`"),
        (&["source", "add", "mbox", "not-there.mbox"], 2, "not-there.mbox"),
        (&["frobnicate"], 2, "frobnicate"),
        (&["inbox", "--now", "noon"], 2, "2026-11-23T08:30:00+01:00"),
    ] {
        let said = place.postil(args).ended(code);
        assert!(said.out.is_empty() && said.err.contains(words), "{args:?}: {said:?}");
    }
    for (vault, code, words) in [
        ("not-there", 2, "not-there is not there"),
        ("demo", 3, "postil init"),
        ("demo/vault/People/Ines Duarte.md", 2, "is not a folder"),
    ] {
        let said = place.postil_in(place.dir.path(), &["inbox", "--vault", vault]).ended(code);
        assert!(said.out.is_empty() && said.err.contains(words), "{vault}: {said:?}");
    }
}

#[test]
fn a_prefix_that_fits_several_messages_is_refused_and_one_that_fits_one_is_taken() {
    let place = Place::demo();
    place.postil(&["sync"]).ended(0);
    // Three copies of a Message-ID with different texts are three messages of one name.
    for n in 0..3 {
        let text = format!(
            "From: Ana <ana@tessel.example>\nTo: sam@halyard.example\nSubject: n{n}\nDate: Mon, 23 Nov 2026 07:0{n}:00 +0100\nMessage-ID: <same@tessel.example>\n\nHello {n}\n"
        );
        std::fs::write(place.path(&format!("demo/Maildir/new/176400000{n}.same.demo")), text).unwrap();
    }
    place.postil(&["sync"]).ended(0);
    let said = place.postil(&["read", "<same@tessel.example>"]).ended(2);
    assert!(said.out.is_empty() && said.err.contains("3 messages fit"), "{said:?}");
    let rows = place.postil(&["inbox", "--all", "--json"]).ended(0).rows();
    let key = rows[0]["key"].as_str().unwrap();
    let read = place.postil(&["read", &key[..8], "--json"]).ended(0).row();
    assert_eq!(read["key"], key);
}

#[test]
fn a_closed_pipe_is_no_failure_and_a_full_stdout_is_one() {
    let place = Place::demo();
    place.postil(&["sync"]).ended(0);
    if !Path::new("/bin/bash").exists() && !Path::new("/usr/bin/bash").exists() {
        return;
    }
    for command in ["inbox --all", "inbox --all --json", "search retention", "--help"] {
        let line = format!(
            "\"$POSTIL\" {command} --vault \"$VAULT\" --now \"$NOW\" | head -1; exit ${{PIPESTATUS[0]}}"
        );
        let said = place.bash(&line).ended(0);
        assert!(said.err.is_empty() && said.out.lines().count() == 1, "{command}: {said:?}");
    }
    if Path::new("/dev/full").exists() {
        let said = place.bash("\"$POSTIL\" inbox --vault \"$VAULT\" --now \"$NOW\" > /dev/full").ended(4);
        assert!(said.err.starts_with("postil: "), "{said:?}");
    }
}

#[test]
fn the_vault_around_the_current_folder_is_taken() {
    let place = Place::demo();
    let inside = place.vault().join("Customers/Northwind");
    let said = place.postil_in(&inside, &["audience", "why", "Northwind", "--json"]).ended(0);
    assert_eq!(said.row()["audience"], "northwind");
    let said = place.postil_in(place.dir.path(), &["inbox"]).ended(2);
    assert!(said.err.contains("no vault around") && said.err.contains("--vault"), "{said:?}");
    let mut command = place.command(&["audience", "why", "Northwind"]);
    command.env("POSTIL_VAULT", place.vault());
    assert!(command.output().unwrap().status.success());
}

#[test]
fn looking_before_the_first_sync_reads_first_and_says_so() {
    let place = Place::demo();
    let said = place.postil(&["inbox", "--json"]).ended(0);
    assert!(said.rows().len() > 20 && said.err.contains("nothing was read yet"), "{said:?}");
    assert_eq!(place.postil(&["inbox", "--json"]).ended(0).err, "");
}

#[test]
fn the_time_given_is_the_time_of_the_draft() {
    let place = Place::demo();
    let row = place.postil(&["draft", ASKS, "--json"]).ended(0).row();
    let text = std::fs::read_to_string(place.vault().join(row["path"].as_str().unwrap())).unwrap();
    assert!(
        NOW.starts_with("2026-11-23T08:30:00") && text.contains("created: 2026-11-23T08:30:00"),
        "{text}"
    );
}
