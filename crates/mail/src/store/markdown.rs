//! Thread exports in Markdown, as mail programs' shortcuts write them: `# Subject`, lines
//! `- Exported:` and `- Messages: N`, then for each message `## <date> — Name <address>` and its
//! body as a `>` quote. The sections may stand in either order of time.

use std::path::Path;

use jiff::Zoned;
use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use postil_evidence::text::{clean, fold_space};
use postil_evidence::{Addr, ContentHash, HeaderText, Mailbox, MessageKey};

use super::{Change, Format, Mark, Place, Scan, StoreError, StoreKind, head, mtime_ns};
use crate::limits;
use crate::message::{Defect, DeliveryHeaders, Message, MsgId};
use crate::parse::finish;

/// Scans a file of a folder if it is a thread export.
pub(super) fn scan_if_export(path: &Path, scan_state: &mut Scan<'_>) -> Result<(), StoreError> {
    let is_markdown = path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
    });
    if !is_markdown || !is_export(&String::from_utf8_lossy(&head(path, 8_192)?)) {
        return Ok(());
    }
    scan(path, scan_state)
}

/// Scans one export.
pub(super) fn scan(path: &Path, scan: &mut Scan<'_>) -> Result<(), StoreError> {
    let metadata = std::fs::metadata(path).map_err(|error| StoreError::at(path, error))?;
    scan.seen.containers.push(path.to_owned());
    let mtime = mtime_ns(&metadata);
    let before = scan.known.mark(path);
    if before.is_some_and(|mark| mark.mtime_ns == mtime && mtime != 0 && mark.size == metadata.len()) {
        return Ok(());
    }
    let bytes = head(path, limits::MESSAGE as u64)?;
    let text = String::from_utf8_lossy(&bytes);
    if before.is_none() && !is_export(&text) {
        return Err(StoreError::OtherKind {
            path: path.to_owned(),
            kind: StoreKind::Markdown,
            found: "it does not begin with `# Subject`, `- Exported:` and `- Messages:`",
        });
    }
    let mark = Mark { mtime_ns: scan.settled(mtime), size: metadata.len(), digest: ContentHash::of(&bytes) };
    if before == Some(mark) {
        return Ok(());
    }
    let mut change = Change {
        container: path.to_owned(),
        mark,
        added: Vec::new(),
        gone: Vec::new(),
        moved: Vec::new(),
        kept: 0,
    };
    let old = if before.is_some() { scan.known.places(path) } else { Vec::new() };
    if before.is_some_and(|before| before.digest == mark.digest) {
        change.kept = old.len();
    } else {
        change.gone = old;
        change.added = Export::read(&bytes).sections.iter().map(|section| section.place(path)).collect();
    }
    scan.report(change);
    Ok(())
}

/// Reads the message at a place: the whole export is read, since the thread's root is needed.
pub(super) fn load(place: &Place) -> Result<Message, StoreError> {
    let bytes = head(&place.path, limits::MESSAGE as u64)?;
    let export = Export::read(&bytes);
    let found =
        export.sections.iter().position(|s| s.offset as u64 == place.offset && s.len as u64 == place.len);
    match found {
        Some(at) => Ok(export.message(at)),
        None => Err(StoreError::Gone { path: place.path.clone(), offset: place.offset }),
    }
}

/// Whether a text begins like an export.
fn is_export(text: &str) -> bool {
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let subject = lines.next().is_some_and(|line| line.starts_with("# "));
    let facts: Vec<String> =
        lines.take(6).map(|line| line.trim_start_matches(['-', '*', ' ']).to_lowercase()).collect();
    let has = |name: &str| facts.iter().any(|line| line.starts_with(name));
    subject && (has("exported:") || has("**exported")) && (has("messages:") || has("**messages"))
}

/// A thread export.
struct Export {
    subject: HeaderText,
    sections: Vec<Section>,
}

