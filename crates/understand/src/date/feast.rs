//! Feasts and seasons by rule: fixed days, counted weekdays, days from Easter.
//!
//! Only feasts with a rule in the Gregorian calendar; feasts of the moon would need tables that nobody
//! checks, so they are no dates here.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};

use super::Parser;
use super::day::{Days, add, before, date, on_or_after, step};
use super::words::{Turn, Unit, turn, unit};

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

/// Whether a feast's name or a season begins with this folded word.
pub(super) fn begins_feast(word: &str) -> bool {
    is_season(word).is_some() || BY_WORD.contains_key(bare(word).as_str())
}

fn bare(word: &str) -> String {
    word.replace('\'', "")
}

impl When {
    fn in_year(self, year: i64) -> Option<Date> {
        match self {
            Fixed(month, day) => date(year, month, day),
            Nth(month, day, -1) => {
                let next = add(date(year, month, 1)?, 1, Unit::Month)?;
                before(next, day)
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

impl Parser<'_> {
    /// "Christmas", "last Easter", "Memorial Day 2027", "Thanksgiving of next year", "Easter in two
    /// years". Without a year the coming one.
    pub(super) fn feast(&self, at: usize) -> Option<(usize, Days)> {
        let moved = turn(self.word(at));
        let (next, when) = self.feast_name(at + usize::from(moved.is_some()))?;
        let this = i64::from(self.today().year());
        let (after, year) = self.feast_year(next);
        let today = self.today();
        let found = match (year, moved) {
            (Some(year), _) => when.in_year(year)?,
            (None, Some(Turn::Last)) => {
                when.in_year(this).filter(|date| *date < today).or_else(|| when.in_year(this - 1))?
            }
            (None, Some(Turn::This)) => when.in_year(this)?,
            (None, Some(Turn::Next) | None) => {
                when.in_year(this).filter(|date| *date >= today).or_else(|| when.in_year(this + 1))?
            }
        };
        Some((after, Days::day(found)))
    }

    fn feast_name(&self, at: usize) -> Option<(usize, When)> {
        let named = BY_WORD.get(bare(self.word(at)).as_str())?;
        named.iter().find_map(|(words, when)| {
            let mut place = at;
            for word in words {
                (bare(self.word(place)) == *word).then_some(())?;
                place += 1;
                // "Mothers' Day", "Martin Luther King Jr. Day".
                if matches!(self.sign(place), "\'" | ".") && place < at + words.len() {
                    place += 1;
                }
            }
            // "New year" alone is a wish.
            let wished = words.last() == Some(&"year") || words.last() == Some(&"years");
            let dated = self.feast_year(place).1.is_some();
            (!wished || dated || turn(self.word(at.checked_sub(1)?)) == Some(Turn::Last))
                .then_some((place, *when))
        })
    }

    /// A year behind a feast, also counted: "in two years", "1 year ago".
    fn feast_year(&self, at: usize) -> (usize, Option<i64>) {
        let (after, year) = self.year_after(at);
        if year.is_some() {
            return (after, year);
        }
        let this = i64::from(self.today().year());
        let counted = |from: usize| {
            self.count(from)
                .filter(|(next, _)| unit(self.word(*next)) == Some(Unit::Year))
                .map(|(next, n)| (next + 1, n))
        };
        if self.word(at) == "in"
            && let Some((next, count)) = counted(at + 1)
        {
            return (next, Some(this + count));
        }
        match counted(at) {
            Some((next, count)) if self.word(next) == "ago" => (next + 1, Some(this - count)),
            Some(_) | None => (at, None),
        }
    }

    /// "this summer", "next winter", "summer 2027": from the day the season begins to the day the
    /// next one does.
    ///
    /// # Source
    /// The mean days of the equinoxes and solstices in the north, as duckling has them.
    pub(super) fn season(&self, at: usize) -> Option<(usize, Days)> {
        let moved = turn(self.word(at));
        let place = at + usize::from(moved.is_some());
        let (month, day) = is_season(self.word(place))?;
        let (after, year) = self.year_after(place + 1);
        let this = i64::from(self.today().year());
        let ends = |start: Date| {
            let shift = match month {
                3 => (6, 21, 0),
                6 => (9, 24, 0),
                9 => (12, 22, 0),
                _ => (3, 21, 1),
            };
            date(i64::from(start.year()) + shift.2, shift.0, shift.1)
        };
        let of = |year: i64| {
            let start = date(year, month, day)?;
            Some((start, ends(start)?))
        };
        let (start, end) = match (year, moved) {
            (Some(year), _) if self.word(place + 1) != "in" || moved.is_none() => of(year)?,
            (_, Some(moved)) => {
                // The one that runs, else the coming one, is "this".
                let current = [this - 1, this, this + 1]
                    .into_iter()
                    .filter_map(of)
                    .find(|(_, end)| *end > self.today())?;
                of(i64::from(current.0.year()) + step(moved))?
            }
            (Some(_) | None, None) => return None,
        };
        let after = if year.is_some() { after } else { place + 1 };
        Some((after, Days::range(start, end)))
    }
}

/// Month and day on which a season begins.
fn is_season(word: &str) -> Option<(i64, i64)> {
    Some(match word {
        "spring" | "fruhling" | "fruhjahr" | "printemps" | "primavera" | "voorjaar" => (3, 20),
        "summer" | "sommer" | "verano" | "zomer" | "verao" => (6, 21),
        "autumn" | "herbst" | "automne" | "otono" | "autunno" | "herfst" | "outono" => (9, 23),
        "winter" | "hiver" | "invierno" | "inverno" => (12, 21),
        _ => return None,
    })
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
