//! What the sales of a statement come to: kept beside them, so that nobody who looks at earnings reads a million lines.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bytea, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::statement::StatementState;
use crate::artists::schema::{sale_totals, statements};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, StatementId};

/// What the rows of a level tell apart, beside month, kind and currency; a level is a sum of these. That of all three has no
/// totals, for it is the sales themselves.
pub(super) const BY_ITEM: i16 = 1;
pub(super) const BY_TERRITORY: i16 = 2;
pub(super) const BY_STORE: i16 = 4;

// Adds sales, rows of `artists.sales` under this name, to the totals of their statements.
macro_rules! add_totals {
    ($sales:literal) => {
        concat!(
            "insert into artists.sale_totals as t
                (statement_id, level, month, item_id, territory, store, kind, currency, sales, quantity, amount)
             select statement_id, 7 - grouping(store, territory, item_id), month,
                    coalesce(item_id, '00000000-0000-0000-0000-000000000000'), coalesce(territory, ''), coalesce(store, ''),
                    kind, currency, count(*), sum(quantity), sum(amount)
             from ",
            $sales,
            " where counts
             group by statement_id, month, kind, currency,
                      grouping sets ((item_id, territory), (item_id, store), (territory, store), (item_id), (territory), (store), ())
             on conflict (statement_id, level, month, item_id, territory, store, kind, currency) do update
             set sales = t.sales + excluded.sales, quantity = t.quantity + excluded.quantity, amount = t.amount + excluded.amount"
        )
    };
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Adds some more lines of a statement to its totals. False when there are no more. The caller has the artist's turn.
pub(super) async fn tally_some(conn: &mut Conn, statement: StatementId, limit: i64) -> Result<bool> {
    let tallied = prepared(
        sql(concat!(
            "with chunk as materialized (
                select s.* from artists.sales s
                where s.statement_id = $1 and s.line > (select st.tallied from artists.statements st where st.id = $1)
                order by s.line limit $2
             ), added as (",
            add_totals!("chunk"),
            "), noted as (
                update artists.statements set tallied = (select max(line) from chunk)
                where id = $1 and exists (select 1 from chunk)
             )
             select count(*) as count from chunk"
        ))
        .bind::<SqlUuid, _>(statement)
        .bind::<BigInt, _>(limit),
    );
    let looked_at: Count = tallied.get_result(conn).await?;
    Ok(looked_at.count == limit)
}

/// Lets the eldest of those that say the same as sales that went count in their place: the same whoever removes. The caller
/// has the artist's turn.
pub(super) async fn inherit(
    conn: &mut Conn,
    from: StatementId,
    row_keys: Vec<&[u8]>,
    ordinals: Vec<i32>,
) -> Result<()> {
    let heirs = prepared(
        sql(concat!(
            "with heir as (
                select distinct on (t.row_key, t.ordinal) t.statement_id, t.line
                from unnest($1::bytea[], $2::integer[]) as gone (row_key, ordinal)
                join artists.sales t on t.row_key = gone.row_key and t.ordinal = gone.ordinal and not t.counts
                join artists.statements st on st.id = t.statement_id and st.state in ('loading', 'ready')
                where t.statement_id <> $3
                order by t.row_key, t.ordinal, t.statement_id
             ), turned as (
                update artists.sales s set counts = true from heir
                where s.statement_id = heir.statement_id and s.line = heir.line
                returning s.*
             ), tallied as (
                -- What is not tallied yet will be, as what counts.
                select n.* from turned n join artists.statements st on st.id = n.statement_id and n.line <= st.tallied
             ) ",
            add_totals!("tallied")
        ))
        .bind::<Array<Bytea>, _>(row_keys)
        .bind::<Array<Integer>, _>(ordinals)
        .bind::<SqlUuid, _>(from),
    );
    heirs.execute(conn).await?;
    Ok(())
}

/// Forgets some totals of a statement that does not count. True while there may be more.
pub(super) async fn forget_some(conn: &mut Conn, statement: StatementId, limit: i64) -> Result<bool> {
    // First, so that what its sales inherit meanwhile is not added to what is left of them.
    let begun = prepared(
        sql("update artists.statements set tallied = 0 where id = $1 and tallied > 0").bind::<SqlUuid, _>(statement),
    );
    begun.execute(conn).await?;
    let gone = prepared(
        sql("delete from artists.sale_totals where ctid = any(array(
                select ctid from artists.sale_totals where statement_id = $1 limit $2))")
        .bind::<SqlUuid, _>(statement)
        .bind::<BigInt, _>(limit),
    );
    Ok(i64::try_from(gone.execute(conn).await?).unwrap_or(i64::MAX) == limit)
}

/// The months in which anything of an artist's was sold.
pub(super) async fn months_of(conn: &mut Conn, artist: ArtistId) -> Result<Vec<NaiveDate>> {
    let months = sale_totals::table
        .inner_join(statements::table.on(statements::id.eq(sale_totals::statement_id)))
        .filter(statements::artist_id.eq(artist).and(statements::state.eq(StatementState::Ready)))
        .filter(sale_totals::level.eq(0))
        .select(sale_totals::month)
        .distinct();
    Ok(months.load(conn).await?)
}
