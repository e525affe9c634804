//! Days, weeks, months, quarters, years, and their ends.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Parser;
use super::token::Kind;
use super::words::{
    Turn, Unit, cardinal, day_part, month, month_is_a_word, ordinal, relative_day, turn, unit, weekday,
    weekday_needs_help,
};
use crate::reading::Grain;

/// A stretch of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) start: Date,
    /// Exclusive; `None` for one unit of the grain.
    pub(super) end: Option<Date>,
    pub(super) grain: Grain,
}

impl Days {
    pub(super) fn day(start: Date) -> Self {
        Self { start, end: None, grain: Grain::Day }
    }

    pub(super) fn unit(start: Date, grain: Grain) -> Self {
        Self { start, end: None, grain }
    }

    pub(super) fn range(start: Date, end: Date) -> Self {
        Self { start, end: Some(end), grain: Grain::Day }
    }

    /// The first day after it.
    pub(super) fn after(self) -> Option<Date> {
        if let Some(end) = self.end {
            return Some(end);
        }
        match self.grain {
            Grain::Minute | Grain::Hour | Grain::DayPart | Grain::Day => self.start.tomorrow().ok(),
            Grain::Week => add(self.start, 1, Unit::Week),
            Grain::Month => add(self.start, 1, Unit::Month),
            Grain::Quarter => add(self.start, 1, Unit::Quarter),
            Grain::Year => add(self.start, 1, Unit::Year),
        }
    }
}

/// `date` moved by `count` units.
pub(super) fn add(date: Date, count: i64, unit: Unit) -> Option<Date> {
    let days = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => return Some(date),
        Unit::WorkingDay => return working_days(date, count),
        Unit::Day => count.days(),
        Unit::Week => (7 * count.clamp(-9_999, 9_999)).days(),
        Unit::Fortnight => (14 * count.clamp(-9_999, 9_999)).days(),
        Unit::Month => i32::try_from(count).ok().filter(|n| n.abs() < 9_999)?.months(),
        Unit::Quarter => i32::try_from(count).ok().filter(|n| n.abs() < 9_999).map(|n| 3 * n)?.months(),
        Unit::Year => i32::try_from(count).ok().filter(|n| n.abs() < 9_999)?.years(),
    };
    date.checked_add(days).ok()
}

fn working_days(mut date: Date, count: i64) -> Option<Date> {
    for _ in 0..count.clamp(0, 400) {
        date = date.tomorrow().ok()?;
        while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            date = date.tomorrow().ok()?;
        }
    }
    Some(date)
}

fn monday_of(date: Date) -> Option<Date> {
    add(date, -i64::from(date.weekday().to_monday_zero_offset()), Unit::Day)
}

fn first_of(date: Date, unit: Unit) -> Option<Date> {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::WorkingDay => Some(date),
        Unit::Week | Unit::Fortnight => monday_of(date),
        Unit::Month => Some(date.first_of_month()),
        Unit::Quarter => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok(),
        Unit::Year => Some(date.first_of_year()),
    }
}

fn grain_of(unit: Unit) -> Grain {
    match unit {
        Unit::Second | Unit::Minute => Grain::Minute,
        Unit::Hour => Grain::Hour,
        Unit::Day | Unit::WorkingDay => Grain::Day,
        Unit::Week | Unit::Fortnight => Grain::Week,
        Unit::Month => Grain::Month,
        Unit::Quarter => Grain::Quarter,
        Unit::Year => Grain::Year,
    }
}

