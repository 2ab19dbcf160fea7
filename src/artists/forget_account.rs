//! What is left of an account that is erased: its follows go, it is a member of nothing, and an artist whose last owner it
//! was has another, or, where there is nobody who could be, goes with its whole catalogue.

use super::membership::MemberRole;
use super::own_artist::OwnArtist;
use super::{
    browse, delete_artist, label, links, make_again, membership, metadata, people, portable, profile, splits,
    statements, tables, uploads,
};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::AccountId;
use crate::platform::outbox;

/// Follows who leaves, who is suspended, what the store lost, what was played, and tracks that may be what was sold
/// elsewhere.
pub(crate) async fn on_event(platform: &Platform, conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::AccountClosed { account } => forget(conn, *account).await,
        Event::ObjectDamaged { key } => make_again::make_again(conn, std::slice::from_ref(key)).await.map(drop),
        Event::SuspensionChanged { account, suspended, at } => {
            links::follow_suspension(platform, conn, *account, *suspended, *at).await
        }
        Event::TrackReady { release, .. }
        | Event::TrackChanged { release, .. }
        | Event::ReleaseChanged { release, .. } => {
            browse::follow_tags(conn, *release).await?;
            statements::match_release(conn, *release).await
        }
        Event::PlaysCounted { totals } => browse::follow_plays(conn, totals).await,
        _ => Ok(()),
    }
}

async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    let left = membership::leave_all(conn, account).await?;
    for artist in left.deserted {
        delete_artist::enqueue(conn, artist).await?;
        outbox::record(conn, &Event::ArtistChanged { artist }).await?;
    }
    for (artist, heir) in left.inherited {
        if let Some(artist) = OwnArtist::find(conn, artist).await? {
            outbox::record(conn, &people::changed(&artist, heir, Some(MemberRole::Owner), None)).await?;
        }
    }
    people::forget_invitations_of(conn, account).await?;
    label::forget_offers_of(conn, account).await?;
    metadata::forget_account(conn, account).await?;
    profile::forget_account(conn, account).await?;
    links::forget_account(conn, account).await?;
    splits::forget_account(conn, account).await?;
    uploads::forget(conn, account).await?;
    tables::forget_account(conn, account).await?;
    portable::forget_account(conn, account).await?;
    membership::forget(conn, account).await
}
