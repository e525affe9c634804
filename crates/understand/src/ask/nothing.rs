//! Sentences that have the words of an ask and want nothing: labels, names, news, courtesies, headlines.
//!
//! They are told by how they are built, each by a pattern of its own, and stand apart from the rules of
//! [`super::clue`]: those also feed the learned weights, whose data call some of these an ask.

use crate::pattern::Pattern;

use super::clue;

/// "Contact(s): Tony 713-…", "Phone: …", "Note: see below": a label, and the word before the colon is a noun.
static LABEL: Pattern = Pattern::when(
    ":",
    r"^(?:contact|email|e-mail|mail|text|phone|call|fax|address|order|copy|mark|set|report|start|stop|answer|help|change|charge|move|visit|meet|schedule|show|print|draft|review|confirm|update|work|test|return)s?(?: (?:info|information|details|person|number|date|time|no\.?|address))?(?: ?\(s\))?(?: ?#)? ?:(?:\s|$)",
);

/// "Email is once again available", "Help was on its way": the verb stands behind, so the first word is a noun.
static NOUN: Pattern = Pattern::when(
    " is| are| was| were| has| have| had| will| won't| can't| cannot| remain",
    r"^(?:email|e-mail|mail|phone|text|help|work|order|contact|address|answer|call|change|copy|report|review|print|draft|visit|charge|set|watch|show|test|schedule|update|share|move|return|access|service|start|stop|hold|run)s?(?: (?:access|service|time|line|number|support|station))? (?:is|are|was|were|has|have|had|will|won't|can't|cannot|remains?)\b",
);

/// What the writer tells, in the words of a wish: "I just wanted to let you know", "you should know that".
static TELLS: Pattern = Pattern::when(
    "let you know|let u know|let everyone know|let you all know|you should know|should be aware|you to know|to thank|to say |to tell you|to share|to congratulate|to wish",
    r"^(?:(?:i|we)(?:'d| would)? ?(?:also |just |really |only )*(?:want(?:ed)?|like(?:d)?|thought (?:i|we)(?:'d| would)) (?:also |just )?(?:to )?(?:let (?:you|u|everyone|you all|all of you) know|say|tell you|share|thank|congratulate|wish)|(?:also |just )*to let (?:you|u|everyone|you all) know|(?:i|we) (?:also |just )?want you to know|.{0,60}\byou (?:all )?should (?:also )?(?:know|be aware))\b",
);

/// An offer that is open to whoever needs it: "should you need anything", "we welcome any feedback".
static OFFERS: Pattern = Pattern::when(
    "should you |welcome |if you have |if anyone |if you need |if you notice|if you see |if you find |if you run into|if you experience|if you encounter|not exactly what|not what you",
    r"\b(?:call|e-?mail|contact|ask|see|page|ping|reach|stop by|come by|write)(?: to)?(?: me| us| him| her| them)?\b.{0,40}\bif (?:you|anyone) (?:have|has) (?:any |other |further )?(?:questions?|concerns?|problems?|issues?)\b|\bshould (?:you|anyone) (?:need|have|require|want|wish|run into|experience)\b|\b(?:we|i) (?:always |would |'d )?welcome (?:any|your|all) |\blet (?:me|us) know if (?:you|anyone) (?:have|has|had|need|needs|notice|see|find|run into|experience)(?: any)?(?: other| further| more)? ?(?:questions?|concerns?|comments?|problems?|issues?|trouble|difficult(?:y|ies)|errors?|mistakes?)\b|\bif you (?:notice|see|find|experience|encounter|run into) any(?: other| further| more)? ?(?:errors?|mistakes?|problems?|issues?|trouble|difficult(?:y|ies)|discrepanc(?:y|ies))\b|\bif this is not (?:exactly )?what you (?:want|wanted|need|needed|had in mind)\b",
);

/// What a newspaper says of somebody, and a headline: "Asked if the president …, he said", "Which plan is right for you?"
static PRINTED: Pattern = Pattern::when(
    "asked |right for you|need to know|you should know about|^fyi",
    r"^(?:when )?asked (?:if|whether|about|by|how|why|what|when|for)\b.*[.,]|^which [a-z0-9 -]{2,40} is (?:right|best) for you\b|^(?:[0-9]+ things |what |everything )you (?:need|ought|should|have) (?:to )?(?:know|do)(?: about)?\b(?: (?:today|now|this week|in [0-9]{4}))?|^fyi ?[?!.]*$",
);

