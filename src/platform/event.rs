//! The versioned contract of what happens: every event that crosses a module boundary.
//!
//! Events are past tense, small and self-sufficient. A change of meaning is a new version (`….v2`), never an edit.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::id::{AccountId, ArtistId, ReleaseId, TrackId};

/// What happened. The name on the wire is `<module>.<event>.v<version>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data")]
pub enum Event {
    /// Somebody opened an account.
    #[serde(rename = "accounts.account_registered.v1")]
    AccountRegistered { account: AccountId, handle: String },
    /// An account's handle or display name is different.
    #[serde(rename = "accounts.account_changed.v1")]
    AccountChanged { account: AccountId, handle: String, display_name: String },
    /// An account is erased: whatever is its own goes, what must stay stays without a name.
    #[serde(rename = "accounts.account_closed.v1")]
    AccountClosed { account: AccountId },
    /// A moderator suspended an account (`suspended`), or let it back in; the newest `at` wins.
    #[serde(rename = "accounts.suspension_changed.v1")]
    SuspensionChanged { account: AccountId, suspended: bool, at: DateTime<Utc> },
    /// An account may do more on this server than before, or less; the newest `at` wins.
    #[serde(rename = "accounts.role_changed.v1")]
    RoleChanged { account: AccountId, role: String, at: DateTime<Utc> },
    /// An object of the store is lost, or is not what was stored. Who can make it again does.
    #[serde(rename = "platform.object_damaged.v1")]
    ObjectDamaged { key: String },
    /// An artist's name or address is new or different.
    #[serde(rename = "artists.artist_changed.v1")]
    ArtistChanged { artist: ArtistId },
    /// An account follows an artist, or no longer does; the newest `at` wins.
    #[serde(rename = "artists.following_changed.v1")]
    FollowingChanged { artist: ArtistId, account: AccountId, following: bool, at: DateTime<Utc> },
    /// A file arrived whole and is stored; its chain begins.
    #[serde(rename = "artists.track_uploaded.v1")]
    TrackUploaded { track: TrackId, release: ReleaseId },
    /// A track came out of the chain and can be played.
    #[serde(rename = "artists.track_ready.v1")]
    TrackReady { track: TrackId, release: ReleaseId },
    /// A track's file cannot be used; the reason is its slug.
    #[serde(rename = "artists.track_rejected.v1")]
    TrackRejected { track: TrackId, release: ReleaseId, reason: String },
    /// More files were rejected than administrators know of: there are so many now, and so many more than they were told of.
    #[serde(rename = "artists.quarantine_grew.v1")]
    QuarantineGrew { alert: Uuid, files: i64, more: i64 },
    /// A track's title or place changed, or it was deleted.
    #[serde(rename = "artists.track_changed.v1")]
    TrackChanged { track: TrackId, release: ReleaseId },
    /// A release became public. `first` is false when it had been public before.
    #[serde(rename = "artists.release_published.v1")]
    ReleasePublished {
        release: ReleaseId,
        artist: ArtistId,
        artist_name: String,
        artist_slug: String,
        title: String,
        kind: String,
        first: bool,
        at: DateTime<Utc>,
    },
    /// A release's title or kind changed, it was withdrawn or deleted.
    #[serde(rename = "artists.release_changed.v1")]
    ReleaseChanged { release: ReleaseId, artist: ArtistId },
}

impl Event {
    /// The name and version on the wire: `artists.track_ready.v1`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AccountRegistered { .. } => "accounts.account_registered.v1",
            Self::AccountChanged { .. } => "accounts.account_changed.v1",
            Self::AccountClosed { .. } => "accounts.account_closed.v1",
            Self::SuspensionChanged { .. } => "accounts.suspension_changed.v1",
            Self::RoleChanged { .. } => "accounts.role_changed.v1",
            Self::ObjectDamaged { .. } => "platform.object_damaged.v1",
            Self::ArtistChanged { .. } => "artists.artist_changed.v1",
            Self::FollowingChanged { .. } => "artists.following_changed.v1",
            Self::TrackUploaded { .. } => "artists.track_uploaded.v1",
            Self::TrackReady { .. } => "artists.track_ready.v1",
            Self::TrackRejected { .. } => "artists.track_rejected.v1",
            Self::QuarantineGrew { .. } => "artists.quarantine_grew.v1",
            Self::TrackChanged { .. } => "artists.track_changed.v1",
            Self::ReleasePublished { .. } => "artists.release_published.v1",
            Self::ReleaseChanged { .. } => "artists.release_changed.v1",
        }
    }
}
