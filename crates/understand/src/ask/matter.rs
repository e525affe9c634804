//! What an ask is about: its words without the asking.

use super::keyword::{is_asking_verb, is_stop_word};
use crate::pattern::{Pattern, starts_with_any};
use crate::plain::{Plain, fold};
use postil_evidence::Span;

/// The words of asking that stand before what is asked for.
static FRAME: Pattern = Pattern::new(concat!(
    r"^(?:",
    // English.
    r"(?:can|could|would|will|cld) (?:you|u|someone|anybody|anyone)(?: guys| all| both| two)?(?: please| kindly| maybe| possibly| perhaps| also| just| quickly| be able to| be so kind as to| mind| at least)*,? |",
    r"(?:would|do) you mind |",
    r"(?:can|could|may|might) i (?:please |just |also |kindly )?(?:ask|trouble|bother) you (?:to |for )?|",
    r"(?:please|pls|plz|kindly)[, ]+(?:also |do |just |kindly |then )*(?:could you |can you )?|",
    r"(?:i was|i'm|i am|we were|we are|we're|just|been)? ?(?:also |just |really )?(?:wondering|curious|hoping) (?:if|whether|that)? ?(?:you (?:could|can|would|might)(?: please)? |we could |i could )?|",
    r"i wonder (?:if|whether) (?:you (?:could|can|would) )?|",
    r"(?:it|that)(?:'d| would| will) be (?:really |very |so |most |super |extremely )?[a-z]+ if (?:you|we|someone) (?:could|can|would)? ?(?:please |also )?|",
    r"(?:it|that)(?:'d| would) be (?:really |very |so )?[a-z]+ to |",
    r"(?:i|we)(?:'d| would|'ll| will)? (?:really |greatly |very much |so |also |certainly )?appreciate it if (?:you|we|someone) (?:could|can|would|will)? ?(?:please )?|",
    r"(?:i|we)(?:'d| would) be (?:very |most |so |really )?(?:grateful|glad|happy|thankful|obliged) if (?:you|we|someone) (?:could|can|would)? ?(?:please )?|",
    r"(?:i|we)(?:'d| would)? (?:also |really )?(?:like|love|want|need) (?:for )?you to |",
    r"(?:i|we) need (?:you to )|",
    r"(?:you )?(?:make sure|ensure|be sure|remember|don't forget|do not forget|try)(?: to| that you| you)? |",
    r"(?:you (?:need to|should|must|have to) )|",
    r"if you (?:could|would|can)(?: please)? |",
    r"(?:is there )?(?:any|a|some) (?:chance|possibility|way) (?:that you (?:could|can) |you (?:could|can) |to |of )?|",
    r"(?:would it be|is it|be) (?:at all )?possible (?:for you )?to |",
    r"(?:do you (?:happen to )?(?:know|remember|recall))(?: if| whether)? |",
    r"(?:she|he|they|we|i|[a-z]+) (?:also )?(?:asks?|asked|wants? to know|would like to know|'d like to know|need to know) (?:you |me )?(?:if |whether )?|",
    r"(?:(?:have|did) you (?:had|have|get|got) a chance to )|",
    r"feel free to ",
    r")"
));

