//! English grammar, as far as a short reply needs it: finite verbs, pronouns turned to the other
//! side, noun phrases. Questions are turned in [`crate::question`].
//!
//! Where a rule is not sure it says so with `None`, and the caller quotes instead.

/// Auxiliaries and other verbs that are always finite or always mark a clause.
pub(crate) const AUXILIARIES: &str = "is are was were am has have had will would can could should must may might do does did isn't aren't \
    wasn't won't can't cannot doesn't don't didn't i'm i'll we're we'll they're it's we've i've";

/// Base forms of common verbs.
pub(crate) const VERBS: &str = "live accept add agree allow announce answer apply approve arrive ask attach attend back base be \
    become begin book bring buffer build buy call cap carry change charge check choose clear close \
    collect come compare complete confirm connect contain continue cost count cover create cut decide \
    delete deliver depend describe discuss draft drop encrypt end ensure escalate exceed expect expire \
    explain export extend fail fall fill find finish follow get give go grow handle happen help hold \
    import include inform install introduce invite join keep know last launch lead leave let like list \
    listen look lose make manage mean measure meet mention migrate move name need note notify offer open \
    order own pay plan point post prefer prepare present produce propose provide publish push put raise \
    reach read receive record reduce refresh refuse remain remove renew replace reply report request \
    require reserve respond restore return review rotate run save say schedule see sell send serve set \
    share ship show sign sit speak spend stand start state stay stop store submit suggest supply support \
    switch take talk tell test think track train transfer travel try turn update upgrade upload use \
    visit wait want watch wish work write";

/// Past forms that do not end in -ed.
pub(crate) const PAST: &str = "became began bought brought built came chose fell found gave got grew held kept knew led left lost \
    made meant met paid put ran said sat saw sent set showed sold spent spoke stood thought told took \
    went wrote";

/// Verbs that are hardly ever nouns, so that their base form marks a clause too.
pub(crate) const ONLY_VERBS: &str = "follow live bring accept agree arrive ask become begin choose come decide deliver expect expire get \
    give go happen include join keep know leave listen make need pay prefer provide receive remain run \
    say see send start stay stop take tell use want work write";

/// Nouns that take an article, so that "Payment term is 45 days" wants "The".
const COUNTED: &str = "address agreement amount approach audit bill budget cap capacity certificate charge contact contract \
    cost credit date day deadline discount duration endpoint fee floor format goal host hostname \
    interval invoice length level licence license limit list location lead mark maximum meeting minimum \
    model name number objective offer order owner period place plan port premium price process quota \
    quote rate ratio reason region release renewal rent report rule scope sheet size status subject sum \
    surcharge target team term threshold time title total type unit value venue version volume window";

pub(crate) const DETERMINERS: &str =
    "the a an our your my their his her its this that these those every each no any all some";

/// Words that are never the content of a noun phrase.
pub(crate) const STOPS: &str = "who what when where which why how whether if and or but so because we you i they he she it us me \
    them him there here on in at to from with by as into until till since before after over than then \
    also still already again please not just yet up out off about much many long soon often far be been \
    being kind way know tell now today tomorrow between";

/// A word in lower case without the punctuation around it.
pub(crate) fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'")
}

/// Whether `word` is one of these, which stand apart by a blank.
pub(crate) fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|own| own == word)
}

/// Whether this noun can be counted: "price", "term".
pub(crate) fn is_counted(word: &str) -> bool {
    is_one_of(COUNTED, &bare(word))
}

/// The base form of a verb in the third person: "sends" is "send"; `None` for anything else.
pub(crate) fn base_of_third_person(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let candidates = [
        word.strip_suffix("ies").map(|stem| format!("{stem}y")),
        word.strip_suffix("es").map(str::to_owned),
        word.strip_suffix('s').map(str::to_owned),
    ];
    candidates.into_iter().flatten().find(|stem| is_one_of(VERBS, stem))
}

/// The third person of a base form: "send" is "sends".
pub(crate) fn third_person(base: &str) -> String {
    match base {
        "be" => "is".to_owned(),
        "have" => "has".to_owned(),
        "do" | "go" => format!("{base}es"),
        _ if base.ends_with("ch") || base.ends_with("sh") || base.ends_with('s') || base.ends_with('x') => {
            format!("{base}es")
        }
        _ => match base.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            Some(_) | None => format!("{base}s"),
        },
    }
}

