//! Feasts of the moon: the Jewish calendar by its arithmetic, Chinese New Year, Muslim and Hindu
//! feasts by the phases of the moon.
//!
//! Muslim and Hindu feasts are fixed by sighting or by tables of a place: what is told here may be off
//! by a day.

use jiff::civil::Date;

use super::reckon::{add, date};
use super::words::Unit;

/// A feast that follows the moon.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lunar {
    /// Days after 1 Tishri.
    Tishri(i64),
    /// Days after 15 Nisan.
    Nisan(i64),
    /// 15 Shevat.
    TuBishvat,
    /// 25 Kislev.
    Hanukkah,
    /// 9 Av, a day later where that is a Sabbath.
    TishaBav,
    /// The new moon between 21 January and 20 February, in China.
    ChineseNewYear,
    /// Month and day of the Muslim calendar.
    Muslim(i64, i64),
    /// The lunation counted from the one that begins with Diwali's new moon; the tithi that prevails at
    /// the hour; days after it.
    Autumn(i64, f64, f64, i64),
    /// The same, from the lunation in which Holi is.
    Spring(i64, f64, f64, i64),
    /// The full moon of May.
    Vesak,
    /// Every 365 days.
    Parsi,
}

impl Lunar {
    /// Whether its days begin at the sunset before.
    pub(super) fn begins_at_sunset(self) -> bool {
        matches!(self, Self::Tishri(_) | Self::Nisan(_) | Self::TuBishvat | Self::Hanukkah | Self::TishaBav)
    }

    pub(super) fn in_year(self, year: i64) -> Option<Date> {
        if !(1900..2200).contains(&year) {
            return None;
        }
        match self {
            Self::Tishri(days) => add(new_year(year + 3761)?, days, Unit::Day),
            Self::Nisan(days) => add(passover(year)?, days, Unit::Day),
            Self::TuBishvat => {
                let leap = (7 * (year + 3760) + 1) % 19 < 7;
                add(passover(year)?, if leap { -89 } else { -59 }, Unit::Day)
            }
            Self::Hanukkah => {
                let start = new_year(year + 3761)?;
                let length = days_from(start, new_year(year + 3762)?)?;
                add(start, if length % 10 == 5 { 84 } else { 83 }, Unit::Day)
            }
            Self::TishaBav => {
                let day = add(passover(year)?, 112, Unit::Day)?;
                if day.weekday() == jiff::civil::Weekday::Saturday {
                    add(day, 1, Unit::Day)
                } else {
                    Some(day)
                }
            }
            Self::ChineseNewYear => {
                let first = date(year, 1, 21)?;
                let near = lunation(first)?;
                let found = (near..near + 3).filter_map(|k| day_of(new_moon(f64::from(k)), 8.0));
                found.into_iter().find(|day| *day >= first)
            }
            Self::Muslim(month, day) => {
                let reckoned = |era: i64| {
                    let days =
                        227_014 + (era - 1) * 354 + (3 + 11 * era) / 30 + 29 * (month - 1) + month / 2 + 1;
                    let near = from_fixed(days)?;
                    let k = lunation(add(near, -3, Unit::Day)?)?;
                    // The crescent is seen on the evening after the new moon; the month begins the day after.
                    let starts = (k - 1..=k + 1).filter_map(|k| day_of(new_moon(f64::from(k)), 30.0));
                    let start =
                        starts.min_by_key(|start| days_from(*start, near).map_or(i64::MAX, i64::abs))?;
                    add(start, day - 1, Unit::Day)
                };
                let era = (year - 622) * 33 / 32;
                (era - 1..=era + 2).filter_map(reckoned).find(|found| i64::from(found.year()) == year)
            }
            Self::Autumn(shift, tithi, hour, days) => hindu(date(year, 10, 17)?, shift, tithi, hour, days),
            Self::Spring(shift, tithi, hour, days) => hindu(date(year, 2, 13)?, shift, tithi, hour, days),
            Self::Vesak => {
                let first = date(year, 5, 1)?;
                let near = lunation(first)? - 1;
                let full = |k: i32| day_of(new_moon(f64::from(k) + 0.5), 5.5 - 18.0);
                (near..near + 3).filter_map(full).find(|day| *day >= first)
            }
            Self::Parsi => {
                let base = date(2020, 8, 16)?;
                let back = days_from(date(year, 1, 1)?, base)?.div_euclid(365);
                add(base, -365 * back, Unit::Day)
            }
        }
    }
}

/// Days from one date to another.
fn days_from(from: Date, to: Date) -> Option<i64> {
    Some(i64::from(from.until(to).ok()?.get_days()))
}

/// A day counted from 1 January of the year 1.
fn from_fixed(days: i64) -> Option<Date> {
    add_days(date(1, 1, 1)?, days - 1)
}

fn add_days(from: Date, days: i64) -> Option<Date> {
    from.checked_add(jiff::ToSpan::days(days)).ok()
}

