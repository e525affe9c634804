//! The words of dates in seven languages, folded.

use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};

/// How far a "next", "last" or "this" word moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Last,
    This,
    Next,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" | "mondays" | "montag" | "lundi" | "lunes" | "lunedi" | "maandag" => Weekday::Monday,
        "tuesday" | "tue" | "tues" | "tuesdays" | "dienstag" | "mardi" | "martes" | "martedi" | "dinsdag" => {
            Weekday::Tuesday
        }
        "wednesday" | "wed" | "weds" | "wednesdays" | "mittwoch" | "mercredi" | "miercoles" | "mercoledi"
        | "woensdag" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" | "thursdays" | "donnerstag" | "jeudi" | "jueves"
        | "giovedi" | "donderdag" => Weekday::Thursday,
        "friday" | "fri" | "fridays" | "freitag" | "vendredi" | "viernes" | "venerdi" | "vrijdag" => {
            Weekday::Friday
        }
        "saturday" | "sat" | "saturdays" | "samstag" | "sonnabend" | "samedi" | "sabado" | "sabato"
        | "zaterdag" => Weekday::Saturday,
        "sunday" | "sun" | "sundays" | "sonntag" | "dimanche" | "domingo" | "domenica" | "zondag" => {
            Weekday::Sunday
        }
        "segunda" => Weekday::Monday,
        "terca" => Weekday::Tuesday,
        "quarta" => Weekday::Wednesday,
        "quinta" => Weekday::Thursday,
        "sexta" => Weekday::Friday,
        _ => return None,
    })
}

/// Portuguese weekdays are ordinals too: alone they need "-feira" or a preposition before them.
pub(super) fn weekday_needs_help(word: &str) -> bool {
    matches!(word, "sat" | "sun" | "mon" | "wed" | "segunda" | "terca" | "quarta" | "quinta" | "sexta")
}

pub(super) fn month(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" | "januar" | "janner" | "janvier" | "enero" | "gennaio" | "januari" | "janeiro" => {
            1
        }
        "february" | "feb" | "februar" | "fevrier" | "febrero" | "febbraio" | "februari" | "fevereiro"
        | "fev" => 2,
        "march" | "mar" | "marz" | "mars" | "marzo" | "maart" | "marco" | "mrz" => 3,
        "april" | "apr" | "avril" | "abril" | "aprile" | "abr" | "avr" => 4,
        "may" | "mai" | "mayo" | "maggio" | "mei" | "maio" => 5,
        "june" | "jun" | "juni" | "juin" | "junio" | "giugno" | "junho" => 6,
        "july" | "jul" | "juli" | "juillet" | "julio" | "luglio" | "julho" => 7,
        "august" | "aug" | "aout" | "agosto" | "augustus" => 8,
        "september" | "sep" | "sept" | "septembre" | "septiembre" | "settembre" | "setembro" => 9,
        "october" | "oct" | "oktober" | "okt" | "octobre" | "octubre" | "ottobre" | "outubro" => 10,
        "november" | "nov" | "novembre" | "noviembre" | "novembro" => 11,
        "december" | "dec" | "dezember" | "dez" | "decembre" | "diciembre" | "dicembre" | "dezembro"
        | "dic" => 12,
        _ => return None,
    })
}

/// Month names that are also words: alone they are no date.
pub(super) fn month_is_a_word(word: &str) -> bool {
    matches!(
        word,
        "may"
            | "march"
            | "mar"
            | "mars"
            | "out"
            | "set"
            | "dec"
            | "mai"
            | "mei"
            | "jan"
            | "marco"
            | "jun"
            | "abr"
            | "dic"
    )
}

