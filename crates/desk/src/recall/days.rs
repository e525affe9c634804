//! Which days an ask speaks of: "on the call of 12 May", "in July", "last week".
//!
//! Passages of such days rank higher. It must not filter: what was agreed in July may stand in a note of August.

use jiff::Zoned;
use jiff::civil::Date;
use postil_evidence::text::fold_case;
use postil_index::Days;
use postil_understand::Grain;
use postil_understand::date::{Convention, Meaning, times};

/// "In May", asked in November, is the May before rather than the one to come; "on 2 December" is the coming one.
const DAYS_BACK: i64 = 300;

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
    use super::asked_days;

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
