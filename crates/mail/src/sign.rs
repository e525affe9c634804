//! What a signature block says of its bearer: name, role, organisation, numbers, links, each with its
//! place in the text. It is what the sender says of themselves, and proves nothing.

use std::sync::LazyLock;

use postil_evidence::{Addr, Span};
use serde::{Deserialize, Serialize};

use crate::message::{Message, ZoneKind};
use crate::zones::words::Words;
use crate::zones::{is_person_name, is_place};

/// The most fields of one block that are kept.
const FIELDS: usize = 40;

/// What a part of a signature block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureField {
    /// The bearer's name.
    Name,
    /// What they do.
    Role,
    /// Whom they do it for.
    Organisation,
    /// A telephone number, without its label.
    Phone,
    /// A fax number, without its label.
    Fax,
    /// A mail address.
    Mail,
    /// An address on the web.
    Link,
    /// A line of a postal address.
    Place,
}

/// The fields of the signature block below the sender's own words, in the order of the text. Spans
/// are bytes of [`Message::text`]. Empty where there is no block.
#[must_use]
pub fn signature_fields(message: &Message) -> Vec<(SignatureField, Span)> {
    let mut out: Vec<(SignatureField, Span)> = Vec::new();
    let block = |kind: ZoneKind| kind == ZoneKind::PersonalSignature;
    let Some(first) = message.zones.iter().position(|zone| block(zone.kind)) else { return out };
    // The name may stand with the closing above the block.
    let above = message
        .zones
        .iter()
        .take(first)
        .rev()
        .find(|zone| !matches!(zone.kind, ZoneKind::Empty | ZoneKind::Separator));
    if let Some(closing) = above.filter(|zone| zone.kind == ZoneKind::Closing) {
        let lines = lines_of(message, closing.span);
        if let Some(name) =
            lines.last().filter(|line| lines.len() > 1 && is_person_name(line.of(&message.text)))
        {
            out.push((SignatureField::Name, *name));
        }
    }
    let mut signed = !out.is_empty();
    for zone in message.zones.iter().skip(first) {
        if zone.kind == ZoneKind::PersonalSignature {
            for line in lines_of(message, zone.span) {
                read_line(message, line, &mut signed, &mut out);
            }
        } else if !matches!(zone.kind, ZoneKind::Empty | ZoneKind::Separator) {
            break;
        }
    }
    out.truncate(FIELDS);
    out
}

/// The lines of a span without the white space around them, empty ones left out.
fn lines_of(message: &Message, span: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = span.start;
    for line in span.of(&message.text).split_inclusive('\n') {
        let lead = line.len() - line.trim_start().len();
        let text = line.trim();
        if !text.is_empty() {
            out.push(Span::new(start + lead, start + lead + text.len()));
        }
        start += line.len();
    }
    out
}

/// One line: its addresses and numbers first, then what is left between its marks. What nothing tells
/// ("Northwind Traders" of someone at another domain) is left unread, not guessed.
fn read_line(message: &Message, line: Span, signed: &mut bool, out: &mut Vec<(SignatureField, Span)>) {
    let text = line.of(&message.text);
    for (start, part) in parts(text) {
        let at = |from: usize, len: usize| {
            let begin = line.start + start + from;
            Span::new(begin, begin + len)
        };
        if let Some((from, word, kind)) = address(part) {
            out.push((kind, at(from, word.len())));
            continue;
        }
        if let Some((from, number, fax)) = number(part) {
            out.push((if fax { SignatureField::Fax } else { SignatureField::Phone }, at(from, number.len())));
            continue;
        }
        if is_place(part) {
            out.push((SignatureField::Place, at(0, part.len())));
            continue;
        }
        for (from, piece) in pieces(part) {
            let kind = if is_organisation(piece, message) {
                SignatureField::Organisation
            } else if is_role(piece) {
                SignatureField::Role
            } else if !*signed && is_person_name(piece) {
                *signed = true;
                SignatureField::Name
            } else {
                continue;
            };
            out.push((kind, at(from, piece.len())));
        }
    }
}

/// The parts of a line between `|`, `·`, `•`, ` -- `, tabs and wide gaps, each with its place.
fn parts(line: &str) -> Vec<(usize, &str)> {
    split(line, &["|", "\u{b7}", "\u{2022}", " -- ", "\t", "   "])
}

