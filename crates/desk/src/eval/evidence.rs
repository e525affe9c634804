//! `evidence`: are the messages that answer a prompt among the first ten passages found in a mailbox?

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use postil_evidence::{Addr, LabelRules, MessageKey, Source};
use postil_index::{Filters, Index};
use postil_mail::{Message, MsgId};
use serde::Deserialize;

use super::metric::share;
use super::{Scored, mailbox};
use crate::cut::mail_passages;
use crate::error::DeskError;

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: String,
    prompt: String,
    golden_answer: Golden,
}

#[derive(Debug, Deserialize)]
struct Golden {
    evidence_message_ids: Vec<String>,
    evidence_mode: Mode,
    evidence_predicate: Option<Predicate>,
}

/// Which messages count.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// Every id that is named.
    All,
    /// Any id that is named.
    Any,
    /// Any message that the predicate holds of; the ids are examples.
    Predicate,
}

/// What a message must be. Fields that its type does not use are empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Predicate {
    /// A folder of the mail.
    pack: String,
    subject_prefixes: Vec<String>,
    from_address: Option<String>,
    addresses: Vec<String>,
    roles: Vec<String>,
}

/// Passages looked at.
const FIRST: usize = 10;

/// # Errors
/// Where the mail cannot be read or the index cannot be written.
pub(super) fn score(rows: &[Row], mail: &Path) -> Result<Scored, DeskError> {
    score_mail(rows, mailbox::load_all(mail)?)
}

/// A message and every file that holds it.
type Held = BTreeMap<MessageKey, (Message, BTreeSet<PathBuf>)>;

fn score_mail(rows: &[Row], mail: Vec<(PathBuf, Message)>) -> Result<Scored, DeskError> {
    let mut held = Held::new();
    for (path, message) in mail {
        held.entry(message.key).or_insert_with(|| (message, BTreeSet::new())).1.insert(path);
    }
    let mut by_id: HashMap<&str, Vec<MessageKey>> = HashMap::new();
    for (key, (message, _)) in &held {
        if let Some(id) = &message.message_id {
            by_id.entry(id.as_str()).or_default().push(*key);
        }
    }
    let folder = tempfile::tempdir().map_err(|error| DeskError::io(&std::env::temp_dir(), &error))?;
    let (index, _) = Index::open(&folder.path().join("index"), "eval")?;
    let mut batch = index.writer()?;
    for (key, (message, _)) in &held {
        batch.add(&Source::Mail(*key), mail_passages(message, &LabelRules::default()))?;
    }
    batch.commit()?;
    drop(batch);
    let mut scored = Scored::new(rows.len());
    let mut right = 0;
    for row in rows {
        let mut found: Vec<MessageKey> = Vec::new();
        for id in row.prompt.split_whitespace().filter_map(named_id) {
            found.extend(by_id.get(id.as_str()).into_iter().flatten());
        }
        let filters = Filters { only: filed(&row.prompt, &held), ..Filters::default() };
        let hits = index.search(&crate::search::search_query(&row.prompt), &filters, FIRST)?;
        found.extend(hits.iter().filter_map(|hit| match &hit.passage.source {
            Source::Mail(key) => Some(*key),
            Source::Note(_) => None,
        }));
        found.truncate(FIRST);
        let fits = has_required(&row.golden_answer, &found, &held);
        right += usize::from(fits);
        if !fits {
            let subjects = found
                .iter()
                .take(3)
                .filter_map(|key| held.get(key))
                .map(|(message, _)| message.subject.as_str());
            scored.wrong(&format!("{} \"{}\" found {:?}", row.id, row.prompt, subjects.collect::<Vec<_>>()));
        }
    }
    scored.figure("required_at_10", share(right, rows.len()));
    scored.count("messages", held.len());
    Ok(scored)
}

/// The messages of the folders that a prompt names, as the owner's search finds them.
fn filed(prompt: &str, held: &Held) -> Vec<Source> {
    let folder = |path: &PathBuf| Some(path.parent()?.file_name()?.to_str()?.to_owned());
    let folders: BTreeSet<String> = held.values().flat_map(|(_, paths)| paths).filter_map(folder).collect();
    let named = crate::folders::named_in(prompt, folders.iter().map(String::as_str));
    let inside = |paths: &BTreeSet<PathBuf>| {
        paths.iter().filter_map(folder).any(|folder| named.contains(&folder.as_str()))
    };
    held.iter().filter(|(_, (_, paths))| inside(paths)).map(|(key, _)| Source::Mail(*key)).collect()
}

