//! Fingerprint files: `fingerprint <source> …` prints each in the form that fpcalc prints.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks there")]

use legato_audio::{Failure, Limits, fingerprint};
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args_os().skip(1) {
        if let Err(failure) = run(path.as_ref()) {
            eprintln!("{}: {failure}", path.display());
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn run(path: &Path) -> Result<(), Failure> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    println!("{}", fingerprint(File::open(path)?, extension, &Limits::default())?.encode());
    Ok(())
}
