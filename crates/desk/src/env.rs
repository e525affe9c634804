//! The one place that reads the clock and the process's environment; everything else takes them as
//! arguments.

use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::tz::TimeZone;
use postil_evidence::ContentHash;

use crate::error::DeskError;

/// What a run takes from outside.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The time of the run.
    pub now: Zoned,
    /// The folder that holds the state of all vaults.
    pub state_root: PathBuf,
    /// The folder the program was started in; relative paths start there.
    pub current_dir: PathBuf,
    /// Address and name that the system's own settings suggest for the owner.
    pub suggested_name: Option<String>,
}

impl Environment {
    /// Reads the clock, the current folder and the platform's state folder. `now` overrides the
    /// clock. `POSTIL_STATE_DIR` overrides the state folder.
    ///
    /// # Errors
    /// Where no state folder can be found (no `HOME`) or the current folder is gone.
    pub fn of_process(now: Option<Zoned>) -> Result<Self, DeskError> {
        let current_dir = std::env::current_dir().map_err(|error| DeskError::io(Path::new("."), &error))?;
        let now = now.unwrap_or_else(Zoned::now);
        let state_root = state_root().ok_or_else(|| {
            DeskError::config("there is no home folder to keep state in", "set POSTIL_STATE_DIR to a folder")
        })?;
        let suggested_name =
            variable("POSTIL_NAME").or_else(|| variable("USER")).or_else(|| variable("USERNAME"));
        Ok(Self { now, state_root, current_dir, suggested_name })
    }

    /// The state folder of one vault: its name, and a hash of its full path.
    #[must_use]
    pub fn state_dir(&self, vault: &Path) -> PathBuf {
        let name: String = vault
            .file_name()
            .map(|name| {
                name.to_string_lossy().chars().filter(|c| c.is_alphanumeric() || *c == '-').take(40).collect()
            })
            .unwrap_or_default();
        let hash = ContentHash::of(vault.as_os_str().as_encoded_bytes()).to_string();
        let short: String = hash.chars().take(12).collect();
        self.state_root.join(format!("{name}-{short}"))
    }

    /// The system's time zone, or UTC where it does not say.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.now.time_zone().clone()
    }
}

fn state_root() -> Option<PathBuf> {
    if let Some(dir) = variable("POSTIL_STATE_DIR") {
        return Some(PathBuf::from(dir));
    }
    if cfg!(target_os = "macos") {
        return variable("HOME").map(|home| Path::new(&home).join("Library/Application Support/postil"));
    }
    if cfg!(windows) {
        return variable("LOCALAPPDATA").map(|dir| Path::new(&dir).join("postil"));
    }
    // XDG Base Directory Specification 0.8: state that should outlive restarts.
    variable("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/state")))
        .map(|dir| dir.join("postil"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A secret from the environment.
pub(crate) fn secret(name: &str) -> Option<String> {
    variable(name)
}
