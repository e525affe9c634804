//! IMAP servers as sources: how one is configured, and that the owner allowed its secret for this server on this machine.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use postil_evidence::ContentHash;
use postil_mail::store::imap::{Connection, ImapAddress, ImapError, LoginKind, Patience, Secret, connect};

use crate::config::SourceEntry;
use crate::desk::Desk;
use crate::embedding::MODEL_ID;
use crate::error::{DeskError, Kind};
use crate::secret::{self, SecretFrom};

/// What a command may take, beside one second for each 8 KiB that arrive.
const COMMAND: Duration = Duration::from_secs(60);

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
        secret::allow(state_dir, &self.fingerprint())
    }

    fn is_allowed(&self, state_dir: &Path) -> bool {
        secret::is_allowed(state_dir, &self.fingerprint())
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
        let secret = Secret::new(&self.secret.read(&format!("source {}", self.id))?);
        let start = Instant::now();
        let patience = Patience { clock: Box::new(move || start.elapsed()), command: COMMAND };
        Ok(connect(&self.address, &secret, self.login, self.ca_file.as_deref(), patience)?)
    }
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
    /// Lets a source's secret go to its server, on this machine; or texts to the embedding model, which is called
    /// `embeddings`. Returns what may go where, in words.
    ///
    /// # Errors
    /// Where nothing has that name, or the state folder cannot be written.
    pub fn allow(&self, id: &str) -> Result<String, DeskError> {
        if let Some(model) = self.config.model.as_ref().filter(|_| id == MODEL_ID) {
            model.allow(&self.state_dir)?;
            return Ok(format!("texts of your notes and mail may go to {} from this machine", model.address));
        }
        let source = self.imap_source(id)?;
        source.allow(&self.state_dir)?;
        Ok(format!("{} may go to {} from this machine", source.secret, source.address))
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
