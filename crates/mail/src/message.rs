//! A message after the border: every value cleaned, every defect kept.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Zoned;
use postil_evidence::{Addr, ContentHash, HeaderText, Mailbox, MessageKey, Span};
use serde::{Deserialize, Serialize};

pub use crate::attach::{Contact, Event, When};
pub use crate::authentication::{AuthenticationResults, MethodResult};
pub use crate::build::{Build, Layout};

/// A Message-ID without its angle brackets: 3 to 250 visible ASCII characters, no `<`, `>` or space.
///
/// # Source
/// RFC 5322 section 3.6.4; SECURITY.md T12.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MsgId(String);

impl MsgId {
    /// Reads one id, with or without brackets; `None` where it has characters that could end a
    /// header line or confuse another parser.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let id = raw.trim();
        let id = id.strip_prefix('<').unwrap_or(id);
        let id = id.strip_suffix('>').unwrap_or(id);
        let visible = id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>');
        ((3..=250).contains(&id.len()) && visible).then(|| Self(id.to_owned()))
    }

    /// The id without brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MsgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl TryFrom<String> for MsgId {
    type Error = &'static str;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok_or("not a Message-ID")
    }
}

impl From<MsgId> for String {
    fn from(id: MsgId) -> Self {
        id.to_string()
    }
}

impl Unaddressed {
    /// Name and what stands for an address as one text.
    #[must_use]
    pub fn text(name: &str, address: &str) -> HeaderText {
        match (name.trim(), address.trim()) {
            ("", address) => HeaderText::clean(address),
            (name, "") => HeaderText::clean(name),
            (name, address) => HeaderText::clean(&format!("{name} <{address}>")),
        }
    }
}

/// What a line of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneKind {
    /// The sender's own prose.
    Paragraph,
    /// "Hi Sam,"
    Salutation,
    /// "Best regards," and the name below it.
    Closing,
    /// Text of an earlier message.
    Quotation,
    /// "On Monday Ana wrote:"
    QuotationMarker,
    /// A header block copied into the body ("From: … Sent: … Subject: …").
    InlineHeaders,
    /// The sender's signature block.
    PersonalSignature,
    /// "Sent from my phone", list footers and the like.
    MuaSignature,
    /// Legal text under a message.
    Disclaimer,
    /// Lines of dashes and the like.
    Separator,
    /// Program text.
    Code,
    /// A change to program text (a diff), with its list of files.
    Patch,
    /// Output of a program.
    Log,
    /// Columns.
    Table,
    /// Anything else that a program wrote.
    Technical,
    /// A heading inside the message.
    SectionHeading,
    /// Blank lines.
    Empty,
}

impl ZoneKind {
    /// Whether a zone of this kind is something the sender wrote this time.
    #[must_use]
    pub fn is_own_words(self) -> bool {
        match self {
            Self::Paragraph
            | Self::Salutation
            | Self::Closing
            | Self::Code
            | Self::Patch
            | Self::Log
            | Self::Table
            | Self::Technical
            | Self::SectionHeading
            | Self::Empty => true,
            Self::Quotation
            | Self::QuotationMarker
            | Self::InlineHeaders
            | Self::PersonalSignature
            | Self::MuaSignature
            | Self::Disclaimer
            | Self::Separator => false,
        }
    }
}

/// A run of whole lines of [`Message::text`] of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Bytes of [`Message::text`], from the start of a line to the start of the next one.
    pub span: Span,
    /// What the lines are.
    pub kind: ZoneKind,
}

/// Headers that tell how a message was sent, not what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryHeaders {
    /// List-Id (RFC 2919).
    pub list_id: Option<HeaderText>,
    /// List-Post (RFC 2369).
    pub list_post: Option<Addr>,
    /// List-Unsubscribe (RFC 2369), as written.
    pub list_unsubscribe: Option<HeaderText>,
    /// Precedence (RFC 2076): bulk, list, junk.
    pub precedence: Option<HeaderText>,
    /// Auto-Submitted (RFC 3834).
    pub auto_submitted: Option<HeaderText>,
    /// X-Auto-Response-Suppress, X-Autoreply, X-Autorespond or the like is present; its text.
    pub auto_response: Option<HeaderText>,
    /// Feedback-ID, X-Campaign or another mark of a mass mailer is present; its text.
    pub mass_mailer: Option<HeaderText>,
    /// Return-Path is `<>`: a bounce.
    pub null_return_path: bool,
    /// User-Agent, X-Mailer or X-Library.
    pub mailer: Option<HeaderText>,
    /// What stands in address fields without being an address.
    #[serde(default)]
    pub unaddressed: Vec<Unaddressed>,
    /// Authentication-Results fields, outermost first; believed by nobody yet.
    #[serde(default)]
    pub authentication: Vec<AuthenticationResults>,
    /// How it was put together.
    #[serde(default)]
    pub build: Build,
}

