//! `dates`: the dates and times a text names, against rows of two other grammars.
//!
//! Each set has its own convention ("next Tuesday"), asked of the parser as an option: figures of the
//! two are never put together. `accuracy_by_the_product` tells what the product's own convention gives
//! on the same rows.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{ToSpan, Unit, Zoned};
use postil_understand::Grain;
use postil_understand::date::{Bound, Convention, DateFound, Length, Meaning, TimeFound, times};
use serde::Deserialize;
use serde_json::Value;

use super::metric::{Hits, share};
use super::{Scored, not_measured};
use crate::error::DeskError;

/// A row of either set.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Row {
    id: String,
    reference: Option<String>,
    /// Duckling's sets.
    text: Option<String>,
    /// The set of lengths of time: "DurationData 90 Minute".
    expr: Option<String>,
    /// Missing in a row without an expectation, null in one that names no date.
    #[serde(default, deserialize_with = "given")]
    gold: Option<Option<Gold>>,
    /// Recognizers' sets.
    input: Option<String>,
    results: Option<Vec<Recognized>>,
}

fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<Gold>>, D::Error> {
    Option::<Gold>::deserialize(value).map(Some)
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Gold {
    Instant { value: DateTime, grain: String },
    Interval { from: DateTime, to: DateTime, grain: String },
    OpenInterval { value: DateTime, grain: String },
}

#[derive(Debug, Deserialize)]
struct Recognized {
    start: usize,
    /// The last character; where it is missing `length` says how many.
    end: Option<usize>,
    length: Option<usize>,
    #[serde(rename = "type")]
    kind: String,
    resolution: Option<Value>,
}

/// # Errors
/// Where the rows name nothing that can be measured.
pub(super) fn score(rows: &[Row]) -> Result<Scored, DeskError> {
    if rows.iter().any(|row| row.results.is_some()) {
        return Ok(score_recognizers(rows));
    }
    if rows.iter().any(|row| row.gold.is_some()) {
        return Ok(score_duckling(rows));
    }
    if rows.iter().any(|row| row.expr.is_some()) {
        return Ok(score_lengths(rows));
    }
    Err(not_measured("dates: rows without an expectation", "there is nothing to compare with"))
}

fn score_duckling(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let (mut right, mut right_here, mut with_gold, mut negatives, mut false_parses) = (0, 0, 0, 0, 0);
    for row in rows {
        let (Some(text), Some(gold)) = (&row.text, &row.gold) else { continue };
        let reference = reference(row.reference.as_deref().unwrap_or("2013-02-12T04:30:00-02:00"));
        let found = times(text, &reference, &Convention::duckling());
        let fits = match gold {
            Some(gold) => {
                let fits = is_gold(gold, &found, &reference);
                let here = times(text, &reference, &Convention::default());
                with_gold += 1;
                right += usize::from(fits);
                right_here += usize::from(is_gold(gold, &here, &reference));
                fits
            }
            None => {
                let found = dates(&found);
                negatives += 1;
                false_parses += usize::from(!found.is_empty());
                found.is_empty()
            }
        };
        if !fits {
            scored.wrong(&format!("{} \"{text}\": told {}, expected {gold:?}", row.id, told(text, &found)));
        }
    }
    scored.figure("accuracy", share(right, with_gold));
    scored.figure("accuracy_by_the_product", share(right_here, with_gold));
    if negatives > 0 {
        scored.count("negatives", negatives);
        scored.count("false_parses", false_parses);
    }
    scored
}

fn is_gold(gold: &Gold, found: &[TimeFound], reference: &Zoned) -> bool {
    matches!(dates(found).as_slice(), [one] if found.len() == 1 && fits(gold, one, reference))
}

fn dates(found: &[TimeFound]) -> Vec<&DateFound> {
    let date = |time| match time {
        &TimeFound { meaning: Meaning::Date(ref date), .. } => Some(date),
        TimeFound { meaning: Meaning::Length(_) | Meaning::Every(_), .. } => None,
    };
    found.iter().filter_map(date).collect()
}

/// Lengths of time, equal in seconds; a month counts thirty days, as the set has it.
fn score_lengths(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let (mut right, mut counted) = (0, 0);
    for row in rows {
        let (Some(text), Some(expr)) = (&row.text, &row.expr) else { continue };
        let Some(expected) = seconds_of(expr) else { continue };
        let found = times(
            text,
            &reference(row.reference.as_deref().unwrap_or("2013-02-12T04:30:00-02:00")),
            &Convention::duckling(),
        );
        let fits = matches!(found.as_slice(), [TimeFound { meaning: Meaning::Length(length), .. }] if seconds(*length) == expected);
        counted += 1;
        right += usize::from(fits);
        if !fits {
            scored.wrong(&format!("{} \"{text}\": told {}, expected {expr}", row.id, told(text, &found)));
        }
    }
    scored.figure("accuracy", share(right, counted));
    scored
}

fn seconds(length: Length) -> i64 {
    length.seconds + 86_400 * (length.days + length.working_days + 30 * length.months)
}

/// "DurationData 90 Minute" in seconds.
fn seconds_of(expr: &str) -> Option<i64> {
    let mut words = expr.split_whitespace().skip(1);
    let count: i64 = words.next()?.parse().ok()?;
    let unit = match words.next()? {
        "Second" => 1,
        "Minute" => 60,
        "Hour" => 3_600,
        "Day" => 86_400,
        "Week" => 7 * 86_400,
        "Month" => 30 * 86_400,
        "Quarter" => 90 * 86_400,
        "Year" => 360 * 86_400,
        _ => return None,
    };
    Some(count * unit)
}

fn told(text: &str, found: &[TimeFound]) -> String {
    let one = |time: &TimeFound| match &time.meaning {
        Meaning::Date(date) => {
            let end = date.end.as_ref().map(|end| format!(" to {}", end.datetime())).unwrap_or_default();
            format!(
                "\"{}\" {}{end} {:?} {:?}",
                time.span.of(text),
                date.start.datetime(),
                date.grain,
                date.bound
            )
        }
        Meaning::Length(length) => format!("\"{}\" {} seconds", time.span.of(text), seconds(*length)),
        Meaning::Every(recurrence) => format!("\"{}\" {recurrence:?}", time.span.of(text)),
    };
    if found.is_empty() {
        "nothing".to_owned()
    } else {
        found.iter().map(one).collect::<Vec<_>>().join(" and ")
    }
}

/// The reference time of a row. One without an offset is New York's: the set is American English.
fn reference(text: &str) -> Zoned {
    let new_york = || Offset::constant(-5).to_time_zone();
    let exact = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%:z", text).and_then(|parts| parts.to_zoned());
    let local = || text.parse::<DateTime>().and_then(|time| time.to_zoned(new_york()));
    exact
        .or_else(|_no_offset| local())
        .unwrap_or_else(|_no_time| Zoned::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC))
}

