//! Days, weeks, months as a phrase names them, and how two namings make one: "Monday" and "next
//! week", "Friday" and "27 November", "March" and "in a year".

use jiff::civil::{Date, DateTime};

use super::Parser;
use super::convention::{Counted, Weekdays};
use super::reckon::{add, date, first_of, midnight};
use super::series::{Series, Slot};
use super::words::Unit;

/// How coarse a naming is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Moment,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Which of the series is meant where nothing more is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// The one that runs or the coming one.
    Coming,
    /// The one of this year.
    ThisYear,
    /// The coming one, not today's.
    AfterToday,
    /// The coming one, or one that is not long past.
    Recent,
}

/// A naming of days.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    pub(super) series: Series,
    pub(super) rank: Rank,
    pub(super) near: Near,
    /// Counted from the reference: "in two weeks", "a year ago"; the unit it is counted in.
    pub(super) shift: Option<Unit>,
    /// Whether it is a part of a stretch: "the end of June".
    pub(super) is_cut: bool,
}

impl Dated {
    pub(super) fn new(series: Series, rank: Rank, near: Near) -> Self {
        Self { series, rank, near, shift: None, is_cut: false }
    }

    pub(super) fn once(slot: Slot, rank: Rank) -> Self {
        Self::new(Series::Once(slot), rank, Near::Coming)
    }

    pub(super) fn day(day: Date) -> Option<Self> {
        Some(Self::once(Slot::day(day)?, Rank::Day))
    }

    pub(super) fn unit(start: Date, unit: Unit) -> Option<Self> {
        Some(Self::once(Slot::unit(start, unit)?, rank_of(unit)))
    }

    /// A day of any year; `None` where no year has it.
    pub(super) fn year_day(month: i64, day: i64) -> Option<Self> {
        date(2024, month, day)?;
        let series = Series::YearDay(i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Some(Self::new(series, Rank::Day, Near::Recent))
    }
}

pub(super) fn rank_of(unit: Unit) -> Rank {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Rank::Moment,
        Unit::Day | Unit::WorkingDay => Rank::Day,
        Unit::Week | Unit::Fortnight => Rank::Week,
        Unit::Month => Rank::Month,
        Unit::Quarter => Rank::Quarter,
        Unit::Year | Unit::Decade => Rank::Year,
    }
}

