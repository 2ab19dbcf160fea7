//! On how many devices an account plays: counted whenever one begins, or goes on after a pause.

use chrono::{DateTime, Utc};
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use super::stream::{NewStream, Stream};
use crate::accounts;
use crate::platform::Platform;
use crate::platform::auth::{Proof, Subject, revoke};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, PlayId, TrackId};
use crate::platform::live::{self, Message};
use crate::streaming::play::PlayState;

/// Notes that a device begins to play, in the place of what it played before.
///
/// # Errors
/// `too-many-streams`, with the devices' names, where as many others play as may.
pub(in crate::streaming) async fn begin(
    platform: &Platform,
    conn: &mut Conn,
    new: NewStream,
    now: DateTime<Utc>,
) -> Result<()> {
    let others = others(platform, conn, (new.account, new.credential), now).await?;
    match &others[..surplus(platform, &others)] {
        [] => {}
        oldest if new.takes_over => end(platform, conn, oldest).await?,
        _ => return Err(refusal(conn, new.account, &others).await?),
    }
    Stream::insert(conn, new, now).await
}

/// Whether a device has begun this play.
pub(in crate::streaming) async fn has_begun(conn: &mut Conn, proof: &Proof, play: PlayId) -> Result<bool> {
    let row = Stream::find(conn, proof.account, proof.credential.uuid()).await?;
    Ok(row.is_some_and(|row| row.plays().any(|held| held == play)))
}

/// What a player told of a play. One that goes on where others took its place meanwhile is ended.
pub(in crate::streaming) async fn tell(
    platform: &Platform,
    conn: &mut Conn,
    proof: &Proof,
    (play, track, state): (PlayId, TrackId, PlayState),
    now: DateTime<Utc>,
) -> Result<()> {
    match state {
        PlayState::Paused => Stream::pause(conn, proof, now).await,
        PlayState::Granted | PlayState::Ended | PlayState::Skipped => {
            Stream::finish(conn, proof.account, play, now).await
        }
        PlayState::Playing => {
            let device = proof.credential.uuid();
            // One that another took over is not there any more, and does not come back by a word.
            let Some(row) = Stream::find(conn, proof.account, device).await? else { return Ok(()) };
            if !row.plays().any(|held| held == play) {
                return Ok(());
            }
            let others = others(platform, conn, (proof.account, device), now).await?;
            if surplus(platform, &others) > 0 {
                return end(platform, conn, &[row]).await;
            }
            Stream::hear(conn, proof, (play, track), now).await
        }
    }
}

/// Ends what devices play, in every process, and tells them.
pub(super) async fn end(platform: &Platform, conn: &mut Conn, ended: &[Stream]) -> Result<()> {
    let plays: Vec<PlayId> = ended.iter().flat_map(Stream::plays).collect();
    let subjects: Vec<Subject> = plays.iter().map(|play| Subject::Play(*play)).collect();
    revoke(conn, &platform.clock, &subjects).await?;
    for stream in ended {
        stream.delete(conn).await?;
        let plays: Vec<PlayId> = stream.plays().collect();
        let message = Message { event: "stream.ended".to_owned(), id: None, data: json!({ "play_ids": plays }) };
        live::tell(conn, vec![format!("account:{}", stream.account_id)], message).await?;
    }
    Ok(())
}

// What plays on the other devices. Those that begin at once are counted one after the other.
async fn others(
    platform: &Platform,
    conn: &mut Conn,
    (account, device): (AccountId, Uuid),
    now: DateTime<Utc>,
) -> Result<Vec<Stream>> {
    if platform.config.streams_per_account == 0 {
        return Ok(Vec::new());
    }
    let lock = sql("select pg_advisory_xact_lock(hashtextextended('streams:' || $1::text, 0))");
    prepared(lock.bind::<SqlUuid, _>(account)).execute(conn).await?;
    Stream::list(conn, account, Some(device), now).await
}

/// How many of the others have to end for one more.
fn surplus(platform: &Platform, others: &[Stream]) -> usize {
    let most = platform.config.streams_per_account as usize;
    if most == 0 { 0 } else { (others.len() + 1).saturating_sub(most) }
}

async fn refusal(conn: &mut Conn, account: AccountId, others: &[Stream]) -> Result<Error> {
    let ids: Vec<Uuid> = others.iter().map(|stream| stream.credential_id).collect();
    let devices = accounts::devices(conn, account, &ids).await?;
    let names: Vec<&str> = ids.iter().map(|id| devices.get(id).map_or("another device", String::as_str)).collect();
    Ok(Error::RefusedBecause(Code::TooManyStreams, format!("It plays on: {}.", names.join(", "))))
}
