//! The words of the passages that are looked at for one ask, read once: the choice asks for them many times.
//!
//! Only cleared passages are in it. It must not judge: what an answer must hold is for the choice to know.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use postil_evidence::{Passage, Source, Span};
use postil_index::{ClearedHit, WordMeanings};
use postil_understand::sentence::sentences;

use super::{around, words};

/// How far a line may be to stand close to another, in bytes on either side.
const NEAR_BYTES: usize = 250;

/// The passages of an ask's pool by their words, in the order of the hits.
pub(super) struct Pool {
    lines: Vec<Line>,
}

/// Sentences of a long passage that are looked at together: a draft says one of them, and one beside it may say of what.
const AT_A_TIME: usize = 2;

/// What is read of one passage.
struct Line {
    source: Source,
    span: Span,
    /// Bytes of the passage's text that are looked at: the sentences that hold most of what is asked.
    said: Span,
    inside: BTreeSet<String>,
    /// The words of the whole passage.
    whole: BTreeSet<String>,
    around: BTreeSet<String>,
    meanings: OnceCell<WordMeanings>,
}

/// One passage of the pool.
#[derive(Clone, Copy)]
pub(super) struct Looked<'p> {
    pub(super) passage: &'p Passage,
    line: &'p Line,
    pool: &'p Pool,
}

impl Pool {
    /// The pool of an ask for these words, with what they weigh.
    pub(super) fn of(hits: &[ClearedHit], asked: &[(String, f64)]) -> Self {
        let line = |passage: &Passage| {
            let said = said(&passage.text, asked);
            let whole = words(&passage.text);
            let mut around = around(passage);
            let inside = if said.of(&passage.text).len() == passage.text.len() {
                whole.clone()
            } else {
                // What a paragraph says elsewhere is what this stands in.
                around.extend(whole.iter().cloned());
                words(said.of(&passage.text))
            };
            Line {
                source: passage.source.clone(),
                span: passage.span,
                said,
                inside,
                whole,
                around,
                meanings: OnceCell::new(),
            }
        };
        Self { lines: hits.iter().map(|hit| line(hit.passage.get())).collect() }
    }

    /// The passages of `hits`, which must be those the pool was made of, each with its words.
    pub(super) fn with<'p>(
        &'p self,
        hits: impl Iterator<Item = &'p ClearedHit>,
    ) -> impl Iterator<Item = Looked<'p>> {
        hits.zip(&self.lines).map(|(hit, line)| Looked { passage: hit.passage.get(), line, pool: self })
    }
}

/// The sentences next to each other that hold most of what is asked; of a short passage all.
fn said(text: &str, asked: &[(String, f64)]) -> Span {
    let sentences = sentences(text);
    let all = Span::new(0, text.len());
    if sentences.len() <= AT_A_TIME {
        return all;
    }
    let held: Vec<BTreeSet<String>> = sentences.iter().map(|sentence| words(sentence.of(text))).collect();
    let weighs = |held: &[BTreeSet<String>]| -> f64 {
        let holds = |word: &String| held.iter().any(|held| held.contains(word));
        asked.iter().filter(|(word, _)| holds(word)).map(|(_, weight)| weight).sum()
    };
    let mut best = (0.0, all);
    for (sentences, held) in sentences.windows(AT_A_TIME).zip(held.windows(AT_A_TIME)) {
        let weight = weighs(held);
        if let (true, Some(first), Some(last)) = (weight > best.0, sentences.first(), sentences.last()) {
            best = (weight, Span::new(first.start, last.end));
        }
    }
    best.1
}

impl<'p> Looked<'p> {
    /// The sentences that are looked at: the passage itself where it is short.
    pub(super) fn said(&self) -> &'p str {
        self.line.said.of(&self.passage.text)
    }

    /// The words of these sentences.
    pub(super) fn inside(&self) -> &'p BTreeSet<String> {
        &self.line.inside
    }

    /// The words of the passage's title and its headings, and of its other sentences.
    pub(super) fn around(&self) -> &'p BTreeSet<String> {
        &self.line.around
    }

    /// What their words mean.
    pub(super) fn meanings(&self) -> &'p WordMeanings {
        self.line.meanings.get_or_init(|| WordMeanings::of(self.said()))
    }

    /// Whether a line of the pool close to the passage, or the passage, has the word.
    pub(super) fn stands_near(&self, word: &str) -> bool {
        let (from, to) = (self.line.span.start.saturating_sub(NEAR_BYTES), self.line.span.end + NEAR_BYTES);
        self.pool.lines.iter().any(|line| {
            line.span.end > from
                && line.span.start < to
                && line.whole.contains(word)
                && line.source == self.line.source
        })
    }
}
