//! Dates found, with their words and values, and words that are no dates.

use jiff::Zoned;

use super::dates;
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
    check("volgende week vrijdag", &["volgende week = 2026-11-23", "vrijdag = 2026-11-27"]);
    check("até sexta-feira, 3 de dezembro", &["sexta-feira, 3 de dezembro = 2027-12-03"]);
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
