//! Threads as a sync makes them: what is joined by headers, what by a guess, and what never; copies and
//! ids given twice; labels of a Gmail Takeout and folders of Thunderbird.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test makes files and fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use postil_desk::env::Environment;
use postil_desk::progress::Silent;
use postil_desk::view::SyncView;
use postil_desk::{Desk, Filters, InboxScope};

const CONFIG: &str = r#"version = 1
[me]
name = "Sam Rivera"
addresses = ["sam@us.example"]
domains = ["us.example"]
zone = "Europe/Berlin"
[[source]]
id = "mail"
kind = "maildir"
path = "../mail"
"#;

const ANA: &str = "From: Ana Lima <ana@pumps.example>\nTo: Sam Rivera <sam@us.example>";
const SAM: &str = "From: Sam Rivera <sam@us.example>\nTo: Ana Lima <ana@pumps.example>";

struct World {
    dir: tempfile::TempDir,
    mails: std::cell::Cell<u32>,
}

impl World {
    fn new(config: &str) -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap(), mails: std::cell::Cell::new(0) };
        world.put("vault/.postil/config.toml", config);
        world.put("vault/Plain.md", "# Plain\n\nThe kettle is descaled on Mondays.\n");
        for folder in ["cur", "new", "tmp"] {
            fs::create_dir_all(world.path("mail").join(folder)).unwrap();
        }
        world
    }

    fn path(&self, part: &str) -> PathBuf {
        self.dir.path().join(part)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A mail with an id made of `id`.
    fn mail(&self, id: &str, headers: &str, body: &str) {
        self.raw(&format!("Message-ID: <{id}@x.example>\n{headers}\n\n{body}\n"));
    }

    fn raw(&self, text: &str) {
        let number = self.mails.get() + 1;
        self.mails.set(number);
        self.put(&format!("mail/cur/{number}.x:2,S"), text);
    }

    fn open(&self) -> Desk {
        let env = Environment {
            now: "2026-11-23T08:30:00+01:00[Europe/Berlin]".parse().unwrap(),
            state_root: self.path("state"),
            current_dir: self.path(""),
            suggested_name: None,
        };
        Desk::open(&self.path("vault"), env).unwrap()
    }

    fn sync(&self) -> SyncView {
        let view = self.open().sync(&Silent::default()).unwrap();
        assert!(view.problems.is_empty(), "{:?}", view.problems);
        view
    }

    /// What a message answers, `~` before a guess; `-` for nothing.
    fn answers(&self, id: &str) -> String {
        let view = self.open().read(&format!("<{id}@x.example>")).unwrap();
        let mark = if view.answers_guessed.is_some() { "~" } else { "" };
        view.answers.map_or("-".to_owned(), |parent| {
            format!("{mark}{}", parent.trim_matches(['<', '>']).trim_end_matches("@x.example"))
        })
    }

    /// How many threads the inbox shows, and how many of them hold a guess.
    fn threads(&self) -> (usize, usize) {
        let items = self.open().inbox(InboxScope::Everything, &Silent::default()).unwrap();
        let by_thread: BTreeMap<String, bool> =
            items.into_iter().map(|item| (item.thread_id, item.guessed)).collect();
        (by_thread.len(), by_thread.values().filter(|guessed| **guessed).count())
    }
}

#[test]
fn a_reply_without_headers_joins_its_thread_and_says_that_it_was_guessed() {
    let world = World::new(CONFIG);
    let quote = "Both.\n\nOn Fri, 20 Nov 2026 at 16:04, Ana Lima wrote:\n> Shall we replace the two old pumps before winter comes?";
    // The reply is read first.
    world.mail(
        "reply",
        &format!("{SAM}\nSubject: Re: Pumps in hall 3\nDate: Sat, 21 Nov 2026 10:00:00 +0100"),
        quote,
    );
    world.mail(
        "first",
        &format!("{ANA}\nSubject: Pumps in hall 3\nDate: Fri, 20 Nov 2026 16:04:10 +0100"),
        "Shall we replace the two old pumps before winter comes?",
    );
    let view = world.sync();
    assert_eq!((view.messages_new, view.joined_by_guess), (2, 1));
    assert_eq!(world.answers("reply"), "~first");
    assert_eq!(world.answers("first"), "-");
    assert_eq!(world.threads(), (1, 1));
    assert_eq!(world.sync().joined_by_guess, 0, "it is looked at once");
}

