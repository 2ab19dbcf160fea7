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
    /// Somebody is asked to act for an artist, as `owner`, `editor` or `viewer`.
    #[serde(rename = "artists.member_invited.v1")]
    MemberInvited { invitation: Uuid, artist: ArtistId, artist_name: String, account: AccountId, role: String },
    /// Who was asked has answered; whoever had asked is told.
    #[serde(rename = "artists.invitation_answered.v1")]
    InvitationAnswered {
        invitation: Uuid,
        artist: ArtistId,
        artist_name: String,
        invited_by: AccountId,
        /// Who answered, and what they were called. Events of before this field have none.
        #[serde(default)]
        account: Option<AccountId>,
        handle: String,
        accepted: bool,
    },
    /// An account acts for an artist as something else than before, or no longer (no role). `by` is who did that, if anybody.
    #[serde(rename = "artists.membership_changed.v1")]
    MembershipChanged {
        change: Uuid,
        artist: ArtistId,
        artist_name: String,
        account: AccountId,
        role: Option<String>,
        by: Option<AccountId>,
    },
    /// An artist and a label: one side wants the label to manage the artist, and the owners of the other side are asked.
    #[serde(rename = "artists.label_offered.v1")]
    LabelOffered {
        offer: Uuid,
        artist: ArtistId,
        artist_name: String,
        label: ArtistId,
        label_name: String,
        ask: Vec<AccountId>,
    },
    /// A label manages an artist from now on, or no longer; the owners who did not do it themselves are told.
    #[serde(rename = "artists.label_changed.v1")]
    LabelChanged {
        change: Uuid,
        artist: ArtistId,
        artist_name: String,
        label: ArtistId,
        label_name: String,
        managed: bool,
        tell: Vec<AccountId>,
    },
    /// Somebody is asked to confirm a share in a track, such as `33.33` percent.
    #[serde(rename = "artists.share_offered.v1")]
    ShareOffered { share: Uuid, track: TrackId, track_title: String, account: AccountId, percent: String },
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
    /// How often tracks were played until now. Totals only grow.
    #[serde(rename = "streaming.plays_counted.v1")]
    PlaysCounted { totals: Vec<TrackPlays> },
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

/// How often a track was played, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackPlays {
    pub track: TrackId,
    pub plays: i64,
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
            Self::MemberInvited { .. } => "artists.member_invited.v1",
            Self::InvitationAnswered { .. } => "artists.invitation_answered.v1",
            Self::MembershipChanged { .. } => "artists.membership_changed.v1",
            Self::LabelOffered { .. } => "artists.label_offered.v1",
            Self::LabelChanged { .. } => "artists.label_changed.v1",
            Self::ShareOffered { .. } => "artists.share_offered.v1",
            Self::TrackUploaded { .. } => "artists.track_uploaded.v1",
            Self::TrackReady { .. } => "artists.track_ready.v1",
            Self::TrackRejected { .. } => "artists.track_rejected.v1",
            Self::QuarantineGrew { .. } => "artists.quarantine_grew.v1",
            Self::PlaysCounted { .. } => "streaming.plays_counted.v1",
            Self::TrackChanged { .. } => "artists.track_changed.v1",
            Self::ReleasePublished { .. } => "artists.release_published.v1",
            Self::ReleaseChanged { .. } => "artists.release_changed.v1",
        }
    }
}
