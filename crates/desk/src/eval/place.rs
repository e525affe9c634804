//! Where the words of a gold row stand in a text, and how far two places share their bytes.

use postil_evidence::Span;

/// How many bytes two spans share.
pub(super) fn overlap(a: Span, b: Span) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// Where `wanted` stands in `text`, whatever the white space between its words.
pub(super) fn find_folded(text: &str, wanted: &str) -> Option<Span> {
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let first = words.first()?;
    text.match_indices(first).find_map(|(start, _)| {
        let mut at = start;
        for (place, word) in words.iter().enumerate() {
            let rest = text.get(at..)?;
            let trimmed = if place == 0 { rest } else { rest.trim_start() };
            if place > 0 && trimmed.len() == rest.len() || !trimmed.starts_with(word) {
                return None;
            }
            at += rest.len() - trimmed.len() + word.len();
        }
        Some(Span::new(start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gold_text_is_found_across_line_ends() {
        let text = "Hi Sam,\ncould you  send\nthe sheet? Could you?";
        assert_eq!(find_folded(text, "could you send the sheet?"), Some(Span::new(8, 34)));
        assert_eq!(find_folded(text, "could you send the sheets?"), None);
        assert_eq!(find_folded("", "x"), None);
        assert_eq!(overlap(Span::new(0, 5), Span::new(3, 9)), 2);
    }
}
