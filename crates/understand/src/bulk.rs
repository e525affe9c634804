//! How a message was sent: by a person, over a list, to many, by a program.
//!
//! Reads headers and addresses only, never the words of the body: a customer who writes
//! "unsubscribe" is still a customer.

use postil_mail::message::{DeliveryHeaders, Message};

/// Why a message is not a person's, quoted from its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The header, as a phrase: "List-Unsubscribe header".
    pub kind: &'static str,
    /// Its text.
    pub text: String,
}

/// How a message was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentAs {
    /// By a person to people.
    Person,
    /// By a person to a discussion list.
    List,
    /// To many at once.
    Bulk(Why),
    /// By a program.
    Automated(Why),
    /// An invitation or an answer to one.
    Calendar(Why),
}

/// Local parts, or tokens of them, that no person reads.
///
/// # Source
/// RFC 2142 role names that programs use, RFC 5321 section 6.1 (mailer-daemon), and the usual
/// spellings of no-reply.
const PROGRAMS: &[&str] = &[
    "noreply",
    "donotreply",
    "dontreply",
    "nepasrepondre",
    "keineantwort",
    "noresponder",
    "nonrispondere",
    "nospam",
    "mailerdaemon",
    "postmaster",
    "bounce",
    "bounces",
    "autoreply",
    "autoresponder",
    "notification",
    "notifications",
    "notify",
    "notifier",
    "alert",
    "alerts",
    "automated",
    "automailer",
    "cron",
    "daemon",
    "robot",
    "bot",
    "jenkins",
    "nagios",
    "buildbot",
    "monitoring",
    "unattended",
    "root",
];
/// Local parts of those who write to many.
const MASS_SENDERS: &[&str] = &[
    "newsletter",
    "newsletters",
    "marketing",
    "mailing",
    "mailings",
    "promo",
    "promotions",
    "offers",
    "deals",
    "digest",
    "campaign",
];

/// How `message` was sent, by its headers.
///
/// # Source
/// RFC 3834 (Auto-Submitted), RFC 2919 and 2369 (List-Id, List-Post, List-Unsubscribe), RFC 8058,
/// RFC 2076 (Precedence), RFC 3464 (null return path), RFC 5546 (calendar methods).
#[must_use]
pub fn sent_as(message: &Message) -> SentAs {
    let headers = &message.delivery;
    if let Some(why) = automated(message) {
        return SentAs::Automated(why);
    }
    if let Some(method) = &message.calendar_method {
        return SentAs::Calendar(Why { kind: "Calendar invitation", text: format!("METHOD:{method}") });
    }
    if let Some(why) = bulk(message, headers) {
        return SentAs::Bulk(why);
    }
    if headers.list_id.is_some() || headers.list_post.is_some() {
        return SentAs::List;
    }
    SentAs::Person
}

fn automated(message: &Message) -> Option<Why> {
    let headers = &message.delivery;
    let said =
        headers.auto_submitted.as_ref().filter(|text| !text.as_str().trim().to_lowercase().starts_with("no"));
    if let Some(text) = said {
        return Some(Why { kind: "Auto-Submitted header", text: text.to_string() });
    }
    if headers.null_return_path && message.calendar_method.is_none() {
        return Some(Why { kind: "Empty return path", text: "Return-Path: <>".to_owned() });
    }
    if let Some(precedence) = &headers.precedence
        && precedence.as_str().to_lowercase().contains("auto")
    {
        return Some(Why { kind: "Precedence header", text: precedence.to_string() });
    }
    // Exchange puts X-Auto-Response-Suppress on invitations that people send.
    if let Some(text) = &headers.auto_response
        && message.calendar_method.is_none()
    {
        return Some(Why { kind: "Automatic response header", text: text.to_string() });
    }
    let sender = message.from.iter().chain(&message.sender).find(|mailbox| is_program(mailbox.addr.local()));
    // A newsletter from a no-reply address is bulk; the caller sees the stronger mark.
    let mass =
        headers.list_unsubscribe.is_some() || headers.mass_mailer.is_some() || headers.list_id.is_some();
    sender
        .filter(|_| message.calendar_method.is_none() && !mass)
        .map(|mailbox| Why { kind: "Sent by a no-reply address", text: mailbox.addr.to_string() })
}

