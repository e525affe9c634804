//! Mail from a real IMAP server, Dovecot, through `postil source add imap` and `postil sync`: what comes, what is new,
//! what is gone, what stays untouched; through a proxy that cuts connections. Where Dovecot is not installed
//! each test says so and passes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test makes files and sockets, and fails where something is not as it should be"
)]

mod account;
mod dovecot;
mod drops;
mod mailbox;
#[path = "../program/numbers.rs"]
mod numbers;
#[path = "../program/place.rs"]
#[expect(dead_code, reason = "the tests of the program use the rest")]
mod place;
mod proxy;
mod rate;
mod secure;
