use crate::analyse::{Analyser, Analysis, Heard};
use crate::decode::Decoder;
use crate::failure::{Failure, Rejection};
use crate::fingerprint::Fingerprint;
use crate::ladder;
use crate::limits::Limits;
use crate::probe::Probe;
use crate::transcode::{OpusRendition, Transcoder};
use crate::warning::Warning;
use crate::waveform::Waveform;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, Write};
use std::time::{Duration, Instant};

/// One rung of the Opus ladder, and where it goes.
pub struct OpusOutput<'a> {
    /// Bits per second on average, of a stereo stream.
    pub stereo_bps: u32,
    /// The lowest rung of the ladder that this one is of: that is made of any source, however poor.
    pub lowest_bps: u32,
    /// Takes the whole Ogg Opus file.
    pub ogg: &'a mut dyn Write,
    /// Takes the CMAF file: init segment and media segments.
    pub cmaf: &'a mut dyn Write,
}

/// How far [`render`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Of the source's bytes, 0 to 100. 100 comes once, at the end.
    pub percent: u8,
    /// Whole seconds of sound decoded so far: how long the source is at least, whatever it claims.
    pub seconds: u64,
}

/// All that one pass over a source gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rendered {
    /// What the source is.
    pub probe: Probe,
    /// What was measured on the original channels.
    pub analysis: Analysis,
    /// For drawing.
    pub waveform: Waveform,
    /// For finding the same recording again. Not in the JSON: it grows with the track.
    #[serde(skip)]
    pub fingerprint: Fingerprint,
    /// Samples at 48 kHz in each rendition, without pre-skip and end trim: ceil(frames × 48000 / rate).
    pub rendition_frames: u64,
    /// Channels of the renditions: 1 or 2.
    pub rendition_channels: u16,
    /// The rungs that were encoded, in the order of the outputs. One that is missing is more than a lossy source is
    /// worth; its outputs stay empty.
    pub opus: Vec<OpusRendition>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Analyse and transcode in one decode pass, in constant memory.
///
/// The same source gives the same bytes. `progress` is called at most twenty times per second, and, while there is
/// anything to decode, about once.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read or an
/// output cannot be written. What the outputs hold is then incomplete.
pub fn render(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
    outputs: Vec<OpusOutput<'_>>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Rendered, Failure> {
    let mut decoder = Decoder::open(source, extension, limits)?;
    let probe = decoder.probe().clone();
    let layout = decoder.layout().clone();
    let mut analyser = Analyser::new(&layout, &probe);
    let outputs = worthwhile(outputs, layout.channels(), decoder.worth_bps());
    let mut transcoder = Transcoder::new(&layout, probe.sample_rate_hz, outputs)?;
    let rendition_channels = transcoder.channels() as u16;
    let mut pace = Pace::new(progress);

    while let Some(block) = decoder.next_block()? {
        analyser.add(block);
        transcoder.push(block)?;
        pace.tell(decoder.percent(), decoder.frames() / u64::from(probe.sample_rate_hz));
    }
    let frames = decoder.frames();
    if frames == 0 {
        return Err(Rejection::Empty.into());
    }
    let opus = transcoder.finish(frames)?;
    let Heard { analysis, waveform, fingerprint } = analyser.finish(&probe, frames);
    pace.end();
    Ok(Rendered {
        rendition_frames: crate::resample::output_frames(frames, probe.sample_rate_hz),
        rendition_channels,
        probe,
        analysis,
        waveform,
        fingerprint,
        opus,
        warnings: decoder.warnings(),
    })
}

fn worthwhile(outputs: Vec<OpusOutput<'_>>, channels: usize, worth_bps: Option<u32>) -> Vec<OpusOutput<'_>> {
    let kept = |output: &OpusOutput<'_>| ladder::is_worth(output.stereo_bps, output.lowest_bps, channels, worth_bps);
    outputs.into_iter().filter(kept).collect()
}

/// Tells the percent when it has changed and some time has passed, and the seconds at least now and then.
struct Pace<'a> {
    progress: &'a mut dyn FnMut(Progress),
    seconds: u64,
    told: Option<(u8, Instant)>,
}

const PAUSE: Duration = Duration::from_millis(50);
const LONG_PAUSE: Duration = Duration::from_secs(1);

impl<'a> Pace<'a> {
    fn new(progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self { progress, seconds: 0, told: None }
    }

    fn tell(&mut self, percent: u8, seconds: u64) {
        let percent = percent.min(99);
        self.seconds = seconds;
        let is_due = |told: u8, at: Instant| at.elapsed() >= if told == percent { LONG_PAUSE } else { PAUSE };
        if self.told.is_none_or(|(told, at)| is_due(told, at)) {
            (self.progress)(Progress { percent, seconds });
            self.told = Some((percent, Instant::now()));
        }
    }

    fn end(self) {
        (self.progress)(Progress { percent: 100, seconds: self.seconds });
    }
}
