//! The words of dates in seven languages, folded: the one table of the program's month and weekday
//! names, of units, counts and what moves them.
//!
//! Readers elsewhere ask [`month`], [`weekday`] and [`is_day_word`]; the grammar asks the entry each
//! token carries, so that a word is looked up once.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;

/// Names of the months, from January: English, German, French, Spanish, Italian, Dutch, Portuguese,
/// then short forms.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janner", "janvier", "enero", "gennaio", "januari", "janeiro", "jan"],
    &["february", "februar", "fevrier", "febrero", "febbraio", "februari", "fevereiro", "feb", "fev"],
    &["march", "marz", "mars", "marzo", "maart", "marco", "mar", "mrz"],
    &["april", "avril", "abril", "aprile", "apr", "avr", "abr"],
    &["may", "mai", "mayo", "maggio", "mei", "maio"],
    &["june", "juni", "juin", "junio", "giugno", "junho", "jun"],
    &["july", "juli", "juillet", "julio", "luglio", "julho", "jul"],
    &["august", "aout", "agosto", "augustus", "aug"],
    &["september", "septembre", "septiembre", "settembre", "setembro", "sep", "sept"],
    &["october", "oktober", "octobre", "octubre", "ottobre", "outubro", "oct", "okt"],
    &["november", "novembre", "noviembre", "novembro", "nov"],
    &["december", "dezember", "decembre", "diciembre", "dicembre", "dezembro", "dec", "dez", "dic"],
];

/// Names of the weekdays, from Monday, in the same order of languages.
const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "montag", "lundi", "lunes", "lunedi", "maandag", "segunda", "mon"]),
    (
        Weekday::Tuesday,
        &["tuesday", "dienstag", "mardi", "martes", "martedi", "dinsdag", "terca", "tue", "tues"],
    ),
    (
        Weekday::Wednesday,
        &[
            "wednesday",
            "wensday",
            "mittwoch",
            "mercredi",
            "miercoles",
            "mercoledi",
            "woensdag",
            "quarta",
            "wed",
            "weds",
        ],
    ),
    (
        Weekday::Thursday,
        &[
            "thursday",
            "donnerstag",
            "jeudi",
            "jueves",
            "giovedi",
            "donderdag",
            "quinta",
            "thu",
            "thur",
            "thurs",
        ],
    ),
    (Weekday::Friday, &["friday", "freitag", "vendredi", "viernes", "venerdi", "vrijdag", "sexta", "fri"]),
    (
        Weekday::Saturday,
        &["saturday", "samstag", "sonnabend", "samedi", "sabado", "sabato", "zaterdag", "sat"],
    ),
    (Weekday::Sunday, &["sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag", "sun"]),
];

/// How far a "next", "last" or "this" word moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Last,
    This,
    Next,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    Decade,
}

const UNITS: &[(Unit, &str)] = &[
    (Unit::Second, "second seconds sec secs sekunde sekunden"),
    (Unit::Minute, "minute minutes min mins minuten minutos minuti minuto minuut"),
    (Unit::Hour, "hour hours hr hrs h stunde stunden heure heures hora horas ora ore uur uren"),
    (
        Unit::Day,
        "day days night nights tag tage tagen jour jours journee dia dias giorno giorni dag dagen nachte nachten",
    ),
    (
        Unit::WorkingDay,
        "workday workdays weekday weekdays arbeitstag arbeitstagen arbeitstage werktag werktage werktagen werkdagen",
    ),
    (Unit::Week, "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken"),
    (Unit::Fortnight, "fortnight fortnights quinzaine"),
    (Unit::Month, "month months monat monate monaten monats mois mes meses mese mesi maand maanden"),
    (Unit::Quarter, "quarter quarters qtr qtrs quartal quartals trimestre kwartaal"),
    (Unit::Year, "year years yr yrs jahr jahre jahren jahres an ans annee annees ano anos anno anni jaar"),
    (Unit::Decade, "decade decades jahrzehnt"),
];

