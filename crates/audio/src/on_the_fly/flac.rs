use super::start::{Position, Start};
use super::{Form, Wish};
use crate::cmaf::{CmafFormat, CmafWriter};
use crate::flac::{FlacFrame, FlacFrames, forward_head};
use crate::rung::Rung;
use crate::transcode::{Source, Tap, flac_shape};
use std::io::{self, Write};

/// FLAC from the very frame that is heard first.
pub(super) struct FlacLive<W> {
    frames: FlacFrames,
    position: Position,
    order: Option<Vec<usize>>,
    ordered: Vec<f32>,
    sink: Sink<W>,
}

enum Sink<W> {
    File(W),
    Cmaf(CmafWriter<W>),
}

impl<W: Write> FlacLive<W> {
    pub(super) fn new(wish: &Wish, source: &Source<'_>, start: &Start, mut out: W) -> io::Result<(Tap, u32, Self)> {
        let order = source.layout.flac_order();
        let order = order.filter(|_| wish.rung == Rung::Flac && FlacFrames::holds(source.probe.sample_rate_hz));
        let (tap, format) = flac_shape(wish.rung, source, order.is_some());
        let frames = FlacFrames::new(format)?;
        let info = frames.stream_info();
        let sink = match wish.form {
            Form::Whole => {
                out.write_all(&forward_head(&info, source.labels)?)?;
                Sink::File(out)
            }
            Form::Segments => Sink::Cmaf(CmafWriter::new(out, &CmafFormat::flac(&info))?),
        };
        let (begin, encode) = start.at(format.rate_hz);
        let position = Position { begin, encode };
        Ok((tap, format.rate_hz, Self { frames, position, order, ordered: Vec::new(), sink }))
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> io::Result<()> {
        let Self { frames, order, ordered, sink, .. } = self;
        let samples = match order {
            None => samples,
            Some(order) => {
                ordered.clear();
                let sources = samples.chunks_exact(order.len());
                ordered.extend(sources.flat_map(|frame| order.iter().map(|channel| frame[*channel])));
                ordered
            }
        };
        frames.push(samples, &mut |frame| sink.take(&frame))
    }

    pub(super) fn finish(self) -> io::Result<u64> {
        let Self { frames, mut sink, .. } = self;
        let info = frames.finish(&mut |frame| sink.take(&frame))?;
        match sink {
            Sink::File(mut out) => out.flush()?,
            Sink::Cmaf(cmaf) => drop(cmaf.finish(info.frames)?),
        }
        Ok(info.frames)
    }
}

impl<W: Write> Sink<W> {
    fn take(&mut self, frame: &FlacFrame<'_>) -> io::Result<()> {
        match self {
            Self::File(out) => out.write_all(frame.bytes),
            Self::Cmaf(cmaf) => cmaf.push(frame.bytes, frame.samples),
        }
    }
}
