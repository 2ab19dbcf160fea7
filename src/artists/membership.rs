//! Who may act for an artist, and what becomes of an artist that nobody acts for.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;

use super::own_artist;
use super::schema::{artists, follows, memberships, replacements, tracks};
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, TrackId};

named! {
    /// What a member may do.
    pub(crate) enum MemberRole {
        /// Everything.
        Owner = "owner",
        /// All but people, and the end of the artist.
        Editor = "editor",
        /// Look.
        Viewer = "viewer",
    }
}

diesel::define_sql_function! {
    /// Whether an account may change what is an artist's: as its member, or by the label that manages it.
    #[sql_name = "artists.may_edit"]
    fn may_edit(artist: diesel::sql_types::Uuid, account: diesel::sql_types::Uuid) -> Bool;
}

/// What becomes of the artists that an account leaves.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Nobody acts for them any more.
    pub(super) deserted: Vec<ArtistId>,
    /// They have a new owner.
    pub(super) inherited: Vec<(ArtistId, AccountId)>,
}

/// Takes all memberships of an account away. Where it was the last owner, another takes its place.
pub(super) async fn leave_all(conn: &mut Conn, account: AccountId) -> Result<Left> {
    let own = memberships::table.filter(memberships::account_id.eq(account)).select(memberships::artist_id);
    // The artists are held, so that of two members who leave at once the second sees that it was the last.
    let all: Vec<ArtistId> = artists::table
        .filter(artists::id.eq_any(own).and(artists::closed_at.is_null()))
        .order(artists::id)
        .select(artists::id)
        .for_update()
        .load(conn)
        .await?;
    let mut left = Left::default();
    for artist in all {
        if has_owner_but(conn, artist, account).await? {
            continue;
        }
        match succeed(conn, artist, account).await? {
            Some(heir) => left.inherited.push((artist, heir)),
            None => {
                own_artist::close(conn, artist).await?;
                left.deserted.push(artist);
            }
        }
    }
    diesel::delete(memberships::table.filter(memberships::account_id.eq(account))).execute(conn).await?;
    Ok(left)
}

/// Whether an artist has an owner besides this account.
pub(super) async fn has_owner_but(conn: &mut Conn, artist: ArtistId, account: AccountId) -> Result<bool> {
    let others = memberships::table
        .filter(memberships::artist_id.eq(artist).and(memberships::role.eq(MemberRole::Owner)))
        .filter(memberships::account_id.ne(account));
    Ok(diesel::select(diesel::dsl::exists(others)).get_result(conn).await?)
}

#[derive(QueryableByName)]
struct Heir {
    #[diesel(sql_type = SqlUuid)]
    account_id: AccountId,
}

/// Makes the editor who has been there longest the owner; where there is none, whoever has been longest with the label that
/// manages the artist, its owners first. Never somebody who may only look.
async fn succeed(conn: &mut Conn, artist: ArtistId, leaving: AccountId) -> Result<Option<AccountId>> {
    let heir = prepared(
        sql("insert into artists.memberships (artist_id, account_id, role)
             select $1, s.account_id, 'owner'
             from (select m.account_id, m.created_at, 0 as rank
                   from artists.memberships m where m.artist_id = $1 and m.role = 'editor'
                   union all
                   select m.account_id, m.created_at, case m.role when 'owner' then 1 else 2 end
                   from artists.artists a join artists.memberships m on m.artist_id = a.label_id
                   where a.id = $1 and m.role <> 'viewer') s
             where s.account_id <> $2
             order by s.rank, s.created_at, s.account_id limit 1
             on conflict (artist_id, account_id) do update set role = excluded.role
             returning account_id")
        .bind::<SqlUuid, _>(artist)
        .bind::<SqlUuid, _>(leaving),
    );
    let heir: Option<Heir> = heir.get_result(conn).await.optional()?;
    Ok(heir.map(|heir| heir.account_id))
}

/// Takes the account out of what stays: follows go, and uploads to artists of others were nobody's.
pub(super) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(follows::table.filter(follows::account_id.eq(account))).execute(conn).await?;
    diesel::update(tracks::table.filter(tracks::uploaded_by.eq(account)))
        .set(tracks::uploaded_by.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    diesel::update(replacements::table.filter(replacements::uploaded_by.eq(account)))
        .set(replacements::uploaded_by.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    Ok(())
}

/// Holds an artist that the member may change; false when there is no such one.
pub(super) async fn lock_artist(conn: &mut Conn, artist: ArtistId, member: AccountId) -> Result<bool> {
    let own = artists::table.filter(artists::id.eq(artist)).filter(may_edit(artists::id, member)).select(artists::id);
    let held: Option<ArtistId> = own.for_no_key_update().first(conn).await.optional()?;
    Ok(held.is_some())
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
