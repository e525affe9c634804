//! Calendar parts as data: each event with its times, place and people. Expands no repetition and
//! believes nothing: what a part says is what its sender says.
//!
//! # Source
//! RFC 5545 sections 3.6.1, 3.8; RFC 5546 (METHOD). A bounded reader of our own instead of the
//! icalendar crate, which brings chrono and uuid to read eight properties.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use postil_evidence::text::clean;
use postil_evidence::{Addr, HeaderText, Mailbox};
use serde::{Deserialize, Serialize};

use super::lines::{Line, content_lines};

/// The most events of one part that are kept.
const EVENTS: usize = 200;
/// The most people of one event that are kept.
const PEOPLE: usize = 500;
/// The longest description that is kept, in bytes.
const DESCRIPTION: usize = 16 * 1024;

/// When something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "at")]
pub enum When {
    /// A whole day.
    Day(Date),
    /// A moment, in the zone that the part names.
    Moment(jiff::Zoned),
    /// A time of day without a zone known here: the reader's own.
    Floating(DateTime),
}

impl When {
    fn words(&self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M %:z").to_string(),
            Self::Floating(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

/// An event, a task or a journal entry of a calendar part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id, the same through all changes.
    pub uid: HeaderText,
    /// What it is called.
    pub summary: HeaderText,
    /// Where.
    pub location: HeaderText,
    /// What it says, cleaned.
    pub description: String,
    /// When it begins.
    pub start: Option<When>,
    /// When it ends, exclusive.
    pub end: Option<When>,
    /// Who called it.
    pub organizer: Option<Mailbox>,
    /// Who is asked.
    pub attendees: Vec<Mailbox>,
    /// `CONFIRMED`, `TENTATIVE`, `CANCELLED`; empty where it does not say.
    pub status: HeaderText,
    /// The rule of its repetition as written; empty where it has none.
    pub repeats: HeaderText,
}

impl Event {
    /// What a person would read of it.
    fn words(&self) -> String {
        let mut lines = vec![self.summary.to_string()];
        let times: Vec<String> = self.start.iter().chain(&self.end).map(When::words).collect();
        lines.push(times.join(" – "));
        lines.push(self.location.to_string());
        if let Some(organizer) = &self.organizer {
            lines.push(format!("Organizer: {organizer}"));
        }
        let people: Vec<String> = self.attendees.iter().map(ToString::to_string).collect();
        if !people.is_empty() {
            lines.push(format!("Attendees: {}", people.join(", ")));
        }
        lines.push(self.description.trim().to_owned());
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }
}

/// The events of a calendar part.
pub(super) fn events(text: &str) -> Vec<Event> {
    let mut out: Vec<Event> = Vec::new();
    let mut open: Option<Event> = None;
    // Inside an alarm or the like, whose lines are not the event's.
    let mut inner = 0_usize;
    for line in content_lines(text) {
        let component = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), component.as_str()) {
            ("BEGIN", "VEVENT" | "VTODO" | "VJOURNAL") if open.is_none() => open = Some(Event::default()),
            ("BEGIN", _) if open.is_some() => inner += 1,
            ("END", "VEVENT" | "VTODO" | "VJOURNAL") if inner == 0 => out.extend(open.take()),
            ("END", _) => inner = inner.saturating_sub(1),
            _ if inner == 0 => {
                if let Some(event) = &mut open {
                    property(event, &line);
                }
            }
            _ => {}
        }
        if out.len() >= EVENTS {
            return out;
        }
    }
    // A part that ends early loses nothing.
    out.extend(open);
    out
}

/// The words of events, for reading and for finding.
pub(super) fn words(events: &[Event]) -> String {
    events.iter().map(Event::words).collect::<Vec<_>>().join("\n\n")
}

fn property(event: &mut Event, line: &Line) {
    match line.name.as_str() {
        "UID" => event.uid = line.line(),
        "SUMMARY" => event.summary = line.line(),
        "LOCATION" => event.location = line.line(),
        "STATUS" => event.status = line.line(),
        "RRULE" => event.repeats = line.line(),
        "DESCRIPTION" => {
            let (text, _) = clean(&line.text());
            event.description =
                text.get(..text.floor_char_boundary(DESCRIPTION)).unwrap_or_default().to_owned();
        }
        "DTSTART" => event.start = when(line),
        "DTEND" | "DUE" => event.end = when(line),
        "ORGANIZER" => event.organizer = person(line),
        "ATTENDEE" if event.attendees.len() < PEOPLE => event.attendees.extend(person(line)),
        _ => {}
    }
}

fn person(line: &Line) -> Option<Mailbox> {
    let value = line.value.trim();
    let address = match value.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => rest,
        Some(_) | None => value,
    };
    let name = HeaderText::clean(line.parameter("CN").unwrap_or_default());
    Addr::parse(address).map(|addr| Mailbox { name, addr })
}

