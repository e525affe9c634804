//! Who says what in the lines of a conversation, and whether what was asked about somebody is told by them.
//!
//! "When did Ana run the race?" is not answered where Bo tells of the race he ran: the words are all there and the line is
//! wrong. A turn also leans on the turns around it, so one that names a speaker of the conversation is looked at
//! together with its neighbours.
//!
//! Everything here is a function of the ask and of cleared passages.

use std::collections::{BTreeMap, BTreeSet};

use postil_evidence::{Passage, Source};
use postil_index::ClearedHit;
use postil_understand::sentence::sentences;

use super::forms::Forms;
use super::words;

/// What the one who is asked about tells must hold this share of the asked words that another tells; else it is the
/// other's story.
///
/// # Source
/// Whoever lived something uses its words at least as often as the one who listens and repeats some of them; a little below
/// 1, since a rare word may be missing by chance.
const OWN_STORY: f64 = 0.9;
/// The share of the asked words that a turn and its neighbours must hold at least.
const TALK_COVERAGE: f64 = 0.15;
/// How far the neighbours of a turn reach, in bytes on either side.
const AROUND_TURN: usize = 400;
/// A longer label before a colon is no speaker, in bytes.
const LONGEST_NAME: usize = 32;

/// What the pool of an ask holds of conversations.
#[derive(Debug, Default)]
pub(super) struct Talk {
    /// For each conversation of which the ask names a speaker: its turns.
    turns: BTreeMap<Source, Vec<Turn>>,
    /// The asked words that are no name of a speaker.
    matter: BTreeSet<String>,
    /// Whether somebody else tells what is asked about the one who is named.
    anothers_story: bool,
}

#[derive(Debug)]
struct Turn {
    start: usize,
    end: usize,
    /// The words of the turn as the index has them.
    words: BTreeSet<String>,
}

impl Talk {
    /// Looks at the pool of an ask. `asked` are the words of the ask with their weights, as the index has them.
    pub(super) fn of(hits: &[ClearedHit], asked: &[(String, f64)], forms: &Forms) -> Self {
        let mut conversations: BTreeMap<&Source, Vec<(&Passage, &str, &str)>> = BTreeMap::new();
        for passage in hits.iter().map(|hit| hit.passage.get()) {
            if let Some((speaker, said)) = speaker(&passage.text) {
                conversations.entry(&passage.source).or_default().push((passage, speaker, said));
            }
        }
        // "Decision: …" stands alone; a conversation has at least two who speak. In another session only one may
        // be in the pool.
        let mut speakers: BTreeSet<&str> = BTreeSet::new();
        for turns in conversations.values() {
            let names: BTreeSet<&str> = turns.iter().map(|(_, speaker, _)| *speaker).collect();
            if names.len() > 1 {
                speakers.extend(names);
            }
        }
        let asked_words: BTreeSet<&str> = asked.iter().map(|(word, _)| word.as_str()).collect();
        let is_named = |speaker: &str| {
            let names = words(speaker);
            !names.is_empty()
                && names.iter().any(|name| name.len() > 1 && asked_words.contains(name.as_str()))
        };
        let named: BTreeSet<&str> = speakers.iter().copied().filter(|speaker| is_named(speaker)).collect();
        if named.is_empty() {
            return Self::default();
        }
        let name_words: BTreeSet<String> = named.iter().flat_map(|name| words(name)).collect();
        let weights: Vec<(&str, f64)> = asked
            .iter()
            .filter(|(word, _)| !name_words.contains(word))
            .map(|(word, weight)| (word.as_str(), *weight))
            .collect();
        let (mut own, mut others) = (0.0_f64, 0.0_f64);
        let matter = weights.iter().map(|(word, _)| (*word).to_owned()).collect();
        let mut talk = Self { matter, ..Self::default() };
        for (source, turns) in conversations {
            if !turns.iter().any(|(_, speaker, _)| speakers.contains(speaker)) {
                continue;
            }
            for (passage, speaker, said) in &turns {
                let told = told(said, &weights, forms);
                if named.contains(speaker) {
                    own = own.max(told);
                } else {
                    others = others.max(told);
                }
                talk.turns.entry(source.clone()).or_default().push(Turn {
                    start: passage.span.start,
                    end: passage.span.end,
                    words: forms.words_of(&passage.text),
                });
            }
        }
        // Where the ask names two of them, either may tell it.
        talk.anothers_story = named.len() == 1 && own < OWN_STORY * others;
        talk
    }

