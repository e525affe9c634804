//! Days of the calendar: numbers and month names, and what is counted inside a month.

use jiff::civil::{Date, Weekday};

use super::Parser;
use super::day::{Days, add, before, date, full_year, on_or_after, quarter_start, step};
use super::token::Kind;
use super::words::{Unit, month, ordinal, turn, unit, weekday};
use crate::reading::Grain;

impl Parser<'_> {
    /// ISO dates, 27.11.2026, 27.11., 11/27, 27/11/26, 18q4.
    pub(super) fn numeric(&self, at: usize) -> Option<(usize, Days)> {
        let first = self.number(at)?;
        let first_len = self.token(at)?.text.len();
        let glued_before = at > 0
            && self.touches(at)
            && matches!(self.sign(at - 1), "." | "/" | "-" | "_" | "$" | "#" | "=" | ":");
        if glued_before {
            return None;
        }
        if self.word(at + 1) == "q" && matches!(first_len, 2 | 4) {
            let quarter = self.number(at + 2).filter(|q| (1..=4).contains(q))?;
            return Some((at + 3, Days::unit(quarter_start(full_year(first)?, quarter)?, Grain::Quarter)));
        }
        let sign = self.sign(at + 1);
        if !matches!(sign, "-" | "/" | ".") || !self.touches(at + 1) {
            return None;
        }
        let second = self.number(at + 2).filter(|_| self.touches(at + 2))?;
        let more = self.sign(at + 3) == sign && self.touches(at + 3);
        let third = self.number(at + 4).filter(|_| more && self.touches(at + 4));
        if let Some(third) = third {
            if self.touches(at + 5) && (self.sign(at + 5) == sign && self.number(at + 6).is_some()) {
                return None;
            }
            let third_len = self.token(at + 4)?.text.len();
            let next = at + 5;
            if first_len == 4 {
                return Some((next, Days::day(date(first, second, third)?)));
            }
            if !matches!(third_len, 2 | 4) || first_len > 2 {
                return None;
            }
            let year = full_year(third)?;
            let (day, month) = self.day_and_month(first, second, sign);
            return Some((next, Days::day(date(year, month, day).or_else(|| date(year, day, month))?)));
        }
        if first_len == 4
            && sign != "."
            && second <= 12
            && self.token(at + 2)?.text.len() == 2
            && (1900..2200).contains(&first)
        {
            return Some((at + 3, Days::unit(date(first, second, 1)?, Grain::Month)));
        }
        if first_len > 2 || self.token(at + 2)?.text.len() > 2 {
            return None;
        }
        let before = if at > 0 { self.word(at - 1) } else { "" };
        let introduced = self.after_weekday(at)
            || matches!(
                before,
                "on" | "by"
                    | "before"
                    | "until"
                    | "till"
                    | "am"
                    | "bis"
                    | "vom"
                    | "zum"
                    | "le"
                    | "el"
                    | "il"
                    | "dia"
                    | "op"
                    | "since"
                    | "from"
                    | "after"
                    | "due"
            );
        if sign == "." {
            // "12.11." or "am 12.11": a stop behind or a preposition before; else it is a decimal.
            let dotted = self.sign(at + 3) == "." && self.touches(at + 3);
            if !(dotted || (introduced && matches!(before, "am" | "bis" | "vom" | "zum" | "op")))
                || self.number(at + 4).is_some_and(|_| dotted && self.touches(at + 4))
            {
                return None;
            }
            let day = self.yearless(second, first)?;
            return Some((at + 3 + usize::from(dotted), Days::day(day)));
        }
        if sign == "-" && !self.after_weekday(at) {
            return None;
        }
        if (first, second) == (24, 7) || self.sign(at + 3) == "%" || unit(self.word(at + 3)).is_some() {
            return None;
        }
        let sure = introduced || first > 12 || second > 12 || self.len() == 3;
        let (day, month) = self.day_and_month(first, second, sign);
        let found = self.yearless(month, day).or_else(|| self.yearless(day, month))?;
        sure.then_some((at + 3, Days::day(found)))
    }

    /// Day and month of two numbers, by the rule of the reference (see the module).
    pub(super) fn day_and_month(&self, first: i64, second: i64, sign: &str) -> (i64, i64) {
        if self.month_first && sign == "/" && first <= 12 { (second, first) } else { (first, second) }
    }

    pub(super) fn after_weekday(&self, at: usize) -> bool {
        let back = if at > 0 && matches!(self.sign(at - 1), "," | "(") { 2 } else { 1 };
        at.checked_sub(back).is_some_and(|place| weekday(self.word(place)).is_some())
    }

    /// "third of March", "20th of next month", "first Monday of October", "last Friday in the month",
    /// "second last week of October".
    pub(super) fn nth(&self, at: usize) -> Option<(usize, Days)> {
        let (mut next, mut count) = match (self.number(at), ordinal(self.word(at))) {
            (Some(number), _) if self.is_ordinal_end(at + 1) => (at + 2, number),
            (Some(number), _) if matches!(self.word(at + 1), "of") => (at + 1, number),
            (None, Some(number)) => (at + 1, number),
            (Some(_) | None, _) => return None,
        };
        if self.word(next) == "last" && count > 0 {
            count = -count;
            next += 1;
        }
        let what = self.word(next);
        let kind = if let Some(day) = weekday(what) {
            NthOf::Weekday(day)
        } else if matches!(what, "day" | "week" | "weekend" | "wkend") {
            if what == "week" && self.word(next + 1) == "end" {
                next += 1;
                NthOf::Weekend
            } else if what == "week" && self.sign(next + 1) == "-" && self.word(next + 2) == "end" {
                next += 2;
                NthOf::Weekend
            } else if what == "week" {
                NthOf::Week
            } else if what == "day" {
                NthOf::Day
            } else {
                NthOf::Weekend
            }
        } else {
            if !matches!(what, "of") || count < 0 {
                return None;
            }
            next = next.checked_sub(1)?;
            NthOf::Day
        };
        next += 1;
        if !matches!(self.word(next), "of" | "in") {
            return None;
        }
        let (after, whole) = self.month_stretch(next + 1)?;
        let first = whole.start;
        let end = whole.after()?;
        let (start, stop) = match kind {
            NthOf::Day if count > 0 => (add(first, count - 1, Unit::Day)?, None),
            NthOf::Day => (add(end, count, Unit::Day)?, None),
            NthOf::Weekday(day) if count > 0 => {
                (add(on_or_after(first, day)?, 7 * (count - 1), Unit::Day)?, None)
            }
            NthOf::Weekday(day) => (add(before(end, day)?, 7 * (count + 1), Unit::Day)?, None),
            NthOf::Week if count > 0 => {
                (add(on_or_after(first, Weekday::Monday)?, 7 * (count - 1), Unit::Day)?, None)
            }
            NthOf::Week => {
                let last = add(before(end, Weekday::Monday)?, 7 * (count + 1), Unit::Day)?;
                // A week that is mostly in the next month is not the last one.
                (if add(last, 3, Unit::Day)? >= end { add(last, -7, Unit::Day)? } else { last }, None)
            }
            NthOf::Weekend => {
                let saturday = if count > 0 {
                    add(on_or_after(first, Weekday::Saturday)?, 7 * (count - 1), Unit::Day)?
                } else {
                    add(before(end, Weekday::Saturday)?, 7 * (count + 1), Unit::Day)?
                };
                (saturday, Some(add(saturday, 2, Unit::Day)?))
            }
        };
        let grain = if kind == NthOf::Week { Grain::Week } else { Grain::Day };
        (start < end).then_some((after, Days { start, end: stop, grain }))
    }

    /// A month or a year, for "of …": "October 2014", "this month", "next month", "the month".
    pub(super) fn month_stretch(&self, at: usize) -> Option<(usize, Days)> {
        let at = if matches!(self.word(at), "the" | "this") && self.word(at + 1) == "month" {
            return Some((at + 2, Days::unit(self.today().first_of_month(), Grain::Month)));
        } else if self.word(at) == "the" {
            at + 1
        } else {
            at
        };
        self.turned(at)
            .or_else(|| self.month_or_year_of(at, true))
            .filter(|(_, days)| matches!(days.grain, Grain::Month | Grain::Year | Grain::Quarter))
    }

    pub(super) fn is_ordinal_end(&self, at: usize) -> bool {
        self.touches(at) && matches!(self.word(at), "st" | "nd" | "rd" | "th" | "er" | "o" | "e")
    }

    /// A day number: 1 to 31, with its ordinal ending; the place after it.
    pub(super) fn day_number(&self, at: usize) -> Option<(usize, i64)> {
        if let Some(number) = self
            .number(at)
            .filter(|n| (1..=31).contains(n) && self.token(at).is_some_and(|t| t.text.len() <= 2))
        {
            let mut next = at + 1;
            let dotted = self.sign(next) == "." && self.touches(next) && month(self.word(next + 1)).is_some();
            next += usize::from(self.is_ordinal_end(next) || dotted);
            return Some((next, number));
        }
        ordinal(self.word(at)).filter(|n| *n > 0).map(|n| (at + 1, n))
    }

    /// "27 November 2026", "Nov 27th", "14april", "the 15th", "1-8 September", "23rd to 26th Oct".
    pub(super) fn calendar_day(&self, at: usize) -> Option<(usize, Days)> {
        if let Some((next, day)) = self.day_number(at) {
            // A range of days before one month: "12 to 16 September".
            if let Some(after) =
                self.range_word(next).or_else(|| matches!(self.word(next), "al").then_some(next + 1))
                && let Some((after, last)) = self.day_number(after)
                && let Some((after, month, year)) = self.of_month(after)
                && last > day
            {
                let start = self.in_month(year, month, day)?;
                let end = add(start, last - day + 1, Unit::Day)?;
                return Some((after, Days::range(start, end)));
            }
            if let Some((after, month, year)) = self.of_month(next) {
                return Some((after, Days::day(self.in_month(year, month, day)?)));
            }
            let the = at > 0 && matches!(self.word(at - 1), "the");
            let bare_ordinal = self.number(at).is_some()
                && self.is_ordinal_end(at + 1)
                && matches!(self.word(at + 1), "st" | "nd" | "rd" | "th");
            let on = the || (at > 0 && matches!(self.word(at - 1), "on" | "by" | "until"));
            let ends = self.token(next).is_none_or(|t| {
                t.kind == Kind::Sign
                    || matches!(t.text, "at" | "is" | "or" | "and" | "works" | "if" | "for" | "to" | "in")
            });
            if bare_ordinal && on && ends {
                let mut found = self.today().first_of_month();
                for _ in 0..12 {
                    if let Ok(candidate) = Date::new(found.year(), found.month(), i8::try_from(day).ok()?)
                        && candidate >= self.today()
                    {
                        return Some((next, Days::day(candidate)));
                    }
                    found = add(found, 1, Unit::Month)?;
                }
            }
            return None;
        }
        let month_number = month(self.word(at))?;
        let mut next = at + 1;
        if self.sign(next) == "." {
            next += 1;
        }
        if self.word(next) == "the" {
            next += 1;
        }
        let (after, day) = self.day_number(next)?;
        if self.sign(after) == ":" || matches!(self.word(after), "am" | "pm") || self.sign(after) == "%" {
            return None;
        }
        let (after_year, year) = self.year_after(after);
        let start = self.in_month(year, month_number, day)?;
        if let Some(to) = self.range_word(after)
            && let Some((end_at, last)) = self.day_number(to)
            && last > day
            && self.sign(end_at) != ":"
            && !matches!(self.word(end_at), "am" | "pm" | "people")
            && self.sign(after) == "-"
        {
            let (end_at, year) = self.year_after(end_at);
            let start = self.in_month(year, month_number, day)?;
            return Some((end_at, Days::range(start, add(start, last - day + 1, Unit::Day)?)));
        }
        // "Jul 18, Fri"
        let comma = usize::from(self.sign(after_year) == ",");
        if year.is_none()
            && let Some(named) = weekday(self.word(after_year + comma))
        {
            return Some((after_year + comma + 1, Days::day(self.fitting_year(month_number, day, named)?)));
        }
        Some((after_year, Days::day(start)))
    }

    /// "of November 2026", "november", "de noviembre"; month and year if given.
    pub(super) fn of_month(&self, at: usize) -> Option<(usize, i8, Option<i64>)> {
        let mut next = at;
        if matches!(self.word(next), "of" | "de" | "di" | "del" | "day") {
            next += 1;
        }
        if self.word(next) == "of" {
            next += 1;
        }
        if self.sign(next) == "-" && self.touches(next) {
            next += 1;
        }
        let found = month(self.word(next))?;
        // "out" and "set" after a number are words: "3 out of 5", "2 set aside".
        if matches!(self.word(next), "out" | "set" | "may" | "mars" | "mar")
            && matches!(self.word(next + 1), "of" | "aside" | "up" | "be" | "have" | "not")
        {
            return None;
        }
        next += 1;
        if self.sign(next) == "." && self.touches(next) && self.number(next + 1).is_some() {
            next += 1;
        }
        let (after, year) = self.year_after(next);
        Some((after, found, year))
    }

    /// A year after a day and month: ", 2014", "2014", "'15", "de 2026", "of next year".
    pub(super) fn year_after(&self, at: usize) -> (usize, Option<i64>) {
        let mut next = at;
        if matches!(self.sign(next), "," | "-" | "/" | "'")
            || matches!(self.word(next), "of" | "de" | "del" | "in")
        {
            next += 1;
        }
        if let Some(year) = self.number(next) {
            let length = self.token(next).map_or(0, |t| t.text.len());
            let four = length == 4 && (1900..2200).contains(&year) && self.sign(next + 1) != ":";
            let two = length == 2
                && (next == at || self.sign(at) == "'")
                && !self.is_clock_or_unit(next + 1)
                && self.token(next + 1).is_none_or(|t| t.kind == Kind::Sign);
            if four || two {
                return (next + 1, full_year(year));
            }
        }
        if let Some(moved) = turn(self.word(next))
            && unit(self.word(next + 1)) == Some(Unit::Year)
        {
            return (next + 2, Some(i64::from(self.today().year()) + step(moved)));
        }
        (at, None)
    }

    pub(super) fn is_clock_or_unit(&self, at: usize) -> bool {
        self.sign(at) == ":"
            || matches!(self.word(at), "am" | "pm" | "h" | "uhr" | "a" | "p")
            || unit(self.word(at)).is_some()
            || self.sign(at) == "%"
    }

    pub(super) fn in_month(&self, year: Option<i64>, month: i8, day: i64) -> Option<Date> {
        match year {
            Some(year) => date(year, i64::from(month), day),
            None => self.yearless(i64::from(month), day),
        }
    }

    /// A day and month without a year: the coming one, or the past one where it lies at most
    /// sixty days back ("our workshop on 10 November").
    pub(super) fn yearless(&self, month: i64, day: i64) -> Option<Date> {
        let year = i64::from(self.today().year());
        let mut best: Option<Date> = None;
        for candidate in [year - 1, year, year + 1, year + 2, year + 3]
            .into_iter()
            .filter_map(|year| date(year, month, day))
        {
            let back = add(self.today(), -60, Unit::Day)?;
            if candidate >= back && best.is_none() {
                best = Some(candidate);
            }
        }
        best
    }

    /// The year near the reference in which this day falls on this weekday.
    pub(super) fn fitting_year(&self, month: i8, day: i64, named: Weekday) -> Option<Date> {
        let year = i64::from(self.today().year());
        let near = self.yearless(i64::from(month), day);
        near.filter(|date| date.weekday() == named)
            .or_else(|| {
                let years = [year, year + 1, year - 1, year + 2, year - 2];
                years
                    .into_iter()
                    .filter_map(|year| date(year, i64::from(month), day))
                    .find(|date| date.weekday() == named)
            })
            .or(near)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NthOf {
    Day,
    Weekday(Weekday),
    Week,
    Weekend,
}
