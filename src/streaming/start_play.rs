//! Press play: decide what to send, and grant it.

use std::time::Duration;

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decide::{Decision, Wish, decide};
use super::play::Play;
use crate::artists::{self, Playable};
use crate::platform::Platform;
use crate::platform::auth::{Listen, Proof, Viewer};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::grant::{Grant, LIFETIME};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{ArtistId, PlayId, ReleaseId, TrackId};

/// Formats that a client may name.
const MAX_ACCEPT: usize = 32;

/// What to play.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlay {
    track_id: TrackId,
    /// MIME types that the client can play, such as `audio/mp4; codecs="opus"`; everything where absent.
    #[serde(default)]
    #[schema(max_items = 32)]
    accept: Vec<String>,
    /// What the whole file may cost, in bits per second; the best where absent, the least where everything is more.
    #[serde(default)]
    max_bitrate_bps: Option<u32>,
    /// Whether the whole file should be lossless where there is such a one; it costs several times the bytes.
    #[serde(default)]
    lossless: bool,
}

/// A granted play. Its URLs are relative to the server and expire.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantedPlay {
    id: PlayId,
    track: PlayedTrack,
    /// A whole file, with ranges.
    stream: Option<Stream>,
    /// Segments (RFC 8216).
    hls: Option<SegmentedStream>,
    /// The same segments under a DASH manifest (ISO/IEC 23009-1).
    dash: Option<SegmentedStream>,
    expires_at: DateTime<Utc>,
}

/// The track, as a player shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlayedTrack {
    id: TrackId,
    title: String,
    artist: PlayedArtist,
    release: PlayedRelease,
    duration_ms: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlayedArtist {
    id: ArtistId,
    slug: String,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlayedRelease {
    id: ReleaseId,
    title: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stream {
    url: String,
    mime: String,
    bitrate_bps: i32,
    /// What a player adds to reach the common loudness of −14 LUFS.
    gain_db: f64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentedStream {
    url: String,
    gain_db: f64,
}

/// Play a track.
#[utoipa::path(tag = "plays", params(IdempotencyHeader), request_body = NewPlay, responses(
    (status = 201, body = GrantedPlay), (status = 404, body = Problem), (status = 406, body = Problem), (status = 422, body = Problem)))]
#[post("/plays")]
pub(super) async fn post(
    platform: Data<Platform>,
    viewer: Viewer<Listen>,
    key: IdempotencyKey,
    Json(new): Json<NewPlay>,
) -> Result<Created<GrantedPlay>> {
    start(&platform, viewer.0.as_ref(), &new, &key).await.map(Created)
}

async fn start(platform: &Platform, proof: Option<&Proof>, new: &NewPlay, key: &IdempotencyKey) -> Result<GrantedPlay> {
    if new.accept.len() > MAX_ACCEPT {
        return Err(Error::invalid("accept", "Name at most 32 formats."));
    }
    let most_bps = new.max_bitrate_bps.map(|most| i32::try_from(most).unwrap_or(i32::MAX));
    let wish = Wish { most_bps, lossless: new.lossless };
    let listener = proof.map(|proof| proof.account);
    let credential = proof.map(|proof| proof.credential.uuid());
    let expires_at = platform.clock.now() + LIFETIME;
    let play = Play { id: PlayId::new(), account_id: listener, track_id: new.track_id, expires_at };
    platform
        .db
        .transaction(async |conn| {
            let play = press(conn, play, new, key).await?;
            let mut playable = artists::playable(conn, &[play.track_id], listener).await?;
            let track = playable.pop().ok_or(Error::NotFound("track"))?;
            let decision = decide(&track, &new.accept, wish).ok_or(Error::Refused(Code::NothingAcceptable))?;
            let grant =
                Grant { play: play.id, track: track.id, account: listener, credential, expires_at: play.expires_at };
            Ok(granted(&track, &decision, &play, &platform.grants.sign(&grant)))
        })
        .await
}

// The new play, or the one that the same request began before. Strangers have nothing to keep a key under.
async fn press(conn: &mut Conn, new: Play, request: &NewPlay, key: &IdempotencyKey) -> Result<Play> {
    if let Some(listener) = new.account_id
        && let Some(earlier) = key.claim(conn, listener, request, new.id.uuid()).await?
    {
        return Play::find(conn, earlier.into()).await?.ok_or(Error::NotFound("play"));
    }
    new.insert(conn).await?;
    Ok(new)
}

fn granted(track: &Playable, decision: &Decision<'_>, play: &Play, grant: &str) -> GrantedPlay {
    let gain_db = decision.gain_db;
    let stream = decision.stream.map(|rendition| Stream {
        url: format!("/api/v1/audio/{grant}/{}", rendition.name),
        mime: rendition.mime.clone(),
        bitrate_bps: rendition.bitrate_bps,
        gain_db,
    });
    let segmented = |name: &str| {
        let url = format!("/api/v1/hls/{grant}/{}/{name}", track.id);
        decision.hls.map(|_| SegmentedStream { url, gain_db })
    };
    let (hls, dash) = (segmented("master.m3u8"), segmented("manifest.mpd"));
    GrantedPlay { id: play.id, track: played(track), stream, hls, dash, expires_at: play.expires_at }
}

fn played(track: &Playable) -> PlayedTrack {
    PlayedTrack {
        id: track.id,
        title: track.title.clone(),
        artist: PlayedArtist { id: track.artist_id, slug: track.artist_slug.clone(), name: track.artist_name.clone() },
        release: PlayedRelease { id: track.release_id, title: track.release_title.clone() },
        duration_ms: track.duration_ms,
    }
}

/// How long what a grant opens may be kept by the listener's own cache.
pub(super) const MAX_AGE: Duration = Duration::from_secs(24 * 3600);
