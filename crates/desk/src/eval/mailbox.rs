//! Mail that an evaluation reads: an mbox, a Maildir or a folder of messages, through the product's own stores.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use postil_mail::Message;
use postil_mail::store::{self, Known, Mark, Place, StoreKind, StoreSpec};
use rayon::prelude::*;

use crate::error::DeskError;

/// Nothing is known: everything is read.
struct Nothing;

impl Known for Nothing {
    fn mark(&self, _container: &Path) -> Option<Mark> {
        None
    }

    fn places(&self, _container: &Path) -> Vec<Place> {
        Vec::new()
    }
}

/// Every message below `path` with the file it stands in, sorted by file and place in it.
///
/// # Errors
/// Where the mailbox or one of its messages cannot be read: an evaluation on half of the rows would mislead.
pub(super) fn load_all(path: &Path) -> Result<Vec<(PathBuf, Message)>, DeskError> {
    let load = |place: &Place| Ok((place.path.clone(), store::load(place)?));
    places(path)?.par_iter().map(load).collect()
}

/// The raw bytes of every message below `path`, in the order of [`load_all`].
///
/// # Errors
/// As [`load_all`].
pub(super) fn load_raw(path: &Path) -> Result<Vec<Vec<u8>>, DeskError> {
    places(path)?.par_iter().map(|place| Ok(store::read_raw(place)?)).collect()
}

fn places(path: &Path) -> Result<Vec<Place>, DeskError> {
    let mut places: Vec<Place> = Vec::new();
    let spec = StoreSpec { id: "eval".to_owned(), kind: kind_of(path), path: path.to_path_buf() };
    let scanned = store::scan(&spec, &Nothing, i64::MAX, &mut |change| {
        places.extend(change.added);
        ControlFlow::Continue(())
    })?;
    if let Some((path, why)) = scanned.unreadable.first() {
        return Err(DeskError::user(
            format!("{}: {why}", path.display()),
            "check that it is there and readable",
        ));
    }
    places.sort_by(|a, b| (&a.path, a.offset).cmp(&(&b.path, b.offset)));
    Ok(places)
}

fn kind_of(path: &Path) -> StoreKind {
    if path.is_file() {
        StoreKind::Mbox
    } else if path.join("cur").is_dir() {
        StoreKind::Maildir
    } else {
        StoreKind::Eml
    }
}
