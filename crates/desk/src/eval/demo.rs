//! `demo`: the whole main job on the demo corpus, in a temporary folder, against its gold rows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use postil_draft::{AskBrief, Outcome};
use postil_evidence::label::Reader;
use postil_evidence::span::line_of;
use postil_evidence::{NotePath, Passage, Source, Span};
use postil_mail::{Message, parse_message};
use postil_understand::{Addressee, Ask, Reading};
use postil_vault::{LinkTargets, Note};
use serde::Deserialize;

use super::metric::{Hits, share};
use super::place::{find_folded, overlap};
use super::rows::read_rows;
use super::{Scored, mailbox};
use crate::demo::{DEMO_NOW, write_demo};
use crate::desk::Desk;
use crate::drafting::Prepared;
use crate::env::Environment;
use crate::error::{DeskError, Kind};
use crate::inbox::word;
use crate::progress::Silent;
use crate::view::RunView;

#[derive(Debug, Deserialize)]
struct Row {
    /// The message's file below the corpus.
    file: String,
    verdict: String,
    asks: Vec<GoldAsk>,
}

#[derive(Debug, Deserialize)]
struct GoldAsk {
    /// An exact piece of the decoded mail.
    text: String,
    to_owner: bool,
    due: Option<String>,
    /// `path#line` of a note, or `mail:<id>#line` of an earlier mail; any of them is enough.
    answers: Vec<String>,
    unanswerable: bool,
}

/// Words that one party may not learn.
struct Canary {
    words: String,
    /// A party, `unknown` or `nobody`.
    not_for: String,
}

/// Runs the demo and scores it.
///
/// # Errors
/// Where the corpus has no gold rows, or the temporary folder cannot be used.
pub(super) fn score_folder(corpus: &Path) -> Result<Scored, DeskError> {
    let rows: Vec<Row> = read_rows(&corpus.join("gold.jsonl"))?;
    let canaries = read_canaries(&corpus.join("canaries.txt"))?;
    let folder = tempfile::tempdir().map_err(|error| DeskError::io(&std::env::temp_dir(), &error))?;
    let places = write_demo(&folder.path().join("demo"))?;
    let now = DEMO_NOW
        .parse()
        .map_err(|error| DeskError::new(Kind::Internal, format!("the demo's time: {error}"), ""))?;
    let env = Environment {
        now,
        state_root: folder.path().join("state"),
        current_dir: folder.path().to_path_buf(),
        suggested_name: None,
    };
    let desk = Desk::open(&places.vault, env)?;
    let run = desk.run(&Silent::default())?;
    let mail = mailbox::load_all(&corpus.join("mail"))?;
    let by_id =
        mail.into_iter().filter_map(|(_, message)| Some((message.message_id.as_ref()?.to_string(), message)));
    let mut scoring = Scoring {
        desk: &desk,
        canaries,
        mail: by_id.collect(),
        vault: places.vault.clone(),
        tally: Tally::default(),
        scored: Scored::new(rows.len()),
    };
    for row in &rows {
        scoring.row(corpus, row)?;
    }
    let (resolved, footnotes) = scoring.footnotes(&run)?;
    Ok(scoring.finish(&run, resolved, footnotes))
}

fn read_canaries(path: &Path) -> Result<Vec<Canary>, DeskError> {
    let text = std::fs::read_to_string(path).map_err(|error| DeskError::io(path, &error))?;
    let canary = |line: &str| {
        let (words, not_for) = line.split_once('\t')?;
        Some(Canary { words: words.to_owned(), not_for: not_for.trim().to_owned() })
    };
    Ok(text.lines().filter_map(canary).collect())
}

#[derive(Debug, Default)]
struct Tally {
    verdicts_right: usize,
    asks: Hits,
    addressee_right: usize,
    due_right: usize,
    answerable: usize,
    answered: usize,
    line_at_1: usize,
    line_at_5: usize,
    unanswerable: usize,
    unanswerable_with_line: usize,
    leaks: usize,
}

struct Scoring<'d> {
    desk: &'d Desk,
    canaries: Vec<Canary>,
    /// By Message-ID with brackets.
    mail: HashMap<String, Message>,
    vault: PathBuf,
    tally: Tally,
    scored: Scored,
}

