//! Tell how far a play has come: what was heard counts, once.

use actix_web::patch;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::company::Follow;
use super::heard;
use super::play::{Play, PlayState};
use super::preferences::Preferences;
use super::scrobbling::{self, AnnounceListen};
use super::streams;
use super::suspicion::{self, Listening};
use crate::platform::Platform;
use crate::platform::auth::{Listen, Proof, Viewer};
use crate::platform::client::ClientAddress;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::{AccountId, PlayId};

/// The longest that a track can be heard or be at, in ms: a week.
const MOST_MS: i32 = 7 * 24 * 3_600_000;

/// How far a play has come. It can be told as often as a player likes, and again when it is not certain that it arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlayReport {
    /// Where in the track the listener is.
    #[schema(minimum = 0, maximum = 604_800_000)]
    position_ms: i32,
    /// How long the listener has heard it, since the play began: what is skipped is not heard, and what is heard twice is.
    #[schema(minimum = 0, maximum = 604_800_000)]
    heard_ms: i32,
    state: PlayState,
    /// When it was begun, where that was not when it was granted: heard without a network, up to 30 days ago.
    #[serde(default)]
    started_at: Option<DateTime<Utc>>,
}

/// A play as the server has it now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportedPlay {
    id: PlayId,
    position_ms: i32,
    /// What is believed: no more than time has passed since the play began.
    heard_ms: i32,
    state: PlayState,
    started_at: DateTime<Utc>,
    /// Whether enough was heard for a play: 30 seconds, or half of the track.
    heard: bool,
}

/// Tell how far a play has come. It counts once when 30 seconds, or half of the track, were heard; telling it again counts
/// nothing more. A play of a listener who was not signed in is told of by whoever knows its id.
#[utoipa::path(tag = "plays", params(("id" = PlayId, Path)), request_body = PlayReport, responses(
    (status = 200, body = ReportedPlay), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/plays/{id}")]
pub(super) async fn patch(
    platform: Data<Platform>,
    viewer: Viewer<Listen>,
    client: ClientAddress,
    Id(id): Id<PlayId>,
    Json(report): Json<PlayReport>,
) -> Result<Found<ReportedPlay>> {
    let now = platform.clock.now();
    report.check(now)?;
    let who = Who {
        proof: viewer.0,
        listener: viewer.account().map(|account| platform.limits.pseudonym(&account.to_string())),
        origin: platform.limits.pseudonym(&client.limit_key()),
    };
    let told = async |conn: &mut Conn| tell(&platform, conn, id, &who, &report, now).await;
    let (play, has_begun) = platform.db.transaction(told).await?;
    if let (Some(account), true) = (play.account_id, has_begun) {
        announce(&platform, account).await;
    }
    Ok(Found(play.into()))
}

/// Followers and other services hear what begins to sound. Nothing depends on it: faults are logged.
async fn announce(platform: &Platform, account: AccountId) {
    let announced = async {
        let mut conn = platform.db.conn().await?;
        AnnounceListen::enqueue(&mut conn, account).await?;
        if Preferences::find(&mut conn, account).await?.shares_now_playing {
            Follow::tell(&mut conn, account).await?;
        }
        Ok::<(), Error>(())
    };
    if let Err(error) = announced.await {
        tracing::warn!(%error, "what is heard now was not told");
    }
}

impl PlayReport {
    fn check(&self, now: DateTime<Utc>) -> Result<()> {
        for (field, value) in [("position_ms", self.position_ms), ("heard_ms", self.heard_ms)] {
            if !(0..=MOST_MS).contains(&value) {
                return Err(Error::invalid(field, "A time is 0 to 604,800,000 ms, a week."));
            }
        }
        if self.state == PlayState::Granted {
            return Err(Error::invalid("state", "A play is playing, paused, ended or skipped."));
        }
        match self.started_at {
            Some(at) if at > now + heard::AHEAD => {
                Err(Error::invalid("started_at", "A play begins at the latest when it is told of."))
            }
            Some(at) if at < now - heard::LATEST => {
                Err(Error::invalid("started_at", "A play can be told of for 30 days."))
            }
            _ => Ok(()),
        }
    }
}

/// Who tells; account and address under a secret, too.
struct Who {
    proof: Option<Proof>,
    listener: Option<[u8; 32]>,
    origin: [u8; 32],
}

// The play, and whether it begins to sound.
async fn tell(
    platform: &Platform,
    conn: &mut Conn,
    id: PlayId,
    who: &Who,
    report: &PlayReport,
    now: DateTime<Utc>,
) -> Result<(Play, bool)> {
    let play = Play::lock(conn, id).await?.filter(|play| play.account_id == who.proof.map(|proof| proof.account));
    let mut play = play.ok_or(Error::NotFound("play"))?;
    let has_begun = play.told_at.is_none() && report.state == PlayState::Playing && report.started_at.is_none();
    // What was judged by its time keeps it.
    if let Some(at) = report.started_at.filter(|_| play.qualified_at.is_none()) {
        play.started_at = at.min(now);
    }
    play.heard_ms = heard::heard_ms(play.heard_ms, report.heard_ms, play.started_at, now);
    // What is told late changes no end.
    if !play.state.is_over() || report.state.is_over() {
        (play.state, play.position_ms) = (report.state, report.position_ms);
    }
    play.told_at = Some(now);
    if play.qualified_at.is_none() && play.heard_ms > 0 && play.heard_ms >= play.needed_ms {
        let listening = Listening {
            listener: who.listener.as_ref().map(|listener| &listener[..]),
            origin: &who.origin,
            track: play.track_id,
            started_at: play.started_at,
            heard_ms: play.heard_ms,
        };
        play.suspicion = suspicion::judge(conn, listening).await?;
        play.qualified_at = Some(now);
        (play.listener, play.origin) = (who.listener.map(Vec::from), Some(who.origin.to_vec()));
        if let Some(account) = play.account_id {
            scrobbling::enqueue(conn, account, id).await?;
        }
    }
    play.save(conn).await?;
    if let Some(proof) = &who.proof {
        streams::tell(platform, conn, proof, (id, play.track_id, report.state), now).await?;
    }
    Ok((play, has_begun))
}

impl From<Play> for ReportedPlay {
    fn from(play: Play) -> Self {
        Self {
            id: play.id,
            position_ms: play.position_ms,
            heard_ms: play.heard_ms,
            state: play.state,
            started_at: play.started_at,
            heard: play.qualified_at.is_some(),
        }
    }
}
