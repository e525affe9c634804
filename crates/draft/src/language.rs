//! The languages that Postil writes in, how each writes a day, and a guess at the language of a note.
//!
//! It knows no phrase of a reply: those stand in [`crate::phrase`].

use jiff::Zoned;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// A language that replies are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, also where the mail's language is not one of the others.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

const MONTHS: [[&str; 12]; 4] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
];

const WEEKDAYS: [[&str; 7]; 4] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
];

/// Frequent words that hardly occur in the other languages.
const TELLING: [&[&str]; 4] = [
    &[
        "the", "is", "are", "and", "of", "with", "for", "that", "we", "they", "our", "their", "was", "has",
        "have", "will", "from", "by", "be", "not", "every", "at",
    ],
    &[
        "der", "die", "das", "und", "ist", "sind", "nicht", "mit", "für", "wir", "ein", "eine", "werden",
        "wird", "den", "dem", "im", "auf", "von", "bei", "alle", "bis", "sie", "ich",
    ],
    &[
        "le", "la", "les", "des", "est", "sont", "et", "pour", "nous", "une", "dans", "du", "au", "avec",
        "sur", "vous", "pas", "qui", "ce", "cette",
    ],
    &[
        "el", "los", "las", "es", "son", "y", "para", "nosotros", "una", "con", "del", "se", "por", "está",
        "que", "usted", "un", "al", "su",
    ],
];

impl Language {
    /// The language of an ISO 639-1 code; English where there is none or it is another.
    #[must_use]
    pub fn of(code: Option<&str>) -> Self {
        match code {
            Some("de") => Self::German,
            Some("fr") => Self::French,
            Some("es") => Self::Spanish,
            Some(_) | None => Self::English,
        }
    }

    fn place(self) -> usize {
        match self {
            Self::English => 0,
            Self::German => 1,
            Self::French => 2,
            Self::Spanish => 3,
        }
    }

    /// The language most of whose frequent words stand in `text`; `None` where no language leads.
    #[must_use]
    pub fn guess(text: &str) -> Option<Self> {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphabetic())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        let mut best: Option<(usize, Self)> = None;
        let mut tied = false;
        for language in [Self::English, Self::German, Self::French, Self::Spanish] {
            let telling = TELLING.get(language.place()).copied().unwrap_or_default();
            let hits = words.iter().filter(|word| telling.contains(&word.as_str())).count();
            match best {
                Some((most, _)) if hits < most => {}
                Some((most, _)) if hits == most => tied = true,
                Some(_) | None => {
                    best = Some((hits, language));
                    tied = false;
                }
            }
        }
        best.filter(|(hits, _)| *hits > 0 && !tied).map(|(_, language)| language)
    }

    fn month(self, date: Date) -> &'static str {
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
        MONTHS.get(self.place()).and_then(|names| names.get(month)).copied().unwrap_or_default()
    }

    fn weekday(self, weekday: Weekday) -> &'static str {
        let day = usize::from(weekday.to_monday_zero_offset().unsigned_abs());
        WEEKDAYS.get(self.place()).and_then(|names| names.get(day)).copied().unwrap_or_default()
    }

    /// "10 November"; with the year where it is more than half a year from `today`.
    #[must_use]
    pub fn day(self, date: Date, today: Date) -> String {
        let (day, month, year) = (date.day(), self.month(date), date.year());
        let far = date.year() != today.year() && days_between(date, today) > 182;
        match (self, far) {
            (Self::English, false) => format!("{day} {month}"),
            (Self::English, true) => format!("{day} {month} {year}"),
            (Self::German, false) => format!("{day}. {month}"),
            (Self::German, true) => format!("{day}. {month} {year}"),
            (Self::French, _) => {
                let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
                if far { format!("{day} {month} {year}") } else { format!("{day} {month}") }
            }
            (Self::Spanish, false) => format!("{day} de {month}"),
            (Self::Spanish, true) => format!("{day} de {month} de {year}"),
        }
    }

    /// "Friday, 27 November".
    #[must_use]
    pub fn weekday_and_day(self, date: Date, today: Date) -> String {
        let (weekday, day) = (self.weekday(date.weekday()), self.day(date, today));
        match self {
            Self::English | Self::German => format!("{weekday}, {day}"),
            Self::French | Self::Spanish => format!("{weekday} {day}"),
        }
    }

    /// "19:00".
    #[must_use]
    pub fn clock(self, time: &Zoned) -> String {
        format!("{:02}:{:02}", time.hour(), time.minute())
    }
}

/// The distance of two days, in days.
#[must_use]
pub(crate) fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days().abs())
}

#[cfg(test)]
mod tests {
    use super::Language;
    use jiff::civil::date;

    #[test]
    fn each_language_writes_days_its_own_way() {
        let today = date(2026, 11, 23);
        let day = |language: Language| language.weekday_and_day(date(2026, 12, 1), today);
        assert_eq!(day(Language::English), "Tuesday, 1 December");
        assert_eq!(day(Language::German), "Dienstag, 1. Dezember");
        assert_eq!(day(Language::French), "mardi 1er décembre");
        assert_eq!(day(Language::Spanish), "martes 1 de diciembre");
        assert_eq!(Language::English.day(date(2028, 5, 2), today), "2 May 2028");
        assert_eq!(Language::English.day(date(2027, 1, 20), today), "20 January");
    }

    #[test]
    fn a_guess_needs_a_lead() {
        assert_eq!(Language::guess("Die Schlüssel werden alle 90 Tage rotiert"), Some(Language::German));
        assert_eq!(Language::guess("Backups are taken every 6 hours"), Some(Language::English));
        assert_eq!(Language::guess("PO-7731"), None);
    }
}