/// The pieces of a part between commas, ` at `, ` - ` and slashes.
fn pieces(part: &str) -> Vec<(usize, &str)> {
    // "Pumps, Inc." is one piece.
    if LEGAL.begin(part.rsplit(", ").next().unwrap_or_default().to_lowercase().as_str())
        && part.matches(", ").count() == 1
    {
        return vec![(0, part)];
    }
    split(part, &[", ", " at ", " @ ", " - ", " \u{2013} ", " / ", " bei ", " chez "])
}

fn split<'t>(text: &'t str, marks: &[&str]) -> Vec<(usize, &'t str)> {
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for mark in marks {
        cuts.extend(text.match_indices(mark).map(|(at, found)| (at, at + found.len())));
    }
    cuts.sort_unstable();
    cuts.push((text.len(), text.len()));
    let mut out = Vec::new();
    let mut from = 0;
    for (at, next) in cuts {
        if at < from {
            continue;
        }
        let piece = text.get(from..at).unwrap_or_default();
        let lead = piece.len() - piece.trim_start().len();
        let piece = piece.trim().trim_end_matches([',', ';']);
        if !piece.is_empty() {
            out.push((from + lead, piece));
        }
        from = next;
    }
    out
}

/// A mail or web address in a part, with its place.
fn address(part: &str) -> Option<(usize, &str, SignatureField)> {
    let mut from = 0;
    for word in part.split(' ') {
        let start = from;
        from += word.len() + 1;
        let bare = word.trim_start_matches(['<', '(', '[']).trim_end_matches(['>', ')', ']', ',', ';', '.']);
        let lead = word.len() - word.trim_start_matches(['<', '(', '[']).len();
        let mail = bare.strip_prefix("mailto:").unwrap_or(bare);
        if Addr::parse(mail).is_some() && mail.contains('.') {
            return Some((start + lead + (bare.len() - mail.len()), mail, SignatureField::Mail));
        }
        let lower = bare.to_lowercase();
        if (lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www."))
            && bare.len() > 8
        {
            return Some((start + lead, bare, SignatureField::Link));
        }
    }
    None
}

/// A telephone number in a part: its place, the number, and whether its label says fax.
fn number(part: &str) -> Option<(usize, &str, bool)> {
    let mark =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | '(' | ')' | ' ' | '/' | '\u{a0}');
    let begin = part.char_indices().find(|(_, c)| c.is_ascii_digit() || matches!(c, '+' | '('))?.0;
    let tail = part.get(begin..)?;
    let len = tail.char_indices().find(|(_, c)| !mark(*c)).map_or(tail.len(), |(at, _)| at);
    let number = tail.get(..len)?.trim_end_matches([' ', '(', '-', '.', '/', '\u{a0}']);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let label = part.get(..begin)?.trim().to_lowercase();
    // A label of one or two words, or none: "Tel:", "M", "Mobile phone:".
    let labelled = label.split_whitespace().count() <= 2 && label.len() <= 20;
    ((7..=15).contains(&digits) && labelled)
        .then(|| (begin, number, label.starts_with("fax") || label == "f" || label == "f:"))
}

static ROLES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "manager|director|engineer|developer|president|vice president|officer|head of|lead|consultant|analyst|\
         assistant|counsel|partner|founder|co-founder|professor|architect|administrator|coordinator|specialist|\
         representative|executive|secretary|scientist|researcher|designer|technician|supervisor|accountant|\
         advisor|adviser|attorney|editor|owner|principal|associate|intern|buyer|planner|leiter|leiterin|\
         geschäftsführer|geschäftsführerin|entwickler|entwicklerin|berater|beraterin|vertrieb|einkauf|ingenieur|\
         directeur|directrice|responsable|ingénieur|gérant|gérante|chargé|chargée|chef de|gerente|directora|\
         ingeniero|ingeniera|jefe|jefa|encargado|responsabile|direttore|direttrice|ingegnere|amministratore|\
         manager|beheerder|hoofd|directie|adviseur|gerente|diretor|diretora|engenheiro|engenheira|coordenador",
    )
});

static TITLES: LazyLock<Words> =
    LazyLock::new(|| Words::of("ceo|cto|cfo|coo|cio|ciso|cmo|cpo|vp|svp|evp|pm|cso|md|hr"));

