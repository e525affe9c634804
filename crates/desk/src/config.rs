//! The configuration: one readable file, `.postil/config.toml` in the vault.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use postil_draft::ReplyMode;
use postil_evidence::{Addr, Audience, ContentHash, LabelRules, Parties, PartyId};
use postil_mail::store::{StoreError, StoreKind, StoreSpec};
use postil_understand::standing::{Sending, Standing};
use postil_understand::{Owner, Verdict};
use serde::{Deserialize, Serialize};

use crate::embedding::{MODEL_ID, ModelSource};
use crate::error::DeskError;
use crate::imap::ImapSource;
use crate::standing::{line_of_rule, standing};

/// Where the configuration lies, relative to the vault.
pub const CONFIG_FILE: &str = ".postil/config.toml";

/// The file as written. Unknown keys are refused, so that a typo is not silently ignored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    /// Version of this file's form; 1.
    pub version: u32,
    /// Who the owner is.
    pub me: Me,
    /// Party name to its domains and addresses.
    pub party: BTreeMap<String, PartyEntry>,
    /// Folder to audience.
    pub folders: BTreeMap<String, Words>,
    /// Pairs of parties that may not learn of each other.
    pub wall: Vec<Wall>,
    /// Address that delivers to other addresses.
    pub alias: BTreeMap<String, Vec<String>>,
    /// Where things live in the vault.
    pub vault: VaultPlaces,
    /// Where mail is read.
    pub source: Vec<SourceEntry>,
    /// How mail is trusted.
    pub mail: MailEntry,
    /// How replies are written.
    pub reply: ReplyEntry,
    /// What the inbox lists.
    pub inbox: InboxEntry,
    /// What helps to find lines.
    pub recall: RecallEntry,
    /// Verdicts that were wrong, in the order in which the owner said so.
    pub correction: Vec<CorrectionEntry>,
}

/// `[me]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Me {
    /// Full name.
    pub name: String,
    /// Other names people use: first name, nicknames.
    pub names: Vec<String>,
    /// Every address of the owner.
    pub addresses: Vec<String>,
    /// Domains of the owner's organisation.
    pub domains: Vec<String>,
    /// IANA time zone, such as `Europe/Berlin`; the system's where it is empty.
    pub zone: String,
}

/// `[party.<name>]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartyEntry {
    /// Exact domains.
    pub domains: Vec<String>,
    /// Exact addresses.
    pub addresses: Vec<String>,
}

/// One word or a list of words.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Words {
    /// `"acme"`
    One(String),
    /// `["acme", "globex"]`
    Many(Vec<String>),
}

/// `[[wall]]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wall {
    /// The two parties.
    pub between: Vec<String>,
}

/// `[vault]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaultPlaces {
    /// Folder for draft notes.
    pub drafts: String,
    /// Folder for mail notes and their raw mail.
    pub sources: String,
}

impl Default for VaultPlaces {
    fn default() -> Self {
        Self { drafts: "Outbox/Drafts".to_owned(), sources: "Sources/Email".to_owned() }
    }
}

/// `[[source]]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    /// A short name.
    pub id: String,
    /// maildir, mbox, eml, thunderbird, markdown or imap.
    pub kind: String,
    /// Absolute, or relative to the vault; for imap, an address such as `imaps://user@host/`.
    pub path: String,
    /// imap: where the password or token comes from: `env:NAME` or `command:LINE`. Never the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// imap: what the secret is: `password` or `oauth2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// imap: a PEM file with further certificates to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// imap: the folders to read, `*` at the end for all that begin so; all but Trash, Junk and
    /// Drafts where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<String>,
}

/// `[mail]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailEntry {
    /// The name by which your mail host signs its `Authentication-Results`, such as `mx.google.com`;
    /// nobody's are believed where it is empty.
    pub authserv_id: String,
}

/// `[reply]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReplyEntry {
    /// `all`: everyone who was on the mail; `sender`: only its sender.
    pub mode: String,
    /// Opening line; by language and tone of the mail where it is empty.
    pub greeting: String,
    /// Closing line; by language and tone of the mail where it is empty.
    pub closing: String,
    /// The name under a reply; the first name where it is empty.
    pub signature: String,
    /// Mail older than this many days is not proposed for a reply.
    pub within_days: u32,
}

