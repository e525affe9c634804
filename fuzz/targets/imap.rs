//! A server that says any bytes: nothing crashes, and nothing but reading is asked of it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/mail/tests/held/mod.rs"]
#[allow(dead_code, reason = "each target asks for one of its functions")]
mod held;

fuzz_target!(|data: &[u8]| held::imap(data));
