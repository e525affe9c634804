//! The labels that Google Takeout writes before each message of its mbox. Believes no field that a
//! sender could have written.

use mail_parser::MessageParser;
use postil_evidence::HeaderText;

use super::imap::folder::{Role, role_by_name};
use crate::fields::Fields;
use crate::limits;
use crate::message::Message;

/// Takeout writes its two fields before all others; further down they came with the mail.
const FIRST: usize = 3;
/// The most labels of one message.
const LABELS: usize = 200;

/// Sets the labels of a message that was read from an mbox entry without its `From ` line.
pub(super) fn set(message: &mut Message, raw: &[u8]) {
    let block = raw.get(..limits::header_end(raw).min(limits::HEADER_BLOCK)).unwrap_or_default();
    let fields = Fields::read(block);
    let ours = ["x-gm-thrid", "x-gmail-labels"].map(|name| fields.place_of(name));
    let [Some(_), Some(at)] = ours.map(|at| at.filter(|at| *at < FIRST)) else { return };
    let Some(value) = fields.value_at(at) else { return };
    message.labels = split(&decoded(value));
    message.sent = message.labels.iter().any(|label| role_by_name(label.as_str()) == Some(Role::Sent));
}

/// Whether a message with these labels was thrown away, is spam, or was never finished: such mail is
/// not read, as it is not read from folders of that kind.
#[must_use]
pub fn is_set_aside(labels: &[HeaderText]) -> bool {
    labels
        .iter()
        .any(|label| matches!(role_by_name(label.as_str()), Some(Role::Trash | Role::Junk | Role::Drafts)))
}

/// The text of a field's value, its encoded words decoded and its lines joined.
fn decoded(value: &[u8]) -> String {
    let mut field = b"Subject: ".to_vec();
    field.extend_from_slice(value.trim_ascii());
    field.extend_from_slice(b"\r\n\r\n");
    let parsed = MessageParser::default().parse(&field);
    parsed.and_then(|parsed| parsed.subject().map(str::to_owned)).unwrap_or_default()
}

/// Splits at commas; a label with a comma in it stands in quotation marks.
fn split(text: &str) -> Vec<HeaderText> {
    let mut labels = Vec::new();
    let mut label = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => label.extend(chars.next()),
            '\\' if quoted && matches!(chars.peek(), Some('"' | '\\')) => label.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => labels.push(std::mem::take(&mut label)),
            other => label.push(other),
        }
    }
    labels.push(label);
    let mut out: Vec<HeaderText> = Vec::new();
    for label in labels.iter().map(|label| HeaderText::clean(label.trim())) {
        if !label.is_empty() && !out.contains(&label) && out.len() < LABELS {
            out.push(label);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{decoded, is_set_aside, set, split};
    use crate::parse_message;

    fn labels(raw: &str) -> (Vec<String>, bool, bool) {
        let mut message = parse_message(raw.as_bytes());
        set(&mut message, raw.as_bytes());
        let shown = message.labels.iter().map(ToString::to_string).collect();
        (shown, message.sent, is_set_aside(&message.labels))
    }

    #[test]
    fn labels_are_decoded_and_split() {
        for (value, expect) in [
            ("Inbox,Work/Pumps", "Inbox|Work/Pumps"),
            ("\"Hall 3, pumps\",Opened", "Hall 3, pumps|Opened"),
            ("=?UTF-8?Q?Gesendet,Entw=C3=BCrfe,\"P=C3=BCmpen,_alt\"?=", "Gesendet|Entwürfe|Pümpen, alt"),
            ("=?UTF-8?Q?Inbox,_=E5=8F=B0?=\r\n =?UTF-8?Q?=E5=8C=97,Work?=", "Inbox|台北|Work"),
            ("\"a \"\"b\"\" c\", ,x,x", "a \"b\" c|x"),
            ("", ""),
        ] {
            let found = split(&decoded(value.as_bytes()));
            assert_eq!(
                found.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
                expect,
                "{value}"
            );
        }
    }

    #[test]
    fn only_the_fields_that_takeout_put_on_top_are_believed() {
        let takeout =
            "X-GM-THRID: 1750000000000000001\nX-Gmail-Labels: Sent,Pumps\nFrom: sam@us.example\n\nx\n";
        assert_eq!(labels(takeout), (vec!["Sent".to_owned(), "Pumps".to_owned()], true, false));
        let spam = "X-GM-THRID: 1750000000000000001\nX-Gmail-Labels: =?UTF-8?Q?Papierkorb?=\nFrom: a@x.example\n\nx\n";
        assert_eq!(labels(spam), (vec!["Papierkorb".to_owned()], false, true));
        // A sender who wants to be taken for the owner.
        let forged = "Received: by x\nReceived: by y\nDelivered-To: sam@us.example\nX-GM-THRID: 1\nX-Gmail-Labels: Sent\nFrom: a@x.example\n\nx\n";
        assert_eq!(labels(forged), (Vec::new(), false, false));
        assert_eq!(labels("X-Gmail-Labels: Sent\nFrom: a@x.example\n\nx\n"), (Vec::new(), false, false));
        assert_eq!(labels("From: a@x.example\n\nWork/Spam\n"), (Vec::new(), false, false));
    }
}
