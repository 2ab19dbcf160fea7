use crate::decode::Decoder;
use crate::failure::{Failure, Rejection};
use crate::limits::Limits;
use crate::loudness::{Loudness, Meter};
use crate::probe::Probe;
use crate::quality::{Finding, Quality, QualityMeter, findings};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

/// What a source is, and how good it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// What the source is.
    pub probe: Probe,
    /// After EBU R 128.
    pub loudness: Loudness,
    /// What was measured.
    pub quality: Quality,
    /// What that means.
    pub findings: Vec<Finding>,
}

/// Measure a source in one decode pass, without making anything of it.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read.
pub fn inspect(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
) -> Result<Inspection, Failure> {
    let mut decoder = Decoder::open(source, extension, limits)?;
    let probe = decoder.probe().clone();
    let layout = decoder.layout().clone();
    let mut meter = Meter::new(&layout, probe.sample_rate_hz);
    let mut quality = QualityMeter::new(layout.channels(), probe.sample_rate_hz, probe.codec.is_lossless());
    while let Some(block) = decoder.next_block()? {
        meter.add(block);
        quality.add(block);
    }
    if decoder.frames() == 0 {
        return Err(Rejection::Empty.into());
    }
    let loudness = meter.finish();
    let quality = quality.finish();
    let findings = findings(&quality, &probe, &loudness);
    Ok(Inspection { probe, loudness, quality, findings })
}
