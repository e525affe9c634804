//! The workspace on disk and the cargo that runs us.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The folder of the workspace's Cargo.toml.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo, to be run in the workspace. The one that runs us where there is one, so that the toolchain stays the same.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The program to run: the one that is given, else one built for release.
pub(crate) fn program(given: Option<&Path>) -> Result<PathBuf> {
    match given {
        Some(path) => path.canonicalize().with_context(|| format!("looking for {}", path.display())),
        None => build_release(),
    }
}

fn build_release() -> Result<PathBuf> {
    eprintln!("building postil for release");
    let status = cargo().args(["build", "--release", "--package", "postil", "--locked"]).status()?;
    if !status.success() {
        bail!("`cargo build --release --package postil` failed: mend that first");
    }
    let program = target_dir().join("release").join(format!("postil{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("{} is not there after the build: is build.target set?", program.display());
    }
    Ok(program)
}

/// The folder cargo builds in.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
