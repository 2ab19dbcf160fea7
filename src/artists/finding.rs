//! What an artist should know about a track's sound before it is published.

use legato_audio::Severity;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::platform::error::Result;

/// One line of a track's quality report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Finding {
    /// Stable: `clipped`, `lossy_source`, `silent_start` …
    pub(crate) kind: String,
    /// `warning`: listeners will probably hear it. `notice`: good to know, and it may well be meant so.
    #[schema(value_type = String)]
    pub(crate) severity: Severity,
    /// Where it is, from the start of the track; null for what is true of all of it.
    pub(crate) at_ms: Option<u64>,
    /// What it is and what to do about it, in words for the artist.
    pub(crate) message: String,
    /// The figures behind it, by name and unit.
    #[schema(value_type = Object)]
    pub(crate) measures: Map<String, Value>,
}

impl TryFrom<&legato_audio::Finding> for Finding {
    type Error = crate::platform::error::Error;

    fn try_from(found: &legato_audio::Finding) -> Result<Self> {
        let mut measures: Map<String, Value> =
            serde_json::to_value(found).and_then(serde_json::from_value).map_err(anyhow::Error::from)?;
        let kind = measures.remove("kind").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
        let at_ms = measures.remove("at_ms").and_then(|at| at.as_u64());
        Ok(Self { kind, severity: found.severity(), at_ms, message: found.to_string(), measures })
    }
}