/// The Message-ID that a word of a prompt is: `<a@b.example>`, also before a comma.
fn named_id(word: &str) -> Option<MsgId> {
    let word = word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')' | '"' | '\'' | '?'));
    word.starts_with('<').then(|| MsgId::parse(word)).flatten()
}

fn has_required(golden: &Golden, found: &[MessageKey], held: &Held) -> bool {
    let messages: Vec<_> = found.iter().filter_map(|key| held.get(key)).collect();
    let has = |id: &String| {
        let id = MsgId::parse(id);
        id.is_some() && messages.iter().any(|(message, _)| message.message_id == id)
    };
    match (golden.evidence_mode, &golden.evidence_predicate) {
        (Mode::Predicate, Some(predicate)) => {
            messages.iter().any(|(message, paths)| predicate.holds(message, paths))
        }
        (Mode::All, _) => golden.evidence_message_ids.iter().all(has),
        (Mode::Any | Mode::Predicate, _) => golden.evidence_message_ids.iter().any(has),
    }
}

impl Predicate {
    fn holds(&self, message: &Message, paths: &BTreeSet<PathBuf>) -> bool {
        let in_pack = self.pack.is_empty()
            || paths.iter().any(|path| path.iter().any(|part| part.to_str() == Some(self.pack.as_str())));
        let subject = message.subject.as_str().trim().to_lowercase();
        let has_prefix = self.subject_prefixes.is_empty()
            || self.subject_prefixes.iter().any(|prefix| subject.starts_with(&prefix.to_lowercase()));
        let from = message.from.iter().map(|mailbox| &mailbox.addr);
        let sent_by =
            self.from_address.as_deref().is_none_or(|wanted| from.clone().any(|addr| is(addr, wanted)));
        let in_role = |role: &str| self.roles.is_empty() || self.roles.iter().any(|named| named == role);
        let (to, cc) = (message.to.iter(), message.cc.iter());
        let people: Vec<&Addr> = from
            .clone()
            .filter(|_| in_role("from"))
            .chain(to.filter(|_| in_role("to")).map(|mailbox| &mailbox.addr))
            .chain(cc.filter(|_| in_role("cc")).map(|mailbox| &mailbox.addr))
            .collect();
        let named = self.addresses.is_empty()
            || self.addresses.iter().any(|wanted| people.iter().any(|addr| is(addr, wanted)));
        in_pack && has_prefix && sent_by && named
    }
}

fn is(addr: &Addr, wanted: &str) -> bool {
    addr.as_str().eq_ignore_ascii_case(wanted.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_mail::parse_message;

    #[test]
    fn required_messages_are_looked_for_by_words_and_by_id() {
        let mail = |id: &str, pack: &str, body: &str| {
            let raw = format!(
                "From: ana@lima.example\nTo: bo@lima.example\nMessage-ID: <{id}>\nSubject: About {pack}\n\n{body}\n"
            );
            (PathBuf::from(format!("mail/{pack}/1.")), parse_message(raw.as_bytes()))
        };
        let mails = vec![
            mail("1@x.example", "pumps", "The pump in hall three was repaired on Monday morning."),
            mail("2@x.example", "boats", "The kayak club meets at the northern harbour on Sunday."),
        ];
        let rows: Vec<Row> = [
            r#"{"id":"a","prompt":"Who repaired the pump in hall three?","golden_answer":{"evidence_message_ids":["<1@x.example>"],"evidence_mode":"all"}}"#,
            r#"{"id":"b","prompt":"Open the email <2@x.example>.","golden_answer":{"evidence_message_ids":["<2@x.example>"],"evidence_mode":"all"}}"#,
            r#"{"id":"c","prompt":"Where does the kayak club meet?","golden_answer":{"evidence_message_ids":[],"evidence_mode":"predicate","evidence_predicate":{"type":"from_address","pack":"boats","from_address":"ana@lima.example"}}}"#,
            r#"{"id":"d","prompt":"zeppelins","golden_answer":{"evidence_message_ids":["<1@x.example>"],"evidence_mode":"all"}}"#,
        ]
        .iter()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
        let scored = score_mail(&rows, mails).unwrap();
        assert_eq!((scored.rows, scored.get("required_at_10"), scored.get("messages")), (4, 0.75, 2.0));
        assert!(scored.wrong[0].starts_with("d "));
    }
}
