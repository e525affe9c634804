//! The states of a reply. Approval is for exact bytes, and only those can be queued.

use postil_evidence::ContentHash;
use serde::{Deserialize, Serialize};

use crate::PostError;

/// Where a reply stands: draft, approved, queued, sent; or discarded; or superseded by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "hash")]
pub enum OutboxState {
    /// Proposed; nobody has said yes.
    Draft,
    /// A person said yes to these bytes.
    Approved(ContentHash),
    /// Waiting to be handed over.
    Queued(ContentHash),
    /// Handed over; final.
    Sent(ContentHash),
    /// The owner does not want it; final.
    Discarded,
    /// A newer draft took its place; final.
    Superseded,
}

impl OutboxState {
    /// The word for it, as in a draft note's `status`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved(_) => "approved",
            Self::Queued(_) => "queued",
            Self::Sent(_) => "sent",
            Self::Discarded => "discarded",
            Self::Superseded => "superseded",
        }
    }

    /// A person approves exactly these bytes.
    ///
    /// # Errors
    /// [`PostError::Transition`] unless it is a draft or approved (then the new bytes count).
    pub fn approve(self, bytes: &[u8]) -> Result<Self, PostError> {
        match self {
            Self::Draft | Self::Approved(_) => Ok(Self::Approved(ContentHash::of(bytes))),
            Self::Queued(_) | Self::Sent(_) | Self::Discarded | Self::Superseded => self.refuse("approved"),
        }
    }

    /// Puts approved bytes into the queue.
    ///
    /// # Errors
    /// [`PostError::NotApproved`] for other bytes than the approved ones, [`PostError::Transition`]
    /// unless it is approved.
    pub fn queue(self, bytes: &[u8]) -> Result<Self, PostError> {
        match self {
            Self::Approved(hash) if hash == ContentHash::of(bytes) => Ok(Self::Queued(hash)),
            Self::Approved(_) => Err(PostError::NotApproved),
            Self::Draft | Self::Queued(_) | Self::Sent(_) | Self::Discarded | Self::Superseded => {
                self.refuse("queued")
            }
        }
    }

    /// The server took these bytes.
    ///
    /// # Errors
    /// [`PostError::NotApproved`] for other bytes than the approved ones, [`PostError::Transition`]
    /// unless it is queued.
    pub fn sent(self, bytes: &[u8]) -> Result<Self, PostError> {
        match self {
            Self::Queued(hash) if hash == ContentHash::of(bytes) => Ok(Self::Sent(hash)),
            Self::Queued(_) => Err(PostError::NotApproved),
            Self::Draft | Self::Approved(_) | Self::Sent(_) | Self::Discarded | Self::Superseded => {
                self.refuse("sent")
            }
        }
    }

    /// The text was edited, or the approval withdrawn: a draft again.
    ///
    /// # Errors
    /// [`PostError::Transition`] once it is queued or final.
    pub fn reopen(self) -> Result<Self, PostError> {
        match self {
            Self::Draft | Self::Approved(_) => Ok(Self::Draft),
            Self::Queued(_) | Self::Sent(_) | Self::Discarded | Self::Superseded => self.refuse("draft"),
        }
    }

    /// The owner does not want it.
    ///
    /// # Errors
    /// [`PostError::Transition`] once it is sent, discarded or superseded.
    pub fn discard(self) -> Result<Self, PostError> {
        self.end(Self::Discarded)
    }

    /// A newer draft takes its place.
    ///
    /// # Errors
    /// [`PostError::Transition`] once it is sent, discarded or superseded.
    pub fn supersede(self) -> Result<Self, PostError> {
        self.end(Self::Superseded)
    }

    fn end(self, end: Self) -> Result<Self, PostError> {
        match self {
            Self::Draft | Self::Approved(_) | Self::Queued(_) => Ok(end),
            Self::Sent(_) | Self::Discarded | Self::Superseded => self.refuse(end.word()),
        }
    }

    fn refuse(self, to: &'static str) -> Result<Self, PostError> {
        Err(PostError::Transition { from: self.word(), to })
    }
}

#[cfg(test)]
mod tests {
    use super::OutboxState;
    use crate::PostError;

    /// Walks from a draft; `bytes` are the same throughout.
    fn walk(steps: &str) -> Result<&'static str, PostError> {
        let mut state = OutboxState::Draft;
        for step in steps.split_whitespace() {
            state = match step {
                "approve" => state.approve(b"x"),
                "queue" => state.queue(b"x"),
                "sent" => state.sent(b"x"),
                "reopen" => state.reopen(),
                "discard" => state.discard(),
                "supersede" => state.supersede(),
                other => panic!("{other}"),
            }?;
        }
        Ok(state.word())
    }

    #[test]
    fn only_the_legal_ways_exist() {
        for (steps, end) in [
            ("approve queue sent", Some("sent")),
            ("approve reopen approve", Some("approved")),
            ("approve queue discard", Some("discarded")),
            ("supersede", Some("superseded")),
            ("queue", None),
            ("sent", None),
            ("approve sent", None),
            ("approve queue reopen", None),
            ("approve queue sent sent", None),
            ("approve queue sent discard", None),
            ("discard approve", None),
            ("supersede discard", None),
        ] {
            assert_eq!(walk(steps).ok(), end, "{steps}");
        }
    }

    #[test]
    fn only_the_approved_bytes_go_out() {
        let approved = OutboxState::Draft.approve(b"yes").unwrap();
        assert_eq!(approved.queue(b"yes, and"), Err(PostError::NotApproved));
        let queued = approved.queue(b"yes").unwrap();
        assert_eq!(queued.sent(b"no"), Err(PostError::NotApproved));
    }
}
