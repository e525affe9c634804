//! Sam Rivera's desk over a fixture of one string.

use std::path::Path;

use postil_desk::Desk;
use postil_desk::env::Environment;
use postil_desk::progress::Silent;
use postil_fixture::Fixture;

/// Writes notes and mail (`mail/*.eml`) into `dir`, with a configuration that has `more` in it, and syncs them.
pub(crate) fn synced(dir: &Path, more: &str, files: &str) -> Desk {
    let fixture = format!(
        r#"//- vault/.postil/config.toml
version = 1
[me]
name = "Sam Rivera"
addresses = ["sam@us.example"]
domains = ["us.example"]
zone = "Europe/Berlin"
{more}[[source]]
id = "mail"
kind = "eml"
path = "../mail"
{files}"#
    );
    Fixture::parse(&fixture).write_to(dir).unwrap();
    let env = Environment {
        now: "2026-11-23T08:30:00+01:00[Europe/Berlin]".parse().unwrap(),
        state_root: dir.join("state"),
        current_dir: dir.to_path_buf(),
        suggested_name: None,
    };
    let desk = Desk::open(&dir.join("vault"), env).unwrap();
    let view = desk.sync(&Silent::default()).unwrap();
    assert!(view.problems.is_empty(), "{:?}", view.problems);
    desk
}
