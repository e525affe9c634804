//! `postil sync`: reads what is new in the vault and in the mailboxes, cuts it into labelled
//! passages, and brings index and catalogue up to date. Mail and notes are only read.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use postil_evidence::text::fold_case;
use postil_evidence::{Addr, ContentHash, Entity, HeaderText, MessageKey, NotePath, Source, name_words};
use postil_index::{
    BULK, Batch, CachedRow, ContainerRow, DefectNote, IndexError, MessageRow, NoteRow, OPEN, Opened, PlaceRow,
};
use postil_mail::Message;
use postil_mail::store::{self, Change, Format, Known, Mark, Place, StoreError, StoreKind, StoreSpec};
use postil_understand::bulk::{SentAs, sent_as};
use postil_vault::{FrontMatter, Note};
use rayon::prelude::*;

use crate::cut::mail_passages;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::guesses::{is_open, thread_by_headers, topic_of};
use crate::progress::Progress;
use crate::threads::WRITTEN_TO;
use crate::view::SyncView;

/// Messages loaded at a time by the reading threads.
const CHUNK: usize = 192;

/// Messages after which what was read is made durable, so that a stop loses little.
const COMMIT_EVERY: u64 = 25_000;

/// Remembered of a container that was not read whole: it differs from every real mark, so the next
/// sync looks at the container again and compares what is there with what was read of it.
const UNFINISHED: postil_index::Mark = postil_index::Mark { mtime_ns: 0, size: 0, digest: [0; 16] };

/// How often, and how long each time, a sync waits for another postil that holds the index.
const WAITS: (u32, std::time::Duration) = (40, std::time::Duration::from_millis(50));

impl Desk {
    /// Reads what is new.
    ///
    /// One bad message, note or mailbox never stops the run: it is named in `problems`.
    ///
    /// # Errors
    /// Where the vault cannot be walked or the index cannot be written.
    pub fn sync(&self, progress: &dyn Progress) -> Result<SyncView, DeskError> {
        let mut view = SyncView { schema: "postil/sync@1", ..SyncView::default() };
        if let Opened::RebuiltBecause(why) = &self.opened {
            view.rebuilt = Some(why.clone());
        }
        self.sync_notes(progress, &mut view)?;
        for spec in &self.config.stores {
            if progress.stopped() {
                break;
            }
            self.sync_store(spec, progress, &mut view)?;
        }
        self.forget_dropped_stores(&mut view)?;
        self.join_by_guess(progress, &mut view)?;
        view.stopped = progress.stopped();
        let counts = self.index.catalog().counts()?;
        view.messages = counts.messages;
        view.notes = counts.notes;
        view.defects = self.index.catalog().defect_counts()?;
        Ok(view)
    }