impl Scoring<'_> {
    fn row(&mut self, corpus: &Path, row: &Row) -> Result<(), DeskError> {
        let path = corpus.join(&row.file);
        let bytes = std::fs::read(&path).map_err(|error| DeskError::io(&path, &error))?;
        let message = parse_message(&bytes);
        let Some(known) =
            self.desk.index.catalog().find_messages(&message.key.to_string())?.into_iter().next()
        else {
            self.scored.wrong(&format!("{} is not in the demo that this program holds", row.file));
            self.tally.asks.missed += row.asks.len();
            return Ok(());
        };
        let read = self.desk.read_thread(known.thread, &*self.desk.directory()?)?;
        self.verdict(row, &read.reading);
        let pairs = self.asks(row, &message, &read.reading);
        // A thread of the owner's own mail has nothing to answer; that is no failure.
        let prepared = self.desk.prepare(known.thread, Some(message.key)).ok();
        for (gold, told) in row.asks.iter().zip(&pairs) {
            let brief = prepared.as_ref().and_then(|prepared| {
                let asks = prepared.brief.asks();
                asks.iter().find(|brief| told.as_ref().is_some_and(|told| same_place(told, &brief.ask)))
            });
            self.evidence(row, gold, brief, prepared.as_ref());
        }
        if let Some(prepared) = &prepared {
            self.leaks(row, &message, prepared);
        }
        Ok(())
    }

    fn verdict(&mut self, row: &Row, reading: &Reading) {
        let told = word(&reading.verdict);
        if told == row.verdict {
            self.tally.verdicts_right += 1;
        } else {
            let why = reading
                .reasons
                .first()
                .map(|reason| format!("{}: {}", reason.kind, reason.text))
                .unwrap_or_default();
            self.scored.wrong(&format!("verdict {} is {}, told {told} ({why})", row.file, row.verdict));
        }
    }

    /// The told ask for each gold ask, where there is one. Counts hits, addressees and due dates.
    fn asks(&mut self, row: &Row, message: &Message, reading: &Reading) -> Vec<Option<Ask>> {
        let mut free: Vec<&Ask> = reading.asks.iter().filter(|ask| ask.message == message.key).collect();
        let mut pairs = Vec::new();
        for gold in &row.asks {
            let span = find_folded(&message.text, &gold.text);
            let best = span.and_then(|span| {
                let shared = free.iter().enumerate().map(|(at, ask)| (overlap(span, ask.span), at));
                shared
                    .filter(|(shared, _)| shared * 2 >= span.len())
                    .max_by_key(|(shared, at)| (*shared, std::cmp::Reverse(*at)))
            });
            let Some((_, at)) = best else {
                self.tally.asks.missed += 1;
                self.scored.wrong(&format!("ask missed {}: {}", row.file, gold.text));
                pairs.push(None);
                continue;
            };
            let told = free.remove(at);
            self.tally.asks.found += 1;
            let to_owner = !matches!(told.addressee, Addressee::Other(_));
            let due = told.due.map(|due| due.to_string());
            self.tally.addressee_right += usize::from(to_owner == gold.to_owner);
            self.tally.due_right += usize::from(due == gold.due);
            if to_owner != gold.to_owner {
                self.scored
                    .wrong(&format!("addressee {}: \"{}\" to {:?}", row.file, gold.text, told.addressee));
            }
            if due != gold.due {
                self.scored
                    .wrong(&format!("due {}: \"{}\" is {:?}, told {due:?}", row.file, gold.text, gold.due));
            }
            pairs.push(Some(told.clone()));
        }
        self.tally.asks.invented += free.len();
        for ask in free {
            self.scored.wrong(&format!("no ask {}: \"{}\" ({})", row.file, ask.text, ask.reason));
        }
        pairs
    }

    fn evidence(&mut self, row: &Row, gold: &GoldAsk, brief: Option<&AskBrief>, prepared: Option<&Prepared>) {
        let chosen: Vec<&Passage> =
            brief.map(|brief| brief.evidence.iter().map(|e| e.passage.get()).collect()).unwrap_or_default();
        let first =
            chosen.first().map(|passage| format!("{}:{} {}", passage.source, passage.line, passage.text));
        if gold.unanswerable {
            self.tally.unanswerable += 1;
            self.tally.unanswerable_with_line += usize::from(first.is_some());
            if let Some(first) = first {
                self.scored.wrong(&format!("unanswerable {}: \"{}\" was given {first}", row.file, gold.text));
            }
            return;
        }
        if gold.answers.is_empty() || !gold.to_owner {
            return;
        }
        self.tally.answerable += 1;
        let place = chosen
            .iter()
            .take(5)
            .position(|passage| gold.answers.iter().any(|answer| self.holds(passage, answer)));
        self.tally.line_at_1 += usize::from(place == Some(0));
        self.tally.line_at_5 += usize::from(place.is_some());
        let outcome = brief.zip(prepared).and_then(|(brief, prepared)| {
            prepared.draft.asks.iter().find(|asked| asked.text == brief.ask.text)
        });
        let answered = outcome.is_some_and(|asked| match &asked.outcome {
            Outcome::Answered { .. } | Outcome::Conflict { .. } => true,
            Outcome::Missing { .. }
            | Outcome::Promise { .. }
            | Outcome::Slot { .. }
            | Outcome::Acknowledged => false,
        });
        self.tally.answered += usize::from(answered);
        if place != Some(0) {
            let told = first.unwrap_or_else(|| {
                if brief.is_some() { "nothing".to_owned() } else { "no such ask in the brief".to_owned() }
            });
            self.scored.wrong(&format!(
                "evidence {}: \"{}\" is {:?}, told {told}",
                row.file, gold.text, gold.answers
            ));
        }
    }

    /// Whether a passage covers the line that `answer` names.
    fn holds(&self, passage: &Passage, answer: &str) -> bool {
        let Some((place, line)) = answer.split_once('#') else { return false };
        let text = match (&passage.source, place.strip_prefix("mail:")) {
            (Source::Mail(key), Some(id)) => match self.mail.get(id) {
                Some(message) if message.key == *key => message.text.clone(),
                Some(_) | None => return false,
            },
            (Source::Note(path), None) if path.as_str() == place => {
                std::fs::read_to_string(self.vault.join(place)).unwrap_or_default()
            }
            (Source::Mail(_) | Source::Note(_), _) => return false,
        };
        let last = line_of(&text, passage.span.end.saturating_sub(1));
        (1..)
            .zip(text.lines())
            .any(|(number, found)| passage.line <= number && number <= last && found.trim() == line.trim())
    }

    fn leaks(&mut self, row: &Row, answered: &Message, prepared: &Prepared) {
        let body = prepared.draft.body();
        let readers: HashSet<String> = prepared
            .recipients
            .readers()
            .iter()
            .filter_map(|reader| match reader {
                Reader::Party(party) => Some(party.as_str().to_owned()),
                Reader::Unknown(_) => Some("unknown".to_owned()),
                Reader::Us => None,
            })
            .collect();
        for canary in &self.canaries {
            let told = canary.not_for == "nobody" || readers.contains(&canary.not_for);
            let held = |text: &str| text.contains(&canary.words);
            // What the answered mail says itself is no news to its readers.
            if told && (held(&body) || held(&prepared.draft.subject)) && !held(&answered.text) {
                self.tally.leaks += 1;
                self.scored.wrong(&format!("leak {}: \"{}\" to {}", row.file, canary.words, canary.not_for));
            }
        }
    }

    /// Footnotes of the written drafts that lead to a line of a note of the vault, and all of them.
    fn footnotes(&mut self, run: &RunView) -> Result<(usize, usize), DeskError> {
        let (settings, _) = postil_vault::read_settings(&self.vault);
        let walk = postil_vault::walk(&self.vault, &settings)?;
        let targets = LinkTargets::new(walk.notes.iter().map(|seen| seen.path.to_string()));
        let (mut resolved, mut all) = (0, 0);
        let mut read: BTreeMap<String, Note> = BTreeMap::new();
        for path in run.drafts.iter().filter_map(|draft| draft.path.as_deref()).filter_map(NotePath::parse) {
            let (_, note) = postil_vault::read_note(&self.vault, &path)?;
            let mut at = 0;
            for line in note.text.split_inclusive('\n') {
                let span = Span::new(at, at + line.len());
                at = span.end;
                if !(line.starts_with("[^") && line.contains("]:")) {
                    continue;
                }
                all += 1;
                let leads = note.links.iter().any(|link| {
                    let target =
                        span.contains(link.span).then(|| targets.resolve(&path, &link.target)).flatten();
                    target.is_some_and(|target| self.has_place(&target, link.subpath.as_deref(), &mut read))
                });
                resolved += usize::from(leads);
                if !leads {
                    self.scored.wrong(&format!("footnote {path}: {line}"));
                }
            }
        }
        Ok((resolved, all))
    }

    /// Whether the note `path` has the heading or block that `subpath` names.
    fn has_place(&self, path: &str, subpath: Option<&str>, read: &mut BTreeMap<String, Note>) -> bool {
        let Some(subpath) = subpath else { return true };
        if !read.contains_key(path) {
            let note =
                NotePath::parse(path).and_then(|path| postil_vault::read_note(&self.vault, &path).ok());
            read.extend(note.map(|(_, note)| (path.to_owned(), note)));
        }
        let Some(note) = read.get(path) else { return false };
        match subpath.strip_prefix("#^") {
            Some(id) => note.blocks.iter().any(|block| block.id.as_deref() == Some(id)),
            None => {
                let wanted = letters(subpath.rsplit('#').next().unwrap_or_default());
                note.headings.iter().any(|heading| letters(&heading.text) == wanted)
            }
        }
    }

    fn finish(mut self, run: &RunView, resolved: usize, footnotes: usize) -> Scored {
        let tally = self.tally;
        let scored = &mut self.scored;
        scored.figure("verdict_accuracy", share(tally.verdicts_right, scored.rows));
        scored.figure("ask_precision", tally.asks.precision());
        scored.figure("ask_recall", tally.asks.recall());
        scored.figure("addressee_accuracy", share(tally.addressee_right, tally.asks.found));
        scored.figure("due_accuracy", share(tally.due_right, tally.asks.found));
        scored.figure("evidence_recall_at_1", share(tally.line_at_1, tally.answerable));
        scored.figure("evidence_recall_at_5", share(tally.line_at_5, tally.answerable));
        scored.figure("answerable_answered", share(tally.answered, tally.answerable));
        scored.figure("unanswerable_given_a_line", share(tally.unanswerable_with_line, tally.unanswerable));
        scored.count("canaries_leaked", tally.leaks);
        scored.figure("footnotes_resolved", share(resolved, footnotes));
        scored.count("answerable", tally.answerable);
        scored.count("unanswerable", tally.unanswerable);
        scored.count("footnotes", footnotes);
        scored.count("drafts_written", run.drafts.iter().filter(|draft| draft.state == "written").count());
        scored.count("problems", run.problems.len());
        for problem in &run.problems {
            scored.wrong(&format!("problem {problem}"));
        }
        self.scored
    }
}

