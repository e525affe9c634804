//! What a response says. Pure: bytes to values; what cannot be understood is `Reply::Other`.
//!
//! # Source
//! RFC 9051 section 9 (grammar), RFC 7162 (CONDSTORE, QRESYNC), RFC 5819 (LIST-STATUS).

use std::borrow::Cow;

use super::uids::UidSet;
use super::wire::Response;

/// The most attributes of a folder, flags of a message, that are looked at.
const WORDS: usize = 1_000;

/// How a command, or the server as a whole, fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

/// A status with its code in brackets, such as `UIDNEXT 5`, and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StatusLine {
    pub(super) status: Status,
    /// The code's name, upper case; empty where there is none.
    pub(super) code: String,
    /// What follows the name in the brackets.
    pub(super) argument: String,
    pub(super) text: String,
}

/// Figures of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FolderStatus {
    /// Messages in it.
    pub messages: Option<u32>,
    /// Changes when the UIDs of before mean nothing any more.
    pub uid_validity: Option<u32>,
    /// A UID above every one that was given.
    pub uid_next: Option<u32>,
    /// Grows with every change.
    pub highest_modseq: Option<u64>,
}

/// A message, or what was asked of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fetched<'r> {
    pub(super) uid: Option<u32>,
    /// Flags as written; `None` where they were not told.
    pub(super) flags: Option<Vec<String>>,
    pub(super) size: Option<u64>,
    /// Bytes of `BODY[...]`, whatever part was asked for; `NIL` is an empty one.
    pub(super) body: Option<Cow<'r, [u8]>>,
}

/// One response, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply<'r> {
    /// The end of the command with this tag.
    Tagged(&'r [u8], StatusLine),
    /// `* OK …` and the like.
    Untagged(StatusLine),
    /// `+ …`
    Continue(&'r [u8]),
    /// Upper case words.
    Capability(Vec<String>),
    /// Attributes, delimiter and raw name of a folder.
    List {
        attributes: Vec<String>,
        delimiter: Option<u8>,
        name: Cow<'r, [u8]>,
    },
    Status {
        name: Cow<'r, [u8]>,
        status: FolderStatus,
    },
    Fetch(Fetched<'r>),
    Exists(u32),
    /// A message is gone, by its number.
    Expunge,
    /// Messages are gone, by UID.
    Vanished(UidSet),
    /// Something else, or nothing that makes sense.
    Other,
}

/// Understands a response.
pub(super) fn parse(response: &Response) -> Reply<'_> {
    let bytes = response.bytes.as_slice();
    if let Some(text) = bytes.strip_prefix(b"+") {
        return Reply::Continue(text.trim_ascii_start());
    }
    let (tag, rest) = word(bytes);
    let (first, after) = word(rest);
    if let Some(status) = status_of(first) {
        let line = status_line(status, after);
        return if tag == b"*" { Reply::Untagged(line) } else { Reply::Tagged(tag, line) };
    }
    if tag != b"*" {
        return Reply::Other;
    }
    untagged(response, bytes.len() - after.len(), first).unwrap_or(Reply::Other)
}

/// An untagged response that is no status. `at` is where it goes on after its first word.
fn untagged<'r>(response: &'r Response, at: usize, first: &[u8]) -> Option<Reply<'r>> {
    let mut tokens = Tokens { response, at };
    let is = |name: &str| first.eq_ignore_ascii_case(name.as_bytes());
    if is("CAPABILITY") {
        let words = response.bytes.get(at..)?.split(|byte| *byte == b' ');
        let words = words.filter(|word| !word.is_empty()).take(WORDS);
        return Some(Reply::Capability(words.map(upper).collect()));
    }
    if is("LIST") || is("XLIST") {
        let attributes = tokens.words()?;
        let delimiter = match tokens.next()? {
            Token::Text(text) => text.first().copied(),
            Token::Atom(_) => None,
            Token::Open | Token::Close => return None,
        };
        return Some(Reply::List { attributes, delimiter, name: tokens.string()? });
    }
    if is("STATUS") {
        let name = tokens.string()?;
        return Some(Reply::Status { name, status: folder_status(&mut tokens)? });
    }
    if is("VANISHED") {
        let mut word = tokens.next()?;
        if word == Token::Open {
            // (EARLIER)
            while tokens.next()? != Token::Close {}
            word = tokens.next()?;
        }
        let Token::Atom(set) = word else { return None };
        return Some(Reply::Vanished(UidSet::parse(set)?));
    }
    let number = number(first)?;
    match tokens.next()? {
        Token::Atom(word) if word.eq_ignore_ascii_case(b"EXISTS") => {
            Some(Reply::Exists(u32::try_from(number).ok()?))
        }
        Token::Atom(word) if word.eq_ignore_ascii_case(b"EXPUNGE") => Some(Reply::Expunge),
        Token::Atom(word) if word.eq_ignore_ascii_case(b"FETCH") => fetched(&mut tokens).map(Reply::Fetch),
        Token::Atom(_) | Token::Text(_) | Token::Open | Token::Close => None,
    }
}

