//! Logging in: password by PLAIN or LOGIN, token by XOAUTH2 or OAUTHBEARER. Sends nothing that the
//! server did not offer, and repeats no secret in an error.
//!
//! # Source
//! RFC 4616 (PLAIN), RFC 4959 (SASL-IR), RFC 7628 (OAUTHBEARER); XOAUTH2 as Google and Microsoft
//! document it: `user=` user `^Aauth=Bearer ` token `^A^A` in base64, and an empty line as the answer to a
//! refusal that comes as a challenge.

use std::fmt;
use std::io::{Read, Write};

use super::ImapError;
use super::response::{Reply, Status, StatusLine, parse, said};
use super::session::Session;
use crate::base64;

/// A password or a token. Never shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret; a line end after it is no part of it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the secret is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginKind {
    /// A password.
    #[default]
    Password,
    /// An OAuth2 access token.
    OAuth2,
}

impl fmt::Display for LoginKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "a password",
            Self::OAuth2 => "an OAuth2 token (XOAUTH2 or OAUTHBEARER)",
        })
    }
}

impl<S: Read + Write> Session<S> {
    /// Logs in, and learns what the server can do for this user.
    ///
    /// # Errors
    /// `LoginRefused`, `NoWayIn`, or what a connection may end with.
    pub fn log_in(&mut self, user: &str, secret: &Secret, kind: LoginKind) -> Result<(), ImapError> {
        if self.is_logged_in() {
            return Ok(());
        }
        let token = &secret.0;
        let done = match kind {
            LoginKind::OAuth2 if self.can("AUTH=XOAUTH2") => {
                let answer = format!("user={user}\x01auth=Bearer {token}\x01\x01");
                self.authenticate("XOAUTH2", answer.as_bytes())?
            }
            LoginKind::OAuth2 if self.can("AUTH=OAUTHBEARER") => {
                // gs2-header: `=` and `,` of the name are escaped.
                let name = user.replace('=', "=3D").replace(',', "=2C");
                let answer = format!("n,a={name},\x01auth=Bearer {token}\x01\x01");
                self.authenticate("OAUTHBEARER", answer.as_bytes())?
            }
            LoginKind::Password if self.can("AUTH=PLAIN") => {
                self.authenticate("PLAIN", format!("\0{user}\0{token}").as_bytes())?
            }
            LoginKind::Password if !self.can("LOGINDISABLED") => {
                let words = [
                    b"LOGIN ".to_vec(),
                    self.quoted(user.as_bytes()),
                    b" ".to_vec(),
                    self.quoted(token.as_bytes()),
                ];
                self.command("LOGIN", &words.concat(), &mut |_| Ok(false))?
            }
            LoginKind::OAuth2 | LoginKind::Password => {
                return Err(ImapError::NoWayIn { wanted: kind, offered: self.offered() });
            }
        };
        if done.status != Status::Ok {
            let said = if done.text.is_empty() { done.code } else { done.text };
            return Err(ImapError::LoginRefused { user: user.to_owned(), said });
        }
        self.after_login(&done)
    }

    /// One SASL exchange of a single answer.
    fn authenticate(&mut self, mechanism: &str, answer: &[u8]) -> Result<StatusLine, ImapError> {
        let coded = base64::encode(answer);
        let at_once = self.can("SASL-IR");
        let line = if at_once {
            format!("AUTHENTICATE {mechanism} {coded}")
        } else {
            format!("AUTHENTICATE {mechanism}")
        };
        let tag = self.start(line.as_bytes())?;
        let mut answered = at_once;
        for _ in 0..100 {
            let response = self.wire.response()?;
            match parse(&response) {
                Reply::Continue(_) => {
                    // A second challenge is a refusal in detail; an empty answer lets it end.
                    let answer = if answered { "\r\n".to_owned() } else { format!("{coded}\r\n") };
                    answered = true;
                    self.wire.send(answer.as_bytes())?;
                }
                Reply::Tagged(ended, line) if ended == tag.as_bytes() => return Ok(line),
                Reply::Untagged(line) if line.status == Status::Bye => {
                    return Err(ImapError::Bye { said: line.text });
                }
                Reply::Capability(words) => self.set_capabilities(words),
                Reply::Tagged(other, _) => {
                    return Err(ImapError::Lie { what: format!("tag {}", said(other)) });
                }
                Reply::Untagged(_)
                | Reply::List { .. }
                | Reply::Status { .. }
                | Reply::Fetch(_)
                | Reply::Exists(_)
                | Reply::Expunge
                | Reply::Vanished(_)
                | Reply::Other => {}
            }
        }
        Err(ImapError::TooMuch { what: "more than 100 answers to a login".to_owned() })
    }
}
