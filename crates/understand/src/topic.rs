//! What a thread is about, in the phrases a person would use.

use postil_evidence::{Directory, EntityKind, HeaderText};

use crate::ask::{is_stop_word, keywords};
use crate::date::words::is_day_word;
use crate::plain::fold;
use crate::reading::Ask;

/// The most topics of one thread.
const MOST: usize = 5;
/// The most words of one topic.
const LONGEST: usize = 4;

/// Reply and forward marks of mail programs in many languages, folded.
///
/// # Source
/// RFC 5256 section 2.1 for `re` and `fwd`; the localised marks of Outlook and Apple Mail.
const PREFIXES: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "vs", "rv", "res", "r", "ref", "rif", "odp", "fw", "fwd", "wg",
    "tr", "i", "enc", "vl", "doorst", "rep",
];

/// The subject without any reply or forward marks (`Re:`, `AW:`, `Fwd[2]:`) and list tags.
#[must_use]
pub fn bare_subject(subject: &HeaderText) -> HeaderText {
    let mut rest = subject.as_str().trim();
    for _ in 0..20 {
        if let Some((tag, after)) = rest.strip_prefix('[').and_then(|tail| tail.split_once(']'))
            && tag.len() <= 30
            && !after.trim().is_empty()
        {
            rest = after.trim();
            continue;
        }
        let Some((mark, after)) = rest.split_once(':') else { break };
        let word = mark
            .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | ' '));
        if !PREFIXES.contains(&fold(word).as_str()) || after.trim().is_empty() && !rest.ends_with(':') {
            break;
        }
        rest = after.trim();
    }
    HeaderText::clean(rest)
}

/// One to five topics, best first: known projects that are named, the subject, then what the asks
/// are about. Empty only where there is neither subject nor ask.
#[must_use]
pub fn topics(subject: &HeaderText, asks: &[&Ask], own_words: &str, directory: &Directory) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |phrase: &str| {
        let folded = fold(phrase);
        let known = out.iter().any(|have| {
            let have = fold(have);
            have.contains(&folded) || folded.split(' ').all(|word| have.split(' ').any(|other| other == word))
        });
        if !folded.is_empty() && !known && out.len() < MOST {
            out.push(phrase.to_owned());
        }
    };
    let place = format!("{subject}\n{own_words}");
    for mention in directory.mentions(&place) {
        if let [only] = mention.entities.as_slice()
            && only.kind == EntityKind::Project
        {
            add(&only.name);
        }
    }
    for phrase in phrases(subject.as_str()).into_iter().take(2) {
        add(&phrase);
    }
    for ask in asks {
        if let Some(phrase) = best_phrase(&ask.matter) {
            add(&phrase);
        }
    }
    if out.is_empty()
        && let Some(first) = asks.iter().flat_map(|ask| keywords(&ask.matter)).next()
    {
        out.push(first);
    }
    out
}

/// Runs of content words: "the updated pricing sheet by Friday" has "updated pricing sheet".
fn phrases(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let close = |run: &mut Vec<&str>, out: &mut Vec<String>| {
        run.truncate(LONGEST);
        let phrase = run.join(" ");
        if phrase.chars().filter(|c| c.is_alphabetic()).count() >= 2 {
            out.push(phrase);
        }
        run.clear();
    };
    for raw in text.split_whitespace() {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let folded = fold(word);
        let carries = !folded.is_empty()
            && !is_stop_word(&folded)
            && !FILLERS.contains(&folded.as_str())
            && !is_day_word(&folded);
        if raw.starts_with(['(', '"', '-', '[']) {
            close(&mut run, &mut out);
        }
        if carries {
            run.push(word)
        } else {
            close(&mut run, &mut out)
        }
        if raw.ends_with([',', ';', ':', '.', '?', '!', ')', '"', ']']) {
            close(&mut run, &mut out);
        }
    }
    close(&mut run, &mut out);
    out
}