fn folder_status(tokens: &mut Tokens<'_>) -> Option<FolderStatus> {
    let mut status = FolderStatus::default();
    if tokens.next()? != Token::Open {
        return None;
    }
    loop {
        let Token::Atom(name) = tokens.next()? else { return Some(status) };
        let Token::Atom(value) = tokens.next()? else { return Some(status) };
        let small = number(value).and_then(|value| u32::try_from(value).ok());
        if name.eq_ignore_ascii_case(b"MESSAGES") {
            status.messages = small;
        } else if name.eq_ignore_ascii_case(b"UIDVALIDITY") {
            status.uid_validity = small;
        } else if name.eq_ignore_ascii_case(b"UIDNEXT") {
            status.uid_next = small;
        } else if name.eq_ignore_ascii_case(b"HIGHESTMODSEQ") {
            status.highest_modseq = number(value);
        }
    }
}

fn fetched<'r>(tokens: &mut Tokens<'r>) -> Option<Fetched<'r>> {
    let mut fetched = Fetched::default();
    if tokens.next()? != Token::Open {
        return None;
    }
    loop {
        let name = match tokens.next() {
            Some(Token::Atom(name)) => name,
            Some(Token::Close) => return Some(fetched),
            Some(Token::Text(_) | Token::Open) | None => return None,
        };
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("UID") {
            fetched.uid = number(tokens.atom()?).and_then(|uid| u32::try_from(uid).ok());
        } else if is("RFC822.SIZE") {
            fetched.size = number(tokens.atom()?);
        } else if is("FLAGS") {
            fetched.flags = Some(tokens.words()?);
        } else if name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"BODY[")) {
            fetched.body = Some(match tokens.next()? {
                Token::Text(text) => text,
                Token::Atom(_) => Cow::Borrowed(b""),
                Token::Open | Token::Close => return None,
            });
        } else {
            tokens.skip()?;
        }
    }
}

/// A piece of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'r> {
    /// A word, with anything in square brackets that it holds.
    Atom(&'r [u8]),
    /// A quoted string or a literal.
    Text(Cow<'r, [u8]>),
    Open,
    Close,
}

struct Tokens<'r> {
    response: &'r Response,
    at: usize,
}

