//! Whom a reply goes to.
//!
//! From and Reply-To are written by the sender and prove nothing: a Reply-To at another organisation
//! is named to the owner and not followed.
//!
//! # Source
//! RFC 5322 section 3.6.3 (reply), RFC 2369 (List-Post), SECURITY.md T5.

use std::collections::BTreeSet;

use postil_evidence::label::Reader;
use postil_evidence::{Addr, Mailbox, Parties};
use postil_mail::Message;
use postil_understand::Owner;

/// Whom to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReplyMode {
    /// The sender alone.
    Sender,
    /// The sender, and the others on the mail in copy.
    #[default]
    All,
}

/// The recipients of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyTo {
    /// To; empty where nobody can be answered.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// For the owner: what was decided and why.
    pub notices: Vec<String>,
}

/// Decides whom a reply to `message` goes to. The owner, Bcc, list addresses and no-reply addresses
/// are never among them, and nobody twice.
#[must_use]
pub fn reply_to(message: &Message, owner: &Owner, parties: &Parties, mode: ReplyMode) -> ReplyTo {
    let mut out = ReplyTo::default();
    let is_owner = |addr: &Addr| owner.addrs.contains(addr);
    let from_owner = message.from.as_ref().is_some_and(|from| is_owner(&from.addr));
    let mut seen: BTreeSet<Addr> = owner.addrs.iter().cloned().collect();
    let first: Vec<Mailbox> =
        if from_owner { message.to.clone() } else { answer_addresses(message, parties, &mut out.notices) };
    let mut take = |mailboxes: &[Mailbox], notices: &mut Vec<String>| {
        let mut taken = Vec::new();
        for mailbox in mailboxes {
            if is_list(message, &mailbox.addr) {
                if seen.insert(mailbox.addr.clone()) {
                    notices.push(format!("list address {} left out", mailbox.addr));
                }
            } else if is_no_reply(&mailbox.addr) {
                if seen.insert(mailbox.addr.clone()) {
                    notices.push(format!("{} takes no replies and is left out", mailbox.addr));
                }
            } else if seen.insert(mailbox.addr.clone()) {
                taken.push(mailbox.clone());
            }
        }
        taken
    };
    out.to = take(&first, &mut out.notices);
    if mode == ReplyMode::All {
        let others: Vec<Mailbox> = message.to.iter().chain(&message.cc).cloned().collect();
        out.cc = take(&others, &mut out.notices);
    }
    out
}

/// Reply-To where it can be followed, else From.
fn answer_addresses(message: &Message, parties: &Parties, notices: &mut Vec<String>) -> Vec<Mailbox> {
    let Some(from) = &message.from else { return Vec::new() };
    let (mut follow, mut elsewhere) = (Vec::new(), Vec::new());
    for mailbox in &message.reply_to {
        if is_list(message, &mailbox.addr) {
            continue;
        }
        if same_organisation(&mailbox.addr, &from.addr, parties) {
            follow.push(mailbox.clone())
        } else {
            elsewhere.push(mailbox)
        }
    }
    for mailbox in &elsewhere {
        notices.push(format!(
            "Reply-To {} is at another organisation than From; the reply goes to {}",
            mailbox.addr, from.addr
        ));
    }
    if follow.is_empty() { vec![from.clone()] } else { follow }
}

fn same_organisation(a: &Addr, b: &Addr, parties: &Parties) -> bool {
    match (parties.reader(a), parties.reader(b)) {
        (Reader::Us, Reader::Us) => true,
        (Reader::Party(a), Reader::Party(b)) => a == b,
        // The same domain is the same house, except where the domain is everybody's.
        (Reader::Unknown(a), Reader::Unknown(b)) => {
            a == b || (a.domain() == b.domain() && !is_public_domain(a.domain()))
        }
        (Reader::Us | Reader::Party(_) | Reader::Unknown(_), _) => false,
    }
}

fn is_public_domain(domain: &str) -> bool {
    let label = domain.split('.').next().unwrap_or_default();
    [
        "gmail",
        "googlemail",
        "outlook",
        "hotmail",
        "live",
        "yahoo",
        "icloud",
        "gmx",
        "web",
        "proton",
        "protonmail",
        "aol",
        "mail",
        "me",
        "freemail",
        "orange",
        "free",
        "laposte",
    ]
    .contains(&label)
}

fn is_list(message: &Message, addr: &Addr) -> bool {
    if message.delivery.list_post.as_ref() == Some(addr) {
        return true;
    }
    let Some(list_id) = &message.delivery.list_id else { return false };
    // A List-Id is the address with a dot for its @ (RFC 2919 section 2).
    let id =
        list_id.as_str().rsplit('<').next().unwrap_or_default().trim_end_matches('>').trim().to_lowercase();
    id == format!("{}.{}", addr.local(), addr.domain()) || id == addr.as_str()
}

/// # Source
/// The local parts that mail servers and RFC 3834 use for senders that read nothing.
fn is_no_reply(addr: &Addr) -> bool {
    let local: String = addr.local().chars().filter(|c| c.is_alphanumeric()).collect();
    ["noreply", "donotreply", "dontreply", "nepasrepondre", "noresponder", "nichtantworten", "mailerdaemon"]
        .iter()
        .any(|mark| local.contains(mark))
        || local.starts_with("bounce")
        || local == "postmaster"
}
