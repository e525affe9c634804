//! A conversation with a server: greeting, capabilities, folders, messages, waiting. Generic over the
//! stream, so that tests speak with a script. Every command here only reads.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use super::ImapError;
use super::folder::Folder;
use super::response::{Fetched, FolderStatus, Reply, Status, StatusLine, parse, said};
use super::uids::{self, UidSet};
use super::wire::{Patience, Wire};

/// Bytes of a message that are asked for at a time. A longer message comes in such pieces.
pub const PIECE: u64 = 1024 * 1024;
/// The most bytes of answers to a command that nobody asked for.
const UNASKED: usize = 4 * 1024 * 1024;
/// The most messages of one folder.
const MESSAGES: usize = 5_000_000;
/// The most folders of one account.
const FOLDERS: usize = 10_000;
/// The most capabilities that are kept.
const CAPABILITIES: usize = 500;

/// Flags that are kept of a message. They are only ever read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `\Seen`
    pub seen: bool,
    /// `\Answered`
    pub answered: bool,
}

/// A folder as it was when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Its figures; `messages` is always there.
    pub status: FolderStatus,
    /// What vanished since, where the server keeps count of it.
    pub vanished: Option<UidSet>,
    /// Flags that changed since, where the server told them with it.
    pub flags: Vec<(u32, Flags)>,
}

/// What was known of a folder when it was last read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// UIDVALIDITY.
    pub uid_validity: u32,
    /// HIGHESTMODSEQ.
    pub modseq: u64,
}

/// A message, or the first piece of one.
#[derive(Debug, PartialEq, Eq)]
pub struct Message<'r> {
    /// Its UID.
    pub uid: u32,
    /// Its flags.
    pub flags: Flags,
    /// Its bytes, at most [`PIECE`] of them from where they were asked for; a server that knows no
    /// partial fetch may give more.
    pub bytes: &'r [u8],
}

/// What a LIST said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Folders in the server's order, with their figures where it told them.
    pub folders: Vec<(Folder, Option<FolderStatus>)>,
    /// Folders with names that cannot be asked for.
    pub unusable: usize,
}

/// Why waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Something changed in the folder.
    Changed,
    /// Nothing came for as long as the stream waits.
    Quiet,
}

/// A conversation.
pub struct Session<S> {
    pub(super) wire: Wire<S>,
    tag: u32,
    capabilities: BTreeSet<String>,
    logged_in: bool,
    qresync: bool,
}

impl<S: Read + Write> Session<S> {
    /// Reads the greeting.
    ///
    /// # Errors
    /// What a connection may end with; `Bye` where the server does not want to talk.
    pub fn greet(stream: S, patience: Patience) -> Result<Self, ImapError> {
        let wire = Wire::new(stream, patience);
        let mut session =
            Self { wire, tag: 0, capabilities: BTreeSet::new(), logged_in: false, qresync: false };
        let response = session.wire.response()?;
        let Reply::Untagged(line) = parse(&response) else {
            return Err(ImapError::Lie { what: format!("it greets with `{}`", said(&response.bytes)) });
        };
        match line.status {
            Status::Ok => {}
            Status::PreAuth => session.logged_in = true,
            Status::Bye => return Err(ImapError::Bye { said: line.text }),
            Status::No | Status::Bad => return Err(ImapError::Lie { what: line.text }),
        }
        if line.code == "CAPABILITY" {
            session.set_capabilities(line.argument.split(' ').map(str::to_ascii_uppercase));
        } else {
            session.ask_capabilities()?;
        }
        Ok(session)
    }

    /// Goes on after STARTTLS: what was said before is forgotten.
    ///
    /// # Errors
    /// What a connection may end with.
    pub(super) fn encrypted(stream: S, patience: Patience) -> Result<Self, ImapError> {
        let wire = Wire::new(stream, patience);
        let mut session =
            Self { wire, tag: 1_000, capabilities: BTreeSet::new(), logged_in: false, qresync: false };
        session.ask_capabilities()?;
        Ok(session)
    }

