//! What recurs: a name such as "Friday", "October" or "the first Monday of the month" stands for a
//! series of stretches of time; a phrase picks one of them.
//!
//! Two questions are asked of a series: the first stretch that ends after a moment, and the last one
//! that begins before it. A series within another ("Monday" of "next week") answers them by going
//! through the coarser one. Every search is bounded, since "31 February" never comes.

use jiff::civil::{Date, DateTime, Weekday};

use super::feast::Feast;
use super::reckon::{add, date, first_of, grain_of, midnight, on_or_after, week_of_year};
use super::words::Unit;
use crate::reading::Grain;

/// How many stretches of the coarser series are gone through.
///
/// # Source
/// A weekday on 29 February recurs within 40 years, ten leap years.
const TRIES: usize = 48;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) start: DateTime,
    /// Exclusive.
    pub(super) end: DateTime,
    pub(super) grain: Grain,
    /// Whether it is one unit of its grain, so that its end need not be told.
    pub(super) one: bool,
}

impl Slot {
    pub(super) fn unit(start: Date, unit: Unit) -> Option<Self> {
        let end = if unit == Unit::WorkingDay { start.tomorrow().ok()? } else { add(start, 1, unit)? };
        let one = !matches!(unit, Unit::Fortnight | Unit::Decade);
        Some(Self { start: midnight(start), end: midnight(end), grain: grain_of(unit), one })
    }

    pub(super) fn day(start: Date) -> Option<Self> {
        Self::unit(start, Unit::Day)
    }

    /// Whole days from `start` to before `end`.
    pub(super) fn days(start: Date, end: Date, grain: Grain) -> Self {
        Self { start: midnight(start), end: midnight(end), grain, one: false }
    }

    pub(super) fn span(start: DateTime, end: DateTime, grain: Grain) -> Self {
        Self { start, end, grain, one: false }
    }

    /// A moment, at its grain.
    pub(super) fn moment(start: DateTime, grain: Grain) -> Option<Self> {
        let length = match grain {
            Grain::Hour => jiff::ToSpan::hours(1),
            Grain::Minute | Grain::DayPart => jiff::ToSpan::minutes(1),
            Grain::Day | Grain::Week => jiff::ToSpan::days(1),
            Grain::Month | Grain::Quarter => jiff::ToSpan::months(1),
            Grain::Year => jiff::ToSpan::years(1),
        };
        Some(Self { start, end: start.checked_add(length).ok()?, grain, one: true })
    }
}

/// Stretches of time that recur, or one that does not.
#[derive(Clone, Debug)]
pub(super) enum Series {
    Once(Slot),
    Month(i8),
    /// Month and day.
    YearDay(i8, i8),
    /// Day of the month.
    MonthDay(i8),
    Weekday(Weekday),
    Quarter(i8),
    Half(i8),
    /// Week of the year.
    Week(i8),
    /// From Saturday, or from Friday 18:00.
    Weekend {
        from_friday: bool,
    },
    /// From the month and day to the other.
    Season((i8, i8), (i8, i8)),
    Feast(Feast),
    Unit(Unit),
    /// The first of the first series within each of the second.
    Within(Box<Series>, Box<Series>),
    /// The nth of the second within each of the third; -1 is the last.
    Nth(i64, Box<Series>, Box<Series>),
}

impl Series {
    pub(super) fn within(self, whole: Self) -> Self {
        Self::Within(Box::new(self), Box::new(whole))
    }

    /// Whether it stands for one stretch only.
    pub(super) fn is_fixed(&self) -> bool {
        match self {
            Self::Once(_) => true,
            Self::Within(part, whole) | Self::Nth(_, part, whole) => whole.is_fixed() || part.is_fixed(),
            Self::Month(_)
            | Self::YearDay(..)
            | Self::MonthDay(_)
            | Self::Weekday(_)
            | Self::Quarter(_)
            | Self::Half(_)
            | Self::Week(_)
            | Self::Weekend { .. }
            | Self::Season(..)
            | Self::Feast(_)
            | Self::Unit(_) => false,
        }
    }

