//! Content lines, the form that calendars and contacts share: unfolded, split into name, parameters
//! and value. Knows no property's meaning.
//!
//! # Source
//! RFC 5545 section 3.1, RFC 6350 section 3.3; RFC 6868 (`^n`, `^'`, `^^` in parameters).

use postil_evidence::HeaderText;

/// The most lines of one part that are read.
const LINES: usize = 20_000;

/// One content line.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    /// The property, upper case, without its group.
    pub(crate) name: String,
    /// Parameters: names upper case, values as written without quotes.
    parameters: Vec<(String, String)>,
    /// The value as written.
    pub(crate) value: String,
}

impl Line {
    /// The first value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value as text: escapes resolved.
    pub(crate) fn text(&self) -> String {
        let mut out = String::with_capacity(self.value.len());
        let mut chars = self.value.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            }
        }
        out
    }

    /// The value as one clean line.
    pub(crate) fn line(&self) -> HeaderText {
        HeaderText::clean(&self.text())
    }
}

/// The content lines of a part, damaged ones left out.
pub(crate) fn content_lines(text: &str) -> Vec<Line> {
    let mut whole: Vec<String> = Vec::new();
    for line in text.lines().take(LINES) {
        let folded = line.strip_prefix(' ').or_else(|| line.strip_prefix('\t'));
        match (folded, whole.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            (Some(_), None) | (None, _) => whole.push(line.to_owned()),
        }
    }
    whole.iter().filter_map(|line| parsed(line)).collect()
}

fn parsed(line: &str) -> Option<Line> {
    let mut quoted = false;
    let colon = line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    })?;
    let (head, value) = line.split_at_checked(colon)?;
    let mut pieces = split_quoted(head).into_iter();
    let name = pieces.next()?.trim();
    let name = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
    let parameters = pieces
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or(("TYPE", piece));
            let value = value.trim_matches('"').replace("^n", "\n").replace("^'", "\"").replace("^^", "^");
            (name.trim().to_ascii_uppercase(), value)
        })
        .take(32)
        .collect();
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| Line { name, parameters, value: value.get(1..).unwrap_or_default().to_owned() })
}

/// Splits at `;` outside of quotes.
fn split_quoted(head: &str) -> Vec<&str> {
    let mut quoted = false;
    head.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::content_lines;

    #[test]
    fn lines_unfold_and_split() {
        let lines = content_lines(
            "ORGANIZER;CN=\"Lima; Ana\":mailto:ana@x.\r\n example\nitem1.SUMMARY:a\\, b\\nc\nnonsense\n",
        );
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].parameter("CN"), Some("Lima; Ana"));
        assert_eq!(lines[0].value, "mailto:ana@x.example");
        assert_eq!((lines[1].name.as_str(), lines[1].text().as_str()), ("SUMMARY", "a, b\nc"));
    }
}
