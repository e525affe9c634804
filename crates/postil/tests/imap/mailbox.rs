//! What comes from a server, what is new, what is gone, and that the server stays as it was.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::account::{at, bare_place, deliver, mail, numbers, reading, sync};
use crate::dovecot::Dovecot;
use crate::place::tree;

#[test]
fn mail_of_every_folder_comes_once_and_nothing_on_the_server_changes() {
    let Some(dovecot) = Dovecot::start("") else { return };
    for folder in ["Projekte/Größe & Maß", "Trash", "Empty"] {
        dovecot.admin(&["mailbox", "create", "-u", "sam", folder]);
    }
    deliver(&dovecot, "", &["a", "b", "c"]);
    deliver(&dovecot, ".Projekte.Gr&APYA3w-e &- Ma&AN8-", &["d"]);
    deliver(&dovecot, ".Sent", &["e"]);
    deliver(&dovecot, ".Junkyard", &["spam"]);
    deliver(&dovecot, ".Trash", &["bin"]);
    dovecot.admin(&["flags", "add", "-u", "sam", "\\Answered", "mailbox", "INBOX", "subject", "b"]);
    let before = dovecot.flags();
    assert_eq!(before.len(), 7);
    let place = reading(dovecot.port, &[]);
    assert_eq!(sync(&place), "+5 -0 =5");
    assert_eq!(sync(&place), "+0 -0 =5");

    // New mail, mail that goes, and mail that moves: the last is no new message.
    deliver(&dovecot, "", &["f", "g"]);
    dovecot.admin(&["expunge", "-u", "sam", "mailbox", "INBOX", "subject", "a"]);
    dovecot.admin(&["move", "-u", "sam", "Sent", "mailbox", "INBOX", "subject", "c"]);
    assert_eq!(sync(&place), "+2 -1 =6");
    // A folder that goes, one that gets another name, one that comes.
    dovecot.admin(&["mailbox", "rename", "-u", "sam", "Projekte/Größe & Maß", "Kept"]);
    deliver(&dovecot, ".New", &["h"]);
    assert_eq!(sync(&place), "+1 -0 =7");
    dovecot.admin(&["mailbox", "delete", "-u", "sam", "New"]);
    assert_eq!(sync(&place), "+0 -1 =6");
    // Flags that the owner sets elsewhere change nothing here but what is remembered of them.
    dovecot.admin(&["flags", "add", "-u", "sam", "\\Seen", "mailbox", "INBOX", "subject", "f"]);
    let before = dovecot.flags();
    assert_eq!(sync(&place), "+0 -0 =6");
    assert_eq!(dovecot.flags(), before);
    let seen = tree(&place.path("state")).into_iter().filter(|(path, _)| path.ends_with("folder.json"));
    let seen: Vec<serde_json::Value> =
        seen.map(|(_, bytes)| serde_json::from_slice(&bytes).unwrap()).collect();
    let inbox = seen.iter().find(|folder| folder["name"] == "INBOX").unwrap();
    assert_eq!((inbox["seen"].as_str(), inbox["answered"].as_str()), (Some("4"), Some("2")));

    let view = place.postil(&["read", "<b@northwind.example>", "--json"]).ended(0).row();
    assert!(view["own_words"].as_str().unwrap_or_default().contains("this is about b"), "{view:#}");
    // Mail lies where only its owner can read it.
    for path in tree(&place.path("state")).keys().filter(|path| path.contains("/mail/")) {
        let mode = std::fs::metadata(place.path("state").join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path}: {mode:o}");
    }
    assert!(!place.tree().values().any(|bytes| String::from_utf8_lossy(bytes).contains("correct-horse'\n")));
}

#[test]
fn a_message_that_another_program_marks_as_answered_waits_no_longer() {
    for capabilities in ["", "imap_capability = IMAP4rev1 SASL-IR ID LITERAL+ AUTH=PLAIN"] {
        let Some(dovecot) = Dovecot::start(capabilities) else { return };
        let asks = String::from_utf8(mail("asks")).unwrap() + "When is the audit?\r\n";
        dovecot.deliver("", "asks", asks.as_bytes());
        dovecot.settle();
        let place = reading(dovecot.port, &[]);
        let inbox = || {
            sync(&place);
            let row = place.postil(&["inbox", "--all", "--json"]).ended(0).row();
            (row["verdict"].clone(), row["reasons"][0]["kind"].clone())
        };
        let first = inbox();
        assert_eq!(first.0, "reply");
        let flags = |what: &str| {
            dovecot.admin(&["flags", what, "-u", "sam", "\\Answered", "mailbox", "INBOX", "all"]);
        };
        flags("add");
        assert_eq!(inbox(), ("none".into(), "Your mail program marks it as answered".into()));
        flags("remove");
        assert_eq!(inbox(), first);
    }
}

