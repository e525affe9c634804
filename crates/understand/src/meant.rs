//! Whom "he" and "she" in a question mean, so that its answer is looked for under their name.
//!
//! Only what the thread itself says counts, not the directory, and only where [`crate::people`] is sure of one person.
//! Requests stay as they are: in "could you send it to him" the name tells nothing of what is to be sent.

use postil_evidence::Directory;
use postil_mail::message::Message;
use postil_mail::thread::Thread;

use crate::mention::EARLIER;
use crate::people::{Meant, MentionedBy, People, Turn, people};
use crate::plain::fold;
use crate::reading::{Ask, AskKind};

/// Pronouns that stand for whom a question is about. "Him" is mostly someone to whom something is done.
const WHOM_IT_IS_ABOUT: &[&str] = &["he", "she", "his", "hers"];

/// Puts the name of the one whom a question speaks of by a pronoun before its other keywords.
pub(crate) fn name_whom_they_mean(asks: &mut [Ask], thread: &Thread) {
    for ask in asks.iter_mut().filter(|ask| is_about_someone(ask)) {
        let Some(at) = thread.messages.iter().position(|message| message.key == ask.message) else {
            continue;
        };
        let messages = thread.messages.get(at.saturating_sub(EARLIER)..=at).unwrap_or_default();
        let Some(name) = meant_by(ask, messages) else { continue };
        let known: Vec<String> = ask.keywords.iter().map(|word| fold(word)).collect();
        let new = name.split_whitespace().filter(|word| !known.contains(&fold(word))).map(str::to_owned);
        ask.keywords.splice(0..0, new.collect::<Vec<String>>());
    }
}

fn is_about_someone(ask: &Ask) -> bool {
    let may_be_about = match ask.kind {
        AskKind::Question | AskKind::Decision | AskKind::Time => true,
        AskKind::Request | AskKind::Document | AskKind::Introduction => false,
    };
    // Where the words look like orders to a program there is nothing to search for.
    may_be_about && !ask.keywords.is_empty() && words(&ask.text).any(|word| is_pronoun(&word))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).map(fold)
}

fn is_pronoun(folded: &str) -> bool {
    WHOM_IT_IS_ABOUT.contains(&folded)
}

/// The name of the one person whom every such pronoun in the ask means. The last of `messages` holds the ask.
fn meant_by(ask: &Ask, messages: &[Message]) -> Option<String> {
    let texts: Vec<String> = messages.iter().map(Message::own_words).collect();
    let (own, asking) = (texts.last()?, messages.last()?);
    let asked = ask.span.of(&asking.text);
    let (start, _) = own.match_indices(asked).next()?;
    if own.matches(asked).nth(1).is_some() {
        return None;
    }
    let turns: Vec<Turn<'_>> =
        messages.iter().zip(&texts).map(|(message, text)| Turn::of(message, text)).collect();
    let found = people(&turns, &Directory::default());
    let inside = found.mentions.iter().filter(|mention| {
        mention.turn + 1 == turns.len()
            && mention.by == MentionedBy::Pronoun
            && (start..start + asked.len()).contains(&mention.span.start)
            && is_pronoun(&fold(mention.span.of(own)))
    });
    let mut one = None;
    for mention in inside {
        match mention.meant {
            Meant::One(person) if one.is_none_or(|one| one == person) => one = Some(person),
            Meant::One(_) | Meant::All(_) | Meant::OneOf(_) | Meant::Someone => return None,
        }
    }
    name_of(&found, one?)
}

/// The person's name; an address is none.
fn name_of(found: &People, person: usize) -> Option<String> {
    let name = &found.people.get(person)?.name;
    (!name.is_empty() && !name.contains('@')).then(|| name.clone())
}

#[cfg(test)]
mod tests {
    use postil_evidence::{Directory, Parties};

    use crate::fixture::{mail, now, owner, thread};
    use crate::verdict::read_thread;

    /// The keywords of the last ask of a mail to Sam.
    fn check(text: &str, expect: &[&str]) {
        let message = mail("Maya Okafor <maya@northwind.example>", "Sam Rivers <sam@halyard.example>", text);
        let reading =
            read_thread(&thread(vec![message]), &owner(), &Parties::default(), &Directory::default(), &now());
        let last = reading.asks.last().map(|ask| ask.keywords.clone()).unwrap_or_default();
        assert_eq!(last, expect, "{text}");
    }

    #[test]
    fn a_question_about_him_is_searched_for_by_his_name() {
        check(
            "I met Melvin Jones at the fair. Did he approve the budget?",
            &["Melvin", "Jones", "approve", "budget"],
        );
        check("Melvin Jones called. When does his contract end?", &["Melvin", "Jones", "contract", "end"]);
    }

    #[test]
    fn nobody_is_guessed() {
        check("Robert Kim met Melvin Jones. Did he approve the budget?", &["approve", "budget"]);
        check("Did he approve the budget?", &["approve", "budget"]);
    }

    #[test]
    fn to_whom_something_is_sent_says_nothing_of_the_thing() {
        check("I met Melvin Jones. Could you send him the price list?", &["price", "list"]);
    }
}
