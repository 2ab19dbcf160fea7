use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that is odd about an accepted file. `Display` is a sentence for the artist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// Passages that could not be decoded; silence of the same length stands in their place.
    Damaged {
        /// Where the first one begins, in seconds.
        at_seconds: f64,
        /// How many there are.
        places: u32,
        /// How long they are together, in frames at the source's rate.
        lost_frames: u64,
    },
    /// The file ends before the length that its header gives.
    EndsEarly {
        /// What the header says, in frames; `None` if it only gives bytes.
        claimed_frames: Option<u64>,
        /// What is there, in frames.
        frames: u64,
    },
    /// The samples differ from the checksum that the file carries.
    ChecksumMismatch,
    /// Samples that are no numbers, or absurdly loud; silence, or the loudest sensible value, stands in their place.
    InvalidSamples {
        /// How many.
        count: u64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { at_seconds, places, .. } => write!(
                f,
                "The file is damaged in {places} place(s), first at {at_seconds:.2} s; they are silent. Please listen, and upload it again if it matters."
            ),
            Self::EndsEarly { .. } => {
                f.write_str("The file ends before the length that it claims. Please check that it is complete.")
            }
            Self::ChecksumMismatch => f.write_str("The sound differs from the checksum inside the file."),
            Self::InvalidSamples { count } => write!(f, "{count} samples were not valid numbers and were repaired."),
        }
    }
}
