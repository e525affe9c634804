//! `threads`: are messages joined to the conversations they belong to, each under its parent?

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;

use postil_evidence::MessageKey;
use postil_mail::thread::Node;
use postil_mail::{Message, Thread, thread};
use serde::Deserialize;
use serde_json::Value;

use super::metric::{bcubed, share};
use super::{Scored, mailbox};
use crate::error::DeskError;

/// A small mailbox and the trees that a server tells of it.
#[derive(Debug, Deserialize)]
pub(super) struct TreeRow {
    id: String,
    mbox: String,
    /// The commands that were sent: THREAD with one algorithm or another.
    commands: Vec<String>,
    /// For each command its trees: `[2, 5, [7], [12]]` is 5 under 2, and 7 and 12 under 5.
    responses: Vec<Value>,
}

/// A message by its number in the mailbox, and what answers it. Sorted, so that equal trees are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tree {
    /// `None` for one that is missing and only holds its children together.
    message: Option<u64>,
    children: Vec<Tree>,
}

/// # Errors
/// Where a row's mailbox cannot be written to or read from the temporary folder.
pub(super) fn score_trees(rows: &[TreeRow]) -> Result<Scored, DeskError> {
    let mut scored = Scored::new(rows.len());
    let (mut equal, mut joined, mut all) = (0, 0, 0);
    for row in rows {
        let mut file =
            tempfile::NamedTempFile::new().map_err(|error| DeskError::io(&std::env::temp_dir(), &error))?;
        file.write_all(row.mbox.as_bytes()).map_err(|error| DeskError::io(file.path(), &error))?;
        let messages: Vec<Message> =
            mailbox::load_all(file.path())?.into_iter().map(|(_, message)| message).collect();
        for (command, response) in row.commands.iter().zip(&row.responses) {
            all += 1;
            let expected =
                sorted(response.as_array().into_iter().flatten().filter_map(expected_tree).collect());
            let nodes = if command.to_lowercase().contains("orderedsubject") {
                thread::ordered_subject_forest(&messages)
            } else {
                thread::references_forest(&messages)
            };
            let told = sorted(nodes.iter().map(told_tree).collect());
            equal += usize::from(told == expected);
            joined += usize::from(joined_forest(messages.clone()) == expected);
            if told != expected {
                scored.wrong(&format!("{}: told {}, expected {}", row.id, shown(&told), shown(&expected)));
            }
        }
    }
    scored.figure("trees_equal", share(equal, all));
    scored.figure("joined_trees_equal", share(joined, all));
    Ok(scored)
}

fn sorted(mut trees: Vec<Tree>) -> Vec<Tree> {
    trees.sort();
    trees
}

/// Reads one tree of a response.
fn expected_tree(tree: &Value) -> Option<Tree> {
    let parts = tree.as_array()?;
    let number = parts.first()?.as_u64();
    let rest = if number.is_some() { parts.get(1..)? } else { parts.as_slice() };
    // A number after a number is its only answer; lists are answers side by side.
    let children = if rest.first().is_some_and(Value::is_u64) {
        expected_tree(&Value::Array(rest.to_vec())).into_iter().collect()
    } else {
        rest.iter().filter_map(expected_tree).collect()
    };
    Some(Tree { message: number, children: sorted(children) })
}

fn told_tree(node: &Node) -> Tree {
    Tree {
        message: node.message.map(|at| at as u64 + 1),
        children: sorted(node.children.iter().map(told_tree).collect()),
    }
}

/// The forest of [`thread::join`], which a sync makes: no node of it stands for a missing message.
fn joined_forest(messages: Vec<Message>) -> Vec<Tree> {
    let mut numbers: HashMap<MessageKey, u64> = HashMap::new();
    for (number, message) in (1..).zip(&messages) {
        numbers.entry(message.key).or_insert(number);
    }
    let tree = |thread: &Thread| {
        let roots = thread.parents.iter().enumerate().filter(|(_, parent)| parent.is_none());
        roots.map(|(at, _)| subtree(thread, at, &numbers)).collect::<Vec<_>>()
    };
    sorted(thread::join(messages).iter().flat_map(tree).collect())
}

fn subtree(thread: &Thread, at: usize, numbers: &HashMap<MessageKey, u64>) -> Tree {
    let children = thread.parents.iter().enumerate().filter(|(_, parent)| **parent == Some(at));
    let message = thread.messages.get(at).and_then(|message| numbers.get(&message.key)).copied();
    Tree { message, children: sorted(children.map(|(child, _)| subtree(thread, child, numbers)).collect()) }
}

fn shown(trees: &[Tree]) -> String {
    let one = |tree: &Tree| {
        let number = tree.message.map(|number| number.to_string()).unwrap_or_default();
        let gap = if tree.children.is_empty() { "" } else { " " };
        format!("({number}{gap}{})", shown(&tree.children))
    };
    trees.iter().map(one).collect()
}

/// A message of a list, and what its archive says of it.
#[derive(Debug, Deserialize)]
pub(super) struct ListRow {
    message_id: String,
    parent: Option<String>,
    root: String,
}