const TURNS: &[(Turn, &str)] = &[
    (
        Turn::Next,
        "next following coming upcoming nachste nachsten nachster nachstes nachstem kommende kommenden kommender \
         prochain prochaine prochains prochaines proximo proxima proximos proximas prossimo prossima \
         prossimi prossime volgende komende aankomende viene vem",
    ),
    (
        Turn::Last,
        "last previous past prior letzte letzten letzter letztes letztem vergangene vergangenen dernier \
         derniere derniers dernieres pasado pasada scorso scorsa scorsi vorige afgelopen passado passada \
         ultimo ultima ultimos ultimas ultimi ultime",
    ),
    (
        Turn::This,
        "this current present diese diesen dieser diesem dieses ce cet cette este esta questo questa deze dit",
    ),
];

/// Cardinal words; "a" and "an" are left to the rules.
const CARDINALS: &[(i8, &str)] = &[
    (0, "zero"),
    (1, "one ein eine einen einem einer eines une un una uno een um uma"),
    (2, "two couple zwei deux dos due twee dois duas"),
    (3, "three few drei trois tres tre drie"),
    (4, "four vier quatre cuatro quattro quatro"),
    (5, "five funf cinq cinco cinque vijf"),
    (6, "six sechs seis sei zes"),
    (7, "seven sieben siete sette zeven sete"),
    (8, "eight acht huit ocho otto oito"),
    (9, "nine neun neuf nueve nove negen"),
    (10, "ten zehn dix diez dieci tien"),
    (11, "eleven elf onze undici once"),
    (12, "twelve dozen zwolf douze doce dodici twaalf doze"),
    (13, "thirteen"),
    (14, "fourteen vierzehn quatorze catorce quattordici veertien"),
    (15, "fifteen"),
    (16, "sixteen"),
    (17, "seventeen"),
    (18, "eighteen"),
    (19, "nineteen"),
    (20, "twenty zwanzig vingt veinte venti twintig vinte"),
    (30, "thirty"),
    (40, "forty fourty"),
    (50, "fifty"),
    (60, "sixty"),
    (70, "seventy"),
    (80, "eighty"),
    (90, "ninety"),
];

const ORDINALS: &[(i8, &str)] = &[
    (1, "first ersten erste erster premier primero primer primo primeiro eerste"),
    (2, "second zweiten zweite tweede"),
    (3, "third dritten dritte derde"),
    (4, "fourth vierten vierte vierde"),
    (5, "fifth"),
    (6, "sixth"),
    (7, "seventh"),
    (8, "eighth"),
    (9, "ninth"),
    (10, "tenth"),
    (11, "eleventh"),
    (12, "twelfth"),
    (13, "thirteenth"),
    (14, "fourteenth"),
    (15, "fifteenth"),
    (16, "sixteenth"),
    (17, "seventeenth"),
    (18, "eighteenth"),
    (19, "nineteenth"),
    (20, "twentieth"),
    (30, "thirtieth"),
];

/// Days counted from today.
const RELATIVE: &[(i8, &str)] = &[
    (0, "today todays heute aujourd'hui hoy oggi vandaag hoje tonight tonite tonights"),
    (1, "tomorrow tomorrows tmrw tmr tommorow tommorrow tomorow demain manana domani amanha morgen"),
    (-1, "yesterday yesterdays gestern hier ayer ieri gisteren ontem"),
    (2, "ubermorgen apres-demain dopodomani overmorgen"),
    (-2, "vorgestern avant-hier eergisteren"),
];

/// A part of a day: from and to hour, 24 being the next midnight.
pub(super) type Hours = (i8, i8);

