//! What a child may say that was taken over: the server's half hears anything, in bounds, and never falls over.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, unused_imports, reason = "one half of a private module")]
#[path = "../../src/platform/sandbox/mod.rs"]
mod sandbox;

fuzz_target!(|said: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let _ = runtime.block_on(sandbox::hear(said, |_| ()));
});
