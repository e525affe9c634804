//! Questions whose answer has a shape of its own: a price, an hour, a length of time, a date, how often, how many.
//!
//! Such a line may share one word with the question and still be its answer ("What does the pilot cost us?", "The pilot
//! fee is EUR 9,800"), and one without that shape is none, however many words it shares.

use postil_evidence::text::fold_case;
use postil_understand::date::words::names_day;
use postil_understand::{Ask, AskKind};

use super::has_one_of;

/// The shape of what answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exact {
    /// An amount of money or a share.
    Money,
    /// A time of day.
    Hour,
    /// How long something takes or lasts.
    Length,
    /// A day, a month, a quarter.
    Date,
    /// How often.
    Often,
    /// How many of something.
    Count,
    /// Where a program is reached: a host, a link, an address of mail.
    Address,
}

impl Exact {
    /// `None` where anything may answer.
    pub(super) fn of(ask: &Ask) -> Option<Self> {
        // "When should we expect it?" is a decision to some, and a question all the same.
        if ask.kind != AskKind::Question && !ask.text.trim_end().ends_with('?') {
            return None;
        }
        Self::in_words(&ask.text)
    }

    /// As [`Self::of`], for a part of a question that is complete only with the words of the part before it:
    /// "and until when".
    pub(super) fn of_matter(ask: &Ask) -> Option<Self> {
        if ask.kind == AskKind::Question { Self::in_words(&ask.matter) } else { None }
    }

    fn in_words(text: &str) -> Option<Self> {
        let text = format!(" {} ", fold_case(text));
        let says = |needles: &[&str]| needles.iter().any(|needle| text.contains(needle));
        let word = |list: &[&str]| has_one_of(&text, list);
        if says(&[
            "what time",
            "what hour",
            "wie viel uhr",
            "um wieviel uhr",
            "quelle heure",
            "que hora",
            "hoe laat",
        ]) {
            Some(Self::Hour)
        } else if says(&[
            "how often",
            "how frequently",
            "wie oft",
            "wie haufig",
            "quelle frequence",
            "con que frecuencia",
            "hoe vaak",
        ]) {
            Some(Self::Often)
        } else if says(LENGTHS) {
            Some(Self::Length)
        } else if word(&["what", "how", "which", "combien", "wie", "quel", "cuanto", "quanto"])
            && word(MONEY_ASKED)
            && !says(&["how many"])
        {
            Some(Self::Money)
        } else if word(&["when", "wann", "quand", "cuando", "quando", "wanneer"]) || says(DATES) {
            Some(Self::Date)
        } else if word(&[
            "what", "which", "welcher", "welchen", "quel", "quelle", "que", "quale", "welke", "qual",
        ]) && word(ADDRESS_ASKED)
        {
            Some(Self::Address)
        } else if says(&[
            "how many",
            "how much",
            "wie viele",
            "wie viel",
            "wie hoch",
            "combien",
            "cuanto",
            "quanto",
            "quanti",
            "hoeveel",
        ]) {
            Some(Self::Count)
        } else {
            None
        }
    }

    /// Whether a line has the shape.
    pub(super) fn is_met_by(self, text: &str) -> bool {
        let folded = fold_case(text);
        let one_of = |list: &[&str]| has_one_of(&folded, list);
        let digit = folded.bytes().any(|b| b.is_ascii_digit());
        let number = digit || one_of(NUMBERS);
        match self {
            Self::Money => {
                FREE.iter().any(|words| folded.contains(words))
                    || (digit && (folded.contains(['€', '$', '£', '%']) || one_of(CURRENCIES)))
            }
            Self::Hour => {
                one_of(&["noon", "midnight", "mittag", "mitternacht", "midi", "minuit"]) || has_hour(&folded)
            }
            // "Every 5 minutes" says how often, not how long.
            Self::Length => {
                number
                    && one_of(UNITS)
                    && (!one_of(&["every", "alle", "chaque", "cada", "elke", "ogni"]) || one_of(LASTING))
            }
            Self::Date => one_of(DAYS) || names_day(text) || has_iso_date(&folded),
            Self::Often => {
                one_of(OFTEN) || (digit && one_of(&["times", "per", "mal", "pro", "fois", "veces", "maal"]))
            }
            Self::Count => number,
            Self::Address => text.split_whitespace().any(is_address),
        }
    }

    /// Whether a word of the question asks for the shape and not for the thing; `word` as the index has it.
    pub(super) fn asks_with(word: &str) -> bool {
        ASKS_WITH.split_whitespace().any(|known| known == word)
    }
}

