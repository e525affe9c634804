//! `postil context` and `postil draft`: from a thread to a brief, a draft and its note.
//!
//! [`Prepared`] is a function of the thread, the configuration and what the recipients may read;
//! nothing else reaches it. The test `noninterference` holds it to that.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::TimeZone;
use postil_draft::note::Frame;
use postil_draft::{
    AskBrief, Brief, BriefError, BriefParts, ContextGroup, ContextItem, Draft, Evidence, Finding,
    FindingKind, Origin, PartFrom, ReplyTo, Style, check, compose, mail_note, note, reply_to,
};
use postil_evidence::{
    Addr, Anchor, Cleared, ContentHash, Directory, Entity, EntityKind, MessageKey, Passage, Recipients,
    Source,
};
use postil_index::{BulkThreads, Filters};
use postil_mail::{Message, Thread};
use postil_plan::{Change, Plan, PropertyValue, Step};
use postil_post::OutboxState;
use postil_understand::standing::Around;
use postil_understand::{Ask, AskKind, Mentioned, Reading, Verdict, read_thread};
use postil_vault::LinkTargets;
use rayon::prelude::*;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::inbox::{open_asks, word};
use crate::ledger::DraftRow;
use crate::recall::{self, Asked, Found};
use crate::sync::place_of;
use crate::threads::public_id;
use crate::view::{AskContextView, ContextView, DraftView, EvidenceView, SentenceView, WithheldView};

/// Passages of one home note shown as context, at most.
const CONTEXT_PER_NOTE: usize = 6;

/// Bytes of context in a draft note, at most; items are whole or absent.
const CONTEXT_BUDGET: usize = 4_000;

/// How often the journal is asked for, 50 ms apart.
const JOURNAL_WAITS: u32 = 40;

/// The hash of no note.
const UNKNOWN: ContentHash = ContentHash::from_bytes([0; 16]);

/// All that a draft is made of, and the draft.
#[derive(Debug)]
pub struct Prepared {
    /// The thread.
    pub thread: Thread,
    /// Place of the answered message in it.
    pub answering: usize,
    /// Who would read the reply.
    pub recipients: Recipients,
    /// The brief.
    pub brief: Brief,
    /// The draft.
    pub draft: Draft,
}

/// Why there is no draft for mail whose sender takes no replies.
const NO_RECIPIENT: &str = "the reply has no recipient: the sender takes none";

impl Prepared {
    fn answered(&self) -> Option<&Message> {
        self.thread.messages.get(self.answering)
    }
}

/// A draft note that is in the vault.
#[derive(Clone, Debug)]
pub(crate) struct ExistingDraft {
    /// Message-ID of the answered mail; empty where that had none.
    pub(crate) answers: String,
    /// File name of the answered mail's note: says which mail it is where that has no Message-ID.
    pub(crate) original: String,
    pub(crate) path: String,
    pub(crate) status: String,
    pub(crate) hash: ContentHash,
}

impl ExistingDraft {
    /// Whether it answers this message.
    pub(crate) fn is_for(&self, message: &Message, zone: &TimeZone) -> bool {
        match &message.message_id {
            Some(id) => self.answers == id.to_string(),
            None => {
                self.answers.is_empty()
                    && self.original == format!("{}.md", mail_note::file_stem(message, zone))
            }
        }
    }
}

/// Whether a draft is made because the inbox says so, or because the owner named the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Only where the verdict says a reply is needed, and never twice.
    IfNeeded,
    /// The owner named it: also where the verdict says no, but never over an existing draft.
    Named,
}

