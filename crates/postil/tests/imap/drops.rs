//! Connections cut at random bytes, the program started again, UIDs that change their meaning, mail that comes and goes
//! meanwhile: in the end the mail is what the server has, each message read once, no flag changed.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::account::{deliver, mail, reading, sync};
use crate::dovecot::Dovecot;
use crate::numbers::Numbers;
use crate::place::Place;
use crate::proxy::{Fate, Proxy, Then};

/// Connections to cut in the ordinary tests; `cargo xtask imap-drops` asks for more.
const CUTS: u64 = 25;
/// The same for syncs to kill.
const KILLS: u64 = 8;

/// The subjects of all mail that is known, each as often as it is known.
fn known(place: &Place) -> Vec<String> {
    let said = place.postil(&["inbox", "--all", "--json"]);
    let mut subjects: Vec<String> =
        said.rows().iter().map(|row| row["subject"].as_str().unwrap().to_owned()).collect();
    subjects.sort();
    subjects
}

/// How many the environment asks for.
fn asked_for(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A server whose mail comes, goes and changes its UIDs.
struct Changing<'d> {
    dovecot: &'d Dovecot,
    numbers: Numbers,
    /// The names of what the server has.
    held: BTreeSet<String>,
    /// Messages that ever came.
    brought: u64,
    /// Changes of UIDVALIDITY.
    renumbered: u64,
}

impl<'d> Changing<'d> {
    /// With 120 messages and a long one, some of them in `Sent`.
    fn new(dovecot: &'d Dovecot, numbers: Numbers) -> Self {
        let mut server = Self { dovecot, numbers, held: BTreeSet::new(), brought: 0, renumbered: 0 };
        server.bring(120, 0);
        server.bring(1, 40_000);
        server
    }

    /// Delivers so many messages, each with so many lines more.
    fn bring(&mut self, many: u64, lines: usize) {
        for _ in 0..many {
            self.brought += 1;
            let name = format!("m{}", self.brought);
            let mut bytes = mail(&name);
            bytes.extend_from_slice(&b"a line of a long message, again and again\r\n".repeat(lines));
            self.dovecot.deliver(if self.brought.is_multiple_of(3) { ".Sent" } else { "" }, &name, &bytes);
            self.held.insert(name);
        }
        self.dovecot.settle();
    }

    /// Something happens on the server, or nothing.
    fn change(&mut self) {
        match self.numbers.below(6) {
            0 => self.bring(5, 0),
            1 => {
                let at = usize::try_from(self.numbers.below(self.held.len() as u64)).unwrap();
                let name = self.held.iter().nth(at).unwrap().clone();
                let id = format!("<{name}@");
                self.dovecot.admin(&["expunge", "-u", "sam", "mailbox", "*", "header", "message-id", &id]);
                self.held.remove(&name);
            }
            2 => {
                self.renumbered += 1;
                let validity = (4_000_000_000 + self.renumbered).to_string();
                let folder = if self.numbers.below(2) == 0 { "INBOX" } else { "Sent" };
                self.dovecot.admin(&["mailbox", "update", "-u", "sam", "--uid-validity", &validity, folder]);
            }
            3 if self.numbers.below(8) == 0 => self.bring(1, 40_000),
            _ => {}
        }
    }

    fn names(&self) -> Vec<String> {
        self.held.iter().cloned().collect()
    }
}

/// Where in a sync something happens: anywhere in what a whole one takes, most often early. `None` once the limit is 0.
fn some_byte(numbers: &mut Numbers, limit: &Mutex<u64>) -> Option<u64> {
    let limit = *limit.lock().unwrap();
    let most = if numbers.below(3) == 0 { limit } else { limit / 20 };
    (limit > 0).then(|| numbers.below(most))
}

/// Bytes of a whole sync.
const WHOLE_SYNC: u64 = 60_000;