/// A part that is not the message's text. Its bytes stay in the raw message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The name it was given, cleaned; never used as a path.
    pub name: HeaderText,
    /// The type it claims, lower case, such as `application/pdf`.
    pub content_type: String,
    /// The type its bytes show, where they show one.
    pub sniffed: Option<String>,
    /// Decoded size in bytes.
    pub size: usize,
    /// Hash of the decoded bytes.
    pub hash: ContentHash,
    /// What a person would read in it, cleaned, `\n` line ends; empty where nothing could be read.
    pub text: String,
    /// Events of a calendar part.
    pub events: Vec<Event>,
    /// Contacts of a vCard part.
    pub contacts: Vec<Contact>,
}

impl Attachment {
    /// A name from a mail as it is shown: one line, no path in it, no leading dot.
    #[must_use]
    pub fn clean_name(raw: &str) -> HeaderText {
        let name: String = raw.chars().map(|c| if matches!(c, '/' | '\\' | ':') { '_' } else { c }).collect();
        let name = HeaderText::clean(&name);
        HeaderText::clean(name.as_str().trim_start_matches(['.', ' ']))
    }
}

/// Where an address was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressField {
    /// From
    From,
    /// Sender
    Sender,
    /// Reply-To
    ReplyTo,
    /// To
    To,
    /// Cc
    Cc,
    /// Bcc
    Bcc,
}

/// What stands in an address field without being an address. Kept to be shown; it resolves nobody and
/// nothing is ever sent to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unaddressed {
    /// Where it stands.
    pub field: AddressField,
    /// The words, as `name`, `address` or `name <address>`.
    pub text: HeaderText,
}

/// Damage or trickery found while reading; the message is kept all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "detail")]
pub enum Defect {
    /// Over a limit of the border; the body was not parsed. Says which.
    OverLimit(String),
    /// No usable From.
    NoSender,
    /// No Message-ID.
    NoMessageId,
    /// A Message-ID, In-Reply-To or References entry that is not an id.
    BadMessageId,
    /// No Date, or one that is not a date.
    BadDate,
    /// An address that is not one.
    BadAddress,
    /// A header value held line ends or other controls.
    ControlInHeader,
    /// A part ended early, a boundary is missing, or an encoding is damaged.
    DamagedPart,
    /// Characters that hide text were removed; how many.
    HiddenCharacters(usize),
    /// HTML that a person would not see was dropped; characters of it.
    HiddenHtml(usize),
    /// An attachment name that tries to be a path.
    HostileName,
    /// A Reply-To of another domain than From.
    ReplyToElsewhere,
    /// A domain that mixes scripts or is written as punycode; the domain, and how it reads.
    OddDomain(String),
    /// A display name that is an address, and not the one it stands before.
    NameIsAddress(String),
    /// An attachment whose bytes are something else than it claims; what they are.
    OtherType(String),
    /// Plain text and HTML say different things.
    PartsDisagree,
    /// Nothing of the message could be read.
    Unreadable(String),
}

/// One mail, after the border.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its identity: the same for two copies of one mail.
    pub key: MessageKey,
    /// Message-ID.
    pub message_id: Option<MsgId>,
    /// In-Reply-To.
    pub in_reply_to: Vec<MsgId>,
    /// References, oldest first.
    pub references: Vec<MsgId>,
    /// From (the first mailbox).
    pub from: Option<Mailbox>,
    /// Sender.
    pub sender: Option<Mailbox>,
    /// Reply-To.
    pub reply_to: Vec<Mailbox>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Bcc (on our own sent mail).
    pub bcc: Vec<Mailbox>,
    /// Subject, decoded, as written (with its prefixes).
    pub subject: HeaderText,
    /// Date with the offset its header gave; `None` where there was no usable date.
    pub date: Option<Zoned>,
    /// How it was sent.
    pub delivery: DeliveryHeaders,
    /// All text a person would see, `\n` line ends, with its quotes. Spans point into it.
    pub text: String,
    /// The zones of `text`, in order, covering it whole.
    pub zones: Vec<Zone>,
    /// Parts that are not its text.
    pub attachments: Vec<Attachment>,
    /// METHOD of a `text/calendar` part, upper case (`REQUEST`, `CANCEL`, `REPLY`), if there is one.
    pub calendar_method: Option<String>,
    /// What was wrong with it.
    pub defects: Vec<Defect>,
    /// Size of the raw message in bytes.
    pub size: usize,
    /// Labels that the owner's mailbox gave it.
    #[serde(default)]
    pub labels: Vec<HeaderText>,
    /// Whether the owner's mailbox says that the owner sent it.
    #[serde(default)]
    pub sent: bool,
    /// Whether the owner's mailbox says that it was answered, be the answer here or not.
    #[serde(default)]
    pub answered: bool,
}

