//! The forests that IMAP's THREAD answers. Knows RFC 5256 and nothing of guesses.

use std::collections::HashMap;

use super::{base_subject, leads_to, time_of};
use crate::message::{Message, MsgId};
use crate::subject;

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
