//! Where a link leads, by Obsidian's rules, and how to write the shortest link to a note.
//!
//! # Source
//! Obsidian Help, "Internal links" and "Settings: new link format"; the order among notes of one
//! name (exact path, the linking note's own folder, shortest path) is that of Obsidian's link lookup.

use std::collections::HashMap;

use postil_evidence::NotePath;
use unicode_normalization::UnicodeNormalization;

/// Every file a link can point to.
#[derive(Clone, Debug, Default)]
pub struct LinkTargets {
    /// Folded file name (with its ending) to the paths that have it, shortest first, then by name.
    by_name: HashMap<String, Vec<Target>>,
}

#[derive(Clone, Debug)]
struct Target {
    path: String,
    folded: String,
}

impl LinkTargets {
    /// Takes the paths of all files of a vault, notes and others, relative to its root.
    pub fn new<P: Into<String>>(paths: impl IntoIterator<Item = P>) -> Self {
        let mut by_name: HashMap<String, Vec<Target>> = HashMap::new();
        for path in paths {
            let path = path.into();
            let folded = fold(&path);
            let name = file_name(&folded).to_owned();
            by_name.entry(name).or_default().push(Target { path, folded });
        }
        for targets in by_name.values_mut() {
            targets.sort_by(|a, b| a.path.len().cmp(&b.path.len()).then_with(|| a.path.cmp(&b.path)));
            targets.dedup_by(|a, b| a.path == b.path);
        }
        Self { by_name }
    }

    /// The path a link leads to; `None` where there is no such file. `link` is what stands between
    /// the brackets: a `|alias` and a `#subpath` are ignored, an ending may be missing, case does
    /// not count, and an empty target is the linking note itself.
    #[must_use]
    pub fn resolve(&self, from: &NotePath, link: &str) -> Option<String> {
        let link = link.split('|').next().unwrap_or_default();
        let (target, subpath) = link.split_once('#').map_or((link, None), |(a, b)| (a, Some(b)));
        let target = fold(target.trim().trim_end_matches('\\'));
        if target.is_empty() {
            return subpath.map(|_| from.as_str().to_owned());
        }
        let folder = fold(from.folder());
        let (target, exact) = if target.starts_with("./") || target.starts_with("../") {
            (relative(&folder, &target)?, true)
        } else if let Some(rooted) = target.strip_prefix('/') {
            (rooted.to_owned(), true)
        } else {
            (target, false)
        };
        self.find(&folder, &format!("{target}.md"), exact).or_else(|| self.find(&folder, &target, exact))
    }

