//! Feasts and seasons by rule: fixed days, counted weekdays, days from Easter.
//!
//! Only feasts with a rule in the Gregorian calendar; feasts of the moon would need tables that nobody
//! checks, so they are no dates here.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};

use super::Parser;
use super::convention::Weekend;
use super::dated::{Dated, Near, Rank};
use super::reckon::{add, date, midnight, on_or_after};
use super::series::{Series, Slot};
use super::words::{Turn, Unit};
use crate::reading::Grain;

/// When a feast falls.
#[derive(Clone, Copy, Debug)]
enum When {
    /// Month, day.
    Fixed(i64, i64),
    /// Month, weekday, which one of the month; -1 is the last.
    Nth(i64, Weekday, i64),
    /// Days after Easter Sunday.
    Easter(i64),
    /// Days after the fourth Thursday of November.
    AfterThanksgiving(i64),
    /// 27 April, the day before where that is a Sunday.
    Koningsdag,
}

use When::{AfterThanksgiving, Easter, Fixed, Koningsdag, Nth};

/// Feasts by their folded names without apostrophes.
///
/// # Source
/// 5 U.S.C. 6103 for the federal days, the Banking and Financial Dealings Act 1971 for the British
/// ones, the feast laws of the German, French, Dutch, Italian and Spanish states.
const FEASTS: &[(&str, When)] = &[
    ("abraham lincolns birthday", Fixed(2, 12)),
    ("all saints day", Fixed(11, 1)),
    ("all souls day", Fixed(11, 2)),
    ("allerheiligen", Fixed(11, 1)),
    ("ano novo", Fixed(1, 1)),
    ("ano nuevo", Fixed(1, 1)),
    ("anzac day", Fixed(4, 25)),
    ("april fool day", Fixed(4, 1)),
    ("april fools", Fixed(4, 1)),
    ("april fools day", Fixed(4, 1)),
    ("armistice day", Fixed(11, 11)),
    ("ascension day", Easter(39)),
    ("ascension thursday", Easter(39)),
    ("aschermittwoch", Easter(-46)),
    ("ash wednesday", Easter(-46)),
    ("assumption day", Fixed(8, 15)),
    ("august bank holiday", Nth(8, Weekday::Monday, -1)),
    ("australia day", Fixed(1, 26)),
    ("bastille day", Fixed(7, 14)),
    ("black friday", AfterThanksgiving(1)),
    ("bonfire night", Fixed(11, 5)),
    ("boxing day", Fixed(12, 26)),
    ("canada day", Fixed(7, 1)),
    ("capodanno", Fixed(1, 1)),
    ("christi himmelfahrt", Easter(39)),
    ("christmas", Fixed(12, 25)),
    ("christmas day", Fixed(12, 25)),
    ("christmas eve", Fixed(12, 24)),
    ("cinco de mayo", Fixed(5, 5)),
    ("civil rights day", Nth(1, Weekday::Monday, 3)),
    ("columbus day", Nth(10, Weekday::Monday, 2)),
    ("corpus christi", Easter(60)),
    ("cyber monday", AfterThanksgiving(4)),
    ("dia de reyes", Fixed(1, 6)),
    ("dreikonigstag", Fixed(1, 6)),
    ("early may bank holiday", Nth(5, Weekday::Monday, 1)),
    ("earth day", Fixed(4, 22)),
    ("easter", Easter(0)),
    ("easter day", Easter(0)),
    ("easter mon", Easter(1)),
    ("easter monday", Easter(1)),
    ("easter saturday", Easter(-1)),
    ("easter sunday", Easter(0)),
    ("epiphany", Fixed(1, 6)),
    ("fat tuesday", Easter(-47)),
    ("father day", Nth(6, Weekday::Sunday, 3)),
    ("fathers day", Nth(6, Weekday::Sunday, 3)),
    ("ferragosto", Fixed(8, 15)),
    ("fete du travail", Fixed(5, 1)),
    ("flag day", Fixed(6, 14)),
    ("fronleichnam", Easter(60)),
    ("german unity day", Fixed(10, 3)),
    ("goede vrijdag", Easter(-2)),
    ("good friday", Easter(-2)),
    ("groundhog day", Fixed(2, 2)),
    ("groundhogs day", Fixed(2, 2)),
    ("grundonnerstag", Easter(-3)),
    ("guy fawkes", Fixed(11, 5)),
    ("guy fawkes day", Fixed(11, 5)),
    ("guy fawkes night", Fixed(11, 5)),
    ("halloween", Fixed(10, 31)),
    ("heiligabend", Fixed(12, 24)),
    ("heilige drei konige", Fixed(1, 6)),
    ("hemelvaart", Easter(39)),
    ("hemelvaartsdag", Easter(39)),
    ("himmelfahrt", Easter(39)),
    ("holy saturday", Easter(-1)),
    ("holy thursday", Easter(-3)),
    ("independence day", Fixed(7, 4)),
    ("indigenous peoples day", Nth(10, Weekday::Monday, 2)),
    ("international womens day", Fixed(3, 8)),
    ("jueves santo", Easter(-3)),
    ("juneteenth", Fixed(6, 19)),
    ("karfreitag", Easter(-2)),
    ("kerst", Fixed(12, 25)),
    ("kings day", Koningsdag),
    ("koningsdag", Koningsdag),
    ("labor day", Nth(9, Weekday::Monday, 1)),
    ("labour day", Nth(9, Weekday::Monday, 1)),
    ("late summer bank holiday", Nth(8, Weekday::Monday, -1)),
    ("lincoln birthday", Fixed(2, 12)),
    ("lincolns birthday", Fixed(2, 12)),
    ("lundi de paques", Easter(1)),
    ("lundi de pentecote", Easter(50)),
    ("mardi gras", Easter(-47)),
    ("maria himmelfahrt", Fixed(8, 15)),
    ("martin luther king day", Nth(1, Weekday::Monday, 3)),
    ("martin luther king jr day", Nth(1, Weekday::Monday, 3)),
    ("martin luther kings day", Nth(1, Weekday::Monday, 3)),
    ("maundy thursday", Easter(-3)),
    ("may day", Fixed(5, 1)),
    ("memorial day", Nth(5, Weekday::Monday, -1)),
    ("mlk day", Nth(1, Weekday::Monday, 3)),
    ("mlk jr day", Nth(1, Weekday::Monday, 3)),
    ("monday of the holy spirit", Easter(50)),
    ("mother day", Nth(5, Weekday::Sunday, 2)),
    ("mothers day", Nth(5, Weekday::Sunday, 2)),
    ("muttertag", Nth(5, Weekday::Sunday, 2)),
    ("natale", Fixed(12, 25)),
    ("navidad", Fixed(12, 25)),
    ("neujahr", Fixed(1, 1)),
    ("new year", Fixed(1, 1)),
    ("new year eve", Fixed(12, 31)),
    ("new years", Fixed(1, 1)),
    ("new years day", Fixed(1, 1)),
    ("new years eve", Fixed(12, 31)),
    ("nieuwjaar", Fixed(1, 1)),
    ("nikolaustag", Fixed(12, 6)),
    ("nochebuena", Fixed(12, 24)),
    ("nochevieja", Fixed(12, 31)),
    ("nouvel an", Fixed(1, 1)),
    ("ognissanti", Fixed(11, 1)),
    ("ostermontag", Easter(1)),
    ("ostern", Easter(0)),
    ("ostersonntag", Easter(0)),
    ("palm sunday", Easter(-7)),
    ("pancake day", Easter(-47)),
    ("pancake tuesday", Easter(-47)),
    ("paques", Easter(0)),
    ("pascua", Easter(0)),
    ("pasen", Easter(0)),
    ("pasqua", Easter(0)),
    ("pasquetta", Easter(1)),
    ("pentecost", Easter(49)),
    ("pentecost monday", Easter(50)),
    ("pentecote", Easter(49)),
    ("pfingsten", Easter(49)),
    ("pfingstmontag", Easter(50)),
    ("pfingstsonntag", Easter(49)),
    ("pinksteren", Easter(49)),
    ("presidents day", Nth(2, Weekday::Monday, 3)),
    ("reformationstag", Fixed(10, 31)),
    ("remembrance day", Fixed(11, 11)),
    ("rosenmontag", Easter(-48)),
    ("saint nicholas day", Fixed(12, 6)),
    ("saint patricks day", Fixed(3, 17)),
    ("saint valentin", Fixed(2, 14)),
    ("shrove tuesday", Easter(-47)),
    ("sibling day", Fixed(4, 10)),
    ("siblings day", Fixed(4, 10)),
    ("silvester", Fixed(12, 31)),
    ("sinterklaas", Fixed(12, 6)),
    ("spring bank holiday", Nth(5, Weekday::Monday, -1)),
    ("st paddys day", Fixed(3, 17)),
    ("st patricks day", Fixed(3, 17)),
    ("st stephens day", Fixed(12, 26)),
    ("summer bank holiday", Nth(8, Weekday::Monday, -1)),
    ("tag der arbeit", Fixed(5, 1)),
    ("tag der deutschen einheit", Fixed(10, 3)),
    ("thanksgiving", Nth(11, Weekday::Thursday, 4)),
    ("thanksgiving day", Nth(11, Weekday::Thursday, 4)),
    ("toussaint", Fixed(11, 1)),
    ("trinity sunday", Easter(56)),
    ("tweede kerstdag", Fixed(12, 26)),
    ("tweede paasdag", Easter(1)),
    ("tweede pinksterdag", Easter(50)),
    ("valentine day", Fixed(2, 14)),
    ("valentines day", Fixed(2, 14)),
    ("valentinstag", Fixed(2, 14)),
    ("vendredi saint", Easter(-2)),
    ("veteran day", Fixed(11, 11)),
    ("veterans day", Fixed(11, 11)),
    ("viernes santo", Easter(-2)),
    ("washingtons birthday", Nth(2, Weekday::Monday, 3)),
    ("weihnachten", Fixed(12, 25)),
    ("whit monday", Easter(50)),
    ("whit sunday", Easter(49)),
    ("white sunday", Easter(49)),
    ("whitsunday", Easter(49)),
    ("womens day", Fixed(3, 8)),
    ("xmas", Fixed(12, 25)),
    ("xmas day", Fixed(12, 25)),
    ("xmas eve", Fixed(12, 24)),
    ("zweiter weihnachtstag", Fixed(12, 26)),
    ("international workers day", Fixed(5, 1)),
    ("workers day", Fixed(5, 1)),
    ("king day", Koningsdag),
    ("president day", Nth(2, Weekday::Monday, 3)),
    ("st patrick day", Fixed(3, 17)),
    ("saint patrick day", Fixed(3, 17)),
    ("st paddy day", Fixed(3, 17)),
    ("st stephen day", Fixed(12, 26)),
    ("st george day", Fixed(4, 23)),
    ("saint george day", Fixed(4, 23)),
    ("women day", Fixed(3, 8)),
    ("international women day", Fixed(3, 8)),
    ("men day", Fixed(11, 19)),
    ("international men day", Fixed(11, 19)),
    ("abraham lincoln birthday", Fixed(2, 12)),
    ("washington birthday", Nth(2, Weekday::Monday, 3)),
    ("indigenous people day", Nth(10, Weekday::Monday, 2)),
    ("martin luther king junior day", Nth(1, Weekday::Monday, 3)),
    ("national sibling day", Fixed(4, 10)),
    ("national siblings day", Fixed(4, 10)),
    ("saint nicholas day", Fixed(12, 6)),
    ("orthodox christmas day", Fixed(1, 7)),
    ("orthodox new year", Fixed(1, 14)),
    ("christmas day eve", Fixed(12, 24)),
    ("easter sun", Easter(0)),
    ("holy friday", Easter(-2)),
    ("great friday", Easter(-2)),
    ("holy thu", Easter(-3)),
    ("white monday", Easter(50)),
    ("shrove monday", Easter(-48)),
    ("commonwealth day", Nth(3, Weekday::Monday, 2)),
];

