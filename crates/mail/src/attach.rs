//! Attachments: listed with the type their bytes show, size and hash; their words read inside limits.
//! Nothing is written to a disk, no name becomes a path, archives are not unpacked.

mod calendar;
mod contact;
mod lines;
mod office;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a PDF may hold any value anywhere: what is not looked for is passed over"
)]
mod pdf;
mod sniff;
mod zip;

use mail_parser::{MessagePart, MimeHeaders, PartType};
use postil_evidence::text::clean;
use postil_evidence::{ContentHash, HeaderText};

pub use calendar::{Event, When};
pub use contact::Contact;

use crate::html::visible_text;
use crate::limits;
use crate::message::{Attachment, Defect};
use crate::outlook;

/// The most text of one attachment that is kept, in bytes.
const TEXT: usize = 256 * 1024;
/// The most text of all attachments of a message that is kept, in bytes.
const TEXT_OF_ALL: usize = 1024 * 1024;
/// A larger attachment is not read, only listed.
const READ: usize = 20 * 1024 * 1024;
/// How deep messages inside messages are read.
const NESTED: usize = 3;

/// How much text is left for the attachments of one message, and how deep they may nest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    text: usize,
    depth: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { text: TEXT_OF_ALL, depth: NESTED }
    }
}

/// The type a part claims, lower case; `text/plain` where it claims none.
pub(crate) fn claimed_type(part: &MessagePart<'_>) -> String {
    let content_type = part.content_type().map_or_else(
        || "text/plain".to_owned(),
        |ct| match ct.subtype() {
            Some(subtype) => format!("{}/{subtype}", ct.ctype()),
            None => ct.ctype().to_owned(),
        },
    );
    HeaderText::clean(&limits::rearmed(&content_type)).as_str().to_ascii_lowercase()
}

/// Reads one part as an attachment. `claimed` is its media type.
pub(crate) fn attachment(
    part: &MessagePart<'_>,
    claimed: String,
    allowance: &mut Allowance,
    defects: &mut Vec<Defect>,
) -> Attachment {
    let raw_name = limits::rearmed(part.attachment_name().unwrap_or_default());
    let raw_name = raw_name.as_ref();
    if is_hostile(raw_name) && !defects.contains(&Defect::HostileName) {
        defects.push(Defect::HostileName);
    }
    let bytes = part.contents();
    let sniffed = sniff::sniff(bytes);
    let mut out = Attachment {
        name: Attachment::clean_name(raw_name),
        sniffed: sniffed.map(str::to_owned),
        content_type: claimed,
        size: bytes.len(),
        hash: ContentHash::of(bytes),
        text: String::new(),
        events: Vec::new(),
        contacts: Vec::new(),
    };
    if let Some(kind) = sniffed.filter(|kind| is_disguised(&out.content_type, out.name.as_str(), kind)) {
        defects.push(Defect::OtherType(kind.to_owned()));
    }
    if bytes.len() <= READ && allowance.text > 0 {
        read(part, bytes, &mut out, allowance);
        let end = out.text.floor_char_boundary(TEXT.min(allowance.text));
        out.text.truncate(end);
        allowance.text -= out.text.len();
    }
    out
}

