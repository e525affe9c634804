//! How each program is told to index the same Maildir with everything of its own in the bench folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::cast::{OWNER_ADDRESS, OWNER_NAME};

/// One program and its calls. Search words are added at the end of `search`.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) version: String,
    pub(super) program: PathBuf,
    pub(super) environment: Vec<(&'static str, OsString)>,
    /// Calls before the first index, not measured.
    pub(super) prepare: Vec<Vec<OsString>>,
    /// The call that reads what is new; run again with nothing new.
    pub(super) index: Vec<OsString>,
    pub(super) search: Vec<OsString>,
    /// Prints `{"metrics":{"p50_ms":…}}` for drafting one mail in a running process.
    pub(super) draft: Option<Vec<OsString>>,
    /// Where everything that the program keeps lies; emptied first.
    pub(super) state: PathBuf,
    /// A folder that the program makes elsewhere, to be removed first.
    pub(super) leftover: Option<PathBuf>,
}

impl Tool {
    pub(super) fn command(&self, arguments: &[OsString]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Postil first, then those that are installed, each with its state folder empty.
pub(super) fn installed(postil: &Path, dir: &Path) -> Result<Vec<Tool>> {
    let mut tools = vec![our_own(postil, dir)];
    tools.extend(notmuch(dir));
    tools.extend(mu(dir));
    for tool in &tools {
        for folder in [Some(&tool.state), tool.leftover.as_ref()].into_iter().flatten() {
            if folder.exists() {
                std::fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
            }
        }
        std::fs::create_dir_all(&tool.state)?;
    }
    if let Some(tool) = tools.iter().find(|tool| tool.name == "notmuch") {
        std::fs::create_dir_all(tool.state.join("database"))?;
        std::fs::write(tool.state.join("config"), notmuch_config(dir, &tool.state))?;
    }
    Ok(tools)
}

fn our_own(program: &Path, dir: &Path) -> Tool {
    let (vault, mail, state) = (dir.join("vault"), dir.join("Maildir"), dir.join("state"));
    let in_vault = |words: &[&str]| {
        let mut arguments = call(words);
        arguments.extend(["--vault".into(), vault.clone().into_os_string()]);
        arguments
    };
    let mut init: Vec<OsString> = vec!["init".into(), vault.clone().into_os_string()];
    init.extend(call(&["--name", OWNER_NAME, "--address", OWNER_ADDRESS, "--yes"]));
    let mut source = call(&["source", "add", "maildir"]);
    source.push(mail.clone().into_os_string());
    source.extend(in_vault(&[]));
    let mut draft = call(&["eval", "draft-speed"]);
    draft.push(mail.into_os_string());
    draft.extend(in_vault(&[]));
    Tool {
        name: "postil",
        version: version(program, "--version"),
        program: program.to_owned(),
        environment: vec![("POSTIL_STATE_DIR", state.clone().into_os_string())],
        prepare: vec![init, source],
        index: in_vault(&["sync"]),
        search: in_vault(&["search"]),
        draft: Some(draft),
        state,
        leftover: Some(vault.join(".postil")),
    }
}

fn notmuch(dir: &Path) -> Option<Tool> {
    let program = find_program("notmuch")?;
    let state = dir.join("notmuch");
    Some(Tool {
        name: "notmuch",
        version: version(&program, "--version"),
        program,
        environment: vec![("NOTMUCH_CONFIG", state.join("config").into_os_string())],
        prepare: Vec::new(),
        index: call(&["new", "--no-hooks", "--quiet"]),
        search: call(&["search", "--limit=20"]),
        draft: None,
        state,
        leftover: None,
    })
}

/// Flags are not synchronised: that would rename the files that all programs read.
fn notmuch_config(dir: &Path, state: &Path) -> String {
    format!(
        "[database]\npath={}\nmail_root={}\n[user]\nname={OWNER_NAME}\nprimary_email={OWNER_ADDRESS}\n[new]\ntags=inbox\n[maildir]\nsynchronize_flags=false\n",
        state.join("database").display(),
        dir.join("Maildir").display()
    )
}

fn mu(dir: &Path) -> Option<Tool> {
    let program = find_program("mu")?;
    let state = dir.join("mu");
    let mut maildir = OsString::from("--maildir=");
    maildir.push(dir.join("Maildir"));
    let init = vec!["init".into(), maildir, format!("--my-address={OWNER_ADDRESS}").into()];
    Some(Tool {
        name: "mu",
        version: version(&program, "--version"),
        program,
        environment: vec![
            ("MU_HOME", state.clone().into_os_string()),
            ("MUHOME", state.clone().into_os_string()),
        ],
        prepare: vec![init],
        index: call(&["index", "--quiet"]),
        search: call(&["find", "--maxnum=20"]),
        draft: None,
        state,
        leftover: None,
    })
}

fn call(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn find_program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The first line that the program says of itself.
fn version(program: &Path, option: &str) -> String {
    let said = Command::new(program).arg(option).output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    said.lines().next().map_or_else(|| "version not said".to_owned(), |line| line.trim().to_owned())
}
