//! Where secrets come from, and what the owner allowed on this machine. The configuration travels with the vault, so
//! whoever could write there could else have a command run here, or something sent to a server of theirs.
//!
//! A secret itself is never written anywhere.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::DeskError;
use crate::state;

/// Where allowances are kept, in the state folder: one hash a line.
const ALLOWED: &str = "allowed-secrets";

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

    /// Fetches the secret; `whose` begins the line that says why it cannot be had.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn read(&self, whose: &str) -> Result<String, DeskError> {
        let secret = match self {
            Self::Variable(name) => crate::env::secret(name).unwrap_or_default(),
            Self::Command(line) => first_line_of(line)?,
        };
        if secret.trim_end_matches(['\r', '\n']).is_empty() {
            let (what, hint) = match self {
                Self::Variable(name) => {
                    (format!("the variable {name} is not set or empty"), "set it to the password or token")
                }
                Self::Command(_) => {
                    ("the command for its secret printed nothing".to_owned(), "run it by hand and look")
                }
            };
            return Err(DeskError::config(format!("{whose}: {what}"), hint));
        }
        Ok(secret)
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

/// Remembers on this machine that the owner allows what `fingerprint` stands for.
///
/// # Errors
/// Where the state folder cannot be written.
pub(crate) fn allow(state_dir: &Path, fingerprint: &str) -> Result<(), DeskError> {
    if is_allowed(state_dir, fingerprint) {
        return Ok(());
    }
    state::make_private_dir(state_dir)?;
    let path = state_dir.join(ALLOWED);
    let mut text = std::fs::read_to_string(&path).unwrap_or_default();
    text.push_str(fingerprint);
    text.push('\n');
    state::replace_file(&path, text.as_bytes())
}

/// Whether it was allowed.
pub(crate) fn is_allowed(state_dir: &Path, fingerprint: &str) -> bool {
    std::fs::read_to_string(state_dir.join(ALLOWED))
        .is_ok_and(|text| text.lines().any(|line| line == fingerprint))
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
