//! `postil init`: finds how a vault is laid out and writes the configuration. It never moves or
//! makes a note; it writes one file, and never over one that is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use postil_evidence::{Addr, Audience, Entity, EntityKind, Label, Trust};
use postil_mail::store::imap::ImapAddress;
use serde::Serialize;

use crate::config::{CONFIG_FILE, Config, ConfigFile, SourceEntry};
use crate::env::Environment;
use crate::error::DeskError;
use crate::imap::ImapSource;
use crate::secret::SecretFrom;

/// What `postil init` was told.
#[derive(Clone, Debug, Default)]
pub struct InitAnswers {
    /// The owner's full name.
    pub name: Option<String>,
    /// The owner's addresses.
    pub addresses: Vec<String>,
    /// The owner's domains; the addresses' own domains where empty and not freemail.
    pub domains: Vec<String>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Whether the folders found for a party may be labelled for that party right away.
    pub label_folders: LabelFolders,
}

/// Whether folders that belong to a party are labelled for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelFolders {
    /// Written as comments, for a person to take.
    #[default]
    Propose,
    /// Written as rules.
    Apply,
}

/// What was found in the vault. `postil/init@1`
#[derive(Clone, Debug, Default, Serialize)]
pub struct Layout {
    /// `postil/init@1`
    pub schema: &'static str,
    /// The vault.
    pub vault: PathBuf,
    /// Notes read.
    pub notes: usize,
    /// Known people, organisations and projects: kind, count, and the folder most of them live in.
    pub kinds: Vec<(String, usize, String)>,
    /// Notes with a day: meetings, daily notes.
    pub dated: usize,
    /// Folders left alone because they hold templates.
    pub templates: Vec<String>,
    /// Folder for draft notes: the one in use, else the default.
    pub drafts: String,
    /// Folder for mail notes: the one in use, else the default.
    pub sources: String,
    /// Parties found: name, domains, folders that look theirs.
    pub parties: Vec<(String, Vec<String>, Vec<String>)>,
    /// Notes that could not be read or have broken front matter.
    pub defects: Vec<String>,
    /// Where the configuration was written; `None` where it was only looked at.
    pub config: Option<PathBuf>,
}

/// Looks at a vault and changes nothing.
///
/// # Errors
/// Where the folder is not there or holds no note and no `.obsidian`.
pub fn find_layout(vault: &Path) -> Result<Layout, DeskError> {
    if !vault.is_dir() {
        return Err(DeskError::user(
            format!("{} is not a folder", vault.display()),
            "name the folder of your vault",
        ));
    }
    let (settings, setting_defects) = postil_vault::read_settings(vault);
    let walk = postil_vault::walk(vault, &settings)?;
    if walk.notes.is_empty() && !vault.join(".obsidian").is_dir() {
        let what = format!("{} holds no Markdown note", vault.display());
        return Err(DeskError::user(
            what,
            "name the folder of your vault; for an empty one, write a first note",
        ));
    }
    let mut layout = Layout {
        schema: "postil/init@1",
        vault: vault.to_path_buf(),
        notes: walk.notes.len(),
        templates: settings.template_folders.clone(),
        drafts: String::new(),
        sources: String::new(),
        ..Layout::default()
    };
    layout.defects.extend(setting_defects.iter().map(ToString::to_string));
    layout.defects.extend(walk.unreadable.iter().map(|(path, why)| format!("{}: {why}", path.display())));
    let mut entities: Vec<Entity> = Vec::new();
    let mut folders: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for seen in &walk.notes {
        let note = match postil_vault::read_note(vault, &seen.path) {
            Ok((_, note)) => note,
            Err(error) => {
                layout.defects.push(error.to_string());
                continue;
            }
        };
        layout.defects.extend(note.defects.iter().map(|defect| format!("{}: {defect}", seen.path)));
        layout.dated += usize::from(note.date.is_some());
        match note.text_of("type").unwrap_or_default() {
            "email-draft" | "draft-reply" => count(&mut folders, "draft", seen.path.folder()),
            "email" => count(&mut folders, "mail", seen.path.folder()),
            _ => {}
        }
        let label = Label { audience: Audience::Internal, trust: Trust::Own, why: String::new() };
        if let Some(entity) = postil_vault::entity(&note, &label) {
            count(&mut folders, kind_word(entity.kind), container(&entity));
            entities.push(entity);
        }
    }
    for kind in [EntityKind::Person, EntityKind::Organisation, EntityKind::Project] {
        let number = entities.iter().filter(|entity| entity.kind == kind).count();
        layout.kinds.push((
            kind_word(kind).to_owned(),
            number,
            most_used(&folders, kind_word(kind)).unwrap_or_default(),
        ));
    }
    let defaults = crate::config::VaultPlaces::default();
    layout.drafts = most_used(&folders, "draft").unwrap_or(defaults.drafts);
    // Mail notes lie in a folder per year; the setting is the folder above.
    let year = |folder: String| match folder.rsplit_once('/') {
        Some((above, last)) if last.len() == 4 && last.chars().all(|c| c.is_ascii_digit()) => {
            above.to_owned()
        }
        _ => folder,
    };
    layout.sources = most_used(&folders, "mail").map_or(defaults.sources, year);
    layout.parties = parties(&entities);
    Ok(layout)
}

