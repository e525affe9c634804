//! A phrase that names one time: days, a part of the day, a time, a zone, in any order; and the
//! stretch it stands for.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::Parser;
use super::clock::ClockSpan;
use super::convention::{self, DayEnd, DayParts, PastHours, Present};
use super::dated::{Dated, Rank};
use super::reckon::{add, midnight};
use super::series::{Series, Slot};
use super::stretch::Part;
use super::words::{Hours, Turn, Unit};
use crate::reading::Grain;

/// What a phrase says.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrase {
    pub(super) date: Option<Dated>,
    pub(super) part: Option<Hours>,
    pub(super) clock: Option<ClockSpan>,
    pub(super) day_end: bool,
    pub(super) zone: Option<TimeZone>,
    pub(super) now: bool,
}

/// What stands between two words of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Nothing,
    Comma,
    Dash,
    Bracket,
    /// "of", "in", "on", "for", "'s".
    Word,
}

/// What a phrase stands for.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) slot: Slot,
    pub(super) zone: Option<TimeZone>,
}

/// From where the stretch is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pick {
    Near,
    After(DateTime),
    Before(DateTime),
}

impl Parser<'_> {
    /// The longest phrase at token `at`.
    pub(super) fn phrase(&self, at: usize) -> Option<(usize, Phrase)> {
        if let Some(next) = self.now(at) {
            return Some((next, Phrase { now: true, ..Phrase::default() }));
        }
        let mut phrase = Phrase::default();
        let mut next = self.absorb(&mut phrase, at, Joint::Nothing)?;
        for _ in 0..6 {
            let Some(after) = self
                .joints(next)
                .into_iter()
                .flatten()
                .find_map(|(place, joint)| self.absorb(&mut phrase, place, joint))
            else {
                break;
            };
            next = after;
        }
        Some((next, phrase))
    }

    /// "now", where it is worth telling.
    fn now(&self, at: usize) -> Option<usize> {
        let next = match (self.word(at), self.word(at + 1)) {
            ("right" | "just", "now") => at + 2,
            ("now" | "atm" | "immediately", _) => at + 1,
            ("at", "the") if self.word(at + 2) == "moment" => at + 3,
            ("at", "the") if self.word(at + 2) == "present" && self.word(at + 3) == "time" => at + 4,
            ("at", "this") if self.word(at + 2) == "time" => at + 3,
            _ => return None,
        };
        let (before, _) = self.before(at);
        let told = self.convention.present == Present::Named
            || self.len() == next - at
            || (self.word(at) == "now" && matches!(before, "between" | "from" | "until" | "till"))
            || (before == "and"
                && self.word(at) == "now"
                && (at.saturating_sub(8)..at).any(|place| self.word(place) == "between"));
        told.then_some(next)
    }

    /// Where the next piece of a phrase may begin.
    fn joints(&self, at: usize) -> [Option<(usize, Joint)>; 3] {
        let mut out = [Some((at, Joint::Nothing)), None, None];
        let joint = match self.sign(at) {
            "," => Some(Joint::Comma),
            "-" => Some(Joint::Dash),
            "(" => Some(Joint::Bracket),
            _ => matches!(
                self.word(at),
                "of" | "in"
                    | "on"
                    | "for"
                    | "from"
                    | "the"
                    | "'s"
                    | "um"
                    | "am"
                    | "im"
                    | "le"
                    | "el"
                    | "il"
                    | "den"
                    | "de"
                    | "der"
                    | "des"
                    | "del"
                    | "di"
                    | "da"
                    | "na"
                    | "op"
                    | "a"
                    | "around"
                    | "about"
                    | "at"
                    | "by"
                    | "do"
                    | "du"
                    | "nel"
                    | "por"
                    | "pela"
                    | "au"
            )
            .then_some(Joint::Word),
        };
        if let Some(joint) = joint {
            out[1] = Some((at + 1, joint));
            let more = matches!(
                self.word(at + 1),
                "the"
                    | "on"
                    | "at"
                    | "of"
                    | "in"
                    | "a"
                    | "le"
                    | "la"
                    | "el"
                    | "am"
                    | "um"
                    | "around"
                    | "about"
            ) && self.word(at) != "the";
            if more {
                out[2] = Some((at + 2, joint));
            }
        }
        out
    }

    /// Takes one piece into the phrase; the place after it.
    fn absorb(&self, phrase: &mut Phrase, at: usize, joint: Joint) -> Option<usize> {
        if at > 0
            && joint == Joint::Nothing
            && self.touches(at)
            && self.sign(at).is_empty()
            && self.sign(at - 1).is_empty()
            && !self.may_touch(at)
        {
            return None;
        }
        let first =
            phrase.date.is_none() && phrase.clock.is_none() && phrase.part.is_none() && !phrase.day_end;
        if !phrase.day_end
            && phrase.clock.is_none()
            && phrase.part.is_none()
            && let Some((next, day)) = self.day_end(at)
            && (joint != Joint::Comma)
            && day.as_ref().is_none_or(|_| phrase.date.is_none())
        {
            phrase.day_end = true;
            if day.is_some() {
                phrase.date = day;
            }
            return Some(next);
        }
        if phrase.day_end
            && phrase.zone.is_none()
            && let Some((next, zone)) = self.zone(at)
        {
            phrase.zone = Some(zone);
            return Some(next);
        }
        if let Some(next) = self.absorb_part(phrase, at, joint, first) {
            return Some(next);
        }
        if first && let Some((next, dated, hours)) = self.nth_part(at) {
            phrase.date = Some(dated);
            phrase.part = Some(hours);
            return Some(next);
        }
        if let Some(next) = self.absorb_date(phrase, at, joint) {
            return Some(next);
        }
        self.absorb_clock(phrase, at, joint, first)
    }

    /// "14april", "Feb13", "7pm", "15h": letters and figures that may stand glued.
    fn may_touch(&self, at: usize) -> bool {
        let entry = self.entry(at);
        entry.month.is_some()
            || (self.number(at).is_some() && self.entry(at - 1).month.is_some())
            || self.word(at) == "'s"
    }

    fn absorb_date(&self, phrase: &mut Phrase, at: usize, joint: Joint) -> Option<usize> {
        if phrase.day_end && phrase.date.is_some() {
            return None;
        }
        let (mut next, dated) = self.date(at)?;
        let fits_time = |dated: &Dated| dated.rank <= Rank::Day || dated.shift.is_some();
        let timed = phrase.clock.is_some() || phrase.part.is_some() || phrase.day_end;
        match &phrase.date {
            None => {
                if timed && (!fits_time(&dated) || dated.rank == Rank::Moment && self.word(at) != "in")
                    || joint == Joint::Dash
                {
                    return None;
                }
                if timed && joint == Joint::Comma && dated.rank != Rank::Day {
                    return None;
                }
                phrase.date = Some(dated);
            }
            Some(known) => {
                let day_pair = known.rank == Rank::Day && dated.rank == Rank::Day;
                // "today in one hour" is the moment.
                if dated.rank == Rank::Moment
                    && known.rank == Rank::Day
                    && known.series.is_fixed()
                    && joint == Joint::Nothing
                    && !timed
                {
                    phrase.date = Some(dated);
                    return Some(next);
                }
                if matches!(joint, Joint::Comma | Joint::Bracket | Joint::Dash)
                    && !day_pair
                    && joint != Joint::Dash
                {
                    return None;
                }
                let weekday =
                    matches!(known.series, Series::Weekday(_)) != matches!(dated.series, Series::Weekday(_));
                if day_pair
                    && !weekday
                    && joint != Joint::Bracket
                    && dated.shift.is_none()
                    && known.shift.is_none()
                {
                    return None;
                }
                let whole = self.combine(known, &dated)?;
                if whole.rank > Rank::Day && timed {
                    return None;
                }
                phrase.date = Some(whole);
            }
        }
        if joint == Joint::Bracket {
            next = self.skip_sign(next, ")").0;
        }
        Some(next)
    }

    fn absorb_clock(&self, phrase: &mut Phrase, at: usize, joint: Joint, first: bool) -> Option<usize> {
        if phrase.clock.is_some() || phrase.day_end {
            return None;
        }
        let day = match &phrase.date {
            Some(dated) => {
                let fits = dated.rank == Rank::Day || (dated.shift.is_some() && dated.rank > Rank::Day);
                if !fits {
                    return None;
                }
                true
            }
            None => false,
        };
        let (mut next, clock) = self.clock(at, day && joint != Joint::Comma)?;
        if joint == Joint::Dash && !day {
            return None;
        }
        if first && self.is_bare_lead(at) && next == at + 1 {
            return None;
        }
        phrase.zone = clock.zone.clone();
        phrase.clock = Some(clock);
        if joint == Joint::Bracket {
            next = self.skip_sign(next, ")").0;
        }
        Some(next)
    }

    fn is_bare_lead(&self, at: usize) -> bool {
        matches!(self.word(at), "a" | "in" | "for")
    }

    /// "EOD", "COB", "end of day", "close of business", "end of tomorrow", "Feierabend".
    fn day_end(&self, at: usize) -> Option<(usize, Option<Dated>)> {
        let at = at + usize::from(self.word(at) == "the");
        match self.word(at) {
            "eod" | "cob" | "feierabend" => return Some((at + 1, None)),
            // Rarer, and short for other things too.
            "eob" | "cop" => {
                return matches!(self.before(at).0, "by" | "before" | "until").then_some((at + 1, None));
            }
            "end" | "close" | "ende" | "fin" | "final" | "fine" => {}
            _ => return None,
        }
        let of = at + 1 + usize::from(matches!(self.word(at + 1), "of" | "des" | "de" | "del" | "di"));
        let the = of
            + usize::from(matches!(self.word(of), "the" | "your" | "my" | "business" | "our" | "la" | "le"));
        if matches!(
            self.word(the),
            "day" | "business" | "play" | "today" | "tages" | "dia" | "journee" | "giornata"
        ) {
            let business = usize::from(self.word(the) == "business" && self.word(the + 1) == "day");
            return Some((the + 1 + business, None));
        }
        if self.word(of - 1) == "business" {
            return Some((of, None));
        }
        if of == at + 1 || self.word(at) != "end" {
            return None;
        }
        let (next, dated) = self.relative_day(the).or_else(|| self.weekday_form(the))?;
        Some((next, Some(dated)))
    }

    /// "this morning", "tonight", "last night", "in the afternoon", and a bare part behind a day.
    fn absorb_part(&self, phrase: &mut Phrase, at: usize, joint: Joint, first: bool) -> Option<usize> {
        if phrase.part.is_some() || phrase.day_end || joint == Joint::Dash {
            return None;
        }
        let day = |days: i64| Dated::day(add(self.today(), days, Unit::Day)?);
        if let Some((next, days, hours)) = self.named_part(at) {
            if phrase.date.is_some() || joint == Joint::Comma {
                return None;
            }
            phrase.date = day(days);
            phrase.part = Some(hours);
            return Some(next);
        }
        let (next, hours, led) = self.part(at)?;
        if phrase.clock.as_ref().is_some_and(|clock| clock.start.said && !led) && phrase.date.is_none() {
            return None;
        }
        if first && !led && self.word(next) == "of" && !self.entry(next - 1).plural {
            let day = next + 1 + usize::from(self.word(next + 1) == "the");
            let named = self
                .date(next + 1)
                .or_else(|| self.date(day))
                .is_some_and(|(_, dated)| dated.rank == Rank::Day);
            if named {
                phrase.part = Some(hours);
                return Some(next);
            }
            return None;
        }
        let on_day = phrase.date.as_ref().is_some_and(|dated| dated.rank == Rank::Day);
        let good = if first { led } else { on_day || (phrase.clock.is_some() && led) };
        if !good
            || (joint == Joint::Comma && !led)
            || phrase.date.as_ref().is_some_and(|dated| dated.rank != Rank::Day)
        {
            return None;
        }
        if self.entry(next - 1).plural && !led {
            return None;
        }
        // "morning of Christmas"
        phrase.part = Some(hours);
        Some(next)
    }

    /// A part of the day with its day: the place after it, days from today, hours.
    fn named_part(&self, at: usize) -> Option<(usize, i64, Hours)> {
        let part = |place: usize| self.entry(place).part.filter(|_| !self.entry(place).plural);
        match self.word(at) {
            "tonight" | "tonite" | "tonights" => return Some((at + 1, 0, self.hours_of(at))),
            "stasera" | "vanavond" | "stanotte" | "vannacht" => {
                return Some((at + 1, 0, self.hours((18, 24))));
            }
            "stamattina" | "stamani" | "vanochtend" | "vanmorgen" => {
                return Some((at + 1, 0, self.hours((8, 12))));
            }
            "vanmiddag" => return Some((at + 1, 0, self.hours((12, 19)))),
            "last" if matches!(self.word(at + 1), "night" | "evening") => {
                return Some((at + 2, -1, self.hours_of(at + 1)));
            }
            _ => {}
        }
        let this = self.entry(at).turn == Some(Turn::This) && self.word(at) != "current"
            || matches!(self.word(at), "heute" | "ce");
        if this {
            let (next, cut) = self.part_cut(at + 1);
            if part(next).is_some()
                && !matches!(self.word(next), "lunch" | "lunchtime")
                && self.entry(next).relative.is_none_or(|_| self.word(next) == "manana")
            {
                return Some((next + 1, 0, cut_hours(self.hours_of(next), cut)));
            }
            if matches!(self.word(next), "morgen" | "manana" | "manha" | "fruh") {
                return Some((next + 1, 0, self.hours((8, 12))));
            }
        }
        let (next, cut) = self.part_cut(at);
        if cut.is_some() && self.entry(next).relative == Some(0) && self.entry(next).part.is_none() {
            let hours = if cut == Some(Part::Middle) {
                (10, 14)
            } else if cut == Some(Part::End) {
                (12, 24)
            } else {
                (8, 12)
            };
            return Some((next + 1, 0, hours));
        }
        if cut.is_some() && self.entry(next).turn == Some(Turn::This) && part(next + 1).is_some() {
            return Some((next + 2, 0, cut_hours(self.hours_of(next + 1), cut)));
        }
        None
    }

    /// "early", "late", "later in the": a part of the part of the day.
    fn part_cut(&self, at: usize) -> (usize, Option<Part>) {
        let cut = match self.word(at) {
            "early" | "earlier" => Part::Start,
            "late" | "later" => Part::End,
            "mid" => Part::Middle,
            _ => return (at, None),
        };
        let dash = at + 1 + usize::from(self.sign(at + 1) == "-");
        let in_the = dash + usize::from(self.word(dash) == "in");
        let the = in_the + usize::from(self.word(in_the) == "the");
        (the, Some(cut))
    }

    /// "morning", "in the afternoon", "late afternoon", "por la mañana", "am Vormittag"; whether words
    /// before it make it a part of the day by itself.
    fn part(&self, at: usize) -> Option<(usize, Hours, bool)> {
        let (cut_at, cut) = self.part_cut(at);
        let mut next = cut_at;
        let mut led = cut.is_some() && cut_at > at + 1;
        for _ in 0..3 {
            match self.word(next) {
                "in" | "during" | "por" | "pela" | "nel" | "am" | "nella" | "di" | "'s" | "de" | "da"
                | "le" => led |= !matches!(self.word(next), "de" | "da" | "di" | "le" | "am" | "'s"),
                "the" | "la" | "l'" | "het" => {}
                "at" if matches!(self.word(next + 1), "night" | "lunch" | "lunchtime") => {}
                _ => break,
            }
            next += 1;
        }
        let word = self.word(next);
        if let Some(cut) = cut.filter(|_| next > cut_at) {
            led = true;
            return self.entry(next).part.map(|_| (next + 1, cut_hours(self.hours_of(next), Some(cut)), led));
        }
        if let Some(hours) = self.entry(next).part {
            let hours = if self.entry(next).plural && !led {
                return Some((next + 1, self.hours(hours), false));
            } else {
                self.hours_of(next)
            };
            let standalone =
                led && next > at && !matches!(word, "middag" | "mittagspause" | "lunch" | "lunchtime")
                    || cut.is_some();
            return Some((next + 1, cut_hours(hours, cut), standalone));
        }
        match word {
            "fruh" | "morgen" if next == at && at > 0 => Some((next + 1, self.hours((8, 12)), false)),
            "manana" | "manha" if next > at => Some((next + 1, self.hours((8, 12)), led)),
            "apres" if self.sign(next + 1) == "-" && self.word(next + 2) == "midi" => {
                Some((next + 3, self.hours((12, 19)), false))
            }
            "am" if next == at
                && self.entry(at.wrapping_sub(1)).relative.is_some()
                && !self.is_language("de") =>
            {
                Some((next + 1, self.hours((8, 12)), false))
            }
            "pm" if self.entry(at.wrapping_sub(1)).relative.is_some() => {
                Some((next + 1, self.hours((12, 19)), false))
            }
            "mittag" | "mittags" if next == at && at > 0 => Some((next + 1, (12, 14), false)),
            _ => None,
        }
    }

    fn hours_of(&self, at: usize) -> Hours {
        let word = self.word(at);
        let hours = self.entry(at).part.unwrap_or((0, 24));
        if self.convention.day_parts == DayParts::FourHours && matches!(word, "night" | "nights" | "tonight")
        {
            return (20, 24);
        }
        self.hours(hours)
    }

    /// The hours of a part by the convention.
    pub(super) fn hours(&self, hours: Hours) -> Hours {
        match (self.convention.day_parts, hours) {
            (DayParts::FromMidnight, (8, 12)) => (0, 12),
            (DayParts::FourHours, (12, 19)) => (12, 16),
            (DayParts::FourHours, (18, 24)) => (16, 20),
            (DayParts::Working | DayParts::FromMidnight | DayParts::FourHours, hours) => hours,
        }
    }

    /// Days without a time: namings next to each other as one.
    pub(super) fn date_words(&self, at: usize) -> Option<(usize, Dated)> {
        let (mut next, mut dated) = self.date(at)?;
        for _ in 0..3 {
            let more = self
                .joints(next)
                .into_iter()
                .flatten()
                .filter(|(_, joint)| matches!(joint, Joint::Nothing | Joint::Word))
                .find_map(|(place, _)| {
                    let (after, other) = self.date(place)?;
                    Some((after, self.combine(&dated, &other)?))
                });
            let Some((after, whole)) = more else { break };
            next = after;
            dated = whole;
        }
        Some((next, dated))
    }

    /// One naming of days at token `at`.
    pub(super) fn date(&self, at: usize) -> Option<(usize, Dated)> {
        if !self.may_begin(at) {
            return None;
        }
        self.part_of_stretch(at)
            .or_else(|| self.numeric(at))
            .or_else(|| self.nth(at))
            .or_else(|| self.month_form(at))
            .or_else(|| self.feast(at))
            .or_else(|| self.season(at))
            .or_else(|| self.quarter(at))
            .or_else(|| self.turned(at))
            .or_else(|| self.weekday_form(at))
            .or_else(|| self.relative_day(at))
            .or_else(|| self.counted(at))
            .or_else(|| self.day_of_month(at))
            .or_else(|| self.year(at))
            .or_else(|| self.week_of(at))
            .or_else(|| self.weekend_of(at))
    }

    /// "the week of 3 March", "weekend of the 14th": the one the day lies in.
    fn week_of(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(self.word(at) == "the");
        let (next, series, rank) = match self.weekend_word(the) {
            Some(next) => (next, self.weekend_series(), Rank::Day),
            None if matches!(self.word(the), "week" | "woche" | "semaine" | "semana") => {
                (the + 1, Series::Unit(Unit::Week), Rank::Week)
            }
            None => return None,
        };
        if !matches!(self.word(next), "of" | "vom" | "du" | "del" | "beginning" | "commencing" | "starting") {
            return None;
        }
        let place = next + 1 + usize::from(self.word(next + 1) == "on");
        let the_day = |parser: &Self| {
            parser.date(place).or_else(|| parser.date(place + usize::from(parser.word(place) == "the")))
        };
        let (after, day) =
            self.nested(the_day).filter(|(_, dated)| dated.rank == Rank::Day).or_else(|| {
                let the = place + usize::from(self.word(place) == "the");
                let (after, day) = self.ordinal(the).filter(|_| self.number(the).is_some())?;
                Some((
                    after,
                    Dated::new(
                        Series::MonthDay(i8::try_from(day).ok()?),
                        Rank::Day,
                        super::dated::Near::Coming,
                    ),
                ))
            })?;
        let day = self.pick(&day)?;
        Some((after, Dated::once(series.coming(day.start)?, rank)))
    }

    fn weekend_of(&self, at: usize) -> Option<(usize, Dated)> {
        let the = at + usize::from(matches!(self.word(at), "the" | "das" | "am" | "le" | "el" | "het"));
        let next = self.weekend_word(the)?;
        let (before, _) = self.before(at);
        let led = the > at && !matches!(self.word(next), "of" | "edition" | "before" | "after")
            || matches!(before, "on" | "over" | "am" | "by");
        led.then(|| Some((next, Dated::new(self.weekend_series(), Rank::Day, super::dated::Near::Coming))))?
    }

    /// The stretch a phrase stands for.
    pub(super) fn settle(&self, phrase: &Phrase, pick: Pick) -> Option<Settled> {
        let zone = phrase.zone.clone();
        if phrase.now {
            let slot = Slot { end: self.reference, ..Slot::moment(self.reference, Grain::Minute)? };
            return Some(Settled { slot, zone });
        }
        let slot = match (&phrase.date, pick) {
            (Some(dated), Pick::Near) => Some(self.pick(dated)?),
            (Some(dated), Pick::After(from)) => Some(self.pick_after(dated, from)?),
            (Some(dated), Pick::Before(to)) => Some(self.pick_before(dated, to)?),
            (None, Pick::Near) => None,
            (None, Pick::After(at) | Pick::Before(at)) => Some(Slot::day(at.date())?),
        };
        let day = slot.map_or_else(|| self.today(), |slot| slot.start.date());
        let slot = if let Some(clock) = &phrase.clock {
            let (start, end) = clock.settled(self.convention.hours, phrase.part);
            let start = self.on_day(day, start, slot.is_none(), clock, phrase.part)?;
            let length = end.map(|end| end - clock.settled(self.convention.hours, phrase.part).0);
            match length {
                Some(seconds) => {
                    let end = start.checked_add(i64::from(seconds).seconds()).ok()?;
                    let more =
                        self.convention.clock_ends == convention::Ends::Included && clock.length.is_none();
                    let end = if more { Slot::moment(end, clock.grain())?.end } else { end };
                    Slot::span(start, end, clock.grain())
                }
                None => Slot::moment(start, clock.start.grain)?,
            }
        } else if let Some((from, to)) = phrase.part {
            let start = day.at(from, 0, 0, 0);
            let end = if to == 24 { midnight(day.tomorrow().ok()?) } else { day.at(to, 0, 0, 0) };
            Slot::span(start, end, Grain::DayPart)
        } else if phrase.day_end {
            let next = midnight(day.tomorrow().ok()?);
            match self.convention.day_end {
                DayEnd::TheDay => Slot::day(day)?,
                DayEnd::Midnight => Slot::moment(next, Grain::Hour)?,
                DayEnd::LastSecond => Slot::moment(next.checked_sub(1.second()).ok()?, Grain::Minute)?,
            }
        } else {
            slot?
        };
        Some(Settled { slot, zone })
    }

    /// A time of a day; without a day of today, or by the convention the one to come.
    fn on_day(
        &self,
        day: Date,
        seconds: i32,
        open: bool,
        clock: &ClockSpan,
        part: Option<Hours>,
    ) -> Option<DateTime> {
        let at = |seconds: i32| midnight(day).checked_add(i64::from(seconds).seconds()).ok();
        let first = at(seconds)?;
        if !open || self.convention.past_hours == PastHours::Today || part.is_some() && clock.start.said {
            return Some(first);
        }
        let half = 12 * 3600;
        let steps: &[i32] = if clock.start.said { &[0, 86_400] } else { &[0, half, 86_400] };
        steps
            .iter()
            .filter_map(|step| at(seconds + step))
            .find(|time| *time >= self.reference)
            .or(Some(first))
    }
}

/// The first, the middle or the last half of a part of the day.
fn cut_hours((from, to): Hours, cut: Option<Part>) -> Hours {
    let half = (to - from) / 2;
    match cut {
        Some(Part::Start) => (from, from + half),
        Some(Part::End | Part::Rest) => (to - half, to),
        Some(Part::Middle) => (from + half / 2, to - half / 2),
        None => (from, to),
    }
}
