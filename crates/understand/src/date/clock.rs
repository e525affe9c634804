//! Times of day in figures, and what an open hour ("at 3") is read as.

use jiff::tz::TimeZone;

use super::Parser;
use super::convention;
use super::count::Length;
use super::token::Kind;
use super::words::{Hours, Unit};
use crate::reading::Grain;

/// A time of day as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) grain: Grain,
    /// Whether morning or afternoon is said, or the hour is one of 24.
    pub(super) said: bool,
}

impl Clock {
    pub(super) fn hour(hour: i64) -> Option<Self> {
        let hour = i8::try_from(hour).ok().filter(|hour| (0..=24).contains(hour))?;
        let said = hour > 12 || hour == 0;
        Some(Self { hour: hour % 24, minute: 0, second: 0, grain: Grain::Hour, said })
    }

    fn minute(hour: i64, minute: i64) -> Option<Self> {
        let minute = i8::try_from(minute).ok().filter(|minute| (0..60).contains(minute))?;
        Some(Self { minute, grain: Grain::Minute, ..Self::hour(hour)? })
    }

    fn in_half(self, half: Half) -> Option<Self> {
        if self.hour > 12 || (self.hour == 0 && half == Half::Afternoon) {
            return (half == Half::Afternoon && self.hour > 12).then_some(self);
        }
        let hour = match half {
            Half::Morning => self.hour % 12,
            Half::Afternoon => self.hour % 12 + 12,
        };
        Some(Self { hour, said: true, ..self })
    }

    /// Seconds from midnight with the hour moved by `hours`.
    fn seconds(self, hours: i32) -> i32 {
        (i32::from(self.hour) + hours) * 3600 + i32::from(self.minute) * 60 + i32::from(self.second)
    }

    /// The hour an open time is taken for.
    ///
    /// # Source
    /// Working hours: a mail that says "at 3" means 15:00.
    fn settled(self, hours: convention::Hours, part: Option<Hours>) -> Self {
        if self.said {
            return self;
        }
        let later = match part {
            Some((from, _)) => from >= 12 && self.hour < 12,
            None => hours == convention::Hours::Working && (1..=6).contains(&self.hour),
        };
        Self { hour: if later { self.hour + 12 } else { self.hour }, ..self }
    }
}

/// The half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

/// A time of day, perhaps with its end or length and its zone.
#[derive(Clone, Debug)]
pub(super) struct ClockSpan {
    pub(super) start: Clock,
    pub(super) end: Option<Clock>,
    pub(super) length: Option<Length>,
    pub(super) zone: Option<TimeZone>,
}

impl ClockSpan {
    /// Start and end in seconds from the midnight of the day; the end may be of the next day.
    pub(super) fn settled(&self, hours: convention::Hours, part: Option<Hours>) -> (i32, Option<i32>) {
        const DAY: i32 = 86_400;
        let mut start = self.start.settled(hours, part).seconds(0);
        let Some(end) = self.end else {
            let length = self.length.and_then(|length| i32::try_from(length.seconds).ok());
            return (start, length.map(|length| start + length.min(7 * DAY)));
        };
        if end.said && !self.start.said && part.is_none() {
            let stop = end.seconds(0);
            let fits = [12, 0].into_iter().map(|hours| self.start.seconds(hours)).find(|start| *start < stop);
            start = fits.unwrap_or(self.start.seconds(0));
        }
        let steps: &[i32] = if end.said { &[0, 24] } else { &[0, 12, 24] };
        let end = Clock { hour: if end.said { end.hour } else { end.hour % 12 }, ..end };
        let stop = steps.iter().map(|hours| end.seconds(*hours)).find(|stop| *stop > start);
        (start, stop.or(Some(start)))
    }

    /// The grain of its finest end.
    pub(super) fn grain(&self) -> Grain {
        match self.end {
            Some(end) => self.start.grain.min(end.grain),
            None => self.start.grain,
        }
    }
}