/// Past forms that no rule gives, behind their base forms.
const IRREGULAR: &[(&str, &str)] = &[
    ("be", "was"),
    ("become", "became"),
    ("begin", "began"),
    ("bring", "brought"),
    ("build", "built"),
    ("buy", "bought"),
    ("choose", "chose"),
    ("come", "came"),
    ("cost", "cost"),
    ("cut", "cut"),
    ("do", "did"),
    ("fall", "fell"),
    ("find", "found"),
    ("get", "got"),
    ("give", "gave"),
    ("go", "went"),
    ("grow", "grew"),
    ("have", "had"),
    ("hold", "held"),
    ("keep", "kept"),
    ("know", "knew"),
    ("lead", "led"),
    ("leave", "left"),
    ("let", "let"),
    ("lose", "lost"),
    ("make", "made"),
    ("mean", "meant"),
    ("meet", "met"),
    ("pay", "paid"),
    ("put", "put"),
    ("read", "read"),
    ("run", "ran"),
    ("say", "said"),
    ("see", "saw"),
    ("sell", "sold"),
    ("send", "sent"),
    ("set", "set"),
    ("show", "showed"),
    ("sit", "sat"),
    ("speak", "spoke"),
    ("spend", "spent"),
    ("stand", "stood"),
    ("take", "took"),
    ("tell", "told"),
    ("think", "thought"),
    ("understand", "understood"),
    ("write", "wrote"),
];

/// Verbs that double their last letter before -ed.
const DOUBLING: &str =
    "stop plan drop ship submit refer commit permit admit swap map log prefer cap trim tag plug transfer";

/// The past form of a base form: "get" is "got", "stop" is "stopped".
pub(crate) fn past(base: &str) -> String {
    if let Some((_, past)) = IRREGULAR.iter().find(|(own, _)| *own == base) {
        return (*past).to_owned();
    }
    if let Some(stem) = base.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{stem}ied");
    }
    match base.chars().next_back() {
        Some('e') => format!("{base}d"),
        Some(last) if is_one_of(DOUBLING, base) => format!("{base}{last}ed"),
        Some(_) | None => format!("{base}ed"),
    }
}

/// The base form behind a third person or an irregular past; `None` for anything else.
pub(crate) fn base_of(word: &str) -> Option<String> {
    let irregular = IRREGULAR.iter().find(|(_, past)| *past == word).map(|(base, _)| (*base).to_owned());
    irregular.or_else(|| base_of_third_person(word))
}

pub(crate) fn is_ed(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") && !is_one_of("need speed feed indeed hundred exceed", word)
}

/// Whether `text` has a finite verb, so that it can stand as a sentence.
pub(crate) fn has_finite_verb(text: &str) -> bool {
    let text = without_parentheses(text);
    finite_verb(&text.split_whitespace().collect::<Vec<_>>())
}

pub(crate) fn finite_verb(raw: &[&str]) -> bool {
    let words: Vec<String> = raw.iter().map(|word| bare(word)).collect();
    words.iter().enumerate().any(|(i, word)| {
        let before = i.checked_sub(1).and_then(|p| words.get(p)).map(String::as_str).unwrap_or_default();
        let after = words.get(i + 1).map(String::as_str).unwrap_or_default();
        let comma =
            i.checked_sub(1).and_then(|p| raw.get(p)).is_some_and(|prev| prev.ends_with([',', ':', '(']));
        // "May 2027" is a month.
        let month = word == "may" && raw.get(i).is_some_and(|raw| raw.starts_with('M'));
        if is_one_of(AUXILIARIES, word) && !month {
            return true;
        }
        let first = i == 0;
        let after_noun = !first
            && !comma
            && !is_one_of(DETERMINERS, before)
            && !is_one_of("to of for as and with in on", before);
        if !after_noun || after.is_empty() && !is_one_of(PAST, word) && !is_ed(word) {
            return false;
        }
        let third = base_of_third_person(word).is_some() && !is_one_of("of and or for", after);
        let past = is_one_of(PAST, word) || (is_ed(word) && governs(word, after, raw.get(i + 1).copied()));
        third || past || is_one_of(ONLY_VERBS, word)
    })
}

/// Whether a word in -ed is a past tense here and not a participle: "showed the bridge" is, "created
/// in their tenant" and "unified audit" are not.
fn governs(word: &str, after: &str, raw_after: Option<&str>) -> bool {
    const INTRANSITIVE: &str = "moved changed started ended arrived agreed asked opened closed failed expired joined argued worked \
        happened increased dropped signed decided talked apologised stayed called replied answered";
    let Some(raw_after) = raw_after else { return true };
    is_one_of(DETERMINERS, after)
        || raw_after.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        || is_one_of("that whether him her them us me it how what two three", after)
        || (is_one_of(INTRANSITIVE, word) && after != "by")
}

