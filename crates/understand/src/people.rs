//! Whom the words of a thread name: names, nicknames, signatures, salutations and pronouns, each with its place, and
//! who is meant where that is sure.
//!
//! Nobody is guessed. A first name that fits two people is told as one of the two; a "he" with more than one man
//! before it is told as someone. The people of a thread come first, then those of the directory. Names and header
//! lines inside a text are what its writer claims: they say who is meant, never who wrote.

mod block;
mod find;
mod given;
mod known;
#[cfg(test)]
mod tests;
mod words;

use postil_evidence::{Addr, Directory, EntityKind, Mailbox, NotePath, Span};
use postil_mail::Message;

pub use known::Person;

use crate::reading::Confidence;
use block::header_line;
use find::{Line, Scene, Seen};
use known::Register;

/// Bytes read of one turn. What comes behind is a paste; names are looked up among everyone, so that time grows with
/// both.
const MOST_TEXT: usize = 16_000;
/// People looked at of one header: a mail to more is a mail to many.
const MOST_ADDRESSEES: usize = 64;

/// One piece of a thread: what one person wrote.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'t> {
    /// Who wrote it, where that is known.
    pub author: Option<&'t Mailbox>,
    /// To whom.
    pub to: &'t [Mailbox],
    /// Who got a copy.
    pub cc: &'t [Mailbox],
    /// The words. Header lines in them (From, To, Cc) change who speaks to whom in what follows.
    pub text: &'t str,
}

impl<'t> Turn<'t> {
    /// What a message says of its own, in `text`.
    pub(crate) fn of(message: &'t Message, text: &'t str) -> Self {
        Self { author: message.from.as_ref(), to: &message.to, cc: &message.cc, text }
    }
}

/// Who is meant, as places in [`People::people`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This person.
    One(usize),
    /// All of these: "you" in a mail to three.
    All(Vec<usize>),
    /// One of these; the text does not tell which. Never fewer than two.
    OneOf(Vec<usize>),
    /// Someone, and nobody here is surely meant.
    Someone,
}

/// How a person is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MentionedBy {
    /// A name, nickname or initials.
    Name,
    /// An address.
    Address,
    /// "I" and its like.
    Author,
    /// "You" and its like.
    Addressee,
    /// "He", "she" and their like.
    Pronoun,
    /// What someone is: "a trader" beside a name.
    Role,
}

/// A place where a person is mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonMention {
    /// Which turn.
    pub turn: usize,
    /// Bytes of that turn's text.
    pub span: Span,
    /// Who is meant.
    pub meant: Meant,
    /// By what.
    pub by: MentionedBy,
    /// How sure it is who is meant.
    pub confidence: Confidence,
}

/// Everyone a thread mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The people, in the order in which they came up; some places may stay empty and are never meant.
    pub people: Vec<Person>,
    /// The mentions, by turn and place. They may nest, and no two have the same span.
    pub mentions: Vec<PersonMention>,
}

impl People {
    /// The home note of the one person whom the words at `span` of `turn` name, where the directory has one.
    #[must_use]
    pub fn home_at(&self, turn: usize, span: Span) -> Option<&NotePath> {
        let mention =
            self.mentions.iter().find(|mention| mention.turn == turn && mention.span.overlaps(span))?;
        match &mention.meant {
            Meant::One(person) => self.people.get(*person)?.home.as_ref(),
            Meant::All(_) | Meant::OneOf(_) | Meant::Someone => None,
        }
    }
}