/// What stands before a time and makes a bare number one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    None,
    At,
    Between,
}

impl Parser<'_> {
    /// A time or a range of times at token `at`; the place after it. Right behind a day more is a time.
    pub(super) fn clock(&self, at: usize, after_day: bool) -> Option<(usize, ClockSpan)> {
        let (led, lead) = self.lead(at);
        let bare = |place: usize| {
            let clock = Clock::hour(
                self.number(place).filter(|_| self.token(place).is_some_and(|t| t.text.len() <= 2))?,
            )?;
            Some((place + 1, clock))
        };
        let first = self.point(led, lead != Lead::None);
        let (next, start, first_is_time) = match first {
            Some((next, start)) => (next, start, true),
            None => {
                let (next, start) = bare(led)?;
                if self.is_glued(led) || (self.touches(led) && self.sign(led.wrapping_sub(1)) == "-") {
                    return None;
                }
                (next, start, false)
            }
        };
        let (zoned, zone) = self.zone(next).map_or((next, None), |(after, zone)| (after, Some(zone)));
        if let Some(second_at) = self.joins_times(zoned, lead) {
            let second = self.point(second_at, true);
            let second = second.map(|(next, end)| (next, end, true)).or_else(|| {
                let (after, end) = bare(second_at)?;
                let told = first_is_time || after_day || self.day_follows(after);
                (told && self.ends_or_goes_on(after)).then_some((after, end, false))
            });
            let second = second.filter(|(_, end, _)| {
                // "1-800" is no range of times: figures without a colon follow others like them.
                let compact = |place: usize| {
                    self.token(place).is_some_and(|t| t.kind == Kind::Number && t.text.len() > 2)
                };
                !compact(second_at) || compact(led) || end.said && start.said
            });
            if let Some((after, end, second_is_time)) = second {
                let told = if self.day_follows(after) {
                    true
                } else if first_is_time {
                    second_is_time
                        || after_day
                        || lead == Lead::Between
                        || start.said
                        || start.grain == Grain::Minute
                } else if second_is_time {
                    end.said || end.grain == Grain::Minute || after_day || lead == Lead::Between
                } else {
                    after_day || self.day_follows(after)
                };
                let plausible =
                    (start.hour <= 12 && end.hour <= 12) || first_is_time || second_is_time || after_day;
                if told && plausible {
                    let after = self.precision(after);
                    let (after, zone) =
                        self.zone(after).map_or((after, zone), |(after, zone)| (after, Some(zone)));
                    return Some((after, ClockSpan { start, end: Some(end), length: None, zone }));
                }
            }
        }
        if lead == Lead::Between {
            if self.word(zoned) == "for"
                && let Some((after, length)) = self.length(zoned + 1).filter(|(_, length)| length.seconds > 0)
            {
                return Some((after, ClockSpan { start, end: None, length: Some(length), zone }));
            }
            return None;
        }
        if !first_is_time {
            return None;
        }
        let next = self.precision(zoned);
        Some((next, ClockSpan { start, end: None, length: None, zone }))
    }

    /// Skips "at", "@", "about", "um", "gegen", "a las", "from", "between".
    fn lead(&self, at: usize) -> (usize, Lead) {
        let mut lead = Lead::None;
        let mut next = at;
        for _ in 0..4 {
            let word = self.word(next);
            let this = match word {
                "at" | "um" | "gegen" | "las" | "alle" | "om" | "vers" | "as" | "ab" => Lead::At,
                "a" if matches!(self.word(next + 1), "las" | "la") => Lead::At,
                "a" if self.number(next + 1).is_some()
                    && !self.touches(next + 1)
                    && self.is_hour_abroad(next + 1) =>
                {
                    Lead::At
                }
                "la" if self.word(next.wrapping_sub(1)) == "a" => Lead::At,
                "from" | "between" | "von" | "zwischen" | "entre" | "dalle" | "tussen" => Lead::Between,
                "about" | "around" | "approximately" | "circa" | "exactly" | "ore" | "ungefahr" | "for"
                    if lead != Lead::None || word != "ore" =>
                {
                    if lead == Lead::None && matches!(word, "about" | "around" | "approximately" | "circa") {
                        Lead::At
                    } else {
                        lead
                    }
                }
                "in" if matches!(self.word(next + 1), "between") => lead,
                _ if self.sign(next) == "@" => Lead::At,
                _ => break,
            };
            lead = this;
            next += 1;
        }
        (next, lead)
    }

    /// "à 15 h", "às 10:00", "a 9": a preposition before an hour, of a language that has it.
    fn is_hour_abroad(&self, at: usize) -> bool {
        let language = ["fr", "it", "es", "pt"].iter().any(|code| self.is_language(code));
        language
            || matches!(self.word(at + 1), "h" | "heures" | "heure" | "horas" | "ore")
            || matches!(self.sign(at + 1), ":")
    }

    /// A number glued to what stands before it is part of an id, a price or a decimal.
    fn is_glued(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let sign = self.sign(before);
        matches!(sign, "$" | "#")
            || (self.touches(at)
                && matches!(sign, "." | "/" | ":" | "," | "_" | "\u{1}" | "-" | "+" | "=")
                && self.token(before).is_some_and(|token| token.kind == Kind::Sign)
                && (sign != "-"
                    || before.checked_sub(1).is_some_and(|far| {
                        self.touches(before)
                            && self.word(far).is_empty()
                            && self.number(far).is_none()
                            && self.sign(far) != ")"
                    })))
    }

    /// One time of day; the place after it.
    fn point(&self, at: usize, led: bool) -> Option<(usize, Clock)> {
        let (next, clock) =
            self.past_or_to(at).or_else(|| self.digits(at, led)).or_else(|| self.spoken(at, led))?;
        let (after, half) = self.half(next);
        match half {
            Some(half) => Some((after, clock.in_half(half)?)),
            None => Some((next, clock)),
        }
    }

    /// "sharp", "ish", "exactly", "approximately".
    fn precision(&self, at: usize) -> usize {
        let next = at + usize::from(self.sign(at) == "-" && self.word(at + 1) == "ish");
        let known = matches!(self.word(next), "sharp" | "ish" | "exactly" | "approximately");
        if known { next + 1 } else { at }
    }

    /// "am", "p.m.", "p", "in the afternoon".
    fn half(&self, at: usize) -> (usize, Option<Half>) {
        let at = self.precision(at);
        let of = |short: &str| if short.starts_with('a') { Half::Morning } else { Half::Afternoon };
        let (found, next) = match self.word(at) {
            "am" if self.word(at + 1) != "i" && (self.touches(at) || !self.is_language("de")) => {
                (Half::Morning, at + 1)
            }
            "pm" => (Half::Afternoon, at + 1),
            short @ ("a" | "p") if self.sign(at + 1) == "." && self.word(at + 2) == "m" => {
                (of(short), at + 3)
            }
            short @ ("a" | "p") if self.word(at + 1) == "m" => (of(short), at + 2),
            short @ ("a" | "p") if self.touches(at) && !self.touches(at + 1) => (of(short), at + 1),
            short @ ("a" | "p")
                if self.touches(at) && matches!(self.sign(at + 1), "." | "," | ")" | "-" | "?") =>
            {
                (of(short), at + 1)
            }
            "in" | "de" | "del" | "du" | "da" | "di" | "at" => {
                let skip = at + 1 + usize::from(matches!(self.word(at + 1), "the" | "la" | "l'"));
                match self.word(skip) {
                    "am" => (Half::Morning, skip + 1),
                    "pm" => (Half::Afternoon, skip + 1),
                    "manana" if skip > at + 1 || self.word(at) == "da" => (Half::Morning, skip + 1),
                    "manha" | "madrugada" => (Half::Morning, skip + 1),
                    _ => match self.entry(skip).part {
                        Some((from, _)) if !self.entry(skip).plural => {
                            (if from < 12 { Half::Morning } else { Half::Afternoon }, skip + 1)
                        }
                        Some(_) | None => return (at, None),
                    },
                }
            }
            _ => return (at, None),
        };
        let dotted = self.sign(next) == "."
            && self.touches(next)
            && self.word(next - 1) == "m"
            && self.sign(next - 2) == ".";
        (next + usize::from(dotted), Some(found))
    }

    /// "3:30", "15h30", "15.30 Uhr", "3pm", "1030", "at 3".
    fn digits(&self, at: usize, led: bool) -> Option<(usize, Clock)> {
        let token = self.token(at).filter(|token| token.kind == Kind::Number)?;
        if self.is_glued(at) {
            return None;
        }
        let number = self.number(at)?;
        let zero = token.text.starts_with('0');
        let two = |place: usize| {
            self.token(place)
                .filter(|t| t.kind == Kind::Number && t.text.len() == 2)
                .and_then(|_| self.number(place))
                .filter(|n| *n < 60)
        };
        let said = |clock: Clock| Clock { said: clock.said || zero, ..clock };
        if token.text.len() > 2 {
            return self.compact(at, number, led).map(|(next, clock)| (next, said(clock)));
        }
        if number > 24 {
            return None;
        }
        if self.sign(at + 1) == ":" && self.touches(at + 1) && self.touches(at + 2) {
            let minute = two(at + 2)?;
            // A ratio or an address goes on.
            if self.sign(at + 3) == ":" && self.touches(at + 3) {
                let second = two(at + 4)?;
                let clock = said(Clock::minute(number, minute)?);
                return Some((at + 5, Clock { second: i8::try_from(second).ok()?, ..clock }));
            }
            let next = if self.word(at + 3) == "uhr" { at + 4 } else { at + 3 };
            return Some((next, said(Clock::minute(number, minute)?)));
        }
        let whole = said(Clock::hour(number)?);
        if self.word(at + 1) == "h" && self.touches(at + 1) {
            if let Some(minute) = two(at + 2).filter(|_| self.touches(at + 2)) {
                return Some((at + 3, Clock { said: true, ..Clock::minute(number, minute)? }));
            }
            return Some((at + 2, Clock { said: true, ..whole }));
        }
        if matches!(self.word(at + 1), "uhr" | "heures" | "heure" | "horas" | "uur")
            || (self.word(at + 1) == "h" && led)
        {
            let clock = match two(at + 2).filter(|_| self.word(at + 1) == "uhr") {
                Some(minute) => (at + 3, said(Clock::minute(number, minute)?)),
                None => (at + 2, whole),
            };
            // "in 3 horas" is a length of time.
            return (led || matches!(self.word(at + 1), "uhr") || self.entry(clock.0).part.is_some())
                .then_some(clock);
        }
        if self.sign(at + 1) == "." && self.touches(at + 1) && self.touches(at + 2) {
            let minute = two(at + 2)?;
            let uhr = usize::from(self.word(at + 3) == "uhr");
            let told = uhr > 0
                || self.half(at + 3).1.is_some()
                || (led
                    && self.ends_or_goes_on(at + 3)
                    && self.led_by_at(at)
                    && (minute % 15 == 0 || self.word(at.wrapping_sub(1)) == "at"));
            return told.then_some((at + 3 + uhr, said(Clock::minute(number, minute)?)));
        }
        if let Some(next) = self.oclock(at + 1) {
            return Some((next, whole));
        }
        if matches!(self.word(at + 1), "noon" | "midday") && number == 12 {
            return Some((at + 2, Clock { said: true, ..whole }));
        }
        if self.word(at + 1) == "midnight" && number == 12 {
            return Some((at + 2, Clock { hour: 0, said: true, ..whole }));
        }
        if self.word(at + 1) == "ish" || (self.word(at + 1) == "ampm") {
            return (number > 0).then_some((at + 2, whole));
        }
        let half = self.half(at + 1).1.is_some();
        let short = matches!(self.word(at + 1), "a" | "p")
            && self.touches(at + 1)
            && self.word(at + 2) != "m"
            && !(self.sign(at + 2) == "." && self.word(at + 3) == "m");
        // "4a" is a clause before it is an hour; "5 in the morning" counts where "at" leads or not.
        let clause = short && self.word(at + 1) == "a" && !led;
        if half && (1..=12).contains(&number) && !clause {
            return Some((at + 1, whole));
        }
        if led && self.led_by_at(at) {
            if let Some(minute) = two(at + 1).filter(|_| !self.touches(at + 1)) {
                return Some((at + 2, said(Clock::minute(number, minute)?)));
            }
            if self.ends_or_goes_on(at + 1) {
                return Some((at + 1, whole));
            }
        }
        None
    }

    /// "1030", "330 pm", "1140 a.m.": hours and minutes in one number.
    fn compact(&self, at: usize, number: i64, led: bool) -> Option<(usize, Clock)> {
        let length = self.token(at)?.text.len();
        if !matches!(length, 3 | 4) || number % 100 > 59 || number / 100 > 23 {
            return None;
        }
        let told = self.half(at + 1).1.is_some()
            && !matches!(self.word(at + 1), "in" | "de" | "di" | "da" | "at" | "du" | "del")
            || matches!(self.word(at + 1), "ish" | "hrs" | "uhr")
            || (led && self.led_by_at(at) && self.ends_or_goes_on(at + 1));
        let next = at + 1 + usize::from(matches!(self.word(at + 1), "hrs" | "uhr"));
        told.then_some((next, Clock::minute(number / 100, number % 100)?))
    }

    /// "o'clock", "oclock", "o clock".
    fn oclock(&self, at: usize) -> Option<usize> {
        match self.word(at) {
            "o'clock" | "oclock" => Some(at + 1),
            "o" if self.word(at + 1) == "clock" => Some(at + 2),
            _ => None,
        }
    }

    fn led_by_at(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        matches!(
            self.word(before),
            "at" | "around"
                | "approximately"
                | "about"
                | "exactly"
                | "um"
                | "gegen"
                | "las"
                | "alle"
                | "ore"
                | "om"
                | "as"
                | "a"
                | "vers"
                | "ab"
                | "to"
                | "and"
                | "bis"
                | "until"
                | "till"
                | "til"
                | "from"
                | "between"
                | "for"
                | "von"
                | "zwischen"
                | "by"
                | "before"
                | "after"
                | "past"
        ) || matches!(self.sign(before), "@" | "-" | "~")
    }

    /// Whether a day is named right here, so that bare numbers before it are hours.
    fn day_follows(&self, at: usize) -> bool {
        let at = at + usize::from(self.word(at) == "on" || self.sign(at) == ",");
        let at = at + usize::from(self.entry(at).turn.is_some());
        let entry = self.entry(at);
        (entry.weekday.is_some() && !entry.plural) || entry.relative.is_some()
    }

    /// Whether what follows "at 3" can follow a time.
    fn ends_or_goes_on(&self, at: usize) -> bool {
        let sign = self.sign(at);
        let Some(token) = self.token(at) else { return true };
        match token.kind {
            Kind::Sign => {
                let decimal = sign == "." && self.touches(at + 1) && self.number(at + 1).is_some();
                let thousand = sign == "," && self.touches(at + 1) && self.number(at + 1).is_some();
                !decimal
                    && !thousand
                    && !matches!(
                        sign,
                        "%" | "/" | ":" | "\u{1}" | "$" | "_" | "#" | "*" | "^" | "+" | "=" | "x"
                    )
                    && !(sign == "-"
                        && self.touches(at)
                        && self.touches(at + 1)
                        && (self.number(at + 1).is_none()
                            || self.sign(at + 2) == "-" && self.touches(at + 2)))
            }
            Kind::Number => false,
            Kind::Word => {
                matches!(
                    token.text,
                    "on" | "in"
                        | "if"
                        | "or"
                        | "and"
                        | "then"
                        | "sharp"
                        | "works"
                        | "work"
                        | "to"
                        | "for"
                        | "with"
                        | "so"
                        | "ish"
                        | "would"
                        | "is"
                        | "but"
                        | "please"
                        | "until"
                        | "instead"
                        | "my"
                        | "your"
                        | "latest"
                        | "when"
                        | "because"
                        | "local"
                        | "at"
                        | "before"
                        | "after"
                        | "from"
                        | "am"
                        | "ist"
                        | "oder"
                        | "und"
                        | "geht"
                        | "every"
                        | "each"
                        | "today"
                        | "tonight"
                        | "works,"
                        | "unless"
                        | "as"
                        | "since"
                        | "can"
                        | "are"
                        | "we"
                        | "i"
                        | "will"
                ) || token.entry.weekday.is_some()
                    || token.entry.relative.is_some()
                    || token.entry.turn.is_some()
                    || token.entry.part.is_some()
                    || self.zone(at).is_some()
            }
        }
    }

    /// "noon", "ten thirty", "three pm", "nine fifty nine am", "one o'clock".
    fn spoken(&self, at: usize, led: bool) -> Option<(usize, Clock)> {
        let at = at + usize::from(self.word(at) == "the" && matches!(self.word(at + 1), "noon" | "midday"));
        let fixed = |hour: i64, next: usize| Some((next, Clock { said: true, ..Clock::hour(hour)? }));
        match self.word(at) {
            "noon" | "midday" | "noonish" | "midi" | "mediodia" | "mezzogiorno" => return fixed(12, at + 1),
            "mittag" if led => return fixed(12, at + 1),
            "mid"
                if self.word(at + 1) == "day" || (self.sign(at + 1) == "-" && self.word(at + 2) == "day") =>
            {
                return fixed(12, at + 2 + usize::from(self.sign(at + 1) == "-"));
            }
            "midnight" | "midnite" | "mitternacht" | "minuit" | "medianoche" | "mezzanotte"
            | "middernacht" => {
                return fixed(0, at + 1);
            }
            _ => {}
        }
        let hour = self.cardinal(at).filter(|n| (1..=12).contains(n))?;
        if matches!(
            self.word(at),
            "couple" | "few" | "dozen" | "un" | "una" | "uma" | "ein" | "eine" | "einen" | "due"
        ) {
            return None;
        }
        let clocked =
            self.oclock(at + 1).or_else(|| matches!(self.word(at + 1), "uhr" | "uur").then_some(at + 2));
        if let Some(next) = clocked {
            return Some((next, Clock::hour(hour)?));
        }
        let next = at + 1 + usize::from(self.sign(at + 1) == "-");
        let minute = self
            .whole(next)
            .filter(|(_, n)| (10..60).contains(n) && self.token(next).is_some_and(|t| t.kind == Kind::Word));
        if let Some((after, minute)) = minute {
            let half = self.half(after).1.is_some() && !matches!(self.word(after), "in" | "at");
            let alone = half
                || (led && self.led_by_at(at) && self.entry(after).unit.is_none())
                || (at == 0 && after >= self.len());
            return if alone { Some((after, Clock::minute(hour, minute)?)) } else { None };
        }
        let half = self.half(at + 1).1.is_some()
            && (led
                || !matches!(self.word(at + 1), "in" | "de" | "del" | "du" | "da" | "di" | "at" | "a" | "p")
                || self.word(at + 2) == "m"
                || self.sign(at + 2) == ".");
        let led_only = led
            && self.led_by_at(at)
            && hour > 1
            && (self.ends_or_goes_on(at + 1) && self.word(at - 1) == "at");
        (half || led_only).then_some((at + 1, Clock::hour(hour)?))
    }

    /// "half past 3", "a quarter to noon", "20 minutes past 3pm", "halb drei", "half three".
    fn past_or_to(&self, at: usize) -> Option<(usize, Clock)> {
        let mut next = at
            + usize::from(
                matches!(self.word(at), "a" | "one" | "for")
                    && matches!(self.word(at + 1), "quarter" | "half" | "a"),
            );
        next += usize::from(self.word(next) == "a" && self.word(next + 1) == "quarter");
        let hour_at = |place: usize| self.whole(place).filter(|(_, n)| (1..=12).contains(n));
        if matches!(self.word(next), "halb" | "half")
            && let Some((after, hour)) = hour_at(next + 1)
            && self.entry(after).unit.is_none()
        {
            // German and Dutch count to the coming hour.
            let early = self.word(next) == "halb" || self.is_language("nl");
            let hour = if early { (hour + 10) % 12 + 1 } else { hour };
            let open = self.ends_or_goes_on(after) || self.half(after).1.is_some();
            return if open { Some((after, Clock::minute(hour, 30)?)) } else { None };
        }
        let (mut after, minutes, named) = match self.word(next) {
            "half" => (next + 1, 30, true),
            "quarter" | "viertel" => (next + 1, 15, true),
            _ => {
                let (after, minutes) = self.whole(next).filter(|(_, n)| (1..60).contains(n))?;
                (after, minutes, false)
            }
        };
        let unit = self.entry(after).unit == Some(Unit::Minute);
        after += usize::from(unit);
        let before = match self.word(after) {
            "past" | "after" | "nach" => false,
            "to" | "before" | "vor" | "till" | "of" => true,
            _ => return None,
        };
        if self.word(after) == "of" && !named {
            return None;
        }
        let place = after + 1;
        let (end, clock) = self.spoken(place, false).or_else(|| self.digits(place, false)).or_else(|| {
            let (next, hour) = hour_at(place)?;
            Some((next, Clock::hour(hour)?))
        })?;
        // "15 to 20 people" is a range of numbers, "15 to noon" a time.
        let spoken_hour = self.token(place).is_some_and(|t| t.kind == Kind::Word);
        let spoken_minutes = self.token(next).is_some_and(|t| t.kind == Kind::Word);
        let halved = self.half(end).1.is_some() || clock.said;
        let told = match (before, named || unit) {
            (_, true) => true,
            (true, false) => minutes % 5 == 0 && clock.said && spoken_hour,
            (false, false) => spoken_hour || halved || spoken_minutes || self.oclock(end).is_some(),
        };
        let open = self.ends_or_goes_on(end) || halved || self.oclock(end).is_some();
        if clock.minute != 0 || !told || !open {
            return None;
        }
        let end = self.oclock(end).unwrap_or(end);
        let hour = if before { (i64::from(clock.hour) + 23) % 24 } else { i64::from(clock.hour) };
        let hour = if hour == 0 && !clock.said { 12 } else { hour };
        let minute = if before { 60 - minutes } else { minutes };
        Some((end, Clock { said: clock.said, ..Clock::minute(hour, minute)? }))
    }

    /// The place after "-", "to", "and", "until" between two ends of a range of times.
    fn joins_times(&self, at: usize, lead: Lead) -> Option<usize> {
        if self.sign(at) == "-" || self.sign(at) == "~" {
            return Some(at + 1 + usize::from(self.sign(at + 1) == "-"));
        }
        match self.word(at) {
            "to" | "until" | "till" | "til" | "through" | "thru" | "bis" | "tot" | "alle" | "ate" => {
                Some(at + 1)
            }
            "a" if self.word(at + 1) == "las" => Some(at + 2),
            "and" | "und" | "et" | "y" | "e" | "en" | "a" if lead == Lead::Between => {
                Some(at + 1 + usize::from(self.word(at + 1) == "las"))
            }
            _ => None,
        }
    }
}
