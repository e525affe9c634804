//! Threads loaded from where their mail is kept, and their readings, cached.

use std::collections::HashSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use postil_evidence::{Addr, ContentHash, Directory};
use postil_index::{CachedRow, IndexError, MessageRow, ThreadRow};
use postil_mail::identity::KnownDomains;
use postil_mail::{Message, Thread, store, thread};
use postil_understand::standing::{Around, Standing};
use postil_understand::{Reading, read_thread_knowing};
use rayon::prelude::*;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::marks::Marks;
use crate::progress::Progress;
use crate::sync::place_of;

/// Raised when readings are made in another way; since 2 mail labelled as sent is the owner's, since 3 mail
/// made for many is told by how it was built, since 4 labels, news and courtesies ask nothing, since 5 first names and
/// nicknames mean people of the thread, since 6 a question about "he" is searched for by the name
/// and a promise shows what "it" is.
const READING_VERSION: u32 = 6;

/// The kind of the catalogue's entries for addresses that the owner wrote to.
pub(crate) const WRITTEN_TO: &str = "written-to";

/// A thread larger than this is read from its newest messages.
const THREAD_LIMIT: usize = 400;

/// What reading many threads needs, made once.
#[derive(Default)]
pub(crate) struct Aids {
    domains: OnceLock<KnownDomains>,
    marks: Marks,
}

/// A thread with what was understood of it.
#[derive(Clone, Debug)]
pub(crate) struct ReadThread {
    pub(crate) thread: Thread,
    pub(crate) reading: Reading,
    /// Messages that the catalogue knows and that could not be read now, with the reason.
    pub(crate) missing: Vec<String>,
}

impl Desk {
    /// Loads a thread's messages. Those that are gone are named and left out.
    pub(crate) fn load_thread(&self, id: i64) -> Result<(Thread, Vec<String>), DeskError> {
        self.load_thread_with(id, &Marks::default())
    }

    fn load_thread_with(&self, id: i64, marks: &Marks) -> Result<(Thread, Vec<String>), DeskError> {
        let mut rows = self.index.catalog().thread_messages(id)?;
        rows.sort_by_key(|(row, _)| (row.date_ms, row.key));
        if rows.len() > THREAD_LIMIT {
            rows.drain(..rows.len() - THREAD_LIMIT);
        }
        let mut messages: Vec<Message> = Vec::new();
        let mut missing = Vec::new();
        for (row, places) in rows {
            let mut why = format!("{} has no place left", row.subject);
            let wanted = row.key;
            let found = places.iter().map(place_of).find_map(|place| match store::load(&place) {
                Ok(message) if message.key == wanted => Some(message),
                Ok(_) => {
                    why = format!("{} holds another message now; run `postil sync`", place.path.display());
                    None
                }
                Err(error) => {
                    why = error.to_string();
                    None
                }
            });
            match found {
                Some(mut message) => {
                    message.answered = marks.is_answered(&places, &self.state_dir);
                    messages.push(message);
                }
                None => missing.push(why),
            }
        }
        Ok((thread::assemble(messages), missing))
    }

    /// Loads and reads a thread with the whole directory: for the owner's eyes.
    pub(crate) fn read_thread(&self, id: i64, directory: &Directory) -> Result<ReadThread, DeskError> {
        self.read_thread_under(id, directory, &self.config.standing, &Aids::default())
    }

    /// The same under other rules and corrections.
    pub(crate) fn read_thread_under(
        &self,
        id: i64,
        directory: &Directory,
        standing: &Standing,
        aids: &Aids,
    ) -> Result<ReadThread, DeskError> {
        let (thread, missing) = self.load_thread_with(id, &aids.marks)?;
        let known: HashSet<Addr> = self.written_to(
            thread.messages.iter().filter_map(|message| message.from.as_ref().map(|from| from.addr.as_str())),
        )?;
        let reading = read_thread_knowing(
            &thread,
            &self.config.owner,
            &self.config.rules.parties,
            directory,
            &|addr| known.contains(addr),
            &self.env.now,
        );
        let around = Around {
            parties: &self.config.rules.parties,
            is_suspect: &|message| {
                let domains = aids.domains.get_or_init(|| self.known_domains(directory));
                self.config.is_suspect(domains, message)
            },
        };
        let reading = standing.judge(reading, &thread, &around);
        Ok(ReadThread { thread, reading, missing })
    }

