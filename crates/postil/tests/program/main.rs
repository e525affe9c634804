//! The program as its user meets it: commands, exit codes, what goes to which stream, and what is
//! left after it was killed, stopped or refused.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test makes and breaks files, and fails where something is not as it should be"
)]

mod commands;
mod corrections;
#[cfg(unix)]
mod interrupted;
mod numbers;
mod place;
mod setting_up;
