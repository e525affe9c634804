//! A mail as RFC 822 writes it: fields that keep to their line, and parts. Knows nothing of Outlook.
//!
//! Every value that comes from outside is encoded wherever it is not plain ASCII, control characters
//! among the rest, so that none can end its field and the border still sees what was there.

use std::fmt::Write as _;

use postil_evidence::Addr;

use crate::base64;
use crate::encode::{encoded_words, quoted_printable};

/// The most characters of one value of a field.
const VALUE: usize = 8_192;
/// The most characters of a file name.
const NAME: usize = 255;
/// The longest line of a field of addresses: 2,000 recipients must not take as many lines.
///
/// # Source
/// RFC 5322 section 2.1.1: no line has more than 998.
const ADDRESS_LINE: usize = 900;

/// One part of a message.
#[derive(Debug)]
pub(super) enum Part {
    /// The text, in `text/` and this.
    Text(&'static str, String),
    /// Several parts, in `multipart/` and this.
    Several(&'static str, Vec<Part>),
    /// A file.
    File(File),
    /// A message: its header and its body.
    Message(String, Box<Part>),
}

/// A file that is attached.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) name: String,
    /// The media type it claims.
    pub(super) media_type: Option<String>,
    /// What HTML calls it by.
    pub(super) content_id: Option<String>,
    /// It is shown inside the HTML.
    pub(super) is_inline: bool,
    pub(super) bytes: Vec<u8>,
}

/// A field of text.
pub(super) fn text_field(out: &mut String, name: &str, value: &str) {
    let value = cut(value.trim(), VALUE);
    if !value.is_empty() {
        let _ = write!(out, "{name}: {}\r\n", phrase(value, false));
    }
}

/// A field of addresses; a name alone where there is no address.
pub(super) fn address_field(out: &mut String, name: &str, people: &[(String, Option<Addr>)]) {
    if people.is_empty() {
        return;
    }
    let _ = write!(out, "{name}:");
    let mut line = name.len() + 1;
    for (number, (person, addr)) in people.iter().enumerate() {
        let person = cut(person.trim(), NAME);
        let mut one = match addr {
            Some(addr) if person.is_empty() || person.eq_ignore_ascii_case(addr.as_str()) => addr.to_string(),
            Some(addr) => format!("{} <{addr}>", phrase(person, true)),
            None => format!("{} <>", phrase(person, true)),
        };
        if number + 1 < people.len() {
            one.push(',');
        }
        if line + one.len() > ADDRESS_LINE {
            out.push_str("\r\n");
            line = 0;
        }
        let _ = write!(out, " {one}");
        // What an encoded name folded is not a line of its own here: the sum is an upper bound.
        line += one.len() + 1;
    }
    out.push_str("\r\n");
}

/// A field of ids: as it came where it is plain ASCII, and left out where not.
pub(super) fn ids_field(out: &mut String, name: &str, value: &str) {
    let plain = value.chars().all(|c| c.is_ascii_graphic() || c.is_ascii_whitespace());
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    if plain && !words.is_empty() {
        let _ = write!(out, "{name}: {}\r\n", words.join("\r\n "));
    }
}

/// Fields that came as text: names as they may be, each line without control characters, up to the
/// first empty line. Those whose name (lower case) `keeps` refuses are left out.
pub(super) fn given_fields(out: &mut String, given: &str, mut keeps: impl FnMut(&str) -> bool) {
    let mut is_kept = false;
    for line in given.trim_start().lines() {
        if line.trim().is_empty() {
            break;
        }
        if !line.starts_with([' ', '\t']) {
            let name = line.split_once(':').map_or("", |(name, _)| name.trim_end());
            let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
            is_kept = named && keeps(&name.to_ascii_lowercase());
        }
        if is_kept {
            let clean = |c: char| if c.is_control() && c != '\t' { ' ' } else { c };
            out.extend(line.trim_end().chars().map(clean));
            out.push_str("\r\n");
        }
    }
}

/// Writes parts behind a header that has been written. Once `out` is longer than `most` nothing is
/// added: the border reads only the header of such a mail. `boundary` is what all boundaries begin
/// with, `number` how many there are.
pub(super) fn write_part(out: &mut String, part: Part, boundary: &str, number: &mut usize, most: usize) {
    match part {
        Part::Text(kind, text) => {
            let _ = write!(
                out,
                "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            );
            for line in text.lines() {
                // No line begins with a dash, so none is a boundary.
                quoted_printable(out, line, |rest| rest.starts_with(b"-"));
                out.push_str("\r\n");
            }
        }
        Part::File(file) => write_file(out, &file),
        Part::Message(header, body) => {
            out.push_str("Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n");
            out.push_str(&header);
            write_part(out, *body, boundary, number, most);
        }
        Part::Several(kind, parts) => {
            let mark = format!("{boundary}-{number}-");
            *number += 1;
            let _ = write!(out, "Content-Type: multipart/{kind}; boundary=\"{mark}\"\r\n\r\n");
            for part in parts {
                if out.len() > most {
                    return;
                }
                let _ = write!(out, "--{mark}\r\n");
                write_part(out, part, boundary, number, most);
                out.push_str("\r\n");
            }
            let _ = write!(out, "--{mark}--\r\n");
        }
    }
}

fn write_file(out: &mut String, file: &File) {
    let media_type = file.media_type.as_deref().filter(|name| is_media_type(name));
    let _ = write!(out, "Content-Type: {}\r\n", media_type.unwrap_or("application/octet-stream"));
    out.push_str("Content-Disposition: ");
    out.push_str(if file.is_inline { "inline" } else { "attachment" });
    let name = file.name.trim_end_matches('\0');
    // The end of a name says what it is.
    let name = name.char_indices().rev().nth(NAME - 1).map_or(name, |(at, _)| name.get(at..).unwrap_or(name));
    if !name.is_empty() {
        let plain = |c: char| c.is_ascii_alphanumeric() || " ._-()+,".contains(c);
        if name.chars().all(plain) {
            let _ = write!(out, ";\r\n filename=\"{name}\"");
        } else {
            out.push_str(";\r\n filename*=utf-8''");
            for byte in name.bytes() {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
                    out.push(char::from(byte));
                } else {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
        }
    }
    out.push_str("\r\n");
    let id = file.content_id.as_deref().map(|id| id.trim().trim_matches(['<', '>'])).unwrap_or_default();
    if !id.is_empty() && id.len() <= NAME && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<') {
        let _ = write!(out, "Content-ID: <{id}>\r\n");
    }
    out.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
    for line in file.bytes.chunks(57) {
        out.push_str(&base64::encode(line));
        out.push_str("\r\n");
    }
}

/// Whether a text is a media type of a single part, and nothing else.
fn is_media_type(name: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty()
            && text.len() <= 80
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let several = name.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    !several && name.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// A text as a field may hold it: as it is where it is plain, as encoded words else. `quoted` puts it in
/// quotes, as names stand before an address.
fn phrase(text: &str, quoted: bool) -> String {
    let plain = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) && !text.contains("=?");
    if plain && quoted {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    if plain && text.len() < ADDRESS_LINE {
        return text.to_owned();
    }
    encoded_words(text).join("\r\n ")
}

fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use postil_evidence::Addr;

    use super::{File, Part, address_field, given_fields, ids_field, is_media_type, text_field, write_part};

    #[test]
    fn no_value_leaves_its_line() {
        for bad in ["a\r\nBcc: x@y.example", "a\n\nbody", "=?utf-8?Q?x?=", "\u{85}x", "ä\0", "\u{2028}"] {
            let mut out = String::new();
            text_field(&mut out, "Subject", bad);
            address_field(
                &mut out,
                "To",
                &[(bad.to_owned(), None), (bad.to_owned(), Addr::parse("a@x.example"))],
            );
            ids_field(&mut out, "References", bad);
            given_fields(&mut out, &format!("X-A: {}", bad.replace(['\r', '\n'], "\u{b}")), |_| true);
            let file = File {
                name: bad.to_owned(),
                media_type: Some(bad.to_owned()),
                content_id: Some(bad.to_owned()),
                ..File::default()
            };
            write_part(&mut out, Part::File(file), "b", &mut 0, 1_000);
            assert!(out.chars().all(|c| matches!(c, '\r' | '\n' | '\t') || !c.is_control()), "{out:?}");
            for line in out.split("\r\n").filter(|line| !line.is_empty() && !line.starts_with(' ')) {
                let name = line.split(':').next().unwrap();
                let ours = ["Subject", "To", "References", "X-A", "Content-Type", "Content-Disposition"];
                assert!(
                    ours.contains(&name) || name == "Content-ID" || name == "Content-Transfer-Encoding",
                    "{out:?}"
                );
            }
            assert!(!out.contains("\r\n\r\nbody"));
        }
    }

    #[test]
    fn given_fields_end_at_an_empty_line() {
        let mut out = String::new();
        let given = "Microsoft Mail Internet Headers Version 2.0\r\n left out\r\nReceived: a\r\n\tb\u{7}\r\nContent-Type: x;\r\n y\r\nSubject: z\r\n\r\nTo: w\r\n";
        given_fields(&mut out, given, |name| !name.starts_with("content-"));
        assert_eq!(out, "Received: a\r\n\tb \r\nSubject: z\r\n");
    }

    #[test]
    fn media_types_are_exact() {
        for (name, is) in [
            ("image/png", true),
            ("application/vnd.ms-excel", true),
            ("message/rfc822", true),
            ("multipart/mixed", false),
            ("Multipart/signed", false),
            ("image", false),
            ("image/png; name=x", false),
            ("image/\r\npng", false),
        ] {
            assert_eq!(is_media_type(name), is, "{name}");
        }
    }
}