/// Finds the people in a thread's turns, in any order of time. `directory` tells who is known besides; of it only
/// persons count.
#[must_use]
pub fn people(turns: &[Turn<'_>], directory: &Directory) -> People {
    let mut register = Register::default();
    let enter = |register: &mut Register, mailbox: &Mailbox| {
        let person = register.enter(mailbox.name.as_str(), mailbox.addr.as_str());
        if let Some(home) = sole_home(directory, &mailbox.addr) {
            register.set_home(person, home);
        }
        person
    };
    // First who takes part, in every turn, so that an early turn knows whom a later one names in full.
    let mut scenes: Vec<Vec<Scene<'_>>> = Vec::new();
    for turn in turns {
        let first = Scene {
            author: turn.author.map(|author| enter(&mut register, author)),
            to: turn.to.iter().take(MOST_ADDRESSEES).map(|to| enter(&mut register, to)).collect(),
            cc: turn.cc.iter().take(MOST_ADDRESSEES).map(|cc| enter(&mut register, cc)).collect(),
            ..Scene::default()
        };
        let text = turn.text.get(..turn.text.floor_char_boundary(MOST_TEXT)).unwrap_or_default();
        scenes.push(stage(text, first, &mut register));
    }
    let taking_part: Vec<usize> = register.roots().collect();
    // One whose note names no address of the thread is another entry, named only where nobody of the thread fits.
    for entity in directory.entities().iter().filter(|entity| entity.kind == EntityKind::Person) {
        let here = taking_part.iter().copied().find(|person| {
            register.get(*person).is_some_and(|person| person.home.as_ref() == Some(&entity.home))
        });
        // Without an address a note is nobody of the thread: anybody may write its name before an address.
        let person = here.unwrap_or_else(|| match entity.addrs.first() {
            Some(addr) => register.enter(&entity.name, addr.as_str()),
            None => register.add(&entity.name),
        });
        register.also_called(person, &entity.name);
        for alias in &entity.aliases {
            register.also_called(person, alias);
        }
        register.set_home(person, &entity.home);
    }
    for scene in scenes.iter().flatten() {
        find::learn_signature(scene, &mut register);
    }
    let mut mentions = Vec::new();
    for (turn, scenes) in scenes.iter().enumerate() {
        for scene in scenes {
            let found = find::mentions(scene, &taking_part, &mut register);
            mentions.extend(found.into_iter().map(|seen| (turn, seen)));
        }
    }
    let mut mentions: Vec<PersonMention> = mentions
        .into_iter()
        .map(|(turn, Seen { span, meant, by, confidence })| PersonMention {
            turn,
            span,
            meant: settled(meant, &register),
            by,
            confidence,
        })
        .collect();
    mentions.sort_by_key(|mention| (mention.turn, mention.span.start, mention.span.end));
    mentions.dedup_by_key(|mention| (mention.turn, mention.span));
    People { people: register.into_people(), mentions }
}

/// The one person of the directory whose note gives this address.
fn sole_home<'d>(directory: &'d Directory, addr: &Addr) -> Option<&'d NotePath> {
    let mut all = directory.with_addr(addr).filter(|entity| entity.kind == EntityKind::Person);
    let one = all.next()?;
    all.next().is_none().then_some(&one.home)
}

/// `meant` with every entry that was joined to another replaced by that one.
fn settled(meant: Meant, register: &Register) -> Meant {
    let roots = |people: Vec<usize>| {
        let mut roots: Vec<usize> = Vec::new();
        for person in people.into_iter().map(|person| register.root(person)) {
            if !roots.contains(&person) {
                roots.push(person);
            }
        }
        roots
    };
    match meant {
        Meant::One(person) => Meant::One(register.root(person)),
        Meant::All(people) => match roots(people).as_slice() {
            [one] => Meant::One(*one),
            all => Meant::All(all.to_vec()),
        },
        Meant::OneOf(people) => match roots(people).as_slice() {
            [one] => Meant::One(*one),
            all => Meant::OneOf(all.to_vec()),
        },
        Meant::Someone => Meant::Someone,
    }
}

/// Cuts a text where header lines change who speaks, and enters whom they name.
fn stage<'t>(text: &'t str, first: Scene<'t>, register: &mut Register) -> Vec<Scene<'t>> {
    let mut scenes = vec![first];
    let mut in_block = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let written = line.trim_end_matches('\n');
        let Some((field, entries)) = header_line(written, at) else {
            if written.trim().is_empty() {
                continue;
            }
            in_block = false;
            if let Some(scene) = scenes.last_mut() {
                scene.lines.push(Line { start: at, text: written });
            }
            continue;
        };
        if !in_block && scenes.last().is_some_and(|scene| !scene.lines.is_empty()) {
            scenes.push(Scene::default());
        }
        in_block = true;
        let Some(scene) = scenes.last_mut() else { continue };
        let mut people = Vec::new();
        for entry in entries.into_iter().take(MOST_ADDRESSEES) {
            if !register.has_room() {
                break;
            }
            let written = |span: Option<Span>| span.map(|span| span.of(text)).unwrap_or_default();
            let person = register.enter(written(entry.name), written(entry.addr));
            for (span, by) in [(entry.name, MentionedBy::Name), (entry.addr, MentionedBy::Address)] {
                if let Some(span) = span {
                    let meant = Meant::One(person);
                    scene.headers.push(Seen { span, meant, by, confidence: Confidence::High });
                }
            }
            people.push(person);
        }
        scene.enter(field, &people, register);
    }
    scenes
}