#[test]
fn what_comes_later_is_found_by_a_reply_that_waited() {
    let world = World::new(CONFIG);
    world.mail(
        "reply",
        &format!("{SAM}\nSubject: Re: Pumps in hall 3\nDate: Sat, 21 Nov 2026 10:00:00 +0100"),
        "Both.\n\nOn Fri, 20 Nov 2026 at 16:04, Ana Lima wrote:\n> Shall we?",
    );
    assert_eq!(world.sync().joined_by_guess, 0);
    world.mail(
        "first",
        &format!("{ANA}\nSubject: Pumps in hall 3\nDate: Fri, 20 Nov 2026 16:04:10 +0100"),
        "Shall we replace the two old pumps?",
    );
    assert_eq!(world.sync().joined_by_guess, 1);
    assert_eq!(world.answers("reply"), "~first");
}

#[test]
fn a_complete_chain_a_stranger_and_a_monthly_subject_are_never_joined_by_guess() {
    let world = World::new(CONFIG);
    let body = "Shall we replace the two old pumps before winter comes?";
    let quote = format!("Yes.\n\nOn Fri, 20 Nov 2026 at 16:04, Ana Lima wrote:\n> {body}");
    world.mail("first", &format!("{ANA}\nSubject: Pumps\nDate: Fri, 20 Nov 2026 16:04:10 +0100"), body);
    world.mail(
        "known",
        &format!(
            "{SAM}\nSubject: Re: Pumps\nDate: Fri, 20 Nov 2026 17:00:00 +0100\nIn-Reply-To: <first@x.example>"
        ),
        &quote,
    );
    world.mail(
        "whole",
        &format!("{SAM}\nSubject: Re: Pumps\nDate: Sat, 21 Nov 2026 10:00:00 +0100\nReferences: <p@y.example> <q@y.example>"),
        &quote,
    );
    // Whoever guesses a subject is not in the conversation.
    world.mail(
        "stranger",
        "From: Eve <eve@elsewhere.example>\nTo: sam@us.example\nSubject: Re: Pumps\nDate: Sun, 22 Nov 2026 10:00:00 +0100",
        "Please send me what you wrote to Ana.",
    );
    for month in [9, 10] {
        world.mail(
            &format!("invoice{month}"),
            &format!(
                "{ANA}\nSubject: Invoice of the month\nDate: 20 {} 2026 10:00:00 +0100",
                if month == 9 { "Sep" } else { "Oct" }
            ),
            &format!("The invoice of month {month} is attached."),
        );
    }
    world.mail(
        "paid",
        &format!("{SAM}\nSubject: Re: Invoice of the month\nDate: Sat, 21 Nov 2026 10:00:00 +0100"),
        "Paid, thank you.",
    );
    assert_eq!(world.sync().joined_by_guess, 0);
    assert_eq!(world.answers("known"), "first");
    for id in ["whole", "stranger", "paid"] {
        assert_eq!(world.answers(id), "-", "{id}");
    }
    assert_eq!(world.threads().1, 0);
}

#[test]
fn a_gateway_that_renames_mail_does_not_cut_the_thread() {
    let world = World::new(CONFIG);
    world.mail(
        "mine",
        &format!("{SAM}\nSubject: Pumps in hall 3\nDate: Fri, 20 Nov 2026 16:04:10 +0100"),
        "Shall we replace the two old pumps before winter comes?",
    );
    world.mail(
        "hers",
        &format!("{ANA}\nSubject: Re: Pumps in hall 3\nDate: Fri, 20 Nov 2026 15:30:00 +0000\nIn-Reply-To: <0100019abc@gate.example>\nReferences: <0100019abc@gate.example>"),
        "Yes, both.\n\n> Shall we replace the two old pumps before winter comes?",
    );
    assert_eq!(world.sync().joined_by_guess, 1);
    assert_eq!(world.answers("hers"), "~mine");
}

#[test]
fn a_copy_over_a_list_is_the_same_mail_and_an_id_given_twice_is_two() {
    let world = World::new(CONFIG);
    let list =
        "List-Id: <pumps.lists.example>\nSubject: [pumps] Valves\nDate: Fri, 20 Nov 2026 16:04:10 +0100";
    world.mail(
        "copy",
        &format!("{ANA}\nSubject: Valves\nDate: Fri, 20 Nov 2026 16:04:10 +0100"),
        "The valves came.",
    );
    world.mail(
        "copy",
        &format!("{ANA}\n{list}"),
        "The valves came.\n_______________________________________________\npumps mailing list -- pumps@lists.example\nTo unsubscribe send an email to pumps-leave@lists.example",
    );
    // A program that gives all its mails one id.
    let report = |subject: &str, date: &str, body: &str| {
        world.mail("nightly", &format!("{ANA}\nSubject: {subject}\nDate: {date}"), body);
    };
    report("Report", "Sat, 21 Nov 2026 02:00:00 +0100", "Saturday: dry.");
    report("Report", "Fri, 20 Nov 2026 02:00:00 +0100", "Friday: dry.");
    report("Leak", "Sun, 22 Nov 2026 02:00:00 +0100", "Sunday: wet.");
    world.mail(
        "where",
        &format!("{SAM}\nSubject: Re: Leak\nDate: Sun, 22 Nov 2026 10:00:00 +0100\nIn-Reply-To: <nightly@x.example>"),
        "Where?",
    );
    let view = world.sync();
    assert_eq!((view.messages, view.messages_new, view.copies), (5, 5, 1));
    assert_eq!(world.threads(), (4, 0), "the copy, two reports, the leak with its reply");
    let desk = world.open();
    let reply = desk.read("<where@x.example>").unwrap();
    assert_eq!(reply.answers.as_deref(), Some("<nightly@x.example>"));
}

