//! Whole drafts, read aloud.

mod addressing;
mod drafts;
mod notes;