    /// The first stretch that ends after `from`; of a fixed series the one it stands for.
    pub(super) fn coming(&self, from: DateTime) -> Option<Slot> {
        match self {
            Self::Once(slot) => Some(*slot),
            Self::Within(part, whole) => {
                let mut outer = whole.coming(from)?;
                for _ in 0..TRIES {
                    let start = if whole.is_fixed() { outer.start } else { outer.start.max(from) };
                    let found =
                        part.coming(start).filter(|slot| slot.start >= outer.start && slot.start < outer.end);
                    if found.is_some() || whole.is_fixed() {
                        return found;
                    }
                    outer = whole.coming(outer.end)?;
                }
                None
            }
            Self::Nth(count, part, whole) => {
                let mut outer = whole.coming(from)?;
                for _ in 0..TRIES {
                    let found = nth(*count, part, outer);
                    if whole.is_fixed() || found.is_some_and(|slot| slot.end > from) {
                        return found;
                    }
                    outer = whole.coming(outer.end)?;
                }
                None
            }
            Self::MonthDay(day) => {
                (0..14).filter_map(|shift| month_day(from.date(), shift, *day)).find(|slot| slot.end > from)
            }
            Self::Weekday(day) => Slot::day(on_or_after(from.date(), *day)?),
            Self::Weekend { from_friday } => [0, 7]
                .into_iter()
                .filter_map(|shift| weekend(from.date(), shift, *from_friday))
                .find(|slot| slot.end > from),
            Self::Unit(unit) => {
                let start = first_of(from.date(), *unit)?;
                Slot::unit(start, *unit)
            }
            Self::Month(_)
            | Self::YearDay(..)
            | Self::Quarter(_)
            | Self::Half(_)
            | Self::Week(_)
            | Self::Season(..)
            | Self::Feast(_) => {
                let year = i64::from(from.year());
                (year - 1..=year + 9).filter_map(|year| self.in_year(year)).find(|slot| slot.end > from)
            }
        }
    }

    /// The last stretch that begins before `to`; of a fixed series the one it stands for.
    pub(super) fn latest(&self, to: DateTime) -> Option<Slot> {
        match self {
            Self::Once(slot) => Some(*slot),
            Self::Within(part, whole) => {
                let mut outer = whole.latest(to)?;
                for _ in 0..TRIES {
                    if whole.is_fixed() {
                        return part.coming(outer.start).filter(|slot| slot.start < outer.end);
                    }
                    let found = part.latest(to.min(outer.end)).filter(|slot| slot.start >= outer.start);
                    if found.is_some() {
                        return found;
                    }
                    outer = whole.latest(outer.start)?;
                }
                None
            }
            Self::Nth(count, part, whole) => {
                let mut outer = whole.latest(to)?;
                for _ in 0..TRIES {
                    let found = nth(*count, part, outer);
                    if whole.is_fixed() || found.is_some_and(|slot| slot.start < to) {
                        return found;
                    }
                    outer = whole.latest(outer.start)?;
                }
                None
            }
            Self::MonthDay(day) => {
                (0..14).filter_map(|back| month_day(to.date(), -back, *day)).find(|slot| slot.start < to)
            }
            Self::Weekday(day) => {
                let this = on_or_after(add(to.date(), -6, Unit::Day)?, *day)?;
                let slot = Slot::day(this)?;
                if slot.start < to { Some(slot) } else { Slot::day(add(this, -7, Unit::Day)?) }
            }
            Self::Weekend { from_friday } => [0, -7]
                .into_iter()
                .filter_map(|shift| weekend(to.date(), shift, *from_friday))
                .find(|slot| slot.start < to),
            Self::Unit(unit) => {
                let slot = Slot::unit(first_of(to.date(), *unit)?, *unit)?;
                if slot.start < to {
                    Some(slot)
                } else {
                    Slot::unit(first_of(slot.start.date().yesterday().ok()?, *unit)?, *unit)
                }
            }
            Self::Month(_)
            | Self::YearDay(..)
            | Self::Quarter(_)
            | Self::Half(_)
            | Self::Week(_)
            | Self::Season(..)
            | Self::Feast(_) => {
                let year = i64::from(to.year());
                (0..10).filter_map(|back| self.in_year(year + 1 - back)).find(|slot| slot.start < to)
            }
        }
    }

