//! The lines that programs put above a quote ("On Fri, 20 Nov 2026 at 16:04 Ana Lima wrote:", or a
//! block of From and Sent): what they say of the message that is quoted. Looks for no message.
//!
//! A line counts by its place and not by its words: the quote below it stands deeper than itself. So
//! a line in a language that no list of ours knows is read as well.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::message::{Message, Zone, ZoneKind};

/// Bytes of a line above a quote, or of a block, that are read.
const LENGTH: usize = 600;
/// Lines of a text that are looked at.
const LINES: usize = 4_000;
/// The most lines that are kept: the message answered, and those that it answers in turn.
const KEPT: usize = 8;
/// The most lines over which an attribution is wrapped.
const WRAPPED: usize = 4;
/// How many days back a named day is looked for.
const DAYS_BACK: usize = 92;
/// The most moments that one line is looked up for.
const MOMENTS: usize = 12;
/// Mail may be so many minutes on its way before a program that names its arrival sees it.
const ON_ITS_WAY: i32 = 30;
/// The largest offset from UTC, in seconds.
const LARGEST_OFFSET: i32 = 14 * 3_600;

/// What one line above a quote says of the message that is quoted below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// Its words, lower case, white space folded.
    pub words: String,
    /// The time of day, where it names one.
    pub clock: Option<Clock>,
    /// Every other number of at most four digits: day, month, year.
    pub numbers: Vec<u16>,
}

/// A time of day as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Hour as written.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// 0 or 12 hours to add where the text says that the hour is of the first or the second half of
    /// the day; `None` where the hour is of 24.
    pub half: Option<u8>,
    /// The offset from UTC in seconds, where it is written behind the time.
    pub offset_seconds: Option<i32>,
}

impl Clock {
    /// The minute of the day, from 0 on.
    pub(super) fn minute_of_day(self) -> i32 {
        let hour = self.half.map_or(self.hour, |half| self.hour % 12 + half);
        i32::from(hour) * 60 + i32::from(self.minute)
    }
}

/// How the time that a line names fits the time of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// To the minute, in the clock of the one who answers (or an hour beside it: summer time), or in
    /// the clock that the line names.
    Exact,
    /// One minute beside.
    Near,
    /// At most half an hour before: some programs name the time of arrival.
    Before,
    /// To the minute, in the clock of another zone.
    OtherZone,
    /// It names a day and no time, and the day is right.
    Day,
    /// It says nothing.
    Unknown,
    /// It is another day.
    OtherDay,
    /// It is another time.
    Off,
}

/// How much of a person's name a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The address, or every part of the name.
    Whole,
    /// A part of the name.
    Part,
    /// Nothing of it.
    Not,
}

impl Attribution {
    /// How its time fits a message sent at `when`; `offset_seconds` is the clock of the one who wrote the line.
    pub(super) fn fits(&self, when: Option<Timestamp>, offset_seconds: i32) -> Fit {
        let Some(when) = when else { return Fit::Unknown };
        let Some(clock) = self.clock else { return self.fits_day(when, offset_seconds) };
        if let Some(offset) = clock.offset_seconds {
            return self.beside(clock, when, offset).unwrap_or(Fit::Off);
        }
        let own = [0, -3_600, 3_600].map(|shift| self.beside(clock, when, offset_seconds + shift));
        // UTC-12 to UTC+14 in quarters of an hour: all zones there are.
        let elsewhere =
            || (-48..=56).any(|quarter| self.beside(clock, when, quarter * 900) == Some(Fit::Exact));
        for fit in [Fit::Exact, Fit::Near] {
            if own.contains(&Some(fit)) {
                return fit;
            }
        }
        if elsewhere() {
            Fit::OtherZone
        } else if own.first().is_some_and(|own| *own == Some(Fit::Before)) {
            Fit::Before
        } else {
            Fit::Off
        }
    }

    /// How the written time fits in the clock of that offset; `None` where it does not.
    fn beside(&self, clock: Clock, when: Timestamp, offset: i32) -> Option<Fit> {
        let local = Offset::from_seconds(offset).ok()?.to_datetime(when);
        let minutes = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let day = u16::try_from(local.day()).unwrap_or_default();
        if !self.numbers.is_empty() && !self.numbers.contains(&day) {
            return None;
        }
        let rounded = i32::from(local.second() >= 30);
        match (clock.minute_of_day() - minutes).rem_euclid(1_440) {
            // Outlook rounds.
            later if later == 0 || later == rounded => Some(Fit::Exact),
            1 | 1_439 => Some(Fit::Near),
            later if later <= ON_ITS_WAY => Some(Fit::Before),
            _ => None,
        }
    }

