//! The note of a mail that a draft or a changed note refers to; the raw mail lies beside it.

use jiff::tz::TimeZone;
use postil_evidence::VaultText;
use postil_mail::Message;
use postil_mail::subject::without_prefixes;

use crate::note::{fitting, original};
use crate::yaml;

/// The longest subject in a file name, in bytes.
const SUBJECT_LIMIT: usize = 60;

/// The name of the mail note and of its `.eml`, without their endings:
/// `2026-11-20_160426_5605_Retention-terms`. The time is local to `zone`; the four digits are taken
/// from the message's identity, so that two mails of one second differ.
#[must_use]
pub fn file_stem(message: &Message, zone: &TimeZone) -> String {
    let time = message.date.as_ref().map_or_else(
        || "undated_000000".to_owned(),
        |date| date.with_time_zone(zone.clone()).strftime("%Y-%m-%d_%H%M%S").to_string(),
    );
    let [high, low, ..] = *message.key.0.bytes();
    let number = (u32::from(high) * 256 + u32::from(low)) % 10_000;
    let (cleaned, _) = postil_evidence::text::clean(without_prefixes(message.subject.as_str()));
    let words: Vec<&str> =
        cleaned.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let subject = fitting(&words.join(" "), SUBJECT_LIMIT).replace(' ', "-");
    let subject = if subject.is_empty() { "mail".to_owned() } else { subject };
    format!("{time}_{number:04}_{subject}")
}

/// The note of a mail: its header as properties, its whole text as a quote made safe for a vault.
/// `eml_name` is the file name of the raw mail.
#[must_use]
pub fn render(message: &Message, eml_name: &str, zone: &TimeZone) -> String {
    let from = message.from.as_ref().map(ToString::to_string).unwrap_or_default();
    let to: Vec<String> = message.to.iter().map(ToString::to_string).collect();
    let cc: Vec<String> = message.cc.iter().map(ToString::to_string).collect();
    let date = message.date.as_ref().map(|date| date.with_time_zone(zone.clone()));
    let mut lines =
        vec!["---".to_owned(), "type: email".to_owned(), format!("from: {}", yaml::quoted(&from))];
    lines.push(format!("to: {}", yaml::list(to.iter().map(String::as_str))));
    lines.push(format!("cc: {}", yaml::list(cc.iter().map(String::as_str))));
    lines.extend(date.map(|date| format!("date: {}", date.strftime("%Y-%m-%dT%H:%M:%S"))));
    lines.push(format!("subject: {}", yaml::quoted(message.subject.as_str())));
    lines.extend(
        message.message_id.as_ref().map(|id| format!("message_id: {}", yaml::message_id(id.as_str()))),
    );
    lines.push(format!("raw: {}", yaml::quoted(eml_name)));
    lines.push("---".to_owned());
    let subject = if message.subject.is_empty() { "(no subject)" } else { message.subject.as_str() };
    format!("{}\n\n# {}\n\n{}\n", lines.join("\n"), VaultText::line(subject), original(message, zone.clone()))
}
