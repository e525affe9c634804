//! `reading-speed`: how long a message takes to be read, each alone, on one thread.
//!
//! The bytes are in memory before the clock starts. A figure for people; nothing is decided by it.

use postil_mail::{parse_message, zones};

use super::Scored;
use super::metric::{mean, percentile, timed};
use super::question::{owner, read_alone};

/// Milliseconds of the steps of one message: bytes to a message with its zones, those zones once more alone, and
/// everything that is understood of it.
struct Steps {
    parse: f64,
    zones: f64,
    understand: f64,
}

/// The milliseconds of one step, or of several together.
type Step = fn(&Steps) -> f64;

pub(super) fn score(mail: &[Vec<u8>]) -> Scored {
    if let Some(first) = mail.first() {
        // Tables and patterns are made when they are first wanted, once in the life of a program.
        steps(first);
    }
    let times: Vec<Steps> = mail.iter().map(|raw| steps(raw)).collect();
    let mut scored = Scored::new(times.len());
    let whole = |steps: &Steps| steps.parse + steps.understand;
    let columns: [(&str, Step); 4] = [
        ("parse_with_zones", |steps| steps.parse),
        ("zones_alone", |steps| steps.zones),
        ("understand", |steps| steps.understand),
        ("whole", whole),
    ];
    for (name, of) in columns {
        let column: Vec<f64> = times.iter().map(of).collect();
        scored.figure(&format!("{name}_p50_ms"), percentile(&column, 0.5));
        scored.figure(&format!("{name}_p95_ms"), percentile(&column, 0.95));
        scored.figure(&format!("{name}_mean_ms"), mean(column.iter().copied()));
        scored.figure(&format!("{name}_slowest_ms"), percentile(&column, 1.0));
    }
    scored
}

fn steps(raw: &[u8]) -> Steps {
    let (message, parse) = timed(|| parse_message(raw));
    let (_, zones) = timed(|| zones::zones(&message.text, message.from.as_ref()));
    let to = message.to.first();
    let owner = owner(to.map_or("", |to| to.name.as_str()), to.map(|to| to.addr.clone()));
    let (_, understand) = timed(|| read_alone(message, &owner));
    Steps { parse, zones, understand }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_timed_and_none_gives_no_figure() {
        let mail = b"From: Ana Lima <ana@lima.example>\r\nTo: Bo <bo@house.example>\r\nSubject: Pump\r\n\r\n\
                     Could you send me the report?\r\n"
            .to_vec();
        let scored = score(&[mail.clone(), mail]);
        assert_eq!(scored.rows, 2);
        assert!(scored.get("whole_p50_ms") <= scored.get("whole_p95_ms"));
        assert!(scored.get("parse_with_zones_p50_ms") >= 0.0 && scored.get("understand_p50_ms") > 0.0);
        assert!(score(&[]).metrics.is_empty());
    }
}
