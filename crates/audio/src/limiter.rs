/// Keeps samples within full scale, by turning the gain down around overs instead of cutting them off.
///
/// It acts on downmixes and on float sources above full scale only; everything else passes bit by bit.
/// The gain moves linearly across blocks of 256 frames and looks one block ahead, so it is already
/// down when a peak comes; it recovers slowly. Delays by one block, which [`finish`](Self::finish) gives.
pub(crate) struct Limiter {
    channels: usize,
    /// Samples that do not make a block yet.
    partial: Vec<f32>,
    /// The block that waits for its successor's peak.
    waiting: Option<Block>,
    /// The gain where `waiting` begins.
    gain: f32,
}

struct Block {
    samples: Vec<f32>,
    /// The greatest gain that keeps it within full scale.
    ceiling: f32,
}

pub(crate) const BLOCK_FRAMES: usize = 256;
/// The gain's rise per block at 44.1 kHz: about a second from -6 dB back to full.
const RECOVERY: f32 = 1.004;

impl Limiter {
    pub(crate) fn new(channels: usize) -> Self {
        Self { channels, partial: Vec::new(), waiting: None, gain: 1.0 }
    }

    /// Append what is ready of the interleaved samples to `out`.
    pub(crate) fn push(&mut self, mut samples: &[f32], out: &mut Vec<f32>) {
        let block = BLOCK_FRAMES * self.channels;
        while self.partial.len() + samples.len() >= block {
            let (head, rest) = samples.split_at(block - self.partial.len());
            self.partial.extend_from_slice(head);
            samples = rest;
            self.turn(out);
        }
        self.partial.extend_from_slice(samples);
    }

    /// Append the rest to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        self.turn(out);
        self.turn(out);
    }

    /// Let the waiting block go, and the partial one wait.
    fn turn(&mut self, out: &mut Vec<f32>) {
        let next = Block::new(std::mem::take(&mut self.partial));
        let Some(Block { mut samples, ceiling }) = self.waiting.replace(next) else { return };
        let following = self.waiting.as_ref().map_or(1.0, |next| next.ceiling);
        let end = (self.gain * RECOVERY).min(ceiling).min(following);
        if self.gain < 1.0 || end < 1.0 {
            ramp(&mut samples, self.channels, self.gain, end);
        }
        self.gain = end;
        out.extend_from_slice(&samples);
        samples.clear();
        self.partial = samples;
    }
}

impl Block {
    fn new(samples: Vec<f32>) -> Self {
        let peak = samples.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
        Self { samples, ceiling: if peak > 1.0 { 1.0 / peak } else { 1.0 } }
    }
}

fn ramp(samples: &mut [f32], channels: usize, from: f32, to: f32) {
    let frames = (samples.len() / channels) as f32;
    for (index, frame) in samples.chunks_exact_mut(channels).enumerate() {
        let gain = from + (to - from) * index as f32 / frames;
        frame.iter_mut().for_each(|sample| *sample *= gain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(samples: &[f32], channels: usize, piece: usize) -> Vec<f32> {
        let (mut limiter, mut out) = (Limiter::new(channels), Vec::new());
        samples.chunks(piece * channels).for_each(|piece| limiter.push(piece, &mut out));
        limiter.finish(&mut out);
        out
    }

    #[test]
    fn nothing_changes_within_full_scale() {
        let samples: Vec<f32> = (0..20_002).map(|n| ((n * 37) % 2_001) as f32 / 1_000.0 - 1.0).collect();
        for piece in [1, 255, 256, 257, 5_000] {
            assert_eq!(limited(&samples, 2, piece), samples);
        }
    }

    #[test]
    fn overs_come_down_to_full_scale_and_the_gain_recovers() {
        let mut samples = vec![0.5f32; 200_000];
        samples[300] = 2.5;
        samples[9_000] = -1.5;
        let out = limited(&samples, 1, 1_000);
        assert_eq!(out.len(), samples.len());
        assert!(out.iter().all(|sample| sample.abs() <= 1.000_001));
        assert!(out[300] > 0.5, "the peak is turned down, not away");
        assert_eq!(out[199_999], 0.5);
    }
}
