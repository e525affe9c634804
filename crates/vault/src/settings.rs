//! What the vault's own settings say: templates, excluded files, kind of links. Read, never written.

use std::path::Path;

use postil_evidence::NotePath;
use serde_json::Value;

use crate::error::VaultDefect;

/// The settings of Obsidian that matter for reading notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultSettings {
    /// Folders, and single notes, that hold templates; relative, no slash at either end.
    pub template_folders: Vec<String>,
    /// Excluded files (`userIgnoreFilters`): a path prefix, or a regular expression between slashes.
    pub ignored: Vec<String>,
    /// Whether links are written `[[Note]]`; false where the owner chose Markdown links.
    pub wikilinks: bool,
}

impl Default for VaultSettings {
    fn default() -> Self {
        Self { template_folders: Vec::new(), ignored: Vec::new(), wikilinks: true }
    }
}

/// Reads `.obsidian/app.json`, `templates.json`, `daily-notes.json` and Templater's settings. A file
/// that is missing says nothing; one that is damaged is a defect and counts as missing.
///
/// # Source
/// Obsidian's settings files; Templater's `templates_folder`.
#[must_use]
pub fn read_settings(root: &Path) -> (VaultSettings, Vec<VaultDefect>) {
    let mut settings = VaultSettings::default();
    let mut defects = Vec::new();
    let app = read_json(root, "app.json", &mut defects);
    settings.wikilinks = app.get("useMarkdownLinks") != Some(&Value::Bool(true));
    if let Some(Value::Array(filters)) = app.get("userIgnoreFilters") {
        settings.ignored.extend(filters.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    for (file, key) in [
        ("templates.json", "folder"),
        ("daily-notes.json", "template"),
        ("plugins/templater-obsidian/data.json", "templates_folder"),
    ] {
        let found = read_json(root, file, &mut defects);
        let Some(path) = found.get(key).and_then(Value::as_str) else { continue };
        let path = path.trim().trim_matches('/');
        // A folder setting of "" or "/" means the whole vault; that would hide every note.
        if NotePath::parse(path).is_some() && !settings.template_folders.iter().any(|known| known == path) {
            settings.template_folders.push(path.to_owned());
        }
    }
    (settings, defects)
}

fn read_json(root: &Path, file: &str, defects: &mut Vec<VaultDefect>) -> Value {
    let path = root.join(".obsidian").join(file);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Value::Null,
        Err(error) => {
            defects.push(VaultDefect::Settings(format!(".obsidian/{file}: {error}")));
            return Value::Null;
        }
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match serde_json::from_slice(bytes) {
        Ok(value @ Value::Object(_)) => value,
        Ok(_) => {
            defects.push(VaultDefect::Settings(format!(".obsidian/{file}: not an object")));
            Value::Null
        }
        Err(error) => {
            defects.push(VaultDefect::Settings(format!(".obsidian/{file}: {error}")));
            Value::Null
        }
    }
}
