//! Sound travels through the mixer in blocks of this many frames.

pub(crate) const BLOCK: usize = 128;

#[derive(Clone)]
pub(crate) struct Stereo {
    pub(crate) left: [f32; BLOCK],
    pub(crate) right: [f32; BLOCK],
}

impl Stereo {
    pub(crate) const SILENCE: Self = Self { left: [0.0; BLOCK], right: [0.0; BLOCK] };

    pub(crate) fn add(&mut self, other: &Self, gain: f32) {
        for i in 0..BLOCK {
            self.left[i] += gain * other.left[i];
            self.right[i] += gain * other.right[i];
        }
    }
}
