//! `people`: whom the words of a thread name, against labelled mentions and who they are.
//!
//! A row is a thread as one list of tokens, with the header lines of its mails in it. The tokens are put together to
//! a text as it was written, one turn a speaker; the product finds the rest. Labels are never read before scoring.

use std::collections::{BTreeMap, BTreeSet};

use postil_evidence::{Directory, Span};
use postil_understand::people::{Meant, Turn, people};
use serde::Deserialize;

use super::Scored;
use super::metric::Hits;

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    tokens: Vec<String>,
    speakers: Vec<String>,
    line_breaks: Vec<usize>,
    mentions: Vec<Labelled>,
}

#[derive(Debug, Deserialize)]
struct Labelled {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
    entity: String,
}

/// First and last token of a mention.
type Place = (usize, usize);
/// Whom each mention means: more than one for "you" in a mail to three.
type Clusters = BTreeMap<Place, BTreeSet<String>>;

pub(super) fn score(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let mut hits = Hits::default();
    // Even rows may be looked at while rules are written, odd ones not; both halves are told.
    let mut halves = [(Hits::default(), Agreement::default()), (Hits::default(), Agreement::default())];
    let mut agreement = Agreement::default();
    for (number, row) in rows.iter().enumerate() {
        let (gold, told) = (labelled(row), told(row));
        for place in gold.keys().chain(told.keys()).collect::<BTreeSet<_>>() {
            let (is, said) = (gold.contains_key(place), told.contains_key(place));
            hits.add(is, said);
            if let Some((half, _)) = halves.get_mut(number % 2) {
                half.add(is, said);
            }
            if is != said {
                let words = row.tokens.get(place.0..=place.1).unwrap_or_default().join(" ");
                let around = row.tokens.get(place.0.saturating_sub(5)..row.tokens.len().min(place.1 + 6));
                let kind = if is { "missed" } else { "invented" };
                scored.wrong(&format!(
                    "row {number}: {kind} \"{words}\" in \"{}\"",
                    around.unwrap_or_default().join(" ")
                ));
            } else if differs(&gold, &told, *place) {
                let words = row.tokens.get(place.0..=place.1).unwrap_or_default().join(" ");
                scored.wrong(&format!("row {number}: \"{words}\" at {} means another", place.0));
            }
        }
        agreement.add(&gold, &told);
        if let Some((_, half)) = halves.get_mut(number % 2) {
            half.add(&gold, &told);
        }
    }
    scored.figure("mention_f1", hits.f1());
    scored.figure("mention_precision", hits.precision());
    scored.figure("mention_recall", hits.recall());
    scored.figure("cluster_bcubed_f1", agreement.f1());
    for (name, (half, agreement)) in ["even_rows", "odd_rows"].into_iter().zip(halves) {
        scored.figure(&format!("{name}_mention_f1"), half.f1());
        scored.figure(&format!("{name}_cluster_bcubed_f1"), agreement.f1());
    }
    scored
}

fn labelled(row: &Row) -> Clusters {
    let mut clusters = Clusters::new();
    for mention in row.mentions.iter().filter(|mention| mention.kind == "P") {
        clusters.entry((mention.start, mention.end)).or_default().insert(mention.entity.clone());
    }
    clusters
}

/// What the product finds.
fn told(row: &Row) -> Clusters {
    let pieces = pieces(row);
    let turns: Vec<Turn<'_>> =
        pieces.iter().map(|piece| Turn { author: None, to: &[], cc: &[], text: &piece.text }).collect();
    let found = people(&turns, &Directory::default());
    let mut clusters = Clusters::new();
    for (number, mention) in found.mentions.iter().enumerate() {
        let Some(place) = pieces.get(mention.turn).and_then(|piece| piece.place(mention.span)) else {
            continue;
        };
        let whom: BTreeSet<String> = match &mention.meant {
            Meant::One(person) => BTreeSet::from([person.to_string()]),
            Meant::All(all) => all.iter().map(ToString::to_string).collect(),
            // Nobody is guessed: a cluster of its own.
            Meant::OneOf(_) | Meant::Someone => BTreeSet::from([format!("alone {number}")]),
        };
        clusters.entry(place).or_default().extend(whom);
    }
    clusters
}

/// One turn's text and where each of its tokens stands in it.
struct Piece {
    text: String,
    tokens: Vec<(usize, Span)>,
}

impl Piece {
    fn place(&self, span: Span) -> Option<Place> {
        let mut inside = self.tokens.iter().filter(|(_, token)| token.overlaps(span)).map(|(at, _)| *at);
        let first = inside.next()?;
        Some((first, inside.next_back().unwrap_or(first)))
    }
}

