//! Render one file: `render <source> <out.ogg> <out.mp4>` prints the result as JSON, and the time and
//! memory that it took.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks there")]

use legato_audio::{Failure, Limits, OpusOutput, render};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [source, ogg, cmaf] = arguments.as_slice() else {
        eprintln!("usage: render <source> <out.ogg> <out.mp4>");
        return ExitCode::from(2);
    };
    match run(source.as_ref(), ogg.as_ref(), cmaf.as_ref()) {
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

fn run(source: &Path, ogg: &Path, cmaf: &Path) -> Result<(), Failure> {
    let started = Instant::now();
    let extension = source.extension().and_then(|extension| extension.to_str());
    let source = File::open(source)?;
    let (mut ogg, mut cmaf) = (BufWriter::new(File::create(ogg)?), BufWriter::new(File::create(cmaf)?));
    let outputs = vec![OpusOutput { stereo_bps: 128_000, lowest_bps: 128_000, ogg: &mut ogg, cmaf: &mut cmaf }];
    let rendered = render(source, extension, &Limits::default(), outputs, &mut |_| {})?;
    println!("{}", serde_json::to_string(&rendered).map_err(std::io::Error::other)?);
    eprintln!("{:.2} s, {}", started.elapsed().as_secs_f64(), peak_memory());
    Ok(())
}

/// The process's peak of resident memory, as Linux counts it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown").to_owned()
}