#[test]
fn labels_of_a_takeout_are_folders_and_spam_is_not_read() {
    let config = CONFIG
        .replace("kind = \"maildir\"\npath = \"../mail\"", "kind = \"mbox\"\npath = \"../All mail.mbox\"");
    let world = World::new(&config);
    let entry = |labels: &str, id: &str, headers: &str, body: &str| {
        format!(
            "From 1@xxx Fri Nov 20 16:04:26 +0000 2026\nX-GM-THRID: 1\nX-Gmail-Labels: {labels}\nMessage-ID: <{id}@x.example>\n{headers}\n\n{body}\n\n"
        )
    };
    let sent = "From: Sam <sam.rivera@old.example>\nTo: ana@pumps.example\nSubject: Re: Zucchini\nDate: Sat, 21 Nov 2026 10:00:00 +0100\nIn-Reply-To: <ask@x.example>";
    let ask = format!("{ANA}\nSubject: Zucchini\nDate: Fri, 20 Nov 2026 10:00:00 +0100");
    let other = format!("{ANA}\nSubject: Parsnip\nDate: Fri, 20 Nov 2026 11:00:00 +0100");
    world.put(
        "All mail.mbox",
        &[
            entry("Inbox,\"Garden, 2026\"", "ask", &ask, "How many zucchini do you need?"),
            entry("=?UTF-8?Q?Gesendet,Garten/Gem=C3=BCse?=", "sent", sent, "Four zucchini, please."),
            entry("Inbox", "other", &other, "The zucchini of the others."),
            entry("Spam", "spam", &ask.replace("Zucchini", "Cheap"), "zucchini for nothing"),
            entry("=?UTF-8?Q?Entw=C3=BCrfe?=", "draft", sent, "zucchini unfinished"),
        ]
        .concat(),
    );
    let view = world.sync();
    assert_eq!((view.messages, view.set_aside), (3, 2));
    let found = |query: &str| {
        let hits = world.open().search(query, &Filters::default(), 9).unwrap().hits;
        hits.into_iter().map(|hit| hit.source).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(found("zucchini"), 3);
    assert_eq!(found("zucchini in Garden, 2026"), 1);
    assert_eq!(found("zucchini label Gemüse"), 1);
    // An address that only the label tells to be the owner's: the question is answered.
    let items = world.open().inbox(InboxScope::NeedsMe, &Silent::default()).unwrap();
    assert!(items.iter().all(|item| item.message_id != "<ask@x.example>"), "{items:?}");
    assert_eq!(world.sync().messages_new, 0);
}

#[test]
fn a_thunderbird_profile_is_a_source() {
    let config = CONFIG
        .replace("kind = \"maildir\"\npath = \"../mail\"", "kind = \"thunderbird\"\npath = \"../profile\"");
    let world = World::new(&config);
    let entry = |id: &str, status: &str| {
        format!(
            "From - Fri Nov 20 16:04:26 2026\nX-Mozilla-Status: {status}\nX-Mozilla-Status2: 00000000\nMessage-ID: <{id}@x.example>\n{ANA}\nSubject: {id}\nDate: Fri, 20 Nov 2026 10:00:00 +0100\n\nThe {id} came.\n\n"
        )
    };
    world.put("profile/prefs.js", "");
    world.put("profile/Mail/Local Folders/Inbox", &[entry("valves", "0001"), entry("gone", "0009")].concat());
    world.put("profile/Mail/Local Folders/Inbox.msf", "");
    world.put("profile/Mail/Local Folders/Trash", &entry("thrown", "0001"));
    assert_eq!(world.sync().messages, 1);
    world.put("profile/Mail/Local Folders/Inbox", &[entry("valves", "0009"), entry("gone", "0009")].concat());
    assert_eq!((world.sync().messages, world.sync().messages_new), (0, 0));
}
