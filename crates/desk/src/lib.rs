//! The desk: the operations that every front door (command line, web, MCP) calls.
//!
//! It owns the configuration, the ledger and the versioned views, and wires the rooms together. It
//! knows no terminal: it prints nothing and asks nothing.

pub mod config;
pub mod demo;
pub mod env;
pub mod error;
pub mod eval;
pub mod init;
pub mod progress;
pub mod view;

mod attachments;
mod cut;
mod desk;
mod doctor;
mod drafting;
mod embedding;
mod folders;
mod guesses;
mod imap;
mod inbox;
mod ledger;
mod marks;
mod mirror;
mod recall;
mod run;
mod search;
mod secret;
mod standing;
mod state;
mod suspicion;
mod sync;
mod threads;
mod watch;

pub use crate::desk::Desk;
pub use crate::drafting::{Prepared, Wanted};
pub use crate::embedding::ModelSource;
pub use crate::imap::ImapSource;
pub use crate::inbox::InboxScope;
pub use crate::secret::SecretFrom;
pub use crate::watch::Watch;
pub use postil_index::{Filters, SourceKind};
pub use postil_mail::store::StoreSpec;