/// 1 Tishri of a year of the Jewish calendar.
///
/// # Source
/// Reingold and Dershowitz, Calendrical Calculations, chapter on the Hebrew calendar.
fn new_year(year: i64) -> Option<Date> {
    let elapsed = |year: i64| {
        let months = (235 * year - 234) / 19;
        let parts = 12_084 + 13_753 * months;
        let day = 29 * months + parts / 25_920;
        if (3 * (day + 1)) % 7 < 3 { day + 1 } else { day }
    };
    let (last, this, next) = (elapsed(year - 1), elapsed(year), elapsed(year + 1));
    let correction = if next - this == 356 {
        2
    } else if this - last == 382 {
        1
    } else {
        0
    };
    from_fixed(this + correction - 1_373_427)
}

/// 15 Nisan of a year: 163 days before the next Jewish year.
fn passover(year: i64) -> Option<Date> {
    add(new_year(year + 3761)?, -163, Unit::Day)
}

/// The number of the lunation around a date, counted from January 2000; at most one too early.
fn lunation(at: Date) -> Option<i32> {
    let days = i32::try_from(days_from(date(2000, 1, 6)?, at)?).ok()?;
    let months = f64::from(days) / 29.530_588_861;
    // The range was checked by the year.
    Some(months.floor() as i32)
}

/// The moment of a new moon, and of a full one for halves, as a Julian date.
///
/// # Source
/// Meeus, Astronomical Algorithms, chapter 49, with the larger periodic terms.
fn new_moon(k: f64) -> f64 {
    let t = k / 1236.85;
    let mean = 29.530_588_861_f64.mul_add(k, 2_451_550.097_66) + 0.000_154_37 * t * t;
    let sun = 29.105_356_70_f64.mul_add(k, 2.5534).to_radians();
    let moon = (385.816_935_28_f64.mul_add(k, 201.5643) + 0.010_758_2 * t * t).to_radians();
    let node = 390.670_502_84_f64.mul_add(k, 160.7108).to_radians();
    let e = 0.002_516_f64.mul_add(-t, 1.0);
    mean - 0.407_20 * moon.sin()
        + 0.172_41 * e * sun.sin()
        + 0.016_08 * (2.0 * moon).sin()
        + 0.010_39 * (2.0 * node).sin()
        + 0.007_39 * e * (moon - sun).sin()
        - 0.005_14 * e * (moon + sun).sin()
        + 0.002_08 * e * e * (2.0 * sun).sin()
}

/// The day a Julian date falls on in a zone so many hours from UTC.
fn day_of(julian: f64, hours: f64) -> Option<Date> {
    let days = (julian - 1_721_424.5 + hours / 24.0).floor();
    (days.abs() < 3e6).then(|| from_fixed(days as i64)).flatten()
}

/// The day on which a tithi prevails at an hour of India.
fn hindu(window: Date, shift: i64, tithi: f64, hour: f64, days: i64) -> Option<Date> {
    let near = lunation(window)?;
    let first =
        (near..near + 3).find(|k| day_of(new_moon(f64::from(*k)), 0.0).is_some_and(|day| day >= window))?;
    let k = f64::from(first + i32::try_from(shift).ok()?);
    let (start, full, next) = (new_moon(k), new_moon(k + 0.5), new_moon(k + 1.0));
    let end = if tithi <= 15.0 {
        start + (full - start) * tithi / 15.0
    } else {
        full + (next - full) * (tithi - 15.0) / 15.0
    };
    add(day_of(end, 5.5 - hour)?, days, Unit::Day)
}

#[cfg(test)]
mod tests {
    use super::Lunar;

    #[test]
    fn feasts_of_the_moon_fall_where_calendars_have_them() {
        for (feast, year, expect) in [
            (Lunar::Tishri(0), 2018, "2018-09-10"),
            (Lunar::Tishri(9), 2026, "2026-09-21"),
            (Lunar::Nisan(0), 2026, "2026-04-02"),
            (Lunar::Hanukkah, 2024, "2024-12-26"),
            (Lunar::TishaBav, 2018, "2018-07-22"),
            (Lunar::TuBishvat, 2018, "2018-01-31"),
            (Lunar::ChineseNewYear, 2014, "2014-01-31"),
            (Lunar::ChineseNewYear, 2026, "2026-02-17"),
            (Lunar::Muslim(10, 1), 2023, "2023-04-21"),
            (Lunar::Autumn(-1, 30.0, 18.0, 0), 2019, "2019-10-27"),
            (Lunar::Spring(0, 15.0, 18.0, 1), 2021, "2021-03-29"),
            (Lunar::Vesak, 2013, "2013-05-24"),
            (Lunar::Parsi, 2018, "2018-08-17"),
        ] {
            assert_eq!(feast.in_year(year).map(|day| day.to_string()).as_deref(), Some(expect), "{feast:?}");
        }
    }
}
