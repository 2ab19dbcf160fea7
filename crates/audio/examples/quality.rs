//! Inspect files: `quality <source>...` prints the report of each as JSON, and its findings as sentences.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks there")]

use legato_audio::{Failure, Limits, inspect};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let sources: Vec<OsString> = std::env::args_os().skip(1).collect();
    if sources.is_empty() {
        eprintln!("usage: quality <source>...");
        return ExitCode::from(2);
    }
    let mut code = ExitCode::SUCCESS;
    for source in &sources {
        println!("{}", Path::new(source).display());
        if let Err(failure) = tell(source.as_ref()) {
            eprintln!("{failure}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn tell(source: &Path) -> Result<(), Failure> {
    let extension = source.extension().and_then(|extension| extension.to_str());
    let inspection = inspect(File::open(source)?, extension, &Limits::default())?;
    println!("{}", serde_json::to_string(&inspection).map_err(io::Error::other)?);
    for finding in &inspection.findings {
        println!("- {:?}: {finding}", finding.severity());
    }
    Ok(())
}
