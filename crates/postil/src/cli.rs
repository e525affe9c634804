//! The command line: what can be said, and the help that comes from it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{Timestamp, Zoned};

const EXIT_CODES: &str = "Exit codes:
  0   done
  1   done, but something named on stderr could not be read or written
  2   the call names something that is not there or cannot be
  3   the configuration or the vault is not as it should be
  4   the system refused: rights, a full disk, a vanished folder
  5   something else changed or holds the thing
  6   another machine failed
  70  a mistake of Postil's
  130 stopped by you (Ctrl-C); what was done stays done, the next run goes on from there

Data goes to stdout, everything else to stderr.";

/// Reads your mail and notes, says which messages need you and why, and drafts each reply from what
/// your own notes say. Nothing is sent without you.
#[derive(Debug, Parser)]
#[command(name = "postil", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: Global,
}

/// What every command takes.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// The vault; else the one around the current folder
    #[arg(long, global = true, value_name = "DIR", env = "POSTIL_VAULT")]
    pub(crate) vault: Option<PathBuf>,
    /// Take this as the time of the run (RFC 3339)
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_time)]
    pub(crate) now: Option<Zoned>,
    /// Print versioned JSON: one object, or one per line
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a fictional vault and mailbox and run the whole main job on it
    #[command(after_help = "Example:\n  postil demo /tmp/postil-demo")]
    Demo {
        /// A new or empty folder [default: postil-demo]
        dir: Option<PathBuf>,
    },
    /// Find a vault's layout and write its configuration
    #[command(
        after_help = "Example:\n  postil init ~/Notes --name \"Sam Rivera\" --address sam@halyard.example"
    )]
    Init(InitArgs),
    /// Add or list places where mail is read
    #[command(after_help = "Example:\n  postil source add maildir ~/Maildir")]
    Source {
        /// What to do with sources
        #[command(subcommand)]
        command: SourceCommand,
    },
    /// Read what is new in the vault and the mailboxes; safe to stop at any time
    #[command(after_help = "Example:\n  postil sync --vault ~/Notes")]
    Sync,
    /// Show what needs you, why, how sure, since when
    #[command(after_help = INBOX_HELP)]
    Inbox(InboxArgs),
    /// Show a message as understood: own words, quotes, asks, names, dates
    #[command(after_help = "Example:\n  postil read 3f2a9c")]
    Read {
        /// A Message-ID, or the start of a key as `inbox` shows it
        id: String,
    },
    /// Show the evidence a draft would use, and what was withheld and why
    #[command(after_help = "Example:\n  postil context 3f2a9c")]
    Context {
        /// A Message-ID, or the start of a key as `inbox` shows it
        id: String,
    },
    /// Write draft notes: for the messages named, or for all that need a reply
    #[command(after_help = "Example:\n  postil draft\n  postil draft 3f2a9c")]
    Draft {
        /// Message-IDs or starts of keys
        ids: Vec<String>,
    },
    /// Search mail and notes
    #[command(after_help = SEARCH_HELP)]
    Search(SearchArgs),
    /// Explain who may read a note
    #[command(after_help = "Example:\n  postil audience why \"Customers/Northwind/Northwind.md\"")]
    Audience {
        /// What to explain
        #[command(subcommand)]
        command: AudienceCommand,
    },
    /// Sync, read and draft: the daily job
    #[command(after_help = "Example:\n  postil run --vault ~/Notes\n  postil run --watch")]
    Run(RunArgs),
    /// Say what is wrong and what to do
    #[command(after_help = "Example:\n  postil doctor")]
    Doctor,
    /// Score one part of Postil on labelled rows and print the figures as JSON
    #[command(
        after_help = "Example:\n  postil eval bulk mail/spam\n  postil eval threads list.jsonl --mail list.mbox"
    )]
    Eval(EvalArgs),
}

const SEARCH_HELP: &str = "Example:
  postil search audit log retention
  postil search pricing --party northwind --since 2026-10-01

An embedding model helps to rank, in search and in drafts, where .postil/config.toml names one; else none is asked:

  [recall]
  embeddings = \"http://127.0.0.1:11434/v1/embeddings\"
  model = \"all-minilm\"

Any OpenAI-compatible address that ends in /embeddings will do. One on another machine must be https and be allowed once on
this machine: postil source allow embeddings. Where it wants a key: secret = \"env:NAME\" or secret = \"command:LINE\".";

