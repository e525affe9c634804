//! A thread to a reading. Pure functions, one file per kind of thing understood.
//!
//! No I/O, no clock: "now", the owner and the directory are arguments.

pub mod ask;
pub mod bulk;
pub mod date;
#[cfg(test)]
mod fixture;
pub mod intent;
pub mod language;
pub mod mass;
mod meant;
mod mention;
mod notice;
mod pattern;
pub mod people;
mod plain;
pub mod promise;
pub mod reading;
pub mod sentence;
pub mod standing;
mod taken_up;
pub mod topic;
pub mod verdict;

pub use reading::{
    Addressee, Ask, AskKind, Confidence, DateMention, Grain, Mentioned, Owner, PromiseMade, Reading, Reason,
    Verdict,
};
pub use verdict::{read_thread, read_thread_knowing};
