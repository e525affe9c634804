//! The headers of a reply, as values.

use jiff::Zoned;
use postil_evidence::{HeaderText, Mailbox};
use postil_mail::MsgId;

/// The most References that are kept: the first, which names the thread, and the newest.
///
/// # Source
/// RFC 5322 section 3.6.4 sets no limit; RFC 5537 section 3.4.4 keeps the first and the last ones.
const REFERENCES: usize = 20;

/// All headers of a reply. No value can hold a line end.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyHeaders {
    /// Who writes.
    pub from: Mailbox,
    /// To whom; at least one of `to` and `cc`.
    pub to: Vec<Mailbox>,
    /// Who reads along.
    pub cc: Vec<Mailbox>,
    /// The subject, with its one `Re:`.
    pub subject: HeaderText,
    /// When it was written, with its offset.
    pub date: Zoned,
    /// The reply's own id.
    pub message_id: MsgId,
    /// The message it answers.
    pub in_reply_to: Option<MsgId>,
    /// The thread, oldest first; see [`reply_references`].
    pub references: Vec<MsgId>,
}

/// The References of a reply: those of its parent (its In-Reply-To where it has none), then the
/// parent; without repeats, at most 20: the first and the last 19.
///
/// # Source
/// RFC 5322 section 3.6.4.
#[must_use]
pub fn reply_references(references: &[MsgId], in_reply_to: &[MsgId], parent: Option<&MsgId>) -> Vec<MsgId> {
    // Several In-Reply-To say nothing of a line of descent.
    let lone = if in_reply_to.len() == 1 { in_reply_to } else { &[] };
    let above = if references.is_empty() { lone } else { references };
    let mut ids: Vec<MsgId> = Vec::new();
    for id in above.iter().filter(|id| Some(*id) != parent).chain(parent) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    if ids.len() > REFERENCES {
        ids.drain(1..ids.len() - (REFERENCES - 1));
    }
    ids
}

#[cfg(test)]
mod tests {
    use postil_mail::MsgId;

    use super::reply_references;

    #[test]
    fn references_keep_the_first_and_the_newest() {
        let id = |n: usize| MsgId::parse(&format!("<{n}@x.example>")).unwrap();
        let many: Vec<MsgId> = (0..40).map(id).collect();
        let kept = reply_references(&many, &[], Some(&id(99)));
        assert_eq!((kept.len(), &kept[0], &kept[1], &kept[19]), (20, &id(0), &id(22), &id(99)));
        assert_eq!(reply_references(&[], &[id(1)], Some(&id(2))), [id(1), id(2)]);
        assert_eq!(reply_references(&[], &[id(1), id(3)], Some(&id(2))), [id(2)]);
        assert_eq!(reply_references(&[id(2), id(1)], &[], Some(&id(2))), [id(1), id(2)]);
        assert!(reply_references(&[], &[], None).is_empty());
    }
}
