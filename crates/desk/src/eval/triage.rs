//! `triage`: respond, notify or ignore, against the verdict. A handful of rows: a smoke test.

use jiff::civil::date;
use postil_mail::parse_message;
use postil_understand::Verdict;
use serde::Deserialize;

use super::Scored;
use super::metric::share;
use super::question::{owner, raw_mail, read_alone};
use crate::inbox::word;

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: String,
    author: String,
    to: String,
    subject: String,
    email_thread: String,
    label: String,
}

pub(super) fn score(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let mut right = 0;
    for row in rows {
        let line = |text: &str| text.split(['\r', '\n']).collect::<Vec<_>>().join(" ");
        let raw = raw_mail(
            &line(&row.author),
            &line(&row.to),
            &line(&row.subject),
            date(2025, 1, 15),
            "text/plain",
            &row.email_thread,
        );
        let message = parse_message(&raw);
        let to = message.to.first().cloned();
        let name = to.as_ref().map(|to| to.name.to_string()).unwrap_or_default();
        let (_, reading) = read_alone(message, &owner(&name, to.map(|to| to.addr)));
        let told = label(reading.verdict);
        right += usize::from(told == row.label);
        if told != row.label {
            let why = reading
                .reasons
                .first()
                .map(|reason| format!("{}: {}", reason.kind, reason.text))
                .unwrap_or_default();
            let verdict = word(&reading.verdict);
            scored.wrong(&format!("{} \"{}\" is {}, told {verdict} ({why})", row.id, row.subject, row.label));
        }
    }
    scored.figure("accuracy", share(right, rows.len()));
    scored
}

/// What a verdict means for the owner's attention.
fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reply => "respond",
        Verdict::Waiting | Verdict::Promised | Verdict::Info | Verdict::Automated | Verdict::Calendar => {
            "notify"
        }
        Verdict::Bulk | Verdict::None => "ignore",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_compared_with_labels() {
        let row = |label: &str, body: &str| Row {
            id: "1".to_owned(),
            author: "Ana Lima <ana@lima.example>".to_owned(),
            to: "Bo Berg <bo@house.example>".to_owned(),
            subject: "Pump\r\nBcc: x@y.example".to_owned(),
            email_thread: body.to_owned(),
            label: label.to_owned(),
        };
        let asks = "Hi Bo,\n\nCould you send me the report on the pump by Friday?\n\nAna";
        let scored = score(&[row("respond", asks), row("ignore", asks)]);
        assert_eq!((scored.rows, scored.get("accuracy"), scored.wrong.len()), (2, 0.5, 1));
    }
}
