//! `threads`: are messages joined to the conversations they belong to, each under its parent?

use std::collections::{HashMap, HashSet};
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

/// The Message-IDs, with brackets, of mails whose In-Reply-To is an id without angle brackets and
/// that have no References: HyperKitty writes such replies from its web page.
pub(super) fn with_bare_ids(raw: &[Vec<u8>]) -> HashSet<String> {
    let bare = |raw: &Vec<u8>| {
        let end = raw.windows(2).position(|two| two == b"\n\n").unwrap_or(raw.len());
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(raw.len()).min(end);
        let block = String::from_utf8_lossy(raw.get(..end).unwrap_or_default()).replace("\r\n", "\n");
        let block = block.replace("\n ", " ").replace("\n\t", " ");
        let field = |name: &str| {
            block.lines().find_map(|line| {
                let (field, value) = line.split_once(':')?;
                field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let is_bare = field("in-reply-to").is_some_and(|value| value.contains('@') && !value.contains('<'));
        let refers = field("references").is_some_and(|value| value.contains('<'));
        if is_bare && !refers { field("message-id") } else { None }
    };
    raw.iter().filter_map(bare).collect()
}

/// Scores the forest that was told against what the rows can know of it.
///
/// The rows are a part of a mailbox, made by an archive that dropped some mails and that reads no id
/// without angle brackets. So, and the same for every forest that is told:
///
/// - a told parent that is no row counts as none, since such a row's `parent` is null in the gold;
/// - a mail of `bare` ([`with_bare_ids`]) is not scored itself, since the gold takes it for no reply
///   although its header says which mail it answers; what answers it hangs from it;
/// - a told thread is what hangs together by the parents that are left: the gold's `root` is the end
///   of that chain.
///
/// These cuts make `parent_accuracy_within_rows` and `bcubed_f1_within_rows`. `parent_accuracy` and
/// `bcubed_f1` are without them: all rows as they stand, and whole threads.
pub(super) fn score_list(
    rows: &[ListRow],
    mail: Vec<(PathBuf, Message)>,
    bare: &HashSet<String>,
    without_references: bool,
) -> Scored {
    let mut messages: Vec<Message> = mail.into_iter().map(|(_, message)| message).collect();
    if without_references {
        for message in &mut messages {
            message.in_reply_to.clear();
            message.references.clear();
        }
    }
    // Without headers only subject, people, time and quotes are left.
    let threads = if without_references {
        thread::join_with_guesses(messages, thread::LIKELY)
    } else {
        thread::join(messages)
    };
    let told = told_places(&threads);
    let listed: HashSet<&str> = rows.iter().map(|row| row.message_id.as_str()).collect();
    let parent_of = |id: &str| -> Option<&str> {
        let parent = told.get(id).and_then(|(parent, _)| parent.as_deref());
        parent.filter(|parent| listed.contains(parent) && !bare.contains(id))
    };
    let mut scored = Scored::new(rows.len());
    let mut clusters: Vec<(&str, &str)> = Vec::new();
    let mut whole: Vec<(&str, String)> = Vec::new();
    let (mut right, mut replies, mut right_replies, mut found, mut right_of_all) = (0, 0, 0, 0, 0);
    for row in rows {
        let id = row.message_id.as_str();
        let place = told.get(id);
        found += usize::from(place.is_some());
        right_of_all += usize::from(place.is_some_and(|(parent, _)| *parent == row.parent));
        // A message that was not read is alone.
        let thread = place.map_or_else(|| row.message_id.clone(), |(_, thread)| thread.to_string());
        whole.push((&row.root, thread));
        if bare.contains(id) && row.parent.is_none() {
            continue;
        }
        let parent = parent_of(id);
        let equal = place.is_some() && parent == row.parent.as_deref();
        right += usize::from(equal);
        if row.parent.is_some() {
            replies += 1;
            right_replies += usize::from(equal);
        }
        let mut root = id;
        // Parents are free of loops; the bound keeps a mistake there from hanging the evaluation.
        for _ in 0..rows.len() {
            let Some(above) = parent_of(root) else { break };
            root = above;
        }
        clusters.push((&row.root, root));
        if !equal {
            let show = |id: Option<&str>| id.unwrap_or("nothing").to_owned();
            let gold = show(row.parent.as_deref());
            scored.wrong(&format!("{id} under {gold}, told {}", show(parent)));
        }
    }
    scored.figure("parent_accuracy", share(right_of_all, rows.len()));
    scored.figure("parent_accuracy_within_rows", share(right, clusters.len()));
    scored.figure("parent_accuracy_of_replies", share(right_replies, replies));
    scored.figure("bcubed_f1", bcubed(&whole));
    scored.figure("bcubed_f1_within_rows", bcubed(&clusters));
    scored.count("messages_found", found);
    scored.count("rows_with_bare_ids_cut", rows.len() - clusters.len());
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
    fn what_the_gold_cannot_know_is_not_held_against_the_forest() {
        let raw = |id: &str, more: &str| {
            format!("Message-ID: <{id}@x.example>\r\n{more}Subject: {id}\r\n\r\nbody {id}\r\n").into_bytes()
        };
        let raws = vec![
            raw("a", ""),
            raw("dropped", "In-Reply-To: <a@x.example>\r\n"),
            raw("c", "In-Reply-To: <dropped@x.example>\r\n"),
            raw("web", "In-Reply-To: a@x.example\r\n"),
            raw("e", "References: <web@x.example>\r\n"),
        ];
        let bare = with_bare_ids(&raws);
        assert_eq!(bare, HashSet::from(["<web@x.example>".to_owned()]));
        let row = |id: &str, parent: Option<&str>, root: &str| ListRow {
            message_id: format!("<{id}@x.example>"),
            parent: parent.map(|id| format!("<{id}@x.example>")),
            root: format!("<{root}@x.example>"),
        };
        let rows =
            [row("a", None, "a"), row("c", None, "c"), row("web", None, "web"), row("e", Some("web"), "web")];
        let mail = || raws.iter().map(|raw| (PathBuf::new(), parse_message(raw))).collect();
        let scored = score_list(&rows, mail(), &bare, false);
        assert_eq!(
            (scored.get("parent_accuracy_within_rows"), scored.get("bcubed_f1_within_rows")),
            (1.0, 1.0)
        );
        assert_eq!(scored.get("rows_with_bare_ids_cut"), 1.0);
        assert_eq!((scored.get("parent_accuracy"), scored.get("threads")), (0.5, 1.0));
        // A wrong parent is wrong all the same.
        let wrong = [row("a", None, "a"), row("c", Some("a"), "a")];
        let scored = score_list(&wrong, mail(), &bare, false);
        assert_eq!(scored.get("parent_accuracy_within_rows"), 0.5);
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
        let scored = score_list(&rows, mails(), &HashSet::new(), false);
        assert_eq!(
            (scored.get("parent_accuracy"), scored.get("bcubed_f1"), scored.get("threads")),
            (1.0, 1.0, 1.0)
        );
        let scored = score_list(&rows, mails(), &HashSet::new(), true);
        assert_eq!((scored.get("parent_accuracy"), scored.get("threads")), (0.5, 2.0));
        assert!((scored.get("bcubed_f1") - 2.0 / 3.0).abs() < 1e-6);
    }
}
