use crate::quality::chunk::{Chunk, Totals};

/// Each channel's mean, power and peak over the whole track.
pub(crate) struct Offset {
    channels: Vec<Totals>,
    frames: u64,
}

impl Offset {
    pub(crate) fn new(channels: usize) -> Self {
        Self { channels: vec![Totals::default(); channels], frames: 0 }
    }

    pub(crate) fn add(&mut self, chunk: &Chunk) {
        for (all, (_, totals)) in self.channels.iter_mut().zip(chunk.planes()) {
            all.sum += totals.sum;
            all.energy += totals.energy;
            all.highest = all.highest.max(totals.highest);
            all.lowest = all.lowest.min(totals.lowest);
        }
        self.frames += chunk.frames() as u64;
    }

    /// The mean of each channel.
    pub(crate) fn means(&self) -> Vec<f64> {
        self.channels.iter().map(|totals| totals.sum / self.divisor()).collect()
    }

    /// The mean square of each channel, without its offset.
    pub(crate) fn powers(&self) -> Vec<f64> {
        let power = |(totals, mean): (&Totals, f64)| (totals.energy / self.divisor() - mean * mean).max(0.0);
        self.channels.iter().zip(self.means()).map(power).collect()
    }

    /// The greatest absolute sample of all channels.
    pub(crate) fn peak(&self) -> f64 {
        self.channels.iter().map(|totals| f64::from(totals.peak())).fold(0.0, f64::max)
    }

    fn divisor(&self) -> f64 {
        self.frames.max(1) as f64
    }
}
