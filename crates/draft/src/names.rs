//! What to call someone in a greeting, from the display name of a mail header.
//!
//! A display name is written by a stranger: whatever does not look like a person's name is dropped
//! and the greeting goes without.

use postil_evidence::Mailbox;

/// Words that stand before a name and are kept for a formal greeting.
const TITLES: &[&str] = &["dr", "prof", "professor", "doctor", "doktor"];
/// Words that stand before a name and are dropped.
const COURTESY: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "m", "mme", "mlle", "sr", "sra", "srta", "sir", "dipl",
    "ing",
];
/// Words that name a function, not a person.
const ROLES: &[&str] = &[
    "team",
    "support",
    "sales",
    "info",
    "office",
    "service",
    "services",
    "admin",
    "billing",
    "accounts",
    "account",
    "marketing",
    "help",
    "helpdesk",
    "hr",
    "it",
    "noreply",
    "reply",
    "newsletter",
    "security",
    "customer",
    "notifications",
    "notification",
    "mailer",
    "group",
    "department",
    "contact",
    "hello",
    "list",
    "finance",
    "accounting",
    "system",
    "alerts",
    "the",
    "via",
    "inc",
    "ltd",
    "gmbh",
    "ag",
    "llc",
    "bank",
    "gestion",
    "kundenservice",
];

/// A name fit for a greeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    /// "Maya".
    pub(crate) first: String,
    /// "Maya Okafor"; the first name alone where there is no other.
    pub(crate) full: String,
    /// "Dr. Okafor", where the header gives such a title.
    pub(crate) titled: Option<String>,
}

/// What to call the owner of this mailbox; `None` where its display name is not a person's.
pub(crate) fn called(mailbox: &Mailbox) -> Option<Called> {
    let name = mailbox.name.as_str();
    if name.chars().count() > 80
        || name.contains(['@', '/', '<', '>', '[', ']', '{', '}', '%', '$', '=', '`', '#', '|'])
    {
        return None;
    }
    let name = without_brackets(name);
    let name = name.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    let name = name.split(" via ").next().unwrap_or(name);
    let turned = match name.split_once(',') {
        Some((last, first)) if !first.trim().is_empty() => format!("{} {}", first.trim(), last.trim()),
        Some((only, _)) => only.trim().to_owned(),
        None => name.to_owned(),
    };
    let mut title = None;
    let mut words: Vec<String> = Vec::new();
    for word in turned.split_whitespace() {
        let bare = word.trim_end_matches('.').to_lowercase();
        if words.is_empty() && TITLES.contains(&bare.as_str()) {
            title = title.or(Some(bare));
        } else if words.is_empty() && COURTESY.contains(&bare.as_str()) {
            // Dropped: it says nothing that the reply needs.
        } else if bare.is_empty() || ROLES.contains(&bare.as_str()) || !looks_like_name(word) {
            return None;
        } else {
            words.push(cased(word));
        }
    }
    let first = words.first()?.clone();
    if words.len() > 5 || first.trim_end_matches('.').chars().count() < 2 {
        return None;
    }
    let last = words.last().filter(|_| words.len() > 1);
    let titled = title.zip(last).map(|(title, last)| {
        let title = if title.starts_with('p') { "Prof." } else { "Dr." };
        format!("{title} {last}")
    });
    Some(Called { first, full: words.join(" "), titled })
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn looks_like_name(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    (1..=24).contains(&letters)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.') || is_mark(c))
        && word.chars().next().is_some_and(char::is_alphabetic)
        && !word.trim_end_matches('.').contains('.')
}

/// Combining marks that names in many scripts need.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36f | 0x900..=0x903 | 0x93a..=0x94f | 0x64b..=0x65f)
}

/// "MAYA" and "maya" as "Maya"; anything mixed stays.
fn cased(word: &str) -> String {
    let upper = word.chars().filter(|c| c.is_uppercase()).count();
    let lower = word.chars().filter(|c| c.is_lowercase()).count();
    if (lower == 0 && upper > 2) || upper == 0 {
        let mut start = true;
        return word
            .chars()
            .flat_map(|c| {
                let cased: Vec<char> =
                    if start { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
                start = c == '-' || c == '\'';
                cased
            })
            .collect();
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::called;
    use postil_evidence::{Addr, HeaderText, Mailbox};

    fn check(name: &str, first: Option<&str>, titled: Option<&str>) {
        let mailbox = Mailbox { name: HeaderText::clean(name), addr: Addr::parse("x@y.example").unwrap() };
        let called = called(&mailbox);
        assert_eq!(called.as_ref().map(|c| c.first.as_str()), first, "{name}");
        assert_eq!(called.and_then(|c| c.titled).as_deref(), titled, "{name}");
    }

    #[test]
    fn a_greeting_name_is_a_name_or_nothing() {
        check("Maya Okafor", Some("Maya"), None);
        check("Okafor, Maya", Some("Maya"), None);
        check("OKAFOR, MAYA (Northwind)", Some("Maya"), None);
        check("Dr. Maya Okafor", Some("Maya"), Some("Dr. Okafor"));
        check("Jean-Luc O'Neil", Some("Jean-Luc"), None);
        check("Élodie Marchand", Some("Élodie"), None);
        check("Ana via Launch list", Some("Ana"), None);
        for none in [
            "",
            "Support Team",
            "billing@x.example",
            "<%+ tp.file %>",
            "[[Northwind]]",
            "a.b c",
            "X",
            "key:: v",
        ] {
            check(none, None, None);
        }
    }
}
