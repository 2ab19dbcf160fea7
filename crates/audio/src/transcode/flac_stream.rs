use super::stream::{Source, Tap};
use crate::cmaf::{CmafFormat, CmafWriter, MediaRange};
use crate::flac::{FlacBits, FlacFile, FlacFormat, FlacFrame, FlacFrames};
use crate::labels::FrontCover;
use crate::output::{Output, Rendition, Sink};
use crate::rung::Rung;
use std::io;

/// FLAC as a file, and the heads of CMAF segments whose bodies are that file's frames.
pub(super) struct FlacStream {
    rung: Rung,
    format: FlacFormat,
    frames: FlacFrames,
    /// For more than two channels: where each one of FLAC's stands in a source frame.
    order: Option<Vec<usize>>,
    ordered: Vec<f32>,
    boxes: Boxes,
}

/// What takes the encoded frames.
struct Boxes {
    file: FlacFile<Box<dyn Sink>>,
    cmaf: Option<CmafWriter<Box<dyn Sink>>>,
}

/// Where more than 16 bits and 48 kHz are not wanted.
const CD_RATE_HZ: u32 = 48_000;

impl FlacStream {
    pub(super) fn new(output: Output, source: &Source<'_>) -> io::Result<(Tap, Self)> {
        let Output { rung, whole, segments } = output;
        let order = (rung == Rung::Flac).then(|| source.layout.flac_order()).flatten();
        let (tap, format) = shape(rung, source, order.is_some());
        let frames = FlacFrames::new(format)?;
        let info = frames.stream_info();
        let cover = source.labels.covers.large.as_ref().map(FrontCover::as_cover);
        let file = FlacFile::new(whole, &info, source.labels, cover)?;
        let cmaf = segments.map(|out| CmafWriter::new(out, &CmafFormat::flac(&info))).transpose()?;
        let boxes = Boxes { file, cmaf };
        Ok((tap, Self { rung, format, frames, order, ordered: Vec::new(), boxes }))
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { frames, boxes, order, ordered, .. } = self;
        let samples = match order {
            None => samples,
            Some(order) => {
                ordered.clear();
                let sources = samples.chunks_exact(order.len());
                ordered.extend(sources.flat_map(|frame| order.iter().map(|channel| frame[*channel])));
                ordered
            }
        };
        frames.push(samples, &mut |frame| boxes.take(&frame))
    }

    pub(super) fn finish(self) -> io::Result<Rendition> {
        let Self { rung, format, frames, mut boxes, .. } = self;
        let info = frames.finish(&mut |frame| boxes.take(&frame))?;
        Ok(Rendition {
            rung,
            size: boxes.file.finish(&info)?.size,
            sample_rate_hz: format.rate_hz,
            channels: format.channels,
            bits_per_sample: Some(format.bits.count()),
            frames: info.frames,
            cmaf: boxes.cmaf.map(|cmaf| cmaf.finish(info.frames)).transpose()?,
        })
    }
}

impl Boxes {
    fn take(&mut self, frame: &FlacFrame<'_>) -> io::Result<()> {
        let at = self.file.position();
        self.file.push(frame)?;
        let media = MediaRange { offset: at, size: frame.bytes.len() as u64 };
        self.cmaf.as_mut().map_or(Ok(()), |cmaf| cmaf.push_elsewhere(media, frame.samples))
    }
}

/// Where the samples come from, and how they are stored. `has_order` keeps more than two channels.
pub(crate) fn shape(rung: Rung, source: &Source<'_>, has_order: bool) -> (Tap, FlacFormat) {
    let probe = source.probe;
    let channels = source.channels as u16;
    let mixed_bits = probe.bits_per_sample.filter(|_| probe.channels <= 2);
    match rung {
        Rung::Flac16 => {
            let (tap, rate_hz) = source.tap(|rate_hz| rate_hz <= CD_RATE_HZ);
            // What was mixed or resampled has more bits than it came with.
            let source_bits = mixed_bits.filter(|_| tap == Tap::Mixed);
            (tap, FlacFormat { channels, rate_hz, bits: FlacBits::Sixteen, source_bits })
        }
        _ => {
            let is_cd = mixed_bits.or(probe.bits_per_sample.filter(|_| has_order)).is_some_and(|bits| bits <= 16);
            let bits = if is_cd { FlacBits::Sixteen } else { FlacBits::TwentyFour };
            if has_order {
                let format = FlacFormat {
                    channels: probe.channels,
                    rate_hz: probe.sample_rate_hz,
                    bits,
                    source_bits: probe.bits_per_sample,
                };
                return (Tap::Source, format);
            }
            let (tap, rate_hz) = source.tap(FlacFrames::holds);
            let (bits, source_bits) = match tap {
                Tap::Resampled => (FlacBits::TwentyFour, None),
                _ => (bits, probe.bits_per_sample),
            };
            (tap, FlacFormat { channels, rate_hz, bits, source_bits })
        }
    }
}
