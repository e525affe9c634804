//! Killed, stopped, refused, run twice at once: nothing is half written, lost or doubled.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use crate::numbers::Numbers;
use crate::place::{Place, Said, tree};

fn start(place: &Place, args: &[&str]) -> Child {
    let vault = place.vault().to_string_lossy().into_owned();
    let mut command = place.command(&[args, &["--vault", &vault]].concat());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The program's own files in the vault and the bytes written to the state folder: they grow as it
/// works, so they say how far it is, on a slow machine and on a fast one.
fn how_far(place: &Place) -> u64 {
    let vault = place.vault();
    count(&vault.join("Outbox")) + count(&vault.join("Sources")) + count(&place.path("state"))
}

/// Files and folders below one that may change while it is looked at.
fn count(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| 1 + if entry.path().is_dir() { count(&entry.path()) } else { 0 }).sum()
}

/// Waits until the run is this far; whether it still runs then.
fn reaches(place: &Place, child: &mut Child, point: u64) -> bool {
    loop {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if how_far(place) >= point {
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What one run that nobody disturbs leaves in the vault, and how far it went.
fn undisturbed() -> &'static (BTreeMap<String, Vec<u8>>, u64) {
    static ONCE: OnceLock<(BTreeMap<String, Vec<u8>>, u64)> = OnceLock::new();
    ONCE.get_or_init(|| {
        let place = Place::demo();
        place.postil(&["run"]).ended(0);
        (place.tree(), how_far(&place))
    })
}

#[track_caller]
fn assert_same_vault(place: &Place, expected: &BTreeMap<String, Vec<u8>>, what: &str) {
    let found = place.tree();
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected), "{what}");
    for (path, bytes) in expected {
        let (a, b) = (String::from_utf8_lossy(&found[path]), String::from_utf8_lossy(bytes));
        assert_eq!(a, b, "{what}: {path}");
    }
}

#[test]
fn killed_at_thirty_moments_a_run_ends_as_if_it_had_not_been() {
    let (expected, whole) = undisturbed();
    let before = Place::demo().tree();
    let mut numbers = Numbers(20_261_123);
    let mut killed = 0;
    for vault in 0..3 {
        let place = Place::demo();
        let mut points: Vec<u64> = (0..10).map(|_| numbers.below(*whole)).collect();
        points.sort_unstable();
        for point in points {
            let mut child = start(&place, &["run"]);
            let running = reaches(&place, &mut child, point);
            std::thread::sleep(Duration::from_micros(numbers.below(3_000)));
            child.kill().unwrap();
            child.wait().unwrap();
            killed += u32::from(running);
            let now = place.tree();
            assert!(before.iter().all(|(path, bytes)| now.get(path) == Some(bytes)), "the user's own files");
            // What is there under its own name is whole.
            for (path, bytes) in now.iter().filter(|(path, _)| !path.contains("/.postil-")) {
                assert_eq!(expected.get(path), Some(bytes), "vault {vault}, killed at {point}: {path}");
            }
        }
        place.postil(&["run"]).ended(0);
        assert_same_vault(&place, expected, &format!("vault {vault}"));
        let said = place.postil(&["run", "--json"]).ended(0).row();
        assert!(said["drafts"].as_array().unwrap().iter().all(|draft| draft["state"] != "written"));
    }
    assert!(killed >= 25, "only {killed} runs were killed under way");
}

#[test]
fn two_at_once_write_nothing_twice_and_the_loser_says_why() {
    let (expected, whole) = undisturbed();
    for point in [1, whole / 3, whole * 2 / 3] {
        let place = Place::demo();
        let mut first = start(&place, &["run"]);
        reaches(&place, &mut first, point);
        let second = start(&place, &["run"]);
        for run in [second, first] {
            let said = Said::of(run.wait_with_output().unwrap());
            match said.code {
                Some(0) => assert_eq!(said.err, "", "{said:?}"),
                Some(5) => assert!(said.err.contains("another postil is running"), "{said:?}"),
                _ => panic!("{said:?}"),
            }
        }
        place.postil(&["run"]).ended(0);
        assert_same_vault(&place, expected, &format!("the second began at {point}"));
    }
}

#[test]
fn looking_while_another_runs_disturbs_neither() {
    let (expected, _) = undisturbed();
    let place = Place::demo();
    place.postil(&["sync"]).ended(0);
    let mut run = start(&place, &["run"]);
    while run.try_wait().unwrap().is_none() {
        place.postil(&["inbox"]).ended(0);
        place.postil(&["search", "retention"]).ended(0);
    }
    Said::of(run.wait_with_output().unwrap()).ended(0);
    assert_same_vault(&place, expected, "after the run");
}