impl Desk {
    /// What a draft for this message would be made of: thread, cleared evidence, brief, draft.
    ///
    /// # Errors
    /// Where the thread cannot be loaded or holds nothing to answer.
    pub fn prepare(&self, thread_id: i64, answering: Option<MessageKey>) -> Result<Prepared, DeskError> {
        let (mut thread, _) = self.load_thread(thread_id)?;
        let parties = &self.config.rules.parties;
        let owner = &self.config.owner;
        // What is answered, and to whom, is read from the mail alone: no note has a say in it.
        let plain = read_thread(&thread, owner, parties, &Directory::default(), &self.env.now);
        let wanted = answering.or(plain.answers);
        let place = wanted.and_then(|key| thread.messages.iter().position(|message| message.key == key));
        let Some(place) = place.or_else(|| newest_of_others(&thread, &owner.addrs)) else {
            return Err(DeskError::user(
                "this thread holds nothing to answer",
                "it has only your own mail, or its files are gone",
            ));
        };
        // A reply to an earlier message is written as of that message.
        thread.messages.truncate(place + 1);
        thread.parents.truncate(place + 1);
        thread.guessed.truncate(place + 1);
        let Some(message) = thread.messages.get(place) else {
            return Err(DeskError::user("this thread holds nothing to answer", "run `postil sync`"));
        };
        let reply: ReplyTo = reply_to(message, owner, parties, self.config.reply_mode);
        let readers: Vec<Addr> =
            reply.to.iter().chain(&reply.cc).map(|mailbox| mailbox.addr.clone()).collect();
        let recipients = Recipients::resolve(&readers, parties);
        let directory = self.directory()?.cleared_for(&recipients);
        let reading = read_thread(&thread, owner, parties, &directory, &self.env.now);
        // The cleared directory only: what a rule says in the draft must not tell of others' notes.
        let known = OnceCell::new();
        let is_suspect = |message: &Message| {
            self.config.is_suspect(known.get_or_init(|| self.known_domains(&directory)), message)
        };
        let around = Around { parties, is_suspect: &is_suspect };
        let reading = self.config.standing.judge(reading, &thread, &around);
        let writer: Vec<&str> = message
            .from
            .iter()
            .flat_map(|from| directory.with_addr(&from.addr))
            .map(|entity| entity.home.as_str())
            .collect();
        let is_writer =
            |mention: &Mentioned| mention.homes.iter().any(|home| writer.contains(&home.as_str()));
        let mentions: Vec<&Mentioned> = reading.mentions.iter().filter(|m| !is_writer(m)).collect();
        let asked = Asked {
            answering: Some(message.key),
            sent: message.date.as_ref(),
            asks: &reading.asks,
            mentions: &mentions,
            directory: Some(&directory),
        };
        let index = self.index.view()?;
        let find = |ask: &Ask| match ask.kind {
            AskKind::Time | AskKind::Introduction => Ok(Found::default()),
            AskKind::Question | AskKind::Decision | AskKind::Request | AskKind::Document => {
                recall::evidence(&index, ask, &reading.topics, &recipients, &asked)
            }
        };
        let open: Vec<&Ask> = open_asks(&reading).collect();
        let found: Vec<Found> = open.par_iter().map(|ask| find(ask)).collect::<Result<_, DeskError>>()?;
        let (mut asks, mut bearing) = (Vec::new(), Vec::new());
        for (ask, found) in open.into_iter().zip(found) {
            // A request is answered by a promise; what the notes say of it is shown beside the draft.
            let corrected = found.corrected;
            let evidence = match ask.kind {
                AskKind::Question | AskKind::Decision => found.evidence,
                AskKind::Request | AskKind::Document | AskKind::Time | AskKind::Introduction => {
                    bearing.extend(found.evidence);
                    Vec::new()
                }
            };
            asks.push(AskBrief { ask: ask.clone(), evidence, conflict: corrected });
        }
        recall::share_lines(&mut asks, &thread.messages);
        let context =
            self.context_items(&thread, place, &reading, &directory, &recipients, (&asks, &bearing))?;
        let parts = BriefParts {
            thread: &thread,
            answering: place,
            reading: &reading,
            recipients: recipients.clone(),
            reply_to: reply,
            asks,
            context,
            owner,
            style: self.style(),
            sender: thread.messages.get(place).map(|m| self.checked_sender(m)).unwrap_or_default(),
            now: self.env.now.clone(),
        };
        let brief = Brief::new(parts).map_err(|error| match error {
            BriefError::NoRecipient => DeskError::user(NO_RECIPIENT, "answer it where the mail says how"),
            BriefError::NotCleared(_) | BriefError::NoSuchMessage(_) | BriefError::UnknownRecipient(_) => {
                DeskError::new(crate::error::Kind::Internal, error.to_string(), "please report this")
            }
        })?;
        let draft = compose(&brief);
        Ok(Prepared { thread, answering: place, recipients, brief, draft })
    }

