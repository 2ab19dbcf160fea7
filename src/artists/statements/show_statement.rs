//! Show a statement: how its import goes, or what came of it.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::statement::{Statement, find_artist};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::StatementId;

/// A statement, for those who act for its artist.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), ("statement" = StatementId, Path)),
    responses((status = 200, body = Statement), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/artists/{id}/statements/{statement}")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    path: Path<(String, String)>,
) -> Result<Found<Statement>> {
    let (artist, statement) = path.into_inner();
    let id = super::id(&statement)?;
    let mut conn = platform.db.conn().await?;
    let artist = find_artist(&mut conn, &artist, identity.account).await?;
    let statement = Statement::find(&mut conn, artist, id, identity.account).await?;
    statement.map(Found).ok_or(Error::NotFound("statement"))
}