pub(super) fn score_list(
    rows: &[ListRow],
    mail: Vec<(PathBuf, Message)>,
    without_references: bool,
) -> Scored {
    let mut messages: Vec<Message> = mail.into_iter().map(|(_, message)| message).collect();
    if without_references {
        for message in &mut messages {
            message.in_reply_to.clear();
            message.references.clear();
        }
    }
    // Without headers only subject, quotes and time are left. A sync joins by headers alone.
    let threads =
        if without_references { thread::join_with_guesses(messages) } else { thread::join(messages) };
    let told = told_places(&threads);
    let mut scored = Scored::new(rows.len());
    let mut clusters: Vec<(&str, String)> = Vec::new();
    let (mut right, mut replies, mut right_replies, mut found) = (0, 0, 0, 0);
    for row in rows {
        let place = told.get(row.message_id.as_str());
        found += usize::from(place.is_some());
        let parent = place.and_then(|(parent, _)| parent.clone());
        let equal = place.is_some() && parent == row.parent;
        right += usize::from(equal);
        if row.parent.is_some() {
            replies += 1;
            right_replies += usize::from(equal);
        }
        // A message that was not read is alone.
        clusters.push((
            &row.root,
            place.map_or_else(|| row.message_id.clone(), |(_, thread)| thread.to_string()),
        ));
        if !equal {
            let show = |id: &Option<String>| id.clone().unwrap_or_else(|| "nothing".to_owned());
            scored.wrong(&format!("{} under {}, told {}", row.message_id, show(&row.parent), show(&parent)));
        }
    }
    scored.figure("parent_accuracy", share(right, rows.len()));
    scored.figure("parent_accuracy_of_replies", share(right_replies, replies));
    scored.figure("bcubed_f1", bcubed(&clusters));
    scored.count("messages_found", found);
    scored.count("threads", threads.len());
    scored
}

/// Message-ID (with brackets) to the parent's Message-ID and the number of the thread.
fn told_places(threads: &[Thread]) -> HashMap<String, (Option<String>, usize)> {
    let id = |message: &Message| message.message_id.as_ref().map(ToString::to_string);
    let mut told = HashMap::new();
    for (number, thread) in threads.iter().enumerate() {
        for (message, parent) in thread.messages.iter().zip(&thread.parents) {
            let parent = parent.and_then(|parent| thread.messages.get(parent)).and_then(id);
            if let Some(id) = id(message) {
                told.insert(id, (parent, number));
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_mail::parse_message;

    #[test]
    fn trees_are_compared_message_by_message() {
        let entry = |id: &str, reference: &str| {
            let line =
                if reference.is_empty() { String::new() } else { format!("References: <{reference}>\n") };
            format!(
                "From a@x.example Fri Feb 22 15:06:23 2008\nMessage-Id: <{id}>\n{line}Subject: s\n\nbody {id}\n\n"
            )
        };
        let mbox = format!("{}{}{}", entry("a@x", ""), entry("b@x", "a@x"), entry("c@x", "a@x"));
        let row = |responses: Value| TreeRow {
            id: "t".to_owned(),
            mbox: mbox.clone(),
            commands: vec!["ok thread references us-ascii all".to_owned()],
            responses: serde_json::from_value(responses).unwrap(),
        };
        let rows = [row(serde_json::json!([[[1, [2], [3]]]])), row(serde_json::json!([[[1], [2, 3]]]))];
        let scored = score_trees(&rows).unwrap();
        assert_eq!((scored.rows, scored.get("trees_equal"), scored.get("joined_trees_equal")), (2, 0.5, 0.5));
        assert_eq!(scored.wrong, ["t: told (1 (2)(3)), expected (1)(2 (3))"]);
    }

    #[test]
    fn a_list_is_scored_with_and_without_references() {
        let mail = |id: &str, more: &str| {
            let raw = format!(
                "From: a@x.example\nMessage-ID: <{id}>\nDate: Fri, 20 Nov 2026 16:04:00 +0100\n{more}\nbody {id}\n"
            );
            (PathBuf::new(), parse_message(raw.as_bytes()))
        };
        let mails = || {
            vec![
                mail("1@x.example", "Subject: Pumps in Hall 3\n"),
                mail("2@x.example", "Subject: A wholly other matter\nIn-Reply-To: <1@x.example>\n"),
            ]
        };
        let row = |id: &str, parent: Option<&str>| ListRow {
            message_id: format!("<{id}>"),
            parent: parent.map(str::to_owned),
            root: "<1@x.example>".to_owned(),
        };
        let rows = [row("1@x.example", None), row("2@x.example", Some("<1@x.example>"))];
        let scored = score_list(&rows, mails(), false);
        assert_eq!(
            (scored.get("parent_accuracy"), scored.get("bcubed_f1"), scored.get("threads")),
            (1.0, 1.0, 1.0)
        );
        let scored = score_list(&rows, mails(), true);
        assert_eq!((scored.get("parent_accuracy"), scored.get("threads")), (0.5, 2.0));
        assert!((scored.get("bcubed_f1") - 2.0 / 3.0).abs() < 1e-6);
    }
}