impl Parser<'_> {
    /// A stretch of days at token `at`; the place after it.
    pub(super) fn days(&self, at: usize) -> Option<(usize, Days)> {
        let at =
            if matches!(self.word(at), "the" | "le" | "el" | "den" | "der" | "dem" | "l" | "de" | "o" | "il")
                && self.len() > at + 1
            {
                at + 1
            } else {
                at
            };
        self.part_of_stretch(at)
            .or_else(|| self.numeric(at))
            .or_else(|| self.nth(at))
            .or_else(|| self.calendar_day(at))
            .or_else(|| self.feast(at))
            .or_else(|| self.season(at))
            .or_else(|| self.weekday_phrase(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.counted(at))
            .or_else(|| self.turned(at))
            .or_else(|| self.short_words(at))
            .or_else(|| self.month_or_year(at))
    }

    fn relative(&self, at: usize) -> Option<(usize, Days)> {
        match (self.word(at), self.word(at + 1)) {
            ("day", "after") if relative_day(self.word(at + 2)) == Some(1) => {
                return Some((at + 3, Days::day(add(self.today(), 2, Unit::Day)?)));
            }
            ("day", "before") if relative_day(self.word(at + 2)) == Some(-1) => {
                return Some((at + 3, Days::day(add(self.today(), -2, Unit::Day)?)));
            }
            ("pasado", "manana") => return Some((at + 2, Days::day(add(self.today(), 2, Unit::Day)?))),
            ("depois", "de") if self.word(at + 2) == "amanha" => {
                return Some((at + 3, Days::day(add(self.today(), 2, Unit::Day)?)));
            }
            _ => {}
        }
        // "in the morning" of Spanish and Portuguese is not tomorrow.
        if self.word(at) == "manana" && at > 0 && matches!(self.word(at - 1), "la" | "esta") {
            return None;
        }
        if self.word(at) == "tonight" {
            return None;
        }
        let days = relative_day(self.word(at))?;
        Some((at + 1, Days::day(add(self.today(), days, Unit::Day)?)))
    }

    /// "Friday", "next Tuesday", "Monday, Feb 18", "Tuesday the 19th", "Wednesday of this week",
    /// "Monday week", "lunes que viene", "vendredi prochain".
    pub(super) fn weekday_phrase(&self, at: usize) -> Option<(usize, Days)> {
        let mut next = at;
        let mut moved = None;
        if let Some(found) = turn(self.word(next))
            && weekday(self.word(next + 1)).is_some()
        {
            moved = Some(found);
            next += 1;
            if self.word(at) == "this" && turn(self.word(next)).is_some() {
                next += 1;
            }
        }
        let word = self.word(next);
        let day = weekday(word)?;
        if moved.is_none() && weekday_needs_help(word) && !self.helped(next) {
            return None;
        }
        next += 1;
        if self.sign(next) == "-" && self.word(next + 1) == "feira" {
            next += 2;
        }
        if word.len() <= 5
            && self.sign(next) == "."
            && self.touches(next)
            && self.token(next + 1).is_none_or(|t| t.text != ".")
        {
            // The stop of "Thu." belongs to it only inside a phrase or at the end of the text.
            if self.len() == next + 1 || self.number(next + 1).is_some() {
                next += 1;
            }
        }
        if moved.is_none() {
            let comma = next + usize::from(matches!(self.sign(next), "," | "("));
            let place = if matches!(self.word(comma), "the" | "den" | "dem" | "le" | "el" | "il") {
                comma + 1
            } else {
                comma
            };
            if let Some((after, days)) = self.calendar_day(place).or_else(|| self.numeric(place))
                && days.end.is_none()
            {
                let after = if self.sign(next) == "(" { self.skip_sign(after, ")").0 } else { after };
                let has_year = days.start.weekday() == day;
                let start = if has_year {
                    days.start
                } else {
                    self.fitting_year(days.start.month(), i64::from(days.start.day()), day)?
                };
                return Some((after, Days::day(start)));
            }
            if let Some(number) = self.number(place).filter(|n| (1..=31).contains(n))
                && (self.is_ordinal_end(place + 1))
            {
                let mut first = self.today().first_of_month();
                for _ in 0..24 {
                    if let Ok(candidate) = Date::new(first.year(), first.month(), i8::try_from(number).ok()?)
                        && candidate >= self.today()
                        && candidate.weekday() == day
                    {
                        return Some((place + 2, Days::day(candidate)));
                    }
                    first = add(first, 1, Unit::Month)?;
                }
            }
            let of = if matches!(self.word(next), "of" | "in" | "the" | "der") { next + 1 } else { next };
            if let Some(found) = turn(self.word(of)) {
                if unit(self.word(of + 1)) == Some(Unit::Week) {
                    let monday = add(monday_of(self.today())?, 7 * step(found), Unit::Day)?;
                    return Some((
                        of + 2,
                        Days::day(add(monday, i64::from(day.to_monday_zero_offset()), Unit::Day)?),
                    ));
                }
                // Romance languages put the word behind: "vendredi prochain", "viernes pasado".
                if of == next
                    && !matches!(
                        self.word(of),
                        "next" | "last" | "this" | "past" | "previous" | "ce" | "este" | "esta" | "current"
                    )
                {
                    return Some((of + 1, Days::day(self.turned_weekday(found, day)?)));
                }
            }
            if self.word(next) == "que" && turn(self.word(next + 1)).is_some() {
                return Some((next + 2, Days::day(self.turned_weekday(Turn::Next, day)?)));
            }
            if self.word(next) == "week" {
                return Some((next + 1, Days::day(add(self.coming(day)?, 7, Unit::Day)?)));
            }
            return Some((next, Days::day(self.coming(day)?)));
        }
        Some((next, Days::day(self.turned_weekday(moved?, day)?)))
    }

    /// Whether a short weekday is one: a preposition before, a date or time behind, or nothing else.
    fn helped(&self, at: usize) -> bool {
        let before = if at > 0 { self.word(at - 1) } else { "" };
        let behind = self.sign(at + 1) == "-" && self.word(at + 2) == "feira";
        let near = self.number(at + 1).is_some()
            || (self.sign(at + 1) == ","
                && (self.number(at + 2).is_some() || month(self.word(at + 2)).is_some()));
        let month_next = month(self.word(at + 1)).is_some();
        let alone = at == 0 && (self.len() == 1 || (self.len() == 2 && self.sign(1) == "."));
        behind
            || near
            || month_next
            || alone
            || matches!(
                before,
                "on" | "by"
                    | "until"
                    | "till"
                    | "before"
                    | "next"
                    | "this"
                    | "last"
                    | "ate"
                    | "na"
                    | "esta"
                    | "proxima"
                    | "for"
                    | "closest"
            )
            || (at >= 2
                && matches!(self.sign(at - 1), "/" | "-" | ",")
                && weekday(self.word(at - 2)).is_some())
            || (matches!(self.word(at + 1), "at" | "morning" | "afternoon" | "evening")
                && before != "i"
                && before != "we")
    }

    fn coming(&self, day: Weekday) -> Option<Date> {
        on_or_after(self.today().tomorrow().ok()?, day)
    }

    /// "next" is of the next week, "this" the coming one (today counts), "last" the one before today.
    fn turned_weekday(&self, moved: Turn, day: Weekday) -> Option<Date> {
        match moved {
            Turn::Next => add(
                add(monday_of(self.today())?, 7, Unit::Day)?,
                i64::from(day.to_monday_zero_offset()),
                Unit::Day,
            ),
            Turn::This => on_or_after(self.today(), day),
            Turn::Last => before(self.today(), day),
        }
    }

    /// "in two weeks", "3 days ago", "a week from now", "two Fridays from now", "vor 3 Tagen", "dans deux semaines".
    fn counted(&self, at: usize) -> Option<(usize, Days)> {
        let lead = matches!(
            self.word(at),
            "in" | "within"
                | "dans"
                | "en"
                | "tra"
                | "fra"
                | "over"
                | "em"
                | "daqui"
                | "innerhalb"
                | "binnen"
        );
        let ago_lead = matches!(self.word(at), "vor")
            || (self.word(at) == "il" && self.word(at + 1) == "y")
            || matches!(self.word(at), "hace" | "ha");
        let mut next = at + usize::from(lead || ago_lead);
        if self.word(at) == "il" {
            next = at + 3;
        }
        if matches!(self.word(next), "about" | "around" | "exactly" | "the" | "a" | "etwa" | "von")
            && self.number(next + 1).or_else(|| cardinal(self.word(next + 1))).is_some()
        {
            next += 1;
        }
        let (mut next, count) = self.count(next)?;
        if self.word(next) == "of" {
            next += 1;
        }
        if matches!(self.word(next), "business" | "working") {
            let count_days = unit(self.word(next + 1)) == Some(Unit::Day);
            return (count_days && (lead || self.word(next + 2) == "from")).then_some(()).and_then(|()| {
                Some((
                    next + 2 + if self.word(next + 2) == "from" { 2 } else { 0 },
                    Days::day(working_days(self.today(), count)?),
                ))
            });
        }
        let day = weekday(self.word(next));
        let what = unit(self.word(next));
        if day.is_none() && what.is_none() {
            return None;
        }
        let mut after = next + 1;
        let mut sign = None;
        match self.word(after) {
            "ago" | "back" | "fa" | "geleden" | "atras" => {
                sign = Some(-1);
                after += 1;
            }
            "hence" | "later" => {
                sign = Some(1);
                after += 1;
            }
            "from" if matches!(self.word(after + 1), "now" | "today") => {
                sign = Some(1);
                after += 2;
            }
            "from" if self.word(after + 1) == "right" => {
                sign = Some(1);
                after += 3;
            }
            _ if lead => sign = Some(1),
            _ if ago_lead => sign = Some(-1),
            _ => {}
        }
        let sign = sign?;
        if let Some(day) = day {
            let first = if sign > 0 { self.coming(day)? } else { before(self.today(), day)? };
            return Some((after, Days::day(add(first, sign * 7 * (count - 1), Unit::Day)?)));
        }
        let what = what?;
        let moved = add(self.today(), sign * count, what)?;
        let found = match what {
            Unit::Second | Unit::Minute | Unit::Hour => return None,
            Unit::Day | Unit::WorkingDay | Unit::Week | Unit::Fortnight => Days::day(moved),
            Unit::Month => Days::day(moved),
            Unit::Quarter => Days::unit(moved.first_of_month(), Grain::Month),
            Unit::Year => Days::unit(moved.first_of_month(), Grain::Month),
        };
        let today_named = matches!(self.word(after - 1), "today");
        Some((after, if today_named { Days::day(moved) } else { found }))
    }

    /// A count: "3", "three", "a", "a few", "a couple of".
    pub(super) fn count(&self, at: usize) -> Option<(usize, i64)> {
        if let Some(number) = self.number(at) {
            let decimal = self.sign(at + 1) == "." && self.touches(at + 1) && self.number(at + 2).is_some();
            return (!decimal && number < 10_000).then_some((at + 1, number));
        }
        let mut next = at;
        if matches!(self.word(next), "a" | "an") {
            if cardinal(self.word(next + 1)).is_none() {
                return Some((next + 1, 1));
            }
            next += 1;
        }
        let count = cardinal(self.word(next))?;
        let of = usize::from(self.word(next) == "couple" && self.word(next + 1) == "of");
        Some((next + 1 + of, count))
    }

    /// "next week", "this month", "last year", "past 2 days", "next 3 weeks", "nächste Woche",
    /// "la semaine prochaine", "this weekend", "this summer".
    pub(super) fn turned(&self, at: usize) -> Option<(usize, Days)> {
        if let Some(moved) = turn(self.word(at)) {
            let mut next = at + 1;
            if self.word(at) == "this" && matches!(turn(self.word(next)), Some(Turn::Next | Turn::Last)) {
                let (after, days) = self.turned(next)?;
                return Some((after, days));
            }
            if self.word(next) == "calendar" {
                next += 1;
            }
            if let Some((after, count)) = self.count(next)
                && let Some(what) =
                    unit(self.word(after)).filter(|_| moved != Turn::This && self.word(next) != "a")
            {
                return Some((after + 1, self.run_of(moved, count, what)?));
            }
            if let Some((after, days)) = self.weekend(next, moved) {
                return Some((after, days));
            }
            if let Some(what) = unit(self.word(next)) {
                return Some((next + 1, self.one_of(moved, what)?));
            }
            if let Some(found) = month(self.word(next)) {
                let year = i64::from(self.today().year());
                let this_year = date(year, i64::from(found), 1)?;
                let first = self.today().first_of_month();
                let start = match moved {
                    Turn::Next if this_year <= first => date(year + 1, i64::from(found), 1)?,
                    Turn::Last if this_year >= first => date(year - 1, i64::from(found), 1)?,
                    Turn::Next | Turn::Last | Turn::This => this_year,
                };
                return Some((next + 1, Days::unit(start, Grain::Month)));
            }
            return None;
        }
        // "two upcoming weeks", "week after next"
        if let Some((after, count)) = self.count(at)
            && let Some(moved) = turn(self.word(after)).filter(|moved| *moved != Turn::This)
            && let Some(what) = unit(self.word(after + 1))
        {
            return Some((after + 2, self.run_of(moved, count, what)?));
        }
        if let Some(what) = unit(self.word(at)) {
            if self.word(at + 1) == "after" && turn(self.word(at + 2)) == Some(Turn::Next) {
                return Some((
                    at + 3,
                    Days::unit(add(first_of(self.today(), what)?, 2, what)?, grain_of(what)),
                ));
            }
            let behind = if self.word(at + 1) == "que" { at + 2 } else { at + 1 };
            if matches!(
                self.word(at),
                "semaine"
                    | "mois"
                    | "annee"
                    | "semana"
                    | "mes"
                    | "ano"
                    | "settimana"
                    | "mese"
                    | "anno"
                    | "trimestre"
                    | "an"
            ) && let Some(moved) = turn(self.word(behind))
            {
                return Some((behind + 1, self.one_of(moved, what)?));
            }
        }
        if month(self.word(at)).is_some() && self.word(at + 1) == "after" && self.word(at + 2) == "next" {
            let (_, first) = self.month_or_year_of(at, true)?;
            return Some((at + 3, Days::unit(add(first.start, 1, Unit::Year)?, Grain::Month)));
        }
        None
    }

    fn one_of(&self, moved: Turn, what: Unit) -> Option<Days> {
        match what {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::WorkingDay => None,
            Unit::Day | Unit::Week | Unit::Fortnight | Unit::Month | Unit::Quarter | Unit::Year => {
                Some(Days::unit(add(first_of(self.today(), what)?, step(moved), what)?, grain_of(what)))
            }
        }
    }

    fn run_of(&self, moved: Turn, count: i64, what: Unit) -> Option<Days> {
        if matches!(what, Unit::Second | Unit::Minute | Unit::Hour) {
            return None;
        }
        let base = first_of(self.today(), what)?;
        let (start, end) = match moved {
            Turn::Next => (add(base, 1, what)?, add(base, count + 1, what)?),
            Turn::Last => (add(base, -count, what)?, base),
            Turn::This => return None,
        };
        Some(Days { start, end: Some(end), grain: grain_of(what) })
    }

    fn weekend(&self, at: usize, moved: Turn) -> Option<(usize, Days)> {
        let next = match (self.word(at), self.sign(at + 1), self.word(at + 1)) {
            ("weekend" | "wochenende" | "wkend", _, _) => at + 1,
            ("week", "-", _) if self.word(at + 2) == "end" => at + 3,
            ("week", _, "end") => at + 2,
            _ => return None,
        };
        let saturday = add(monday_of(self.today())?, 5 + 7 * step(moved), Unit::Day)?;
        Some((next, Days::range(saturday, add(saturday, 2, Unit::Day)?)))
    }

    /// "end of the month", "beginning of 2017", "mid January", "early March", "rest of the week", "Ende November", "fin de mes".
    fn part_of_stretch(&self, at: usize) -> Option<(usize, Days)> {
        let which = match self.word(at) {
            "end" | "ende" | "fin" | "final" | "finales" | "fine" | "eind" | "late" | "fim" | "finals" => {
                Part::End
            }
            "beginning" | "start" | "anfang" | "debut" | "principios" | "inizio" | "begin" | "early"
            | "inicio" => Part::Start,
            "middle" | "mid" | "mitte" | "mi" | "mediados" | "meta" | "medio" | "meados" => Part::Middle,
            "rest" if self.word(at + 1) == "of" => Part::Rest,
            _ => return None,
        };
        let mut next = at + 1;
        while matches!(
            self.word(next),
            "of" | "the" | "de" | "del" | "der" | "des" | "di" | "du" | "van" | "around" | "la" | "do" | "in"
        ) || (which == Part::Middle && self.sign(next) == "-")
        {
            next += 1;
        }
        let near = matches!(
            self.word(at),
            "early"
                | "late"
                | "mid"
                | "mi"
                | "end"
                | "ende"
                | "fin"
                | "anfang"
                | "mitte"
                | "eind"
                | "fine"
                | "debut"
        ) || next > at + 1;
        let (after, whole) = match unit(self.word(next)).filter(|_| near) {
            Some(what @ (Unit::Week | Unit::Month | Unit::Quarter | Unit::Year))
                if !matches!(turn(self.word(next + 1)), Some(Turn::Next | Turn::Last))
                    || matches!(self.word(next), "week" | "month" | "year") =>
            {
                (next + 1, Days::unit(first_of(self.today(), what)?, grain_of(what)))
            }
            Some(Unit::Day) if which == Part::End && next > at + 1 => {
                return Some((next + 1, Days::day(self.today())));
            }
            _ => self
                .turned(next)
                .or_else(|| self.relative(next))
                .or_else(|| self.weekday_phrase(next))
                .or_else(|| self.month_or_year_of(next, true))?,
        };
        let end = whole.after()?;
        let start = whole.start;
        let found = match (which, whole.grain) {
            (_, Grain::Day | Grain::DayPart | Grain::Hour | Grain::Minute) => Days::day(start),
            (Part::Rest, _) => Days::range(self.today(), end),
            (Part::Start, Grain::Week) => Days::range(start, add(start, 3, Unit::Day)?),
            (Part::Middle, Grain::Week) => Days::range(add(start, 2, Unit::Day)?, add(start, 4, Unit::Day)?),
            (Part::End, Grain::Week) => Days::range(add(start, 4, Unit::Day)?, end),
            (Part::Start, Grain::Month) => Days::range(start, add(start, 10, Unit::Day)?),
            (Part::Middle, Grain::Month) => {
                Days::range(add(start, 10, Unit::Day)?, add(start, 20, Unit::Day)?)
            }
            (Part::End, Grain::Month) => Days::range(add(start, 20, Unit::Day)?, end),
            (Part::Start, Grain::Quarter | Grain::Year) => Days {
                start,
                end: add(start, if whole.grain == Grain::Year { 3 } else { 1 }, Unit::Month),
                grain: Grain::Month,
            },
            (Part::Middle, Grain::Quarter | Grain::Year) => {
                let shift = if whole.grain == Grain::Year { 4 } else { 1 };
                Days {
                    start: add(start, shift, Unit::Month)?,
                    end: add(end, -shift, Unit::Month),
                    grain: Grain::Month,
                }
            }
            (Part::End, Grain::Quarter | Grain::Year) => {
                let shift = if whole.grain == Grain::Year { -4 } else { -1 };
                Days { start: add(end, shift, Unit::Month)?, end: Some(end), grain: Grain::Month }
            }
        };
        Some((after, found))
    }

    /// EOD, COB, EOW, EOM, EOY, "weekend", "Q3 2026", "4th quarter 2018".
    fn short_words(&self, at: usize) -> Option<(usize, Days)> {
        let today = self.today();
        match self.word(at) {
            "eod" | "cob" | "eob" => {
                let of = if matches!(self.word(at + 1), "on" | "of") { at + 2 } else { at + 1 };
                let named = self
                    .weekday_phrase(of)
                    .or_else(|| self.relative(of))
                    .or_else(|| self.calendar_day(of))
                    .or_else(|| self.numeric(of));
                return named
                    .filter(|(_, days)| days.grain == Grain::Day)
                    .or(Some((at + 1, Days::day(today))));
            }
            "eow" => {
                let monday = monday_of(today)?;
                return Some((at + 1, Days::range(add(monday, 4, Unit::Day)?, add(monday, 7, Unit::Day)?)));
            }
            "eom" => {
                let first = today.first_of_month();
                return Some((at + 1, Days::range(add(first, 20, Unit::Day)?, add(first, 1, Unit::Month)?)));
            }
            "eoy" => {
                let end = add(today.first_of_year(), 1, Unit::Year)?;
                return Some((
                    at + 1,
                    Days { start: add(end, -4, Unit::Month)?, end: Some(end), grain: Grain::Month },
                ));
            }
            "weekend" | "wochenende"
                if at > 0 && matches!(self.word(at - 1), "the" | "am" | "over" | "le" | "het") =>
            {
                return self.weekend(at, Turn::This);
            }
            "q" | "kw" => {
                let number = self.number(at + 1).filter(|_| self.touches(at + 1))?;
                let (after, year) = self.year_after(at + 2);
                let year = year.unwrap_or_else(|| i64::from(today.year()));
                if self.word(at) == "kw" {
                    let first = on_or_after(date(year, 1, 4)?, Weekday::Monday)?;
                    let first = if date(year, 1, 4)?.weekday() == Weekday::Monday {
                        first
                    } else {
                        add(first, -7, Unit::Day)?
                    };
                    return (1..=53).contains(&number).then_some((
                        after,
                        Days::unit(add(first, 7 * (number - 1), Unit::Day)?, Grain::Week),
                    ));
                }
                let start = quarter_start(year, number)?;
                return Some((after, Days::unit(start, Grain::Quarter)));
            }
            _ => {}
        }
        let (next, quarter) = match (self.number(at), ordinal(self.word(at))) {
            (Some(number), _) if self.is_ordinal_end(at + 1) => (at + 2, number),
            (None, Some(number)) => (at + 1, number),
            (Some(_) | None, _) => return None,
        };
        if unit(self.word(next)) != Some(Unit::Quarter) {
            return None;
        }
        let (after, year) = self.year_after(next + 1);
        Some((
            after,
            Days::unit(
                quarter_start(year.unwrap_or_else(|| i64::from(today.year())), quarter)?,
                Grain::Quarter,
            ),
        ))
    }

    /// A month alone, "October 2014", "in 2014".
    fn month_or_year(&self, at: usize) -> Option<(usize, Days)> {
        self.month_or_year_of(at, false)
    }

    pub(super) fn month_or_year_of(&self, at: usize, led: bool) -> Option<(usize, Days)> {
        let before = if at > 0 { self.word(at - 1) } else { "" };
        let led = led
            || matches!(
                before,
                "in" | "by"
                    | "since"
                    | "until"
                    | "till"
                    | "before"
                    | "after"
                    | "of"
                    | "im"
                    | "seit"
                    | "en"
                    | "a"
                    | "em"
                    | "from"
                    | "through"
                    | "during"
                    | "for"
            );
        if let Some(found) = month(self.word(at)) {
            let next = at + 1;
            let next =
                if self.sign(next) == "." && self.number(next + 1).is_some() { next + 1 } else { next };
            let (after, year) = self.year_after(next);
            let alone = self.len() == 1;
            let capital = self.is_capital(at);
            let word = month_is_a_word(self.word(at));
            let good = year.is_some()
                || alone
                || (capital && !word)
                || (led && capital && !matches!(self.word(next), "i" | "we" | "not"))
                || (led && !word);
            if !good || (self.word(at) == "sept" && !capital) {
                return None;
            }
            let start = match year {
                Some(year) => date(year, i64::from(found), 1)?,
                None => {
                    let this = date(i64::from(self.today().year()), i64::from(found), 1)?;
                    if this < self.today().first_of_month() { add(this, 1, Unit::Year)? } else { this }
                }
            };
            return Some((after, Days::unit(start, Grain::Month)));
        }
        let year = self
            .number(at)
            .filter(|n| (1990..2100).contains(n) && self.token(at).is_some_and(|t| t.text.len() == 4))?;
        let plain = self.token(at + 1).is_none_or(|t| {
            t.kind != Kind::Number
                && !matches!(t.text, "%" | ":" | "/" | "-")
                && !(t.text == "." && self.number(at + 2).is_some())
        });
        let pure = at == 0 || !(self.touches(at) && self.token(at - 1).is_some_and(|t| t.kind == Kind::Sign));
        let counted = self.token(at + 1).is_some_and(|t| {
            t.kind == Kind::Word
                && matches!(
                    t.text,
                    "people" | "users" | "eur" | "usd" | "units" | "hours" | "items" | "euros" | "licences"
                )
        });
        (led && plain && pure && !counted && !matches!(self.word(at + 1), "b" | "bc"))
            .then(|| Some((at + 1, Days::unit(date(year, 1, 1)?, Grain::Year))))?
    }

    /// The part of the day at token `at` ("morning", "in the afternoon"): from and to hour.
    pub(super) fn part(&self, at: usize) -> Option<(usize, (i8, i8))> {
        let mut next = at;
        while matches!(
            self.word(next),
            "in" | "the" | "am" | "por" | "la" | "le" | "de" | "pela" | "at" | "nel" | "matin" | "'s" | "s"
        ) && next < at + 2
        {
            if day_part(self.word(next)).is_some() {
                break;
            }
            next += 1;
        }
        let found = day_part(self.word(next)).or_else(|| match self.word(next) {
            "fruh" => Some((8, 12)),
            "manana" | "manha" if next > at => Some((8, 12)),
            "apres" if self.word(next + 2) == "midi" => Some((12, 19)),
            _ => None,
        })?;
        let after = if self.word(next) == "apres" { next + 3 } else { next + 1 };
        Some((after, found))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Start,
    Middle,
    End,
    Rest,
}

pub(super) fn step(moved: Turn) -> i64 {
    match moved {
        Turn::Last => -1,
        Turn::This => 0,
        Turn::Next => 1,
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

pub(super) fn quarter_start(year: i64, quarter: i64) -> Option<Date> {
    (1..=4).contains(&quarter).then(|| date(year, 3 * quarter - 2, 1)).flatten()
}

pub(super) fn on_or_after(from: Date, day: Weekday) -> Option<Date> {
    let ahead = (i64::from(day.to_monday_zero_offset()) - i64::from(from.weekday().to_monday_zero_offset()))
        .rem_euclid(7);
    add(from, ahead, Unit::Day)
}

pub(super) fn before(from: Date, day: Weekday) -> Option<Date> {
    add(on_or_after(from, day)?, -7, Unit::Day)
}
