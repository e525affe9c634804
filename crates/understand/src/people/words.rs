//! A text as words with their places. What a name looks like is decided on these; nothing here knows a name.

use postil_evidence::Span;
use postil_evidence::text::fold_case;

/// A word: letters and digits, with hyphens and apostrophes inside, without a possessive ending.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    /// Bytes of the text.
    pub(super) span: Span,
    /// As written.
    pub(super) text: &'t str,
    /// Case and accents folded.
    pub(super) folded: String,
    /// What stands between this word and the next.
    pub(super) after: &'t str,
}

impl Word<'_> {
    /// Whether it begins with a capital.
    pub(super) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is a letter that stands for a name: "K" in "Phillip K. Allen".
    pub(super) fn is_initial(&self) -> bool {
        self.is_capital() && self.text.chars().count() == 1
    }

    /// Whether the next word belongs to the same run of words: nothing but spaces between, or the stop of an
    /// initial or a title.
    pub(super) fn runs_on(&self) -> bool {
        let short = self.is_initial() || TITLES.contains(&self.folded.as_str());
        match self.after.trim_matches([' ', '\t']) {
            "" => !self.after.is_empty(),
            "." => short && self.after.len() > 1,
            _ => false,
        }
    }

    /// Whether a sentence or a line ends behind it.
    pub(super) fn ends_sentence(&self) -> bool {
        self.after.contains(['\n', '.', '!', '?', ':', ';']) && !self.runs_on()
    }
}

/// Words before a name that are part of how a person is called.
pub(super) const TITLES: [&str; 22] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "aunt",
    "uncle",
    "herr",
    "frau",
    "monsieur",
    "madame",
    "señor",
    "senora",
    "signor",
    "signora",
    "judge",
    "senator",
    "president",
    "sra",
];

/// The words of `text`, in order.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut spans: Vec<Span> = Vec::new();
    let mut start = None;
    let mut previous = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, letter)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let joins = matches!(letter, '-' | '\'' | '\u{2019}' | '_')
            && previous.is_alphanumeric()
            && next.is_alphanumeric();
        if letter.is_alphanumeric() || joins {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            spans.push(Span::new(from, at));
        }
        previous = letter;
    }
    if let Some(from) = start {
        spans.push(Span::new(from, text.len()));
    }
    for span in &mut spans {
        span.end = span.start + stem(span.of(text)).len();
    }
    let ends: Vec<usize> = spans.iter().skip(1).map(|span| span.start).chain([text.len()]).collect();
    spans
        .into_iter()
        .zip(ends)
        .map(|(span, end)| Word {
            span,
            text: span.of(text),
            folded: fold_case(span.of(text)),
            after: Span::new(span.end, end).of(text),
        })
        .collect()
}

/// `word` without "'s" and without the verb that English writes onto a pronoun: "I'll", "you're", "he'd".
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 6] = ["s", "ll", "ve", "re", "d", "m"];
    let Some((before, ending)) = word.rsplit_once(['\'', '\u{2019}']) else { return word };
    if ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) { before } else { word }
}
