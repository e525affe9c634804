//! A question of a mail as a clause: "does the console send data?" is "whether the console sends data".
//!
//! Pronouns stay as they are; the caller turns them. Where the grammar is not sure, `None`.

use crate::english::{
    AUXILIARIES, DETERMINERS, ONLY_VERBS, VERBS, bare, base_of_third_person, finite_verb, is_ed, is_one_of,
    join, past, third_person,
};

const ASKING: &str = "who whose what when where which why how";
const BEFORE_ASKING: &str = "on in at for by from to until since with of under about into";

/// Verbs that stand behind an auxiliary of a question and are nouns elsewhere.
const AFTER_AUXILIARY: &str = "apply arrive arrange break catch clear consider contact convert copy correct delay deploy detect \
    disable enable enforce enter exist expand fetch fit fix forward fulfil hash hear identify ignore \
    interrupt load lock match merge mirror monitor occur operate pass perform pick process protect qualify \
    recommend recover register reject release rely remember reset resolve restart retain retry \
    revoke roll scale scan settle split store suspend sync touch trigger trust understand unlock \
    validate verify view";

/// Words behind "is" and "are" at which the subject ends.
const COMPLEMENT: &str = "kept made sent paid set done up on at in within valid available ready possible due over planned free \
    used seen written given taken chosen found built bought brought held left lost put run sold told known \
    shown allowed responsible compatible enough open closed correct right true safe affected";

/// A question as a clause: "how long will it be kept" is "how long it will be kept".
pub(crate) fn indirect(question: &str) -> Option<String> {
    let question = question.trim().trim_end_matches(['?', '.', '!', ' ']).trim();
    let question = without_name(question);
    let question = question.strip_suffix(", by the way").unwrap_or(question);
    let question = question.strip_suffix(" please").unwrap_or(question).trim_end_matches(',');
    if let Some((first, joint, second)) = split_compound(question) {
        // "and how fast", "and how soon after the customer pays": no order to turn.
        let words: Vec<String> = second.split_whitespace().map(bare).collect();
        let turned = words.iter().any(|word| is_one_of(AUXILIARIES, word));
        let second = if turned || words.len() > 10 { indirect_one(second)? } else { second.to_owned() };
        let first = indirect_one(first).or_else(|| embedded(first))?;
        return Some(format!("{first}{joint}{second}"));
    }
    if let Some((first, second)) = split_choice(question) {
        return Some(format!("{} or {}", indirect_one(first)?, indirect_one(second)?));
    }
    // "could you tell me how long": what is wanted is how long.
    embedded(question).or_else(|| indirect_one(question))
}

/// What is to be decided, as a clause: "should we take the slot" is "whether to take the slot".
pub(crate) fn to_decide(question: &str) -> Option<String> {
    let question = without_name(question.trim().trim_end_matches(['?', '.', '!', ' ']).trim());
    let lower = question.to_lowercase();
    for lead in [
        "would you be willing to ",
        "would you be open to ",
        "would you be able to ",
        "would you be happy to ",
        "are you willing to ",
        "are you able to ",
        "are you happy to ",
        "could you see yourself ",
    ] {
        if lower.starts_with(lead) {
            return Some(format!("whether you can {}", question.get(lead.len()..)?));
        }
    }
    let whether = |text: &str| {
        let lower = text.to_lowercase();
        let lead = ["should we ", "should i ", "shall we ", "shall i "]
            .into_iter()
            .find(|lead| lower.starts_with(lead))?;
        Some(format!("whether to {}", text.get(lead.len()..)?))
    };
    if let Some((first, second)) = split_choice(question) {
        let first = whether(first).or_else(|| indirect_one(first))?;
        return Some(format!("{first} or {}", whether(second).or_else(|| indirect_one(second))?));
    }
    whether(question).or_else(|| indirect(question))
}

/// "Sam, which port …" without the name.
fn without_name(question: &str) -> &str {
    match question.split_once(", ") {
        Some((name, rest))
            if !name.contains(' ')
                && name.starts_with(char::is_uppercase)
                && rest.split(' ').next().is_some_and(|word| opens(&bare(word), "")) =>
        {
            rest
        }
        Some(_) | None => question,
    }
}

