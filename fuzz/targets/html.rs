//! Any text is HTML: it is read in one pass, cleanly.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/mail/tests/held/mod.rs"]
#[allow(dead_code, reason = "each target asks for one of its functions")]
mod held;

fuzz_target!(|data: &[u8]| held::html(data));
