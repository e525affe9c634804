//! What a reply without In-Reply-To and References most likely answers: by subject, people, time and
//! quoted text, with a likelihood. Knows no headers of threading.
//!
//! The strongest witness is the line that a program puts above a quote ("On Fri, 20 Nov 2026 at 16:04
//! Ana Lima wrote:", or Outlook's block of From and Sent): it names who wrote the answered message and
//! the minute in which it was sent, in the clock of the one who answers.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use super::{base_subject, time_of};
use crate::message::{Message, Zone, ZoneKind};
use crate::subject;

/// Percent from which a guess is good enough to join two threads for good.
///
/// # Source
/// Points of [`likelihood`]: the subject and the people both ways, or the subject and the minute.
/// The subject of a reply alone stays below.
pub const SURE: u8 = 90;
/// Percent from which a guess is better than none.
pub const LIKELY: u8 = 50;

/// How long after the last message a reply without headers may still belong to it, in seconds.
///
/// # Source
/// Ninety days: the longest vacation and the longest silence after which people start a new mail.
const SAME_SUBJECT_SECONDS: i64 = 90 * 24 * 3_600;
/// Clocks of two machines may differ by this much, in seconds.
const SKEW_SECONDS: i64 = 3_600;
/// The most earlier messages of one subject that are looked at.
const LOOKED_AT: usize = 64;
/// Bytes of a line above a quote, or of a block, that are read.
const ATTRIBUTION: usize = 600;
/// Words in a row that are compared with quoted words.
const SHINGLE: usize = 4;
/// Words of own and of quoted text that are compared.
const WORDS: usize = 2_000;

/// What the line above the outermost quote says of the message that is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// Its words, lower case.
    pub words: String,
    /// Hour as written.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// 0 to 12 hours are added where the text says that the hour is of the second half of the day;
    /// `None` where the hour is of 24.
    pub half: Option<u8>,
    /// Every other number of the text: day, year and the like.
    pub numbers: Vec<u16>,
}

/// What a message tells of the one it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clues {
    /// The subject without prefixes.
    pub base: String,
    /// Who wrote it, an address.
    pub from: String,
    /// To whom it goes, addresses.
    pub to: Vec<String>,
    /// When, in milliseconds since 1970.
    pub when_ms: Option<i64>,
    /// The offset of its clock from UTC in seconds.
    pub offset_seconds: i32,
    /// The line above its outermost quote, where that holds a time.
    pub attribution: Option<Attribution>,
}

/// A message that may be the one answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate<'m> {
    /// The subject without prefixes.
    pub base: &'m str,
    /// Who wrote it: an address.
    pub from: &'m str,
    /// Their name, where it is known.
    pub name: &'m str,
    /// When it was sent.
    pub when_ms: Option<i64>,
    /// Whether the one who answers was among its recipients; `None` where that is not known.
    pub went_to_sender: Option<bool>,
    /// How much of one of the two is found in the other, 0 to 1; `None` where nothing is quoted or
    /// the text is not at hand.
    pub quoted: Option<f64>,
}

impl Clues {
    /// Reads the clues of a reply that has no In-Reply-To and no References; `None` for a message
    /// that is none, or has them.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        if !message.in_reply_to.is_empty() || !message.references.is_empty() {
            return None;
        }
        let subject = message.subject.as_str();
        let marker = outermost_marker(message);
        let prefixed = is_prefixed(subject);
        if !prefixed && marker.is_none() {
            return None;
        }
        Some(Self {
            base: base_subject(subject),
            from: message.from.as_ref().map(|from| from.addr.to_string()).unwrap_or_default(),
            to: message.to.iter().chain(&message.cc).map(|to| to.addr.to_string()).collect(),
            when_ms: time_of(message).map(Timestamp::as_millisecond),
            offset_seconds: message.date.as_ref().map_or(0, |date| date.offset().seconds()),
            attribution: marker.and_then(|zone| read_attribution(zone.span.of(&message.text))),
        })
    }
}

/// Whether a subject has the prefix of a reply or a forward, also behind a list's tag.
fn is_prefixed(subject: &str) -> bool {
    let has = |text: &str| subject::without_prefixes(text).len() < text.trim().len();
    has(subject) || subject::list_tag(subject.trim()).is_some_and(|(_, rest)| has(rest))
}