pub(super) fn turn(word: &str) -> Option<Turn> {
    Some(match word {
        "next" | "following" | "coming" | "upcoming" | "nachste" | "nachsten" | "nachster" | "nachstes"
        | "kommende" | "kommenden" | "kommender" | "prochain" | "prochaine" | "proximo" | "proxima"
        | "prossimo" | "prossima" | "volgende" | "komende" | "viene" | "vem" | "aankomende" => Turn::Next,
        "last" | "previous" | "past" | "letzte" | "letzten" | "letzter" | "vergangene" | "vergangenen"
        | "dernier" | "derniere" | "pasado" | "pasada" | "scorso" | "scorsa" | "vorige" | "afgelopen"
        | "passado" | "passada" | "ultimo" | "ultima" => Turn::Last,
        "this" | "current" | "diese" | "diesen" | "dieser" | "diesem" | "dieses" | "ce" | "cette"
        | "este" | "esta" | "questo" | "questa" | "deze" | "dit" => Turn::This,
        _ => return None,
    })
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "second" | "seconds" | "sec" | "secs" | "sekunden" => Unit::Second,
        "minute" | "minutes" | "min" | "mins" | "minuten" | "minutos" | "minuti" | "minuto" => Unit::Minute,
        "hour" | "hours" | "hr" | "hrs" | "h" | "stunde" | "stunden" | "heure" | "heures" | "hora"
        | "horas" | "ora" | "ore" | "uur" => Unit::Hour,
        "day" | "days" | "tag" | "tage" | "tagen" | "jour" | "jours" | "dia" | "dias" | "giorno"
        | "giorni" | "dag" | "dagen" => Unit::Day,
        "workdays" | "weekdays" | "arbeitstagen" | "arbeitstage" | "werktagen" | "werkdagen" => {
            Unit::WorkingDay
        }
        "week" | "weeks" | "wk" | "wks" | "woche" | "wochen" | "semaine" | "semaines" | "semana"
        | "semanas" | "settimana" | "settimane" | "weken" => Unit::Week,
        "fortnight" | "fortnights" => Unit::Fortnight,
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "mes" | "meses" | "mese" | "mesi"
        | "maand" | "maanden" => Unit::Month,
        "quarter" | "quarters" | "qtr" | "quartal" | "trimestre" | "kwartaal" => Unit::Quarter,
        "year" | "years" | "yr" | "yrs" | "jahr" | "jahre" | "jahren" | "an" | "ans" | "annee" | "ano"
        | "anos" | "anno" | "anni" | "jaar" => Unit::Year,
        _ => return None,
    })
}

/// Cardinal words; "a" and "an" are left to the rules.
pub(super) fn cardinal(word: &str) -> Option<i64> {
    Some(match word {
        "one" | "ein" | "eine" | "einen" | "einem" | "einer" | "une" | "un" | "una" | "een" | "um"
        | "uma" => 1,
        "two" | "couple" | "zwei" | "deux" | "dos" | "due" | "twee" | "dois" | "duas" => 2,
        "three" | "few" | "drei" | "trois" | "tres" | "tre" | "drie" => 3,
        "four" | "vier" | "quatre" | "cuatro" | "quattro" | "quatro" => 4,
        "five" | "funf" | "cinq" | "cinco" | "cinque" | "vijf" => 5,
        "six" | "sechs" | "seis" | "sei" | "zes" => 6,
        "seven" | "sieben" | "sept" | "siete" | "sette" | "zeven" | "sete" => 7,
        "eight" | "acht" | "huit" | "ocho" | "otto" | "oito" => 8,
        "nine" | "neun" | "neuf" | "nueve" | "nove" | "negen" => 9,
        "ten" | "zehn" | "dix" | "diez" | "dieci" | "tien" | "dez" => 10,
        "eleven" | "elf" | "onze" => 11,
        "twelve" | "zwolf" | "douze" | "doce" | "dodici" | "twaalf" | "doze" => 12,
        "fifteen" => 15,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        _ => return None,
    })
}

pub(super) fn ordinal(word: &str) -> Option<i64> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "last" => -1,
        _ => return None,
    })
}

