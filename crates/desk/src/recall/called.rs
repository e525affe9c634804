//! Whom and what an ask names, by the directory that its recipients may see, and by which other names.
//!
//! The directory must be the cleared one: a name that stands in a note they may not read has no say.

use std::collections::{BTreeMap, BTreeSet};

use postil_evidence::{Directory, Entity, EntityKind, NotePath};
use postil_index::OtherName;
use postil_understand::Ask;

/// The words of an ask that name somebody or something known, with the notes about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Called<'d> {
    directory: Option<&'d Directory>,
    by_word: BTreeMap<String, BTreeSet<NotePath>>,
}

impl<'d> Called<'d> {
    /// What is named in an ask, where the directory is sure who is meant.
    pub(super) fn of(ask: &Ask, directory: Option<&'d Directory>) -> Self {
        let texts = std::iter::once(&ask.text).chain(&ask.keywords);
        Self::in_texts(texts.map(String::as_str), directory)
    }

    /// What is named in texts, where the directory is sure who is meant.
    pub(super) fn in_texts<'t>(
        texts: impl Iterator<Item = &'t str>,
        directory: Option<&'d Directory>,
    ) -> Self {
        let mut by_word: BTreeMap<String, BTreeSet<NotePath>> = BTreeMap::new();
        for (text, directory) in texts.filter_map(|text| Some((text, directory?))) {
            for (span, entity) in named_in(text, directory) {
                for word in postil_index::words(span) {
                    by_word.entry(word).or_default().insert(entity.home.clone());
                }
            }
        }
        // A word of two names ("Heron" of the project and of the hall) tells neither.
        by_word.retain(|_, homes| homes.len() == 1);
        Self { directory, by_word }
    }

    /// The other names of what a word of the ask names.
    pub(super) fn others(&self) -> Vec<OtherName> {
        let Some(directory) = self.directory else { return Vec::new() };
        let mut others = Vec::new();
        for (word, homes) in &self.by_word {
            for entity in directory.entities().iter().filter(|entity| homes.contains(&entity.home)) {
                for name in names_of(entity, directory) {
                    others.push(OtherName { word: word.clone(), name });
                }
            }
        }
        others
    }

    /// The note about what the word names.
    pub(super) fn home(&self, word: &str) -> Option<&NotePath> {
        self.by_word.get(word)?.first()
    }

    /// The notes about all that a text names, where the directory is sure.
    pub(super) fn homes_in(&self, text: &str) -> BTreeSet<NotePath> {
        self.entities_in(text).map(|entity| entity.home.clone()).collect()
    }

    /// The same without people.
    pub(super) fn matters_in(&self, text: &str) -> BTreeSet<NotePath> {
        let matters = self.entities_in(text).filter(|entity| entity.kind != EntityKind::Person);
        matters.map(|entity| entity.home.clone()).collect()
    }

    fn entities_in(&self, text: &str) -> impl Iterator<Item = &'d Entity> {
        self.directory.into_iter().flat_map(move |it| named_in(text, it)).map(|(_, entity)| entity)
    }
}

/// Where a text names exactly one entity: what is written there, and the entity.
fn named_in<'t, 'd>(text: &'t str, directory: &'d Directory) -> impl Iterator<Item = (&'t str, &'d Entity)> {
    directory.mentions(text).into_iter().filter_map(move |mention| match mention.entities.as_slice() {
        [one] => Some((mention.span.of(text), *one)),
        [] | [_, ..] => None,
    })
}

/// Every name of an entity, and each word of them that means it alone ("Robert" where there is one).
fn names_of(entity: &Entity, directory: &Directory) -> BTreeSet<String> {
    let pieces = entity.names().flat_map(str::split_whitespace);
    entity
        .names()
        .chain(pieces)
        .map(str::to_owned)
        .filter(|name| {
            named_in(name, directory).any(|(whole, other)| whole == name && other.home == entity.home)
        })
        .collect()
}