    /// The minutes that the line may mean, as spans of milliseconds since 1970: on the days it names
    /// in the ninety days before `before`, in the clock of the one who wrote it or an hour beside it.
    /// The newest first; empty where it names no time.
    #[must_use]
    pub fn moments(&self, before: Timestamp, offset_seconds: i32) -> Vec<(i64, i64)> {
        let Some(clock) = self.clock else { return Vec::new() };
        let shifts: &[i32] = if clock.offset_seconds.is_some() { &[0] } else { &[0, -3_600, 3_600] };
        let offset_seconds = clock.offset_seconds.unwrap_or(offset_seconds);
        let Ok(offset) = Offset::from_seconds(offset_seconds) else { return Vec::new() };
        let mut day = offset.to_datetime(before).date();
        let mut out = Vec::new();
        for _ in 0..DAYS_BACK {
            let number = u16::try_from(day.day()).unwrap_or_default();
            if self.numbers.is_empty() || self.numbers.contains(&number) {
                let midnight = i64::from(offset_seconds);
                let midnight = Offset::UTC
                    .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
                    .map_or(0, |time| time.as_second() - midnight);
                for shift in shifts {
                    let second = midnight + i64::from(clock.minute_of_day()) * 60 - i64::from(*shift);
                    // Outlook rounds up: the half minute before counts as well.
                    out.push(((second - 30) * 1_000, (second + 60) * 1_000));
                }
            }
            if out.len() >= MOMENTS {
                break;
            }
            match day.yesterday() {
                Ok(before) => day = before,
                Err(_) => break,
            }
        }
        out
    }

    fn fits_day(&self, when: Timestamp, offset_seconds: i32) -> Fit {
        if !self.numbers.iter().any(|number| (1..=31).contains(number)) {
            return Fit::Unknown;
        }
        let day = |seconds: i32| {
            let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
            u16::try_from(offset.to_datetime(when).day()).unwrap_or_default()
        };
        // The day in the clock of the one who writes, or where the day was another at that moment.
        let days = [offset_seconds, -12 * 3_600, LARGEST_OFFSET].map(day);
        if days.iter().any(|day| self.numbers.contains(day)) { Fit::Day } else { Fit::OtherDay }
    }

    /// Whether the words hold a person's address, or the parts of their name, however ordered.
    pub(super) fn names(&self, addr: &str, name: &str) -> Named {
        if !addr.is_empty() && self.words.contains(&addr.to_lowercase()) {
            return Named::Whole;
        }
        let name = name.to_lowercase();
        // A list that rewrites senders writes "Ana Lima via Pumps".
        let name = name.split(" via ").next().unwrap_or_default();
        // Without a name the address tells it: ana.lima@…
        let local = addr.split('@').next().unwrap_or_default();
        let name = if name.trim().is_empty() { local } else { name };
        let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 1);
        let (mut all, mut held, mut long) = (0, 0, false);
        for part in parts {
            all += 1;
            if self.has_word(part) {
                held += 1;
                long |= part.chars().count() > 2;
            }
        }
        if held == 0 {
            Named::Not
        } else if held == all {
            Named::Whole
        } else if long {
            Named::Part
        } else {
            Named::Not
        }
    }

    fn has_word(&self, word: &str) -> bool {
        self.words.split(|c: char| !c.is_alphanumeric()).any(|other| other == word)
            // Scripts without spaces.
            || (!word.is_ascii() && self.words.contains(word))
    }
}

/// What the lines above the quotes of a message say, the outermost first: the message answered, then
/// those that it answers in turn.
pub(super) fn attributions(message: &Message) -> Vec<Attribution> {
    let lines = lines(&message.text);
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.text.is_empty() {
            continue;
        }
        if let Some(block) = block_at(&lines, at) {
            found.push((line.depth, line.start, block));
        } else if is_above_quote(&lines, at) || is_first_of_quote(&lines, at) {
            found.push((line.depth, line.start, wrapped(&lines, at)));
        }
    }
    // What the zones know besides: "-----Original Message-----" with its fields, Lotus Notes' lines.
    for zone in markers(message) {
        let text = zone.span.of(&message.text);
        let inside = |start: usize| (zone.span.start..zone.span.end).contains(&start);
        // "-----Original Message-----" says nothing itself: its fields stand below.
        let says = text.trim_end().ends_with([':', '：']) || clock(text).is_some();
        if says && !found.iter().any(|(_, start, _)| inside(*start)) {
            found.push((split_depth(text).0, zone.span.start, text.to_owned()));
        }
    }
    found.sort_by_key(|(depth, start, _)| (*depth, *start));
    found.iter().filter_map(|(_, _, text)| read(text)).take(KEPT).collect()
}