    /// Whether the server let us in without being asked.
    #[must_use]
    pub fn is_logged_in(&self) -> bool {
        self.logged_in
    }

    /// Whether the server can do something.
    #[must_use]
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// The stream under it.
    pub fn stream(&mut self) -> &mut S {
        self.wire.stream()
    }

    pub(super) fn offered(&self) -> String {
        let ways = self.capabilities.iter().filter_map(|word| word.strip_prefix("AUTH="));
        let ways: Vec<&str> = ways.collect();
        if ways.is_empty() { "nothing".to_owned() } else { said(ways.join(", ").as_bytes()) }
    }

    pub(super) fn set_capabilities(&mut self, words: impl IntoIterator<Item = String>) {
        self.capabilities = words.into_iter().filter(|word| !word.is_empty()).take(CAPABILITIES).collect();
    }

    fn ask_capabilities(&mut self) -> Result<(), ImapError> {
        let mut words = None;
        self.ok("CAPABILITY", b"CAPABILITY", &mut |reply| {
            let Reply::Capability(found) = reply else { return Ok(false) };
            words = Some(std::mem::take(found));
            Ok(true)
        })?;
        self.set_capabilities(words.unwrap_or_default());
        Ok(())
    }

    /// What follows a login that succeeded.
    pub(super) fn after_login(&mut self, done: &StatusLine) -> Result<(), ImapError> {
        self.logged_in = true;
        if done.code == "CAPABILITY" {
            self.set_capabilities(done.argument.split(' ').map(str::to_ascii_uppercase));
        } else {
            self.ask_capabilities()?;
        }
        if self.can("ID") {
            // Some large services open no folder for a program that does not give its name.
            self.command("ID", b"ID (\"name\" \"postil\")", &mut |_| Ok(false))?;
        }
        if self.can("QRESYNC") && self.can("ENABLE") {
            let done = self.command("ENABLE", b"ENABLE QRESYNC", &mut |_| Ok(false))?;
            self.qresync = done.status == Status::Ok;
        }
        Ok(())
    }

    /// Gives the stream back for TLS.
    ///
    /// # Errors
    /// `No` where the server will not; `Lie` where it sent more than its answer: someone may have put
    /// words into the plain part that would be taken for encrypted ones.
    pub(super) fn into_plain_stream(mut self) -> Result<(S, Patience), ImapError> {
        self.ok("STARTTLS", b"STARTTLS", &mut |_| Ok(false))?;
        let what = "it goes on in plain text after STARTTLS".to_owned();
        self.wire.into_stream().ok_or(ImapError::Lie { what })
    }

