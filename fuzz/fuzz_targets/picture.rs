//! Pictures, as the sandboxed child decodes them.
#![no_main]

use std::fs::File;
use std::io::{Seek, Write};

use legato_pictures::{Cut, Shape, decode};
use libfuzzer_sys::fuzz_target;
use rustix::fs::{MemfdFlags, memfd_create};

fuzz_target!(|bytes: &[u8]| {
    let mut file = File::from(memfd_create("picture", MemfdFlags::CLOEXEC).expect("memory"));
    file.write_all(bytes).expect("written");
    file.rewind().expect("the beginning");
    // Whether it is a picture does not matter here: it must neither crash nor hang.
    drop(decode(file, Cut { shape: Shape::Square, min_side: 1 }));
});
