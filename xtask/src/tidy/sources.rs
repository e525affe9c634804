//! What the source files may say. Reads text only: comments, literals and test modules are blanked where a rule is about code.

use crate::rust_text::{code_only, lines_with, shipped_code};
use crate::tree::{Finding, Tree};

/// A file this long is split.
const MOST_LINES: usize = 1_000;

/// Modules that may open a socket. A new one is added here, with its reason in the commit.
const SOCKET_MODULES: &[&str] = &[
    "crates/mail/src/store/imap/connect.rs",
    // The owner's embedding model, where one is set up.
    "crates/desk/src/embedding/server.rs",
    // Tests: the Dovecot they start, the proxy that cuts connections, the bare client beside which sync is measured.
    "crates/postil/tests/imap/dovecot.rs",
    "crates/postil/tests/imap/proxy.rs",
    "crates/postil/tests/imap/rate.rs",
    // Tests: embedding servers that answer well and badly.
    "crates/desk/src/embedding/tests.rs",
];
const SOCKETS: &[&str] =
    &["std::net", "TcpStream", "UdpSocket", "TcpListener", "UnixStream", "UnixListener", "ureq"];

/// Crates that write files: notes, the index, the state, fixtures.
const WRITERS: &[&str] = &["plan", "index", "desk", "fixture"];
const WRITES: &[&str] = &[
    "fs::write",
    "fs::rename",
    "fs::renameat",
    "fs::renameat_with",
    "fs::copy",
    "fs::hard_link",
    "fs::create_dir",
    "fs::create_dir_all",
    "remove_file",
    "remove_dir",
    "remove_dir_all",
    "File::create",
    "File::create_new",
    "File::options",
    "OpenOptions",
    "tempfile",
];

/// Sockets are opened in the allowed modules only.
pub(super) fn sockets(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust_files().filter(|(path, _)| !SOCKET_MODULES.contains(path));
    files
        .flat_map(|(path, text)| {
            let code = code_only(text);
            SOCKETS.iter().flat_map(move |word| {
                lines_with(&code, word)
                    .into_iter()
                    .map(move |line| Finding::new(path, line, format!("`{word}`: no socket here")))
            })
        })
        .collect()
}

/// Files are written by plan, index, desk, fixture, xtask and tests only.
pub(super) fn writers(tree: &Tree) -> Vec<Finding> {
    let files = tree.rust_files().filter(|(path, _)| !may_write(path));
    files
        .flat_map(|(path, text)| {
            let code = shipped_code(text);
            WRITES.iter().flat_map(move |word| {
                lines_with(&code, word).into_iter().map(move |line| {
                    Finding::new(path, line, format!("`{word}`: only {} write files", WRITERS.join(", ")))
                })
            })
        })
        .collect()
}

/// Every file opens with `//!` and is shorter than [`MOST_LINES`].
pub(super) fn shape(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust_files() {
        if !text.starts_with("//!") {
            findings.push(Finding::new(
                path,
                1,
                "opens without `//!`: say what the file knows and what it must not do",
            ));
        }
        let lines = text.lines().count();
        if lines >= MOST_LINES {
            findings.push(Finding::new(
                path,
                None,
                format!("{lines} lines: split it, {MOST_LINES} is too many"),
            ));
        }
    }
    findings
}

/// No `todo!`, no `unimplemented!`, no ignored test.
pub(super) fn unfinished(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust_files() {
        let code = code_only(text);
        for word in ["todo!", "unimplemented!", "#[ignore", "#![ignore"] {
            findings.extend(
                lines_with(&code, word).into_iter().map(|line| Finding::new(path, line, format!("`{word}`"))),
            );
        }
    }
    findings
}

