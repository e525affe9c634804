//! Markdown to notes: front matter, headings, blocks, links, tags, tasks; and edits as values.
//!
//! Parsing never fails and never panics: damage is data. Nothing here writes; only functions named
//! `read_` and [`walk()`] touch the disk. Folders that are not notes (`.obsidian`, `.trash`, any dot
//! folder, templates) are left alone.

mod blocks;
mod comments;
mod dates;
pub mod edit;
mod entity;
mod error;
pub mod front_matter;
mod links;
mod note;
mod passages;
mod plain;
mod settings;
mod tasks;
mod walk;

pub use blocks::{Block, BlockKind, Heading, Link, LinkKind};
pub use entity::{entity, is_written_by_postil};
pub use error::{VaultDefect, VaultError};
pub use front_matter::{FrontMatter, Properties, Property, Value};
pub use links::{LinkTargets, name_in_link};
pub use note::{NOTE_LIMIT, Note, parse_note, read_note};
pub use passages::passages;
pub use settings::{VaultSettings, read_settings};
pub use tasks::Task;
pub use walk::{FileSeen, Walk, walk};