    /// As [`Desk::prepare`], for the message that `id` names.
    ///
    /// # Errors
    /// Where nothing or more than one message fits, or its thread cannot be loaded.
    pub fn prepare_message(&self, id: &str) -> Result<Prepared, DeskError> {
        let row = self.find_message(id)?;
        self.prepare(row.thread, Some(row.key))
    }

    fn style(&self) -> Style {
        let reply = &self.config.file.reply;
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let first = self.config.owner.name.split_whitespace().next().unwrap_or_default().to_owned();
        Style {
            greeting: given(&reply.greeting),
            closing: given(&reply.closing),
            signature: given(&reply.signature).unwrap_or(first),
        }
    }

    /// Whole items that help the owner judge the draft, all of them cleared for its recipients.
    fn context_items(
        &self,
        thread: &Thread,
        answering: usize,
        reading: &Reading,
        directory: &Directory,
        recipients: &Recipients,
        (asks, bearing): (&[AskBrief], &[Evidence]),
    ) -> Result<Vec<ContextItem>, DeskError> {
        let mut items: Vec<ContextItem> = Vec::new();
        let mut used = 0;
        let mut seen: BTreeSet<ContentHash> = BTreeSet::new();
        let mut add = |items: &mut Vec<ContextItem>, group, heading: &str, passage: Cleared<Passage>| {
            let size = passage.get().text.len();
            if used + size <= CONTEXT_BUDGET && seen.insert(passage.get().id()) {
                used += size;
                items.push(ContextItem { group, passage, heading: heading.to_owned() });
            }
        };
        for evidence in asks.iter().flat_map(|ask| &ask.evidence).chain(bearing) {
            let passage = &evidence.passage;
            let group = match passage.get().source {
                Source::Note(_) => ContextGroup::Notes,
                Source::Mail(_) => ContextGroup::PastMail,
            };
            add(&mut items, group, &passage.get().title, passage.clone());
        }
        let Some(message) = thread.messages.get(answering) else { return Ok(items) };
        for entity in entities_of(message, reading, directory) {
            let group = match entity.kind {
                EntityKind::Person => ContextGroup::People,
                EntityKind::Organisation => ContextGroup::Customers,
                EntityKind::Project => ContextGroup::Projects,
            };
            let Ok((_, note)) = postil_vault::read_note(&self.vault, &entity.home) else { continue };
            let label = self.config.rules.label_note(&entity.home, note.declared());
            let cleared = postil_vault::passages(&note, &label, &entity.addrs)
                .into_iter()
                .filter_map(|passage| recipients.clear(passage).ok());
            for passage in cleared.take(CONTEXT_PER_NOTE) {
                add(&mut items, group, &entity.name, passage);
            }
        }
        Ok(items)
    }

