use crate::flac::bits::BitWriter;
use crate::flac::lpc::{Analyser, Model, Prediction};
use crate::flac::residual;
use crate::flac::rice::Partitions;

/// One channel of a block (RFC 9639 §9.2): its samples, and what is known about them.
#[derive(Default)]
pub(super) struct Channel {
    pub(super) samples: Vec<i32>,
    /// The same.
    exact: Vec<f64>,
    /// Of a sample, without the wasted ones.
    bits: u32,
    /// Low bits that are 0 in all samples, and not in `samples` any more.
    wasted: u32,
    is_constant: bool,
    /// No sample is further from 0.
    peak: u32,
    model: Option<Model>,
    order: usize,
    /// About the bits that the subframe will take.
    pub(super) estimate: f64,
}

/// What is used again for every subframe.
#[derive(Default)]
pub(super) struct Scratch {
    analyser: Analyser,
    linear: Coded,
    fixed: Coded,
    sums: Vec<u64>,
}

/// A residual, and how it is written.
#[derive(Default)]
struct Coded {
    residual: Vec<i32>,
    partitions: Partitions,
    bits: u64,
}

const CONSTANT: u32 = 0;
const VERBATIM: u32 = 1;
const FIXED: u32 = 8;
const LINEAR: u32 = 31;

impl Channel {
    /// `samples`, of which there is at least one, are set and fit into `bits` bits.
    pub(super) fn analyse(&mut self, bits: u32, scratch: &mut Scratch) {
        let first = self.samples.first().copied().unwrap_or(0);
        let (mut ones, mut changes, mut magnitude) = (0, 0, 0);
        for sample in &self.samples {
            ones |= sample;
            changes |= sample ^ first;
            magnitude |= sample ^ sample >> 31;
        }
        self.is_constant = changes == 0;
        self.wasted = if ones == 0 { 0 } else { ones.trailing_zeros().min(bits - 1) };
        self.bits = bits - self.wasted;
        self.peak = (magnitude as u32 + 1).next_power_of_two() >> self.wasted;
        self.model = None;
        if self.is_constant {
            self.estimate = f64::from(self.bits);
            return;
        }
        if self.wasted > 0 {
            self.samples.iter_mut().for_each(|sample| *sample >>= self.wasted);
        }
        self.exact.clear();
        self.exact.extend(self.samples.iter().map(|sample| f64::from(*sample)));
        self.model = scratch.analyser.model(&self.exact);
        let verbatim = self.samples.len() as f64 * f64::from(self.bits);
        let best = self.model.as_ref().map(|model| model.best_order(self.samples.len(), self.bits));
        (self.order, self.estimate) = best.filter(|(_, bits)| *bits < verbatim).unwrap_or((0, verbatim));
    }

    pub(super) fn write(&self, scratch: &mut Scratch, out: &mut BitWriter) {
        if self.is_constant {
            self.header(CONSTANT, out);
            out.put_signed(self.samples[0] >> self.wasted, self.bits);
            return;
        }
        let prediction = self.linear(scratch);
        let order = self.fixed(scratch);
        let Scratch { linear, fixed, .. } = scratch;
        let verbatim = self.samples.len() as u64 * u64::from(self.bits);
        match prediction {
            Some(prediction) if linear.bits <= fixed.bits && linear.bits < verbatim => {
                self.write_linear(&prediction, linear, out);
            }
            _ if fixed.bits < verbatim => {
                self.header(FIXED + order as u32, out);
                self.write_samples(order, out);
                fixed.partitions.write(&fixed.residual, self.samples.len(), out);
            }
            _ => {
                self.header(VERBATIM, out);
                self.write_samples(self.samples.len(), out);
            }
        }
    }

    /// Codes the residual of the linear prediction.
    fn linear(&self, scratch: &mut Scratch) -> Option<Prediction> {
        let Scratch { linear, sums, .. } = scratch;
        linear.bits = u64::MAX;
        let model = self.model.as_ref().filter(|_| self.order > 0)?;
        let prediction = model.quantise(self.order, self.bits)?;
        if !residual::linear(&self.samples, &self.exact, self.peak, &prediction, &mut linear.residual) {
            return None;
        }
        let header = 9 + self.order as u64 * u64::from(self.bits + prediction.precision);
        linear.find(self.samples.len(), header, sums);
        Some(prediction)
    }

    /// Codes the residual of a fixed predictor, where it may be the better one; its order.
    fn fixed(&self, scratch: &mut Scratch) -> usize {
        let Scratch { linear, fixed, sums, .. } = scratch;
        fixed.bits = u64::MAX;
        let (order, mean) = residual::best_fixed(&self.samples);
        let order = order.min(self.samples.len() - 1);
        // Numbers of this mean take about that many bits, fewer where it is uneven. What is far off is not worth a try.
        let estimate = self.samples.len() as f64 * ((mean * 2.0 + 1.0).log2() + 0.5);
        if estimate < 1.25 * linear.bits as f64 {
            residual::fixed(&self.samples, order, &mut fixed.residual);
            fixed.find(self.samples.len(), order as u64 * u64::from(self.bits), sums);
        }
        order
    }

    fn write_linear(&self, prediction: &Prediction, coded: &Coded, out: &mut BitWriter) {
        let order = prediction.coefficients.len();
        self.header(LINEAR + order as u32, out);
        self.write_samples(order, out);
        out.put(prediction.precision - 1, 4);
        out.put(prediction.shift, 5);
        prediction.coefficients.iter().for_each(|value| out.put_signed(*value, prediction.precision));
        coded.partitions.write(&coded.residual, self.samples.len(), out);
    }

    /// A zero, six bits of the kind, and the wasted bits in unary.
    fn header(&self, kind: u32, out: &mut BitWriter) {
        out.put(kind << 1 | u32::from(self.wasted > 0), 8);
        if self.wasted > 0 {
            out.put(1, self.wasted);
        }
    }

    fn write_samples(&self, count: usize, out: &mut BitWriter) {
        self.samples[..count].iter().for_each(|sample| out.put_signed(*sample, self.bits));
    }
}

impl Coded {
    /// `header` is what the subframe takes besides the residual.
    fn find(&mut self, length: usize, header: u64, sums: &mut Vec<u64>) {
        self.partitions.find(&self.residual, length, sums);
        self.bits = header + self.partitions.bits;
    }
}