/// Words that stand before a counted noun and are no names.
const MODIFIERS: &str = "payment platform service support discount referral pass recovery availability initial yearly monthly \
    annual weekly daily hourly default liability purchase reseller response setup storage retention \
    notice delivery session next main first second last final current new old standard pilot identity \
    security data project product customer partner upsell walk-away rollback training signing usage \
    backup access audit application firewall error log api search planned signed technical legal open \
    internal external public contract renewal invoice shipping travel hotel room phone office launch \
    release";

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

/// Whether `text` starts with the base form of a verb: a task or an instruction.
pub(crate) fn starts_with_base_verb(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().map(bare).unwrap_or_default();
    let second = words.next().map(bare).unwrap_or_default();
    is_one_of(VERBS, &first) && !is_one_of("of for is are was at in and", &second) && !second.is_empty()
}

/// Whether `sentence` is about a counted thing without an article: "Payment term is 45 days".
pub(crate) fn wants_article(sentence: &str) -> bool {
    let mut head = None;
    for (i, word) in sentence.split_whitespace().enumerate() {
        let word_bare = bare(word);
        if i > 0 && is_one_of("is was for of at in on with to", &word_bare) {
            break;
        }
        if is_one_of(DETERMINERS, &word_bare) || is_one_of(AUXILIARIES, &word_bare) || i > 3 {
            return false;
        }
        // "Northwind's offer" has its article already; "Tessel Gold price" is a name.
        if word.contains(['\'', '’', ','])
            || (i > 0 && word.chars().next().is_some_and(char::is_uppercase) && !is_shouted(word))
        {
            return false;
        }
        if i > 0 && base_of_third_person(&word_bare).is_some() {
            return false;
        }
        head = Some(word_bare);
    }
    head.is_some_and(|head| is_one_of(COUNTED, &head))
}

/// Whether a word is written in capitals: "SLA".
pub(crate) fn is_shouted(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() > 1 && letters.iter().filter(|c| c.is_uppercase()).count() * 2 > letters.len()
}

/// Whether the first word of `text` may be written small: a function word, a counted noun, or a verb.
pub(crate) fn is_common_word(word: &str) -> bool {
    let word = bare(word);
    let plain = |word: &str| {
        is_one_of(DETERMINERS, word)
            || is_one_of(MODIFIERS, word)
            || is_one_of(STOPS, word)
            || is_one_of(COUNTED, word)
            || (is_one_of(VERBS, word) && word != "may")
    };
    plain(&word) || word.strip_suffix('s').is_some_and(plain)
}

/// Where the pronoun "you" stands as an object.
fn you_is_object(before: &str, after: &str) -> bool {
    is_one_of(
        "to for with from by of about at send give tell show let help call ask meet reach towards between",
        before,
    ) || after.is_empty()
        || is_one_of("on in at by before after and or about with the a an", after)
}

/// What belongs to the owner's house and not to the owner.
const OURS: &str = "product products platform company team teams service services offer side system systems support software office \
    customers terms contract api roadmap prices pricing tool tools engineers colleagues sub-processors subprocessors";

/// What belongs to the owner and not to the house.
const MINE: &str = "mail email message note notes slides calendar number phone talk opinion view availability \
    flight trip holiday boss inbox thoughts slot desk";

/// What a person does and a house does not.
const PERSONAL: &str = "know think remember mean mention say want prefer write like feel believe wrote said meant mentioned \
    attend join travel come bring speak";

/// What two sides do together, so that "we" of a mail may mean both.
const TOGETHER: &str = "agree agreed settle settled note noted discuss discussed decide decided plan planned set met meet \
    talked spoke arrange arranged fix fixed schedule scheduled choose chose said say";

/// The text with its first letter small, unless its first word is in capitals.
pub(crate) fn small_word(text: &str) -> String {
    if text.split_whitespace().next().is_none_or(is_shouted) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// Words of a date, which no noun phrase of ours starts with or holds.
const DATE_WORDS: &str = "monday tuesday wednesday thursday friday saturday sunday january february march april june july august \
    september october november december week month end";

/// For whom "you" of a mail stands when its words are said from our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The owner: what is promised or decided.
    Myself,
    /// The owner's house: what is to be looked up.
    House,
    /// The owner; and "we" of a colleague is "we" for us too.
    Colleague,
}

