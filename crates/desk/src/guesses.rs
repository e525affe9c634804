//! Replies whose headers lead to no message that is here, joined to the thread that they most likely
//! belong to. A join is for good, so it takes more than a thread needs that is joined already: a
//! likelihood of [`SURE`], people who had to do with it, and one thread that it can be.
//!
//! Mail whose headers name a parent that is here, or a whole line of descent, is never looked at.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use postil_evidence::{ContentHash, MessageKey};
use postil_index::{Catalog, CatalogWriter, GUESSED, MessageRow, OPEN, UNJOINED};
use postil_mail::store;
use postil_mail::thread::{
    self, Candidate, Clues, SURE, is_one_mail, likelihood, likelihood_of, subject_key, subject_stem,
};
use postil_mail::{Message, MsgId};
use rayon::prelude::*;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::progress::Progress;
use crate::sync::place_of;
use crate::view::SyncView;

/// Replies looked at between two commits.
const CHUNK: usize = 256;
/// The newest messages of a subject that are looked at.
const OF_TOPIC: usize = 24;
/// The messages of one minute that are looked at.
const OF_MINUTE: usize = 16;
/// The likeliest messages whose text is read.
const READ: usize = 4;
/// Lines above quotes whose minute is looked up.
const LINES: usize = 3;
/// Clocks may differ by this much, in milliseconds.
const SKEW_MS: i64 = 3_600_000;

/// The number under which the catalogue keeps the subject; 0 for none.
pub(crate) fn topic_of(subject: &str) -> i64 {
    topic_of_key(&subject_key(subject))
}

fn topic_of_key(key: &str) -> i64 {
    if key.is_empty() {
        return 0;
    }
    let hash = ContentHash::of(subject_stem(key).as_bytes());
    let number = hash.bytes().iter().take(8).fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
    if number == 0 { 1 } else { number }
}

fn date_ms(message: &Message) -> Option<i64> {
    message.date.as_ref().map(|date| date.timestamp().as_millisecond())
}

/// The thread of a new message by its headers. An id that a program gave to several mails stands for
/// the earliest of them, or for the one whose subject agrees.
pub(crate) fn thread_by_headers(catalog: &mut CatalogWriter, message: &Message) -> Result<i64, DeskError> {
    let mut ids: Vec<&str> = Vec::new();
    let mut threads: Vec<i64> = Vec::new();
    let mut is_earliest = false;
    if let Some(id) = &message.message_id {
        let own = (message.subject.as_str(), date_ms(message));
        let known = catalog.read().has_id(id.as_str())?;
        let others = if known { catalog.read().messages_with_id(id.as_str())? } else { Vec::new() };
        if known {
            catalog.note_reused(id.as_str())?;
        }
        let version = others.iter().find(|row| is_one_mail((&row.subject, row.date_ms), own));
        match version {
            Some(version) => threads.push(version.thread),
            None if others.is_empty() => ids.push(id.as_str()),
            // The id was given twice, and this is another mail.
            None => is_earliest = others.iter().all(|row| own.1.is_some() && own.1 < row.date_ms),
        }
    }
    for id in message.in_reply_to.iter().chain(&message.references) {
        if Some(id) == message.message_id.as_ref() || ids.contains(&id.as_str()) {
            continue;
        }
        let owners = if catalog.is_reused(id.as_str())? {
            catalog.read().messages_with_id(id.as_str())?
        } else {
            Vec::new()
        };
        match owners.as_slice() {
            [] | [_] => ids.push(id.as_str()),
            [first, ..] => {
                let base = thread::base_subject(message.subject.as_str());
                let agrees = owners.iter().find(|row| thread::base_subject(&row.subject) == base);
                threads.push(agrees.unwrap_or(first).thread);
            }
        }
    }
    let mut threads = threads.into_iter();
    let mut thread = match threads.next() {
        Some(first) if ids.is_empty() => first,
        Some(first) => {
            let named = catalog.thread_for(&ids)?;
            catalog.join_threads(named, first)?
        }
        None => catalog.thread_for(&ids)?,
    };
    for other in threads {
        thread = catalog.join_threads(thread, other)?;
    }
    if is_earliest && let Some(id) = &message.message_id {
        catalog.point_id(id.as_str(), thread)?;
    }
    Ok(thread)
}

