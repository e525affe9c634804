//! Messages joined to a conversation.
//!
//! # Source
//! The algorithm of Jamie Zawinski (<https://www.jwz.org/doc/threading.html>) and RFC 5256 section 3.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{Message, MsgId};
use crate::subject;

mod attribution;
mod forest;
mod guess;
#[cfg(test)]
mod tests;

pub use attribution::{Attribution, Clock};
pub use forest::{Node, ordered_subject_forest, references_forest};
pub(crate) use guess::shingles;
pub use guess::{
    Candidate, Clues, LIKELY, SURE, is_vouched, likelihood, likelihood_of, may_answer, subject_key,
    subject_stem,
};
use guess::{Guess, Wanted};

/// Two mails of one Message-ID and one subject are versions of one mail where no more than this lies
/// between their dates, in seconds; else a program gave the id twice.
///
/// # Source
/// Programs keep the id of a draft while it is written anew, which is a matter of hours; a nightly
/// report that always bears one id comes a day apart.
const ONE_MAIL_SECONDS: i64 = 20 * 3_600;

/// One conversation, oldest message first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// The messages by time; those without a date stand after their parent.
    pub messages: Vec<Message>,
    /// For each message the place of its parent in `messages`, if the thread holds it.
    pub parents: Vec<Option<usize>>,
    /// For each message whose parent no header names: how likely that parent is, in percent.
    #[serde(default)]
    pub guessed: Vec<Option<u8>>,
}

impl Thread {
    /// The newest message.
    #[must_use]
    pub fn newest(&self) -> Option<&Message> {
        self.messages.last()
    }
}

