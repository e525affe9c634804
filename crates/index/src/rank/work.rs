//! Work in several threads, where there is so much of it that they are worth waking.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::error::IndexError;

/// From so many passages on, cleared or not, several threads work on a query.
const SHARED_FROM: u64 = if cfg!(test) { 12 } else { 50_000 };

/// How the parts of one query are worked on.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// One after the other.
    InTurn,
    /// At the same time.
    Shared,
}

impl Work {
    /// How to work where so many passages are stored. It decides how something is computed, never what.
    pub(super) fn over(passages: u64) -> Self {
        if passages < SHARED_FROM { Self::InTurn } else { Self::Shared }
    }

    /// Does something with each of `all`; the results are in their order.
    pub(super) fn each<T: Send, R: Send>(
        self,
        all: Vec<T>,
        one: impl Fn(T) -> Result<R, IndexError> + Send + Sync,
    ) -> Result<Vec<R>, IndexError> {
        match self {
            Self::InTurn => all.into_iter().map(one).collect(),
            Self::Shared => all.into_par_iter().map(one).collect(),
        }
    }
}