/// The tokens as they were written: no space before a full stop, none inside "I'll", "X-From" or an address.
fn pieces(row: &Row) -> Vec<Piece> {
    let breaks: BTreeSet<usize> = row.line_breaks.iter().copied().collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut speaker = None;
    for (at, token) in row.tokens.iter().enumerate() {
        let speaks = row.speakers.get(at);
        if pieces.is_empty() || speaks != speaker {
            pieces.push(Piece { text: String::new(), tokens: Vec::new() });
            speaker = speaks;
        }
        let Some(piece) = pieces.last_mut() else { continue };
        let before = at.checked_sub(1).and_then(|before| row.tokens.get(before)).map_or("", String::as_str);
        if breaks.contains(&at) {
            piece.text.push('\n');
        } else if !piece.text.is_empty() && !joins(before, token) {
            piece.text.push(' ');
        }
        let start = piece.text.len();
        piece.text.push_str(token);
        piece.tokens.push((at, Span::new(start, piece.text.len())));
    }
    pieces
}

fn joins(before: &str, token: &str) -> bool {
    let verb = ["'s", "'ll", "'re", "'ve", "'d", "'m", "n't"].contains(&token.to_lowercase().as_str());
    let closes = [",", ".", ":", ";", "?", "!", ")", "]"].contains(&token);
    let exported =
        (token == "-" && before == "X") || (before == "-" && ["From", "To", "cc", "bcc"].contains(&token));
    verb || closes || exported || ["(", "["].contains(&before)
}

/// Whether a mention that both sides have stands with other mentions on the one side than on the other.
fn differs(gold: &Clusters, told: &Clusters, place: Place) -> bool {
    let with = |clusters: &Clusters| -> BTreeSet<Place> {
        let Some(own) = clusters.get(&place) else { return BTreeSet::new() };
        let same = clusters.iter().filter(|(_, whom)| !whom.is_disjoint(own)).map(|(place, _)| *place);
        same.filter(|place| gold.contains_key(place) && told.contains_key(place)).collect()
    };
    with(gold) != with(told)
}

/// Sums for B-cubed over mentions that may be of several clusters.
///
/// # Source
/// Amigó, Gonzalo, Artiles and Verdejo 2009, extended B-cubed; a mention that the other side lacks agrees with none.
#[derive(Clone, Copy, Debug, Default)]
struct Agreement {
    precision: (f64, usize),
    recall: (f64, usize),
}

impl Agreement {
    fn add(&mut self, gold: &Clusters, told: &Clusters) {
        for (sum, own, other) in [(&mut self.precision, told, gold), (&mut self.recall, gold, told)] {
            for (place, whom) in own {
                let there = other.get(place);
                let shares = own.iter().filter_map(|(with, others)| {
                    let shared = whom.intersection(others).count();
                    let agreed = there.zip(other.get(with)).map_or(0, |(a, b)| a.intersection(b).count());
                    (shared > 0).then(|| agreed.min(shared) as f64 / shared as f64)
                });
                let (total, count) =
                    shares.fold((0.0, 0_usize), |(total, count), share| (total + share, count + 1));
                sum.0 += total / count.max(1) as f64;
                sum.1 += 1;
            }
        }
    }

    fn f1(self) -> Option<f64> {
        let mean = |(sum, count): (f64, usize)| (count > 0).then(|| sum / count as f64);
        let (precision, recall) = (mean(self.precision)?, mean(self.recall)?);
        (precision + recall > 0.0).then(|| 2.0 * precision * recall / (precision + recall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_and_clusters_are_found_in_tokens() {
        let text = "From : Lima , Ana\nTo : Berg , Bo\nBo , I 'll call you .\nAna";
        let (mut tokens, mut line_breaks) = (Vec::new(), Vec::new());
        for line in text.lines() {
            line_breaks.push(tokens.len());
            tokens.extend(line.split(' ').map(str::to_owned));
        }
        let labels = [(2, 4, "0"), (7, 9, "1"), (10, 10, "1"), (12, 12, "0"), (15, 15, "1"), (17, 17, "0")];
        let mentions = labels.map(|(start, end, entity)| Labelled {
            start,
            end,
            kind: "P".to_owned(),
            entity: entity.to_owned(),
        });
        let speakers = vec!["Ana".to_owned(); tokens.len()];
        let row = Row { tokens, speakers, line_breaks, mentions: Vec::from(mentions) };
        let scored = score(&[row]);
        assert_eq!(
            (scored.get("mention_f1"), scored.get("cluster_bcubed_f1")),
            (1.0, 1.0),
            "{:?}",
            scored.wrong
        );
    }

    #[test]
    fn a_mention_that_is_missed_costs_recall_only() {
        let one = |place: usize| ((place, place), BTreeSet::from(["a".to_owned()]));
        let mut agreement = Agreement::default();
        agreement.add(&Clusters::from([one(1), one(2)]), &Clusters::from([one(1)]));
        assert_eq!((agreement.precision, agreement.recall), ((1.0, 1), (0.5, 2)));
    }
}
