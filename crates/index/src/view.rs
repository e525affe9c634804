//! One unchanging view of the passages, which several threads may ask at a time.

use std::path::Path;

use postil_evidence::Recipients;

use crate::error::IndexError;
use crate::folder::{ClearedHit, marked};
use crate::passages::Snapshot;
use crate::query::{Filters, Query};
use crate::rank::{Asker, Leak, Ranked, Take, WordRarity, rank};

/// The passages as they were when it was made, whatever is written since.
pub struct IndexView<'i> {
    pub(crate) dir: &'i Path,
    pub(crate) snapshot: Snapshot,
}

impl IndexView<'_> {
    /// Finds passages that everyone in `to` may read, and how much each word of the query tells among these. What they may
    /// not read is taken out before anything is counted or scored, so it cannot influence the answer.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] where stored data cannot be read.
    pub fn recall(
        &self,
        query: &Query,
        filters: &Filters,
        to: &Recipients,
        limit: usize,
    ) -> Result<(Vec<ClearedHit>, Vec<WordRarity>), IndexError> {
        let (ranked, rarities) = self.ranked(query, filters, Asker::Recipients(to), Take::Best(limit))?;
        let cleared = ranked.into_iter().map(|Ranked { passage, score, reasons }| {
            // The stored label decides again: were it another than the indexed one, nothing is shown.
            let passage = to.clear(passage);
            let passage =
                passage.map_err(|_held| IndexError::damaged("a passage's label differs from its index"))?;
            Ok(ClearedHit { passage, score, reasons })
        });
        Ok((marked(self.dir, cleared.collect::<Result<_, _>>())?, rarities))
    }

    pub(crate) fn ranked(
        &self,
        query: &Query,
        filters: &Filters,
        asker: Asker<'_>,
        take: Take,
    ) -> Result<(Vec<Ranked>, Vec<WordRarity>), IndexError> {
        marked(self.dir, rank(&self.snapshot, query, filters, asker, take, Leak::None))
    }
}