fn count(folders: &mut BTreeMap<&'static str, BTreeMap<String, usize>>, kind: &'static str, folder: &str) {
    *folders.entry(kind).or_default().entry(folder.to_owned()).or_default() += 1;
}

fn most_used(folders: &BTreeMap<&str, BTreeMap<String, usize>>, kind: &str) -> Option<String> {
    let by_folder = folders.get(kind)?;
    by_folder
        .iter()
        .max_by_key(|(folder, count)| (**count, std::cmp::Reverse(folder.len())))
        .map(|(folder, _)| folder.clone())
}

fn kind_word(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "people",
        EntityKind::Organisation => "organisations",
        EntityKind::Project => "projects",
    }
}

/// The folder an entity's kind lives in: above its own folder, where it has one.
fn container(entity: &Entity) -> &str {
    let folder = entity.home.folder();
    if own_folder(entity).is_some() { folder.rsplit_once('/').map_or("", |(above, _)| above) } else { folder }
}

/// The folder that is all about this entity: it holds the entity's README, or bears its name.
fn own_folder(entity: &Entity) -> Option<&str> {
    let folder = entity.home.folder();
    let last = folder.rsplit('/').next().unwrap_or_default();
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let readme = same(entity.home.stem(), "readme") || same(entity.home.stem(), "index");
    let first_word = entity.name.split_whitespace().next().unwrap_or_default();
    let named = same(last, entity.home.stem()) || same(last, &entity.name) || same(last, first_word);
    (!folder.is_empty() && (readme || named)).then_some(folder)
}

/// Organisations with domains, as parties: the name is the first label of the first domain.
fn parties(entities: &[Entity]) -> Vec<(String, Vec<String>, Vec<String>)> {
    let mut parties: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for entity in entities.iter().filter(|entity| entity.kind == EntityKind::Organisation) {
        let Some(first) = entity.domains.first() else { continue };
        let name = first.split('.').next().unwrap_or(first).to_owned();
        let party = parties.entry(name).or_default();
        party.0.extend(entity.domains.iter().cloned());
        party.1.extend(own_folder(entity).map(str::to_owned));
    }
    parties
        .into_iter()
        .map(|(name, (domains, folders))| {
            (name, domains.into_iter().collect(), folders.into_iter().collect())
        })
        .collect()
}

/// Writes the configuration for a vault that has none.
///
/// # Errors
/// Where the vault has a configuration already, an answer cannot be, or the file cannot be written.
pub fn init(vault: &Path, answers: &InitAnswers, env: &Environment) -> Result<Layout, DeskError> {
    let mut layout = find_layout(vault)?;
    let text = config_text(&layout, answers, env);
    // What we write must load: a name with odd letters is caught here and not on the next run.
    let file: ConfigFile = toml::from_str(&text).map_err(|error| {
        DeskError::user(format!("these answers make no configuration: {error}"), "check name and addresses")
    })?;
    Config::check(file, vault, &env.zone())?;
    let path = vault.join(CONFIG_FILE);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| DeskError::io(folder, &error))?;
    }
    write_new(&path, &text)?;
    layout.config = Some(path);
    Ok(layout)
}

/// Creates a file that must not be there yet.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), DeskError> {
    use std::io::Write as _;
    let mut file = std::fs::File::create_new(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            let what = format!("{} is already there", path.display());
            return DeskError::user(what, "edit it, or move it away to start anew; nothing was changed");
        }
        DeskError::io(path, &error)
    })?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| DeskError::io(path, &error))
}

