//! IMAP servers as sources: how one is configured, where its secret comes from, and that the owner
//! allowed this secret for this server on this machine. The secret itself is never written anywhere.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postil_evidence::ContentHash;
use postil_mail::store::imap::{Connection, ImapAddress, ImapError, LoginKind, Patience, Secret, connect};

use crate::config::SourceEntry;
use crate::desk::Desk;
use crate::error::{DeskError, Kind};
use crate::state;

/// What a command may take, beside one second for each 8 KiB that arrive.
const COMMAND: Duration = Duration::from_secs(60);
/// Where allowed secrets are kept, in the state folder: one hash a line.
const ALLOWED: &str = "allowed-secrets";

/// An IMAP server as a source.
#[derive(Clone, Debug)]
pub struct ImapSource {
    /// Its name in the configuration.
    pub id: String,
    /// Where it is.
    pub address: ImapAddress,
    /// Where the password or token comes from.
    pub secret: SecretFrom,
    /// What the secret is.
    pub login: LoginKind,
    /// Further certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// The folders to read; the usual ones where it is empty.
    pub folders: Vec<String>,
}

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretFrom {
    /// An environment variable.
    Variable(String),
    /// The first line that a command prints: a keyring's or a password manager's.
    Command(String),
}

impl SecretFrom {
    /// Reads `env:NAME` or `command:LINE`.
    ///
    /// # Errors
    /// For anything else, which is not repeated: it may be a password.
    pub fn parse(text: &str) -> Result<Self, DeskError> {
        let named = |rest: &str| (!rest.trim().is_empty()).then(|| rest.trim().to_owned());
        text.strip_prefix("env:")
            .and_then(named)
            .map(Self::Variable)
            .or_else(|| text.strip_prefix("command:").and_then(named).map(Self::Command))
            .ok_or_else(|| {
                DeskError::config(
                    "a source's secret is neither env:NAME nor command:LINE",
                    "a password never stands in that file; on Linux, for one: \
                     secret = \"command:secret-tool lookup service postil user sam\"",
                )
            })
    }
}

impl std::fmt::Display for SecretFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "env:{name}"),
            Self::Command(line) => write!(f, "command:{line}"),
        }
    }
}

impl ImapSource {
    /// Checks one `[[source]]` of kind imap.
    ///
    /// # Errors
    /// Where a value cannot be.
    pub(crate) fn check(entry: &SourceEntry, vault: &Path) -> Result<Self, DeskError> {
        let id = &entry.id;
        let mut address = ImapAddress::parse(&entry.path)
            .map_err(|error| DeskError::config(format!("source {id}: {error}"), "mend its path"))?;
        let Some(secret) = &entry.secret else {
            return Err(DeskError::config(
                format!("source {id} does not say where its password comes from"),
                "write secret = \"env:NAME\" or secret = \"command:LINE\" below it",
            ));
        };
        let secret = SecretFrom::parse(secret)?;
        let login = match entry.login.as_deref() {
            None | Some("password") => LoginKind::Password,
            Some("oauth2" | "xoauth2") => LoginKind::OAuth2,
            Some(other) => {
                let what = format!("source {id}: login = \"{other}\" is unknown");
                return Err(DeskError::config(what, "use \"password\" or \"oauth2\""));
            }
        };
        let mut folders = entry.folders.clone();
        if !address.folder.is_empty() {
            folders.push(std::mem::take(&mut address.folder));
        }
        let ca_file = entry.ca_file.as_ref().map(|path| vault.join(path));
        Ok(Self { id: id.clone(), address, secret, login, ca_file, folders })
    }

    /// Where its mail is kept. Another account under the same name has another place, so that UIDs of
    /// two servers never meet.
    pub(crate) fn spool(&self, state_dir: &Path) -> PathBuf {
        let plain: String =
            self.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
        let hash =
            ContentHash::of_parts(&[self.id.as_bytes(), self.address.account().as_bytes()]).to_string();
        let short: String = hash.chars().take(12).collect();
        state_dir.join("mail").join(format!("{plain}-{short}"))
    }

