//! What programs wrote into a mail: signed armour, patches, names of attachments, fields of a tracker,
//! and their output. Decides by the shape of a line and of its neighbours, never by whose program it was.

use super::Line;
use super::content::same_mark;
use crate::message::ZoneKind;

/// Marks what may look like a signature, a quote or a heading and is none: must run before those are
/// sought.
pub(super) fn mark_armour(lines: &mut [Line<'_>]) {
    mark_signed(lines);
    mark_verbatim(lines);
    mark_patches(lines);
    for line in lines.iter_mut().filter(|line| line.kind.is_none()) {
        if is_technical(line.raw) {
            line.kind = Some(ZoneKind::Technical);
        } else if is_tracker_note(line.trimmed) {
            line.kind = Some(ZoneKind::QuotationMarker);
        }
    }
}

/// Marks the output of programs among the lines that nothing else has claimed.
pub(super) fn mark_output(lines: &mut [Line<'_>]) {
    mark_blocks(lines);
    mark_between(lines);
}

// ---- signed and encrypted text (RFC 4880 section 6.2)

/// `-----BEGIN PGP …` with its headers, and everything down to the end of a signature or a key. The
/// text that was signed is the sender's.
fn mark_signed(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let Some(name) = lines.get(at).and_then(|line| armour(line.trimmed, "-----BEGIN ")) else {
            at += 1;
            continue;
        };
        let signed = name.contains("SIGNED MESSAGE");
        let end = if signed {
            (at..lines.len()).find(|i| lines.get(*i).is_none_or(Line::is_blank))
        } else {
            let close =
                |i: &usize| lines.get(*i).is_some_and(|line| armour(line.trimmed, "-----END ").is_some());
            (at..lines.len()).find(close).map(|close| close + 1)
        };
        // Without an end: the head, and what is coded below it.
        let end = end.unwrap_or_else(|| {
            let coded =
                |line: &Line<'_>| line.is_blank() || is_armour_header(line.trimmed) || is_coded(line.trimmed);
            (at + 1..lines.len()).find(|i| !lines.get(*i).is_some_and(coded)).unwrap_or(lines.len())
        });
        for line in lines.iter_mut().take(end).skip(at).filter(|line| !line.is_blank()) {
            line.kind = Some(ZoneKind::Technical);
        }
        at = end.max(at + 1);
    }
}

fn armour<'t>(line: &'t str, opening: &str) -> Option<&'t str> {
    let name = line.strip_prefix(opening)?.strip_suffix("-----")?;
    (name.starts_with("PGP ") || name.starts_with("CERTIFICATE") || name.ends_with("PRIVATE KEY"))
        .then_some(name)
}

fn is_armour_header(line: &str) -> bool {
    ["Hash: ", "Version: ", "Comment: ", "Charset: "].iter().any(|header| line.starts_with(header))
}

/// One unbroken run of base64.
fn is_coded(line: &str) -> bool {
    line.len() >= 5 && line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

// ---- what the writer set off as output

/// Emacs's boxquote (`,----[ ls ]`, `| …`, `` `---- ``) and the verbatim marks of Usenet (`#v+`, `#v-`).
fn mark_verbatim(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let text = lines.get(at).map_or("", |line| line.trimmed);
        let boxed = text.starts_with(",----") || text.starts_with(",---[");
        if !boxed && text != "#v+" {
            at += 1;
            continue;
        }
        let closes =
            |line: &Line<'_>| if boxed { line.trimmed.starts_with("`---") } else { line.trimmed == "#v-" };
        let Some(end) = (at + 1..lines.len()).find(|i| lines.get(*i).is_some_and(closes)) else {
            at += 1;
            continue;
        };
        for line in lines.iter_mut().take(end + 1).skip(at).filter(|line| !line.is_blank()) {
            line.kind = Some(ZoneKind::Log);
        }
        at = end + 1;
    }
}

// ---- names of attachments and pictures

/// `[cid:image001]`, `<<report.doc>>`, Lotus Notes' ` - report.doc`: what a program left where an
/// attachment or a picture was.
fn is_technical(raw: &str) -> bool {
    let text = raw.trim();
    let framed = [
        ("[[", "]]"),
        ("<<", ">>"),
        ("[cid:", "]"),
        ("[image:", "]"),
        ("[Image:", "]"),
        ("[inline image", "]"),
        ("[IMAGE", "]"),
        ("<Embedded ", ">"),
        ("[ Part ", "]"),
        ("[ Picked ", "]"),
        ("[Attachment", "]"),
        ("[ATTACHMENT", "]"),
        ("[Non-text portions", "]"),
        ("[demime", "]"),
        ("[Unable to ", "]"),
        ("[ http", "]"),
    ];
    if framed.iter().any(|(open, close)| text.starts_with(open) && text.ends_with(close)) {
        return true;
    }
    let listed = raw.strip_prefix(" - ").or_else(|| raw.strip_prefix("  - "));
    listed.is_some_and(|name| name.len() <= 80 && ends_in_file_name(name))
}