#[test]
fn stopped_by_ctrl_c_a_sync_says_so_and_the_next_one_reads_the_rest() {
    let place = Place::demo();
    let known = place.postil(&["sync", "--json"]).ended(0).row()["messages"].as_u64().unwrap();
    for n in 0..3_000 {
        let text = format!(
            "From: Ana Lee <ana@tessel.example>\nTo: sam@halyard.example\nSubject: note {n}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMessage-ID: <{n}@tessel.example>\n\nThe number of this mail is word{n}.\n"
        );
        std::fs::write(place.path(&format!("demo/Maildir/cur/1763800000.M{n}P9.big:2,S")), text).unwrap();
    }
    // New files in the full text: passages of the new mail are being written.
    let state = std::fs::read_dir(place.path("state")).unwrap().next().unwrap().unwrap().path();
    let text = state.join("index/text");
    let before = count(&text);
    let mut child = start(&place, &["sync", "--json"]);
    while count(&text) < before + 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was stopped");
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let said = Said::of(child.wait_with_output().unwrap()).ended(130);
    let stopped = said.row();
    assert_eq!((&stopped["stopped"], said.err.as_str()), (&true.into(), ""));
    let row = place.postil(&["sync", "--json"]).ended(0).row();
    let number = |row: &Value, field: &str| row[field].as_u64().unwrap();
    assert_eq!(number(&row, "messages"), known + 3_000, "{row:#}");
    assert_eq!(number(&stopped, "messages_new") + number(&row, "messages_new"), 3_000, "{stopped:#} {row:#}");
    assert_eq!(number(&row, "copies"), 0, "what was read before the stop is no further copy: {row:#}");
    for word in ["word0", "word1499", "word2999"] {
        let hits = place.postil(&["search", word, "--json"]).ended(0).row();
        assert_eq!(hits["hits"].as_array().unwrap().len(), 1, "{word}");
    }
    let row = place.postil(&["sync", "--json"]).ended(0).row();
    assert_eq!((number(&row, "messages_new"), number(&row, "copies")), (0, 0), "{row:#}");
}

#[test]
fn a_full_disk_is_named_and_leaves_no_half_file() {
    let (expected, _) = undisturbed();
    let place = Place::demo();
    place.postil(&["sync"]).ended(0);
    // A disk of its own for the vault, which is full up to some room; gone with the shell.
    let line = r#"
        set -e
        cp -a "$VAULT" full-copy
        mount -t tmpfs -o size=8m tmpfs "$VAULT" || exit 99
        cp -a full-copy/. "$VAULT"/
        room() { df -k --output=avail "$VAULT" | tail -1; }
        free=$(room)
        head -c $(( (free - 60) * 1024 )) /dev/zero > "$VAULT/filler.bin"
        set +e
        "$POSTIL" run --vault "$VAULT" --now "$NOW" > out1 2> err1
        code=$?
        rm "$VAULT/filler.bin"
        cp -a "$VAULT" after-full
        "$POSTIL" run --vault "$VAULT" --now "$NOW" > out2 2> err2
        echo $? > code2
        cp -a "$VAULT" after-room
        exit $code
    "#;
    let said = place.bash(&format!("unshare -rm bash -c '{}'", line.replace('\'', "'\\''")));
    if said.code == Some(99) || !place.path("after-room").exists() {
        eprintln!("skipped: this machine lets no test mount a disk of its own: {}", said.err);
        return;
    }
    let err = std::fs::read_to_string(place.path("err1")).unwrap();
    assert!(matches!(said.code, Some(1 | 4)), "{said:?} {err}");
    assert!(err.contains("the disk is full") || err.contains("No space left"), "{err}");
    for (path, bytes) in tree(&place.path("after-full")) {
        assert_eq!(expected.get(&path), Some(&bytes), "{path} after the disk was full");
    }
    let err = std::fs::read_to_string(place.path("err2")).unwrap();
    assert_eq!(std::fs::read_to_string(place.path("code2")).unwrap().trim(), "0", "{err}");
    assert_eq!(tree(&place.path("after-room")).len(), expected.len());
    for (path, bytes) in tree(&place.path("after-room")) {
        assert_eq!(expected.get(&path), Some(&bytes), "{path} after there was room again");
    }
}

#[test]
fn a_full_state_folder_is_named_and_the_next_run_finishes() {
    let (expected, _) = undisturbed();
    let place = Place::demo();
    // No file of more than 100 KB can be written: the index cannot.
    let line = "trap '' XFSZ; ulimit -f 100; exec \"$POSTIL\" run --vault \"$VAULT\" --now \"$NOW\"";
    let said = place.bash(line);
    assert!(matches!(said.code, Some(1 | 4)), "{said:?}");
    assert!(said.err.starts_with("postil: ") && !said.err.contains("panicked"), "{said:?}");
    for (path, bytes) in place.tree() {
        assert_eq!(expected.get(&path), Some(&bytes), "{path}");
    }
    place.postil(&["run"]).ended(0);
    assert_same_vault(&place, expected, "once there was room");
}
