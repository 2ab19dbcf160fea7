//! Accept an invitation: from now on one acts for the artist.

use actix_web::put;
use actix_web::web::Data;

use super::invitation::{Guest, Invitation};
use super::list_my_invitations::guest;
use super::member::{Member, changed, names_of};
use crate::artists::artist::Artist;
use crate::artists::membership::MemberRole;
use crate::artists::own_artist::OwnArtist;
use crate::platform::auth::Identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, MemberInvitationId};
use crate::platform::{Platform, outbox};

/// Accept an invitation. The answer is the artist, with what one is there now.
#[utoipa::path(tag = "people", params(("id" = MemberInvitationId, Path)), responses(
    (status = 200, body = Artist), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[put("/me/invitations/{id}/acceptance")]
pub(in crate::artists) async fn put(
    platform: Data<Platform>,
    identity: Identity,
    Id(id): Id<MemberInvitationId>,
) -> Result<Found<Artist>> {
    accept(&platform, id, identity.account).await.map(Found)
}

async fn accept(platform: &Platform, id: MemberInvitationId, account: AccountId) -> Result<Artist> {
    platform
        .db
        .transaction(async |conn| {
            let (artist, invitation, guest) = hold(conn, platform, id, account).await?;
            join(conn, &artist, &invitation, account).await?;
            Invitation::delete_all(conn, artist.id, &guest).await?;
            let answered = answered(conn, &invitation, account, true).await?;
            outbox::record(conn, &answered).await?;
            Artist::find(conn, &artist.id.to_string(), Some(account)).await?.ok_or(Error::NotFound("artist"))
        })
        .await
}

/// The account's invitation, as it stands once nobody else changes the artist's people.
pub(super) async fn hold(
    conn: &mut Conn,
    platform: &Platform,
    id: MemberInvitationId,
    account: AccountId,
) -> Result<(OwnArtist, Invitation, Guest)> {
    let (guest, gone) = (guest(conn, account).await?, || Error::NotFound("invitation"));
    let asked = Invitation::find_mine(conn, id, &guest, platform.clock.now()).await?.ok_or_else(gone)?;
    let artist = OwnArtist::lock(conn, asked.artist_id).await?.ok_or_else(gone)?;
    let invitation = Invitation::find_mine(conn, id, &guest, platform.clock.now()).await?.ok_or_else(gone)?;
    Ok((artist, invitation, guest))
}

async fn join(conn: &mut Conn, artist: &OwnArtist, invitation: &Invitation, account: AccountId) -> Result<()> {
    if let Some(role) = Member::add(conn, artist.id, account, invitation.role).await? {
        outbox::record(conn, &changed(artist, account, Some(role), Some(account))).await?;
    }
    let host = invitation.invited_by;
    if invitation.hands_over && host != account {
        Member::set_role(conn, artist.id, host, MemberRole::Editor).await?;
        outbox::record(conn, &changed(artist, host, Some(MemberRole::Editor), Some(account))).await?;
    }
    Ok(())
}

/// What whoever invited is told.
pub(super) async fn answered(
    conn: &mut Conn,
    invitation: &Invitation,
    account: AccountId,
    accepted: bool,
) -> Result<Event> {
    let names = names_of(conn, &[account]).await?;
    Ok(Event::InvitationAnswered {
        invitation: invitation.id.uuid(),
        artist: invitation.artist_id,
        artist_name: invitation.artist_name.clone(),
        invited_by: invitation.invited_by,
        account: Some(account),
        handle: names.get(&account).map(|name| name.handle.clone()).unwrap_or_default(),
        accepted,
    })
}
