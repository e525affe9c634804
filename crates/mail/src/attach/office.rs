//! The words of office documents: DOCX, PPTX, ODT. Reads the XML parts that hold text, in one pass,
//! with the tokenizer of HTML; hidden runs are dropped. Knows no layout and runs nothing.
//!
//! # Source
//! ECMA-376 part 1, 17.3 (w:t, w:tab, w:br, w:vanish, w:color, w:sz), 21.1.2 (a:t); ODF 1.3 part 3,
//! section 5 (text:p, text:tab, text:s).

use super::zip;
use crate::html::{Tag, Token, Tokens, unescaped};

/// The most bytes one part may unfold to.
const PART: usize = 8 * 1024 * 1024;
/// The most parts that are read.
const PARTS: usize = 100;
/// Half points below which nobody reads: 4.5 pt.
const READABLE_HALF_POINTS: u32 = 9;

/// The text of a document, at most about `limit` bytes; `None` where it is no document of a kind known.
pub(crate) fn document_text(zip_bytes: &[u8], limit: usize) -> Option<String> {
    let entries = zip::entries(zip_bytes);
    let wanted = |name: &[u8]| {
        matches!(name, b"word/document.xml" | b"word/footnotes.xml" | b"word/endnotes.xml" | b"content.xml")
            || (name.starts_with(b"ppt/slides/slide") && name.ends_with(b".xml"))
    };
    let mut parts: Vec<_> = entries.iter().filter(|entry| wanted(entry.name)).take(PARTS).collect();
    parts.sort_by_key(|entry| (entry.name.len(), entry.name));
    // The document stands before its notes.
    parts.sort_by_key(|entry| entry.name != b"word/document.xml");
    if parts.is_empty() {
        return None;
    }
    let mut reader = Reader { limit, ..Reader::default() };
    for entry in parts {
        let Some(bytes) = zip::unpacked(zip_bytes, entry, PART) else { continue };
        reader.part(&String::from_utf8_lossy(&bytes));
        if reader.out.len() >= limit {
            break;
        }
    }
    Some(reader.out)
}

#[derive(Default)]
struct Reader {
    out: String,
    limit: usize,
    /// Inside an element whose text is the document's.
    open: bool,
    /// The run that is open is not seen.
    hidden: bool,
    /// A cell border is owed.
    cell: bool,
}

impl Reader {
    fn part(&mut self, xml: &str) {
        self.line_end();
        self.open = false;
        self.hidden = false;
        for token in Tokens::new(xml) {
            if self.out.len() >= self.limit {
                return;
            }
            match token {
                Token::Start(tag) => self.start(&tag),
                Token::End(name) => self.end(name),
                Token::Text(text) if self.open && !self.hidden => self.push(&unescaped(text)),
                Token::Text(_) => {}
            }
        }
    }

    fn push(&mut self, text: &str) {
        if std::mem::take(&mut self.cell) && !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str(" | ");
        }
        self.out.push_str(text);
    }

    fn line_end(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') && !self.cell {
            self.out.push('\n');
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let value = || tag.get("w:val").unwrap_or_default();
        match tag.name {
            "w:p" | "a:p" | "text:p" | "text:h" => {
                self.line_end();
                self.open = tag.name.starts_with("text:");
            }
            "w:tr" | "a:tr" | "table:table-row" => {
                self.cell = false;
                self.line_end();
            }
            "w:tc" | "a:tc" | "table:table-cell" => self.cell = true,
            "w:r" => {
                self.open = false;
                self.hidden = false;
            }
            "w:vanish" => self.hidden |= !matches!(value(), "0" | "false" | "off"),
            "w:color" => self.hidden |= value().eq_ignore_ascii_case("ffffff"),
            "w:sz" => self.hidden |= value().parse().is_ok_and(|size: u32| size < READABLE_HALF_POINTS),
            "w:t" | "a:t" => self.open = true,
            "w:tab" | "text:tab" if !self.hidden => self.push("\t"),
            "text:s" if self.open => self.push(" "),
            "w:br" | "w:cr" | "a:br" | "text:line-break" if !self.hidden => self.push("\n"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "w:t" | "a:t" => self.open = false,
            "w:r" => self.hidden = false,
            "w:p" | "a:p" | "text:p" | "text:h" => {
                self.open = false;
                self.line_end();
            }
            "w:tc" | "a:tc" | "table:table-cell" => {
                if self.out.ends_with('\n') {
                    self.out.pop();
                }
                self.cell = true;
            }
            "w:tr" | "a:tr" | "table:table-row" => {
                self.cell = false;
                self.line_end();
            }
            _ => {}
        }
    }
}
