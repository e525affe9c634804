//! Threads from headers, from subjects, and as IMAP's THREAD answers them.

use postil_mail::thread::{
    LIKELY, Node, assemble, base_subject, join, join_with_guesses, ordered_subject_forest, references_forest,
};
use postil_mail::{Message, parse_message};

/// `id < parent parent | subject | day | body`.
fn message(line: &str) -> Message {
    let mut parts = line.split('|').map(str::trim);
    let (id, parents) = parts.next().unwrap_or_default().split_once('<').unwrap_or_default();
    let (subject, day, body) =
        (parts.next().unwrap_or("s"), parts.next().unwrap_or("1"), parts.next().unwrap_or("x"));
    let references: Vec<String> = parents.split_whitespace().map(|p| format!("<{p}@x.example>")).collect();
    let body = body.replace('/', "\n");
    parse_message(
        format!(
            "From: {id}@x.example\nMessage-ID: <{}@x.example>\nReferences: {}\nSubject: {subject}\nDate: {day} Nov 2026 10:00:00 +0000\n\n{body}\n",
            id.trim(),
            references.join(" "),
        )
        .as_bytes(),
    )
}

fn messages(text: &str) -> Vec<Message> {
    text.lines().map(message).collect()
}

fn name(message: &Message) -> &str {
    message.message_id.as_ref().map_or("?", |id| id.as_str().split('@').next().unwrap_or_default())
}

fn show(threads: &[postil_mail::Thread]) -> String {
    let one = |thread: &postil_mail::Thread| {
        let part = |(message, parent): (&Message, &Option<usize>)| match parent {
            Some(parent) => format!("{}<{}", name(message), name(&thread.messages[*parent])),
            None => name(message).to_owned(),
        };
        thread.messages.iter().zip(&thread.parents).map(part).collect::<Vec<_>>().join(" ")
    };
    threads.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn messages_stand_by_time_under_their_parents() {
    let thread = assemble(messages("b < a|s|2\na <|s|1\nc < a b|s|3\nd < missing a|s|4"));
    assert_eq!(show(&[thread]), "a b<a c<b d<a");
    let looped = assemble(messages("a < b|s|1\nb < a|s|2"));
    assert_eq!(show(&[looped]).matches('<').count(), 1);
    let twice = assemble(messages("a <|s|1\na <|s|1"));
    assert_eq!(twice.messages.len(), 1);
}

#[test]
fn sets_are_joined_by_ids_then_by_guess() {
    let set = "a <|plan|1\nb < a|Re: plan|2\nc <|other|3\nd < gone|x|4\ne < gone|x|5";
    assert_eq!(show(&join(messages(set))), "a b<a; c; d e");
    let bare = "a <|plan for May|1|shall we meet in May then?\nb <|plan for May|2|this is another first mail\nc <|Re: plan for May|3|yes/> shall we meet in May then?";
    assert_eq!(show(&join(messages(bare))), "a; b; c");
    assert_eq!(show(&join_with_guesses(messages(bare), LIKELY)), "a c<a; b");
}

fn tree(nodes: &[Node], all: &[Message]) -> String {
    let one = |node: &Node| {
        let own = node.message.map_or("*", |at| name(&all[at]));
        if node.children.is_empty() {
            own.to_owned()
        } else {
            format!("{own}({})", tree(&node.children, all))
        }
    };
    nodes.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn forests_follow_the_standard() {
    let all = messages("a <|s|1\nb < a|s|2\nc < a b|s|3\nd < gone|t|4\ne < gone|t|5\nf <|Re: s|6");
    assert_eq!(tree(&references_forest(&all), &all), "a(b(c) f) *(d e)");
    assert_eq!(tree(&ordered_subject_forest(&all), &all), "a(b c f) d(e)");
}

#[test]
fn base_subjects_are_bare() {
    for (subject, base) in [
        ("[foo] Fwd: [bar] Re: fw: b (fWd)  (fwd)", "b"),
        ("Re: [FWD: c]", "c"),
        ("re: [fwd: [fwd: re: [fwd: babylon]]]", "babylon"),
        ("[xyz]", "[xyz]"),
        ("AW: Größe", "größe"),
    ] {
        assert_eq!(base_subject(subject), base, "{subject}");
    }
}
