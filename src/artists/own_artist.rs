//! An artist as its own people change it: the row, held by the transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::former_slug;
use super::membership::may_edit;
use super::schema::{artists, links, memberships, releases};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ArtistId};

/// A row of `artists.artists` that nobody else changes until the transaction ends; nor its members, its invitations and its
/// label, for whoever changes those holds it too.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = artists)]
pub(super) struct OwnArtist {
    pub(super) id: ArtistId,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) label_id: Option<ArtistId>,
}

diesel::define_sql_function! {
    /// Whether an account owns an artist.
    #[sql_name = "artists.owns"]
    fn owns(artist: SqlUuid, account: SqlUuid) -> Bool;
}

#[derive(QueryableByName)]
struct Acting {
    #[diesel(sql_type = Bool)]
    acts: bool,
}

impl OwnArtist {
    /// The artist, if the account may change what it shows. Who may only look is forbidden, for others there is nothing.
    pub(super) async fn lock_to_edit(conn: &mut Conn, id_or_slug: &str, account: AccountId) -> Result<Self> {
        let id = id_of(conn, id_or_slug).await?;
        let mine = artists::table
            .find(id)
            .filter(artists::closed_at.is_null().and(may_edit(artists::id, account)))
            .select(Self::as_select())
            .for_no_key_update();
        let locked: Option<Self> = mine.first(conn).await.optional()?;
        let still = diesel::select(may_edit(id, account)).get_result(conn).await?;
        admitted(conn, locked.filter(|_| still), id, account).await
    }

    /// The artist, if the account owns it. Who acts for it otherwise is forbidden, for others there is nothing.
    pub(super) async fn lock_owned(conn: &mut Conn, id_or_slug: &str, account: AccountId) -> Result<Self> {
        let id = id_of(conn, id_or_slug).await?;
        let own = artists::table
            .find(id)
            .filter(artists::closed_at.is_null().and(owns(artists::id, account)))
            .select(Self::as_select())
            .for_no_key_update();
        let locked: Option<Self> = own.first(conn).await.optional()?;
        // Whoever held it before may have taken the ownership away.
        let still = is_owner(conn, id, account).await?;
        admitted(conn, locked.filter(|_| still), id, account).await
    }

    /// The artist, whoever asks; none once it is deleted.
    pub(super) async fn lock(conn: &mut Conn, id: ArtistId) -> Result<Option<Self>> {
        let there = artists::table.find(id).filter(artists::closed_at.is_null()).select(Self::as_select());
        Ok(there.for_no_key_update().first(conn).await.optional()?)
    }

    /// The artist as it is this moment, not held.
    pub(super) async fn find(conn: &mut Conn, id: ArtistId) -> Result<Option<Self>> {
        let there = artists::table.find(id).filter(artists::closed_at.is_null()).select(Self::as_select());
        Ok(there.first(conn).await.optional()?)
    }

    /// Takes the artist from the public and from its members: a job takes away the rest.
    pub(super) async fn close(&self, conn: &mut Conn) -> Result<()> {
        close(conn, self.id).await
    }
}

/// The same for an artist that has lost its last owner, in the transaction that holds it.
pub(super) async fn close(conn: &mut Conn, id: ArtistId) -> Result<()> {
    let now = || diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>>("now()");
    let never = None::<DateTime<Utc>>;
    // The people of its label act for it no longer, as its members do not.
    diesel::update(artists::table.find(id))
        .set((artists::closed_at.eq(now()), artists::label_id.eq(None::<ArtistId>)))
        .execute(conn)
        .await?;
    let all = releases::table.filter(releases::artist_id.eq(id)).select(releases::id);
    diesel::update(links::table.filter(links::release_id.eq_any(all).and(links::revoked_at.is_null())))
        .set(links::revoked_at.eq(now()))
        .execute(conn)
        .await?;
    // What was to come out later does not come out.
    diesel::update(releases::table.filter(releases::artist_id.eq(id).and(releases::published_at.is_not_null())))
        .set((releases::published_at.eq(never), releases::embargo_until.eq(never)))
        .execute(conn)
        .await?;
    diesel::delete(memberships::table.filter(memberships::artist_id.eq(id))).execute(conn).await?;
    Ok(())
}

/// The id behind an id or an address, of today or of before.
pub(super) async fn id_of(conn: &mut Conn, id_or_slug: &str) -> Result<ArtistId> {
    let id = match id_or_slug.parse() {
        Ok(id) => Some(id),
        Err(_) => former_slug::artist_of(conn, id_or_slug).await?,
    };
    id.ok_or(Error::NotFound("artist"))
}

async fn admitted(conn: &mut Conn, own: Option<OwnArtist>, id: ArtistId, account: AccountId) -> Result<OwnArtist> {
    match own {
        Some(artist) => Ok(artist),
        None if acts_for(conn, id, account).await? => Err(Error::Forbidden),
        None => Err(Error::NotFound("artist")),
    }
}

/// Whether an account owns an artist, as it is once the artist is held.
pub(super) async fn is_owner(conn: &mut Conn, id: ArtistId, account: AccountId) -> Result<bool> {
    Ok(diesel::select(owns(id, account)).get_result(conn).await?)
}

/// Whether an account acts for an artist, if only to look.
pub(super) async fn acts_for(conn: &mut Conn, id: ArtistId, account: AccountId) -> Result<bool> {
    let acting = prepared(
        sql("select exists (select 1 from artists.acting x join artists.artists a on a.id = x.artist_id
                            where x.artist_id = $1 and x.account_id = $2 and a.closed_at is null) as acts")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(account),
    );
    let acting: Acting = acting.get_result(conn).await?;
    Ok(acting.acts)
}

/// The id behind an id or an address, if the account owns the artist. Who acts for it otherwise is forbidden, for others
/// there is nothing.
pub(super) async fn require_owner(conn: &mut Conn, id_or_slug: &str, account: AccountId) -> Result<ArtistId> {
    let id = id_of(conn, id_or_slug).await?;
    let own = artists::table.find(id).filter(artists::closed_at.is_null().and(owns(artists::id, account)));
    if diesel::select(diesel::dsl::exists(own)).get_result(conn).await? {
        return Ok(id);
    }
    if acts_for(conn, id, account).await? { Err(Error::Forbidden) } else { Err(Error::NotFound("artist")) }
}