#[test]
fn the_same_mail_comes_from_servers_that_keep_no_count() {
    for without in [
        "QRESYNC",
        "QRESYNC CONDSTORE",
        "QRESYNC CONDSTORE LIST-STATUS LIST-EXTENDED SPECIAL-USE SASL-IR LITERAL+ ID ENABLE",
    ] {
        let all = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE QRESYNC AUTH=PLAIN";
        let left: Vec<&str> =
            all.split(' ').filter(|word| !without.split(' ').any(|not| not == *word)).collect();
        let Some(dovecot) = Dovecot::start(&format!("imap_capability = {}", left.join(" "))) else { return };
        deliver(&dovecot, "", &["a", "b", "c"]);
        deliver(&dovecot, ".Junkyard", &["spam"]);
        let place = reading(dovecot.port, &["--folder", "INBOX"]);
        assert_eq!(sync(&place), "+3 -0 =3", "{without}");
        deliver(&dovecot, "", &["d", "e"]);
        assert_eq!(sync(&place), "+2 -0 =5", "{without}");
        dovecot.admin(&["expunge", "-u", "sam", "mailbox", "INBOX", "subject", "b"]);
        deliver(&dovecot, "", &["f"]);
        assert_eq!(sync(&place), "+1 -1 =5", "{without}");
        dovecot.admin(&["expunge", "-u", "sam", "mailbox", "INBOX", "all"]);
        assert_eq!(sync(&place), "+0 -5 =0", "{without}");
    }
}

#[test]
fn uids_that_mean_nothing_any_more_bring_the_mail_again_and_touch_nothing_else() {
    let Some(dovecot) = Dovecot::start("") else { return };
    deliver(&dovecot, "", &["a", "b", "c"]);
    let place = reading(dovecot.port, &[]);
    assert_eq!(sync(&place), "+3 -0 =3");
    let before = dovecot.flags();
    for validity in ["4000000001", "4000000002"] {
        dovecot.admin(&["mailbox", "update", "-u", "sam", "--uid-validity", validity, "INBOX"]);
        assert_eq!(sync(&place), "+0 -0 =3");
        assert_eq!(generations(&place), [validity], "the older mail is gone, the newer is there");
    }
    dovecot.admin(&["mailbox", "update", "-u", "sam", "--uid-validity", "4000000003", "INBOX"]);
    dovecot.admin(&["expunge", "-u", "sam", "mailbox", "INBOX", "subject", "b"]);
    deliver(&dovecot, "", &["d"]);
    assert_eq!(sync(&place), "+1 -1 =3");
    assert_eq!(dovecot.flags().len(), before.len());
}

/// The UIDVALIDITY folders of the one folder that holds mail.
fn generations(place: &crate::place::Place) -> Vec<String> {
    let mail = tree(&place.path("state")).into_keys().filter(|path| path.ends_with(".eml"));
    let mut found: Vec<String> = mail.map(|path| path.rsplit('/').nth(1).unwrap().to_owned()).collect();
    found.dedup();
    found
}

#[test]
fn long_messages_come_in_pieces_and_of_huge_ones_the_head() {
    let Some(dovecot) = Dovecot::start("") else { return };
    let piece = 1024 * 1024;
    let long = |name: &str, len: usize| {
        let mut mail = mail(name);
        while mail.len() < len {
            mail.extend_from_slice(
                "all work and no play makes Jack a dull boy, says he every day\r\n".as_bytes(),
            );
        }
        mail.truncate(len - 2);
        mail.extend_from_slice(b"\r\n");
        mail
    };
    for (name, len) in [("one", piece), ("one-and", piece + 2), ("three", 3 * piece), ("huge", 52 * piece)] {
        dovecot.deliver("", name, &long(name, len));
    }
    deliver(&dovecot, "", &["short"]);
    let place = reading(dovecot.port, &[]);
    assert_eq!(sync(&place), "+5 -0 =5");
    let mut files: Vec<(String, usize)> = tree(&place.path("state"))
        .into_iter()
        .filter(|(path, _)| path.contains("/mail/") && path.contains("-"))
        .filter_map(|(path, bytes)| Some((path.rsplit('/').next()?.to_owned(), bytes.len())))
        .filter(|(name, _)| name.ends_with(".eml") || name.ends_with(".head"))
        .collect();
    files.sort_by_key(|(_, len)| *len);
    let lens: Vec<usize> = files.iter().map(|(_, len)| *len).collect();
    assert_eq!(lens[2..], [piece, piece + 2, 3 * piece], "{files:?}");
    assert!(lens[0] < 1_000 && lens[1] < 1_000, "{files:?}");
    let huge = place.postil(&["read", "<huge@northwind.example>", "--json"]).ended(0).row();
    assert!(huge["defects"].to_string().contains(&format!("{} bytes, more than", 52 * piece)), "{huge:#}");
    let three = place.postil(&["read", "<three@northwind.example>", "--json"]).ended(0).row();
    assert!(three["own_words"].as_str().unwrap().len() > 2 * piece);
}

