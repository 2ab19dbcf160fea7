//! A statement: the rows and queries of a file of numbers from elsewhere.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Bytea, Date, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::reading::{Checked, StatementProblem, Total};
use crate::artists::membership::may_edit;
use crate::artists::own_artist;
use crate::artists::schema::statements;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ArtistId, StatementId, StatementMappingId};
use crate::platform::storage::Stored;

named! {
    /// Who sends a statement.
    pub(crate) enum Source {
        Apple = "apple",
        Bandcamp = "bandcamp",
        Believe = "believe",
        CdBaby = "cd_baby",
        DistroKid = "distrokid",
        SonoSuite = "sonosuite",
        Symphonic = "symphonic",
        TuneCore = "tunecore",
        /// Somebody else, by a mapping of the artist's own.
        Described = "described",
    }
}

impl Source {
    /// As it calls itself.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Apple => "Apple",
            Self::Bandcamp => "Bandcamp",
            Self::Believe => "Believe",
            Self::CdBaby => "CD Baby",
            Self::DistroKid => "DistroKid",
            Self::SonoSuite => "SonoSuite",
            Self::Symphonic => "Symphonic",
            Self::TuneCore => "TuneCore",
            Self::Described => "your mapping",
        }
    }
}

named! {
    /// Where a statement stands.
    pub(crate) enum StatementState {
        Waiting = "waiting",
        /// The whole file is read, and nothing of it imported.
        Checking = "checking",
        /// It is sound, and its sales are being written. None counts yet.
        Loading = "loading",
        /// All of its sales count.
        Ready = "ready",
        /// It cannot be used, and nothing of it is there.
        Rejected = "rejected",
        /// It goes, and counts no more.
        Removing = "removing",
    }
}

/// A statement as members see it.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct Statement {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: StatementId,
    #[diesel(sql_type = Text)]
    pub(crate) state: StatementState,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) filename: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub(crate) file_size_bytes: i64,
    /// Who sent it, once that is known.
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) source: Option<Source>,
    /// Which of the sender's layouts it has.
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) layout: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) encoding: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) mapping_id: Option<StatementMappingId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(crate) period_from: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(crate) period_to: Option<NaiveDate>,
    /// Lines on which something was sold.
    #[diesel(sql_type = Nullable<Integer>)]
    pub(crate) sales: Option<i32>,
    /// Those that another statement counts already; they are kept, and do not count twice.
    #[diesel(sql_type = Integer)]
    pub(crate) repeated: i32,
    /// The sum of all lines, repeated ones too, for each currency: what the sender says that it pays.
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<Total>)]
    pub(crate) totals: Value,
    /// Whether the file states its own total; it is the same then.
    #[diesel(sql_type = Bool)]
    pub(crate) reconciled: bool,
    /// Of the step that is under way.
    #[diesel(sql_type = SmallInt)]
    pub(crate) percent: i16,
    /// Why it was rejected.
    #[diesel(sql_type = Nullable<Jsonb>)]
    #[schema(value_type = Option<StatementProblem>)]
    pub(crate) problem: Option<Value>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) ended_at: Option<DateTime<Utc>>,
}

// $1 is the member, $2 the artist.
macro_rules! select_statements {
    ($rest:literal) => {
        concat!(
            "select s.id, s.state, s.filename, s.file_size_bytes, s.source, s.layout, s.encoding, s.mapping_id, s.period_from,
                    s.period_to, s.sales, s.repeated, s.totals, s.reconciled, s.percent, s.problem, s.created_at, s.ended_at
             from artists.statements s
             where s.artist_id = $2 and s.state <> 'removing'
               and exists (select 1 from artists.acting x where x.artist_id = s.artist_id and x.account_id = $1) ",
            $rest
        )
    };
}

impl Statement {
    /// A statement of an artist whom the member acts for.
    pub(super) async fn find(
        conn: &mut Conn,
        artist: ArtistId,
        id: StatementId,
        member: AccountId,
    ) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_statements!("and s.id = $3"))
                .bind::<SqlUuid, _>(member)
                .bind::<SqlUuid, _>(artist)
                .bind::<SqlUuid, _>(id),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// Newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        member: AccountId,
        after: Option<StatementId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_statements!("and ($3::uuid is null or s.id < $3) order by s.id desc limit $4 + 1"))
                .bind::<SqlUuid, _>(member)
                .bind::<SqlUuid, _>(artist)
                .bind::<Nullable<SqlUuid>, _>(after)
                .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }
}