/// Whether what a new message answers is to be looked for, once all mail is read. The one message it
/// may name is noted: it may come later in the same sync.
pub(crate) fn is_open(catalog: &mut CatalogWriter, message: &Message) -> Result<bool, DeskError> {
    if !thread::may_answer(message) || has_parent(catalog.read(), message)? {
        return Ok(false);
    }
    let mut named = message.in_reply_to.iter().chain(&message.references);
    if let Some(id) = named.find(|id| Some(*id) != message.message_id.as_ref()) {
        catalog.wait_for(message.key, id.as_str())?;
    }
    Ok(true)
}

/// Whether a message that a message names is here.
fn has_parent(catalog: &Catalog, message: &Message) -> Result<bool, DeskError> {
    let named = message.in_reply_to.iter().chain(&message.references);
    for id in named.filter(|id| Some(*id) != message.message_id.as_ref()) {
        if catalog.has_id(MsgId::as_str(id))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was found for one reply.
enum Found {
    /// Its parent is here after all, or it is no reply.
    Settled,
    /// It belongs to this thread.
    Thread(i64),
    /// Nothing is sure.
    Nothing,
}

/// Messages read once and used for several replies.
type Kept = HashMap<MessageKey, Option<Message>>;

impl Desk {
    /// Joins the replies that wait for it.
    ///
    /// # Errors
    /// Where the index cannot be read or written.
    pub(crate) fn join_by_guess(
        &self,
        progress: &dyn Progress,
        view: &mut SyncView,
    ) -> Result<(), DeskError> {
        if !self.index.catalog().open_messages(1)?.is_empty() {
            // Most of them only came before what they answer.
            let mut batch = self.writer()?;
            batch.catalog().settle_waiting()?;
            batch.commit()?;
        }
        let mut begun = false;
        let mut done = 0;
        while !progress.stopped() {
            let open = self.index.catalog().open_messages(CHUNK)?;
            if open.is_empty() {
                break;
            }
            if !begun {
                progress.begin("looking for what replies without headers answer", 0);
                begun = true;
            }
            let read_one = |row: MessageRow| {
                let message = self.any_copy(row.key).ok().flatten();
                let clues = message.as_ref().and_then(Clues::of);
                (row, message.zip(clues))
            };
            let read: Vec<_> = open.into_par_iter().map(read_one).collect();
            let mut batch = self.writer()?;
            let mut kept = Kept::new();
            for (row, message) in read {
                done += 1;
                progress.advance(done);
                let found = match message {
                    Some((message, clues)) => {
                        self.find_thread(batch.catalog().read(), &row, &message, &clues, &mut kept)?
                    }
                    None => Found::Settled,
                };
                // A message before may have moved this one's thread; a place that it has not is none.
                let Some(row) = batch.catalog().read().message(row.key)? else { continue };
                let flags = row.flags & !(OPEN | UNJOINED);
                match found {
                    Found::Thread(thread) if thread != row.thread => {
                        batch.catalog().join_threads(thread, row.thread)?;
                        batch.catalog().set_flags(row.key, flags | GUESSED)?;
                        view.joined_by_guess += 1;
                    }
                    Found::Thread(_) | Found::Settled => batch.catalog().set_flags(row.key, flags)?,
                    Found::Nothing => batch.catalog().set_flags(row.key, flags | UNJOINED)?,
                }
            }
            batch.commit()?;
        }
        if begun {
            progress.end();
        }
        Ok(())
    }

    fn find_thread(
        &self,
        catalog: &Catalog,
        row: &MessageRow,
        reply: &Message,
        clues: &Clues,
        kept: &mut Kept,
    ) -> Result<Found, DeskError> {
        let named = thread::named_ids(reply);
        if named > 1 || (named == 1 && has_parent(catalog, reply)?) {
            return Ok(Found::Settled);
        }
        let mut sure: Vec<(u8, bool, MessageRow)> = Vec::new();
        for candidate in candidates(catalog, row, clues)? {
            let Some(earlier) = self.kept_copy(candidate.key, kept)? else { continue };
            let (percent, vouched) = likelihood_of(clues, reply, earlier);
            let likely = percent >= SURE && (vouched || named == 0);
            if likely && had_to_do_with(reply, earlier, vouched) {
                sure.push((percent, vouched, candidate));
            }
        }
        // The likeliest; of equal ones the newest.
        sure.sort_by_key(|(percent, vouched, row)| std::cmp::Reverse((*vouched, *percent, row.date_ms)));
        let Some((_, vouched, best)) = sure.first() else { return Ok(Found::Nothing) };
        // "Invoice" comes every month: where nothing but the subject and the people tells, it may be any.
        let one = sure.iter().all(|(_, _, other)| other.thread == best.thread);
        Ok(if *vouched || one { Found::Thread(best.thread) } else { Found::Nothing })
    }

    fn kept_copy<'k>(&self, key: MessageKey, kept: &'k mut Kept) -> Result<Option<&'k Message>, DeskError> {
        let copy = match kept.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.any_copy(key)?),
        };
        Ok(copy.as_ref())
    }

    /// The message from any of its places that still holds it.
    fn any_copy(&self, key: MessageKey) -> Result<Option<Message>, DeskError> {
        let places = self.index.catalog().places_of(key)?;
        let found = places.iter().map(place_of).find_map(|place| store::load(&place).ok());
        Ok(found.filter(|message| message.key == key))
    }
}

