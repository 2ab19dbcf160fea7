//! Remove a statement with its sales, wherever its import is.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::statement::{OwnStatement, StatementState};
use super::{clear_sales, import_statement, sale};
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, StatementId};

/// Remove a statement. Its sales count no more from now on; where another statement tells of the same sales, they count
/// there. An import that is under way is stopped.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), ("statement" = StatementId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/statements/{statement}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    path: Path<(String, String)>,
) -> Result<NoContent> {
    let (artist, statement) = path.into_inner();
    remove(&platform.db, &artist, super::id(&statement)?, identity.account).await.map(|()| NoContent)
}

async fn remove(db: &Db, artist: &str, id: StatementId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        // Seen first, so that nobody stops what is not theirs; then the job before the statement, as everybody who holds
        // both does, and the artist's turn before it too.
        let artist = Artist::find_mine(conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
        OwnStatement::find_mine(conn, artist, id, member).await?;
        import_statement::cancel(conn, id).await?;
        sale::take_turn(conn, artist).await?;
        let statement = OwnStatement::lock_mine(conn, artist, id, member).await?;
        statement.turn(conn, StatementState::Removing).await?;
        let removing = OwnStatement { state: StatementState::Removing, ..statement };
        // A short one goes at once.
        if clear_sales::clear_or_end(conn, &removing).await? {
            clear_sales::enqueue(conn, id).await?;
        }
        Ok(())
    })
    .await
}
