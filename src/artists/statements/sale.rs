//! Sales: the lines of statements, typed, and which of them count.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Bytea, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::reading::Sold;
use super::{sale_total, sold_item};
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, SoldItemId, StatementId, TrackId};

named! {
    /// In which way something was sold.
    pub(crate) enum SaleKind {
        Stream = "stream",
        Download = "download",
        /// A record, a shirt.
        Physical = "physical",
        Other = "other",
    }
}

/// Who writes or removes sales of an artist takes turns with others who do, until the transaction ends: which of two equal
/// sales counts must not be decided twice.
pub(in crate::artists) async fn take_turn(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    let turn = prepared(
        sql("select pg_advisory_xact_lock(hashtextextended('sales:' || $1::text, 0))").bind::<SqlUuid, _>(artist),
    );
    turn.execute(conn).await?;
    Ok(())
}

/// A line that is about to be written.
pub(super) struct NewSale {
    pub(super) sold: Sold,
    pub(super) item: SoldItemId,
    pub(super) key: Vec<u8>,
    pub(super) ordinal: i32,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Writes lines of a statement; answers how many of them another statement counts already. The caller has its turn.
pub(super) async fn insert(conn: &mut Conn, statement: StatementId, sales: &[NewSale]) -> Result<i64> {
    let of = |read: fn(&NewSale) -> i32| -> Vec<i32> { sales.iter().map(read).collect() };
    let text = |read: fn(&Sold) -> String| -> Vec<String> { sales.iter().map(|sale| read(&sale.sold)).collect() };
    let date = |read: fn(&Sold) -> NaiveDate| -> Vec<NaiveDate> { sales.iter().map(|sale| read(&sale.sold)).collect() };
    let items: Vec<SoldItemId> = sales.iter().map(|sale| sale.item).collect();
    let territories: Vec<Option<&str>> = sales.iter().map(|sale| sale.sold.territory.as_deref()).collect();
    let quantities: Vec<i64> = sales.iter().map(|sale| sale.sold.quantity).collect();
    let keys: Vec<&[u8]> = sales.iter().map(|sale| sale.key.as_slice()).collect();
    let insert = prepared(
        sql("with added as (
                insert into artists.sales (statement_id, line, item_id, month, period_from, period_to, store, territory, kind,
                                           quantity, amount, currency, row_key, ordinal, counts)
                select $1, n.line, n.item_id, n.month, n.period_from, n.period_to, n.store, n.territory, n.kind, n.quantity,
                       n.amount::numeric, n.currency, n.row_key, n.ordinal,
                       not exists (select 1 from artists.sales e
                                   where e.row_key = n.row_key and e.ordinal = n.ordinal and e.counts)
                from unnest($2::integer[], $3::uuid[], $4::date[], $5::date[], $6::date[], $7::text[], $8::text[],
                            $9::text[], $10::bigint[], $11::text[], $12::text[], $13::bytea[], $14::integer[])
                     as n (line, item_id, month, period_from, period_to, store, territory, kind, quantity, amount, currency,
                           row_key, ordinal)
                returning counts
             ) select count(*) filter (where not counts) as count from added")
        .bind::<SqlUuid, _>(statement)
        .bind::<Array<Integer>, _>(of(|sale| i32::try_from(sale.sold.line).unwrap_or(i32::MAX)))
        .bind::<Array<SqlUuid>, _>(items)
        .bind::<Array<Date>, _>(date(|sold| sold.period.month()))
        .bind::<Array<Date>, _>(date(|sold| sold.period.from))
        .bind::<Array<Date>, _>(date(|sold| sold.period.to))
        .bind::<Array<Text>, _>(text(|sold| sold.store.clone()))
        .bind::<Array<Nullable<Text>>, _>(territories)
        .bind::<Array<Text>, _>(text(|sold| sold.kind.name().to_owned()))
        .bind::<Array<BigInt>, _>(quantities)
        .bind::<Array<Text>, _>(text(|sold| sold.amount.to_string()))
        .bind::<Array<Text>, _>(text(|sold| sold.currency.clone()))
        .bind::<Array<Bytea>, _>(keys)
        .bind::<Array<Integer>, _>(of(|sale| sale.ordinal)),
    );
    let count: Count = insert.get_result(conn).await?;
    Ok(count.count)
}

#[derive(QueryableByName)]
struct Removed {
    #[diesel(sql_type = SqlUuid)]
    item_id: SoldItemId,
    #[diesel(sql_type = Bytea)]
    row_key: Vec<u8>,
    #[diesel(sql_type = Integer)]
    ordinal: i32,
    #[diesel(sql_type = Bool)]
    counts: bool,
}

/// Removes some lines of a statement, lets those that say the same in another one count in their place, and forgets the names
/// that nobody sold any more. False when there are no more. The caller has its turn.
pub(super) async fn remove_some(conn: &mut Conn, statement: StatementId, limit: i64) -> Result<bool> {
    let removed = prepared(
        sql("delete from artists.sales where statement_id = $1 and line in
                (select line from artists.sales where statement_id = $1 order by line limit $2)
             returning item_id, row_key, ordinal, counts")
        .bind::<SqlUuid, _>(statement)
        .bind::<BigInt, _>(limit),
    );
    let removed: Vec<Removed> = removed.load(conn).await?;
    let counted = || removed.iter().filter(|row| row.counts);
    let (keys, ordinals): (Vec<&[u8]>, Vec<i32>) = counted().map(|row| (row.row_key.as_slice(), row.ordinal)).unzip();
    sale_total::inherit(conn, statement, keys, ordinals).await?;
    let items: HashSet<SoldItemId> = removed.iter().map(|row| row.item_id).collect();
    sold_item::forget_unsold(conn, items.into_iter().collect()).await?;
    Ok(i64::try_from(removed.len()).unwrap_or(i64::MAX) == limit)
}

/// How many lines of a statement do not count, now.
pub(super) async fn recount(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    let recounted = prepared(
        sql("update artists.statements st set repeated = n.count
             from (select o.id, (o.sales - coalesce(sum(t.sales), 0))::integer as count
                   from artists.statements o left join artists.sale_totals t on t.statement_id = o.id and t.level = 0
                   where o.artist_id = $1 and o.state = 'ready' and o.repeated > 0
                   group by o.id) n
             where st.id = n.id and st.repeated <> n.count")
        .bind::<SqlUuid, _>(artist),
    );
    recounted.execute(conn).await?;
    Ok(())
}

/// A line as members see it.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct Sale {
    /// The line of the file.
    #[diesel(sql_type = Integer)]
    pub(crate) line: i32,
    #[diesel(sql_type = Date)]
    pub(crate) period_from: NaiveDate,
    #[diesel(sql_type = Date)]
    pub(crate) period_to: NaiveDate,
    #[diesel(sql_type = Text)]
    pub(crate) store: String,
    /// ISO 3166-1 alpha-2.
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) territory: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) kind: SaleKind,
    #[diesel(sql_type = BigInt)]
    pub(crate) quantity: i64,
    /// A decimal number, exact.
    #[diesel(sql_type = Text)]
    pub(crate) amount: String,
    #[diesel(sql_type = Text)]
    pub(crate) currency: String,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) item_id: SoldItemId,
    #[diesel(sql_type = Text)]
    pub(crate) title: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) isrc: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) upc: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) track_id: Option<TrackId>,
    /// False where another statement counts the same sale.
    #[diesel(sql_type = Bool)]
    pub(crate) counts: bool,
}

impl Sale {
    /// The lines of a statement that is ready, in the order of the file.
    pub(super) async fn list(
        conn: &mut Conn,
        statement: StatementId,
        member: AccountId,
        after: Option<i32>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select s.line, s.period_from, s.period_to, s.store, s.territory, s.kind, s.quantity,
                        trim_scale(s.amount)::text as amount, s.currency, s.item_id, i.title, i.isrc, i.upc, i.track_id, s.counts
                 from artists.sales s
                 join artists.statements st on st.id = s.statement_id and st.state = 'ready'
                 join artists.sold_items i on i.id = s.item_id
                 where s.statement_id = $1 and ($3::integer is null or s.line > $3)
                   and exists (select 1 from artists.acting x where x.artist_id = st.artist_id and x.account_id = $2)
                 order by s.line limit $4 + 1")
            .bind::<SqlUuid, _>(statement)
            .bind::<SqlUuid, _>(member)
            .bind::<Nullable<Integer>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }
}