/// Thanks in the shape of a wish, and calls for patience: "We appreciate their contributions", "please be patient".
static THANKS: Pattern = Pattern::when(
    "appreciate|in advance|be patient|bear with|in touch|^take care",
    r"^(?:as always,? )?(?:i|we) (?:also |really |very much |greatly |truly |sincerely )*appreciate (?:the|your|their|his|her|all|each|everyone|everybody)\b|\bplease (?:be patient|bear with)\b|^(?:many )?(?:thanks|thank you)(?: all)? in advance\b|^(?:keep|stay) in touch\b|^take care\b",
);

/// A telephone number whose "?" was a dash once.
static NUMBER: Pattern = Pattern::when("?", r"[0-9]{3}[-. ][0-9]{4} ?\?$");

/// Words that ask whatever stands around them.
static ASKS_STILL: Pattern = Pattern::when(
    "please|pls|could you|can you|would you|will you|need you to",
    r"\b(?:please|pls|could you|can you|would you|will you|need you to)\b",
);

/// Whether a sentence with a clue asks for nothing. `raw` and `plain` are the same sentence without vocative and
/// greeting, as written and folded.
pub(super) fn asks_nothing(raw: &str, plain: &str) -> bool {
    let core = plain.get(clue::lead_in(plain)..).unwrap_or(plain);
    if LABEL.is_match(core) || is_name(raw) || PRINTED.is_match(core) || NUMBER.is_match(core) {
        return true;
    }
    let marked = plain.trim_end().ends_with('?');
    if (OFFERS.is_match(core) || THANKS.is_match(core) || THANKS.is_match(plain)) && !marked {
        return true;
    }
    let is_told = NOUN.is_match(core) || TELLS.is_match(core);
    is_told && !marked && !ASKS_STILL.is_match(core)
}

/// "Mark Martel": a line that is a name and begins with a verb by chance.
fn is_name(raw: &str) -> bool {
    let words: Vec<&str> = raw.split_whitespace().collect();
    let named = |word: &&str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.all(|c| c.is_lowercase() || c == '.')
    };
    let given =
        ["Mark", "Will", "May", "Grant", "Bill", "Pat", "Drew", "Sue", "Chase", "Rob", "Skip", "Pierce"];
    (2..=3).contains(&words.len())
        && words.first().is_some_and(|first| given.contains(first))
        && words.iter().all(named)
        && words.last().is_some_and(|last| !last.ends_with('.') || last.len() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::fold;

    #[track_caller]
    fn check(text: &str, expect: bool) {
        assert_eq!(asks_nothing(text, &fold(text)), expect, "{text}");
    }

    #[test]
    fn every_pattern_compiles() {
        for pattern in [&LABEL, &NOUN, &TELLS, &OFFERS, &PRINTED, &THANKS, &NUMBER, &ASKS_STILL] {
            assert!(pattern.compiles(), "{pattern:?}");
        }
    }

    #[test]
    fn what_only_has_the_words() {
        for text in [
            "Contact(s): Tony Brook 555-0134",
            "CONTACT: See information below",
            "Email is once again available.",
            "Mark Martel",
            "I just wanted to let you know how much I enjoyed the day.",
            "Just to let you know where we are on the new product.",
            "Although there are no guarantees, you should know that we try.",
            "I want you to know that we will pay.",
            "Please call Kim or myself should you need anything.",
            "As always, we welcome any feedback on our research.",
            "Let me know if you have questions or concerns!",
            "If you notice any more errors, tell the desk.",
            "Asked if the mayor had any reaction, Mr. Stone shook his head.",
            "Which plan is right for you?",
            "FYI?",
            "Thank you in advance for adjusting your schedule accordingly.",
            "Keep in touch.",
            "Give me a call if you have questions.",
            "Phone #: 555-0134",
            "We appreciate their contributions and wish them the best.",
            "We are at it, so please be patient.",
            "River Service - Brian Gore, 206-555-0123 ?",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn what_asks_all_the_same() {
        for text in [
            "Contact Tony about the keys.",
            "Call me: I am at home.",
            "Please mark the date.",
            "Email Ana the figures.",
            "I wanted to let you know that we moved, could you update the list?",
            "Let me know if you have the report.",
            "Let me know if you can come.",
            "Should we wait for you?",
            "Which plan is right for the new office?",
            "Mark the pages.",
            "I would really appreciate your help on Saturday.",
            "Call me if you have the figures.",
            "I want you to send the list.",
        ] {
            check(text, false);
        }
    }
}
