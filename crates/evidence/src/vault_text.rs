//! Untrusted text made safe to stand in a note.
//!
//! Code fences and entity escaping do not stop Obsidian plugins: Templater runs commands found in
//! rendered text, Dataview reads fields inside code, Tasks picks up tasks inside quotes. So every
//! token that a plugin or Obsidian itself acts on is broken by a word joiner (U+2060), which has no
//! width; [`without_joiners`] takes the joiners out when a note is read back.
//!
//! # Source
//! SECURITY.md T8 and its measurement M9: fencing leaves 11 of 34 payloads live, breaking tokens 1.

use std::fmt;

use crate::text;

/// The character that breaks a token: word joiner, no width, no line break.
pub const JOINER: char = '\u{2060}';

/// Text that starts nothing in a vault: no link, embed, tag, field, task, heading, command, comment,
/// footnote or HTML. Made only here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VaultText(String);

impl VaultText {
    /// Makes several lines safe. Line ends stay.
    #[must_use]
    pub fn lines(raw: &str) -> Self {
        let (cleaned, _) = text::clean(raw);
        let safe: Vec<String> = cleaned.split('\n').map(|line| break_tokens(line.trim_end())).collect();
        Self(safe.join("\n"))
    }

    /// Makes one line safe; line ends become spaces.
    #[must_use]
    pub fn line(raw: &str) -> Self {
        let (cleaned, _) = text::clean(raw);
        Self(break_tokens(&text::fold_space(&cleaned)))
    }

    /// The safe text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as block-quote lines, each led by `> `.
    #[must_use]
    pub fn quoted(&self) -> String {
        let lines: Vec<String> = self
            .0
            .split('\n')
            .map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") })
            .collect();
        lines.join("\n")
    }
}

impl fmt::Display for VaultText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text without our joiners: what a person reads, and what is sent.
#[must_use]
pub fn without_joiners(text: &str) -> String {
    text.replace(JOINER, "")
}

/// Whether a joiner must stand between `a` and `b`. `prev` is the character before `a`.
fn live_pair(prev: char, a: char, b: char) -> bool {
    match (a, b) {
        // Templater, comments, fields, links, embeds, templates, maths, code, struck text, marks.
        ('<', '%')
        | ('%', '>' | '%')
        | (':', ':')
        | ('[', '[' | '^' | '!')
        | (']', ']' | '(' | ':' | '[')
        | ('!', '[')
        | ('{', '{' | '%')
        | ('}', '}')
        | ('$', '$' | '=')
        | ('`', '`' | '=' | '$' | 'd')
        | ('~', '~')
        | ('=', '=')
        | (':', '/') => true,
        // HTML, and autolinks.
        ('<', '/' | '!' | '?') => true,
        ('<', c) => c.is_alphabetic(),
        // Tags: a `#` that starts a word.
        ('#', c) => !prev.is_alphanumeric() && (c.is_alphanumeric() || c == '_' || c == '/' || c == '-'),
        // Block ids: `^` after a space or at the start.
        ('^', c) => (prev == ' ' || prev == '\0') && c.is_ascii_alphanumeric(),
        _ => false,
    }
}

fn break_tokens(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let body = line.trim_start();
    let indent = line.len() - body.len();
    // Four spaces or a tab would make code of the line; a quote shows at most three.
    out.extend(std::iter::repeat_n(' ', indent.min(3)));
    if starts_block(body) {
        out.push(JOINER);
    }
    let (mut prev, mut last) = ('\0', '\0');
    for c in body.chars() {
        if last != '\0' && live_pair(prev, last, c) {
            out.push(JOINER);
        }
        out.push(c);
        prev = last;
        last = c;
    }
    out
}

/// Whether a line would start a heading, list, task, table, rule, quote, fence or front matter.
fn starts_block(body: &str) -> bool {
    let mut chars = body.chars();
    match chars.next() {
        Some('#' | '|' | '>' | '`' | '~' | '=') => true,
        Some('-' | '*' | '+' | '_') => {
            let rest = chars.as_str();
            rest.is_empty() || rest.starts_with([' ', '\t', '-', '*', '_'])
        }
        Some(c) if c.is_ascii_digit() => {
            let rest = body.trim_start_matches(|c: char| c.is_ascii_digit());
            rest.starts_with(". ") || rest.starts_with(") ") || rest == "." || rest == ")"
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{VaultText, without_joiners};

    #[test]
    fn nothing_in_untrusted_text_starts_anything() {
        for payload in [
            "<%+ tp.file.delete() %>",
            "key:: value",
            "[key:: v]",
            "[[Northwind]]",
            "![[secret]]",
            "![x](http://a.example/y)",
            "%% reply %%",
            "{{date}}",
            "$$x$$",
            "```dataview",
            "`= this.file`",
            "`$= dv.x`",
            "#tag",
            "x ^block-id",
            "- [ ] task 📅 2026-01-01",
            "# heading",
            "| a | b |",
            "> [!note]",
            "<img src=x onerror=y>",
            "[^1]: note",
            "[a]: http://x.example",
            "1. one",
            "---",
            "~~~js",
            "==mark==",
            "obsidian://new?vault=x",
        ] {
            let safe = VaultText::lines(payload);
            for live in [
                "<%", "%>", "::", "[[", "![", "%%", "{{", "$$", "``", "`=", "`$", "://", "[^", "]:", "](",
                "<i", "~~", "==", "#t", " ^b",
            ] {
                assert!(!safe.as_str().contains(live), "{payload:?} -> {safe:?} still has {live:?}");
            }
            for start in ["#", "- ", "|", ">", "1.", "---", "```"] {
                assert!(!safe.as_str().starts_with(start), "{payload:?} -> {safe:?}");
            }
            assert_eq!(without_joiners(safe.as_str()), payload);
        }
    }

    #[test]
    fn ordinary_prose_is_left_alone() {
        for prose in [
            "Hi Maya,",
            "we settled on 24 months (99.9 % SLA), at 10:30 – C# & R&D, issue no. 5.",
            "a-b, 5 - 3, \"quoted\" [sic]",
        ] {
            assert_eq!(VaultText::lines(prose).as_str(), prose);
        }
    }
}
