//! What was sold, as statements name it, and which track that is here.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Bytea, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::earning::Money;
use super::reading::Sold;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, SoldItemId, TrackId};

named! {
    /// How it is known which track something is.
    pub(crate) enum MatchedBy {
        /// By its code alone.
        Isrc = "isrc",
        /// By its title, on the release that others of the same UPC are of.
        Upc = "upc",
        /// By its title, which one track alone has here.
        Title = "title",
        /// Somebody said so.
        Hand = "hand",
    }
}

/// The hash of the names that a statement has for what it sold.
pub(super) fn identity(sold: &Sold) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    let codes = [&sold.isrc, &sold.upc].into_iter().map(|code| code.as_deref().unwrap_or_default());
    for part in codes.chain([sold.title.as_str(), &sold.artist, &sold.release]) {
        hasher.update(part.as_bytes()).update(b"\x1f");
    }
    hasher.finalize().as_bytes()[..16].to_vec()
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bytea)]
    identity: Vec<u8>,
    #[diesel(sql_type = SqlUuid)]
    id: SoldItemId,
}

/// Adds what nobody sold before; answers with the ids of all, by identity.
pub(super) async fn insert(
    conn: &mut Conn,
    artist: ArtistId,
    new: &[(Vec<u8>, &Sold)],
) -> Result<Vec<(Vec<u8>, SoldItemId)>> {
    let identities: Vec<&[u8]> = new.iter().map(|(identity, _)| identity.as_slice()).collect();
    let ids: Vec<SoldItemId> = new.iter().map(|_| SoldItemId::new()).collect();
    let code =
        |read: fn(&Sold) -> Option<&str>| -> Vec<Option<&str>> { new.iter().map(|(_, sold)| read(sold)).collect() };
    let text = |read: fn(&Sold) -> &str| -> Vec<&str> { new.iter().map(|(_, sold)| read(sold)).collect() };
    let added = prepared(
        sql("insert into artists.sold_items (id, artist_id, identity, isrc, upc, title, artist_name, release_title)
             select n.id, $1, n.identity, n.isrc, n.upc, n.title, n.artist_name, n.release_title
             from unnest($2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
                  as n (id, identity, isrc, upc, title, artist_name, release_title)
             on conflict (artist_id, identity) do nothing")
        .bind::<SqlUuid, _>(artist)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Bytea>, _>(identities.clone())
        .bind::<Array<Nullable<Text>>, _>(code(|sold| sold.isrc.as_deref()))
        .bind::<Array<Nullable<Text>>, _>(code(|sold| sold.upc.as_deref()))
        .bind::<Array<Text>, _>(text(|sold| &sold.title))
        .bind::<Array<Text>, _>(text(|sold| &sold.artist))
        .bind::<Array<Text>, _>(text(|sold| &sold.release)),
    );
    added.execute(conn).await?;
    let known = prepared(
        sql("select identity, id from artists.sold_items where artist_id = $1 and identity = any($2)")
            .bind::<SqlUuid, _>(artist)
            .bind::<Array<Bytea>, _>(identities),
    );
    let known: Vec<Known> = known.load(conn).await?;
    Ok(known.into_iter().map(|known| (known.identity, known.id)).collect())
}

/// Forgets which of these no statement names any more, but for what somebody said by hand.
pub(super) async fn forget_unsold(conn: &mut Conn, items: Vec<SoldItemId>) -> Result<()> {
    let gone = prepared(
        sql("delete from artists.sold_items i where i.id = any($1) and i.matched_by is distinct from 'hand'
               and not exists (select 1 from artists.sales s where s.item_id = i.id)")
        .bind::<Array<SqlUuid>, _>(items),
    );
    gone.execute(conn).await?;
    Ok(())
}

/// Something that was sold, as members see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SoldItem {
    pub(crate) id: SoldItemId,
    pub(crate) title: String,
    /// Who it is by, as the statement has it.
    pub(crate) artist: String,
    pub(crate) release: String,
    pub(crate) isrc: Option<String>,
    pub(crate) upc: Option<String>,
    pub(crate) track_id: Option<TrackId>,
    pub(crate) matched_by: Option<MatchedBy>,
    /// Sales that count.
    pub(crate) sales: i64,
    pub(crate) quantity: i64,
    pub(crate) amounts: Vec<Money>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: SoldItemId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    artist_name: String,
    #[diesel(sql_type = Text)]
    release_title: String,
    #[diesel(sql_type = Nullable<Text>)]
    isrc: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    upc: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    track_id: Option<TrackId>,
    #[diesel(sql_type = Nullable<Text>)]
    matched_by: Option<MatchedBy>,
    #[diesel(sql_type = BigInt)]
    sales: i64,
    #[diesel(sql_type = BigInt)]
    quantity: i64,
    #[diesel(sql_type = Jsonb)]
    amounts: Value,
}

impl TryFrom<Row> for SoldItem {
    type Error = crate::platform::error::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            title: row.title,
            artist: row.artist_name,
            release: row.release_title,
            isrc: row.isrc,
            upc: row.upc,
            track_id: row.track_id,
            matched_by: row.matched_by,
            sales: row.sales,
            quantity: row.quantity,
            amounts: serde_json::from_value(row.amounts).map_err(anyhow::Error::from)?,
        })
    }
}