/// The same in the other languages.
static FRAME_ABROAD: Pattern = Pattern::when(
    concat!(
        "^kann|^konn|^wurd|^mag|^moch|^bitte|^es ware|^ich wollte|^weiss|^wissen|^pourri|^pouvez|^peux|",
        "^pourrai|^merci|^veuillez|^serait|^savez|^sais|^me |^pued|^podr|^pode|^por favor|",
        "^te agradeceria|^seria|^sabe|^puoi|^potre|^potete|^per favore|^sarebbe|^sai |^kun|^kan |^zou|",
        "^wil |^alsjeblieft|^weet|^voce|^gostaria"
    ),
    concat!(
        r"^(?:",
        // German.
        r"(?:kannst|konntest|wurdest|magst|mochtest) du (?:bitte |mir bitte |uns bitte |vielleicht |noch |auch |mal )*|(?:konnen|konnten|wurden) sie (?:bitte |mir bitte |uns bitte |vielleicht |noch |auch )*|(?:konnt|konntet) ihr (?:bitte |noch |auch )*|bitte |es ware (?:super|toll|schon|nett|gut|hilfreich),? wenn (?:du|sie|ihr) |ich wollte fragen,? ob |weisst du,? |wissen sie,? |",
        // French.
        r"(?:pourriez|pouvez)-vous (?:s'il vous plait )?|(?:peux|pourrais)-tu (?:s'il te plait )?|merci (?:aussi |egalement |donc )?(?:de |d')(?:bien vouloir )?|veuillez |serait-il possible de |savez-vous |sais-tu |",
        // Spanish, Italian, Dutch, Portuguese.
        r"(?:me )?(?:puedes|podrias|podria|puede|podeis) (?:por favor )?|por favor,? |te agradeceria que |seria posible |sabes |",
        r"(?:puoi|potresti|potete|potreste|potrebbe) (?:per favore )?|per favore,? |sarebbe possibile |sai |",
        r"(?:kun|kan|zou|wil) (?:je|u|jij) (?:alsjeblieft |alstublieft |misschien |ook |even )*|kunt u |alsjeblieft,? |weet je |",
        r"(?:voce )?(?:pode|poderia|podes|poderias) (?:por favor |me )?|gostaria de |sabe ",
        r")"
    ),
);

fn frame(text: &str) -> usize {
    FRAME.find(text).or_else(|| FRAME_ABROAD.find(text)).map_or(0, |found| found.end)
}

/// What may stand behind an ask without belonging to it.
static TAIL: Pattern = Pattern::new(
    r#"(?:[ ,;:-]*(?:\b(?:please|pls|plz|thanks(?: (?:a lot|in advance|so much|again|very much))?|thank you(?: (?:in advance|so much|very much))?|thx|tia|cheers|if possible|if you (?:can|could|don't mind)|when you (?:get a chance|have a (?:moment|minute))|at your convenience|by the way|btw|just so (?:i|we) know|just in case|for (?:once|now)|i (?:think|guess|suppose|assume)|as (?:always|usual|ever|before|planned|(?:we )?(?:discussed|agreed|promised|mentioned|said|talked about)(?: (?:yesterday|today|earlier|before|last week|this morning|on the phone|on [a-z]+day))?)|wie (?:immer|besprochen|vereinbart|gestern besprochen)|comme (?:convenu|toujours|discute)|como (?:siempre|acordamos|hablamos)|come (?:concordato|sempre)|zoals (?:besproken|afgesproken)|ubrigens|au fait|por cierto|or not|right|correct|danke|vielen dank|bitte|merci(?: d'avance)?|s'il (?:vous|te) plait|svp|gracias|por favor|grazie|per favore|bedankt|alsjeblieft|alvast bedankt|obrigado|obrigada)\b)|[?.! "'*_)\x01:;,-]+)+$"#,
);

/// The clause without lead-in, frame of asking and polite tail, as written in the mail; its first
/// letter lower case unless it begins a name. Of a `request` also without what only surrounds it: a
/// reason behind a comma, an aside in brackets. Empty only where nothing is left.
pub(super) fn matter(clause: &str, request: Surroundings) -> String {
    let plain = Plain::of(clause, Span::new(0, clause.len()));
    let text = plain.text();
    let mut start = before_please(text);
    for _ in 0..3 {
        let rest = text.get(start..).unwrap_or_default();
        let lead = super::clue::lead_in(rest);
        let after = rest.get(lead..).unwrap_or_default();
        let frame = frame(after);
        if lead + frame == 0 || lead + frame >= rest.len() {
            break;
        }
        start += lead + frame;
    }
    let mut end = text.len();
    if request == Surroundings::Dropped {
        end = start + spliced(text.get(start..).unwrap_or_default());
    }
    let rest = text.get(start..end).unwrap_or_default();
    let polite = TAIL.find(rest).map_or(end, |found| start + found.start);
    if polite > start {
        end = polite;
    }
    let words: Vec<&str> = plain.span(start, end).of(clause).split_whitespace().collect();
    let mut out = words.join(" ");
    if out.matches('(').count() > out.matches(')').count()
        && clause.trim_end().trim_end_matches(['?', '.', '!']).ends_with(')')
    {
        out.push(')');
    }
    if request == Surroundings::Dropped {
        out = without_brackets(&out);
    }
    lowered(&out)
}

