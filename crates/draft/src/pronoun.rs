//! Names of the owner, the reader and the reader's house as pronouns, in a line of a note.
//!
//! Only where the grammar is plain; else the name stays, which is never wrong.

use crate::english;
use crate::say::{Voice, finished_start, small_first, small_start};

/// The names of the owner, the reader and the reader's party as pronouns, where that is safe.
pub(crate) fn to_reader(text: &str, voice: &Voice) -> String {
    let text = named_as(text, &voice.owner, &OWNER);
    let text = named_as(&text, &voice.reader, &READER);
    match &voice.party {
        Some(party) => match party_first(&text, party, voice) {
            Some(text) => text,
            None => party_as(&text, party),
        },
        None => text,
    }
}

struct Pronouns {
    subject: &'static str,
    object: &'static str,
    possessive: &'static str,
    forms: &'static [(&'static str, &'static str)],
}

const OWNER: Pronouns = Pronouns {
    subject: "I",
    object: "me",
    possessive: "my",
    forms: &[
        ("will", "I'll"),
        ("is", "I'm"),
        ("has", "I have"),
        ("was", "I was"),
        ("can", "I can"),
        ("must", "I must"),
        ("should", "I should"),
        ("would", "I would"),
    ],
};

const READER: Pronouns = Pronouns {
    subject: "you",
    object: "you",
    possessive: "your",
    forms: &[
        ("will", "you will"),
        ("is", "you are"),
        ("has", "you have"),
        ("was", "you were"),
        ("can", "you can"),
        ("must", "you must"),
        ("should", "you should"),
        ("would", "you would"),
    ],
};

const BEFORE_OBJECT: &[&str] = &[
    "to", "for", "with", "from", "by", "send", "give", "tell", "ask", "show", "gives", "sends", "tells",
    "asks", "told", "sent", "gave", "asked", "call", "invite", "remind",
];

fn named_as(text: &str, names: &[String], pronouns: &Pronouns) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for name in names {
        let parts: Vec<&str> = name.split(' ').collect();
        let mut at = 0;
        while at + parts.len() <= words.len() {
            replace_name(&mut words, at, &parts, pronouns);
            at += 1;
        }
    }
    words.join(" ")
}

fn replace_name(words: &mut Vec<String>, at: usize, parts: &[&str], pronouns: &Pronouns) {
    let Some((last, lead)) = parts.split_last() else { return };
    let fits = lead.iter().enumerate().all(|(i, part)| words.get(at + i).is_some_and(|word| word == part));
    let Some(written) = words.get(at + lead.len()).cloned().filter(|_| fits) else { return };
    let Some(tail) = written.strip_prefix(last) else { return };
    let clause_start = at == 0
        || words.get(at - 1).is_some_and(|word| {
            word.ends_with([',', ';', '.', ':']) || ["and", "that", "because", "but"].contains(&word.as_str())
        });
    let after = words.get(at + parts.len()).cloned().unwrap_or_default();
    // A capitalised word on either side may be the rest of another name.
    let longer = after.chars().next().is_some_and(char::is_uppercase) && tail.is_empty();
    let before = at
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .map(|word| english::bare(word))
        .unwrap_or_default();
    let mut take = parts.len();
    let new = if tail.starts_with("'s") || tail.starts_with("’s") {
        let rest = tail.trim_start_matches(['\'', '’', 's']);
        format!("{}{rest}", pronouns.possessive)
    } else if longer {
        // "send Maya the sheet" is safe, "send Maya Okafor" is another length of the name.
        return;
    } else if tail.is_empty() && clause_start {
        if let Some((_, form)) = pronouns.forms.iter().find(|(verb, _)| *verb == after) {
            take += 1;
            (*form).to_owned()
        } else if let Some(base) = english::base_of_third_person(&after) {
            take += 1;
            format!("{} {base}", pronouns.subject)
        } else {
            return;
        }
    } else if BEFORE_OBJECT.contains(&before.as_str())
        && (tail.is_empty() || tail.chars().all(|c| c.is_ascii_punctuation()))
    {
        // "from Maya and Ines" stays: a list of names is not split.
        if ["and", "or"].contains(&after.as_str()) || tail.starts_with(['/', '-', '@']) {
            return;
        }
        format!("{}{tail}", pronouns.object)
    } else {
        return;
    };
    let new = if at == 0 { finished_start(&new) } else { new };
    words.splice(at..at + take, [new]);
}

/// "Northwind's collectors" and "for Northwind" said to someone of Northwind.
fn party_as(text: &str, party: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 0..words.len() {
        let Some(word) = words.get(at).cloned() else { break };
        let next_capital =
            words.get(at + 1).is_some_and(|next| next.chars().next().is_some_and(|c| c.is_uppercase()));
        let lower = word.to_lowercase();
        let possessive = lower == format!("{party}'s") || lower == format!("{party}’s");
        let before = at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .map(|word| word.to_lowercase())
            .unwrap_or_default();
        let tail =
            lower.strip_prefix(party).filter(|tail| tail.chars().all(|c| matches!(c, '.' | ',' | ';' | ':')));
        let object = tail.is_some()
            && ["for", "with"].contains(&before.as_str())
            && (!next_capital || tail != Some(""));
        let new = if possessive && !next_capital {
            if at == 0 { "Your".to_owned() } else { "your".to_owned() }
        } else if object && word.chars().next().is_some_and(char::is_uppercase) {
            format!("you{}", tail.unwrap_or_default())
        } else {
            continue;
        };
        if let Some(place) = words.get_mut(at) {
            *place = new;
        }
    }
    words.join(" ")
}

/// Heads that a house has of ours and not of its own: "the contact at Northwind".
const NOT_THEIRS: &[&str] = &["contact", "owner", "lead", "meeting", "call", "note", "notes", "strategy"];

/// A subject that is theirs: "Service credit for Northwind is" as "Your service credit is",
/// "Northwind runs" as "You run". `None` where the sentence starts in another way.
fn party_first(text: &str, party: &str, voice: &Voice) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let at = words.iter().take(7).position(|word| word.to_lowercase() == party)?;
    let verb = english::bare(words.get(at + 1)?);
    let third = english::base_of_third_person(&verb);
    let rest = words.get(at + 2..)?.join(" ");
    if at == 0 {
        if let Some((_, form)) = READER.forms.iter().find(|(own, _)| *own == verb) {
            return Some(finished_start(&format!("{form} {rest}")));
        }
        return third.map(|base| format!("You {base} {rest}"));
    }
    let link = at.checked_sub(1).and_then(|link| words.get(link))?;
    let finite = third.is_some()
        || ["is", "are", "was", "were", "has", "have", "will", "can", "must", "may"].contains(&verb.as_str());
    if !finite || !["for", "of", "at"].contains(link) {
        return None;
    }
    let named = words.get(..at - 1)?;
    let (first, _) = named.split_first()?;
    let named = if ["The", "the"].contains(first) { named.get(1..)? } else { named };
    let last = named.last().map(|word| english::bare(word))?;
    let plain =
        named.iter().skip(1).all(|word| !word.starts_with(char::is_uppercase) || english::is_shouted(word));
    if named.len() > 4
        || !plain
        || NOT_THEIRS.contains(&last.as_str())
        || named.iter().any(|word| word.ends_with(','))
    {
        return None;
    }
    let noun = named.join(" ");
    let noun = if named.len() < at - 1 { small_first(&noun) } else { small_start(&noun, voice)? };
    Some(format!("Your {noun} {} {rest}", words.get(at + 1)?))
}