    fn find(&self, folder: &str, target: &str, exact: bool) -> Option<String> {
        let named = self.by_name.get(file_name(target))?;
        if let Some(found) = named.iter().find(|known| known.folded == target) {
            return Some(found.path.clone());
        }
        if exact {
            return None;
        }
        let fits = |known: &&Target| {
            known.folded.strip_suffix(target).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let near = |known: &&Target| {
            folder.is_empty() || known.folded.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        let mut fitting = named.iter().filter(fits);
        let found = fitting.clone().find(near).or_else(|| fitting.next())?;
        Some(found.path.clone())
    }

    /// What to write between the brackets of a link to `to`: its name where no other file has it,
    /// else its path; without `.md`.
    #[must_use]
    pub fn shortest_link(&self, to: &NotePath) -> String {
        let folded = fold(to.as_str());
        let alone = self
            .by_name
            .get(file_name(&folded))
            .is_none_or(|named| named.iter().all(|known| known.folded == folded));
        // `[[a.pdf]]` would find the file a.pdf before the note a.pdf.md only if there is one.
        let shadowed = self.by_name.contains_key(file_name(folded.strip_suffix(".md").unwrap_or(&folded)));
        let path = to.as_str().strip_suffix(".md").unwrap_or(to.as_str());
        if alone && !shadowed { to.stem().to_owned() } else { path.to_owned() }
    }
}

fn fold(path: &str) -> String {
    let path: String = path.nfc().collect();
    path.replace('\u{a0}', " ").to_lowercase()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn relative(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The name a link shows for its target: `[[People/Ana|A.]]`, `People/Ana.md#Role` and
/// `People/Ana/README` are all "Ana". Text that is no link comes back as it is.
#[must_use]
pub fn name_in_link(raw: &str) -> &str {
    let trimmed = raw.trim();
    let inner = trimmed.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    let target = match inner {
        Some(inner) => inner.split(['|', '#']).next().unwrap_or_default().trim(),
        None => trimmed,
    };
    if inner.is_none() && !target.ends_with(".md") && target.contains(' ') && target.contains(" / ") {
        return target;
    }
    let target = target.trim_end_matches(".md").trim_end_matches('\\');
    let mut parts = target.rsplit('/').map(str::trim);
    let last = parts.next().unwrap_or_default();
    let folder_note = last.eq_ignore_ascii_case("readme") || last.eq_ignore_ascii_case("index");
    if folder_note { parts.next().unwrap_or(last) } else { last }
}

/// `%20` and the like as characters; what is not an escape, or would not be UTF-8, stays.
pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |i: usize| after.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (*first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use postil_evidence::NotePath;

    use super::{LinkTargets, name_in_link, percent_decoded};

    #[test]
    fn links_lead_where_obsidian_leads() {
        let targets = LinkTargets::new([
            "Home.md",
            "People/Ana Lee.md",
            "People/Jonas/README.md",
            "Customers/Acme/README.md",
            "Customers/Acme/Terms.md",
            "Customers/Globex/Terms.md",
            "Archive/2025/Home.md",
            "Files/plan.pdf",
            "Zu\u{308}rich.md",
            "v1.2 notes.md",
        ]);
        for (from, link, expect) in [
            ("Home.md", "Ana Lee", Some("People/Ana Lee.md")),
            ("Home.md", "ana lee.md#Role|Ana", Some("People/Ana Lee.md")),
            ("Home.md", "People/Ana Lee", Some("People/Ana Lee.md")),
            ("Home.md", "Acme/Terms", Some("Customers/Acme/Terms.md")),
            ("Customers/Globex/README.md", "Terms", Some("Customers/Globex/Terms.md")),
            ("Customers/Acme/README.md", "../Globex/Terms", Some("Customers/Globex/Terms.md")),
            ("Customers/Acme/README.md", "./Terms", Some("Customers/Acme/Terms.md")),
            ("Customers/Acme/README.md", "../../../Terms", None),
            ("Home.md", "/Home", Some("Home.md")),
            ("Home.md", "/Terms", None),
            ("Archive/2025/x.md", "Home", Some("Home.md")),
            ("Home.md", "plan.pdf", Some("Files/plan.pdf")),
            ("Home.md", "plan", None),
            ("Home.md", "#Heading", Some("Home.md")),
            ("Home.md", "Z\u{fc}rich", Some("Zu\u{308}rich.md")),
            ("Home.md", "v1.2 notes", Some("v1.2 notes.md")),
            ("Home.md", "erms", None),
            ("Home.md", "", None),
        ] {
            let from = NotePath::parse(from).unwrap();
            assert_eq!(targets.resolve(&from, link).as_deref(), expect, "{link}");
        }
        for (to, expect) in [
            ("People/Ana Lee.md", "Ana Lee"),
            ("Customers/Acme/Terms.md", "Customers/Acme/Terms"),
            ("People/Jonas/README.md", "People/Jonas/README"),
            ("New/Note.md", "Note"),
        ] {
            let to = NotePath::parse(to).unwrap();
            assert_eq!(targets.shortest_link(&to), expect);
            let back = targets.resolve(&NotePath::parse("x/y.md").unwrap(), expect);
            assert!(back.is_none_or(|back| back == to.as_str()));
        }
    }

    #[test]
    fn names_and_escapes() {
        for (raw, expect) in [
            ("[[People/Ana Lee|Ana]]", "Ana Lee"),
            ("[[Jonas/README]]", "Jonas"),
            ("Northwind", "Northwind"),
            ("Freight / Sea", "Freight / Sea"),
        ] {
            assert_eq!(name_in_link(raw), expect);
        }
        assert_eq!(percent_decoded("a%20b%C3%A9%zz%FF"), "a%20b%C3%A9%zz%FF");
        assert_eq!(percent_decoded("a%20b%C3%A9%zz"), "a bé%zz");
    }
}
