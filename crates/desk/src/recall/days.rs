//! Which days an ask speaks of: "on the call of 12 May", "in July", "last week".
//!
//! Passages of such days rank higher; they are no filter, since what was agreed in July may stand in a note of August. Only
//! what is said to have happened on one day ("last Tuesday's call") is looked for on that day first.

use jiff::Zoned;
use jiff::civil::Date;
use postil_evidence::Span;
use postil_evidence::text::fold_case;
use postil_index::Days;
use postil_understand::Grain;
use postil_understand::date::{Convention, Meaning, times};

/// "In May", asked in November, is the May before rather than the one to come; "on 2 December" is the coming one.
const DAYS_BACK: i64 = 300;

/// What people do together on a day and write notes of: folded beginnings of words.
const EVENTS: &[&str] = &[
    "call",
    "meeting",
    "workshop",
    "visit",
    "session",
    "demo",
    "review",
    "standup",
    "kickoff",
    "interview",
    "conversation",
    "discussion",
    "chat",
    "lunch",
    "training",
    "presentation",
    "webinar",
    "gesprach",
    "besprechung",
    "termin",
    "treffen",
    "telefonat",
    "sitzung",
    "besuch",
    "appel",
    "reunion",
    "entretien",
    "atelier",
    "llamada",
    "taller",
    "sesion",
    "chiamata",
    "riunion",
    "incontro",
    "gesprek",
    "vergadering",
    "afspraak",
    "bezoek",
    "overleg",
    "chamada",
    "reuniao",
    "encontro",
];

/// Words between an event and its day: "the call on the 12th", "der Termin vom Dienstag".
const BETWEEN: &[&str] = &[
    "on", "of", "from", "the", "vom", "am", "von", "du", "de", "le", "del", "el", "di", "della", "van", "op",
    "do", "da", "na", "em",
];

/// Words of an ask about what was.
const WAS: &[&str] = &[
    "did",
    "was",
    "were",
    "had",
    "haben",
    "hatten",
    "war",
    "waren",
    "wurde",
    "wurden",
    "avons",
    "avez",
    "etait",
    "quedamos",
    "acordamos",
    "dijo",
    "abbiamo",
    "avete",
    "hebben",
    "hebt",
    "combinamos",
    "disse",
];

/// How many words may stand between a day and its event: "Tuesday's weekly planning call".
const WORDS_BETWEEN: usize = 3;

/// The one day on which, by `text`, something happened that people write notes of: "last Tuesday's call", "the
/// workshop of 10 November". `None` where it names no day, or several, or one to come.
pub(crate) fn day_of_event(text: &str, sent: &Zoned) -> Option<Days> {
    // Most texts name no event, and reading dates takes longer.
    let words = folded_words(text);
    if !words.iter().any(|word| is_event(word)) {
        return None;
    }
    let convention = Convention { days_back: DAYS_BACK, ..Convention::default() };
    let asks_what_was = words.iter().any(|word| WAS.contains(&word.as_str()));
    let mut days = times(text, sent, &convention).into_iter().filter_map(|found| {
        let Meaning::Date(meant) = found.meaning else { return None };
        let is_one_day = meant.grain == Grain::Day && meant.end.is_none();
        let mut day = meant.start.date();
        // To a calendar "Tuesday" is the coming one; to whoever asks what was said in Tuesday's call it is the last.
        if day > sent.date() && asks_what_was && !says_which(meant.span.of(text)) {
            day = day.checked_sub(jiff::Span::new().weeks(1)).ok()?;
        }
        (is_one_day && day <= sent.date()).then(|| (day, is_of_event(text, meant.span)))
    });
    let (first, mut is_of_event) = days.next()?;
    for (other, is_of_its_event) in days {
        if other != first {
            return None;
        }
        is_of_event |= is_of_its_event;
    }
    is_of_event.then_some(Days { first, last: first })
}

fn folded_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold_case).collect()
}

fn is_event(word: &str) -> bool {
    EVENTS.iter().any(|event| word.starts_with(event))
}

/// Whether an event stands behind a day, close enough to be of it, or before it.
fn is_of_event(text: &str, day: Span) -> bool {
    // A stop ends what belongs to a day.
    let until_stop = |text: &'_ str| text.find([',', '.', ';', '?', '!', ':']).unwrap_or(text.len());
    let behind = text.get(day.end..).unwrap_or_default();
    let behind = folded_words(behind.get(..until_stop(behind)).unwrap_or_default());
    // "What did we agree on Tuesday before the call" is no call of Tuesday: only what the day describes.
    let possessive = text.get(day.end..).is_some_and(|rest| rest.starts_with(['\'', '\u{2019}']));
    let of_day = match behind.first().map(String::as_str) {
        Some("s") if possessive => behind.get(1..).unwrap_or_default(),
        _ => behind.get(..behind.len().min(1)).unwrap_or_default(),
    };
    let before = text.get(..day.start).unwrap_or_default();
    let before = folded_words(before.rsplit([',', '.', ';', '?', '!', ':']).next().unwrap_or_default());
    let last = before.iter().rev().find(|word| !BETWEEN.contains(&word.as_str()));
    of_day.iter().take(WORDS_BETWEEN).any(|word| is_event(word)) || last.is_some_and(|word| is_event(word))
}

