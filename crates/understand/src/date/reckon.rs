//! Reckoning with days: units added, the start of the unit a day lies in.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};

use super::words::Unit;
use crate::reading::Grain;

/// The most units that are counted: beyond lies no mail.
const MOST: i64 = 9_999;

/// `date` moved by `count` units; units below a day leave it.
pub(super) fn add(date: Date, count: i64, unit: Unit) -> Option<Date> {
    if unit == Unit::WorkingDay {
        return working_days(date, count);
    }
    let days = span(count, unit)?;
    if unit < Unit::Day { Some(date) } else { date.checked_add(days).ok() }
}

/// A length of `count` units; working days have none.
pub(super) fn span(count: i64, unit: Unit) -> Option<Span> {
    let months = |each: i64| i32::try_from(count * each).ok().map(|n| n.months());
    if count.abs() > MOST * 10 || (unit > Unit::Hour && count.abs() > MOST) {
        return None;
    }
    match unit {
        Unit::Second => Some(count.seconds()),
        Unit::Minute => Some(count.minutes()),
        Unit::Hour => Some(count.hours()),
        Unit::Day => Some(count.days()),
        Unit::WorkingDay => None,
        Unit::Week => Some((7 * count).days()),
        Unit::Fortnight => Some((14 * count).days()),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
        Unit::Decade => months(120),
    }
}

/// Monday to Friday, `count` of them on or back.
fn working_days(mut date: Date, count: i64) -> Option<Date> {
    for _ in 0..count.abs().min(400) {
        let step = |date: Date| if count > 0 { date.tomorrow() } else { date.yesterday() };
        date = step(date).ok()?;
        while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            date = step(date).ok()?;
        }
    }
    Some(date)
}

pub(super) fn monday_of(date: Date) -> Option<Date> {
    add(date, -i64::from(date.weekday().to_monday_zero_offset()), Unit::Day)
}

/// The first day of the unit `date` lies in.
pub(super) fn first_of(date: Date, unit: Unit) -> Option<Date> {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::WorkingDay => Some(date),
        Unit::Week | Unit::Fortnight => monday_of(date),
        Unit::Month => Some(date.first_of_month()),
        Unit::Quarter => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok(),
        Unit::Year => Some(date.first_of_year()),
        Unit::Decade => Date::new(date.year() / 10 * 10, 1, 1).ok(),
    }
}

/// The time cut off below `unit`.
pub(super) fn floor(at: DateTime, unit: Unit) -> Option<DateTime> {
    match unit {
        Unit::Second => Some(at.date().at(at.hour(), at.minute(), at.second(), 0)),
        Unit::Minute => Some(at.date().at(at.hour(), at.minute(), 0, 0)),
        Unit::Hour => Some(at.date().at(at.hour(), 0, 0, 0)),
        Unit::Day
        | Unit::WorkingDay
        | Unit::Week
        | Unit::Fortnight
        | Unit::Month
        | Unit::Quarter
        | Unit::Year
        | Unit::Decade => first_of(at.date(), unit).map(midnight),
    }
}

pub(super) fn midnight(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

pub(super) fn grain_of(unit: Unit) -> Grain {
    match unit {
        Unit::Second | Unit::Minute => Grain::Minute,
        Unit::Hour => Grain::Hour,
        Unit::Day | Unit::WorkingDay => Grain::Day,
        Unit::Week | Unit::Fortnight => Grain::Week,
        Unit::Month => Grain::Month,
        Unit::Quarter => Grain::Quarter,
        Unit::Year | Unit::Decade => Grain::Year,
    }
}

/// A date from numbers; `None` where there is no such day.
pub(super) fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Two digits are of this century up to 69, of the last one from 70 (as POSIX has it).
pub(super) fn full_year(year: i64) -> Option<i64> {
    match year {
        0..=69 => Some(2000 + year),
        70..=99 => Some(1900 + year),
        1000..=9999 => Some(year),
        _ => None,
    }
}

pub(super) fn on_or_after(from: Date, day: Weekday) -> Option<Date> {
    let ahead = (i64::from(day.to_monday_zero_offset()) - i64::from(from.weekday().to_monday_zero_offset()))
        .rem_euclid(7);
    add(from, ahead, Unit::Day)
}

/// The Monday of an ISO week.
pub(super) fn week_of_year(year: i64, week: i64) -> Option<Date> {
    add(monday_of(date(year, 1, 4)?)?, week - 1, Unit::Week)
}