/// The most telling phrase of an ask: the longest run, the earlier of two as long; no date words.
pub(crate) fn best_phrase(matter: &str) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for mut phrase in phrases(matter) {
        if ends_in_its_verb(matter, &phrase)
            && let Some((noun, _)) = phrase.rsplit_once(' ')
        {
            phrase = noun.to_owned();
        }
        let size = phrase.split(' ').count();
        if best.as_ref().is_none_or(|(length, _)| size > *length) {
            best = Some((size, phrase));
        }
    }
    best.filter(|(size, phrase)| {
        *size > 1 || phrase.chars().next().is_some_and(char::is_uppercase) || phrase.len() > 4
    })
    .map(|(_, phrase)| phrase)
}

/// Whether the last word of a phrase is the verb of a question: "when does the Spanish interface arrive".
fn ends_in_its_verb(matter: &str, phrase: &str) -> bool {
    let matter = fold(matter);
    let words: Vec<&str> = matter.trim_end_matches(['?', '.', ' ']).split_whitespace().collect();
    let asks = |pair: &[&str]| {
        matches!(
            pair,
            [
                "does" | "do" | "did" | "will" | "can" | "should",
                "the" | "our" | "your" | "this" | "that" | "these"
            ]
        )
    };
    matter.trim_end_matches(['?', '.', ' ']).ends_with(&fold(phrase))
        && words.iter().take(5).copied().collect::<Vec<_>>().windows(2).any(asks)
}

/// Words that name no topic: of asking, of time, of politeness.
const FILLERS: &[&str] = &[
    "send",
    "share",
    "forward",
    "confirm",
    "tell",
    "let",
    "know",
    "check",
    "give",
    "please",
    "thanks",
    "thank",
    "quick",
    "question",
    "questions",
    "get",
    "got",
    "need",
    "want",
    "like",
    "agree",
    "agreed",
    "look",
    "work",
    "works",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "today",
    "tomorrow",
    "week",
    "next",
    "last",
    "happens",
    "happen",
    "back",
    "urgent",
    "reminder",
    "update",
    "hello",
    "hi",
    "call",
    "come",
    "comes",
    "asap",
    "day",
    "month",
    "think",
    "see",
    "use",
    "put",
    "take",
    "find",
    "run",
    "runs",
    "lauft",
    "sagen",
    "schicken",
    "frage",
    "question",
    "demande",
    "envoyer",
    "m'envoyer",
    "enviar",
    "pregunta",
    "sure",
    "still",
    "again",
    "possible",
    "march",
    "keep",
    "make",
    "add",
    "same",
    "new",
    "long",
    "following",
];

#[cfg(test)]
mod tests {
    use super::{bare_subject, best_phrase, phrases};
    use postil_evidence::HeaderText;

    #[test]
    fn a_subject_loses_its_marks_only() {
        for (subject, expect) in [
            ("Re: RE: Fwd: Retention terms", "Retention terms"),
            ("AW: WG: Angebot", "Angebot"),
            ("Re[2]: [ntp-users] clock drift", "clock drift"),
            ("Go-live: 7 December", "Go-live: 7 December"),
            ("", ""),
        ] {
            assert_eq!(bare_subject(&HeaderText::clean(subject)).as_str(), expect);
        }
    }

    #[test]
    fn phrases_are_what_a_person_would_say() {
        assert_eq!(phrases("Retention terms and the pricing sheet"), ["Retention terms", "pricing sheet"]);
        assert_eq!(
            best_phrase("send the updated pricing sheet by Friday").as_deref(),
            Some("updated pricing sheet")
        );
        assert_eq!(
            best_phrase("did we agree on 12 or 24 months for the audit logs").as_deref(),
            Some("24 months")
        );
        assert_eq!(
            best_phrase("when does the Spanish interface arrive").as_deref(),
            Some("Spanish interface")
        );
        assert_eq!(best_phrase("do you have the new price list").as_deref(), Some("price list"));
    }
}