fn config_text(layout: &Layout, answers: &InitAnswers, env: &Environment) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let list = |items: &[String]| {
        format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
    };
    let name = answers.name.clone().or_else(|| env.suggested_name.clone()).unwrap_or_default();
    let domains =
        if answers.domains.is_empty() { own_domains(&answers.addresses) } else { answers.domains.clone() };
    let zone = answers.zone.clone().or_else(|| env.zone().iana_name().map(str::to_owned)).unwrap_or_default();
    let mut text =
        String::from("# Postil reads this file; edit it by hand whenever you like.\nversion = 1\n\n");
    let _ = writeln!(text, "[me]\nname = {}\naddresses = {}", quoted(&name), list(&answers.addresses));
    let _ = writeln!(
        text,
        "# Mail to these domains stays among us: `internal` notes may be used in it.\ndomains = {}",
        list(&domains)
    );
    let _ = writeln!(text, "zone = {}\n", quoted(&zone));
    let _ = writeln!(
        text,
        "[vault]\ndrafts = {}\nsources = {}\n",
        quoted(&layout.drafts),
        quoted(&layout.sources)
    );
    text.push_str("[reply]\n# all: everyone who was on the mail; sender: only its sender\nmode = \"all\"\nwithin_days = 45\n\n");
    let theirs = layout
        .parties
        .iter()
        .filter(|(_, domains_of, _)| domains_of.iter().all(|domain| !domains.contains(domain)));
    let mut rules = String::new();
    for (party, domains_of, folders) in theirs {
        let _ = writeln!(text, "[party.{}]\ndomains = {}\n", key(party), list(domains_of));
        for folder in folders {
            let _ = writeln!(rules, "{} = {}", quoted(folder), quoted(party));
        }
    }
    text.push_str("# Who may read the notes of a folder: public, a party, internal (the default) or private.\n[folders]\n");
    match answers.label_folders {
        LabelFolders::Apply => text.push_str(&rules),
        LabelFolders::Propose => {
            if !rules.is_empty() {
                text.push_str("# Found, and not in force until you take the # away:\n");
            }
            for rule in rules.lines() {
                let _ = writeln!(text, "# {rule}");
            }
        }
    }
    text
}

/// A bare key where TOML allows it, else a quoted one.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        toml::Value::String(name.to_owned()).to_string()
    }
}

fn own_domains(addresses: &[String]) -> Vec<String> {
    let domains = addresses.iter().filter_map(|text| Addr::parse(text)).map(|addr| addr.domain().to_owned());
    let own: BTreeSet<String> = domains.filter(|domain| !crate::config::is_freemail(domain)).collect();
    own.into_iter().collect()
}

/// Adds a mail source to the configuration, keeping every comment in it.
///
/// # Errors
/// Where the place is not there, the id is taken, or the file cannot be written.
pub fn add_source(vault: &Path, id: Option<&str>, kind: &str, place: &Path) -> Result<String, DeskError> {
    let kind_known: Result<postil_mail::store::StoreKind, _> = kind.parse();
    if kind_known.is_err() {
        return Err(DeskError::user(
            format!("there is no kind of mailbox `{kind}`"),
            "kinds are maildir, mbox, eml, markdown and imap",
        ));
    }
    let place = place.canonicalize().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            let what = format!("{} is not there", place.display());
            return DeskError::user(what, "name the mailbox's file or folder");
        }
        DeskError::io(place, &error)
    })?;
    let shown = place.to_string_lossy().into_owned();
    let is_same =
        |source: &SourceEntry| vault.join(&source.path).canonicalize().is_ok_and(|known| known == place);
    let mut table = toml_edit::Table::new();
    table.insert("kind", toml_edit::value(kind));
    table.insert("path", toml_edit::value(shown.clone()));
    insert_source(vault, id, kind, &shown, is_same, table)
}

/// What is said of an IMAP server when it is added.
#[derive(Clone, Debug, Default)]
pub struct ImapAnswers {
    /// `imaps://user@host/`
    pub address: String,
    /// `env:NAME` or `command:LINE`.
    pub secret: Option<String>,
    /// `password` or `oauth2`.
    pub login: Option<String>,
    /// A PEM file with further certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// The folders to read.
    pub folders: Vec<String>,
}

