//! Places for the owner to fill: decisions, and requests that only a person answers.

use postil_evidence::Source;
use postil_understand::AskKind;

use super::{Composer, plain_words, words_of};
use crate::brief::AskBrief;
use crate::draft::{Finding, FindingKind, Outcome, Part, PartFrom};
use crate::english::{Side, turned};
use crate::language::Language;
use crate::say::{Said, small_start, unstopped};
use crate::{phrase, promise, question};

/// The longest clause that reads well before a place to fill, in bytes.
const LONG_DECISION: usize = 140;

impl Composer<'_> {
    /// Whether someone who is not known, or who failed a check, asks for what an attacker wants.
    pub(super) fn is_suspect(&self) -> bool {
        let brief = self.brief;
        // A display name that is another address is made to be taken for it.
        let posing = brief.message.from.as_ref().is_some_and(|from| {
            from.name.as_str().contains('@') && !from.name.as_str().contains(from.addr.as_str())
        });
        let wants = |ask: &AskBrief| match ask.ask.kind {
            AskKind::Request | AskKind::Document | AskKind::Decision => promise::is_forbidden(&ask.ask),
            AskKind::Question | AskKind::Time | AskKind::Introduction => promise::is_secretive(&ask.ask.text),
        };
        !brief.sender_is_trusted() && !brief.asks.is_empty() && (posing || brief.asks.iter().any(wants))
    }

    /// Two lines that promise nothing, confirm nothing and repeat nothing of the mail.
    pub(super) fn neutral(&mut self) {
        self.write("opener.thanks", Vec::new(), Vec::new());
        self.break_paragraph();
        self.write("slot.plain", Vec::new(), Vec::new());
        for i in 0..self.brief.asks.len() {
            self.close(i, Outcome::Slot { what: "your answer; look at the sender first".to_owned() });
        }
    }

    /// What the owner should know about the sender of such a mail.
    pub(super) fn sender_finding(&self) -> Finding {
        let who = self.brief.message.from.as_ref().map(|from| from.addr.to_string()).unwrap_or_default();
        Finding {
            kind: FindingKind::Recipients,
            text: format!(
                "look at the sender: {who} is not known or failed a check, and asks for money, access, acceptance or \
                 secrecy, or shows another address as its name"
            ),
        }
    }

    /// A place for the owner to answer an ask. Words meant for a machine are not repeated.
    pub(super) fn slot(&mut self, ask: &AskBrief, what: &str) -> Outcome {
        let from = PartFrom::Thread { message: ask.ask.message, span: ask.ask.span };
        self.break_paragraph();
        let english = self.language == Language::English;
        let clause = match ask.ask.kind {
            AskKind::Decision if english => self.decided(ask).map(|text| (phrase::SLOT_DECIDE, text)),
            AskKind::Request | AskKind::Document if english => {
                promise::text(&ask.ask, &self.brief.reading, self.side(Side::Myself), self.today)
                    .map(|text| (phrase::SLOT_ASKED, unstopped(&text)))
            }
            AskKind::Request
            | AskKind::Document
            | AskKind::Decision
            | AskKind::Question
            | AskKind::Time
            | AskKind::Introduction => None,
        };
        let clause = clause.filter(|(_, text)| plain_words(text) && !promise::is_for_machines(text));
        if promise::is_for_machines(&ask.ask.text) {
            if !self.out.iter().any(|sentence| sentence.origin.phrase == Some("slot.plain")) {
                self.write("slot.plain", Vec::new(), Vec::new());
            }
        } else if let Some((family, text)) = clause {
            if let Some(id) = self.pick(family) {
                self.write(id, vec![Part { text, from }], Vec::new());
            }
        } else {
            let text = promise::quoted(&ask.ask.text);
            let family =
                if ask.ask.kind == AskKind::Decision { phrase::SLOT_CHOICE } else { phrase::SLOT_QUESTION };
            if let Some(id) = self.pick(family) {
                self.write(id, vec![Part { text, from }], Vec::new());
            }
        }
        Outcome::Slot { what: what.to_owned() }
    }

    fn decided(&self, ask: &AskBrief) -> Option<String> {
        let matter = Some(ask.ask.matter.as_str()).filter(|matter| !matter.is_empty());
        let clause = matter
            .and_then(question::to_decide)
            .or_else(|| question::to_decide(&ask.ask.text))
            .filter(|clause| clause.len() <= LONG_DECISION)?;
        Some(turned(&clause, self.side(Side::Myself)))
    }

    /// A place for the decision, and what the notes say that bears on it.
    pub(super) fn decision(&mut self, ask: &AskBrief) -> Option<Outcome> {
        let outcome = self.slot(ask, "your decision");
        let Some(passage) = self.usable(ask).first().copied().filter(|passage| !self.is_cited(passage))
        else {
            return Some(outcome);
        };
        let number = self.cite(passage, &words_of(ask));
        match self.said(ask, passage) {
            Said::Sentence(text) if matches!(passage.source, Source::Note(_)) => {
                if let Some(id) = self.pick(phrase::MORE) {
                    let text = small_start(&text, &self.voice).unwrap_or(text);
                    self.write(id, vec![Part { text, from: PartFrom::Evidence(number) }], vec![number]);
                }
            }
            Said::Sentence(_)
            | Said::Decided(_)
            | Said::DecidedThat(_)
            | Said::OwnTask(_)
            | Said::Fragment(_) => self.answer(ask, passage, number),
        }
        Some(outcome)
    }

    /// Thanks, and a place for a word to the people introduced.
    pub(super) fn introduction(&mut self) -> Option<Outcome> {
        self.write("intro", Vec::new(), Vec::new());
        self.write("slot.intro", Vec::new(), Vec::new());
        Some(Outcome::Slot { what: "what you want to say to them".to_owned() })
    }
}