/// The words of someone else about themselves and us, said from our side: "send me your sheet" is
/// "send you my sheet".
pub(crate) fn turned(text: &str, side: Side) -> String {
    let raw: Vec<&str> = text.split_whitespace().collect();
    let words: Vec<String> = raw.iter().map(|word| bare(word)).collect();
    let mut out: Vec<String> = Vec::with_capacity(raw.len());
    // Whether the last "you" became "I", for the verb behind it.
    let mut singular = false;
    for (i, word) in raw.iter().enumerate() {
        let own = words.get(i).map(String::as_str).unwrap_or_default();
        let before = i.checked_sub(1).and_then(|p| words.get(p)).map(String::as_str).unwrap_or_default();
        let ended = word.ends_with([',', '.', ';', '?', '!', ':']);
        let next = |step: usize| words.get(i + step).map(String::as_str).unwrap_or_default();
        let after = if ended { "" } else { next(1) };
        let house = side == Side::House;
        let we = house && !is_one_of(PERSONAL, after) && !is_one_of(PERSONAL, next(2));
        let both = side == Side::Colleague
            || house && own == "we" && (is_one_of(TOGETHER, after) || is_one_of(TOGETHER, next(2)));
        let other = match own {
            "we" | "us" | "our" | "ours" | "ourselves" | "we're" | "we've" | "we'll" | "we'd" if both => {
                out.push((*word).to_owned());
                continue;
            }
            "i" | "we" | "me" | "us" => "you",
            "my" | "our" => "your",
            "mine" | "ours" => "yours",
            "myself" | "ourselves" => "yourself",
            "i'm" | "we're" => "you're",
            "i've" | "we've" => "you've",
            "i'll" | "we'll" => "you'll",
            "i'd" | "we'd" => "you'd",
            "you" if you_is_object(before, after) && house => "us",
            "you" if you_is_object(before, after) => "me",
            "you" if we => {
                singular = false;
                "we"
            }
            "you" => {
                singular = true;
                "I"
            }
            "your" if is_one_of(OURS, after) || is_one_of(OURS, next(2)) => "our",
            "your" if house && !is_one_of(MINE, after) => "our",
            "your" => "my",
            "yours" if house => "ours",
            "yours" => "mine",
            "yourself" | "yourselves" => "myself",
            "you're" => "I'm",
            "you've" if house => "we've",
            "you've" => "I've",
            "you'll" if house => "we'll",
            "you'll" => "I'll",
            "you'd" => "I'd",
            "am" if before == "i" => "are",
            "was" if before == "i" => "were",
            "are" if before == "you" && singular => "am",
            "were" if before == "you" && singular => "was",
            _ => {
                out.push((*word).to_owned());
                continue;
            }
        };
        // "US" is a country, not a pronoun.
        if is_shouted(word) {
            out.push((*word).to_owned());
            continue;
        }
        let start: String = word.chars().take_while(|c| !c.is_alphanumeric()).collect();
        let end = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = end.trim_start_matches(|c: char| c.is_alphanumeric() || c == '\'' || c == '’');
        out.push(format!("{start}{other}{end}"));
    }
    out.join(" ")
}

pub(crate) fn join<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ")
}