impl<'r> Tokens<'r> {
    fn next(&mut self) -> Option<Token<'r>> {
        let bytes = self.response.bytes.as_slice();
        while bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let literals = &self.response.literals;
        let literal = literals.get(literals.partition_point(|(marker, _, _)| *marker < self.at));
        // A literal8 has a tilde before its size.
        let at_literal = |at: usize| literal.is_some_and(|(marker, _, _)| *marker == at);
        if at_literal(self.at) || (bytes.get(self.at) == Some(&b'~') && at_literal(self.at + 1)) {
            let (_, start, end) = *literal?;
            self.at = end;
            return Some(Token::Text(Cow::Borrowed(bytes.get(start..end)?)));
        }
        match bytes.get(self.at)? {
            b'(' => {
                self.at += 1;
                Some(Token::Open)
            }
            b')' => {
                self.at += 1;
                Some(Token::Close)
            }
            b'"' => self.quoted(),
            _ => self.atom_at(literal.map_or(bytes.len(), |(marker, _, _)| *marker)),
        }
    }

    fn atom_at(&mut self, stop: usize) -> Option<Token<'r>> {
        let bytes = self.response.bytes.get(..stop)?;
        let start = self.at;
        let mut brackets = 0_usize;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b' ' | b'(' | b')' | b'"' if brackets == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        (self.at > start).then_some(Token::Atom(bytes.get(start..self.at)?))
    }

    fn quoted(&mut self) -> Option<Token<'r>> {
        let rest = self.response.bytes.get(self.at + 1..)?;
        let mut escaped = Vec::new();
        let mut from = 0;
        loop {
            let at = from + memchr::memchr2(b'"', b'\\', rest.get(from..)?)?;
            if rest.get(at) == Some(&b'\\') {
                escaped.extend_from_slice(rest.get(from..at)?);
                escaped.push(*rest.get(at + 1)?);
                from = at + 2;
                continue;
            }
            self.at += at + 2;
            let last = rest.get(from..at)?;
            if escaped.is_empty() && from == 0 {
                return Some(Token::Text(Cow::Borrowed(last)));
            }
            escaped.extend_from_slice(last);
            return Some(Token::Text(Cow::Owned(escaped)));
        }
    }

    fn atom(&mut self) -> Option<&'r [u8]> {
        match self.next()? {
            Token::Atom(word) => Some(word),
            Token::Text(_) | Token::Open | Token::Close => None,
        }
    }

    /// A string in any form.
    fn string(&mut self) -> Option<Cow<'r, [u8]>> {
        match self.next()? {
            Token::Atom(word) => Some(Cow::Borrowed(word)),
            Token::Text(text) => Some(text),
            Token::Open | Token::Close => None,
        }
    }

    /// A list of words in parentheses.
    fn words(&mut self) -> Option<Vec<String>> {
        if self.next()? != Token::Open {
            return None;
        }
        let mut words = Vec::new();
        loop {
            match self.next()? {
                Token::Atom(word) if words.len() < WORDS => words.push(String::from_utf8_lossy(word).into()),
                Token::Atom(_) | Token::Text(_) => {}
                Token::Close => return Some(words),
                Token::Open => return None,
            }
        }
    }

    /// Passes over one value, however deep.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                Token::Open => depth += 1,
                Token::Close => depth = depth.checked_sub(1)?,
                Token::Atom(_) | Token::Text(_) => {}
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// The first word and what follows the space after it.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b' ', bytes).unwrap_or(bytes.len());
    (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default())
}

fn status_of(word: &[u8]) -> Option<Status> {
    let known: [(&[u8], Status); 5] = [
        (b"OK", Status::Ok),
        (b"NO", Status::No),
        (b"BAD", Status::Bad),
        (b"BYE", Status::Bye),
        (b"PREAUTH", Status::PreAuth),
    ];
    known.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, status)| *status)
}

fn status_line(status: Status, rest: &[u8]) -> StatusLine {
    let (mut code, mut argument, mut text) = (String::new(), String::new(), rest);
    if let Some(inner) = rest.strip_prefix(b"[")
        && let Some(end) = memchr::memchr(b']', inner)
    {
        let (name, after) = word(inner.get(..end).unwrap_or_default());
        code = upper(name);
        argument = String::from_utf8_lossy(after).into_owned();
        text = inner.get(end + 1..).unwrap_or_default();
    }
    StatusLine { status, code, argument, text: said(text) }
}

/// Words of a server, safe to show: one line, no control characters, not long.
pub(super) fn said(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let plain: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
    postil_evidence::text::clean(plain.trim()).0
}

fn upper(word: &[u8]) -> String {
    String::from_utf8_lossy(word).to_ascii_uppercase()
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}
