//! Contact parts (vCard) as data. A contact proves nothing about anybody: it is what its sender says.
//!
//! # Source
//! RFC 6350; vCard 2.1 and 3.0 as phones still write them.

use postil_evidence::{Addr, HeaderText};
use serde::{Deserialize, Serialize};

use super::lines::content_lines;

/// The most contacts of one part that are kept.
const CONTACTS: usize = 500;
/// The most addresses or numbers of one contact that are kept.
const VALUES: usize = 50;

/// A contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The formatted name.
    pub name: HeaderText,
    /// The organisation.
    pub organisation: HeaderText,
    /// The title or role.
    pub role: HeaderText,
    /// Mail addresses.
    pub addrs: Vec<Addr>,
    /// Telephone numbers as written.
    pub phones: Vec<HeaderText>,
    /// Web addresses as written.
    pub links: Vec<HeaderText>,
}

/// The contacts of a part.
pub(super) fn contacts(text: &str) -> Vec<Contact> {
    let mut out: Vec<Contact> = Vec::new();
    let mut open: Option<Contact> = None;
    for line in content_lines(text) {
        let is_card = line.value.trim().eq_ignore_ascii_case("VCARD");
        if line.name == "BEGIN" && is_card {
            out.extend(open.replace(Contact::default()));
        } else if line.name == "END" && is_card {
            out.extend(open.take());
        } else if let Some(contact) = &mut open {
            match line.name.as_str() {
                "FN" => contact.name = line.line(),
                "N" if contact.name.is_empty() => {
                    // Family; given; further; prefix; suffix.
                    let text = line.value.replace("\\;", " ");
                    let parts: Vec<&str> = text.split(';').collect();
                    let order = [3, 1, 2, 0, 4].iter().filter_map(|i| parts.get(*i));
                    contact.name = HeaderText::clean(&order.copied().collect::<Vec<_>>().join(" "));
                }
                "ORG" => contact.organisation = HeaderText::clean(&line.text().replace(';', ", ")),
                "TITLE" | "ROLE" => contact.role = line.line(),
                "EMAIL" if contact.addrs.len() < VALUES => {
                    contact.addrs.extend(Addr::parse(line.value.trim()))
                }
                "TEL" if contact.phones.len() < VALUES => contact.phones.push(line.line()),
                "URL" if contact.links.len() < VALUES => contact.links.push(line.line()),
                _ => {}
            }
        }
        if out.len() >= CONTACTS {
            return out;
        }
    }
    out.extend(open);
    out
}

/// The words of contacts, for reading and for finding.
pub(super) fn words(contacts: &[Contact]) -> String {
    let one = |contact: &Contact| {
        let mut lines: Vec<String> =
            [&contact.name, &contact.role, &contact.organisation].iter().map(ToString::to_string).collect();
        lines.extend(contact.addrs.iter().map(ToString::to_string));
        lines.extend(contact.phones.iter().chain(&contact.links).map(ToString::to_string));
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    };
    contacts.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::{contacts, words};

    #[test]
    fn a_card_is_data() {
        let found = contacts(
            "BEGIN:VCARD\nVERSION:3.0\nN:Lima;Ana;;Dr.;\nORG:Lima Ltd;Pumps\nTITLE:Engineer\n\
             EMAIL;TYPE=work:Ana@Lima.example\nitem1.TEL:+49 30 1\nEMAIL:nonsense\nEND:VCARD\n",
        );
        assert_eq!(words(&found), "Dr. Ana Lima\nEngineer\nLima Ltd, Pumps\nana@lima.example\n+49 30 1");
        assert!(contacts("END:VCARD\nFN:x").is_empty());
    }
}