impl Default for ReplyEntry {
    fn default() -> Self {
        Self {
            mode: "all".to_owned(),
            greeting: String::new(),
            closing: String::new(),
            signature: String::new(),
            within_days: 45,
        }
    }
}

/// `[inbox]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboxEntry {
    /// Standing rules in plain words, such as `never draft for receipts`; the first that fits decides.
    pub rules: Vec<String>,
}

/// `[recall]`: an embedding model; off where it names no address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecallEntry {
    /// An OpenAI-compatible address that ends in `/embeddings`, such as `http://127.0.0.1:11434/v1/embeddings`.
    pub embeddings: String,
    /// The model's name there.
    pub model: String,
    /// Where its key comes from, where it wants one: `env:NAME` or `command:LINE`. Never the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// `[[correction]]`: a verdict that was wrong. Deleting the table takes it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionEntry {
    /// The day it was made.
    #[serde(default)]
    pub date: String,
    /// The newest message of the thread at that time: its Message-ID with brackets, else its key. While it is
    /// the newest, the thread has the verdict below.
    pub message: String,
    /// The sender of the message that the verdict rested on.
    #[serde(default)]
    pub from: String,
    /// Its subject.
    #[serde(default)]
    pub subject: String,
    /// Its List-Id.
    #[serde(default)]
    pub list: String,
    /// How it was sent: `person`, `list`, `bulk`, `automated`, `calendar`.
    #[serde(default)]
    pub sent: Sending,
    /// What it asks, in its words.
    #[serde(default)]
    pub asked: String,
    /// What Postil said.
    pub said: Verdict,
    /// What it should have said.
    pub should_be: Verdict,
}

/// The configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it came from.
    pub file: ConfigFile,
    /// The owner.
    pub owner: Owner,
    /// Label rules.
    pub rules: LabelRules,
    /// Mail sources.
    pub stores: Vec<StoreSpec>,
    /// What more is known of those that are IMAP servers.
    pub imap: Vec<ImapSource>,
    /// The embedding model, where one is set up.
    pub model: Option<ModelSource>,
    /// To whom replies go.
    pub reply_mode: ReplyMode,
    /// Standing rules and corrections.
    pub standing: Standing,
}

impl Config {
    /// Reads the vault's configuration.
    ///
    /// # Errors
    /// Where the file is missing, is not TOML, or names something that cannot be.
    pub fn load(vault: &Path, system_zone: &TimeZone) -> Result<Self, DeskError> {
        let path = vault.join(CONFIG_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let hint = format!("run: postil init {}", vault.display());
                return Err(DeskError::config(format!("{} is not set up for Postil", vault.display()), hint));
            }
            Err(error) => return Err(DeskError::io(&path, &error)),
        };
        let file: ConfigFile = toml::from_str(&text).map_err(|error| {
            DeskError::config(
                format!("{}: {}", path.display(), error.to_string().trim()),
                "mend that line and run again",
            )
        })?;
        if let Err((at, error)) = standing(&file) {
            let line = line_of_rule(&text, at).map_or_else(String::new, |line| format!(", line {line}"));
            return Err(DeskError::config(format!("{}{line}: {}", path.display(), error.what), error.hint));
        }
        Self::check(file, vault, system_zone)
    }

    /// Checks a configuration file's values.
    ///
    /// # Errors
    /// Where a value cannot be: a name the file does not define, an address that is not one.
    pub fn check(file: ConfigFile, vault: &Path, system_zone: &TimeZone) -> Result<Self, DeskError> {
        let owner = owner(&file.me, system_zone)?;
        let rules = LabelRules { parties: parties(&file)?, folders: folders(&file)? };
        let mut stores = Vec::new();
        let mut imap = Vec::new();
        for source in &file.source {
            let kind: StoreKind = source.kind.parse().map_err(|unknown: StoreError| {
                let what = format!("source {}: there is no kind `{}` ({unknown})", source.id, source.kind);
                DeskError::config(what, "kinds are maildir, mbox, eml, thunderbird, markdown and imap")
            })?;
            if stores.iter().any(|store: &StoreSpec| store.id == source.id) {
                let what = format!("two sources are called {}", source.id);
                return Err(DeskError::config(what, "give each [[source]] an id of its own"));
            }
            if kind == StoreKind::Imap {
                imap.push(ImapSource::check(source, vault)?);
            }
            stores.push(StoreSpec { id: source.id.clone(), kind, path: resolve(vault, &source.path) });
        }
        let model = ModelSource::check(&file.recall)?;
        if model.is_some() && imap.iter().any(|source| source.id == MODEL_ID) {
            let what = format!("a source and the model of [recall] are both called {MODEL_ID}");
            return Err(DeskError::config(what, "give that [[source]] another id"));
        }
        let reply_mode = match file.reply.mode.as_str() {
            "all" => ReplyMode::All,
            "sender" => ReplyMode::Sender,
            other => {
                return Err(DeskError::config(
                    format!("[reply] mode = \"{other}\" is unknown"),
                    "use \"all\" or \"sender\"",
                ));
            }
        };
        let standing = standing(&file).map_err(|(_, error)| error)?;
        Ok(Self { file, owner, rules, stores, imap, model, reply_mode, standing })
    }

    /// Says where the mail of IMAP servers is kept: below the state folder.
    pub(crate) fn place_spools(&mut self, state_dir: &Path) {
        for source in &self.imap {
            for spec in self.stores.iter_mut().filter(|spec| spec.id == source.id) {
                spec.path = source.spool(state_dir);
            }
        }
    }

    /// Changes when any rule that labels passages changes; the index is then built anew.
    #[must_use]
    pub fn label_fingerprint(&self) -> String {
        let rules = serde_json::to_string(&self.rules).unwrap_or_default();
        ContentHash::of(rules.as_bytes()).to_string()
    }

    /// Changes when anything that readings depend on changes.
    #[must_use]
    pub fn reading_fingerprint(&self) -> String {
        let me = serde_json::to_string(&self.file.me).unwrap_or_default();
        let standing = (&self.file.inbox, &self.file.correction, &self.file.mail);
        let standing = serde_json::to_string(&standing).unwrap_or_default();
        ContentHash::of_parts(&[me.as_bytes(), self.label_fingerprint().as_bytes(), standing.as_bytes()])
            .to_string()
    }
}