/// The likeliest messages by what the catalogue knows of them, the likeliest first.
fn candidates(catalog: &Catalog, row: &MessageRow, clues: &Clues) -> Result<Vec<MessageRow>, DeskError> {
    let until = row.date_ms.map_or(i64::MAX, |date| date.saturating_add(SKEW_MS));
    let mut found: HashMap<MessageKey, (u8, MessageRow)> = HashMap::new();
    let mut add = |rows: Vec<MessageRow>| {
        for other in rows.into_iter().filter(|other| other.key != row.key) {
            let key = subject_key(&other.subject);
            let candidate = Candidate {
                key: &key,
                from: &other.from_addr,
                when_ms: other.date_ms,
                ..Candidate::default()
            };
            let percent = likelihood(clues, &candidate);
            found.insert(other.key, (percent, other));
        }
    };
    for key in &clues.keys {
        let rows = catalog.messages_of_topic(topic_of_key(key), until, OF_TOPIC)?;
        add(rows.into_iter().filter(|other| clues.same_subject(&subject_key(&other.subject))).collect());
    }
    if let Some(when) = clues.when_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()) {
        for said in clues.attributions.iter().take(LINES) {
            for (since, until) in said.moments(when, clues.offset_seconds) {
                add(catalog.messages_sent(since, until, OF_MINUTE)?);
            }
        }
    }
    let mut found: Vec<(u8, MessageRow)> = found.into_values().filter(|(percent, _)| *percent > 0).collect();
    found.sort_by_key(|(percent, row)| std::cmp::Reverse((*percent, row.date_ms, row.key)));
    Ok(found.into_iter().take(READ).map(|(_, row)| row).collect())
}

/// Whether the one who writes took part in what was written before: they sent it or got it, it came
/// over the same list, or they answer its author and have its very words. Else anyone who guesses a
/// subject would stand in a conversation they never were in.
fn had_to_do_with(reply: &Message, earlier: &Message, vouched: bool) -> bool {
    let list = reply.delivery.list_id.as_ref();
    if list.is_some() && list == earlier.delivery.list_id.as_ref() {
        return true;
    }
    let Some(from) = reply.from.as_ref() else { return false };
    let got_it = earlier.participants().contains(&from.addr)
        || earlier.bcc.iter().any(|mailbox| mailbox.addr == from.addr);
    let answers_author = || {
        earlier
            .from
            .as_ref()
            .is_some_and(|author| reply.to.iter().chain(&reply.cc).any(|mailbox| mailbox.addr == author.addr))
    };
    got_it || (vouched && answers_author())
}

#[cfg(test)]
mod tests {
    use super::topic_of;

    #[test]
    fn each_subject_is_a_topic_of_its_own() {
        let subjects = ["Pumps in hall 3", "Valves", "Winter", "Report", "Leak", "Budget", "Lunch", "???"];
        let topics: std::collections::BTreeSet<i64> = subjects.map(topic_of).into_iter().collect();
        assert_eq!(topics.len(), subjects.len());
        assert_eq!(topic_of("Re: [EXT] Pumps, in hall 3"), topic_of("Pumps in hall 3"));
        assert_eq!((topic_of(""), topic_of("Re: ")), (0, 0));
    }
}
