//! The words of the passages that are looked at for one ask, read once: the choice asks for them many times.
//!
//! Only cleared passages are in it. It must not judge: what an answer must hold is for the choice to know.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use postil_evidence::{NotePath, Passage, Source, Span};
use postil_index::{ClearedHit, WordMeanings};
use postil_understand::sentence::sentences;

use super::around;
use super::called::Called;
use super::forms::Forms;
use super::wanted::Held;

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
    /// The words of its other sentences.
    others: BTreeSet<String>,
    around: BTreeSet<String>,
    meanings: OnceCell<WordMeanings>,
    /// How it holds each word of the ask.
    held: OnceCell<Vec<Held>>,
    /// The notes about whom and what these sentences name, and about those of what is around them.
    names: OnceCell<[BTreeSet<NotePath>; 2]>,
}

/// One passage of the pool.
#[derive(Clone, Copy)]
pub(super) struct Looked<'p> {
    pub(super) passage: &'p Passage,
    line: &'p Line,
    pool: &'p Pool,
}

impl Pool {
    /// The pool of an ask for these words, with what they weigh and their other forms.
    pub(super) fn of(hits: &[ClearedHit], asked: &[(String, f64)], forms: &Forms) -> Self {
        let line = |passage: &Passage| {
            let Said { span, inside, others } = said(&passage.text, asked, forms);
            let mut around = around(passage, forms);
            // What a paragraph says elsewhere is what this stands in.
            around.extend(others.iter().cloned());
            Line {
                source: passage.source.clone(),
                span: passage.span,
                said: span,
                inside,
                others,
                around,
                meanings: OnceCell::new(),
                held: OnceCell::new(),
                names: OnceCell::new(),
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

/// What is looked at of a passage.
struct Said {
    span: Span,
    inside: BTreeSet<String>,
    /// The words of its other sentences.
    others: BTreeSet<String>,
}

/// The sentences next to each other that hold most of what is asked; of a short passage all.
fn said(text: &str, asked: &[(String, f64)], forms: &Forms) -> Said {
    let all = |inside| Said { span: Span::new(0, text.len()), inside, others: BTreeSet::new() };
    let sentences = sentences(text);
    if sentences.len() <= AT_A_TIME {
        return all(forms.words_of(text));
    }
    let mut held: Vec<BTreeSet<String>> =
        sentences.iter().map(|sentence| forms.words_of(sentence.of(text))).collect();
    let weighs = |held: &[BTreeSet<String>]| -> f64 {
        let holds = |word: &String| held.iter().any(|held| held.contains(word));
        asked.iter().filter(|(word, _)| holds(word)).map(|(_, weight)| weight).sum()
    };
    let mut best = None;
    let mut most = 0.0;
    for (at, window) in held.windows(AT_A_TIME).enumerate() {
        let weight = weighs(window);
        if weight > most {
            (best, most) = (Some(at), weight);
        }
    }
    let Some(at) = best else { return all(held.into_iter().flatten().collect()) };
    let inside: BTreeSet<String> = held.drain(at..at + AT_A_TIME).flatten().collect();
    let (first, last) = (sentences.get(at), sentences.get(at + AT_A_TIME - 1));
    let span = Span::new(first.map_or(0, |it| it.start), last.map_or(text.len(), |it| it.end));
    Said { span, inside, others: held.into_iter().flatten().collect() }
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

    /// How it holds each word of the ask, as `read` tells the first time.
    pub(super) fn held(&self, read: impl FnOnce() -> Vec<Held>) -> &'p [Held] {
        self.line.held.get_or_init(read)
    }

    fn names(&self, called: &Called<'_>) -> &'p [BTreeSet<NotePath>; 2] {
        self.line.names.get_or_init(|| {
            let titles = std::iter::once(&self.passage.title).chain(&self.passage.headings);
            let around = titles.flat_map(|title| called.homes_in(title));
            let linked = self.passage.links.iter().flat_map(|name| called.matters_in(name));
            [called.homes_in(self.said()), around.chain(linked).collect()]
        })
    }

    /// The notes about whom and what these sentences name.
    pub(super) fn names_inside(&self, called: &Called<'_>) -> &'p BTreeSet<NotePath> {
        let [inside, _] = self.names(called);
        inside
    }

    /// The notes about whom and what its title and headings name, and about organisations and projects that it links to:
    /// links to people tell who was there.
    pub(super) fn names_around(&self, called: &Called<'_>) -> &'p BTreeSet<NotePath> {
        let [_, around] = self.names(called);
        around
    }

    /// Whether a line of the pool close to the passage, or the passage, has the word.
    pub(super) fn stands_near(&self, word: &str) -> bool {
        let (from, to) = (self.line.span.start.saturating_sub(NEAR_BYTES), self.line.span.end + NEAR_BYTES);
        self.pool.lines.iter().any(|line| {
            line.span.end > from
                && line.span.start < to
                && (line.inside.contains(word) || line.others.contains(word))
                && line.source == self.line.source
        })
    }
}
