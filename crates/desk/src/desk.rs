//! The desk: one vault, opened. The operations are in their own files, each an `impl Desk`.

use std::fmt;
use std::path::{Path, PathBuf};

use postil_evidence::{Directory, Entity};
use postil_index::{Index, Opened};
use postil_vault::VaultSettings;

use crate::config::Config;
use crate::env::Environment;
use crate::error::DeskError;
use crate::ledger::Ledger;
use crate::state;

/// Raised when passages are cut, labelled or tokenised in another way: the index is then rebuilt.
const INDEX_VERSION: u32 = 1;

/// One vault, opened: configuration, index and ledger.
pub struct Desk {
    pub(crate) vault: PathBuf,
    pub(crate) env: Environment,
    pub(crate) config: Config,
    pub(crate) settings: VaultSettings,
    pub(crate) state_dir: PathBuf,
    pub(crate) index: Index,
    pub(crate) opened: Opened,
    pub(crate) ledger: Ledger,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("vault", &self.vault)
            .field("state_dir", &self.state_dir)
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens a vault that `postil init` has set up. Finishes or takes back a change that a crash
    /// interrupted.
    ///
    /// # Errors
    /// Where the vault is not set up, the configuration is wrong, or the state folder cannot be used.
    pub fn open(vault: &Path, env: Environment) -> Result<Self, DeskError> {
        let vault = vault.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                DeskError::user(format!("{} is not there", vault.display()), "name the folder of your vault")
            }
            _ => DeskError::io(vault, &error),
        })?;
        if !vault.is_dir() {
            let what = format!("{} is not a folder", vault.display());
            return Err(DeskError::user(what, "name the folder of your vault"));
        }
        let config = Config::load(&vault, &env.zone())?;
        let state_dir = env.state_dir(&vault);
        state::make_private_dir(&state_dir)?;
        match postil_plan::recover(&vault, &state_dir.join("journal"), &postil_plan::RealDisk) {
            // Another postil is writing, so what it writes is no crash to mend.
            Ok(_) | Err(postil_plan::PlanError::Busy) => {}
            Err(error) => return Err(error.into()),
        }
        let (settings, _) = postil_vault::read_settings(&vault);
        let fingerprint = format!("{INDEX_VERSION}/{}", config.label_fingerprint());
        let (index, opened) = Index::open(&state_dir.join("index"), &fingerprint)?;
        let ledger = Ledger::open(&state_dir)?;
        Ok(Self { vault, env, config, settings, state_dir, index, opened, ledger })
    }

    /// The vault around `start`: the nearest folder upwards that `postil init` has set up.
    #[must_use]
    pub fn find_vault(start: &Path) -> Option<PathBuf> {
        start
            .ancestors()
            .find(|folder| folder.join(crate::config::CONFIG_FILE).is_file())
            .map(Path::to_path_buf)
    }

    /// The vault's folder.
    #[must_use]
    pub fn vault(&self) -> &Path {
        &self.vault
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folder with everything that is not in the vault.
    #[must_use]
    pub fn state_dir(&self) -> &Path {
        &self.state_dir
    }

    /// Whether nothing is in the index: it is new, or was made anew, and no sync has read yet.
    /// The reason, where there is one, in words.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn nothing_read(&self) -> Result<Option<String>, DeskError> {
        let counts = self.index.catalog().counts()?;
        if counts.messages + counts.notes > 0 {
            return Ok(None);
        }
        Ok(Some(match &self.opened {
            Opened::RebuiltBecause(why) => format!("the index is made anew: {why}"),
            Opened::Same | Opened::Fresh => "nothing was read yet".to_owned(),
        }))
    }

    /// Every known entity, as of the last sync.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn directory(&self) -> Result<Directory, DeskError> {
        let rows = self.index.catalog().notes()?;
        let entities = rows
            .iter()
            .filter_map(|row| row.entity.as_deref())
            .filter_map(|json| serde_json::from_str::<Entity>(json).ok());
        Ok(Directory::new(entities.collect()))
    }
}
