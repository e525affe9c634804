//! Parts of a stretch of time: "the end of the month", "early March", "the first Monday of October",
//! "the second last week of 2018", "the Monday closest to 5 October".

use super::Parser;
use super::convention::Parts;
use super::dated::{Dated, Near, Rank};
use super::reckon::{add, first_of, midnight};
use super::series::{Series, Slot};
use super::words::{Hours, Turn, Unit};
use crate::reading::Grain;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Start,
    Middle,
    End,
    Rest,
}

impl Parser<'_> {
    /// "end of the month", "beginning of 2017", "mid January", "early March", "later this week",
    /// "rest of the week", "Ende November", "fin de mes", "EOM".
    pub(super) fn part_of_stretch(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(self.word(at) == "the");
        if let Some(unit) = match self.word(the) {
            "eow" => Some(Unit::Week),
            "eom" => Some(Unit::Month),
            "eoq" => Some(Unit::Quarter),
            "eoy" => Some(Unit::Year),
            _ => None,
        } {
            let whole = Dated::unit(first_of(self.today(), unit)?, unit)?;
            return Some((the + 1, Dated { is_cut: true, ..self.cut(Part::End, &whole)? }));
        }
        let (part, bare) = self.part_word(the)?;
        let mut next = the + 1;
        let mut of = false;
        while matches!(
            self.word(next),
            "of" | "de" | "del" | "der" | "des" | "di" | "du" | "van" | "do" | "around" | "d'"
        ) || (bare && self.word(next) == "in")
            || (part == Part::Middle && self.sign(next) == "-")
        {
            of = true;
            next += 1;
            if next > the + 4 {
                return None;
            }
        }
        if !bare && !of && self.entry(next).unit.is_none() && self.entry(next).month.is_none() {
            return None;
        }
        let (after, whole) = self.nested(|parser| parser.stretch_whole(next))?;
        let of_unit = self.word(the) == "end" && whole.series.is_fixed() && self.entry(next).unit.is_some();
        if !(bare || of || of_unit || self.entry(next).month.is_some()) {
            return None;
        }
        let whole_slot = self.pick(&whole)?;
        if whole_slot.start > self.reference && matches!(self.word(the), "later") && whole.rank <= Rank::Day {
            return None;
        }
        let found = self.cut(part, &whole)?;
        if self.word(the) == "later"
            && let Series::Once(slot) = &found.series
        {
            // What is later this month has not begun.
            let start = slot.start.max(self.midnight_of_today());
            return Some((after, Dated::once(Slot { start, ..*slot }, found.rank)));
        }
        Some((after, Dated { is_cut: true, ..found }))
    }

    /// The part a word names, and whether it needs no "of" behind it.
    fn part_word(&self, at: usize) -> Option<(Part, bool)> {
        Some(match self.word(at) {
            "late" | "later" => (Part::End, true),
            "early" | "earlier" => (Part::Start, true),
            "mid" | "mitte" | "mi" => (Part::Middle, true),
            "ende" | "eind" | "anfang" | "begin" | "debut" | "fin" if !self.is_language("en") => {
                (if matches!(self.word(at), "ende" | "eind" | "fin") { Part::End } else { Part::Start }, true)
            }
            "end" | "final" | "finales" | "fine" | "fim" | "finals" | "close" => (Part::End, false),
            "beginning" | "start" | "principios" | "inizio" | "inicio" => (Part::Start, false),
            "middle" | "mediados" | "meta" | "medio" | "meados" => (Part::Middle, false),
            "rest" | "remainder" if self.word(at + 1) == "of" => (Part::Rest, false),
            _ => return None,
        })
    }

    /// What a part is taken of.
    fn stretch_whole(&self, at: usize) -> Option<(usize, Dated)> {
        let around = at + usize::from(self.word(at) == "around");
        self.turned(around)
            .or_else(|| self.turned(around + usize::from(self.word(around) == "the")))
            .or_else(|| self.whole_unit(around))
            .or_else(|| self.quarter(around))
            .or_else(|| self.year_of_stretch(around))
            .or_else(|| self.month_form(around).filter(|(_, dated)| dated.rank == Rank::Month))
            .or_else(|| {
                let month = self.entry(around).month?;
                Some((around + 1, Dated::new(Series::Month(month), Rank::Month, Near::Coming)))
            })
    }

    fn year_of_stretch(&self, at: usize) -> Option<(usize, Dated)> {
        self.year(at).filter(|(_, dated)| dated.rank == Rank::Year)
    }

    /// A part of a stretch.
    ///
    /// # Source
    /// The thirds of duckling's English rules (days 1 to 10, 11 to 20 and the rest; the first three
    /// months of a year); halves as Recognizers-Text has them.
    fn cut(&self, part: Part, whole: &Dated) -> Option<Dated> {
        let slot = self.pick(whole)?;
        let (from, to) = (slot.start.date(), slot.end.date());
        let day = |days: i64| add(from, days, Unit::Day);
        let month = |months: i64| add(from, months, Unit::Month);
        let halves = self.convention.parts == Parts::Halves;
        let (start, end, grain) = match (part, whole.rank) {
            (_, Rank::Moment | Rank::Day) => return None,
            (Part::Rest, _) => (self.today().max(from), to, Grain::Day),
            (Part::Start, Rank::Week) => (from, day(3)?, Grain::Day),
            (Part::Middle, Rank::Week) => (day(2)?, day(4)?, Grain::Day),
            (Part::End, Rank::Week) => (day(if halves { 3 } else { 4 })?, to, Grain::Day),
            (Part::Start, Rank::Month) => (from, day(if halves { 15 } else { 10 })?, Grain::Day),
            (Part::Middle, Rank::Month) => (day(10)?, day(20)?, Grain::Day),
            (Part::End, Rank::Month) => (day(if halves { 15 } else { 20 })?, to, Grain::Day),
            (Part::Start, Rank::Year) => (from, month(if halves { 6 } else { 3 })?, Grain::Month),
            (Part::Middle, Rank::Year) => (month(4)?, month(8)?, Grain::Month),
            (Part::End, Rank::Year) => (month(if halves { 6 } else { 8 })?, to, Grain::Month),
            (Part::Start, Rank::Quarter) => (from, month(1)?, Grain::Month),
            (Part::Middle, Rank::Quarter) => (month(1)?, month(2)?, Grain::Month),
            (Part::End, Rank::Quarter) => (add(to, -1, Unit::Month)?, to, Grain::Month),
        };
        Some(Dated::once(Slot::days(start, end, grain), whole.rank))
    }

    /// "third day of October", "first Monday of this month", "last Friday in October", "second last
    /// week of October 2018", "the first Tuesday after Easter", "the closest Monday to Oct 5th".
    pub(super) fn nth(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(self.word(at) == "the");
        let (mut next, mut count) = match self.ordinal(the) {
            Some(found) => found,
            None if matches!(self.word(the), "last" | "final") => (the + 1, -1),
            None if self.word(the) == "closest" => (the, 1),
            None => return None,
        };
        if self.word(next) == "closest" {
            return self.nested(|parser| parser.closest(next + 1, count));
        }
        if let Some(found) = self.run_of_nth(next, count) {
            return Some(found);
        }
        if self.word(next) == "last" && count > 0 {
            count = -count;
            next += 1;
        }
        let (after, series, rank) = self.kind_of_nth(next)?;
        let place = after + 1;
        match self.word(after) {
            "of" | "in" | "from" | "de" | "im" | "du" | "del" => {
                let whole = self.nested(|parser| parser.whole_of_nth(place))?;
                if whole.1.rank <= rank || whole.1.rank < Rank::Week {
                    return None;
                }
                let series = Series::Nth(count, Box::new(series), Box::new(whole.1.series.clone()));
                Some((
                    whole.0,
                    Dated::new(
                        series,
                        rank,
                        if whole.1.series.is_fixed() { Near::Coming } else { whole.1.near },
                    ),
                ))
            }
            "after" if count > 0 => {
                let (end, base) = self.nested(|parser| parser.date_words(place))?;
                let mut slot = series.coming(self.pick(&base)?.end)?;
                for _ in 1..count.min(100) {
                    slot = series.coming(slot.end)?;
                }
                Some((end, Dated::once(slot, rank)))
            }
            // "first week October": only with a month right behind it.
            _ => {
                let (end, whole) = self
                    .month_form(after)
                    .filter(|(_, dated)| dated.rank == Rank::Month && rank < Rank::Month)?;
                let series = Series::Nth(count, Box::new(series), Box::new(whole.series));
                Some((end, Dated::new(series, rank, Near::Coming)))
            }
        }
    }

    /// "the last three weeks of this year", "first ten days of October".
    fn run_of_nth(&self, at: usize, count: i64) -> Option<(usize, Dated)> {
        let (next, many) = self.whole(at).filter(|(_, many)| (2..400).contains(many) && count.abs() == 1)?;
        let (after, unit) = self.unit_at(next).filter(|(_, unit)| *unit >= Unit::Day)?;
        if !matches!(self.word(after), "of" | "in") {
            return None;
        }
        let (end, whole) = self
            .nested(|parser| parser.whole_of_nth(after + 1))
            .filter(|(_, whole)| whole.rank > super::dated::rank_of(unit))?;
        let whole = self.pick(&whole)?;
        let (start, stop) = if count > 0 {
            let start = first_of(whole.start.date(), unit)?;
            (start, add(start, many, unit)?)
        } else {
            let stop = first_of(whole.end.date(), unit)?;
            (add(stop, -many, unit)?, stop)
        };
        let grain = super::reckon::grain_of(unit);
        Some((end, Dated::once(Slot::days(start, stop, grain), Rank::Week)))
    }

    /// "first Monday evening of next month".
    pub(super) fn nth_part(&self, at: usize) -> Option<(usize, Dated, Hours)> {
        let the = at + usize::from(self.word(at) == "the");
        let (next, count) =
            self.ordinal(the).or_else(|| (self.word(the) == "last").then_some((the + 1, -1)))?;
        let day = self.entry(next).weekday?;
        let hours = self.entry(next + 1).part?;
        if !matches!(self.word(next + 2), "of" | "in") {
            return None;
        }
        let (after, whole) = self
            .nested(|parser| parser.whole_of_nth(next + 3))
            .filter(|(_, whole)| whole.rank >= Rank::Month)?;
        let series = Series::Nth(count, Box::new(Series::Weekday(day)), Box::new(whole.series));
        Some((after, Dated::new(series, Rank::Day, Near::Coming), self.hours(hours)))
    }

    /// What can be counted within a stretch.
    fn kind_of_nth(&self, at: usize) -> Option<(usize, Series, Rank)> {
        if let Some(next) = self.weekend_word(at) {
            return Some((next, self.weekend_series(), Rank::Day));
        }
        let entry = self.entry(at);
        if let Some(day) = entry.weekday {
            return Some((at + 1, Series::Weekday(day), Rank::Day));
        }
        if let Some((next, unit)) = self.unit_at(at)
            && matches!(unit, Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::WorkingDay)
            && !matches!(self.word(at), "night" | "nights")
        {
            let unit = if unit == Unit::WorkingDay { Unit::Day } else { unit };
            return Some((next, Series::Unit(unit), super::dated::rank_of(unit)));
        }
        let (next, feast) = self.feast_series(at)?;
        Some((next, feast, Rank::Day))
    }

    /// "October 2014", "this month", "the month", "next year", "2016".
    fn whole_of_nth(&self, at: usize) -> Option<(usize, Dated)> {
        self.turned(at)
            .or_else(|| self.turned(at + usize::from(self.word(at) == "the")))
            .or_else(|| self.whole_unit(at))
            .or_else(|| self.month_form(at).filter(|(_, dated)| dated.rank == Rank::Month))
            .or_else(|| self.quarter(at))
            .or_else(|| self.year(at))
            .or_else(|| {
                let month = self.entry(at).month?;
                Some((at + 1, Dated::new(Series::Month(month), Rank::Month, Near::Coming)))
            })
    }

    /// "closest Monday to Oct 5th": before or after, the nearest first.
    fn closest(&self, at: usize, count: i64) -> Option<(usize, Dated)> {
        let (after, series, rank) = self.kind_of_nth(at)?;
        if self.word(after) != "to" {
            return None;
        }
        let (end, base) = self.date_words(after + 1)?;
        let base = self.pick(&base)?;
        let mut later = series.coming(base.start)?;
        let mut earlier = series.latest(base.start)?;
        let mut found = later;
        for _ in 0..count.min(50) {
            let ahead = base
                .start
                .until(later.start)
                .ok()?
                .total(jiff::SpanTotal::from(jiff::Unit::Hour).days_are_24_hours())
                .ok()?;
            let back = earlier
                .start
                .until(base.start)
                .ok()?
                .total(jiff::SpanTotal::from(jiff::Unit::Hour).days_are_24_hours())
                .ok()?;
            if ahead <= back {
                found = later;
                later = series.coming(later.end)?;
            } else {
                found = earlier;
                earlier = series.latest(earlier.start)?;
            }
        }
        Some((end, Dated::once(found, rank)))
    }

    /// "last Thanksgiving", "this summer", "next winter", "the holidays" by name.
    pub(super) fn turn_before(&self, at: usize) -> (usize, Option<Turn>) {
        match self.entry(at).turn {
            Some(Turn::This) => match self.entry(at + 1).turn {
                Some(turn) => (at + 2, Some(turn)),
                None => (at + 1, Some(Turn::This)),
            },
            Some(turn) => (at + 1, Some(turn)),
            None => (at, None),
        }
    }

    pub(super) fn midnight_of_today(&self) -> jiff::civil::DateTime {
        midnight(self.today())
    }
}
