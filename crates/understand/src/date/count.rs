//! Numbers, counts and lengths of time: "twenty-one", "2.5", "a few", "an hour and a half".

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::Parser;
use super::reckon::{add, span};
use super::token::Kind;
use super::words::Unit;

/// A length of time in units that do not turn into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Months; a year is twelve.
    pub months: i64,
    /// Days; a week is seven.
    pub days: i64,
    /// Days from Monday to Friday.
    pub working_days: i64,
    /// Seconds.
    pub seconds: i64,
    pub(super) finest: Unit,
    pub(super) coarsest: Unit,
}

impl Length {
    /// `count` units; a part of a unit is told in the next smaller one that holds it whole.
    fn of(count: f64, unit: Unit) -> Option<Self> {
        let none = Self { months: 0, days: 0, working_days: 0, seconds: 0, finest: unit, coarsest: unit };
        let whole = |each: f64| -> Option<i64> {
            let value = (count * each).round();
            (value.abs() < 1e9).then_some(value as i64)
        };
        let parted = count.fract() != 0.0;
        Some(match unit {
            Unit::Second => Self { seconds: whole(1.0)?, ..none },
            Unit::Minute => Self { seconds: whole(60.0)?, ..none },
            Unit::Hour => {
                let finest = if parted { Unit::Minute } else { unit };
                Self { seconds: whole(3600.0)?, finest, ..none }
            }
            Unit::Day if parted => Self { seconds: whole(86_400.0)?, finest: Unit::Hour, ..none },
            Unit::Day => Self { days: whole(1.0)?, ..none },
            Unit::WorkingDay => Self { working_days: whole(1.0)?, ..none },
            Unit::Week => Self { days: whole(7.0)?, ..none },
            Unit::Fortnight => Self { days: whole(14.0)?, ..none },
            Unit::Month if parted => {
                let months = count.trunc() as i64;
                Self { months, days: (count.fract() * 30.0).round() as i64, finest: Unit::Day, ..none }
            }
            Unit::Month => Self { months: whole(1.0)?, ..none },
            Unit::Quarter => Self { months: whole(3.0)?, ..none },
            Unit::Year => {
                Self { months: whole(12.0)?, finest: if parted { Unit::Month } else { unit }, ..none }
            }
            Unit::Decade => Self { months: whole(120.0)?, ..none },
        })
    }

    pub(super) fn one(unit: Unit) -> Option<Self> {
        Self::of(1.0, unit)
    }

    fn and(self, other: Self) -> Self {
        Self {
            months: self.months + other.months,
            days: self.days + other.days,
            working_days: self.working_days + other.working_days,
            seconds: self.seconds + other.seconds,
            finest: self.finest.min(other.finest),
            coarsest: self.coarsest.max(other.coarsest),
        }
    }

    /// `at` moved on by it, or back where `sign` is negative.
    pub(super) fn from(self, at: DateTime, sign: i64) -> Option<DateTime> {
        let moved = at
            .checked_add(span(sign * self.months, Unit::Month)?)
            .and_then(|at| at.checked_add((sign * self.days.min(4_000_000)).days()))
            .and_then(|at| at.checked_add((sign * self.seconds).seconds()))
            .ok()?;
        if self.working_days == 0 {
            return Some(moved);
        }
        Some(add(moved.date(), sign * self.working_days, Unit::WorkingDay)?.to_datetime(moved.time()))
    }
}

