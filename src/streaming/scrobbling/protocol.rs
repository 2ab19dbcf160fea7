//! The services that plays are told to: one interface, one file for each.

use super::listen::Listen;
use super::{lastfm, listenbrainz};
use crate::platform::Platform;
use crate::platform::db::named;

named! {
    /// A service that plays are told to.
    pub(crate) enum Service {
        /// ListenBrainz, and what speaks like it (Maloja, Funkwhale).
        Listenbrainz = "listenbrainz",
        /// Last.fm, and what speaks like it (Libre.fm).
        Lastfm = "lastfm",
    }
}

/// Who an account is at a service, and what lets us speak for it.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) username: String,
    pub(super) secret: String,
}

/// Why a service did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// It does not take this token (any more).
    Refused,
    /// It does not take this listen, and never will.
    Senseless(String),
    /// It is away, busy or broken.
    Away(String),
}

impl From<crate::platform::fetch::Failure> for Failure {
    fn from(failure: crate::platform::fetch::Failure) -> Self {
        Self::Away(failure.to_string())
    }
}

impl From<reqwest::Error> for Failure {
    fn from(cause: reqwest::Error) -> Self {
        Self::Away(cause.without_url().to_string())
    }
}

impl Service {
    /// Whether this server is set up to speak to it.
    pub(super) fn is_available(self, platform: &Platform) -> bool {
        match self {
            Self::Listenbrainz => true,
            Self::Lastfm => platform.config.lastfm.is_some(),
        }
    }

    /// Whose token this is; and what to keep of it.
    pub(super) async fn profile(self, platform: &Platform, token: &str) -> Result<Profile, Failure> {
        match self {
            Self::Listenbrainz => listenbrainz::profile(platform, token).await,
            Self::Lastfm => lastfm::profile(platform, token).await,
        }
    }

    /// Tells what was heard.
    pub(super) async fn submit(self, platform: &Platform, secret: &str, listen: &Listen) -> Result<(), Failure> {
        match self {
            Self::Listenbrainz => listenbrainz::submit(platform, secret, listen, "single").await,
            Self::Lastfm => lastfm::submit(platform, secret, listen, "track.scrobble").await,
        }
    }

    /// Tells what is heard now.
    pub(super) async fn announce(self, platform: &Platform, secret: &str, listen: &Listen) -> Result<(), Failure> {
        match self {
            Self::Listenbrainz => listenbrainz::submit(platform, secret, listen, "playing_now").await,
            Self::Lastfm => lastfm::submit(platform, secret, listen, "track.updateNowPlaying").await,
        }
    }
}
