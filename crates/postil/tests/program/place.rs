//! A vault, a mailbox, a home and a state folder of their own, and the program run in them with a
//! fixed clock. Knows nothing of what is expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use postil_desk::demo::write_demo;
use serde_json::Value;

/// The demo's time.
pub(crate) const NOW: &str = "2026-11-23T08:30:00+01:00[Europe/Berlin]";

/// Everything one test touches; gone with it.
pub(crate) struct Place {
    pub(crate) dir: tempfile::TempDir,
}

impl Place {
    /// With the demo's vault and mailbox, nothing run yet.
    pub(crate) fn demo() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        write_demo(&place.path("demo")).unwrap();
        place
    }

    pub(crate) fn path(&self, part: &str) -> PathBuf {
        self.dir.path().join(part)
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.path("demo/vault")
    }

    /// Runs the program on the vault.
    pub(crate) fn postil(&self, args: &[&str]) -> Said {
        let vault = self.vault().to_string_lossy().into_owned();
        self.postil_in(self.dir.path(), &[args, &["--vault", &vault]].concat())
    }

    /// Runs the program in a folder, with no vault named.
    pub(crate) fn postil_in(&self, folder: &Path, args: &[&str]) -> Said {
        let mut command = assert_cmd::Command::from_std(self.command(args));
        command.current_dir(folder).timeout(Duration::from_secs(120));
        Said::of(command.output().unwrap())
    }

    /// The program with these arguments, to be started by the caller. No vault is named.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postil"));
        command.args(args).args(["--now", NOW]);
        self.surroundings(&mut command);
        command
    }

    /// A line for `bash`, with the program as `$POSTIL`, the vault as `$VAULT`, the time as `$NOW`.
    pub(crate) fn bash(&self, line: &str) -> Said {
        let mut command = Command::new("bash");
        command.args(["-c", line]);
        self.surroundings(&mut command);
        command.env("POSTIL", env!("CARGO_BIN_EXE_postil")).env("VAULT", self.vault()).env("NOW", NOW);
        Said::of(command.output().unwrap())
    }

    fn surroundings(&self, command: &mut Command) {
        command.current_dir(self.dir.path()).env_clear();
        command.env("HOME", self.path("home")).env("POSTIL_STATE_DIR", self.path("state"));
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    }

    /// Every file of the vault with its bytes, dot files too.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.vault())
    }
}

/// Every file below a folder, by its path in it.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Said {
    /// The exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// The JSON objects on stdout, one a line, each with a schema.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<Value> {
        let rows: Vec<Value> = self
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        assert!(rows.iter().all(|row| row["schema"].is_string()), "{}", self.out);
        rows
    }

    /// The only object.
    #[track_caller]
    pub(crate) fn row(&self) -> Value {
        let mut rows = self.rows();
        assert_eq!(rows.len(), 1, "{}", self.out);
        rows.remove(0)
    }
}