    /// Drafts replies. `ids` names messages; empty means every thread of the window that needs one.
    ///
    /// # Errors
    /// Where a named message is not there. What fails for one message is told in its view.
    pub fn draft(
        &self,
        ids: &[String],
        progress: &dyn crate::progress::Progress,
    ) -> Result<Vec<DraftView>, DeskError> {
        let mut targets: Vec<(i64, Option<MessageKey>, Wanted)> = Vec::new();
        for id in ids {
            let row = self.find_message(id)?;
            targets.push((row.thread, Some(row.key), Wanted::Named));
        }
        if ids.is_empty() {
            let directory = self.directory()?;
            let rows = self.index.catalog().threads_active_since(
                self.window_start(),
                5_000,
                if self.config.standing.may_raise() { BulkThreads::Include } else { BulkThreads::Exclude },
            )?;
            for (thread, reading) in self.readings(&rows, &directory, progress)? {
                if reading.verdict == Verdict::Reply {
                    targets.push((thread, reading.answers, Wanted::IfNeeded));
                }
            }
            // The one that waits longest comes first.
            targets.reverse();
        }
        let _lock = self.lock_drafting()?;
        // Read once: nobody else drafts while the lock is held, and what is written here is added.
        let mut existing = self.existing_drafts()?;
        progress.begin("drafting", targets.len() as u64);
        let mut views = Vec::new();
        for (done, (thread, message, wanted)) in targets.into_iter().enumerate() {
            if progress.stopped() {
                break;
            }
            progress.advance(done as u64);
            match self.draft_one(thread, message, wanted, &mut existing) {
                Ok(view) => views.push(view),
                Err(error) if wanted == Wanted::Named => return Err(error),
                // A rule lists the mail of a program that takes no replies: it is for the owner to act on.
                Err(error) if error.what == NO_RECIPIENT => {
                    let state = "not needed".to_owned();
                    views.push(DraftView { state, ..failed_view(message, &error) });
                }
                Err(error) => views.push(failed_view(message, &error)),
            }
        }
        progress.end();
        Ok(views)
    }

