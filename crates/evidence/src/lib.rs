//! The words every other crate shares: where a text came from ([`source`]), which part of it is
//! meant ([`span`], [`passage`]), who may read it ([`label`]), who is who ([`names`], [`address`]),
//! and how untrusted text is made safe ([`text`], [`vault_text`]).
//!
//! This crate is a leaf. It does no I/O, reads no clock and no environment.

pub mod address;
pub mod hash;
pub mod label;
pub mod names;
pub mod passage;
pub mod source;
pub mod span;
pub mod text;
pub mod vault_text;

pub use address::{Addr, HeaderText, Mailbox};
pub use hash::ContentHash;
pub use label::{
    Audience, Cleared, Label, LabelRules, Labelled, Parties, PartyId, Reach, Reader, Recipients, Trust,
    Withheld,
};
pub use names::{Directory, Entity, EntityKind, name_words};
pub use passage::{Anchor, Passage};
pub use source::{MessageKey, NotePath, Source};
pub use span::Span;
pub use vault_text::VaultText;