fn bulk(message: &Message, headers: &DeliveryHeaders) -> Option<Why> {
    let precedence = headers.precedence.as_ref().map(|text| text.as_str().trim().to_lowercase());
    let discussion = headers.list_post.is_some()
        || (headers.list_id.is_some() && precedence.as_deref().is_some_and(|text| text == "list"))
        || (headers.list_id.is_some() && !message.in_reply_to.is_empty());
    if let Some(text) = &headers.mass_mailer {
        return Some(Why { kind: "Mass mailer header", text: text.to_string() });
    }
    let from_program =
        message.from.iter().any(|mailbox| is_program(mailbox.addr.local()) || is_mass(mailbox.addr.local()));
    if discussion && !from_program {
        return None;
    }
    if let Some(text) = &headers.list_unsubscribe {
        return Some(Why { kind: "List-Unsubscribe header", text: text.to_string() });
    }
    if let (Some(text), Some(precedence)) = (&headers.precedence, precedence)
        && matches!(precedence.as_str(), "bulk" | "junk")
    {
        return Some(Why { kind: "Precedence header", text: text.to_string() });
    }
    if let Some(text) = &headers.list_id {
        return Some(Why { kind: "List-Id header", text: text.to_string() });
    }
    let sender = message.from.iter().find(|mailbox| is_mass(mailbox.addr.local()));
    sender.map(|mailbox| Why { kind: "Sent by a mass mailer's address", text: mailbox.addr.to_string() })
}

/// Whether a local part is a program's: the whole of it, or a token of it, is in [`PROGRAMS`].
fn is_program(local: &str) -> bool {
    let squeezed: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    let joined =
        ["noreply", "donotreply", "mailerdaemon", "nepasrepondre"].iter().any(|name| squeezed.contains(name));
    joined || has_token(local, PROGRAMS)
}

fn is_mass(local: &str) -> bool {
    has_token(local, MASS_SENDERS)
}

fn has_token(local: &str, names: &[&str]) -> bool {
    local.split(|c: char| !c.is_ascii_alphanumeric()).any(|token| names.contains(&token))
}

#[cfg(test)]
mod tests {
    use super::{SentAs, sent_as};
    use crate::fixture::mail;
    use postil_evidence::{Addr, HeaderText};
    use postil_mail::message::Message;

    fn check(change: impl FnOnce(&mut Message), expect: &str) {
        let mut message =
            mail("Ana <ana@acme.example>", "sam@halyard.example", "Please unsubscribe me. Click here.");
        change(&mut message);
        let got = match sent_as(&message) {
            SentAs::Person => "person".to_owned(),
            SentAs::List => "list".to_owned(),
            SentAs::Bulk(why) => format!("bulk: {}", why.kind),
            SentAs::Automated(why) => format!("automated: {}", why.kind),
            SentAs::Calendar(why) => format!("calendar: {}", why.kind),
        };
        assert_eq!(got, expect);
    }

    fn text(text: &str) -> Option<HeaderText> {
        Some(HeaderText::clean(text))
    }

    #[test]
    fn headers_decide_and_words_do_not() {
        check(|_| (), "person");
        check(|m| m.delivery.auto_submitted = text("no"), "person");
        check(|m| m.delivery.auto_submitted = text("auto-replied"), "automated: Auto-Submitted header");
        check(|m| m.delivery.null_return_path = true, "automated: Empty return path");
        check(
            |m| m.from.as_mut().unwrap().addr = Addr::parse("no-reply@x.example").unwrap(),
            "automated: Sent by a no-reply address",
        );
        check(|m| m.from.as_mut().unwrap().addr = Addr::parse("abbot@x.example").unwrap(), "person");
        check(
            |m| m.delivery.list_unsubscribe = text("<mailto:u@x.example>"),
            "bulk: List-Unsubscribe header",
        );
        check(|m| m.delivery.precedence = text("bulk"), "bulk: Precedence header");
        check(|m| m.delivery.mass_mailer = text("c:1"), "bulk: Mass mailer header");
        check(|m| m.calendar_method = Some("REQUEST".to_owned()), "calendar: Calendar invitation");
    }

    #[test]
    fn a_person_on_a_list_is_not_bulk() {
        let list = |m: &mut Message| {
            m.delivery.list_id = text("<ntp.lists.example>");
            m.delivery.precedence = text("list");
            m.delivery.list_unsubscribe = text("<mailto:leave@lists.example>");
        };
        check(list, "list");
        check(
            |m| {
                list(m);
                m.delivery.mass_mailer = text("campaign 7");
            },
            "bulk: Mass mailer header",
        );
    }
}
