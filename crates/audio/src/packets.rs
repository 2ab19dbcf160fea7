//! Samples into packets of one length, as encoders want them.

use std::io::Result;

/// Samples that wait until there are enough for a packet.
pub(crate) struct Packets {
    frames: usize,
    channels: usize,
    /// Fewer samples than a packet has.
    pending: Vec<f32>,
    /// Packets that were encoded.
    count: u64,
}

impl Packets {
    /// Of so many frames each.
    pub(crate) fn new(frames: usize, channels: usize) -> Self {
        Self { frames, channels, pending: Vec::new(), count: 0 }
    }

    /// `samples` are whole frames, interleaved; `encode` gets each packet that is full.
    pub(crate) fn push(&mut self, samples: &[f32], mut encode: impl FnMut(&[f32]) -> Result<()>) -> Result<()> {
        let full = self.frames * self.channels;
        self.pending.extend_from_slice(samples);
        let packets = self.pending.chunks_exact(full);
        let used = self.pending.len() - packets.remainder().len();
        for packet in packets {
            encode(packet)?;
            self.count += 1;
        }
        self.pending.drain(..used);
        Ok(())
    }

    /// Silence pushes the last of the music out of an encoder that is `delay` frames behind. Gives the frames of music.
    pub(crate) fn finish(&mut self, delay: u64, mut encode: impl FnMut(&[f32]) -> Result<()>) -> Result<u64> {
        let total = self.count * self.frames as u64 + (self.pending.len() / self.channels) as u64;
        let packets = (total + delay).div_ceil(self.frames as u64) - self.count;
        self.pending.resize(packets as usize * self.frames * self.channels, 0.0);
        self.pending.chunks_exact(self.frames * self.channels).try_for_each(&mut encode)?;
        Ok(total)
    }
}