    /// The index, to change. Another postil that only keeps what it just read is waited for.
    pub(crate) fn writer(&self) -> Result<Batch<'_>, DeskError> {
        for _ in 0..WAITS.0 {
            match self.index.writer() {
                Err(IndexError::Busy { .. }) => std::thread::sleep(WAITS.1),
                other => return Ok(other?),
            }
        }
        Ok(self.index.writer()?)
    }

    /// Brings the notes up to date.
    fn sync_notes(&self, progress: &dyn Progress, view: &mut SyncView) -> Result<(), DeskError> {
        let walk = postil_vault::walk(&self.vault, &self.settings)?;
        view.problems.extend(walk.unreadable.iter().map(|(path, why)| format!("{}: {why}", path.display())));
        let known: HashMap<NotePath, NoteRow> =
            self.index.catalog().notes()?.into_iter().map(|row| (row.path.clone(), row)).collect();
        let present: BTreeSet<&NotePath> = walk.notes.iter().map(|seen| &seen.path).collect();
        let changed: Vec<_> = walk
            .notes
            .iter()
            .filter(|seen| {
                known.get(&seen.path).is_none_or(|row| row.size != seen.size || row.mtime_ns != seen.mtime_ns)
            })
            .collect();
        let gone: Vec<&NotePath> = known.keys().filter(|path| !present.contains(path)).collect();
        if changed.is_empty() && gone.is_empty() {
            return Ok(());
        }
        progress.begin("reading notes", changed.len() as u64);
        let mut batch = self.writer()?;
        for path in &gone {
            batch.remove(&Source::Note((*path).clone()))?;
            batch.catalog().remove_note(path)?;
            view.notes_gone += 1;
        }
        let read: Vec<_> = changed
            .par_iter()
            .map(|seen| (*seen, postil_vault::read_note(&self.vault, &seen.path)))
            .collect();
        let mut notes = Vec::new();
        for (seen, result) in read {
            match result {
                Ok((bytes, note)) => notes.push((seen, ContentHash::of(&bytes), note)),
                Err(error) => view.problems.push(error.to_string()),
            }
        }
        let people = self.people_by_name(&known, &notes.iter().map(|(_, _, note)| note).collect::<Vec<_>>());
        for (done, (seen, hash, note)) in notes.iter().enumerate() {
            progress.advance(done as u64);
            self.put_note(&mut batch, &known, note, *hash, (seen.size, seen.mtime_ns), &people, view)?;
        }
        batch.commit()?;
        progress.end();
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one note of the loop above, split off to be readable")]
    fn put_note(
        &self,
        batch: &mut Batch<'_>,
        known: &HashMap<NotePath, NoteRow>,
        note: &Note,
        hash: ContentHash,
        (size, mtime_ns): (u64, i64),
        people: &HashMap<String, Vec<Addr>>,
        view: &mut SyncView,
    ) -> Result<(), DeskError> {
        if let Some(row) = known.get(&note.path)
            && row.hash == hash
        {
            batch.catalog().set_note(&NoteRow { size, mtime_ns, ..row.clone() })?;
            return Ok(());
        }
        view.notes_read += 1;
        let label = self.config.rules.label_note(&note.path, note.declared());
        let entity = postil_vault::entity(note, &label);
        let named = people_of(note, people);
        let passages = postil_vault::passages(note, &label, &named);
        let source = Source::Note(note.path.clone());
        let count = u32::try_from(passages.len()).unwrap_or(u32::MAX);
        view.passages += u64::from(count);
        batch.replace(&source, passages)?;
        let defects: Vec<DefectNote> = note
            .defects
            .iter()
            .map(|defect| DefectNote {
                place: String::new(),
                kind: defect_words(defect).0,
                detail: defect.to_string(),
            })
            .collect();
        batch.catalog().set_defects(&source, &defects)?;
        let names = entity.iter().flat_map(Entity::names).flat_map(name_words).collect();
        batch.catalog().set_names(&note.path, &names)?;
        batch.catalog().set_note(&NoteRow {
            path: note.path.clone(),
            size,
            mtime_ns,
            hash,
            title: note.title.clone(),
            audience: label.audience.clone(),
            why: label.why.clone(),
            entity: entity.and_then(|entity| serde_json::to_string(&entity).ok()),
            defects: String::new(),
            passages: count,
        })?;
        Ok(())
    }

    /// Every name a note may use for a person, folded, with that person's addresses.
    fn people_by_name(
        &self,
        known: &HashMap<NotePath, NoteRow>,
        read: &[&Note],
    ) -> HashMap<String, Vec<Addr>> {
        let mut by_name: HashMap<String, Vec<Addr>> = HashMap::new();
        let mut add = |entity: &Entity| {
            for name in entity.aliases.iter().chain([&entity.name]) {
                by_name.entry(fold_case(name)).or_default().extend(entity.addrs.iter().cloned());
            }
        };
        let internal =
            self.config.rules.label_note(&fallback_path(), postil_evidence::label::Declared::Absent);
        let fresh: BTreeSet<&NotePath> = read.iter().map(|note| &note.path).collect();
        for note in read {
            if let Some(entity) = postil_vault::entity(note, &internal) {
                add(&entity);
            }
        }
        for row in known.values().filter(|row| !fresh.contains(&row.path)) {
            if let Some(entity) =
                row.entity.as_deref().and_then(|json| serde_json::from_str::<Entity>(json).ok())
            {
                add(&entity);
            }
        }
        by_name
    }

    /// Brings one mailbox up to date.
    fn sync_store(
        &self,
        spec: &StoreSpec,
        progress: &dyn Progress,
        view: &mut SyncView,
    ) -> Result<(), DeskError> {
        if spec.kind == StoreKind::Imap {
            view.problems.extend(self.mirror(spec, progress)?);
        }
        let known = KnownStore { desk: self, store: &spec.id };
        let mut changes: Vec<Change> = Vec::new();
        let now_ns = i64::try_from(self.env.now.timestamp().as_nanosecond()).unwrap_or(i64::MAX);
        let scanned = store::scan(spec, &known, now_ns, &mut |change| {
            changes.push(change);
            if progress.stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let scanned = match scanned {
            Ok(scanned) => scanned,
            Err(error) => {
                // A mailbox that is not there now may be back tomorrow: what was read of it stays.
                view.problems.push(format!("mailbox {}: {error}", spec.id));
                return Ok(());
            }
        };
        view.problems
            .extend(scanned.unreadable.iter().map(|(path, why)| format!("{}: {why}", path.display())));
        // A stopped scan did not see everything that is there.
        let gone_containers =
            if scanned.stopped { Vec::new() } else { self.gone_containers(spec, &scanned.containers)? };
        if changes.is_empty() && gone_containers.is_empty() {
            return Ok(());
        }
        let total: usize = changes.iter().map(|change| change.added.len()).sum();
        progress.begin(&format!("reading mail from {}", spec.id), total as u64);
        let (loaded, load_queue) = mpsc::sync_channel::<Loaded>(4);
        std::thread::scope(|scope| -> Result<(), DeskError> {
            let changes = &changes;
            scope.spawn(move || load_all(changes, progress, &loaded));
            let mut writing = Writing::new(self.writer()?);
            for message in load_queue {
                self.take(spec, message, &mut writing, progress, view)?;
            }
            for container in &gone_containers {
                let gone = writing.batch.catalog().forget_container(&spec.id, &container.path)?;
                writing.placeless.extend(gone);
            }
            writing.commit(spec, view)
        })?;
        progress.end();
        Ok(())
    }

    /// Takes one loaded piece into the batch.
    fn take(
        &self,
        spec: &StoreSpec,
        loaded: Loaded,
        writing: &mut Writing<'_>,
        progress: &dyn Progress,
        view: &mut SyncView,
    ) -> Result<(), DeskError> {
        match loaded {
            Loaded::Messages { container, messages } => {
                for (place, result) in messages {
                    writing.done += 1;
                    match result {
                        Ok(message) => {
                            self.put_message(spec, &container, &place, &message, writing, view)?;
                            writing.since_commit += 1;
                        }
                        Err(error) => {
                            view.problems.push(error.to_string());
                            writing.open_failed = true;
                        }
                    }
                }
                writing.open = Some(container);
                progress.advance(writing.done);
                if writing.since_commit >= COMMIT_EVERY {
                    writing.commit(spec, view)?;
                }
            }
            Loaded::Gone { container, places } => {
                for place in places {
                    let row = place_row(&spec.id, &container, &place, NO_KEY);
                    writing.placeless.extend(writing.batch.catalog().remove_place(&row)?);
                }
                let container = container.to_string_lossy();
                writing.batch.catalog().set_container(&spec.id, &container, Some(&UNFINISHED))?;
            }
            Loaded::Moved { container, places } => {
                for (from, to) in places {
                    // A Maildir's message moves from `new` to `cur`: from one container to another.
                    let left = from.path.parent().unwrap_or(&container);
                    let from = place_row(&spec.id, left, &from, NO_KEY);
                    let to = place_row(&spec.id, &container, &to, NO_KEY);
                    if !writing.batch.catalog().move_place(&from, &to)? {
                        writing.open_failed = true;
                    }
                }
                writing.open = Some(container);
            }
            Loaded::ContainerDone { container, mark } => {
                let mark = postil_index::Mark {
                    mtime_ns: mark.mtime_ns,
                    size: mark.size,
                    digest: *mark.digest.bytes(),
                };
                // What could not be read is tried again by the next sync.
                let mark = if std::mem::take(&mut writing.open_failed) { UNFINISHED } else { mark };
                writing.open = None;
                writing.batch.catalog().set_container(&spec.id, &container.to_string_lossy(), Some(&mark))?;
            }
        }
        Ok(())
    }

    /// Records one message and, if it is new, its passages.
    fn put_message(
        &self,
        spec: &StoreSpec,
        container: &Path,
        place: &Place,
        message: &Message,
        writing: &mut Writing<'_>,
        view: &mut SyncView,
    ) -> Result<(), DeskError> {
        if store::is_set_aside(&message.labels) {
            view.set_aside += 1;
            return Ok(());
        }
        let batch = &mut writing.batch;
        let row = place_row(&spec.id, container, place, message.key);
        let is_new = batch.catalog().read().message(message.key)?.is_none();
        batch.catalog().add_place(&row)?;
        batch.catalog().add_labels(message.key, message.labels.iter().map(HeaderText::as_str))?;
        if !is_new {
            // One that lost its place in this sync was moved; any other has a further copy.
            if !writing.placeless.remove(&message.key) {
                view.copies += 1;
            }
            return Ok(());
        }
        view.messages_new += 1;
        let thread = thread_by_headers(batch.catalog(), message)?;
        let bulk = !matches!(sent_as(message), SentAs::Person | SentAs::Calendar(_));
        let open = !bulk && is_open(batch.catalog(), message)?;
        let date_ms = message.date.as_ref().map(|date| date.timestamp().as_millisecond());
        let topic = topic_of(message.subject.as_str());
        batch.catalog().set_message(&MessageRow {
            key: message.key,
            thread,
            message_id: message.message_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            date_ms,
            offset_minutes: message.date.as_ref().map_or(0, |date| date.offset().seconds() / 60),
            from_addr: message.from.as_ref().map(|from| from.addr.to_string()).unwrap_or_default(),
            subject: message.subject.to_string(),
            flags: if bulk { BULK } else { 0 } | if open { OPEN } else { 0 },
            size: message.size as u64,
            topic,
        })?;
        // What comes now may be what a reply that came before answers.
        if let Some(date_ms) = date_ms.filter(|_| topic != 0) {
            let since = writing.topics.entry(topic).or_insert(date_ms);
            *since = date_ms.min(*since);
        }
        if !message.defects.is_empty() {
            let defects: Vec<DefectNote> = message
                .defects
                .iter()
                .map(defect_words)
                .map(|(kind, detail)| DefectNote {
                    place: place.path.to_string_lossy().into_owned(),
                    kind,
                    detail,
                })
                .collect();
            batch.catalog().set_defects(&Source::Mail(message.key), &defects)?;
        }
        let owner = &self.config.owner;
        if message.from.as_ref().is_some_and(|from| owner.addrs.contains(&from.addr)) {
            for reader in message.to.iter().chain(&message.cc).chain(&message.bcc) {
                let key = reader.addr.as_str().as_bytes();
                let row = CachedRow { kind: WRITTEN_TO, key, thread: None, version: "1", value: &[] };
                batch.catalog().put_cached(&row)?;
            }
        }
        let passages = mail_passages(message, &self.config.rules);
        view.passages += passages.len() as u64;
        batch.add(&Source::Mail(message.key), passages)?;
        Ok(())
    }

    /// Containers that were known and are no longer there.
    fn gone_containers(&self, spec: &StoreSpec, present: &[PathBuf]) -> Result<Vec<ContainerRow>, DeskError> {
        let present: BTreeSet<String> =
            present.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let known = self.index.catalog().containers(&spec.id)?;
        Ok(known.into_iter().filter(|row| !present.contains(&row.path)).collect())
    }

    /// Forgets mail of sources that the configuration no longer names.
    fn forget_dropped_stores(&self, view: &mut SyncView) -> Result<(), DeskError> {
        let named: Vec<&str> = self.config.stores.iter().map(|spec| spec.id.as_str()).collect();
        let named = serde_json::to_string(&named).unwrap_or_default();
        let before = self.index.catalog().meta("stores")?.unwrap_or_default();
        if named == before {
            return Ok(());
        }
        let mut batch = self.writer()?;
        let before: Vec<String> = serde_json::from_str(&before).unwrap_or_default();
        for store in before.iter().filter(|store| !self.config.stores.iter().any(|spec| spec.id == **store)) {
            let gone = batch.catalog().forget_store(store)?;
            drop_messages(gone, &mut batch, view)?;
        }
        batch.catalog().set_meta("stores", &named)?;
        batch.commit()?;
        Ok(())
    }
}

/// Stands for "any message" where a place is looked for by where it is.
const NO_KEY: MessageKey = MessageKey(ContentHash::from_bytes([0; 16]));

/// Forgets messages whose last place is gone.
fn drop_messages(
    gone: impl IntoIterator<Item = MessageKey>,
    batch: &mut Batch<'_>,
    view: &mut SyncView,
) -> Result<(), DeskError> {
    for key in gone {
        batch.remove(&Source::Mail(key))?;
        batch.catalog().remove_message(key)?;
        view.messages_gone += 1;
    }
    Ok(())
}

/// The writing side of one mailbox's sync.
struct Writing<'i> {
    batch: Batch<'i>,
    since_commit: u64,
    done: u64,
    /// Messages whose last place went; one that turns up elsewhere was only moved.
    placeless: HashSet<MessageKey>,
    /// Topics of new messages, with the time of the earliest.
    topics: HashMap<i64, i64>,
    /// The container that is being taken in.
    open: Option<PathBuf>,
    /// Whether a message of it could not be read.
    open_failed: bool,
}

impl<'i> Writing<'i> {
    fn new(batch: Batch<'i>) -> Self {
        Self {
            batch,
            since_commit: 0,
            done: 0,
            placeless: HashSet::new(),
            topics: HashMap::new(),
            open: None,
            open_failed: false,
        }
    }

    /// Makes what was taken in durable, and remembers of the container under way that it is not
    /// whole yet: the sync may be stopped or killed before the rest of it comes.
    fn commit(&mut self, spec: &StoreSpec, view: &mut SyncView) -> Result<(), DeskError> {
        let gone: BTreeSet<MessageKey> = self.placeless.drain().collect();
        drop_messages(gone, &mut self.batch, view)?;
        for (topic, since) in self.topics.drain() {
            self.batch.catalog().reopen_topic(topic, since)?;
        }
        if let Some(container) = &self.open {
            let container = container.to_string_lossy();
            self.batch.catalog().set_container(&spec.id, &container, Some(&UNFINISHED))?;
        }
        self.batch.commit()?;
        self.since_commit = 0;
        Ok(())
    }
}

/// What the reading threads hand over.
enum Loaded {
    Messages {
        container: PathBuf,
        messages: Vec<(Place, Result<Message, StoreError>)>,
    },
    Gone {
        container: PathBuf,
        places: Vec<Place>,
    },
    Moved {
        container: PathBuf,
        places: Vec<(Place, Place)>,
    },
    /// Every place of the container was handed over: its mark may be remembered.
    ContainerDone {
        container: PathBuf,
        mark: Mark,
    },
}

/// Loads the added places, in parallel and in order; stops when asked or when nobody listens.
fn load_all(changes: &[Change], progress: &dyn Progress, to: &mpsc::SyncSender<Loaded>) {
    // First what went, everywhere: what turns up in another place afterwards was moved, and a place
    // that is both gone and added is one whose bytes changed.
    for change in changes.iter().filter(|change| !change.gone.is_empty()) {
        let gone = Loaded::Gone { container: change.container.clone(), places: change.gone.clone() };
        if to.send(gone).is_err() {
            return;
        }
    }
    for change in changes {
        let container = change.container.clone();
        if !change.moved.is_empty()
            && to.send(Loaded::Moved { container: container.clone(), places: change.moved.clone() }).is_err()
        {
            return;
        }
        for chunk in change.added.chunks(CHUNK) {
            if progress.stopped() {
                return;
            }
            let messages: Vec<_> =
                chunk.par_iter().map(|place| (place.clone(), store::load(place))).collect();
            if to.send(Loaded::Messages { container: container.clone(), messages }).is_err() {
                return;
            }
        }
        if to.send(Loaded::ContainerDone { container, mark: change.mark }).is_err() {
            return;
        }
    }
}

/// What the catalogue remembers of one mailbox.
struct KnownStore<'d> {
    desk: &'d Desk,
    store: &'d str,
}