/// Whether what surrounds the thing asked for is part of the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// A question is said whole.
    Kept,
    /// Of a request only the deed is said.
    Dropped,
}

/// "As discussed this morning, please …": where the request proper begins, else 0.
fn before_please(text: &str) -> usize {
    let openers = [
        "as ",
        "since ",
        "given ",
        "because ",
        "regarding ",
        "concerning ",
        "with regard",
        "in order ",
        "to ",
        "for ",
    ];
    let found = text.find(", please ").filter(|_| openers.iter().any(|word| text.starts_with(word)));
    found.map_or(0, |at| at + 2)
}

/// The length of the clause before a comma behind which another sentence begins: "put our number on
/// the invoice, accounts sent the last one back".
fn spliced(text: &str) -> usize {
    let commas = text.match_indices([',', ';']).map(|(at, _)| at);
    let dashes = text.match_indices(" - ").map(|(at, _)| at);
    let mut cuts: Vec<usize> = commas.chain(dashes).filter(|at| *at > 0).collect();
    cuts.sort_unstable();
    let stands_alone = |at: &usize| {
        let rest = text.get(*at..).unwrap_or_default();
        is_sentence(rest.trim_start_matches([',', ';', ' ', '-']))
    };
    cuts.into_iter().find(stands_alone).unwrap_or(text.len())
}

/// Words that begin a reason, a condition or another person's sentence behind a comma.
const REASON: &str = "because|since|as|otherwise|or else|but|so that|so i|so we|so he|so she|so they|so it|then i|then we|that way|this way|which|i|i'm|i've|i'll|i'd|we|we're|we've|we'll|we'd|it|it's|it'll|they|they're|they've|he|he's|she|she's|there's|there is|there are|that's|this is|that is|you|you're|you'll|you've|weil|da|denn|sonst|damit|ich|wir|es|sie|er|car|sinon|parce que|puisque|je|j'ai|nous|il|elle|ils|porque|ya que|si no|perche|altrimenti|want|omdat|anders";

/// Verbs in a form that only a sentence has.
const FINITE: &str = "is are was were has have had will would can could does did do must needs wants says said sent asked told wrote got came went took made gave found lost left put needed wanted called returned rejected refused complained expects asks requires keeps insists cannot can't won't isn't aren't doesn't didn't don't ist sind hat haben wird werden kann muss est sont a ont es son ha han";

/// Whether the folded text is a sentence of its own and not a part of the clause before it.
fn is_sentence(rest: &str) -> bool {
    if let Some(length) = starts_with_any(rest, REASON) {
        // "by Friday, you and Ana" goes on.
        let next = rest.get(length..).unwrap_or_default().trim_start();
        return !next.is_empty() && !next.starts_with("and ") && !next.starts_with("or ");
    }
    let words: Vec<&str> = rest
        .split(' ')
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '\''))
        .collect();
    let determiner = |word: &&str| {
        matches!(
            *word,
            "the" | "a" | "an" | "our" | "my" | "his" | "her" | "their" | "your" | "this" | "that"
        )
    };
    let joins = |word: &&str| {
        matches!(
            *word,
            "and"
                | "or"
                | "with"
                | "in"
                | "on"
                | "at"
                | "by"
                | "for"
                | "to"
                | "of"
                | "from"
                | "if"
                | "when"
                | "who"
                | "how"
                | "what"
                | "where"
                | "please"
                | "und"
                | "oder"
                | "et"
                | "y"
                | "e"
                | "en"
        )
    };
    let Some(verb) = words.iter().take(5).position(|word| FINITE.split(' ').any(|known| known == *word))
    else {
        return false;
    };
    let subject = words.get(..verb).unwrap_or_default();
    subject.iter().any(|word| !determiner(word)) && !subject.iter().any(joins) && words.len() > verb + 1
}

