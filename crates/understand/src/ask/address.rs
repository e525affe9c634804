//! To whom the asks of a message are addressed.
//!
//! By the salutation, by a name that begins the sentence, and by where the owner stands on the mail.

use postil_mail::message::{Message, ZoneKind};

use crate::pattern::Pattern;
use crate::plain::fold;
use crate::reading::{Addressee, Owner};
use crate::sentence::sentences;

/// Whom a message speaks to, where the sentence itself does not say.
pub(super) struct Addressing {
    owner_names: Vec<String>,
    /// Folded names and name parts of the other recipients.
    others: Vec<String>,
    pub(super) default: Addressee,
}

static GREETING: Pattern = Pattern::new(
    r"^[ \x01]*(?:hi|hello|hey|dear|hiya|yo|good (?:morning|afternoon|evening|day)|morning|hallo|liebe[rs]?|moin|servus|guten (?:tag|morgen|abend)|sehr geehrte[rs]?(?: herr| frau)?|bonjour|salut|bonsoir|chers?|cheres?|hola|buenos dias|buenas(?: tardes)?|estimad[oa]s?|querid[oa]s?|ciao|gentile|buongiorno|salve|car[oaie]|beste|hoi|dag|goedemorgen|goedemiddag|geachte|ola|oi|bom dia|boa tarde|prezad[oa]s?)\b[ ,]*(.*)$",
);

/// Capitalised words that begin sentences before a comma and are no names.
const NOT_NAMES: &[&str] = &[
    "yes",
    "no",
    "also",
    "however",
    "thanks",
    "thank",
    "today",
    "tomorrow",
    "now",
    "finally",
    "first",
    "second",
    "third",
    "next",
    "then",
    "so",
    "well",
    "ok",
    "okay",
    "hi",
    "hello",
    "hey",
    "dear",
    "please",
    "sorry",
    "again",
    "besides",
    "otherwise",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "additionally",
    "furthermore",
    "moreover",
    "meanwhile",
    "anyway",
    "actually",
    "btw",
    "question",
    "questions",
    "note",
    "ps",
    "fyi",
    "update",
    "re",
    "fw",
    "fwd",
    "subject",
    "date",
    "time",
    "where",
    "when",
    "what",
    "who",
    "how",
    "why",
    "which",
    "and",
    "but",
    "or",
    "if",
    "also",
    "currently",
    "unfortunately",
    "basically",
    "hopefully",
    "lastly",
    "all",
    "everyone",
    "team",
    "folks",
    "guys",
    "both",
    "action",
    "todo",
    "deadline",
    "reminder",
    "important",
    "urgent",
    "ja",
    "nein",
    "danke",
    "hallo",
    "bitte",
    "bonjour",
    "merci",
    "oui",
    "non",
    "hola",
    "gracias",
    "ciao",
    "grazie",
    "ola",
    "obrigado",
    "bedankt",
    "frage",
    "alternatively",
    "frankly",
    "honestly",
    "personally",
    "similarly",
    "likewise",
    "indeed",
    "in",
    "on",
    "to",
    "from",
    "cc",
    "separately",
    "overall",
    "great",
    "perfect",
    "cheers",
    "good",
    "morning",
    "sure",
    "right",
    "oh",
    "ah",
    "nice",
    "still",
    "later",
    "afterwards",
    "regarding",
    "last",
    "quick",
    "two",
    "three",
    "one",
];

const EVERYONE: &[&str] = &[
    "all",
    "everyone",
    "everybody",
    "team",
    "folks",
    "guys",
    "both",
    "together",
    "zusammen",
    "alle",
    "tous",
    "toutes",
    "todos",
    "todas",
    "tutti",
    "allemaal",
    "iedereen",
    "colleagues",
    "kolleginnen",
    "kollegen",
    "gents",
    "ladies",
    "gentlemen",
    "friends",
    "equipe",
    "equipo",
    "pessoal",
    "ihr",
];

