//! Addresses and header text after the border: one line, no control characters, exact identity.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text;

/// The longest header value that is kept, in bytes.
///
/// # Source
/// RFC 5322 section 2.1.1: a line must not exceed 998 characters.
pub const HEADER_TEXT_LIMIT: usize = 998;

/// A decoded header value that is safe to put on a header line, a file name's stem or a screen:
/// one line, no control or invisible characters, white space folded, at most
/// [`HEADER_TEXT_LIMIT`] bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct HeaderText(String);

impl HeaderText {
    /// Cleans a decoded header value. Line ends and every other control character become a space,
    /// so `"a\r\nBcc: x"` is the single line `"a Bcc: x"`.
    #[must_use]
    pub fn clean(raw: &str) -> Self {
        let (cleaned, _) = text::clean(raw);
        let mut line = String::with_capacity(cleaned.len().min(HEADER_TEXT_LIMIT));
        for word in cleaned.split(|c: char| c.is_whitespace() || c.is_control()) {
            if word.is_empty() {
                continue;
            }
            let space = usize::from(!line.is_empty());
            if line.len() + space + word.len() > HEADER_TEXT_LIMIT {
                if line.is_empty() {
                    line.extend(fitting(word, HEADER_TEXT_LIMIT));
                }
                break;
            }
            if space == 1 {
                line.push(' ');
            }
            line.push_str(word);
        }
        Self(line)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The leading characters of `word` that fit into `limit` bytes.
fn fitting(word: &str, limit: usize) -> impl Iterator<Item = char> {
    let mut used = 0;
    word.chars().take_while(move |c| {
        used += c.len_utf8();
        used <= limit
    })
}

impl fmt::Display for HeaderText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HeaderText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::clean(&String::deserialize(deserializer)?))
    }
}

/// A mail address by exact identity: lower case, one `@`, no spaces, quotes or control characters.
///
/// Look-alike letters are not folded: `northwlnd.example` is another domain than
/// `northwind.example`, and stays one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Addr(String);

impl Addr {
    /// Reads `local@domain`; `None` for anything else. The grammar is the dot-atom of RFC 5322
    /// section 3.4.1 with UTF-8 letters allowed (RFC 6532); quoted local parts are refused, since a
    /// reply to them cannot be checked by eye.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let address = raw.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
        let (local, domain) = address.split_once('@')?;
        let atom = |c: char| {
            c.is_alphanumeric()
                || (!c.is_ascii() && !c.is_control() && !c.is_whitespace())
                || "!#$%&'*+-/=?^_`{|}~.".contains(c)
        };
        let host = |c: char| c.is_alphanumeric() || c == '-' || c == '.' || c == '_';
        let local_ok = !local.is_empty() && local.len() <= 128 && local.chars().all(atom);
        let domain_ok = !domain.is_empty()
            && domain.len() <= 253
            && domain.chars().all(host)
            && !domain.starts_with('.')
            && !domain.contains("..");
        let clean = text::clean(&address).0 == address;
        (local_ok && domain_ok && clean).then(|| Self(address.trim_end_matches('.').to_owned()))
    }

    /// The address as text, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or(self.as_str(), |(local, _)| local)
    }

    /// The part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Addr {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).ok_or_else(|| serde::de::Error::custom("not a mail address"))
    }
}

/// An address with the name its header gave it. The name identifies nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name; empty where the header had none.
    pub name: HeaderText,
    /// The address.
    pub addr: Addr,
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() { self.addr.fmt(f) } else { write!(f, "{} <{}>", self.name, self.addr) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Addr, HeaderText};

    #[test]
    fn a_header_value_is_one_line() {
        let hostile = HeaderText::clean("hello\r\nBcc: evil@x.test\0\u{202e}");
        assert_eq!(hostile.as_str(), "hello Bcc: evil@x.test");
        assert!(HeaderText::clean(&"é".repeat(2000)).as_str().len() <= 998);
    }

    #[test]
    fn an_address_is_exact() {
        assert_eq!(
            Addr::parse("<Maya@Northwind.Example>").map(|a| a.to_string()).as_deref(),
            Some("maya@northwind.example")
        );
        for bad in [
            "",
            "maya",
            "@x.example",
            "a b@x.example",
            "a@b@c",
            "\"a b\"@x.example",
            "a@x..example",
            "a\r\n@x.example",
        ] {
            assert_eq!(Addr::parse(bad), None, "{bad:?}");
        }
    }
}
