//! Conversations put into a temporary index, one passage for each turn, so that recall can be measured.
//!
//! Each conversation is labelled for a party of its own, and asked for by a reader of that party. Since recall
//! clears before it scores, a question sees its own conversation and nothing else.

use std::collections::BTreeMap;

use jiff::civil::Date;
use postil_evidence::text::fold_space;
use postil_evidence::{
    Addr, Audience, Label, NotePath, Parties, PartyId, Passage, Recipients, Source, Span, Trust,
};
use postil_index::{Embeddings, Filters, Index, Query};
use tempfile::TempDir;

use crate::embedding::ModelSource;
use crate::error::{DeskError, Kind};

/// One conversation.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) id: String,
    /// In order; a meeting has one.
    pub(super) sessions: Vec<Session>,
}

/// Turns of one day.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) date: Option<Date>,
    /// Speaker and words.
    pub(super) turns: Vec<(String, String)>,
}

/// The place of a turn: session and turn in it, from 0.
pub(super) type Place = (usize, usize);

/// The conversations, indexed. The folder goes with the value.
pub(super) struct Turns {
    pub(super) index: Index,
    parties: Parties,
    numbers: BTreeMap<String, usize>,
    _folder: TempDir,
}

impl Turns {
    /// # Errors
    /// Where the temporary folder or the index cannot be written.
    pub(super) fn new(
        conversations: &[Conversation],
        model: Option<&ModelSource>,
    ) -> Result<Self, DeskError> {
        let folder = tempfile::tempdir().map_err(|error| DeskError::io(&std::env::temp_dir(), &error))?;
        let (mut index, _) = Index::open(&folder.path().join("index"), "eval")?;
        if let Some(model) = model {
            index.set_model(Box::new(model.server(folder.path())));
        }
        let mut parties = Parties::default();
        let mut numbers = BTreeMap::new();
        let mut batch = index.writer()?;
        for (number, conversation) in conversations.iter().enumerate() {
            let party = PartyId::new(&format!("c{number}"));
            parties.domains.insert(domain(number), party.clone());
            numbers.insert(conversation.id.clone(), number);
            let audience = Audience::of_parties([party].into());
            let label = Label { audience, trust: Trust::Own, why: "the conversation of the row".to_owned() };
            for (place, session) in conversation.sessions.iter().enumerate() {
                let Some(source) = source(number, place) else { continue };
                batch.add(&source, passages(&source, session, &label))?;
            }
        }
        batch.commit()?;
        drop(batch);
        Ok(Self { index, parties, numbers, _folder: folder })
    }

    /// The reader who may read this conversation and no other.
    pub(super) fn reader(&self, conversation: &str) -> Recipients {
        let number = self.numbers.get(conversation).copied().unwrap_or(usize::MAX);
        let addr = Addr::parse(&format!("reader@{}", domain(number)));
        Recipients::resolve(addr.as_ref(), &self.parties)
    }

    /// The turns that recall ranks first.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(super) fn recall(
        &self,
        query: &Query,
        reader: &Recipients,
        limit: usize,
    ) -> Result<Vec<Place>, DeskError> {
        let (hits, _) = self.index.view()?.recall(query, &Filters::default(), reader, limit)?;
        Ok(hits.iter().filter_map(|hit| place_of(hit.passage.get())).collect())
    }
}

/// Fails where an embedding model was to be asked and did not answer: the figures would not be its own.
///
/// # Errors
/// Where it had trouble.
pub(super) fn model_answered(index: &Index) -> Result<(), DeskError> {
    match index.embeddings().and_then(Embeddings::trouble) {
        Some(trouble) => Err(DeskError::new(Kind::Remote, trouble, "")),
        None => Ok(()),
    }
}

fn domain(number: usize) -> String {
    format!("c{number}.example")
}

fn source(conversation: usize, session: usize) -> Option<Source> {
    NotePath::parse(&format!("c{conversation}/{session}.md")).map(Source::Note)
}

/// The place that [`source`] and the line were made from.
fn place_of(passage: &Passage) -> Option<Place> {
    let Source::Note(path) = &passage.source else { return None };
    Some((path.stem().parse().ok()?, usize::try_from(passage.line).ok()?.checked_sub(1)?))
}

fn passages(source: &Source, session: &Session, label: &Label) -> Vec<Passage> {
    let mut at = 0;
    let mut passages = Vec::new();
    for (line, (speaker, words)) in (1..).zip(&session.turns) {
        let text = fold_space(&format!("{speaker}: {words}"));
        let span = Span::new(at, at + text.len());
        at = span.end + 1;
        passages.push(Passage {
            source: source.clone(),
            span,
            line,
            text,
            title: String::new(),
            headings: Vec::new(),
            anchor: None,
            date: session.date,
            people: Vec::new(),
            links: Vec::new(),
            label: label.clone(),
        });
    }
    passages
}
