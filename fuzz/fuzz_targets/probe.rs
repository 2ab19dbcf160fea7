//! What is this file? Headers and first packet of anything.
#![no_main]

use std::io::Cursor;

use legato_audio::{Failure, Limits, probe};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let probed = probe(Cursor::new(file.to_vec()), None, &Limits::default());
    // Memory does not fail: whatever is wrong is the file's fault.
    assert!(!matches!(probed, Err(Failure::Io(_))), "{probed:?}");
});