/// The noun phrase of `text` that holds most of `keywords`: "the updated pricing sheet".
pub(crate) fn noun_phrase(text: &str, keywords: &[String]) -> Option<String> {
    let raw: Vec<&str> = text.split_whitespace().collect();
    // After "does" or "will" the verb stands in its base form, which may look like a noun.
    let asks = raw.iter().any(|word| is_one_of("do does did will can could would should may", &bare(word)));
    let mut best: Option<(usize, Vec<&str>)> = None;
    let mut at = 0;
    while at < raw.len() {
        let mut end = at;
        let mut content = 0;
        while let Some(word) = raw.get(end) {
            let own = bare(word);
            let determiner = is_one_of(DETERMINERS, &own);
            let of = is_one_of("of for", &own) && content > 0;
            // "a 30-minute talk": behind a compound modifier stands a noun.
            let after_modifier =
                content > 0 && raw.get(end.wrapping_sub(1)).is_some_and(|word| word.contains('-'));
            let verb = (is_one_of(AUXILIARIES, &own)
                || base_of_third_person(&own).is_some()
                || is_one_of(ONLY_VERBS, &own))
                && !is_one_of(COUNTED, own.trim_end_matches('s'))
                || is_ed(&own) && content > 0
                || asks
                    && content > 0
                    && is_one_of(VERBS, &own)
                    && !is_one_of(COUNTED, &own)
                    && !after_modifier
                || is_one_of(VERBS, &own) && content == 0 && !is_one_of(COUNTED, &own);
            if own.is_empty()
                || is_one_of(STOPS, &own)
                || is_one_of(DATE_WORDS, &own)
                || verb
                || (determiner
                    && content > 0
                    && !raw.get(end.wrapping_sub(1)).is_some_and(|w| is_one_of("of for", &bare(w))))
            {
                break;
            }
            if !determiner && !of {
                content += 1;
            }
            end += 1;
            if word.ends_with([',', '.', ';', ':', '?', '!', ')']) {
                break;
            }
        }
        let mut phrase = raw.get(at..end).unwrap_or_default().to_vec();
        while phrase
            .last()
            .is_some_and(|word| is_one_of("of for", &bare(word)) || is_one_of(DETERMINERS, &bare(word)))
        {
            phrase.pop();
        }
        let hits = phrase
            .iter()
            .filter(|word| keywords.iter().any(|key| bare(key).split(' ').any(|key| key == bare(word))))
            .count();
        let vague = phrase.iter().all(|word| {
            is_one_of(DETERMINERS, &bare(word)) || bare(word).chars().all(|c| c.is_ascii_digit())
        });
        let first = phrase.first().map(|word| bare(word)).unwrap_or_default();
        let pointing =
            is_one_of("its their his her this that these those any no every each all some", &first);
        let slight = phrase.len() == 1 && phrase.iter().all(|word| !word.starts_with(char::is_uppercase));
        let vague = vague || pointing || slight;
        if !vague && phrase.len() <= 8 && best.as_ref().is_none_or(|(most, _)| hits > *most) {
            best = Some((hits, phrase));
        }
        at = end.max(at + 1);
    }
    let (_, phrase) = best.filter(|(hits, _)| *hits > 0 || keywords.is_empty())?;
    let text = phrase.join(" ").trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{Side, has_finite_verb, noun_phrase, past, turned, wants_article};

    #[test]
    fn pronouns_turn_to_the_other_side() {
        for (theirs, ours) in [
            ("send me the updated pricing sheet by Friday", "send you the updated pricing sheet by Friday"),
            ("send us your sheet and the list you mentioned", "send you my sheet and the list I mentioned"),
            ("let me know if you are free", "let you know if I am free"),
            ("put our order number on the next invoice", "put your order number on the next invoice"),
            ("call them, so that we can follow you", "call them, so that you can follow me"),
            ("ship it to the US", "ship it to the US"),
        ] {
            assert_eq!(turned(theirs, Side::Myself), ours);
        }
        for (theirs, ours) in [
            ("how often you test a restore on your side", "how often we test a restore on our side"),
            ("how long each of us keeps logs with you", "how long each of you keeps logs with us"),
            ("which dates we noted for January", "which dates we noted for January"),
            ("whether you know a way", "whether I know a way"),
            ("what referral fee we get", "what referral fee you get"),
        ] {
            assert_eq!(turned(theirs, Side::House), ours);
        }
        assert_eq!(
            turned("what our floor is and what I get", Side::Colleague),
            "what our floor is and what you get"
        );
    }

    #[test]
    fn past_forms() {
        for (base, form) in [
            ("agree", "agreed"),
            ("get", "got"),
            ("stop", "stopped"),
            ("carry", "carried"),
            ("stay", "stayed"),
        ] {
            assert_eq!(past(base), form);
        }
    }

    #[test]
    fn sentences_are_told_from_fragments() {
        for sentence in [
            "Deletion runs every night at 02:00 and writes a certificate.",
            "Referral fees are paid within 30 days.",
            "Ravi showed the syslog bridge.",
            "Northwind's collectors send over TLS on port 6514.",
            "Claudia accepts a liability cap of twice the yearly fee.",
        ] {
            assert!(has_finite_verb(sentence), "{sentence}");
        }
        for fragment in [
            "Payment in two halves, April and October.",
            "24-month retention for audit logs",
            "twice the yearly fee, confirmed by Claudia on 13 November",
            "No own keys, no deal.",
            "Oracle unified audit",
        ] {
            assert!(!has_finite_verb(fragment), "{fragment}");
        }
    }

    #[test]
    fn articles_and_noun_phrases() {
        assert!(wants_article("Payment term is 45 days"));
        assert!(wants_article("Platform fee for Brightwater is EUR 21,600"));
        assert!(!wants_article("Go-live at Northwind is planned"));
        assert!(!wants_article("Northwind's offer is valid"));
        let keys = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            noun_phrase("send the updated pricing sheet by Friday", &keys(&["pricing", "sheet"])).as_deref(),
            Some("the updated pricing sheet")
        );
        assert_eq!(
            noun_phrase("when does the SOC 2 certificate renew", &keys(&["SOC", "certificate"])).as_deref(),
            Some("the SOC 2 certificate")
        );
    }
}