fn opens(first: &str, second: &str) -> bool {
    is_one_of(ASKING, first)
        || is_one_of(AUXILIARIES, first)
        || is_one_of(BEFORE_ASKING, first) && (second.is_empty() || is_one_of(ASKING, second))
}

/// Two questions in one, and the words between them as a clause needs them.
pub(crate) fn split_compound(question: &str) -> Option<(&str, &'static str, &str)> {
    for joint in [", and ", " and "] {
        for (at, _) in question.match_indices(joint) {
            let (first, second) = (question.get(..at)?, question.get(at + joint.len()..)?);
            let mut words = second.split_whitespace().map(bare);
            let (one, two) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if is_one_of(ASKING, &one) || is_one_of(BEFORE_ASKING, &one) && is_one_of(ASKING, &two) {
                return Some((first, " and ", second));
            }
        }
    }
    None
}

/// "is that all right, or should we wait": two questions to choose between.
fn split_choice(question: &str) -> Option<(&str, &str)> {
    [", or ", " or "].iter().find_map(|joint| {
        let (first, second) = question.split_once(joint)?;
        let opens = bare(second.split_whitespace().next()?);
        (is_one_of(AUXILIARIES, &opens) || is_one_of("shall", &opens)).then_some((first, second))
    })
}

/// A question that is a clause already: "I was wondering whether …", "could you tell me how long …".
fn embedded(question: &str) -> Option<String> {
    let raw: Vec<&str> = question.split_whitespace().collect();
    let words: Vec<String> = raw.iter().map(|word| bare(word)).collect();
    let first = words.first()?;
    let to_us = |word: &String| is_one_of("you i please she he they also we", word);
    if is_one_of(ASKING, first) || !words.iter().take(4).any(to_us) {
        return None;
    }
    let at = words.iter().position(|word| {
        is_one_of("wondering wonder know tell asks ask asking check see remember confirm say", word)
    })?;
    let rest: Vec<&str> = raw
        .iter()
        .zip(&words)
        .skip(at + 1)
        .skip_while(|(_, word)| is_one_of("me us you please again", word))
        .map(|(raw, _)| *raw)
        .collect();
    let first = rest.first().map(|word| bare(word))?;
    let second = rest.get(1).map(|word| bare(word)).unwrap_or_default();
    let tail = rest.get(1..)?;
    let text = match first.as_str() {
        "whether" | "if" => format!("whether {}", join(tail)),
        _ if is_one_of(ASKING, &first) || is_one_of(BEFORE_ASKING, &first) && is_one_of(ASKING, &second) => {
            if is_one_of(AUXILIARIES, &second) && rest.len() > 2 && first != "who" && first != "what" {
                return None;
            }
            join(&lowered(&rest))
        }
        _ => return None,
    };
    (rest.len() <= 24 && finite_verb(&rest)).then_some(text)
}

