//! Press play: decide what to send, and grant it.

use std::time::Duration;

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decide::{Decision, Wish, decide};
use super::heard;
use super::play::{self, Play};
use super::played_track::PlayedTrack;
use super::renditions::require_here;
use crate::artists::{self, Playable};
use crate::platform::Platform;
use crate::platform::auth::{Listen, Proof, Viewer};
use crate::platform::country::Country;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::grant::{Grant, LIFETIME};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, PlayId, TrackId};

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
    /// The secret of a link to the track's release: whoever holds it needs no account. Each such play counts.
    #[serde(default)]
    #[schema(max_length = 100)]
    link: Option<String>,
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
    (status = 201, body = GrantedPlay), (status = 403, body = Problem), (status = 404, body = Problem), (status = 406, body = Problem), (status = 422, body = Problem)))]
#[post("/plays")]
pub(super) async fn post(
    platform: Data<Platform>,
    viewer: Viewer<Listen>,
    country: Country,
    key: IdempotencyKey,
    Json(new): Json<NewPlay>,
) -> Result<Created<GrantedPlay>> {
    start(&platform, viewer.0.as_ref(), &country, &new, &key).await.map(Created)
}

async fn start(
    platform: &Platform,
    proof: Option<&Proof>,
    country: &Country,
    new: &NewPlay,
    key: &IdempotencyKey,
) -> Result<GrantedPlay> {
    if new.accept.len() > MAX_ACCEPT {
        return Err(Error::invalid("accept", "Name at most 32 formats."));
    }
    let most_bps = new.max_bitrate_bps.map(|most| i32::try_from(most).unwrap_or(i32::MAX));
    let wish = Wish { most_bps, lossless: new.lossless };
    let listener = proof.map(|proof| proof.account);
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let pressed = Pressed { id: PlayId::new(), track: new.track_id, expires_at: now + LIFETIME, is_new: true };
            let play = press(conn, pressed, listener, new, key).await?;
            let (track, grant) = match &new.link {
                Some(token) => by_link(conn, token, &play).await?,
                None => by_account(conn, proof, &play).await?,
            };
            require_here(track.territories.as_ref(), country)?;
            let decision = decide(&track, &new.accept, wish).ok_or(Error::Refused(Code::NothingAcceptable))?;
            if play.is_new {
                play.keep(conn, listener, now, &track).await?;
            }
            Ok(granted(&track, &decision, &play, &platform.grants.sign(&grant)))
        })
        .await
}

async fn by_account(conn: &mut Conn, proof: Option<&Proof>, play: &Pressed) -> Result<(Playable, Grant)> {
    let account = proof.map(|proof| proof.account);
    let credential = proof.map(|proof| proof.credential.uuid());
    let mut playable = artists::playable(conn, &[play.track], account).await?;
    let track = playable.pop().ok_or(Error::NotFound("track"))?;
    let grant = Grant { play: play.id, track: track.id, account, credential, expires_at: play.expires_at };
    Ok((track, grant))
}

// Whoever listens, the grant is the link's, and ends with it.
async fn by_link(conn: &mut Conn, token: &str, play: &Pressed) -> Result<(Playable, Grant)> {
    let link = artists::find_link(conn, token).await?.ok_or(Error::NotFound("link"))?.id;
    let track = artists::playable_by_link(conn, link, play.track).await?.ok_or(Error::NotFound("track"))?;
    if play.is_new {
        artists::count_play(conn, link, track.id).await?;
    }
    let credential = Some(link.uuid());
    let grant = Grant { play: play.id, track: track.id, account: None, credential, expires_at: play.expires_at };
    Ok((track, grant))
}

/// A press of the button, or of the same request before.
#[derive(Debug, Clone, Copy)]
struct Pressed {
    id: PlayId,
    track: TrackId,
    expires_at: DateTime<Utc>,
    is_new: bool,
}

impl Pressed {
    async fn keep(
        &self,
        conn: &mut Conn,
        listener: Option<AccountId>,
        now: DateTime<Utc>,
        track: &Playable,
    ) -> Result<()> {
        let new = play::NewPlay {
            id: self.id,
            account_id: listener,
            track_id: self.track,
            started_at: now,
            expires_at: self.expires_at,
            needed_ms: heard::needed_ms(track.duration_ms),
        };
        new.insert(conn).await
    }
}

// The new one, or the one that the same request was before. Strangers have nothing to keep a key under.
async fn press(
    conn: &mut Conn,
    new: Pressed,
    listener: Option<AccountId>,
    request: &NewPlay,
    key: &IdempotencyKey,
) -> Result<Pressed> {
    let Some(listener) = listener else { return Ok(new) };
    let Some(earlier) = key.claim(conn, listener, request, new.id.uuid()).await? else { return Ok(new) };
    let earlier = Play::find(conn, earlier.into()).await?.ok_or(Error::NotFound("play"))?;
    Ok(Pressed { id: earlier.id, track: earlier.track_id, expires_at: earlier.expires_at, is_new: false })
}

fn granted(track: &Playable, decision: &Decision<'_>, play: &Pressed, grant: &str) -> GrantedPlay {
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
    GrantedPlay { id: play.id, track: track.shown().into(), stream, hls, dash, expires_at: play.expires_at }
}

/// How long what a grant opens may be kept by the listener's own cache.
pub(super) const MAX_AGE: Duration = Duration::from_secs(24 * 3600);