/// Whether `found` is the gold value at the gold grain; of an interval both ends.
fn fits(gold: &Gold, found: &DateFound, reference: &Zoned) -> bool {
    let (start, end) = match (ends(found, reference), found.bound) {
        // "by Friday" lasts from now to Friday, "by the end of the month" to its end.
        ((start, end), Bound::By) => {
            (reference.datetime(), if found.end.is_some() { end } else { Some(start) })
        }
        (ends, Bound::At | Bound::Before | Bound::Until | Bound::After | Bound::Since) => ends,
    };
    match gold {
        Gold::Instant { value, grain } => {
            let whole = (found.end.is_none() && found.bound != Bound::By) || end == after(*value, grain);
            whole && floor(start, grain) == floor(*value, grain)
        }
        Gold::Interval { from, to, grain } => {
            floor(start, grain) == floor(*from, grain)
                && end.is_some_and(|end| floor(end, grain) == floor(*to, grain))
        }
        Gold::OpenInterval { value, grain } => floor(start, grain) == floor(*value, grain),
    }
}

/// Start and end in the reference's zone; the end of a single value is that of its grain.
fn ends(found: &DateFound, reference: &Zoned) -> (DateTime, Option<DateTime>) {
    let local = |time: &Zoned| time.with_time_zone(reference.time_zone().clone()).datetime();
    let start = local(&found.start);
    let grain = match found.grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::DayPart => "part of a day",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Quarter => "quarter",
        Grain::Year => "year",
    };
    (start, found.end.as_ref().map(local).or_else(|| after(start, grain)))
}

/// One grain after a time; `None` for a grain without a fixed length.
fn after(start: DateTime, grain: &str) -> Option<DateTime> {
    let span = match grain {
        "second" => 1.second(),
        "minute" => 1.minute(),
        "hour" => 1.hour(),
        "day" => 1.day(),
        "week" => 1.week(),
        "month" => 1.month(),
        "quarter" => 3.months(),
        "year" => 1.year(),
        _ => return None,
    };
    start.checked_add(span).ok()
}

