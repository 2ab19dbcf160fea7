//! Publish a release, now or at the end of an embargo, and say who sees it.

use actix_web::put;
use actix_web::web::Data;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Visibility, announce, embargo};
use crate::artists::metadata::{By, Change, Subject};
use crate::artists::own_track::OwnTrack;
use crate::artists::release::{OwnRelease, Release};
use crate::artists::show_release;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// How long an embargo may be, in days.
const LONGEST: TimeDelta = TimeDelta::days(731);

/// When to publish, and for whom.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publication {
    /// The end of an embargo, two years ahead at the most; another one takes its place. At once where absent.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    /// Stays as it is where absent; `public` to begin with.
    #[serde(default)]
    visibility: Option<Visibility>,
}

/// What becomes of a release's publication.
#[derive(Debug, PartialEq)]
enum Step {
    /// Nothing: it is, or will be, public as it was.
    Stay,
    /// It is public now.
    Publish,
    /// It will be.
    Schedule(DateTime<Utc>),
}

/// Publish a release, or set or change its embargo. Publishing what is public changes nothing but who sees it.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), IfMatchHeader), request_body = Publication, responses(
    (status = 200, body = Release, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem),
    (status = 422, body = Problem)))]
#[put("/releases/{id}/publication")]
pub(in crate::artists) async fn put(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
    if_match: IfMatch,
    Json(publication): Json<Publication>,
) -> Result<Editable<Release>> {
    publish_seen(&platform, id, identity.account, &publication, &if_match).await?;
    show_release::show(&platform.db, id, Some(identity.account)).await.map(Editable)
}

/// Façade: publishes a release, to everybody and at once.
pub(crate) async fn publish(platform: &Platform, id: ReleaseId, member: AccountId) -> Result<()> {
    publish_seen(platform, id, member, &Publication::default(), &IfMatch::default()).await
}

/// Publishes a release for whom it is meant, now or at the end of an embargo.
pub(in crate::artists) async fn publish_at(
    platform: &Platform,
    id: ReleaseId,
    member: AccountId,
    at: Option<DateTime<Utc>>,
) -> Result<()> {
    publish_seen(platform, id, member, &Publication { at, visibility: None }, &IfMatch::default()).await
}

async fn publish_seen(
    platform: &Platform,
    id: ReleaseId,
    member: AccountId,
    wanted: &Publication,
    if_match: &IfMatch,
) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let release = OwnRelease::lock(conn, id, member).await?;
            show_release::require(conn, id, member, if_match).await?;
            let now = embargo::now(conn).await?;
            let step = plan(&release, wanted.at, now)?;
            let visibility = wanted.visibility.unwrap_or(release.visibility);
            if step == Step::Stay && visibility == release.visibility {
                return Ok(());
            }
            let before = embargo::fields(conn, id).await?;
            embargo::set_visibility(conn, id, visibility).await?;
            let event = take(conn, &release, &step, visibility, now).await?;
            let (subject, by) = (Subject { release: id, track: None }, By { account: member, takes_back: None });
            let after = embargo::fields(conn, id).await?;
            Change::insert(conn, subject, by, &before, &after).await?;
            outbox::record(conn, &event).await
        })
        .await
}

async fn take(
    conn: &mut Conn,
    release: &OwnRelease,
    step: &Step,
    visibility: Visibility,
    now: DateTime<Utc>,
) -> Result<Event> {
    match step {
        Step::Stay => reveal(conn, release, visibility, now).await,
        Step::Publish => {
            require_ready(conn, release.id).await?;
            embargo::publish(conn, release.id, now).await?;
            announce::event(conn, release, visibility, now).await
        }
        Step::Schedule(at) => {
            require_ready(conn, release.id).await?;
            embargo::schedule(conn, release.id, *at).await?;
            Ok(announce::changed(release))
        }
    }
}

fn plan(release: &OwnRelease, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Step> {
    let is_public = release.published_at.is_some_and(|published| published <= now);
    // As exact as PostgreSQL keeps it.
    match at.map(|at| at.trunc_subsecs(6)) {
        None if is_public => Ok(Step::Stay),
        None => Ok(Step::Publish),
        same if same == release.published_at => Ok(Step::Stay),
        Some(_) if is_public => Err(Error::Refused(Code::ReleaseIsPublic)),
        Some(at) if at <= now => {
            Err(Error::invalid("at", "An embargo ends in the future; to publish at once, say no time."))
        }
        Some(at) if at > now + LONGEST => Err(Error::invalid("at", "An embargo ends within two years.")),
        Some(at) => Ok(Step::Schedule(at)),
    }
}

// Others than before see it. Followers who were never told of it are, if it is there.
async fn reveal(conn: &mut Conn, release: &OwnRelease, visibility: Visibility, now: DateTime<Utc>) -> Result<Event> {
    let since = release.published_at.filter(|at| *at <= now);
    match since {
        // Its embargo ended a moment ago, and telling of that is under way.
        Some(_) if release.embargo_until.is_some() => Ok(announce::changed(release)),
        Some(at) if release.announced_at.is_none() => announce::event(conn, release, visibility, at).await,
        _ => Ok(announce::changed(release)),
    }
}

async fn require_ready(conn: &mut Conn, release: ReleaseId) -> Result<()> {
    let tracks = OwnTrack::count(conn, release).await?;
    if tracks.processing > 0 {
        return Err(Error::Refused(Code::ReleaseStillProcessing));
    }
    if tracks.ready == 0 {
        return Err(Error::Refused(Code::ReleaseWithoutReadyTracks));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artists::ReleaseKind;
    use crate::platform::id::ArtistId;

    fn release(published_at: Option<DateTime<Utc>>) -> OwnRelease {
        OwnRelease {
            id: ReleaseId::new(),
            artist_id: ArtistId::new(),
            title: "Tides".to_owned(),
            kind: ReleaseKind::Ep,
            published_at,
            visibility: Visibility::Public,
            embargo_until: None,
            announced_at: None,
        }
    }

    #[test]
    fn a_time_to_come_is_an_embargo_and_what_is_public_has_none() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let in_days = |days| Some(now + TimeDelta::days(days));
        let planned = |published, at| plan(&release(published), at, now).map_err(|error| error.slug());
        assert_eq!(planned(None, None), Ok(Step::Publish));
        assert_eq!(planned(in_days(1), None), Ok(Step::Publish));
        assert_eq!(planned(in_days(-1), None), Ok(Step::Stay));
        assert_eq!(planned(None, in_days(2)), Ok(Step::Schedule(now + TimeDelta::days(2))));
        assert_eq!(planned(in_days(1), in_days(2)), Ok(Step::Schedule(now + TimeDelta::days(2))));
        // The same request once more, also after its time has come.
        assert_eq!(planned(in_days(1), in_days(1)), Ok(Step::Stay));
        assert_eq!(planned(in_days(-1), in_days(-1)), Ok(Step::Stay));
        assert_eq!(planned(in_days(-1), in_days(1)), Err("release-is-public"));
        assert_eq!(planned(None, Some(now)), Err("invalid"));
        assert_eq!(planned(None, in_days(732)), Err("invalid"));
    }
}
