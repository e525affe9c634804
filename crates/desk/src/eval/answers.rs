//! `recall` on asks over the demo vault: is the line that answers among those given to the brief, and is nothing given
//! where the vault has no answer that the asker may read?

use std::path::Path;

use postil_evidence::span::line_of;
use postil_evidence::{Addr, Passage, Recipients, Source};
use serde::Deserialize;

use super::Scored;
use super::metric::share;
use super::question::ask_from;
use super::turns::model_answered;
use crate::demo::{DEMO_NOW, write_demo};
use crate::desk::Desk;
use crate::embedding::ModelSource;
use crate::env::Environment;
use crate::error::{DeskError, Kind};
use crate::progress::Silent;
use crate::recall::{self, Asked};

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: String,
    half: Half,
    from: String,
    ask: String,
    /// `path#line`; empty where nothing answers.
    answers: Vec<String>,
}

/// What a row may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Half {
    Tune,
    Held,
}

/// Counts of one half.
#[derive(Debug, Default)]
struct Tally {
    answerable: usize,
    at_1: usize,
    at_5: usize,
    unanswerable: usize,
    given: usize,
}

/// # Errors
/// Where the temporary folder cannot be used.
pub(super) fn score(rows: &[Row], model: Option<&ModelSource>) -> Result<Scored, DeskError> {
    let folder = tempfile::tempdir().map_err(|error| DeskError::io(&std::env::temp_dir(), &error))?;
    let places = write_demo(&folder.path().join("demo"))?;
    let now: jiff::Zoned = DEMO_NOW
        .parse()
        .map_err(|error| DeskError::new(Kind::Internal, format!("the demo's time: {error}"), ""))?;
    let today = now.date();
    let sent = now.clone();
    let env = Environment {
        now,
        state_root: folder.path().join("state"),
        current_dir: folder.path().to_path_buf(),
        suggested_name: None,
    };
    let mut desk = Desk::open(&places.vault, env)?;
    if let Some(model) = model {
        desk.index.set_model(Box::new(model.server(folder.path())));
    }
    desk.sync(&Silent::default())?;
    let mut scored = Scored::new(rows.len());
    let (mut tune, mut held) = (Tally::default(), Tally::default());
    for row in rows {
        let tally = match row.half {
            Half::Tune => &mut tune,
            Half::Held => &mut held,
        };
        let recipients = Recipients::resolve(Addr::parse(&row.from).as_ref(), &desk.config.rules.parties);
        let directory = desk.directory()?.cleared_for(&recipients);
        let chosen = match ask_from(&row.from, &row.ask, today) {
            Some((ask, topics)) => {
                let asked = Asked {
                    asks: std::slice::from_ref(&ask),
                    sent: Some(&sent),
                    directory: Some(&directory),
                    ..Asked::default()
                };
                recall::evidence(&desk.index.view()?, &ask, &topics, &recipients, &asked)?.evidence
            }
            None => Vec::new(),
        };
        let told = chosen.first().map_or_else(
            || "nothing".to_owned(),
            |first| {
                let passage = first.passage.get();
                format!("{}:{} {} ({:.2})", passage.source, passage.line, passage.text, first.score)
            },
        );
        let (id, ask) = (&row.id, &row.ask);
        if row.answers.is_empty() {
            tally.unanswerable += 1;
            tally.given += usize::from(!chosen.is_empty());
            if !chosen.is_empty() {
                scored.wrong(&format!("{id} \"{ask}\" was given {told}"));
            }
            continue;
        }
        tally.answerable += 1;
        let answers =
            |passage: &Passage| row.answers.iter().any(|answer| holds(&places.vault, passage, answer));
        let place = chosen.iter().take(5).position(|evidence| answers(evidence.passage.get()));
        tally.at_1 += usize::from(place == Some(0));
        tally.at_5 += usize::from(place.is_some());
        if place.is_none() {
            scored.wrong(&format!("{id} \"{ask}\" is {:?}, told {told}", row.answers));
        }
    }
    model_answered(&desk.index)?;
    let both = [&tune, &held];
    let sum = |count: fn(&Tally) -> usize| both.iter().map(|tally| count(tally)).sum::<usize>();
    let answerable = sum(|tally| tally.answerable);
    scored.figure("evidence_recall_at_1", share(sum(|tally| tally.at_1), answerable));
    scored.figure("evidence_recall_at_5", share(sum(|tally| tally.at_5), answerable));
    scored.figure(
        "unanswerable_given_a_line",
        share(sum(|tally| tally.given), sum(|tally| tally.unanswerable)),
    );
    scored.figure("held_evidence_recall_at_5", share(held.at_5, held.answerable));
    scored.figure("held_unanswerable_given_a_line", share(held.given, held.unanswerable));
    Ok(scored)
}

/// Whether a passage covers the line of a note that `answer` names.
fn holds(vault: &Path, passage: &Passage, answer: &str) -> bool {
    let Some((place, line)) = answer.split_once('#') else { return false };
    let Source::Note(path) = &passage.source else { return false };
    if path.as_str() != place {
        return false;
    }
    let text = std::fs::read_to_string(vault.join(place)).unwrap_or_default();
    let last = line_of(&text, passage.span.end.saturating_sub(1));
    let mut lines = (1..).zip(text.lines());
    lines.any(|(number, found)| passage.line <= number && number <= last && found.trim() == line.trim())
}
