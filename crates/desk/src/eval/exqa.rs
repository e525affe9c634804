//! `exqa`: questions about one mail, answered by what the product shows of it: its people, subject and asks.
//!
//! Only question types that the product has a view of are answered; the others are counted, not guessed.

use std::collections::{BTreeMap, HashMap};

use postil_evidence::Mailbox;
use postil_evidence::text::fold_case;
use postil_mail::{Message, parse_message};
use postil_understand::Reading;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Scored;
use super::metric::{Hits, mean, set_hits, token_f1};
use super::question::{owner, read_alone};

#[derive(Debug, Deserialize)]
pub(super) struct Doc {
    doc: String,
    text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    doc: String,
    question: String,
    answers: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    text: String,
}

/// Two answers are the same from this F1 of their words on.
const SAME: f64 = 0.5;

pub(super) fn score(docs: &[Doc], questions: &[Question]) -> Scored {
    let mut scored = Scored::new(questions.len());
    let mut mails: HashMap<&str, (Message, Reading)> = HashMap::new();
    for doc in docs {
        let message = parse_message(doc.text.as_bytes());
        let to = message.to.first().cloned();
        let name = to.as_ref().map(|to| to.name.to_string()).unwrap_or_default();
        let (_, reading) = read_alone(message.clone(), &owner(&name, to.map(|to| to.addr)));
        mails.insert(&doc.doc, (message, reading));
    }
    // Rows of one mail and question are one set of answers.
    let mut sets: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in questions {
        let answers = sets.entry((&row.doc, &row.question)).or_default();
        answers.extend(row.answers.iter().map(|answer| answer.text.as_str()));
    }
    let mut by_type: BTreeMap<&str, (Hits, Vec<f64>)> = BTreeMap::new();
    let mut without_a_view = 0;
    for ((doc, question), gold) in &sets {
        let Some((message, reading)) = mails.get(doc) else { continue };
        let Some((kind, told)) = answers(question, message, reading) else {
            without_a_view += 1;
            continue;
        };
        let told: Vec<&str> = told.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let found = set_hits(gold, &told, |gold, told| token_f1(gold, told) >= SAME);
        let (hits, f1s) = by_type.entry(kind).or_default();
        hits.found += found.found;
        hits.invented += found.invented;
        hits.missed += found.missed;
        f1s.extend(gold.iter().map(|gold| told.iter().map(|told| token_f1(gold, told)).fold(0.0, f64::max)));
        if found.invented + found.missed > 0 {
            scored.wrong(&format!("{doc} \"{question}\" is {gold:?}, told {told:?}"));
        }
    }
    let requested = by_type.get(REQUESTED).map(|(hits, _)| *hits).unwrap_or_default();
    scored.figure("requested_set_f1", requested.f1());
    let types: Map<String, Value> = by_type
        .iter()
        .map(|(kind, (hits, f1s))| {
            let figures = json!({"set_f1": hits.f1(), "precision": hits.precision(), "recall": hits.recall(),
                "token_f1": mean(f1s.iter().copied()), "answers": f1s.len()});
            ((*kind).to_owned(), figures)
        })
        .collect();
    scored.metrics.insert("by_question".to_owned(), Value::Object(types));
    scored.count("questions_without_a_view", without_a_view);
    scored
}

const REQUESTED: &str = "What is requested?";

/// The question's type and what the product shows; `None` where it shows nothing of the kind.
fn answers(question: &str, message: &Message, reading: &Reading) -> Option<(&'static str, Vec<String>)> {
    let named = |mailboxes: &[Mailbox]| mailboxes.iter().map(shown).collect::<Vec<_>>();
    let from: Vec<Mailbox> = message.from.iter().cloned().collect();
    if let Some(name) = question.strip_prefix("What is the email address of ") {
        let wanted = fold_case(name.trim_end_matches('?'));
        let all = from.iter().chain(&message.to).chain(&message.cc);
        let fits = all.filter(|mailbox| fold_case(mailbox.name.as_str()) == wanted);
        return Some((
            "What is the email address of …?",
            fits.map(|mailbox| mailbox.addr.to_string()).collect(),
        ));
    }
    match question {
        "Who sent the email?" => Some(("Who sent the email?", named(&from))),
        "Who received the email?" => Some(("Who received the email?", named(&message.to))),
        "Who is the main recipient?" => {
            Some(("Who is the main recipient?", named(message.to.get(..1).unwrap_or_default())))
        }
        "Who also received the email?" => Some(("Who also received the email?", named(&message.cc))),
        "What is the subject of the email?" => {
            Some(("What is the subject of the email?", vec![message.subject.to_string()]))
        }
        "What is attached to the email?" => {
            let names = message.attachments.iter().map(|part| part.name.to_string());
            Some(("What is attached to the email?", names.collect()))
        }
        REQUESTED => Some((REQUESTED, reading.asks.iter().map(|ask| ask.text.clone()).collect())),
        _ => None,
    }
}

/// A person as the product shows them: by name, else by address.
fn shown(mailbox: &Mailbox) -> String {
    if mailbox.name.is_empty() { mailbox.addr.to_string() } else { mailbox.name.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_answered_from_people_subject_and_asks() {
        let text = "From: Ana Lima <ana@lima.example>\nTo: Bo Berg <bo@house.example>\nSubject: Pump report\n\
                    Date: Fri, 20 Nov 2026 16:04:00 +0100\n\nBo,\n\nPlease send me the report on the pump.\n\nAna\n";
        let docs = [Doc { doc: "d".to_owned(), text: text.to_owned() }];
        let ask = |question: &str, answer: &str| Question {
            doc: "d".to_owned(),
            question: question.to_owned(),
            answers: vec![Answer { text: answer.to_owned() }],
        };
        let questions = [
            ask("Who sent the email?", "Ana Lima"),
            ask("Who received the email?", "Somebody Else"),
            ask("What is the email address of Bo Berg?", "bo@house.example"),
            ask(REQUESTED, "send me the report on the pump"),
            ask("What event is described?", "none"),
        ];
        let scored = score(&docs, &questions);
        let types = &scored.metrics["by_question"];
        assert_eq!((scored.get("requested_set_f1"), scored.get("questions_without_a_view")), (1.0, 1.0));
        assert_eq!(types["Who sent the email?"]["set_f1"], json!(1.0));
        assert_eq!(types["Who received the email?"]["set_f1"], json!(0.0));
        assert_eq!(types["What is the email address of …?"]["recall"], json!(1.0));
        assert_eq!(scored.wrong.len(), 1);
    }
}
