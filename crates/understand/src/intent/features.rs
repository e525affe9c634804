//! A sentence as hashed features of a linear model.

use super::sentence_rules;
use crate::pattern::Pattern;
use crate::plain::fold;

/// Buckets of the hash: 2 to the 17th.
pub(super) const BUCKETS: u32 = 1 << 17;

/// Tokens read of one sentence: what comes behind is a paste.
const MOST_TOKENS: usize = 120;

/// The features of one sentence: bucket and value, each bucket once.
#[derive(Clone, Debug, Default)]
pub struct Features(Vec<(u32, f64)>);

impl Features {
    /// The features of a sentence as written.
    #[must_use]
    pub fn of(sentence: &str) -> Self {
        let mut found = Vec::new();
        each(sentence, &mut |name, value| found.push((bucket(name), value)));
        found.sort_by_key(|(bucket, _)| *bucket);
        found.dedup_by_key(|(bucket, _)| *bucket);
        Self(found)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f64)> {
        self.0.iter().copied()
    }

    /// Each feature by name, bucket and value.
    pub(super) fn named(sentence: &str) -> Vec<(String, u32, f64)> {
        let mut found: Vec<(String, u32, f64)> = Vec::new();
        each(sentence, &mut |name, value| found.push((name.to_owned(), bucket(name), value)));
        found.sort_by_key(|(_, bucket, _)| *bucket);
        found.dedup_by_key(|(_, bucket, _)| *bucket);
        found
    }
}

fn bucket(name: &str) -> u32 {
    hash(name.as_bytes()) % BUCKETS
}

/// FNV-1a with a last mix, so that the low bits are good.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    let mut hash =
        bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2c1b_3c6d);
    hash ^ (hash >> 13)
}

fn each(sentence: &str, tell: &mut dyn FnMut(&str, f64)) {
    let rules = sentence_rules(sentence);
    let tokens = tokens(&rules.core);
    let classes: Vec<&str> = tokens.iter().map(|token| class(token)).collect();
    for token in &tokens {
        tell(&format!("word {token}"), 1.0);
    }
    let around = |at: usize| -> &str {
        match at {
            0 => "<",
            at => classes.get(at - 1).copied().unwrap_or(">"),
        }
    };
    for at in 0..=classes.len() {
        let (one, two) = (around(at), around(at + 1));
        tell(&format!("pair {one} {two}"), 1.0);
        if at < classes.len() {
            let three = around(at + 2);
            tell(&format!("three {one} {two} {three}"), 1.0);
            tell(&format!("skip {one} {three}"), 0.7);
        }
    }
    let joined = format!(" {} ", tokens.join(" "));
    for length in 3..=5_usize {
        for part in joined.as_bytes().windows(length) {
            // The folded text is ASCII.
            tell(&format!("letters {}", String::from_utf8_lossy(part)), 0.4);
        }
    }
    for (at, class) in classes.iter().take(3).enumerate() {
        tell(&format!("start{at} {class}"), 1.0);
    }
    tell(&format!("starts {} {}", around(1), around(2)), 1.0);
    told_together(&rules.fitting, &tokens, tell);
    tell(&format!("rules {:.1}", rules.score), 2.0);
    tell("rules", 3.0 * rules.score);
    for (holds, name) in [
        (rules.starts_question, "begins as a question"),
        (rules.starts_request, "begins as a request"),
        (rules.marked, "question mark"),
    ] {
        if holds {
            tell(name, 2.0);
        }
    }
    turns_of_phrase(sentence, rules.marked, tell);
    shape(sentence, &tokens, &classes, tell);
}

/// The rules that fit, each alone, with each other, and with how the sentence goes on: "please" in a short sentence asks, in a
/// long one of an advertisement it does not.
fn told_together(fitting: &[usize], tokens: &[String], tell: &mut dyn FnMut(&str, f64)) {
    let sells = tokens.iter().filter(|token| SELLING.contains(&token.as_str())).count().min(2);
    let length = (tokens.len() / 6).min(4);
    let end = end_of(tokens);
    for (at, rule) in fitting.iter().enumerate() {
        tell(&format!("rule {rule}"), 2.0);
        tell(&format!("rule {rule} length {length}"), 1.0);
        tell(&format!("rule {rule} sells {sells}"), 1.0);
        tell(&format!("rule {rule} end {end}"), 1.0);
        for other in fitting.iter().skip(at + 1) {
            tell(&format!("rule {rule} and {other}"), 1.5);
        }
    }
}

