//! Render one file: `render <source> <folder> [opus_128,flac]` prints the result as JSON, and the time and
//! memory that it took.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks there")]

use legato_audio::{Failure, Limits, Output, Plan, Rung, Sink, render};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [source, folder, ladder @ ..] = arguments.as_slice() else {
        eprintln!("usage: render <source> <folder> [opus_128,flac]");
        return ExitCode::from(2);
    };
    let ladder = ladder.first().map_or("opus_128".into(), |ladder| ladder.to_string_lossy());
    match run(source.as_ref(), folder.as_ref(), &ladder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Rejected(rejection)) => {
            eprintln!("{}: {rejection} {}", rejection.slug(), peak_memory());
            ExitCode::from(3)
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(source: &Path, folder: &Path, ladder: &str) -> Result<(), Failure> {
    let started = Instant::now();
    let extension = source.extension().and_then(|extension| extension.to_str());
    let source = File::open(source)?;
    let outputs = ladder.split(',').map(|name| output(folder, name)).collect::<Result<_, _>>()?;
    let plan = Plan { outputs, ..Plan::default() };
    let rendered = render(source, extension, &Limits::default(), plan, &mut |_| {})?;
    println!("{}", serde_json::to_string(&rendered).map_err(std::io::Error::other)?);
    eprintln!("{:.2} s, {}", started.elapsed().as_secs_f64(), peak_memory());
    Ok(())
}

fn output(folder: &Path, name: &str) -> Result<Output, Failure> {
    let rung: Rung = name.parse().map_err(std::io::Error::other)?;
    let create = |ending: &str| -> std::io::Result<Box<dyn Sink>> {
        Ok(Box::new(BufWriter::new(File::create(folder.join(format!("{name}{ending}")))?)))
    };
    Ok(Output { rung, whole: create("")?, segments: Some(create(".mp4")?) })
}

/// The process's peak of resident memory, as Linux counts it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown").to_owned()
}