/// The artist behind an id or a slug, if the member acts for it in any role.
pub(super) async fn find_artist(conn: &mut Conn, id_or_slug: &str, member: AccountId) -> Result<ArtistId> {
    let id = own_artist::id_of(conn, id_or_slug).await?;
    if own_artist::acts_for(conn, id, member).await? { Ok(id) } else { Err(Error::NotFound("artist")) }
}

/// A row to change: as its job and its members do.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = statements)]
pub(in crate::artists) struct OwnStatement {
    pub(super) id: StatementId,
    pub(super) artist_id: ArtistId,
    pub(super) state: StatementState,
    pub(super) file_key: String,
    pub(super) file_size_bytes: i64,
    pub(super) wanted_source: Option<Source>,
    pub(super) mapping_id: Option<StatementMappingId>,
}

/// What an upload knows of its statement.
pub(super) struct NewStatement<'a> {
    pub(super) artist: ArtistId,
    pub(super) filename: Option<&'a str>,
    pub(super) stored: &'a Stored,
    pub(super) source: Option<Source>,
    pub(super) mapping: Option<StatementMappingId>,
}

impl OwnStatement {
    /// Adds a statement; `None`: the artist has one of the same file.
    pub(super) async fn insert(conn: &mut Conn, new: &NewStatement<'_>) -> Result<Option<StatementId>> {
        let id = StatementId::new();
        let added = prepared(
            sql("insert into artists.statements (id, artist_id, filename, file_key, file_hash, file_size_bytes, wanted_source,
                                                  mapping_id)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (artist_id, file_hash) where state <> 'removing' do nothing")
            .bind::<SqlUuid, _>(id)
            .bind::<SqlUuid, _>(new.artist)
            .bind::<Nullable<Text>, _>(new.filename)
            .bind::<Text, _>(&new.stored.key)
            .bind::<Bytea, _>(&new.stored.hash)
            .bind::<BigInt, _>(i64::try_from(new.stored.size_bytes).unwrap_or(i64::MAX))
            .bind::<Nullable<Text>, _>(new.source)
            .bind::<Nullable<SqlUuid>, _>(new.mapping),
        );
        Ok((added.execute(conn).await? == 1).then_some(id))
    }

    /// The artist's statement of the same file, locked.
    pub(super) async fn lock_same(conn: &mut Conn, new: &NewStatement<'_>) -> Result<Option<Self>> {
        let same = statements::table
            .filter(statements::artist_id.eq(new.artist).and(statements::file_hash.eq(&new.stored.hash)))
            .filter(statements::state.ne(StatementState::Removing))
            .select(Self::as_select())
            .for_update();
        Ok(same.first(conn).await.optional()?)
    }