fn resolve(vault: &Path, path: &str) -> PathBuf {
    // `join` keeps an absolute path as it is.
    vault.join(path)
}

fn owner(me: &Me, system_zone: &TimeZone) -> Result<Owner, DeskError> {
    let hint = "set it in [me]";
    if me.addresses.is_empty() {
        return Err(DeskError::config(
            "[me] has no addresses, so Postil cannot tell which mail is yours",
            hint,
        ));
    }
    let addrs = addresses("[me] addresses", &me.addresses)?;
    let zone = if me.zone.is_empty() {
        system_zone.clone()
    } else {
        TimeZone::get(&me.zone).map_err(|error| {
            let what = format!("[me] zone = \"{}\" is no time zone: {error}", me.zone);
            DeskError::config(what, "use a name such as Europe/Berlin")
        })?
    };
    let mut names = me.names.clone();
    if let Some(first) = me.name.split_whitespace().next()
        && !names.iter().any(|name| name == first)
    {
        names.push(first.to_owned());
    }
    Ok(Owner { name: me.name.clone(), names, addrs, zone })
}

fn addresses(place: &str, raw: &[String]) -> Result<Vec<Addr>, DeskError> {
    raw.iter()
        .map(|text| {
            Addr::parse(text).ok_or_else(|| {
                DeskError::config(
                    format!("{place}: \"{text}\" is not a mail address"),
                    "mend it and run again",
                )
            })
        })
        .collect()
}