    /// Held while drafting: two at once would each see that a mail has no draft yet. Goes with the
    /// file.
    fn lock_drafting(&self) -> Result<std::fs::File, DeskError> {
        let path = self.state_dir.join("drafting.lock");
        let failed = |error: std::io::Error| DeskError::io(&path, &error);
        let file = std::fs::File::options().create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(DeskError::new(
                crate::error::Kind::Conflict,
                "another postil is running and writes drafts",
                "wait until it is done, or stop it",
            )),
            Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Applies a plan. Another postil that only looks holds the journal for a moment: it is waited for.
    fn apply(&self, plan: &Plan) -> Result<(), DeskError> {
        let journal = self.state_dir.join("journal");
        for _ in 0..JOURNAL_WAITS {
            match postil_plan::apply(&self.vault, &journal, plan, &postil_plan::RealDisk) {
                Err(postil_plan::PlanError::Busy) => std::thread::sleep(Duration::from_millis(50)),
                done => return Ok(done.map(drop)?),
            }
        }
        Err(postil_plan::PlanError::Busy.into())
    }

    fn draft_one(
        &self,
        thread_id: i64,
        message: Option<MessageKey>,
        wanted: Wanted,
        existing: &mut Vec<ExistingDraft>,
    ) -> Result<DraftView, DeskError> {
        let prepared = self.prepare(thread_id, message)?;
        let Some(answered) = prepared.answered() else {
            return Err(DeskError::user("this thread holds nothing to answer", ""));
        };
        let answers = public_id(answered);
        let zone = &self.config.owner.zone;
        if let Some(draft) = existing.iter().find(|draft| draft.is_for(answered, zone)) {
            let recorded = self.ledger.draft_at(&draft.path)?;
            if recorded.is_none() {
                // Written by a run that was killed, or before the ledger was lost. Recorded as touched
                // by the owner, so that it is not written again once they throw it away.
                let row = DraftRow { answers: answers.clone(), path: draft.path.clone(), written: UNKNOWN };
                self.ledger.record_draft(
                    &row,
                    &thread_id.to_string(),
                    &self.env.now.with_time_zone(zone.clone()).datetime().to_string(),
                )?;
            }
            let untouched = recorded.is_some_and(|row| row.written == draft.hash);
            let state = if untouched { "exists" } else { "edited" };
            return Ok(view(&prepared, Some(draft.path.clone()), state));
        }
        if wanted == Wanted::IfNeeded {
            if let Some(row) = self.ledger.drafts_for(&answers)?.into_iter().next() {
                // It was written once and the owner took it away: that is an answer too.
                return Ok(view(&prepared, Some(row.path), "removed by you"));
            }
            if prepared.draft.to.is_empty() {
                return Ok(view(&prepared, None, "not needed"));
            }
        }
        let older = self.older_drafts(&prepared, existing)?;
        if wanted == Wanted::IfNeeded
            && let Some(edited) = older
                .iter()
                .find(|(draft, untouched)| !untouched && draft.status == OutboxState::Draft.word())
        {
            return Ok(view(&prepared, Some(edited.0.path.clone()), "edited"));
        }
        let written = self.write_draft(thread_id, &prepared, &answers, &older)?;
        let path = written.path.clone();
        for (superseded, untouched) in &older {
            if *untouched && let Some(draft) = existing.iter_mut().find(|draft| draft.path == superseded.path)
            {
                self.reread(draft);
            }
        }
        existing.push(written);
        Ok(view(&prepared, Some(path), "written"))
    }

    /// Drafts that answer an earlier message of the same thread, and whether each is as we wrote it.
    fn older_drafts(
        &self,
        prepared: &Prepared,
        existing: &[ExistingDraft],
    ) -> Result<Vec<(ExistingDraft, bool)>, DeskError> {
        let zone = &self.config.owner.zone;
        let earlier = prepared.thread.messages.get(..prepared.answering).unwrap_or_default();
        let mut older = Vec::new();
        for draft in existing.iter().filter(|draft| earlier.iter().any(|message| draft.is_for(message, zone)))
        {
            let recorded = self.ledger.draft_at(&draft.path)?;
            older.push((draft.clone(), recorded.is_some_and(|row| row.written == draft.hash)));
        }
        Ok(older)
    }

    /// Writes draft note, mail note and raw mail in one plan: all of it or nothing.
    fn write_draft(
        &self,
        thread_id: i64,
        prepared: &Prepared,
        answers: &str,
        older: &[(ExistingDraft, bool)],
    ) -> Result<ExistingDraft, DeskError> {
        let zone = &self.config.owner.zone;
        let created = self.env.now.with_time_zone(zone.clone()).datetime();
        let Some(answered) = prepared.answered() else {
            return Err(DeskError::user("this thread holds nothing to answer", ""));
        };
        let mut steps: Vec<Step> = Vec::new();
        let mut cited: BTreeSet<MessageKey> = prepared
            .draft
            .footnotes
            .iter()
            .filter_map(|footnote| match &footnote.source {
                Source::Mail(key) => Some(*key),
                Source::Note(_) => None,
            })
            .collect();
        cited.insert(answered.key);
        for key in &cited {
            self.mail_note_steps(*key, &mut steps)?;
        }
        let targets = self.link_targets()?;
        let original = format!("{}.md", mail_note::file_stem(answered, zone));
        let link_for = |source: &Source, anchor: Option<&Anchor>| self.link(&targets, source, anchor);
        let frame = Frame { created, original, link_for: &link_for, composer: "none" };
        let text = note::render(&prepared.draft, &prepared.brief, &frame);
        let path = self.free_name(&note::file_name(&prepared.draft, created.date()));
        for (draft, untouched) in older {
            if *untouched
                && draft.status == OutboxState::Draft.word()
                && let Some(note_path) = postil_evidence::NotePath::parse(&draft.path)
            {
                steps.push(Step {
                    change: Change::SetProperty {
                        path: note_path,
                        base: draft.hash,
                        key: "status".to_owned(),
                        value: PropertyValue::Text(OutboxState::Superseded.word().to_owned()),
                    },
                    reason: "newer mail came on this thread".to_owned(),
                });
            }
        }
        steps.push(Step {
            change: Change::Create { path: path.clone(), bytes: text.clone().into_bytes() },
            reason: format!("draft reply to {answers}"),
        });
        let id = format!(
            "draft-{}",
            ContentHash::of_parts(&[path.as_bytes(), answers.as_bytes(), created.to_string().as_bytes()])
        );
        self.apply(&Plan { id, steps })?;
        let row = DraftRow {
            answers: answers.to_owned(),
            path: path.clone(),
            written: ContentHash::of(text.as_bytes()),
        };
        self.ledger.record_draft(&row, &thread_id.to_string(), &created.to_string())?;
        let written = read_draft(path.clone(), text.as_bytes());
        written.ok_or_else(|| {
            let what = format!("{path} was written and cannot be read back as a draft");
            DeskError::new(crate::error::Kind::Internal, what, "please report this")
        })
    }

    /// Reads a draft note again after a plan changed it.
    fn reread(&self, draft: &mut ExistingDraft) {
        let bytes = std::fs::read(self.vault.join(&draft.path)).unwrap_or_default();
        if let Some(now) = read_draft(draft.path.clone(), &bytes) {
            *draft = now;
        }
    }

    /// The steps that keep a mail in the vault: its note and its raw bytes, where they are not there yet.
    fn mail_note_steps(&self, key: MessageKey, steps: &mut Vec<Step>) -> Result<(), DeskError> {
        let Some((message, raw)) = self.raw_message(key)? else { return Ok(()) };
        let zone = &self.config.owner.zone;
        let stem = mail_note::file_stem(&message, zone);
        let year = message
            .date
            .as_ref()
            .map_or(self.env.now.year(), |date| date.with_time_zone(zone.clone()).year());
        let folder = format!("{}/{year}", self.config.file.vault.sources);
        let (note_path, raw_path) = (format!("{folder}/{stem}.md"), format!("{folder}/{stem}.eml"));
        let reason = "a draft refers to this mail";
        if !self.vault.join(&raw_path).exists() {
            steps.push(Step {
                change: Change::Create { path: raw_path, bytes: raw },
                reason: reason.to_owned(),
            });
        }
        if !self.vault.join(&note_path).exists() {
            let text = mail_note::render(&message, &format!("{stem}.eml"), zone);
            steps.push(Step {
                change: Change::Create { path: note_path, bytes: text.into_bytes() },
                reason: reason.to_owned(),
            });
        }
        Ok(())
    }

    /// A message and its raw bytes, from the first of its places that still holds it.
    fn raw_message(&self, key: MessageKey) -> Result<Option<(Message, Vec<u8>)>, DeskError> {
        let places = self.index.catalog().places_of(key)?;
        for place in places.iter().map(place_of) {
            let Ok((message, raw)) = postil_mail::store::load_with_raw(&place) else { continue };
            if message.key == key {
                return Ok(Some((message, raw)));
            }
        }
        Ok(None)
    }

    /// The wikilink to a source: a note by its shortest name, a mail by its mail note.
    fn link(&self, targets: &LinkTargets, source: &Source, anchor: Option<&Anchor>) -> String {
        match source {
            Source::Note(path) => {
                let target = targets.shortest_link(path);
                match anchor {
                    Some(Anchor::Block(id)) => format!("[[{target}#^{id}]]"),
                    Some(Anchor::Heading(heading)) => {
                        // Obsidian's own form of a heading link: these characters become spaces.
                        let heading = heading.replace(['#', '|', '^', ':', '[', ']', '%', '\\'], " ");
                        let heading = postil_evidence::text::fold_space(&heading);
                        if heading.is_empty() {
                            format!("[[{target}]]")
                        } else {
                            format!("[[{target}#{heading}]]")
                        }
                    }
                    None => format!("[[{target}]]"),
                }
            }
            Source::Mail(key) => match self.raw_message(*key) {
                Ok(Some((message, _))) => {
                    format!("[[{}|mail]]", mail_note::file_stem(&message, &self.config.owner.zone))
                }
                Ok(None) | Err(_) => "mail".to_owned(),
            },
        }
    }

    fn link_targets(&self) -> Result<LinkTargets, DeskError> {
        let rows = self.index.catalog().notes()?;
        Ok(LinkTargets::new(rows.iter().map(|row| row.path.as_str().to_owned())))
    }

    /// A path in the drafts folder that nothing has, whatever the case of its letters: many disks take "Deal" for "deal".
    fn free_name(&self, file_name: &str) -> String {
        let folder = &self.config.file.vault.drafts;
        let listed = std::fs::read_dir(self.vault.join(folder)).into_iter().flatten().flatten();
        let taken: BTreeSet<String> =
            listed.map(|entry| postil_plan::folded(&entry.file_name().to_string_lossy())).collect();
        let stem = file_name.trim_end_matches(".md");
        let mut name = file_name.to_owned();
        let mut n = 2;
        while taken.contains(&postil_plan::folded(&name)) {
            name = format!("{stem} ({n}).md");
            n += 1;
        }
        format!("{folder}/{name}")
    }

    /// Every draft note in the drafts folder, by what its own front matter says.
    pub(crate) fn existing_drafts(&self) -> Result<Vec<ExistingDraft>, DeskError> {
        let folder = self.vault.join(&self.config.file.vault.drafts);
        let mut drafts = Vec::new();
        let mut open = vec![folder];
        while let Some(dir) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&dir) else { continue };
            for entry in entries.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                if path.extension().is_none_or(|extension| extension != "md") {
                    continue;
                }
                let Ok(bytes) = std::fs::read(&path) else { continue };
                let Ok(relative) = path.strip_prefix(&self.vault) else { continue };
                drafts.extend(read_draft(relative.to_string_lossy().replace('\\', "/"), &bytes));
            }
        }
        drafts.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(drafts)
    }

    /// What a draft would use, with scores and labels, and what was withheld and why.
    ///
    /// # Errors
    /// Where nothing or more than one message fits.
    pub fn context(&self, id: &str) -> Result<ContextView, DeskError> {
        let row = self.find_message(id)?;
        let prepared = self.prepare(row.thread, Some(row.key))?;
        let mut withheld: Vec<WithheldView> = Vec::new();
        let mut asks = Vec::new();
        for ask in prepared.brief.asks() {
            let sent = prepared.answered().and_then(|message| message.date.as_ref());
            let query = recall::query(&ask.ask, &prepared.brief.reading().topics, sent);
            for (source, line, refused) in
                self.index.withheld(&query, &Filters::default(), &prepared.recipients, 8)?
            {
                let row = WithheldView { source: source.to_string(), line, reason: refused.reason };
                if !withheld.iter().any(|known| known.source == row.source && known.line == row.line) {
                    withheld.push(row);
                }
            }
            let evidence =
                ask.evidence.iter().map(|e| evidence_view(e.passage.get(), e.score, e.reasons.clone()));
            asks.push(AskContextView {
                text: ask.ask.text.clone(),
                kind: word(&ask.ask.kind),
                evidence: evidence.collect(),
            });
        }
        let context = prepared
            .brief
            .context()
            .iter()
            .map(|item| evidence_view(item.passage.get(), 0.0, vec![item.heading.clone()]));
        Ok(ContextView {
            schema: "postil/context@1",
            message_id: prepared.answered().map(public_id).unwrap_or_default(),
            recipients: prepared.recipients.addrs().iter().map(ToString::to_string).collect(),
            asks,
            context: context.collect(),
            withheld,
        })
    }
}

