//! Any bytes, streamed from any position: an answer in bounded time and memory, whatever the demuxer finds when it jumps.
#![no_main]

use std::io::{self, Cursor};
use std::time::Duration;

use legato_audio::{Form, Labels, Limits, OPUS_COMPLEXITY, Wish, stream};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // Behind the file, so that real ones are good to begin with.
    let Some((file, [high, low, what])) = input.split_last_chunk() else { return };
    let (start_ms, is_flac) = (u16::from_be_bytes([*high, *low]), what & 1 == 1);
    let limits = Limits { max_duration: Duration::from_secs(60), ..Limits::default() };
    let rung = if is_flac { "flac" } else { "opus_64" }.parse().expect("a rung");
    let form = if is_flac { Form::Whole } else { Form::Segments };
    let labels = Labels::default();
    let wish = Wish { rung, form, start_ms: start_ms.into(), labels, opus_complexity: OPUS_COMPLEXITY };
    // A few seconds of sound are enough.
    let mut is_wanted = |seconds| seconds < 3;
    let streamed = stream(|| Ok(Cursor::new(file.to_vec())), None, &limits, &wish, io::sink(), &mut is_wanted);
    if let Ok(Some(streamed)) = streamed {
        assert!(streamed.frames > 0);
    }
});