/// `minutes v2.doc`: an extension of two to four letters or digits, and no sentence before it.
fn ends_in_file_name(text: &str) -> bool {
    let Some((stem, extension)) = text.trim_end().rsplit_once('.') else { return false };
    (2..=4).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && extension.bytes().any(|b| b.is_ascii_alphabetic())
        && !stem.is_empty()
        && !stem.contains("://")
        && !stem.contains('@')
        && !stem.contains(". ")
        && stem.split_whitespace().count() <= 8
}

/// The line above a note in a tracker: `--- Comment #4 from Ana ---`, `Ana commented on PUMP-12:`,
/// `Ana changed:`.
fn is_tracker_note(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let framed = text.trim_matches(['-', ' ']);
    if text.starts_with("---") && text.ends_with("---") {
        return framed.starts_with("Comment #") || framed.starts_with("Additional Comment");
    }
    let Some(said) = text.strip_suffix(':') else { return false };
    if said.ends_with(" changed") && said.contains('@') {
        return true;
    }
    let Some((before, issue)) = said.rsplit_once(' ') else { return false };
    let numbered = issue.rsplit_once('-').is_some_and(|(project, number)| {
        project.len() >= 2
            && project.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    });
    let verbs = [
        " commented on",
        " updated",
        " resolved",
        " closed",
        " reopened",
        " created",
        " edited",
        " assigned",
    ];
    numbered && before.split_whitespace().count() <= 7 && verbs.iter().any(|verb| before.ends_with(verb))
}

// ---- patches

/// The first line of a patch, or of one file in it.
fn starts_patch(raw: &str, next: &str) -> bool {
    ["diff --git ", "diff -", "Index: ", "RCS file: ", "retrieving revision "]
        .iter()
        .any(|start| raw.starts_with(start))
        || hunk(raw).is_some()
        || raw.starts_with("--- ") && next.starts_with("+++ ")
        || raw.starts_with("*** ") && next.starts_with("--- ")
        || is_changed_file(raw) && (next.starts_with("===") || next.starts_with("URL: "))
}

/// `Modified: trunk/pump.c`
fn is_changed_file(raw: &str) -> bool {
    ["Modified: ", "Added: ", "Deleted: ", "Removed: ", "Property changes on: "]
        .iter()
        .any(|start| raw.strip_prefix(start).is_some_and(|path| path.contains(['/', '.'])))
}

/// `@@ -3,7 +3,9 @@`: how many lines of the old and of the new text follow.
fn hunk(raw: &str) -> Option<(usize, usize)> {
    let ranges = raw.strip_prefix("@@ -")?;
    let (old, rest) = ranges.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let count = |range: &str| {
        let count = range.split_once(',').map_or("1", |(_, count)| count);
        count.parse::<usize>().ok()
    };
    Some((count(old)?, count(new)?))
}

/// `lib/pump.c |   18 ++++--`, and the sum below such lines.
fn is_diffstat(raw: &str) -> bool {
    let text = raw.trim();
    if let Some((path, changes)) = text.rsplit_once(" | ").or_else(|| text.rsplit_once("| ")) {
        let changes = changes.trim();
        let counted = changes.starts_with(|c: char| c.is_ascii_digit())
            && changes.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b' '));
        return counted && !path.trim().contains(' ')
            || changes.starts_with("Bin ") && !path.trim().contains(' ');
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && (text.contains("insertion") || text.contains("deletion"))
        && text.get(digits..).is_some_and(|rest| rest.starts_with(" file"))
}