/// How likely `candidate` is the message that one with these clues answers, in percent; 0 where it
/// cannot be.
///
/// # Source
/// A sum of points, made a probability by the logistic function. Points by what each witness excludes:
/// a minute is shared by one message in hundreds, a name by one in tens; a subject of a reply alone is
/// right more often than not. One set of points for all mail; not fitted to a data set.
#[must_use]
pub fn likelihood(clues: &Clues, candidate: &Candidate<'_>) -> u8 {
    let same_subject = !clues.base.is_empty() && clues.base == candidate.base;
    let time = clues.attribution.as_ref().map_or(Fit::Unknown, |said| said.fits(candidate.when_ms, clues));
    if let (Some(now), Some(then)) = (clues.when_ms, candidate.when_ms) {
        let gap = (now - then) / 1_000;
        // Only a line that names the very minute shows that two clocks differ.
        let least = if time == Fit::Exact { -SKEW_SECONDS } else { 0 };
        if gap < least || (gap > SAME_SUBJECT_SECONDS && time != Fit::Exact) {
            return 0;
        }
    }
    let mut points = if same_subject { 2.0 } else { -3.0 };
    points += match time {
        Fit::Exact => 5.0,
        Fit::OtherZone => 2.0,
        Fit::Unknown => 0.0,
        Fit::Off => -4.0,
    };
    points += match clues.attribution.as_ref().map(|said| said.names(candidate)) {
        Some(true) => 3.0,
        Some(false) => -1.0,
        None => 0.0,
    };
    points += match candidate.quoted {
        Some(share) if share >= 0.6 => 4.0,
        Some(share) if share >= 0.25 => 2.0,
        Some(share) if share < 0.05 => -2.0,
        Some(_) | None => 0.0,
    };
    if !candidate.from.is_empty() && candidate.from != clues.from {
        points += if clues.to.iter().any(|to| to == candidate.from) { 1.5 } else { 0.0 };
        points += if candidate.went_to_sender == Some(true) { 1.0 } else { 0.0 };
    } else {
        points -= 0.3;
    }
    let percent = percent(points);
    // Who answers a subject is in its conversation, also where what they answer is not here.
    if same_subject { percent.max(LIKELY) } else { percent }
}

fn percent(points: f64) -> u8 {
    let share = 100.0 / (1.0 + (1.6 - points).exp());
    // Between 0 and 100 by construction.
    share.clamp(0.0, 100.0) as u8
}

/// How the time that a line names fits the time of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// To the minute, in the clock of the one who answers (or an hour beside it: summer time).
    Exact,
    /// To the minute, in the clock of another zone.
    OtherZone,
    /// It says nothing.
    Unknown,
    /// It is another time.
    Off,
}

impl Attribution {
    fn fits(&self, when_ms: Option<i64>, clues: &Clues) -> Fit {
        let Some(when) = when_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()) else {
            return Fit::Unknown;
        };
        let at = |seconds: i32| Offset::from_seconds(seconds).is_ok_and(|offset| self.is_at(when, offset));
        if [0, -3_600, 3_600].into_iter().any(|shift| at(clues.offset_seconds + shift)) {
            return Fit::Exact;
        }
        // UTC-12 to UTC+14 in quarters of an hour: all zones there are.
        if (-48..=56).any(|quarter| at(quarter * 900)) { Fit::OtherZone } else { Fit::Off }
    }

    fn is_at(&self, when: Timestamp, offset: Offset) -> bool {
        let local = offset.to_datetime(when);
        let minute = i16::from(local.minute()) - i16::from(self.minute);
        let hour = local.hour();
        let hours_agree = match self.half {
            Some(half) => i16::from(hour) == i16::from(self.hour % 12) + i16::from(half),
            None => i16::from(hour) == i16::from(self.hour),
        };
        let day = u16::try_from(local.day()).unwrap_or_default();
        minute == 0 && hours_agree && (self.numbers.is_empty() || self.numbers.contains(&day))
    }

    /// Whether the words hold the candidate's address, or all words of the name, however ordered.
    fn names(&self, candidate: &Candidate<'_>) -> bool {
        if !candidate.from.is_empty() && self.words.contains(&candidate.from.to_lowercase()) {
            return true;
        }
        let name = candidate.name.to_lowercase();
        // A list that rewrites senders writes "Ana Lima via Pumps".
        let name = name.split(" via ").next().unwrap_or_default();
        let mut parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 1).peekable();
        parts.peek().is_some() && parts.all(|part| self.words.contains(part))
    }
}

