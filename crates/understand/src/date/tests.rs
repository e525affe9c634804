//! Dates found, with their words and values, and words that are no dates.

use jiff::Zoned;

use super::{Bound, Convention, Meaning, TimeFound, dates, times};
use crate::reading::Grain;

/// Friday 20 November 2026, 10:00 in Berlin.
const BERLIN: &str = "2026-11-20T10:00:00+01:00[Europe/Berlin]";
/// The same day in New York.
const NEW_YORK: &str = "2026-11-20T10:00:00-05:00[America/New_York]";

/// Each date as "words = start" or "words = start/end", with the zone's offset where one is named.
fn check_from(reference: &str, text: &str, expect: &[&str]) {
    let reference: Zoned = reference.parse().unwrap();
    let found: Vec<String> = dates(text, &reference)
        .into_iter()
        .map(|date| {
            let show = |at: &Zoned| match date.grain {
                Grain::Minute | Grain::Hour | Grain::DayPart => at.strftime("%Y-%m-%d %H:%M").to_string(),
                Grain::Day | Grain::Week => at.strftime("%Y-%m-%d").to_string(),
                Grain::Month | Grain::Quarter => at.strftime("%Y-%m").to_string(),
                Grain::Year => at.strftime("%Y").to_string(),
            };
            let end = date.end.as_ref().map(|end| format!("/{}", show(end))).unwrap_or_default();
            let zone = if date.zone_named { date.start.strftime(" %:z").to_string() } else { String::new() };
            format!("{} = {}{end}{zone}", date.span.of(text), show(&date.start))
        })
        .collect();
    assert_eq!(found, expect, "{text}");
}

fn check(text: &str, expect: &[&str]) {
    check_from(BERLIN, text, expect);
}

#[test]
fn days_in_english() {
    check("by Friday", &["Friday = 2026-11-27"]);
    check("See you on Friday.", &["Friday = 2026-11-27"]);
    check("next Tuesday, please", &["next Tuesday = 2026-11-24"]);
    check("last Monday or this Sunday", &["last Monday = 2026-11-16", "this Sunday = 2026-11-22"]);
    check(
        "today, tomorrow and yesterday",
        &["today = 2026-11-20", "tomorrow = 2026-11-21", "yesterday = 2026-11-19"],
    );
    check("on 27 November", &["27 November = 2026-11-27"]);
    check("on Nov 27th, 2027", &["Nov 27th, 2027 = 2027-11-27"]);
    check("our workshop on 10 Nov", &["10 Nov = 2026-11-10"]);
    check("2026-12-03 is fine", &["2026-12-03 = 2026-12-03"]);
    check("in two weeks", &["in two weeks = 2026-12-04"]);
    check("3 days ago", &["3 days ago = 2026-11-17"]);
    check("next week, this month", &["next week = 2026-11-23", "this month = 2026-11"]);
    check("by the end of the month", &["end of the month = 2026-11-21/2026-12-01"]);
    check("the first Monday of December", &["first Monday of December = 2026-12-07"]);
    check("12 to 16 December", &["12 to 16 December = 2026-12-12/2026-12-17"]);
    check("in Q1 2027 or in 2028", &["Q1 2027 = 2027-01", "2028 = 2028"]);
    check("EOD Thursday", &["EOD Thursday = 2026-11-26"]);
    check("Friday the 27th", &["Friday the 27th = 2026-11-27"]);
}

#[test]
fn times_and_zones() {
    check("tomorrow at 3pm", &["tomorrow at 3pm = 2026-11-21 15:00"]);
    check("at 3 on Monday", &["3 on Monday = 2026-11-23 15:00"]);
    check("Monday morning", &["Monday morning = 2026-11-23 08:00/2026-11-23 12:00"]);
    check("between 2 and 4 pm", &["between 2 and 4 pm = 2026-11-20 14:00/2026-11-20 16:00"]);
    check("at noon", &["noon = 2026-11-20 12:00"]);
    check("half past nine tomorrow", &["half past nine tomorrow = 2026-11-21 09:30"]);
    check(
        "Thursday 10am PT or Friday 2pm ET",
        &["Thursday 10am PT = 2026-11-26 10:00 -08:00", "Friday 2pm ET = 2026-11-27 14:00 -05:00"],
    );
    check("15:00 UTC+2", &["15:00 UTC+2 = 2026-11-20 15:00 +02:00"]);
    check(
        "Monday 9:30 - 11:00 Berlin time",
        &["Monday 9:30 - 11:00 Berlin time = 2026-11-23 09:30/2026-11-23 11:00 +01:00"],
    );
    check("in half an hour", &["in half an hour = 2026-11-20 10:30"]);
}

#[test]
fn an_unclear_order_follows_the_sender() {
    check("on 11/12", &["11/12 = 2026-12-11"]);
    check_from(NEW_YORK, "on 11/12", &["11/12 = 2026-11-12"]);
    check_from(NEW_YORK, "due 11/27", &["11/27 = 2026-11-27"]);
    check("due 27/11/26", &["27/11/26 = 2026-11-27"]);
}

