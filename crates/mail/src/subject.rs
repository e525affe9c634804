//! Subjects: the prefixes that mail programs put before them, and the subject of a reply.
//! Knows nothing of threads and never guesses.

/// Words that programs put before the subject of a reply or a forward, lower case.
///
/// # Source
/// RFC 5256 section 2.1 (re, fw, fwd); the list of email subject abbreviations that Outlook, Lotus
/// Notes, Gmail, Foxmail and QQ Mail write in other languages; checked against each vendor's habit.
const PREFIXES: &[&str] = &[
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "antw",
    "antwort",
    "sv",
    "vs",
    "vb",
    "vl",
    "rv",
    "res",
    "ref",
    "enc",
    "tr",
    "rif",
    "r",
    "i",
    "ynt",
    "ilt",
    "odp",
    "pd",
    "doorst",
    "továbbítás",
    "vá",
    "fs",
    "bls",
    "trs",
    "ri",
    "aπ",
    "απ",
    "σχετ",
    "πρθ",
    "hal",
    "ad",
    "na",
    "yml",
    "atb",
    "nf",
    "回复",
    "回覆",
    "答复",
    "答覆",
    "转发",
    "轉寄",
    "转寄",
    "轉發",
    "返信",
    "転送",
    "답장",
    "전달",
    "השב",
    "הועבר",
    "رد",
    "إعادة توجيه",
    "отв",
    "ответ",
    "пересл",
    "на",
];

/// The subject without the prefixes of replies and forwards, and without white space around it:
/// `"Re: RE: AW: Fwd[2]: x"` is `"x"`. List tags (`[usrp-users]`) stay.
#[must_use]
pub fn without_prefixes(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some(after) = after_prefix(rest) {
        rest = after;
    }
    rest
}

/// The subject of a reply: exactly one `Re: ` before it. A prefix behind a list tag goes as well,
/// so `"[list] Re: x"` becomes `"Re: [list] x"`.
#[must_use]
pub fn reply_subject(subject: &str) -> String {
    let base = without_prefixes(subject);
    if let Some((tag, rest)) = list_tag(base) {
        let inner = without_prefixes(rest);
        if inner.len() < rest.trim().len() {
            return format!("Re: {tag} {inner}");
        }
    }
    format!("Re: {base}")
}

/// Splits off a leading `[tag]`.
pub(crate) fn list_tag(subject: &str) -> Option<(&str, &str)> {
    let inner = subject.strip_prefix('[')?;
    let end = inner.find(']')?;
    let (tag, rest) = subject.split_at_checked(end + 2)?;
    Some((tag, rest))
}

/// What stands after one prefix, or `None` where there is none.
fn after_prefix(subject: &str) -> Option<&str> {
    let subject = subject.trim_start();
    let word_end = subject.find(|c: char| !(c.is_alphabetic() || c == '\'')).unwrap_or(subject.len());
    let (word, mut rest) = subject.split_at_checked(word_end)?;
    if word.is_empty() || word.len() > 24 || !is_prefix(word) {
        return None;
    }
    rest = after_counter(rest.trim_start()).trim_start();
    let after = rest.strip_prefix(':').or_else(|| rest.strip_prefix('：'))?;
    Some(after.trim_start())
}

fn is_prefix(word: &str) -> bool {
    PREFIXES.iter().any(|prefix| word.eq_ignore_ascii_case(prefix)) || {
        !word.is_ascii() && {
            let lower = word.to_lowercase();
            PREFIXES.contains(&lower.as_str())
        }
    }
}

/// Skips `[2]`, `(2)`, `^2`, `*2` or `2`.
fn after_counter(rest: &str) -> &str {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (open, close) = match rest.chars().next() {
        Some('[') => (1, Some(']')),
        Some('(') => (1, Some(')')),
        Some('^' | '*') => (1, None),
        Some('0'..='9') => (0, None),
        Some(_) | None => return rest,
    };
    let inner = rest.get(open..).unwrap_or_default();
    let count = digits(inner);
    if count == 0 || count > 4 {
        return rest;
    }
    let tail = inner.get(count..).unwrap_or_default();
    match close {
        None => tail,
        Some(bracket) => tail.strip_prefix(bracket).unwrap_or(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::{reply_subject, without_prefixes};

    #[test]
    fn prefixes_of_many_programs_go() {
        for (subject, base) in [
            ("Re: RE: AW: Fwd[2]: x", "x"),
            ("re^3: x", "x"),
            ("Re(4) : x", "x"),
            ("回复：转发: 会议", "会议"),
            ("Továbbítás: x", "x"),
            ("Ynt: İlt: x", "İlt: x"),
            ("SV: VS: Antw: TR : Rif: ODP: x", "x"),
            ("Re: [list] x", "[list] x"),
            ("Report: x", "Report: x"),
            ("Research", "Research"),
            ("Re:", ""),
            ("", ""),
            ("Re: é", "é"),
        ] {
            assert_eq!(without_prefixes(subject), base, "{subject}");
        }
    }

    #[test]
    fn a_reply_has_one_prefix() {
        for (subject, reply) in [
            ("x", "Re: x"),
            ("RE: Re: AW: x", "Re: x"),
            ("[list] Re: x", "Re: [list] x"),
            ("Re: [list] x", "Re: [list] x"),
            ("[list] x", "Re: [list] x"),
            ("Re[2]: Retention: terms", "Re: Retention: terms"),
            ("SV: Müller", "Re: Müller"),
            ("Report: Q3", "Re: Report: Q3"),
        ] {
            assert_eq!(reply_subject(subject), reply);
            assert_eq!(reply_subject(&reply_subject(subject)), reply);
        }
    }
}
