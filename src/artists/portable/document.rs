//! The form of a package: its documents, for whoever writes one and whoever reads one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::artists::credits::Lyrics;
use crate::artists::metadata::{ReleaseDetails, TrackDetails};
use crate::artists::publication::Visibility;
use crate::artists::release::{ReleaseKind, ReleaseState};
use crate::artists::track::TrackState;
use crate::artists::{Slug, Title};
use crate::platform::id::{ArtistId, ReleaseId, TrackId};
use crate::platform::signature::SigningKey;

pub(super) const FORMAT: &str = "legato-artist-package";
pub(super) const VERSION: u64 = 1;

/// The files that every package has; all others are named in them.
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const SIGNATURE: &str = "manifest.sig";
pub(super) const ARTIST: &str = "artist.json";
pub(super) const RELEASES: &str = "releases.json";

/// What is in a package, where it comes from, and the key that signed just this.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) version: u64,
    /// The address of the server that made it.
    pub(super) server: String,
    pub(super) artist: PackedName,
    pub(super) created_at: DateTime<Utc>,
    pub(super) key: SigningKey,
    /// All other files, but for the signature.
    pub(super) files: Vec<PackedFile>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PackedName {
    pub(super) id: ArtistId,
    pub(super) slug: String,
    pub(super) name: Title,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PackedFile {
    pub(super) name: String,
    pub(super) size_bytes: u64,
    /// In hexadecimal digits, as `sha256sum` writes them.
    pub(super) sha256: String,
}

/// `artist.json`: what an artist says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PackedArtist {
    pub(super) id: ArtistId,
    pub(super) slug: Slug,
    pub(super) name: Title,
    /// Markdown.
    pub(super) biography: String,
    pub(super) links: Vec<Value>,
    pub(super) places: Vec<String>,
    pub(super) genres: Vec<String>,
    /// What MusicBrainz calls the artist.
    #[serde(default)]
    pub(super) artist_mbid: Option<Uuid>,
    pub(super) feed: bool,
    /// Names of files in the package.
    #[serde(default)]
    pub(super) avatar: Option<String>,
    #[serde(default)]
    pub(super) banner: Option<String>,
    pub(super) created_at: DateTime<Utc>,
}

/// An item of `releases.json`. Details are spelled out, what is not said included.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PackedRelease {
    pub(super) id: ReleaseId,
    pub(super) title: Title,
    pub(super) kind: ReleaseKind,
    pub(super) state: ReleaseState,
    pub(super) visibility: Visibility,
    pub(super) published_at: Option<DateTime<Utc>>,
    pub(super) first_published_at: Option<DateTime<Utc>>,
    /// The name of a file in the package.
    #[serde(default)]
    pub(super) artwork: Option<String>,
    /// Whether that is but the cover that a track's file holds.
    pub(super) artwork_is_suggested: bool,
    /// Whether there is to be none, not even that.
    pub(super) without_artwork: bool,
    pub(super) details: ReleaseDetails,
    pub(super) tracks: Vec<PackedTrack>,
    pub(super) created_at: DateTime<Utc>,
}

/// A track of a release, in its order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PackedTrack {
    pub(super) id: TrackId,
    pub(super) position: i32,
    pub(super) title: Title,
    pub(super) composer: Option<String>,
    pub(super) isrc: Option<String>,
    pub(super) lyrics: Option<Lyrics>,
    pub(super) details: TrackDetails,
    pub(super) state: TrackState,
    pub(super) duration_ms: Option<i64>,
    /// What the file was called when it was uploaded.
    pub(super) filename: Option<String>,
    /// The name of the original in the package; null where the store did not have it.
    #[serde(default)]
    pub(super) master: Option<String>,
    /// How the track is shared, without the names: those are of other people.
    #[serde(default)]
    pub(super) splits: Vec<Value>,
    pub(super) created_at: DateTime<Utc>,
}
