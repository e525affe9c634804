//! Brings the mail of an IMAP server into the state folder, and takes away there what is gone from the
//! server. Knows nothing of what a message says; the server is only read.
//!
//! The files themselves are the truth of what is here: one counts when it is as long as its name says
//! (see [`postil_mail::store::Spooled`]). What is remembered beside them (`folder.json`) only saves
//! asking. So a connection that drops or a program that is killed at any byte costs what was under way,
//! and the next sync goes on from there. UIDs of different UIDVALIDITY lie in different folders and never
//! meet; the older folder goes when the newer one is whole.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postil_evidence::ContentHash;
use postil_mail::store::imap::{
    Connection, Flags, Folder, FolderStatus, ImapError, Message, PIECE, Since, UidSet, chosen,
};
use postil_mail::store::{LARGEST, Spooled, StoreSpec, head_of};
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::imap::{ImapSource, NotConnected};
use crate::progress::Progress;
use crate::state;

/// Messages asked for at a time.
const BATCH: usize = 500;
/// Messages that did not come with their batch and are asked for one by one, in one sync.
const SINGLY: usize = 200;
/// How often a connection is made anew in one sync, after drops that still brought something.
const RECONNECTS: u32 = 10;
/// How long to wait before trying again after a connection that brought nothing.
const PAUSE: Duration = Duration::from_secs(1);
/// The form of `folder.json`.
const VERSION: u32 = 1;
/// What is remembered of a folder.
const REMEMBERED: &str = "folder.json";

/// What is remembered of a folder that was read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    version: u32,
    /// Its name, for people.
    name: String,
    uid_validity: u32,
    uid_next: Option<u32>,
    messages: u32,
    highest_modseq: Option<u64>,
    /// How many of its messages lay here.
    kept: usize,
    /// Messages with `\Seen`, as a set of UIDs.
    seen: String,
    /// Messages with `\Answered`.
    answered: String,
}

impl Remembered {
    fn load(folder: &Path) -> Option<Self> {
        let text = std::fs::read(folder.join(REMEMBERED)).ok()?;
        serde_json::from_slice(&text).ok().filter(|found: &Self| found.version == VERSION)
    }

    /// Whether nothing changed: neither messages nor flags.
    fn is_as(&self, status: &FolderStatus) -> bool {
        status.uid_validity == Some(self.uid_validity)
            && status.messages == Some(self.messages)
            && status.uid_next.is_some()
            && status.uid_next == self.uid_next
            && status.highest_modseq.is_some()
            && status.highest_modseq == self.highest_modseq
    }
}

/// The messages of one folder that its server marks as answered.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    uid_validity: u32,
    uids: UidSet,
}

impl Answered {
    /// What is remembered of a folder; nothing where it was not yet read whole.
    pub(crate) fn of_folder(folder: &Path) -> Self {
        let Some(kept) = Remembered::load(folder) else { return Self::default() };
        let uids = UidSet::parse(kept.answered.as_bytes()).unwrap_or_default();
        Self { uid_validity: kept.uid_validity, uids }
    }

    /// Whether a message is among them. UIDs mean something together with their UIDVALIDITY only.
    pub(crate) fn contains(&self, uid_validity: u32, uid: u32) -> bool {
        self.uid_validity == uid_validity && self.uids.contains(uid)
    }
}

impl Desk {
    /// Mirrors one IMAP source. Returns what could not be done, in words; what is here stays here.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub(crate) fn mirror(&self, spec: &StoreSpec, progress: &dyn Progress) -> Result<Vec<String>, DeskError> {
        let source = self.imap_source(&spec.id)?;
        state::make_private_dir(&self.state_dir.join("mail"))?;
        state::make_private_dir(&spec.path)?;
        let lock_path = spec.path.join("lock");
        let lock = state::create_private(&lock_path).map_err(|error| DeskError::io(&lock_path, &error))?;
        if lock.try_lock().is_err() {
            return Ok(vec![format!("mailbox {}: another postil is reading it just now", spec.id)]);
        }
        let mut mirror = Mirror {
            source,
            root: &spec.path,
            progress,
            problems: Vec::new(),
            gained: 0,
            begun_at: 0,
            finished: HashSet::new(),
            failed: None,
        };
        let mut waited = false;
        for _ in 0..RECONNECTS {
            let before = mirror.gained;
            let ended = source.connect(&self.state_dir).and_then(|session| mirror.run(session));
            progress.end();
            if let Some(error) = mirror.failed.take() {
                return Err(error);
            }
            match ended {
                Ok(()) => break,
                Err(NotConnected::Imap(ImapError::Stopped)) => break,
                Err(NotConnected::Imap(error)) if error.may_try_again() && !progress.stopped() => {
                    if mirror.gained > before {
                        waited = false;
                    } else if waited {
                        mirror.problems.push(format!("mailbox {}: {error}", spec.id));
                        break;
                    } else {
                        waited = true;
                        std::thread::sleep(PAUSE);
                    }
                }
                Err(error) => {
                    mirror.problems.push(format!("mailbox {}: {error}", spec.id));
                    break;
                }
            }
        }
        Ok(mirror.problems)
    }
}