fn indirect_one(question: &str) -> Option<String> {
    let raw: Vec<&str> = question
        .split_whitespace()
        .skip_while(|word| is_one_of("and so also but again", &bare(word)))
        .collect();
    if raw.len() > 22 || raw.iter().rev().skip(1).any(|word| word.ends_with(['?', '!', ';'])) {
        return None;
    }
    let words: Vec<String> = raw.iter().map(|word| bare(word)).collect();
    let first = words.first()?.as_str();
    let behind = usize::from(
        is_one_of(BEFORE_ASKING, first) && words.get(1).is_some_and(|word| is_one_of(ASKING, word)),
    );
    let asking = words.get(behind).map(String::as_str).unwrap_or_default();
    let wh = is_one_of(ASKING, asking);
    let Some(aux_at) = words.iter().position(|word| is_one_of(AUXILIARIES, word)) else {
        // Without an auxiliary the question word is the subject: "which credit applies".
        let ends = raw.len() > 2 && base_of_third_person(words.last()?).is_some();
        return (wh && (ends || finite_verb(&raw))).then(|| join(&lowered(&raw)));
    };
    if !wh && aux_at != 0 {
        return None;
    }
    let aux = words.get(aux_at)?.as_str();
    if wh {
        // "until when the pilot could run": a clause already.
        let next = words.get(behind + 1)?;
        let adverb = is_one_of("when where why how", asking);
        if adverb && (is_one_of(DETERMINERS, next) || is_one_of("i you we they he she it", next)) {
            return Some(join(&lowered(&raw)));
        }
        // A finite verb before any auxiliary: the question word is the subject, and the order stays.
        let lead = raw.get(..aux_at)?;
        if finite_verb(lead) || is_subject(asking, words.get(behind + 1)?, aux, words.get(aux_at + 1)?) {
            return Some(join(&lowered(&raw)));
        }
    }
    let head = if wh { join(&lowered(raw.get(..aux_at)?)) } else { "whether".to_owned() };
    let rest = raw.get(aux_at + 1..)?;
    let rest_words = words.get(aux_at + 1..)?;
    // "do you know a firm": whether there is one.
    if aux == "do"
        && matches!(rest_words, [you, know, article, ..] if you == "you" && know == "know" && (article == "a" || article == "any"))
    {
        return Some(format!("{head} there is {}", join(rest.get(2..)?)));
    }
    let subject_end = subject_end(rest_words, aux)?;
    let (subject, tail) = (rest.get(..subject_end)?, rest.get(subject_end..)?);
    if subject.is_empty() {
        return None;
    }
    let clause = match aux {
        "do" => join(&[subject, tail].concat()),
        "does" => format!("{} {}", join(subject), verb_as(tail, third_person)?),
        "did" => format!("{} {}", join(subject), verb_as(tail, past)?),
        _ if aux.contains('\'') => return None,
        _ => join(&[subject, &[aux], tail].concat()),
    };
    Some(format!("{head} {clause}"))
}

/// Whether the question word is the subject, so that the order stays: "who will give the training".
fn is_subject(asking: &str, next: &str, aux: &str, after: &str) -> bool {
    let counts = asking == "how" && is_one_of("many much", next);
    if !is_one_of("who whose what which", asking) && !counts {
        return false;
    }
    if is_one_of("is are was were", aux) {
        // "who is responsible", "which regions are covered"; "what is our host" turns round.
        is_ed(after) || is_one_of(COMPLEMENT, after)
    } else if is_one_of("do does did", aux) {
        false
    } else {
        is_one_of(VERBS, after) || is_one_of("be been", after)
    }
}

/// The words behind a subject with the first verb in another form.
fn verb_as(tail: &[&str], form: fn(&str) -> String) -> Option<String> {
    let at = tail.iter().position(|word| is_verb(&bare(word)))?;
    // Only an adverb may stand between subject and verb.
    if at > 1 {
        return None;
    }
    let written = tail.get(at)?;
    let base = bare(written);
    let end = written.trim_start_matches(char::is_alphanumeric);
    let mut words: Vec<String> = tail.iter().map(|word| (*word).to_owned()).collect();
    *words.get_mut(at)? = format!("{}{end}", form(&base));
    Some(words.join(" "))
}

fn is_verb(word: &str) -> bool {
    is_one_of(VERBS, word)
        || is_one_of(ONLY_VERBS, word)
        || is_one_of(AFTER_AUXILIARY, word)
        || is_one_of("have do", word)
}

/// Where the subject after an auxiliary ends, in words.
fn subject_end(words: &[String], aux: &str) -> Option<usize> {
    let first = words.first()?.as_str();
    if is_one_of("i you we they he she it there this that", first)
        && (!is_one_of("this that", first)
            || words.get(1).is_none_or(|next| {
                !next.chars().all(char::is_alphabetic)
                    || is_verb(next)
                    || is_one_of(COMPLEMENT, next)
                    || next == "ok"
                    || next == "okay"
            }))
    {
        return Some(1);
    }
    let modal = is_one_of("do does did will can could would should may might must", aux);
    let is_adverb = |word: &String| is_one_of("still also already now yet ever always usually", word);
    let has_adverb = words.iter().take(6).any(is_adverb);
    let boundary = words.iter().enumerate().skip(1).find(|(i, word)| {
        let before = i.checked_sub(1).and_then(|p| words.get(p)).map(String::as_str).unwrap_or_default();
        let after = words.get(i + 1).map(String::as_str).unwrap_or_default();
        let adverb = is_adverb(word);
        if is_one_of(DETERMINERS, before) || is_one_of("of for and in on at", before) {
            return false;
        }
        if modal {
            // "the legal hold also covers": an adverb is a surer sign than a word that may be a noun;
            // of two such words side by side, the second is the verb.
            adverb || (is_verb(word) && !has_adverb && !is_verb(after))
        } else {
            adverb || is_ed(word) || is_one_of(COMPLEMENT, word)
        }
    });
    match boundary {
        Some((i, _)) => Some(i),
        None if !modal && is_one_of("is are was were", aux) && words.len() <= 8 => Some(
            words.iter().position(|word| is_one_of("again exactly please now", word)).unwrap_or(words.len()),
        ),
        None => None,
    }
}

