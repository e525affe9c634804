//! The words of the passages that are looked at for one ask, read once: the choice asks for them many times.
//!
//! Only cleared passages are in it. It must not judge: what an answer must hold is for the choice to know.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use postil_evidence::{Passage, Source, Span};
use postil_index::{ClearedHit, WordMeanings};

use super::{around, words};

/// How far a line may be to stand close to another, in bytes on either side.
const NEAR_BYTES: usize = 250;

/// The passages of an ask's pool by their words, in the order of the hits.
pub(super) struct Pool {
    lines: Vec<Line>,
}

/// What is read of one passage.
struct Line {
    source: Source,
    span: Span,
    inside: BTreeSet<String>,
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
    pub(super) fn of(hits: &[ClearedHit]) -> Self {
        let line = |passage: &Passage| Line {
            source: passage.source.clone(),
            span: passage.span,
            inside: words(&passage.text),
            around: around(passage),
            meanings: OnceCell::new(),
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

impl<'p> Looked<'p> {
    /// The words of the passage itself.
    pub(super) fn inside(&self) -> &'p BTreeSet<String> {
        &self.line.inside
    }

    /// The words of its title and its headings.
    pub(super) fn around(&self) -> &'p BTreeSet<String> {
        &self.line.around
    }

    /// What the words of the passage itself mean.
    pub(super) fn meanings(&self) -> &'p WordMeanings {
        self.line.meanings.get_or_init(|| WordMeanings::of(&self.passage.text))
    }

    /// Whether a line of the pool close to the passage, or the passage, has the word.
    pub(super) fn stands_near(&self, word: &str) -> bool {
        let (from, to) = (self.line.span.start.saturating_sub(NEAR_BYTES), self.line.span.end + NEAR_BYTES);
        self.pool.lines.iter().any(|line| {
            line.span.end > from
                && line.span.start < to
                && line.inside.contains(word)
                && line.source == self.line.source
        })
    }
}
