//! Times of day.

use jiff::civil::Time;
use jiff::tz::{Offset, TimeZone};

use super::Parser;
use super::token::Kind;
use super::words::{cardinal, zone, zone_needs_time};
use crate::reading::Grain;

/// A time of day, perhaps with its end and its zone.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub(super) start: Time,
    pub(super) end: Option<Time>,
    pub(super) grain: Grain,
    pub(super) zone: Option<TimeZone>,
    /// Whether the text says morning or afternoon, or uses 24 hours.
    pub(super) half: Option<Half>,
}

/// The half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
    Known,
}

#[derive(Clone, Copy)]
struct Bare {
    hour: i8,
    minute: i8,
    second: i8,
    grain: Grain,
    half: Option<Half>,
}

impl Parser<'_> {
    /// A time or a range of times at token `at`; the place after it.
    pub(super) fn clock(&self, at: usize) -> Option<(usize, Clock)> {
        let led = self.lead_in(at);
        let Some((mut next, first)) = self.bare(led, led > at) else {
            return self.hour_range(led, led > at);
        };
        let mut clock_zone = self.zone(next).map(|(after, zone)| {
            next = after;
            zone
        });
        let mut first = first;
        let mut end = None;
        if let Some(after) = self.range_word(next)
            && let Some((after, second)) = self.bare(after, true)
        {
            if first.half.is_none() {
                first.half = match second.half {
                    Some(Half::Pm) if first.hour > second.hour && first.hour < 12 => Some(Half::Am),
                    other => other,
                };
            }
            next = after;
            let start = resolved(first)?;
            let mut stop = resolved(second)?;
            if stop <= start && second.half.is_none() && second.hour < 12 {
                stop = Time::new(second.hour + 12, second.minute, 0, 0).ok()?;
            }
            end = Some(stop);
            if let Some((after, zone)) = self.zone(next) {
                next = after;
                clock_zone = Some(zone);
            }
        }
        let start = resolved(first)?;
        let (next, _) = self.skip_sign(next, ")");
        let next = if self.word(next) == "sharp" || self.word(next) == "ish" { next + 1 } else { next };
        Some((next, Clock { start, end, grain: first.grain, zone: clock_zone, half: first.half }))
    }

    /// "between 2 and 4 pm", "from 3 to 4", "3-4pm": an hour that only its partner makes a time.
    fn hour_range(&self, at: usize, led: bool) -> Option<(usize, Clock)> {
        let first = self.number(at).filter(|n| (0..=24).contains(n))?;
        let after = self.range_word(at + 1)?;
        let (mut next, second) = self.bare(after, false).or_else(|| {
            let strong = led && matches!(self.word(at.checked_sub(1)?), "between" | "zwischen" | "entre");
            let plain = self.number(after).filter(|n| (1..=24).contains(n) && strong)?;
            let hour = i8::try_from(plain).ok()?;
            Some((after + 1, Bare { hour, minute: 0, second: 0, grain: Grain::Hour, half: None }))
        })?;
        let hour = i8::try_from(first).ok()?;
        let half = match second.half {
            Some(Half::Pm) if hour > second.hour && hour < 12 && second.hour != 12 => Some(Half::Am),
            Some(Half::Am | Half::Pm) | None => second.half,
            Some(Half::Known) => None,
        };
        let start = resolved(Bare { hour, minute: 0, second: 0, grain: Grain::Hour, half })?;
        let mut end = resolved(second)?;
        if end <= start {
            end = Time::new((second.hour + 12) % 24, second.minute, 0, 0).ok()?;
        }
        let zone = self.zone(next).map(|(after, zone)| {
            next = after;
            zone
        });
        Some((next, Clock { start, end: Some(end), grain: second.grain, zone, half }))
    }

    /// Skips "at", "@", "about", "um", "gegen", "a las".
    fn lead_in(&self, at: usize) -> usize {
        let mut next = at;
        for _ in 0..3 {
            let skip = matches!(
                self.word(next),
                "at" | "about"
                    | "around"
                    | "approximately"
                    | "circa"
                    | "um"
                    | "gegen"
                    | "ab"
                    | "a"
                    | "las"
                    | "alle"
                    | "ore"
                    | "om"
                    | "as"
                    | "between"
                    | "zwischen"
                    | "entre"
                    | "from"
                    | "von"
                    | "in"
                    | "for"
                    | "vers"
            ) || self.sign(next) == "@";
            if !skip {
                break;
            }
            next += 1;
        }
        next
    }

    fn bare(&self, at: usize, led: bool) -> Option<(usize, Bare)> {
        let found = self.past_or_to(at).or_else(|| self.digits(at, led)).or_else(|| self.spoken(at, led));
        let (next, mut bare) = found?;
        let (next, half) = self.half(next);
        if half.is_some() {
            if bare.hour > 12 && bare.half != Some(Half::Known) {
                return None;
            }
            bare.half = half;
        }
        Some((next, bare))
    }

    /// "am", "p.m.", "p", "in the afternoon".
    fn half(&self, at: usize) -> (usize, Option<Half>) {
        let at = if self.word(at) == "ish" { at + 1 } else { at };
        let (found, next) = match self.word(at) {
            "am" if self.word(at + 1) != "i" => (Half::Am, at + 1),
            "pm" => (Half::Pm, at + 1),
            short @ ("a" | "p") if self.sign(at + 1) == "." && self.word(at + 2) == "m" => {
                (if short == "a" { Half::Am } else { Half::Pm }, at + 3)
            }
            short @ ("a" | "p") if self.word(at + 1) == "m" => {
                (if short == "a" { Half::Am } else { Half::Pm }, at + 2)
            }
            short @ ("a" | "p") if self.touches(at) => {
                (if short == "a" { Half::Am } else { Half::Pm }, at + 1)
            }
            "in" | "de" | "del" | "du" | "da" | "di" => {
                let skip = if matches!(self.word(at + 1), "the" | "la" | "l'") { at + 2 } else { at + 1 };
                match self.word(skip) {
                    "morning" | "am" | "manana" | "matin" | "manha" | "mattina" | "madrugada" => {
                        (Half::Am, skip + 1)
                    }
                    "afternoon" | "evening" | "pm" | "tarde" | "noche" | "noite" | "pomeriggio" | "sera"
                    | "soir" => (Half::Pm, skip + 1),
                    _ => return (at, None),
                }
            }
            _ => return (at, None),
        };
        let dotted = self.sign(next) == "." && self.touches(next) && self.sign(next - 2) == ".";
        (next + usize::from(dotted), Some(found))
    }

    /// "3:30", "15h30", "15.30 Uhr", "3pm", "1030", "at 3".
    fn digits(&self, at: usize, led: bool) -> Option<(usize, Bare)> {
        let token = self.token(at).filter(|token| token.kind == Kind::Number)?;
        let before = if at == 0 { "" } else { self.sign(at - 1) };
        let glued = at > 0 && self.touches(at);
        if glued && matches!(before, "." | "/" | ":" | "$" | "#" | "," | "_" | "\u{1}")
            || matches!(before, "$" | "#")
        {
            return None;
        }
        let number = self.number(at)?;
        let hour = i8::try_from(number % 100).ok()?;
        let known = |hour: i8| (hour > 12 || hour == 0 || token.text.starts_with('0')).then_some(Half::Known);
        let two = |place: usize| {
            self.token(place)
                .filter(|t| t.kind == Kind::Number && t.text.len() == 2)
                .and_then(|_| self.number(place))
                .filter(|n| *n < 60)
        };
        let bare = |minute: i64, half: Option<Half>, grain: Grain| {
            Some(Bare { hour, minute: i8::try_from(minute).ok()?, second: 0, grain, half })
        };
        if number <= 24 && token.text.len() <= 2 {
            if self.sign(at + 1) == ":" && self.touches(at + 1) && self.touches(at + 2) {
                let minute = two(at + 2)?;
                if self.sign(at + 3) == ":" && self.touches(at + 3) {
                    let second = two(at + 4)?;
                    let mut full = bare(minute, known(hour), Grain::Minute)?;
                    full.second = i8::try_from(second).ok()?;
                    return Some((at + 5, full));
                }
                let next = if self.word(at + 3) == "uhr" { at + 4 } else { at + 3 };
                return Some((next, bare(minute, known(hour), Grain::Minute)?));
            }
            if self.word(at + 1) == "h" && self.touches(at + 1) {
                if let Some(minute) = two(at + 2).filter(|_| self.touches(at + 2)) {
                    return Some((at + 3, bare(minute, Some(Half::Known), Grain::Minute)?));
                }
                return Some((at + 2, bare(0, Some(Half::Known), Grain::Hour)?));
            }
            if matches!(self.word(at + 1), "uhr" | "heures" | "horas" | "uur")
                || (self.word(at + 1) == "h" && led)
            {
                let minute = two(at + 2).filter(|_| self.word(at + 1) == "uhr");
                let next = if minute.is_some() { at + 3 } else { at + 2 };
                let grain = if minute.is_some() { Grain::Minute } else { Grain::Hour };
                return Some((next, bare(minute.unwrap_or_default(), known(hour), grain)?));
            }
            if self.sign(at + 1) == "." && self.touches(at + 1) && self.touches(at + 2) {
                if let Some(minute) = two(at + 2) {
                    let said = self.word(at + 3) == "uhr" || self.half(at + 3).1.is_some();
                    return said.then(|| {
                        Some((
                            at + 3 + usize::from(self.word(at + 3) == "uhr"),
                            bare(minute, known(hour), Grain::Minute)?,
                        ))
                    })?;
                }
                return None;
            }
            if self.word(at + 1) == "o'clock" || self.word(at + 1) == "oclock" {
                return Some((at + 2, bare(0, None, Grain::Hour)?));
            }
            if hour <= 12
                && hour > 0
                && self.half(at + 1).1.is_some()
                && !matches!(self.word(at + 1), "in" | "de" | "del" | "du" | "da" | "di")
                // "4a" is a clause before it is an hour.
                && (led || !matches!(self.word(at + 1), "a") || self.sign(at + 2) == "." && self.word(at + 3) == "m" || self.word(at + 2) == "m")
            {
                return Some((at + 1, bare(0, None, Grain::Hour)?));
            }
            if led && hour <= 24 && self.led_by_at(at) {
                if let Some(minute) = two(at + 1) {
                    return Some((at + 2, bare(minute, known(hour), Grain::Minute)?));
                }
                if self.ends_or_goes_on(at + 1) {
                    return Some((at + 1, bare(0, known(hour), Grain::Hour)?));
                }
            }
            return None;
        }
        let compact = matches!(token.text.len(), 3 | 4) && number % 100 < 60 && number / 100 < 24;
        let said = self.half(at + 1).1.is_some()
            || self.word(at + 1) == "ish"
            || (led && self.led_by_at(at) && self.ends_or_goes_on(at + 1));
        if compact && said {
            let hour = i8::try_from(number / 100).ok()?;
            let minute = i8::try_from(number % 100).ok()?;
            return Some((at + 1, Bare { hour, minute, second: 0, grain: Grain::Minute, half: known(hour) }));
        }
        None
    }

    fn led_by_at(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        matches!(
            self.word(before),
            "at" | "around" | "approximately" | "about" | "um" | "gegen" | "las" | "alle" | "om" | "as"
        ) || self.sign(before) == "@"
            || self.sign(before) == "-"
            || matches!(self.word(before), "to" | "and" | "bis" | "until")
    }

    /// Whether what follows "at 3" can follow a time.
    fn ends_or_goes_on(&self, at: usize) -> bool {
        let sign = self.sign(at);
        let Some(token) = self.token(at) else { return true };
        match token.kind {
            Kind::Sign => {
                let decimal = sign == "." && self.number(at + 1).is_some();
                !decimal && !matches!(sign, "%" | "/" | ":" | "\u{1}" | "$")
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
                        | "today"
                        | "tomorrow"
                        | "to"
                        | "for"
                        | "with"
                        | "so"
                        | "ish"
                        | "would"
                        | "is"
                        | "but"
                        | "please"
                        | "tonight"
                        | "this"
                        | "next"
                        | "until"
                        | "instead"
                        | "my"
                        | "your"
                        | "latest"
                ) || super::words::weekday(token.text).is_some()
                    || zone(token.text).is_some()
            }
        }
    }

    /// "noon", "ten thirty", "three pm", "nine fifty nine am", "half three".
    fn spoken(&self, at: usize, led: bool) -> Option<(usize, Bare)> {
        let at = if self.word(at) == "the" { at + 1 } else { at };
        let fixed = |hour: i8, next: usize| {
            Some((next, Bare { hour, minute: 0, second: 0, grain: Grain::Hour, half: Some(Half::Known) }))
        };
        match self.word(at) {
            "noon" | "midday" | "midi" | "mediodia" | "mezzogiorno" => return fixed(12, at + 1),
            "mid" if self.word(at + 1) == "day" => return fixed(12, at + 2),
            "midnight" | "mitternacht" | "minuit" | "medianoche" | "mezzanotte" | "middernacht" => {
                return fixed(0, at + 1);
            }
            _ => {}
        }
        let hour = cardinal(self.word(at))
            .filter(|n| (1..=12).contains(n) && self.token(at).is_some_and(|t| t.kind == Kind::Word))?;
        if matches!(
            self.word(at),
            "un" | "una"
                | "um"
                | "uma"
                | "ein"
                | "eine"
                | "einen"
                | "couple"
                | "few"
                | "sept"
                | "dez"
                | "six"
        ) && !led
        {
            return None;
        }
        let mut next = at + 1;
        if self.sign(next) == "-" {
            next += 1;
        }
        let tens = cardinal(self.word(next)).filter(|n| matches!(n, 10 | 15 | 20 | 30 | 40 | 50));
        let hour = i8::try_from(hour).ok()?;
        if let Some(tens) = tens {
            let ones = cardinal(self.word(next + 1))
                .filter(|n| (1..10).contains(n) && tens >= 20)
                .unwrap_or_default();
            let after = next + 1 + usize::from(ones > 0);
            let minute = i8::try_from(tens + ones).ok()?;
            let alone = led || self.half(after).1.is_some() || (at == 0 && after >= self.len());
            return alone
                .then_some((after, Bare { hour, minute, second: 0, grain: Grain::Minute, half: None }));
        }
        let said = self.half(at + 1).1.is_some()
            && !matches!(self.word(at + 1), "in" | "de" | "del" | "du" | "da" | "di");
        let clocked = matches!(self.word(at + 1), "o'clock" | "uhr" | "uur");
        (said || clocked).then_some((
            at + 1 + usize::from(clocked),
            Bare { hour, minute: 0, second: 0, grain: Grain::Hour, half: None },
        ))
    }

    /// "half past 3", "a quarter to noon", "20 minutes past 3pm", "halb drei", "half three".
    fn past_or_to(&self, at: usize) -> Option<(usize, Bare)> {
        let mut next = at;
        if self.word(next) == "a" {
            next += 1;
        }
        if matches!(self.word(next), "halb" | "half" | "viertel")
            && cardinal(self.word(next + 1)).or_else(|| self.number(next + 1)).is_some()
        {
            let hour = cardinal(self.word(next + 1))
                .or_else(|| self.number(next + 1))
                .filter(|n| (1..=12).contains(n))?;
            let german = self.word(next) == "halb"
                || matches!(self.word(next + 1), "een" | "twee" | "drie" | "vier" | "vijf" | "zes" | "zeven");
            let hour = i8::try_from(if german { (hour + 10) % 12 + 1 } else { hour }).ok()?;
            if unit_follows(self, next + 2) {
                return None;
            }
            return Some((next + 2, Bare { hour, minute: 30, second: 0, grain: Grain::Minute, half: None }));
        }
        let minutes = match self.word(next) {
            "half" => 30,
            "quarter" | "viertel" => 15,
            word => cardinal(word).or_else(|| self.number(next)).filter(|n| (1..60).contains(n))?,
        };
        next += 1;
        if matches!(self.word(next), "minutes" | "minute" | "mins" | "min") {
            next += 1;
        }
        let before = match self.word(next) {
            "past" | "after" | "nach" => false,
            "to" | "before" | "vor" => true,
            _ => return None,
        };
        let sure = matches!(self.word(next), "past" | "after" | "nach") || minutes % 5 == 0;
        let (after, hour) =
            self.digits(next + 1, true).or_else(|| self.spoken(next + 1, true)).or_else(|| {
                let hour = cardinal(self.word(next + 1))
                    .or_else(|| self.number(next + 1))
                    .filter(|n| (1..=12).contains(n))?;
                Some((
                    next + 2,
                    Bare {
                        hour: i8::try_from(hour).ok()?,
                        minute: 0,
                        second: 0,
                        grain: Grain::Hour,
                        half: None,
                    },
                ))
            })?;
        // "15 to 20 people" is a range of numbers, "15 to noon" a time.
        let spoken_hour = self.token(next + 1).is_some_and(|t| t.kind == Kind::Word);
        let named = matches!(self.word(at), "half" | "quarter" | "a" | "viertel");
        let halved = self.half(after).1.is_some();
        if !sure
            || hour.minute != 0
            || (before && !spoken_hour && !named)
            || !(named || spoken_hour || halved || next > at + 1)
        {
            return None;
        }
        let minute = i8::try_from(if before { 60 - minutes } else { minutes }).ok()?;
        let full = if before { (hour.hour + 23) % 24 } else { hour.hour };
        Some((after, Bare { hour: full, minute, second: 0, grain: Grain::Minute, half: hour.half }))
    }

    /// "PT", "(CET)", "UTC+2", "Berlin time".
    pub(super) fn zone(&self, at: usize) -> Option<(usize, TimeZone)> {
        let (open, opened) = self.skip_sign(at, "(");
        let word = self.word(open);
        let found = zone(word)?;
        let mut next = open + 1;
        if zone_needs_time(word) {
            if self.word(next) == "standard" || self.word(next) == "local" {
                next += 1;
            }
            if self.word(next) != "time" {
                return None;
            }
            next += 1;
        } else if self.word(next) == "time" {
            next += 1;
        }
        let mut found = found;
        if matches!(word, "utc" | "gmt") && matches!(self.sign(next), "+" | "-") && self.touches(next) {
            let hours = self.number(next + 1).filter(|n| *n <= 14)?;
            let minutes =
                if self.sign(next + 2) == ":" { self.number(next + 3).unwrap_or_default() } else { 0 };
            let sign = if self.sign(next) == "-" { -1 } else { 1 };
            found = TimeZone::fixed(
                Offset::from_seconds(i32::try_from(sign * (hours * 3600 + minutes * 60)).ok()?).ok()?,
            );
            next += if self.sign(next + 2) == ":" { 4 } else { 2 };
        }
        if opened {
            next = self.skip_sign(next, ")").0;
        }
        Some((next, found))
    }

    /// The place after "-", "to", "and", "until" between two ends of a range.
    pub(super) fn range_word(&self, at: usize) -> Option<usize> {
        let joins = self.sign(at) == "-"
            || matches!(
                self.word(at),
                "to" | "and" | "until" | "till" | "through" | "bis" | "und" | "a" | "et" | "y" | "e" | "tot"
            );
        joins.then_some(at + 1)
    }
}

fn unit_follows(parser: &Parser<'_>, at: usize) -> bool {
    super::words::unit(parser.word(at)).is_some()
}

/// The time, with the afternoon assumed for 1 to 6 where the text does not say.
///
/// # Source
/// Working hours: a mail that says "at 3" means 15:00.
fn resolved(bare: Bare) -> Option<Time> {
    let hour = match bare.half {
        Some(Half::Am) => bare.hour % 12,
        Some(Half::Pm) => bare.hour % 12 + 12,
        Some(Half::Known) => bare.hour % 24,
        None if (1..=6).contains(&bare.hour) => bare.hour + 12,
        None => bare.hour % 24,
    };
    Time::new(hour, bare.minute, bare.second, 0).ok()
}
