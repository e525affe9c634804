//! Where sentences begin and end in mail text.
//!
//! Knows wraps, list items, greetings and abbreviations; never looks at meaning.

use postil_evidence::Span;

/// The longest run of text taken as one sentence, in bytes: beyond it something is not prose.
const LONGEST: usize = 4_000;

/// Words that end in a full stop without ending a sentence (folded, without the last stop).
const ABBREVIATIONS: &[&str] = &[
    "dr", "mr", "mrs", "ms", "prof", "sr", "jr", "st", "vs", "etc", "e.g", "i.e", "eg", "ie", "cf", "no",
    "nr", "vol", "fig", "approx", "inc", "ltd", "co", "corp", "dept", "est", "gen", "rep", "sen", "hon",
    "messrs", "mt", "p.s", "ps", "z.b", "bzw", "usw", "ca", "evtl", "ggf", "inkl", "hr", "fr", "str", "tel",
    "abs", "d.h", "u.a", "sog", "mme", "mlle", "m", "av", "env", "sra", "srta", "ud", "uds", "pag", "num",
    "sig", "dott", "ing", "avv", "dhr", "mevr", "bijv", "o.a", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "max", "min",
    "ext", "attn", "ref", "art", "sec", "c.c", "u.s", "u.k",
];

/// The sentences of `text`, in order: half-open byte spans without surrounding white space, list
/// markers or quote bars. A hard-wrapped paragraph is one text; a blank line, a list marker, a
/// greeting line and a line that ends early end a sentence.
///
/// # Source
/// Unicode TR29 section 5 with repairs for mail: abbreviations, initials, "5 p.m.", addresses of
/// pages, wraps. A line break counts as a wrap where the next word would not have fitted into the
/// paragraph's width.
#[must_use]
pub fn sentences(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    for block in blocks(text) {
        split(text, block, &mut out);
    }
    out
}

/// Runs of lines that belong to one text.
fn blocks(text: &str) -> Vec<Span> {
    let mut lines: Vec<Span> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Span::new(start, start + line.trim_end().len()));
        start += line.len();
    }
    let mut out: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(first) = lines.get(at) {
        let end = lines
            .iter()
            .skip(at)
            .position(|line| line.of(text).trim().is_empty())
            .map_or(lines.len(), |n| at + n);
        let paragraph = lines.get(at..end).unwrap_or_default();
        if paragraph.is_empty() {
            at += usize::from(first.of(text).trim().is_empty()).max(1);
            continue;
        }
        let width = paragraph.iter().map(|line| line.len()).max().unwrap_or_default();
        let mut open: Option<Span> = None;
        for line in paragraph {
            let content = without_marker(text, *line);
            let marked = content.start > line.start + indent(line.of(text));
            match open {
                Some(block)
                    if !marked
                        && wraps(
                            Span::new(last_line(text, block), block.end).of(text),
                            content.of(text),
                            width,
                        ) =>
                {
                    open = Some(Span::new(block.start, content.end));
                }
                Some(block) => {
                    out.push(block);
                    open = Some(content);
                }
                None => open = Some(content),
            }
        }
        out.extend(open);
        at = end;
    }
    out
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn last_line(text: &str, block: Span) -> usize {
    block.of(text).rfind('\n').map_or(block.start, |at| block.start + at + 1)
}

/// The line without white space and list marker ("- ", "* ", "1. ", "a) ").
fn without_marker(text: &str, line: Span) -> Span {
    let raw = line.of(text);
    let body = raw.trim_start();
    let mut start = line.start + raw.len() - body.len();
    let mut rest = body;
    if let Some((mark, after)) = body.split_once(char::is_whitespace) {
        let bullet =
            matches!(mark, "-" | "*" | "+" | "•" | "–" | "—" | "·" | "o" | ">" | "◦" | "▪" | "→" | "- [ ]");
        let stem = mark.trim_start_matches('(').trim_end_matches(['.', ')', ':']);
        let number = stem.len() < mark.len()
            && stem.len() <= 3
            && !stem.is_empty()
            && (stem.chars().all(|c| c.is_ascii_digit()) || (stem.len() == 1 && mark.ends_with(')')));
        if bullet || number {
            rest = after.trim_start();
            start = line.start + raw.len() - rest.len();
        }
    }
    Span::new(start, start + rest.len())
}

/// Whether the break between two lines is a wrap and not an end.
fn wraps(before: &str, after: &str, width: usize) -> bool {
    let before = before.trim();
    let Some(first_word) = after.split_whitespace().next() else { return false };
    if is_greeting_line(before) {
        return false;
    }
    let lower = first_word.chars().next().is_some_and(char::is_lowercase);
    if before.ends_with(['.', '!', '?', ':']) && before.len() + 1 + first_word.len() <= width {
        return false;
    }
    lower || before.len() + 1 + first_word.len() > width.min(76)
}

