//! Days told from today: "tomorrow", "Friday", "next week", "in three days", "the last two months".

use jiff::civil::{Date, DateTime, Weekday};

use super::Parser;
use super::convention::{Counted, Runs, Weekdays, Weekend};
use super::count::Length;
use super::dated::{Dated, Near, Rank, rank_of};
use super::reckon::{add, first_of, floor, grain_of, midnight, monday_of, on_or_after};
use super::series::{Series, Slot};
use super::token::Kind;
use super::words::{Turn, Unit, weekday_is_a_word};
use crate::reading::Grain;

impl Parser<'_> {
    /// "today", "tomorrow", "the day after tomorrow", "übermorgen", "pasado mañana".
    pub(super) fn relative_day(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(self.word(at) == "the");
        let fixed = |next: usize, days: i64| Some((next, Dated::day(add(self.today(), days, Unit::Day)?)?));
        match (self.word(the), self.word(the + 1)) {
            ("day", "after") if self.entry(the + 2).relative == Some(1) => return fixed(the + 3, 2),
            ("day", "before") if self.entry(the + 2).relative == Some(-1) => return fixed(the + 3, -2),
            ("pasado", "manana") => return fixed(the + 2, 2),
            ("depois", "de") if self.word(the + 2) == "amanha" => return fixed(the + 3, 2),
            ("apres", _) if self.sign(the + 1) == "-" && self.word(the + 2) == "demain" => {
                return fixed(the + 3, 2);
            }
            ("avant", _) if self.sign(the + 1) == "-" && self.word(the + 2) == "hier" => {
                return fixed(the + 3, -2);
            }
            _ => {}
        }
        let days = self.entry(at).relative?;
        let word = self.word(at);
        let (before, _) = self.before(at);
        let other = match word {
            // "in the morning" of Spanish and Portuguese is not tomorrow.
            "manana" => matches!(before, "la" | "esta" | "de") || self.is_language("en"),
            "hier" => !self.is_language("fr"),
            "morgen" => {
                matches!(
                    before,
                    "guten"
                        | "schonen"
                        | "am"
                        | "heute"
                        | "gestern"
                        | "jeden"
                        | "goede"
                        | "goeden"
                        | "einen"
                        | "der"
                        | "den"
                        | "diesen"
                        | "this"
                ) || self.entry(at.wrapping_sub(1)).weekday.is_some()
                    || (self.is_capital(at) && !self.morgen_goes_on(at))
                    || !(self.may_be("de") || self.may_be("nl"))
            }
            "hoy" => self.is_language("en"),
            "tonight" | "tonite" | "tonights" => true,
            _ => false,
        };
        if other {
            return None;
        }
        let found = fixed(at + 1, i64::from(days))?;
        let possessive = usize::from(self.word(at + 1) == "'s" && self.entry(at + 2).part.is_some());
        Some((found.0 + possessive, found.1))
    }

    /// "Morgen" at the start of a sentence is tomorrow where a time or a verb follows, else a greeting.
    fn morgen_goes_on(&self, at: usize) -> bool {
        matches!(
            self.word(at + 1),
            "um" | "fruh"
                | "bis"
                | "ist"
                | "habe"
                | "haben"
                | "kann"
                | "komme"
                | "gibt"
                | "oder"
                | "ab"
                | "gegen"
                | "in"
        ) || self.entry(at + 1).part.is_some()
    }

    /// "Friday", "next Tuesday", "Monday, Feb 18", "Tuesday the 19th", "Monday week", "lunes que
    /// viene", "vendredi prochain".
    pub(super) fn weekday_form(&self, at: usize) -> Option<(usize, Dated)> {
        let mut next = at;
        let mut moved = None;
        while let Some(turn) = self.entry(next).turn.filter(|_| next < at + 2) {
            moved = Some((turn, self.word(next) == "past" || self.word(next + 1) == "past"));
            next += 1;
        }
        let word = self.word(next);
        let entry = self.entry(next);
        let day = entry.weekday.filter(|_| !entry.plural)?;
        if moved.is_none() && weekday_is_a_word(word) && !self.is_helped(next) {
            return None;
        }
        next += 1;
        if self.sign(next) == "-" && self.word(next + 1) == "feira" {
            next += 2;
        }
        // The stop of "Thu." belongs to it only inside a phrase or at the end of the text.
        if word.len() <= 5
            && self.sign(next) == "."
            && self.touches(next)
            && (self.len() == next + 1
                || self.number(next + 1).is_some()
                || self.entry(next + 1).month.is_some())
        {
            next += 1;
        }
        if let Some((turn, past)) = moved {
            let found = self.turned_weekday(turn, past, day)?;
            if let Some((after, whole)) = self.dated_behind(next, &found) {
                return Some((after, whole));
            }
            return Some((next, found));
        }
        let named = Dated::new(Series::Weekday(day), Rank::Day, Near::AfterToday);
        if let Some(found) = self.dated_behind(next, &named) {
            return Some(found);
        }
        let behind = next + usize::from(self.word(next) == "que");
        if let Some(turn) = self.entry(behind).turn
            && !matches!(
                self.word(behind),
                "next"
                    | "last"
                    | "this"
                    | "past"
                    | "previous"
                    | "ce"
                    | "current"
                    | "following"
                    | "coming"
                    | "upcoming"
                    | "volgende"
                    | "vorige"
            )
            && self.entry(behind + 1).unit.is_none()
        {
            return Some((behind + 1, self.turned_weekday(turn, false, day)?));
        }
        if matches!(self.word(next), "week")
            && !matches!(self.word(next + 1), "of" | "is")
            && self.number(next + 1).is_none()
            && self.word(at.wrapping_sub(1)) != "this"
        {
            let coming = self.pick(&named)?;
            return Some((next + 1, Dated::day(add(coming.start.date(), 7, Unit::Day)?)?));
        }
        Some((next, named))
    }

    /// A date behind a weekday: "Monday, Feb 18", "Friday (27.11.)", "Thursday the 15th", "Monday 21".
    fn dated_behind(&self, at: usize, named: &Dated) -> Option<(usize, Dated)> {
        let open = at + usize::from(matches!(self.sign(at), "," | "("));
        let place =
            open + usize::from(matches!(self.word(open), "the" | "den" | "dem" | "le" | "el" | "il" | "dia"));
        // "Monday 3-8" is a time unless the eighth of March is a Monday.
        let hours = self.sign(place + 1) == "-"
            && self.number(place).is_some()
            && self.clock(place, true).is_some_and(|(_, clock)| clock.end.is_some());
        if hours {
            let (after, dated) = self.numeric(place)?;
            let near = self.pick(&dated)?.start.date().weekday();
            let same = matches!(&named.series, Series::Weekday(day) if *day == near);
            return if same && matches!(self.sign(after), "" | "." | ",") && self.word(after).is_empty() {
                Some((after, self.combine(named, &dated)?))
            } else {
                None
            };
        }
        if let Some((after, dated)) = self.numeric(place).or_else(|| self.month_form(place))
            && dated.rank == Rank::Day
            && let Some(whole) =
                if dated.series.is_fixed() { Some(dated.clone()) } else { self.combine(named, &dated) }
        {
            let closed = self.sign(at) == "(";
            return Some((if closed { self.skip_sign(after, ")").0 } else { after }, whole));
        }
        if self.sign(at) == "(" {
            return None;
        }
        let ordinal = self
            .ordinal(place)
            .filter(|_| self.number(place).is_some() || place > open)
            .filter(|(after, _)| self.word(*after) != "of" && self.entry(*after).unit.is_none());
        let bare = || {
            let number =
                self.number(place).filter(|_| self.token(place).is_some_and(|t| t.text.len() <= 2))?;
            let clocked = self.clock(place, true).is_some()
                || matches!(self.sign(place + 1), "." | ":" | "/" | "-" | "%")
                    && self.touches(place + 1)
                    && self.touches(place + 2);
            let open = self.token(place + 1).is_none_or(|t| t.kind == Kind::Sign && t.text != "%")
                || self.clock(place + 1, true).is_some()
                || place > open
                || matches!(self.word(place + 1), "at" | "from" | "between");
            (!clocked && open && self.sign(at) != ",").then_some((place + 1, number))
        };
        let (after, day) = ordinal.or_else(bare)?;
        let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
        let dated = Dated::new(Series::MonthDay(day), Rank::Day, Near::Coming);
        Some((after, self.combine(named, &dated)?))
    }

    /// Whether a short weekday is one: a preposition before, a date or time behind, or nothing else.
    fn is_helped(&self, at: usize) -> bool {
        let (before, _) = self.before(at);
        let behind = self.sign(at + 1) == "-" && self.word(at + 2) == "feira";
        let stop = at + 1 + usize::from(matches!(self.sign(at + 1), "," | "."));
        let near = (self.number(at + 1).is_some()
            && self.entry(at + 2).unit.is_none()
            && !matches!(self.word(at), "sat" | "wed" | "segunda" | "terca" | "quarta" | "quinta" | "sexta"))
            || (stop > at + 1
                && (self.number(stop).is_some() && self.entry(stop + 1).unit.is_none()
                    || self.entry(stop).month.is_some()));
        let month_next = self.entry(at + 1).month.is_some();
        let ordinal = (self.word(at + 1) == "the" && self.ordinal(at + 2).is_some())
            || (self.number(at + 1).is_some() && self.is_ordinal_end(at + 2));
        let bracketed = at > 0 && self.sign(at - 1) == "(" && self.sign(at + 1) == ")";
        let alone = at == 0 && (self.len() == 1 || (self.len() == 2 && self.sign(1) == "."));
        let portuguese = !matches!(self.word(at), "segunda" | "terca" | "quarta" | "quinta" | "sexta")
            || self.is_language("pt");
        behind
            || near
            || month_next
            || ordinal
            || bracketed
            || alone
            || (portuguese
                && matches!(
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
                        | "from"
                        | "since"
                        | "to"
                        | "through"
                ))
            || (at >= 2
                && matches!(self.sign(at - 1), "/" | "-" | ",")
                && self.entry(at - 2).weekday.is_some())
            || (matches!(self.sign(at + 1), "/" | "-") && self.entry(at + 2).weekday.is_some())
            || ((matches!(self.word(at + 1), "at" | "evening")
                || matches!(self.entry(at + 1).part, Some((from, _)) if from < 18))
                && !matches!(before, "i" | "we" | "he" | "she" | "they" | "who" | "the"))
    }

    fn turned_weekday(&self, turn: Turn, past: bool, day: Weekday) -> Option<Dated> {
        let of_week = |weeks: i64| {
            let monday = add(monday_of(self.today())?, 7 * weeks, Unit::Day)?;
            Dated::day(add(monday, i64::from(day.to_monday_zero_offset()), Unit::Day)?)
        };
        let before = || {
            let this = on_or_after(self.today(), day)?;
            Dated::day(add(this, -7, Unit::Day)?)
        };
        match (turn, self.convention.weekdays) {
            (Turn::Next, Weekdays::NextWeeks | Weekdays::OfTheWeek) => of_week(1),
            (Turn::Next | Turn::This, Weekdays::Coming) => {
                Some(Dated::new(Series::Weekday(day), Rank::Day, Near::AfterToday))
            }
            (Turn::This, Weekdays::NextWeeks) => Dated::day(on_or_after(self.today(), day)?),
            (Turn::This, Weekdays::OfTheWeek) => of_week(0),
            (Turn::Last, Weekdays::OfTheWeek) if !past => of_week(-1),
            (Turn::Last, Weekdays::NextWeeks | Weekdays::Coming | Weekdays::OfTheWeek) => before(),
        }
    }

    /// "in two weeks", "3 days ago", "a week from now", "three weeks from tomorrow", "two Fridays from
    /// now", "within 9 months", "vor 3 Tagen", "dans deux semaines".
    pub(super) fn counted(&self, at: usize) -> Option<(usize, Dated)> {
        let word = self.word(at);
        let within = matches!(word, "within" | "innerhalb" | "binnen" | "entro" | "dentro")
            && self.word(at) != "entro";
        let lead = within
            || matches!(word, "in" | "dans" | "en" | "tra" | "fra" | "em" | "daqui")
            || (word == "over" && self.is_language("nl"));
        let ago = matches!(word, "vor" | "hace" | "ha") || (word == "il" && self.word(at + 1) == "y");
        let mut next = at + usize::from(lead || ago);
        if word == "il" {
            next = at + 3;
        }
        if lead {
            next += usize::from(
                matches!(
                    self.word(next),
                    "about"
                        | "around"
                        | "exactly"
                        | "approximately"
                        | "etwa"
                        | "von"
                        | "de"
                        | "a"
                        | "roughly"
                        | "another"
                ) && (self.word(next) != "a" || self.number(next + 1).is_some()),
            );
            if within {
                next += usize::from(self.word(next) == "the");
                next += usize::from(self.entry(next).turn == Some(Turn::Next));
            }
        }
        if let Some(found) = self.counted_weekdays(next, lead) {
            return Some(found);
        }
        let (after, length) = self.length(next)?;
        if within {
            return Some((after, self.stretch_from_now(length)?));
        }
        if lead {
            // "in two weeks' time", "in two days from today"
            let time = after + usize::from(self.sign(after) == "'");
            let after = if self.word(time) == "time" { time + 1 } else { after };
            let today = self.word(after) == "from" && matches!(self.word(after + 1), "now" | "today");
            return Some((if today { after + 2 } else { after }, self.moved_now(length, 1)?));
        }
        if ago {
            return Some((after, self.moved_now(length, -1)?));
        }
        let (sign, next) = match self.word(after) {
            "ago" | "back" | "geleden" | "atras" | "earlier" | "fa" => (-1, after + 1),
            "hence" | "later" | "spater" => (1, after + 1),
            "from" if self.word(after + 1) == "now" => (1, after + 2),
            "from" if self.word(after + 1) == "right" && self.word(after + 2) == "now" => {
                return Some((after + 3, self.exact(length.from(self.reference, 1)?)?));
            }
            "from" | "after" => return self.moved_from(after + 1, length, 1),
            "before" => return self.moved_from(after + 1, length, -1),
            "prior" if self.word(after + 1) == "to" => return self.moved_from(after + 2, length, -1),
            _ => return None,
        };
        if self.word(after) == "back" && length.coarsest < Unit::Day {
            return None;
        }
        Some((next, self.moved_now(length, sign)?))
    }

    fn counted_weekdays(&self, at: usize, lead: bool) -> Option<(usize, Dated)> {
        let (next, count) = self.whole(at)?;
        let entry = self.entry(next);
        let day = entry.weekday.filter(|_| entry.plural || count == 1)?;
        let (after, ahead) = match self.word(next + 1) {
            "ago" | "back" => (next + 2, false),
            "from" if matches!(self.word(next + 2), "now" | "today") => (next + 3, true),
            "hence" => (next + 2, true),
            _ if lead => (next + 1, true),
            _ => return None,
        };
        if !ahead {
            let last = on_or_after(add(self.today(), -7, Unit::Day)?, day)?;
            return Some((after, Dated::day(add(last, -7 * (count - 1), Unit::Day)?)?));
        }
        let first = on_or_after(self.next_day()?, day)?;
        let more = if self.convention.weekdays == Weekdays::Coming { count } else { count - 1 };
        Some((after, Dated::day(add(first, 7 * more, Unit::Day)?)?))
    }

    fn exact(&self, at: DateTime) -> Option<Dated> {
        Some(Dated::once(Slot::moment(at, Grain::Minute)?, Rank::Moment))
    }

    /// The reference moved by a length, at the grain of the convention.
    fn moved_now(&self, length: Length, sign: i64) -> Option<Dated> {
        let moved = length.from(self.reference, sign)?;
        let unit = length.finest;
        if unit < Unit::Day {
            return self.exact(moved);
        }
        let grain = match (self.convention.counted, unit) {
            (Counted::UnitBelow, Unit::Day | Unit::Fortnight) => {
                let slot = Slot::moment(floor(moved, Unit::Hour)?, Grain::Hour)?;
                return Some(Dated { shift: Some(unit), ..Dated::once(slot, Rank::Day) });
            }
            (Counted::UnitBelow | Counted::Day, Unit::Year | Unit::Decade) => Unit::Month,
            _ => Unit::Day,
        };
        let start = first_of(moved.date(), grain)?;
        Some(Dated { shift: Some(unit), ..Dated::unit(start, grain)? })
    }

    /// "three weeks from tomorrow", "two days before the meeting on Friday".
    fn moved_from(&self, at: usize, length: Length, sign: i64) -> Option<(usize, Dated)> {
        let (after, dated) = self.nested(|parser| parser.date_words(at))?;
        let slot = self.pick(&dated).filter(|_| dated.rank >= Rank::Day)?;
        if length.finest < Unit::Day {
            return None;
        }
        let moved = length.from(slot.start, sign)?;
        let unit = match dated.rank {
            Rank::Year => Unit::Year,
            Rank::Month | Rank::Quarter => Unit::Month,
            Rank::Moment | Rank::Day | Rank::Week => Unit::Day,
        };
        Some((after, Dated::unit(first_of(moved.date(), unit)?, unit)?))
    }

    fn stretch_from_now(&self, length: Length) -> Option<Dated> {
        let end = length.from(self.reference, 1)?;
        if length.finest < Unit::Day {
            return Some(Dated::once(Slot::span(self.reference, end, Grain::Minute), Rank::Moment));
        }
        let slot = Slot::days(self.today(), end.date(), Grain::Day);
        Some(Dated::once(slot, Rank::Week))
    }

    /// "next week", "this month", "last year", "past 2 days", "next 3 weeks", "2 upcoming months",
    /// "nächste Woche", "la semaine prochaine", "this weekend".
    pub(super) fn turned(&self, at: usize) -> Option<(usize, Dated)> {
        if let Some(found) = self.after_next(at) {
            return Some(found);
        }
        let the = at + usize::from(self.word(at) == "the");
        if let Some(turn) = self.entry(the).turn {
            let mut next = the + 1;
            let mut turn = turn;
            if turn == Turn::This
                && let Some(more) = self.entry(next).turn
            {
                turn = more;
                next += 1;
            }
            next += usize::from(matches!(self.word(next), "calendar" | "full" | "entire" | "whole"));
            let starts = the == at
                || matches!(self.word(the), "following")
                || self.entry(next).unit == Some(Unit::Decade);
            if !starts {
                return None;
            }
            return self.turned_behind(next, turn, self.word(next - 1));
        }
        if let Some((next, count)) = self.whole(at)
            && let Some(turn) = self.entry(next).turn.filter(|turn| *turn != Turn::This)
            && let Some((after, unit)) = self.unit_at(next + 1)
            && (self.word(next + 1).ends_with('s')
                || self.word(next) == "upcoming"
                || !self.is_english_turn(next))
        {
            return self.run(after, turn, self.word(next), count, unit);
        }
        // Romance languages put the word behind: "la semaine prochaine", "el mes que viene".
        let (after, unit) = self.unit_at(at)?;
        let behind = after + usize::from(self.word(after) == "que");
        let turn = self.entry(behind).turn.filter(|_| {
            !matches!(
                self.word(behind),
                "this"
                    | "next"
                    | "last"
                    | "past"
                    | "current"
                    | "following"
                    | "coming"
                    | "upcoming"
                    | "previous"
                    | "prior"
                    | "present"
                    | "ce"
                    | "cette"
                    | "este"
                    | "esta"
                    | "questo"
                    | "questa"
                    | "deze"
                    | "dit"
            )
        })?;
        Some((behind + 1, self.one_of(turn, unit)?))
    }

    fn is_english_turn(&self, at: usize) -> bool {
        matches!(self.word(at), "next" | "last" | "past" | "previous" | "coming" | "following" | "prior")
    }

    /// What stands behind a "next" or "last".
    fn turned_behind(&self, at: usize, turn: Turn, word: &str) -> Option<(usize, Dated)> {
        if let Some((after, count)) = self.count(at)
            && let Some((after, unit)) = self.unit_at(after)
            && turn != Turn::This
            && self.word(at) != "a"
            && count.fract() == 0.0
        {
            return self.run(after, turn, word, count as i64, unit);
        }
        if let Some(next) = self.weekend_word(at) {
            return Some((next, self.turned_weekend(turn)?));
        }
        if let Some(month) = self.entry(at).month {
            let (after, year) = self.year_after(at + 1, false);
            if year.is_some() {
                let (_, dated) = self.month_form(at)?;
                return Some((after, dated));
            }
            let verb = matches!(self.word(at), "may" | "march")
                && !self.is_capital(at)
                && self.token(at + 1).is_some_and(|t| t.kind == Kind::Word);
            if self.ordinal(at + 1).is_some() || self.number(at + 1).is_some_and(|n| n <= 31) || verb {
                return None;
            }
            return Some((at + 1, self.turned_series(turn, Series::Month(month), Rank::Month)?));
        }
        let (after, unit) = self.unit_at(at)?;
        let plural = self.word(at).ends_with('s') && !matches!(self.word(at), "mes" | "mois");
        if plural {
            return None;
        }
        match unit {
            // "next hour" is one; "this minute", "last second" are figures of speech.
            Unit::Hour if turn != Turn::This => self.run(after, turn, word, 1, unit),
            Unit::Day if turn == Turn::Last || self.word(at) == "night" => None,
            Unit::Day if turn == Turn::Next && self.token(after).is_some_and(|t| t.kind == Kind::Word) => {
                None
            }
            Unit::Second | Unit::Minute | Unit::Hour | Unit::WorkingDay => None,
            Unit::Day
            | Unit::Week
            | Unit::Fortnight
            | Unit::Month
            | Unit::Quarter
            | Unit::Year
            | Unit::Decade => Some((after, self.one_of(turn, unit)?)),
        }
    }

    /// "weekend", "week-end", "week end", "wkend".
    pub(super) fn weekend_word(&self, at: usize) -> Option<usize> {
        match (self.word(at), self.sign(at + 1), self.word(at + 1)) {
            ("weekend" | "wochenende" | "wkend" | "weekends", _, _) => Some(at + 1),
            ("week", "-", _) if self.word(at + 2) == "end" => Some(at + 3),
            ("week", _, "end") => Some(at + 2),
            ("fin", _, "de") if self.word(at + 2) == "semana" => Some(at + 3),
            _ => None,
        }
    }

    pub(super) fn weekend_series(&self) -> Series {
        Series::Weekend { from_friday: self.convention.weekend == Weekend::FridayEvening }
    }

    fn turned_weekend(&self, turn: Turn) -> Option<Dated> {
        let series = self.weekend_series();
        let monday = monday_of(self.today())?;
        let this = midnight(add(monday, 5, Unit::Day)?);
        let slot = match turn {
            Turn::Last => series.latest(midnight(add(monday, -1, Unit::Day)?))?,
            Turn::This => series.coming(this)?,
            Turn::Next if self.convention.weekdays == Weekdays::Coming => {
                series.coming(midnight(self.next_day()?))?
            }
            Turn::Next => series.coming(this.checked_add(jiff::ToSpan::days(7)).ok()?)?,
        };
        Some(Dated::once(slot, Rank::Day))
    }

    /// "next March", "last Easter", "this summer".
    pub(super) fn turned_series(&self, turn: Turn, series: Series, rank: Rank) -> Option<Dated> {
        let now = midnight(self.today());
        let current = series.coming(now)?;
        let slot = match turn {
            Turn::This => series
                .in_year(i64::from(self.today().year()))
                .filter(|slot| rank == Rank::Month || slot.end > now)
                .unwrap_or(current),
            Turn::Next if current.start <= now => series.coming(current.end)?,
            Turn::Next => current,
            Turn::Last => {
                let last = series.latest(now)?;
                if last.end > now { series.latest(last.start)? } else { last }
            }
        };
        Some(Dated::once(slot, rank))
    }

    fn one_of(&self, turn: Turn, unit: Unit) -> Option<Dated> {
        let start = first_of(self.today(), unit)?;
        Dated::unit(add(start, step(turn), unit)?, unit)
    }

    /// "the next three weeks", "last 2 hours", "previous 4 business days".
    fn run(&self, after: usize, turn: Turn, word: &str, count: i64, unit: Unit) -> Option<(usize, Dated)> {
        let calendar = self.convention.runs == Runs::Calendar;
        if unit < Unit::Day {
            let base = if calendar { floor(self.reference, unit)? } else { self.reference };
            let length = super::reckon::span(count, unit)?;
            let shift = super::reckon::span(i64::from(calendar), unit)?;
            let slot = match turn {
                Turn::Last => Slot::span(base.checked_sub(length).ok()?, base, Grain::Minute),
                Turn::Next => {
                    let start = base.checked_add(shift).ok()?;
                    Slot::span(start, start.checked_add(length).ok()?, Grain::Minute)
                }
                Turn::This => return None,
            };
            return Some((after, Dated::once(slot, Rank::Moment)));
        }
        if calendar && word == "upcoming" {
            let start = add(first_of(self.today(), unit)?, count, unit)?;
            return Some((after, Dated::unit(start, unit)?));
        }
        let whole = calendar || unit == Unit::Quarter;
        let (base, ahead): (Date, Date) = if whole {
            let base = first_of(self.today(), unit)?;
            (base, add(base, 1, unit)?)
        } else {
            (self.today(), self.next_day()?)
        };
        let (start, end) = match turn {
            Turn::Next => (ahead, add(ahead, count, unit)?),
            Turn::Last => (add(base, -count, unit)?, base),
            Turn::This => return None,
        };
        let grain = if whole { grain_of(unit) } else { Grain::Day };
        Some((after, Dated::once(Slot::days(start, end, grain), rank_of(unit).max(Rank::Week))))
    }

    /// "the week after next", "March after next", "the year before last".
    fn after_next(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(self.word(at) == "the");
        let entry = self.entry(the);
        let ahead = match (self.word(the + 1), self.word(the + 2)) {
            ("after", "next") => true,
            ("before", "last") => false,
            _ => return None,
        };
        let next = the + 3;
        if let Some(unit) = entry.unit.filter(|unit| *unit >= Unit::Day) {
            let start = first_of(self.today(), unit)?;
            return Some((next, Dated::unit(add(start, if ahead { 2 } else { -2 }, unit)?, unit)?));
        }
        let (series, rank) = match (entry.weekday, entry.month) {
            (Some(day), _) => (Series::Weekday(day), Rank::Day),
            (None, Some(month)) => (Series::Month(month), Rank::Month),
            (None, None) => return None,
        };
        let found = if ahead {
            series.coming(series.coming(midnight(self.next_day()?))?.end)?
        } else {
            series.latest(series.latest(midnight(self.today()))?.start)?
        };
        Some((next, Dated::once(found, rank)))
    }
}

pub(super) fn step(turn: Turn) -> i64 {
    match turn {
        Turn::Last => -1,
        Turn::This => 0,
        Turn::Next => 1,
    }
}
