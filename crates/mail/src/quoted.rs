//! Whether what a message quotes was ever written. A quote proves nothing: whoever wrote the message
//! wrote its quotes too. What stands in a stored message was said; all else is claimed.

use std::collections::HashSet;

use postil_evidence::{MessageKey, Span};

use crate::message::{Message, ZoneKind};
use crate::thread::shingles;

/// How much of a quote's words must stand in one message for it to be that message's.
const MOSTLY: f64 = 0.6;

/// A run of quoted lines, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Bytes of [`Message::text`], from the first quoted line to the last.
    pub span: Span,
    /// The stored message that holds these words; `None` where none does, so that they are only claimed.
    pub said_in: Option<MessageKey>,
}

/// The quotes of `message`, each looked up among the messages that are stored of its thread.
#[must_use]
pub fn quotes<'m>(message: &Message, stored: impl IntoIterator<Item = &'m Message>) -> Vec<Quote> {
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for zone in &message.zones {
        if zone.kind == ZoneKind::Quotation {
            match runs.last_mut().filter(|_| open) {
                Some(last) => last.end = zone.span.end,
                None => runs.push(zone.span),
            }
            open = true;
        } else if zone.kind != ZoneKind::Empty {
            open = false;
        }
    }
    if runs.is_empty() {
        return Vec::new();
    }
    let stored: Vec<Said> =
        stored.into_iter().filter(|other| other.key != message.key).map(Said::of).collect();
    runs.into_iter()
        .filter_map(|span| {
            let words = plain(span.of(&message.text));
            // A quote of marks alone says nothing.
            (!words.is_empty())
                .then(|| Quote { span, said_in: said_in(span.of(&message.text), &words, &stored) })
        })
        .collect()
}

/// What one stored message says, its own quotes included: a quote of a quote was said too.
struct Said {
    key: MessageKey,
    words: String,
    shingles: HashSet<u64>,
}

impl Said {
    fn of(message: &Message) -> Self {
        Self {
            key: message.key,
            words: plain(&message.text),
            shingles: shingles(std::iter::once(message.text.as_str())),
        }
    }
}

fn said_in(quote: &str, words: &str, stored: &[Said]) -> Option<MessageKey> {
    let wanted = shingles(std::iter::once(quote));
    let held = |said: &Said| {
        if wanted.is_empty() {
            // Too short to be compared by its words in a row: it must stand there as it is.
            return if said.words.contains(words) { 1.0 } else { 0.0 };
        }
        wanted.iter().filter(|shingle| said.shingles.contains(shingle)).count() as f64 / wanted.len() as f64
    };
    let mut best: Option<(f64, MessageKey)> = None;
    for said in stored {
        let share = held(said);
        if share >= MOSTLY && best.is_none_or(|(most, _)| share > most) {
            best = Some((share, said.key));
        }
    }
    best.map(|(_, key)| key)
}

/// The words alone, small, with a blank at both ends and between them.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.push(' ');
        out.push_str(&word.to_lowercase());
    }
    if !out.is_empty() {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_message;

    fn mail(from: &str, body: &str) -> Message {
        parse_message(
            format!("From: {from}\r\nMessage-ID: <{}@x.example>\r\nSubject: Pump\r\n\r\n{body}", body.len())
                .as_bytes(),
        )
    }

    #[test]
    fn words_of_a_stored_message_were_said_and_all_others_are_claimed() {
        let sent = mail(
            "maya@northwind.example",
            "The pump in hall two is dry again, and we start it on Monday.\r\n",
        );
        let true_quote = mail(
            "sam@acme.example",
            "Good.\r\n\r\nOn Mon, 3 Feb 2025, Maya <maya@northwind.example> wrote:\r\n> The pump in hall two is dry again,\r\n> and we start it on Monday.\r\n",
        );
        let forged = mail(
            "sam@acme.example",
            "As you said.\r\n\r\nOn Mon, 3 Feb 2025, Maya <maya@northwind.example> wrote:\r\n> We will pay back all of the 4,000 by Friday, I promise.\r\n",
        );
        let stored = [sent];
        assert_eq!(
            quotes(&true_quote, &stored).first().map(|quote| quote.said_in),
            Some(stored.first().map(|m| m.key))
        );
        assert_eq!(quotes(&forged, &stored).first().map(|quote| quote.said_in), Some(None));
    }

    #[test]
    fn a_short_quote_must_stand_there_word_by_word() {
        let stored = [mail("maya@northwind.example", "Is it dry?\r\n")];
        let quote = |text: &str| mail("sam@acme.example", &format!("> {text}\r\n\r\nYes.\r\n"));
        assert!(quotes(&quote("Is it dry?"), &stored).iter().all(|quote| quote.said_in.is_some()));
        assert!(quotes(&quote("I owe."), &stored).iter().all(|quote| quote.said_in.is_none()));
        assert!(quotes(&mail("sam@acme.example", "Yes.\r\n"), &stored).is_empty());
    }
}
