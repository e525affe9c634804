//! Which notes are about a person, an organisation or a project.
//!
//! # Source
//! The layouts that people and earlier tools use: a `type` property, tags, or a folder of people,
//! customers or projects with a note or a folder for each.

use postil_evidence::text::{fold_case, fold_space};
use postil_evidence::{Addr, Entity, EntityKind, Label};

use crate::dates::leading_date;
use crate::note::Note;

/// Whether Postil, or the tool before it, wrote the note from mail: a draft or a kept mail. Such
/// notes give no passages and no entity, since their words are somebody else's.
#[must_use]
pub fn is_written_by_postil(note: &Note) -> bool {
    matches!(note_type(note).as_str(), "email-draft" | "draft-reply" | "email" | "source")
}

/// The entity a note is about, if it is about one. Dated notes (`2026-11-10 …`) are about a day.
#[must_use]
pub fn entity(note: &Note, label: &Label) -> Option<Entity> {
    if is_written_by_postil(note) || leading_date(note.path.stem()).is_some() {
        return None;
    }
    let kind = kind_of(note)?;
    let file_name = fold_space(note.path.title());
    let (name, title_as_role) = name_and_role(note, kind, &file_name);
    let mut aliases: Vec<String> = Vec::new();
    let listed = note.list_of("aliases").into_iter().chain(note.list_of("alias"));
    let listed: Vec<String> = listed.flat_map(|item| split_names(&item)).collect();
    for alias in listed.into_iter().chain([file_name]) {
        let alias = fold_space(&alias);
        if alias.chars().any(char::is_alphanumeric) && alias != name && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    let mut addrs: Vec<Addr> = Vec::new();
    for key in ["email", "emails", "mail"] {
        for addr in note.addresses_in(key).filter_map(Result::ok) {
            if !addrs.contains(&addr) {
                addrs.push(addr);
            }
        }
    }
    let organisation = ["company", "organisation", "organization", "customer", "org", "employer"]
        .iter()
        .find_map(|key| note.list_of(key).into_iter().next());
    let role = ["role", "position", "job_title", "job title"].iter().find_map(|key| note.text_of(key));
    Some(Entity {
        kind,
        home: note.path.clone(),
        name,
        aliases,
        addrs,
        domains: if kind == EntityKind::Organisation { domains(note) } else { Vec::new() },
        organisation: organisation.filter(|_| kind != EntityKind::Organisation),
        role: role.map(str::to_owned).or(title_as_role).filter(|_| kind == EntityKind::Person),
        label: label.clone(),
    })
}

fn note_type(note: &Note) -> String {
    note.text_of("type").unwrap_or_default().to_lowercase()
}

fn kind_of(note: &Note) -> Option<EntityKind> {
    let declared = note_type(note);
    if let Some(kind) = kind_word(&declared) {
        return Some(kind);
    }
    // Another kind of note that happens to lie in such a folder.
    if !declared.is_empty() && NOT_ENTITIES.contains(&declared.as_str()) {
        return None;
    }
    note.tags.iter().find_map(|tag| kind_word(&tag.to_lowercase())).or_else(|| kind_by_folder(note))
}

const NOT_ENTITIES: [&str; 24] = [
    "meeting",
    "meetings",
    "call",
    "interview",
    "minutes",
    "transcript",
    "daily",
    "journal",
    "log",
    "task",
    "tasks",
    "template",
    "moc",
    "index",
    "list",
    "terms",
    "offer",
    "contract",
    "decision",
    "document",
    "report",
    "note",
    "idea",
    "manifest",
];

/// The words, singular and plural, that name a kind of entity.
fn kind_word(word: &str) -> Option<EntityKind> {
    match word {
        "people" | "person" | "persons" | "contact" | "contacts" => Some(EntityKind::Person),
        "customer" | "customers" | "client" | "clients" | "partner" | "partners" | "organisation"
        | "organisations" | "organization" | "organizations" | "company" | "companies" | "vendor"
        | "vendors" | "supplier" | "suppliers" | "account" | "accounts" => Some(EntityKind::Organisation),
        "project" | "projects" => Some(EntityKind::Project),
        _ => None,
    }
}

/// `People/Ana.md`, `People/Ana/README.md` or `People/Ana/Ana.md`; nothing deeper, and not the note
/// about the folder itself.
fn kind_by_folder(note: &Note) -> Option<EntityKind> {
    let stem = note.path.stem();
    let folders: Vec<&str> = note.path.folder().split('/').collect();
    let (last, above) = folders.split_last()?;
    let folder_note = stem.eq_ignore_ascii_case("readme") || stem.eq_ignore_ascii_case("index");
    let same_as_folder = fold_case(stem) == fold_case(last);
    if stem.starts_with('_') {
        return None;
    }
    if let Some(kind) = kind_word(&last.to_lowercase()) {
        return (!folder_note && !same_as_folder).then_some(kind);
    }
    let kind = kind_word(&above.last()?.to_lowercase())?;
    (folder_note || same_as_folder).then_some(kind)
}

/// The name: the `title` property, unless the file of a person is named otherwise and the title
/// shares no word with it, which makes it a job title.
fn name_and_role(note: &Note, kind: EntityKind, file_name: &str) -> (String, Option<String>) {
    let Some(title) = note.text_of("title").map(fold_space).filter(|title| !title.is_empty()) else {
        return (file_name.to_owned(), None);
    };
    let words = |text: &str| -> Vec<String> {
        fold_case(text)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let in_file_name = words(file_name);
    let shared = words(&title).iter().any(|word| in_file_name.contains(word));
    if kind == EntityKind::Person && !shared && in_file_name.len() > 1 {
        return (file_name.to_owned(), Some(title));
    }
    (title, None)
}

/// `aliases: Maya, M.` as Obsidian once allowed it; a comma before "Inc." and the like joins.
fn split_names(item: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in item.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let suffix =
            ["inc", "inc.", "ltd", "ltd.", "llc", "gmbh", "ag", "jr", "jr.", "sr", "phd", "sa", "s.a."];
        match names.last_mut().filter(|_| suffix.contains(&part.to_lowercase().as_str())) {
            Some(before) => *before = format!("{before}, {part}"),
            None => names.push(part.to_owned()),
        }
    }
    names
}

fn domains(note: &Note) -> Vec<String> {
    let mut domains = Vec::new();
    for key in ["domain", "domains", "website", "url"] {
        for raw in note.list_of(key) {
            for part in raw.split([',', ' ']).filter(|part| !part.is_empty()) {
                let lower = part.to_lowercase();
                let host = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
                let host =
                    host.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_matches(['@', '.']);
                let host = host.strip_prefix("www.").unwrap_or(host);
                let named = host.contains('.') && Addr::parse(&format!("x@{host}")).is_some();
                if named && !domains.iter().any(|known| known == host) {
                    domains.push(host.to_owned());
                }
            }
        }
    }
    domains
}
