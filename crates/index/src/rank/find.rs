//! Finds the passages of each word of a query, counts them, and drops the words that too many have.
//!
//! It must not score.

use std::collections::BTreeSet;

#[cfg(test)]
use super::Leak;
use super::asked::{Term, Terms};
use super::called::{OTHER_NAME, OtherNames, with_all};
use super::matches::{InFields, LookIn, Match, add_related, count, count_in, listed_in, matches_in};
use super::{Ranking, Scored, WordRarity, inverse_frequency};
use crate::error::IndexError;
use crate::query::WordField;

/// From this many cleared passages on, a word in more than a quarter of them is left out where the query has rarer ones.
/// Smaller in this crate's own tests, so that the property test meets the rule.
const LARGE_SET: u64 = if cfg!(test) { 8 } else { 1_000 };
/// A word in more passages than this is left out where the query has two rarer ones.
const MANY: u64 = if cfg!(test) { 12 } else { 30_000 };

/// Where the segments list a token.
struct Listed {
    segments: Vec<InFields>,
    /// How many passages have it, whether cleared or not. It may only decide how something is computed, never what.
    everywhere: u64,
}

/// What was found of one word of a query.
struct Found {
    /// How much it tells; `None` where no cleared passage has it, another form or another name of it.
    rarity: Option<f64>,
    /// How many cleared passages have it or, where none have, what stands for it.
    frequency: u64,
    /// Without matches where too many have the word to read them before they are needed.
    scored: Scored,
}