type Named = Vec<(Vec<&'static str>, When)>;

/// Feasts by the first word of their names, longer names first.
static BY_WORD: LazyLock<HashMap<&str, Named>> = LazyLock::new(|| {
    let mut map: HashMap<&str, Named> = HashMap::new();
    for (name, when) in FEASTS {
        let words: Vec<&str> = name.split(' ').collect();
        if let Some(first) = words.first() {
            map.entry(first).or_default().push((words, *when));
        }
    }
    map.values_mut().for_each(|named| named.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
    map
});

/// The words with which the names of feasts and seasons begin.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    let seasons = SEASONS.iter().flat_map(|(names, _)| names.split(' '));
    FEASTS.iter().filter_map(|(name, _)| name.split(' ').next()).chain(seasons)
}

impl When {
    fn in_year(self, year: i64) -> Option<Date> {
        match self {
            Fixed(month, day) => date(year, month, day),
            Nth(month, day, -1) => {
                let next = add(date(year, month, 1)?, 1, Unit::Month)?;
                add(on_or_after(next, day)?, -7, Unit::Day)
            }
            Nth(month, day, n) => add(on_or_after(date(year, month, 1)?, day)?, 7 * (n - 1), Unit::Day),
            Easter(days) => add(easter(year)?, days, Unit::Day),
            AfterThanksgiving(days) => add(Nth(11, Weekday::Thursday, 4).in_year(year)?, days, Unit::Day),
            Koningsdag => {
                let day = date(year, 4, 27)?;
                if day.weekday() == Weekday::Sunday { add(day, -1, Unit::Day) } else { Some(day) }
            }
        }
    }
}

/// A feast of every year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feast {
    when: When,
    /// Days it lasts.
    days: i64,
    long_weekend: Option<Weekend>,
}