    /// Those of the addresses that the owner wrote to, in any thread.
    fn written_to<'a>(&self, addrs: impl Iterator<Item = &'a str>) -> Result<HashSet<Addr>, DeskError> {
        let mut known = HashSet::new();
        for addr in addrs.filter_map(Addr::parse) {
            if !known.contains(&addr)
                && self.index.catalog().cached(WRITTEN_TO, addr.as_str().as_bytes())?.is_some()
            {
                known.insert(addr);
            }
        }
        Ok(known)
    }

    /// The readings of threads, from the cache or made now and kept; those without a readable
    /// message are left out. In the order given.
    pub(crate) fn readings(
        &self,
        threads: &[ThreadRow],
        directory: &Directory,
        progress: &dyn Progress,
    ) -> Result<Vec<(i64, Reading)>, DeskError> {
        let base = format!(
            "{READING_VERSION}/{}/{}/{}",
            self.config.reading_fingerprint(),
            names_fingerprint(directory),
            self.env.now.date()
        );
        let done = AtomicU64::new(0);
        let aids = Aids::default();
        let read_one = |row: &ThreadRow| -> Result<Option<(i64, Reading, Option<String>)>, DeskError> {
            if progress.stopped() {
                return Ok(None);
            }
            progress.advance(done.fetch_add(1, Ordering::Relaxed));
            let rows = self.index.catalog().thread_messages(row.thread)?;
            let mut keys: Vec<&[u8]> = rows.iter().map(|(row, _)| row.key.0.bytes().as_slice()).collect();
            keys.sort_unstable();
            let answered = rows.iter().filter(|(_, places)| aids.marks.is_answered(places, &self.state_dir));
            let mut marked: Vec<&[u8]> = answered.map(|(row, _)| row.key.0.bytes().as_slice()).collect();
            marked.sort_unstable();
            if !marked.is_empty() {
                keys.push(b"answered");
                keys.append(&mut marked);
            }
            let senders = rows.iter().map(|(row, _)| row.from_addr.as_str());
            let known = self.written_to(senders)?.len();
            let version = format!("{base}/{}/{known}", ContentHash::of_parts(&keys));
            if let Some((cached_version, json)) =
                self.index.catalog().cached("reading", &row.thread.to_le_bytes())?
                && cached_version == version
                && let Ok(reading) = serde_json::from_slice(&json)
            {
                return Ok(Some((row.thread, reading, None)));
            }
            let read = self.read_thread_under(row.thread, directory, &self.config.standing, &aids)?;
            let readable = !read.thread.messages.is_empty();
            Ok(readable.then_some((row.thread, read.reading, Some(version))))
        };
        let results: Vec<_> = threads.par_iter().map(read_one).collect::<Result<_, _>>()?;
        self.keep_readings(results.iter().flatten())?;
        Ok(results.into_iter().flatten().map(|(thread, reading, _)| (thread, reading)).collect())
    }

    /// Keeps new readings. Where another run holds the index they are simply made again next time.
    fn keep_readings<'r>(
        &self,
        readings: impl Iterator<Item = &'r (i64, Reading, Option<String>)>,
    ) -> Result<(), DeskError> {
        let fresh: Vec<_> = readings
            .filter_map(|(thread, reading, version)| Some((*thread, reading, version.as_ref()?)))
            .collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let mut batch = match self.index.writer() {
            Ok(batch) => batch,
            Err(IndexError::Busy { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for (thread, reading, version) in fresh {
            let Ok(json) = serde_json::to_vec(reading) else { continue };
            let key = thread.to_le_bytes();
            let row = CachedRow { kind: "reading", key: &key, thread: Some(thread), version, value: &json };
            batch.catalog().put_cached(&row)?;
        }
        batch.commit()?;
        Ok(())
    }

    /// The one message that `id` names: a Message-ID with or without brackets, or the start of a key.
    ///
    /// # Errors
    /// Where nothing or more than one message fits.
    pub(crate) fn find_message(&self, id: &str) -> Result<MessageRow, DeskError> {
        // A message without a Message-ID is not the one called "".
        let mut rows =
            if bare(id).is_empty() { Vec::new() } else { self.index.catalog().find_messages(id)? };
        match rows.len() {
            1 => Ok(rows.remove(0)),
            0 => Err(DeskError::user(
                format!("no message is called \"{id}\""),
                "`postil inbox` lists them; run `postil sync` for new mail",
            )),
            n => Err(DeskError::user(
                format!("{n} messages fit \"{id}\""),
                "give more of its key, as `postil inbox --json` shows it",
            )),
        }
    }
}

fn bare(id: &str) -> &str {
    id.trim().trim_matches(['<', '>'])
}

/// Changes when the names that mentions are linked to change.
fn names_fingerprint(directory: &Directory) -> ContentHash {
    let names: Vec<String> = directory.entities().iter().map(|entity| format!("{entity:?}")).collect();
    let parts: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    ContentHash::of_parts(&parts)
}

/// How a message is named to people and programs: its Message-ID, else its key.
pub(crate) fn public_id(message: &Message) -> String {
    message.message_id.as_ref().map_or_else(|| message.key.to_string(), ToString::to_string)
}
