//! Dates and times named in text, resolved against a reference.
//!
//! A hand-written grammar over tokens, from small to large: a number or word ([`words`]), a naming of
//! days, a time, a phrase of both, an interval or a bound. Namings are series ("Friday", "October")
//! until the whole phrase says which one is meant. No month or weekday is taken from a word that may
//! be something else ("may", "march", "sat", "second") without help around it.
//!
//! The product's convention ([`Convention::default`]; other readings can be asked for):
//!
//! - "Friday" is the coming one, never today; "next Tuesday" is the Tuesday of next week; "this
//!   Friday" the coming one, today included; "last Friday" the most recent before today.
//! - A day and month without a year are the coming ones, unless they lie at most sixty days back.
//! - 11/12 is month first where the reference's offset is west of -02:00 (the Americas) and the text
//!   is not German, French, Spanish, Italian, Dutch or Portuguese; else day first. A number above 12
//!   decides by itself.
//! - 1 to 6 o'clock without am or pm is the afternoon; an hour without a day is today's.
//! - The last day of an interval belongs to it, the last hour does not: "3-4pm" is one hour long.
//! - "The next three weeks" are the 21 days after the reference; a weekend is Saturday and Sunday.
//! - EOD and COB name the day. A month is parted in ten days, a year in thirds.
//! - The zone is the one the text names, else the reference's.
//!
//! Each place of the text is tried once with a bounded number of tokens behind it, so the time is
//! linear in the text.

mod calendar;
mod clock;
mod convention;
mod count;
mod dated;
mod feast;
mod figures;
mod finding;
mod moon;
mod phrase;
mod reckon;
mod relative;
mod series;
mod stretch;
mod token;
pub mod words;
mod zone;

use std::cell::{Cell, OnceCell};

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use postil_evidence::Span;

use crate::language::language;
use crate::plain::Plain;
use crate::reading::Grain;
use finding::{Finding, What};
use token::{Kind, Token, tokens};
use words::Entry;

pub use convention::{
    Convention, Counted, DayEnd, DayParts, Ends, Feasts, Hours, Parts, PastHours, Present, Runs, Weekdays,
    Weekend,
};
pub use count::Length;
pub use finding::{Bound, Recurrence};

/// The longest text that is searched, in bytes: beyond it the rest is left out.
const LONGEST: usize = 200_000;

/// How deep a phrase may stand in a phrase: "two days after the first Monday of March".
const DEEPEST: u8 = 3;

/// A date or time found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct DateFound {
    /// Bytes of the text: the words of the date itself.
    pub span: Span,
    /// The start, in the zone the text names, else in the reference's.
    pub start: Zoned,
    /// The end of an interval, exclusive; `None` for one instant at its grain.
    pub end: Option<Zoned>,
    /// How exact it is.
    pub grain: Grain,
    /// Whether the text names a zone.
    pub zone_named: bool,
    /// How the words before or behind it bound what is meant.
    pub bound: Bound,
}

/// What is said about time somewhere in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeFound {
    /// Bytes of the text, with the words that bound it: "by Friday".
    pub span: Span,
    /// What it means.
    pub meaning: Meaning,
}

/// What words about time mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// A date, a time or an interval.
    Date(DateFound),
    /// A length of time.
    Length(Length),
    /// A recurrence.
    Every(Recurrence),
}

/// The dates and times `text` names, in text order, without overlaps.
#[must_use]
pub fn dates(text: &str, reference: &Zoned) -> Vec<DateFound> {
    only_dates(times(text, reference, &Convention::default()))
}

/// All that `text` says about time, read by `convention`: dates, lengths of time and recurrences, in
/// text order, without overlaps.
#[must_use]
pub fn times(text: &str, reference: &Zoned, convention: &Convention) -> Vec<TimeFound> {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= LONGEST).last();
    times_in(text, Span::new(0, end.unwrap_or_default()), reference, convention)
}

/// The dates named under `span`; offsets are those of `text`.
pub(crate) fn dates_in(text: &str, span: Span, reference: &Zoned) -> Vec<DateFound> {
    only_dates(times_in(text, span, reference, &Convention::default()))
}

