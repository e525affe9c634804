//! One connection, read response by response within bounds: of a line, of a literal, of a whole
//! response, and of the time a command may take. Knows no command and opens no socket.
//!
//! # Source
//! RFC 9051 and RFC 3501, section 4.3 (literals) and 7 (responses). SECURITY.md F16: a server that
//! lies ends the connection; it never ends the program, never hangs it, never takes its memory.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write};
use std::time::Duration;

use super::ImapError;
use crate::limits;

/// The longest line, without its literals, in bytes: a `VANISHED` or `SEARCH` of a large folder.
const LINE: usize = 16 * 1024 * 1024;
/// The longest literal that is taken, in bytes. What is asked for is smaller; this is for servers
/// that do not know partial fetch.
const LITERAL: u64 = limits::MESSAGE as u64;
/// The most literals in one response.
const LITERALS: usize = 64;
/// The longest response with its literals, in bytes.
const RESPONSE: usize = limits::MESSAGE + 1024 * 1024;
/// Bytes that give a command one second more.
const BYTES_A_SECOND: u64 = 8 * 1024;
/// Bytes read at a time.
const BUFFER: usize = 64 * 1024;

/// Time since some moment, as the caller's clock says.
pub type Clock = Box<dyn Fn() -> Duration + Send>;

/// How long a server is waited for.
pub struct Patience {
    /// The clock; it never goes back.
    pub clock: Clock,
    /// What a command may take, beside one second for each 8 KiB that arrive.
    pub command: Duration,
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience").field("command", &self.command).finish_non_exhaustive()
    }
}

/// One response: its text with the literals in it.
#[derive(Debug, Default)]
pub(super) struct Response {
    /// Everything, without the last line end. Line ends before literals are left out.
    pub(super) bytes: Vec<u8>,
    /// Where each literal's `{n}` begins, where its bytes begin, and where they end.
    pub(super) literals: Vec<(usize, usize, usize)>,
}

/// A stream, buffered and timed.
pub(super) struct Wire<S> {
    stream: BufReader<S>,
    patience: Patience,
    begun: Duration,
    taken: u64,
    /// Whether time is counted; not while idling.
    timed: bool,
}

impl<S: Read + Write> Wire<S> {
    pub(super) fn new(stream: S, patience: Patience) -> Self {
        let begun = (patience.clock)();
        Self { stream: BufReader::with_capacity(BUFFER, stream), patience, begun, taken: 0, timed: true }
    }

    /// The stream, and how patient to be with it; `None` where bytes came that nobody read yet.
    pub(super) fn into_stream(self) -> Option<(S, Patience)> {
        self.stream.buffer().is_empty().then(|| (self.stream.into_inner(), self.patience))
    }

    pub(super) fn stream(&mut self) -> &mut S {
        self.stream.get_mut()
    }

    /// A command begins: its time starts now.
    pub(super) fn begin(&mut self) {
        self.begun = (self.patience.clock)();
        self.taken = 0;
        self.timed = true;
    }

    /// The server may be silent for as long as the stream lets it.
    pub(super) fn wait_without_end(&mut self) {
        self.timed = false;
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), ImapError> {
        let stream = self.stream.get_mut();
        stream.write_all(bytes).and_then(|()| stream.flush()).map_err(lost)
    }

    /// Reads one response.
    ///
    /// # Errors
    /// [`ImapError::Silent`] where nothing comes in time, `Lost` where the connection ends, `Lie` and
    /// `TooMuch` where what comes is no response or is over a bound.
    pub(super) fn response(&mut self) -> Result<Response, ImapError> {
        let mut response = Response::default();
        let mut in_literals = 0;
        loop {
            let from = response.bytes.len();
            self.line(&mut response.bytes, LINE.saturating_add(in_literals))?;
            let line = response.bytes.get(from..).unwrap_or_default();
            let Some((marker, size)) = literal_at_end(line) else { return Ok(response) };
            if response.literals.is_empty() && is_text(&response.bytes) {
                return Ok(response);
            }
            if size > LITERAL {
                return Err(ImapError::TooMuch { what: format!("a literal of {size} bytes") });
            }
            if response.literals.len() >= LITERALS {
                return Err(ImapError::TooMuch { what: format!("more than {LITERALS} literals at once") });
            }
            let start = response.bytes.len();
            self.literal(size, &mut response.bytes)?;
            if response.bytes.len() > RESPONSE {
                return Err(ImapError::TooMuch { what: format!("more than {RESPONSE} bytes at once") });
            }
            in_literals += response.bytes.len() - start;
            response.literals.push((from + marker, start, response.bytes.len()));
        }
    }

    /// Reads up to and without a line end.
    fn line(&mut self, into: &mut Vec<u8>, longest: usize) -> Result<(), ImapError> {
        loop {
            let ready = self.fill()?;
            let end = memchr::memchr(b'\n', ready);
            let part = ready.get(..end.unwrap_or(ready.len())).unwrap_or_default();
            into.extend_from_slice(part);
            let used = part.len() + usize::from(end.is_some());
            self.used(used);
            if into.len() > longest {
                return Err(ImapError::TooMuch { what: format!("a line of more than {LINE} bytes") });
            }
            if end.is_some() {
                if into.last() == Some(&b'\r') {
                    into.pop();
                }
                return Ok(());
            }
        }
    }

    /// Reads `size` bytes. Memory grows with what arrives, not with what was announced.
    fn literal(&mut self, size: u64, into: &mut Vec<u8>) -> Result<(), ImapError> {
        let mut left = usize::try_from(size).unwrap_or(usize::MAX);
        while left > 0 {
            let ready = self.fill()?;
            let part = ready.get(..left.min(ready.len())).unwrap_or_default();
            into.extend_from_slice(part);
            let used = part.len();
            left -= used;
            self.used(used);
        }
        Ok(())
    }

    fn used(&mut self, bytes: usize) {
        self.stream.consume(bytes);
        self.taken += bytes as u64;
    }

    /// What is there to read; never empty.
    fn fill(&mut self) -> Result<&[u8], ImapError> {
        if self.timed {
            let allowed = self.patience.command + Duration::from_secs(self.taken / BYTES_A_SECOND);
            if (self.patience.clock)().saturating_sub(self.begun) > allowed {
                return Err(ImapError::Silent);
            }
        }
        loop {
            match self.stream.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(lost(error)),
                Ok([]) => return Err(lost(ErrorKind::UnexpectedEof.into())),
                Ok(_) => break,
            }
        }
        Ok(self.stream.buffer())
    }
}

/// What an error of the stream means.
fn lost(source: io::Error) -> ImapError {
    if matches!(source.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) {
        return ImapError::Silent;
    }
    ImapError::Lost { source }
}

/// The `{n}` or `{n+}` at the end of a line: where it begins, and n.
fn literal_at_end(line: &[u8]) -> Option<(usize, u64)> {
    let inner = line.strip_suffix(b"}")?;
    let inner = inner.strip_suffix(b"+").unwrap_or(inner);
    let open = memchr::memrchr(b'{', inner)?;
    let digits = inner.get(open + 1..)?;
    if digits.is_empty() || digits.len() > 20 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // More than 64 bits are more than any bound.
    let size = std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX);
    Some((open, size))
}

/// Whether a response is a status with text for people, in which `{5}` is no literal.
fn is_text(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ');
    let (tag, status) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let statuses: [&[u8]; 5] = [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"];
    tag == b"+" || statuses.iter().any(|known| status.eq_ignore_ascii_case(known))
}