const INBOX_HELP: &str = "Example:
  postil inbox
  postil inbox --all --json | jq .reasons
  postil inbox --wrong 3f2a9c
  postil inbox --wrong 3f2a9c --is bulk
  postil inbox --unwrong 3f2a9c

Corrections: --wrong turns the verdict of a thread round, until new mail comes on it. Mail of
the same sender, list and form of subject follows after one or two; a person's other questions
are never silenced by it. Each correction is a [[correction]] table in .postil/config.toml:
--unwrong, or deleting the table, takes it back.

Standing rules: write them into .postil/config.toml in plain words; the first that fits decides.

  [inbox]
  rules = [
    \"never draft for receipts\",
    \"always for acme.example\",
    \"never for newsletters@shop.example\",
    \"never for subject 'status report' from northwind\",
  ]

A rule is never or always, then for, then one of: an address; a domain, with those below it;
a party; a kind of mail (receipts, invoices, newsletters, notifications, invitations, reports,
reminders, surveys, deliveries, mailing lists); words of the subject in quotes. A kind and a
subject may end in from and an address, domain or party. No rule raises mail whose sender may
not be who they say.";

/// `postil inbox`
#[derive(Args, Debug)]
pub(crate) struct InboxArgs {
    /// Every thread of the window, with bulk and automated mail
    #[arg(long)]
    pub(crate) all: bool,
    /// Say that the verdict on this message's thread is wrong: a Message-ID, or the start of a key
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub(crate) wrong: Option<String>,
    /// With --wrong: what it should be (reply, info, bulk, automated, calendar, none) [default: the other way round]
    #[arg(long = "is", value_name = "VERDICT", requires = "wrong")]
    pub(crate) should_be: Option<String>,
    /// Take back what --wrong said of this message's thread
    #[arg(long, value_name = "ID", conflicts_with_all = ["all", "wrong"])]
    pub(crate) unwrong: Option<String>,
}

/// `postil init`
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The vault [default: the one of --vault, else the current folder]
    // Not called `vault`: the global option has that id.
    #[arg(value_name = "VAULT")]
    pub(crate) folder: Option<PathBuf>,
    /// Your full name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Your mail address; give it once for each
    #[arg(long = "address", value_name = "ADDRESS")]
    pub(crate) addresses: Vec<String>,
    /// A domain whose people are your colleagues; give it once for each
    #[arg(long = "domain", value_name = "DOMAIN")]
    pub(crate) domains: Vec<String>,
    /// Your time zone, such as Europe/Berlin
    #[arg(long)]
    pub(crate) zone: Option<String>,
    /// Put the folder labels that were found in force, instead of proposing them as comments
    #[arg(long)]
    pub(crate) label_folders: bool,
    /// Ask nothing
    #[arg(long)]
    pub(crate) yes: bool,
    /// Show what was found and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `postil run`
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Keep doing it: at once when an IMAP server has news, and every few minutes for the rest
    #[arg(long)]
    pub(crate) watch: bool,
    /// With --watch: look at everything again after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, requires = "watch",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) every: u64,
}

/// `postil source`
#[derive(Debug, Subcommand)]
pub(crate) enum SourceCommand {
    /// Add a place: maildir, mbox, eml, thunderbird, markdown or imap
    #[command(after_help = ADD_HELP)]
    Add(AddArgs),
    /// Let a secret, or texts for the embedding model, leave this machine
    #[command(
        long_about = "Let the secret of an IMAP source go to its server, on this machine.\n\nThe configuration travels with the vault, so a source that was not added here, or was changed since, runs no command and sends no secret until you say so. The same holds for the embedding model of [recall], which is called embeddings here: unless it runs on this machine and wants no key, no text goes there until you say so.",
        after_help = "Example:\n  postil source allow work\n  postil source allow embeddings"
    )]
    Allow {
        /// Its name, or embeddings
        id: String,
    },
    /// List the places
    #[command(after_help = "Example:\n  postil source list")]
    List,
}

const ADD_HELP: &str = "Example:
  postil source add mbox ~/mail/archive.mbox --id archive
  postil source add mbox \"~/Takeout/Mail/All mail Including Spam and Trash.mbox\"
  postil source add thunderbird ~/.thunderbird/abcd1234.default-release
  postil source add imap imaps://sam@mail.halyard.example/ --secret \"command:pass show mail\"
  postil source add imap imaps://sam%40halyard.example@imap.halyard.example/ --secret env:MAIL_TOKEN --login oauth2

Gmail Takeout: the labels stay with each message, and search finds them as it finds folders. What Gmail labels as spam, trash \
or drafts is not read; what it labels as sent is yours.