impl Feast {
    pub(super) fn in_year(self, year: i64) -> Option<Slot> {
        let start = self.when.in_year(year)?;
        match self.long_weekend {
            Some(Weekend::FridayEvening) => {
                let friday = add(start, -3, Unit::Day)?.at(18, 0, 0, 0);
                Some(Slot::span(friday, midnight(add(start, 1, Unit::Day)?), Grain::Hour))
            }
            Some(Weekend::Saturday) => {
                Some(Slot::days(add(start, -2, Unit::Day)?, add(start, 1, Unit::Day)?, Grain::Day))
            }
            None if self.days == 1 => Slot::day(start),
            None => Some(Slot::days(start, add(start, self.days, Unit::Day)?, Grain::Day)),
        }
    }
}

impl Parser<'_> {
    /// "Christmas", "last Easter", "Memorial Day 2027", "Labor Day weekend".
    pub(super) fn feast(&self, at: usize) -> Option<(usize, Dated)> {
        let (place, turn) = self.turn_before(at);
        let (next, series) = self.feast_series(place)?;
        // "New year" alone is a wish, "Lent" without a year a verb.
        let (after, year) = self.year_after(next, false);
        let doubtful = matches!(self.word(next - 1), "year" | "years" | "lent" | "holi")
            && self.word(place) != "chinese";
        let (before, _) = self.before(at);
        let led = matches!(before, "before" | "after" | "until" | "since" | "by" | "during" | "around");
        if doubtful
            && !led
            && year.is_none()
            && turn.is_none_or(|turn| turn != Turn::Last)
            && !self.year_turn_behind(next)
        {
            return None;
        }
        if let Some(year) = year {
            return Some((after, Dated::once(series.in_year(year)?, Rank::Day)));
        }
        match turn {
            Some(turn) => Some((next, self.turned_series(turn, series, Rank::Day)?)),
            None => Some((next, Dated::new(series, Rank::Day, Near::Coming))),
        }
    }

    /// "… of next year", "… in two years".
    fn year_turn_behind(&self, at: usize) -> bool {
        let of = at + usize::from(matches!(self.word(at), "of" | "in"));
        self.turned(of).is_some_and(|(_, whole)| whole.rank == Rank::Year) || self.counted(at).is_some()
    }

    /// A feast by its name.
    pub(super) fn feast_series(&self, at: usize) -> Option<(usize, Series)> {
        let named = BY_WORD.get(self.word(at))?;
        named.iter().find_map(|(words, when)| {
            let mut place = at;
            for (index, word) in words.iter().enumerate() {
                (self.word(place) == *word).then_some(())?;
                place += 1;
                // "Mothers' Day", "Mother's Day", "Martin Luther King Jr. Day", "Ratha-Yatra".
                let inside = index + 1 < words.len();
                let sign = inside && matches!(self.sign(place), "'" | "." | "-" | ",");
                let owner = inside || word.starts_with("valentine") || *word == "year";
                place += usize::from(sign || (owner && self.word(place) == "'s"));
            }
            let weekend = self.weekend_word(place).filter(|_| self.word(place - 1) == "day");
            let long_weekend = weekend.map(|_| self.convention.weekend);
            let feast = Feast { when: *when, days: 1, long_weekend };
            Some((weekend.unwrap_or(place), Series::Feast(feast)))
        })
    }

    /// "this summer", "next winter", "summer 2027": from the day the season begins to the day the
    /// next one does.
    ///
    /// # Source
    /// The mean days of the equinoxes and solstices in the north, as duckling has them.
    pub(super) fn season(&self, at: usize) -> Option<(usize, Dated)> {
        let (place, turn) = self.turn_before(at);
        let begins = is_season(self.word(place), self.is_capital(place))?;
        let ends = match begins.0 {
            3 => (6, 21),
            6 => (9, 24),
            9 => (12, 22),
            _ => (3, 21),
        };
        let series = Series::Season(begins, ends);
        let (after, year) = self.year_after(place + 1, false);
        if let Some(year) = year {
            return Some((after, Dated::once(series.in_year(year)?, Rank::Quarter)));
        }
        let Some(turn) = turn else {
            let (before, _) = self.before(at);
            let led = matches!(before, "in" | "during" | "since" | "until" | "before" | "after" | "by")
                || (before == "the"
                    && matches!(
                        self.word(at.wrapping_sub(2)),
                        "in" | "during" | "since" | "until" | "after"
                    ));
            return led.then(|| (place + 1, Dated::new(series, Rank::Quarter, Near::Coming)));
        };
        let now = self.midnight_of_today();
        let current = series.coming(now)?;
        let slot = match turn {
            // The one that runs, else the coming one, is "this".
            Turn::This => current,
            Turn::Next => series.coming(current.end)?,
            Turn::Last => series.latest(current.start)?,
        };
        Some((place + 1, Dated::once(slot, Rank::Quarter)))
    }
}

/// Seasons with the month and day on which they begin.
const SEASONS: &[(&str, (i8, i8))] = &[
    ("spring fruhling fruhjahr printemps primavera voorjaar lente", (3, 20)),
    ("summer sommer verano zomer verao", (6, 21)),
    ("autumn fall herbst automne otono autunno herfst outono", (9, 23)),
    ("winter hiver invierno inverno", (12, 21)),
];

/// Month and day on which a season begins; "fall" is a verb unless it is written large.
fn is_season(word: &str, capital: bool) -> Option<(i8, i8)> {
    let found = SEASONS.iter().find(|(names, _)| names.split(' ').any(|name| name == word))?;
    (word != "fall" || capital).then_some(found.1)
}

/// Western Easter.
///
/// # Source
/// Butcher's algorithm (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i64) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    date(year, n / 31, n % 31 + 1)
}
