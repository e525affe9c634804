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
    let mut file = create_private(&temporary).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    if let Ok(old) = std::fs::metadata(path) {
        std::fs::set_permissions(&temporary, old.permissions()).map_err(failed)?;
    }
    std::fs::rename(&temporary, path).map_err(failed)
}

/// Makes a file that only its owner can read. One that is there is replaced.
pub(crate) fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    private_options().create(true).truncate(true).write(true).open(path)
}

/// Opens a file to write at its end; made where it is not there, for its owner only.
pub(crate) fn append_private(path: &Path) -> std::io::Result<std::fs::File> {
    private_options().create(true).append(true).open(path)
}

fn private_options() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Removes a file of the mirrored mail. One that is gone already is no error.
#[expect(clippy::disallowed_methods, reason = "files of ours in the state folder, which can be had again")]
pub(crate) fn remove_spooled(path: &Path) -> Result<(), DeskError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(DeskError::io(path, &error)),
        _ => Ok(()),
    }
}

/// Removes a folder of ours with everything in it. One that is gone already is no error.
#[expect(clippy::disallowed_methods, reason = "files of ours in the state folder, which can be had again")]
pub(crate) fn remove_folder(path: &Path) -> Result<(), DeskError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(DeskError::io(path, &error)),
        _ => Ok(()),
    }
}

/// Makes the files of a folder durable, before something says that they are there.
pub(crate) fn flush_files(folder: &Path) -> Result<(), DeskError> {
    let failed = |error: std::io::Error| DeskError::io(folder, &error);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // One call for thousands of small files; one for each would take a hundred times as long.
        let folder = std::fs::File::open(folder).map_err(failed)?;
        rustix::fs::syncfs(folder).map_err(|error| failed(error.into()))
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_file() {
                std::fs::File::options()
                    .append(true)
                    .open(&path)
                    .and_then(|file| file.sync_all())
                    .map_err(failed)?;
            }
        }
        Ok(())
    }
}