/// A note as a draft of ours; `None` where its front matter says that it is none.
fn read_draft(path: String, bytes: &[u8]) -> Option<ExistingDraft> {
    let note = note::read_back(&String::from_utf8_lossy(bytes))?;
    Some(ExistingDraft {
        answers: note.message_id.unwrap_or_default(),
        original: note.original,
        path,
        status: note.status,
        hash: ContentHash::of(bytes),
    })
}

fn newest_of_others(thread: &Thread, own: &[Addr]) -> Option<usize> {
    thread
        .messages
        .iter()
        .rposition(|message| message.from.as_ref().is_none_or(|from| !own.contains(&from.addr)))
}

/// People on the message, their organisations, and projects the thread names: cleared ones only,
/// since the directory holds no other.
fn entities_of<'d>(message: &Message, reading: &Reading, directory: &'d Directory) -> Vec<&'d Entity> {
    let mut entities: Vec<&Entity> = Vec::new();
    let mut add = |entity: &'d Entity| {
        if !entities.iter().any(|known| known.home == entity.home) {
            entities.push(entity);
        }
    };
    for addr in message.from.iter().chain(&message.to).chain(&message.cc).map(|mailbox| &mailbox.addr) {
        directory.with_addr(addr).for_each(&mut add);
        if let Some(organisation) = directory.with_domain(addr.domain()) {
            add(organisation);
        }
    }
    for mention in reading.mentions.iter().filter(|mention| mention.homes.len() == 1) {
        for entity in directory.entities() {
            if mention.homes.iter().any(|home| home == entity.home.as_str()) {
                add(entity);
            }
        }
    }
    entities
}

