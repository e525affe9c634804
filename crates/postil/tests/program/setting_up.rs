//! `init` and `source`: what is found in a vault, what is written, what is refused.

use crate::place::{Place, tree};

/// A demo whose vault has no configuration yet.
fn bare() -> Place {
    let place = Place::demo();
    std::fs::remove_dir_all(place.vault().join(".postil")).unwrap();
    place
}

const WHO: &[&str] = &["--name", "Sam Rivera", "--address", "sam@halyard.example", "--zone", "Europe/Berlin"];

#[test]
fn init_finds_where_things_live() {
    let place = bare();
    let before = place.tree();
    let found = place.postil(&["init", "--dry-run", "--json"]).ended(0).row();
    assert_eq!(place.tree(), before, "a dry run writes nothing");
    assert_eq!(found["schema"], "postil/init@1");
    let folder_of = |kind: &str| {
        let kinds = found["kinds"].as_array().unwrap();
        kinds.iter().find(|row| row[0] == kind).map(|row| row[2].as_str().unwrap().to_owned()).unwrap()
    };
    assert_eq!(
        [folder_of("people"), folder_of("organisations"), folder_of("projects")],
        ["People", "Customers", "Projects"]
    );
    assert_eq!(found["templates"], serde_json::json!(["Templates"]));
    for (name, folder) in [
        ("northwind", "Customers/Northwind"),
        ("brightwater", "Customers/Brightwater"),
        ("tessel", "Customers/Tessel Bank"),
        ("orchard", "Customers/Orchard Health"),
        ("kestrel", "Partners/Kestrel Systems"),
        ("pinecrest", "Partners/Pinecrest"),
    ] {
        let party = serde_json::json!([name, [format!("{name}.example")], [folder]]);
        assert!(found["parties"].as_array().unwrap().contains(&party), "{name}: {found:#}");
    }
    assert!(found["defects"].to_string().contains("Farid Rahimi"), "the broken note is named: {found:#}");
}

#[test]
fn init_writes_one_file_that_works_and_refuses_to_write_it_twice() {
    let place = bare();
    let before = place.tree();
    place.postil(&[&["init"], WHO].concat()).ended(0);
    let after = place.tree();
    let new: Vec<&String> = after.keys().filter(|path| !before.contains_key(*path)).collect();
    assert_eq!(new, [".postil/config.toml"]);
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
    // Found folders are proposed, not in force.
    assert_eq!(place.postil(&["audience", "why", "SLA", "--json"]).ended(0).row()["audience"], "internal");
    let said = place.postil(&[&["init"], WHO].concat()).ended(2);
    assert!(said.err.contains("already there"), "{said:?}");
    assert_eq!(place.tree(), after);
    place.postil(&["source", "add", "maildir", "demo/Maildir"]).ended(0);
    place.postil(&["run"]).ended(0);
}

#[test]
fn init_with_label_folders_puts_the_rules_in_force() {
    let place = bare();
    place.postil(&[&["init", "--label-folders"], WHO].concat()).ended(0);
    let row = place.postil(&["audience", "why", "Northwind", "--json"]).ended(0).row();
    assert_eq!(row["audience"], "northwind");
}

#[test]
fn init_refuses_what_cannot_be_and_leaves_nothing() {
    let place = bare();
    let before = place.tree();
    std::fs::create_dir(place.path("empty")).unwrap();
    for (args, code, words) in [
        (&["init", "--name", "Sam"][..], 3, "no addresses"),
        (&["init", "--address", "sam"], 3, "not a mail address"),
        (&["init", "--address", "sam@halyard.example", "--zone", "Mars/Base"], 3, "no time zone"),
        (&["init", "not-there"], 2, "is not a folder"),
        (&["init", "empty"], 2, "no Markdown note"),
    ] {
        let said = place.postil(args).ended(code);
        assert!(said.out.is_empty() && said.err.contains(words), "{args:?}: {said:?}");
    }
    assert_eq!(place.tree(), before);
    assert!(tree(&place.path("empty")).is_empty());
}

#[test]
fn a_source_is_added_once_and_the_rest_of_the_file_stays() {
    let place = Place::demo();
    let config = place.vault().join(".postil/config.toml");
    let before = std::fs::read_to_string(&config).unwrap();
    std::fs::create_dir(place.path("mails")).unwrap();
    let row = place.postil(&["source", "add", "eml", "mails", "--id", "old", "--json"]).ended(0).row();
    assert_eq!((row["id"].as_str(), row["kind"].as_str()), (Some("old"), Some("eml")));
    let after = std::fs::read_to_string(&config).unwrap();
    assert!(after.starts_with(before.trim_end()), "{after}");
    for (args, words) in [
        (&["source", "add", "eml", "mails"][..], "is a source already"),
        (&["source", "add", "maildir", "demo/Maildir"], "is a source already"),
        (&["source", "add", "eml", ".", "--id", "old"], "there is a source old already"),
    ] {
        let said = place.postil(args).ended(2);
        assert!(said.out.is_empty() && said.err.contains(words), "{args:?}: {said:?}");
    }
    assert_eq!(std::fs::read_to_string(&config).unwrap(), after);
    assert_eq!(tree(&place.vault().join(".postil")).len(), 1, "no temporary file stays");
    assert_eq!(place.postil(&["source", "list", "--json"]).ended(0).rows().len(), 2);
}