/// One message of it.
struct Section {
    offset: usize,
    len: usize,
    date: Option<Zoned>,
    from: Option<Mailbox>,
    body: String,
    hidden: usize,
}

impl Section {
    fn place(&self, path: &Path) -> Place {
        Place {
            path: path.to_owned(),
            offset: self.offset as u64,
            len: self.len as u64,
            format: Format::MarkdownSection,
        }
    }

    /// An id made from what the message says, so that every export of it gives the same.
    fn id(&self) -> Option<MsgId> {
        let date = self.date.as_ref().map(|date| date.timestamp().to_string()).unwrap_or_default();
        let from = self.from.as_ref().map_or("", |from| from.addr.as_str());
        let body = fold_space(&self.body);
        let hash = ContentHash::of_parts(&[date.as_bytes(), from.as_bytes(), body.as_bytes()]);
        MsgId::parse(&format!("{hash}@export.invalid"))
    }
}

impl Export {
    fn read(bytes: &[u8]) -> Self {
        let mut subject = HeaderText::default();
        let mut sections: Vec<Section> = Vec::new();
        let mut offset = 0;
        let mut fence = false;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            let text = text.trim_start_matches('\u{feff}').trim_end();
            if text.starts_with("```") {
                fence = !fence;
            }
            let heading = if fence { None } else { text.strip_prefix("## ").and_then(read_heading) };
            if let Some((date, from)) = heading {
                sections.push(Section { offset, len: 0, date, from, body: String::new(), hidden: 0 });
            } else if let Some(section) = sections.last_mut() {
                let unquoted = text.strip_prefix('>').map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
                section.body.push_str(unquoted.unwrap_or(text));
                section.body.push('\n');
            } else if subject.is_empty()
                && let Some(title) = text.strip_prefix("# ")
            {
                subject = HeaderText::clean(title);
            }
            offset += line.len();
            if let Some(section) = sections.last_mut() {
                section.len = offset - section.offset;
            }
        }
        for section in &mut sections {
            let (body, removed) = clean(section.body.trim_matches('\n'));
            section.hidden = removed.invisible + removed.control;
            section.body = body.trim_end().to_owned();
            if !section.body.is_empty() {
                section.body.push('\n');
            }
        }
        Self { subject, sections }
    }

    /// The oldest message: the thread's root.
    fn root(&self) -> Option<usize> {
        let dated =
            self.sections.iter().enumerate().filter_map(|(at, s)| Some((s.date.as_ref()?.timestamp(), at)));
        dated.min().map(|(_, at)| at).or(if self.sections.is_empty() { None } else { Some(0) })
    }

    /// The message of one section.
    fn message(&self, at: usize) -> Message {
        let section = self.sections.get(at);
        let root = self.root().filter(|root| *root != at);
        let root_id = root.and_then(|root| self.sections.get(root)).and_then(Section::id);
        let mut defects = Vec::new();
        let from = section.and_then(|s| s.from.clone());
        if from.is_none() {
            defects.push(Defect::NoSender);
        }
        let date = section.and_then(|s| s.date.clone());
        if date.is_none() {
            defects.push(Defect::BadDate);
        }
        let hidden = section.map_or(0, |s| s.hidden);
        if hidden > 0 {
            defects.push(Defect::HiddenCharacters(hidden));
        }
        let mut message = Message {
            key: MessageKey(ContentHash::from_bytes([0; 16])),
            message_id: section.and_then(Section::id),
            in_reply_to: Vec::new(),
            references: root_id.into_iter().collect(),
            from,
            sender: None,
            reply_to: Vec::new(),
            to: self.others(at),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: self.subject.clone(),
            date,
            delivery: DeliveryHeaders::default(),
            text: section.map(|s| s.body.clone()).unwrap_or_default(),
            zones: Vec::new(),
            attachments: Vec::new(),
            calendar_method: None,
            defects,
            size: section.map_or(0, |s| s.len),
            labels: Vec::new(),
            sent: false,
            answered: false,
        };
        finish(&mut message);
        message
    }

    /// An export names no recipients; those who wrote in the thread are who it was among.
    fn others(&self, at: usize) -> Vec<Mailbox> {
        let own = self.sections.get(at).and_then(|s| s.from.as_ref()).map(|from| &from.addr);
        let mut out: Vec<Mailbox> = Vec::new();
        for mailbox in self.sections.iter().filter_map(|s| s.from.as_ref()) {
            if Some(&mailbox.addr) != own && !out.iter().any(|seen| seen.addr == mailbox.addr) {
                out.push(mailbox.clone());
            }
        }
        out.sort_by(|a, b| a.addr.cmp(&b.addr));
        out
    }
}