/// A heading as links name it: letters and digits only, since links leave out what they cannot hold.
fn letters(text: &str) -> String {
    postil_evidence::text::fold_case(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn same_place(a: &Ask, b: &Ask) -> bool {
    a.message == b.message && a.span.overlaps(b.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_scored_from_two_gold_rows() {
        let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/demo"));
        let dir = tempfile::tempdir().unwrap();
        let file = "2026-11-20_1604_northwind-retention.eml";
        let raw = std::fs::read(corpus.join("mail/inbox").join(file)).unwrap();
        std::fs::create_dir_all(dir.path().join("mail/inbox")).unwrap();
        crate::state::replace_file(&dir.path().join("mail/inbox").join(file), &raw).unwrap();
        crate::state::replace_file(&dir.path().join("canaries.txt"), b"158 over 97\tnobody\n").unwrap();
        let gold = format!(
            "{{\"file\":\"mail/inbox/{file}\",\"verdict\":\"reply\",\"asks\":[]}}\n\
             {{\"file\":\"mail/inbox/{file}\",\"verdict\":\"bulk\",\"asks\":[]}}\n"
        );
        crate::state::replace_file(&dir.path().join("gold.jsonl"), gold.as_bytes()).unwrap();
        let scored = score_folder(dir.path()).unwrap();
        assert_eq!((scored.rows, scored.get("verdict_accuracy"), scored.get("ask_precision")), (2, 0.5, 0.0));
        assert_eq!(scored.get("canaries_leaked"), 0.0);
        assert!(scored.get("footnotes") > 0.0);
    }
}