/// A program that ends with the test, however that ends.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop((self.0.kill(), self.0.wait()));
    }
}

#[test]
fn a_watch_hears_of_new_mail_at_once() {
    let Some(dovecot) = Dovecot::start("") else { return };
    deliver(&dovecot, "", &["a"]);
    let place = reading(dovecot.port, &[]);
    let vault = place.vault().to_string_lossy().into_owned();
    // Without IDLE it would look again after a day.
    let mut command = place.command(&["run", "--watch", "--every", "86400", "--json", "--vault", &vault]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut child = Ended(child);
    let out = std::io::BufReader::new(child.0.stdout.take().unwrap());
    let mut rows = std::io::BufRead::lines(out)
        .map(|line| -> serde_json::Value { serde_json::from_str(&line.unwrap()).unwrap() });
    assert_eq!(rows.next().unwrap()["sync"]["messages_new"], 1);
    for name in ["b", "c"] {
        deliver(&dovecot, "", &[name]);
        assert_eq!(rows.next().unwrap()["sync"]["messages_new"], 1, "{name}");
    }
    drop(child);
    assert_eq!(sync(&place), "+0 -0 =3");
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let Some(dovecot) = Dovecot::start("") else { return };
    deliver(&dovecot, "", &["a"]);
    let check = |address: &str, secret: &str, more: &[&str], words: &str| {
        let place = bare_place();
        let args = ["source", "add", "imap", address, "--secret", secret];
        let added = place.postil(&[&args, more].concat());
        let said =
            if added.code == Some(0) { place.postil(&["sync", "--json"]).ended(1).err } else { added.err };
        assert!(said.contains(words), "{address}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
        if place.postil(&["source", "list"]).ended(0).out.contains("imap") {
            let doctor = place.postil(&["doctor"]).ended(1);
            assert!(doctor.out.contains(words) || doctor.err.contains(words), "{doctor:#?}");
        }
    };
    let here = at(dovecot.port);
    let good = "command:echo 'correct-horse'";
    check(&here, "command:echo hunter2", &[], "does not let sam in");
    check(&here, "command:true", &[], "printed nothing");
    check(&here, "command:false", &[], "failed");
    check(&here, "env:POSTIL_NO_SUCH_SECRET", &[], "POSTIL_NO_SUCH_SECRET is not set");
    check(&here, "hunter2", &[], "never stands in that file");
    check(&here, good, &["--folder", "Nowhere"], "none of the folders");
    check(
        &format!("imap+plain://sam@127.0.0.1:{}/", crate::dovecot::free_port()),
        good,
        &[],
        "does not answer",
    );
    check("imaps://sam@no-such-host.invalid/", good, &[], "no machine called no-such-host.invalid");
    check("imaps://sam:hunter2@mail.example/", good, &[], "it holds a password");
    check(&here, good, &["--login", "oauth2"], "does not let sam in");
    check(
        &format!("imaps://sam@localhost:{}/", dovecot.tls_port),
        good,
        &[],
        "is not to be trusted: nobody this machine knows",
    );
    check(&format!("imaps://sam@localhost:{}/", dovecot.port), good, &[], "no encrypted connection");
}

#[test]
fn a_secret_goes_only_where_this_machine_was_told() {
    let Some(dovecot) = Dovecot::start("") else { return };
    deliver(&dovecot, "", &["a"]);
    let place = reading(dovecot.port, &["--id", "work"]);
    // The vault comes to another machine: its configuration is there, the state is not.
    std::fs::remove_dir_all(place.path("state")).unwrap();
    let said = place.postil(&["sync", "--json"]).ended(1);
    assert!(
        said.err.contains("not yet allowed") && said.err.contains("postil source allow work"),
        "{}",
        said.err
    );
    assert_eq!(numbers(&said), "+0 -0 =0");
    place.postil(&["source", "allow", "work"]).ended(0);
    assert_eq!(sync(&place), "+1 -0 =1");
    // Someone changes where it goes.
    let config = place.vault().join(".postil/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("sam@127.0.0.1", "eve@127.0.0.1")).unwrap();
    let said = place.postil(&["sync", "--json"]).ended(1);
    assert!(said.err.contains("not yet allowed"), "{}", said.err);
}
