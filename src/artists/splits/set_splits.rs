//! Set who has which share in a track.

use std::time::Duration;

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::percent::Percent;
use super::show_splits::{Splits, show};
use super::split::Split;
use crate::accounts::{self, Handle};
use crate::artists::metadata::{By, Change, Subject};
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, SplitId, TrackId};
use crate::platform::limits::Rule;
use crate::platform::outbox;

/// Shares in a track.
const MAX: usize = 50;

const HOUR: Duration = Duration::from_secs(3600);

/// How often one account asks another: an album, thought over some times. Each time is a notification.
static SHARES_TO: Rule = Rule::new("shares-to", 100, HOUR, HOUR);

/// All shares in a track.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitsOf {
    /// They add up to exactly 100 %; none at all takes them away. Up to 50, each account once.
    #[schema(max_items = 50)]
    shares: Vec<ShareOf>,
}

/// Somebody's share.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareOf {
    handle: Handle,
    percent: Percent,
}

/// Set the shares in a track. Whoever gets another share than before is asked to confirm it; one's own is confirmed.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), IfMatchHeader), request_body = SplitsOf, responses(
    (status = 200, body = Splits, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[put("/tracks/{id}/splits")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<TrackId>,
    if_match: IfMatch,
    Json(wanted): Json<SplitsOf>,
) -> Result<Editable<Splits>> {
    wanted.check()?;
    wanted.take_limits(&platform, identity.account).await?;
    set(&platform.db, id, identity.account, &wanted, &if_match).await.map(Editable)
}

async fn set(db: &Db, id: TrackId, member: AccountId, wanted: &SplitsOf, if_match: &IfMatch) -> Result<Splits> {
    db.transaction(async |conn| {
        let release = OwnTrack::find(conn, id).await?.ok_or(Error::NotFound("track"))?.release;
        OwnRelease::lock(conn, release, member).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("track"),
            error => error,
        })?;
        let before = show(conn, id).await?;
        if_match.require(&before)?;
        let shares = wanted.with_accounts(conn).await?;
        for offered in replace(conn, id, member, &shares).await? {
            let event = offer(conn, id, &offered).await?;
            outbox::record(conn, &event).await?;
        }
        let after = show(conn, id).await?;
        let (subject, by) = (Subject { release, track: Some(id) }, By { account: member, takes_back: None });
        Change::insert(conn, subject, by, &noted(&before), &noted(&after)).await?;
        Ok(after)
    })
    .await
}

async fn offer(conn: &mut Conn, track: TrackId, (share, account, percent): &Offered) -> Result<Event> {
    let track_title = OwnTrack::title(conn, track).await?;
    Ok(Event::ShareOffered { share: share.uuid(), track, track_title, account: *account, percent: (*percent).into() })
}

/// A share that somebody is asked to confirm.
type Offered = (SplitId, AccountId, Percent);

// What stays the same stays, with what was answered to it. The answer is what others than the member are asked.
async fn replace(
    conn: &mut Conn,
    track: TrackId,
    member: AccountId,
    shares: &[(AccountId, Percent)],
) -> Result<Vec<Offered>> {
    let mut kept = Vec::new();
    for old in Split::list_of(conn, track).await? {
        let same = |(account, share): &&(AccountId, Percent)| {
            old.account_id == Some(*account) && share.hundredths() == old.share_hundredths
        };
        match shares.iter().find(same) {
            Some((account, _)) => kept.push(*account),
            None => Split::delete(conn, old.id).await?,
        }
    }
    let mut offered = Vec::new();
    for (account, share) in shares.iter().filter(|(account, _)| !kept.contains(account)) {
        let id = SplitId::new();
        Split::insert(conn, id, track, *account, *share, *account == member).await?;
        if *account != member {
            offered.push((id, *account, *share));
        }
    }
    Ok(offered)
}

// For the history: who has how much, and not what they say to it.
fn noted(splits: &Splits) -> Map<String, Value> {
    Map::from_iter([("splits".to_owned(), json!(splits.summary()))])
}

impl SplitsOf {
    async fn take_limits(&self, platform: &Platform, member: AccountId) -> Result<()> {
        for share in &self.shares {
            let to = format!("{member} {}", share.handle.as_str());
            drop(platform.limits.take(&[(&SHARES_TO, &to)]).await?);
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        if self.shares.len() > MAX {
            return Err(Error::invalid("shares", "A track has at most 50 shares."));
        }
        let sum: i32 = self.shares.iter().map(|share| share.percent.hundredths()).sum();
        if !self.shares.is_empty() && sum != Percent::WHOLE {
            let (whole, part) = (sum / 100, sum % 100);
            return Err(Error::invalid(
                "shares",
                format!("The shares add up to {whole}.{part:02} % and not to 100 %."),
            ));
        }
        Ok(())
    }

    async fn with_accounts(&self, conn: &mut Conn) -> Result<Vec<(AccountId, Percent)>> {
        let mut shares: Vec<(AccountId, Percent)> = Vec::new();
        for (place, share) in self.shares.iter().enumerate() {
            let account = accounts::find_by_handle(conn, &share.handle).await?;
            let invalid = |problem| Error::invalid(format!("shares[{place}].handle"), problem);
            let account = account.ok_or_else(|| invalid("Nobody has this handle."))?;
            if shares.iter().any(|(other, _)| *other == account) {
                return Err(invalid("Name each account once."));
            }
            shares.push((account, share.percent));
        }
        Ok(shares)
    }
}
