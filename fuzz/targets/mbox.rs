//! A store of any bytes is scanned, and every message it names is read.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/mail/tests/held/mod.rs"]
#[allow(dead_code, reason = "each target asks for one of its functions")]
mod held;

fuzz_target!(|data: &[u8]| held::mbox(data));
