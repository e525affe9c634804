//! Asks that share a sentence and an answer: "Can the old data be brought over, and how fast?"
//!
//! Each part is looked for on its own, and one of them may have too few words to find the line that answers both. A reply
//! that gives the line for one part and promises to look up the other contradicts itself. Only lines that were already
//! given to a part of the same sentence are looked at, so nothing that is not cleared can come in here.

use postil_draft::{AskBrief, Evidence};
use postil_evidence::text::fold_case;
use postil_mail::Message;
use postil_understand::{Ask, AskKind};

use super::exact::Exact;
use super::words;

/// Of the words asked for, the share that the line must hold, where the answer is a yes or a no.
const SHARED: f64 = 0.4;

/// Gives each question without a line that of another part of its sentence, where the line speaks of it too.
pub(crate) fn share_lines(asks: &mut [AskBrief], messages: &[Message]) {
    for place in 0..asks.len() {
        let Some(lacking) = asks.get(place).filter(|ask| ask.evidence.is_empty()) else { continue };
        let given = asks
            .iter()
            .filter(|other| in_one_sentence(&lacking.ask, &other.ask, messages))
            .filter_map(given_by)
            .find(|line| speaks_of(&lacking.ask, line))
            .cloned();
        if let Some(ask) = asks.get_mut(place) {
            ask.evidence.extend(given);
        }
    }
}

/// The line an ask rests on: of two that disagree the newer.
fn given_by(ask: &AskBrief) -> Option<&Evidence> {
    let disagree = if ask.conflict { 2 } else { 1 };
    ask.evidence.iter().take(disagree).rev().max_by_key(|line| line.passage.get().date)
}

/// Whether nothing but a comma and a word or two stands between two asks.
fn in_one_sentence(one: &Ask, other: &Ask, messages: &[Message]) -> bool {
    if one.message != other.message || one.span == other.span {
        return false;
    }
    let (first, second) = if one.span.start <= other.span.start { (one, other) } else { (other, one) };
    let Some(message) = messages.iter().find(|message| message.key == one.message) else { return false };
    let between = message.text.get(first.span.end..second.span.start);
    // The first part may hold its own comma, but not the end of its sentence.
    let ends = |text: &str| text.contains(['.', '?', '!', ';', '\n']);
    between.is_some_and(|between| !ends(between) && !ends(&first.text))
}

fn speaks_of(ask: &Ask, line: &Evidence) -> bool {
    if ask.kind != AskKind::Question {
        return false;
    }
    let text = &line.passage.get().text;
    let held = words(text);
    let asked = words(&ask.keywords.join(" "));
    let shared = asked.intersection(&held).count();
    match Exact::of(ask).or_else(|| Exact::of_matter(ask)) {
        Some(exact) => shared > 0 && exact.is_met_by(text),
        None if is_yes_or_no(&ask.matter) => {
            #[expect(clippy::cast_precision_loss, reason = "an ask has few words")]
            let share = shared as f64 / asked.len().max(1) as f64;
            shared >= 2 && share >= SHARED
        }
        None => false,
    }
}

/// Whether a question begins with its verb.
fn is_yes_or_no(matter: &str) -> bool {
    const VERBS: &[&str] = &[
        "can", "could", "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "will",
        "would", "whether", "if",
    ];
    let folded = fold_case(matter);
    folded.split_whitespace().next().is_some_and(|first| VERBS.contains(&first))
}