#[test]
fn feasts_and_seasons_by_rule() {
    check("before Christmas", &["Christmas = 2026-12-25"]);
    check("last Easter", &["last Easter = 2026-04-05"]);
    check("Easter Monday 2027", &["Easter Monday 2027 = 2027-03-29"]);
    check("Pentecost next year", &["Pentecost next year = 2027-05-16"]);
    check("Martin Luther King Jr. Day", &["Martin Luther King Jr. Day = 2027-01-18"]);
    check("after Memorial Day in two years", &["Memorial Day in two years = 2028-05-29"]);
    check("nach Pfingsten 2027", &["Pfingsten 2027 = 2027-05-16"]);
    check("mardi gras", &["mardi gras = 2027-02-09"]);
    check("summer 2027", &["summer 2027 = 2027-06-21/2027-09-24"]);
    check("next winter", &["next winter = 2027-12-21/2028-03-21"]);
    check("at three twenty", &["three twenty = 2026-11-20 15:20"]);
    check("a happy new year, spring cleaning, Christmas-free", &["Christmas = 2026-12-25"]);
}

#[test]
fn other_languages() {
    check("bis Donnerstag um 15 Uhr", &["Donnerstag um 15 Uhr = 2026-11-26 15:00"]);
    check(
        "am 3. Dezember 2026, nächste Woche",
        &["3. Dezember 2026 = 2026-12-03", "nächste Woche = 2026-11-23"],
    );
    check(
        "übermorgen, am 12.11. oder 01.12.2026",
        &["übermorgen = 2026-11-22", "12.11. = 2026-11-12", "01.12.2026 = 2026-12-01"],
    );
    check("vendredi prochain à 15h30", &["vendredi prochain à 15h30 = 2026-11-27 15:30"]);
    check(
        "le 3 décembre, la semaine prochaine",
        &["3 décembre = 2026-12-03", "semaine prochaine = 2026-11-23"],
    );
    check("el 3 de diciembre de 2026", &["3 de diciembre de 2026 = 2026-12-03"]);
    check("mañana a las 10", &["mañana a las 10 = 2026-11-21 10:00"]);
    check("entro lunedì, domani", &["lunedì = 2026-11-23", "domani = 2026-11-21"]);
    check("volgende week vrijdag", &["volgende week vrijdag = 2026-11-27"]);
    check(
        "morgen um 10 Uhr, heute Abend",
        &["morgen um 10 Uhr = 2026-11-21 10:00", "heute Abend = 2026-11-20 18:00/2026-11-21 00:00"],
    );
    check("Guten Morgen zusammen, wir sind hier und die Zahlen sind da", &[]);
    check("até sexta-feira, 3 de dezembro", &["sexta-feira, 3 de dezembro = 2027-12-03"]);
}

#[test]
fn phrases_are_put_together() {
    check(
        "Wednesday evening next week",
        &["Wednesday evening next week = 2026-11-25 18:00/2026-11-26 00:00"],
    );
    check("the first Monday of next month", &["first Monday of next month = 2026-12-07"]);
    check("three weeks from tomorrow", &["three weeks from tomorrow = 2026-12-12"]);
    check("the second last week of October 2018", &["second last week of October 2018 = 2018-10-15"]);
    check("the closest Monday to 5 December", &["closest Monday to 5 December = 2026-12-07"]);
    check("Thanksgiving of next year", &["Thanksgiving of next year = 2027-11-25"]);
    check("the week of 8 December", &["week of 8 December = 2026-12-07"]);
    check("18 and 19 June", &["18 = 2027-06-18", "19 June = 2027-06-19"]);
    check("the last three weeks of this year", &["last three weeks of this year = 2026-12-07/2026-12-28"]);
    check("for two weeks from 3 December", &["for two weeks from 3 December = 2026-12-03/2026-12-17"]);
}

#[test]
fn intervals_share_what_one_end_leaves_out() {
    check("from January to April 2015", &["from January to April 2015 = 2015-01/2015-05"]);
    check("April 9th through 17th", &["April 9th through 17th = 2027-04-09/2027-04-18"]);
    check("March 14-16, 2027", &["March 14-16, 2027 = 2027-03-14/2027-03-17"]);
    check("from next Monday to Friday", &["from next Monday to Friday = 2026-11-23/2026-11-28"]);
    check("Tuesday from 10-4", &["Tuesday from 10-4 = 2026-11-24 10:00/2026-11-24 16:00"]);
    check("11-1pm tomorrow", &["11-1pm tomorrow = 2026-11-21 11:00/2026-11-21 13:00"]);
    check("between now and Friday 3pm", &["between now and Friday 3pm = 2026-11-20 10:00/2026-11-27 15:00"]);
    check("moved from Monday to Tuesday", &["Monday = 2026-11-23", "Tuesday = 2026-11-24"]);
}

/// What bounds a date, with the words that do.
fn check_bound(text: &str, words: &str, bound: Bound) {
    let reference: Zoned = BERLIN.parse().unwrap();
    let found = times(text, &reference, &Convention::default());
    let [TimeFound { span, meaning: Meaning::Date(date) }] = found.as_slice() else {
        panic!("{text}: {found:?}")
    };
    assert_eq!((span.of(text), date.bound), (words, bound), "{text}");
}