fn when(line: &Line) -> Option<When> {
    let value = line.value.trim();
    let digits = |from: usize, to: usize| -> Option<i16> { value.get(from..to)?.parse().ok() };
    let small = |from: usize, to: usize| -> Option<i8> { value.get(from..to)?.parse().ok() };
    let date = Date::new(digits(0, 4)?, small(4, 6)?, small(6, 8)?).ok()?;
    if value.as_bytes().get(8) != Some(&b'T') {
        return Some(When::Day(date));
    }
    let second = small(13, 15).unwrap_or(0).min(59);
    let clock = jiff::civil::Time::new(small(9, 11)?, small(11, 13)?, second, 0).ok()?;
    let time = date.to_datetime(clock);
    if value.ends_with(['Z', 'z']) {
        return time.to_zoned(TimeZone::UTC).ok().map(When::Moment);
    }
    let zone = line.parameter("TZID").and_then(zone);
    match zone.and_then(|zone| time.to_zoned(zone).ok()) {
        Some(moment) => Some(When::Moment(moment)),
        None => Some(When::Floating(time)),
    }
}

/// A zone by its IANA name, also behind a vendor's prefix, or by the names Windows gives.
///
/// # Source
/// Unicode CLDR windowsZones.xml for the names most seen in mail.
fn zone(id: &str) -> Option<TimeZone> {
    const WINDOWS: &[(&str, &str)] = &[
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        ("Central Europe Standard Time", "Europe/Budapest"),
        ("Central European Standard Time", "Europe/Warsaw"),
        ("GMT Standard Time", "Europe/London"),
        ("E. Europe Standard Time", "Europe/Chisinau"),
        ("FLE Standard Time", "Europe/Kiev"),
        ("GTB Standard Time", "Europe/Bucharest"),
        ("Russian Standard Time", "Europe/Moscow"),
        ("Turkey Standard Time", "Europe/Istanbul"),
        ("Israel Standard Time", "Asia/Jerusalem"),
        ("Arabian Standard Time", "Asia/Dubai"),
        ("India Standard Time", "Asia/Kolkata"),
        ("China Standard Time", "Asia/Shanghai"),
        ("Singapore Standard Time", "Asia/Singapore"),
        ("Tokyo Standard Time", "Asia/Tokyo"),
        ("Korea Standard Time", "Asia/Seoul"),
        ("AUS Eastern Standard Time", "Australia/Sydney"),
        ("New Zealand Standard Time", "Pacific/Auckland"),
        ("Eastern Standard Time", "America/New_York"),
        ("Central Standard Time", "America/Chicago"),
        ("Mountain Standard Time", "America/Denver"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("E. South America Standard Time", "America/Sao_Paulo"),
        ("Argentina Standard Time", "America/Buenos_Aires"),
        ("South Africa Standard Time", "Africa/Johannesburg"),
        ("UTC", "UTC"),
    ];
    let id = id.trim_matches('"').trim();
    if id.len() > 80 || id.contains("..") {
        return None;
    }
    if let Some((_, name)) = WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(id)) {
        return TimeZone::get(name).ok();
    }
    TimeZone::get(id).ok().or_else(|| {
        let (rest, city) = id.rsplit_once('/')?;
        let area = rest.rsplit('/').next()?;
        TimeZone::get(&format!("{area}/{city}")).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{When, events, words};

    #[test]
    fn an_invitation_is_data() {
        let found = events(
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:16010101T000000\n\
             END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1@x.example\nSUMMARY:Review\\, part 2\n\
             DTSTART;TZID=W. Europe Standard Time:20261201T100000\nDTEND:20261201T093000Z\nLOCATION:Room 4\n\
             ORGANIZER;CN=Ana Lima:MAILTO:ana@x.example\nATTENDEE;CN=\"Bo\\nBcc: x\":mailto:bo@x.example\n\
             BEGIN:VALARM\nDESCRIPTION:not this\nEND:VALARM\nDESCRIPTION:bring\\nfigures\nEND:VEVENT\nEND:VCALENDAR\n",
        );
        assert_eq!(found.len(), 1);
        let event = &found[0];
        assert_eq!(event.summary.as_str(), "Review, part 2");
        assert_eq!(event.description, "bring\nfigures");
        assert_eq!(
            event.organizer.as_ref().map(ToString::to_string).as_deref(),
            Some("Ana Lima <ana@x.example>")
        );
        let Some(When::Moment(start)) = &event.start else { panic!("{:?}", event.start) };
        assert_eq!(start.timestamp().to_string(), "2026-12-01T09:00:00Z");
        assert!(
            words(&found)
                .starts_with("Review, part 2\n2026-12-01 10:00 +01:00 – 2026-12-01 09:30 +00:00\nRoom 4\n")
        );
    }

    #[test]
    fn damage_is_passed_over() {
        for text in [
            "",
            "BEGIN:VEVENT\nDTSTART:9999",
            "END:VEVENT\nEND:VALARM\nSUMMARY:x",
            "BEGIN:VEVENT\nDTSTART:20269999T999999",
            "BEGIN:VEVENT\nDTSTART:20261201T820000",
            "BEGIN:VEVENT\nDTSTART:20261201T10-100",
        ] {
            assert!(events(text).iter().all(|event| event.start.is_none()));
        }
    }
}