fn only_dates(found: Vec<TimeFound>) -> Vec<DateFound> {
    let date = |found: TimeFound| match found.meaning {
        Meaning::Date(date) => Some(date),
        Meaning::Length(_) | Meaning::Every(_) => None,
    };
    found.into_iter().filter_map(date).collect()
}

fn times_in(text: &str, span: Span, reference: &Zoned, convention: &Convention) -> Vec<TimeFound> {
    let plain = Plain::of(text, span);
    let list = tokens(&plain);
    let telling = |token: &Token<'_>| token.kind == Kind::Number || token.entry.tells() || token.entry.begins;
    if !list.iter().any(telling) {
        return Vec::new();
    }
    let western = (-11 * 3600..=-2 * 3600).contains(&reference.offset().seconds());
    let parser = Parser {
        list,
        reference: reference.datetime(),
        month_first: false,
        convention: *convention,
        source: text,
        span,
        plain: &plain,
        language: OnceCell::new(),
        depth: Cell::new(0),
    };
    let month_first = western && parser.may_be("en");
    let parser = Parser { month_first, ..parser };
    let mut found: Vec<TimeFound> = Vec::new();
    let mut at = 0;
    while at < parser.len() {
        if !parser.may_begin(at) && !matches!(parser.sign(at), "@" | "<" | ">") || parser.is_glued_word(at) {
            at += 1;
            continue;
        }
        let Some(finding) = parser.finding(at) else {
            at += 1;
            continue;
        };
        let next = finding.next.max(at + 1);
        if let Some(time) = parser.time_found(&finding, reference) {
            found.push(time);
        }
        at = next;
    }
    share_day(&mut found, text, reference);
    found
}

/// "10am PT or Friday 2pm ET", "Tuesday at 10 or 3pm": nothing is shared across a named day; a time
/// alone right after a day takes that day.
fn share_day(found: &mut [TimeFound], text: &str, reference: &Zoned) {
    for at in 1..found.len() {
        let Some(TimeFound { meaning: Meaning::Date(before), .. }) = found.get(at - 1).cloned() else {
            continue;
        };
        let Some(TimeFound { meaning: Meaning::Date(now), span }) = found.get_mut(at) else { continue };
        let between = text.get(before.span.end..span.start).unwrap_or_default().trim().to_lowercase();
        let joined = matches!(
            between.as_str(),
            "or" | "and"
                | "oder"
                | "und"
                | ","
                | "/"
                | "ou"
                | "o"
                | "et"
                | "y"
                | ", or"
                | "of"
                | "at"
                | "or at"
                | "and at"
        );
        let clock_only =
            matches!(now.grain, Grain::Minute | Grain::Hour) && now.start.date() == reference.date();
        let day_known = matches!(before.grain, Grain::Minute | Grain::Hour | Grain::Day | Grain::DayPart)
            && before.start.date() != reference.date();
        if joined && clock_only && day_known {
            let day = before.start.date();
            let zone =
                if now.zone_named { now.start.time_zone().clone() } else { before.start.time_zone().clone() };
            let moved = |at: &Zoned| day.to_datetime(at.time()).to_zoned(zone.clone()).ok();
            if let Some(start) = moved(&now.start) {
                now.end = now.end.as_ref().and_then(moved);
                now.start = start;
            }
        }
    }
}

/// Tokens and what they are resolved against.
struct Parser<'p> {
    list: Vec<Token<'p>>,
    reference: DateTime,
    month_first: bool,
    convention: Convention,
    source: &'p str,
    span: Span,
    plain: &'p Plain,
    language: OnceCell<Option<&'static str>>,
    depth: Cell<u8>,
}

