//! Levelling: what a player adds so that all music is equally loud.

use crate::artists::{self, Playable};
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;

/// Loudness at which all tracks play (the level that streaming services have settled on), in LUFS.
const TARGET_LUFS: f64 = -14.0;

/// No gain lifts a peak above this, in dBTP.
const CEILING_DBTP: f64 = -1.0;

named! {
    /// What is brought to the common loudness.
    pub(crate) enum Levelling {
        /// Each track: for music from everywhere.
        Track = "track",
        /// The release as a whole: its quiet tracks stay as quiet as they are meant to be.
        Release = "release",
        Off = "off",
    }
}

/// How loud something is, as far as it is known: LUFS, and dBTP at its highest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Loudness {
    pub(super) integrated_lufs: Option<f64>,
    pub(super) true_peak_dbtp: Option<f64>,
}

impl Loudness {
    /// What is levelled by.
    pub(super) async fn of(conn: &mut Conn, track: &Playable, levelling: Levelling) -> Result<Self> {
        let own = Self { integrated_lufs: track.integrated_loudness_lufs, true_peak_dbtp: track.true_peak_dbtp };
        match levelling {
            Levelling::Off => Ok(Self::default()),
            Levelling::Track => Ok(own),
            Levelling::Release => {
                let whole = artists::release_loudness(conn, track.release_id).await?;
                // Where the whole is not known, its tracks are levelled one by one.
                let whole = whole.filter(|whole| whole.integrated_loudness_lufs.is_some());
                Ok(whole.map_or(own, |whole| Self {
                    integrated_lufs: whole.integrated_loudness_lufs,
                    true_peak_dbtp: whole.true_peak_dbtp,
                }))
            }
        }
    }

    /// What a player adds, in dB.
    pub(super) fn gain_db(self) -> f64 {
        let Some(loudness) = self.integrated_lufs else { return 0.0 };
        let headroom = CEILING_DBTP - self.true_peak_dbtp.unwrap_or(CEILING_DBTP);
        let wanted = TARGET_LUFS - loudness;
        // Quiet music is lifted only as far as its peaks allow.
        let gain = if wanted > 0.0 { wanted.min(headroom.max(0.0)) } else { wanted };
        (gain * 100.0).round() / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gain_levels_loudness_and_spares_peaks() {
        let gain = |integrated_lufs, true_peak_dbtp| Loudness { integrated_lufs, true_peak_dbtp }.gain_db();
        assert!((gain(Some(-8.0), Some(0.3)) - -6.0).abs() < 1e-9);
        assert!((gain(Some(-20.0), Some(-3.0)) - 2.0).abs() < 1e-9);
        assert!((gain(Some(-20.0), Some(0.5)) - 0.0).abs() < 1e-9);
        assert!((gain(None, None) - 0.0).abs() < 1e-9);
    }
}
