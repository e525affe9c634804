//! The versioned views: what front doors show and other programs may rely on. Plain data, one
//! `schema` each; a field is never renamed or retyped without a new version.

use serde::Serialize;

/// One thread in the inbox. `postil/inbox@1`
#[derive(Clone, Debug, Serialize)]
pub struct InboxItem {
    /// `postil/inbox@1`
    pub schema: &'static str,
    /// Message-ID of the message that decided, with brackets; its key where it has none.
    pub message_id: String,
    /// The message's key; a unique prefix of it names the message on the command line.
    pub key: String,
    /// The thread.
    pub thread_id: String,
    /// Who wrote it.
    pub from: String,
    /// The subject as written.
    pub subject: String,
    /// RFC 3339; empty where the message has no usable date.
    pub date: String,
    /// `reply`, `waiting`, `promised`, `info`, `bulk`, `automated`, `calendar`, `none`.
    pub verdict: String,
    /// `low`, `medium`, `high`.
    pub confidence: String,
    /// Why, with the words that caused it.
    pub reasons: Vec<ReasonView>,
    /// The open asks, in the words of the mail.
    pub asks: Vec<String>,
    /// Path of the draft note that answers it.
    pub draft: Option<String>,
    /// Since when it waits; RFC 3339.
    pub since: Option<String>,
    /// Why to look twice at its sender; mostly empty.
    pub warnings: Vec<String>,
    /// Whether a message of it was joined to it by a guess and no header; `read` tells which.
    pub guessed: bool,
}

/// Why.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonView {
    /// What was found.
    pub kind: String,
    /// The words that caused it.
    pub text: String,
}

/// A verdict that the owner corrected. `postil/correction@1`
#[derive(Clone, Debug, Serialize)]
pub struct CorrectionView {
    /// `postil/correction@1`
    pub schema: &'static str,
    /// `noted`, or `taken back`.
    pub state: String,
    /// The newest message of the thread at that time: its Message-ID with brackets, else its key.
    pub message_id: String,
    /// The sender of the message that the verdict rested on.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// What Postil said.
    pub said: String,
    /// What it should have said.
    pub should_be: String,
    /// The file that holds it.
    pub file: String,
}

/// A message as understood. `postil/read@1`
#[derive(Clone, Debug, Serialize)]
pub struct ReadView {
    /// `postil/read@1`
    pub schema: &'static str,
    /// Message-ID with brackets; its key where it has none.
    pub message_id: String,
    /// The message's key.
    pub key: String,
    /// From.
    pub from: String,
    /// To.
    pub to: Vec<String>,
    /// Cc.
    pub cc: Vec<String>,
    /// Subject as written.
    pub subject: String,
    /// RFC 3339.
    pub date: String,
    /// What it answers, if the thread holds that: its Message-ID with brackets, else its key.
    pub answers: Option<String>,
    /// Where no header says so: how likely it answers that, in percent.
    pub answers_guessed: Option<u8>,
    /// Verdict on its thread.
    pub verdict: String,
    /// Why.
    pub reasons: Vec<ReasonView>,
    /// The whole text; spans point into it.
    pub text: String,
    /// What the sender wrote this time.
    pub own_words: String,
    /// What each run of lines is.
    pub zones: Vec<ZoneView>,
    /// The signature block, if there is one.
    pub signature: Option<String>,
    /// What that block says of the sender.
    pub signature_fields: Vec<SignatureFieldView>,
    /// What it quotes, and whether anybody is known to have written that.
    pub quotes: Vec<QuoteView>,
    /// Parts that are not its text.
    pub attachments: Vec<AttachmentView>,
    /// What was wrong with it.
    pub defects: Vec<String>,
    /// Why to look twice at its sender; mostly empty.
    pub warnings: Vec<String>,
    /// What the owner's mail host found.
    pub authentication: AuthenticationView,
    /// What the sender wants.
    pub asks: Vec<AskView>,
    /// Known names in it.
    pub mentions: Vec<MentionView>,
    /// Dates in it.
    pub dates: Vec<DateView>,
    /// What it is about.
    pub topics: Vec<String>,
    /// ISO 639-1, where it is sure.
    pub language: Option<String>,
}

