mod align;
mod chroma;
mod classify;
mod compact;
mod keys;

pub use self::align::{Match, align};
use self::chroma::Spectrum;
use self::classify::Classifiers;
pub use self::keys::fingerprint_keys;
use crate::decimate::Decimator;
use crate::decode::Decoder;
use crate::failure::{Failure, Rejection};
use crate::limits::Limits;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

/// What a recording sounds like, in the form of Chromaprint's algorithm 2 (fpcalc's default).
///
/// One item of 32 bits for each 1,365 samples at 11,025 Hz, which is 8.08 items per second; each covers
/// 2.65 s from its place on. Less sound than that gives none. Two recordings are compared by the bits
/// that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// In the order of time.
    pub items: Vec<u32>,
}

/// The fingerprint of a whole source, however long, in one decode pass and with four bytes per item.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read.
pub fn fingerprint(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
) -> Result<Fingerprint, Failure> {
    let mut decoder = Decoder::open(source, extension, limits)?;
    let probe = decoder.probe();
    let mut decimator = Decimator::new(decoder.layout(), probe.sample_rate_hz, probe.bits_per_sample);
    let mut fingerprinter = Fingerprinter::new();
    let mut mono = Vec::new();
    while let Some(block) = decoder.next_block()? {
        decimator.push(block, &mut mono);
        fingerprinter.add_mono(&mono);
        mono.clear();
    }
    if decoder.frames() == 0 {
        return Err(Rejection::Empty.into());
    }
    decimator.finish(&mut mono);
    fingerprinter.add_mono(&mono);
    Ok(fingerprinter.finish())
}

/// Collects the fingerprint of what a [`Decimator`] gives.
pub(crate) struct Fingerprinter {
    spectrum: Spectrum,
    classifiers: Classifiers,
    items: Vec<u32>,
}

impl Fingerprinter {
    pub(crate) fn new() -> Self {
        Self { spectrum: Spectrum::new(), classifiers: Classifiers::new(), items: Vec::new() }
    }

    /// `mono` has 11,025 Hz; any number of samples. What is beyond ±1.0 is clipped, as fpcalc does.
    pub(crate) fn add_mono(&mut self, mono: &[f32]) {
        self.spectrum.add(mono, |chroma| self.items.extend(self.classifiers.add(chroma)));
    }

    pub(crate) fn finish(mut self) -> Fingerprint {
        self.spectrum.finish(|chroma| self.items.extend(self.classifiers.add(chroma)));
        Fingerprint { items: self.items }
    }
}