/// A patch runs from its first mark to the end of its last hunk. The counts in a hunk's head say how
/// long it is; where lines were wrapped on their way, the marks at their beginnings do.
fn mark_patches(lines: &mut [Line<'_>]) {
    let mut inside = false;
    let mut left = (0usize, 0usize);
    for at in 0..lines.len() {
        let next = lines.get(at + 1).map_or("", |line| line.raw);
        let Some(line) = lines.get(at) else { return };
        let raw = line.raw;
        if line.kind.is_some_and(|kind| kind != ZoneKind::Empty) {
            inside = false;
            left = (0, 0);
            continue;
        }
        if line.is_blank() {
            // A blank line of the text itself, whose leading blank was cut off.
            if left.0 > 0 && left.1 > 0 {
                left = (left.0 - 1, left.1 - 1);
            }
            continue;
        }
        let starts = starts_patch(raw, next);
        if starts && !inside {
            mark_patch_head(lines, at);
        }
        inside |= starts;
        if !inside {
            continue;
        }
        if let Some(counts) = hunk(raw) {
            left = counts;
        }
        let in_hunk = left.0 > 0 || left.1 > 0;
        let marked = raw.starts_with(['+', '-', ' ', '@', '\\', '\t', '*', '!']);
        let head = ["index ", "new file", "deleted file", "similarity", "rename ", "Binary ", "old mode"]
            .iter()
            .chain(&["new mode", "===", "URL: ", "Copied: ", "___", "Name: ", "Added: svn", "retrieving"])
            .any(|start| raw.starts_with(start))
            || is_changed_file(raw)
            || is_diffstat(raw);
        // The end of a line that was wrapped: one line without a mark, in the midst of a hunk.
        let wrapped = in_hunk
            && !marked
            && lines
                .get(at + 1)
                .is_none_or(|next| next.is_blank() || next.raw.starts_with(['+', '-', ' ', '@', '\\', '\t']));
        let signature = raw == "-- " || raw == "--";
        let version = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'g'))
        };
        if signature && !in_hunk {
            // git ends a patch with its own version below a signature mark.
            let own = version(next.trim());
            for line in lines.iter_mut().skip(at).take(if own { 2 } else { 0 }) {
                line.kind = Some(ZoneKind::Patch);
            }
            inside = false;
            continue;
        }
        let prose = !in_hunk && raw.starts_with([' ', '*', '!']) && !starts && !in_context(lines, at);
        if starts || (marked && !prose) || head || wrapped {
            if in_hunk && hunk(raw).is_none() {
                left = match raw.as_bytes().first() {
                    Some(b'+') => (left.0, left.1.saturating_sub(1)),
                    Some(b'-') => (left.0.saturating_sub(1), left.1),
                    Some(b'\\') => left,
                    _ if wrapped => left,
                    _ => (left.0.saturating_sub(1), left.1.saturating_sub(1)),
                };
            }
            if let Some(line) = lines.get_mut(at) {
                line.kind = Some(ZoneKind::Patch);
            }
        } else {
            inside = false;
            left = (0, 0);
        }
    }
}

