//! Any bytes as header values, from incoming mail to the bytes of the reply: no header is injected.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/post/tests/held/mod.rs"]
#[allow(dead_code, reason = "each target asks for one of its functions")]
mod held;

fuzz_target!(|data: &[u8]| held::reply_to_headers(data));
