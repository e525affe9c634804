//! Questions whose answer has a shape that lines of many words may have too: who, and why.
//!
//! Unlike [`super::exact`] a line without the shape may still answer ("Only administrators can."), so the shape decides
//! between lines and lets one rest on fewer words; it leaves none out.

use std::collections::BTreeSet;

use postil_evidence::text::fold_case;
use postil_evidence::{Passage, Recipients};
use postil_index::is_common_noun;
use postil_understand::Ask;
use postil_understand::date::words::is_day_word;

use super::{has_one_of, words};

/// What an answer without the shape counts beside one with it.
const WITHOUT: f64 = 0.75;

/// What the answer leans towards.
#[derive(Debug)]
pub(super) enum Leaning {
    /// Nothing.
    None,
    /// It names somebody: none of the words of the ask, nor those of the asker's own address.
    Person { asked: BTreeSet<String>, asker: BTreeSet<String> },
    /// It gives a reason.
    Reason,
}

impl Leaning {
    pub(super) fn of(ask: &Ask, recipients: &Recipients) -> Self {
        let matter = fold_case(&ask.matter);
        let begins = |starts: &[&str]| starts.iter().any(|start| matter.starts_with(start));
        if begins(WHO) {
            // Whoever asks is told of others: nobody asks who they are themselves. Of several readers any may ask.
            let asker = match (recipients.addrs().first(), recipients.addrs().len()) {
                (Some(asker), 1) => words(asker.as_str().split('@').next().unwrap_or_default()),
                (Some(_) | None, _) => BTreeSet::new(),
            };
            let asked = words(&ask.matter).union(&asker).cloned().collect();
            Self::Person { asked, asker }
        } else if begins(WHY) {
            Self::Reason
        } else {
            Self::None
        }
    }

    /// Whether a line that has the shape may rest on one word of the ask.
    pub(super) fn may_rest_on_it(&self, passage: &Passage) -> bool {
        match self {
            Self::Person { asked, .. } => names_somebody(&passage.text, asked),
            Self::Reason | Self::None => false,
        }
    }

    /// What a line counts beside others that hold as many words of the ask.
    pub(super) fn factor(&self, passage: &Passage) -> f64 {
        let has = match self {
            Self::None => true,
            Self::Person { asked, .. } => names_somebody(&passage.text, asked),
            Self::Reason => has_one_of(&fold_case(&passage.text), BECAUSE),
        };
        if has { 1.0 } else { WITHOUT }
    }

    /// Whether a line names the asker and nobody else.
    pub(super) fn rules_out(&self, passage: &Passage) -> bool {
        match self {
            Self::Person { asked, asker } => {
                let inside = words(&passage.text);
                asker.iter().any(|word| word.len() > 2 && inside.contains(word))
                    && !names_somebody(&passage.text, asked)
            }
            Self::Reason | Self::None => false,
        }
    }

    /// Whether a word of the question says what somebody does and is as well said otherwise: "who will run the training" is
    /// told by who "gives" it. `word` as the index has it.
    pub(super) fn asks_with(&self, word: &str) -> bool {
        matches!(self, Self::Person { .. }) && DOES.split_whitespace().any(|known| known == word)
    }
}

const WHO: &[&str] = &[
    "who ",
    "whom ",
    "by whom",
    "to whom",
    "with whom",
    "from whom",
    "wer ",
    "wem ",
    "wen ",
    "von wem",
    "qui ",
    "a qui",
    "par qui",
    "quien ",
    "quienes ",
    "a quien",
    "chi ",
    "da chi",
    "door wie",
    "quem ",
    "por quem",
];
const WHY: &[&str] = &[
    "why ",
    "how come",
    "for what reason",
    "what is the reason",
    "what was the reason",
    "warum ",
    "wieso ",
    "weshalb ",
    "pourquoi ",
    "por que ",
    "perche ",
    "waarom ",
];
const BECAUSE: &[&str] = &[
    "because",
    "since",
    "reason",
    "due",
    "therefore",
    "so",
    "hence",
    "weil",
    "da",
    "denn",
    "deshalb",
    "wegen",
    "grund",
    "parce",
    "car",
    "puisque",
    "raison",
    "porque",
    "motivo",
    "razon",
    "perche",
    "poiche",
    "omdat",
    "want",
    "reden",
    "pois",
];
/// Stems of what somebody does.
const DOES: &str = "run give do take hold lead manag handl own respons charg care organ organis";
/// Words for somebody by what they do.
const ROLES: &[&str] = &[
    "team",
    "officer",
    "manager",
    "deputy",
    "engineer",
    "engineers",
    "administrator",
    "administrators",
    "admin",
    "admins",
    "board",
    "auditor",
    "director",
    "colleague",
    "supplier",
    "customer",
    "department",
    "abteilung",
    "leiter",
    "leiterin",
    "vertretung",
    "equipe",
    "responsable",
    "equipo",
    "afdeling",
];

/// Whether a text names somebody by another word than these: by a name inside a sentence, two names that begin one, or
/// what they do.
fn names_somebody(text: &str, not: &BTreeSet<String>) -> bool {
    let mut begins = true;
    let mut began_with_a_name = false;
    for token in text.split_whitespace() {
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        let folded = fold_case(word);
        let known = || words(word).iter().any(|word| not.contains(word));
        let is_name = word.starts_with(char::is_uppercase)
            && word.chars().any(char::is_lowercase)
            && !is_day_word(&folded)
            && !is_common_noun(word)
            && !known();
        if is_name && (!begins || began_with_a_name) || (ROLES.contains(&folded.as_str()) && !known()) {
            return true;
        }
        began_with_a_name = is_name && begins;
        if word.is_empty() {
            continue;
        }
        begins = token.ends_with(['.', '!', '?', ':', '*']);
        if began_with_a_name && !begins {
            // The next word is looked at as the second of a name.
            continue;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_named_by_a_name_or_by_what_they_do() {
        let not = words("Marlow training Ana");
        let check = |text: &str, expect: bool| assert_eq!(names_somebody(text, &not), expect, "{text}");
        check("Bo Lind gives the training.", true);
        check("The training is given by Lind.", true);
        check("The security team sets it.", true);
        check("Collectors in Marlow send since November.", false);
        check("Ana Marlow", false);
        check("The training stays where it is.", false);
    }

    #[test]
    fn a_reason_is_told_by_its_words() {
        assert!(has_one_of("we took it because it is near", BECAUSE));
        assert!(!has_one_of("it lives in the north", BECAUSE));
    }
}
