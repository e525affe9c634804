//! Bytes to messages, own words and threads; the places where mail is kept.
//!
//! All mail is hostile until it has crossed the one border, [`parse_message`]. Reading never fails
//! and never panics: damage is data. Bytes of mail are never changed and no flag is ever set.

mod attach;
pub mod authentication;
mod base64;
mod body;
pub mod build;
pub mod encode;
mod fields;
pub mod html;
pub mod identity;
mod limits;
pub mod message;
pub mod outlook;
mod parse;
mod quoted;
mod sign;
pub mod store;
pub mod subject;
pub mod thread;
pub mod zones;

pub use message::{Attachment, Defect, DeliveryHeaders, Message, MsgId, Zone, ZoneKind};
pub use parse::parse_message;
pub use quoted::{Quote, quotes};
pub use sign::{SignatureField, signature_fields};
pub use store::{Place, StoreError, StoreKind, StoreSpec};
pub use thread::Thread;