/// `<date> — Name <address>`; `None` where the heading begins with no date.
fn read_heading(heading: &str) -> Option<(Option<Zoned>, Option<Mailbox>)> {
    for separator in [" — ", " – ", " - ", " | ", " · "] {
        for (at, _) in heading.match_indices(separator) {
            let (date, who) = heading.split_at_checked(at)?;
            let who = who.strip_prefix(separator)?;
            if let Some(date) = read_date(date) {
                return Some((Some(date), read_mailbox(who)));
            }
        }
    }
    // A heading with an address but an unreadable date is still a message.
    let (before, who) = heading.split_once(" — ").or_else(|| heading.split_once(" – "))?;
    let mailbox = read_mailbox(who)?;
    (!before.trim().is_empty()).then_some((None, Some(mailbox)))
}

fn read_mailbox(who: &str) -> Option<Mailbox> {
    let who = who.replace("\\<", "<").replace("\\>", ">");
    let who = who.trim();
    if let Some((name, rest)) = who.rsplit_once('<') {
        let addr = Addr::parse(rest.trim().trim_end_matches('>').trim_start_matches("mailto:"))?;
        return Some(Mailbox { name: HeaderText::clean(name.trim().trim_matches('"')), addr });
    }
    let word = who.split([' ', '(', ')', '[', ']']).find(|word| word.contains('@'))?;
    let name = who.split(['(', '[']).next().unwrap_or_default();
    let name = if name.contains('@') { "" } else { name.trim() };
    Some(Mailbox { name: HeaderText::clean(name), addr: Addr::parse(word)? })
}

const MONTHS: [[&str; 8]; 12] = [
    ["jan", "januar", "january", "janvier", "enero", "gennaio", "januari", "janeiro"],
    ["feb", "februar", "february", "février", "febrero", "febbraio", "februari", "fevereiro"],
    ["mar", "märz", "march", "mars", "marzo", "maart", "mrz", "março"],
    ["apr", "april", "avril", "abril", "aprile", "avr", "abr", "avr."],
    ["may", "mai", "mayo", "maggio", "mei", "maj", "maio", "mag"],
    ["jun", "juni", "june", "juin", "junio", "giugno", "giu", "junho"],
    ["jul", "juli", "july", "juillet", "julio", "luglio", "lug", "julho"],
    ["aug", "august", "août", "agosto", "augustus", "augusti", "ago", "aout"],
    ["sep", "september", "septembre", "septiembre", "settembre", "sept", "set", "setembro"],
    ["oct", "oktober", "october", "octobre", "octubre", "ottobre", "okt", "outubro"],
    ["nov", "november", "novembre", "noviembre", "novembro", "nov.", "noviembre.", "november."],
    ["dec", "dezember", "december", "décembre", "diciembre", "dicembre", "dez", "dezembro"],
];

fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    let at = MONTHS.iter().position(|names| names.contains(&word.as_str()))?;
    i8::try_from(at + 1).ok()
}