fn markers(message: &Message) -> impl Iterator<Item = &Zone> {
    message
        .zones
        .iter()
        .filter(|zone| matches!(zone.kind, ZoneKind::QuotationMarker | ZoneKind::InlineHeaders))
}

/// One line of a text, its quote marks taken off.
struct Line<'t> {
    depth: usize,
    text: &'t str,
    start: usize,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let line = |line| {
        let (depth, text) = split_depth(line);
        let at = start;
        start += line.len();
        Line { depth, text: text.trim(), start: at }
    };
    text.split_inclusive('\n').take(LINES).map(line).collect()
}

/// How deep a line is quoted, and what it says.
pub(super) fn split_depth(line: &str) -> (usize, &str) {
    let end = line.find(|c: char| c != '>' && c != ' ').unwrap_or(line.len());
    let (marks, rest) = line.split_at_checked(end).unwrap_or(("", line));
    (marks.bytes().filter(|b| *b == b'>').count(), rest)
}

/// Whether a line ends as such a line does and the next one is quoted deeper.
fn is_above_quote(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let below = lines.iter().skip(at + 1).find(|below| !below.text.is_empty());
    line.text.ends_with([':', '：', ';']) && below.is_some_and(|below| below.depth > line.depth)
}

/// Whether a line with a time and an address ends as such a line does inside its own quote: Apple
/// Mail marks it too.
fn is_first_of_quote(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    line.depth > 0
        && line.text.ends_with([':', '：'])
        && line.text.len() < 300
        && line.text.contains('@')
        && clock(line.text).is_some()
}

/// The line with those above it over which it was wrapped: as far as its time of day stands.
fn wrapped(lines: &[Line<'_>], at: usize) -> String {
    let Some(line) = lines.get(at) else { return String::new() };
    let mut text = line.text.to_owned();
    let mut dated = None;
    for above in lines.get(..at).unwrap_or_default().iter().rev().take(WRAPPED - 1) {
        if clock(&text).is_some() {
            return text;
        }
        let goes_on = above.depth == line.depth && !above.text.is_empty() && above.text.len() < 200;
        if !goes_on || above.text.ends_with(['.', '?', '!', ':']) {
            break;
        }
        text = format!("{} {text}", above.text);
        // "On Thu, 22 Aug 2002," and below it the name.
        if dated.is_none() && above.text.bytes().any(|b| b.is_ascii_digit()) {
            dated = Some(text.clone());
        }
    }
    if clock(&text).is_some() { text } else { dated.unwrap_or_else(|| line.text.to_owned()) }
}

/// A block of copied header fields, one of them with a time of day, that begins at a line.
fn block_at(lines: &[Line<'_>], at: usize) -> Option<String> {
    let first = lines.get(at)?;
    let above = at.checked_sub(1).and_then(|above| lines.get(above));
    let begins = above.is_none_or(|above| above.depth != first.depth || field_name(above.text).is_none());
    if !begins || field_name(first.text).is_none() {
        return None;
    }
    let block: Vec<&str> = lines
        .iter()
        .skip(at)
        .take_while(|line| line.depth == first.depth && !line.text.is_empty())
        .take(12)
        .map(|line| line.text)
        .collect();
    let fields = block.iter().filter(|line| field_name(line).is_some()).count();
    let timed = block.iter().any(|line| {
        field_name(line).is_some_and(|name| clock(line.get(name.len()..).unwrap_or_default()).is_some())
    });
    (fields >= 2 && fields * 2 > block.len() && timed).then(|| block.join("\n"))
}

/// The name of a copied field at the start of a line: one to three words and a colon.
fn field_name(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['*', '|', ' ']);
    let end = line.char_indices().take(28).find(|(_, c)| matches!(c, ':' | '：')).map(|(at, _)| at)?;
    let name = line.get(..end)?;
    let word =
        |word: &str| word.trim_matches('*').chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'');
    let words = name.split_whitespace().count();
    ((1..=3).contains(&words) && name.split_whitespace().all(word)).then_some(name)
}

/// Fields of a copied header block that say nothing of who wrote it and when.
const ELSE: &[&str] = &[
    "subject",
    "to",
    "cc",
    "message-id",
    "in-reply-to",
    "references",
    "betreff",
    "an",
    "objet",
    "à",
    "asunto",
    "para",
    "oggetto",
    "a",
    "onderwerp",
    "aan",
    "тема",
    "кому",
    "件名",
    "宛先",
    "主题",
    "收件人",
];

