//! Show how an artist's profile became what it is.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::profile_change::ProfileChange;
use crate::accounts::{self, AccountName};
use crate::artists::artist::Artist;
use crate::artists::metadata::FieldChange;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, ChangeId};

/// What a page holds, about: with biographies before and after, a change may have tens of kilobytes. One change there is.
const MAX_PAGE_BYTES: i64 = 1 << 20;

/// One change of a profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileEntry {
    id: ChangeId,
    /// Null where the account is gone.
    by: Option<AccountName>,
    /// The earlier change that this one took back.
    takes_back: Option<ChangeId>,
    fields: Vec<FieldChange>,
    changed_at: DateTime<Utc>,
}

/// What was changed of an artist's profile, the newest first; for its members.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug"), PagingQuery), responses(
    (status = 200, body = Page<ProfileEntry>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/history")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    id: Path<String>,
    paging: Paging<ChangeId>,
) -> Result<Found<Page<ProfileEntry>>> {
    list(&mut *platform.db.conn().await?, &id, identity.account, &paging).await.map(Found)
}

async fn list(
    conn: &mut Conn,
    id_or_slug: &str,
    member: AccountId,
    paging: &Paging<ChangeId>,
) -> Result<Page<ProfileEntry>> {
    let artist = Artist::find(conn, id_or_slug, Some(member)).await?;
    let artist = artist.filter(|artist| artist.mine).ok_or(Error::NotFound("artist"))?.id;
    let limit = ProfileChange::that_fit(conn, artist, paging.after, paging.limit, MAX_PAGE_BYTES).await?;
    let changes = ProfileChange::list(conn, artist, paging.after, limit).await?;
    let page = Page::new(changes, limit, |change| change.id);
    let items = entries(conn, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Changes as they are shown.
pub(super) async fn entries(conn: &mut Conn, changes: Vec<ProfileChange>) -> Result<Vec<ProfileEntry>> {
    let ids: Vec<AccountId> = changes.iter().filter_map(|change| change.account_id).collect();
    let people = accounts::names(conn, &ids).await?;
    let entries = changes.into_iter().map(|change| {
        Ok(ProfileEntry {
            id: change.id,
            by: people.iter().find(|person| Some(person.id) == change.account_id).cloned(),
            takes_back: change.takes_back,
            fields: change.fields()?,
            changed_at: change.changed_at,
        })
    });
    entries.collect()
}
