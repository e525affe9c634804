//! Given names and nicknames: which words are given names, and which two may mean one person.
//!
//! The table is fixed and learned from nothing; its head says where it is from.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static TABLE: LazyLock<HashMap<&str, HashSet<&str>>> = LazyLock::new(|| {
    let lines = include_str!("nicknames.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.collect()))
        })
        .collect()
});

static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    TABLE.iter().flat_map(|(name, nicknames)| nicknames.iter().chain([name])).copied().collect()
});

/// Given names that are ordinary words, months or weekdays too: alone they name nobody who is not known.
const WORDS_TOO: &str = "hub one alley am an april arch art as at august austin bar barn bart be bee bell bess bill bird bond brand brook by cam \
    can candy car carolina cast cat chad chance charlotte chat chess china chip christian clay clem cliff cole con \
    crease crew dakota dallas dawn dean delivery dell dial dick do doc don dot dove drew ease elder ever faith fan \
    fate fed fell fern fin florence ford frank free gate gay gene georgia gin ginger glad go grace grant hal ham \
    happy harmony hat he heath hester hi ho honor hope houston if in india iris iron is israel it ivy jack jackson \
    jade jewel job jordan joy june junior kid king lad lance last law lead lee let lib liberty lincoln link live lot \
    love lum mack mad madison major man mark mat mate max may me media mercy met mill min mina mini mitch moll more \
    my nap net no of oh ok olive on or page pal paris pat patience pearl peg pen penny per pip pleasant pol rain ray \
    red regina rich rick ripe rob rod roll rose ross rusty sally sand see sent si sky so sol stone sue summer sunny \
    tab tad ten than thank thanks the tip to trees us van vest virgin virginia wash washington wayne we west will \
    win wood york young";

static AMBIGUOUS: LazyLock<HashSet<&str>> = LazyLock::new(|| WORDS_TOO.split_ascii_whitespace().collect());

/// Whether `folded` is a given name or a nickname.
pub(super) fn is_given(folded: &str) -> bool {
    ALL.contains(folded)
}

/// Whether `folded` is an ordinary word besides.
pub(super) fn is_word_too(folded: &str) -> bool {
    folded.chars().count() < 3 || AMBIGUOUS.contains(folded)
}

/// Whether one who is called `short` may be the one whose given name is `full`: the same name, a nickname of
/// it, or a nickname that both share ("Jim" and "Jimmy").
pub(super) fn may_be(short: &str, full: &str) -> bool {
    let is_of = |name: &str, nickname: &str| TABLE.get(name).is_some_and(|all| all.contains(nickname));
    short == full || is_of(full, short) || is_of(short, full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicknames_join_and_different_names_do_not() {
        assert!(may_be("bob", "robert") && may_be("robert", "bob") && may_be("deb", "deborah"));
        assert!(!may_be("bob", "richard") && !may_be("ana", "maya"));
        assert!(is_given("phillip") && !is_given("invoice"));
    }
}