/// The words with the first one small: it is a question word.
fn lowered(raw: &[&str]) -> Vec<String> {
    raw.iter()
        .enumerate()
        .map(|(i, word)| if i == 0 { word.to_lowercase() } else { (*word).to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{indirect, to_decide};

    #[test]
    fn questions_become_clauses() {
        for (question, clause) in [
            (
                "who at Halyard fills in the section this time?",
                "who at Halyard fills in the section this time",
            ),
            ("When will it be ready?", "when it will be ready"),
            ("does the console send any usage data?", "whether the console sends any usage data"),
            ("how long will the audit trail be kept?", "how long the audit trail will be kept"),
            ("Is there a reader for AS/400 journals?", "whether there is a reader for AS/400 journals"),
            ("what is our discount floor for Northwind?", "what our discount floor for Northwind is"),
            ("did we agree on 12 or 24 months?", "whether we agreed on 12 or 24 months"),
            (
                "Which other banks of our size use your product?",
                "which other banks of our size use your product",
            ),
            ("When is the exam, and what is the pass mark?", "when the exam is and what the pass mark is"),
            ("do we know her budget?", "whether we know her budget"),
            ("Is go-live still on 7 December?", "whether go-live is still on 7 December"),
            (
                "Can old Splunk data be brought over, and how fast?",
                "whether old Splunk data can be brought over and how fast",
            ),
            (
                "on which operating systems does the collector run?",
                "on which operating systems the collector runs",
            ),
            (
                "I was wondering whether the pilot could run on past Christmas, and until when.",
                "whether the pilot could run on past Christmas and until when",
            ),
            ("Which price did they get?", "which price they got"),
            (
                "What referral fee do we get on a new deal, and how soon after the customer pays?",
                "what referral fee we get on a new deal and how soon after the customer pays",
            ),
            (
                "And do you know a firm that can still read LTO-4?",
                "whether there is a firm that can still read LTO-4",
            ),
            ("until when the pilot could run on", "until when the pilot could run on"),
            ("Who will give the training?", "who will give the training"),
            ("How many requests per minute are allowed?", "how many requests per minute are allowed"),
            ("Could you tell me how long backups are kept?", "how long backups are kept"),
            ("does the legal hold cover tapes?", "whether the legal hold covers tapes"),
            ("Sam, which port did we settle on?", "which port we settled on"),
            (
                "how often do you test a restore on your side, by the way?",
                "how often you test a restore on your side",
            ),
            (
                "Has Tessel confirmed the cap, and what was it exactly?",
                "whether Tessel has confirmed the cap and what it was exactly",
            ),
        ] {
            assert_eq!(indirect(question).as_deref(), Some(clause));
        }
        for unsure in ["Noodles at 12:30?", "bw-auditor please.", "Why not?"] {
            assert_eq!(indirect(unsure), None, "{unsure}");
        }
    }

    #[test]
    fn decisions_become_clauses() {
        for (question, clause) in [
            (
                "Should we take the early slot or stay with January?",
                "whether to take the early slot or stay with January",
            ),
            (
                "Is that OK with you, or should we wait for Monday?",
                "whether that is OK with you or whether to wait for Monday",
            ),
            (
                "Would you be willing to give a talk on 4 February?",
                "whether you can give a talk on 4 February",
            ),
        ] {
            assert_eq!(to_decide(question).as_deref(), Some(clause));
        }
    }
}
