//! Connections cut at random bytes, the program started again, UIDs that change their meaning, mail that comes and goes
//! meanwhile: in the end the mail is what the server has, each message read once, no flag changed.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::account::{deliver, mail, reading, sync};
use crate::dovecot::Dovecot;
use crate::numbers::Numbers;
use crate::place::Place;
use crate::proxy::{Fate, Proxy, Then};

/// Connections to cut in the ordinary tests; `cargo xtask imap-drops` asks for more.
const CUTS: u64 = 25;

/// The subjects of all mail that is known, each as often as it is known.
fn known(place: &Place) -> Vec<String> {
    let said = place.postil(&["inbox", "--all", "--json"]);
    let mut subjects: Vec<String> =
        said.rows().iter().map(|row| row["subject"].as_str().unwrap().to_owned()).collect();
    subjects.sort();
    subjects
}

#[test]
fn whatever_is_cut_the_mail_comes_whole_and_once() {
    let cuts: u64 = std::env::var("POSTIL_DROPS").ok().and_then(|text| text.parse().ok()).unwrap_or(CUTS);
    let Some(dovecot) = Dovecot::start("") else { return };
    let mut numbers = Numbers(20_261_125);
    let mut held: BTreeSet<String> = BTreeSet::new();
    let mut next = 0;
    let mut bring = |held: &mut BTreeSet<String>, many: u64, long: bool| {
        for _ in 0..many {
            next += 1;
            let name = format!("m{next}");
            let mut bytes = mail(&name);
            if long {
                bytes.extend_from_slice(&b"a line of a long message, again and again\r\n".repeat(40_000));
            }
            dovecot.deliver(if next % 3 == 0 { ".Sent" } else { "" }, &name, &bytes);
            held.insert(name);
        }
        dovecot.settle();
    };
    bring(&mut held, 120, false);
    bring(&mut held, 1, true);
    // Each connection is cut somewhere in what a whole sync takes, most of them early.
    let limit = Arc::new(Mutex::new(60_000_u64));
    let mut at = numbers.clone();
    let bound = Arc::clone(&limit);
    let proxy = Proxy::before(dovecot.port, move || {
        let limit = *bound.lock().unwrap();
        let most = if at.below(3) == 0 { limit } else { limit / 20 };
        (limit > 0).then(|| Fate { after: at.below(most), then: Then::Cut })
    });
    let place = reading(proxy.port, &[]);
    let (mut new, mut gone, mut validity, mut restarts) = (0, 0, 4_000_000_000_u64, 0);
    let mut flags = dovecot.flags();
    while proxy.cuts() < cuts {
        let said = place.postil(&["sync", "--json"]);
        restarts += 1;
        let view = said.row();
        new += view["messages_new"].as_u64().unwrap();
        gone += view["messages_gone"].as_u64().unwrap();
        assert_eq!(dovecot.flags(), flags, "a flag changed");
        match numbers.below(6) {
            0 => bring(&mut held, 5, false),
            1 => {
                let name = held
                    .iter()
                    .nth(usize::try_from(numbers.below(held.len() as u64)).unwrap())
                    .unwrap()
                    .clone();
                dovecot.admin(&[
                    "expunge",
                    "-u",
                    "sam",
                    "mailbox",
                    "*",
                    "header",
                    "message-id",
                    &format!("<{name}@"),
                ]);
                held.remove(&name);
            }
            2 => {
                validity += 1;
                let folder = if numbers.below(2) == 0 { "INBOX" } else { "Sent" };
                dovecot.admin(&[
                    "mailbox",
                    "update",
                    "-u",
                    "sam",
                    "--uid-validity",
                    &validity.to_string(),
                    folder,
                ]);
            }
            3 if numbers.below(8) == 0 => bring(&mut held, 1, true),
            _ => {}
        }
        flags = dovecot.flags();
    }
    // Nobody cuts any more: whatever is left comes, and then nothing does.
    *limit.lock().unwrap() = 0;
    let view = place.postil(&["sync", "--json"]).ended(0).row();
    new += view["messages_new"].as_u64().unwrap();
    gone += view["messages_gone"].as_u64().unwrap();
    let expected: Vec<String> = held.iter().cloned().collect();
    assert_eq!(view["messages"], held.len());
    let mut subjects = known(&place);
    subjects.dedup();
    assert_eq!(subjects, expected, "lost or too much");
    assert_eq!(new - gone, held.len() as u64, "read twice: {new} came, {gone} went");
    assert_eq!(sync(&place), format!("+0 -0 ={}", held.len()));
    assert_eq!(dovecot.flags(), flags, "a flag changed");
    println!(
        "{} connections cut, {restarts} starts, {} changes of UIDVALIDITY, {new} messages came, {gone} went: 0 lost, 0 read twice, 0 flags changed",
        proxy.cuts(),
        validity - 4_000_000_000
    );
}

#[test]
fn messages_that_go_while_they_are_fetched_are_no_trouble() {
    let Some(dovecot) = Dovecot::start("") else { return };
    let names: Vec<String> = (0..400).map(|n| format!("m{n}")).collect();
    deliver(&dovecot, "", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let dovecot = Arc::new(dovecot);
    let server = Arc::clone(&dovecot);
    let mut once =
        Some(move || drop(server.admin(&["expunge", "-u", "sam", "mailbox", "INBOX", "uid", "300:400"])));
    let proxy = Proxy::before(dovecot.port, move || {
        let action = once.take()?;
        Some(Fate { after: 20_000, then: Then::Do(Box::new(action)) })
    });
    let place = reading(proxy.port, &[]);
    let said = place.postil(&["sync", "--json"]).ended(0).row();
    assert!(proxy.bytes() > 20_000);
    assert!(said["messages"].as_u64().unwrap() >= 299, "{said}");
    let after = place.postil(&["sync", "--json"]).ended(0).row();
    assert_eq!(after["messages"], 299, "{after}");
}
