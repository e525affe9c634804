//! The desk: one vault, opened. The operations are in their own files, each an `impl Desk`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use postil_evidence::{Directory, Entity};
use postil_index::{Index, Opened};
use postil_vault::VaultSettings;

use crate::config::Config;
use crate::env::Environment;
use crate::error::DeskError;
use crate::ledger::Ledger;
use crate::state;

/// Raised when passages are cut, labelled or tokenised in another way, or more is kept of a message: the
/// index is then rebuilt.
const INDEX_VERSION: u32 = 3;

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
    /// The directory, and the generation of the index it was made from.
    kept_directory: Mutex<Option<(String, Arc<Directory>)>>,
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
        let vault = vault.canonicalize().map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                let what = format!("{} is not there", vault.display());
                return DeskError::user(what, "name the folder of your vault");
            }
            DeskError::io(vault, &error)
        })?;
        if !vault.is_dir() {
            let what = format!("{} is not a folder", vault.display());
            return Err(DeskError::user(what, "name the folder of your vault"));
        }
        let mut config = Config::load(&vault, &env.zone())?;
        let state_dir = env.state_dir(&vault);
        config.place_spools(&state_dir);
        state::make_private_dir(&state_dir)?;
        match postil_plan::recover(&vault, &state_dir.join("journal"), &postil_plan::RealDisk) {
            // Another postil is writing, so what it writes is no crash to mend.
            Ok(_) | Err(postil_plan::PlanError::Busy) => {}
            Err(error) => return Err(error.into()),
        }
        let (settings, _) = postil_vault::read_settings(&vault);
        let fingerprint = format!("{INDEX_VERSION}/{}", config.label_fingerprint());
        let (mut index, opened) = Index::open(&state_dir.join("index"), &fingerprint)?;
        if let Some(model) = &config.model {
            index.set_model(Box::new(model.server(&state_dir)));
        }
        let ledger = Ledger::open(&state_dir)?;
        let kept_directory = Mutex::new(None);
        Ok(Self { vault, env, config, settings, state_dir, index, opened, ledger, kept_directory })
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
        if !self.index.catalog().is_empty()? {
            return Ok(None);
        }
        Ok(Some(match &self.opened {
            Opened::RebuiltBecause(why) => format!("the index is made anew: {why}"),
            Opened::Same | Opened::Fresh => "nothing was read yet".to_owned(),
        }))
    }

    /// Every known entity, as of the last sync. Kept in memory until notes change.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn directory(&self) -> Result<Arc<Directory>, DeskError> {
        let generation = self.index.catalog().meta("generation")?.unwrap_or_default();
        let mut kept = self.kept_directory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, directory)) = kept.as_ref()
            && *of == generation
        {
            return Ok(Arc::clone(directory));
        }
        let rows = self.index.catalog().notes()?;
        let entities = rows
            .iter()
            .filter_map(|row| row.entity.as_deref())
            .filter_map(|json| serde_json::from_str::<Entity>(json).ok());
        let directory = Arc::new(Directory::new(entities.collect()));
        *kept = Some((generation, Arc::clone(&directory)));
        Ok(directory)
    }
}
