//! List an artist's statements.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::statement::{Statement, find_artist};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::StatementId;

/// An artist's statements, newest first; for those who act for it.
#[utoipa::path(tag = "statements", params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<Statement>), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[get("/artists/{id}/statements")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    paging: Paging<StatementId>,
) -> Result<Found<Page<Statement>>> {
    let mut conn = platform.db.conn().await?;
    let artist = find_artist(&mut conn, &artist, identity.account).await?;
    let list = Statement::list(&mut conn, artist, identity.account, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |statement| statement.id)))
}
