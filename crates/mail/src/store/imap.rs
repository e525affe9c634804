//! Mail on an IMAP server: a blocking client that only ever reads. It knows the protocol and keeps
//! nothing; what it brings is written into the state folder by the desk and read from there.
//!
//! Folders are opened with EXAMINE and bodies asked for with BODY.PEEK, so no flag is set and nothing
//! on the server changes: no command that could change anything is written anywhere in this module.
//! A server's answers are as hostile as the mail in them: see `imap/wire.rs`.
//!
//! # Source
//! RFC 9051 and RFC 3501, in what both share; RFC 7162 (CONDSTORE, QRESYNC), RFC 2177 (IDLE),
//! RFC 6154 (special use), RFC 4959 (SASL-IR), RFC 7628 (OAUTHBEARER).

mod address;
mod connect;
pub(super) mod folder;
mod login;
mod response;
mod session;
mod uids;
mod wire;

use std::io;
use std::path::PathBuf;

pub use address::{ImapAddress, Security};
pub use connect::{Connection, Transport, connect};
pub use folder::{Folder, Role, chosen};
pub use login::{LoginKind, Secret};
pub use response::FolderStatus;
pub use session::{Examined, Flags, Listed, Message, PIECE, Session, Since, Woken};
pub use uids::UidSet;
pub use wire::{Clock, Patience};

/// What went wrong with a server. What a server said is shown on one line without control characters.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// The address is not one.
    #[error("this is no address of a mailbox: {why}; write it as imaps://user@host/")]
    Address {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The name of the machine leads nowhere.
    #[error("no machine called {host} is found ({source}); check the name, and that you are online")]
    NoSuchHost {
        /// The machine.
        host: String,
        /// What the system said.
        source: io::Error,
    },
    /// The machine does not answer.
    #[error("{host} does not answer at port {port} ({source}); check host and port, and that you are online")]
    Unreachable {
        /// The machine.
        host: String,
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// A plain connection to another machine.
    #[error(
        "imap+plain:// sends the password unencrypted and is for this machine only, not {host}; use imaps://"
    )]
    PlainElsewhere {
        /// The machine.
        host: String,
    },
    /// No encryption is to be had.
    #[error(
        "{host} offers no encryption here ({why}), so no password was sent; use imaps://, or ask who runs it"
    )]
    NotEncrypted {
        /// The machine.
        host: String,
        /// What it did instead.
        why: &'static str,
    },
    /// TLS failed otherwise.
    #[error(
        "no encrypted connection with {host}: {why}; check the port: 993 is for imaps://, 143 for imap://"
    )]
    Tls {
        /// The machine.
        host: String,
        /// What failed.
        why: String,
    },
    /// Nobody known vouches for the certificate.
    #[error(
        "the certificate of {host} is not to be trusted: {why}; if your organisation signs its own, name its CA with ca_file"
    )]
    Certificate {
        /// The machine.
        host: String,
        /// What is wrong with it.
        why: String,
    },
    /// A CA file is no use.
    #[error("{} is no file of CA certificates: {why}; give one in PEM form", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The server does not let the user in.
    #[error(
        "the server does not let {user} in: {said}; check the user, and the password or token that its secret gives"
    )]
    LoginRefused {
        /// The user.
        user: String,
        /// What the server said.
        said: String,
    },
    /// The server knows no way to log in that was allowed.
    #[error("the server knows no way to log in with {wanted}; it offers: {offered}")]
    NoWayIn {
        /// What was configured.
        wanted: LoginKind,
        /// What the server offers.
        offered: String,
    },
    /// The server said no.
    #[error("the server refused {command}: {said}")]
    No {
        /// The command.
        command: &'static str,
        /// What it said.
        said: String,
    },
    /// The server said good-bye.
    #[error("the server ended the connection: {said}; the next sync goes on from here")]
    Bye {
        /// What it said.
        said: String,
    },
    /// The connection ended.
    #[error("the connection was lost ({source}); the next sync goes on from here")]
    Lost {
        /// What the system said.
        source: io::Error,
    },
    /// The server says nothing.
    #[error("the server does not answer in time; the next sync goes on from here")]
    Silent,
    /// The server sends more than anyone asked for.
    #[error("the server sends {what}, which is more than is taken; nothing of it was kept")]
    TooMuch {
        /// What.
        what: String,
    },
    /// The server's answer makes no sense.
    #[error("the server's answer makes no sense: {what}")]
    Lie {
        /// What it said.
        what: String,
    },
    /// A message that came could not be kept; the caller knows why.
    #[error("stopped")]
    Stopped,
}

impl ImapError {
    /// Whether another connection may do better at once. Never after a refused login: accounts are
    /// locked for less.
    #[must_use]
    pub fn may_try_again(&self) -> bool {
        match self {
            Self::Lost { .. } | Self::Silent => true,
            Self::Address { .. }
            | Self::NoSuchHost { .. }
            | Self::Unreachable { .. }
            | Self::PlainElsewhere { .. }
            | Self::NotEncrypted { .. }
            | Self::Tls { .. }
            | Self::Certificate { .. }
            | Self::CaFile { .. }
            | Self::LoginRefused { .. }
            | Self::NoWayIn { .. }
            | Self::No { .. }
            | Self::Bye { .. }
            | Self::TooMuch { .. }
            | Self::Lie { .. }
            | Self::Stopped => false,
        }
    }
}
