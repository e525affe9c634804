//! The words of a PDF: page by page in the order its content draws them. Runs nothing, opens nothing,
//! and costs bounded time and memory whatever the bytes.
//!
//! # Source
//! ISO 32000-1: 7.2 to 7.5 (syntax, objects, streams, object streams), 7.7.3 (pages), 9 (text). Written
//! here because the crates at hand (pdf-extract 0.12 over lopdf) bring some fifty others, ciphers among
//! them, panic on damaged files and cannot be stopped.

mod content;
mod font;
mod object;

use std::collections::HashSet;

use content::Painter;
use object::{Dict, File, Object};

/// The most pages that are read.
const PAGES: usize = 500;
/// The deepest page tree.
const DEPTH: usize = 32;

/// The text of a PDF, about `limit` bytes at most; `None` where it is encrypted or holds no page.
pub(super) fn pdf_text(bytes: &[u8], limit: usize) -> Option<String> {
    if memchr::memmem::find(bytes, b"/Encrypt").is_some() {
        return None;
    }
    let file = File::read(bytes);
    let pages = pages(&file);
    if pages.is_empty() {
        return None;
    }
    let mut painter = Painter::new(&file, limit);
    for (page, resources) in &pages {
        if painter.is_full() {
            break;
        }
        painter.page(&contents(&file, page), resources);
    }
    Some(painter.finished())
}

/// The pages in their order, each with the resources that hold for it.
fn pages(file: &File<'_>) -> Vec<(Dict, Dict)> {
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    let root = file.catalog().and_then(|catalog| catalog.get("Pages").cloned());
    if let Some(root) = root {
        walk(file, &root, &Dict::default(), 0, &mut seen, &mut out);
    }
    if out.is_empty() {
        // A damaged tree: every page object, as numbered.
        for id in file.page_ids() {
            if let Object::Dict(page) = file.object(id) {
                let resources = dict(file, page.get("Resources"));
                out.push((page, resources));
            }
        }
    }
    out.truncate(PAGES);
    out
}

fn walk(
    file: &File<'_>,
    node: &Object,
    inherited: &Dict,
    depth: usize,
    seen: &mut HashSet<u32>,
    out: &mut Vec<(Dict, Dict)>,
) {
    if depth > DEPTH || out.len() >= PAGES {
        return;
    }
    if let Object::Ref(id) = node
        && !seen.insert(*id)
    {
        return;
    }
    let Object::Dict(node) = file.resolve(node) else { return };
    let resources = match node.get("Resources") {
        Some(own) => dict(file, Some(own)),
        None => inherited.clone(),
    };
    match node.get("Kids").map(|kids| file.resolve(kids)) {
        Some(Object::Array(kids)) => {
            for kid in &kids {
                walk(file, kid, &resources, depth + 1, seen, out);
            }
        }
        Some(_) | None => out.push((node, resources)),
    }
}

fn dict(file: &File<'_>, object: Option<&Object>) -> Dict {
    match object.map(|object| file.resolve(object)) {
        Some(Object::Dict(dict)) => dict,
        Some(_) | None => Dict::default(),
    }
}

/// The content of a page: its streams one after the other.
fn contents(file: &File<'_>, page: &Dict) -> Vec<u8> {
    let Some(contents) = page.get("Contents") else { return Vec::new() };
    match file.resolve(contents) {
        Object::Array(parts) => {
            let mut out = Vec::new();
            for part in &parts {
                out.extend(file.stream(part).map(|(_, bytes)| bytes).unwrap_or_default());
                out.push(b'\n');
            }
            out
        }
        _ => file.stream(contents).map(|(_, bytes)| bytes).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::pdf_text;

    /// A PDF of one page with that content and that font.
    fn pdf(content: &str, font: &str) -> Vec<u8> {
        format!(
            "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1\
             /Resources<</Font<</F1 4 0 R>>>>>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 5 0 R>>\nendobj\n\
             4 0 obj\n{font}\nendobj\n5 0 obj\n<</Length {}>>\nstream\n{content}\nendstream\nendobj\n\
             6 0 obj\n<</Length 90>>\nstream\n1 begincodespacerange <00> <ff> endcodespacerange\n\
             2 beginbfchar <01> <00480069> <02> <00e9> endbfchar\nendstream\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
            content.len()
        )
        .into_bytes()
    }

    #[track_caller]
    fn check(content: &str, font: &str, text: &str) {
        assert_eq!(pdf_text(&pdf(content, font), 10_000).as_deref().map(str::trim), Some(text));
    }

    const PLAIN: &str = "<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding>>";

    #[test]
    fn words_stand_in_lines() {
        check(
            "BT /F1 12 Tf 72 700 Td (Pump \\(old\\)) Tj 0 -14 Td (runs\\056) Tj ET",
            PLAIN,
            "Pump (old)\nruns.",
        );
        check("BT /F1 12 Tf 72 700 Td [(Pu)20(mp)-400(runs)] TJ T* <41> Tj ET", PLAIN, "Pump runs\nA");
        check(
            "q 1 0 0 1 72 700 cm BT /F1 10 Tf (a) Tj ET Q q 1 0 0 1 72 600 cm BT /F1 10 Tf (b) Tj ET Q",
            PLAIN,
            "a\n\nb",
        );
    }

    #[test]
    fn fonts_are_decoded() {
        check("BT /F1 9 Tf <0102> Tj ET", "<</Type/Font/ToUnicode 6 0 R>>", "Hié");
        check(
            "BT /F1 9 Tf (A\\344) Tj ET",
            "<</Type/Font/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[65/eacute/uni20AC]>>>>",
            "éä",
        );
    }

    #[test]
    fn what_is_not_drawn_is_not_read() {
        check("BT /F1 12 Tf (seen) Tj 3 Tr (unseen) Tj 0 Tr ET", PLAIN, "seen");
        check("BT /F1 12 Tf (seen) Tj /F1 0.5 Tf (dust) Tj ET", PLAIN, "seen");
        // A scan whose words lie unseen over its picture: they are what a person reads in the picture.
        check("BT /F1 12 Tf 3 Tr (scanned) Tj ET", PLAIN, "scanned");
        check("BI /W 1 /H 1 ID \x01(x) Tj\nEI BT /F1 12 Tf (seen) Tj ET", PLAIN, "seen");
    }

    #[test]
    fn damage_and_bombs_are_bounded() {
        for bytes in [
            "%PDF-1.4".to_owned(),
            "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>".to_owned(),
            format!("%PDF-1.4\n1 0 obj {}", "[".repeat(200_000)),
            format!("%PDF-1.4\n{}", "1 0 obj <</Length 9>> stream\n".repeat(20_000)),
            "%PDF-1.4\n1 0 obj<</Type/Page/Contents 2 0 R>>endobj 2 0 obj 2 0 R endobj".to_owned(),
            format!("%PDF-1.4\n{}", "1 ".repeat(500_000)),
        ] {
            let text = pdf_text(bytes.as_bytes(), 1_000);
            assert!(text.is_none_or(|text| text.trim().is_empty()));
        }
        assert_eq!(pdf_text(b"%PDF-1.4 /Encrypt", 1_000), None);
    }
}
