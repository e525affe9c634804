//! Dates in figures: ISO dates, 27.11.2026, 11/27, 12/2026; and numbers that only look like them.

use super::Parser;
use super::dated::Dated;
use super::reckon::{date, full_year};
use super::token::Kind;
use super::words::Unit;

impl Parser<'_> {
    /// ISO dates, 27.11.2026, 27.11., 11/27, 27/11/26, 20261127, 12/2026.
    pub(super) fn numeric(&self, at: usize) -> Option<(usize, Dated)> {
        let first = self.digits_at(at)?;
        let first_len = self.token(at)?.text.len();
        let glued = at > 0
            && self.touches(at)
            && (matches!(self.sign(at - 1), "." | "/" | "_" | "$" | "#" | ":" | "+")
                || (matches!(self.sign(at - 1), "-" | "=") && !self.opens(at - 1)));
        if glued {
            return None;
        }
        if first_len == 8 {
            let whole = date(first / 10_000, first / 100 % 100, first % 100)?;
            let fits = (1970..2100).contains(&whole.year()) && !self.touches(at + 1)
                || self.sign(at + 1) == "."
                || self.sign(at + 1) == "-" && !self.touches(at + 2);
            return if fits { Some((at + 1, Dated::day(whole)?)) } else { None };
        }
        let sign = self.sign(at + 1);
        if !matches!(sign, "-" | "/" | ".") || !self.touches(at + 1) {
            return None;
        }
        let second = self.number(at + 2).filter(|_| self.touches(at + 2))?;
        let second_len = self.token(at + 2)?.text.len();
        let more = self.sign(at + 3) == sign && self.touches(at + 3);
        let third = self.number(at + 4).filter(|_| more && self.touches(at + 4));
        if let Some(third) = third {
            let third_len = self.token(at + 4)?.text.len();
            let goes_on = self.touches(at + 5)
                && matches!(self.sign(at + 5), "." | "/" | "-" | "_")
                && self.touches(at + 6)
                && self.token(at + 6).is_some_and(|t| t.kind != Kind::Sign);
            let worded = self.touches(at + 5)
                && self.token(at + 5).is_some_and(|t| t.kind == Kind::Word && t.text != "t");
            if goes_on || worded || second_len > 2 {
                return None;
            }
            let next = at + 5;
            if first_len == 4 && third_len <= 2 {
                return Some((next, Dated::day(date(first, second, third)?)?));
            }
            if !matches!(third_len, 2 | 4) || first_len > 2 {
                return None;
            }
            let year = full_year(third).filter(|year| (1900..2200).contains(year))?;
            let (day, month) = self.day_and_month(first, second, sign);
            // "5.1.2" and "1.2.10" are versions: with stops a two-digit year needs a day before it.
            if sign == "." && third_len == 2 && (first_len < 2 || second_len < 2) {
                return None;
            }
            let found = date(year, month, day).or_else(|| date(year, day, month))?;
            return Some((next, Dated::day(found)?));
        }
        if self.touches(at + 3)
            && (self.token(at + 3).is_some_and(|t| t.kind == Kind::Word)
                || matches!(self.sign(at + 3), "/" | "_" | "%")
                || (self.sign(at + 3) == "-" && self.touches(at + 4)))
        {
            return None;
        }
        if let Some(found) = self.year_and_month(at, first, second, sign) {
            return Some((at + 3, found));
        }
        if first_len > 2 || second_len > 2 {
            return None;
        }
        self.day_of_two(at, first, second, sign)
    }

    /// "2026-11", "11/2026", "12-2015".
    fn year_and_month(&self, at: usize, first: i64, second: i64, sign: &str) -> Option<Dated> {
        let (first_len, second_len) = (self.token(at)?.text.len(), self.token(at + 2)?.text.len());
        let (year, month) = match (first_len, second_len) {
            (4, 2) => (first, second),
            (1 | 2, 4) => (second, first),
            _ => return None,
        };
        let stopped = sign == "." && first_len == 4;
        ((1900..2200).contains(&year) && !stopped)
            .then(|| Dated::unit(date(year, month, 1)?, Unit::Month))
            .flatten()
    }

    /// "11/27", "27.11.", "Friday 7-6": two numbers that only their surroundings make a date.
    fn day_of_two(&self, at: usize, first: i64, second: i64, sign: &str) -> Option<(usize, Dated)> {
        let before = if at > 0 { self.word(at - 1) } else { "" };
        let after_weekday = self.after_weekday(at);
        let introduced = after_weekday
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
                    | "to"
                    | "through"
                    | "ab"
                    | "seit"
                    | "van"
                    | "tot"
                    | "au"
                    | "du"
                    | "al"
                    | "dal"
            );
        let dotted = sign == "." && self.sign(at + 3) == "." && self.touches(at + 3);
        if sign == "." {
            // "12.11." or "am 12.11": a stop behind or a preposition before; else it is a decimal.
            let european = matches!(before, "am" | "bis" | "vom" | "zum" | "op" | "ab" | "seit")
                && !self.is_language("en");
            let ends = self.token(at + 3).is_none_or(|token| token.kind == Kind::Sign && token.text != "%");
            let on =
                before == "on" && ends && first <= 31 && second >= 1 && self.token(at + 2)?.text.len() == 2;
            if !(dotted && !self.is_language("en") || european || after_weekday || on)
                || self.number(at + 4).is_some_and(|_| dotted && self.touches(at + 4))
            {
                return None;
            }
        }
        if sign == "-" && !after_weekday {
            return None;
        }
        if (first, second) == (24, 7) || self.sign(at + 3) == "%" || self.entry(at + 3).unit.is_some() {
            return None;
        }
        let (day, month) = self.day_and_month(first, second, sign);
        let fits = |month: i64, day: i64| (1..=12).contains(&month) && (1..=31).contains(&day);
        let (month, day) = if fits(month, day) { (month, day) } else { (day, month) };
        let sure = introduced || first > 12 || second > 12 || self.len() == 3 || self.is_time_behind(at + 3);
        if !fits(month, day) || !sure {
            return None;
        }
        Some((at + 3 + usize::from(dotted), Dated::year_day(month, day)?))
    }

    fn is_time_behind(&self, at: usize) -> bool {
        let skip = at + usize::from(matches!(self.word(at), "at") || matches!(self.sign(at), "," | "@"));
        self.number(skip).is_some() && self.clock(at, false).is_some() || self.word(at) == "between"
    }

    /// Day and month of two numbers, by the rule of the reference (see the module).
    fn day_and_month(&self, first: i64, second: i64, sign: &str) -> (i64, i64) {
        let month_first = self.month_first && (sign != "." || self.is_language("en"));
        if month_first && first <= 12 { (second, first) } else { (first, second) }
    }

    fn after_weekday(&self, at: usize) -> bool {
        let back = if at > 0 && matches!(self.sign(at - 1), "," | "(" | ".") { 2 } else { 1 };
        at.checked_sub(back).is_some_and(|place| self.entry(place).weekday.is_some())
    }

    /// A sign that only sets apart: nothing stands glued before it.
    fn opens(&self, at: usize) -> bool {
        at == 0
            || !self.touches(at)
            || self.token(at - 1).is_some_and(|t| t.kind == Kind::Sign || t.entry.month.is_some())
            || self.is_file_name(at)
    }

    /// "report-20170302": eight figures behind a dash are a date in a file name.
    fn is_file_name(&self, at: usize) -> bool {
        self.token(at + 1).is_some_and(|token| token.text.len() == 8)
            && self.token(at - 1).is_some_and(|t| t.kind == Kind::Word)
    }
}
