//! Header fields as bytes: split, unfolded, looked up by name. Decodes no words and trusts nothing.

use postil_evidence::{Addr, HeaderText};

use crate::authentication;
use crate::build::Build;
use crate::message::{DeliveryHeaders, MsgId};

/// The most ids of one field that are kept, the newest of References.
///
/// # Source
/// No conversation of the lists at hand holds 500 ancestors; a hostile field may name 20,000.
const IDS: usize = 500;

/// Fields that only mass mailers add.
///
/// # Source
/// Feedback-ID: Google's sender guidelines; X-CSA-Complaints: eco CSA rules; the others are written
/// by Mailchimp, Campaign Monitor, Emarsys, Mailjet, Salesforce, HubSpot and their like.
const MASS_MAILER: &[&str] = &[
    "feedback-id",
    "x-campaign",
    "x-campaign-id",
    "x-campaignid",
    "x-campaign_id",
    "x-mc-user",
    "x-csa-complaints",
    "x-mailer-recptid",
    "x-mailjet-campaign",
    "x-mj-mid",
    "x-sfmc-stack",
    "x-cmail-recipientid",
    "x-rpcampaign",
    "x-hs-cid",
    "x-job",
    "x-bulk-signature",
    "x-klaviyo-message-id",
];

/// Fields that an automatic answer carries, or that ask for none.
///
/// # Source
/// RFC 3834 section 2; MS-OXCMAIL 2.1.3.2.19 (X-Auto-Response-Suppress).
const AUTO_RESPONSE: &[&str] = &[
    "x-auto-response-suppress",
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-auto-reply",
];

/// The fields of one header block, in order.
pub(crate) struct Fields<'r> {
    fields: Vec<(&'r [u8], &'r [u8])>,
}

impl<'r> Fields<'r> {
    /// Splits a header block. Lines that are no field are left out.
    pub(crate) fn read(block: &'r [u8]) -> Self {
        let mut fields: Vec<(&[u8], &[u8])> = Vec::new();
        let mut start = 0;
        while start < block.len() {
            let mut end = start;
            loop {
                end = block
                    .get(end..)
                    .and_then(|rest| memchr::memchr(b'\n', rest))
                    .map_or(block.len(), |at| end + at + 1);
                if !matches!(block.get(end), Some(b' ' | b'\t')) {
                    break;
                }
            }
            let field = block.get(start..end).unwrap_or_default();
            if let Some(colon) = memchr::memchr(b':', field) {
                let name = field.get(..colon).unwrap_or_default().trim_ascii();
                let named = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
                if named {
                    fields.push((name, field.get(colon + 1..).unwrap_or_default()));
                }
            }
            start = end.max(start + 1);
        }
        Self { fields }
    }

    /// The raw value of the first field of that name (lower case).
    pub(crate) fn get(&self, name: &str) -> Option<&'r [u8]> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| *value)
    }

    /// The place of the first field of that name (lower case) among all fields.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The raw value of the field at a place.
    pub(crate) fn value_at(&self, place: usize) -> Option<&'r [u8]> {
        self.fields.get(place).map(|(_, value)| *value)
    }

    /// The raw values of every field of that name, in order.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'r [u8]> {
        self.fields
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| *value)
    }

    /// The first field of that name as one clean line; `None` where it is missing or empty.
    pub(crate) fn text(&self, name: &str) -> Option<HeaderText> {
        let text = HeaderText::clean(&String::from_utf8_lossy(self.get(name)?));
        (!text.is_empty()).then_some(text)
    }

    fn first_of(&self, names: &[&str]) -> Option<HeaderText> {
        names.iter().find_map(|name| self.text(name))
    }

    /// The ids of the first field of that name, in order, without repeats. Sets `bad` where the
    /// field holds something else.
    pub(crate) fn ids(&self, name: &str, bad: &mut bool) -> Vec<MsgId> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let value = String::from_utf8_lossy(value);
        let mut ids: Vec<MsgId> = Vec::new();
        let mut rest = value.as_ref();
        let mut bracketed = false;
        while let Some((_, after)) = rest.split_once('<') {
            bracketed = true;
            let (inner, tail) = after.split_once('>').unwrap_or((after, ""));
            rest = tail;
            match MsgId::parse(&unfolded(inner)) {
                Some(id) => ids.push(id),
                None => *bad = true,
            }
        }
        if !bracketed {
            for word in value.split_whitespace() {
                match MsgId::parse(word).filter(|id| id.as_str().contains('@') || name == "message-id") {
                    Some(id) => ids.push(id),
                    None => *bad = true,
                }
            }
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        let excess = ids.len().saturating_sub(IDS);
        ids.drain(..excess);
        ids
    }

    /// The headers that tell how the message was sent.
    pub(crate) fn delivery(&self) -> DeliveryHeaders {
        let list_post = self.get("list-post").and_then(|value| {
            let value = String::from_utf8_lossy(value);
            let start = value.find("mailto:")? + 7;
            let address = value.get(start..)?.split(['>', '?', ' ', '\r', '\n']).next()?;
            Addr::parse(address)
        });
        DeliveryHeaders {
            list_id: self.text("list-id"),
            list_post,
            list_unsubscribe: self.text("list-unsubscribe"),
            precedence: self.text("precedence"),
            auto_submitted: self.text("auto-submitted"),
            auto_response: self.first_of(AUTO_RESPONSE),
            mass_mailer: self.first_of(MASS_MAILER),
            null_return_path: self.get("return-path").is_some_and(|value| value.trim_ascii() == b"<>"),
            mailer: self.first_of(&["user-agent", "x-mailer", "x-library"]),
            unaddressed: Vec::new(),
            build: Build::default(),
            authentication: authentication::read(self.fields.iter().copied()),
        }
    }
}

/// Takes line folds out of an id; a line end that is no fold stays, so that the id is refused.
fn unfolded(inner: &str) -> String {
    let mut out = inner.replace("\r\n", "\n");
    for fold in ["\n ", "\n\t"] {
        out = out.replace(fold, "");
    }
    out
}

/// The value of `name: value` on one line, whatever the case of the name.
pub(crate) fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (field, value) = line.split_once(':')?;
    field.trim().eq_ignore_ascii_case(name).then(|| value.trim())
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn ids_are_found_however_they_are_written() {
        for (value, ids, bad) in [
            ("<a@x.example>", "a@x.example", false),
            ("<a@x.example>\r\n\t<b@x.example> <a@x.example>", "a@x.example b@x.example", false),
            ("<long\r\n id@x.example>", "longid@x.example", false),
            ("Your message of Friday <a@x.example>", "a@x.example", false),
            ("a@x.example", "a@x.example", false),
            ("<a b@x.example>", "", true),
            ("nonsense", "", true),
        ] {
            let block = format!("References: {value}\r\n");
            let mut is_bad = false;
            let found = Fields::read(block.as_bytes()).ids("references", &mut is_bad);
            let found: Vec<&str> = found.iter().map(|id| id.as_str()).collect();
            assert_eq!((found.join(" ").as_str(), is_bad), (ids, bad), "{value}");
        }
    }
}
