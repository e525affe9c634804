//! Dates and times named in text, resolved against a reference.
//!
//! A hand-written grammar over tokens; no month or weekday is taken from a word that may be
//! something else ("may", "march", "sat", "second") without help around it. Conventions:
//!
//! - "Friday" is the coming one, never today; "next Tuesday" is the Tuesday of next week; "this
//!   Friday" the one of this week or the coming one.
//! - A day and month without a year are the coming ones, unless they lie at most sixty days back.
//! - 11/12 is month first where the reference's offset is west of -02:00 (the Americas) and the text
//!   is not German, French, Spanish, Italian, Dutch or Portuguese; else day first. A number above 12
//!   decides by itself.
//! - 1 to 6 o'clock without am or pm is the afternoon.
//! - The zone is the one the text names, else the reference's.

mod calendar;
mod clock;
mod day;
mod feast;
mod token;
mod words;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use postil_evidence::Span;

use crate::language::language;
use crate::plain::Plain;
use crate::reading::Grain;
use day::{Days, add};
use token::{Kind, Token, tokens};
use words::{Unit, unit};

/// The longest text that is searched, in bytes: beyond it the rest is left out.
const LONGEST: usize = 200_000;

/// A date or time found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct DateFound {
    /// Bytes of the text.
    pub span: Span,
    /// The start, in the zone the text names, else in the reference's.
    pub start: Zoned,
    /// The end of an interval, exclusive; `None` for one instant at its grain.
    pub end: Option<Zoned>,
    /// How exact it is.
    pub grain: Grain,
    /// Whether the text names a zone.
    pub zone_named: bool,
}

/// The dates and times `text` names, in text order, without overlaps.
#[must_use]
pub fn dates(text: &str, reference: &Zoned) -> Vec<DateFound> {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= LONGEST).last();
    dates_in(text, Span::new(0, end.unwrap_or_default()), reference)
}

/// The dates named under `span`; offsets are those of `text`.
pub(crate) fn dates_in(text: &str, span: Span, reference: &Zoned) -> Vec<DateFound> {
    let plain = Plain::of(text, span);
    let list = tokens(&plain);
    if !list.iter().any(|token| token.kind == Kind::Number || is_date_word(token.text)) {
        return Vec::new();
    }
    let western = (-11 * 3600..=-2 * 3600).contains(&reference.offset().seconds());
    let month_first = western && language(span.of(text)).is_none_or(|code| code == "en");
    let parser = Parser { list, reference: reference.datetime(), month_first, source: text, plain: &plain };
    let mut found: Vec<DateFound> = Vec::new();
    let mut at = 0;
    while at < parser.len() {
        let Some((next, item)) = parser.item(at) else {
            at += 1;
            continue;
        };
        if let Some(date) = parser.resolve(at, next, &item, reference.time_zone()) {
            found.push(date);
        }
        at = next.max(at + 1);
    }
    share_day(&mut found, text, reference);
    found
}

