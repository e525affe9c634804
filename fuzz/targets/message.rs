//! Any bytes are a message: zones cover its text, header values stay on one line, nothing hidden is left.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/mail/tests/held/mod.rs"]
#[allow(dead_code, reason = "each target asks for one of its functions")]
mod held;

fuzz_target!(|data: &[u8]| held::message(data));