impl Ranking<'_> {
    /// Finds every term's passages, counts them, and drops the common terms.
    pub(super) fn find(&mut self, terms: Terms, names: &OtherNames) -> Result<(), IndexError> {
        let passages = self.passages();
        #[cfg(test)]
        let passages = if self.leak == Leak::Count {
            self.segments.iter().map(|segment| segment.cleared.alive_or_not).sum()
        } else {
            passages
        };
        let asked: BTreeSet<String> = terms.keys().map(|(token, _)| token.clone()).collect();
        let terms: Vec<_> = terms.into_iter().collect();
        let mut found = self.work.each(terms, |((token, field), term)| {
            self.find_term(token, field, term, names, &asked, passages)
        })?;
        for Found { rarity, scored: Scored { token, .. }, .. } in &found {
            if !self.rarities.iter().any(|known| known.word == *token) {
                self.rarities.push(WordRarity { word: token.clone(), rarity: *rarity });
            }
        }
        found.retain(|term| term.frequency > 0);
        let common = |frequency: u64| passages >= LARGE_SET && frequency * 4 > passages;
        let has_rarer = found.iter().any(|term| !common(term.frequency));
        // Two words that are rarer tell more than one that so many passages have, and in a fraction of the time.
        let rare = found.iter().filter(|term| term.frequency <= MANY).count();
        let common = |frequency: u64| common(frequency) || (frequency > MANY && rare >= 2);
        let required = |token: &String| self.phrases.iter().flatten().any(|needed| needed == token);
        found.retain(|term| !has_rarer || !common(term.frequency) || required(&term.scored.token));
        let mut kept: Vec<Scored> = found.into_iter().map(|term| term.scored).collect();
        for term in kept.iter_mut().filter(|term| term.matches.is_empty()) {
            term.matches = self.matches(&self.listed(&term.token, LookIn::Field(term.field))?)?;
        }
        self.terms = kept;
        Ok(())
    }

    fn find_term(
        &self,
        token: String,
        field: WordField,
        term: Term,
        names: &OtherNames,
        asked: &BTreeSet<String>,
        passages: u64,
    ) -> Result<Found, IndexError> {
        let listed = self.listed(&token, LookIn::Field(field))?;
        #[cfg(test)]
        let term = self.with_less(term, listed.everywhere);
        // Of a word that many have, the passages are counted first and read only where they are needed.
        let many = self.more_than_many(&listed)?;
        let mut matches = Vec::new();
        if many.is_none() {
            matches = self.matches(&listed)?;
            let others = names.get(&token).filter(|_| field == WordField::Any);
            #[cfg(test)]
            let others = others.filter(|_| self.leak != Leak::OtherName || listed.everywhere == 0);
            for name in others.into_iter().flatten() {
                add_related(&mut matches, self.named_matches(name)?, OTHER_NAME);
            }
            self.add_forms(&mut matches, &term.forms, asked)?;
        }
        let cleared = many.unwrap_or_else(|| count(&matches));
        #[cfg(test)]
        let cleared = if self.leak == Leak::Frequency { listed.everywhere.min(passages) } else { cleared };
        if many.is_none() {
            for (other, share) in term.related.iter().filter(|(other, _)| !asked.contains(other)) {
                if let Some(found) = self.related_matches(other)? {
                    add_related(&mut matches, found, *share);
                }
            }
        }
        // A word that no passage has is as rare as those that stand for it.
        let frequency = if cleared > 0 { cleared } else { count(&matches) };
        let rarity = (cleared > 0).then(|| inverse_frequency(passages, cleared));
        let factor = term.weight * inverse_frequency(passages, frequency);
        #[cfg(test)]
        let frequency =
            if self.leak == Leak::Common && frequency > 0 { listed.everywhere } else { frequency };
        let scored = Scored { shown: term.shown, factor, matches, token, field };
        Ok(Found { rarity, frequency, scored })
    }

    /// The word without what stands for it where any passage at all has it: planted leaks.
    #[cfg(test)]
    fn with_less(&self, mut term: Term, everywhere: u64) -> Term {
        if self.leak == Leak::Form && everywhere > 0 {
            term.forms.clear();
        }
        if self.leak == Leak::Related && everywhere > 0 {
            term.related.clear();
        }
        term
    }

    /// Where the segments have a token.
    fn listed(&self, token: &str, place: LookIn) -> Result<Listed, IndexError> {
        let readers = self.snapshot.searcher.segment_readers().iter();
        let looked_up = readers.map(|reader| listed_in(reader, &self.snapshot.fields, token, place));
        let segments: Vec<_> = looked_up.collect::<Result<_, _>>()?;
        let most = |listed: &InFields| listed.iter().flatten().map(|it| it.doc_freq).max();
        let everywhere = segments.iter().filter_map(most).map(u64::from).sum();
        Ok(Listed { segments, everywhere })
    }

    /// The cleared passages with a token, by segment.
    fn matches(&self, listed: &Listed) -> Result<Vec<Vec<Match>>, IndexError> {
        let readers = self.snapshot.searcher.segment_readers().iter();
        let segments = readers.zip(&self.segments).zip(&listed.segments);
        segments
            .map(|((reader, segment), listed)| matches_in(reader, &self.snapshot.fields, segment, listed))
            .collect()
    }

    /// The cleared passages with a token that stands for another; `None` where none or very many have it.
    pub(super) fn related_matches(&self, token: &str) -> Result<Option<Vec<Vec<Match>>>, IndexError> {
        let listed = self.listed(token, LookIn::Words)?;
        if listed.everywhere == 0 || self.more_than_many(&listed)?.is_some() {
            return Ok(None);
        }
        Ok(Some(self.matches(&listed)?))
    }

    /// The cleared passages with every word of a name.
    fn named_matches(&self, name: &[String]) -> Result<Vec<Vec<Match>>, IndexError> {
        let lists = name.iter().map(|word| self.matches(&self.listed(word, LookIn::Words)?));
        let lists: Vec<_> = lists.collect::<Result<_, IndexError>>()?;
        Ok(with_all(lists.into_iter()))
    }

    /// How many cleared passages have a token; `None` where they are not more than [`MANY`].
    fn more_than_many(&self, listed: &Listed) -> Result<Option<u64>, IndexError> {
        // Where no more than that are cleared, nothing need be read to know it.
        if listed.everywhere.min(self.passages()) <= MANY {
            return Ok(None);
        }
        let readers = self.snapshot.searcher.segment_readers().iter();
        let segments = readers.zip(&self.segments).zip(&listed.segments);
        let counts = segments
            .map(|((reader, segment), listed)| count_in(reader, &self.snapshot.fields, segment, listed));
        Ok(Some(counts.sum::<Result<u64, _>>()?).filter(|count| *count > MANY))
    }

    /// How many passages are cleared.
    fn passages(&self) -> u64 {
        self.segments.iter().map(|segment| segment.cleared.count).sum()
    }
}