/// "Hi Sam," alone on a line.
fn is_greeting_line(line: &str) -> bool {
    if line.len() > 60 || !line.ends_with([',', '!', ':', '-', '–']) {
        return false;
    }
    let first = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let greets = [
        "hi",
        "hello",
        "hey",
        "dear",
        "hallo",
        "liebe",
        "lieber",
        "guten",
        "sehr",
        "bonjour",
        "salut",
        "cher",
        "chère",
        "hola",
        "buenos",
        "buenas",
        "estimado",
        "estimada",
        "ciao",
        "gentile",
        "buongiorno",
        "beste",
        "hoi",
        "dag",
        "olá",
        "bom",
        "boa",
        "caro",
        "cara",
        "moin",
        "servus",
        "good",
        "morning",
        "querido",
        "querida",
        "prezado",
        "prezada",
        "geachte",
        "goedemorgen",
        "goedemiddag",
        "egregio",
        "salve",
        "all",
        "team",
        "folks",
        "guys",
        "oi",
    ];
    greets.contains(&first.as_str()) || line.split_whitespace().count() == 1
}

/// Cuts one block at the ends of its sentences.
fn split(text: &str, block: Span, out: &mut Vec<Span>) {
    let part = block.of(text);
    let mut start = 0;
    let mut chars = part.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let long = at - start > LONGEST && c.is_whitespace();
        if !long && !matches!(c, '.' | '!' | '?' | '…' | '？' | '。' | '！') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next_at, next)) = chars.peek() {
            if !matches!(next, '.' | '!' | '?' | ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '*' | '_') {
                break;
            }
            end = next_at + next.len_utf8();
            chars.next();
        }
        let wide = matches!(c, '？' | '。' | '！');
        let rest = part.get(end..).unwrap_or_default();
        let spaced = rest.is_empty() || rest.starts_with(char::is_whitespace);
        if long || wide || (spaced && ends_here(part.get(start..end).unwrap_or_default(), rest.trim_start()))
        {
            push(text, Span::new(block.start + start, block.start + end), out);
            start = end;
        }
    }
    push(text, Span::new(block.start + start, block.end), out);
}

fn push(text: &str, span: Span, out: &mut Vec<Span>) {
    let part = span.of(text);
    let start = span.start + indent(part);
    let trimmed = part.trim();
    if trimmed.chars().any(char::is_alphanumeric) || trimmed.contains('?') {
        out.push(Span::new(start, start + trimmed.len()));
    }
}

/// Whether a stop at the end of `before` ends its sentence, given what follows.
fn ends_here(before: &str, after: &str) -> bool {
    let Some(next) = after.chars().find(|c| c.is_alphanumeric()) else { return true };
    let bare = before.trim_end_matches(['"', '\'', ')', ']', '”', '’', '»', '*', '_']);
    if bare.ends_with(['!', '?']) {
        return true;
    }
    if next.is_lowercase() {
        // "Ask Ann. thanks" ends; "5 p.m. works", "etc. and", "wait... what" do not.
        let word = last_word(bare);
        return word.len() > 5 && !bare.ends_with("..");
    }
    let word = last_word(bare);
    if word == "a.m" || word == "p.m" {
        let next_word: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
        let continues = [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
            "CET",
            "CEST",
            "GMT",
            "UTC",
            "PT",
            "ET",
            "PST",
            "EST",
            "PDT",
            "EDT",
            "BST",
            "Berlin",
            "London",
            "Central",
            "Eastern",
            "Pacific",
        ];
        return !continues.contains(&next_word.as_str());
    }
    let initial = word.chars().count() == 1 && bare.chars().rev().nth(1).is_some_and(char::is_uppercase);
    let ordinal = word.chars().all(|c| c.is_ascii_digit())
        && word.len() <= 2
        && next.is_alphabetic()
        && is_month(after);
    !(initial || ordinal || ABBREVIATIONS.contains(&word.as_str()))
}

/// "am 3. Dezember": the stop is part of the date.
fn is_month(after: &str) -> bool {
    let word: String = after.chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ]
    .contains(&word.as_str())
}

/// The last word with inner stops, lower case, without the last stop.
fn last_word(text: &str) -> String {
    let trimmed = text.trim_end_matches(['.', '…']);
    let word = trimmed.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | ',' | '/')).next();
    word.unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::sentences;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn a_stop_does_not_always_end_a_sentence() {
        check("Dr. Smith called. He is in.", &["Dr. Smith called.", "He is in."]);
        check(
            "Bring e.g. the deck at 5 p.m. on Friday. Ok?",
            &["Bring e.g. the deck at 5 p.m. on Friday.", "Ok?"],
        );
        check(
            "See https://x.example/a?b=1. It costs 3.5 EUR.",
            &["See https://x.example/a?b=1.", "It costs 3.5 EUR."],
        );
        check("J. Weber came. Really?! Yes...", &["J. Weber came.", "Really?!", "Yes..."]);
        check("Call at 5 p.m. Friday. Bye.", &["Call at 5 p.m. Friday.", "Bye."]);
        check(
            "Wir treffen uns am 3. Dezember. Passt das?",
            &["Wir treffen uns am 3. Dezember.", "Passt das?"],
        );
    }

    #[test]
    fn wraps_join_and_lists_part() {
        check(
            "Could you send the updated\npricing sheet by Friday?",
            &["Could you send the updated\npricing sheet by Friday?"],
        );
        check("Hi Sam,\ncan you call me?", &["Hi Sam,", "can you call me?"]);
        check(
            "Two things:\n- What is the fee?\n- Who signs\n\nThanks",
            &["Two things:", "What is the fee?", "Who signs", "Thanks"],
        );
        check("1. First one\n2) Second one", &["First one", "Second one"]);
        check("", &[]);
        check("\n\n  \n", &[]);
    }
}
