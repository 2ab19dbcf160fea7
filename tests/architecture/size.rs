//! A file is read in one sitting, a function at one glance.

use super::source::{BENCHES, LIBRARIES, SERVER, Source, TESTS, Violation, assert_guilty, hold};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

fn files_are_short(sources: &[Source]) -> Vec<Violation> {
    // A schema is a list, as long as the module's tables are many.
    let long = sources.iter().filter(|source| source.lines > FILE_LINES && source.name() != "schema");
    long.map(|source| Violation::at(source, source.lines, "more than 400 lines: say it in two files")).collect()
}

fn functions_are_short(sources: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources {
        for long in source.functions.iter().filter(|function| function.lines > FUNCTION_LINES) {
            let advice = format!("`{}` has {} lines, more than {FUNCTION_LINES}: split it", long.name, long.lines);
            violations.push(Violation::at(source, long.line, advice));
        }
    }
    violations
}

#[test]
fn no_file_is_longer_than_400_lines() {
    for sources in [&SERVER, &LIBRARIES, &TESTS, &BENCHES] {
        hold(&files_are_short(sources));
    }
}

#[test]
fn no_function_is_longer_than_60_lines() {
    for sources in [&SERVER, &LIBRARIES, &TESTS, &BENCHES] {
        hold(&functions_are_short(sources));
    }
}

#[test]
fn a_long_file_is_found() {
    let text = "//\n".repeat(FILE_LINES + 1);
    assert_guilty(&files_are_short(&[Source::parse("src/x/y.rs", &text)]), "src/x/y.rs:401");
    hold(&files_are_short(&[Source::parse("src/x/schema.rs", &text)]));
}

#[test]
fn a_long_function_is_found() {
    let function = |lines: usize| format!("\nfn f() {{\n{}}}", "g();\n".repeat(lines));
    let check = |lines| functions_are_short(&[Source::parse("src/x/y.rs", &function(lines))]);
    assert_guilty(&check(FUNCTION_LINES - 1), "src/x/y.rs:2");
    hold(&check(FUNCTION_LINES - 2));
}