/// The time cut off below its grain.
fn floor(time: DateTime, grain: &str) -> DateTime {
    let first = |date: Date| date.to_datetime(Time::midnight());
    let date = time.date();
    let cut = |unit| {
        time.round(jiff::civil::DateTimeRound::new().smallest(unit).mode(jiff::RoundMode::Floor))
            .unwrap_or(time)
    };
    match grain {
        "second" => cut(Unit::Second),
        "minute" => cut(Unit::Minute),
        "hour" => cut(Unit::Hour),
        "week" => {
            let back = i64::from(date.weekday().to_monday_zero_offset());
            first(date.checked_sub(back.days()).unwrap_or(date))
        }
        "month" => first(date.first_of_month()),
        "quarter" => {
            let back = i64::from((date.month() - 1) % 3);
            first(date.first_of_month().checked_sub(back.months()).unwrap_or(date))
        }
        "year" => first(date.first_of_year()),
        _ => first(date),
    }
}

fn score_recognizers(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let (mut all, mut of_dates) = (Hits::default(), Hits::default());
    let (mut values, mut values_found, mut values_right) = (0, 0, 0);
    for row in rows {
        let (Some(text), Some(results)) = (&row.input, &row.results) else { continue };
        let reference = reference(row.reference.as_deref().unwrap_or("2016-11-07T00:00:00"));
        let found = times(text, &reference, &Convention::recognizers());
        let mut free: Vec<((usize, usize), &TimeFound)> =
            found.iter().map(|time| (characters(text, time), time)).collect();
        let mut wrong = Vec::new();
        for gold in results {
            let end = gold
                .end
                .map(|end| end + 1)
                .or(gold.length.map(|length| gold.start + length))
                .unwrap_or(gold.start);
            let hit =
                free.iter().position(|(span, _)| *span == (gold.start, end)).map(|at| free.remove(at).1);
            all.add(true, hit.is_some());
            let is_date = is_date(&gold.kind);
            if is_date {
                of_dates.add(true, hit.is_some());
            }
            let alternatives = alternatives(gold.resolution.as_ref());
            let right = hit.is_some_and(|hit| match &hit.meaning {
                Meaning::Date(date) => {
                    let ends = after_bound(date, ends(date, &reference));
                    alternatives.iter().any(|alternative| alternative.fits(ends))
                }
                Meaning::Length(_) | Meaning::Every(_) => false,
            });
            if is_date && !alternatives.is_empty() {
                values += 1;
                values_found += usize::from(hit.is_some());
                values_right += usize::from(right);
            }
            if hit.is_none() || (is_date && !alternatives.is_empty() && !right) {
                wrong.push(format!(
                    "{} {}",
                    gold.kind,
                    gold.resolution.as_ref().map(ToString::to_string).unwrap_or_default()
                ));
            }
        }
        all.invented += free.len();
        of_dates.invented += free.iter().filter(|(_, time)| matches!(time.meaning, Meaning::Date(_))).count();
        if !wrong.is_empty() || !free.is_empty() {
            scored.wrong(&format!(
                "{} \"{text}\": told {}, expected {}",
                row.id,
                told(text, &found),
                wrong.join(" and ")
            ));
        }
    }
    scored.figure("span_f1", all.f1());
    scored.figure("span_f1_dates", of_dates.f1());
    scored.figure("value_accuracy", share(values_right, values));
    scored.figure("value_accuracy_of_found", share(values_right, values_found));
    scored.count("invented", all.invented);
    scored
}

/// "after 2010" begins where 2010 ends; "after 2 pm" at 2 pm.
fn after_bound(date: &DateFound, (start, end): (DateTime, Option<DateTime>)) -> (DateTime, Option<DateTime>) {
    let timed = matches!(date.grain, Grain::Minute | Grain::Hour);
    match end.filter(|_| date.bound == Bound::After && !timed) {
        Some(after) => (after, end),
        None => (start, end),
    }
}

/// Whether the product names things of this type: lengths of time, repetitions and zones alone are none.
fn is_date(kind: &str) -> bool {
    let kind = kind.rsplit('.').next().unwrap_or_default();
    !matches!(kind, "duration" | "set" | "timezone")
}

/// Half-open character offsets.
fn characters(text: &str, found: &TimeFound) -> (usize, usize) {
    let count = |end: usize| text.get(..end).unwrap_or_default().chars().count();
    (count(found.span.start), count(found.span.end))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    Day(Date),
    Time(Time),
    Both(DateTime),
}

impl Moment {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(time) = text.parse::<Time>() {
            return Some(Self::Time(time));
        }
        match (text.len(), text.parse::<DateTime>()) {
            (10, Ok(time)) => Some(Self::Day(time.date())),
            (_, Ok(time)) => Some(Self::Both(time)),
            (_, Err(_)) => None,
        }
    }

    fn fits(self, told: DateTime) -> bool {
        match self {
            Self::Day(day) => told.date() == day,
            Self::Time(time) => told.time() == time,
            Self::Both(time) => told == time,
        }
    }
}

