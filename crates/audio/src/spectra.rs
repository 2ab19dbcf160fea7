use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f32::consts::TAU;
use std::sync::Arc;

/// Cuts a stream of samples into overlapping frames and gives the power of each frequency in them.
pub(crate) struct Spectra {
    fft: Arc<dyn RealToComplex<f32>>,
    /// Hann.
    window: Vec<f32>,
    hop: usize,
    pending: Vec<f32>,
    frame: Vec<f32>,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

/// What tempo and key listen to: mono samples per second.
pub(crate) const RATE_HZ: f32 = 11_025.0;

/// At most so many samples wait, however many come at once.
const PIECE: usize = 8_192;

impl Spectra {
    /// Frames of `size` samples, one every `hop` samples.
    pub(crate) fn new(size: usize, hop: usize) -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(size);
        let window = (0..size).map(|n| 0.5 - 0.5 * (TAU * n as f32 / size as f32).cos()).collect();
        let (frame, bins, scratch) = (fft.make_input_vec(), fft.make_output_vec(), fft.make_scratch_vec());
        let power = vec![0.0; bins.len()];
        Self { fft, window, hop, pending: Vec::new(), frame, bins, scratch, power }
    }

    /// `each` gets, for every frame that is complete, the power of `size / 2 + 1` frequencies from 0 to half
    /// the rate. A frame that the stream does not fill is not seen.
    pub(crate) fn add(&mut self, samples: &[f32], mut each: impl FnMut(&[f32])) {
        for piece in samples.chunks(PIECE) {
            self.pending.extend_from_slice(piece);
            let mut start = 0;
            while let Some(samples) = self.pending.get(start..start + self.window.len()) {
                for ((windowed, sample), weight) in self.frame.iter_mut().zip(samples).zip(&self.window) {
                    *windowed = sample * weight;
                }
                self.transform();
                each(&self.power);
                start += self.hop;
            }
            self.pending.drain(..start.min(self.pending.len()));
        }
    }

    fn transform(&mut self) {
        let done = self.fft.process_with_scratch(&mut self.frame, &mut self.bins, &mut self.scratch);
        debug_assert!(done.is_ok(), "the buffers are the plan's own");
        for (power, bin) in self.power.iter_mut().zip(&self.bins) {
            *power = bin.re * bin.re + bin.im * bin.im;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_is_one_peak_however_it_comes() {
        let sine: Vec<f32> = (0..11_025).map(|n| (TAU * 440.0 * n as f32 / RATE_HZ).sin()).collect();
        for piece in [1, 100, 11_025] {
            let (mut spectra, mut frames) = (Spectra::new(1_024, 256), 0);
            for piece in sine.chunks(piece) {
                spectra.add(piece, |power| {
                    let loudest = (0..power.len()).max_by(|a, b| power[*a].total_cmp(&power[*b]));
                    assert_eq!(loudest, Some(41), "440 Hz");
                    frames += 1;
                });
            }
            assert_eq!(frames, (11_025 - 1_024) / 256 + 1);
        }
    }
}
