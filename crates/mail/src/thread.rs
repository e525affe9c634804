//! Messages joined to a conversation.
//!
//! # Source
//! The algorithm of Jamie Zawinski (<https://www.jwz.org/doc/threading.html>) and RFC 5256 section 3.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{Message, MsgId};
use crate::subject;

mod forest;
mod guess;

pub use forest::{Node, ordered_subject_forest, references_forest};
pub(crate) use guess::shingles;
pub use guess::{Attribution, Candidate, Clues, LIKELY, SURE, likelihood};

/// One conversation, oldest message first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// The messages by time; those without a date stand after their parent.
    pub messages: Vec<Message>,
    /// For each message the place of its parent in `messages`, if the thread holds it.
    pub parents: Vec<Option<usize>>,
}

impl Thread {
    /// The newest message.
    #[must_use]
    pub fn newest(&self) -> Option<&Message> {
        self.messages.last()
    }
}

/// Puts messages that are known to be of one thread in order and finds each one's parent: by its
/// headers, and for a reply that has none by what it quotes ([`likelihood`]). A copy of the same
/// message is dropped; a loop of parents is cut.
#[must_use]
pub fn assemble(mut messages: Vec<Message>) -> Thread {
    let mut seen = HashSet::new();
    messages.retain(|message| seen.insert(message.key));
    let mut parents = parents_by_headers(&messages);
    for (at, guess) in guess::parents(&messages, LIKELY).into_iter().enumerate() {
        let missing = parents.get(at).is_some_and(Option::is_none);
        if missing
            && guess.is_some_and(|parent| !leads_to(&parents, parent, at))
            && let Some(slot) = parents.get_mut(at)
        {
            *slot = guess;
        }
    }
    let order = order(&messages, &parents);
    let mut place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(*old) {
            *slot = new;
        }
    }
    let parents = order
        .iter()
        .map(|old| parents.get(*old).copied().flatten().and_then(|parent| place.get(parent).copied()))
        .collect();
    let mut slots: Vec<Option<Message>> = messages.into_iter().map(Some).collect();
    let messages = order.iter().filter_map(|old| slots.get_mut(*old).and_then(Option::take)).collect();
    Thread { messages, parents }
}

/// Joins a whole set of messages to threads by Message-ID, In-Reply-To and References; the threads
/// come ordered by their first message's time.
#[must_use]
pub fn join(messages: Vec<Message>) -> Vec<Thread> {
    let sets = sets_by_headers(&messages);
    grouped(messages, sets)
}

/// As [`join`]; and a reply that has no In-Reply-To and no References is joined to the message that
/// it most likely answers, where the likelihood in percent is `at_least` or more ([`likelihood`]).
#[must_use]
pub fn join_with_guesses(messages: Vec<Message>, at_least: u8) -> Vec<Thread> {
    let mut sets = sets_by_headers(&messages);
    for (at, parent) in guess::parents(&messages, at_least).into_iter().enumerate() {
        if let Some(parent) = parent {
            sets.join(at, parent);
        }
    }
    grouped(messages, sets)
}

/// Which messages carry an id, those of one id in the order given.
///
/// A Message-ID may be given twice, by a broken program to every mail it sends: two mails of one id
/// are of one thread only where their subjects agree.
fn owners(messages: &[Message]) -> HashMap<&MsgId, Vec<usize>> {
    let mut owners: HashMap<&MsgId, Vec<usize>> = HashMap::new();
    for (at, message) in messages.iter().enumerate() {
        if let Some(id) = &message.message_id {
            owners.entry(id).or_default().push(at);
        }
    }
    owners
}

/// Of the messages that carry one id, the one whose subject agrees with `subject`, else the first.
fn owner_of(places: &[usize], messages: &[Message], subject: &str) -> Option<usize> {
    if let [only] = places {
        return Some(*only);
    }
    let base = base_subject(subject);
    let agrees =
        |place: &&usize| messages.get(**place).is_some_and(|m| base_subject(m.subject.as_str()) == base);
    places.iter().find(agrees).or(places.first()).copied()
}

