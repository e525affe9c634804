//! Header lines that stand in a text, as in mail that was forwarded or quoted whole: whom each names, and where.
//!
//! What such a line says is claimed by whoever wrote the text; it names people and proves nothing.

use postil_evidence::Span;

/// Which people a header line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Who wrote it.
    From,
    /// To whom.
    To,
    /// Who got a copy.
    Cc,
    /// A header line that names nobody.
    Other,
}

/// One person of a header line. At least one of the two is there; both are bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Option<Span>,
    pub(super) addr: Option<Span>,
}

/// Reads one line, which begins at byte `start` of its text. `None` where it is no header line.
pub(super) fn header_line(line: &str, start: usize) -> Option<(Field, Vec<Entry>)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim().trim_start_matches(['>', '*', ' ']);
    let bare = name.trim_end_matches('*').to_ascii_lowercase();
    let field = match bare.strip_prefix("x-").unwrap_or(&bare) {
        "from" | "reply-to" | "von" | "de" => Field::From,
        "to" | "an" | "à" | "para" => Field::To,
        "cc" | "bcc" => Field::Cc,
        "sent" | "date" | "subject" | "importance" | "return-path" | "gesendet" | "betreff" | "envoyé"
        | "objet" => Field::Other,
        _ => return None,
    };
    let from = start + line.len() - value.len();
    Some((field, if field == Field::Other { Vec::new() } else { entries(value, from) }))
}

/// The people of a header value that begins at byte `start` of its text.
fn entries(value: &str, start: usize) -> Vec<Entry> {
    let pieces = if value.contains(';') {
        split(value, ';')
    } else {
        let pieces = split(value, ',');
        // "Dunton, Heather, Allen, Phillip K.": where no piece has an address, two and two are one name.
        let plain = |span: &Span| !span.of(value).contains(['@', '<']);
        let mut joined: Vec<Span> = Vec::new();
        let mut rest = pieces.iter().peekable();
        while let Some(piece) = rest.next() {
            let next =
                rest.next_if(|next| plain(piece) && (plain(next) || next.of(value).contains(['<', '['])));
            joined.push(Span::new(piece.start, next.unwrap_or(piece).end));
        }
        joined
    };
    pieces
        .into_iter()
        .filter_map(|span| entry(span.of(value)).map(|entry| moved(entry, start + span.start)))
        .collect()
}

fn moved(entry: Entry, by: usize) -> Entry {
    let shifted = |span: Option<Span>| span.map(|span| span.shifted(by));
    Entry { name: shifted(entry.name), addr: shifted(entry.addr) }
}

/// The pieces of `value` between marks that stand outside quotation marks.
fn split(value: &str, mark: char) -> Vec<Span> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, letter) in value.char_indices() {
        if letter == '"' {
            quoted = !quoted;
        } else if letter == mark && !quoted {
            pieces.push(Span::new(start, at));
            start = at + letter.len_utf8();
        }
    }
    pieces.push(Span::new(start, value.len()));
    pieces.retain(|piece| !piece.of(value).trim().is_empty());
    pieces
}

/// `Name <address>`, `Name [address]`, an address or a name.
fn entry(piece: &str) -> Option<Entry> {
    const ROUND: [char; 9] = [' ', '\t', '"', '\'', '<', '>', '[', ']', ';'];
    let opens = piece.find(['<', '[']);
    let (before, behind) = piece.split_at(opens.unwrap_or(piece.len()));
    let trimmed = |text: &str, from: usize| -> Option<Span> {
        let inner = text.trim_matches(ROUND);
        let lead = text.len() - text.trim_start_matches(ROUND).len();
        (!inner.is_empty()).then(|| Span::new(from + lead, from + lead + inner.len()))
    };
    let is_name = |span: &Span| span.of(piece).chars().any(char::is_alphabetic);
    let address = |text: &str, from: usize| -> Option<Span> {
        let ends = text.find(['>', ']']).unwrap_or(text.len());
        let inner = text.get(..ends)?;
        let mail = inner.to_ascii_lowercase().find("mailto:").map_or(0, |at| at + "mailto:".len());
        let span = trimmed(inner.get(mail..)?, from + mail)?;
        let written = span.of(piece);
        let whole = written.contains('@') && !written.contains([' ', ':']) && !written.starts_with("IMCEA");
        whole.then_some(span)
    };
    // "Ana Lima/NA/Firm@Firm" is an address of the kind that Lotus Notes writes; its first part is the name. "Ana Lima
    // (Legal)" is called Ana Lima, and so is "FIRM - Ana Lima".
    let noted = before.find('/').filter(|at| before.get(..*at).is_some_and(|name| !name.contains('@')));
    let before = before.get(..noted.or(before.find(" (")).unwrap_or(before.len())).unwrap_or(before);
    let firm = before
        .rfind(" - ")
        .filter(|at| before.get(..*at).is_some_and(|firm| !firm.chars().any(char::is_lowercase)));
    let name_from = firm.map_or(0, |at| at + " - ".len());
    if before.contains('@') {
        return address(before, 0).map(|addr| Entry { name: None, addr: Some(addr) });
    }
    let name = trimmed(before.get(name_from..).unwrap_or_default(), name_from).filter(is_name);
    let addr = address(behind, opens.unwrap_or(piece.len()));
    (name.is_some() || addr.is_some()).then_some(Entry { name, addr })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: &[(Option<&str>, Option<&str>)]) {
        let (_, entries) = header_line(line, 0).unwrap();
        let told: Vec<(Option<&str>, Option<&str>)> = entries
            .iter()
            .map(|entry| (entry.name.map(|span| span.of(line)), entry.addr.map(|span| span.of(line))))
            .collect();
        assert_eq!(told, expect, "{line}");
    }

    #[test]
    fn header_lines_name_people_in_every_way_they_are_written() {
        check("From: Lima, Ana", &[(Some("Lima, Ana"), None)]);
        check("To: Lima, Ana; Berg, Bo", &[(Some("Lima, Ana"), None), (Some("Berg, Bo"), None)]);
        check("X-To: Lima, Ana, Berg, Bo", &[(Some("Lima, Ana"), None), (Some("Berg, Bo"), None)]);
        check(
            "To: ana@lima.example, bo@x.example",
            &[(None, Some("ana@lima.example")), (None, Some("bo@x.example"))],
        );
        check("From: \"Ana Lima\" <ana@lima.example>", &[(Some("Ana Lima"), Some("ana@lima.example"))]);
        check("From: Lima, Ana [mailto:ana@lima.example]", &[(Some("Lima, Ana"), Some("ana@lima.example"))]);
        check(
            "To: Ana Lima/NA/Firm@Firm, Bo Berg (Legal)",
            &[(Some("Ana Lima"), None), (Some("Bo Berg"), None)],
        );
        check("Cc: FIRM - Ana Lima <ana@lima.example>", &[(Some("Ana Lima"), Some("ana@lima.example"))]);
        check("Cc:", &[]);
        assert!(header_line("Note: Ana will come", 0).is_none());
    }
}
