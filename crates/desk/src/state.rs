//! Files of ours outside the notes: the state folder and the configuration. Replaced whole, never
//! half written.

use std::io::Write as _;
use std::path::Path;

use crate::error::DeskError;

/// Makes a folder that only its owner can read.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), DeskError> {
    std::fs::create_dir_all(dir).map_err(|error| DeskError::io(dir, &error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(dir, mode).map_err(|error| DeskError::io(dir, &error))?;
    }
    Ok(())
}

/// Replaces a file of ours by new bytes: a reader sees the old ones or the new ones.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let failed = |error: std::io::Error| DeskError::io(path, &error);
    let temporary = path.with_extension("new");
    let mut file = std::fs::File::create(&temporary).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    if let Ok(old) = std::fs::metadata(path) {
        std::fs::set_permissions(&temporary, old.permissions()).map_err(failed)?;
    }
    std::fs::rename(&temporary, path).map_err(failed)
}
