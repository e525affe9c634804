//! Findings: a phrase alone, two as the ends of an interval, one with a word that bounds it ("by",
//! "since"), a length of time, a recurrence.

use jiff::civil::DateTime;

use super::Parser;
use super::clock::ClockSpan;
use super::convention::Ends;
use super::count::Length;
use super::dated::{Dated, Rank};
use super::phrase::{Phrase, Pick, Settled};
use super::reckon::{add, date};
use super::series::{Series, Slot};
use super::token::Kind;
use super::words::Unit;
use crate::reading::Grain;

/// How the words around a date bound what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The date itself.
    At,
    /// "by Friday": at the latest then.
    By,
    /// "before Friday": earlier than that.
    Before,
    /// "until Friday": up to it.
    Until,
    /// "after Friday": later than that.
    After,
    /// "since Friday", "from Friday", "Friday or later": then and later.
    Since,
}

/// How often something is said to recur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Every so many units.
    pub every: i64,
    /// The unit.
    pub unit: Grain,
}

/// What was found.
#[derive(Clone, Debug)]
pub(super) enum What {
    Date(Settled, Bound),
    Length(Length),
    Every(Recurrence),
}

/// A finding with its tokens.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The first token of the words that bound it.
    pub(super) first: usize,
    /// The first token of the date itself.
    pub(super) core: usize,
    /// The token behind it.
    pub(super) next: usize,
    pub(super) what: What,
}

