//! End a label's management of an artist.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::offer::set_label;
use super::pair::Pair;
use crate::artists::artist::Artist;
use crate::artists::ingest::progress;
use crate::artists::own_artist::{OwnArtist, id_of};
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;
use crate::platform::{Platform, outbox};

/// End a label's management of an artist, as an owner of either. Its people act for the artist no longer.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/label")]
pub(in crate::artists) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    artist: Path<String>,
) -> Result<NoContent> {
    end(&platform.db, &artist, identity.account).await.map(|()| NoContent)
}

async fn end(db: &Db, id_or_slug: &str, account: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let pair = hold(conn, id_or_slug, account).await?;
        // Somebody else may have ended it, or put another in its place, before this was held.
        if pair.artist.label_id != Some(pair.label.id) {
            return Err(Error::NotFound("label"));
        }
        set_label(conn, pair.artist.id, None).await?;
        progress::end_streams(conn, pair.artist.id).await?;
        let changed = pair.changed(conn, false, account).await?;
        outbox::record(conn, &changed).await
    })
    .await
}

async fn hold(conn: &mut Conn, id_or_slug: &str, account: AccountId) -> Result<Pair> {
    let id = id_of(conn, id_or_slug).await?;
    let label = OwnArtist::find(conn, id).await?.ok_or(Error::NotFound("artist"))?.label_id;
    match label {
        Some(label) if Artist::link(conn, label).await?.is_some() => Pair::lock_these(conn, id, label, account).await,
        // Whether there is a label, everybody may know.
        _ => Err(Error::NotFound("label")),
    }
}
