//! A vault that reads one Dovecot account, and what a sync of it says.

use serde_json::Value;

use crate::dovecot::{Dovecot, PASSWORD};
use crate::place::{Place, Said};

/// A vault with nothing but its configuration.
pub(crate) fn bare_place() -> Place {
    let place = Place { dir: tempfile::tempdir().unwrap() };
    std::fs::create_dir_all(place.vault()).unwrap();
    std::fs::write(place.vault().join("Welcome.md"), "# Welcome\n\nNothing here yet.\n").unwrap();
    let who =
        ["--name", "Sam Rivera", "--address", "sam@halyard.example", "--zone", "Europe/Berlin", "--yes"];
    place.postil(&[&["init"], who.as_slice()].concat()).ended(0);
    place
}

/// The address of `sam`'s mail at a port of this machine.
pub(crate) fn at(port: u16) -> String {
    format!("imap+plain://sam@127.0.0.1:{port}/")
}

/// A vault that reads `sam`'s mail at a port.
pub(crate) fn reading(port: u16, more: &[&str]) -> Place {
    let place = bare_place();
    let secret = format!("command:echo '{PASSWORD}'");
    let args = ["source", "add", "imap", &at(port), "--secret", &secret];
    place.postil(&[&args, more].concat()).ended(0);
    place
}

/// A sync, which must go well, as `+new -gone =messages`.
#[track_caller]
pub(crate) fn sync(place: &Place) -> String {
    let said = place.postil(&["sync", "--json"]);
    assert!(said.code == Some(0), "{said:#?}");
    numbers(&said)
}

/// What a sync says it did.
#[track_caller]
pub(crate) fn numbers(said: &Said) -> String {
    let view: Value = said.row();
    let gone = view["messages_gone"].as_u64().unwrap();
    format!("+{} -{gone} ={}", view["messages_new"], view["messages"])
}

/// A message that no other is.
pub(crate) fn mail(name: &str) -> Vec<u8> {
    format!(
        "From: Maya Okafor <maya@northwind.example>\r\nTo: sam@halyard.example\r\nSubject: {name}\r\n\
         Date: Fri, 20 Nov 2026 16:04:00 +0100\r\nMessage-ID: <{name}@northwind.example>\r\n\r\n\
         Hello Sam,\r\n\r\nthis is about {name}.\r\n"
    )
    .into_bytes()
}

/// Delivers messages by name.
pub(crate) fn deliver(dovecot: &Dovecot, folder: &str, names: &[&str]) {
    for name in names {
        dovecot.deliver(folder, name, &mail(name));
    }
    dovecot.settle();
}
