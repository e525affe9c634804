//! Waiting for news: IDLE on every IMAP source, in a thread each; the others are looked at again after a
//! while. Says only that there may be news; what it is, the next run finds out.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use postil_mail::store::imap::{Connection, ImapError, Role, Woken, chosen};

use crate::desk::Desk;
use crate::imap::{ImapSource, NotConnected};
use crate::progress::Progress;

/// How long one IDLE lasts at most.
///
/// # Source
/// RFC 2177: clients are advised to end IDLE at least every 29 minutes.
const IDLE: Duration = Duration::from_secs(25 * 60);
/// How often a server that knows no IDLE is asked.
const POLL: Duration = Duration::from_secs(2 * 60);
/// How long to stay away after a connection failed: doubled each time, up to the second.
const AWAY: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(15 * 60));
/// How often a wait looks whether it is to stop.
const TICK: Duration = Duration::from_millis(200);

/// What a wait hears.
enum Heard {
    News,
    Trouble(String),
}

/// Listens to every IMAP source for as long as it lives.
#[derive(Debug)]
pub struct Watch {
    heard: Receiver<Heard>,
    /// Kept so that a wait without any source lasts its time.
    _open: Sender<Heard>,
}

impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::News => f.write_str("News"),
            Self::Trouble(what) => f.write_str(what),
        }
    }
}

impl Desk {
    /// Begins to listen.
    #[must_use]
    pub fn watch(&self) -> Watch {
        let (tell, heard) = mpsc::channel();
        for source in &self.config.imap {
            let (source, state_dir, tell) = (source.clone(), self.state_dir.clone(), tell.clone());
            // Not joined: it may sit in a read for minutes, and there is nothing it could lose.
            drop(std::thread::spawn(move || listen(&source, &state_dir, &tell)));
        }
        Watch { heard, _open: tell }
    }
}

impl Watch {
    /// Waits until there may be news, until `at_most` has gone by, or until the person stops it. Returns
    /// what went wrong meanwhile.
    pub fn wait(&self, at_most: Duration, progress: &dyn Progress) -> Vec<String> {
        let mut troubles = Vec::new();
        let mut left = at_most;
        while !left.is_zero() && !progress.stopped() {
            let tick = TICK.min(left);
            match self.heard.recv_timeout(tick) {
                Ok(Heard::News) => {
                    // Several at once are one piece of news.
                    while let Ok(more) = self.heard.try_recv() {
                        if let Heard::Trouble(what) = more {
                            troubles.push(what);
                        }
                    }
                    return troubles;
                }
                Ok(Heard::Trouble(what)) => troubles.push(what),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => left -= tick,
            }
        }
        troubles
    }
}

/// Listens to one server until nobody wants to hear any more, or it lets us in no longer.
fn listen(source: &ImapSource, state_dir: &Path, tell: &Sender<Heard>) {
    let mut away = AWAY.0;
    loop {
        let mut heard = false;
        let ended = idle(source, state_dir, &mut |woken| {
            heard = true;
            woken == Woken::Quiet || tell.send(Heard::News).is_ok()
        });
        match ended {
            Ok(()) => return,
            Err(NotConnected::Imap(error)) if error.may_try_again() || reachable_later(&error) => {}
            Err(error) => {
                let what = format!("mailbox {}: {error}; it is read at the usual intervals only", source.id);
                drop(tell.send(Heard::Trouble(what)));
                return;
            }
        }
        away = if heard { AWAY.0 } else { (away * 2).min(AWAY.1) };
        std::thread::sleep(away);
    }
}

/// Whether a machine may be back later: asleep, offline, restarted.
fn reachable_later(error: &ImapError) -> bool {
    matches!(error, ImapError::NoSuchHost { .. } | ImapError::Unreachable { .. } | ImapError::Bye { .. })
}

/// One connection's listening. Ends well where `on` does not want to hear any more.
fn idle(
    source: &ImapSource,
    state_dir: &Path,
    on: &mut dyn FnMut(Woken) -> bool,
) -> Result<(), NotConnected> {
    let mut session: Connection = source.connect(state_dir)?;
    let folders: Vec<_> = session.list()?.folders.into_iter().map(|(folder, _)| folder).collect();
    let wanted = chosen(&folders, &source.folders, session.can("X-GM-EXT-1"));
    let inbox = wanted.iter().find(|folder| folder.role == Some(Role::Inbox)).or(wanted.first());
    let Some(inbox) = inbox else {
        return Err(ImapError::Lie { what: "it has none of the folders to read".to_owned() }.into());
    };
    session.examine(inbox, None)?;
    // What came between the last look and now.
    if !on(Woken::Changed) {
        return Ok(());
    }
    let idles = session.can("IDLE");
    loop {
        let woken = if idles {
            session.stream().wait_at_most(IDLE)?;
            session.idle()?
        } else {
            std::thread::sleep(POLL);
            session.poll()?
        };
        if !on(woken) {
            return Ok(());
        }
    }
}
