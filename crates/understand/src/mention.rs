//! Whom and what of the directory the newest message names.
//!
//! Names are the directory's to find; whom a first name or a nickname means within the thread is what
//! [`crate::people`] says, where it is sure. Nobody is taken away but one of several whom a name fits.

use postil_evidence::{Directory, Entity, EntityKind, HeaderText, Span};
use postil_mail::message::Message;
use postil_mail::thread::Thread;

use crate::ask;
use crate::people::{Meant, MentionedBy, People, Turn, people};
use crate::reading::Mentioned;

/// How many messages before one tell who is who in it.
pub(crate) const EARLIER: usize = 12;

/// Known names in the subject and the own words of `shown`, a message of `thread`.
pub(crate) fn mentions(
    thread: &Thread,
    shown: Option<&Message>,
    subject: &HeaderText,
    directory: &Directory,
) -> Vec<Mentioned> {
    let own_words = shown.map(Message::own_words).unwrap_or_default();
    let (who, turn) = who_is_meant(thread, shown, directory);
    let mut out: Vec<Mentioned> = Vec::new();
    let mut add = |text: &str, entities: &[&Entity]| {
        let names: Vec<String> = entities.iter().map(|entity| entity.name.clone()).collect();
        if !out.iter().any(|known| known.names == names) {
            let homes = entities.iter().map(|entity| entity.home.to_string()).collect();
            out.push(Mentioned { text: ask::folded_space(text), names, homes });
        }
    };
    for (text, is_body) in [(own_words.as_str(), true), (subject.as_str(), false)] {
        let found = directory.mentions(text);
        let taken: Vec<Span> = found.iter().map(|mention| mention.span).collect();
        for mention in found {
            let home = who.home_at(turn, mention.span).filter(|_| is_body && mention.entities.len() > 1);
            let one = home.and_then(|home| mention.entities.iter().find(|entity| entity.home == *home));
            match one {
                Some(one) => add(mention.span.of(text), &[one]),
                None => add(mention.span.of(text), &mention.entities),
            }
        }
        if is_body {
            for (span, entity) in nicknames(&who, turn, directory) {
                if !taken.iter().any(|taken| taken.overlaps(span)) {
                    add(span.of(text), &[entity]);
                }
            }
        }
    }
    out
}

/// Names by which the directory itself finds nobody, of people whom it knows: "Bob" for Robert Kim.
fn nicknames<'d>(who: &People, turn: usize, directory: &'d Directory) -> Vec<(Span, &'d Entity)> {
    let named = who.mentions.iter().filter(|mention| mention.turn == turn && mention.by == MentionedBy::Name);
    named
        .filter_map(|mention| {
            let home = match &mention.meant {
                Meant::One(person) => who.people.get(*person)?.home.as_ref()?,
                Meant::All(_) | Meant::OneOf(_) | Meant::Someone => return None,
            };
            let entity = directory.entities().iter().find(|entity| entity.home == *home)?;
            Some((mention.span, entity))
        })
        .collect()
}

/// The people of the thread up to `shown`, and which turn `shown` is. Of the directory only those are looked at who
/// take part or are named: a sync reads thousands of threads, and a directory may hold thousands of people.
fn who_is_meant(thread: &Thread, shown: Option<&Message>, directory: &Directory) -> (People, usize) {
    let Some(shown) = shown else { return (People::default(), 0) };
    let at = thread.messages.iter().position(|message| message.key == shown.key).unwrap_or_default();
    let messages = thread.messages.get(at.saturating_sub(EARLIER)..=at).unwrap_or_default();
    let texts: Vec<String> = messages.iter().map(Message::own_words).collect();
    let mut known: Vec<Entity> = Vec::new();
    let mut learn = |entity: &Entity| {
        if entity.kind == EntityKind::Person && !known.iter().any(|other| other.home == entity.home) {
            known.push(entity.clone());
        }
    };
    for (message, text) in messages.iter().zip(&texts) {
        let mailboxes = message.from.iter().chain(&message.to).chain(&message.cc);
        mailboxes.flat_map(|mailbox| directory.with_addr(&mailbox.addr)).for_each(&mut learn);
        directory
            .mentions(text)
            .iter()
            .flat_map(|mention| mention.entities.iter().copied())
            .for_each(&mut learn);
    }
    if known.is_empty() {
        return (People::default(), 0);
    }
    let turns: Vec<Turn<'_>> =
        messages.iter().zip(&texts).map(|(message, text)| Turn::of(message, text)).collect();
    let named = turns.len().saturating_sub(1);
    (people(&turns, &Directory::new(known)), named)
}

#[cfg(test)]
mod tests {
    use postil_mail::parse_message;

    use super::*;
    use crate::fixture::person;

    fn check(body: &str, expect: &[&[&str]]) {
        let directory = Directory::new(vec![
            person("Ann Lee", "ann@lee.example"),
            person("Ann Moreau", "ann@moreau.example"),
            person("Robert Kim", "rk@kim.example"),
            person("Maya Roth", "maya@roth.example"),
            person("Maya Singh", "maya@singh.example"),
        ]);
        let raw = format!(
            "From: Ana Lima <ana@lima.example>\nTo: Bo <bo@house.example>\nCc: Ann <ann@lee.example>, Rob <rk@kim.example>, \
             Maya Roth <attacker@evil.example>\nSubject: Pump\nDate: Fri, 20 Nov 2026 16:04:00 +0100\n\n{body}\n"
        );
        let thread = Thread { messages: vec![parse_message(raw.as_bytes())], ..Thread::default() };
        let found = mentions(&thread, thread.messages.first(), &HeaderText::clean("Pump"), &directory);
        let names: Vec<Vec<String>> = found.into_iter().map(|mention| mention.names).collect();
        assert_eq!(names, expect, "{body}");
    }

    #[test]
    fn a_first_name_means_the_one_of_the_thread() {
        check("Did Ann say so?", &[&["Ann Lee"]]);
        check("Did Ann Moreau say so?", &[&["Ann Moreau"]]);
    }

    #[test]
    fn a_nickname_means_the_one_of_the_thread() {
        check("Please ask Bob about it.", &[&["Robert Kim"]]);
    }

    #[test]
    fn a_display_name_makes_nobody_take_part() {
        check("Did Maya say so?", &[&["Maya Roth", "Maya Singh"]]);
    }
}
