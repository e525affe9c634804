//! `zones`: which line of a mail is what.
//!
//! The rows label a line by what it is in the message that holds it: the greeting of a forwarded mail is a greeting.
//! That is `layout`; `own_words_keep_drop_accuracy` is of `zones`, where the same line is a quotation.

use postil_mail::{Zone, ZoneKind, zones};
use serde::Deserialize;

use super::Scored;
use super::metric::{macro_f1, share};

#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: String,
    text: String,
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    label: String,
}

/// What the rows do not score: blank lines.
const BLANK: &str = "<empty>";

pub(super) fn score(rows: &[Row]) -> Scored {
    let mut scored = Scored::new(rows.len());
    let mut pairs: Vec<(&str, &'static str)> = Vec::new();
    let mut own_right = 0;
    for row in rows {
        let layout = zones::layout(&row.text, None);
        let own = zones::zones(&row.text, None);
        let mut at = 0;
        for line in &row.lines {
            let start = at;
            at += line.text.len() + 1;
            if line.label == BLANK || line.text.trim().is_empty() {
                continue;
            }
            let told = label_at(&layout, start);
            own_right += usize::from(is_dropped(label_at(&own, start)) == is_dropped(&line.label));
            pairs.push((&line.label, told));
            if line.label != told {
                scored.wrong(&format!("{} is {}, told {told}: {}", row.id, line.label, line.text));
            }
        }
    }
    let equal = pairs.iter().filter(|(gold, told)| gold == told).count();
    let kept = pairs.iter().filter(|(gold, told)| is_dropped(gold) == is_dropped(told)).count();
    scored.figure("zone_accuracy", share(equal, pairs.len()));
    scored.figure("zone_macro_f1", macro_f1(pairs.iter().copied()));
    scored.figure("keep_drop_accuracy", share(kept, pairs.len()));
    scored.figure("own_words_keep_drop_accuracy", share(own_right, pairs.len()));
    scored.count("lines", pairs.len());
    scored
}

fn label_at(zones: &[Zone], at: usize) -> &'static str {
    zones
        .iter()
        .find(|zone| zone.span.start <= at && at < zone.span.end)
        .map_or(BLANK, |zone| label(zone.kind))
}

/// The label that the rows have for a kind. They call legal text a client's signature.
fn label(kind: ZoneKind) -> &'static str {
    match kind {
        ZoneKind::Paragraph => "paragraph",
        ZoneKind::Salutation => "salutation",
        ZoneKind::Closing => "closing",
        ZoneKind::Quotation => "quotation",
        ZoneKind::QuotationMarker => "quotation_marker",
        ZoneKind::InlineHeaders => "inline_headers",
        ZoneKind::PersonalSignature => "personal_signature",
        ZoneKind::MuaSignature | ZoneKind::Disclaimer => "mua_signature",
        ZoneKind::Separator => "visual_separator",
        ZoneKind::Code => "raw_code",
        ZoneKind::Patch => "patch",
        ZoneKind::Log => "log_data",
        ZoneKind::Table => "tabular",
        ZoneKind::Technical => "technical",
        ZoneKind::SectionHeading => "section_heading",
        ZoneKind::Empty => BLANK,
    }
}

fn is_dropped(label: &str) -> bool {
    matches!(label, "quotation" | "quotation_marker" | "personal_signature" | "mua_signature")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_do_not_count_and_a_wrong_zone_does() {
        let line = |text: &str, label: &str| Line { text: text.to_owned(), label: label.to_owned() };
        let lines = vec![
            line("The pump is fixed now and runs again.", "paragraph"),
            line("", BLANK),
            line("> Is the pump fixed?", "quotation"),
            line("> It stood still.", "paragraph"),
        ];
        let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        let scored = score(&[Row { id: "r".to_owned(), text, lines }]);
        assert_eq!((scored.rows, scored.get("lines")), (1, 3.0));
        assert_eq!(scored.get("zone_accuracy"), scored.get("keep_drop_accuracy"));
        assert!((scored.get("zone_accuracy") - 2.0 / 3.0).abs() < 1e-6);
        assert_eq!(scored.wrong, ["r is paragraph, told quotation: > It stood still."]);
    }
}
