//! Messages joined to a conversation.
//!
//! # Source
//! The algorithm of Jamie Zawinski (<https://www.jwz.org/doc/threading.html>) and RFC 5256 section 3.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::message::{Message, MsgId, ZoneKind};
use crate::subject;

/// How long after the last message a reply without headers may still belong to it, in seconds.
///
/// # Source
/// Ninety days: the longest vacation and the longest silence after which people start a new mail.
const SAME_SUBJECT_SECONDS: i64 = 90 * 24 * 3_600;

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

/// Puts messages that are known to be of one thread in order and finds each one's parent. A copy of
/// the same message is dropped; a loop of parents is cut.
#[must_use]
pub fn assemble(mut messages: Vec<Message>) -> Thread {
    let mut seen = HashSet::new();
    messages.retain(|message| seen.insert(message.key));
    let parents = parents_by_headers(&messages);
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
/// it most likely answers, by subject, quoted text and time ([`likely_parent`]).
#[must_use]
pub fn join_with_guesses(messages: Vec<Message>) -> Vec<Thread> {
    let mut sets = sets_by_headers(&messages);
    for (at, parent) in parents_by_guess(&messages).into_iter().enumerate() {
        if let Some(parent) = parent {
            sets.join(at, parent);
        }
    }
    let mut threads = grouped(messages, sets);
    for thread in &mut threads {
        add_guesses(thread);
    }
    threads
}

fn sets_by_headers(messages: &[Message]) -> Sets {
    let mut sets = Sets::new(messages.len());
    let mut by_id: HashMap<&MsgId, usize> = HashMap::new();
    for (at, message) in messages.iter().enumerate() {
        for id in message.thread_ids() {
            match by_id.get(id) {
                Some(other) => sets.join(at, *other),
                None => {
                    by_id.insert(id, at);
                }
            }
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

/// Fills in the parents that headers do not give, from subject, quotes and time.
fn add_guesses(thread: &mut Thread) {
    let guesses = parents_by_guess(&thread.messages);
    for (at, guess) in guesses.into_iter().enumerate() {
        let missing = thread.parents.get(at).is_some_and(Option::is_none);
        if missing
            && guess.is_some_and(|parent| !leads_to(&thread.parents, parent, at))
            && let Some(slot) = thread.parents.get_mut(at)
        {
            *slot = guess;
        }
    }
}

fn time_of(message: &Message) -> Option<Timestamp> {
    message.date.as_ref().map(jiff::Zoned::timestamp)
}

/// Parents by References (the nearest ancestor that is there) and In-Reply-To, loops cut.
fn parents_by_headers(messages: &[Message]) -> Vec<Option<usize>> {
    let mut by_id: HashMap<&MsgId, usize> = HashMap::new();
    for (at, message) in messages.iter().enumerate() {
        if let Some(id) = &message.message_id {
            by_id.entry(id).or_insert(at);
        }
    }
    let mut parents = vec![None; messages.len()];
    for (at, message) in messages.iter().enumerate() {
        // In-Reply-To names the parent itself; References only when it is missing or unknown.
        let named = message.in_reply_to.iter().chain(message.references.iter().rev());
        let parent =
            named.filter_map(|id| by_id.get(id)).copied().find(|parent| !leads_to(&parents, *parent, at));
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

/// For a reply without In-Reply-To and References: the earlier message that it most likely answers.
fn parents_by_guess(messages: &[Message]) -> Vec<Option<usize>> {
    let mut by_subject: HashMap<String, Vec<usize>> = HashMap::new();
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| messages.get(*at).and_then(time_of));
    let mut guesses = vec![None; messages.len()];
    for at in order {
        let Some(message) = messages.get(at) else { continue };
        let base = base_subject(message.subject.as_str());
        if base.is_empty() {
            continue;
        }
        let earlier = by_subject.entry(base).or_default();
        let is_reply = subject::without_prefixes(message.subject.as_str()).len()
            < message.subject.as_str().trim().len()
            || message.zones.iter().any(|zone| zone.kind == ZoneKind::QuotationMarker);
        let bare = message.in_reply_to.is_empty() && message.references.is_empty();
        if bare && is_reply {
            let candidates: Vec<&Message> = earlier.iter().filter_map(|i| messages.get(*i)).collect();
            let guess = likely_parent(message, &candidates).and_then(|place| earlier.get(place).copied());
            if let Some(slot) = guesses.get_mut(at) {
                *slot = guess;
            }
        }
        earlier.push(at);
    }
    guesses
}

/// Of earlier messages with the same base subject, oldest first, the one that `message` most likely
/// answers: whose own words it quotes most, else the newest within ninety days. `None` where there
/// is no such message. Looks at the last 64 at most.
#[must_use]
pub fn likely_parent(message: &Message, earlier: &[&Message]) -> Option<usize> {
    let quoted = quoted_lines(message);
    let mut best: Option<(usize, usize)> = None;
    for (place, candidate) in earlier.iter().enumerate().rev().take(64) {
        if candidate.key == message.key {
            continue;
        }
        if let (Some(now), Some(then)) = (time_of(message), time_of(candidate))
            && now.as_second() - then.as_second() > SAME_SUBJECT_SECONDS
        {
            break;
        }
        let score = own_lines(candidate).filter(|line| quoted.contains(line)).count();
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, place));
        }
    }
    best.map(|(_, place)| place)
}

/// Quoted lines without their marks, as hashes of their letters.
fn quoted_lines(message: &Message) -> HashSet<u64> {
    let zones = message.zones.iter().filter(|zone| zone.kind == ZoneKind::Quotation);
    zones.flat_map(|zone| zone.span.of(&message.text).lines().filter_map(line_hash)).collect()
}

fn own_lines(message: &Message) -> impl Iterator<Item = u64> + '_ {
    message
        .own_zones()
        .flat_map(|zone| zone.span.of(&message.text).lines().filter_map(line_hash).collect::<Vec<_>>())
}

/// A hash of a line's words without quote marks; `None` for a line too short to prove anything.
fn line_hash(line: &str) -> Option<u64> {
    let line = line.trim_start_matches(['>', ' ', '|', '\t']).trim();
    if line.len() < 12 {
        return None;
    }
    // FNV-1a: only equality within one run matters.
    let hash = line.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Some(hash)
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

/// A node of a forest as THREAD answers it: a message, or a missing one that holds its children
/// together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Place in the set that was given; `None` for a message that only others name.
    pub message: Option<usize>,
    /// What answers it, oldest first.
    pub children: Vec<Node>,
}

/// The forest of `THREAD=REFERENCES`: parents by headers with missing ancestors filled in, then
/// roots of the same base subject put together.
///
/// # Source
/// RFC 5256 section 3.
#[must_use]
pub fn references_forest(messages: &[Message]) -> Vec<Node> {
    let mut table = Table::default();
    for (at, message) in messages.iter().enumerate() {
        table.add(at, message);
    }
    table.forest(messages)
}

/// The forest of `THREAD=ORDEREDSUBJECT`: messages of one base subject, the oldest as the root.
///
/// # Source
/// RFC 5256 section 3.
#[must_use]
pub fn ordered_subject_forest(messages: &[Message]) -> Vec<Node> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| messages.get(*at).and_then(time_of));
    let mut place: HashMap<String, usize> = HashMap::new();
    for at in order {
        let base = messages.get(at).map(|message| base_subject(message.subject.as_str())).unwrap_or_default();
        let group = *place.entry(base.clone()).or_insert_with(|| {
            groups.push((base, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, members)) = groups.get_mut(group) {
            members.push(at);
        }
    }
    let node = |at: usize| Node { message: Some(at), children: Vec::new() };
    let tree = |(_, members): (String, Vec<usize>)| {
        let mut members = members.into_iter();
        let root = members.next()?;
        Some(Node { message: Some(root), children: members.map(node).collect() })
    };
    groups.into_iter().filter_map(tree).collect()
}

/// Containers by id, as in Zawinski's algorithm.
#[derive(Default)]
struct Table {
    by_id: HashMap<String, usize>,
    message: Vec<Option<usize>>,
    parent: Vec<Option<usize>>,
}

impl Table {
    fn container(&mut self, id: &str) -> usize {
        if let Some(found) = self.by_id.get(id) {
            return *found;
        }
        self.message.push(None);
        self.parent.push(None);
        let place = self.message.len() - 1;
        self.by_id.insert(id.to_owned(), place);
        place
    }

    fn add(&mut self, at: usize, message: &Message) {
        let mut id =
            message.message_id.as_ref().map_or_else(|| format!(" {at}"), |id| id.as_str().to_owned());
        if self.by_id.get(&id).is_some_and(|place| self.message.get(*place).is_some_and(Option::is_some)) {
            // A second message with the same id is one of its own.
            id = format!(" {at}");
        }
        let own = self.container(&id);
        if let Some(slot) = self.message.get_mut(own) {
            *slot = Some(at);
        }
        let references: &[MsgId] = if message.references.is_empty() {
            message.in_reply_to.get(..1).unwrap_or_default()
        } else {
            &message.references
        };
        let mut before: Option<usize> = None;
        for reference in references {
            let place = self.container(reference.as_str());
            let free = self.parent.get(place).is_some_and(Option::is_none);
            if let Some(parent) = before
                && free
                && !leads_to(&self.parent, parent, place)
            {
                self.set_parent(place, Some(parent));
            }
            before = Some(place);
        }
        // The message's own References are the best witness of its parent.
        let parent = before.filter(|parent| !leads_to(&self.parent, *parent, own));
        self.set_parent(own, parent);
    }

    fn set_parent(&mut self, place: usize, parent: Option<usize>) {
        if let Some(slot) = self.parent.get_mut(place) {
            *slot = parent;
        }
    }

    fn forest(&self, messages: &[Message]) -> Vec<Node> {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.message.len()];
        let mut roots = Vec::new();
        for (place, parent) in self.parent.iter().enumerate() {
            match parent.and_then(|parent| children.get_mut(parent)) {
                Some(list) => list.push(place),
                None => roots.push(place),
            }
        }
        let mut nodes: Vec<Node> = Vec::new();
        for root in roots {
            nodes.extend(self.node(root, &children, true));
        }
        let time = |node: &Node| first_message(node).and_then(|at| messages.get(at)).and_then(time_of);
        nodes.sort_by_key(|node| (time(node), first_message(node)));
        let mut out = merge_subjects(nodes, messages);
        sort_all(&mut out, messages);
        out
    }

    /// A node with its children; a missing message gives its children to its parent. Built without
    /// recursion: a chain of References may be as long as the mailbox.
    fn node(&self, root: usize, children: &[Vec<usize>], is_root: bool) -> Vec<Node> {
        let mut pending = vec![(root, 0)];
        let mut built: Vec<Vec<Node>> = vec![Vec::new()];
        while let Some((place, next)) = pending.pop() {
            let child = children.get(place).and_then(|list| list.get(next)).copied();
            if let Some(child) = child {
                pending.push((place, next + 1));
                pending.push((child, 0));
                built.push(Vec::new());
                continue;
            }
            let below = built.pop().unwrap_or_default();
            let message = self.message.get(place).copied().flatten();
            let top = pending.is_empty() && is_root;
            let nodes = match message {
                Some(_) => vec![Node { message, children: below }],
                None if top && below.len() > 1 => vec![Node { message: None, children: below }],
                None => below,
            };
            match built.last_mut() {
                Some(level) => level.extend(nodes),
                None => return nodes,
            }
        }
        Vec::new()
    }
}

