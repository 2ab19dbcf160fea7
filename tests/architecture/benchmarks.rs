//! `bin/bench` writes its page anew and keeps what people measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const BY_HAND: &str = "<!-- By hand: bin/bench keeps what stands from here on. -->";

/// Runs `bin/bench` on a page with this text; each program measures nothing but says its name.
fn bench(name: &str, text: &str, programs: &str) -> (Output, String) {
    let page = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&page, text).expect("a page");
    let mut command = Command::new(Path::new(ROOT).join("bin/bench"));
    let output = command.env("LEGATO_BENCH_PAGE", &page).env("LEGATO_BENCH_COMMAND", programs).output().expect("bash");
    (output, std::fs::read_to_string(&page).expect("the page stays"))
}

#[test]
fn what_was_measured_by_hand_stays() {
    let hand = format!("{BY_HAND}\n\n## By hand\n\nA mix took 46 s | \\ & $1.\n");
    let (output, page) = bench("kept.md", &format!("# Benchmarks\n\nold numbers\n\n{hand}"), "echo ##");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(page.starts_with("# Benchmarks\n") && page.contains("\n## jobs\n"), "{page}");
    assert!(page.ends_with(&format!("\n## delivery\n\n{hand}")), "{page}");
    assert!(!page.contains("old numbers"), "{page}");
}

#[test]
fn a_page_without_the_line_or_with_a_program_that_fails_is_left_alone() {
    let unmarked = "# Benchmarks\n\nall by hand\n";
    let (output, page) = bench("unmarked.md", unmarked, "echo ##");
    assert!(!output.status.success() && page == unmarked, "{page}");
    let marked = format!("# Benchmarks\n\nold numbers\n\n{BY_HAND}\n");
    let (output, page) = bench("failing.md", &marked, "false");
    assert!(!output.status.success() && page == marked, "{page}");
}

#[test]
fn the_page_has_the_line() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/BENCHMARKS.md")).expect("a page");
    assert_eq!(page.lines().filter(|line| *line == BY_HAND).count(), 1);
}
