//! Press play: decide what to send, and grant it.

mod answer;

use std::time::Duration;

use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::client::{Client, Network};
use super::decide::{Ceiling, ChoiceReason, Terms, decide};
use super::gain::{Levelling, Loudness};
use super::heard;
use super::play::{self, Play};
use super::preferences::Preferences;
use super::preview;
use super::renditions::require_here;
use super::streams::{self, NewStream};
use crate::artists::{self, Playable};
use crate::platform::Platform;
use crate::platform::auth::{Listen, Proof, Viewer};
use crate::platform::config::StrangersHear;
use crate::platform::country::Country;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::grant::{Grant, LIFETIME};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, PlayId, TrackId};
use answer::{Decided, GrantedPlay};

/// Formats that a client may name.
const MAX_ACCEPT: usize = 32;

/// What to play, and what the client is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlay {
    track_id: TrackId,
    /// MIME types that the client can play, such as `audio/mp4; codecs="opus"`; what the named `client` plays where absent, and
    /// everything where that is absent too.
    #[serde(default)]
    #[schema(max_items = 32)]
    accept: Vec<String>,
    /// A program whose abilities are known.
    #[serde(default)]
    client: Option<Client>,
    #[serde(default)]
    network: Option<Network>,
    /// What a second may cost, in bits; the account's own limit and the server's hold besides. The best where nothing limits it,
    /// the least where everything is more.
    #[serde(default)]
    max_bitrate_bps: Option<u32>,
    /// Whether the whole file should be lossless where there is such a one; it costs several times the bytes. As the account
    /// prefers where absent.
    #[serde(default)]
    lossless: Option<bool>,
    /// What `gain_db` levels.
    #[serde(default = "track")]
    levelling: Levelling,
    /// Whether to end what plays the longest on other devices, where as many play as may.
    #[serde(default)]
    take_over: bool,
    /// The secret of a link to the track's release: whoever holds it needs no account. Each such play counts.
    #[serde(default)]
    #[schema(max_length = 100)]
    link: Option<String>,
}

fn track() -> Levelling {
    Levelling::Track
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
    let listener = proof.map(|proof| proof.account);
    if let Some(listener) = listener.filter(|_| new.take_over) {
        drop(platform.limits.take(&[(&streams::ENDED_BY, &listener.to_string())]).await?);
    }
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let pressed = Pressed { id: PlayId::new(), track: new.track_id, expires_at: now + LIFETIME, is_new: true };
            let play = press(conn, pressed, listener, new, key).await?;
            let (mut track, grant) = match &new.link {
                Some(token) => by_link(conn, token, &play).await?,
                None => by_account(platform, conn, proof, &play).await?,
            };
            require_here(track.territories.as_ref(), country)?;
            if grant.is_preview {
                preview::cut(&mut track);
            }
            let wishes = match listener {
                Some(listener) => Preferences::find(conn, listener).await?,
                None => Preferences::default(),
            };
            let terms = new.terms(&wishes, platform.config.stream_max_bps, grant.is_preview);
            let decision = decide(&track, &terms).ok_or(Error::Refused(Code::NothingAcceptable))?;
            let gain_db = Loudness::of(conn, &track, new.levelling).await?.gain_db();
            if play.is_new {
                play.keep(conn, listener, now, &track, &grant).await?;
            }
            if let Some(proof) = proof.filter(|_| new.link.is_none()) {
                begin(platform, conn, proof, (new, &play), &track, now).await?;
            }
            let decided = Decided { track: &track, decision: &decision, gain_db, ceiling: terms.ceiling, grant };
            Ok(decided.answer(&platform.grants.sign(&grant)))
        })
        .await
}

// A device plays one thing at a time. The same request twice begins it once, but another device begins it too.
async fn begin(
    platform: &Platform,
    conn: &mut Conn,
    proof: &Proof,
    (new, play): (&NewPlay, &Pressed),
    track: &Playable,
    now: DateTime<Utc>,
) -> Result<()> {
    if !play.is_new && streams::has_begun(conn, proof, play.id).await? {
        return Ok(());
    }
    let stream = NewStream {
        account: proof.account,
        credential: proof.credential.uuid(),
        play: play.id,
        track: track.id,
        duration_ms: track.duration_ms,
        takes_over: new.take_over,
    };
    streams::begin(platform, conn, stream, now).await
}

async fn by_account(
    platform: &Platform,
    conn: &mut Conn,
    proof: Option<&Proof>,
    play: &Pressed,
) -> Result<(Playable, Grant)> {
    let is_preview = match (proof, platform.config.strangers_hear) {
        (None, StrangersHear::Nothing) => return Err(Error::Unauthenticated),
        (None, StrangersHear::Preview) => true,
        _ => false,
    };
    let account = proof.map(|proof| proof.account);
    let credential = proof.map(|proof| proof.credential.uuid());
    let mut playable = artists::playable(conn, &[play.track], account).await?;
    let track = playable.pop().ok_or(Error::NotFound("track"))?;
    let grant = Grant { play: play.id, track: track.id, account, credential, expires_at: play.expires_at, is_preview };
    Ok((track, grant))
}

// Whoever listens, the grant is the link's, and ends with it.
async fn by_link(conn: &mut Conn, token: &str, play: &Pressed) -> Result<(Playable, Grant)> {
    let link = artists::find_link(conn, token).await?.ok_or(Error::NotFound("link"))?.id;
    let track = artists::playable_by_link(conn, link, play.track).await?.ok_or(Error::NotFound("track"))?;
    if play.is_new {
        artists::count_play(conn, link, track.id).await?;
    }
    let grant = Grant {
        play: play.id,
        track: track.id,
        account: None,
        credential: Some(link.uuid()),
        expires_at: play.expires_at,
        is_preview: false,
    };
    Ok((track, grant))
}

impl NewPlay {
    // What the client says goes before what the account prefers, but no limit is lifted by another.
    fn terms(&self, wishes: &Preferences, server_bps: i32, prepared_only: bool) -> Terms {
        let accept = match self.client {
            Some(client) if self.accept.is_empty() => client.accept(),
            _ => self.accept.clone(),
        };
        let limit = |bps: Option<i32>, reason| bps.map(|bps| Ceiling { bps, reason });
        let wished = self.max_bitrate_bps.map(|most| i32::try_from(most).unwrap_or(i32::MAX));
        let mut ceilings: Vec<Ceiling> = [
            limit(wished, ChoiceReason::BitrateWished),
            limit(wishes.max_bitrate_bps, ChoiceReason::AccountLimit),
            limit((server_bps > 0).then_some(server_bps), ChoiceReason::ServerLimit),
        ]
        .into_iter()
        .flatten()
        .collect();
        ceilings
            .extend(self.network.map(|network| network.ceilings(wishes.metered_max_bitrate_bps)).unwrap_or_default());
        let ceiling = ceilings.into_iter().min_by_key(|ceiling| ceiling.bps);
        Terms { accept, ceiling, lossless: self.lossless.unwrap_or(wishes.lossless), prepared_only }
    }
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
        grant: &Grant,
    ) -> Result<()> {
        let new = play::NewPlay {
            id: self.id,
            account_id: listener,
            track_id: self.track,
            started_at: now,
            expires_at: self.expires_at,
            // Who hears a piece of it has not heard it.
            needed_ms: if grant.is_preview { i32::MAX } else { heard::needed_ms(track.duration_ms) },
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

/// How long what a grant opens may be kept by the listener's own cache.
pub(super) const MAX_AGE: Duration = Duration::from_secs(24 * 3600);
