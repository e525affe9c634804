//! The program as its user meets it: commands, exit codes, what goes to which stream, and what is
//! left after it was killed, stopped or refused.

mod commands;
#[cfg(unix)]
mod interrupted;
mod place;
mod setting_up;