/// Hours of a part of a day.
///
/// # Source
/// Usage in mail: nobody means four o'clock by "morning" or one at night by "evening". Other readings
/// are a matter of the convention.
const PARTS: &[(Hours, &str)] = &[
    ((8, 12), "morning mornings vormittag vormittags matin matinee mattina mattino ochtend morgens"),
    ((12, 14), "lunch lunchtime mittagspause"),
    ((12, 19), "afternoon afternoons afternoonish nachmittag nachmittags apres-midi tarde pomeriggio middag"),
    ((18, 24), "evening evenings abend abends soir soiree sera avond"),
    ((18, 24), "night nights nacht nachts nuit noche noite notte"),
    ((18, 24), "tonight tonite tonights"),
];

/// Other words a finding may begin with.
const BEGINNERS: &str = "a after any bi semi greater longer first about ab afternoonish alle all an anderthalb another anytime approximately around as at atm \
    before beginning begin between bis binnen by calendar ce circa close closest cob cop current cw cy daily dalle dans daqui de debut del den depuis der desde due during \
    dal dentro each eightties early earlier eind eines einer either elke em en end ende ending entre entro eob eod eom eoq eow eoy every everyday \
    exactly fall fifties fim fin final finales finals fine fiscal for forties fortnightly fra from fruh fy gegen h ha halb half hace hourly het \
    il im immediately in inicio inizio innerhalb jede jeden jeder jedes jeweils just kw la las late later le less late meta medio mediados meados mi \
    mid middle midday midi mediodia midnight midnite mezzogiorno mezzanotte mitte mitternacht minuit monthly more mezz'ora mezzora \
    nel noon noonish nineties no now o og og ogni om on once op over pela por por principios prior q quarterly quarter rest remainder right \
    semana semaine seit seventies since sixties sometime sometimes sooner start starting stasera stamattina stamani tag the thirties through till til tonight \
    tot tra tussen twenties tous todas todos um until up van vanaf vanavond vanmiddag vanmorgen vanochtend vers vom von vor week weekend \
    weekly wochenende wkend within yearly annually annual year zwischen eighties seq twice biweekly bimonthly semiannually taglich wochentlich monatlich jahrlich \
    cada chaque and nach pasado depois apres avant mittag mittags feierabend avec jusqu fino ate antes prima voor na nachste sooner day now year";

/// What one word says about time; nothing of it is certain without its neighbours.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) month: Option<i8>,
    pub(super) weekday: Option<Weekday>,
    pub(super) unit: Option<Unit>,
    pub(super) turn: Option<Turn>,
    pub(super) cardinal: Option<i8>,
    pub(super) ordinal: Option<i8>,
    pub(super) relative: Option<i8>,
    pub(super) part: Option<Hours>,
    /// Whether the word is a plural that repeats: "Mondays", "mornings".
    pub(super) plural: bool,
    /// Whether a finding may begin with it.
    pub(super) begins: bool,
}

impl Entry {
    /// Whether the word says anything about time by itself.
    pub(super) fn tells(&self) -> bool {
        self.month.is_some()
            || self.weekday.is_some()
            || self.unit.is_some()
            || self.turn.is_some()
            || self.relative.is_some()
            || self.part.is_some()
    }
}

static ENTRIES: LazyLock<HashMap<String, Entry>> = LazyLock::new(|| {
    let mut map: HashMap<String, Entry> = HashMap::new();
    for (month, names) in (1_i8..).zip(MONTHS) {
        for name in names {
            map.entry((*name).to_owned()).or_default().month = Some(month);
        }
    }
    for (day, names) in WEEKDAYS {
        for name in names {
            map.entry((*name).to_owned()).or_default().weekday = Some(day);
        }
        for name in names.iter().filter(|name| name.ends_with("day")) {
            let entry = map.entry(format!("{name}s")).or_default();
            (entry.weekday, entry.plural) = (Some(day), true);
            map.entry(format!("{name}'s")).or_default().weekday = Some(day);
        }
    }
    let mut each = |words: &str, set: &dyn Fn(&mut Entry)| {
        for word in words.split_whitespace() {
            set(map.entry(word.to_owned()).or_default());
        }
    };
    for (unit, words) in UNITS {
        each(words, &|entry| entry.unit = Some(*unit));
    }
    for (turn, words) in TURNS {
        each(words, &|entry| entry.turn = Some(*turn));
    }
    for (count, words) in CARDINALS {
        each(words, &|entry| entry.cardinal = Some(*count));
    }
    for (count, words) in ORDINALS {
        each(words, &|entry| entry.ordinal = Some(*count));
    }
    for (days, words) in RELATIVE {
        each(words, &|entry| entry.relative = Some(*days));
    }
    for (hours, words) in PARTS {
        each(words, &|entry| entry.part = Some(*hours));
    }
    each("mornings afternoons evenings nights", &|entry| entry.plural = true);
    for word in BEGINNERS.split_whitespace() {
        map.entry(word.to_owned()).or_default();
    }
    for word in super::feast::first_words() {
        map.entry(word.to_owned()).or_default();
    }
    map.values_mut().for_each(|entry| entry.begins = true);
    map
});