impl Parser<'_> {
    /// A whole number in digits or words; the place after it.
    pub(super) fn whole(&self, at: usize) -> Option<(usize, i64)> {
        if let Some(number) = self.number(at) {
            return Some((at + 1, number));
        }
        let first = self.cardinal(at)?;
        if !(20..100).contains(&first) || first % 10 != 0 {
            return Some((at + 1, first));
        }
        let joined = at + 1 + usize::from(self.sign(at + 1) == "-" || self.word(at + 1) == "and");
        match self.cardinal(joined).filter(|ones| (1..10).contains(ones)) {
            Some(ones) if self.is_english_number(joined) => Some((joined + 1, first + ones)),
            Some(_) | None => Some((at + 1, first)),
        }
    }

    fn is_english_number(&self, at: usize) -> bool {
        matches!(
            self.word(at),
            "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine"
        )
    }

    /// "3rd", "third", "twenty-third", "31."; the place after it.
    pub(super) fn ordinal(&self, at: usize) -> Option<(usize, i64)> {
        if let Some(number) = self.number(at) {
            return self.is_ordinal_end(at + 1).then_some((at + 2, number));
        }
        if let Some(ordinal) = self.entry(at).ordinal {
            return Some((at + 1, i64::from(ordinal)));
        }
        let tens = self.cardinal(at).filter(|tens| matches!(tens, 20 | 30))?;
        let joined = at + 1 + usize::from(self.sign(at + 1) == "-");
        let ones = self.entry(joined).ordinal.filter(|ones| (1..10).contains(ones))?;
        Some((joined + 1, tens + i64::from(ones)))
    }

    /// Whether "st", "nd", "rd", "th" stands glued to the number before it.
    pub(super) fn is_ordinal_end(&self, at: usize) -> bool {
        matches!(self.word(at), "st" | "nd" | "rd" | "th") && self.touches(at)
    }

    /// A count: "3", "three", "a", "a few", "a couple of", "2.5", "1/2", "two and a half".
    pub(super) fn count(&self, at: usize) -> Option<(usize, f64)> {
        let mut next = at;
        if matches!(self.word(next), "a" | "an") {
            match self.word(next + 1) {
                "couple" | "few" | "dozen" => next += 1,
                "half" => return None,
                _ => return Some((next + 1, 1.0)),
            }
        }
        if self.token(next)?.kind == Kind::Number {
            let whole = self.number(next)?;
            let point =
                matches!(self.sign(next + 1), "." | ",") && self.touches(next + 1) && self.touches(next + 2);
            if point && let Some(part) = self.token(next + 2).filter(|part| part.kind == Kind::Number) {
                let text = format!("{whole}.{}", part.text);
                return (part.text.len() <= 2).then_some((next + 3, text.parse().ok()?));
            }
            if self.sign(next + 1) == "/"
                && let Some(below) = self.number(next + 2).filter(|below| (2..=9).contains(below))
            {
                return (whole < below).then(|| (next + 3, ratio(whole, below)));
            }
        }
        let (mut next, whole) = self.whole(next)?;
        if matches!(self.word(next - 1), "couple" | "few" | "dozen") && self.word(next) == "of" {
            next += 1;
        }
        if self.word(next) == "and" {
            let half = next + 1 + usize::from(matches!(self.word(next + 1), "a" | "an"));
            if self.word(half) == "half" && self.entry(half + 1).unit.is_some() {
                return Some((half + 1, ratio(2 * whole + 1, 2)));
            }
        }
        Some((next, ratio(whole, 1)))
    }

    /// A length of time: "3 days", "half an hour", "2 years 1 month 21 days", "an hour and a half".
    pub(super) fn length(&self, at: usize) -> Option<(usize, Length)> {
        let (mut next, mut total) = self.single_length(at)?;
        for _ in 0..5 {
            let joined = next
                + usize::from(
                    self.sign(next) == ","
                        || matches!(self.word(next), "and" | "und" | "et" | "y" | "e" | "en"),
                );
            let more = self.single_length(joined).filter(|(_, more)| more.coarsest < total.finest);
            let Some((after, more)) = more else { break };
            next = after;
            total = total.and(more);
        }
        let and = next + usize::from(self.word(next) == "and");
        let half = and + usize::from(matches!(self.word(and), "a" | "an"));
        if and > next && self.word(half) == "half" && self.entry(half + 1).unit.is_none() {
            let extra = Length::of(0.5, total.finest)?;
            return Some((half + 1, total.and(extra)));
        }
        // "1 hour thirty", "2 hours and ten": minutes, where nothing else is counted.
        if total.finest == Unit::Hour
            && let Some((after, minutes)) = self.whole(and).filter(|(_, n)| (1..60).contains(n))
            && self.token(after).is_none_or(|token| {
                token.kind == Kind::Sign && !matches!(token.text, "%" | "/" | ":" | "$" | "-")
            })
        {
            return Some((after, total.and(Length::of(ratio(minutes, 1), Unit::Minute)?)));
        }
        Some((next, total))
    }

    fn single_length(&self, at: usize) -> Option<(usize, Length)> {
        if let Some(found) = self.parted_hour(at) {
            return Some(found);
        }
        let (next, count) = self.count(at)?;
        let (after, unit) = self.unit_at(next)?;
        // "one and two quarters of an hour"
        if unit == Unit::Hour && count > 100.0 {
            return None;
        }
        Some((after, Length::of(count, unit)?))
    }

    /// The unit at a place, also "business days" and "-minute"; the place after it.
    pub(super) fn unit_at(&self, at: usize) -> Option<(usize, Unit)> {
        let at = at + usize::from(self.sign(at) == "-" && self.touches(at) && self.touches(at + 1));
        if matches!(self.word(at), "business" | "working" | "work" | "week")
            && self.entry(at + 1).unit == Some(Unit::Day)
        {
            return Some((at + 2, Unit::WorkingDay));
        }
        let unit = self.entry(at).unit?;
        // "an" is a year in French only, "h" an hour only behind a number.
        let kept = match self.word(at) {
            "an" => self.is_language("fr"),
            "h" => at > 0 && self.number(at - 1).is_some(),
            _ => true,
        };
        kept.then_some((at + 1, unit))
    }

    /// "half an hour", "a quarter of an hour", "three quarters of an hour", "one and two quarter
    /// hours", "eine halbe Stunde", "une demi-heure".
    fn parted_hour(&self, at: usize) -> Option<(usize, Length)> {
        let at = at
            + usize::from(
                matches!(self.word(at), "a" | "an" | "eine" | "einer" | "une")
                    && matches!(self.word(at + 1), "half" | "quarter" | "halbe" | "halben" | "demi"),
            );
        match self.word(at) {
            "half" | "halbe" | "halben" | "demi" | "demie" | "media" | "meia" => {
                let skip =
                    at + 1 + usize::from(matches!(self.word(at + 1), "a" | "an") || self.sign(at + 1) == "-");
                let (after, unit) = self.unit_at(skip)?;
                let known = matches!(unit, Unit::Hour | Unit::Day | Unit::Year | Unit::Minute | Unit::Month);
                return known.then_some((after, Length::of(0.5, unit)?));
            }
            "anderthalb" | "eineinhalb" => {
                let (after, unit) = self.unit_at(at + 1)?;
                return Some((after, Length::of(1.5, unit)?));
            }
            "mezz'ora" | "mezzora" => return Some((at + 1, Length::of(0.5, Unit::Hour)?)),
            _ => {}
        }
        let of_hour = |at: usize| {
            let of = at + usize::from(self.word(at) == "of");
            let an = of + usize::from(matches!(self.word(of), "a" | "an"));
            (self.entry(an).unit == Some(Unit::Hour)).then_some(an + 1)
        };
        if self.word(at) == "quarter" {
            return Some((of_hour(at + 1)?, Length::of(0.25, Unit::Hour)?));
        }
        let (next, whole) = self.whole(at)?;
        let (next, quarters, whole) = if self.word(next) == "and" {
            let (after, quarters) = self.whole(next + 1)?;
            (after, quarters, whole)
        } else {
            (next, whole, 0)
        };
        if !matches!(self.word(next), "quarter" | "quarters") || quarters > 3 {
            return None;
        }
        Some((of_hour(next + 1)?, Length::of(ratio(whole * 4 + quarters, 4), Unit::Hour)?))
    }
}

/// A small fraction as a number.
fn ratio(above: i64, below: i64) -> f64 {
    let small = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    small(above) / small(below)
}