/// Adds an IMAP server to the configuration. Nothing is asked of the server.
///
/// # Errors
/// Where the address is none, a secret is missing or stands there itself, or the file cannot be written.
pub fn add_imap_source(vault: &Path, id: Option<&str>, answers: &ImapAnswers) -> Result<String, DeskError> {
    let address =
        ImapAddress::parse(&answers.address).map_err(|error| DeskError::user(error.to_string(), ""))?;
    let mut table = toml_edit::Table::new();
    table.insert("kind", toml_edit::value("imap"));
    table.insert("path", toml_edit::value(address.to_string()));
    let Some(secret) = &answers.secret else {
        return Err(DeskError::user(
            "where does the password come from?",
            "say --secret env:NAME, or --secret \"command:LINE\" with a line that prints it, such as \
             \"command:secret-tool lookup service postil user sam\"; the password itself is written nowhere",
        ));
    };
    table.insert("secret", toml_edit::value(SecretFrom::parse(secret)?.to_string()));
    if let Some(login) = &answers.login {
        table.insert("login", toml_edit::value(login.clone()));
    }
    if let Some(ca_file) = &answers.ca_file {
        let ca_file = ca_file.canonicalize().map_err(|error| DeskError::io(ca_file, &error))?;
        table.insert("ca_file", toml_edit::value(ca_file.to_string_lossy().into_owned()));
    }
    if !answers.folders.is_empty() {
        let folders: toml_edit::Array = answers.folders.iter().map(String::as_str).collect();
        table.insert("folders", toml_edit::value(folders));
    }
    let is_same = |source: &SourceEntry| {
        source.kind == "imap"
            && ImapAddress::parse(&source.path).is_ok_and(|known| known.account() == address.account())
    };
    insert_source(vault, id, "imap", &address.to_string(), is_same, table)
}

/// Puts a `[[source]]` at the end of the list, and its id first in it.
fn insert_source(
    vault: &Path,
    id: Option<&str>,
    kind: &str,
    shown: &str,
    is_same: impl Fn(&SourceEntry) -> bool,
    values: toml_edit::Table,
) -> Result<String, DeskError> {
    let path = vault.join(CONFIG_FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| DeskError::io(&path, &error))?;
    let mut document: toml_edit::DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        DeskError::config(format!("{}: {error}", path.display()), "mend that line and run again")
    })?;
    let file: ConfigFile = toml::from_str(&text).map_err(|error| {
        DeskError::config(format!("{}: {error}", path.display()), "mend that line and run again")
    })?;
    let id = id.map_or_else(|| free_id(&file, kind), str::to_owned);
    if file.source.iter().any(|source| source.id == id) {
        return Err(DeskError::user(
            format!("there is a source {id} already"),
            "give this one another name with --id",
        ));
    }
    if file.source.iter().any(is_same) {
        return Err(DeskError::user(format!("{shown} is a source already"), "nothing was changed"));
    }
    let mut table = toml_edit::Table::new();
    table.insert("id", toml_edit::value(id.clone()));
    for (key, value) in values {
        table.insert(&key, value);
    }
    let sources =
        document.entry("source").or_insert(toml_edit::Item::ArrayOfTables(toml_edit::ArrayOfTables::new()));
    let Some(sources) = sources.as_array_of_tables_mut() else {
        return Err(DeskError::config(
            format!("{}: source is not a list of tables", path.display()),
            "write [[source]]",
        ));
    };
    sources.push(table);
    // What we write must load.
    let text = document.to_string();
    let entry: ConfigFile = toml::from_str(&text)
        .map_err(|error| DeskError::user(format!("these values make no source: {error}"), "check them"))?;
    if let Some(source) = entry.source.iter().find(|source| source.id == id && source.kind == "imap") {
        ImapSource::check(source, vault)?;
    }
    crate::state::replace_file(&path, text.as_bytes())?;
    Ok(id)
}

fn free_id(file: &ConfigFile, kind: &str) -> String {
    let taken = |id: &str| file.source.iter().any(|source| source.id == id);
    if !taken(kind) {
        return kind.to_owned();
    }
    (2..).map(|n| format!("{kind}{n}")).find(|id| !taken(id)).unwrap_or_else(|| kind.to_owned())
}
