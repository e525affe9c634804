//! Time zones by name.

use jiff::tz::{Offset, TimeZone};

use super::Parser;

/// A time zone by its usual abbreviation or a city. Two-letter US zones follow summer time.
///
/// # Source
/// IANA tz database; RFC 5322 section 4.3 for the US letters. `IST` is India's.
fn zone(word: &str) -> Option<TimeZone> {
    let name = match word {
        "gmt" | "utc" | "z" | "zulu" => return Some(TimeZone::UTC),
        "pt" | "pacific" | "seattle" | "california" => "America/Los_Angeles",
        "mt" | "mountain" | "denver" => "America/Denver",
        "ct" | "central" | "chicago" | "texas" => "America/Chicago",
        "et" | "eastern" | "york" | "boston" => "America/New_York",
        "berlin" | "german" => "Europe/Berlin",
        "london" | "uk" => "Europe/London",
        "paris" | "french" => "Europe/Paris",
        "madrid" | "spanish" => "Europe/Madrid",
        "rome" => "Europe/Rome",
        "amsterdam" | "dutch" => "Europe/Amsterdam",
        "lisbon" => "Europe/Lisbon",
        "zurich" => "Europe/Zurich",
        "vienna" => "Europe/Vienna",
        "tokyo" => "Asia/Tokyo",
        "singapore" => "Asia/Singapore",
        "sydney" => "Australia/Sydney",
        "indian" => "Asia/Kolkata",
        _ => return fixed(word),
    };
    TimeZone::get(name).ok()
}

/// Zones with one offset the whole year.
fn fixed(word: &str) -> Option<TimeZone> {
    let hours = match word {
        "hst" => -10,
        "akst" => -9,
        "pst" | "akdt" => -8,
        "pdt" | "mst" => -7,
        "mdt" | "cst" => -6,
        "cdt" | "est" => -5,
        "edt" | "ast" => -4,
        "brt" | "art" | "adt" => -3,
        "wet" => 0,
        "bst" | "cet" | "mez" | "west" | "wat" => 1,
        "cest" | "mesz" | "eet" | "sast" | "cat" => 2,
        "eest" | "msk" | "eat" | "trt" => 3,
        "gst" => 4,
        "pkt" => 5,
        "ict" | "wib" => 7,
        "sgt" | "hkt" | "awst" | "pht" | "myt" => 8,
        "jst" | "kst" => 9,
        "aest" => 10,
        "aedt" => 11,
        "nzst" => 12,
        "nzdt" => 13,
        "ist" => return Offset::from_seconds(19_800).ok().map(TimeZone::fixed),
        _ => return None,
    };
    Offset::from_hours(hours).ok().map(TimeZone::fixed)
}

/// Cities, countries and words name a zone only before "time": "Berlin time".
fn needs_time(word: &str) -> bool {
    word.len() > 4
        || matches!(
            word,
            "uk" | "york" | "rome" | "west" | "wet" | "cat" | "eat" | "art" | "z" | "wat" | "ast"
        )
}

impl Parser<'_> {
    /// "PT", "(CET)", "UTC+2", "Berlin time", "Pacific timezone".
    pub(super) fn zone(&self, at: usize) -> Option<(usize, TimeZone)> {
        let (open, opened) = self.skip_sign(at, "(");
        let word = self.word(open);
        let mut found = zone(word)?;
        let mut next = open + 1;
        let mut said = false;
        while matches!(self.word(next), "standard" | "local" | "daylight" | "summer") {
            next += 1;
        }
        if matches!(self.word(next), "time" | "timezone") {
            said = true;
            next += 1;
            if self.word(next) == "zone" {
                next += 1;
            }
        } else {
            next = open + 1;
        }
        // "Z" stands glued to its time.
        if needs_time(word) && !said && !(word == "z" && self.touches(open)) {
            return None;
        }
        if matches!(word, "utc" | "gmt") && matches!(self.sign(next), "+" | "-") && self.touches(next) {
            let hours = self.number(next + 1).filter(|n| *n <= 14)?;
            let minutes =
                if self.sign(next + 2) == ":" { self.number(next + 3).unwrap_or_default() } else { 0 };
            let sign = if self.sign(next) == "-" { -1 } else { 1 };
            let seconds = i32::try_from(sign * (hours * 3600 + minutes * 60)).ok()?;
            found = TimeZone::fixed(Offset::from_seconds(seconds).ok()?);
            next += if self.sign(next + 2) == ":" { 4 } else { 2 };
        }
        if opened {
            if self.sign(next) != ")" {
                return None;
            }
            next += 1;
        }
        Some((next, found))
    }
}
