//! What an ask is about: its words without the asking.

use crate::pattern::Pattern;
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
    r#"(?:[ ,;:-]*(?:\b(?:please|pls|plz|thanks(?: (?:a lot|in advance|so much|again|very much))?|thank you(?: (?:in advance|so much|very much))?|thx|tia|cheers|if possible|if you (?:can|could|don't mind)|when you (?:get a chance|have a (?:moment|minute))|at your convenience|or not|right|correct|danke|vielen dank|bitte|merci(?: d'avance)?|s'il (?:vous|te) plait|svp|gracias|por favor|grazie|per favore|bedankt|alsjeblieft|alvast bedankt|obrigado|obrigada)\b)|[?.! "'*_)\x01:;,-]+)+$"#,
);

/// The clause without lead-in, frame of asking and polite tail, as written in the mail; its first
/// letter lower case unless it begins a name. Empty only where nothing is left.
pub(super) fn matter(clause: &str) -> String {
    let plain = Plain::of(clause, Span::new(0, clause.len()));
    let text = plain.text();
    let mut start = 0;
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
    let rest = text.get(start..).unwrap_or_default();
    let mut end = TAIL.find(rest).map_or(text.len(), |found| start + found.start);
    if end <= start {
        end = text.len();
    }
    let words: Vec<&str> = plain.span(start, end).of(clause).split_whitespace().collect();
    let mut out = words.join(" ");
    if out.matches('(').count() > out.matches(')').count()
        && clause.trim_end().trim_end_matches(['?', '.', '!']).ends_with(')')
    {
        out.push(')');
    }
    lowered(&out)
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

/// Whether a folded word carries no content.
pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Whether a folded word is a verb of asking and not of the thing asked.
fn is_asking_verb(word: &str) -> bool {
    ASKING.contains(&word)
}

const ASKING: &[&str] = &[
    "send",
    "sends",
    "sent",
    "share",
    "forward",
    "confirm",
    "tell",
    "let",
    "know",
    "check",
    "give",
    "provide",
    "please",
    "wondering",
    "asks",
    "ask",
    "asked",
    "remind",
    "clarify",
    "explain",
    "say",
    "agree",
    "agreed",
    "need",
    "needs",
    "want",
    "like",
    "thanks",
    "thank",
    "get",
    "got",
    "look",
    "schicken",
    "senden",
    "sagen",
    "bestatigen",
    "envoyer",
    "confirmer",
    "dire",
    "enviar",
    "enviarme",
    "mandar",
    "confirmar",
    "decir",
    "decirme",
    "inviare",
    "inviarmi",
    "confermare",
    "dirmi",
    "sturen",
    "bevestigen",
    "laten",
    "weten",
    "dizer",
    "m'envoyer",
    "find",
    "possible",
    "able",
    "make",
    "sure",
    "happen",
    "happens",
    "means",
    "mean",
    "put",
    "take",
];

/// Function words of the seven languages, folded and sorted.
const STOP_WORDS: &[&str] = &[
    "a", "ab", "about", "after", "again", "al", "all", "alle", "alles", "als", "also", "alvast", "am", "an",
    "and", "any", "ao", "are", "as", "at", "au", "auch", "auf", "aus", "aux", "avec", "avez", "be", "been",
    "before", "bei", "being", "bij", "bis", "bitte", "but", "by", "can", "ce", "cette", "che", "ci", "com",
    "come", "como", "con", "could", "d", "da", "dans", "das", "dass", "de", "deine", "del", "della", "dem",
    "den", "der", "des", "deze", "di", "did", "die", "dies", "diese", "dir", "dit", "do", "does", "doing",
    "don't", "done", "du", "e", "each", "een", "ein", "eine", "einen", "einer", "el", "else", "em", "en",
    "er", "es", "est", "esta", "este", "et", "euch", "eure", "every", "few", "for", "from", "fur", "gibt",
    "go", "goes", "going", "had", "has", "hast", "hat", "hatte", "have", "having", "he", "heb", "hebben",
    "heeft", "her", "here", "het", "him", "his", "hoe", "how", "i", "i'd", "i'll", "i'm", "i've", "ich",
    "if", "ihr", "ihre", "ik", "il", "im", "in", "into", "is", "ist", "it", "it's", "its", "ja", "je", "jou",
    "jullie", "just", "kan", "kann", "kannst", "kun", "kunt", "la", "las", "le", "les", "lo", "los", "many",
    "may", "me", "mehr", "met", "mich", "might", "mij", "mir", "mit", "more", "most", "much", "must", "my",
    "na", "nach", "ne", "nel", "nicht", "niet", "no", "noch", "nos", "not", "nous", "now", "o", "ob", "oder",
    "of", "off", "on", "one", "only", "op", "or", "os", "other", "ou", "our", "out", "over", "par", "para",
    "pas", "per", "pode", "poderia", "podria", "podrias", "por", "pour", "pourriez", "pouvez", "puedes",
    "quand", "que", "quel", "quelle", "qui", "s", "se", "shall", "she", "should", "si", "sich", "sie",
    "sind", "so", "some", "still", "su", "such", "sur", "t", "te", "than", "that", "that's", "the", "their",
    "them", "then", "there", "there's", "these", "they", "this", "those", "to", "too", "tu", "u", "um",
    "uma", "un", "una", "und", "une", "uns", "unser", "unsere", "until", "up", "upon", "us", "van", "very",
    "vom", "von", "voor", "vos", "votre", "vous", "wann", "was", "wat", "we", "we'd", "we'll", "we're",
    "we've", "welche", "were", "what", "what's", "when", "where", "whether", "which", "while", "who", "whom",
    "whose", "why", "wie", "will", "wir", "wird", "with", "within", "would", "y", "yes", "yet", "you",
    "you'd", "you'll", "you're", "your", "yours", "z", "zu", "zum", "zur",
];

/// At most twelve content words of the matter, names first, then numbers with letters and nouns,
/// each as written, without repeats.
pub(crate) fn keywords(matter: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for (place, raw) in matter
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '/' | '"' | '(' | ')' | '“' | '”' | '«' | '»' | ';')
        })
        .enumerate()
    {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        let folded = fold(word);
        if folded.is_empty()
            || is_stop_word(&folded)
            || is_asking_verb(&folded)
            || (folded.len() == 1 && !folded.starts_with(|c: char| c.is_ascii_digit()))
        {
            continue;
        }
        let seen = |list: &[String]| list.iter().any(|known| fold(known) == folded);
        if seen(&names) || seen(&words) {
            continue;
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase) && place > 0;
        let shouted = word.chars().filter(|c| c.is_uppercase()).count() > 1;
        if capital || shouted { names.push(word.to_owned()) } else { words.push(word.to_owned()) }
    }
    names.append(&mut words);
    names.truncate(12);
    names
}

#[cfg(test)]
mod tests {
    use super::{FRAME, FRAME_ABROAD, STOP_WORDS, TAIL, keywords, matter};

    fn check(clause: &str, expect: &str) {
        assert_eq!(matter(clause), expect, "{clause}");
    }

    #[test]
    fn the_asking_is_taken_off() {
        assert!(FRAME.compiles() && FRAME_ABROAD.compiles() && TAIL.compiles());
        assert!(STOP_WORDS.is_sorted(), "binary search needs order");
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
    }

    #[test]
    fn keywords_are_what_to_search_for() {
        assert_eq!(
            keywords("send the updated pricing sheet for Northwind by Friday"),
            ["Northwind", "Friday", "updated", "pricing", "sheet"]
        );
        assert_eq!(
            keywords("which service credit applies to us if a month falls below 99.9 %"),
            ["service", "credit", "applies", "month", "falls", "below", "99.9"]
        );
    }
}
