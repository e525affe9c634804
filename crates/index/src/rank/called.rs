//! The other names of what a query names, which stand for its word.
//!
//! Which names these are is for the asker to know: they must come from what the recipients may read.

use std::collections::{BTreeMap, BTreeSet};

use super::Match;
use crate::query::Query;
use crate::words::words;

/// What a passage counts that has another name of what a word names, where the word itself counts 1.
pub(super) const OTHER_NAME: f32 = 0.9;

/// For a word of a query the other names, each as its words; nothing depends on the order of the query.
pub(super) type OtherNames = BTreeMap<String, BTreeSet<Vec<String>>>;

/// The other names of each word of a query. A name that has the word itself tells nothing new.
pub(super) fn other_names(query: &Query) -> OtherNames {
    let mut names = OtherNames::new();
    for named in &query.names {
        for word in words(&named.word) {
            let other = words(&named.name);
            if !other.is_empty() && !other.contains(&word) {
                names.entry(word).or_default().insert(other);
            }
        }
    }
    names
}

/// The passages that have every word of a name in their text or titles, by segment; each counts once.
pub(super) fn with_all(mut lists: impl Iterator<Item = Vec<Vec<Match>>>) -> Vec<Vec<Match>> {
    let mut all = lists.next().unwrap_or_default();
    for list in all.iter_mut().flatten() {
        list.counts = once(list.counts);
    }
    for more in lists {
        for (known, more) in all.iter_mut().zip(more) {
            known.retain_mut(|found| {
                let Ok(at) = more.binary_search_by_key(&found.doc, |other| other.doc) else { return false };
                let [text, title, _, links] = more.get(at).map_or([0; 4], |other| once(other.counts));
                let [own_text, own_title, _, own_links] = found.counts;
                // A name that begins in the heading and ends in the text counts as one of the text.
                let split =
                    u16::from(own_text & text == 0 && own_title & title == 0 && own_links & links == 0);
                let whole = own_text + own_title + own_links > 0 && text + title + links > 0;
                found.counts = [own_text & text | split, own_title & title, 0, own_links & links];
                whole
            });
        }
    }
    for list in &mut all {
        list.retain(|found| found.counts != [0; 4]);
    }
    all
}

/// One for a field that has any; people's addresses are no names.
fn once([text, title, _, links]: [u16; 4]) -> [u16; 4] {
    [text.min(1), title.min(1), 0, links.min(1)]
}

#[cfg(test)]
mod tests {
    use super::{Match, with_all};

    fn matches(docs: &[(u32, [u16; 4])]) -> Vec<Vec<Match>> {
        vec![docs.iter().map(|(doc, counts)| Match { doc: *doc, counts: *counts, share: 1.0 }).collect()]
    }

    #[test]
    fn every_word_of_a_name_must_occur() {
        let northwind = matches(&[
            (1, [3, 0, 0, 0]),
            (2, [1, 1, 0, 0]),
            (4, [0, 1, 0, 0]),
            (5, [0, 0, 2, 0]),
            (6, [0, 0, 0, 1]),
        ]);
        let traders = matches(&[
            (1, [1, 0, 0, 0]),
            (3, [1, 0, 0, 0]),
            (4, [1, 0, 0, 0]),
            (5, [0, 0, 1, 0]),
            (6, [0, 0, 0, 1]),
        ]);
        let found = with_all([northwind, traders].into_iter());
        let found: Vec<_> = found.iter().flatten().map(|found| (found.doc, found.counts)).collect();
        assert_eq!(found, [(1, [1, 0, 0, 0]), (4, [1, 0, 0, 0]), (6, [0, 0, 0, 1])]);
    }
}