const LENGTHS: &[&str] = &[
    "how long",
    "how fast",
    "how quickly",
    "how soon",
    "how many days",
    "how many weeks",
    "how many months",
    "how many years",
    "how many hours",
    "how many minutes",
    "how many seconds",
    "wie lange",
    "wie schnell",
    "combien de temps",
    "cuanto tiempo",
    "quanto tempo",
    "hoe lang",
];
const DATES: &[&str] = &[
    "which date",
    "what date",
    "which day",
    "what day",
    "which month",
    "what month",
    "in which months",
    "which week",
    "what week",
    "quelle date",
    "welchem tag",
    "welchen tag",
    "que dia",
    "welke dag",
];
const MONEY_ASKED: &[&str] = &[
    "cost", "costs", "charge", "price", "prices", "fee", "fees", "margin", "discount", "floor", "salary",
    "budget", "kostet", "kosten", "preis", "coute", "prix", "tarif", "marge", "cuesta", "precio", "costa",
    "prezzo", "custa", "prijs",
];
const CURRENCIES: &[&str] = &[
    "eur", "usd", "chf", "gbp", "euro", "euros", "dollar", "dollars", "pound", "pounds", "percent",
    "prozent", "franken",
];
/// "Two free seats" are no price.
const FREE: &[&str] = &[
    "free of charge",
    "for free",
    "is free",
    "are free",
    "no charge",
    "without charge",
    "at no extra",
    "no extra c",
    "kostenlos",
    "gratis",
    "gratuit",
];
/// A "site" and a "page" are asked for by their names as often.
const ADDRESS_ASKED: &[&str] = &["host", "hostname", "hostnames", "hosts", "url", "urls", "fqdn", "endpoint"];
const NUMBERS: &[&str] = &[
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "none",
    "unlimited",
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "dos",
    "tres",
];
const UNITS: &[&str] = &[
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "sekunden",
    "minuten",
    "stunde",
    "stunden",
    "tag",
    "tage",
    "tagen",
    "woche",
    "wochen",
    "monat",
    "monate",
    "monaten",
    "jahr",
    "jahre",
    "jahren",
    "secondes",
    "heures",
    "jour",
    "jours",
    "semaine",
    "semaines",
    "mois",
    "an",
    "ans",
    "horas",
    "dias",
    "semanas",
    "meses",
    "anos",
    "dagen",
    "weken",
    "maanden",
    "jaar",
    "giorni",
    "settimane",
    "mesi",
    "anni",
];
/// Words of days beside the names of weekdays and months.
const DAYS: &[&str] =
    &["march", "may", "today", "tomorrow", "week", "month", "q1", "q2", "q3", "q4", "quarter"];
/// Words that go with how long something lasts.
const LASTING: &[&str] = &[
    "for",
    "kept",
    "keep",
    "keeps",
    "until",
    "within",
    "after",
    "took",
    "takes",
    "lang",
    "aufbewahrt",
    "pendant",
    "durante",
];
const OFTEN: &[&str] = &[
    "every",
    "each",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "once",
    "twice",
    "hourly",
    "always",
    "never",
    "night",
    "quarter",
    "jede",
    "jeden",
    "jedes",
    "alle",
    "taglich",
    "wochentlich",
    "monatlich",
    "jahrlich",
    "chaque",
    "tous",
    "toutes",
    "cada",
    "elke",
    "ogni",
];
/// Stems of words that ask for the shape.
const ASKS_WITH: &str = "cost charg price fee time hour day week month year date long fast quick quickli soon often expect \
    much mani begin start take happen pay oft lang wann combien temp host hostnam url endpoint";

/// Whether a word is a host name, a link or an address: "ingest.eu-west.halyard.example", not "e.g." or "5.1".
fn is_address(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let host = bare.split(['/', ':']).find(|part| part.contains('.')).unwrap_or(bare);
    let host = host.rsplit('@').next().unwrap_or(host);
    let labels: Vec<&str> = host.split('.').collect();
    labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        })
        && labels.last().is_some_and(|last| last.len() >= 2 && last.chars().all(char::is_alphabetic))
        && labels.iter().any(|label| label.len() >= 3)
}

/// `14:00`, `2.30 pm`, `9 Uhr`, `7am`.
fn has_hour(folded: &str) -> bool {
    let mut before_is_number = false;
    for token in folded.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')) {
        let token = token.trim_end_matches('.');
        if before_is_number && matches!(token, "am" | "pm" | "uhr" | "h" | "o'clock") {
            return true;
        }
        let digits = token.bytes().take_while(u8::is_ascii_digit).count();
        let (hour, rest) = token.split_at_checked(digits).unwrap_or_default();
        let clock = rest
            .strip_prefix([':', 'h'])
            .is_some_and(|minutes| minutes.len() >= 2 && minutes.bytes().take(2).all(|b| b.is_ascii_digit()));
        before_is_number = (1..=2).contains(&hour.len());
        if before_is_number && (clock || matches!(rest, "am" | "pm" | "uhr" | "h")) {
            return true;
        }
    }
    false
}

/// `2026-11-30`.
fn has_iso_date(folded: &str) -> bool {
    folded.as_bytes().windows(10).any(|run| {
        run.iter()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
    })
}

#[cfg(test)]
mod tests {
    use super::Exact;

    #[test]
    fn a_line_has_the_shape_or_not() {
        for (shape, yes, no) in [
            (Exact::Money, "The pilot fee is EUR 9,800.", "The board paper is due on 14 January 2027."),
            (Exact::Money, "Exports are free of charge.", "3 plants send logs."),
            (Exact::Hour, "Deletion runs every night at 02:00.", "Backups are kept for 35 days, 1.5 TB."),
            (Exact::Hour, "Der Test ist um 9 Uhr.", "Version 7.10."),
            (Exact::Length, "The search takes eleven seconds.", "They are read every 5 minutes."),
            (Exact::Date, "Go-live is on 14 December.", "Backups are kept for 35 days."),
            (Exact::Date, "Due 2026-11-30", "Port 6514-10"),
            (Exact::Often, "It is reset every Sunday.", "It took 41 minutes."),
            (Exact::Count, "Two free tickets.", "Free tickets."),
            (Exact::Money, "Entry is at no charge.", "We give them two free seats."),
            (
                Exact::Address,
                "It talks to in.north.house.example:7000.",
                "It runs on Ubuntu 24.04, e.g. at night.",
            ),
            (
                Exact::Address,
                "Log in at <https://console.example/start>.",
                "Release 5.1 and v2.0 need 1.5 TB.",
            ),
        ] {
            assert!(shape.is_met_by(yes), "{shape:?} {yes}");
            assert!(!shape.is_met_by(no), "{shape:?} {no}");
        }
    }
}
