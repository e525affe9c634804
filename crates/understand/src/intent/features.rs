//! A sentence as hashed features of a linear model.

use super::sentence_rules;

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
    for rule in &rules.fitting {
        tell(&format!("rule {rule}"), 2.0);
    }
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
    shape(sentence, &tokens, &classes, tell);
}

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
    let last = tokens.last().map_or("", String::as_str);
    let end = if last.starts_with(|c: char| c.is_ascii_alphanumeric()) { "word" } else { last };
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