/// One thing a signature block says.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureFieldView {
    /// `name`, `role`, `organisation`, `phone`, `fax`, `mail`, `link` or `place`.
    pub field: String,
    /// The words.
    pub text: String,
    /// First byte of `text` of the message.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A run of quoted lines.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteView {
    /// First byte of `text` of the message.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Message-ID of the message of the thread that holds these words; without one they are only claimed.
    pub said_in: Option<String>,
}

/// A run of lines.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneView {
    /// First byte of `text`.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub zone: String,
}

/// An attachment.
#[derive(Clone, Debug, Serialize)]
pub struct AttachmentView {
    /// The name it was given.
    pub name: String,
    /// The type it claims.
    pub content_type: String,
    /// The type its bytes show, where they show one.
    pub sniffed: Option<String>,
    /// Bytes.
    pub size: usize,
    /// Hash of its bytes.
    pub hash: String,
    /// What could be read in it.
    pub text: String,
    /// Events of a calendar part.
    pub events: Vec<postil_mail::message::Event>,
    /// Contacts of a vCard part.
    pub contacts: Vec<postil_mail::message::Contact>,
}

/// Who vouches for a message's sender.
#[derive(Clone, Debug, Serialize)]
pub struct AuthenticationView {
    /// `pass`, `fail` or `unknown`, by the host that the configuration names.
    pub state: String,
    /// What any host claims, `host: method=result …`, believed or not.
    pub claims: Vec<String>,
}

/// An ask.
#[derive(Clone, Debug, Serialize)]
pub struct AskView {
    /// The words of the mail.
    pub text: String,
    /// `question`, `request`, `time`, `document`, `decision`, `introduction`.
    pub kind: String,
    /// Whether it is addressed to the owner (or to everyone).
    pub to_owner: bool,
    /// By when, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// Whether nothing later in the thread answers it.
    pub open: bool,
    /// First byte of the message's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Why it counts as an ask.
    pub reason: String,
    /// Key of the message it stands in.
    pub message: String,
}

/// A known name in a text.
#[derive(Clone, Debug, Serialize)]
pub struct MentionView {
    /// The words of the mail.
    pub text: String,
    /// Who fits; more than one means the text does not tell.
    pub names: Vec<String>,
    /// Their notes.
    pub notes: Vec<String>,
}

/// A date in a text.
#[derive(Clone, Debug, Serialize)]
pub struct DateView {
    /// The words of the mail.
    pub text: String,
    /// Start, RFC 3339.
    pub start: String,
    /// End of an interval, RFC 3339, exclusive.
    pub end: Option<String>,
    /// How exact.
    pub grain: String,
}

/// What a draft would use, and what it may not. `postil/context@1`
#[derive(Clone, Debug, Serialize)]
pub struct ContextView {
    /// `postil/context@1`
    pub schema: &'static str,
    /// The message that would be answered.
    pub message_id: String,
    /// Who would read the reply.
    pub recipients: Vec<String>,
    /// Per ask, what answers it.
    pub asks: Vec<AskContextView>,
    /// Whole items shown beside the draft.
    pub context: Vec<EvidenceView>,
    /// What would have been found and is not for these recipients. For the owner's eyes only.
    pub withheld: Vec<WithheldView>,
}

/// One ask and its evidence.
#[derive(Clone, Debug, Serialize)]
pub struct AskContextView {
    /// The words of the mail.
    pub text: String,
    /// What kind of ask it is.
    pub kind: String,
    /// Chosen passages, best first.
    pub evidence: Vec<EvidenceView>,
}

/// A passage.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceView {
    /// Note path, or `mail:` and a key.
    pub source: String,
    /// 1-based line.
    pub line: u32,
    /// What it says.
    pub text: String,
    /// Its score.
    pub score: f64,
    /// What made the score.
    pub reasons: Vec<String>,
    /// Who may read it.
    pub label: String,
    /// The day it speaks from.
    pub date: Option<String>,
}

/// Something that may not be used.
#[derive(Clone, Debug, Serialize)]
pub struct WithheldView {
    /// Note path, or `mail:` and a key.
    pub source: String,
    /// 1-based line.
    pub line: u32,
    /// Why.
    pub reason: String,
}

