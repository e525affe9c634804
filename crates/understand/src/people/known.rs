//! Who is who in a thread: one entry for each person, joined over the names and addresses they go by.
//!
//! Two entries are one person where an address is the same, where a full name is and one of the two has no address,
//! or where a header names both in one breath. A first name alone joins nobody.

use std::collections::HashMap;

use postil_evidence::NotePath;
use postil_evidence::text::fold_case;

use super::given::may_be;
use super::words::{TITLES, words};

/// Someone a thread knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The fullest name; the address where there is no name.
    pub name: String,
    /// Addresses, folded.
    pub addrs: Vec<String>,
    /// The note that is about them, where the directory has one.
    pub home: Option<NotePath>,
    /// Every name they were seen under, as folded words, given name first.
    pub(super) names: Vec<Vec<String>>,
}

/// From this many people on, words alone make no new ones.
const MOST_PEOPLE: usize = 1_000;

/// How well a name fits a person; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Given and last name.
    Full,
    /// The given name, or given names.
    Given,
    /// A nickname of the given name.
    Nickname,
    /// The last name alone.
    Last,
}

/// Everyone known, in the order in which they came up.
#[derive(Debug, Default)]
pub(super) struct Register {
    people: Vec<Person>,
    /// Where an entry was joined to an earlier one.
    joined: Vec<usize>,
    by_addr: HashMap<String, usize>,
    by_name: HashMap<(String, String), usize>,
}

impl Register {
    /// The entry that `person` was joined to, itself where it was joined to none.
    pub(super) fn root(&self, person: usize) -> usize {
        let mut at = person;
        while let Some(next) = self.joined.get(at).copied().filter(|next| *next != at) {
            at = next;
        }
        at
    }

    pub(super) fn get(&self, person: usize) -> Option<&Person> {
        self.people.get(self.root(person))
    }

    /// The entries that stand for themselves.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.people.len()).filter(|at| self.root(*at) == *at)
    }

    /// Every entry; of joined ones only the first holds names.
    pub(super) fn into_people(self) -> Vec<Person> {
        self.people
    }

    /// The person with this name and this address, either of which may be empty; a new one where nobody fits.
    pub(super) fn enter(&mut self, name: &str, addr: &str) -> usize {
        let addr = fold_case(addr.trim());
        let mut written = given_first(name);
        if written.is_empty() {
            written = of_local_part(&addr);
        }
        let full = match (written.first(), written.last()) {
            (Some(first), Some(last)) if written.len() > 1 => Some((first.clone(), last.clone())),
            (Some(_) | None, _) => None,
        };
        let known_addr = self.by_addr.get(&addr).copied().filter(|_| !addr.is_empty());
        // Anybody may write any name before an address of theirs: with two addresses, a name joins nobody.
        let known_name = full.as_ref().and_then(|full| self.by_name.get(full)).copied().filter(|person| {
            addr.is_empty() || self.get(*person).is_some_and(|person| person.addrs.is_empty())
        });
        let person = match (known_addr, known_name) {
            (Some(one), Some(other)) => self.join(one, other),
            (Some(known), None) | (None, Some(known)) => self.root(known),
            (None, None) => {
                self.people.push(Person::default());
                self.joined.push(self.people.len() - 1);
                self.people.len() - 1
            }
        };
        if let Some(entry) = self.people.get_mut(person) {
            let shown = in_order(name);
            if shown.len() > entry.name.len() || (entry.name.contains('@') && !shown.is_empty()) {
                entry.name = shown;
            } else if entry.name.is_empty() {
                entry.name.clone_from(&addr);
            }
            if !addr.is_empty() && !entry.addrs.contains(&addr) {
                entry.addrs.push(addr.clone());
            }
            if !written.is_empty() && !entry.names.contains(&written) {
                entry.names.push(written);
            }
        }
        if !addr.is_empty() {
            self.by_addr.insert(addr, person);
        }
        if let Some(full) = full {
            self.by_name.entry(full).or_insert(person);
        }
        person
    }

    /// Whether people may be entered that only the words of a mail name: whoever fills a mail with made-up names must not
    /// make every other name slow to look up.
    pub(super) fn has_room(&self) -> bool {
        self.people.len() < MOST_PEOPLE
    }

    /// Someone who is nobody of those entered so far.
    pub(super) fn add(&mut self, name: &str) -> usize {
        self.people.push(Person { name: name.to_owned(), ..Person::default() });
        self.joined.push(self.people.len() - 1);
        self.people.len() - 1
    }

    /// Makes two entries one; the earlier stays.
    pub(super) fn join(&mut self, one: usize, other: usize) -> usize {
        let (one, other) = (self.root(one), self.root(other));
        let (stays, goes) = (one.min(other), one.max(other));
        if stays == goes {
            return stays;
        }
        let gone = self.people.get_mut(goes).map(std::mem::take).unwrap_or_default();
        if let Some(entry) = self.people.get_mut(stays) {
            let fuller = entry.name.contains('@') || gone.name.len() > entry.name.len();
            if fuller && !gone.name.contains('@') && !gone.name.is_empty() {
                entry.name = gone.name;
            }
            entry.addrs.extend(gone.addrs);
            entry.names.extend(gone.names);
            entry.home = entry.home.take().or(gone.home);
        }
        if let Some(at) = self.joined.get_mut(goes) {
            *at = stays;
        }
        stays
    }

    /// Another name of someone: what they sign with, or an alias of their note.
    pub(super) fn also_called(&mut self, person: usize, name: &str) {
        let written = given_first(name);
        let person = self.root(person);
        if let Some(entry) = self.people.get_mut(person)
            && !written.is_empty()
            && !entry.names.contains(&written)
        {
            entry.names.push(written);
        }
    }

    pub(super) fn set_home(&mut self, person: usize, home: &NotePath) {
        let person = self.root(person);
        if let Some(entry) = self.people.get_mut(person) {
            entry.home = Some(home.clone());
        }
    }

    /// How well the folded words `called` name `person`.
    pub(super) fn fit(&self, person: usize, called: &[&str]) -> Option<Fit> {
        self.get(person)?.names.iter().filter_map(|name| fit(name, called)).min()
    }

    /// Whether `letters` are the first letters of the person's names: "MK", or "MKM" for Mary Kay Miller.
    pub(super) fn has_initials(&self, person: usize, letters: &str) -> bool {
        let wanted = fold_case(letters);
        self.get(person).is_some_and(|person| {
            person.names.iter().any(|name| {
                let initials: String = name.iter().filter_map(|word| word.chars().next()).collect();
                initials == wanted || (wanted.len() > 1 && initials.starts_with(&wanted))
            })
        })
    }

    /// Whether nothing but an address is known of them.
    pub(super) fn is_nameless(&self, person: usize) -> bool {
        self.get(person).is_none_or(|person| person.names.is_empty())
    }
}