    /// Stands for this secret going to this server.
    fn fingerprint(&self) -> String {
        let ca_file =
            self.ca_file.as_deref().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        let parts = [self.id.clone(), self.address.to_string(), self.secret.to_string(), ca_file];
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        ContentHash::of_parts(&parts).to_string()
    }

    /// Remembers on this machine that the owner lets this secret go to this server.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub(crate) fn allow(&self, state_dir: &Path) -> Result<(), DeskError> {
        if self.is_allowed(state_dir) {
            return Ok(());
        }
        state::make_private_dir(state_dir)?;
        let path = state_dir.join(ALLOWED);
        let mut text = std::fs::read_to_string(&path).unwrap_or_default();
        text.push_str(&self.fingerprint());
        text.push('\n');
        state::replace_file(&path, text.as_bytes())
    }

    fn is_allowed(&self, state_dir: &Path) -> bool {
        let fingerprint = self.fingerprint();
        std::fs::read_to_string(state_dir.join(ALLOWED))
            .is_ok_and(|text| text.lines().any(|line| line == fingerprint))
    }

    /// Connects and logs in.
    ///
    /// # Errors
    /// Where the secret cannot be had, or the server cannot be reached or does not let us in.
    pub(crate) fn connect(&self, state_dir: &Path) -> Result<Connection, NotConnected> {
        if !self.is_allowed(state_dir) {
            // The configuration travels with the vault. Whoever could write there could else have a
            // command run here, or a variable sent to a server of theirs.
            return Err(NotConnected::Desk(DeskError::config(
                format!(
                    "source {}: {} was not yet allowed on this machine to go to {}",
                    self.id, self.secret, self.address
                ),
                format!("if that is as you want it: postil source allow {}", self.id),
            )));
        }
        let secret = self.secret()?;
        let start = Instant::now();
        let patience = Patience { clock: Box::new(move || start.elapsed()), command: COMMAND };
        Ok(connect(&self.address, &secret, self.login, self.ca_file.as_deref(), patience)?)
    }

    fn secret(&self) -> Result<Secret, DeskError> {
        let secret = match &self.secret {
            SecretFrom::Variable(name) => Secret::new(&crate::env::secret(name).unwrap_or_default()),
            SecretFrom::Command(line) => Secret::new(&first_line_of(line)?),
        };
        if secret.is_empty() {
            let (what, hint) = match &self.secret {
                SecretFrom::Variable(name) => {
                    (format!("the variable {name} is not set or empty"), "set it to the password or token")
                }
                SecretFrom::Command(_) => {
                    ("the command for its secret printed nothing".to_owned(), "run it by hand and look")
                }
            };
            return Err(DeskError::config(format!("source {}: {what}", self.id), hint));
        }
        Ok(secret)
    }
}