/// The first line above a quote (or block of copied headers) that is quoted least.
fn outermost_marker(message: &Message) -> Option<Zone> {
    let markers = message
        .zones
        .iter()
        .filter(|zone| matches!(zone.kind, ZoneKind::QuotationMarker | ZoneKind::InlineHeaders));
    let depth = |zone: &&Zone| {
        let line = zone.span.of(&message.text);
        line.chars().take_while(|c| matches!(c, '>' | ' ' | '|')).filter(|c| *c == '>').count()
    };
    markers.min_by_key(depth).copied()
}

/// Reads a line above a quote, or a block of copied headers; `None` where it names no time.
fn read_attribution(text: &str) -> Option<Attribution> {
    let end = text.char_indices().nth(ATTRIBUTION).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text).to_lowercase();
    // Copied headers: what stands behind the subject or the recipients is no time of sending.
    let told: Vec<&str> = text
        .lines()
        .filter(|line| {
            let field = line.trim_start_matches(['>', '*', ' ']).split(':').next().unwrap_or_default();
            !matches!(
                field.trim_end_matches('*').trim(),
                "subject"
                    | "to"
                    | "cc"
                    | "betreff"
                    | "an"
                    | "objet"
                    | "à"
                    | "asunto"
                    | "para"
                    | "oggetto"
                    | "a"
                    | "onderwerp"
                    | "aan"
                    | "тема"
                    | "кому"
                    | "件名"
                    | "宛先"
                    | "主题"
                    | "收件人"
            )
        })
        .collect();
    let words = told.join("\n");
    let (clock, rest) = clock(&words)?;
    Some(Attribution { numbers: numbers(&rest), words, ..clock })
}

/// The first time of day in a text, and the text without it.
fn clock(text: &str) -> Option<(Attribution, String)> {
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
            let half = half_of_day(text.get(..at).unwrap_or_default(), text.get(end..).unwrap_or_default());
            let rest = format!("{} {}", text.get(..at)?, text.get(end..)?);
            return Some((Attribution { hour: hour % 24, minute, half, ..Attribution::default() }, rest));
        }
        while digit(at) {
            at += 1;
        }
    }
    None
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

/// For each reply without headers: the earlier message that it most likely answers, where that is at
/// least so likely.
pub(super) fn parents(messages: &[Message], at_least: u8) -> Vec<Option<usize>> {
    let clues: Vec<Option<Clues>> = messages.iter().map(Clues::of).collect();
    let mut guesses = vec![None; messages.len()];
    if clues.iter().all(Option::is_none) {
        return guesses;
    }
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| messages.get(*at).and_then(time_of));
    let bases: Vec<String> = messages.iter().map(|message| base_subject(message.subject.as_str())).collect();
    let mut by_subject: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_minute: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut texts: HashMap<usize, (HashSet<u64>, HashSet<u64>)> = HashMap::new();
    for at in &order {
        if let Some(base) = bases.get(*at).filter(|base| !base.is_empty()) {
            by_subject.entry(base).or_default().push(*at);
        }
        if let Some(time) = messages.get(*at).and_then(time_of) {
            by_minute.entry(time.as_second().div_euclid(60).rem_euclid(1_440)).or_default().push(*at);
        }
    }
    for (at, clues) in clues.iter().enumerate() {
        let (Some(clues), Some(message)) = (clues, messages.get(at)) else { continue };
        let mut best: Option<(u8, usize, Option<Timestamp>)> = None;
        for place in candidates(clues, time_of(message), messages, &by_subject, &by_minute) {
            let Some(earlier) = messages.get(place).filter(|_| place != at) else { continue };
            for known in [at, place] {
                if let Some(message) = messages.get(known) {
                    texts.entry(known).or_insert_with(|| (own_shingles(message), quoted_shingles(message)));
                }
            }
            let quoted =
                texts.get(&place).zip(texts.get(&at)).and_then(|((own, _), (_, quoted))| shared(own, quoted));
            let base = bases.get(place).map(String::as_str).unwrap_or_default();
            let likely = likelihood(clues, &candidate(earlier, base, quoted, &clues.from));
            let newer = |than: Option<Timestamp>| time_of(earlier) > than;
            if likely >= at_least
                && best.is_none_or(|(most, _, time)| likely > most || (likely == most && newer(time)))
            {
                best = Some((likely, place, time_of(earlier)));
            }
        }
        if let Some(slot) = guesses.get_mut(at) {
            *slot = best.map(|(_, place, _)| place);
        }
    }
    guesses
}

