//! List invitations.

use actix_web::get;
use actix_web::web::Data;

use crate::accounts::invitation::Invitation;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::InvitationId;

/// The invitations of this server, newest first, without their codes.
#[utoipa::path(tag = "administration", params(PagingQuery), responses(
    (status = 200, body = Page<Invitation>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem)))]
#[get("/admin/invitations")]
pub(in crate::accounts) async fn get(
    platform: Data<Platform>,
    _: Identity<Admin>,
    paging: Paging<InvitationId>,
) -> Result<Found<Page<Invitation>>> {
    let list = Invitation::list(&mut *platform.db.conn().await?, paging.after, paging.limit).await?;
    Ok(Found(Page::new(list, paging.limit, |invitation| invitation.id)))
}