/// A draft. `postil/draft@1`
#[derive(Clone, Debug, Serialize)]
pub struct DraftView {
    /// `postil/draft@1`
    pub schema: &'static str,
    /// Message-ID of the message it answers.
    pub message_id: String,
    /// The draft note; `None` where none was written.
    pub path: Option<String>,
    /// `written`, `exists`, `edited`, `not needed`.
    pub state: String,
    /// To.
    pub to: Vec<String>,
    /// Cc.
    pub cc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// The reply as it would be sent.
    pub body: String,
    /// Each sentence with what it rests on.
    pub sentences: Vec<SentenceView>,
    /// What the owner should look at before sending.
    pub findings: Vec<String>,
}

/// A sentence of a draft.
#[derive(Clone, Debug, Serialize)]
pub struct SentenceView {
    /// The sentence.
    pub text: String,
    /// Where it comes from: `evidence`, `thread`, `config`, `phrase`, joined by `+`.
    pub origin: String,
    /// The passages it cites, as `path:line`.
    pub evidence: Vec<String>,
}

/// A search. `postil/search@1`
#[derive(Clone, Debug, Serialize)]
pub struct SearchView {
    /// `postil/search@1`
    pub schema: &'static str,
    /// The only day that was looked at, where the query names a meeting or the like of that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Best first.
    pub hits: Vec<EvidenceView>,
}

/// A place where mail is read. `postil/source@1`
#[derive(Clone, Debug, Serialize)]
pub struct SourceView {
    /// `postil/source@1`
    pub schema: &'static str,
    /// Its short name.
    pub id: String,
    /// `maildir`, `mbox`, `eml`, `thunderbird`, `markdown`.
    pub kind: String,
    /// The file or folder.
    pub path: String,
}

/// What a sync read. `postil/sync@1`
#[derive(Clone, Debug, Default, Serialize)]
pub struct SyncView {
    /// `postil/sync@1`
    pub schema: &'static str,
    /// Messages known after the run.
    pub messages: u64,
    /// Messages read for the first time.
    pub messages_new: u64,
    /// Further copies of messages already known.
    pub copies: u64,
    /// Replies whose headers lead to no message, joined to a thread by what they say.
    pub joined_by_guess: u64,
    /// Messages passed over because their mailbox labels them as spam, thrown away or unfinished.
    pub set_aside: u64,
    /// Messages whose last copy is gone.
    pub messages_gone: u64,
    /// Notes known after the run.
    pub notes: u64,
    /// Notes read because they are new or changed.
    pub notes_read: u64,
    /// Notes that are gone.
    pub notes_gone: u64,
    /// Passages written to the index.
    pub passages: u64,
    /// Defects by kind, of all messages and notes.
    pub defects: Vec<(String, u64)>,
    /// What could not be read; the run went on.
    pub problems: Vec<String>,
    /// Whether the user stopped the run; what was read stays read.
    pub stopped: bool,
    /// Why the index was built anew, if it was.
    pub rebuilt: Option<String>,
}

/// What a daily run did. `postil/run@1`
#[derive(Clone, Debug, Serialize)]
pub struct RunView {
    /// `postil/run@1`
    pub schema: &'static str,
    /// What was read.
    pub sync: SyncView,
    /// Threads by verdict.
    pub verdicts: Vec<(String, u64)>,
    /// Drafts written, existing or skipped.
    pub drafts: Vec<DraftView>,
    /// What failed; the rest was done.
    pub problems: Vec<String>,
}

/// Who may read a note, and why. `postil/audience@1`
#[derive(Clone, Debug, Serialize)]
pub struct AudienceView {
    /// `postil/audience@1`
    pub schema: &'static str,
    /// The note.
    pub note: String,
    /// Who may read it.
    pub audience: String,
    /// The rule that decided.
    pub why: String,
}

/// One finding of the doctor. `postil/doctor@1`
#[derive(Clone, Debug, Serialize)]
pub struct CheckView {
    /// `postil/doctor@1`
    pub schema: &'static str,
    /// `ok`, `note`, `problem`.
    pub state: String,
    /// What was looked at.
    pub what: String,
    /// What was found.
    pub found: String,
    /// What to do.
    pub todo: String,
}
