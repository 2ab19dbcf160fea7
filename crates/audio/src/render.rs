use crate::cmaf::CmafRendition;
use crate::decode::Decoder;
use crate::failure::{Failure, Rejection};
use crate::limits::Limits;
use crate::loudness::{Loudness, Meter};
use crate::ogg::OggRendition;
use crate::probe::Probe;
use crate::transcode::Transcoder;
use crate::warning::Warning;
use crate::waveform::{Peaks, Waveform};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Seek, Write};
use std::time::{Duration, Instant};

/// Where the renditions go.
pub struct Outputs<'a> {
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
    /// Samples at 48 kHz in each rendition, without pre-skip and end trim: ceil(frames × 48000 / rate).
    pub rendition_frames: u64,
    /// Channels of the renditions: 1 or 2.
    pub rendition_channels: u16,
    /// The whole file.
    pub ogg: OggRendition,
    /// The file for HLS.
    pub cmaf: CmafRendition,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Measured while decoding.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Frames decoded, at the source's rate.
    pub frames: u64,
    /// The source's frames per second.
    pub sample_rate_hz: u32,
    /// The source's samples per frame.
    pub channels: u16,
    /// After EBU R 128.
    pub loudness: Loudness,
}

/// Analyse and transcode in one decode pass, in constant memory.
///
/// The same source gives the same bytes. `progress` is called at most twenty times per second.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read or an
/// output cannot be written. What the outputs hold is then incomplete.
pub fn render(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
    outputs: Outputs<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Rendered, Failure> {
    let mut decoder = Decoder::open(source, extension, limits)?;
    let probe = decoder.probe().clone();
    let layout = decoder.layout().clone();
    let mut meter = Meter::new(&layout, probe.sample_rate_hz).map_err(io::Error::other)?;
    let mut peaks = Peaks::new(layout.channels());
    let mut transcoder = Transcoder::new(&layout, probe.sample_rate_hz, outputs)?;
    let rendition_channels = transcoder.channels() as u16;
    let mut pace = Pace::new(progress);

    while let Some(block) = decoder.next_block()? {
        meter.add(block).map_err(io::Error::other)?;
        peaks.add(block);
        transcoder.push(block)?;
        pace.tell(decoder.percent());
    }
    let frames = decoder.frames();
    if frames == 0 {
        return Err(Rejection::Empty.into());
    }
    let (ogg, cmaf) = transcoder.finish(frames)?;
    pace.end();
    Ok(Rendered {
        analysis: Analysis {
            frames,
            sample_rate_hz: probe.sample_rate_hz,
            channels: probe.channels,
            loudness: meter.finish().map_err(io::Error::other)?,
        },
        rendition_frames: crate::resample::output_frames(frames, probe.sample_rate_hz),
        rendition_channels,
        probe,
        waveform: peaks.finish(),
        ogg,
        cmaf,
        warnings: decoder.warnings(),
    })
}

/// Tells the percent when it has changed and some time has passed.
struct Pace<'a> {
    progress: &'a mut dyn FnMut(Progress),
    told: Option<(u8, Instant)>,
}

const PAUSE: Duration = Duration::from_millis(50);

impl<'a> Pace<'a> {
    fn new(progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self { progress, told: None }
    }

    fn tell(&mut self, percent: u8) {
        let percent = percent.min(99);
        if self.told.is_none_or(|(told, at)| told != percent && at.elapsed() >= PAUSE) {
            (self.progress)(Progress { percent });
            self.told = Some((percent, Instant::now()));
        }
    }

    fn end(self) {
        (self.progress)(Progress { percent: 100 });
    }
}
