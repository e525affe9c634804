//! Questions that are several: "When is the exam, and what is the pass mark?"
//!
//! Finds where the next one begins and completes a fragment ("…, and how fast?") from the one before
//! it. Looks at words only; whether the first part asks at all is the caller's to know.

use crate::pattern::{Pattern, starts_with_any};

/// Question words; a question may begin with a preposition before one.
macro_rules! question_word {
    () => {
        r"(?:(?:on|at|in|for|to|by|from|with|of|until|till|since|under|bis|ab|seit|fur|um|mit|von|an|pour|a|de|d'ici|depuis|jusqu'a|avec|desde|hasta|por|para|en|con|da|per|fino a|sinds|tot|voor|met|ate) )?(?:what|who|whom|whose|when|where|which|why|how|wer|wen|wem|wann|wo|warum|wie|welche[rsnm]?|qui|quand|comment|combien|pourquoi|quel(?:le)?s?|quien|cuando|donde|como|cuanto|cuanta|cuantos|cuantas|cual|chi|quando|dove|quanto|quanta|quale|perche|wanneer|waar|waarom|hoe|hoeveel|welke?|quem|onde|quantos|qual)"
    };
}

/// Where another question begins behind "and": with a question word, with an auxiliary behind a
/// comma, or with an auxiliary and a pronoun.
static NEXT: Pattern = Pattern::when(
    " and | und | et | y | e | en ",
    concat!(
        r" (?:and|und|et|y|e|en) (?:also |then |auch |aussi |tambien |anche |ook )?(",
        question_word!(),
        r"\b)|,? and (?:also )?(whether) |,? und (?:auch )?(ob) |, (?:and|und) (?:also |auch )?((?:do|does|did|is|are|was|were|has|have|can|could|will|would|should|ist|sind|hat|haben|kann|konnen|gibt|wird|werden)) | and (?:also )?((?:do|does|did|is|are|was|were|has|have|can|could|will|should) (?:you|we|i|they|he|she|there|it) )"
    ),
);

/// A question word alone, with what belongs to it: "how fast", "until when", "how soon after …".
static PHRASE: Pattern = Pattern::new(concat!(
    r"^",
    question_word!(),
    r"(?: (?:fast|soon|long|often|far|much|many|big|large|early|late|high|quickly|exactly|else|lange|schnell|oft|viel|viele|bald|weit|genau|snel|vaak|veel|lang))?\b"
));

/// Words that begin what stands behind such a phrase without making it a sentence.
const CONTINUES: &str = "after|before|once|if|for|in|on|at|by|with|without|per|from|to|until|exactly|nach|vor|fur|pro|ab|bis|wenn|apres|avant|pour|despues|antes|para|dopo|prima|na|voor|depois";

/// Auxiliaries behind which the subject of an English question stands.
const AUXILIARY: &str =
    "do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|shall|may|might|must";

/// Places in the folded `part` where a later question of the same sentence begins, in order.
pub(super) fn next_questions(part: &str) -> Vec<usize> {
    let mut from = 0;
    NEXT.groups(part)
        .into_iter()
        .map(|group| group.start)
        .filter(|start| {
            let before = part.get(from..*start).unwrap_or_default().trim_end();
            let before =
                before.rsplit_once(' ').map_or("", |(head, _joint)| head).trim_end_matches([',', ';']);
            // "When and where do we meet?" is one question; so is "who and what".
            let last = before.rsplit(' ').next().unwrap_or_default();
            let whole = before.split(' ').filter(|word| !word.is_empty()).count() >= 3
                && PHRASE.find(last).is_none_or(|found| found.end < last.len())
                && !is_noun_only(before);
            if whole {
                from = *start;
            }
            whole
        })
        .collect()
}

/// "How many users and which roles do they have?": the first part has no verb of its own.
fn is_noun_only(part: &str) -> bool {
    let core = part.get(super::clue::lead_in(part)..).unwrap_or(part);
    let asks_for_noun = starts_with_any(core, "how many|how much|which|what|whose").is_some();
    let mut words = core.split(' ');
    let verb = words.any(|word| AUXILIARY.split('|').any(|known| known == word));
    // "What went wrong" has a verb that no list knows.
    let bare_what = starts_with_any(core, "what").is_some() && core.split(' ').count() >= 3;
    asks_for_noun && !verb && !bare_what && core.split(' ').count() <= 4
}

