//! Who did what, and who is heard besides the artist.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::Line;

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CreditRole {
    Composer,
    Lyricist,
    Arranger,
    Translator,
    Publisher,
    Performer,
    Vocals,
    /// Which one is told in `detail`.
    Instrument,
    Conductor,
    Ensemble,
    Producer,
    ExecutiveProducer,
    Programming,
    RecordingEngineer,
    MixingEngineer,
    MasteringEngineer,
    Remixer,
    Artwork,
    Design,
    Photography,
    LinerNotes,
    /// Told in `detail`.
    Other,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credit {
    role: CreditRole,
    name: Line,
    /// The instrument, the part, or what else there is to say.
    #[serde(default)]
    detail: Option<Line>,
}

/// At most 100 credits, in the order in which they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<Credit>")]
#[schema(value_type = Vec<Credit>, max_items = 100)]
pub(crate) struct Credits(Vec<Credit>);

impl TryFrom<Vec<Credit>> for Credits {
    type Error = &'static str;

    fn try_from(credits: Vec<Credit>) -> Result<Self, Self::Error> {
        if credits.len() <= 100 { Ok(Self(credits)) } else { Err("Up to 100 credits.") }
    }
}

impl Credits {
    pub(in crate::artists) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// At most 20 artists, by the names that they go by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<Line>")]
#[schema(value_type = Vec<Line>, max_items = 20)]
pub(crate) struct FeaturedArtists(Vec<Line>);

impl TryFrom<Vec<Line>> for FeaturedArtists {
    type Error = &'static str;

    fn try_from(names: Vec<Line>) -> Result<Self, Self::Error> {
        if names.len() <= 20 { Ok(Self(names)) } else { Err("Up to 20 featured artists.") }
    }
}