/// No absolute path of a developer's machine, in comments and documents neither.
pub(super) fn machine_paths(tree: &Tree) -> Vec<Finding> {
    // Put together here so that this file does not hold what it looks for.
    let homes = [
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!(":\\Us", "ers\\"),
    ];
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        for (at, line) in text.lines().enumerate() {
            for home in homes {
                let starts_path = line.match_indices(home).any(|(start, _)| {
                    let before = line.get(..start).and_then(|text| text.chars().next_back());
                    home.starts_with(':')
                        || !before.is_some_and(|c| c.is_alphanumeric() || "._-~>}*)".contains(c))
                });
                if starts_path {
                    findings.push(Finding::new(path, at + 1, format!("`{home}`: a path of one machine")));
                }
            }
        }
    }
    findings
}

fn may_write(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let in_folder = |folder: &str| path.split('/').any(|part| part == folder);
    path.starts_with("xtask/")
        || path.starts_with("fuzz/")
        || WRITERS.iter().any(|writer| path.starts_with(&format!("crates/{writer}/")))
        || name == "tests.rs"
        || in_folder("tests")
        || in_folder("benches")
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn a_socket_is_caught() {
        check(
            sockets,
            &[("crates/mail/src/a.rs", "use std::net::TcpStream;")],
            &["`std::net`", "`TcpStream`"],
        );
        check(
            sockets,
            &[("crates/mail/tests/a.rs", "fn f() { UdpSocket::bind(a); }")],
            &["a.rs:1: `UdpSocket`"],
        );
        check(sockets, &[("crates/mail/src/a.rs", "// TcpStream\nlet a = \"std::net\";")], &[]);
    }

    #[test]
    fn a_writer_outside_the_writers_is_caught() {
        let writes = "fn f() {\n    std::fs::write(a, b);\n}\n";
        check(writers, &[("crates/vault/src/a.rs", writes)], &["a.rs:2: `fs::write`"]);
        check(writers, &[("crates/postil/src/a.rs", "let f = OpenOptions::new();")], &["`OpenOptions`"]);
        check(writers, &[("crates/mail/src/a.rs", "use std::fs::rename;")], &["`fs::rename`"]);
        check(writers, &[("crates/draft/src/a.rs", "let f = tempfile::tempdir();")], &["`tempfile`"]);
        check(writers, &[("crates/plan/src/a.rs", writes), ("crates/vault/tests/a.rs", writes)], &[]);
        check(
            writers,
            &[("crates/vault/src/a.rs", "#[cfg(test)]\nmod tests {\n    use std::fs::write;\n}\n")],
            &[],
        );
        check(
            writers,
            &[("crates/vault/src/a.rs", "#[serde(rename = \"a\")]\nstruct A;\nfn f() { b.write(c); }\n")],
            &[],
        );
    }

    #[test]
    fn a_file_without_its_line_or_too_long_is_caught() {
        check(shape, &[("crates/mail/src/a.rs", "use a;\n")], &["opens without"]);
        let long = format!("//! a\n{}", "fn a() {}\n".repeat(MOST_LINES));
        check(shape, &[("crates/mail/src/a.rs", &long)], &["1001 lines"]);
        check(shape, &[("crates/mail/src/a.rs", "//! a\n"), ("corpus/a.rs", "x")], &[]);
    }

    #[test]
    fn an_unfinished_thing_is_caught() {
        check(unfinished, &[("crates/mail/src/a.rs", "fn a() { todo!() }")], &["`todo!`"]);
        check(
            unfinished,
            &[("crates/mail/tests/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}")],
            &["a.rs:2: `#[ignore`"],
        );
        check(unfinished, &[("crates/mail/src/a.rs", "// no todo!() here\nlet a = \"#[ignore]\";")], &[]);
    }

    #[test]
    fn a_path_of_one_machine_is_caught() {
        let home = concat!("/ho", "me/");
        let text = format!("# Notes\n\nsee {home}ana/notes\n");
        check(machine_paths, &[("docs/a.md", &text)], &["a.md:3:"]);
        check(
            machine_paths,
            &[("crates/mail/src/a.rs", &format!("let a = \"{home}ana\";"))],
            &["a path of one machine"],
        );
        check(machine_paths, &[("docs/a.md", &format!("see ~/Mail and https://a.example{home}b"))], &[]);
    }
}