Thunderbird: a profile, its Mail or ImapMail folder, or one account in it. Trash, Junk, Drafts, Templates and what is not sent \
yet are not read, nor what was deleted and waits to be compacted. Nothing in the profile is changed; reading while Thunderbird \
runs is safe.

IMAP: imaps:// is encrypted from the start (port 993), imap:// by STARTTLS (port 143), and imap+plain:// never, to this \
machine only. Nothing on the server is ever changed: no flag is set, no folder is written. All folders are read but Trash, \
Junk and Drafts, and views that show other folders' mail again; on Gmail, All Mail alone. --folder names others.

The password or token is written nowhere. Keyrings by their own programs:
  Linux    --secret \"command:secret-tool lookup service postil user sam\"
  macOS    --secret \"command:security find-generic-password -s postil -a sam -w\"";

/// `postil source add`
#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    /// maildir, mbox, eml (a folder of messages, .eml or .msg), thunderbird, markdown (exported threads) or imap
    pub(crate) kind: String,
    /// The file or folder; for imap, its address
    pub(crate) place: PathBuf,
    /// A short name for it
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// imap: where the password or token comes from: env:NAME or command:LINE
    #[arg(long, value_name = "FROM")]
    pub(crate) secret: Option<String>,
    /// imap: what the secret is: password or oauth2 [default: password]
    #[arg(long, value_name = "KIND")]
    pub(crate) login: Option<String>,
    /// imap: a PEM file with further certificates to trust
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// imap: read only this folder, or, with * at the end, those that begin so; may be given again
    #[arg(long = "folder", value_name = "NAME")]
    pub(crate) folders: Vec<String>,
}

/// `postil search`
#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// Words
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Only notes, or only mail
    #[arg(long, value_enum)]
    pub(crate) kind: Option<KindArg>,
    /// Only what this audience may read: public, internal, private or a party's name
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Only what is for this party
    #[arg(long)]
    pub(crate) party: Option<String>,
    /// Only what has this person's address on it
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) person: Vec<String>,
    /// From this day on (YYYY-MM-DD)
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<jiff::civil::Date>,
    /// Up to this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<jiff::civil::Date>,
    /// How many hits
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Show the parts of each score
    #[arg(long)]
    pub(crate) explain: bool,
}

/// Notes or mail.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindArg {
    /// Notes of the vault
    Note,
    /// Messages
    Mail,
}

/// `postil audience`
#[derive(Debug, Subcommand)]
pub(crate) enum AudienceCommand {
    /// Who may read this note, and the rule that decided
    #[command(after_help = "Example:\n  postil audience why \"Pricing strategy 2027\"")]
    Why {
        /// A path in the vault, or a title that only one note has
        note: String,
    },
}

/// `postil eval`
#[derive(Args, Debug)]
pub(crate) struct EvalArgs {
    /// intent, asks, exqa, people, zones, reply-text, mime, threads, dates, bulk, triage, links, front-matter, attacks, recall,
    /// evidence, demo, draft-speed, reading-speed
    pub(crate) task: String,
    /// The rows: a file or a folder, as the task needs
    pub(crate) path: PathBuf,
    /// Mail the rows speak of: an mbox or a folder
    #[arg(long, value_name = "PATH")]
    pub(crate) mail: Option<PathBuf>,
    /// Every path of the vault, one a line, where its attachments are not there
    #[arg(long, value_name = "LIST")]
    pub(crate) files: Option<PathBuf>,
    /// Thread without In-Reply-To and References
    #[arg(long)]
    pub(crate) without_references: bool,
    /// recall: ask this embedding model too, at an OpenAI-compatible address that ends in /embeddings
    #[arg(long, value_name = "URL", requires = "model")]
    pub(crate) embeddings: Option<String>,
    /// recall: the name of that model
    #[arg(long, value_name = "NAME", requires = "embeddings")]
    pub(crate) model: Option<String>,
    /// Print this many wrong rows to stderr
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) errors: usize,
}

/// RFC 3339 with an offset, with or without an IANA zone in brackets.
fn parse_time(text: &str) -> Result<Zoned, String> {
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(zoned);
    }
    let instant: Timestamp =
        text.parse().map_err(|error| format!("{error}; write it as 2026-11-23T08:30:00+01:00"))?;
    let offset =
        jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%:z", text).ok().and_then(|parts| parts.offset());
    Ok(instant.to_zoned(offset.map_or(jiff::tz::TimeZone::UTC, jiff::tz::Offset::to_time_zone)))
}