    /// The share of the asked weight that a turn and its neighbours hold, where it is enough; `None` for a passage that is
    /// no turn of a conversation that the ask names a speaker of.
    pub(super) fn coverage(&self, passage: &Passage, asked: &[(String, f64)]) -> Option<Option<f64>> {
        let turns = self.turns.get(&passage.source)?;
        if !turns.iter().any(|turn| turn.start == passage.span.start) {
            return None;
        }
        if self.anothers_story {
            return Some(None);
        }
        let (from, to) = (passage.span.start.saturating_sub(AROUND_TURN), passage.span.end + AROUND_TURN);
        let near = || turns.iter().filter(|turn| turn.end > from && turn.start < to);
        // Where only a name is left of the ask, the turn tells something else of them: a list of names, each with a
        // colon, is no conversation.
        if !self.matter.is_empty()
            && !near().any(|turn| self.matter.iter().any(|word| turn.words.contains(word)))
        {
            return Some(None);
        }
        let total: f64 = asked.iter().map(|(_, weight)| weight).sum();
        let held: f64 = asked
            .iter()
            .filter(|(word, _)| near().any(|turn| turn.words.contains(word)))
            .map(|(_, weight)| weight)
            .sum();
        let share = if total > 0.0 { held / total } else { 0.0 };
        Some((share >= TALK_COVERAGE).then_some(share))
    }
}

/// The weight of the asked words in what a turn tells of its speaker: neither in a question, nor in a sentence
/// about the one spoken to.
fn told(said: &str, weights: &[(&str, f64)], forms: &Forms) -> f64 {
    let mut held = BTreeSet::new();
    for sentence in sentences(said) {
        let sentence = sentence.of(said);
        if sentence.trim_end().ends_with('?') {
            continue;
        }
        let plain: Vec<String> =
            sentence.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
        let has = |list: &[&str]| plain.iter().any(|word| list.contains(&word.as_str()));
        if has(SECOND_PERSON) && !has(FIRST_PERSON) {
            continue;
        }
        held.extend(forms.words_of(sentence));
    }
    weights.iter().filter(|(word, _)| held.contains(*word)).map(|(_, weight)| weight).sum()
}

const FIRST_PERSON: &[&str] = &[
    "i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ich", "mich", "mir", "mein", "meine",
    "wir", "uns", "unser", "je", "moi", "mon", "ma", "mes", "nous", "notre", "yo", "mi", "mis", "nosotros",
    "nuestro", "io", "mio", "mia", "noi", "nostro", "ik", "mij", "mijn", "wij", "ons", "onze", "eu", "meu",
    "minha", "nosso",
];

const SECOND_PERSON: &[&str] = &[
    "you", "your", "yours", "yourself", "u", "du", "dich", "dir", "dein", "deine", "ihr", "euch", "euer",
    "tu", "toi", "ton", "ta", "tes", "vous", "votre", "vos", "usted", "tuyo", "vosotros", "voi", "vostro",
    "jij", "jouw", "jullie", "voce", "seu", "sua",
];

/// The speaker before the colon and what they say: "Ana: …", "Dr. Bo Lind: …".
fn speaker(text: &str) -> Option<(&str, &str)> {
    let (name, said) = text.split_once(": ")?;
    let is_name = |word: &str| word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    let fits = name.len() <= LONGEST_NAME
        && (1..=4).contains(&name.split_whitespace().count())
        && name.split_whitespace().all(is_name)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '\'' | '’'));
    fits.then_some((name, said))
}

#[cfg(test)]
mod tests {
    use super::{Forms, speaker, told};

    #[test]
    fn a_speaker_stands_before_a_colon() {
        assert_eq!(speaker("Ana: I ran."), Some(("Ana", "I ran.")));
        assert_eq!(speaker("Dr. Bo Lind: No."), Some(("Dr. Bo Lind", "No.")));
        assert_eq!(speaker("we met at 10: nobody came"), None);
        assert_eq!(speaker("no colon"), None);
    }

    #[test]
    fn a_question_and_a_word_on_the_other_tell_nothing_of_the_speaker() {
        let weights = [("race", 2.0), ("run", 1.0)];
        let check = |said: &str, expect: f64| {
            assert!((told(said, &weights, &Forms::default()) - expect).abs() < 1e-9, "{said}")
        };
        check("I run every day. The race was fun.", 3.0);
        check("Did I tell of the race?", 0.0);
        check("Your race sounds great!", 0.0);
        check("You and I run the race.", 3.0);
    }
}