/// The matter of a fragment, made a question with the words of the one before it; `matter` itself
/// where it stands on its own. "how fast" behind "can old data be brought over" is "how fast can old
/// data be brought over".
pub(super) fn completed(matter: &str, first: &str) -> String {
    let plain = crate::plain::fold(matter);
    let Some(phrase) = PHRASE.find(&plain) else { return matter.to_owned() };
    let rest = plain.get(phrase.end..).unwrap_or_default().trim_start();
    if !(rest.is_empty() || starts_with_any(rest, CONTINUES).is_some()) {
        return matter.to_owned();
    }
    match without_question_word(first) {
        Some(kept) => format!("{matter} {kept}"),
        None => matter.to_owned(),
    }
}

/// What of the first question can follow another question word: all of a yes-or-no question or a
/// statement; of another what stands behind its question word. `None` where the question word's
/// own noun would be lost and cannot be put back.
fn without_question_word(first: &str) -> Option<String> {
    let words: Vec<&str> = first.split(' ').collect();
    let folded: Vec<String> = words.iter().map(|word| crate::plain::fold(word)).collect();
    let plain = folded.join(" ");
    let Some(phrase) = PHRASE.find(&plain) else { return Some(first.to_owned()) };
    let taken = plain.get(..phrase.end)?.split(' ').count();
    let is_auxiliary = |word: &String| AUXILIARY.split('|').any(|known| known == word);
    let auxiliary = folded.iter().skip(taken).position(is_auxiliary)? + taken;
    if auxiliary == taken {
        return Some(words.get(taken..)?.join(" "));
    }
    // "what referral fee do we get on a deal": "do we get the referral fee on a deal".
    let noun = words.get(taken..auxiliary)?.join(" ");
    let pronoun =
        ["i", "you", "we", "they", "he", "she", "it"].contains(&folded.get(auxiliary + 1)?.as_str());
    let does = ["do", "does", "did"].contains(&folded.get(auxiliary)?.as_str());
    if !(pronoun && does) {
        return None;
    }
    let head = words.get(auxiliary..auxiliary + 3)?.join(" ");
    let tail = words.get(auxiliary + 3..)?.join(" ");
    Some(format!("{head} the {noun} {tail}").trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{NEXT, PHRASE, completed, next_questions};

    #[test]
    fn a_question_behind_and_is_found() {
        assert!(NEXT.compiles() && PHRASE.compiles());
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = next_questions(text).into_iter().filter_map(|at| text.get(at..)).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("when is the exam, and what is the pass mark?", &["what is the pass mark?"]);
        check("what is the fee, and for how long is it fixed?", &["for how long is it fixed?"]);
        check("can it be brought over, and how fast?", &["how fast?"]);
        check("is it signed, and has it been paid?", &["has it been paid?"]);
        check("wann ist die prufung und wie lange dauert sie?", &["wie lange dauert sie?"]);
        check("when and where do we meet?", &[]);
        check("can you tell me when and where we meet?", &[]);
        check("how many users and which roles do they have?", &[]);
        check("is it red and blue?", &[]);
        check("which reader works and is the best?", &[]);
    }

    #[test]
    fn a_fragment_is_completed() {
        let check = |matter: &str, first: &str, expect: &str| {
            assert_eq!(completed(matter, first), expect);
        };
        check("how fast", "can old data be brought over", "how fast can old data be brought over");
        check("until when", "the pilot could run on", "until when the pilot could run on");
        check("why", "how long does Acme keep its logs", "why does Acme keep its logs");
        check(
            "how soon after the customer pays",
            "what referral fee do we get on a deal",
            "how soon after the customer pays do we get the referral fee on a deal",
        );
        check("what was it", "has Acme confirmed the cap", "what was it");
        check("since when", "which plan applies", "since when");
    }
}
