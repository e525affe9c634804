//! `postil demo`: a fictional vault and mailbox, written out so that the whole main job can be seen.

use std::path::{Path, PathBuf};

use crate::config::CONFIG_FILE;
use crate::env::Environment;
use crate::error::DeskError;
use crate::init::write_new;
use crate::state::remove_folder;

include!(concat!(env!("OUT_DIR"), "/demo_files.rs"));

/// The time of the demo: its mail is of the week before.
pub const DEMO_NOW: &str = "2026-11-23T08:30:00+01:00[Europe/Berlin]";

const DEMO_CONFIG: &str = r#"# The demo's configuration. Edit it and run again to see what changes.
version = 1

[me]
name = "Sam Rivera"
addresses = ["sam@halyard.example"]
domains = ["halyard.example", "mail.halyard.example"]
zone = "Europe/Berlin"

[vault]
drafts = "Outbox/Drafts"
sources = "Sources/Email"

[reply]
mode = "all"
within_days = 45

[party.northwind]
domains = ["northwind.example"]

[party.brightwater]
domains = ["brightwater.example"]

[party.tessel]
domains = ["tessel.example"]

[party.orchard]
domains = ["orchard.example"]

[party.kestrel]
domains = ["kestrel.example"]

[party.pinecrest]
domains = ["pinecrest.example"]

# Who may read the notes of a folder: public, a party, internal (the default) or private.
[folders]
"Customers/Northwind" = "northwind"
"Customers/Brightwater" = "brightwater"
"Customers/Tessel Bank" = "tessel"
"Customers/Orchard Health" = "orchard"
"Partners/Kestrel Systems" = "kestrel"
"Partners/Pinecrest" = "pinecrest"
"Product" = "public"
"Journal" = "private"

[[source]]
id = "mail"
kind = "maildir"
path = "../Maildir"
"#;

/// Where the demo was written.
#[derive(Clone, Debug)]
pub struct DemoPlaces {
    /// The vault.
    pub vault: PathBuf,
    /// The Maildir.
    pub maildir: PathBuf,
    /// Notes written.
    pub notes: usize,
    /// Messages written.
    pub messages: usize,
    /// Whether they were there already; nothing was written then.
    pub found: bool,
}

/// Writes the demo below `dir`, which must be empty, new, or hold the demo already.
///
/// # Errors
/// Where `dir` holds something else, or cannot be written.
pub fn write_demo(dir: &Path) -> Result<DemoPlaces, DeskError> {
    let vault = dir.join("vault");
    let maildir = dir.join("Maildir");
    let count = |part: &str| FILES.iter().filter(|(path, _)| path.starts_with(part)).count();
    let notes = FILES
        .iter()
        .filter(|(path, _)| path.starts_with("vault/") && path.ends_with(".md") && !path.contains("/."))
        .count();
    let mut places = DemoPlaces {
        vault: vault.clone(),
        maildir: maildir.clone(),
        notes,
        messages: count("mail/"),
        found: false,
    };
    if vault.join(CONFIG_FILE).is_file() && maildir.is_dir() {
        places.found = true;
        return Ok(places);
    }
    if dir.exists() && std::fs::read_dir(dir).map_err(|error| DeskError::io(dir, &error))?.next().is_some() {
        let what = format!("{} is not empty", dir.display());
        return Err(DeskError::user(what, "name a folder that is new or empty; nothing was changed"));
    }
    for folder in ["cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"] {
        make_dir(&maildir.join(folder))?;
    }
    for (number, (path, bytes)) in FILES.iter().enumerate() {
        let to = match path.split_once('/') {
            Some(("vault", rest)) => vault.join(rest),
            Some((_, rest)) => {
                let sent = rest.starts_with("sent/");
                let folder = if sent { ".Sent/cur" } else { "cur" };
                let flags = if sent { "S" } else { "" };
                maildir.join(folder).join(format!("1763900000.M{number}P1.demo:2,{flags}"))
            }
            None => continue,
        };
        if let Some(folder) = to.parent() {
            make_dir(folder)?;
        }
        write_bytes(&to, bytes)?;
    }
    make_dir(&vault.join(".postil"))?;
    write_new(&vault.join(CONFIG_FILE), DEMO_CONFIG)?;
    Ok(places)
}

/// Forgets what was decided about an earlier demo in the same folder: its drafts count as thrown away
/// by the owner otherwise, and a new demo would write none. Call it only for a demo just written.
///
/// # Errors
/// Where the state of the earlier one cannot be removed.
pub fn forget_earlier(places: &DemoPlaces, env: &Environment) -> Result<(), DeskError> {
    if places.found {
        return Ok(());
    }
    let vault = std::fs::canonicalize(&places.vault).map_err(|error| DeskError::io(&places.vault, &error))?;
    remove_folder(&env.state_dir(&vault))
}

fn make_dir(dir: &Path) -> Result<(), DeskError> {
    std::fs::create_dir_all(dir).map_err(|error| DeskError::io(dir, &error))
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    use std::io::Write as _;
    let mut file = std::fs::File::create_new(path).map_err(|error| DeskError::io(path, &error))?;
    file.write_all(bytes).map_err(|error| DeskError::io(path, &error))
}