/// Earlier messages of the same subject, the newest of them, and those sent in the very minute that
/// the line above the quote names.
fn candidates(
    clues: &Clues,
    when: Option<Timestamp>,
    messages: &[Message],
    by_subject: &HashMap<&str, Vec<usize>>,
    by_minute: &HashMap<i64, Vec<usize>>,
) -> Vec<usize> {
    let same = by_subject.get(clues.base.as_str()).map(Vec::as_slice).unwrap_or_default();
    let latest = when.map(|when| when.as_second() + SKEW_SECONDS);
    let until = same.partition_point(|place| {
        latest.is_none_or(|latest| {
            messages.get(*place).and_then(time_of).is_none_or(|time| time.as_second() <= latest)
        })
    });
    let mut out: Vec<usize> = same.iter().take(until).rev().take(LOOKED_AT).copied().collect();
    if let Some(said) = &clues.attribution {
        let halves: &[i64] = if said.half.is_some() { &[0] } else { &[0, 720] };
        let hour = i64::from(said.half.map_or(said.hour, |half| said.hour % 12 + half));
        let local = hour * 60 + i64::from(said.minute) - i64::from(clues.offset_seconds) / 60;
        let buckets = halves.iter().filter_map(|half| by_minute.get(&(local + half).rem_euclid(1_440)));
        out.extend(buckets.flat_map(|places| places.iter().rev().take(LOOKED_AT)));
    }
    out
}

fn candidate<'m>(message: &'m Message, base: &'m str, quoted: Option<f64>, replier: &str) -> Candidate<'m> {
    let from = message.from.as_ref();
    let to = || message.to.iter().chain(&message.cc).any(|to| to.addr.as_str() == replier);
    Candidate {
        base,
        from: from.map_or("", |from| from.addr.as_str()),
        name: from.map_or("", |from| from.name.as_str()),
        when_ms: time_of(message).map(Timestamp::as_millisecond),
        went_to_sender: Some(to()),
        quoted,
    }
}

/// How much of the smaller of two texts is in the other; `None` where one says nothing.
fn shared(own: &HashSet<u64>, quoted: &HashSet<u64>) -> Option<f64> {
    if own.is_empty() || quoted.is_empty() {
        return None;
    }
    let both = own.iter().filter(|shingle| quoted.contains(shingle)).count();
    Some(both as f64 / own.len().min(quoted.len()) as f64)
}

fn own_shingles(message: &Message) -> HashSet<u64> {
    shingles(message.own_zones().map(|zone| zone.span.of(&message.text)))
}

fn quoted_shingles(message: &Message) -> HashSet<u64> {
    let zones = message.zones.iter().filter(|zone| zone.kind == ZoneKind::Quotation);
    shingles(zones.map(|zone| zone.span.of(&message.text)))
}

/// Hashes of every four words in a row, without quote marks: equal however the lines were broken.
pub(crate) fn shingles<'t>(texts: impl Iterator<Item = &'t str>) -> HashSet<u64> {
    let mut window: Vec<u64> = Vec::new();
    let mut out = HashSet::new();
    let words = texts
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(WORDS);
    for word in words {
        // FNV-1a: only equality within one run matters.
        let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
        });
        if window.len() == SHINGLE {
            window.remove(0);
        }
        window.push(hash);
        if window.len() == SHINGLE {
            out.insert(window.iter().fold(0, |sum: u64, hash| sum.rotate_left(17) ^ hash));
        }
    }
    out
}