/// What thanks begin with, lower case.
const THANKS: [&str; 20] = [
    "thank",
    "thx",
    "tia",
    "dank",
    "merci",
    "gracias",
    "obrigad",
    "grazie",
    "bedankt",
    "tack",
    "takk",
    "kiitos",
    "dzięk",
    "спасибо",
    "дякую",
    "谢",
    "謝",
    "ありがとう",
    "감사",
    "köszön",
];

impl Message {
    /// The zones that are the sender's own words, in order, without empty lines.
    pub fn own_zones(&self) -> impl Iterator<Item = Zone> + '_ {
        self.zones.iter().copied().filter(|zone| zone.kind.is_own_words() && zone.kind != ZoneKind::Empty)
    }

    /// The sender's own words as text: own zones joined, blank lines kept between them, without the
    /// formula and the name that end a letter. A closing in one line ("Thanks, Ana") is kept: it may
    /// say something.
    #[must_use]
    pub fn own_words(&self) -> String {
        let mut out = String::new();
        let end = self.sign_off().unwrap_or(self.zones.len());
        for zone in self.zones.iter().take(end).filter(|zone| zone.kind.is_own_words()) {
            out.push_str(zone.span.of(&self.text));
        }
        out.trim().to_owned()
    }

    /// Where the sign-off begins, as a place in [`Message::zones`]: a formula with the name below it, or a
    /// dash with a name that stands above the line of a mail program or hangs on the line above it.
    fn sign_off(&self) -> Option<usize> {
        let own = |zone: &Zone| zone.kind.is_own_words() && zone.kind != ZoneKind::Empty;
        let mut begins = None;
        for (at, zone) in self.zones.iter().enumerate().rev().filter(|(_, zone)| own(zone)) {
            if zone.kind != ZoneKind::Closing {
                break;
            }
            begins = Some(at);
        }
        let begins = begins?;
        if !self.zones.iter().take(begins).any(own) {
            return None;
        }
        let closing = self.zones.get(begins..)?;
        let mut said = String::new();
        for zone in closing.iter().filter(|zone| zone.kind == ZoneKind::Closing) {
            said.push_str(&zone.span.of(&self.text).to_lowercase());
        }
        // Thanks may be the answer; greetings are none.
        let formula = said.lines().count() >= 2 && !THANKS.iter().any(|thanks| said.contains(thanks));
        let dashed = said.trim_start().starts_with(['-', '\u{2014}', '\u{2013}']);
        let hangs = begins.checked_sub(1).and_then(|above| self.zones.get(above)).is_some_and(own);
        let below = closing.iter().find(|zone| !matches!(zone.kind, ZoneKind::Closing | ZoneKind::Empty));
        let below = below.is_some_and(|zone| zone.kind == ZoneKind::MuaSignature);
        (formula || dashed && (hangs || below)).then_some(begins)
    }

    /// Everyone on it: From, Sender, To and Cc. Bcc is left out: the others do not know of them.
    #[must_use]
    pub fn participants(&self) -> BTreeSet<Addr> {
        let single = self.from.iter().chain(&self.sender);
        single.chain(&self.to).chain(&self.cc).map(|mailbox| mailbox.addr.clone()).collect()
    }

    /// The ids that tie it to a thread: its own, In-Reply-To, References; without repeats.
    #[must_use]
    pub fn thread_ids(&self) -> Vec<&MsgId> {
        let mut ids: Vec<&MsgId> = Vec::new();
        for id in self.message_id.iter().chain(&self.in_reply_to).chain(&self.references) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::MsgId;

    #[test]
    fn an_id_never_carries_a_line_end() {
        assert_eq!(
            MsgId::parse("<a.b@c.example>").map(|id| id.to_string()).as_deref(),
            Some("<a.b@c.example>")
        );
        for bad in ["", "<>", "<a\r\nBcc: x@y>", "<a b@c>", "<a\rb@c>", "<é@x.example>", "<<a@b>>"] {
            assert_eq!(MsgId::parse(bad), None, "{bad:?}");
        }
    }
}