/// One account's mirroring, over several connections if need be.
struct Mirror<'d> {
    source: &'d ImapSource,
    root: &'d Path,
    progress: &'d dyn Progress,
    problems: Vec<String>,
    /// Messages brought.
    gained: u64,
    /// How many of them before the folder under way.
    begun_at: u64,
    /// Folders that are whole, by raw name: not looked at again after a drop.
    finished: HashSet<Vec<u8>>,
    /// A failure of the disk, met while a server was talking.
    failed: Option<DeskError>,
}

impl Mirror<'_> {
    fn run(&mut self, mut session: Connection) -> Result<(), NotConnected> {
        let listed = session.list()?;
        let figures: BTreeMap<Vec<u8>, FolderStatus> = listed
            .folders
            .iter()
            .filter_map(|(folder, status)| Some((folder.raw.clone(), (*status)?)))
            .collect();
        let folders: Vec<Folder> = listed.folders.into_iter().map(|(folder, _)| folder).collect();
        let wanted = chosen(&folders, &self.source.folders, session.can("X-GM-EXT-1"));
        if wanted.is_empty() {
            let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).take(20).collect();
            let what = format!("it has none of the folders to read; it has: {}", names.join(", "));
            return Err(ImapError::Lie { what }.into());
        }
        let mut whole = true;
        for folder in &wanted {
            if self.progress.stopped() {
                return Err(ImapError::Stopped.into());
            }
            if self.finished.contains(&folder.raw) {
                continue;
            }
            match self.folder(&mut session, folder, figures.get(&folder.raw)) {
                Ok(()) => drop(self.finished.insert(folder.raw.clone())),
                // One folder that is locked or broken does not keep the others away.
                Err(NotConnected::Imap(error @ (ImapError::No { .. } | ImapError::Lie { .. }))) => {
                    whole = false;
                    self.problem(folder, &error);
                }
                Err(error) => return Err(error),
            }
        }
        session.log_out();
        if whole {
            self.forget_others(&wanted)?;
        }
        Ok(())
    }

    fn problem(&mut self, folder: &Folder, what: &dyn std::fmt::Display) {
        self.problems.push(format!("mailbox {}, folder {}: {what}", self.source.id, folder.name));
    }

    /// Where a folder's mail lies. No name from a server ever becomes a path.
    fn place(&self, folder: &Folder) -> PathBuf {
        self.root.join(ContentHash::of(&folder.raw).to_string())
    }

    /// Takes away folders that the server no longer has, or that are no longer read.
    fn forget_others(&self, wanted: &[&Folder]) -> Result<(), DeskError> {
        let known: BTreeSet<PathBuf> = wanted.iter().map(|folder| self.place(folder)).collect();
        for (path, is_dir) in listing(self.root)? {
            if is_dir && !known.contains(&path) {
                state::remove_folder(&path)?;
            }
        }
        Ok(())
    }

    /// Brings one folder up to date.
    fn folder(
        &mut self,
        session: &mut Connection,
        folder: &Folder,
        told: Option<&FolderStatus>,
    ) -> Result<(), NotConnected> {
        let place = self.place(folder);
        let before = Remembered::load(&place);
        if let (Some(before), Some(told)) = (&before, told)
            && before.is_as(told)
        {
            return Ok(());
        }
        let since = before.as_ref().and_then(|before| {
            Some(Since { uid_validity: before.uid_validity, modseq: before.highest_modseq? })
        });
        let opened = session.examine(folder, since)?;
        let status = opened.status;
        let messages = status.messages.unwrap_or(0);
        let Some(uid_validity) = status.uid_validity else {
            return Err(ImapError::Lie { what: "it gives no UIDVALIDITY".to_owned() }.into());
        };
        state::make_private_dir(&place)?;
        let generation = place.join(uid_validity.to_string());
        state::make_private_dir(&generation)?;
        let mut here = Here::load(&generation)?;
        let before = before.filter(|before| before.uid_validity == uid_validity);
        here.remember_flags(before.as_ref());

        // What the server says of the changes since is enough only where everything of before is here
        // still, and where it then adds up.
        let before_whole = before.as_ref().filter(|before| {
            before.kept == here.files.len() && status.highest_modseq >= before.highest_modseq
        });
        let mut missing = None;
        if let Some(modseq) = before_whole.and_then(|before| before.highest_modseq) {
            let changed = match &opened.vanished {
                Some(vanished) => {
                    here.forget(|uid| vanished.contains(uid))?;
                    opened.flags
                }
                None => session.changed_since(modseq)?,
            };
            missing =
                Some(here.flag(&changed)).filter(|new| here.files.len() + new.len() == messages as usize);
        }
        let missing = match missing {
            Some(missing) => missing,
            None => {
                let all = session.uids()?;
                if all.is_empty() && messages > 0 {
                    let what = format!("it opens the folder with {messages} messages and then names none");
                    return Err(ImapError::Lie { what }.into());
                }
                let there: HashSet<u32> = all.iter().map(|(uid, _)| *uid).collect();
                here.forget(|uid| !there.contains(&uid))?;
                here.flag(&all)
            }
        };
        here.forget_parts(&missing)?;
        if !missing.is_empty() {
            self.progress.begin(&format!("downloading {}", folder.name), missing.len() as u64);
            self.begun_at = self.gained;
            let left = self.download(session, &mut here, &missing)?;
            self.progress.end();
            if left > 0 {
                self.problem(folder, &format!("{left} messages did not come; the next sync asks again"));
                return Ok(());
            }
        }
        let (seen, answered) = here.flags();
        let now = Remembered {
            version: VERSION,
            name: folder.name.clone(),
            uid_validity,
            uid_next: status.uid_next,
            messages,
            highest_modseq: status.highest_modseq,
            kept: here.files.len(),
            seen,
            answered,
        };
        if before.as_ref() != Some(&now) {
            if !missing.is_empty() {
                state::flush_files(&generation)?;
            }
            let bytes = serde_json::to_vec(&now).unwrap_or_default();
            state::replace_file(&place.join(REMEMBERED), &bytes)?;
        }
        for (path, is_dir) in listing(&place)? {
            if is_dir && path != generation {
                state::remove_folder(&path)?;
            }
        }
        Ok(())
    }

    /// Brings messages; how many are on the server and did not come.
    fn download(
        &mut self,
        session: &mut Connection,
        here: &mut Here,
        missing: &[u32],
    ) -> Result<usize, NotConnected> {
        let mut long: Vec<u32> = missing.iter().copied().filter(|uid| here.parts.contains_key(uid)).collect();
        let short: Vec<u32> = missing.iter().copied().filter(|uid| !here.parts.contains_key(uid)).collect();
        for batch in short.chunks(BATCH) {
            match self.batch(session, here, batch, &mut long) {
                // Asked for again one by one below.
                Ok(()) | Err(NotConnected::Imap(ImapError::No { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        let mut left: Vec<u32> = Vec::new();
        let absent = |here: &Here, long: &[u32]| -> Vec<u32> {
            let long: HashSet<&u32> = long.iter().collect();
            missing
                .iter()
                .filter(|uid| !here.files.contains_key(uid) && !long.contains(uid))
                .copied()
                .collect()
        };
        let wanting = absent(here, &long);
        if !wanting.is_empty() {
            // Expunged meanwhile, or held back.
            let there: HashSet<u32> = session.uids()?.into_iter().map(|(uid, _)| uid).collect();
            left = wanting.into_iter().filter(|uid| there.contains(uid)).collect();
            for uid in left.iter().take(SINGLY) {
                match self.batch(session, here, &[*uid], &mut long) {
                    Ok(()) | Err(NotConnected::Imap(ImapError::No { .. })) => {}
                    Err(error) => return Err(error),
                }
            }
            let still: HashSet<u32> = absent(here, &long).into_iter().collect();
            left.retain(|uid| still.contains(uid));
        }
        let mut failed = 0;
        for uid in long {
            match self.long(session, here, uid) {
                Ok(()) => {}
                Err(NotConnected::Imap(ImapError::No { .. })) => failed += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(left.len() + failed)
    }

    fn batch(
        &mut self,
        session: &mut Connection,
        here: &mut Here,
        uids: &[u32],
        long: &mut Vec<u32>,
    ) -> Result<(), NotConnected> {
        let set: UidSet = uids.iter().copied().collect();
        let ended = session.fetch(&set, &mut |message| {
            let kept = if message.bytes.len() as u64 == PIECE {
                long.push(message.uid);
                here.keep_part(&message)
            } else {
                self.gained += 1;
                here.keep(message.uid, message.bytes)
            };
            if let Err(error) = kept {
                self.failed = Some(error);
                return Err(ImapError::Stopped);
            }
            here.flag(&[(message.uid, message.flags)]);
            self.progress.advance(self.gained - self.begun_at);
            if self.progress.stopped() { Err(ImapError::Stopped) } else { Ok(()) }
        });
        Ok(ended?)
    }

    /// Brings the rest of a message that is longer than a piece, piece by piece.
    fn long(&mut self, session: &mut Connection, here: &mut Here, uid: u32) -> Result<(), NotConnected> {
        let Some(size) = session.size(uid)? else { return Ok(here.drop_part(uid)?) };
        if size > LARGEST {
            self.gained += 1;
            return Ok(here.keep_head(uid, size)?);
        }
        loop {
            if self.progress.stopped() {
                return Err(ImapError::Stopped.into());
            }
            let offset = here.parts.get(&uid).copied().unwrap_or(0);
            if offset > LARGEST {
                // It is longer than it said.
                return Ok(here.keep_head(uid, offset)?);
            }
            let Some(piece) = session.fetch_piece(uid, offset)? else { return Ok(here.drop_part(uid)?) };
            let len = piece.len() as u64;
            if len > PIECE {
                let what = format!("{len} bytes where at most {PIECE} were asked for");
                return Err(ImapError::Lie { what }.into());
            }
            here.append(uid, &piece)?;
            self.gained += 1;
            if len < PIECE {
                return Ok(here.finish_part(uid)?);
            }
        }
    }
}

/// What of one folder is here.
struct Here {
    folder: PathBuf,
    files: BTreeMap<u32, Spooled>,
    /// Messages that are here in part, and how many bytes of them.
    parts: BTreeMap<u32, u64>,
    seen: HashSet<u32>,
    answered: HashSet<u32>,
}

impl Here {
    /// Looks at the folder, and takes away files that are not as long as their names say.
    fn load(folder: &Path) -> Result<Self, DeskError> {
        let mut here = Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
            parts: BTreeMap::new(),
            seen: HashSet::new(),
            answered: HashSet::new(),
        };
        for (path, is_dir) in listing(folder)? {
            if is_dir {
                continue;
            }
            let len = std::fs::metadata(&path).map(|metadata| metadata.len()).unwrap_or(0);
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Some(file) = Spooled::parse(name).filter(|file| file.len == len)
                && !here.files.contains_key(&file.uid)
            {
                here.files.insert(file.uid, file);
            } else if let Some(uid) = name.strip_suffix(".part").and_then(|uid| uid.parse().ok())
                && len > 0
                && len.is_multiple_of(PIECE)
            {
                here.parts.insert(uid, len);
            } else {
                state::remove_spooled(&path)?;
            }
        }
        Ok(here)
    }

    fn remember_flags(&mut self, before: Option<&Remembered>) {
        let Some(before) = before else { return };
        let read = |text: &str| UidSet::parse(text.as_bytes()).unwrap_or_default();
        let (seen, answered) = (read(&before.seen), read(&before.answered));
        self.seen = self.files.keys().copied().filter(|uid| seen.contains(*uid)).collect();
        self.answered = self.files.keys().copied().filter(|uid| answered.contains(*uid)).collect();
    }

    /// Notes flags; the messages among them that are not here.
    fn flag(&mut self, told: &[(u32, Flags)]) -> Vec<u32> {
        for (uid, flags) in told {
            if flags.seen {
                self.seen.insert(*uid)
            } else {
                self.seen.remove(uid)
            };
            if flags.answered {
                self.answered.insert(*uid)
            } else {
                self.answered.remove(uid)
            };
        }
        let missing: BTreeSet<u32> =
            told.iter().map(|(uid, _)| *uid).filter(|uid| !self.files.contains_key(uid)).collect();
        missing.into_iter().collect()
    }

    /// The flags of what is here, as sets.
    fn flags(&self) -> (String, String) {
        let set = |of: &HashSet<u32>| {
            let set: UidSet = self.files.keys().copied().filter(|uid| of.contains(uid)).collect();
            set.to_string()
        };
        (set(&self.seen), set(&self.answered))
    }

    fn forget(&mut self, is_gone: impl Fn(u32) -> bool) -> Result<(), DeskError> {
        let gone: Vec<Spooled> = self.files.values().filter(|file| is_gone(file.uid)).copied().collect();
        for file in gone {
            state::remove_spooled(&self.folder.join(file.file_name()))?;
            self.files.remove(&file.uid);
        }
        Ok(())
    }

    /// Takes away parts of messages that are not wanted any more.
    fn forget_parts(&mut self, missing: &[u32]) -> Result<(), DeskError> {
        let wanted: HashSet<&u32> = missing.iter().collect();
        let gone: Vec<u32> = self.parts.keys().filter(|uid| !wanted.contains(uid)).copied().collect();
        gone.into_iter().try_for_each(|uid| self.drop_part(uid))
    }

    fn part(&self, uid: u32) -> PathBuf {
        self.folder.join(format!("{uid:010}.part"))
    }

    fn drop_part(&mut self, uid: u32) -> Result<(), DeskError> {
        self.parts.remove(&uid);
        state::remove_spooled(&self.part(uid))
    }

    /// Keeps a whole message.
    fn keep(&mut self, uid: u32, bytes: &[u8]) -> Result<(), DeskError> {
        self.write(Spooled { uid, len: bytes.len() as u64, whole: None }, bytes)
    }

    fn write(&mut self, file: Spooled, bytes: &[u8]) -> Result<(), DeskError> {
        let path = self.folder.join(file.file_name());
        let written = state::create_private(&path).and_then(|mut to: File| to.write_all(bytes));
        written.map_err(|error| DeskError::io(&path, &error))?;
        self.files.insert(file.uid, file);
        Ok(())
    }

    /// Keeps the first piece of a message.
    fn keep_part(&mut self, message: &Message<'_>) -> Result<(), DeskError> {
        self.drop_part(message.uid)?;
        self.append(message.uid, message.bytes)
    }

    fn append(&mut self, uid: u32, bytes: &[u8]) -> Result<(), DeskError> {
        let path = self.part(uid);
        let written = state::append_private(&path).and_then(|mut to| to.write_all(bytes));
        written.map_err(|error| DeskError::io(&path, &error))?;
        *self.parts.entry(uid).or_default() += bytes.len() as u64;
        Ok(())
    }

    /// A message is whole.
    fn finish_part(&mut self, uid: u32) -> Result<(), DeskError> {
        let len = self.parts.remove(&uid).unwrap_or(0);
        let file = Spooled { uid, len, whole: None };
        let (from, to) = (self.part(uid), self.folder.join(file.file_name()));
        std::fs::rename(&from, &to).map_err(|error| DeskError::io(&from, &error))?;
        self.files.insert(uid, file);
        Ok(())
    }

    /// Of a message that is over the border's limit only the head is kept.
    fn keep_head(&mut self, uid: u32, whole: u64) -> Result<(), DeskError> {
        let path = self.part(uid);
        let mut start = Vec::new();
        let read = File::open(&path)
            .and_then(|file| std::io::Read::read_to_end(&mut std::io::Read::take(file, PIECE), &mut start));
        read.map_err(|error| DeskError::io(&path, &error))?;
        let head = head_of(&start);
        self.write(Spooled { uid, len: head.len() as u64, whole: Some(whole) }, head)?;
        self.drop_part(uid)
    }
}

/// The entries of a folder of ours, and whether each is a folder.
fn listing(folder: &Path) -> Result<Vec<(PathBuf, bool)>, DeskError> {
    let failed = |error: std::io::Error| DeskError::io(folder, &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        found.push((entry.path(), is_dir));
    }
    found.sort();
    Ok(found)
}
