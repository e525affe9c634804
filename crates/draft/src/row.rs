//! One row of a table as a sentence: "Plan: Gold; Price: 12 EUR" is "The price for Gold is 12 EUR".

use crate::english;
use crate::say::{Said, Voice, finished, finished_start, is_plural, small_first, small_start, stem};

/// Column names that say nothing of their own.
const PLAIN_COLUMNS: &[&str] = &[
    "item", "value", "name", "what", "key", "field", "topic", "subject", "thing", "detail", "details",
    "step", "entry", "wert", "valeur", "valor",
];

/// One row of a table: column names with their values.
pub(crate) struct Row {
    head: (String, String),
    cell: (String, String),
    others: Vec<(String, String)>,
}

impl Row {
    pub(crate) fn english(&self, voice: &Voice) -> Said {
        let column = small_first(&self.cell.0);
        let head = self.head.1.as_str();
        let plain_column = PLAIN_COLUMNS.contains(&column.to_lowercase().as_str());
        let open_end = head.split(' ').next_back().is_some_and(|last| {
            ["until", "from", "at", "by", "on", "to", "for", "of", "in"]
                .contains(&last.to_lowercase().as_str())
        });
        if let Some(said) = open_end.then(|| self.open_ended(voice)).flatten() {
            return Said::Sentence(finished(&said));
        }
        let last_of_column = column.split(' ').next_back().unwrap_or_default();
        if head.contains(',') || open_end || !(plain_column || english::is_counted(last_of_column)) {
            return Said::Fragment(self.plain());
        }
        let small = small_start(head, voice);
        let mut out = if plain_column {
            let plural = head
                .split(" per ")
                .next()
                .and_then(|head| head.split(' ').next_back())
                .is_some_and(is_plural);
            let name = small.map_or_else(|| finished_start(head), |small| format!("The {small}"));
            format!("{name} {} {}", if plural { "are" } else { "is" }, self.cell.1)
        } else {
            format!("The {column} for {} is {}", small.as_deref().unwrap_or(head), self.cell.1)
        };
        if !self.others.is_empty() {
            let others: Vec<String> =
                self.others.iter().map(|(name, value)| format!("{}: {value}", small_first(name))).collect();
            out.push_str(&format!(" ({})", others.join(", ")));
        }
        Said::Sentence(finished(&out))
    }

    /// "Offer valid until" and a value: "The offer is valid until 18 December 2026".
    fn open_ended(&self, voice: &Voice) -> Option<String> {
        let words: Vec<&str> = self.head.1.split(' ').collect();
        let (link, words) = words.split_last()?;
        let (state, noun) = words.split_last()?;
        let plain_column = PLAIN_COLUMNS.contains(&self.cell.0.to_lowercase().as_str());
        let bare = english::bare(state);
        let fits = english::is_ed(&bare)
            || ["valid", "available", "due", "open", "free", "live", "ready", "closed", "good"]
                .contains(&bare.as_str());
        if !fits || noun.is_empty() || !plain_column || !self.others.is_empty() {
            return None;
        }
        let noun = noun.join(" ");
        let is = if noun.split(' ').next_back().is_some_and(is_plural) { "are" } else { "is" };
        let name =
            small_start(&noun, voice).map_or_else(|| finished_start(&noun), |small| format!("The {small}"));
        Some(format!("{name} {is} {state} {link} {}", self.cell.1))
    }

    /// "Q1: leads 6, closed 1".
    pub(crate) fn plain(&self) -> String {
        let cells = self.others.iter().chain([&self.cell]);
        let cells: Vec<String> = cells
            .map(|(name, value)| {
                let plain = PLAIN_COLUMNS.contains(&name.to_lowercase().as_str());
                if plain { value.clone() } else { format!("{} {value}", small_first(name)) }
            })
            .collect();
        format!("{}: {}", self.head.1, cells.join(", "))
    }
}

/// Reads "Plan: Gold; Price: 12 EUR". The first column names the row; of the others the one that
/// the ask speaks of is said, else the last.
pub(crate) fn row(line: &str, keywords: &[String]) -> Option<Row> {
    let mut cells = Vec::new();
    for cell in line.trim_end_matches('.').split("; ") {
        let (name, value) = cell.split_once(": ")?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || value.is_empty() || name.split(' ').count() > 4 || name.contains(['.', ',']) {
            return None;
        }
        cells.push((name.to_owned(), value.to_owned()));
    }
    if cells.len() < 2 {
        return None;
    }
    let head = cells.remove(0);
    let asked = cells.iter().position(|(name, _)| keywords.iter().any(|key| overlap_of(key, name)));
    let cell = cells.remove(asked.unwrap_or(cells.len() - 1));
    Some(Row { head, cell, others: cells })
}

fn overlap_of(keyword: &str, text: &str) -> bool {
    let keyword = keyword.to_lowercase();
    text.split_whitespace().any(|word| stem(&english::bare(word)) == stem(&keyword))
}