/// The first line that a command prints. What it says on stderr goes to the person.
fn first_line_of(line: &str) -> Result<String, DeskError> {
    let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    command
        .arg(if cfg!(windows) { "/C" } else { "-c" })
        .arg(line)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|error| {
        DeskError::config(
            format!("the command for a secret did not start: {error}"),
            "run it by hand and look",
        )
    })?;
    if !output.status.success() {
        let what = format!("the command for a secret failed ({}): {line}", output.status);
        return Err(DeskError::config(what, "run it by hand and look"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Why there is no connection, or no longer one.
#[derive(Debug)]
pub(crate) enum NotConnected {
    /// Ours: configuration, disk.
    Desk(DeskError),
    /// The server's.
    Imap(ImapError),
}

impl From<DeskError> for NotConnected {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

impl From<ImapError> for NotConnected {
    fn from(error: ImapError) -> Self {
        Self::Imap(error)
    }
}

impl std::fmt::Display for NotConnected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Desk(error) => error.fmt(f),
            Self::Imap(error) => error.fmt(f),
        }
    }
}

impl From<NotConnected> for DeskError {
    fn from(error: NotConnected) -> Self {
        match error {
            NotConnected::Desk(error) => error,
            NotConnected::Imap(error) => Self::new(Kind::Remote, error.to_string(), ""),
        }
    }
}

impl Desk {
    /// Lets a source's secret go to its server, on this machine.
    ///
    /// # Errors
    /// Where no IMAP source has that name, or the state folder cannot be written.
    pub fn allow_secret(&self, id: &str) -> Result<&ImapSource, DeskError> {
        let source = self.imap_source(id)?;
        source.allow(&self.state_dir)?;
        Ok(source)
    }

    pub(crate) fn imap_source(&self, id: &str) -> Result<&ImapSource, DeskError> {
        self.config.imap.iter().find(|source| source.id == id).ok_or_else(|| {
            DeskError::user(format!("there is no IMAP source {id}"), "see: postil source list")
        })
    }

    /// What a server says when it is asked: its folders, and which of them are read.
    ///
    /// # Errors
    /// Where it cannot be reached or does not let us in.
    pub(crate) fn look_at_server(&self, source: &ImapSource) -> Result<String, DeskError> {
        let mut session = source.connect(&self.state_dir)?;
        let listed = session.list().map_err(NotConnected::Imap)?;
        let folders: Vec<_> = listed.folders.into_iter().map(|(folder, _)| folder).collect();
        let gmail = session.can("X-GM-EXT-1");
        let chosen = postil_mail::store::imap::chosen(&folders, &source.folders, gmail);
        if chosen.is_empty() {
            let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).take(20).collect();
            let what = format!("it has none of the folders to read; it has: {}", names.join(", "));
            return Err(DeskError::new(
                Kind::Remote,
                what,
                "mend the source's folders in .postil/config.toml",
            ));
        }
        let names: Vec<&str> = chosen.iter().map(|folder| folder.name.as_str()).take(20).collect();
        let found = format!("{} of {} folders are read: {}", chosen.len(), folders.len(), names.join(", "));
        session.log_out();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ImapSource, SecretFrom};
    use crate::config::SourceEntry;

    fn check(text: &str, expect: &str) {
        let entry: SourceEntry = toml::from_str(&format!("id = \"w\"\nkind = \"imap\"\n{text}")).unwrap();
        let found = match ImapSource::check(&entry, Path::new("vault")) {
            Ok(source) => {
                format!("{} {} {} {:?}", source.address, source.secret, source.login, source.folders)
            }
            Err(error) => error.to_string(),
        };
        assert!(found.contains(expect) && !found.contains("hunter2"), "{text}: {found}");
    }

    #[test]
    fn a_secret_never_stands_in_the_file() {
        let at = "path = \"imaps://sam@mail.example/\"\n";
        check(&format!("{at}secret = \"env:PW\""), "imaps://sam@mail.example/ env:PW a password []");
        check(
            &format!("{at}secret = \"command:pass mail\"\nlogin = \"xoauth2\""),
            "command:pass mail an OAuth2",
        );
        check(
            "path = \"imaps://sam@mail.example/Work\"\nsecret = \"env:PW\"\nfolders = [\"INBOX\"]",
            "[\"INBOX\", \"Work\"]",
        );
        check(&format!("{at}secret = \"hunter2\""), "never stands in that file");
        check(at, "does not say where its password comes from");
        check("path = \"imaps://sam:hunter2@mail.example/\"\nsecret = \"env:PW\"", "it holds a password");
        check(&format!("{at}secret = \"env:PW\"\nlogin = \"kerberos\""), "use \"password\" or \"oauth2\"");
        assert!(SecretFrom::parse("env:").is_err());
    }

    #[test]
    fn another_account_has_another_place_and_needs_to_be_allowed() {
        let state = tempfile::tempdir().unwrap();
        let source = |at: &str| {
            let text = format!("id = \"../w\"\nkind = \"imap\"\npath = \"{at}\"\nsecret = \"env:PW\"");
            ImapSource::check(&toml::from_str(&text).unwrap(), Path::new("vault")).unwrap()
        };
        let (one, other) = (source("imaps://sam@mail.example/"), source("imaps://sam@evil.example/"));
        let place = one.spool(state.path());
        assert!(place.starts_with(state.path().join("mail")) && !place.to_string_lossy().contains(".."));
        assert_ne!(place, other.spool(state.path()));
        one.allow(state.path()).unwrap();
        assert!(one.is_allowed(state.path()) && !other.is_allowed(state.path()));
    }
}
