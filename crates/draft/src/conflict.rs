//! Two notes on one matter that give different figures.
//!
//! A later note that repeats the earlier figure beside its own ("moved from 7 to 14 December")
//! settles the matter and is no conflict.

use std::collections::BTreeSet;

use postil_evidence::Passage;

use crate::say::{stem, tidy};

/// What a figure measures; figures of different kinds are not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Unit {
    Day,
    Clock,
    Money,
    Percent,
    Duration,
}

/// How two passages stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// They do not speak of the same, or say the same.
    Apart,
    /// They disagree.
    Disagree,
    /// The later one takes up the earlier one's figures and gives new ones.
    Supersedes,
}

const MONTHS: &[&[&str]] = &[
    &["january", "januar", "janvier", "enero", "jan"],
    &["february", "februar", "février", "febrero", "feb"],
    &["march", "märz", "mars", "marzo"],
    &["april", "avril", "abril", "apr"],
    &["may", "mai", "mayo"],
    &["june", "juni", "juin", "junio"],
    &["july", "juli", "juillet", "julio"],
    &["august", "août", "agosto", "aug"],
    &["september", "septembre", "septiembre", "sep", "sept"],
    &["october", "oktober", "octobre", "octubre", "oct"],
    &["november", "novembre", "noviembre", "nov"],
    &["december", "dezember", "décembre", "diciembre", "dec"],
];

const DURATIONS: &[&str] = &[
    "minute", "hour", "day", "week", "month", "quarter", "year", "tag", "woche", "monat", "jahr", "stunde",
    "jour", "semaine", "mois", "día", "semana", "mes",
];

const CURRENCIES: &[&str] = &["eur", "€", "usd", "$", "chf", "£", "gbp", "euro", "euros", "dollars"];

/// Compares a later passage with an earlier one.
///
/// # Source
/// The threshold of half of the shorter passage's content words was set on the lines of the demo
/// vault: below it, lines on different matters of one meeting are taken for one matter.
pub(crate) fn standing(later: &Passage, earlier: &Passage, keywords: &[String]) -> Standing {
    if later.date == earlier.date || later.date.is_none() || earlier.date.is_none() {
        return Standing::Apart;
    }
    let (new, old) = (tidy(&later.text), tidy(&earlier.text));
    let (new_words, old_words) = (subject_words(&new), subject_words(&old));
    let shared = new_words.intersection(&old_words).count();
    let shorter = new_words.len().min(old_words.len());
    // Short lines share few words; then both must speak of the same words of the ask.
    let asked = |words: &BTreeSet<String>| -> BTreeSet<String> {
        let keys = keywords.iter().flat_map(|key| subject_words(key));
        keys.filter(|key| words.contains(key)).collect()
    };
    let same_asked = asked(&new_words) == asked(&old_words) && !asked(&new_words).is_empty();
    let same_matter = shared > 0 && shared * 2 >= shorter && (shared >= 2 || shared == shorter || same_asked);
    if !same_matter {
        return Standing::Apart;
    }
    let (new, old) = (figures(&new), figures(&old));
    let mut standing = Standing::Apart;
    for unit in [Unit::Day, Unit::Clock, Unit::Money, Unit::Percent, Unit::Duration] {
        let of = |figures: &BTreeSet<(Unit, String)>| -> BTreeSet<String> {
            figures.iter().filter(|(own, _)| *own == unit).map(|(_, figure)| figure.clone()).collect()
        };
        let (new, old) = (of(&new), of(&old));
        if new.is_empty() || old.is_empty() || new == old || new.is_subset(&old) {
            continue;
        }
        if old.is_subset(&new) {
            standing = Standing::Supersedes;
        } else {
            return Standing::Disagree;
        }
    }
    standing
}

fn subject_words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic() && c != '-')
        .map(|word| word.trim_matches('-').to_lowercase())
        .filter(|word| word.chars().count() >= 3)
        .filter(|word| !MONTHS.iter().any(|names| names.contains(&word.as_str())))
        .filter(|word| {
            ![
                "with", "from", "that", "this", "will", "have", "been", "planned", "the", "and", "for",
                "are", "was", "our", "has", "not", "but", "its", "per", "all", "can", "day", "off", "der",
                "die", "das", "und", "les", "des", "los", "las", "decision", "agreed", "their", "which",
                "then", "also",
            ]
            .contains(&word.as_str())
        })
        .filter(|word| !DURATIONS.contains(&word.trim_end_matches('s')))
        .map(|word| stem(&word))
        .collect()
}

fn figures(text: &str) -> BTreeSet<(Unit, String)> {
    let words: Vec<String> = text
        .replace('-', " ")
        .split_whitespace()
        .map(|word| {
            word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')' | '“' | '”' | '"'))
                .to_lowercase()
        })
        .collect();
    let mut found = BTreeSet::new();
    for (i, word) in words.iter().enumerate() {
        if !word.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let next = words.get(i + 1).map(String::as_str).unwrap_or_default();
        let next = if next == "de" { words.get(i + 2).map(String::as_str).unwrap_or_default() } else { next };
        let before =
            i.checked_sub(1).and_then(|before| words.get(before)).map(String::as_str).unwrap_or_default();
        let month = |name: &str| MONTHS.iter().position(|names| names.contains(&name));
        let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
        let is_day = digits.len() <= 2 && digits == word.trim_end_matches(|c: char| c.is_alphabetic());
        if let Some(month) = month(next).filter(|_| is_day) {
            found.insert((Unit::Day, format!("{month}/{digits}")));
        } else if let Some(month) = month(before).filter(|_| {
            is_day && words.get(i.wrapping_sub(2)).is_none_or(|w| !w.contains(|c: char| c.is_ascii_digit()))
        }) {
            found.insert((Unit::Day, format!("{month}/{digits}")));
        } else if word.ends_with('%') || next == "%" || next.starts_with("percent") || next == "prozent" {
            found.insert((Unit::Percent, digits.to_owned()));
        } else if CURRENCIES.contains(&before)
            || CURRENCIES.contains(&next)
            || word.starts_with(['€', '$', '£'])
        {
            found.insert((Unit::Money, digits.replace([',', '.'], "")));
        } else if word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || c == ':') {
            found.insert((Unit::Clock, word.clone()));
        } else if let Some(unit) = DURATIONS.iter().find(|unit| next.starts_with(**unit)) {
            found.insert((Unit::Duration, format!("{digits} {unit}")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Standing, standing};
    use crate::testing::passage;

    fn check(later: &str, earlier: &str, expect: Standing) {
        let at = |text: &str, day: &str| passage(text, "Meetings/x.md", Some(day));
        assert_eq!(
            standing(&at(later, "2026-11-18"), &at(earlier, "2026-11-02"), &[]),
            expect,
            "{later} / {earlier}"
        );
    }

    #[test]
    fn figures_on_one_matter_are_compared() {
        check("Go-live is 14 December.", "Go-live is planned for 7 December.", Standing::Disagree);
        check(
            "Go-live moved from 7 December to 14 December.",
            "Go-live is planned for 7 December 2026.",
            Standing::Supersedes,
        );
        check("Audit logs: 24-month retention.", "Audit logs are kept for 12 months.", Standing::Disagree);
        check("The yearly fee is EUR 184,000.", "Yearly fee: EUR 184.000", Standing::Apart);
        check("The Kestrel margin is 7 %.", "Kestrel fee: 5 %", Standing::Apart);
        check("Training is on 2 December.", "Go-live is on 7 December.", Standing::Apart);
    }
}
