//! Dates as people write them in file names, headings and properties; nothing relative.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

/// `None` only if the pattern were wrong, which the tests of this file would show.
static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:^|[^0-9])
        (?: (?P<y>(?:19|20)\d\d) (?P<sep>[-_./]?) (?P<m>0[1-9]|1[0-2]) (?P<sep2>[-_./]?) (?P<d>0[1-9]|[12]\d|3[01])
          | (?P<d2>0?[1-9]|[12]\d|3[01]) \. (?P<m2>0?[1-9]|1[0-2]) \. (?P<y2>(?:19|20)\d\d) )
        (?:$|[^0-9])",
    )
    .ok()
});

/// The first whole date in `text`: `2026-11-10`, `2026_11_10`, `20261110`, or `10.11.2026` (day
/// first, the order that goes with full stops). `None` where there is none that the calendar has.
pub(crate) fn find_date(text: &str) -> Option<Date> {
    let found = WRITTEN.as_ref()?.captures(text)?;
    let number = |name: &str| found.name(name)?.as_str().parse::<i16>().ok();
    let small = |name: &str| found.name(name)?.as_str().parse::<i8>().ok();
    if let (Some(year), Some(month), Some(day)) = (number("y"), small("m"), small("d")) {
        let (a, b) = (found.name("sep")?.as_str(), found.name("sep2")?.as_str());
        return if a == b { Date::new(year, month, day).ok() } else { None };
    }
    Date::new(number("y2")?, small("m2")?, small("d2")?).ok()
}

/// The date that `text` starts with, if it does.
pub(crate) fn leading_date(text: &str) -> Option<Date> {
    let head: String = text.trim_start().chars().take(11).collect();
    let starts = head.starts_with(|c: char| c.is_ascii_digit());
    let dashed = head.as_bytes().get(4) == Some(&b'-') || head.contains('.');
    if starts && dashed { find_date(&head) } else { None }
}

/// Reads `2026-11-10` exactly.
pub(crate) fn iso_date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{find_date, leading_date};

    #[test]
    fn dates_in_names() {
        for (text, expect) in [
            ("2026-11-10 - Northwind workshop", Some("2026-11-10")),
            ("Call 2026_11_10", Some("2026-11-10")),
            ("20261110 call", Some("2026-11-10")),
            ("2026-11-20_160426_5605_Retention", Some("2026-11-20")),
            ("Protokoll 3.11.2026", Some("2026-11-03")),
            ("2026-02-30 no such day", None),
            ("Offer 2026-11", None),
            ("order 120261110", None),
            ("2026-1110", None),
        ] {
            assert_eq!(find_date(text).map(|d| d.to_string()).as_deref(), expect, "{text}");
        }
        assert_eq!(leading_date("2026-11-17: call").map(|d| d.to_string()).as_deref(), Some("2026-11-17"));
        assert_eq!(leading_date("on 2026-11-17"), None);
    }
}