static LEGAL: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "gmbh|ag|ltd|llc|inc|corp|plc|llp|lp|kg|ohg|se|sa|s.a|sas|sarl|s.l|srl|s.r.l|spa|s.p.a|bv|b.v|nv|n.v|ab|\
         oy|a/s|aps|as|kft|sp. z o.o|co|company|corporation|limited|university|universität|université|institute|\
         institut|foundation|stiftung|group|associates|consulting|e.v",
    )
});

fn is_role(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    let words = piece.split_whitespace().count();
    let word = |at: usize, found: &str| {
        let before = lower.get(..at).and_then(|text| text.chars().next_back());
        let after = lower.get(at + found.len()..).and_then(|text| text.chars().next());
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    };
    words <= 8
        && !piece.ends_with(['.', '?', '!', ':'])
        && (ROLES.places(&lower).any(|(found, at)| word(at, found))
            || lower.split(|c: char| !c.is_alphanumeric()).any(|word| TITLES.has(word)))
}

/// A legal form at its end, or the stem of the sender's own domain in it.
fn is_organisation(piece: &str, message: &Message) -> bool {
    let lower = piece.to_lowercase();
    if piece.split_whitespace().count() > 8 || piece.ends_with(['?', '!', ':']) {
        return false;
    }
    let last = lower.trim_end_matches('.').rsplit([' ', ',']).next().unwrap_or_default();
    if LEGAL.has(last) && last.len() < lower.len() {
        return true;
    }
    let stem = message.from.as_ref().map(|from| from.addr.domain().split('.').next().unwrap_or_default());
    let joined: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    stem.is_some_and(|stem| {
        let stem: String = stem.chars().filter(|c| c.is_alphanumeric()).collect();
        stem.len() >= 4 && joined.starts_with(&stem) && joined.len() <= stem.len() + 24
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_message;

    fn fields(from: &str, body: &str) -> Vec<(SignatureField, String)> {
        let message = parse_message(format!("From: {from}\r\nSubject: x\r\n\r\n{body}").as_bytes());
        let fields = signature_fields(&message);
        fields.into_iter().map(|(kind, span)| (kind, span.of(&message.text).to_owned())).collect()
    }

    #[test]
    fn a_block_is_read_part_by_part() {
        let found = fields(
            "Maya Okafor <maya@northwind.example>",
            "It runs.\r\n\r\nBest regards,\r\nMaya Okafor\r\nHead of Service, Northwind Traders\r\nTel: +44 20 7946 0018 | Fax: +44 20 7946 0019\r\n\
             12 Mill Lane, York\r\nmaya@northwind.example | www.northwind.example\r\n",
        );
        let text = |kind| {
            found.iter().filter(|(k, _)| *k == kind).map(|(_, text)| text.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(text(SignatureField::Name), ["Maya Okafor"]);
        assert_eq!(text(SignatureField::Role), ["Head of Service"]);
        assert_eq!(text(SignatureField::Organisation), ["Northwind Traders"]);
        assert_eq!(text(SignatureField::Phone), ["+44 20 7946 0018"]);
        assert_eq!(text(SignatureField::Fax), ["+44 20 7946 0019"]);
        assert_eq!(text(SignatureField::Place), ["12 Mill Lane, York"]);
        assert_eq!(text(SignatureField::Mail), ["maya@northwind.example"]);
        assert_eq!(text(SignatureField::Link), ["www.northwind.example"]);
    }

    #[test]
    fn a_block_below_two_dashes_brings_its_name() {
        let found = fields(
            "jonas@weber.example",
            "Läuft.\r\n\r\n-- \r\nJonas Weber\r\nGeschäftsführer\r\nWeber Pumpen GmbH\r\n+49 30 901820\r\n",
        );
        let kinds: Vec<SignatureField> = found.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(
            kinds,
            [SignatureField::Name, SignatureField::Role, SignatureField::Organisation, SignatureField::Phone]
        );
    }

    #[test]
    fn no_block_no_fields_and_a_motto_is_none() {
        assert!(fields("maya@northwind.example", "Call +44 20 7946 0018 when you can.\r\n").is_empty());
        let motto =
            fields("maya@northwind.example", "Yes.\r\n\r\n-- \r\nHorses are good animals, they say.\r\n");
        assert!(motto.is_empty(), "{motto:?}");
    }
}
