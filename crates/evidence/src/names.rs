//! The directory: every known person, organisation and project, and where a text names them.
//!
//! Names are matched on token boundaries and by whole tokens: an organisation called "AI" is not
//! in "maintenance", "Ann" is not in "annual". A name that fits two entities yields both; nobody is
//! guessed. Display names of mail identify nobody; only addresses do.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::address::Addr;
use crate::label::{Label, Recipients};
use crate::source::NotePath;
use crate::span::Span;
use crate::text::fold_case;

/// What kind of thing an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A human being.
    Person,
    /// A company, an authority, a club.
    Organisation,
    /// A piece of work with a name.
    Project,
}

/// A person, organisation or project; its home is a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Person, organisation or project.
    pub kind: EntityKind,
    /// The note that is about it.
    pub home: NotePath,
    /// The name people use: the note's title property or name.
    pub name: String,
    /// Other names, from the `aliases` property.
    pub aliases: Vec<String>,
    /// Mail addresses, from the `email` property.
    pub addrs: Vec<Addr>,
    /// Domains, for an organisation; lower case.
    pub domains: Vec<String>,
    /// The organisation a person belongs to, as its note names it.
    pub organisation: Option<String>,
    /// A person's role, as the note words it.
    pub role: Option<String>,
    /// Who may read the home note.
    pub label: Label,
}

/// How a text names an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NamedBy {
    /// Its full name.
    Name,
    /// One of its aliases.
    Alias,
    /// A person's first name alone.
    FirstName,
    /// One of its addresses.
    Address,
}

/// A place where a text names someone or something known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention<'d> {
    /// Bytes of the text.
    pub span: Span,
    /// Who fits, in directory order; more than one means the text does not tell.
    pub entities: Vec<&'d Entity>,
    /// How it is named.
    pub by: NamedBy,
}

impl Entity {
    /// Every name with the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }
}

/// The words of a text by which names are found in it: folded, without a possessive, in order.
pub fn name_words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.unicode_words().map(|word| fold_case(without_possessive(word)))
}

/// Every known entity, ready to be found in text.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    entities: Vec<Entity>,
    by_addr: HashMap<Addr, Vec<usize>>,
    by_first_token: HashMap<String, Vec<NameKey>>,
}

#[derive(Clone, Debug)]
struct NameKey {
    tokens: Vec<String>,
    /// The name as written where its case must match: short names and abbreviations.
    exact: Option<String>,
    entity: usize,
    by: NamedBy,
}

impl Directory {
    /// Builds the directory. Entities are put in the order of their home notes' paths.
    #[must_use]
    pub fn new(mut entities: Vec<Entity>) -> Self {
        entities.sort_by(|a, b| a.home.cmp(&b.home));
        let mut directory = Self::default();
        for (i, entity) in entities.iter().enumerate() {
            for addr in &entity.addrs {
                directory.by_addr.entry(addr.clone()).or_default().push(i);
            }
            directory.add_key(&entity.name, i, NamedBy::Name);
            for alias in &entity.aliases {
                directory.add_key(alias, i, NamedBy::Alias);
            }
            if entity.kind == EntityKind::Person {
                let mut words = entity.name.unicode_words();
                if let (Some(first), Some(_)) = (words.next(), words.next()) {
                    directory.add_key(first, i, NamedBy::FirstName);
                }
            }
        }
        directory.entities = entities;
        directory
    }

    fn add_key(&mut self, name: &str, entity: usize, by: NamedBy) {
        let tokens: Vec<String> = name.unicode_words().map(fold_case).collect();
        let Some(first) = tokens.first().cloned() else { return };
        let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
        let shouted = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
        let exact = (letters <= 3 || shouted).then(|| name.trim().to_owned());
        let keys = self.by_first_token.entry(first).or_default();
        if !keys.iter().any(|key| key.entity == entity && key.tokens == tokens) {
            keys.push(NameKey { tokens, exact, entity, by });
        }
    }

    /// The entities, in the order of their home notes' paths.
    #[must_use]
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Everyone whose note gives this address.
    pub fn with_addr(&self, addr: &Addr) -> impl Iterator<Item = &Entity> {
        self.by_addr.get(addr).into_iter().flatten().filter_map(|i| self.entities.get(*i))
    }

    /// The organisation that owns this exact domain, if just one does.
    #[must_use]
    pub fn with_domain(&self, domain: &str) -> Option<&Entity> {
        let mut owners = self.entities.iter().filter(|entity| entity.domains.iter().any(|own| own == domain));
        let owner = owners.next()?;
        owners.next().is_none().then_some(owner)
    }

    /// The directory of those whose home note every recipient may read: all that a draft may know.
    #[must_use]
    pub fn cleared_for(&self, recipients: &Recipients) -> Self {
        let cleared = self.entities.iter().filter(|entity| recipients.permits(&entity.label.audience));
        Self::new(cleared.cloned().collect())
    }