impl Parser<'_> {
    /// Two namings as one, where they can be: the finer within the coarser.
    pub(super) fn combine(&self, one: &Dated, other: &Dated) -> Option<Dated> {
        if one.rank == Rank::Moment || other.rank == Rank::Moment {
            return None;
        }
        if let Some(found) = self.shifted(one, other).or_else(|| self.shifted(other, one)) {
            return Some(found);
        }
        if one.rank == other.rank {
            return if one.rank == Rank::Day { self.same_day(one, other) } else { None };
        }
        let (fine, coarse) = if one.rank < other.rank { (one, other) } else { (other, one) };
        if fine.series.is_fixed() || coarse.rank == Rank::Quarter {
            return None;
        }
        // A weekday of any March is the first of it only where that is said.
        if !coarse.series.is_fixed() && coarse.rank >= Rank::Month {
            return None;
        }
        let series = fine.series.clone().within(coarse.series.clone());
        series.coming(self.reference)?;
        Some(Dated::new(series, fine.rank, Near::Coming))
    }

    /// "Thanksgiving in a year", "Monday in two weeks": the one after the moment counted to.
    fn shifted(&self, named: &Dated, counted: &Dated) -> Option<Dated> {
        let unit = counted.shift?;
        if named.series.is_fixed() || named.shift.is_some() {
            return None;
        }
        let moment = counted.series.coming(self.reference)?.start;
        let counts_years =
            matches!(unit, Unit::Year | Unit::Decade) && self.convention.counted != Counted::UnitBelow;
        if let Some(slot) = named.series.in_year(i64::from(moment.year())).filter(|_| counts_years) {
            return Some(Dated::once(slot, named.rank));
        }
        let from = match unit {
            Unit::Year | Unit::Decade => first_of(moment.date(), Unit::Month)?,
            Unit::Week | Unit::Fortnight if named.rank == Rank::Day => first_of(moment.date(), Unit::Week)?,
            Unit::Second
            | Unit::Minute
            | Unit::Hour
            | Unit::Day
            | Unit::WorkingDay
            | Unit::Week
            | Unit::Fortnight
            | Unit::Month
            | Unit::Quarter => moment.date(),
        };
        Some(Dated::once(named.series.coming(midnight(from))?, named.rank))
    }

    /// A weekday and a date: the date, in the year in which it falls on that weekday, if that is near.
    fn same_day(&self, one: &Dated, other: &Dated) -> Option<Dated> {
        let (weekday, dated) = match (&one.series, &other.series) {
            (Series::Weekday(day), _) => (*day, other),
            (_, Series::Weekday(day)) => (*day, one),
            // "Friday" of a turn ("this Friday") is fixed: the date decides.
            (Series::Once(slot), Series::YearDay(..) | Series::MonthDay(_))
            | (Series::YearDay(..) | Series::MonthDay(_), Series::Once(slot)) => {
                let dated = if one.series.is_fixed() { other } else { one };
                let near = add(slot.start.date(), -6, Unit::Day)?;
                let found = dated.series.coming(midnight(near)).filter(|found| found.start == slot.start);
                let around = midnight(add(slot.start.date(), -180, Unit::Day)?);
                return Some(Dated::once(found.or_else(|| dated.series.coming(around))?, Rank::Day));
            }
            _ => return None,
        };
        if matches!(dated.series, Series::Weekday(_)) {
            return None;
        }
        if dated.series.is_fixed() {
            let slot = dated.series.coming(self.reference)?;
            // "tomorrow, Friday" is one day; another weekday is another day.
            return (slot.start.date().weekday() == weekday).then(|| dated.clone());
        }
        let years: i64 = if matches!(dated.series, Series::MonthDay(_)) { 1 } else { 2 };
        let near = self.pick(dated)?;
        if near.start.date().weekday() == weekday {
            return Some(Dated::once(near, Rank::Day));
        }
        // A numbered weekday that is only just past is meant before one that is months away.
        if years == 1 {
            let soon = midnight(add(self.today(), 100, Unit::Day)?);
            let back = midnight(add(self.today(), -60, Unit::Day)?);
            let weekday = Series::Weekday(weekday).within(dated.series.clone());
            let past = weekday.latest(near.start).filter(|past| past.start >= back);
            if weekday.coming(near.start).is_none_or(|coming| coming.start > soon) && past.is_some() {
                return Some(Dated::once(past?, Rank::Day));
            }
        }
        let until = midnight(add(self.today(), years, Unit::Year)?);
        let mut next = near;
        for _ in 0..12 {
            next = dated.series.coming(next.end)?;
            if next.start > until {
                break;
            }
            if next.start.date().weekday() == weekday {
                return Some(Dated::once(next, Rank::Day));
            }
        }
        let past = dated.series.latest(near.start)?;
        let fits = past.start.date().weekday() == weekday;
        Some(Dated::once(if fits { past } else { near }, Rank::Day))
    }

    /// The stretch a naming stands for where nothing more is said.
    pub(super) fn pick(&self, dated: &Dated) -> Option<Slot> {
        let today = midnight(self.today());
        match dated.near {
            Near::Coming => {
                dated.series.coming(if dated.rank == Rank::Moment { self.reference } else { today })
            }
            Near::ThisYear => dated.series.in_year(i64::from(self.today().year())),
            Near::AfterToday if self.convention.weekdays == Weekdays::OfTheWeek => dated.series.coming(today),
            Near::AfterToday => dated.series.coming(midnight(self.today().tomorrow().ok()?)),
            Near::Recent => {
                let back = midnight(add(self.today(), -self.convention.days_back, Unit::Day)?);
                let coming = dated.series.coming(today)?;
                let recent = dated.series.coming(back)?;
                Some(if recent.end <= today { recent } else { coming })
            }
        }
    }

    /// The stretch that begins after a moment, or of a fixed naming the one it stands for.
    pub(super) fn pick_after(&self, dated: &Dated, after: DateTime) -> Option<Slot> {
        dated.series.coming(after)
    }

    /// The last stretch that begins before a moment.
    pub(super) fn pick_before(&self, dated: &Dated, before: DateTime) -> Option<Slot> {
        dated.series.latest(before)
    }
}
