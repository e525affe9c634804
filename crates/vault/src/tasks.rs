//! Tasks: list items with a check box, in the Tasks plugin's emoji format or Dataview's.
//!
//! # Source
//! Obsidian Tasks, "Tasks Emoji Format" and "Dataview Format".

use std::sync::LazyLock;

use jiff::civil::Date;
use postil_evidence::Span;
use regex::Regex;

use crate::dates::iso_date;
use crate::plain::Plain;

/// One task of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Bytes of the file: the list item's own text.
    pub span: Span,
    /// What stands between the brackets: a space is open, `x` is done, others are the owner's.
    pub status: char,
    /// What is to be done, without dates and marks.
    pub text: String,
    /// 📅 or `due`.
    pub due: Option<Date>,
    /// ⏳ or `scheduled`.
    pub scheduled: Option<Date>,
    /// 🛫 or `start`.
    pub start: Option<Date>,
    /// ➕ or `created`.
    pub created: Option<Date>,
    /// ✅ or `completion`.
    pub done: Option<Date>,
    /// ❌ or `cancelled`.
    pub cancelled: Option<Date>,
}

impl Task {
    /// Whether it still is to be done. `x` and `X` are done, `-` is cancelled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.status, 'x' | 'X' | '-')
    }
}

static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\s*(?:
          (?P<mark>[📅📆🗓⏳⌛🛫➕✅❌])\u{fe0f}?\s*(?P<date>\d{4}-\d{2}-\d{2})
        | [\[(]\s*(?P<field>due|scheduled|start|created|completion|cancelled)\s*::\s*(?P<date2>\d{4}-\d{2}-\d{2})\s*[\])] )",
    )
    .ok()
});
static OTHER_MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\s*(?: [🔺⏫🔼🔽⏬]\u{fe0f}? | 🔁[^📅⏳🛫➕✅❌🆔⛔\#\n]* | (?:🆔|⛔|🏁)\u{fe0f}?\s*[\w,-]+
        | [\[(]\s*(?:priority|repeat|id|dependsOn|onCompletion)\s*::[^\])\n]*[\])] )",
    )
    .ok()
});

/// Reads `[ ] text` at the start of a list item's words and leaves the text alone in `plain`.
pub(crate) fn take_task(plain: &mut Plain, span: Span) -> Option<Task> {
    let mut chars = plain.text.chars();
    let (open, status, close, space) = (chars.next()?, chars.next()?, chars.next()?, chars.next());
    if open != '['
        || close != ']'
        || !space.is_none_or(char::is_whitespace)
        || status == '\n'
        || status == ']'
    {
        return None;
    }
    plain.remove(0..2 + status.len_utf8() + space.map_or(0, char::len_utf8));
    let mut task = Task {
        span,
        status,
        text: String::new(),
        due: None,
        scheduled: None,
        start: None,
        created: None,
        done: None,
        cancelled: None,
    };
    for found in DATED.iter().flat_map(|dated| dated.captures_iter(&plain.text)) {
        let date = found.name("date").or(found.name("date2")).and_then(|date| iso_date(date.as_str()));
        let slot = match found.name("mark").or(found.name("field")).map_or("", |mark| mark.as_str()) {
            "📅" | "📆" | "🗓" | "due" => &mut task.due,
            "⏳" | "⌛" | "scheduled" => &mut task.scheduled,
            "🛫" | "start" => &mut task.start,
            "➕" | "created" => &mut task.created,
            "✅" | "completion" => &mut task.done,
            _ => &mut task.cancelled,
        };
        *slot = slot.or(date);
    }
    for marks in DATED.iter().chain(OTHER_MARKS.iter()) {
        plain.remove_all(marks);
    }
    task.text = postil_evidence::text::fold_space(&plain.text);
    Some(task)
}

#[cfg(test)]
mod tests {
    use postil_evidence::Span;

    use super::take_task;
    use crate::plain::Plain;

    #[test]
    fn marks_are_read_and_the_text_stays() {
        for (line, status, text, due) in [
            ("[ ] Send the sheet 📅 2026-11-27", ' ', "Send the sheet", Some("2026-11-27")),
            ("[x] Book ✅ 2026-11-12 the room", 'x', "Book the room", None),
            ("[/] Plan ⏫ 🔁 every week 📅 2026-12-01", '/', "Plan", Some("2026-12-01")),
            ("[-] Drop [due:: 2026-01-02] it", '-', "Drop it", Some("2026-01-02")),
            ("[ ] Nothing due 📅 2026-02-31", ' ', "Nothing due", None),
            ("[ ]", ' ', "", None),
        ] {
            let mut plain = Plain::default();
            plain.push(line, Span::new(0, line.len()));
            let task = take_task(&mut plain, Span::default()).unwrap();
            assert_eq!((task.status, task.text.as_str()), (status, text));
            assert_eq!(task.due.map(|d| d.to_string()).as_deref(), due, "{line}");
        }
        let mut plain = Plain::default();
        plain.push("[see] this", Span::new(0, 10));
        assert_eq!(take_task(&mut plain, Span::default()), None);
    }
}
