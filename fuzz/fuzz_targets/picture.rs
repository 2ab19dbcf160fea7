//! Pictures, as the sandboxed child decodes them.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, unused_imports, reason = "a part of private modules")]
#[path = "."]
mod platform {
    #[path = "."]
    pub(crate) mod pictures {
        pub(crate) const MAX_BYTES: usize = 10 * 1024 * 1024;
        pub(crate) const LARGE: u32 = 512;
        pub(crate) const SMALL: u32 = 128;

        #[path = "../../src/platform/pictures/child.rs"]
        mod child;

        pub(crate) fn decode(file: &[u8]) {
            if let Ok(square) = child::square(file) {
                assert_eq!(square.dimensions(), (LARGE, LARGE));
            }
        }
    }
    #[path = "../../src/platform/sandbox/mod.rs"]
    pub(crate) mod sandbox;
}

fuzz_target!(|file: &[u8]| platform::pictures::decode(file));