/// A date in the formats of exports: ISO, "20 Nov 2026 at 16:04", "Friday, November 20, 2026 at
/// 4:04 PM", "20.11.2026, 16:04". Without an offset the time is taken as UTC.
fn read_date(text: &str) -> Option<Zoned> {
    let text = text.replace(['\u{202f}', '\u{a0}'], " ");
    let text = text.trim().trim_matches('*');
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        let offset = offset_of(text).unwrap_or(Offset::UTC);
        return Some(time.to_zoned(TimeZone::fixed(offset)));
    }
    let mut fields = Fields::default();
    for word in text.split([' ', ',', 'T', '\t']).filter(|word| !word.is_empty()) {
        fields.add(word)?;
    }
    let date = civil::Date::new(fields.year?, fields.month?, fields.day?).ok()?;
    let (hour, minute, second) = fields.time.unwrap_or((0, 0, 0));
    let hour = match fields.half {
        Some(Half::Morning) if hour == 12 => 0,
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        Some(_) | None => hour,
    };
    let time = civil::Time::new(hour, minute, second, 0).ok()?;
    date.to_datetime(time).to_zoned(TimeZone::fixed(fields.offset.unwrap_or(Offset::UTC))).ok()
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// What has been read of a date.
#[derive(Default)]
struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8)>,
    half: Option<Half>,
    offset: Option<Offset>,
}

impl Fields {
    /// Takes one word; `None` where it belongs to no date.
    fn add(&mut self, word: &str) -> Option<()> {
        let lower = word.to_lowercase();
        match lower.as_str() {
            "at" | "um" | "à" | "a" | "uhr" | "om" | "kl." | "kl" | "de" | "of" | "the" | "le" | "on"
            | "el" | "las" | "alle" | "ore" => return Some(()),
            "am" | "a.m." => self.half = Some(Half::Morning),
            "pm" | "p.m." => self.half = Some(Half::Afternoon),
            "utc" | "gmt" | "z" => self.offset = Some(Offset::UTC),
            _ => return self.add_value(&lower),
        }
        Some(())
    }

    fn add_value(&mut self, word: &str) -> Option<()> {
        if word.contains(':') {
            let clock = word.trim_end_matches('z');
            let (clock, half) = match (clock.strip_suffix("pm"), clock.strip_suffix("am")) {
                (Some(clock), _) => (clock, Some(Half::Afternoon)),
                (None, Some(clock)) => (clock, Some(Half::Morning)),
                (None, None) => (clock, self.half),
            };
            self.half = half;
            let (clock, offset) = match clock.find(['+', '-']) {
                Some(at) => (clock.get(..at)?, offset_of(clock)),
                None => (clock, None),
            };
            self.offset = offset.or(self.offset);
            let mut parts =
                clock.split(':').map(|part| part.split('.').next().unwrap_or_default().parse::<i8>().ok());
            self.time = Some((parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0)));
            return Some(());
        }
        if let Some(found) = month(word) {
            self.month = Some(found);
            return Some(());
        }
        if word.starts_with(['+', '-']) {
            self.offset = offset_of(word);
            return self.offset.map(|_| ());
        }
        let numbers: Vec<&str> = word.split(['-', '/', '.']).filter(|part| !part.is_empty()).collect();
        let number = |at: usize| {
            numbers.get(at).and_then(|part| part.trim_end_matches(char::is_alphabetic).parse::<i16>().ok())
        };
        match numbers.len() {
            3 => {
                let (a, b, c) = (number(0)?, number(1)?, number(2)?);
                let day_first = word.contains('.') || a > 12;
                let (year, month, day) = if a > 31 {
                    (a, b, c)
                } else if day_first {
                    (c, b, a)
                } else {
                    (c, a, b)
                };
                self.year = Some(if year < 100 { year + 2_000 } else { year });
                self.month = i8::try_from(month).ok();
                self.day = i8::try_from(day).ok();
            }
            1 => match number(0) {
                Some(n) if n > 31 => self.year = Some(n),
                Some(n) => self.day = i8::try_from(n).ok(),
                // The name of a weekday, in any language, before the day is known.
                None if self.time.is_none() && word.chars().all(|c| c.is_alphabetic() || c == '.') => {}
                None => return None,
            },
            _ => return None,
        }
        Some(())
    }
}

