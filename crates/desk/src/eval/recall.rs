//! `recall`: is the turn that holds the answer among the first ones found? LoCoMo's conversations and QMSum's
//! meetings, told apart by the files in the folder.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::civil::{Date, date};
use jiff::fmt::strtime;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Scored;
use super::metric::{mean, share};
use super::question::{ask, noon, query};
use super::rows::read_rows;
use super::turns::{Conversation, Place, Session, Turns, model_answered};
use crate::embedding::ModelSource;
use crate::error::DeskError;
use crate::recall::Asked;

/// How far down a ranking is looked.
const LOOK: usize = 100;

/// # Errors
/// Where the folder holds neither set, a row cannot be read, or the index cannot be written.
pub(super) fn score_folder(folder: &Path, model: Option<&ModelSource>) -> Result<Scored, DeskError> {
    if folder.join("asks.jsonl").is_file() {
        return super::answers::score(&read_rows(&folder.join("asks.jsonl"))?, model);
    }
    if folder.join("sessions.jsonl").is_file() {
        return score_locomo(
            &read_rows(&folder.join("sessions.jsonl"))?,
            &read_rows(&folder.join("qa.jsonl"))?,
            model,
        );
    }
    if folder.join("meetings.jsonl").is_file() {
        return score_qmsum(
            &read_rows(&folder.join("meetings.jsonl"))?,
            &read_rows(&folder.join("queries.jsonl"))?,
            model,
        );
    }
    let what = format!("{} holds no conversations", folder.display());
    Err(DeskError::user(
        what,
        "name a folder with asks.jsonl, with sessions.jsonl and qa.jsonl, or with meetings.jsonl and queries.jsonl",
    ))
}

#[derive(Debug, Deserialize)]
pub(super) struct SessionRow {
    conv: String,
    date_time: String,
    turns: Vec<SessionTurn>,
}

#[derive(Debug, Deserialize)]
struct SessionTurn {
    speaker: String,
    dia_id: String,
    text: String,
    /// What a picture shows that was sent with the words.
    #[serde(default)]
    blip_caption: Option<String>,
}