/// Puts messages that are known to be of one thread in order and finds each one's parent: by its
/// headers, and where they lead to none by what it quotes ([`likelihood`]; never where they name a
/// whole chain). A copy of the same message is dropped; a loop of parents is cut.
#[must_use]
pub fn assemble(mut messages: Vec<Message>) -> Thread {
    let mut seen = HashSet::new();
    messages.retain(|message| seen.insert(message.key));
    let mut parents = parents_by_headers(&messages);
    let mut guessed = vec![None; messages.len()];
    for (at, guess) in guess::parents(&messages, &wanted(&messages, &parents), LIKELY).into_iter().enumerate()
    {
        if let Some(Guess { parent, percent }) = guess
            && !leads_to(&parents, parent, at)
            && let (Some(slot), Some(likely)) = (parents.get_mut(at), guessed.get_mut(at))
        {
            *slot = Some(parent);
            *likely = Some(percent);
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
    let guessed = order.iter().map(|old| guessed.get(*old).copied().flatten()).collect();
    let mut slots: Vec<Option<Message>> = messages.into_iter().map(Some).collect();
    let messages = order.iter().filter_map(|old| slots.get_mut(*old).and_then(Option::take)).collect();
    Thread { messages, parents, guessed }
}

/// What may be guessed of each message, by what its headers say.
fn wanted(messages: &[Message], parents: &[Option<usize>]) -> Vec<Wanted> {
    let wanted = |(message, parent): (&Message, &Option<usize>)| match (parent, named_ids(message)) {
        (Some(_), _) => Wanted::Nothing,
        (None, 0) => Wanted::Likely,
        // A gateway may have given the one message it names another id.
        (None, 1) => Wanted::Vouched,
        // Who names the whole line of descent answers none but those.
        (None, _) => Wanted::Nothing,
    };
    messages.iter().zip(parents).map(wanted).collect()
}

/// How many other messages a message names in In-Reply-To and References.
#[must_use]
pub fn named_ids(message: &Message) -> usize {
    let ids: BTreeSet<&MsgId> = message.in_reply_to.iter().chain(&message.references).collect();
    ids.iter().filter(|id| Some(**id) != message.message_id.as_ref()).count()
}

/// Joins a whole set of messages to threads by Message-ID, In-Reply-To and References; the threads
/// come ordered by their first message's time.
#[must_use]
pub fn join(messages: Vec<Message>) -> Vec<Thread> {
    let sets = sets_by_headers(&messages);
    grouped(messages, sets)
}

/// As [`join`]; and a reply whose headers lead to no message is joined to the one that it most likely
/// answers, where the likelihood in percent is `at_least` or more ([`likelihood`]).
#[must_use]
pub fn join_with_guesses(messages: Vec<Message>, at_least: u8) -> Vec<Thread> {
    let mut sets = sets_by_headers(&messages);
    let wanted = wanted(&messages, &parents_by_headers(&messages));
    for (at, guess) in guess::parents(&messages, &wanted, at_least).into_iter().enumerate() {
        if let Some(guess) = guess {
            sets.join(at, guess.parent);
        }
    }
    grouped(messages, sets)
}

/// Which messages carry an id, those of one id by time.
fn owners(messages: &[Message]) -> HashMap<&MsgId, Vec<usize>> {
    let mut owners: HashMap<&MsgId, Vec<usize>> = HashMap::new();
    for (at, message) in messages.iter().enumerate() {
        if let Some(id) = &message.message_id {
            owners.entry(id).or_default().push(at);
        }
    }
    for places in owners.values_mut().filter(|places| places.len() > 1) {
        places.sort_by_key(|at| messages.get(*at).and_then(time_of));
    }
    owners
}

/// Of the messages that carry one id, the earliest whose subject agrees with `subject`, else the
/// earliest of all.
fn owner_of(places: &[usize], messages: &[Message], subject: &str) -> Option<usize> {
    if let [only] = places {
        return Some(*only);
    }
    let base = base_subject(subject);
    let agrees =
        |place: &&usize| messages.get(**place).is_some_and(|m| base_subject(m.subject.as_str()) == base);
    places.iter().find(agrees).or(places.first()).copied()
}

/// Whether two mails of one Message-ID, told by subject and time in milliseconds since 1970, are
/// versions of one mail. Else a program gave its id twice, and they have nothing to do with each other.
#[must_use]
pub fn is_one_mail(a: (&str, Option<i64>), b: (&str, Option<i64>)) -> bool {
    let near = a.1.zip(b.1).is_none_or(|(a, b)| (a - b).abs() <= ONE_MAIL_SECONDS * 1_000);
    near && base_subject(a.0) == base_subject(b.0)
}

fn sets_by_headers(messages: &[Message]) -> Sets {
    let mut sets = Sets::new(messages.len());
    let owners = owners(messages);
    let told = |at: usize| {
        let message = messages.get(at);
        let subject = message.map(|message| message.subject.as_str()).unwrap_or_default();
        (subject, message.and_then(time_of).map(Timestamp::as_millisecond))
    };
    for places in owners.values() {
        for (before, at) in places.iter().zip(places.iter().skip(1)) {
            if is_one_mail(told(*before), told(*at)) {
                sets.join(*at, *before);
            }
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
        } else if let Some(tail) = after_stars(rest) {
            rest = tail;
        }
        if let Some(end) = rest.len().checked_sub(5)
            && rest.get(end..).is_some_and(|end| end.eq_ignore_ascii_case("(fwd)"))
        {
            rest = rest.get(..end).unwrap_or(rest).trim();
        }
        if rest.len() == before {
            break;
        }
    }
    postil_evidence::text::fold_space(&rest.to_lowercase())
}

/// What stands behind a tag between stars, which gateways put before subjects: `***EXTERNAL***`.
fn after_stars(subject: &str) -> Option<&str> {
    let inner = subject.strip_prefix("**")?.trim_start_matches('*');
    let (tag, rest) = inner.split_once("**")?;
    let rest = rest.trim_start_matches('*').trim();
    let tag = tag.trim();
    (!tag.is_empty() && tag.len() <= 30 && !tag.contains('*') && !rest.is_empty()).then_some(rest)
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
