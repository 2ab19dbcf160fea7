//! Create a playlist.

use actix_web::post;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::{By, Change, PlaylistDeed};
use super::playlist::{Naming, Openness, Playlist};
use super::rules::Rules;
use super::show_playlist::{ShownPlaylist, show};
use super::words::Description;
use crate::artists::Title;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistId};

/// Playlists of an account.
const MOST: i64 = 1000;

/// A playlist to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlaylist {
    title: Title,
    /// None where absent.
    #[serde(default)]
    description: Description,
    /// Private where absent.
    #[serde(default = "private")]
    visibility: Openness,
    /// How it fills itself; kept by hand where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rules: Option<Rules>,
}

fn private() -> Openness {
    Openness::Private
}

/// Create a playlist. An account has a thousand at the most.
#[utoipa::path(tag = "playlists", params(IdempotencyHeader), request_body = NewPlaylist, responses(
    (status = 201, body = ShownPlaylist), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/playlists")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Library>,
    key: IdempotencyKey,
    Json(new): Json<NewPlaylist>,
) -> Result<Created<ShownPlaylist>> {
    let id = create(&platform.db, identity.account, &new, &key).await?;
    show(&mut *platform.db.conn().await?, id, Some(identity.account)).await.map(Created)
}

async fn create(db: &Db, owner: AccountId, new: &NewPlaylist, key: &IdempotencyKey) -> Result<PlaylistId> {
    db.transaction(async |conn| {
        let id = PlaylistId::new();
        if let Some(earlier) = key.claim(conn, owner, new, id.uuid()).await? {
            return Ok(earlier.into());
        }
        let naming = Naming {
            title: &new.title,
            description: &new.description,
            visibility: new.visibility,
            rules: new.rules.as_ref(),
        };
        add(conn, id, owner, &naming, &PlaylistDeed::Created).await?;
        Ok(id)
    })
    .await
}

/// Makes a playlist in the caller's transaction; refused where the account has as many as it may.
pub(super) async fn add(
    conn: &mut Conn,
    id: PlaylistId,
    owner: AccountId,
    naming: &Naming<'_>,
    deed: &PlaylistDeed,
) -> Result<()> {
    if Playlist::count(conn, owner, MOST).await? >= MOST {
        return Err(Error::Refused(Code::LimitReached));
    }
    Playlist::insert(conn, id, owner, naming).await?;
    Change::record(conn, PlaylistChangeId::new(), id, By { account: owner, takes_back: None }, deed).await
}