// $1 is the member, $2 the artist.
macro_rules! select_items {
    ($rest:literal) => {
        concat!(
            "select i.id, i.title, i.artist_name, i.release_title, i.isrc, i.upc, i.track_id, i.matched_by,
                    coalesce(m.sales, 0)::bigint as sales, coalesce(m.quantity, 0)::bigint as quantity,
                    coalesce(m.amounts, '[]') as amounts
             from (select * from artists.sold_items i where i.artist_id = $2
                     and exists (select 1 from artists.acting x where x.artist_id = i.artist_id and x.account_id = $1) ",
            $rest,
            ") i
             left join lateral (
                select sum(c.sales) as sales, sum(c.quantity) as quantity,
                       jsonb_agg(jsonb_build_object('currency', c.currency, 'amount', trim_scale(c.amount)::text)
                                 order by c.currency) as amounts
                from (select s.currency, sum(s.sales) as sales, sum(s.quantity) as quantity, sum(s.amount) as amount
                      from artists.sale_totals s join artists.statements st on st.id = s.statement_id and st.state = 'ready'
                      where s.item_id = i.id and s.level = 1 group by s.currency) c
             ) m on true
             order by i.id"
        )
    };
}

impl SoldItem {
    /// What an artist sold, in the order of its ids; only what is no track here where `unmatched`.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        member: AccountId,
        unmatched: bool,
        after: Option<SoldItemId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_items!(
                "and (not $3 or i.track_id is null) and ($4::uuid is null or i.id > $4) order by i.id limit $5 + 1"
            ))
            .bind::<SqlUuid, _>(member)
            .bind::<SqlUuid, _>(artist)
            .bind::<Bool, _>(unmatched)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        let rows: Vec<Row> = list.load(conn).await?;
        rows.into_iter().map(Self::try_from).collect()
    }

    pub(super) async fn find(
        conn: &mut Conn,
        artist: ArtistId,
        member: AccountId,
        id: SoldItemId,
    ) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_items!("and i.id = $3"))
                .bind::<SqlUuid, _>(member)
                .bind::<SqlUuid, _>(artist)
                .bind::<SqlUuid, _>(id),
        );
        let row: Option<Row> = found.get_result(conn).await.optional()?;
        row.map(Self::try_from).transpose()
    }

    /// Says by hand which track something is, or that it is none. False when there is no such item, or the artist has no
    /// such track.
    pub(super) async fn assign(
        conn: &mut Conn,
        artist: ArtistId,
        id: SoldItemId,
        track: Option<TrackId>,
    ) -> Result<bool> {
        let assigned = prepared(
            sql("update artists.sold_items i set track_id = $3, matched_by = 'hand'
                 where i.id = $2 and i.artist_id = $1
                   and ($3::uuid is null or exists (
                        select 1 from artists.tracks t join artists.releases r on r.id = t.release_id
                        where t.id = $3 and r.artist_id = $1))")
            .bind::<SqlUuid, _>(artist)
            .bind::<SqlUuid, _>(id)
            .bind::<Nullable<SqlUuid>, _>(track),
        );
        Ok(assigned.execute(conn).await? == 1)
    }
}