impl Parser<'_> {
    fn len(&self) -> usize {
        self.list.len()
    }

    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.list.get(at)
    }

    fn entry(&self, at: usize) -> Entry {
        self.list.get(at).map(|token| token.entry).unwrap_or_default()
    }

    fn word(&self, at: usize) -> &str {
        self.list.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text)
    }

    fn sign(&self, at: usize) -> &str {
        self.list.get(at).filter(|token| token.kind == Kind::Sign).map_or("", |token| token.text)
    }

    fn number(&self, at: usize) -> Option<i64> {
        self.digits_at(at).filter(|_| self.token(at).is_some_and(|token| token.text.len() <= 6))
    }

    fn digits_at(&self, at: usize) -> Option<i64> {
        let token = self.list.get(at).filter(|token| token.kind == Kind::Number && token.text.len() <= 8)?;
        token.text.parse().ok()
    }

    fn cardinal(&self, at: usize) -> Option<i64> {
        let count = self.entry(at).cardinal?;
        let kept = match self.word(at) {
            // English words before they are numbers of another language.
            "due" | "once" => self.is_language("it") || self.is_language("es"),
            "um" | "sei" => !self.is_language("en") && !self.is_language("de"),
            "dos" | "tien" | "elf" => !self.is_language("en"),
            _ => true,
        };
        kept.then_some(i64::from(count))
    }

    /// Whether token `at` stands right behind the one before it.
    fn touches(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|place| self.list.get(place));
        matches!((before, self.list.get(at)), (Some(before), Some(token)) if before.end == token.start)
    }

    fn skip_sign(&self, at: usize, sign: &str) -> (usize, bool) {
        if self.sign(at) == sign { (at + 1, true) } else { (at, false) }
    }

    fn today(&self) -> Date {
        self.reference.date()
    }

    fn is_capital(&self, at: usize) -> bool {
        let Some(token) = self.list.get(at) else { return false };
        self.plain.span(token.start, token.end).of(self.source).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether a word is written in capitals.
    fn is_shouted(&self, at: usize) -> bool {
        let Some(token) = self.list.get(at) else { return false };
        self.plain.span(token.start, token.end).of(self.source).chars().all(char::is_uppercase)
    }

    /// The word before a place, articles skipped, and where it stands; empty at the start.
    fn before(&self, at: usize) -> (&str, usize) {
        let Some(back) = at.checked_sub(1) else { return ("", usize::MAX) };
        let back = if matches!(self.word(back), "the" | "den" | "dem" | "le" | "el") && back > 0 {
            back - 1
        } else {
            back
        };
        (self.word(back), back)
    }

    fn language(&self) -> Option<&'static str> {
        *self.language.get_or_init(|| language(self.span.of(self.source)))
    }

    /// Whether the text is known to be of this language.
    fn is_language(&self, code: &str) -> bool {
        self.language() == Some(code)
    }

    /// Whether the text may be of this language.
    fn may_be(&self, code: &str) -> bool {
        self.language().is_none_or(|known| known == code)
    }

    fn may_begin(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|token| token.kind == Kind::Number || token.entry.begins)
    }

    /// A word or number glued to what stands before it (an id, a version) begins nothing.
    fn is_glued_word(&self, at: usize) -> bool {
        if !self.touches(at) {
            return false;
        }
        let sign = self.sign(at - 1);
        if sign.is_empty() {
            return true;
        }
        matches!(sign, "_" | "/" | "#" | "@" | "$" | "\u{1}" | "+") && sign != self.sign(at)
    }

    /// A rule that looks for a phrase within a phrase.
    fn nested<T>(&self, rule: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return None;
        }
        self.depth.set(depth + 1);
        let found = rule(self);
        self.depth.set(depth);
        found
    }

    fn time_found(&self, finding: &Finding, reference: &Zoned) -> Option<TimeFound> {
        let last = self.token(finding.next.checked_sub(1)?)?.end;
        let span = self.plain.span(self.token(finding.first)?.start, last);
        let meaning = match &finding.what {
            What::Length(length) => Meaning::Length(*length),
            What::Every(recurrence) => Meaning::Every(*recurrence),
            What::Date(settled, bound) => {
                let zone = settled.zone.as_ref().unwrap_or(reference.time_zone());
                let slot = settled.slot;
                let end = if slot.one { None } else { Some(slot.end.to_zoned(zone.clone()).ok()?) };
                Meaning::Date(DateFound {
                    span: self.plain.span(self.token(finding.core)?.start, last),
                    start: slot.start.to_zoned(zone.clone()).ok()?,
                    end,
                    grain: slot.grain,
                    zone_named: settled.zone.is_some(),
                    bound: *bound,
                })
            }
        };
        Some(TimeFound { span, meaning })
    }
}

#[cfg(test)]
mod tests;