fn sets_by_headers(messages: &[Message]) -> Sets {
    let mut sets = Sets::new(messages.len());
    let owners = owners(messages);
    for places in owners.values().filter(|places| places.len() > 1) {
        let mut by_base: HashMap<String, usize> = HashMap::new();
        for at in places {
            let base = messages.get(*at).map(|m| base_subject(m.subject.as_str())).unwrap_or_default();
            let first = *by_base.entry(base).or_insert(*at);
            sets.join(*at, first);
        }
    }
    let mut missing: HashMap<&MsgId, usize> = HashMap::new();
    for (at, message) in messages.iter().enumerate() {
        for id in message.in_reply_to.iter().chain(&message.references) {
            let owner =
                owners.get(id).and_then(|places| owner_of(places, messages, message.subject.as_str()));
            sets.join(at, owner.unwrap_or_else(|| *missing.entry(id).or_insert(at)));
        }
    }
    sets
}

fn grouped(messages: Vec<Message>, mut sets: Sets) -> Vec<Thread> {
    let mut groups: HashMap<usize, Vec<Message>> = HashMap::new();
    for (at, message) in messages.into_iter().enumerate() {
        groups.entry(sets.root(at)).or_default().push(message);
    }
    let mut threads: Vec<Thread> = groups.into_values().map(assemble).collect();
    let begin = |thread: &Thread| {
        let first = thread.messages.first();
        (first.and_then(time_of), first.map(|message| message.key))
    };
    threads.sort_by_key(begin);
    threads
}

fn time_of(message: &Message) -> Option<Timestamp> {
    message.date.as_ref().map(jiff::Zoned::timestamp)
}

/// Parents by References (the nearest ancestor that is there) and In-Reply-To, loops cut.
fn parents_by_headers(messages: &[Message]) -> Vec<Option<usize>> {
    let owners = owners(messages);
    let mut parents = vec![None; messages.len()];
    for (at, message) in messages.iter().enumerate() {
        // In-Reply-To names the parent itself; References only when it is missing or unknown.
        let named = message.in_reply_to.iter().chain(message.references.iter().rev());
        let parent = named
            .filter_map(|id| owner_of(owners.get(id)?, messages, message.subject.as_str()))
            .find(|parent| !leads_to(&parents, *parent, at));
        if let Some(slot) = parents.get_mut(at) {
            *slot = parent;
        }
    }
    parents
}

/// Whether going up from `from` one comes to `goal` (or starts there).
fn leads_to(parents: &[Option<usize>], from: usize, goal: usize) -> bool {
    let mut at = Some(from);
    for _ in 0..=parents.len() {
        match at {
            Some(place) if place == goal => return true,
            Some(place) => at = parents.get(place).copied().flatten(),
            None => return false,
        }
    }
    true
}

/// The order of messages: by time, then by key; those without a time directly after their parent.
fn order(messages: &[Message], parents: &[Option<usize>]) -> Vec<usize> {
    let effective = |start: usize| {
        let mut at = start;
        let mut steps = 0;
        loop {
            if let Some(time) = messages.get(at).and_then(time_of) {
                return (Some(time), steps);
            }
            match parents.get(at).copied().flatten() {
                Some(parent) if steps <= messages.len() => at = parent,
                Some(_) | None => return (None, steps),
            }
            steps += 1;
        }
    };
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_cached_key(|at| (effective(*at), messages.get(*at).map(|message| message.key)));
    order
}

/// The subject without prefixes and list tags, lower case, white space folded.
///
/// # Source
/// RFC 5256 section 2.1, with the prefixes of other languages.
#[must_use]
pub fn base_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    loop {
        let before = rest.len();
        rest = subject::without_prefixes(rest);
        let wrapped = rest.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("[fwd:"));
        if wrapped && rest.ends_with(']') {
            rest = rest.get(5..rest.len() - 1).unwrap_or(rest).trim();
        } else if let Some((_, tail)) = subject::list_tag(rest).filter(|(_, tail)| !tail.trim().is_empty()) {
            rest = tail.trim();
        }
        let lower_end = rest.to_lowercase();
        if lower_end.ends_with("(fwd)") {
            rest = rest.get(..rest.len() - 5).unwrap_or(rest).trim();
        }
        if rest.len() == before {
            break;
        }
    }
    postil_evidence::text::fold_space(&rest.to_lowercase())
}

/// Sets that are joined one pair at a time.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Self { parent: (0..len).collect() }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while let Some(parent) = self.parent.get(at).copied().filter(|parent| *parent != at) {
            let grand = self.parent.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(at) {
                *slot = grand;
            }
            at = parent;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
