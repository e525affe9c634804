//! The owner's embedding model: how `[recall]` names it, and that texts may go where it runs. Off where nothing is named.
//!
//! The configuration travels with the vault, so a vault that somebody else wrote must not make this machine send texts
//! away. An address on this machine needs no allowance; any other, and one with a secret, does, once on each machine.

use std::fmt;
use std::path::Path;

use postil_evidence::ContentHash;

use crate::config::RecallEntry;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::secret::{self, SecretFrom};
use server::Address;
pub(crate) use server::Server;

mod server;
#[cfg(test)]
mod tests;

/// What `postil source allow` calls the model.
pub(crate) const MODEL_ID: &str = "embeddings";

/// An embedding model behind an OpenAI-compatible address.
#[derive(Clone, Debug)]
pub struct ModelSource {
    pub(crate) address: Address,
    /// The model's name, as its server knows it.
    model: String,
    /// Where the key comes from, if it wants one.
    secret: Option<SecretFrom>,
    /// Whether it was typed by the owner just now.
    typed: bool,
}

impl ModelSource {
    /// Checks `[recall]`; `None` where it names no address.
    ///
    /// # Errors
    /// Where a value cannot be.
    pub(crate) fn check(entry: &RecallEntry) -> Result<Option<Self>, DeskError> {
        if entry.embeddings.trim().is_empty() {
            return Ok(None);
        }
        let address = Address::parse(&entry.embeddings)?;
        if entry.model.trim().is_empty() {
            return Err(DeskError::config(
                "[recall] names an address and no model",
                "write, for one: model = \"all-minilm\"",
            ));
        }
        let secret = entry.secret.as_deref().map(SecretFrom::parse).transpose()?;
        Ok(Some(Self { address, model: entry.model.trim().to_owned(), secret, typed: false }))
    }

    /// A model that the owner names on the command line, which allows it.
    ///
    /// # Errors
    /// Where the address cannot be one.
    pub fn typed(address: &str, model: &str) -> Result<Self, DeskError> {
        let address = Address::parse(address)?;
        Ok(Self { address, model: model.to_owned(), secret: None, typed: true })
    }

    /// The model as something that can be asked.
    pub(crate) fn server(&self, state_dir: &Path) -> Server {
        Server::new(self.clone(), state_dir)
    }

    /// Stands for these texts and this secret going to this address.
    fn fingerprint(&self) -> String {
        let secret = self.secret.as_ref().map(ToString::to_string).unwrap_or_default();
        let address = self.address.to_string();
        ContentHash::of_parts(&[MODEL_ID.as_bytes(), address.as_bytes(), secret.as_bytes()]).to_string()
    }

    /// Remembers on this machine that the owner lets texts go there.
    ///
    /// # Errors
    /// Where the state folder cannot be written.
    pub(crate) fn allow(&self, state_dir: &Path) -> Result<(), DeskError> {
        secret::allow(state_dir, &self.fingerprint())
    }

    fn is_allowed(&self, state_dir: &Path) -> bool {
        let needs_none = self.typed || (self.address.is_this_machine() && self.secret.is_none());
        needs_none || secret::is_allowed(state_dir, &self.fingerprint())
    }

    /// The key, where one is wanted.
    ///
    /// # Errors
    /// Where texts were not allowed to go there, or the key cannot be had.
    fn key(&self, state_dir: &Path) -> Result<Option<String>, DeskError> {
        if !self.is_allowed(state_dir) {
            return Err(DeskError::config(
                format!("texts were not yet allowed on this machine to go to {}", self.address),
                format!("if that is as you want it: postil source allow {MODEL_ID}"),
            ));
        }
        self.secret.as_ref().map(|secret| secret.read("[recall]")).transpose()
    }
}

impl fmt::Display for ModelSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.model, self.address)
    }
}

impl Desk {
    /// Why recall had to do without the embedding model, in one line with what to do; `None` where it had it, or needs none.
    #[must_use]
    pub fn recall_trouble(&self) -> Option<String> {
        let trouble = self.index.embeddings()?.trouble()?;
        Some(format!("recall went on by words alone: {trouble}"))
    }
}