/// One value that a row accepts.
#[derive(Clone, Copy, Debug, Default)]
struct Alternative {
    start: Option<Moment>,
    end: Option<Moment>,
}

impl Alternative {
    fn of(value: &Value) -> Option<Self> {
        let mut found = Self::default();
        for (key, text) in value.as_object()? {
            let moment = text.as_str().and_then(Moment::parse);
            if key.starts_with("start") || matches!(key.as_str(), "value" | "date" | "time" | "dateTime") {
                found.start = found.start.or(moment);
            } else if key.starts_with("end") {
                found.end = found.end.or(moment);
            }
        }
        (found.start.is_some() || found.end.is_some()).then_some(found)
    }

    fn fits(self, (start, end): (DateTime, Option<DateTime>)) -> bool {
        match (self.start, self.end) {
            (Some(from), Some(to)) => from.fits(start) && end.is_some_and(|end| to.fits(end)),
            (Some(from), None) => from.fits(start),
            (None, Some(to)) => to.fits(start) || end.is_some_and(|end| to.fits(end)),
            (None, None) => false,
        }
    }
}

fn alternatives(resolution: Option<&Value>) -> Vec<Alternative> {
    let Some(resolution) = resolution else { return Vec::new() };
    let listed = resolution.get("values").and_then(Value::as_array).into_iter().flatten();
    let ways = ["FutureResolution", "PastResolution"].into_iter().filter_map(|way| resolution.get(way));
    listed.chain(ways).filter_map(Alternative::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Row> {
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn duckling_rows_are_equal_at_their_grain() {
        let scored = score(&rows(&[
            r#"{"id":"1","text":"27 November 2026","reference":"2026-11-23T08:30:00+01:00","gold":{"kind":"instant","value":"2026-11-27T00:00:00","grain":"day","holiday":null}}"#,
            r#"{"id":"2","text":"28 November 2026","reference":"2026-11-23T08:30:00+01:00","gold":{"kind":"instant","value":"2026-11-27T00:00:00","grain":"day","holiday":null}}"#,
            r#"{"id":"3","text":"nothing of the kind","gold":null}"#,
        ]))
        .unwrap();
        assert_eq!((scored.rows, scored.get("accuracy"), scored.get("false_parses")), (3, 0.5, 0.0));
        assert!(scored.wrong[0].starts_with("2 \"28 November 2026\""));
    }

    #[test]
    fn recognizers_rows_are_scored_by_span_and_value() {
        let scored = score(&rows(&[
            r#"{"id":"1","input":"back on 2019-01-04","reference":"2016-11-07T00:00:00","results":[{"text":"2019-01-04","start":8,"end":17,"type":"datetimeV2.date","resolution":{"values":[{"type":"date","value":"2019-01-04"}]}}]}"#,
            r#"{"id":"2","input":"every week","reference":null,"results":[{"text":"every week","start":0,"length":10,"type":"set","resolution":null}]}"#,
        ]))
        .unwrap();
        assert_eq!((scored.get("span_f1_dates"), scored.get("value_accuracy")), (1.0, 1.0));
        assert_eq!((scored.get("span_f1"), scored.get("invented")), (1.0, 0.0));
    }

    #[test]
    fn lengths_are_equal_in_seconds() {
        let scored = score(&rows(&[
            r#"{"id":"1","text":"an hour and a half","expr":"DurationData 90 Minute"}"#,
            r#"{"id":"2","text":"one sec","expr":"DurationData 2 Second"}"#,
        ]))
        .unwrap();
        assert_eq!(scored.get("accuracy"), 0.5);
        assert!(score(&rows(&[r#"{"id":"1","text":"one sec"}"#])).is_err());
    }

    #[test]
    fn times_are_cut_below_their_grain() {
        let time: DateTime = "2026-11-26T15:42:07".parse().unwrap();
        for (grain, expect) in [
            ("minute", "2026-11-26T15:42:00"),
            ("hour", "2026-11-26T15:00:00"),
            ("day", "2026-11-26T00:00:00"),
            ("week", "2026-11-23T00:00:00"),
            ("month", "2026-11-01T00:00:00"),
            ("quarter", "2026-10-01T00:00:00"),
            ("year", "2026-01-01T00:00:00"),
        ] {
            assert_eq!(floor(time, grain).to_string(), expect, "{grain}");
        }
    }
}