/// Whether a line without a count stands next to lines of a patch: context diffs have no counts.
fn in_context(lines: &[Line<'_>], at: usize) -> bool {
    let patch = |line: Option<&Line<'_>>| line.is_some_and(|line| line.kind == Some(ZoneKind::Patch));
    at.checked_sub(1).is_some_and(|before| patch(lines.get(before)))
}

/// The summary above the first file of a patch: `---`, the table of files, a rule.
fn mark_patch_head(lines: &mut [Line<'_>], first: usize) {
    let belongs = |raw: &str| {
        is_diffstat(raw)
            || is_changed_file(raw)
            || raw.starts_with("URL: http")
            || matches!(raw, "---" | "-=-")
            || raw.starts_with(" create mode ")
            || raw.starts_with(" delete mode ")
            || raw.starts_with("====") && same_mark(raw)
    };
    for line in lines.iter_mut().take(first).rev() {
        if line.is_blank() {
            continue;
        }
        if line.kind.is_some() || !belongs(line.raw) {
            return;
        }
        line.kind = Some(ZoneKind::Patch);
    }
}

// ---- fields

/// The fewest fields in a row that are a table and no prose with a colon.
const FIELDS: usize = 3;

/// Runs of `Label: value`, as trackers and version control write them, with the lines that their
/// values are wrapped over.
pub(super) fn mark_fields(lines: &mut [Line<'_>]) {
    // A tracker tells of one changed field alone.
    let tracked = lines
        .iter()
        .any(|line| line.kind == Some(ZoneKind::QuotationMarker) && is_tracker_note(line.trimmed));
    let fewest = if tracked { 1 } else { FIELDS };
    let mut at = 0;
    while at < lines.len() {
        if !lines.get(at).is_some_and(|line| line.is_open() && is_field(line.trimmed)) {
            at += 1;
            continue;
        }
        let indent = |line: &Line<'_>| line.raw.len() - line.trimmed.len();
        let (mut end, mut fields, mut blanks) = (at, 0, 0);
        // "Log:" and its text below it, to the next blank line.
        let mut below = false;
        for look in at..lines.len() {
            let Some(line) = lines.get(look) else { break };
            if line.is_blank() {
                blanks += 1;
                if blanks > 1 {
                    break;
                }
                continue;
            }
            if !line.is_open() {
                break;
            }
            let field = is_field(line.trimmed);
            let wrapped = indent(line) >= 4 || below && fields >= 2;
            let goes_on = blanks == 0 && look > at && wrapped && line.trimmed.len() < 90;
            if !field && !goes_on {
                break;
            }
            fields += usize::from(field);
            below = if field { line.trimmed.ends_with(':') } else { below };
            blanks = 0;
            end = look + 1;
        }
        if fields >= fewest {
            for line in lines.iter_mut().take(end).skip(at).filter(|line| line.is_open()) {
                line.kind = Some(ZoneKind::Table);
            }
        }
        at = end.max(at + 1);
    }
}

/// `Build Date : 1 March`, `commit 4f11874…`: a label of one to four words, a colon, and a value or none.
fn is_field(text: &str) -> bool {
    if let Some(hash) = text.strip_prefix("commit ") {
        return hash.len() >= 7 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let Some(colon) = text.bytes().take(32).position(|b| b == b':') else { return false };
    let (Some(label), Some(value)) = (text.get(..colon), text.get(colon + 1..)) else { return false };
    let label = label.trim_end();
    let named = label.len() >= 2
        && label.starts_with(|c: char| c.is_uppercase() || c == '>')
        && label.split_whitespace().count() <= 4
        && label.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '#' | '.' | '>' | '&'));
    // A sentence after the colon is prose: "Note: I will be late.", a list of remarks.
    let said = value.trim();
    let sentence = said.split_whitespace().count() > 8 && said.ends_with(['.', '?', '!']);
    named && (value.is_empty() || value.starts_with([' ', '\t', '?'])) && !sentence
}

// ---- output

/// What a line reads like, by its words alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Output,
    Code,
    Other,
    /// A whole sentence.
    Prose,
}

/// Runs of lines between blank ones most of which a program wrote.
fn mark_blocks(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        let free = |line: &Line<'_>| {
            matches!(line.kind, None | Some(ZoneKind::Code | ZoneKind::Log | ZoneKind::Table))
        };
        let end = (at..lines.len()).find(|i| !lines.get(*i).is_some_and(free)).unwrap_or(lines.len());
        if end == at {
            at += 1;
            continue;
        }
        let looks: Vec<Look> = lines.iter().take(end).skip(at).map(look).collect();
        let count = |look: Look| looks.iter().filter(|l| **l == look).count();
        let (output, code) = (count(Look::Output), count(Look::Code));
        let lone = looks.len() == 1;
        let sure = !lone || output > 0 && is_sure(lines, at);
        if sure && (output + code) * 5 >= looks.len() * 3 {
            let kind = if output >= code { ZoneKind::Log } else { ZoneKind::Code };
            // A sentence above or below the output introduces it.
            let last = looks.len().saturating_sub(1);
            let edge = |i: usize| (i == 0 || i == last) && looks.get(i) == Some(&Look::Prose);
            for (i, line) in lines.iter_mut().take(end).skip(at).enumerate() {
                if line.is_open() && !edge(i) || kind == ZoneKind::Log && !line.is_open() {
                    line.kind = Some(kind);
                }
            }
        }
        at = end.max(at + 1);
    }
}

/// Whether a line that stands alone is surely a program's.
fn is_sure(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    line.kind == Some(ZoneKind::Log) || line.trimmed.split_whitespace().count() >= 4
}

fn look(line: &Line<'_>) -> Look {
    match line.kind {
        Some(ZoneKind::Log) => return Look::Output,
        Some(ZoneKind::Code) => return Look::Code,
        _ => {}
    }
    let text = line.trimmed;
    let tokens: Vec<Token> = text.split_whitespace().map(token).collect();
    let machine = tokens.iter().filter(|t| **t == Token::Machine).count();
    let words = tokens.iter().filter(|t| **t == Token::Word).count();
    let counted = machine + words;
    let sentence = words >= 5 && machine * 4 <= words;
    if sentence {
        return Look::Prose;
    }
    // "> ls", "[tool] …", "+ mv a b", "# zpool status"
    let prompted = text.starts_with("$ ")
        || text
            .strip_prefix("# ")
            .is_some_and(|command| command.starts_with(|c: char| c.is_ascii_lowercase()))
        || text.starts_with("+ ") && machine > 0
        || text.starts_with("~$ ")
        || bracketed(text);
    if prompted || counted > 0 && machine * 2 >= counted && machine > 0 {
        return if !prompted && assigns(text) { Look::Code } else { Look::Output };
    }
    Look::Other
}