/// `+01:00`, `+0100`, `-05` at the end of a time.
fn offset_of(text: &str) -> Option<Offset> {
    let at = text.rfind(['+', '-'])?;
    let sign = if text.get(at..)?.starts_with('-') { -1 } else { 1 };
    let digits: String = text.get(at + 1..)?.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..)?.parse::<i32>().ok()?),
        _ => return None,
    };
    Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::{Export, read_date, read_heading};

    #[test]
    fn dates_of_exports_are_read() {
        for (text, iso) in [
            ("2026-11-20", "2026-11-20T00:00:00+00:00[UTC]"),
            ("2026-11-20 16:04", "2026-11-20T16:04:00+00:00[UTC]"),
            ("2026-11-20T16:04:05Z", "2026-11-20T16:04:05+00:00[UTC]"),
            ("2026-11-20T16:04:05+01:00", "2026-11-20T16:04:05+01:00[+01:00]"),
            ("20 Nov 2026 at 16:04", "2026-11-20T16:04:00+00:00[UTC]"),
            ("Friday, November 20, 2026 at 4:04\u{202f}PM", "2026-11-20T16:04:00+00:00[UTC]"),
            ("Freitag, 20. November 2026 um 16:04 Uhr", "2026-11-20T16:04:00+00:00[UTC]"),
            ("20.11.2026, 16:04", "2026-11-20T16:04:00+00:00[UTC]"),
            ("11/20/2026 12:04 AM", "2026-11-20T00:04:00+00:00[UTC]"),
            ("20 Nov 2026 at 16:04:26 +0530", "2026-11-20T16:04:26+05:30[+05:30]"),
        ] {
            assert_eq!(read_date(text).map(|date| date.to_string()).as_deref(), Some(iso), "{text}");
        }
        for bad in ["", "Notes", "Chapter 2", "2026-13-45", "Agenda for 3 May"] {
            assert_eq!(read_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn headings_name_the_sender() {
        for heading in [
            "2026-11-20 - Maya Okafor <maya@northwind.example>",
            "20 Nov 2026 at 16:04 – Maya Okafor <maya@northwind.example>",
            "Friday, November 20, 2026 at 4:04 PM — Maya Okafor \\<Maya@northwind.example\\>",
        ] {
            let (date, from) = read_heading(heading).unwrap();
            assert!(date.is_some());
            assert_eq!(from.unwrap().to_string(), "Maya Okafor <maya@northwind.example>");
        }
        assert!(read_heading("Next steps - and more").is_none());
    }

    const OLDEST: &str =
        "## 2026-11-19 - Sam <sam@acme.example>\n\n> Hi Maya,\n>\n> shall we?\n> > older\n\n";
    const NEWEST: &str = "## 20 Nov 2026 at 16:04 — Maya <maya@northwind.example>\n\n> Yes. Which day?\n";

    #[test]
    fn either_order_gives_the_same_messages() {
        let head = "# Retention\n\n- Exported: 2026-11-20\n- Messages: 2\n\n";
        let forward = Export::read(format!("{head}{OLDEST}{NEWEST}").as_bytes());
        let backward = Export::read(format!("{head}{NEWEST}\n{OLDEST}").as_bytes());
        let keys = |export: &Export| {
            let mut keys: Vec<_> = (0..2).map(|at| export.message(at).key).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&forward), keys(&backward));
        let (first, second) = (forward.message(0), forward.message(1));
        assert_eq!(first.text, "Hi Maya,\n\nshall we?\n> older\n");
        assert_eq!(first.own_words(), "Hi Maya,\n\nshall we?");
        assert_eq!(second.references, first.message_id.clone().into_iter().collect::<Vec<_>>());
        assert_eq!(second.to.first().map(|to| to.addr.as_str()), Some("sam@acme.example"));
        assert_eq!(backward.message(1).references, Vec::new());
    }
}
