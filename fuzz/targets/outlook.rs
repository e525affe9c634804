//! Any bytes are a file of Outlook's: what it holds is a message, and not much larger than the file.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/mail/tests/held/mod.rs"]
#[allow(dead_code, reason = "each target asks for one of its functions")]
mod held;

fuzz_target!(|data: &[u8]| held::outlook(data));