/// The text without its bracketed asides, where something stays.
fn without_brackets(text: &str) -> String {
    let (mut kept, mut depth) = (String::with_capacity(text.len()), 0_usize);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    let kept = super::folded_space(&kept).replace(" ,", ",");
    if kept.is_empty() || depth > 0 { text.to_owned() } else { kept }
}

/// Lowers the first letter of a word that is not a name: the pronoun I, abbreviations, and words
/// that no list knows as common stay.
fn lowered(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let folded = fold(first.trim_end_matches([',', ':']));
    let mut letters = first.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let shouted = letters.any(char::is_uppercase);
    let common = is_stop_word(&folded)
        || is_asking_verb(&folded)
        || super::clue::begins_as_question(&folded)
        || COMMON_STARTS.contains(&folded.as_str());
    if !capital || shouted || folded == "i" || folded.starts_with("i'") || !common {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Words that often begin a clause with a capital and are no names.
const COMMON_STARTS: &[&str] = &[
    "any",
    "let",
    "put",
    "update",
    "fix",
    "add",
    "bring",
    "book",
    "sign",
    "approve",
    "take",
    "try",
    "keep",
    "reply",
    "call",
    "schedule",
    "arrange",
    "prepare",
    "thoughts",
    "noodles",
    "lunch",
    "coffee",
    "news",
    "treat",
    "set",
    "move",
    "cancel",
    "invite",
    "copy",
    "include",
    "remove",
    "change",
    "write",
    "draft",
    "make",
    "get",
    "give",
    "use",
    "help",
    "see",
    "follow",
    "mark",
    "upload",
    "attach",
    "resend",
    "introduce",
];

#[cfg(test)]
mod tests {
    use super::{FRAME, FRAME_ABROAD, Surroundings, TAIL, matter};

    fn check(clause: &str, expect: &str) {
        assert_eq!(matter(clause, Surroundings::Kept), expect, "{clause}");
    }

    #[test]
    fn a_request_is_the_deed_alone() {
        let check = |clause: &str, expect: &str| {
            assert_eq!(matter(clause, Surroundings::Dropped), expect, "{clause}");
        };
        check(
            "Please put our order number on the next invoice, accounts sent the last one back.",
            "put our order number on the next invoice",
        );
        check("Could you send the plan, as we discussed?", "send the plan");
        check("Please send the plan (the new one) by Friday, thanks!", "send the plan by Friday");
        check("Please call Ana, she is waiting.", "call Ana");
        check(
            "Please send the deck, the signed form and the plan.",
            "send the deck, the signed form and the plan",
        );
        check(
            "Please send it before Monday, or tell me where it is.",
            "send it before Monday, or tell me where it is",
        );
        check("As discussed this morning, please let me have the form.", "let me have the form");
        check("Could you check the log, because the job failed?", "check the log");
        check("Send it to Ana, Jonas and Lena by Friday", "send it to Ana, Jonas and Lena by Friday");
    }

    #[test]
    fn the_asking_is_taken_off() {
        assert!(FRAME.compiles() && FRAME_ABROAD.compiles() && TAIL.compiles());
        check(
            "Could you send the updated pricing sheet by Friday?",
            "send the updated pricing sheet by Friday",
        );
        check("Can you please also confirm the date? Thanks!", "confirm the date");
        check(
            "Did we agree on 12 or 24 months for the audit logs?",
            "did we agree on 12 or 24 months for the audit logs",
        );
        check(
            "I was wondering whether the pilot could run on past Christmas.",
            "the pilot could run on past Christmas",
        );
        check("Please send me the SOC 2 report before Thursday.", "send me the SOC 2 report before Thursday");
        check(
            "And how long does it buffer if the line is down?",
            "how long does it buffer if the line is down",
        );
        check("It would be great if you could call Maya.", "call Maya");
        check("Don't forget to sign the form, please", "sign the form");
        check("Kannst du mir bitte den Vertrag schicken?", "den Vertrag schicken");
        check("Pourriez-vous m'envoyer le contrat, s'il vous plaît ?", "m'envoyer le contrat");
        check(
            "Also, is the agreement up for renewal next year?",
            "is the agreement up for renewal next year",
        );
        check("SOC 2 report, please?", "SOC 2 report");
        check("How often do you test a restore, by the way?", "how often do you test a restore");
    }
}