/// The days that `text`, written at `sent`, speaks of and that may have passages: none that begins after it. A year
/// or an hour is none: there is too much of the one, and the other tells no day.
pub(super) fn asked_days(text: &str, sent: &Zoned) -> Vec<Days> {
    let convention = Convention { days_back: DAYS_BACK, ..Convention::default() };
    let mut days = Vec::new();
    for found in times(text, sent, &convention) {
        let Meaning::Date(found) = found.meaning else { continue };
        let tells = match found.grain {
            Grain::Day | Grain::Week | Grain::Month | Grain::Quarter => true,
            Grain::Minute | Grain::Hour | Grain::DayPart | Grain::Year => false,
        };
        let first = found.start.date();
        let last = last_day(first, found.end.as_ref(), found.grain);
        // A month that is only named is the coming one to a calendar, and to whoever asks what was, the one before.
        let named_only = found.grain == Grain::Month && !says_which(found.span.of(text));
        let years = if named_only && first > sent.date() { 1 } else { 0 };
        let back = |day: Date| day.checked_sub(jiff::Span::new().years(years)).ok();
        let (Some(first), Some(last)) = (back(first), back(last)) else { continue };
        if tells && first <= sent.date() {
            days.push(Days { first, last });
        }
    }
    days
}

/// Whether the words of a month say of which year it is.
fn says_which(words: &str) -> bool {
    let folded = fold_case(words);
    folded.bytes().any(|b| b.is_ascii_digit()) || NEXT.iter().any(|word| folded.contains(word))
}

const NEXT: &[&str] = &[
    "next", "coming", "this", "last", "nachst", "kommend", "dies", "prochain", "proxim", "prossim", "volgend",
];

/// The last day of a stretch: the one before its end, which is exclusive; without an end as long as its grain.
fn last_day(first: Date, end: Option<&Zoned>, grain: Grain) -> Date {
    let end = match (end, grain) {
        (Some(end), _) => Some(end.date()),
        (None, Grain::Week) => first.checked_add(jiff::Span::new().weeks(1)).ok(),
        (None, Grain::Month) => first.checked_add(jiff::Span::new().months(1)).ok(),
        (None, Grain::Quarter) => first.checked_add(jiff::Span::new().months(3)).ok(),
        (None, Grain::Minute | Grain::Hour | Grain::DayPart | Grain::Day | Grain::Year) => None,
    };
    end.and_then(|end| end.yesterday().ok()).unwrap_or(first).max(first)
}

#[cfg(test)]
mod tests {
    use super::{asked_days, day_of_event};

    #[test]
    fn what_happened_on_a_day_is_told_from_a_day() {
        let sent = "2026-11-20T09:00:00+01:00[Europe/Berlin]".parse().unwrap();
        for (text, expect) in [
            ("What came out of last Tuesday's call?", "2026-11-17"),
            ("What did we settle in Tuesday\u{2019}s weekly planning meeting", "2026-11-17"),
            ("Can you send the notes of the call on 12 November?", "2026-11-12"),
            ("Who was at the workshop of 10 November?", "2026-11-10"),
            ("What did they say in yesterday's meeting?", "2026-11-19"),
            ("Was haben wir im Gespr\u{e4}ch vom 10. November beschlossen?", "2026-11-10"),
            ("Qu'avons-nous d\u{e9}cid\u{e9} \u{e0} la r\u{e9}union du 10 novembre ?", "2026-11-10"),
            ("Can you join Tuesday's call?", ""),
            ("What did we agree on Tuesday before the call?", ""),
            ("Will the call of 4 December take place?", ""),
            ("Did the archive grow since 10 November?", ""),
            ("What changed between the calls of 10 November and 12 November?", ""),
            ("What was said in the call in July?", ""),
            ("Which price was valid on 10 November? A call is enough.", ""),
        ] {
            let day = day_of_event(text, &sent);
            assert_eq!(day.map(|day| day.first.to_string()).unwrap_or_default(), expect, "{text}");
        }
    }

    fn check(text: &str, expect: &str) {
        let sent = "2026-11-20T09:00:00+01:00[Europe/Berlin]".parse().unwrap();
        let days: Vec<String> =
            asked_days(text, &sent).iter().map(|days| format!("{}..{}", days.first, days.last)).collect();
        assert_eq!(days.join(" "), expect, "{text}");
    }

    #[test]
    fn an_ask_speaks_of_days() {
        check("What did we agree on the call of 12 May?", "2026-05-12..2026-05-12");
        check("Which plants were connected in July?", "2026-07-01..2026-07-31");
        check("What came out of last Tuesday's call?", "2026-11-17..2026-11-17");
        check("Wer war im August 2025 dabei?", "2025-08-01..2025-08-31");
        check("What did you see last week?", "2026-11-09..2026-11-15");
        check("Who joins in next July?", "");
        check("Can you answer by 4 December?", "");
        check("What changed at 10:30?", "");
        check("How many were there in 2024?", "");
    }
}
