//! Every sample of anything, as far as ten seconds.
#![no_main]

use std::io::Cursor;
use std::time::Duration;

use legato_audio::{Decoder, Failure, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let limits = Limits { max_duration: Duration::from_secs(10), ..Limits::default() };
    let mut decoder = match Decoder::open(Cursor::new(file.to_vec()), None, &limits) {
        Ok(decoder) => decoder,
        Err(Failure::Rejected(_)) => return,
        Err(Failure::Io(error)) => panic!("memory failed: {error}"),
    };
    loop {
        match decoder.next_block() {
            Ok(Some(block)) => assert!(block.iter().all(|sample| sample.is_finite())),
            Ok(None) => break,
            Err(Failure::Rejected(_)) => return,
            Err(Failure::Io(error)) => panic!("memory failed: {error}"),
        }
    }
    decoder.warnings();
});