/// A statement of a program: it gives a name a value, opens a block or ends like one.
fn assigns(text: &str) -> bool {
    text.contains(" <- ")
        || text.contains(" := ")
        || text.ends_with([';', '{', '}'])
        || text.contains(" = ") && text.contains(['(', '"', '['])
}

/// `[junit4] …`: a tool's name in brackets, no list mark and no note.
fn bracketed(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return false };
    let Some((name, after)) = rest.split_once(']') else { return false };
    (2..=24).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b':'))
        && name.bytes().any(|b| b.is_ascii_lowercase())
        && after.starts_with(' ')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Word,
    Machine,
    /// Neither: numbers, addresses, places on the web, marks.
    Neutral,
}

/// Whether a person would write such a word: paths, names with marks inside, options and numbers
/// in base 16 are a program's.
fn token(word: &str) -> Token {
    let bare = word.trim_matches(|c: char| {
        matches!(c, '"' | '\'' | '(' | ')' | ',' | '.' | ';' | ':' | '!' | '?' | '*' | '“' | '”' | '’')
    });
    if bare.is_empty() {
        return if word.contains("::") || word.contains("()") { Token::Machine } else { Token::Neutral };
    }
    if bare.contains('@') || bare.contains("://") || bare.starts_with("www.") || bare.starts_with('<') {
        return Token::Neutral;
    }
    if bare.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’')) {
        return if is_camel(bare) { Token::Machine } else { Token::Word };
    }
    let letters = bare.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let marks = bare.bytes().any(|b| {
        matches!(
            b,
            b'_' | b'\\' | b'=' | b'{' | b'}' | b'<' | b'>' | b'$' | b'|' | b'#' | b'[' | b']' | b'^' | b'~'
        )
    });
    let option =
        word.starts_with('-') && bare.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic());
    let path = bare.starts_with('/') && letters > 1
        || bare.matches('/').count() >= 2 && letters > 2 && digits < letters;
    let inner = |mark: char| {
        bare.char_indices().any(|(at, c)| {
            c == mark
                && bare.get(..at).is_some_and(|t| t.ends_with(|c: char| c.is_ascii_alphanumeric()))
                && bare.get(at + 1..).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_alphabetic()))
        })
    };
    let dotted = inner('.') && letters >= 4;
    let scoped = bare.contains("::") || inner(':') && letters > 2 || inner('(') && !bare.ends_with("(s");
    let mixed = digits > 0 && letters > 0 && (bare.starts_with("0x") || letters + digits >= 7 && digits >= 2);
    if marks || option || path || dotted || scoped || mixed {
        return Token::Machine;
    }
    if letters == 0 { Token::Neutral } else { Token::Word }
}

/// `classLoader`: a capital after a small letter, in a word that is no name like "McAdam".
fn is_camel(word: &str) -> bool {
    let mut turns = 0;
    let mut before_lower = 0;
    for c in word.chars() {
        if c.is_uppercase() && before_lower >= 2 {
            turns += 1;
        }
        before_lower = if c.is_lowercase() { before_lower + 1 } else { 0 };
    }
    turns > 0 && word.len() >= 6
}

/// The most lines that are taken along between two runs of output.
const BETWEEN: usize = 3;

/// Short lines between two runs of output, and around them in a mail that is mostly output, are output.
fn mark_between(lines: &mut [Line<'_>]) {
    let is_log = |line: &Line<'_>| line.kind == Some(ZoneKind::Log);
    let logs = lines.iter().filter(|line| is_log(line)).count();
    if logs == 0 {
        return;
    }
    let filled = lines.iter().filter(|line| !line.is_blank()).count();
    let mostly = logs >= 10 && logs * 2 > filled;
    let mut at = 0;
    while at < lines.len() {
        if !lines.get(at).is_some_and(Line::is_open) {
            at += 1;
            continue;
        }
        let end = (at..lines.len())
            .find(|i| !lines.get(*i).is_some_and(|line| line.is_open() || line.is_blank()))
            .unwrap_or(lines.len());
        let mut run = lines.iter().take(end).skip(at).filter(|line| !line.is_blank());
        let above = lines.iter().take(at).rev().find(|line| !line.is_blank()).is_some_and(is_log);
        let below = lines.get(end).is_some_and(is_log);
        let count = run.clone().count();
        let plain = run.all(|line| look(line) != Look::Prose);
        let take = plain && above && below && count <= BETWEEN || mostly && plain && (above || below);
        if take {
            for line in lines.iter_mut().take(end).skip(at).filter(|line| line.is_open()) {
                line.kind = Some(ZoneKind::Log);
            }
        }
        at = end.max(at + 1);
    }
}
