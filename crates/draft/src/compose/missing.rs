//! What nothing answers, said once: "Let me check …, and also …, and come back to you."

use postil_evidence::MessageKey;

use super::{Composer, plain_words};
use crate::brief::AskBrief;
use crate::draft::{Outcome, Part, PartFrom};
use crate::english::{Side, bare, is_one_of, turned};
use crate::language::Language;
use crate::{promise, question};

/// The longest indirect question that reads well inside "Let me check …", in bytes.
const LONG_CLAUSE: usize = 130;

impl Composer<'_> {
    /// One sentence for all questions that nothing answers.
    pub(super) fn missing(&mut self) {
        let places = std::mem::take(&mut self.missing);
        let mut clauses = std::mem::take(&mut self.unanswered);
        if places.is_empty() && clauses.is_empty() {
            return;
        }
        let brief = self.brief;
        let asks: Vec<(usize, &AskBrief)> =
            places.iter().filter_map(|place| Some((*place, brief.asks.get(*place)?))).collect();
        if self.out.len() > 1 || self.out.last().is_some_and(|last| !last.footnotes.is_empty()) {
            self.break_paragraph();
        }
        if self.language == Language::English {
            let alone = asks.len() + clauses.len() == 1;
            let only = alone && self.out.is_empty();
            let mut others = Vec::new();
            for (_, ask) in &asks {
                match self.to_check(ask, alone) {
                    Some(mut part) if clauses.len() < 3 => {
                        if let Some(head) =
                            clauses.last().and_then(|last| without_repeat(&last.text, &part.text))
                        {
                            part.text = head;
                        }
                        clauses.push(part);
                    }
                    // What is no question by its form is for the owner's list alone.
                    None if !only && !ask.ask.text.contains('?') => {}
                    Some(_) | None => others.push(*ask),
                }
            }
            self.check_later(clauses, &others);
        } else {
            let mut quotable = asks.iter().filter(|(_, ask)| !promise::is_for_machines(&ask.ask.text));
            match (quotable.next(), asks.len()) {
                (Some((_, ask)), 1) => {
                    let from = PartFrom::Thread { message: ask.ask.message, span: ask.ask.span };
                    let text = promise::quoted(&ask.ask.text);
                    self.write("missing.quote", vec![Part { text, from }], Vec::new());
                }
                (Some(_) | None, _) => self.check_all(),
            }
        }
        for (place, ask) in asks {
            let what = if ask.ask.matter.is_empty() { ask.ask.text.clone() } else { ask.ask.matter.clone() };
            self.close(place, Outcome::Missing { what });
        }
    }

    fn check_later(&mut self, clauses: Vec<Part>, others: &[&AskBrief]) {
        let comma = clauses.iter().any(|part| part.text.contains(", "));
        let id = match clauses.len() {
            0 => None,
            1 if comma => Some("missing.one.comma"),
            1 => Some("missing.one"),
            2 => Some("missing.two"),
            _ => Some("missing.three"),
        };
        if let Some(id) = id {
            self.write(id, clauses, Vec::new());
        }
        match (id, others) {
            (_, []) => {}
            (None, [_]) if self.out.is_empty() => {
                self.write("missing.that", Vec::new(), Vec::new());
            }
            (None, [_]) => self.write("missing.other", Vec::new(), Vec::new()),
            (None, _) => self.check_all(),
            (Some(_), [ask]) if quotable(ask) => {
                let from = PartFrom::Thread { message: ask.ask.message, span: ask.ask.span };
                let text = promise::quoted(&ask.ask.text);
                self.write("missing.too", vec![Part { text, from }], Vec::new());
            }
            (Some(_), [_]) => self.write("missing.other", Vec::new(), Vec::new()),
            (Some(_), _) => self.write("missing.rest", Vec::new(), Vec::new()),
        }
    }

    fn check_all(&mut self) {
        let all = self.out.iter().all(|sentence| sentence.footnotes.is_empty());
        self.write(if all { "missing.all" } else { "missing.rest" }, Vec::new(), Vec::new());
    }

    /// What is to be checked, as a clause from our side.
    fn to_check(&self, ask: &AskBrief, alone: bool) -> Option<Part> {
        [ask.ask.matter.as_str(), ask.ask.text.as_str()]
            .into_iter()
            .find_map(|text| self.checked_clause(text, ask.ask.message, ask))
            .filter(|part| alone || !leans(&part.text))
    }

    /// One question as a clause that can stand in "Let me check …".
    pub(super) fn checked_clause(&self, text: &str, message: MessageKey, ask: &AskBrief) -> Option<Part> {
        let clause = question::indirect(text).filter(|clause| clause.len() <= LONG_CLAUSE)?;
        let text = turned(&clause, self.side(Side::House));
        (plain_words(&text) && !promise::is_for_machines(&text))
            .then_some(Part { text, from: PartFrom::Thread { message, span: ask.ask.span } })
    }
}

/// "until when the pilot could run" behind "whether the pilot could run" is "until when".
fn without_repeat(said: &str, clause: &str) -> Option<String> {
    let words: Vec<&str> = clause.split(' ').collect();
    (1..=2.min(words.len())).find_map(|lead| {
        let rest = words.get(lead..)?;
        (rest.len() >= 3 && said.ends_with(&rest.join(" ")))
            .then(|| words.get(..lead).unwrap_or_default().join(" "))
    })
}

/// Whether a question can be repeated inside quotation marks.
fn quotable(ask: &AskBrief) -> bool {
    ask.ask.text.len() <= 120 && ask.ask.text.ends_with('?') && !promise::is_for_machines(&ask.ask.text)
}

/// Whether a clause leans on something said elsewhere: "when it will be ready".
fn leans(clause: &str) -> bool {
    clause
        .split_whitespace()
        .skip(1)
        .take(3)
        .any(|word| is_one_of("it they he she this that these those", &bare(word)))
}