fn evidence_view(passage: &Passage, score: f64, reasons: Vec<String>) -> EvidenceView {
    EvidenceView {
        source: passage.source.to_string(),
        line: passage.line,
        text: passage.text.clone(),
        score,
        reasons,
        label: passage.label.audience.to_string(),
        date: passage.date.map(|date| date.to_string()),
    }
}

fn view(prepared: &Prepared, path: Option<String>, state: &str) -> DraftView {
    let draft = &prepared.draft;
    let cited = |numbers: &[usize]| -> Vec<String> {
        let notes = draft.footnotes.iter().filter(|footnote| numbers.contains(&footnote.number));
        notes.map(|footnote| format!("{}:{}", footnote.source, footnote.line)).collect()
    };
    let sentences = draft.all_sentences().map(|sentence| SentenceView {
        text: sentence.text.clone(),
        origin: origin_words(&sentence.origin),
        evidence: cited(&sentence.footnotes),
    });
    DraftView {
        schema: "postil/draft@1",
        message_id: prepared.answered().map(public_id).unwrap_or_default(),
        path,
        state: state.to_owned(),
        to: draft.to.iter().map(ToString::to_string).collect(),
        cc: draft.cc.iter().map(ToString::to_string).collect(),
        subject: draft.subject.clone(),
        body: draft.body(),
        sentences: sentences.collect(),
        findings: draft.findings.iter().chain(&check(draft, &prepared.brief)).map(finding_text).collect(),
    }
}

