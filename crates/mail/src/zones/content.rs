//! What the remaining lines of a message are: rules, program text, program output, columns,
//! headings, or prose. None of this decides whose words they are.

use super::{Line, program};
use crate::message::ZoneKind;

pub(super) fn mark(lines: &mut [Line<'_>]) {
    program::mark_fields(lines);
    for line in lines.iter_mut().filter(|line| line.is_open()) {
        line.kind = kind_of(line);
    }
    program::mark_output(lines);
    mark_table_rules(lines);
    mark_headings(lines);
    join_islands(lines);
}

/// A line of one repeated mark, of three characters or more.
pub(super) fn is_rule(text: &str) -> bool {
    let marks = text.chars().filter(|c| !c.is_whitespace());
    let mut count = 0;
    for c in marks {
        if c.is_alphanumeric()
            || !(c.is_ascii_punctuation() || matches!(c, '—' | '–' | '─' | '━' | '•' | '═' | '＿'))
        {
            return false;
        }
        count += 1;
    }
    count >= 3
        && text.chars().any(|c| {
            matches!(c, '-' | '_' | '=' | '*' | '~' | '#' | '—' | '–' | '─' | '━' | '═' | '+' | '.' | '^')
        })
}

/// Whether all characters are the same.
pub(super) fn same_mark(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| chars.all(|c| c == first))
}

/// The name of a month, or the first letters of one, lower case.
pub(super) fn is_month(word: &str) -> bool {
    let short = word.get(..3).unwrap_or(word);
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai", "mär",
        "okt", "dez",
    ]
    .contains(&short)
        && word.len() <= 10
}

fn kind_of(line: &Line<'_>) -> Option<ZoneKind> {
    let text = line.trimmed;
    if is_rule(text) {
        return Some(ZoneKind::Separator);
    }
    if is_log(text) {
        return Some(ZoneKind::Log);
    }
    if is_code(line) {
        return Some(ZoneKind::Code);
    }
    if is_table(line) {
        return Some(ZoneKind::Table);
    }
    None
}

/// A stack frame, a level, or a time stamp and no sentence.
fn is_log(text: &str) -> bool {
    let start = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    if start(&[
        "at java.",
        "at org.",
        "at com.",
        "at sun.",
        "Traceback (most",
        "Caused by:",
        "[INFO]",
        "[ERROR]",
        "[WARN",
        "[DEBUG]",
        "ERROR:",
        "WARNING:",
        "INFO:",
        "DEBUG:",
        "[error]",
        "[info]",
        "[warn",
        "E: ",
        "W: ",
    ]) {
        return true;
    }
    // A frame of a debugger: "#3  0x4006 in main (argc=1)".
    let frame = text.strip_prefix('#').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    if frame.is_some_and(|rest| {
        rest.starts_with(' ')
            && (rest.trim_start().starts_with("0x") || rest.contains(" in ") && rest.contains('('))
    }) {
        return true;
    }
    if text.starts_with("File \"") && text.contains("\", line ") {
        return true;
    }
    let stamp: usize = text.bytes().take(24).filter(u8::is_ascii_digit).count();
    let clock = text.bytes().take(28).filter(|b| *b == b':').count() >= 2;
    if stamp >= 6 && clock && text.len() > 24 {
        return text.starts_with(|c: char| c.is_ascii_digit() || c == '[')
            || text.split_whitespace().next().is_some_and(|w| w.len() == 3);
    }
    // "sshd[4312]: …", "0x7f3a…", a line of hexadecimal.
    let hex = text
        .split_whitespace()
        .take(6)
        .filter(|w| {
            w.len() >= 4
                && w.trim_start_matches("0x").bytes().all(|b| b.is_ascii_hexdigit())
                && w.bytes().any(|b| b.is_ascii_digit())
        })
        .count();
    hex >= 3 && text.split_whitespace().count() <= hex + 6
}

fn is_code(line: &Line<'_>) -> bool {
    let text = line.trimmed;
    let end = text.bytes().next_back().unwrap_or(b' ');
    if matches!(
        text,
        "{" | "}" | "};" | "})" | "});" | "/*" | "*/" | "#endif" | "#else" | "end" | "fi" | "done"
    ) {
        return true;
    }
    let start = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    if start(&[
        "#include",
        "#define",
        "#ifdef",
        "#ifndef",
        "#!/",
        "<?php",
        "<?xml",
        "$ ",
        "% sudo",
        "# apt",
        "public class",
        "import java",
        "from __future__",
        "using namespace",
        "def ",
        "return ",
        "sudo ",
    ]) && text.len() < 120
    {
        return !text.ends_with('.') || text.starts_with('#');
    }
    let marks = text
        .bytes()
        .filter(|b| {
            matches!(
                b,
                b'{' | b'}'
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b';'
                    | b'='
                    | b'<'
                    | b'>'
                    | b'$'
                    | b'&'
                    | b'|'
                    | b'\\'
                    | b'_'
            )
        })
        .count();
    if end == b';' && marks >= 2 && !text.contains(". ") {
        return true;
    }
    if end == b'{' && marks >= 2 {
        return true;
    }
    if text.starts_with('<')
        && end == b'>'
        && !text.contains('@')
        && !text.starts_with("<http")
        && text.len() > 3
    {
        return true;
    }
    let assigns = text.contains(" = ")
        || text.contains(" <- ")
        || text.contains(":= ")
        || text.contains("->")
        || text.contains("::");
    assigns && marks >= 3 && marks * 12 >= text.len()
}