/// Fills in what can be read of an attachment.
fn read(part: &MessagePart<'_>, bytes: &[u8], out: &mut Attachment, allowance: &Allowance) {
    let kind = out.sniffed.as_deref().unwrap_or(&out.content_type).to_owned();
    let has_ending = |endings: &[&str]| {
        let name = out.name.as_str().to_lowercase();
        endings.iter().any(|ending| name.ends_with(ending))
    };
    let raw = match kind.as_str() {
        "application/pdf" => pdf::pdf_text(bytes, TEXT),
        "text/calendar" | "application/ics" => {
            out.events = calendar::events(&text_of(part, bytes));
            Some(calendar::words(&out.events))
        }
        "text/vcard" | "text/x-vcard" | "text/directory" => {
            out.contacts = contact::contacts(&text_of(part, bytes));
            Some(contact::words(&out.contacts))
        }
        "text/html" | "application/xhtml+xml" => Some(visible_text(&text_of(part, bytes)).text),
        "message/rfc822" | "message/global" => nested(bytes, allowance),
        "application/zip" | "application/octet-stream" if bytes.starts_with(b"PK") => {
            office::document_text(bytes, TEXT)
        }
        kind if kind.contains("officedocument") || kind.contains("opendocument") => {
            office::document_text(bytes, TEXT)
        }
        "application/x-ole-storage" if allowance.depth > 0 => {
            outlook::to_rfc822(bytes).ok().and_then(|mail| nested(&mail, allowance))
        }
        _ if has_ending(&[".eml"]) => nested(bytes, allowance),
        kind if kind.starts_with("text/") && kind != "text/rtf" => Some(text_of(part, bytes)),
        "application/json" | "application/xml" | "application/x-yaml" => Some(text_of(part, bytes)),
        "application/octet-stream" if has_ending(&[".txt", ".md", ".csv", ".log", ".json"]) => {
            sniff::is_text(bytes).then(|| text_of(part, bytes))
        }
        _ => None,
    };
    if let Some(raw) = raw {
        let end = raw.floor_char_boundary(4 * TEXT);
        out.text = clean(raw.get(..end).unwrap_or_default()).0.trim().to_owned();
    }
}

/// The part's text: decoded by its charset where the parser did so.
fn text_of(part: &MessagePart<'_>, bytes: &[u8]) -> String {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => limits::rearmed(text).into_owned(),
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {
            limits::rearmed(&String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)))
                .into_owned()
        }
    }
}

/// A message inside this one: who, when, what about, its text and the text of its own attachments.
fn nested(bytes: &[u8], allowance: &Allowance) -> Option<String> {
    let depth = allowance.depth.checked_sub(1)?;
    let raw = limits::rearmed_bytes(bytes);
    let message = crate::parse::parse_inner(&raw, Allowance { text: allowance.text, depth });
    let mut lines = Vec::new();
    let from = message.from.as_ref().map(ToString::to_string).unwrap_or_default();
    let date = message.date.as_ref().map(|date| date.strftime("%Y-%m-%d %H:%M").to_string());
    for (name, value) in
        [("From", from), ("Date", date.unwrap_or_default()), ("Subject", message.subject.to_string())]
    {
        if !value.is_empty() {
            lines.push(format!("{name}: {value}"));
        }
    }
    lines.push(String::new());
    lines.push(message.text);
    lines.extend(message.attachments.into_iter().map(|part| part.text));
    Some(lines.join("\n"))
}

/// A name that tries to be a path, to hide its ending, or to be no name at all.
fn is_hostile(raw_name: &str) -> bool {
    let removed = clean(raw_name).1;
    removed.invisible > 0
        || removed.control > 0
        || raw_name.contains(['/', '\\', '\0', '\n', '\r'])
        || raw_name.starts_with('.')
}

/// Whether bytes that run are called something that does not.
fn is_disguised(claimed: &str, name: &str, sniffed: &str) -> bool {
    let runs = matches!(
        sniffed,
        "application/vnd.microsoft.portable-executable"
            | "application/x-elf"
            | "application/x-ms-shortcut"
            | "application/java-archive"
    );
    let name = name.to_lowercase();
    let says_so = [".exe", ".dll", ".scr", ".com", ".msi", ".jar", ".lnk", ".so", ".bin"]
        .iter()
        .any(|ending| name.ends_with(ending))
        || matches!(
            claimed,
            "application/x-msdownload" | "application/x-executable" | "application/java-archive"
        );
    let page = matches!(sniffed, "text/html" | "image/svg+xml")
        && (claimed.starts_with("image/") && claimed != "image/svg+xml" || claimed == "application/pdf");
    (runs && !says_so) || page
}
