//! TLS from the first byte and by STARTTLS, tokens, and that nothing goes out before a connection is encrypted.

use crate::account::{bare_place, deliver, sync};
use crate::dovecot::{Dovecot, PASSWORD, TOKEN};
use crate::place::Place;

/// A vault that reads `sam`'s mail at an address, trusting the tests' own CA.
fn reading(dovecot: &Dovecot, address: &str, secret: &str, more: &[&str]) -> Place {
    let place = bare_place();
    let ca = dovecot.ca_file().display().to_string();
    let args = ["source", "add", "imap", address, "--secret", secret, "--ca-file", &ca];
    place.postil(&[&args, more].concat()).ended(0);
    place
}

#[test]
fn mail_comes_encrypted_by_password_and_by_token() {
    let Some(dovecot) = Dovecot::start("") else { return };
    deliver(&dovecot, "", &["a", "b"]);
    let (plain, tls) = (dovecot.port, dovecot.tls_port);
    let password = format!("command:echo '{PASSWORD}'");
    let token = format!("command:echo {TOKEN}");
    for (address, secret, more) in [
        (format!("imaps://sam@localhost:{tls}/"), &password, [].as_slice()),
        (format!("imap://sam@localhost:{plain}/"), &password, &[]),
        (format!("imaps://sam@localhost:{tls}/"), &token, &["--login", "oauth2"]),
    ] {
        let place = reading(&dovecot, &address, secret, more);
        assert_eq!(sync(&place), "+2 -0 =2", "{address}: {}", dovecot.log());
        let doctor = place.postil(&["doctor", "--json"]);
        assert!(doctor.out.contains("2 of 3 folders are read"), "{doctor:#?}");
    }
    assert!(dovecot.log().contains("method=XOAUTH2") && dovecot.log().contains("TLS"), "{}", dovecot.log());
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let Some(dovecot) = Dovecot::start("") else { return };
    let password = format!("command:echo '{PASSWORD}'");
    let place = reading(&dovecot, &format!("imaps://sam@127.0.0.1:{}/", dovecot.tls_port), &password, &[]);
    let said = place.postil(&["sync", "--json"]).ended(1);
    assert!(said.err.contains("it is for another name"), "{}", said.err);
    assert!(!dovecot.log().contains("user=<sam>"), "{}", dovecot.log());
}

#[test]
fn without_encryption_no_password_goes_out() {
    let Some(dovecot) = Dovecot::start("ssl = no") else { return };
    let password = format!("command:echo '{PASSWORD}'");
    let place = reading(&dovecot, &format!("imap://sam@localhost:{}/", dovecot.port), &password, &[]);
    let said = place.postil(&["sync", "--json"]).ended(1);
    assert!(said.err.contains("no STARTTLS") && said.err.contains("no password was sent"), "{}", said.err);
    assert!(!dovecot.log().contains("user=<sam>"), "{}", dovecot.log());
}