impl Addressing {
    pub(super) fn of(message: &Message, owner: &Owner) -> Self {
        let mut owner_names: Vec<String> = owner.names.iter().map(|name| fold(name)).collect();
        owner_names.push(fold(&owner.name));
        owner_names.extend(fold(&owner.name).split(' ').map(str::to_owned));
        owner_names.retain(|name| name.len() > 1);
        let is_owner = |addr| owner.addrs.contains(addr);
        let mut others = Vec::new();
        for mailbox in message.to.iter().chain(&message.cc).filter(|mailbox| !is_owner(&mailbox.addr)) {
            let name = fold(mailbox.name.as_str());
            others.extend(name.split([' ', ',']).filter(|part| part.len() > 1).map(str::to_owned));
            others.push(name);
            others.extend(
                mailbox.addr.local().split(['.', '_', '-']).filter(|part| part.len() > 2).map(str::to_owned),
            );
        }
        others.retain(|name| !name.is_empty());
        let mut addressing = Self { owner_names, others, default: Addressee::Owner };
        addressing.default = addressing.by_message(message, owner);
        addressing
    }

    fn by_message(&self, message: &Message, owner: &Owner) -> Addressee {
        let in_to = message.to.iter().any(|mailbox| owner.addrs.contains(&mailbox.addr));
        let in_cc = message.cc.iter().any(|mailbox| owner.addrs.contains(&mailbox.addr));
        let list = message.delivery.list_id.is_some() || message.delivery.list_post.is_some();
        if list && !in_to && !in_cc {
            return Addressee::Everyone;
        }
        if let Some(rest) = greeting_names(message) {
            let folded = fold(&rest);
            let words: Vec<&str> = folded
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '\'' && c != '-')
                .filter(|w| !w.is_empty())
                .collect();
            if words.iter().any(|word| self.owner_names.iter().any(|name| name == word)) {
                return Addressee::Owner;
            }
            if words.iter().any(|word| EVERYONE.contains(word)) {
                return if self.others.is_empty() { Addressee::Owner } else { Addressee::Everyone };
            }
            let named_other = words.iter().any(|word| self.others.iter().any(|name| name == word));
            let named =
                rest.split([',', '!', ' ']).find(|word| word.chars().next().is_some_and(char::is_uppercase));
            if let Some(named) = named
                && (named_other || (!in_to && in_cc))
            {
                return Addressee::Other(named.to_owned());
            }
        }
        if in_to {
            return if message.to.len() > 1 { Addressee::Everyone } else { Addressee::Owner };
        }
        match message.to.first() {
            Some(first) if in_cc => {
                let name = if first.name.is_empty() { first.addr.local() } else { first.name.as_str() };
                Addressee::Other(name.to_owned())
            }
            Some(_) | None => Addressee::Owner,
        }
    }

    /// Whom a sentence speaks to by a name at its start, and how many bytes that name takes.
    pub(super) fn vocative(&self, sentence: &str) -> Option<(usize, Addressee)> {
        let (length, name) = vocative(sentence)?;
        let folded = fold(name);
        let parts: Vec<&str> = folded.split([' ', ',', '/', '&']).filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| self.owner_names.iter().any(|own| own == part)) {
            return Some((length, Addressee::Owner));
        }
        let known = parts.iter().any(|part| self.others.iter().any(|other| other == part));
        // An unknown name counts only where what follows speaks to someone.
        let rest = fold(sentence.get(length..).unwrap_or_default());
        let speaks = super::clue::begins_as_question(&rest)
            || super::clue::clue(&rest).is_some_and(|clue| clue.score >= 0.7);
        (known || speaks).then(|| (length, Addressee::Other(name.trim_start_matches('@').to_owned())))
    }
}

/// A name that begins a sentence before a comma, colon or dash: its length with the sign, the name.
/// "Maya, …", "And Maya Okafor: …", "Maya and Jonas, …", "@Maya - …".
pub(super) fn vocative(sentence: &str) -> Option<(usize, &str)> {
    let joined = ["And", "Also", "Und", "Et", "Y", "But", "So", "PS:", "PS"].into_iter().find_map(|word| {
        let rest = sentence.strip_prefix(word)?;
        let behind = rest.trim_start_matches([',', ' ']);
        (behind.len() < rest.len()).then(|| sentence.len() - behind.len())
    });
    let (length, name) = joined.and_then(|from| named(sentence, from)).or_else(|| named(sentence, 0))?;
    let first = name.split([' ', ',', '/']).next().unwrap_or_default().to_lowercase();
    (!NOT_NAMES.contains(&first.as_str())).then_some((length, name))
}

