//! Who may act for an artist, and what becomes of an artist that nobody acts for.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{artists, follows, memberships, tracks};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, TrackId};

/// Takes all memberships of an account away; answers with the artists that nobody acts for any more.
pub(super) async fn leave_all(conn: &mut Conn, account: AccountId) -> Result<Vec<ArtistId>> {
    let own = memberships::table.filter(memberships::account_id.eq(account)).select(memberships::artist_id);
    // The artists are held, so that of two members who leave at once the second sees that it was the last.
    let left: Vec<ArtistId> = artists::table
        .filter(artists::id.eq_any(own))
        .order(artists::id)
        .select(artists::id)
        .for_update()
        .load(conn)
        .await?;
    diesel::delete(memberships::table.filter(memberships::account_id.eq(account))).execute(conn).await?;
    let still = memberships::table.filter(memberships::artist_id.eq_any(&left)).select(memberships::artist_id);
    let still: Vec<ArtistId> = still.load(conn).await?;
    Ok(left.into_iter().filter(|artist| !still.contains(artist)).collect())
}

/// Takes the account out of what stays: follows go, and uploads to artists of others were nobody's.
pub(super) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(follows::table.filter(follows::account_id.eq(account))).execute(conn).await?;
    diesel::update(tracks::table.filter(tracks::uploaded_by.eq(account)))
        .set(tracks::uploaded_by.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    Ok(())
}

/// Holds an artist that nobody acts for; false when there is none, or somebody acts for it.
pub(super) async fn lock_deserted(conn: &mut Conn, artist: ArtistId) -> Result<bool> {
    let there: Option<ArtistId> =
        artists::table.find(artist).select(artists::id).for_update().first(conn).await.optional()?;
    let members = memberships::table.filter(memberships::artist_id.eq(artist));
    let has_member: bool = diesel::select(diesel::dsl::exists(members)).get_result(conn).await?;
    Ok(there.is_some() && !has_member)
}

/// Takes an artist away, and with it who follows it. Its releases went before.
pub(super) async fn delete_artist(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    diesel::delete(artists::table.find(artist)).execute(conn).await?;
    Ok(())
}

/// An original that an account uploaded: where it lies, and what it is called.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Original {
    pub(super) track: TrackId,
    pub(super) source_key: String,
    pub(super) filename: Option<String>,
    pub(super) title: String,
    pub(super) position: i32,
    pub(super) release: String,
    pub(super) artist: String,
}

impl Original {
    /// What an account uploaded, in the order of the tracks' ids.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<TrackId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        use super::schema::releases;
        let mut list = tracks::table
            .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
            .inner_join(artists::table.on(artists::id.eq(releases::artist_id)))
            .filter(tracks::uploaded_by.eq(account))
            .order(tracks::id)
            .limit(limit)
            .select((
                tracks::id,
                tracks::source_key,
                tracks::filename,
                tracks::title,
                tracks::position,
                releases::title,
                artists::name,
            ))
            .into_boxed();
        if let Some(after) = after {
            list = list.filter(tracks::id.gt(after));
        }
        Ok(list.load(conn).await?)
    }
}