/// The turns of phrase that are there, each alone, with each other, and in a question or not.
fn turns_of_phrase(sentence: &str, marked: bool, tell: &mut dyn FnMut(&str, f64)) {
    let folded = fold(sentence);
    let there: Vec<&str> =
        PHRASES.iter().filter(|(_, pattern)| pattern.is_match(&folded)).map(|(name, _)| *name).collect();
    for (at, name) in there.iter().enumerate() {
        tell(&format!("says {name}"), 2.0);
        tell(&format!("says {name} asked {marked}"), 1.0);
        for other in there.iter().skip(at + 1) {
            tell(&format!("says {name} and {other}"), 1.0);
        }
    }
}

/// The sign that ends a sentence, or that it ends with a word.
fn end_of(tokens: &[String]) -> &str {
    let last = tokens.last().map_or("", String::as_str);
    if last.starts_with(|c: char| c.is_ascii_alphanumeric()) { "word" } else { last }
}

/// Turns of phrase by which mail asks, offers, tells of others, or only sounds as if it asked.
///
/// # Source
/// Written from what people say. Which of them speak for and which against an ask is learned.
static PHRASES: [(&str, Pattern); 14] = [
    (
        "courtesy",
        Pattern::new(
            r"\b(?:do not|don't|feel free|not) (?:to )?hesitate\b|\bfeel free\b|\b(?:any|further) (?:questions|comments)\b",
        ),
    ),
    (
        "please only",
        Pattern::new(
            r"\bplease (?:find|note|see|be advised|welcome|accept|visit|go to|click|follow|download|log)\b",
        ),
    ),
    (
        "reported",
        Pattern::new(
            r"\b(?:he|she|they|it|[a-z]+) (?:said|says|asked|told|called|mentioned|wants|wanted|offered|suggested|let)\b",
        ),
    ),
    (
        "own plan",
        Pattern::new(
            r"\b(?:i|we)(?:'ll| will| shall| can| could| may| might| am going| are going|'m going)\b",
        ),
    ),
    (
        "talk with us",
        Pattern::new(
            r"\b(?:discuss|talk|meet|speak|chat|call|visit)\b.*\b(?:with|to) (?:you|me|us)\b|\b(?:with|to) (?:you|me|us)\b.*\b(?:discuss|talk|meet|speak|chat|call|visit)\b",
        ),
    ),
    (
        "would be good",
        Pattern::new(
            r"\bwould (?:be|also be|really be|greatly be|have been)? ?(?:helpful|great|good|nice|useful|appreciated|fine|awesome|happy|glad)\b",
        ),
    ),
    (
        "advice",
        Pattern::new(
            r"\b(?:i|we)(?:'d| would)? (?:suggest|recommend|propose|think (?:we|you)|hope)\b|\b(?:should|need to|have to|must|better)\b",
        ),
    ),
    ("looking", Pattern::new(r"\blooking (?:for|forward)\b|\binterested in\b|\bin need of\b")),
    ("past", Pattern::new(r"\b(?:was|were|had|did|went|got|sent|called|met|talked|spoke|told|asked)\b")),
    ("please", Pattern::new(r"\b(?:please|pls|kindly)\b")),
    ("if you", Pattern::new(r"\bif (?:you|u)\b")),
    ("let", Pattern::new(r"\blet (?:me|us|him|her|them)\b")),
    ("let us", Pattern::new(r"\blet's\b|\blets\b|\bwhy don't we\b|\bhow about\b|\bshall we\b")),
    (
        "hour",
        Pattern::new(r"[0-9](?::[0-9][0-9])? ?(?:am|pm|p\.m|a\.m)|[0-9]:[0-9][0-9]|\bo.clock\b|\bnoon\b"),
    ),
];

