//! Days of the calendar: month names, quarters, weeks of the year, days of the month.

use jiff::civil::Date;

use super::Parser;
use super::dated::{Dated, Near, Rank};
use super::reckon::{date, full_year};
use super::series::Series;
use super::token::Kind;
use super::words::{Unit, is_english_month, month_is_a_word};

impl Parser<'_> {
    /// "3 March", "the third of March 2015", "14april 2015", "March 3rd, 2015", "Oct/2",
    /// "05-Aug-2016", "3. Dezember 2026", "3 de diciembre de 2026"; without a day the month.
    pub(super) fn month_form(&self, at: usize) -> Option<(usize, Dated)> {
        if let Some(month) = self.entry(at + 2).month
            && let Some(year) = self.number(at).filter(|year| (1900..2200).contains(year))
            && matches!(self.sign(at + 1), "/" | "-")
            && self.sign(at + 3) == self.sign(at + 1)
            && let Some(day) = self.number(at + 4).filter(|_| self.touches(at + 4))
        {
            return Some((at + 5, Dated::day(date(year, i64::from(month), day)?)?));
        }
        let start = at
            + usize::from(
                matches!(self.word(at), "the" | "le" | "el" | "den" | "il" | "o")
                    && self.token(at + 1).is_some(),
            );
        if let Some(found) = self.day_month(start) {
            return Some(found);
        }
        self.month_day(at)
    }

    fn day_month(&self, at: usize) -> Option<(usize, Dated)> {
        let (next, day) = match self.ordinal(at) {
            Some(found) => found,
            None => {
                let token = self.token(at)?;
                match token.kind {
                    Kind::Number if token.text.len() <= 2 => (at + 1, self.number(at)?),
                    Kind::Word if token.entry.cardinal.is_some() => self
                        .whole(at)
                        .filter(|(next, _)| self.is_capital(*next) && self.entry(*next).month.is_some())?,
                    Kind::Number | Kind::Word | Kind::Sign => return None,
                }
            }
        };
        if !(1..=31).contains(&day)
            || (at > 0 && self.touches(at) && matches!(self.sign(at - 1), "." | "/" | ":" | "$" | "#" | "+"))
        {
            return None;
        }
        if at > 0 && self.sign(at - 1) == "$" {
            return None;
        }
        let mut place = next;
        if self.word(place) == "day" && self.word(place + 1) == "of" {
            place += 1;
        }
        let mut of = false;
        if matches!(self.sign(place), "." | "-" | "/") {
            place += 1;
        }
        while matches!(self.word(place), "of" | "de" | "del" | "di" | "in" | "the") && place < next + 3 {
            of = true;
            place += 1;
        }
        let month = self.entry(place).month?;
        let word = self.word(place);
        // "12 may be", "3 mar the finish", "2 set": a number before a word is no day where it goes on.
        if matches!(word, "may" | "march" | "mar" | "mars" | "sep" | "dec" | "jan")
            && !of
            && !self.is_capital(place)
            && !self.is_digit_glued(place)
            && self.year_after(place + 1, true).1.is_none()
            && self.token(place + 1).is_some_and(|t| t.kind == Kind::Word)
        {
            return None;
        }
        let stop = place
            + 1
            + usize::from(
                self.sign(place + 1) == "."
                    && self.touches(place + 1)
                    && word.len() <= 4
                    && self.number(place + 2).is_some(),
            );
        let joined = matches!(self.sign(place - 1), "-" | "/") && self.touches(place);
        self.with_year(stop, month, day, place + 1, joined)
    }

    /// Whether a number stands glued before the word.
    fn is_digit_glued(&self, at: usize) -> bool {
        self.touches(at) && at > 0 && self.number(at - 1).is_some()
    }

    fn month_day(&self, at: usize) -> Option<(usize, Dated)> {
        let month = self.entry(at).month?;
        let word = self.word(at);
        let mut next = at + 1;
        if matches!(self.sign(next), "." | "," | "/" | "-")
            && (self.sign(next) != "-" || self.touches(next))
            && !self.ends_sentence(next)
        {
            next += 1;
        }
        next += usize::from(matches!(self.word(next), "the" | "of") && self.ordinal(next + 1).is_some());
        let day = self
            .ordinal(next)
            .filter(|_| {
                self.entry(next).ordinal != Some(2)
                    || self.word(next - 1) == "the"
                    || self.entry(next + 1).unit.is_none()
            })
            .or_else(|| {
                let token =
                    self.token(next).filter(|token| token.kind == Kind::Number && token.text.len() <= 2)?;
                Some((next + 1, token.text.parse().ok()?))
            });
        let day = day.filter(|(after, day)| {
            // "May 15:30" is no day, and "Sep 20%" or "May 3.5" neither.
            let goes_on = (matches!(self.sign(*after), ":" | "%")
                || (self.sign(*after) == "." && self.number(after + 1).is_some() && self.touches(after + 1)))
                && self.touches(*after);
            let clocked = matches!(self.word(*after), "am" | "pm") && !self.is_language("de");
            (1..=31).contains(day) && !goes_on && !clocked
        });
        if let Some((after, day)) = day {
            let word_only = matches!(word, "may" | "march" | "mar")
                && !self.is_capital(at)
                && !self.touches(next)
                && self.token(next).is_some_and(|t| t.kind == Kind::Number)
                && self.entry(after).unit.is_some();
            return if word_only { None } else { self.with_year(after, month, day, after, false) };
        }
        self.month_alone(at, month)
    }

    /// A comma or stop that ends a sentence: what follows begins anew.
    fn ends_sentence(&self, at: usize) -> bool {
        !matches!(self.sign(at), "/" | "-") && self.number(at + 1).is_none() && self.ordinal(at + 1).is_none()
    }

    /// The day of the month with the year behind it, if there is one; `bare` is the place where the
    /// day ends without one.
    fn with_year(&self, at: usize, month: i8, day: i64, bare: usize, joined: bool) -> Option<(usize, Dated)> {
        let (after, year) = self.year_behind(at, true, joined);
        match year {
            Some(year) => Some((after, Dated::day(date(year, i64::from(month), day)?)?)),
            None => Some((bare, Dated::year_day(i64::from(month), day)?)),
        }
    }

    /// A year behind a date: "2015", ", 2015", "of 2015", "'15"; two digits where `short` allows.
    pub(super) fn year_after(&self, at: usize, short: bool) -> (usize, Option<i64>) {
        self.year_behind(at, short, false)
    }

    /// The same; `joined` where signs join the parts of the date, so that "-16" is a year too.
    fn year_behind(&self, at: usize, short: bool, joined: bool) -> (usize, Option<i64>) {
        let mut next = at;
        if matches!(self.sign(next), "," | "." | "/" | "-") {
            next += 1;
        }
        if matches!(self.word(next), "of" | "de" | "del" | "in" | "the") && next == at {
            next += 1 + usize::from(self.word(next + 1) == "year");
        }
        if let Some((after, year)) = self.spoken_year(next) {
            return (after, Some(year));
        }
        let quoted = self.sign(next) == "'" && self.touches(next + 1);
        let place = next + usize::from(quoted);
        let Some(token) = self.token(place).filter(|token| token.kind == Kind::Number) else {
            return (at, None);
        };
        let year = token.text.parse::<i64>().unwrap_or_default();
        let glued = self.touches(place + 1)
            && (matches!(self.sign(place + 1), ":" | "%" | "/")
                || (self.sign(place + 1) == "."
                    && self.number(place + 2).is_some()
                    && self.touches(place + 2))
                || self.token(place + 1).is_some_and(|t| t.kind == Kind::Word));
        if token.text.len() == 4 && (1900..2200).contains(&year) && !glued {
            return (place + 1, Some(year));
        }
        let two = token.text.len() == 2 && !glued && short;
        let slashed = joined && matches!(self.sign(next.wrapping_sub(1)), "-" | "/") && next > at;
        let bare = next == at
            && (year - i64::from(self.today().year() % 100)).abs() <= 10
            && self
                .token(place + 1)
                .is_none_or(|t| t.kind == Kind::Sign && !matches!(t.text, "-" | "$" | "+" | "~"));
        if two && (quoted || slashed || bare) {
            return (place + 1, full_year(year));
        }
        (at, None)
    }

    /// "two thousand nineteen", "twenty twenty".
    fn spoken_year(&self, at: usize) -> Option<(usize, i64)> {
        let thousands = self.cardinal(at)?;
        if thousands == 2 && self.word(at + 1) == "thousand" {
            let joined = at + 2 + usize::from(self.word(at + 2) == "and");
            let (after, rest) =
                self.whole(joined).filter(|(_, n)| (1..100).contains(n)).unwrap_or((at + 2, 0));
            return Some((after, 2000 + rest));
        }
        if !(matches!(thousands, 19 | 20) || self.word(at + 1) == "hundred" && matches!(thousands, 15..=18)) {
            return None;
        }
        let hundred = at + 1 + usize::from(self.word(at + 1) == "hundred");
        let (after, rest) = self.whole(hundred).filter(|(_, n)| (10..100).contains(n))?;
        if hundred > at + 1 {
            return Some((after, thousands * 100 + rest));
        }
        (self.token(at + 1)?.kind == Kind::Word && self.cardinal(at + 1).is_some_and(|n| n >= 10))
            .then_some((after, thousands * 100 + rest))
    }

    /// A month without a day: "October 2014", "in May", "2017 April", "Dec/2018".
    fn month_alone(&self, at: usize, month: i8) -> Option<(usize, Dated)> {
        let word = self.word(at);
        let next = at
            + 1
            + usize::from(self.sign(at + 1) == "." && self.touches(at + 1) && self.number(at + 2).is_some());
        let (after, year) = self.year_after(next, false);
        let (before, back) = self.before(at);
        let led = matches!(
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
                | "to"
                | "between"
                | "early"
                | "late"
                | "mid"
                | "bis"
                | "ab"
                | "de"
                | "di"
                | "du"
                | "and"
                | "der"
                | "ende"
                | "mitte"
                | "anfang"
                | "fin"
                | "debut"
                | "fine"
                | "inizio"
                | "eind"
                | "begin"
                | "closest"
                | "starting"
        ) || self.entry(back).turn.is_some() && !before.is_empty();
        let capital = self.is_capital(at);
        // "SEP" may be short for anything, "Maio" a name.
        let shouted = word.len() <= 4 && word != "june" && word != "july" && self.is_shouted(at);
        let foreign = !is_english_month(word) && self.is_language("en");
        let doubtful = month_is_a_word(word) || shouted || foreign;
        let goes_on = matches!(self.word(next), "i" | "we" | "you" | "not" | "be" | "have" | "the");
        let good = year.is_some()
            || self.len() == 1
            || (capital && !doubtful)
            || (led && capital && !goes_on && !shouted && !foreign)
            || (led && !doubtful)
            || (led && word == "may" && self.token(next).is_none_or(|t| t.kind == Kind::Sign))
            || (self.word(next) == "in" && self.counted(next).is_some())
            || (self.joins_months(next) && (capital || !doubtful));
        if !good
            || (matches!(word, "sept" | "jun" | "jul" | "mai" | "mei" | "mars") && !capital && !led)
            || (word == "mars" && self.is_language("en") && year.is_none())
        {
            return None;
        }
        match year {
            Some(year) => Some((after, Dated::unit(date(year, i64::from(month), 1)?, Unit::Month)?)),
            None => Some((at + 1, Dated::new(Series::Month(month), Rank::Month, Near::Coming))),
        }
    }

    /// "… to March": a month behind a word of intervals.
    fn joins_months(&self, at: usize) -> bool {
        (matches!(self.word(at), "to" | "through" | "until" | "thru" | "till" | "bis")
            || self.sign(at) == "-")
            && self.entry(at + 1).month.is_some()
    }

    /// "2014", "in 2014", "year 2012", "2014 AD", "the 1990s", "the nineties".
    pub(super) fn year(&self, at: usize) -> Option<(usize, Dated)> {
        if let Some(found) = self.decade(at) {
            return Some(found);
        }
        let named = matches!(self.word(at), "year" | "cy" | "jahr" | "annee" | "ano" | "anno" | "jaar")
            || (self.word(at) == "calendar" && self.word(at + 1) == "year");
        let place = at + usize::from(named) + usize::from(named && self.word(at) == "calendar");
        let token = self.token(place).filter(|token| token.kind == Kind::Number)?;
        let year: i64 = token.text.parse().ok().filter(|_| token.text.len() <= 4)?;
        let era = match self.word(place + 1) {
            "ad" | "ce" => 1,
            "a" if self.sign(place + 2) == "." && self.word(place + 3) == "d" => {
                3 + usize::from(self.sign(place + 4) == ".")
            }
            "b" | "bc" | "bce" => return None,
            _ => 0,
        };
        let (before, back) = self.before(at);
        if era > 0 && (1..2200).contains(&year) && matches!(before, "in" | "year") {
            return Some((place + 1 + era, Dated::unit(date(year, 1, 1)?, Unit::Year)?));
        }
        if token.text.len() != 4 || !(1900..2200).contains(&year) {
            return None;
        }
        // "2017 April"
        if let Some(month) = self.entry(place + 1).month.filter(|_| {
            !named
                && self.number(place + 2).is_none()
                && (self.is_capital(place + 1) || !month_is_a_word(self.word(place + 1)))
        }) {
            return Some((place + 2, Dated::unit(date(year, i64::from(month), 1)?, Unit::Month)?));
        }
        let led = matches!(
            before,
            "in" | "by"
                | "since"
                | "until"
                | "till"
                | "before"
                | "after"
                | "of"
                | "seit"
                | "en"
                | "em"
                | "from"
                | "through"
                | "during"
                | "between"
                | "nel"
                | "del"
                | "im"
                | "ab"
                | "bis"
                | "than"
                | "closest"
                | "late"
                | "early"
                | "mid"
                | "end"
                | "beginning"
                | "start"
                | "sometimes"
                | "sometime"
        ) || at > 0 && (self.sign(at - 1) == "~" || (self.sign(at - 1) == "=" && at == 1))
            || self.entry(back).turn.is_some() && before == "coming"
            || (matches!(before, "to" | "and" | "or")
                && back
                    .checked_sub(1)
                    .is_some_and(|far| self.number(far).is_some_and(|n| (1900..2200).contains(&n))))
            || (matches!(self.sign(at.wrapping_sub(1)), "-")
                && at > 1
                && self.number(at - 2).is_some_and(|n| (1900..2200).contains(&n)));
        let other = self.number(place + 2).is_some_and(|n| (1900..2200).contains(&n))
            && self.token(place + 2).is_some_and(|t| t.text.len() == 4);
        let spoken = matches!(self.word(place + 1), "to" | "through" | "until" | "till")
            && self.token(place + 3).is_none_or(|t| t.kind == Kind::Sign);
        let pair = other
            && (self.sign(place + 1) == "~"
                || spoken
                || (self.sign(place + 1) == "-" && matches!(before, "from" | "between" | "in")));
        let bounded =
            matches!((self.word(place + 1), self.word(place + 2)), ("or" | "and", "later" | "earlier"))
                && !self.touches(place);
        let open = self.token(place + 1).is_none_or(|t| match t.kind {
            Kind::Number => false,
            Kind::Sign => {
                !(matches!(t.text, "%" | ":" | "/" | "$" | "_" | "#" | "\u{1}")
                    || (matches!(t.text, "." | "," | "-")
                        && self.touches(place + 1)
                        && self.touches(place + 2)
                        && self.number(place + 2).is_some()
                        && !pair))
            }
            Kind::Word => {
                !self.touches(place + 1)
                    && !matches!(
                        t.text,
                        "people"
                            | "users"
                            | "eur"
                            | "usd"
                            | "units"
                            | "hours"
                            | "items"
                            | "euros"
                            | "licences"
                            | "dollars"
                            | "miles"
                            | "km"
                            | "mb"
                            | "kb"
                            | "bytes"
                            | "pounds"
                            | "pages"
                            | "lines"
                            | "mw"
                            | "mmbtu"
                            | "shares"
                            | "employees"
                            | "points"
                    )
                    && t.entry.unit.is_none()
            }
        });
        let pure = at == 0
            || !(self.touches(at)
                && self
                    .token(at - 1)
                    .is_some_and(|t| t.kind == Kind::Sign && !matches!(t.text, "~" | "=" | "-" | "(")));
        let alone = self.len() == 1;
        ((named || led || alone || pair || bounded) && open && pure)
            .then(|| Some((place + 1, Dated::unit(date(year, 1, 1)?, Unit::Year)?)))?
    }

    fn decade(&self, at: usize) -> Option<(usize, Dated)> {
        let start = match self.word(at) {
            "twenties" => 1920,
            "thirties" => 1930,
            "forties" => 1940,
            "fifties" => 1950,
            "sixties" => 1960,
            "seventies" => 1970,
            "eighties" => 1980,
            "nineties" => 1990,
            _ => {
                let digits = self.number(at).filter(|n| n % 10 == 0)?;
                let s = match self.word(at + 1) {
                    "s" | "'s" => at + 2,
                    _ => return None,
                };
                let (before, _) = self.before(at);
                let year = match self.token(at)?.text.len() {
                    4 if (1900..2100).contains(&digits) => digits,
                    2 if (20..100).contains(&digits) && matches!(before, "in" | "the") => 1900 + digits,
                    _ => return None,
                };
                return Some((s, Dated::unit(date(year, 1, 1)?, Unit::Decade)?));
            }
        };
        let (before, _) = self.before(at);
        matches!(before, "in" | "the" | "since" | "late" | "early")
            .then(|| Some((at + 1, Dated::unit(date(start, 1, 1)?, Unit::Decade)?)))?
    }

    /// "Q1", "Q3 2026", "2018Q4", "18q4", "H2 2019", "KW 31", "week 31 of 2026", "first quarter 2018".
    pub(super) fn quarter(&self, at: usize) -> Option<(usize, Dated)> {
        let dash = usize::from(self.sign(at + 1) == "-");
        if let Some(year) =
            self.number(at).filter(|_| matches!(self.token(at).map(|t| t.text.len()), Some(2 | 4)))
            && let Some((next, series)) = self.short_quarter(at + 1 + dash)
            && (self.touches(at + 1) || self.token(at).is_some_and(|t| t.text.len() == 4))
        {
            let year = full_year(year).filter(|year| (1900..2200).contains(year))?;
            return Some((next, Dated::once(series.in_year(year)?, Rank::Quarter)));
        }
        if let Some((next, series)) = self.short_quarter(at) {
            return Some(self.quarter_year(next, series, Rank::Quarter));
        }
        if matches!(self.word(at), "kw" | "week" | "semaine" | "semana" | "wk" | "cw") {
            let place = at + 1 + usize::from(self.sign(at + 1) == "#");
            let number = self.number(place).filter(|n| (1..=53).contains(n))?;
            let token = self.token(place + 1);
            let open = token.is_none_or(|t| {
                t.kind == Kind::Sign && t.text != "%" && t.text != ":" || t.kind == Kind::Word
            }) || self.number(place + 1).is_some();
            if !open || self.entry(place + 1).unit.is_some() {
                return None;
            }
            return Some(self.quarter_year(place + 1, Series::Week(i8::try_from(number).ok()?), Rank::Week));
        }
        let the = at + usize::from(self.word(at) == "the");
        let (next, number) =
            self.ordinal(the).or_else(|| (self.word(the) == "last").then_some((the + 1, 4)))?;
        let (after, unit) = self.unit_at(next)?;
        if unit != Unit::Quarter || !(1..=4).contains(&number) {
            return None;
        }
        let found = self.quarter_year(after, Series::Quarter(i8::try_from(number).ok()?), Rank::Quarter);
        // "last quarter" alone is the one before this.
        (self.word(the) != "last" || found.1.series.is_fixed()).then_some(found)
    }

    fn short_quarter(&self, at: usize) -> Option<(usize, Series)> {
        let number = self.number(at + 1).filter(|_| {
            self.touches(at + 1)
                && !(self.touches(at + 2) && self.token(at + 2).is_some_and(|t| t.kind == Kind::Word))
        })?;
        let number = i8::try_from(number).ok()?;
        match (self.word(at), number) {
            ("q", 1..=4) => Some((at + 2, Series::Quarter(number))),
            ("h", 1..=2) => Some((at + 2, Series::Half(number))),
            _ => None,
        }
    }

    /// A part of the year with the year behind it: a number, "of next year"; without one of the
    /// current year.
    fn quarter_year(&self, at: usize, series: Series, rank: Rank) -> (usize, Dated) {
        let (after, year) = self.year_after(at, false);
        match year.and_then(|year| series.in_year(year)) {
            Some(slot) => (after, Dated::once(slot, rank)),
            None => (at, Dated::new(series, rank, Near::ThisYear)),
        }
    }

    /// "the 18th", "20th of next month", "20 of next month", "the 31st day of the month".
    pub(super) fn day_of_month(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(matches!(self.word(at), "the" | "le" | "el" | "il" | "den"));
        let (next, day) = match self.ordinal(the) {
            Some(found) => found,
            None => {
                let timed = the > at
                    && self.before(at).0 == "on"
                    && matches!(self.word(the + 1), "from" | "between" | "at");
                (the + 1, self.number(the).filter(|_| self.word(the + 1) == "of" || timed)?)
            }
        };
        if !(1..=31).contains(&day) {
            return None;
        }
        let series = Series::MonthDay(i8::try_from(day).ok()?);
        let spelled = self.token(the)?.kind == Kind::Word;
        let mut of = next + usize::from(self.word(next) == "day");
        if matches!(self.word(of), "of" | "in") {
            of += 1;
            let found = self.whole_unit(of).filter(|(_, whole)| whole.rank == Rank::Month);
            let (after, whole) = found.or_else(|| {
                self.turned(of + usize::from(self.word(of) == "the"))
                    .filter(|(_, whole)| whole.rank == Rank::Month)
            })?;
            return Some((after, Dated::new(series.within(whole.series), Rank::Day, Near::Coming)));
        }
        let (before, _) = self.before(at);
        let led = matches!(
            before,
            "on" | "by"
                | "before"
                | "until"
                | "till"
                | "from"
                | "to"
                | "since"
                | "after"
                | "through"
                | "between"
                | "and"
        );
        let range = matches!(before, "to" | "until" | "till" | "through" | "and" | "between" | "from")
            || (at > 0 && self.sign(at - 1) == "-");
        let open = self.token(next).is_none_or(|token| match token.kind {
            Kind::Sign => !matches!(token.text, "-" | "%" | "/") || !self.touches(next),
            Kind::Number => false,
            Kind::Word => matches!(
                token.text,
                "at" | "and"
                    | "or"
                    | "to"
                    | "from"
                    | "if"
                    | "for"
                    | "works"
                    | "is"
                    | "would"
                    | "with"
                    | "because"
                    | "but"
                    | "until"
                    | "through"
                    | "so"
                    | "please"
                    | "between"
                    | "in"
                    | "when"
                    | "instead"
                    | "then"
                    | "will"
                    | "till"
                    | "we"
                    | "i"
            ),
        });
        let good = the > at && led && open && !spelled
            || (range && open && (the > at || self.is_ordinal_end(the + 1)));
        (good && !(spelled && day < 4 && !range)).then(|| (next, Dated::new(series, Rank::Day, Near::Coming)))
    }

    /// "the month", "the year", "the week": the current one, where a phrase asks for a whole.
    pub(super) fn whole_unit(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at
            + usize::from(matches!(
                self.word(at),
                "the" | "der" | "des" | "du" | "del" | "de" | "la" | "l'" | "do" | "van" | "dem"
            ));
        let the = the + usize::from(matches!(self.word(the), "the" | "het" | "la" | "l'" | "calendar"));
        let (after, unit) =
            self.unit_at(the).filter(|(_, unit)| *unit >= Unit::Week && *unit != Unit::Fortnight)?;
        if self.token(the).is_some_and(|t| {
            t.text.ends_with('s') && !matches!(t.text, "mes" | "mois" | "monats" | "jahres" | "quartals")
        }) {
            return None;
        }
        let start = super::reckon::first_of(self.today(), unit)?;
        Some((after, Dated::unit(start, unit)?))
    }

    pub(super) fn next_day(&self) -> Option<Date> {
        self.today().tomorrow().ok()
    }
}
