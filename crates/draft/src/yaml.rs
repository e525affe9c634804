//! The one writer of YAML values, and the reader of the few shapes that our own notes can have.
//!
//! A value never carries a live token of a plugin: untrusted text passes [`VaultText`] first.

use postil_evidence::VaultText;

/// Untrusted text as a double-quoted YAML scalar on one line, made safe for a vault.
#[must_use]
pub fn quoted(raw: &str) -> String {
    escaped(VaultText::line(raw).as_str())
}

/// A list of untrusted texts in flow style: `["a", "b"]`.
#[must_use]
pub fn list<'t>(items: impl IntoIterator<Item = &'t str>) -> String {
    let items: Vec<String> = items.into_iter().map(quoted).collect();
    format!("[{}]", items.join(", "))
}

/// A Message-ID with its brackets. The brackets stay whole, so that other programs can read it.
#[must_use]
pub fn message_id(id: &str) -> String {
    let bare = id.trim_start_matches('<').trim_end_matches('>');
    escaped(&format!(
        "<{}>",
        VaultText::line(bare).as_str().trim_start_matches(postil_evidence::vault_text::JOINER)
    ))
}

/// A string as a double-quoted YAML scalar.
///
/// # Source
/// YAML 1.2.2, sections 5.7 and 7.3.1.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{85}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            _ if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The value of a top-level key of front matter, as text: plain, single- or double-quoted.
#[must_use]
pub(crate) fn value(front: &str, key: &str) -> Option<String> {
    let rest = front.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    Some(scalar(rest))
}

/// The items of a top-level list, in flow or block style; a single value is a list of one.
#[must_use]
pub(crate) fn values(front: &str, key: &str) -> Vec<String> {
    let mut lines = front.lines();
    let Some(rest) = lines.by_ref().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')) else {
        return Vec::new();
    };
    let rest = rest.trim();
    if rest.is_empty() {
        return lines
            .map_while(|line| line.trim_start().strip_prefix("- "))
            .map(scalar)
            .filter(|item| !item.is_empty())
            .collect();
    }
    let Some(inside) = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return vec![scalar(rest)];
    };
    let mut items = Vec::new();
    let (mut item, mut quote, mut escaped) = (String::new(), None, false);
    for c in inside.chars() {
        match (quote, c) {
            (None, ',') => items.push(std::mem::take(&mut item)),
            (None, '"' | '\'') if item.trim().is_empty() => {
                quote = Some(c);
                item.push(c);
            }
            (Some(open), _) => {
                if c == open && !escaped {
                    quote = None;
                }
                escaped = open == '"' && c == '\\' && !escaped;
                item.push(c);
            }
            (None, _) => item.push(c),
        }
    }
    items.push(item);
    items.iter().map(|item| scalar(item)).filter(|item| !item.is_empty()).collect()
}

fn scalar(raw: &str) -> String {
    let raw = raw.trim();
    if let Some(inside) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return unescaped(inside);
    }
    if let Some(inside) = raw.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return inside.replace("''", "'");
    }
    raw.split(" #").next().unwrap_or(raw).trim().to_owned()
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('x') => out.extend(hex(&mut chars, 2)),
            Some('u') => out.extend(hex(&mut chars, 4)),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn hex(chars: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let code: String = chars.by_ref().take(digits).collect();
    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use postil_evidence::vault_text::without_joiners;
    use proptest::prelude::*;

    use super::{list, quoted, value, values};

    fn parsed(text: &str) -> String {
        let map: BTreeMap<String, String> = serde_saphyr::from_str(&format!("subject: {text}\n")).unwrap();
        map.get("subject").cloned().unwrap_or_default()
    }

    #[test]
    fn hostile_subjects_round_trip() {
        for subject in [
            "He said \"yes\": now # or 'never'",
            "a: b - c, [d] {e} & *f !g |h >i",
            "😀 emoji \\ back\\slash",
            "<%+ tp.file.delete() %> [[x]] key:: v",
            "- list",
            "---",
            "yes",
            "null",
            "1e3",
            "",
        ] {
            let written = quoted(subject);
            assert_eq!(without_joiners(&parsed(&written)), subject, "{written}");
            assert_eq!(without_joiners(&value(&format!("subject: {written}"), "subject").unwrap()), subject);
            assert!(!written.contains("<%") && !written.contains("[[") && !written.contains("::"));
        }
        assert_eq!(parsed(&quoted("two\nlines\r\nhere")), "two lines here");
    }

    #[test]
    fn lists_read_back_in_both_styles() {
        let items = ["a, \"b\"", "c\\", "d"];
        assert_eq!(values(&format!("x: 1\ncc: {}\n", list(items)), "cc"), items);
        assert_eq!(values("cc:\n  - a\n  - \"b: c\"\nnext: 1", "cc"), ["a", "b: c"]);
        assert!(values("cc: []\n", "cc").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_one_valid_scalar(text in any::<String>()) {
            let cleaned = postil_evidence::text::fold_space(&postil_evidence::text::clean(&text).0);
            prop_assert_eq!(without_joiners(&parsed(&quoted(&text))), without_joiners(&cleaned));
        }
    }
}
