//! What the results of a track's chain are made of. Equal recipes, equal results: what is there already is not made again.

use legato_audio::{ENGINE_VERSION, Rung};
use serde::{Deserialize, Serialize};

use super::ladder::ladder;
use super::own_track::OwnTrack;
use crate::platform::Platform;

/// All that decides what comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recipe {
    /// BLAKE3 of the original, as its key has it; the zone that it lies in does not matter.
    original: String,
    /// A hint that the engine goes by.
    filename: Option<String>,
    engine: u32,
    pub(super) ladder: Vec<Rung>,
}

impl Recipe {
    /// How this server makes a track today.
    pub(super) fn of(platform: &Platform, track: &OwnTrack) -> Self {
        Self {
            original: name(&track.source_key),
            filename: track.filename.clone(),
            engine: ENGINE_VERSION,
            // The server would not have started with another.
            ladder: ladder(&platform.config).unwrap_or_default(),
        }
    }

    /// The hash of what `probe` works with.
    pub(super) fn probe(&self) -> Vec<u8> {
        hash(&("probe", &self.original, &self.filename, self.engine))
    }

    /// The hash of what `render` and `package` work with: the whole recipe.
    pub(super) fn whole(&self) -> Vec<u8> {
        hash(&("whole", self))
    }

    /// The hash of what one rung is made of.
    pub(super) fn rung(&self, rung: Rung) -> Vec<u8> {
        hash(&("rung", &self.original, &self.filename, self.engine, rung))
    }
}

fn name(key: &str) -> String {
    key.rsplit('/').next().unwrap_or(key).to_owned()
}

fn hash(inputs: &impl Serialize) -> Vec<u8> {
    // Numbers and texts always go into JSON.
    let json = serde_json::to_vec(inputs).unwrap_or_default();
    blake3::hash(&json).as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opus(kbps: u16) -> Rung {
        Rung::Opus { kbps }
    }

    fn recipe() -> Recipe {
        let filename = Some("tides.wav".to_owned());
        Recipe { original: name("raw/3b/3bd329"), filename, engine: 2, ladder: vec![opus(64), opus(128)] }
    }

    #[test]
    fn a_rung_does_not_depend_on_the_others() {
        let (before, mut after) = (recipe(), recipe());
        after.ladder = vec![opus(64), opus(96)];
        assert_eq!(before.rung(opus(64)), after.rung(opus(64)));
        assert_eq!(before.probe(), after.probe());
        assert_ne!(before.whole(), after.whole());
        assert_ne!(before.rung(opus(64)), before.rung(opus(128)));
    }

    #[test]
    fn another_engine_and_another_original_change_all() {
        let before = recipe();
        for after in [Recipe { engine: 3, ..recipe() }, Recipe { original: name("raw/3b/3bd330"), ..recipe() }] {
            assert_ne!(before.probe(), after.probe());
            assert_ne!(before.rung(opus(64)), after.rung(opus(64)));
            assert_ne!(before.whole(), after.whole());
        }
    }

    #[test]
    fn it_does_not_matter_where_the_original_lies() {
        assert_eq!(Recipe { original: name("quarantine/3b/3bd329"), ..recipe() }, recipe());
    }
}