#[test]
fn whatever_is_cut_the_mail_comes_whole_and_once() {
    let cuts = asked_for("POSTIL_DROPS", CUTS);
    let Some(dovecot) = Dovecot::start("") else { return };
    let mut server = Changing::new(&dovecot, Numbers(20_261_125));
    let limit = Arc::new(Mutex::new(WHOLE_SYNC));
    let (mut at, bound) = (server.numbers.clone(), Arc::clone(&limit));
    let proxy = Proxy::before(dovecot.port, move || {
        some_byte(&mut at, &bound).map(|after| Fate { after, then: Then::Cut })
    });
    let place = reading(proxy.port, &[]);
    let (mut new, mut gone, mut restarts) = (0, 0, 0);
    let mut flags = dovecot.flags();
    while proxy.cuts() < cuts {
        let said = place.postil(&["sync", "--json"]);
        restarts += 1;
        let view = said.row();
        new += view["messages_new"].as_u64().unwrap();
        gone += view["messages_gone"].as_u64().unwrap();
        assert_eq!(dovecot.flags(), flags, "a flag changed");
        server.change();
        flags = dovecot.flags();
    }
    // Nobody cuts any more: whatever is left comes, and then nothing does.
    *limit.lock().unwrap() = 0;
    let view = place.postil(&["sync", "--json"]).ended(0).row();
    new += view["messages_new"].as_u64().unwrap();
    gone += view["messages_gone"].as_u64().unwrap();
    let held = server.held.len();
    assert_eq!(view["messages"], held);
    assert_eq!(known(&place), server.names(), "lost or too much");
    assert_eq!(new - gone, held as u64, "read twice: {new} came, {gone} went");
    assert_eq!(sync(&place), format!("+0 -0 ={held}"));
    assert_eq!(dovecot.flags(), flags, "a flag changed");
    println!(
        "{} connections cut, {restarts} starts, {} changes of UIDVALIDITY, {new} messages came, {gone} went: 0 lost, 0 read twice, 0 flags changed",
        proxy.cuts(),
        server.renumbered
    );
}

/// What is killed: the process that runs just now.
type Running = Arc<Mutex<Option<u32>>>;

/// Kills the process and gives its last bytes no chance to arrive.
fn kill(running: &Running) {
    if let Some(id) = *running.lock().unwrap() {
        // It may have ended by itself.
        drop(Command::new("kill").args(["-KILL", &id.to_string()]).stderr(Stdio::null()).status());
    }
}

/// Starts a sync and waits for its end; whether it was killed.
fn sync_or_die(place: &Place, running: &Running) -> bool {
    let vault = place.vault().to_string_lossy().into_owned();
    let mut command = place.command(&["sync", "--json", "--vault", &vault]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = {
        // Locked while it starts, so that its first connection already finds whom to kill.
        let mut running = running.lock().unwrap();
        let child = command.spawn().unwrap();
        *running = Some(child.id());
        child
    };
    let status = child.wait().unwrap();
    *running.lock().unwrap() = None;
    status.code().is_none()
}

#[test]
fn whenever_the_program_is_killed_the_mail_comes_whole_and_once() {
    let kills = asked_for("POSTIL_KILLS", KILLS);
    let Some(dovecot) = Dovecot::start("") else { return };
    let mut server = Changing::new(&dovecot, Numbers(20_261_126));
    let (limit, running) = (Arc::new(Mutex::new(WHOLE_SYNC)), Running::default());
    let (mut at, bound, whom) = (server.numbers.clone(), Arc::clone(&limit), Arc::clone(&running));
    let proxy = Proxy::before(dovecot.port, move || {
        let after = some_byte(&mut at, &bound)?;
        let whom = Arc::clone(&whom);
        // One connection in four is cut instead, so that a sync which goes on after a cut is killed too.
        let then = if at.below(4) == 0 { Then::Cut } else { Then::Do(Box::new(move || kill(&whom))) };
        Some(Fate { after, then })
    });
    let place = reading(proxy.port, &[]);
    let vault = place.tree();
    let (mut killed, mut starts) = (0, 0);
    let mut flags = dovecot.flags();
    while killed < kills {
        killed += u64::from(sync_or_die(&place, &running));
        starts += 1;
        assert_eq!(dovecot.flags(), flags, "a flag changed");
        server.change();
        flags = dovecot.flags();
    }
    *limit.lock().unwrap() = 0;
    let view = place.postil(&["sync", "--json"]).ended(0).row();
    let held = server.held.len();
    assert_eq!(view["messages"], held, "lost or too much");
    assert_eq!(known(&place), server.names(), "lost or read twice");
    assert_eq!(sync(&place), format!("+0 -0 ={held}"), "read again");
    assert_eq!(dovecot.flags(), flags, "a flag changed");
    assert_eq!(place.tree(), vault, "a sync of mail changed the vault");
    println!(
        "{killed} of {starts} syncs killed, {} connections cut, {} changes of UIDVALIDITY: {held} messages, 0 lost, 0 read twice, 0 flags changed",
        proxy.cuts(),
        server.renumbered
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