impl Known for KnownStore<'_> {
    fn mark(&self, container: &Path) -> Option<Mark> {
        let row = self.desk.index.catalog().mark(self.store, &container.to_string_lossy()).ok().flatten()?;
        Some(Mark { mtime_ns: row.mtime_ns, size: row.size, digest: ContentHash::from_bytes(row.digest) })
    }

    fn places(&self, container: &Path) -> Vec<Place> {
        let rows =
            self.desk.index.catalog().places(self.store, &container.to_string_lossy()).unwrap_or_default();
        rows.iter().map(place_of).collect()
    }
}

/// The place a catalogue row stands for.
pub(crate) fn place_of(row: &PlaceRow) -> Place {
    let format = match row.format {
        1 => Format::MboxEntry,
        2 => Format::MarkdownSection,
        3 => Format::Head,
        4 => Format::Outlook,
        _ => Format::Rfc822,
    };
    Place { path: PathBuf::from(&row.path), offset: row.offset, len: row.len, format }
}

fn place_row(store: &str, container: &Path, place: &Place, key: MessageKey) -> PlaceRow {
    let format = match place.format {
        Format::Rfc822 => 0,
        Format::MboxEntry => 1,
        Format::MarkdownSection => 2,
        Format::Head => 3,
        Format::Outlook => 4,
    };
    PlaceRow {
        key,
        store: store.to_owned(),
        container: container.to_string_lossy().into_owned(),
        path: place.path.to_string_lossy().into_owned(),
        offset: place.offset,
        len: place.len,
        format,
    }
}