/// What a folded word says.
pub(super) fn entry(word: &str) -> Entry {
    ENTRIES.get(word).copied().unwrap_or_default()
}

/// The month a folded name or short form stands for, from 1. "may" and "march" are among them: it is
/// for the caller to know whether the word stands for a month.
#[must_use]
pub fn month(word: &str) -> Option<i8> {
    entry(word).month
}

/// The weekday a folded name or short form stands for.
#[must_use]
pub fn weekday(word: &str) -> Option<Weekday> {
    entry(word).weekday
}

/// Whether a folded word names a day or a month by its whole name, with nothing else it could mean.
#[must_use]
pub fn is_day_word(word: &str) -> bool {
    let known = entry(word);
    (known.month.is_some() && !month_is_a_word(word) && word.len() > 3)
        || (known.weekday.is_some() && !weekday_is_a_word(word) && word.len() > 4)
}

/// Whether a text names a month by its whole name.
#[must_use]
pub fn names_month(text: &str) -> bool {
    any_word(text, |word| is_day_word(word) && month(word).is_some())
}

/// Whether a text names a month or a weekday by its whole name.
#[must_use]
pub fn names_day(text: &str) -> bool {
    any_word(text, is_day_word)
}

fn any_word(text: &str, is_one: impl Fn(&str) -> bool) -> bool {
    crate::plain::fold(text).split(|c: char| !c.is_ascii_alphanumeric()).any(is_one)
}

/// Short or Portuguese weekdays are other words too: alone they need help.
pub(super) fn weekday_is_a_word(word: &str) -> bool {
    matches!(
        word,
        "sat" | "sun" | "mon" | "wed" | "tue" | "thu" | "segunda" | "terca" | "quarta" | "quinta" | "sexta"
    )
}

/// Whether a month's name is an English one.
pub(super) fn is_english_month(word: &str) -> bool {
    let whole = MONTHS.iter().any(|names| names.first().is_some_and(|name| *name == word));
    let short = matches!(
        word,
        "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "sept" | "oct" | "nov" | "dec"
    );
    whole || short
}

/// Month names that are also words: alone they are no date.
pub(super) fn month_is_a_word(word: &str) -> bool {
    matches!(
        word,
        "may"
            | "march"
            | "mar"
            | "mars"
            | "dec"
            | "mai"
            | "mei"
            | "jan"
            | "marco"
            | "jun"
            | "abr"
            | "dic"
            | "dez"
            | "fev"
            | "marz"
            | "sep"
            | "augustus"
            | "august"
            | "april"
            | "june"
    ) && !matches!(word, "august" | "april" | "june" | "marz")
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::{is_day_word, month, weekday};

    #[test]
    fn one_table_serves_all() {
        assert_eq!((month("septembre"), month("may"), month("mayor")), (Some(9), Some(5), None));
        assert_eq!((weekday("jueves"), weekday("fridays")), (Some(Weekday::Thursday), Some(Weekday::Friday)));
        assert!(is_day_word("dienstag") && is_day_word("december"));
        assert!(!is_day_word("may") && !is_day_word("sun") && !is_day_word("march"));
    }
}
