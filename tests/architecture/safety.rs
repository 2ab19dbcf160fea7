//! Unsafe code is denied by a lint; one place, with its reason, may ask for leave.

use super::source::{LIBRARIES, SERVER, Source, Violation, assert_guilty, hold};

fn one_leave_at_most<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Violation> {
    let leaves = sources.flat_map(|source| {
        let asked = source.mentions.iter().filter(|mention| mention.it == ["unsafe_code"]);
        asked.map(move |mention| {
            Violation::at(source, mention.line, "a second place with unsafe code: find a safe crate")
        })
    });
    leaves.skip(1).collect()
}

#[test]
fn unsafe_code_stands_in_one_place_at_most() {
    hold(&one_leave_at_most(SERVER.iter().chain(LIBRARIES.iter())));
}

#[test]
fn a_second_place_is_found() {
    let text = "#[expect(unsafe_code, reason = \"FFI\")]\nmod a;\n#[allow(unsafe_code)]\nmod b;";
    assert_guilty(&one_leave_at_most([Source::parse("src/platform/opus.rs", text)].iter()), "src/platform/opus.rs:3");
}
