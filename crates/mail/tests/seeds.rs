//! The seeds of the fuzz targets, and every input that ever broke something, read again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "stores are made in a folder of their own")]

use std::fs;
use std::path::Path;

mod held;

fn replay(target: &str, held: impl Fn(&[u8])) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/fuzz")).join(target);
    let mut seeds = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        held(&fs::read(entry.unwrap().path()).unwrap());
        seeds += 1;
    }
    assert!(seeds > 0, "no seeds in {}", folder.display());
}

#[test]
fn messages() {
    replay("message", held::message);
}

#[test]
fn files_of_outlook() {
    replay("outlook", held::outlook);
}

#[test]
fn pages() {
    replay("html", held::html);
}

#[test]
fn mail_files() {
    replay("mbox", held::mbox);
}

#[test]
fn exports() {
    replay("markdown", held::markdown);
}

#[test]
fn servers() {
    replay("imap", held::imap);
}

#[test]
fn file_names() {
    replay("maildir_name", held::maildir_name);
}