/// Reads a line above a quote, or a block of copied fields; `None` where it says nothing.
pub(super) fn read(text: &str) -> Option<Attribution> {
    let end = text.char_indices().nth(LENGTH).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text).to_lowercase();
    let told = |line: &&str| {
        let field = line.trim_start_matches(['>', '*', ' ']).split([':', '：']).next().unwrap_or_default();
        !ELSE.contains(&field.trim_end_matches('*').trim())
    };
    let words = text.lines().filter(told).collect::<Vec<_>>().join("\n");
    let words = postil_evidence::text::fold_space(&words);
    if !words.chars().any(char::is_alphanumeric) {
        return None;
    }
    Some(match clock(&words) {
        Some((clock, rest)) => Attribution { numbers: numbers(&rest), clock: Some(clock), words },
        None => Attribution { numbers: numbers(&words), clock: None, words },
    })
}

/// The first time of day in a text, and the text without it.
fn clock(text: &str) -> Option<(Clock, String)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let value = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u8>().ok());
    let mut at = 0;
    while at < bytes.len() {
        let begins = digit(at) && !(at > 0 && (digit(at - 1) || bytes.get(at - 1) == Some(&b':')));
        if !begins {
            at += 1;
            continue;
        }
        let hour_end = if digit(at + 1) { at + 2 } else { at + 1 };
        let separated = matches!(bytes.get(hour_end), Some(b':' | b'h' | b'.'));
        let minute_end = hour_end + 3;
        // "20.11.2026" is a date; with dots a time has nothing before it and no dot behind it.
        let dotted = bytes.get(hour_end) == Some(&b'.');
        let in_date =
            dotted && (bytes.get(minute_end) == Some(&b'.') || (at > 0 && bytes.get(at - 1) == Some(&b'.')));
        let whole = separated && digit(hour_end + 1) && digit(hour_end + 2) && !digit(minute_end) && !in_date;
        if let (true, Some(hour), Some(minute)) =
            (whole, value(at, hour_end), value(hour_end + 1, minute_end))
            && hour < 25
            && minute < 60
        {
            let mut end = minute_end;
            if matches!(bytes.get(end), Some(b':' | b'.')) && digit(end + 1) && digit(end + 2) {
                end += 3;
            }
            let behind = text.get(end..).unwrap_or_default();
            let half = half_of_day(text.get(..at).unwrap_or_default(), behind);
            let (offset_seconds, behind) = offset(behind);
            let rest = format!("{} {behind}", text.get(..at)?);
            return Some((Clock { hour: hour % 24, minute, half, offset_seconds }, rest));
        }
        while digit(at) {
            at += 1;
        }
    }
    None
}

/// An offset from UTC that stands directly behind a time of day ("+0100", "GMT-05:00"), and what follows it.
fn offset(behind: &str) -> (Option<i32>, &str) {
    let rest = behind.trim_start_matches([' ', '\u{a0}', '\u{202f}', '(']);
    let rest = ["am", "pm", "gmt", "utc"].iter().fold(rest, |rest, word| {
        rest.strip_prefix(word).map_or(rest, |rest| rest.trim_start_matches([' ', '\u{a0}']))
    });
    let read = || {
        let sign = match rest.chars().next()? {
            '+' => 1,
            '-' | '−' => -1,
            _ => return None,
        };
        let digits = rest.trim_start_matches(['+', '-', '−']);
        let (hours, minutes) = digits.split_at_checked(2)?;
        let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
        let (minutes, after) = minutes.split_at_checked(2)?;
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
        let seconds = sign * (hours * 3_600 + minutes * 60);
        (seconds.abs() <= LARGEST_OFFSET && minutes < 60).then_some((seconds, after))
    };
    read().map_or((None, behind), |(seconds, after)| (Some(seconds), after))
}

/// The hours to add where a time is of twelve: 0 before noon, 12 after it.
///
/// # Source
/// CLDR day periods of English, Spanish, Chinese, Japanese and Korean, as mail programs write them.
fn half_of_day(before: &str, after: &str) -> Option<u8> {
    let after: String =
        after.chars().filter(|c| !c.is_whitespace() && *c != '.' && *c != '\u{202f}').take(2).collect();
    let before = before.trim_end();
    if after == "pm" || ["下午", "午後", "오후", "晚上"].iter().any(|word| before.ends_with(word)) {
        return Some(12);
    }
    if after == "am" || ["上午", "午前", "오전", "早上"].iter().any(|word| before.ends_with(word)) {
        return Some(0);
    }
    None
}

/// Every number of at most four digits.
fn numbers(text: &str) -> Vec<u16> {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| (1..=4).contains(&run.len()));
    runs.filter_map(|run| run.parse().ok()).take(24).collect()
}
