//! Rust source with its comments, literals and tests blanked, so that a search sees code only.
//!
//! A small lexer, not a parser: it knows where comments and literals end, and which braces close a test module.

/// The code of a file: comments and the inside of literals become spaces. Lines keep their numbers.
pub(crate) fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = match (c, chars.get(at + 1)) {
            ('/', Some('/')) => line_end(&chars, at),
            ('/', Some('*')) => block_comment_end(&chars, at),
            ('"', _) => string_end(&chars, at),
            ('r', Some('"' | '#')) if !follows_word(&chars, at) => raw_string_end(&chars, at),
            ('b', Some('r')) if !follows_word(&chars, at) && matches!(chars.get(at + 2), Some('"' | '#')) => {
                raw_string_end(&chars, at + 1)
            }
            ('\'', _) => char_end(&chars, at),
            _ => at,
        };
        if end > at {
            out.extend(chars.iter().take(end).skip(at).map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

/// [`code_only`] without `#[cfg(test)]` modules.
pub(crate) fn shipped_code(text: &str) -> String {
    let code = code_only(text);
    let mut out = String::with_capacity(code.len());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line.trim() != "#[cfg(test)]" {
            continue;
        }
        // Attributes may stand between; then either `mod tests {` or something that is no module.
        let mut depth = 0_usize;
        let mut inside = false;
        for line in lines.by_ref() {
            let start = line.trim_start();
            if !inside && start.starts_with('#') {
                out.push('\n');
                continue;
            }
            let opens = start.starts_with("mod ") && start.contains('{');
            if !inside && !opens {
                out.push_str(line);
                out.push('\n');
                break;
            }
            inside = true;
            out.push('\n');
            depth += line.matches('{').count();
            depth = depth.saturating_sub(line.matches('}').count());
            if depth == 0 {
                break;
            }
        }
    }
    out
}

/// The lines, counted from 1, on which `word` stands as a word of its own: no letter, digit or `_` on either side.
/// A side of `word` that is not a letter, digit or `_` itself is not looked at.
pub(crate) fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let (open, close) = (word.starts_with(part), word.ends_with(part));
    let found = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
            let joined = (open && before.is_some_and(part)) || (close && after.is_some_and(part));
            !joined
        })
    };
    code.lines().enumerate().filter(|(_, line)| found(line)).map(|(at, _)| at + 1).collect()
}

fn line_end(chars: &[char], start: usize) -> usize {
    chars.iter().skip(start).position(|c| *c == '\n').map_or(chars.len(), |length| start + length)
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at < chars.len() {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                at += 2;
            }
            (Some('*'), Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(c) = chars.get(at) {
        match c {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `start` is on the `r`. A raw identifier (`r#type`) is no string: then `start` comes back.
fn raw_string_end(chars: &[char], start: usize) -> usize {
    let hashes = chars.iter().skip(start + 1).take_while(|c| **c == '#').count();
    if chars.get(start + 1 + hashes) != Some(&'"') {
        return start;
    }
    let mut at = start + 2 + hashes;
    while at < chars.len() {
        let closes = chars.get(at) == Some(&'"')
            && chars.iter().skip(at + 1).take(hashes).filter(|c| **c == '#').count() == hashes;
        if closes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    chars.len()
}

/// A lifetime is no literal: then `start` comes back.
fn char_end(chars: &[char], start: usize) -> usize {
    match (chars.get(start + 1), chars.get(start + 2)) {
        (Some('\\'), _) => {
            let close = chars.iter().skip(start + 3).position(|c| *c == '\'');
            close.map_or(chars.len(), |length| start + 4 + length)
        }
        (Some(_), Some('\'')) => start + 3,
        _ => start,
    }
}

fn follows_word(chars: &[char], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let code = code_only(text);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), expect, "in {text:?}");
        assert_eq!(code.lines().count(), text.lines().count(), "lines move in {text:?}");
    }

    #[test]
    fn blanks_comments_and_literals() {
        check("a(); // todo!()\nb();", "a(); b();");
        check("a(); /* x /* y */ z */ b();", "a(); b();");
        check("f(\"a \\\" todo!( \\\\\"); g();", "f( ); g();");
        check("f(r#\"a \" b\"#, r\"\\\", br\"x\"); g();", "f( , , ); g();");
        check("let c = '\"'; let d = '\\''; let e = '\\u{7f}'; g();", "let c = ; let d = ; let e = ; g();");
        check("fn f<'a>(x: &'a str) -> r#type { for_r(x) }", "fn f<'a>(x: &'a str) -> r#type { for_r(x) }");
        check("let s = \"open", "let s =");
        check("loop { break; }", "loop { break; }");
    }

    #[test]
    fn leaves_test_modules_out() {
        let text = "use a;\n#[cfg(test)]\nuse b;\nfn c() {}\n#[cfg(test)]\n#[rustfmt::skip]\nmod tests {\n    fn d() { \"}\"; }\n}\nfn e() {}\n";
        let code = shipped_code(text);
        assert_eq!(code.lines().count(), text.lines().count());
        assert!(code.contains("use b;") && code.contains("fn c()") && code.contains("fn e()"));
        assert!(!code.contains("fn d()"));
    }

    #[test]
    fn finds_whole_words_only() {
        assert_eq!(lines_with("fs::write(x)\nmyfs::write(x)\nfs::write_all(x)\n", "fs::write"), [1]);
        assert_eq!(lines_with("x\n#[ignore]\n#[ignore = 1]\n", "#[ignore"), [2, 3]);
    }
}