impl SessionTurn {
    /// What the turn says and shows.
    fn said(&self) -> String {
        match &self.blip_caption {
            Some(caption) => format!("{} [{caption}]", self.text),
            None => self.text.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct QuestionRow {
    id: String,
    conv: String,
    question: String,
    category: u8,
    evidence: Vec<String>,
}

/// The category of questions that the conversation does not answer.
const NOT_THERE: u8 = 5;

/// Sums of one category.
#[derive(Debug, Default)]
struct Category {
    /// Recall of turns among the first 5, 10 and 25, by question.
    turns: [Vec<f64>; 3],
    /// Recall of sessions among the first 1, 3 and 5.
    sessions: [Vec<f64>; 3],
    rows: usize,
    abstained: usize,
}

const TURNS: [(usize, &str); 3] =
    [(5, "turn_recall_at_5"), (10, "turn_recall_at_10"), (25, "turn_recall_at_25")];
const SESSIONS: [(usize, &str); 3] =
    [(1, "session_recall_at_1"), (3, "session_recall_at_3"), (5, "session_recall_at_5")];

fn score_locomo(
    sessions: &[SessionRow],
    questions: &[QuestionRow],
    model: Option<&ModelSource>,
) -> Result<Scored, DeskError> {
    let mut conversations: Vec<Conversation> = Vec::new();
    let mut places: HashMap<(&str, &str), Place> = HashMap::new();
    for row in sessions {
        let at = conversations.iter().position(|known| known.id == row.conv).unwrap_or_else(|| {
            conversations.push(Conversation { id: row.conv.clone(), sessions: Vec::new() });
            conversations.len() - 1
        });
        let Some(conversation) = conversations.get_mut(at) else { continue };
        for (turn, said) in row.turns.iter().enumerate() {
            places.insert((&row.conv, &said.dia_id), (conversation.sessions.len(), turn));
        }
        let turns = row.turns.iter().map(|turn| (turn.speaker.clone(), turn.said())).collect();
        conversation.sessions.push(Session { date: day_of(&row.date_time), turns });
    }
    let turns = Turns::new(&conversations, model)?;
    let mut scored = Scored::new(questions.len());
    let mut by_category: BTreeMap<u8, Category> = BTreeMap::new();
    let mut asks_found = 0;
    for row in questions {
        let last = conversations
            .iter()
            .find(|known| known.id == row.conv)
            .and_then(|known| known.sessions.last()?.date);
        let last = last.unwrap_or(date(2024, 1, 1));
        let (asked, sent) = (ask(&row.question, last), noon(last));
        asks_found += usize::from(asked.is_some());
        let reader = turns.reader(&row.conv);
        let found = turns.recall(&query(&row.question, asked.as_ref(), &sent), &reader, LOOK)?;
        let chosen = match &asked {
            Some((ask, topics)) => {
                let seen = Asked { sent: Some(&sent), ..Asked::default() };
                crate::recall::evidence(&turns.index.view()?, ask, topics, &reader, &seen)?.evidence.len()
            }
            None => 0,
        };
        let category = by_category.entry(row.category).or_default();
        category.rows += 1;
        category.abstained += usize::from(chosen == 0);
        let gold: Vec<Place> =
            row.evidence.iter().filter_map(|id| places.get(&(&row.conv, id)).copied()).collect();
        if gold.is_empty() {
            continue;
        }
        let mut gold_sessions: Vec<usize> = gold.iter().map(|(session, _)| *session).collect();
        gold_sessions.sort_unstable();
        gold_sessions.dedup();
        let mut ranked_sessions: Vec<usize> = Vec::new();
        for (session, _) in &found {
            if !ranked_sessions.contains(session) {
                ranked_sessions.push(*session);
            }
        }
        for (slot, (k, _)) in category.turns.iter_mut().zip(TURNS) {
            slot.push(recall_at(&gold, &found, k));
        }
        for (slot, (k, _)) in category.sessions.iter_mut().zip(SESSIONS) {
            slot.push(recall_at(&gold_sessions, &ranked_sessions, k));
        }
        if row.category != NOT_THERE && recall_at(&gold, &found, 10) == 0.0 {
            let words: Vec<String> =
                query(&row.question, asked.as_ref(), &sent).words.into_iter().map(|word| word.text).collect();
            scored.wrong(&format!(
                "{} (category {}) \"{}\" looked for {words:?}",
                row.id, row.category, row.question
            ));
        }
    }
    model_answered(&turns.index)?;
    figures(&mut scored, &by_category);
    scored.figure("asks_found", share(asks_found, questions.len()));
    Ok(scored)
}

/// The figures over all answerable questions, then those of each category.
fn figures(scored: &mut Scored, by_category: &BTreeMap<u8, Category>) {
    let answerable =
        || by_category.iter().filter(|(number, _)| **number != NOT_THERE).map(|(_, category)| category);
    fn recall<'c>(at: usize, of: impl Iterator<Item = &'c [Vec<f64>; 3]>) -> Option<f64> {
        mean(of.filter_map(|recalls| recalls.get(at)).flatten().copied())
    }
    for (at, (_, name)) in TURNS.iter().enumerate() {
        scored.figure(name, recall(at, answerable().map(|category| &category.turns)));
    }
    for (at, (_, name)) in SESSIONS.iter().enumerate() {
        scored.figure(name, recall(at, answerable().map(|category| &category.sessions)));
    }
    // Those that cannot be answered have turns that mislead: some count them in.
    let all = || by_category.values();
    scored.figure("turn_recall_at_10_with_5", recall(1, all().map(|category| &category.turns)));
    scored.figure("session_recall_at_5_with_5", recall(2, all().map(|category| &category.sessions)));
    let (abstained, rows) =
        answerable().fold((0, 0), |(a, n), category| (a + category.abstained, n + category.rows));
    scored.figure("abstained_on_answerable", share(abstained, rows));
    if let Some(category) = by_category.get(&NOT_THERE) {
        scored.figure("abstained_on_5", share(category.abstained, category.rows));
    }
    let mut parts = Map::new();
    for (number, category) in by_category {
        let named = TURNS.iter().zip(&category.turns).chain(SESSIONS.iter().zip(&category.sessions));
        let mut part: Map<String, Value> = named
            .map(|((_, name), values)| ((*name).to_owned(), json!(mean(values.iter().copied()))))
            .collect();
        part.insert("rows".to_owned(), json!(category.rows));
        part.insert("abstained".to_owned(), json!(share(category.abstained, category.rows)));
        parts.insert(number.to_string(), Value::Object(part));
    }
    scored.metrics.insert("by_category".to_owned(), Value::Object(parts));
}

/// The share of `gold` among the first `k` of `found`.
fn recall_at<T: PartialEq>(gold: &[T], found: &[T], k: usize) -> f64 {
    let first = found.get(..k.min(found.len())).unwrap_or_default();
    share(gold.iter().filter(|gold| first.contains(gold)).count(), gold.len()).unwrap_or(0.0)
}

/// The day of "1:56 pm on 8 May, 2023".
fn day_of(text: &str) -> Option<Date> {
    let (_, day) = text.split_once(" on ")?;
    strtime::parse("%d %B, %Y", day.trim()).ok()?.to_date().ok()
}

#[derive(Debug, Deserialize)]
pub(super) struct MeetingRow {
    id: String,
    turns: Vec<MeetingTurn>,
}

#[derive(Debug, Deserialize)]
struct MeetingTurn {
    speaker: String,
    content: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct QueryRow {
    id: String,
    meeting: String,
    query: String,
    /// First and last turn of each span, both included.
    spans: Vec<(usize, usize)>,
}

fn score_qmsum(
    meetings: &[MeetingRow],
    queries: &[QueryRow],
    model: Option<&ModelSource>,
) -> Result<Scored, DeskError> {
    let conversation = |row: &MeetingRow| {
        let turns = row.turns.iter().map(|turn| (turn.speaker.clone(), turn.content.clone())).collect();
        Conversation { id: row.id.clone(), sessions: vec![Session { date: None, turns }] }
    };
    let conversations: Vec<Conversation> = meetings.iter().map(conversation).collect();
    let turns = Turns::new(&conversations, model)?;
    let mut scored = Scored::new(queries.len());
    let (mut firsts, mut fives, mut tens, mut ranks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut asks_found = 0;
    for row in queries {
        let (asked, sent) = (ask(&row.query, date(2024, 1, 1)), noon(date(2024, 1, 1)));
        asks_found += usize::from(asked.is_some());
        let found =
            turns.recall(&query(&row.query, asked.as_ref(), &sent), &turns.reader(&row.meeting), LOOK)?;
        let inside = |turn: &usize| row.spans.iter().any(|(first, last)| first <= turn && turn <= last);
        let hits: Vec<bool> = found.iter().map(|(_, turn)| inside(turn)).collect();
        let among = |k: usize| hits.iter().take(k).filter(|hit| **hit).count() as f64 / k as f64;
        firsts.push(among(1));
        fives.push(among(5));
        tens.push(among(10));
        ranks.push(hits.iter().position(|hit| *hit).map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0)));
        if among(1) == 0.0 {
            let words: Vec<String> =
                query(&row.query, asked.as_ref(), &sent).words.into_iter().map(|word| word.text).collect();
            scored.wrong(&format!(
                "{} found {} looked for {words:?} \"{}\"",
                row.id,
                found.first().map_or(0, |place| place.1),
                row.query
            ));
        }
    }
    model_answered(&turns.index)?;
    scored.figure("hit_at_1", mean(firsts));
    scored.figure("p_at_5", mean(fives));
    scored.figure("p_at_10", mean(tens));
    scored.figure("mrr", mean(ranks));
    scored.figure("asks_found", share(asks_found, queries.len()));
    Ok(scored)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows<T: serde::de::DeserializeOwned>(lines: &[&str]) -> Vec<T> {
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_question_sees_its_own_conversation_only() {
        let sessions = rows(&[
            r#"{"conv":"1","session":1,"date_time":"1:56 pm on 8 May, 2023","turns":[{"speaker":"Ana","dia_id":"D1:1","text":"The pump in hall three broke down."},{"speaker":"Bo","dia_id":"D1:2","text":"I bought a kayak."}]}"#,
            r#"{"conv":"1","session":2,"date_time":"1:56 pm on 9 May, 2023","turns":[{"speaker":"Ana","dia_id":"D2:1","text":"Nothing new here."}]}"#,
            r#"{"conv":"2","session":1,"date_time":"1:56 pm on 8 May, 2023","turns":[{"speaker":"Cy","dia_id":"D1:1","text":"My kayak is red, a kayak, a kayak."}]}"#,
        ]);
        let questions = rows(&[
            r#"{"id":"q1","conv":"1","question":"When did Bo buy a kayak?","category":2,"evidence":["D1:2"]}"#,
            r#"{"id":"q2","conv":"1","question":"Which colour has the zeppelin?","category":5,"evidence":["D2:1"]}"#,
        ]);
        let scored = score_locomo(&sessions, &questions, None).unwrap();
        assert_eq!(
            (scored.rows, scored.get("turn_recall_at_5"), scored.get("session_recall_at_1")),
            (2, 1.0, 1.0)
        );
        assert_eq!(scored.get("abstained_on_5"), 1.0);
        assert_eq!(scored.metrics["by_category"]["2"]["rows"], json!(1));
    }

    #[test]
    fn meetings_are_scored_by_turns_inside_the_spans() {
        let meetings = rows(&[
            r#"{"id":"m","turns":[{"speaker":"A","content":"Good morning all."},{"speaker":"B","content":"The remote control should have a rubber case."},{"speaker":"A","content":"Let us have lunch."}]}"#,
        ]);
        let queries = rows(&[
            r#"{"id":"q","meeting":"m","query":"What did they say about the rubber case?","spans":[[1,1]]}"#,
            r#"{"id":"r","meeting":"m","query":"What did they say about the rubber case?","spans":[[2,2]]}"#,
        ]);
        let scored = score_qmsum(&meetings, &queries, None).unwrap();
        // The turn beside the one with the words is found after it, and the turn on its other side.
        assert_eq!((scored.rows, scored.get("hit_at_1"), scored.get("mrr")), (2, 0.5, 0.666_667));
        assert_eq!(scored.get("p_at_5"), 0.2);
    }

    #[test]
    fn a_day_is_read_from_the_time_of_a_session() {
        assert_eq!(day_of("1:56 pm on 8 May, 2023"), Some(date(2023, 5, 8)));
        assert_eq!(day_of("soon"), None);
    }
}