/// Days counted from today.
pub(super) fn relative_day(word: &str) -> Option<i64> {
    Some(match word {
        "today" | "heute" | "aujourd'hui" | "hoy" | "oggi" | "vandaag" | "hoje" | "tonight" => 0,
        "tomorrow" | "tomorrows" | "tmrw" | "tmr" | "tomorow" | "demain" | "manana" | "domani" | "amanha" => {
            1
        }
        "yesterday" | "gestern" | "hier" | "ayer" | "ieri" | "gisteren" | "ontem" => -1,
        "ubermorgen" | "apres-demain" | "dopodomani" | "overmorgen" => 2,
        "vorgestern" | "avant-hier" | "eergisteren" => -2,
        _ => return None,
    })
}

/// Hours of a part of a day: from, to (24 = the next midnight).
///
/// # Source
/// duckling's English rules: morning 4 to 12, afternoon 12 to 19, evening 18 to 24; morning is taken
/// from 8 in mail, since nobody meets at four.
pub(super) fn day_part(word: &str) -> Option<(i8, i8)> {
    Some(match word {
        "morning" | "vormittag" | "vormittags" | "matin" | "mattina" | "ochtend" | "morgens" => (8, 12),
        "lunch" | "lunchtime" => (12, 14),
        "afternoon" | "afternoonish" | "nachmittag" | "nachmittags" | "apres-midi" | "tarde"
        | "pomeriggio" | "middag" => (12, 19),
        "evening" | "abend" | "abends" | "soir" | "soiree" | "sera" | "avond" | "night" | "tonight"
        | "noche" | "noite" => (18, 24),
        _ => return None,
    })
}

/// A time zone by its usual abbreviation or a city. Two-letter US zones follow summer time.
///
/// # Source
/// IANA tz database; RFC 5322 section 4.3 for the US letters. `IST` is India's.
pub(super) fn zone(word: &str) -> Option<TimeZone> {
    let name = match word {
        "gmt" | "utc" | "z" => return Some(TimeZone::UTC),
        "pt" | "pacific" => "America/Los_Angeles",
        "mt" | "mountain" => "America/Denver",
        "ct" | "central" => "America/Chicago",
        "et" | "eastern" => "America/New_York",
        "berlin" | "german" => "Europe/Berlin",
        "london" | "uk" => "Europe/London",
        "paris" | "french" => "Europe/Paris",
        "madrid" | "spanish" => "Europe/Madrid",
        "rome" => "Europe/Rome",
        "amsterdam" | "dutch" => "Europe/Amsterdam",
        "lisbon" => "Europe/Lisbon",
        "zurich" => "Europe/Zurich",
        "vienna" => "Europe/Vienna",
        "tokyo" => "Asia/Tokyo",
        "singapore" => "Asia/Singapore",
        "sydney" => "Australia/Sydney",
        "york" => "America/New_York",
        "boston" => "America/New_York",
        "chicago" => "America/Chicago",
        _ => {
            let hours = match word {
                "pst" => -8,
                "pdt" | "mst" => -7,
                "mdt" | "cst" => -6,
                "cdt" | "est" => -5,
                "edt" => -4,
                "brt" => -3,
                "wet" => 0,
                "bst" | "cet" | "mez" | "west" => 1,
                "cest" | "mesz" | "eet" | "sast" => 2,
                "eest" | "msk" => 3,
                "sgt" | "hkt" => 8,
                "jst" | "kst" => 9,
                "aest" => 10,
                "aedt" => 11,
                "ist" => return Offset::from_seconds(19_800).ok().map(TimeZone::fixed),
                _ => return None,
            };
            return Offset::from_hours(hours).ok().map(TimeZone::fixed);
        }
    };
    TimeZone::get(name).ok()
}

/// Cities and countries name a zone only before "time": "Berlin time".
pub(super) fn zone_needs_time(word: &str) -> bool {
    matches!(
        word,
        "pacific"
            | "mountain"
            | "central"
            | "eastern"
            | "berlin"
            | "german"
            | "london"
            | "uk"
            | "paris"
            | "french"
            | "madrid"
            | "spanish"
            | "rome"
            | "amsterdam"
            | "dutch"
            | "lisbon"
            | "zurich"
            | "vienna"
            | "tokyo"
            | "singapore"
            | "sydney"
            | "york"
            | "boston"
            | "chicago"
    )
}