fn first_message(node: &Node) -> Option<usize> {
    node.message.or_else(|| node.children.first().and_then(|child| child.message))
}

/// RFC 5256, step 5: roots of one base subject become one tree.
fn merge_subjects(nodes: Vec<Node>, messages: &[Message]) -> Vec<Node> {
    let subject_of = |node: &Node| {
        first_message(node)
            .and_then(|at| messages.get(at))
            .map(|message| message.subject.as_str())
            .unwrap_or_default()
    };
    let is_reply = |node: &Node| {
        let subject = subject_of(node).trim();
        subject::without_prefixes(subject).len() < subject.len()
    };
    let mut out: Vec<Node> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for node in nodes {
        let base = base_subject(subject_of(&node));
        let Some(at) = place.get(&base).copied().filter(|_| !base.is_empty()) else {
            place.insert(base, out.len());
            out.push(node);
            continue;
        };
        let Some(other) = out.get_mut(at) else { continue };
        match (other.message, node.message) {
            (None, None) => other.children.extend(node.children),
            (None, Some(_)) => other.children.push(node),
            (Some(_), None) => {
                let first = std::mem::replace(other, node);
                other.children.push(first);
            }
            (Some(_), Some(_)) => {
                let (first_replies, second_replies) = (is_reply(other), is_reply(&node));
                if second_replies && !first_replies {
                    other.children.push(node);
                } else if first_replies && !second_replies {
                    let first = std::mem::replace(other, node);
                    other.children.push(first);
                } else {
                    let first = std::mem::replace(other, Node { message: None, children: Vec::new() });
                    other.children.extend([first, node]);
                }
            }
        }
    }
    out
}

/// Sorts siblings by time, without recursion.
fn sort_all(nodes: &mut [Node], messages: &[Message]) {
    let key = |node: &Node| {
        let first = first_message(node);
        (first.and_then(|at| messages.get(at)).and_then(time_of), first)
    };
    let mut pending: Vec<&mut [Node]> = vec![nodes];
    while let Some(level) = pending.pop() {
        level.sort_by_key(key);
        pending.extend(level.iter_mut().map(|node| node.children.as_mut_slice()));
    }
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