fn fit(name: &[String], called: &[&str]) -> Option<Fit> {
    let first = name.first()?;
    let last = name.last().filter(|_| name.len() > 1);
    // So many words are no name but a place and a name, an office, a firm: only the whole of it names anybody.
    if name.len() > 4 && called.len() < name.len() {
        return None;
    }
    match called {
        [] => None,
        [alone] if alone == first => Some(Fit::Given),
        [alone] if last.is_some_and(|last| last == alone) => Some(Fit::Last),
        [alone] if alone.chars().count() > 1 && may_be(alone, first) => Some(Fit::Nickname),
        [_] => None,
        [called_first, .., called_last] => {
            let same_first = called_first == first
                || may_be(called_first, first)
                || (called_first.chars().count() == 1 && first.starts_with(called_first));
            if last.is_some_and(|last| last == called_last) && same_first {
                return Some(Fit::Full);
            }
            // "Mary Kay" of Mary Kay Miller.
            let givens = name.get(..name.len().saturating_sub(1))?;
            (called.len() <= givens.len() && givens.iter().zip(called).all(|(given, called)| given == called))
                .then_some(Fit::Given)
        }
    }
}

/// A name as a person would say it: "Allen, Phillip K." is Phillip K. Allen.
fn in_order(name: &str) -> String {
    let plain = name.split(['(', '<', '[']).next().unwrap_or_default();
    let plain = plain.trim_matches([' ', '"', '\'', ',']);
    if plain.contains('@') {
        return String::new();
    }
    match plain.split_once(',') {
        Some((last, first)) => format!("{} {}", first.trim(), last.trim()),
        None => plain.to_owned(),
    }
}

/// The folded words of a name, given name first, without titles and without what marks a son.
fn given_first(name: &str) -> Vec<String> {
    const SONS: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "phd"];
    let shown = in_order(name);
    let mut all: Vec<String> = words(&shown).into_iter().map(|word| word.folded).collect();
    all.retain(|word| !TITLES.contains(&word.as_str()) && !SONS.contains(&word.as_str()));
    all
}

/// "glen.hass@…" is most likely called Glen Hass; "gh17@…" tells no name.
fn of_local_part(addr: &str) -> Vec<String> {
    let local = addr.split('@').next().unwrap_or_default();
    let parts: Vec<&str> = local.split(['.', '_']).filter(|part| !part.is_empty()).collect();
    let is_name = |part: &&str| part.chars().all(|letter| letter.is_alphabetic() || letter == '\'');
    let whole = (2..=3).contains(&parts.len()) && parts.iter().all(is_name);
    let (first, last) =
        (parts.first().copied().unwrap_or_default(), parts.last().copied().unwrap_or_default());
    if whole && first.len() > 1 && last.len() > 1 {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_one_entry_and_two_of_a_name_are_two() {
        let mut register = Register::default();
        let ana = register.enter("Lima, Ana M.", "");
        assert_eq!(register.enter("", "ana.lima@x.example"), ana);
        assert_ne!(register.enter("Ana Lima", "attacker@evil.example"), ana);
        let other = register.enter("Ana Berg", "ab@y.example");
        assert_ne!(other, ana);
        assert_eq!(
            (register.fit(ana, &["ana"]), register.fit(other, &["ana"])),
            (Some(Fit::Given), Some(Fit::Given))
        );
        assert_eq!(register.fit(ana, &["ana", "lima"]), Some(Fit::Full));
        assert_eq!(register.fit(other, &["ana", "lima"]), None);
        assert_eq!(register.get(ana).map(|person| person.name.as_str()), Some("Ana M. Lima"));
        let robert = register.enter("Robert Kim", "");
        assert_eq!(register.fit(robert, &["bob"]), Some(Fit::Nickname));
        assert!(register.has_initials(robert, "RK") && !register.has_initials(robert, "KR"));
    }
}