/// Where a sentence comes from, in words: `phrase`, `evidence`, `thread`, `config`, joined by `+`.
fn origin_words(origin: &Origin) -> String {
    let mut words: BTreeSet<&str> = origin.phrase.iter().map(|_| "phrase").collect();
    words.extend(origin.parts.iter().map(|part| match part.from {
        PartFrom::Evidence(_) => "evidence",
        PartFrom::Thread { .. } | PartFrom::Header(_) | PartFrom::Moment(_) => "thread",
        PartFrom::Config(_) => "config",
        PartFrom::Day(_) => "day",
    }));
    words.into_iter().collect::<Vec<_>>().join("+")
}

fn finding_text(finding: &Finding) -> String {
    let kind = match finding.kind {
        FindingKind::Slot => "to fill in",
        FindingKind::Conflict => "sources disagree",
        FindingKind::Promise => "you would be promising",
        FindingKind::Recipients => "recipients",
        FindingKind::Rebuild => "no source for a sentence",
        FindingKind::Ungrounded => "no source for",
        FindingKind::Footnote => "footnote",
    };
    format!("{kind}: {}", finding.text)
}

fn failed_view(message: Option<MessageKey>, error: &DeskError) -> DraftView {
    DraftView {
        schema: "postil/draft@1",
        message_id: message.map(|key| key.to_string()).unwrap_or_default(),
        path: None,
        state: "failed".to_owned(),
        to: Vec::new(),
        cc: Vec::new(),
        subject: String::new(),
        body: String::new(),
        sentences: Vec::new(),
        findings: vec![error.to_string()],
    }
}
