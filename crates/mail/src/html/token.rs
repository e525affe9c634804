//! HTML text to tokens, in one pass that costs linear time whatever the input. Knows the syntax of
//! tags, attributes, comments and character references, and nothing of what an element means.
//!
//! # Source
//! WHATWG HTML, section 13.2.5 (tokenization), with scripting on: raw text elements end at their
//! own end tag only. Written here because the crates at hand compare every pair of attributes of a
//! tag, or walk the whole open stack for each tag, which a hostile mail turns into minutes.

use std::borrow::Cow;

use mail_parser::decoders::html::add_html_token;

/// The most attributes of one tag that are looked at.
const ATTRIBUTES: usize = 64;

/// A piece of HTML.
#[derive(Debug, PartialEq)]
pub(crate) enum Token<'h> {
    /// Character data with its references still in it.
    Text(&'h str),
    /// A start tag.
    Start(Tag<'h>),
    /// An end tag's name.
    End(&'h str),
}

/// A start tag.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tag<'h> {
    /// The name as written.
    pub(crate) name: &'h str,
    /// Names and raw values, the first [`ATTRIBUTES`] of them.
    attributes: Vec<(&'h str, &'h str)>,
}

impl<'h> Tag<'h> {
    /// The raw value of the first attribute of that name; `""` where it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&'h str> {
        self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// Whether it has no attribute at all.
    pub(crate) fn is_bare(&self) -> bool {
        self.attributes.is_empty()
    }
}

/// The tokens of `html`, in order.
pub(crate) struct Tokens<'h> {
    html: &'h str,
    at: usize,
}

impl<'h> Tokens<'h> {
    /// Starts at the beginning of `html`.
    pub(crate) fn new(html: &'h str) -> Self {
        Self { html, at: 0 }
    }

    fn rest(&self) -> &'h str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.html.as_bytes().get(self.at).copied()
    }

    /// Moves behind the next `needle`, or to the end.
    fn skip_past(&mut self, needle: &str) {
        self.at = self.rest().find(needle).map_or(self.html.len(), |found| self.at + found + needle.len());
    }

    /// Skips the content of a raw text element up to its end tag, and returns the content.
    pub(crate) fn raw_text(&mut self, name: &str) -> &'h str {
        let start = self.at;
        let bytes = self.html.as_bytes();
        let mut from = start;
        while let Some(found) = self.html.get(from..).and_then(|rest| rest.find("</")) {
            let open = from + found;
            let tail = bytes.get(open + 2..).unwrap_or_default();
            let named = tail.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
            let ended =
                tail.get(name.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
            if named && ended {
                self.at = open;
                return self.html.get(start..open).unwrap_or_default();
            }
            from = open + 2;
        }
        self.at = bytes.len();
        self.html.get(start..).unwrap_or_default()
    }

    /// Reads attributes up to and with `>`; `None` where the input ends inside the tag.
    fn attributes(&mut self, keep: &mut Vec<(&'h str, &'h str)>) -> Option<()> {
        loop {
            while self.byte().is_some_and(|b| b.is_ascii_whitespace() || b == b'/') {
                self.at += 1;
            }
            if self.byte()? == b'>' {
                self.at += 1;
                return Some(());
            }
            let start = self.at;
            self.at += 1;
            while self.byte().is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'=')) {
                self.at += 1;
            }
            let name = self.html.get(start..self.at).unwrap_or_default();
            while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
                self.at += 1;
            }
            let mut value = "";
            if self.byte() == Some(b'=') {
                self.at += 1;
                value = self.value()?;
            }
            if keep.len() < ATTRIBUTES {
                keep.push((name, value));
            }
        }
    }

    /// Reads one attribute value.
    fn value(&mut self) -> Option<&'h str> {
        while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
        let quote = self.byte()?;
        if quote == b'"' || quote == b'\'' {
            let start = self.at + 1;
            let len = memchr::memchr(quote, self.html.as_bytes().get(start..)?)?;
            self.at = start + len + 1;
            return self.html.get(start..start + len);
        }
        let start = self.at;
        while self.byte().is_some_and(|b| !b.is_ascii_whitespace() && b != b'>') {
            self.at += 1;
        }
        self.html.get(start..self.at)
    }

    fn name(&mut self) -> &'h str {
        let start = self.at;
        while self.byte().is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>')) {
            self.at += 1;
        }
        self.html.get(start..self.at).unwrap_or_default()
    }

    /// What stands at a `<`; `None` where it is a comment or the like, which has been skipped.
    fn markup(&mut self) -> Option<Token<'h>> {
        let rest = self.rest();
        let second = rest.as_bytes().get(1).copied();
        match second {
            Some(b'!') if rest.starts_with("<!--") => self.skip_comment(),
            Some(b'!' | b'?') => self.skip_past(">"),
            Some(b'/') if rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) => {
                self.at += 2;
                let name = self.name();
                if self.attributes(&mut Vec::new()).is_none() {
                    self.at = self.html.len();
                    return None;
                }
                return Some(Token::End(name));
            }
            Some(b'/') => self.skip_past(">"),
            Some(byte) if byte.is_ascii_alphabetic() => {
                self.at += 1;
                let mut tag = Tag { name: self.name(), attributes: Vec::new() };
                if self.attributes(&mut tag.attributes).is_none() {
                    self.at = self.html.len();
                    return None;
                }
                return Some(Token::Start(tag));
            }
            Some(_) | None => {
                let text = self.rest().get(..1).unwrap_or_default();
                self.at += 1;
                return Some(Token::Text(text));
            }
        }
        None
    }

    fn skip_comment(&mut self) {
        self.at += 4;
        let rest = self.rest();
        if rest.starts_with('>') || rest.starts_with("->") {
            self.skip_past(">");
            return;
        }
        let (dash, bang) = (rest.find("-->"), rest.find("--!>"));
        let end = match (dash, bang) {
            (Some(dash), Some(bang)) if bang < dash => bang + 4,
            (Some(dash), _) => dash + 3,
            (None, Some(bang)) => bang + 4,
            (None, None) => rest.len(),
        };
        self.at += end;
    }
}