    /// Every folder.
    ///
    /// # Errors
    /// What a command may end with.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what a command did not ask for is passed over")]
    pub fn list(&mut self) -> Result<Listed, ImapError> {
        let mut returned: Vec<&str> = Vec::new();
        if self.can("LIST-EXTENDED") && self.can("SPECIAL-USE") {
            returned.push("SPECIAL-USE");
        }
        if self.can("LIST-STATUS") {
            returned.push(match self.can("CONDSTORE") {
                true => "STATUS (MESSAGES UIDVALIDITY UIDNEXT HIGHESTMODSEQ)",
                false => "STATUS (MESSAGES UIDVALIDITY UIDNEXT)",
            });
        }
        let line = match returned.as_slice() {
            [] => "LIST \"\" \"*\"".to_owned(),
            returned => format!("LIST \"\" \"*\" RETURN ({})", returned.join(" ")),
        };
        let mut listed = Listed::default();
        self.ok("LIST", line.as_bytes(), &mut |reply| {
            match reply {
                Reply::List { attributes, delimiter, name } => {
                    if listed.folders.len() >= FOLDERS {
                        return Err(ImapError::TooMuch { what: format!("more than {FOLDERS} folders") });
                    }
                    match Folder::new(name, *delimiter, attributes) {
                        Some(folder) if listed.folders.iter().any(|(known, _)| known.raw == folder.raw) => {}
                        Some(folder) => listed.folders.push((folder, None)),
                        None => listed.unusable += 1,
                    }
                }
                Reply::Status { name, status } => {
                    let folder = listed.folders.iter_mut().find(|(folder, _)| folder.raw == **name);
                    if let Some((_, figures)) = folder {
                        *figures = Some(*status);
                    }
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(listed)
    }

    /// Opens a folder to read. With `since`, a server that keeps count also tells what changed.
    ///
    /// # Errors
    /// `No` where the folder cannot be opened, or what a command may end with.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what a command did not ask for is passed over")]
    pub fn examine(&mut self, folder: &Folder, since: Option<Since>) -> Result<Examined, ImapError> {
        let mut line = b"EXAMINE ".to_vec();
        line.extend(self.quoted(&folder.raw));
        let told = since.filter(|_| self.qresync);
        if let Some(since) = told {
            line.extend(format!(" (QRESYNC ({} {}))", since.uid_validity, since.modseq).into_bytes());
        } else if self.can("CONDSTORE") && !self.qresync {
            line.extend(b" (CONDSTORE)");
        }
        let mut examined = Examined::default();
        let mut vanished: Vec<UidSet> = Vec::new();
        let mut ranges = 0;
        self.ok("EXAMINE", &line, &mut |reply| {
            match reply {
                Reply::Exists(count) => examined.status.messages = Some(*count),
                Reply::Untagged(line) => {
                    let small = line.argument.parse().ok();
                    match line.code.as_str() {
                        "UIDVALIDITY" => examined.status.uid_validity = small,
                        "UIDNEXT" => examined.status.uid_next = small,
                        "HIGHESTMODSEQ" => examined.status.highest_modseq = line.argument.parse().ok(),
                        _ => return Ok(false),
                    }
                }
                Reply::Vanished(set) => {
                    ranges += set.ranges() + 1;
                    if ranges > uids::RANGES {
                        return Err(ImapError::TooMuch {
                            what: "more than 2,000,000 ranges of UIDs".to_owned(),
                        });
                    }
                    vanished.push(std::mem::take(set));
                }
                Reply::Fetch(Fetched { uid: Some(uid), flags: Some(flags), .. }) => {
                    if examined.flags.len() >= MESSAGES {
                        return Err(ImapError::TooMuch { what: format!("more than {MESSAGES} messages") });
                    }
                    examined.flags.push((*uid, flags_of(flags)));
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        examined.status.messages.get_or_insert(0);
        // RFC 7162 3.2.5.2: where the UIDs changed the parameter is ignored, and nothing is told.
        let same = told.is_some_and(|since| examined.status.uid_validity == Some(since.uid_validity));
        examined.vanished = same.then(|| UidSet::union(&vanished));
        Ok(examined)
    }

    /// Every message of the open folder with its flags, as `(uid, flags)` in the server's order.
    ///
    /// # Errors
    /// What a command may end with.
    pub fn uids(&mut self) -> Result<Vec<(u32, Flags)>, ImapError> {
        self.flags_of_all(b"UID FETCH 1:* (UID FLAGS)")
    }

    /// Flags that changed since `modseq`. Empty where the server keeps no count.
    ///
    /// # Errors
    /// What a command may end with.
    pub fn changed_since(&mut self, modseq: u64) -> Result<Vec<(u32, Flags)>, ImapError> {
        if !self.can("CONDSTORE") {
            return Ok(Vec::new());
        }
        self.flags_of_all(format!("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE {modseq})").as_bytes())
    }

    fn flags_of_all(&mut self, line: &[u8]) -> Result<Vec<(u32, Flags)>, ImapError> {
        let mut found = Vec::new();
        self.ok("FETCH", line, &mut |reply| {
            let Reply::Fetch(Fetched { uid: Some(uid), flags: Some(flags), .. }) = reply else {
                return Ok(false);
            };
            if found.len() >= MESSAGES {
                return Err(ImapError::TooMuch { what: format!("more than {MESSAGES} messages") });
            }
            found.push((*uid, flags_of(flags)));
            Ok(true)
        })?;
        Ok(found)
    }

    /// The first piece of each message, given to `take` as it comes. A UID that is not asked for, or
    /// comes twice, is not given; one that is gone meanwhile does not come.
    ///
    /// # Errors
    /// What `take` or the command ends with; what came before was taken.
    pub fn fetch(
        &mut self,
        uids: &UidSet,
        take: &mut dyn FnMut(Message<'_>) -> Result<(), ImapError>,
    ) -> Result<(), ImapError> {
        let line = format!("UID FETCH {uids} (UID FLAGS BODY.PEEK[]<0.{PIECE}>)");
        let mut taken: BTreeSet<u32> = BTreeSet::new();
        self.ok("FETCH", line.as_bytes(), &mut |reply| {
            let Reply::Fetch(Fetched { uid: Some(uid), flags, body: Some(body), .. }) = reply else {
                return Ok(false);
            };
            if !uids.contains(*uid) || !taken.insert(*uid) {
                return Ok(false);
            }
            let flags = flags.as_deref().map(flags_of).unwrap_or_default();
            take(Message { uid: *uid, flags, bytes: body })?;
            Ok(true)
        })
    }

    /// The piece of one message from `offset` on; empty at its end. `None` where the message is gone.
    ///
    /// # Errors
    /// What the command ends with.
    pub fn fetch_piece(&mut self, uid: u32, offset: u64) -> Result<Option<Vec<u8>>, ImapError> {
        let line = format!("UID FETCH {uid} (UID BODY.PEEK[]<{offset}.{PIECE}>)");
        let mut piece = None;
        self.ok("FETCH", line.as_bytes(), &mut |reply| {
            let Reply::Fetch(Fetched { uid: Some(found), body: Some(body), .. }) = reply else {
                return Ok(false);
            };
            if *found == uid && piece.is_none() {
                piece = Some(body.to_vec());
            }
            Ok(true)
        })?;
        Ok(piece)
    }

    /// The size of one message as the server says it. `None` where the message is gone.
    ///
    /// # Errors
    /// What the command ends with.
    pub fn size(&mut self, uid: u32) -> Result<Option<u64>, ImapError> {
        let mut size = None;
        self.ok("FETCH", format!("UID FETCH {uid} (UID RFC822.SIZE)").as_bytes(), &mut |reply| {
            let Reply::Fetch(Fetched { uid: Some(found), size: Some(told), .. }) = reply else {
                return Ok(false);
            };
            if *found == uid {
                size = Some(*told);
            }
            Ok(true)
        })?;
        Ok(size)
    }

    /// Waits until the open folder changes, or for as long as the stream waits for bytes.
    ///
    /// # Errors
    /// What the command ends with.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what a command did not ask for is passed over")]
    pub fn idle(&mut self) -> Result<Woken, ImapError> {
        let tag = self.start(b"IDLE")?;
        let mut woken = None;
        loop {
            let response = match self.wire.response() {
                Err(ImapError::Silent) if woken.is_none() => {
                    woken = Some(Woken::Quiet);
                    self.wire.begin();
                    self.wire.send(b"DONE\r\n")?;
                    continue;
                }
                other => other?,
            };
            match parse(&response) {
                Reply::Tagged(ended, line) if ended == tag.as_bytes() => {
                    return match line.status {
                        Status::Ok => Ok(woken.unwrap_or(Woken::Changed)),
                        _ => Err(ImapError::No { command: "IDLE", said: line.text }),
                    };
                }
                Reply::Continue(_) => self.wire.wait_without_end(),
                Reply::Untagged(line) if line.status == Status::Bye => {
                    return Err(ImapError::Bye { said: line.text });
                }
                Reply::Exists(_) | Reply::Expunge | Reply::Vanished(_) | Reply::Fetch(_)
                    if woken.is_none() =>
                {
                    woken = Some(Woken::Changed);
                    self.wire.begin();
                    self.wire.send(b"DONE\r\n")?;
                }
                _ => {}
            }
        }
    }

    /// Asks for news of the open folder, where the server knows no IDLE.
    ///
    /// # Errors
    /// What the command ends with.
    pub fn poll(&mut self) -> Result<Woken, ImapError> {
        let mut woken = Woken::Quiet;
        self.ok("NOOP", b"NOOP", &mut |reply| {
            if matches!(reply, Reply::Exists(_) | Reply::Expunge | Reply::Vanished(_) | Reply::Fetch(_)) {
                woken = Woken::Changed;
            }
            Ok(false)
        })?;
        Ok(woken)
    }

    /// Says good-bye. Nobody minds when it is not heard.
    pub fn log_out(mut self) {
        drop(self.command("LOGOUT", b"LOGOUT", &mut |_| Ok(false)));
    }

    /// A command that must succeed.
    fn ok(
        &mut self,
        name: &'static str,
        line: &[u8],
        on: &mut dyn FnMut(&mut Reply<'_>) -> Result<bool, ImapError>,
    ) -> Result<(), ImapError> {
        let done = self.command(name, line, on)?;
        if done.status == Status::Ok {
            return Ok(());
        }
        let said = if done.code.is_empty() { done.text } else { format!("{} ({})", done.text, done.code) };
        Err(ImapError::No { command: name, said })
    }

    /// Sends a command and gives every untagged answer to `on`, which says whether it was asked for.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what a command did not ask for is passed over")]
    pub(super) fn command(
        &mut self,
        name: &'static str,
        line: &[u8],
        on: &mut dyn FnMut(&mut Reply<'_>) -> Result<bool, ImapError>,
    ) -> Result<StatusLine, ImapError> {
        let tag = self.start(line)?;
        let mut unasked = 0;
        let mut bye = None;
        loop {
            let response = match self.wire.response() {
                Err(ImapError::Lost { .. }) if bye.is_some() => {
                    return Err(ImapError::Bye { said: bye.unwrap_or_default() });
                }
                other => other?,
            };
            let mut reply = parse(&response);
            match &mut reply {
                Reply::Tagged(ended, line) => {
                    if *ended != tag.as_bytes() {
                        return Err(ImapError::Lie { what: format!("tag {} to {name}", said(ended)) });
                    }
                    return Ok(line.clone());
                }
                Reply::Untagged(line) if line.status == Status::Bye => bye = Some(line.text.clone()),
                // A server that is not ready for a literal waits; we sent none.
                Reply::Continue(_) => {
                    return Err(ImapError::Lie { what: format!("it waits for more of {name}") });
                }
                _ => {}
            }
            if !on(&mut reply)? {
                unasked += response.bytes.len() + 16;
                if unasked > UNASKED {
                    return Err(ImapError::TooMuch {
                        what: format!("more than {UNASKED} bytes beside {name}"),
                    });
                }
            }
        }
    }

    /// Sends a command's line, with its literals where it has any.
    pub(super) fn start(&mut self, line: &[u8]) -> Result<String, ImapError> {
        self.tag += 1;
        let tag = format!("P{}", self.tag);
        self.wire.begin();
        let mut bytes = format!("{tag} ").into_bytes();
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
        self.wire.send(&bytes)?;
        Ok(tag)
    }

    /// A string as a command takes it. Text that cannot be quoted goes as a literal that the server
    /// need not be asked for where it says so; else, quoted as it is: every server we met takes 8-bit
    /// text there.
    pub(super) fn quoted(&self, text: &[u8]) -> Vec<u8> {
        let controls = text.iter().any(u8::is_ascii_control);
        if (controls || !text.is_ascii())
            && (self.can("LITERAL+") || self.can("LITERAL-"))
            && text.len() <= 4_096
        {
            let mut literal = format!("{{{}+}}\r\n", text.len()).into_bytes();
            literal.extend_from_slice(text);
            return literal;
        }
        let mut quoted = vec![b'"'];
        for byte in text.iter().filter(|byte| !byte.is_ascii_control()) {
            if matches!(byte, b'"' | b'\\') {
                quoted.push(b'\\');
            }
            quoted.push(*byte);
        }
        quoted.push(b'"');
        quoted
    }
}

fn flags_of(words: &[String]) -> Flags {
    let is = |name: &str| words.iter().any(|word| word.eq_ignore_ascii_case(name));
    Flags { seen: is("\\Seen"), answered: is("\\Answered") }
}
