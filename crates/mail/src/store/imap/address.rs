//! `imaps://user@host:port/folder`: where a mailbox is, and how the way there is kept closed.

use std::fmt;

use super::ImapError;

/// How a connection is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte: `imaps://`.
    Tls,
    /// Plain until STARTTLS, and nothing is sent before it: `imap://`.
    StartTls,
    /// Never TLS: `imap+plain://`, to this machine only.
    Plain,
}

/// A mailbox on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapAddress {
    /// How the connection is made safe.
    pub security: Security,
    /// Who logs in.
    pub user: String,
    /// The machine.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The only folder to read; empty for all.
    pub folder: String,
}

impl ImapAddress {
    /// Reads `imaps://user@host/`, `imap://user@host:port/Folder`, `imap+plain://user@127.0.0.1:port/`.
    /// The user may hold an `@`, or `%40` for it. A password is refused: this text stands in a file.
    ///
    /// # Errors
    /// [`ImapError::Address`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Self, ImapError> {
        // A password that was given by mistake is not repeated.
        let bad = |why| ImapError::Address { why };
        let (scheme, rest) = text.split_once("://").ok_or(bad("it does not begin with imaps://"))?;
        let (security, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "imaps" => (Security::Tls, 993),
            "imap" => (Security::StartTls, 143),
            "imap+plain" => (Security::Plain, 143),
            _ => return Err(bad("it begins with none of imaps://, imap://, imap+plain://")),
        };
        let (authority, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, machine) = authority.rsplit_once('@').ok_or(bad("it names no user before an @"))?;
        if user.contains(':') {
            return Err(bad("it holds a password; say where that comes from with --secret"));
        }
        let user = unescaped(user).ok_or(bad("its user is not written right"))?;
        let folder = unescaped(folder).ok_or(bad("its folder is not written right"))?;
        let (host, port) = match machine.strip_prefix('[') {
            Some(inner) => {
                let (host, after) = inner.split_once(']').ok_or(bad("its [ has no ]"))?;
                (host, after.strip_prefix(':'))
            }
            None => match machine.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (machine, None),
            },
        };
        let port = match port {
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(bad("its port is no number"))?,
            None => default_port,
        };
        let odd = |c: char| c.is_control() || c.is_whitespace();
        if user.is_empty() || user.chars().any(char::is_control) {
            return Err(bad("it names no user before an @"));
        }
        if host.is_empty() || host.chars().any(odd) {
            return Err(bad("it names no machine"));
        }
        Ok(Self { security, user, host: host.to_owned(), port, folder })
    }

    /// User, machine and port: what tells one account from another.
    #[must_use]
    pub fn account(&self) -> String {
        format!("{}@{}:{}", self.user, self.host.to_lowercase(), self.port)
    }
}

impl fmt::Display for ImapAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, default_port) = match self.security {
            Security::Tls => ("imaps", 993),
            Security::StartTls => ("imap", 143),
            Security::Plain => ("imap+plain", 143),
        };
        write!(f, "{scheme}://{}@", escaped(&self.user))?;
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?
        } else {
            f.write_str(&self.host)?
        }
        if self.port != default_port {
            write!(f, ":{}", self.port)?;
        }
        write!(f, "/{}", escaped(&self.folder))
    }
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace(':', "%3A").replace('@', "%40")
}

/// Undoes `%XX`.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::ImapAddress;

    fn check(text: &str, expect: &str) {
        let found = match ImapAddress::parse(text) {
            Ok(address) => {
                format!("{address} {:?} {} {}", address.security, address.account(), address.folder)
            }
            Err(error) => error.to_string(),
        };
        assert!(found.contains(expect), "{text}: {found}");
    }

    #[test]
    fn addresses_are_read_and_written() {
        check("imaps://sam@mail.example", "imaps://sam@mail.example/ Tls sam@mail.example:993 ");
        check(
            "imaps://sam@us.example@Mail.example/",
            "imaps://sam%40us.example@Mail.example/ Tls sam@us.example@mail",
        );
        check(
            "imap://sam%40us.example@mail.example:1143/Work/A",
            ":1143/Work/A StartTls sam@us.example@mail.example:1143 Work/A",
        );
        check("imap+plain://sam@[::1]:143/", "imap+plain://sam@[::1]/ Plain sam@::1:143");
        check("imaps://sam:hunter2@mail.example/", "it holds a password");
        check("sam@mail.example", "begin with imaps://");
        check("https://sam@mail.example", "none of imaps://");
        check("imaps://mail.example/", "no user");
        check("imaps://sam@/", "no machine");
        check("imaps://sam@mail.example:x/", "no number");
        check("imaps://sam%0d%0aX@mail.example/", "no user");
        assert!(
            !ImapAddress::parse("imaps://sam:hunter2@mail.example/")
                .unwrap_err()
                .to_string()
                .contains("hunter2")
        );
    }
}