    /// The stretch of a yearly series in `year`.
    pub(super) fn in_year(&self, year: i64) -> Option<Slot> {
        match self {
            Self::Month(month) => Slot::unit(date(year, i64::from(*month), 1)?, Unit::Month),
            Self::YearDay(month, day) => Slot::day(date(year, i64::from(*month), i64::from(*day))?),
            Self::Quarter(number) => Slot::unit(date(year, 3 * i64::from(*number) - 2, 1)?, Unit::Quarter),
            Self::Half(number) => {
                let start = date(year, 6 * i64::from(*number) - 5, 1)?;
                Some(Slot::days(start, add(start, 6, Unit::Month)?, Grain::Quarter))
            }
            Self::Week(number) => Slot::unit(week_of_year(year, i64::from(*number))?, Unit::Week),
            Self::Season((month, day), (to_month, to_day)) => {
                let start = date(year, i64::from(*month), i64::from(*day))?;
                let end_year = if to_month < month { year + 1 } else { year };
                let end = date(end_year, i64::from(*to_month), i64::from(*to_day))?;
                Some(Slot::days(start, end, Grain::Day))
            }
            Self::Feast(feast) => feast.in_year(year),
            Self::Once(_)
            | Self::MonthDay(_)
            | Self::Weekday(_)
            | Self::Weekend { .. }
            | Self::Unit(_)
            | Self::Within(..)
            | Self::Nth(..) => None,
        }
    }
}

fn nth(count: i64, part: &Series, whole: Slot) -> Option<Slot> {
    if count > 0 {
        let first = |from: DateTime| {
            let slot = part.coming(from)?;
            // A week belongs to the month that holds its Thursday.
            let belongs = if slot.grain == Grain::Week { middle(slot)? } else { slot.start };
            if belongs >= whole.start { Some(slot) } else { part.coming(slot.end) }
        };
        let mut slot = first(whole.start)?;
        for _ in 1..count.min(400) {
            slot = part.coming(slot.end)?;
        }
        return Some(slot).filter(|slot| slot.start < whole.end);
    }
    let mut slot = part.latest(whole.end)?;
    if slot.grain == Grain::Week && middle(slot)? >= whole.end {
        slot = part.latest(slot.start)?;
    }
    for _ in 1..(-count).min(400) {
        slot = part.latest(slot.start)?;
    }
    Some(slot).filter(|slot| slot.end > whole.start)
}

fn middle(week: Slot) -> Option<DateTime> {
    Some(midnight(add(week.start.date(), 3, Unit::Day)?))
}

fn month_day(from: Date, shift: i64, day: i8) -> Option<Slot> {
    let first = add(from.first_of_month(), shift, Unit::Month)?;
    Slot::day(Date::new(first.year(), first.month(), day).ok()?)
}

fn weekend(from: Date, shift: i64, from_friday: bool) -> Option<Slot> {
    let monday = add(first_of(from, Unit::Week)?, shift, Unit::Day)?;
    let end = midnight(add(monday, 7, Unit::Day)?);
    if from_friday {
        let friday = add(monday, 4, Unit::Day)?.at(18, 0, 0, 0);
        return Some(Slot::span(friday, end, Grain::Hour));
    }
    Some(Slot::days(add(monday, 5, Unit::Day)?, end.date(), Grain::Day))
}