/// Addresses of the people a note's properties name (attendees and the like).
fn people_of(note: &Note, people: &HashMap<String, Vec<Addr>>) -> Vec<Addr> {
    if !matches!(note.front_matter, FrontMatter::Parsed { .. }) {
        return Vec::new();
    }
    let mut named = BTreeSet::new();
    for key in ["attendees", "participants", "people", "with", "email", "emails", "contact"] {
        for value in note.list_of(key) {
            match Addr::parse(&value) {
                Some(addr) => drop(named.insert(addr)),
                None => named.extend(people.get(&fold_case(&value)).into_iter().flatten().cloned()),
            }
        }
    }
    named.into_iter().collect()
}

/// A defect as kind and detail.
pub(crate) fn defect_words<D: serde::Serialize>(defect: &D) -> (String, String) {
    let json = serde_json::to_value(defect).unwrap_or_default();
    let kind = json.get("kind").and_then(|kind| kind.as_str()).unwrap_or("defect").replace('_', " ");
    let detail =
        json.get("detail").map(|detail| detail.to_string().trim_matches('"').to_owned()).unwrap_or_default();
    (kind, detail)
}

fn fallback_path() -> NotePath {
    NotePath::parse("note.md").unwrap_or_else(|| unreachable!("a plain file name is a note path"))
}

/// Counts by name, most first.
pub(crate) fn counted(names: impl IntoIterator<Item = String>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use postil_evidence::{ContentHash, MessageKey};
    use postil_mail::store::{Format, Place};

    use super::{place_of, place_row};

    #[test]
    fn a_place_comes_back_from_the_catalogue() {
        let formats =
            [Format::Rfc822, Format::MboxEntry, Format::MarkdownSection, Format::Head, Format::Outlook];
        for format in formats {
            let place = Place { path: "mail/one".into(), offset: 7, len: 9, format };
            let key = MessageKey(ContentHash::of(b"one"));
            assert_eq!(place_of(&place_row("mail", Path::new("mail"), &place, key)), place);
        }
    }
}