/// "10am PT or Friday 2pm ET", "Tuesday at 10 or 3pm": nothing is shared across a named day; a time
/// alone right after a day takes that day.
fn share_day(found: &mut [DateFound], text: &str, reference: &Zoned) {
    for at in 1..found.len() {
        let Some(before) = found.get(at - 1).cloned() else { continue };
        let Some(now) = found.get_mut(at) else { continue };
        let between = text.get(before.span.end..now.span.start).unwrap_or_default().trim().to_lowercase();
        let joined = matches!(
            between.as_str(),
            "or" | "and" | "oder" | "und" | "," | "/" | "ou" | "o" | "et" | "y" | ", or" | "of" | "at"
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

fn is_date_word(word: &str) -> bool {
    words::weekday(word).is_some()
        || words::month(word).is_some()
        || words::relative_day(word).is_some()
        || words::turn(word).is_some()
        || words::day_part(word).is_some()
        || unit(word).is_some()
        || feast::begins_feast(word)
        // "at three twenty"
        || words::cardinal(word).is_some_and(|number| number > 1)
        || matches!(
            word,
            "eod"
                | "cob"
                | "eom"
                | "eoy"
                | "eow"
                | "noon"
                | "midday"
                | "midnight"
                | "now"
                | "pm"
                | "am"
                | "o'clock"
                | "half"
                | "ten"
                | "nine"
                | "eob"
                | "mittag"
                | "midi"
                | "asap"
                | "atm"
        )
}

/// Tokens and what they are resolved against.
pub(crate) struct Parser<'p> {
    list: Vec<Token<'p>>,
    reference: DateTime,
    month_first: bool,
    source: &'p str,
    plain: &'p Plain,
}

/// What was found: days, a time, or both; or an exact moment.
enum Item {
    Days(Days),
    Clock(clock::Clock, Option<Date>),
    Part(Date, (i8, i8)),
    Moment(DateTime, Grain),
    Stretch(DateTime, DateTime, Grain),
}

impl Parser<'_> {
    fn len(&self) -> usize {
        self.list.len()
    }

    fn token(&self, at: usize) -> Option<&Token<'_>> {
        self.list.get(at)
    }

    fn word(&self, at: usize) -> &str {
        self.list.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text)
    }

    fn sign(&self, at: usize) -> &str {
        self.list.get(at).filter(|token| token.kind == Kind::Sign).map_or("", |token| token.text)
    }

    fn number(&self, at: usize) -> Option<i64> {
        let token = self.list.get(at).filter(|token| token.kind == Kind::Number && token.text.len() <= 6)?;
        token.text.parse().ok()
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

    fn item(&self, at: usize) -> Option<(usize, Item)> {
        if let Some(found) = self.moment(at) {
            return Some(found);
        }
        // A word or number glued to what stands before it (an id, a version) begins nothing.
        if self.touches(at)
            && matches!(self.sign(at - 1), "_" | "/" | "#" | "=" | "@" | "$" | "\u{1}")
            && self.sign(at - 1) != "@"
        {
            return None;
        }
        if self.touches(at) && self.list.get(at - 1).is_some_and(|t| t.kind != Kind::Sign) {
            return None;
        }
        if let Some((next, days)) = self.days(at) {
            return Some(self.with_time(next, days));
        }
        if let Some((next, clock)) = self.clock(at) {
            return Some(self.with_day(next, clock));
        }
        // "this morning", "tonight", "last night", "morning of …"
        let (part_at, shift) = match self.word(at) {
            "this" | "diesen" | "heute" | "cet" | "ce" | "esta" | "questa" | "questo" => (at + 1, 0),
            "last" if matches!(self.word(at + 1), "night" | "evening") => (at + 1, -1),
            "tonight" => (at, 0),
            "morning" | "evening" | "afternoon" if self.word(at + 1) == "of" => {
                let (next, days) = self
                    .days(at + 2)
                    .or_else(|| self.days(at + 3).filter(|_| self.word(at + 2) == "this"))?;
                return Some((next, Item::Part(days.start, words::day_part(self.word(at))?)));
            }
            _ => return None,
        };
        let (next, hours) = self.part(part_at).filter(|(next, _)| *next == part_at + 1)?;
        let date = add(self.today(), shift, Unit::Day)?;
        if let Some((after, mut clock)) = self.clock(next) {
            prefer(&mut clock, hours);
            return Some((after, Item::Clock(clock, Some(date))));
        }
        Some((next, Item::Part(date, hours)))
    }

    /// Days, then perhaps a time or a part of the day, or another day as the end.
    fn with_time(&self, next: usize, days: Days) -> (usize, Item) {
        let comma = if matches!(self.sign(next), "," | "(" | "-")
            || matches!(self.word(next), "at" | "around" | "in")
        {
            next + usize::from(!self.sign(next).is_empty())
        } else {
            next
        };
        if days.grain == Grain::Day && days.end.is_none() {
            if let Some((after, hours)) = self.part(comma) {
                if let Some((after, mut clock)) = self.clock(after) {
                    prefer(&mut clock, hours);
                    return (after, Item::Clock(clock, Some(days.start)));
                }
                return (after, Item::Part(days.start, hours));
            }
            if let Some((after, clock)) = self.clock(comma) {
                return (after, Item::Clock(clock, Some(days.start)));
            }
        }
        // Counted months and years with a time: "in 4 years at 5pm".
        if matches!(days.grain, Grain::Month | Grain::Year)
            && self.word(next) == "at"
            && let Some((after, clock)) = self.clock(next)
        {
            return (after, Item::Clock(clock, Some(days.start)));
        }
        let tied = self.sign(next) == "-"
            || matches!(
                self.word(next),
                "to" | "until" | "till" | "through" | "bis" | "au" | "al" | "tot" | "ate"
            );
        if tied
            && let Some((after, last)) = self.days(next + 1)
            && let Some(end) = last.after()
            && end > days.start
            && last.grain == days.grain
        {
            return (after, Item::Days(Days { end: Some(end), ..days }));
        }
        (next, Item::Days(days))
    }

    /// A time, then perhaps its day.
    fn with_day(&self, next: usize, clock: clock::Clock) -> (usize, Item) {
        let mut place = next;
        if matches!(self.sign(place), ",") {
            place += 1;
        }
        if matches!(self.word(place), "on" | "am" | "el" | "le" | "op" | "this" | "il" | "na")
            && self.token(place).is_some()
        {
            place += usize::from(self.word(place) != "this");
        }
        if let Some((after, days)) = self.days(place)
            && matches!(days.grain, Grain::Day | Grain::Month)
            && days.end.is_none()
            && (days.grain == Grain::Day || self.word(place) == "in")
        {
            return (after, Item::Clock(clock, Some(days.start)));
        }
        if matches!(self.word(place), "tonight") {
            let mut clock = clock;
            prefer(&mut clock, (18, 24));
            return (place + 1, Item::Clock(clock, Some(self.today())));
        }
        (next, Item::Clock(clock, None))
    }

    /// "now", "in two hours", "30 minutes ago", "in half an hour", "last 2 hours".
    fn moment(&self, at: usize) -> Option<(usize, Item)> {
        let exact = |next: usize| Some((next, Item::Moment(self.reference, Grain::Minute)));
        match (self.word(at), self.word(at + 1)) {
            ("right" | "just", "now") => return exact(at + 2),
            ("now", _) if self.len() == 1 => return exact(at + 1),
            ("atm", _) if self.len() == 1 => return exact(at + 1),
            ("at", "the") if self.word(at + 2) == "moment" && self.len() == 3 => return exact(at + 3),
            ("today" | "heute", _) if matches!(self.word(at + 1), "in") && self.word(at + 2) != "the" => {
                return self.moment(at + 1);
            }
            _ => {}
        }
        if let Some(moved) = words::turn(self.word(at))
            && let Some((next, count)) = self.count(at + 1)
            && let Some(what) =
                unit(self.word(next)).filter(|what| matches!(what, Unit::Second | Unit::Minute | Unit::Hour))
        {
            let span = length(count, what)?;
            let base = truncate(self.reference, what)?;
            let one = length(1, what)?;
            return match moved {
                words::Turn::Last => {
                    Some((next + 1, Item::Stretch(base.checked_sub(span).ok()?, base, Grain::Minute)))
                }
                words::Turn::Next => {
                    let start = base.checked_add(one).ok()?;
                    Some((next + 1, Item::Stretch(start, start.checked_add(span).ok()?, Grain::Minute)))
                }
                words::Turn::This => None,
            };
        }
        let lead = matches!(self.word(at), "in" | "dans" | "en" | "tra" | "fra" | "over" | "em" | "within");
        let mut next = at + usize::from(lead);
        if lead && matches!(self.word(next), "about" | "around") {
            next += 1;
        }
        let three = (self.word(next), self.word(next + 1), self.word(next + 2));
        let half_hour = matches!(three, ("half", "an" | "a", "hour") | ("einer", "halben", "stunde"));
        let (after, minutes_or_span) = if half_hour {
            (next + 3, 30.minutes())
        } else if self.number(next) == Some(1)
            && self.sign(next + 1) == "/"
            && self.number(next + 2) == Some(2)
            && unit(self.word(next + 3)) == Some(Unit::Hour)
        {
            (next + 4, 30.minutes())
        } else if let (Some(whole), Some(".")) = (self.number(next), Some(self.sign(next + 1)))
            && self.number(next + 2) == Some(5)
            && unit(self.word(next + 3)) == Some(Unit::Hour)
        {
            (next + 4, (whole * 60 + 30).minutes())
        } else {
            let (after, count) = self.count(next)?;
            match unit(self.word(after)) {
                Some(what @ (Unit::Second | Unit::Minute | Unit::Hour)) => (after + 1, length(count, what)?),
                Some(_) | None => return None,
            }
        };
        let back = matches!(self.word(after), "ago" | "geleden" | "fa");
        let ahead = lead || matches!((self.word(after), self.word(after + 1)), ("from", "now"));
        if !back && !ahead {
            return None;
        }
        let moment = if back {
            self.reference.checked_sub(minutes_or_span)
        } else {
            self.reference.checked_add(minutes_or_span)
        };
        let next = match self.word(after) {
            "from" => after + 2,
            _ if back => after + 1,
            _ => after,
        };
        Some((next, Item::Moment(moment.ok()?, Grain::Minute)))
    }

    fn resolve(&self, at: usize, next: usize, item: &Item, zone: &TimeZone) -> Option<DateFound> {
        let mut first = at;
        while first + 1 < next
            && matches!(
                self.word(first),
                "at" | "in"
                    | "on"
                    | "the"
                    | "um"
                    | "am"
                    | "el"
                    | "le"
                    | "for"
                    | "from"
                    | "about"
                    | "around"
                    | "a"
                    | "den"
                    | "der"
                    | "gegen"
                    | "alle"
                    | "om"
            )
            && !matches!(item, Item::Moment(..))
            && words::day_part(self.word(first + 1)).is_none()
            && self.count(first).is_none_or(|_| self.word(first) != "a")
            && !(self.word(first) == "in" && unit(self.word(first + 2)).is_some())
        {
            first += 1;
        }
        let span = self.plain.span(self.token(first)?.start, self.token(next.checked_sub(1)?)?.end);
        let zoned = |at: DateTime, zone: &TimeZone| at.to_zoned(zone.clone()).ok();
        let (start, end, grain, named) = match item {
            Item::Days(days) => {
                let end = match days.end {
                    Some(end) => Some(zoned(end.to_datetime(Time::midnight()), zone)?),
                    None => None,
                };
                (zoned(days.start.to_datetime(Time::midnight()), zone)?, end, days.grain, false)
            }
            Item::Part(date, (from, to)) => {
                let start = zoned(date.at(*from, 0, 0, 0), zone)?;
                let end = if *to == 24 {
                    date.tomorrow().ok()?.to_datetime(Time::midnight())
                } else {
                    date.at(*to, 0, 0, 0)
                };
                (start, Some(zoned(end, zone)?), Grain::DayPart, false)
            }
            Item::Clock(clock, date) => {
                let day = match date {
                    Some(date) => *date,
                    None if clock.half == Some(clock::Half::Am)
                        && clock.start < self.reference.time()
                        && self.reference.hour() < 4 =>
                    {
                        self.today()
                    }
                    None => self.today(),
                };
                let zone_of = clock.zone.as_ref().unwrap_or(zone);
                let end = match clock.end {
                    Some(end) => Some(zoned(
                        if end <= clock.start {
                            day.tomorrow().ok()?.to_datetime(end)
                        } else {
                            day.to_datetime(end)
                        },
                        zone_of,
                    )?),
                    None => None,
                };
                (zoned(day.to_datetime(clock.start), zone_of)?, end, clock.grain, clock.zone.is_some())
            }
            Item::Moment(moment, grain) => (zoned(*moment, zone)?, None, *grain, false),
            Item::Stretch(from, to, grain) => (zoned(*from, zone)?, Some(zoned(*to, zone)?), *grain, false),
        };
        Some(DateFound { span, start, end, grain, zone_named: named })
    }
}