fn parties(file: &ConfigFile) -> Result<Parties, DeskError> {
    let lower = |domains: &[String]| -> BTreeSet<String> {
        domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_lowercase()).collect()
    };
    let mut parties = Parties {
        own_domains: lower(&file.me.domains),
        own_addrs: addresses("[me] addresses", &file.me.addresses)?.into_iter().collect(),
        ..Parties::default()
    };
    for (name, entry) in &file.party {
        let id = PartyId::new(name);
        if ["public", "internal", "private"].contains(&id.as_str()) {
            return Err(DeskError::config(
                format!("[party.{name}]: that word is a label"),
                "give the party another name",
            ));
        }
        for domain in lower(&entry.domains) {
            if is_freemail(&domain) {
                let what = format!("[party.{name}]: {domain} serves anyone, so it is no party's domain");
                return Err(DeskError::config(what, "list their addresses instead"));
            }
            if let Some(other) = parties.domains.insert(domain.clone(), id.clone()) {
                let what = format!("the domain {domain} belongs to both {other} and {id}");
                return Err(DeskError::config(what, "give each domain to one party"));
            }
        }
        for addr in addresses(&format!("[party.{name}] addresses"), &entry.addresses)? {
            parties.addrs.insert(addr, id.clone());
        }
    }
    for wall in &file.wall {
        let [a, b] = wall.between.as_slice() else {
            return Err(DeskError::config(
                "a [[wall]] stands between two parties",
                "write between = [\"a\", \"b\"]",
            ));
        };
        for name in [a, b] {
            if !file.party.keys().any(|party| PartyId::new(party) == PartyId::new(name)) {
                return Err(DeskError::config(
                    format!("[[wall]]: there is no party {name}"),
                    "add [party.…] or mend the name",
                ));
            }
        }
        parties.walls.push((PartyId::new(a), PartyId::new(b)));
    }
    for (alias, to) in &file.alias {
        let from = addresses("[alias]", std::slice::from_ref(alias))?;
        let to = addresses("[alias]", to)?;
        parties.aliases.extend(from.into_iter().map(|addr| (addr, to.clone())));
    }
    Ok(parties)
}

/// Whether anyone can have an address at this domain.
pub(crate) fn is_freemail(domain: &str) -> bool {
    FREEMAIL.contains(&domain)
}

/// Domains where anyone can have an address: never a party's, never ours.
const FREEMAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "proton.me",
    "protonmail.com",
    "aol.com",
    "mail.com",
    "qq.com",
    "163.com",
    "t-online.de",
    "orange.fr",
    "free.fr",
    "libero.it",
    "fastmail.com",
    "zoho.com",
    "yandex.ru",
    "mail.ru",
];

fn folders(file: &ConfigFile) -> Result<BTreeMap<String, Audience>, DeskError> {
    let known: BTreeSet<PartyId> = file.party.keys().map(|name| PartyId::new(name)).collect();
    let mut folders = BTreeMap::new();
    for (folder, words) in &file.folders {
        let words: Vec<&str> = match words {
            Words::One(word) => vec![word.as_str()],
            Words::Many(words) => words.iter().map(String::as_str).collect(),
        };
        let audience = Audience::parse(words);
        if let Audience::Parties(parties) = &audience
            && let Some(unknown) = parties.iter().find(|party| !known.contains(party))
        {
            let what = format!("[folders] \"{folder}\" is labelled {unknown}, and there is no such party");
            return Err(DeskError::config(what, format!("add [party.{unknown}] or mend the name")));
        }
        folders.insert(folder.trim_matches('/').to_owned(), audience);
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::tz::TimeZone;

    use super::{Config, ConfigFile};

    fn check(text: &str) -> Result<Config, String> {
        let file: ConfigFile = toml::from_str(text).map_err(|error| error.to_string())?;
        Config::check(file, Path::new("vault"), &TimeZone::UTC).map_err(|error| error.to_string())
    }

    #[test]
    fn a_typo_is_named_and_not_ignored() {
        let me = "[me]\nname = \"Sam Rivera\"\naddresses = [\"sam@us.example\"]\n";
        assert!(check(me).is_ok());
        for (bad, word) in [
            ("[folders]\n\"X\" = \"acme\"\n", "no such party"),
            ("[party.a]\ndomains = [\"gmail.com\"]\n", "serves anyone"),
            ("[party.a]\ndomains = [\"x.example\"]\n[party.b]\ndomains = [\"X.example\"]\n", "both a and b"),
            ("[party.public]\n", "is a label"),
            ("[[wall]]\nbetween = [\"a\", \"b\"]\n", "no party a"),
            ("[reply]\nmode = \"everyone\"\n", "unknown"),
            ("[[source]]\nid = \"x\"\nkind = \"pst\"\npath = \"x\"\n", "no kind"),
            (
                "[[source]]\nid = \"x\"\nkind = \"eml\"\npath = \"a\"\n[[source]]\nid = \"x\"\nkind = \"eml\"\npath = \"b\"\n",
                "two sources",
            ),
            ("[repyl]\n", "repyl"),
        ] {
            let error = check(&format!("{me}{bad}")).map(|_| ()).unwrap_err();
            assert!(error.contains(word), "{bad}: {error}");
        }
        assert!(check("[me]\nname = \"Sam\"\n").is_err());
    }
}
