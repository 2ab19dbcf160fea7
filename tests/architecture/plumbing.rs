//! Files, sockets, processes, threads and settings are `platform`'s to open; the libraries are pure.
//! (Tasks and the clock are clippy's affair: see `clippy.toml`.)

use super::source::{LIBRARIES, SERVER, Source, Violation, assert_guilty, hold};

/// Outside of `platform` and the roots: what stands under these names, and where to go instead. Types such as
/// `std::fs::File` may be passed along; functions may not be called.
const PLUMBING: &[(&str, &str)] = &[
    ("std::fs", "platform::storage keeps objects"),
    ("tokio::fs", "platform::storage keeps objects"),
    ("std::env", "platform::config reads settings, once"),
    ("std::net", "platform opens sockets"),
    ("tokio::net", "platform opens sockets"),
    ("std::process", "platform::sandbox runs children"),
    ("tokio::process", "platform::sandbox runs children"),
    ("std::thread::spawn", "platform::task::blocking runs a calculation"),
    ("std::thread::Builder", "platform::task::blocking runs a calculation"),
];
/// Types that open something by themselves.
const OPENERS: &[&str] =
    &["OpenOptions", "Command", "Builder", "TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener"];
/// Beyond those, what a pure library never names.
const IMPURE: &[&str] = &["tokio", "actix_web", "diesel", "diesel_async", "object_store", "tracing", "chrono"];

fn modules_open_nothing(sources: &[Source]) -> Vec<Violation> {
    let outside = ["lib", "main", "cli", "app", "platform"];
    opened(sources.iter().filter(|source| !outside.contains(&source.module())))
}

fn libraries_are_pure(sources: &[Source]) -> Vec<Violation> {
    let code = || sources.iter().filter(|source| source.path.contains("/src/"));
    let mut violations = opened(code());
    for source in code() {
        for mention in source.mentions.iter().filter(|mention| IMPURE.contains(&mention.it[0].as_str())) {
            let advice = format!("a library is pure and blocking: no `{}` here", mention.it[0]);
            violations.push(Violation::at(source, mention.line, advice));
        }
    }
    violations
}

fn opened<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources {
        for mention in &source.mentions {
            let path = mention.it.join("::");
            let under = |(name, _): &&(&str, &str)| path == *name || path.starts_with(&format!("{name}::"));
            if let Some((_, instead)) = PLUMBING.iter().find(under)
                && opens(&mention.it)
            {
                violations.push(Violation::at(source, mention.line, format!("`{path}` is plumbing: {instead}")));
            }
        }
    }
    violations
}

/// Whether this names a function, or a type that opens something; not a module, and not a type to pass along.
fn opens(path: &[String]) -> bool {
    let last = path.last().map_or("", String::as_str);
    let is_function = last.starts_with(char::is_lowercase) && path.len() > 2;
    is_function || path.iter().any(|segment| OPENERS.contains(&segment.as_str()))
}

#[test]
fn modules_leave_files_sockets_and_processes_to_platform() {
    hold(&modules_open_nothing(&SERVER));
}

#[test]
fn the_libraries_are_bytes_in_and_bytes_out() {
    hold(&libraries_are_pure(&LIBRARIES));
}

#[test]
fn plumbing_in_a_module_is_found() {
    let check = |text| modules_open_nothing(&[Source::parse("src/artists/upload.rs", text)]);
    for text in [
        "use std::fs::File;\nfn f() { File::open(\"x\") }",
        "use std::fs;\nfn f() { fs::read(\"x\") }",
        "\nuse tokio::process::Command;",
        "\nfn f() { std::env::var(\"LEGATO_X\") }",
        "\nfn f() { assert!(std::thread::spawn(g)) }",
    ] {
        assert_guilty(&check(text), "src/artists/upload.rs:2");
    }
}

#[test]
fn a_file_passed_along_and_a_question_are_innocent() {
    let text = "use std::{fs::File, net::IpAddr, thread};\nfn f(file: File) { thread::available_parallelism() }";
    hold(&modules_open_nothing(&[Source::parse("src/artists/upload.rs", text)]));
    hold(&modules_open_nothing(&[Source::parse("src/platform/sandbox.rs", "fn f() { std::thread::spawn(g) }")]));
}

#[test]
fn an_impure_library_is_found() {
    let check = |path, text| libraries_are_pure(&[Source::parse(path, text)]);
    assert_guilty(&check("crates/audio/src/probe.rs", "use tokio::io;"), "crates/audio/src/probe.rs:1");
    assert_guilty(&check("crates/audio/src/probe.rs", "fn f() { std::fs::read(p) }"), "crates/audio/src/probe.rs:1");
    hold(&check("crates/audio/examples/render.rs", "fn f() { std::fs::read(p) }"));
}