impl<'h> Iterator for Tokens<'h> {
    type Item = Token<'h>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.html.len() {
            let rest = self.rest();
            match rest.find('<') {
                Some(0) => {
                    if let Some(token) = self.markup() {
                        return Some(token);
                    }
                }
                found => {
                    let len = found.unwrap_or(rest.len());
                    self.at += len;
                    return Some(Token::Text(rest.get(..len).unwrap_or_default()));
                }
            }
        }
        None
    }
}

/// Resolves character references (`&amp;`, `&#8217;`, `&#x27;`).
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('&');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let name_len = piece.bytes().take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        let (name, tail) = piece.split_at_checked(name_len).unwrap_or(("", piece));
        let tail_without = tail.strip_prefix(';');
        if let Some(c) = numeric(name) {
            out.push(c);
            out.push_str(tail_without.unwrap_or(tail));
        } else if let Some(bare) = without_semicolon(name, tail_without.is_some()) {
            let before = out.len();
            add_html_token(&mut out, format!("&{bare};").as_bytes(), false);
            if out.get(before..).is_some_and(|added| added.starts_with('&') && added.len() > 1) {
                out.truncate(before);
                out.push('&');
                out.push_str(piece);
            } else {
                out.push_str(name.get(bare.len()..).unwrap_or_default());
                out.push_str(tail_without.unwrap_or(tail));
            }
        } else {
            out.push('&');
            out.push_str(piece);
        }
    }
    Cow::Owned(out)
}

/// The entity name that `name` begins with: all of it before a `;`, else one of the few that HTML
/// lets stand without one.
fn without_semicolon(name: &str, semicolon: bool) -> Option<&str> {
    if semicolon {
        return (!name.is_empty()).then_some(name);
    }
    ["nbsp", "amp", "lt", "gt", "quot", "copy", "reg"].into_iter().find(|known| *known == name)
}

/// The character of `#8217` or `#x27`. Numbers 128 to 159 mean Windows-1252, as in every browser.
fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let windows = code.checked_sub(128).and_then(|i| WINDOWS.get(usize::try_from(i).ok()?));
    Some(windows.copied().or_else(|| char::from_u32(code)).filter(|c| *c != '\0').unwrap_or('\u{fffd}'))
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens, unescaped};

    fn names(html: &str) -> String {
        let show = |token: Token<'_>| match token {
            Token::Text(text) => format!("'{text}'"),
            Token::Start(tag) => format!("<{}>", tag.name),
            Token::End(name) => format!("</{name}>"),
        };
        Tokens::new(html).map(show).collect()
    }

    #[test]
    fn tokens_follow_the_standard() {
        for (html, tokens) in [
            ("a<b>c</b>", "'a'<b>'c'</b>"),
            ("<a title=\">\" x='y>'>z", "<a>'z'"),
            ("1 < 2", "'1 ''<'' 2'"),
            ("<!-- a > b -->c<!-->d<!--x--!>e", "'c''d''e'"),
            ("<![if !mso]>x<![endif]>", "'x'"),
            ("<p", ""),
            ("</>x", "'x'"),
            ("<a=1 b = 2/>x", "<a=1>'x'"),
        ] {
            assert_eq!(names(html), tokens, "{html}");
        }
    }

    #[test]
    fn references_are_resolved() {
        for (raw, text) in [
            ("a &amp; b &lt;x&gt;", "a & b <x>"),
            ("it&#8217;s &#x27;x&#39; &#146;", "it’s 'x' ’"),
            ("a&nbsp;b &nbsp c &copy", "a\u{a0}b \u{a0} c ©"),
            ("AT&T &unknown; &", "AT&T &unknown; &"),
            ("?a=1&copy=2", "?a=1©=2"),
            ("&eacute;&euro;", "é€"),
        ] {
            assert_eq!(unescaped(raw), text);
        }
    }
}