/// Moves a time of unknown half into the part of the day that was named.
fn prefer(clock: &mut clock::Clock, (from, to): (i8, i8)) {
    if clock.half.is_some() {
        return;
    }
    let fit = |time: Time| {
        let other = Time::new((time.hour() + 12) % 24, time.minute(), time.second(), 0).unwrap_or(time);
        let inside =
            |time: Time| (from.min(6)..to).contains(&time.hour()) && (from < 12 || time.hour() >= 12);
        if !inside(time) && inside(other) { other } else { time }
    };
    let start = fit(clock.start);
    clock.start = start;
    clock.end = clock.end.map(fit);
}

fn length(count: i64, unit: Unit) -> Option<jiff::Span> {
    let count = (count.abs() < 100_000).then_some(count)?;
    match unit {
        Unit::Second => Some(count.seconds()),
        Unit::Minute => Some(count.minutes()),
        Unit::Hour => Some(count.hours()),
        Unit::Day
        | Unit::WorkingDay
        | Unit::Week
        | Unit::Fortnight
        | Unit::Month
        | Unit::Quarter
        | Unit::Year => None,
    }
}

fn truncate(at: DateTime, unit: Unit) -> Option<DateTime> {
    let minute = if unit == Unit::Hour { 0 } else { at.minute() };
    let second = if unit == Unit::Second { at.second() } else { 0 };
    Some(at.date().at(at.hour(), minute, second, 0))
}

#[cfg(test)]
mod tests;
