//! An approved draft on its way out: reply headers as values, strict bytes, the states of the outbox.
//!
//! Every header value has a type that cannot hold a line end, so nothing in a mail or a note can add
//! a header or a recipient. There are no sockets here.

mod outbox;
mod reply;
mod write;

pub use outbox::OutboxState;
pub use reply::{ReplyHeaders, reply_references};

/// Why a reply cannot go out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// There is no recipient.
    #[error("the reply has no recipient; add one to the draft")]
    NoRecipient,
    /// There is nothing to say.
    #[error("the reply is empty; write it first")]
    EmptyBody,
    /// An address that not every mail server can take.
    #[error("{address} has letters that not every mail server takes; use the person's ASCII address")]
    NotAscii {
        /// The address.
        address: String,
    },
    /// A step that the outbox does not allow.
    #[error("a reply that is {from} cannot become {to}")]
    Transition {
        /// The state it is in.
        from: &'static str,
        /// The state it was to have.
        to: &'static str,
    },
    /// The bytes are not those that were approved.
    #[error("the reply was changed after it was approved; approve it again")]
    NotApproved,
}
