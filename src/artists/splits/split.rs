//! A share in a track: its rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::percent::Percent;
use crate::artists::artist::ArtistLink;
use crate::artists::schema::{splits, tracks};
use crate::artists::track::ReleaseLink;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId, SplitId, TrackId};

named! {
    /// What somebody says to a share.
    pub(crate) enum SplitState {
        /// Nothing yet.
        Invited = "invited",
        Confirmed = "confirmed",
        Declined = "declined",
    }
}

/// A row of `artists.splits`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = splits)]
pub(super) struct Split {
    pub(super) id: SplitId,
    pub(super) account_id: Option<AccountId>,
    pub(super) share_hundredths: i32,
    pub(super) state: SplitState,
    pub(super) answered_at: Option<DateTime<Utc>>,
}

/// A share, as whoever has it sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OwnSplit {
    pub(super) id: SplitId,
    percent: Percent,
    state: SplitState,
    track: SharedTrack,
    release: ReleaseLink,
    artist: ArtistLink,
    invited_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
}

/// The track of a share.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SharedTrack {
    id: TrackId,
    title: String,
}

#[derive(QueryableByName)]
struct OwnRow {
    #[diesel(sql_type = SqlUuid)]
    id: SplitId,
    #[diesel(sql_type = Integer)]
    share_hundredths: i32,
    #[diesel(sql_type = Text)]
    state: SplitState,
    #[diesel(sql_type = Timestamptz)]
    invited_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    answered_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlUuid)]
    track_id: TrackId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = SqlUuid)]
    release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    release_title: String,
    #[diesel(sql_type = SqlUuid)]
    artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    artist_slug: String,
    #[diesel(sql_type = Text)]
    artist_name: String,
}

impl From<OwnRow> for OwnSplit {
    fn from(row: OwnRow) -> Self {
        Self {
            id: row.id,
            percent: Percent::from_hundredths(row.share_hundredths),
            state: row.state,
            track: SharedTrack { id: row.track_id, title: row.title },
            release: ReleaseLink { id: row.release_id, title: row.release_title },
            artist: ArtistLink { id: row.artist_id, slug: row.artist_slug, name: row.artist_name },
            invited_at: row.invited_at,
            answered_at: row.answered_at,
        }
    }
}

macro_rules! select_own {
    ($rest:literal) => {
        concat!(
            "select s.id, s.share_hundredths, s.state, s.invited_at, s.answered_at, s.track_id, t.title, t.release_id,
                    r.title as release_title, r.artist_id, a.slug as artist_slug, a.name as artist_name
             from artists.splits s
             join artists.tracks t on t.id = s.track_id
             join artists.releases r on r.id = t.release_id
             join artists.artists a on a.id = r.artist_id
             where s.account_id = $1 and ",
            $rest
        )
    };
}

impl OwnSplit {
    /// Somebody's share.
    pub(super) async fn find(conn: &mut Conn, id: SplitId, account: AccountId) -> Result<Option<Self>> {
        let found = sql(select_own!("s.id = $2")).bind::<SqlUuid, _>(account).bind::<SqlUuid, _>(id);
        let row: Option<OwnRow> = prepared(found).get_result(conn).await.optional()?;
        Ok(row.map(Self::from))
    }

    /// Somebody's shares, the newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<SplitId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_own!("($2::uuid is null or s.id < $2) order by s.id desc limit $3 + 1"))
                .bind::<SqlUuid, _>(account)
                .bind::<Nullable<SqlUuid>, _>(after)
                .bind::<BigInt, _>(limit),
        );
        let rows: Vec<OwnRow> = list.load(conn).await?;
        Ok(rows.into_iter().map(Self::from).collect())
    }
}

impl Split {
    /// The shares of a track, the greatest first.
    pub(super) async fn list_of(conn: &mut Conn, track: TrackId) -> Result<Vec<Self>> {
        let list = splits::table.filter(splits::track_id.eq(track)).select(Self::as_select());
        Ok(list.order((splits::share_hundredths.desc(), splits::id)).load(conn).await?)
    }

    /// Takes a share away; the transaction must end with all of them there, or none.
    pub(super) async fn delete(conn: &mut Conn, id: SplitId) -> Result<()> {
        diesel::delete(splits::table.find(id)).execute(conn).await?;
        Ok(())
    }

    /// Gives somebody a share: confirmed where they give it to themselves.
    pub(super) async fn insert(
        conn: &mut Conn,
        id: SplitId,
        track: TrackId,
        account: AccountId,
        share: Percent,
        confirmed: bool,
    ) -> Result<()> {
        let state = if confirmed { SplitState::Confirmed } else { SplitState::Invited };
        let answered_at = diesel::dsl::sql::<Nullable<Timestamptz>>(if confirmed { "now()" } else { "null" });
        diesel::insert_into(splits::table)
            .values((
                splits::id.eq(id),
                splits::track_id.eq(track),
                splits::account_id.eq(account),
                splits::share_hundredths.eq(share.hundredths()),
                splits::state.eq(state),
                splits::answered_at.eq(answered_at),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Somebody's share, locked.
    pub(super) async fn lock_own(conn: &mut Conn, id: SplitId, account: AccountId) -> Result<Option<Self>> {
        let own = splits::table.filter(splits::id.eq(id).and(splits::account_id.eq(account)));
        Ok(own.select(Self::as_select()).for_update().first(conn).await.optional()?)
    }

    pub(super) async fn answer(&self, conn: &mut Conn, state: SplitState) -> Result<()> {
        diesel::update(splits::table.find(self.id))
            .set((splits::state.eq(state), splits::answered_at.eq(diesel::dsl::now)))
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// The tracks of a release with a share that nobody has confirmed.
pub(in crate::artists) async fn unsettled(conn: &mut Conn, release: ReleaseId) -> Result<Vec<TrackId>> {
    let open = splits::table
        .inner_join(tracks::table.on(tracks::id.eq(splits::track_id)))
        .filter(tracks::release_id.eq(release).and(splits::state.ne(SplitState::Confirmed)))
        .select(tracks::id)
        .distinct();
    Ok(open.load(conn).await?)
}

/// Takes the account out of its shares, which stay as they were agreed.
pub(in crate::artists) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::update(splits::table.filter(splits::account_id.eq(account)))
        .set(splits::account_id.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    Ok(())
}
