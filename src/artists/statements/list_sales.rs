//! List the sales of a statement, line by line.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::sale::Sale;
use super::statement::{Statement, find_artist};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::StatementId;

/// The lines of a statement as they were understood, in the order of the file; none before it is ready.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), ("statement" = StatementId, Path), PagingQuery),
    responses((status = 200, body = Page<Sale>), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[get("/artists/{id}/statements/{statement}/sales")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    path: Path<(String, String)>,
    paging: Paging<i32>,
) -> Result<Found<Page<Sale>>> {
    let (artist, statement) = path.into_inner();
    let id = super::id(&statement)?;
    let mut conn = platform.db.conn().await?;
    let artist = find_artist(&mut conn, &artist, identity.account).await?;
    Statement::find(&mut conn, artist, id, identity.account).await?.ok_or(Error::NotFound("statement"))?;
    let list = Sale::list(&mut conn, id, identity.account, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |sale| sale.line)))
}