    /// Where `text` names someone known, in text order, without overlaps; the longest name wins.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        let words: Vec<(usize, &str)> =
            text.unicode_word_indices().map(|(start, word)| (start, without_possessive(word))).collect();
        let folded: Vec<String> = words.iter().map(|(_, word)| fold_case(word)).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.longest_at(text, &words, &folded, at) {
                Some((length, mention)) => {
                    found.push(mention);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    fn longest_at(
        &self,
        text: &str,
        words: &[(usize, &str)],
        folded: &[String],
        at: usize,
    ) -> Option<(usize, Mention<'_>)> {
        let keys = self.by_first_token.get(folded.get(at)?)?;
        let start = words.get(at)?.0;
        let mut best = 0;
        let mut fits: Vec<&NameKey> = Vec::new();
        for key in keys {
            let length = key.tokens.len();
            if folded.get(at..at + length) != Some(key.tokens.as_slice()) || length < best {
                continue;
            }
            let (last_start, last) = *words.get(at + length - 1)?;
            let written = Span::new(start, last_start + last.len()).of(text);
            let case_fits = match &key.exact {
                Some(exact) => exact == written,
                None => written.chars().next().is_some_and(|c| !c.is_lowercase()),
            };
            // A name runs on one line and is not broken by a full stop or the like.
            let whole = !written.contains(['\n', ';', ':', '?', '!', '(', ')']);
            if !case_fits || !whole {
                continue;
            }
            if length > best {
                best = length;
                fits.clear();
            }
            fits.push(key);
        }
        let strongest = fits.iter().map(|key| key.by).min()?;
        let mut entities: Vec<usize> =
            fits.iter().filter(|key| key.by == strongest).map(|key| key.entity).collect();
        entities.dedup();
        let (last_start, last) = *words.get(at + best - 1)?;
        let mention = Mention {
            span: Span::new(start, last_start + last.len()),
            entities: entities.into_iter().filter_map(|i| self.entities.get(i)).collect(),
            by: strongest,
        };
        Some((best, mention))
    }
}

/// `word` without a trailing `'s` or a lone apostrophe: "Maya's" names Maya.
fn without_possessive(word: &str) -> &str {
    let word = word.trim_end_matches(['\'', '\u{2019}']);
    ["'s", "\u{2019}s", "'S", "\u{2019}S"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::{Directory, Entity, EntityKind, NamedBy};
    use crate::label::{Audience, Label, Trust};
    use crate::source::NotePath;

    fn entity(kind: EntityKind, name: &str, aliases: &[&str]) -> Entity {
        Entity {
            kind,
            home: NotePath::parse(&format!("{name}.md")).unwrap(),
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            addrs: Vec::new(),
            domains: Vec::new(),
            organisation: None,
            role: None,
            label: Label { audience: Audience::Internal, trust: Trust::Own, why: String::new() },
        }
    }

    fn check(text: &str, expect: &[(&str, &[&str], NamedBy)]) {
        let directory = Directory::new(vec![
            entity(EntityKind::Organisation, "Aurora Insight", &["AI"]),
            entity(EntityKind::Person, "Ann Lee", &[]),
            entity(EntityKind::Person, "Ann Moreau", &["Annie"]),
            entity(EntityKind::Person, "Zoë Müller", &[]),
            entity(EntityKind::Organisation, "Meta", &[]),
            entity(EntityKind::Project, "Project Lighthouse", &["Lighthouse"]),
        ]);
        let found: Vec<(String, Vec<String>, NamedBy)> = directory
            .mentions(text)
            .iter()
            .map(|m| (m.span.of(text).to_owned(), m.entities.iter().map(|e| e.name.clone()).collect(), m.by))
            .collect();
        let expect: Vec<(String, Vec<String>, NamedBy)> = expect
            .iter()
            .map(|(written, names, by)| {
                ((*written).to_owned(), names.iter().map(|n| (*n).to_owned()).collect(), *by)
            })
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn names_match_whole_tokens_only() {
        check("maintenance of metadata, annual", &[]);
        check("Is AI ready? ai is not.", &[("AI", &["Aurora Insight"], NamedBy::Alias)]);
        check(
            "ZOE MULLER and Zoë Müller's note",
            &[("ZOE MULLER", &["Zoë Müller"], NamedBy::Name), ("Zoë Müller", &["Zoë Müller"], NamedBy::Name)],
        );
    }

    #[test]
    fn a_name_that_fits_two_shows_two() {
        check("Ask Ann.", &[("Ann", &["Ann Lee", "Ann Moreau"], NamedBy::FirstName)]);
        check("Ask Ann Lee.", &[("Ann Lee", &["Ann Lee"], NamedBy::Name)]);
        check(
            "the Project Lighthouse plan",
            &[("Project Lighthouse", &["Project Lighthouse"], NamedBy::Name)],
        );
    }
}