fn shape(sentence: &str, tokens: &[String], classes: &[&str], tell: &mut dyn FnMut(&str, f64)) {
    tell(&format!("length {}", (tokens.len() / 4).min(8)), 1.0);
    let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = sentence.chars().filter(|c| c.is_uppercase()).count();
    let has = |list: &[&str]| tokens.iter().any(|token| list.contains(&token.as_str()));
    let of = |wanted: &[&str]| classes.iter().any(|class| wanted.contains(class));
    for (holds, name) in [
        (capitals * 2 > letters, "capitals"),
        (of(&["DAY"]), "day"),
        (of(&["DAY", "MONTH", "WHEN"]), "when"),
        (of(&["#"]), "number"),
        (of(&["URL"]), "link"),
        (has(&["!"]), "exclamation"),
    ] {
        if holds {
            tell(name, 1.0);
        }
    }
    let end = end_of(tokens);
    tell(&format!("end {end}"), 1.0);
    let (me, you) = (has(&["i", "me", "my", "we", "us", "our"]), has(&["you", "your", "u"]));
    tell(&format!("me {me} you {you}"), 1.0);
    let when = of(&["DAY", "MONTH", "WHEN"]);
    let meets = has(MEETING);
    let sells = tokens.iter().filter(|token| SELLING.contains(&token.as_str())).count().min(3);
    tell(&format!("when {when} me {me} you {you}"), 1.0);
    tell(&format!("meets {meets} when {when} me {me}"), 1.0);
    tell(&format!("sells {sells}"), 1.0);
    tell(&format!("sells {} end {end} you {you}", sells.min(1)), 1.0);
    tell(&format!("end {end} me {me} you {you}"), 1.0);
    let names =
        sentence.split_whitespace().skip(1).filter(|word| word.starts_with(char::is_uppercase)).count();
    tell(&format!("names {}", names.min(3)), 1.0);
}

/// Words of meeting and talking.
///
/// # Source
/// Written from what people say, not from the rows.
const MEETING: &[&str] = &[
    "meet",
    "meeting",
    "call",
    "lunch",
    "dinner",
    "discuss",
    "talk",
    "join",
    "coffee",
    "breakfast",
    "visit",
    "conference",
    "appointment",
    "schedule",
    "available",
    "free",
    "chat",
    "together",
    "see",
    "catch",
    "drinks",
    "interview",
];

/// Words of advertisements, programs and accounts.
///
/// # Source
/// As above.
const SELLING: &[&str] = &[
    "app",
    "apps",
    "download",
    "click",
    "account",
    "offer",
    "offers",
    "website",
    "site",
    "customers",
    "subscription",
    "coupon",
    "sale",
    "iphone",
    "ipad",
    "android",
    "facebook",
    "twitter",
    "google",
    "pinterest",
    "linkedin",
    "url",
    "URL",
    "link",
    "page",
    "password",
    "credit",
    "loan",
    "insurance",
    "loans",
    "money",
    "dollars",
    "cash",
    "rate",
    "shop",
    "save",
    "deal",
    "deals",
    "%",
    "$",
    "version",
    "beta",
    "update",
    "updates",
    "browser",
    "newsletter",
    "subscribe",
    "unsubscribe",
    "blog",
    "video",
    "photos",
    "photo",
    "game",
    "play",
    "score",
    "win",
    "fans",
    "followers",
    "feature",
    "features",
    "privacy",
    "policy",
    "terms",
    "settings",
    "login",
    "log",
    "register",
    "service",
    "services",
    "product",
    "products",
    "email",
    "inbox",
    "today",
    "free",
    "new",
    "now",
    "best",
    "world",
    "fun",
    "million",
    "members",
    "store",
];

/// Words and signs of a folded text; numbers are `#`, links `URL`.
fn tokens(folded: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if word.contains("://") || word.starts_with("www.") || word.contains("$link") {
            out.push("URL".to_owned());
            continue;
        }
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'';
            let length = if in_word(first) {
                rest.find(|c| !in_word(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            if token.starts_with(|c: char| c.is_ascii_digit()) {
                out.push("#".to_owned());
            } else if in_word(first) || "?!.:,;()/\"@-$%".contains(first) {
                out.push(token.to_owned());
            }
            rest = behind;
        }
        if out.len() >= MOST_TOKENS {
            break;
        }
    }
    out.truncate(MOST_TOKENS);
    out
}

/// The class of a token in runs: names of days and months and words of time are one each.
fn class(token: &str) -> &str {
    match token {
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "mon"
        | "tue" | "tues" | "wed" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun" => "DAY",
        "january" | "february" | "march" | "april" | "june" | "july" | "august" | "september" | "october"
        | "november" | "december" | "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep"
        | "sept" | "oct" | "nov" | "dec" => "MONTH",
        "tomorrow" | "today" | "tonight" | "morning" | "afternoon" | "evening" | "noon" | "week"
        | "weekend" | "month" => "WHEN",
        other => other,
    }
}
