//! How long work tells how far it is. The program draws bars; tests and other callers stay silent.

use std::sync::atomic::{AtomicBool, Ordering};

/// Told how far a piece of work is, and asked whether to stop.
pub trait Progress: Sync {
    /// A stage begins; `total` is 0 where it is not known.
    fn begin(&self, stage: &str, total: u64);
    /// `done` of the stage's total are done.
    fn advance(&self, done: u64);
    /// The stage is over.
    fn end(&self);
    /// Whether the user asked to stop. Work ends at the next safe point; what is done stays done.
    fn stopped(&self) -> bool;
}

/// Says nothing; stops when its flag is set.
#[derive(Debug, Default)]
pub struct Silent {
    /// Set it to stop.
    pub stop: AtomicBool,
}

impl Progress for Silent {
    fn begin(&self, _stage: &str, _total: u64) {}
    fn advance(&self, _done: u64) {}
    fn end(&self) {}
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