    /// Begins once more with a statement that was rejected.
    pub(super) async fn restart(&self, conn: &mut Conn, new: &NewStatement<'_>) -> Result<()> {
        let none = None::<Value>;
        diesel::update(statements::table.find(self.id))
            .set((
                statements::state.eq(StatementState::Waiting),
                statements::file_key.eq(&new.stored.key),
                statements::wanted_source.eq(new.source),
                statements::mapping_id.eq(new.mapping),
                statements::problem.eq(none),
                statements::percent.eq(0_i16),
                statements::ended_at.eq(None::<DateTime<Utc>>),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn find(conn: &mut Conn, id: StatementId) -> Result<Option<Self>> {
        Ok(statements::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }

    pub(super) async fn lock(conn: &mut Conn, id: StatementId) -> Result<Option<Self>> {
        Ok(statements::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()?)
    }

    /// A statement that the member may change, without a lock.
    pub(super) async fn find_mine(
        conn: &mut Conn,
        artist: ArtistId,
        id: StatementId,
        member: AccountId,
    ) -> Result<Self> {
        let mine = statements::table
            .filter(statements::id.eq(id).and(statements::artist_id.eq(artist)))
            .filter(statements::state.ne(StatementState::Removing))
            .filter(may_edit(statements::artist_id, member))
            .select(Self::as_select());
        mine.first(conn).await.optional()?.ok_or(Error::NotFound("statement"))
    }

    /// The same, locked until the transaction ends.
    pub(super) async fn lock_mine(
        conn: &mut Conn,
        artist: ArtistId,
        id: StatementId,
        member: AccountId,
    ) -> Result<Self> {
        let mine = statements::table
            .filter(statements::id.eq(id).and(statements::artist_id.eq(artist)))
            .filter(statements::state.ne(StatementState::Removing))
            .filter(may_edit(statements::artist_id, member))
            .select(Self::as_select())
            .for_update();
        mine.first(conn).await.optional()?.ok_or(Error::NotFound("statement"))
    }

    /// Some statement of an artist, locked, whoever asks; for an artist that is deleted.
    pub(in crate::artists) async fn lock_any_of(conn: &mut Conn, artist: ArtistId) -> Result<Option<Self>> {
        let any = statements::table.filter(statements::artist_id.eq(artist)).order(statements::id);
        Ok(any.select(Self::as_select()).for_update().first(conn).await.optional()?)
    }

    /// Goes on to a state; what the step before reached counts from nought again.
    pub(super) async fn turn(&self, conn: &mut Conn, state: StatementState) -> Result<()> {
        diesel::update(statements::table.find(self.id))
            .set((statements::state.eq(state), statements::percent.eq(0_i16)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Lets the statement load; false where it is gone. Others of the artist may load or go meanwhile: each batch takes the
    /// artist's turn, so that two which tell of the same sale never both count it.
    pub(super) async fn begin_to_load(&self, conn: &mut Conn, checked: &Checked) -> Result<bool> {
        let begun = prepared(
            sql("with turn as (select id from artists.artists where id = $2 for no key update)
                 update artists.statements s
                 set state = 'loading', percent = 0, loaded = 0, repeated = 0, source = $3, layout = $4, encoding = $5,
                     period_from = $6, period_to = $7, sales = $8, totals = $9, reconciled = $10
                 from turn
                 where s.id = $1 and s.state in ('checking', 'loading')")
            .bind::<SqlUuid, _>(self.id)
            .bind::<SqlUuid, _>(self.artist_id)
            .bind::<Text, _>(checked.source)
            .bind::<Text, _>(&checked.layout)
            .bind::<Text, _>(&checked.encoding)
            .bind::<Date, _>(checked.from)
            .bind::<Date, _>(checked.to)
            .bind::<Integer, _>(i32::try_from(checked.sales).unwrap_or(i32::MAX))
            .bind::<Jsonb, _>(json!(checked.totals))
            .bind::<Bool, _>(checked.reconciled),
        );
        Ok(begun.execute(conn).await? == 1)
    }

    /// Notes how far a step is; false when the statement is not in that state any more.
    pub(super) async fn move_on(conn: &mut Conn, id: StatementId, state: StatementState, percent: u8) -> Result<bool> {
        let moved = diesel::update(statements::table.find(id).filter(statements::state.eq(state)))
            .set(statements::percent.eq(i16::from(percent.min(100))));
        Ok(moved.execute(conn).await? == 1)
    }

    /// Notes what a batch wrote.
    pub(super) async fn count_loaded(&self, conn: &mut Conn, loaded: i32, repeated: i32, percent: u8) -> Result<()> {
        diesel::update(statements::table.find(self.id))
            .set((
                statements::loaded.eq(statements::loaded + loaded),
                statements::repeated.eq(statements::repeated + repeated),
                statements::percent.eq(i16::from(percent.min(100))),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// All sales of the statement count from now on.
    pub(super) async fn make_ready(&self, conn: &mut Conn) -> Result<()> {
        diesel::update(statements::table.find(self.id))
            .set((
                statements::state.eq(StatementState::Ready),
                statements::percent.eq(100_i16),
                statements::ended_at.eq(diesel::dsl::now),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn reject(&self, conn: &mut Conn, problem: &StatementProblem, file_key: &str) -> Result<()> {
        diesel::update(statements::table.find(self.id))
            .set((
                statements::state.eq(StatementState::Rejected),
                statements::problem.eq(Some(json!(problem))),
                statements::file_key.eq(file_key),
                statements::ended_at.eq(diesel::dsl::now),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(statements::table.find(self.id)).execute(conn).await?;
        Ok(())
    }

    /// Whether a statement names an object of the store.
    pub(in crate::artists) async fn uses(conn: &mut Conn, key: &str) -> Result<bool> {
        let using = statements::table.filter(statements::file_key.eq(key));
        Ok(diesel::select(diesel::dsl::exists(using)).get_result(conn).await?)
    }
}
