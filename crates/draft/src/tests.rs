//! Whole drafts, read aloud.

mod drafts;