#[test]
fn bounds_are_told_apart_from_their_dates() {
    check_bound("by the end of Q1", "by the end of Q1", Bound::By);
    check_bound("no later than 3pm", "no later than 3pm", Bound::By);
    check_bound("before 2030", "before 2030", Bound::Before);
    check_bound("available since August", "since August", Bound::Since);
    check_bound("Thursday before 5pm", "Thursday before 5pm", Bound::Before);
    check_bound("1/1/2027 or later", "1/1/2027 or later", Bound::Since);
    check("by the end of Q1", &["end of Q1 = 2026-03/2026-04"]);
    check(
        "COB tomorrow or EOD Thursday PT",
        &["COB tomorrow = 2026-11-21", "EOD Thursday PT = 2026-11-26 -08:00"],
    );
}

#[test]
fn lengths_and_recurrences_are_no_dates() {
    let reference: Zoned = BERLIN.parse().unwrap();
    let told = |text: &str| -> Vec<String> {
        let show = |found: TimeFound| match found.meaning {
            Meaning::Date(_) => format!("{} date", found.span.of(text)),
            Meaning::Length(length) => {
                format!("{} {}s {}d {}m", found.span.of(text), length.seconds, length.days, length.months)
            }
            Meaning::Every(every) => {
                format!("{} every {} {:?}", found.span.of(text), every.every, every.unit)
            }
        };
        times(text, &reference, &Convention::default()).into_iter().map(show).collect()
    };
    assert_eq!(told("it takes an hour and a half"), ["an hour and a half 5400s 0d 0m"]);
    assert_eq!(told("2 years, 3 months"), ["2 years, 3 months 0s 0d 27m"]);
    assert_eq!(told("every other Tuesday at 3pm"), ["every other Tuesday at 3pm every 2 Week"]);
    assert_eq!(told("our weekly call on Mondays"), ["weekly every 1 Week", "Mondays every 1 Week"]);
    assert_eq!(told("twice a week for 45 minutes"), ["twice a week every 1 Week", "45 minutes 2700s 0d 0m"]);
}

#[test]
fn other_conventions_can_be_asked_for() {
    let reference: Zoned = BERLIN.parse().unwrap();
    let start = |text: &str, convention: &Convention| {
        let found = times(text, &reference, convention);
        let [TimeFound { meaning: Meaning::Date(date), .. }] = found.as_slice() else {
            panic!("{text}: {found:?}")
        };
        (date.start.datetime().to_string(), date.end.as_ref().map(|end| end.datetime().to_string()))
    };
    let (ours, theirs) = (Convention::default(), Convention::duckling());
    assert_eq!(start("next Saturday", &ours).0, "2026-11-28T00:00:00");
    assert_eq!(start("next Saturday", &theirs).0, "2026-11-21T00:00:00");
    assert_eq!(start("3-4pm", &ours).1.as_deref(), Some("2026-11-20T16:00:00"));
    assert_eq!(start("3-4pm", &theirs).1.as_deref(), Some("2026-11-20T17:00:00"));
}

#[test]
fn hostile_text_takes_linear_work() {
    let reference: Zoned = BERLIN.parse().unwrap();
    for phrase in [
        "first Monday after ",
        "week of ",
        "bi-",
        "in 2 days from ",
        "2 days after the ",
        "from Monday to ",
        "end of the ",
        "1-",
        "a ",
        "every second ",
    ] {
        let text = phrase.repeat(2_000);
        let _found = times(&text, &reference, &Convention::default());
    }
}

#[test]
fn what_is_no_date() {
    for text in [
        "we may march on",
        "she sat in the sun",
        "a second opinion",
        "version 5.1.2 or 10.0.0.1",
        "it costs 12.50 or $3 a piece",
        "12 or 24 months for the audit logs",
        "99.9 % of 7 people",
        "order 2026-1145-77",
        "open 24/7",
        "see you at 3 locations",
        "section 4a.",
        "work this out, set 3 aside",
        "Pay ABC 2000",
        "A4 A5, 4096 bytes, port 6514",
        "halyard-2.11.26_x64",
        "call 1-800-555-0199 or [Synth 8-439]",
        "between 3.13 and 3.15 of the driver",
        "this may take longer; one may ask",
        "rx_spp=1919, set to 1919",
        "a single EOB to a series of packets, host to SEP",
        "the 18th century, the second floor, the 3rd item",
        "",
    ] {
        check(text, &[]);
    }
}

#[test]
fn damaged_numbers_do_no_harm() {
    for text in [
        "99999999999999999999 days ago",
        "in 9999 years",
        "31 February",
        "2026-13-45",
        "at 25:99",
        "30/02/2026",
        "0000-00-00",
    ] {
        let reference: Zoned = BERLIN.parse().unwrap();
        for date in dates(text, &reference) {
            assert!(!date.span.is_empty(), "{text}");
        }
    }
}
