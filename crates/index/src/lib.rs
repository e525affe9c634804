//! Passages to ranked passages, and the catalogue of messages and notes.
//!
//! Everything here is derived: the folder may be deleted at any time, and a run over the mail and
//! the vault makes it again. One folder serves one vault: the folder is the tenant's key, and no row
//! carries another.
//!
//! | part | knows |
//! |---|---|
//! | [`Index`] | the folder: both stores, their common age, the lock |
//! | [`Batch`] | one round of changes to both stores |
//! | [`Query`], [`Filters`] | what is looked for |
//! | [`Embeddings`] | an embedding model that the owner set up, and the vectors it gave; off by default |
//! | [`Catalog`], [`CatalogWriter`] | messages, places, threads, notes, defects, cached readings |
//!
//! This crate must not decide who may read what: it asks [`postil_evidence::Recipients`] about each
//! distinct audience, and scores only the passages that are left.

mod batch;
mod catalog;
mod embed;
mod error;
mod folder;
mod forms;
mod meaning;
mod passages;
mod query;
mod rank;
mod thesaurus;
mod view;
mod words;

pub use batch::Batch;
pub use catalog::{
    BULK, BulkThreads, CachedRow, Catalog, CatalogWriter, ContainerRow, Counts, DefectNote, DefectRow,
    GUESSED, Mark, MessageRow, NoteRow, OPEN, PlaceRow, ThreadRow, UNJOINED,
};
pub use embed::{Embed, EmbedError, Embeddings, RunsOn};
pub use error::IndexError;
pub use folder::{ClearedHit, Hit, Index, Opened};
pub use forms::words_with_forms;
pub use meaning::WordMeanings;
pub use query::{Days, Filters, OtherName, Query, SourceKind, Word, WordField};
pub use rank::{ScorePart, WordRarity};
pub use thesaurus::is_common_noun;
pub use view::IndexView;
pub use words::words;