fn named(sentence: &str, from: usize) -> Option<(usize, &str)> {
    let rest = sentence.get(from..)?;
    let start = from + usize::from(rest.starts_with('@'));
    let first = start + name_length(sentence.get(start..)?, "'’-")?;
    let mut ends = vec![first];
    let second = |at: usize| {
        let behind = sentence.get(at..)?.strip_prefix(' ')?;
        Some(at + 1 + name_length(behind, "'’.-")?)
    };
    ends.extend(second(first));
    for at in ends.clone() {
        let behind = sentence.get(at..)?;
        let other = [" and ", " & ", " or ", "/", ", "]
            .into_iter()
            .find_map(|join| Some(at + join.len() + name_length(behind.strip_prefix(join)?, "'’-")?));
        ends.extend(other);
    }
    // The longest run of names that a sign closes.
    ends.sort_unstable();
    ends.into_iter().rev().find_map(|end| {
        let behind = sentence.get(end..)?;
        let spaced = behind.strip_prefix(' ');
        let sign = spaced.unwrap_or(behind);
        let after = sign
            .strip_prefix([',', ':'])
            .or_else(|| spaced.and_then(|sign| sign.strip_prefix(['-', '–', '—'])))?;
        let text = after.trim_start();
        (text.len() < after.len())
            .then(|| Some((sentence.len() - text.len(), sentence.get(start..end)?)))
            .flatten()
    })
}

/// The bytes of a capitalised word of two letters or more.
fn name_length(text: &str, signs: &str) -> Option<usize> {
    let first = text.chars().next().filter(|c| c.is_uppercase())?;
    let length = text.find(|c: char| !(c.is_alphabetic() || signs.contains(c))).unwrap_or(text.len());
    (length > first.len_utf8()).then_some(length)
}

/// What stands behind the greeting word of the message's first own line, as written.
fn greeting_names(message: &Message) -> Option<String> {
    let zone = message.own_zones().find(|zone| !zone.span.of(&message.text).trim().is_empty())?;
    let greeted = |zone: ZoneKind| {
        matches!(
            zone,
            ZoneKind::Salutation | ZoneKind::Paragraph | ZoneKind::SectionHeading | ZoneKind::Closing
        )
    };
    if !greeted(zone.kind) {
        return None;
    }
    let text = zone.span.of(&message.text);
    let first = sentences(text).first().map(|span| span.of(text)).unwrap_or_default();
    let line = first.lines().next().unwrap_or_default();
    // Only the part up to the comma greets: "Hi Sam, did Jonas call?"
    let end = line.find([',', '!', '.', ':', '–']).filter(|end| *end > 4).unwrap_or(line.len());
    let (head, tail) = (line.get(..end).unwrap_or(line), line.get(end..).unwrap_or_default());
    if head.len() > 80 {
        return None;
    }
    let plain = fold(head);
    match GREETING.groups(&plain).first() {
        Some(behind) => {
            let skipped = behind.start;
            Some(
                head.char_indices()
                    .nth(skipped)
                    .map(|(at, _)| head.get(at..).unwrap_or_default().to_owned())
                    .unwrap_or_default(),
            )
        }
        // "Sam," or "Jonas," alone on the first line.
        None => {
            let lone = tail.trim_end().len() <= 1
                && head.split_whitespace().count() <= 3
                && head.chars().next().is_some_and(char::is_uppercase)
                && !tail.is_empty();
            let word = head.to_lowercase();
            (lone && !NOT_NAMES.contains(&word.as_str()) || EVERYONE.contains(&word.as_str()))
                .then(|| head.to_owned())
        }
    }
}
