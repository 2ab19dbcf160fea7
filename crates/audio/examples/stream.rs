//! Streams a file as one rung from a position to standard output, and says on standard error how long the first byte and
//! all of them took: `stream song.flac opus_128 90000 segments > song.mp4`.

#![expect(clippy::print_stderr, reason = "an example talks")]

use legato_audio::{Form, Labels, Limits, OPUS_COMPLEXITY, Wish, stream};
use std::error::Error;
use std::fs::File;
use std::io::{self, Write};
use std::time::Instant;

struct Timed<W> {
    out: W,
    begun: Instant,
    bytes: u64,
}

impl<W: Write> Write for Timed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let first = self.bytes == 0;
        self.bytes += bytes.len() as u64;
        let written = self.out.write(bytes)?;
        if first {
            eprintln!("headers after {:.1?}", self.begun.elapsed());
        } else if self.bytes - (bytes.len() as u64) < 4_096 {
            eprintln!("sound after {:.1?}", self.begun.elapsed());
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, rung, start_ms, form @ ..] = &arguments[..] else {
        return Err("stream FILE RUNG START_MS [segments]".into());
    };
    let form = if form.is_empty() { Form::Whole } else { Form::Segments };
    let wish = Wish {
        rung: rung.parse()?,
        form,
        start_ms: start_ms.parse()?,
        labels: Labels::default(),
        opus_complexity: OPUS_COMPLEXITY,
    };
    let begun = Instant::now();
    let out = Timed { out: io::stdout().lock(), begun, bytes: 0 };
    let done = stream(|| File::open(path), None, &Limits::default(), &wish, out, &mut |_| true)?;
    eprintln!("{done:?} after {:.1?}", begun.elapsed());
    Ok(())
}
