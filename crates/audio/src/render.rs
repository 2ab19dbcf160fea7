use crate::analyse::{Analyser, Analysis, Heard};
use crate::crew::SpareThread;
use crate::decode::Decoder;
use crate::failure::{Failure, Rejection};
use crate::fingerprint::Fingerprint;
use crate::labels::Labels;
use crate::limits::Limits;
use crate::output::{Output, Rendition};
use crate::probe::Probe;
use crate::rung::{self, Rung};
use crate::transcode::Transcoder;
use crate::warning::Warning;
use crate::waveform::Waveform;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};
use std::time::{Duration, Instant};

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
    /// For drawing. Not in the JSON, for it is long.
    #[serde(skip)]
    pub waveform: Waveform,
    /// For finding the same recording again. Not in the JSON: it grows with the track.
    #[serde(skip)]
    pub fingerprint: Fingerprint,
    /// The rungs that were made, in the order of the outputs. One that is missing is more than the source is worth;
    /// its outputs stay empty.
    pub renditions: Vec<Rendition>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// What [`render`] makes of a source, beside measuring it.
#[derive(Default)]
pub struct Plan {
    /// The whole ladder: which of its rungs a source is worth depends on the others. Empty: that of the outputs.
    pub ladder: Vec<Rung>,
    /// The rungs that are to be made.
    pub outputs: Vec<Output>,
    /// What the files say of themselves.
    pub labels: Labels,
    /// Threads that help to encode; without them all is done on the caller's.
    pub spare_threads: Vec<SpareThread>,
}

/// Analyse and transcode in one decode pass, in constant memory.
///
/// The same source and labels give the same bytes, with any number of spare_threads. `progress` is called at most twenty
/// times per second, and, while there is anything to decode, about once.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read or an
/// output cannot be written. What the outputs hold is then incomplete.
pub fn render(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
    plan: Plan,
    progress: &mut dyn FnMut(Progress),
) -> Result<Rendered, Failure> {
    let mut decoder = Decoder::open_checking(source, extension, limits)?;
    let probe = decoder.probe().clone();
    let layout = decoder.layout().clone();
    let mut analyser = Analyser::new(&layout, &probe);
    let Plan { mut ladder, mut outputs, labels, spare_threads } = plan;
    if ladder.is_empty() {
        ladder = outputs.iter().map(|output| output.rung).collect();
    }
    let channels = probe.channels.min(2).into();
    let kept = rung::worthwhile(&ladder, &probe, channels, decoder.worth_bps());
    outputs.retain(|output| kept.contains(&output.rung));
    let mut transcoder = Transcoder::new(&layout, &probe, outputs, &labels, &spare_threads)?;
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
    let renditions = transcoder.finish(frames)?;
    let Heard { analysis, waveform, fingerprint } = analyser.finish(&probe, frames);
    pace.end();
    Ok(Rendered { probe, analysis, waveform, fingerprint, renditions, warnings: decoder.warnings() })
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