impl Parser<'_> {
    /// What begins at token `at`.
    pub(super) fn finding(&self, at: usize) -> Option<Finding> {
        if let Some((next, recurrence)) = self.every(at) {
            return Some(Finding { first: at, core: at, next, what: What::Every(recurrence) });
        }
        if let Some(found) = self.bounded(at) {
            return Some(found);
        }
        if let Some(found) = self
            .day_of_list(at)
            .or_else(|| self.lasting(at))
            .or_else(|| self.interval(at))
            .or_else(|| self.single(at))
        {
            return Some(found);
        }
        let (first, next, length) = self.length_alone(at)?;
        Some(Finding { first, core: first, next, what: What::Length(length) })
    }

    /// A phrase alone, perhaps with "or later" behind it, or with "every day".
    fn single(&self, at: usize) -> Option<Finding> {
        let (next, phrase) = self.phrase(at)?;
        if let Some((after, recurrence)) =
            self.every(next).filter(|_| phrase.clock.is_some() || phrase.part.is_some())
        {
            return Some(Finding { first: at, core: at, next: after, what: What::Every(recurrence) });
        }
        let (mut next, mut phrase) = (next, phrase);
        let (after, mut bound) = self.bound_behind(next);
        if bound == Bound::At
            && let Some((after, timed)) = self.bounded_time(&phrase, next)
        {
            next = after;
            bound = timed.1;
            phrase.zone = timed.0.zone.clone();
            phrase.clock = Some(timed.0);
        } else {
            next = after;
        }
        let settled = self.settle(&phrase, Pick::Near)?;
        let core = self.core(at, next);
        let kept = (self.word(at) == "the" && self.keeps_article(core))
            || matches!(self.word(at), "around" | "circa" | "approximately");
        let first = if core == at + 1 && kept { at } else { core };
        Some(Finding { first, core, next, what: What::Date(settled, bound) })
    }

    /// "Thursday before 5pm": a time that bounds the part of the day.
    fn bounded_time(&self, phrase: &Phrase, at: usize) -> Option<(usize, (ClockSpan, Bound))> {
        let day = phrase.date.as_ref().is_some_and(|dated| dated.rank == Rank::Day);
        if !day || phrase.clock.is_some() || phrase.day_end || phrase.part.is_some() {
            return None;
        }
        let (place, bound) = self.bound_word(at).filter(|(_, bound)| *bound != Bound::Since)?;
        let (after, clock) = self.clock(place, false).filter(|(_, clock)| clock.end.is_none())?;
        Some((after, (clock, bound)))
    }

    /// Articles belong to what is counted ("the 18th", "the first week of"), not to what is turned.
    fn keeps_article(&self, core: usize) -> bool {
        self.ordinal(core).is_some()
            || matches!(self.word(core), "last" | "day" | "week" | "month" | "year" | "following")
            || self.entry(core + 1).unit == Some(Unit::Decade)
    }

    /// The first token that belongs to the date: prepositions before it do not.
    fn core(&self, at: usize, next: usize) -> usize {
        let mut core = at;
        while core + 1 < next {
            let word = self.word(core);
            let skip = match word {
                "at" | "on" | "um" | "about" | "around" | "approximately" | "gegen" | "alle" | "om"
                | "as" | "vers" | "for" | "las" | "circa" | "the" | "exactly" | "op" => true,
                "a" => {
                    self.word(core + 1) == "las"
                        || self.number(core + 1).is_some()
                        || self.word(core + 1) == "la"
                }
                "le" | "el" | "il" | "den" | "der" | "la" => true,
                "am" | "im" => core == at,
                "in" => {
                    self.entry(core + 1).month.is_some() || self.number(core + 1).is_some_and(|n| n > 1000)
                }
                _ => self.sign(core) == "@",
            };
            if !skip {
                break;
            }
            core += 1;
        }
        core
    }

    /// "or later", "and later", "onwards", "or earlier" behind a date.
    fn bound_behind(&self, at: usize) -> (usize, Bound) {
        match (self.word(at), self.word(at + 1)) {
            ("or" | "and", "later" | "onwards" | "onward" | "beyond") => (at + 2, Bound::Since),
            ("or" | "and", "earlier" | "sooner") => (at + 2, Bound::Until),
            ("or", "after") if self.ends(at + 2) => (at + 2, Bound::Since),
            ("or", "before") if self.ends(at + 2) => (at + 2, Bound::Until),
            ("onwards" | "onward", _) => (at + 1, Bound::Since),
            _ => (at, Bound::At),
        }
    }

    /// Whether nothing but a sign follows.
    fn ends(&self, at: usize) -> bool {
        self.token(at).is_none_or(|token| token.kind == Kind::Sign)
    }

    /// "by Friday", "since August", "before 2010", "no later than 3pm", "starting on January 7th".
    fn bounded(&self, at: usize) -> Option<Finding> {
        if let Some(found) = self.counted_bound(at) {
            return Some(found);
        }
        let (next, bound) = self.bound_word(at)?;
        let skip = next
            + usize::from(matches!(
                self.word(next),
                "the" | "about" | "around" | "on" | "der" | "le" | "el" | "la" | "den" | "zum" | "am" | "a"
            ));
        let (place, after, phrase) = self
            .phrase(next)
            .map(|(after, phrase)| (next, after, phrase))
            .or_else(|| self.phrase(skip).map(|(after, phrase)| (skip, after, phrase)))?;
        // "from 3 to 5" is an interval, "after 3 days" a length.
        let lasts = |phrase: &Phrase| {
            phrase.clock.as_ref().is_some_and(|clock| clock.end.is_some() || clock.length.is_some())
        };
        if self.word(at) == "from"
            && (self.interval(at).is_some() || self.phrase(at).is_some_and(|(_, phrase)| lasts(&phrase)))
        {
            return None;
        }
        if phrase.now && bound != Bound::Until {
            return None;
        }
        // "from the past couple of days" is those days.
        let run = phrase
            .date
            .as_ref()
            .is_some_and(|dated| matches!(&dated.series, Series::Once(slot) if !slot.one) && !dated.is_cut);
        if run && bound == Bound::Since {
            return None;
        }
        let settled = self.settle(&phrase, Pick::Near)?;
        let core = self.core(place, after);
        Some(Finding { first: at, core, next: after, what: What::Date(settled, bound) })
    }

    /// "more than two weeks after today", "more than 3 days ago".
    fn counted_bound(&self, at: usize) -> Option<Finding> {
        if !matches!(self.word(at), "more" | "longer") || self.word(at + 1) != "than" {
            return None;
        }
        let (next, dated) = self.counted(at + 2).filter(|(_, dated)| dated.rank >= Rank::Day)?;
        let slot = self.pick(&dated)?;
        let back = (at..next).any(|place| matches!(self.word(place), "before" | "ago" | "prior" | "earlier"));
        // Later than a day is later than its start: the count says how far.
        let slot = Slot { end: slot.start, ..slot };
        let bound = if back { Bound::Before } else { Bound::After };
        Some(Finding { first: at, core: at, next, what: What::Date(Settled { slot, zone: None }, bound) })
    }

    fn bound_word(&self, at: usize) -> Option<(usize, Bound)> {
        let at = at
            + usize::from(
                matches!(self.word(at), "anytime" | "sometime" | "sometimes")
                    || (self.word(at) == "any" && self.word(at + 1) == "time"),
            );
        let (one, two) = (self.word(at + 1), self.word(at + 2));
        Some(match self.word(at) {
            "by" => (at + 1, Bound::By),
            "bis" | "entro" | "ate" | "tegen" => {
                (at + 1 + usize::from(matches!(one, "spatestens" | "zum")), Bound::By)
            }
            "no" | "not" if matches!(one, "later") && two == "than" => (at + 3, Bound::By),
            "before" => (at + 1, Bound::Before),
            "prior" if one == "to" => (at + 2, Bound::Before),
            "earlier" | "sooner" if one == "than" => (at + 2, Bound::Before),
            "avant" => (at + 1, Bound::Before),
            "antes" | "prima" if matches!(one, "de" | "del" | "di" | "da") => (at + 2, Bound::Before),
            "until" | "till" | "til" | "through" | "thru" => (at + 1, Bound::Until),
            "up" if one == "to" => (at + 2, Bound::Until),
            "tot" | "hasta" => (at + 1, Bound::Until),
            "jusqu'a" | "jusqu'au" => (at + 1, Bound::Until),
            "fino" if matches!(one, "a" | "al") => (at + 2, Bound::Until),
            "after" => (at + 1, Bound::After),
            "later" | "greater" if one == "than" => (at + 2, Bound::After),
            "since" | "from" | "ab" | "seit" | "depuis" | "desde" | "dal" | "vanaf" | "sinds" => {
                (at + 1, Bound::Since)
            }
            "starting" | "beginning" | "effective" => {
                (at + 1 + usize::from(matches!(one, "on" | "from" | "in" | "at")), Bound::Since)
            }
            "as" if matches!(one, "early" | "of") && matches!(two, "as" | "") => (at + 3, Bound::Since),
            "as" if one == "of" => (at + 2, Bound::Since),
            _ => match (self.sign(at), self.sign(at + 1)) {
                (">", "=") => (at + 2, Bound::Since),
                ("<", "=") => (at + 2, Bound::Until),
                _ => return None,
            },
        })
    }

    /// "from March to May", "between 3 and 12 of September", "Monday - Friday", "April 9th through 17th".
    fn interval(&self, at: usize) -> Option<Finding> {
        let lead = match self.word(at) {
            "from" | "between" | "von" | "vom" | "zwischen" | "du" | "del" | "dal" | "entre" | "tussen"
            | "van" | "de" | "desde" => 1,
            "in" if self.word(at + 1) == "between" => 2,
            "in" if self.number(at + 1).is_some() => 1,
            _ => 0,
        };
        let between = matches!(
            self.word(at + lead - usize::from(lead > 0)),
            "between" | "zwischen" | "entre" | "tussen"
        ) && lead > 0;
        let start = at + lead;
        if lead == 1 && self.word(at) == "from" && self.is_moved(at) {
            return None;
        }
        let (next, slot, zone) = self.ends_of(start, between)?;
        let core = if lead > 0 { at } else { self.core(at, next) };
        Some(Finding { first: core, core, next, what: What::Date(Settled { slot, zone }, Bound::At) })
    }

    /// "18 and 19 June": a bare day before a day with its month.
    fn day_of_list(&self, at: usize) -> Option<Finding> {
        let (next, day) = self.bare_day(at)?;
        if next - at > 2 || self.number(at).is_none() {
            return None;
        }
        let place = next + 1;
        let joined = matches!(
            self.word(next),
            "and" | "or" | "und" | "oder" | "et" | "ou" | "y" | "e" | "o" | "en" | "of"
        ) || matches!(self.sign(next), "," | "&" | "/") && !self.touches(next + 1);
        let right = if joined { self.month_form(place) } else { None };
        let (_, right) =
            right.filter(|(_, dated)| dated.rank == Rank::Day && self.number(place).is_some())?;
        let last = self.pick(&right)?.start.date();
        let first =
            date(i64::from(last.year()), i64::from(last.month()), day).filter(|first| *first < last)?;
        let settled = Settled { slot: Slot::day(first)?, zone: None };
        Some(Finding { first: at, core: at, next, what: What::Date(settled, Bound::At) })
    }

    /// "for two weeks from 3 May", "for 3 days, starting tomorrow".
    fn lasting(&self, at: usize) -> Option<Finding> {
        if self.word(at) != "for" {
            return None;
        }
        let (next, length) = self.length(at + 1)?;
        let place = next + usize::from(self.sign(next) == ",");
        let place = match self.word(place) {
            "from" => place + 1,
            "starting" | "beginning" => {
                place + 1 + usize::from(matches!(self.word(place + 1), "on" | "from" | "at"))
            }
            _ => return None,
        };
        let (after, phrase) = self.phrase(place)?;
        let settled = self.settle(&phrase, Pick::Near)?;
        let end = length.from(settled.slot.start, 1)?;
        let slot = Slot::span(settled.slot.start, end, settled.slot.grain);
        Some(Finding {
            first: at,
            core: at,
            next: after,
            what: What::Date(Settled { slot, ..settled }, Bound::At),
        })
    }

    /// "moved from Monday to Tuesday" names two days, not the days between.
    fn is_moved(&self, at: usize) -> bool {
        (at.saturating_sub(6)..at).any(|place| {
            let word = self.word(place);
            ["mov", "resched", "shift", "postpon", "push", "switch"].iter().any(|verb| word.starts_with(verb))
                || matches!(word, "change" | "changed")
        })
    }

    /// Both ends at `at`: the place behind them, the stretch, its zone.
    fn ends_of(&self, at: usize, between: bool) -> Option<(usize, Slot, Option<jiff::tz::TimeZone>)> {
        if let Some(found) = self.day_to_date(at, between) {
            return Some(found);
        }
        let (next, left) = self.phrase(at)?;
        let place = self.joins_days(next, between)?;
        if let Some((after, slot)) = self.date_to_day(&left, place) {
            return Some((after, slot, None));
        }
        let skip = place + usize::from(matches!(self.word(place), "the" | "le" | "el" | "den" | "il"));
        let (after, right) = self.phrase(place).or_else(|| self.phrase(skip))?;
        let (slot, zone) = self.between(&left, &right)?;
        Some((after, slot, zone))
    }

    /// The place behind a word between two ends.
    fn joins_days(&self, at: usize, between: bool) -> Option<usize> {
        if self.sign(at) == "-" || self.sign(at) == "~" {
            return Some(at + 1 + usize::from(self.sign(at + 1) == "-"));
        }
        match self.word(at) {
            "to" | "until" | "till" | "til" | "through" | "thru" | "bis" | "tot" | "ate" | "au" | "al"
            | "hasta" | "t" => Some(at + 1 + usize::from(self.word(at + 1) == "zum")),
            "a" if !self.is_language("en") => Some(at + 1),
            "and" | "und" | "et" | "y" | "e" | "en" if between => Some(at + 1),
            _ => None,
        }
    }

    /// A bare day before an end with its month: "12 to 16 September", "23rd to 26th Oct".
    fn day_to_date(&self, at: usize, between: bool) -> Option<(usize, Slot, Option<jiff::tz::TimeZone>)> {
        let (next, day) = self.bare_day(at)?;
        let next = next + usize::from(self.sign(next) == "." && self.touches(next));
        let place = self.joins_days(next, between)?;
        let place = place + usize::from(matches!(self.word(place), "the" | "den" | "zum"));
        let (after, right) = self.month_form(place).filter(|(_, dated)| dated.rank == Rank::Day)?;
        let end = self.pick(&right)?;
        let last = end.start.date();
        let mut first = date(i64::from(last.year()), i64::from(last.month()), day)?;
        if first >= last {
            first = add(first, -1, Unit::Month)?;
        }
        Some((after, self.days_between(Slot::day(first)?, end)?, None))
    }

    /// A day with its month before a bare one: "April 9th through 17th", "March 3-5, 2026".
    fn date_to_day(&self, left: &Phrase, at: usize) -> Option<(usize, Slot)> {
        let dated = left
            .date
            .as_ref()
            .filter(|dated| dated.rank == Rank::Day && left.clock.is_none() && left.part.is_none())?;
        let is_day = matches!(dated.series, Series::YearDay(..) | Series::Once(_));
        let the = at + usize::from(self.word(at) == "the");
        let (next, day) = self.bare_day(the).filter(|_| is_day)?;
        if self.entry(next).month.is_some()
            || matches!(self.word(next), "of" | "am" | "pm" | "de")
            || matches!(self.sign(next), ":" | "." | "/") && self.touches(next + 1)
        {
            return None;
        }
        let day = i8::try_from(day).ok()?;
        let (after, year) = self.year_after(next, false);
        let start = match (year, &dated.series) {
            (Some(year), Series::YearDay(month, first)) => {
                Slot::day(date(year, i64::from(*month), i64::from(*first))?)?
            }
            _ => self.pick(dated)?,
        };
        if matches!(dated.series, Series::Once(_))
            && self.token(the).is_some_and(|t| t.kind == Kind::Number)
            && !self.is_ordinal_end(the + 1)
            && self.sign(at - 1) != "-"
        {
            return None;
        }
        let end = Series::MonthDay(day).coming(start.end)?;
        (end.start.date() <= add(start.start.date(), 1, Unit::Month)?).then_some(())?;
        Some((after, self.days_between(start, end)?))
    }

    /// A number from 1 to 31, or an ordinal.
    fn bare_day(&self, at: usize) -> Option<(usize, i64)> {
        let the = at + usize::from(matches!(self.word(at), "the" | "le" | "el" | "den"));
        let glued =
            the > 0 && self.touches(the) && matches!(self.sign(the - 1), "." | "/" | ":" | "$" | "#" | "_");
        let found = self.ordinal(the).or_else(|| {
            let number = self.number(the).filter(|_| self.token(the).is_some_and(|t| t.text.len() <= 2))?;
            Some((the + 1, number))
        });
        found.filter(|(_, day)| (1..=31).contains(day) && !glued)
    }

    fn days_between(&self, first: Slot, last: Slot) -> Option<Slot> {
        let end = if self.convention.day_ends == Ends::Included { last.end } else { last.start };
        (end > first.start).then(|| Slot::span(first.start, end, first.grain.min(last.grain)))
    }

    /// The stretch between two phrases; what one leaves out the other gives.
    fn between(&self, left: &Phrase, right: &Phrase) -> Option<(Slot, Option<jiff::tz::TimeZone>)> {
        let rank = |phrase: &Phrase| phrase.date.as_ref().map(|dated| dated.rank);
        let timed = |phrase: &Phrase| phrase.clock.is_some() || phrase.now;
        let fixed = |phrase: &Phrase| phrase.date.as_ref().is_some_and(|dated| dated.series.is_fixed());
        if !left.now && !right.now {
            let cut = |phrase: &Phrase| phrase.date.as_ref().is_some_and(|dated| dated.is_cut);
            let same = (cut(left) || cut(right))
                && rank(left) >= Some(Rank::Day)
                && rank(right) >= Some(Rank::Day)
                || match (rank(left), rank(right)) {
                    (Some(one), Some(Rank::Day)) if one > Rank::Day => {
                        left.clock.is_none() && right.clock.is_none() && fixed(left) && fixed(right)
                    }
                    (Some(one), Some(other)) => one == other || (one >= Rank::Month && other >= Rank::Month),
                    (None, Some(Rank::Day)) => timed(left) && timed(right),
                    (None | Some(Rank::Day), None) => timed(left) && timed(right),
                    _ => false,
                };
            if !same || timed(left) != timed(right) {
                return None;
            }
        }
        let runs = |dated: Option<&Dated>| matches!(dated.map(|dated| &dated.series), Some(Series::Once(slot)) if !slot.one && dated.is_some_and(|dated| !dated.is_cut));
        if runs(left.date.as_ref()) || runs(right.date.as_ref()) {
            return None;
        }
        let (first, last) = if fixed(right) && !fixed(left) && left.date.is_some() && !left.now {
            let last = self.settle(right, Pick::Near)?;
            (self.settle(left, Pick::Before(last.slot.start))?, last)
        } else {
            let running = if fixed(left) || left.now { None } else { self.running(left, right) };
            let first = running.map_or_else(|| self.settle(left, Pick::Near), Some)?;
            let weekday = right.date.as_ref().is_some_and(|dated| matches!(dated.series, Series::Weekday(_)));
            let from = if weekday { first.slot.end } else { first.slot.start };
            let last = if fixed(right) || right.now || left.now {
                self.settle(right, Pick::Near)?
            } else {
                self.settle(right, Pick::After(from))?
            };
            (first, last)
        };
        let mut end: DateTime = if right.now {
            self.reference
        } else if right.clock.is_some() {
            if self.convention.clock_ends == Ends::Included { last.slot.end } else { last.slot.start }
        } else if self.convention.day_ends == Ends::Included
            || right.date.as_ref().is_some_and(|dated| dated.is_cut)
        {
            last.slot.end
        } else {
            last.slot.start
        };
        if end <= first.slot.start && right.date.is_none() && !right.now {
            let later = if right.clock.as_ref().is_some_and(|clock| !clock.start.said) { 12 } else { 24 };
            end = end.checked_add(jiff::ToSpan::hours(later)).ok()?;
        }
        if end <= first.slot.start {
            return None;
        }
        let grain = if left.now { last.slot.grain } else { first.slot.grain.min(last.slot.grain) };
        Some((Slot::span(first.slot.start, end, grain), first.zone.or(last.zone)))
    }

    /// The first end of an interval that has begun and has not ended: "from 1 October to 7 November".
    fn running(&self, left: &Phrase, right: &Phrase) -> Option<Settled> {
        let (one, other) = (left.date.as_ref()?, right.date.as_ref()?);
        if other.series.is_fixed()
            || matches!(one.series, Series::Weekday(_))
            || matches!(other.series, Series::Weekday(_))
        {
            return None;
        }
        let last = self.settle(right, Pick::Near)?;
        let first = self.settle(left, Pick::Before(last.slot.start))?;
        (first.slot.start <= self.reference && last.slot.end > self.reference).then_some(first)
    }

    /// A length of time by itself: "3 minutes", "all day", "more than 1 hour and 30 minutes".
    fn length_alone(&self, at: usize) -> Option<(usize, usize, Length)> {
        let (place, more) = match (self.word(at), self.word(at + 1)) {
            ("more" | "less" | "longer", "than") => (at + 2, true),
            ("all" | "whole" | "full", _) => {
                let (next, unit) = self
                    .unit_at(at + 1)
                    .filter(|(_, unit)| *unit >= Unit::Day && !self.word(at + 1).ends_with('s'))?;
                return Some((at, next, Length::one(unit)?));
            }
            ("another", _)
                if self.entry(at + 1).unit.is_some() && !matches!(self.word(at + 1), "second" | "minute") =>
            {
                let (next, unit) = self.unit_at(at + 1)?;
                return Some((at, next, Length::one(unit)?));
            }
            _ => (at, false),
        };
        let glued = place > 0
            && self.touches(place)
            && matches!(self.sign(place - 1), "$" | "." | "/" | "#" | "-" | "_" | ":");
        let (next, length) = self.length(place).filter(|_| !glued)?;
        // "a day" is no length unless something lasts so long.
        let article = matches!(self.word(place), "a" | "an") && next == place + 2;
        let lasts = more
            || self.len() == next - at
            || matches!(
                self.word(place.wrapping_sub(1)),
                "for" | "than" | "least" | "about" | "every" | "takes" | "take"
            );
        let once = self.word(place) == "one" && next == place + 2 && length.coarsest >= Unit::Day && !lasts;
        ((!article || lasts) && !once).then_some((at, next, length))
    }

    /// "every Monday", "each week", "every other day at 3pm", "daily", "Tuesday afternoons", "jeden Montag".
    fn every(&self, at: usize) -> Option<(usize, Recurrence)> {
        if let Some(found) = self.adverb_of_recurrence(at) {
            return Some(found);
        }
        if let Some(found) = self.times_a_unit(at) {
            return Some(found);
        }
        let lead = match (self.word(at), self.word(at + 1)) {
            (
                "every" | "each" | "jeden" | "jede" | "jedes" | "jeder" | "cada" | "ogni" | "elke" | "chaque",
                _,
            ) => 1,
            ("todos", "los" | "os") | ("todas", "las" | "as") | ("tous", "les") | ("alle", _) => {
                if self.word(at) == "alle" && self.whole(at + 1).is_none() {
                    return None;
                }
                if self.word(at) == "alle" { 1 } else { 2 }
            }
            ("on", _) | ("", _) if self.entry(at).plural => 0,
            _ if self.entry(at).plural || (self.entry(at).weekday.is_some() && self.entry(at + 1).plural) => {
                0
            }
            _ => return None,
        };
        let mut next = at + lead;
        let mut count = 1;
        if lead > 0 {
            if matches!(self.word(next), "other" | "second" | "zweiten" | "zweite")
                && (self.entry(next + 1).unit.is_some() || self.entry(next + 1).weekday.is_some())
            {
                count = 2;
                next += 1;
            } else if let Some((after, number)) = self.ordinal(next).or_else(|| self.whole(next)) {
                count = number;
                next = after;
            }
            next += usize::from(self.word(next) == "single");
        }
        let (after, unit) = self.recurring(next, lead > 0)?;
        let mut after = after;
        // Its time belongs to it: "every day at 3pm".
        if let Some((end, _)) =
            self.clock(after, true).or_else(|| self.clock(after + usize::from(self.sign(after) == ","), true))
        {
            after = end;
        } else if lead > 0 && self.entry(after).part.is_some() {
            after += 1;
            if let Some((end, _)) = self.clock(after, true) {
                after = end;
            }
        }
        Some((after, Recurrence { every: count.max(1), unit }))
    }

    /// "once a year", "twice a week", "three times per month".
    fn times_a_unit(&self, at: usize) -> Option<(usize, Recurrence)> {
        let next = match self.word(at) {
            "once" | "twice" => at + 1,
            _ => {
                let (next, _) = self.whole(at)?;
                matches!(self.word(next), "times" | "time").then_some(next + 1)?
            }
        };
        if !matches!(self.word(next), "a" | "an" | "per" | "each" | "every") {
            return None;
        }
        let (after, unit) = self.unit_at(next + 1)?;
        Some((after, Recurrence { every: 1, unit: super::reckon::grain_of(unit) }))
    }

    fn recurring(&self, at: usize, led: bool) -> Option<(usize, Grain)> {
        if led && let Some(next) = self.weekend_word(at) {
            return Some((next, Grain::Week));
        }
        let entry = self.entry(at);
        if let Some(_day) = entry.weekday {
            if self.entry(at + 1).part.is_some() && (led || self.entry(at + 1).plural) {
                return Some((at + 2, Grain::Week));
            }
            return (led || entry.plural).then_some((at + 1, Grain::Week));
        }
        if entry.part.is_some() && (led || entry.plural) {
            let bare = !led && matches!(self.word(at.wrapping_sub(1)), "the" | "in");
            return (!bare && (led || self.word(at) != "nights")).then_some((at + 1, Grain::Day));
        }
        if !led {
            return None;
        }
        if let Some((next, unit)) = self.unit_at(at) {
            return Some((next, super::reckon::grain_of(unit)));
        }
        if entry.month.is_some() {
            return Some((at + 1, Grain::Year));
        }
        let (next, _) = self.feast_series(at)?;
        Some((next, Grain::Year))
    }

    fn adverb_of_recurrence(&self, at: usize) -> Option<(usize, Recurrence)> {
        let (every, unit) = match self.word(at) {
            "daily" | "everyday" | "taglich" | "quotidien" | "diariamente" | "dagelijks" => (1, Grain::Day),
            "hourly" => (1, Grain::Hour),
            "weekly" | "wochentlich" | "wekelijks" => (1, Grain::Week),
            "biweekly" | "fortnightly" => (2, Grain::Week),
            "bi" | "semi" if self.sign(at + 1) == "-" && !matches!(self.word(at + 2), "bi" | "semi") => {
                let (next, found) = self.adverb_of_recurrence(at + 2)?;
                let half = self.word(at) == "semi" && found.unit == Grain::Year;
                return Some((
                    next,
                    if half {
                        Recurrence { every: 2, unit: Grain::Quarter }
                    } else {
                        Recurrence { every: 2, ..found }
                    },
                ));
            }
            "monthly" | "monatlich" | "maandelijks" => (1, Grain::Month),
            "bimonthly" => (2, Grain::Month),
            "quarterly" => (1, Grain::Quarter),
            "semiannually" => (2, Grain::Quarter),
            "yearly" | "annually" | "jahrlich" => (1, Grain::Year),
            _ => return None,
        };
        Some((at + 1, Recurrence { every, unit }))
    }
}