/// Columns: tabs, bars, or wide gaps.
fn is_table(line: &Line<'_>) -> bool {
    let text = line.trimmed;
    let bars = text.bytes().filter(|b| *b == b'|').count();
    if bars >= 2 {
        return true;
    }
    let tabs = text.split('\t').filter(|cell| !cell.trim().is_empty()).count();
    if tabs >= 3 {
        return true;
    }
    let mut gaps = 0;
    let mut run = 0;
    for byte in text.bytes() {
        if byte == b' ' {
            run += 1;
        } else {
            gaps += usize::from(run >= 3);
            run = 0;
        }
    }
    gaps >= 2
}

/// A rule inside a table, and the head of the columns above it.
fn mark_table_rules(lines: &mut [Line<'_>]) {
    let table = |line: Option<&Line<'_>>| line.is_some_and(|line| line.kind == Some(ZoneKind::Table));
    for at in 0..lines.len() {
        let Some(line) = lines.get(at).filter(|line| line.kind == Some(ZoneKind::Separator)) else {
            continue;
        };
        let columns = line.trimmed.split_whitespace().filter(|part| part.len() >= 3).count() >= 2
            && line.trimmed.bytes().all(|b| matches!(b, b'-' | b'=' | b' ' | b'+' | b'\t'));
        let inside = at > 0 && table(lines.get(at - 1)) && table(lines.get(at + 1));
        if !columns && !inside {
            continue;
        }
        if let Some(line) = lines.get_mut(at) {
            line.kind = Some(ZoneKind::Table);
        }
        if columns
            && let Some(head) = at.checked_sub(1).and_then(|above| lines.get_mut(above))
            && head.is_open()
        {
            head.kind = Some(ZoneKind::Table);
        }
    }
}

/// A short line in capitals, or one that is underlined, with room around it.
fn mark_headings(lines: &mut [Line<'_>]) {
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { return };
        if !line.is_open() || line.trimmed.len() > 60 || line.trimmed.len() < 4 {
            continue;
        }
        let above = at == 0 || lines.get(at - 1).is_some_and(Line::is_blank);
        let underlined = lines.get(at + 1).is_some_and(|next| {
            next.kind == Some(ZoneKind::Separator)
                && same_mark(next.trimmed)
                && next.trimmed.starts_with(['=', '-', '~'])
        });
        let letters = line.trimmed.chars().filter(|c| c.is_alphabetic()).count();
        let words = line.trimmed.split_whitespace().count();
        let capitals = letters >= 4
            && !line.trimmed.chars().any(char::is_lowercase)
            && line.trimmed.chars().any(char::is_uppercase)
            && (words > 1 || letters >= 6)
            && words <= 8;
        // Someone who writes in capitals throughout writes no headings.
        let below = lines.iter().skip(at + 1).find(|next| !next.is_blank());
        let heads = capitals
            && !line.trimmed.ends_with(['.', ',', '!', '?'])
            && below.is_some_and(|next| next.is_open() && next.trimmed.chars().any(char::is_lowercase));
        let form = line.trimmed.starts_with('>') && line.trimmed.ends_with(':');
        let heading = above && (underlined && letters >= 4 || heads) || form;
        let marked = line.trimmed.starts_with("## ") || line.trimmed.starts_with("### ");
        if (heading || marked)
            && let Some(line) = lines.get_mut(at)
        {
            line.kind = Some(ZoneKind::SectionHeading);
        }
    }
}

/// One line of code or table in the midst of prose is prose; a prose line in the midst of code is code.
fn join_islands(lines: &mut [Line<'_>]) {
    let soft =
        |kind: Option<ZoneKind>| matches!(kind, Some(ZoneKind::Code | ZoneKind::Log | ZoneKind::Table));
    for at in 1..lines.len().saturating_sub(1) {
        let (before, after) =
            (lines.get(at - 1).and_then(|l| l.kind), lines.get(at + 1).and_then(|l| l.kind));
        let Some(line) = lines.get_mut(at) else { return };
        if line.is_open() && before == after && soft(before) {
            line.kind = before;
        } else if line.kind == Some(ZoneKind::Table) && before.is_none() && after.is_none() {
            line.kind = None;
        }
    }
}
