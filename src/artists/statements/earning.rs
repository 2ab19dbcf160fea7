//! Earnings: what counts of all statements, in groups, beside the plays on this server.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Jsonb, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::sale::SaleKind;
use super::sale_total::{self, BY_ITEM, BY_STORE, BY_TERRITORY};
use crate::artists::schema::{releases, tracks};
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ArtistId, TrackId};

/// The store that this server is, in the column of stores.
const HERE: &str = "Legato";

named! {
    /// By what earnings are grouped.
    pub(crate) enum Dimension {
        Track = "track",
        Territory = "territory",
        Month = "month",
        Store = "store",
        Kind = "kind",
    }
}

/// Façade: how often a track was played here in a month, by its first day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MonthlyPlays {
    pub(crate) track: TrackId,
    pub(crate) month: NaiveDate,
    pub(crate) plays: i64,
}

/// Façade: counts the plays of tracks. Streaming keeps them, and `app` hands this in: artists may not call streaming.
pub(crate) type OwnPlays = for<'a> fn(&'a mut Conn, &'a [TrackId]) -> BoxFuture<'a, Result<Vec<MonthlyPlays>>>;

/// An amount in a currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Money {
    /// ISO 4217.
    pub(crate) currency: String,
    /// A decimal number, exact: `"1234.5678"`.
    pub(crate) amount: String,
}

/// A track in a group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EarningTrack {
    pub(crate) id: TrackId,
    pub(crate) title: String,
}

/// One group. Fields by which nothing is grouped are null, as are values that nobody knows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Earning {
    /// `2026-03`.
    pub(crate) month: Option<String>,
    /// Null also for what is no track here.
    pub(crate) track: Option<EarningTrack>,
    /// ISO 3166-1 alpha-2.
    pub(crate) territory: Option<String>,
    pub(crate) store: Option<String>,
    pub(crate) kind: Option<SaleKind>,
    pub(crate) streams: i64,
    pub(crate) downloads: i64,
    pub(crate) physical: i64,
    pub(crate) other: i64,
    /// In each currency; nothing is converted.
    pub(crate) amounts: Vec<Money>,
    /// Plays on this server, which keeps no country of a play.
    pub(crate) own_plays: i64,
    /// The place in the list.
    #[serde(skip)]
    pub(crate) key: String,
}

/// Which earnings.
#[derive(Debug, Clone, Default)]
pub(super) struct Selection {
    pub(super) dimensions: Vec<Dimension>,
    pub(super) track: Option<TrackId>,
    pub(super) territory: Option<String>,
    pub(super) store: Option<String>,
    /// Months by their first day, both included.
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Nullable<Text>)]
    month: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    track_id: Option<TrackId>,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    territory: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    store: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<SaleKind>,
    #[diesel(sql_type = BigInt)]
    streams: i64,
    #[diesel(sql_type = BigInt)]
    downloads: i64,
    #[diesel(sql_type = BigInt)]
    physical: i64,
    #[diesel(sql_type = BigInt)]
    other: i64,
    #[diesel(sql_type = Jsonb)]
    amounts: Value,
    #[diesel(sql_type = BigInt)]
    own_plays: i64,
}

impl TryFrom<Row> for Earning {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let amounts = serde_json::from_value(row.amounts).map_err(anyhow::Error::from)?;
        let track = row.track_id.zip(row.title).map(|(id, title)| EarningTrack { id, title });
        Ok(Self {
            month: row.month,
            track,
            territory: row.territory,
            store: row.store,
            kind: row.kind,
            streams: row.streams,
            downloads: row.downloads,
            physical: row.physical,
            other: row.other,
            amounts,
            own_plays: row.own_plays,
            key: row.key,
        })
    }
}

/// All tracks of an artist.
pub(super) async fn tracks_of(conn: &mut Conn, artist: ArtistId) -> Result<Vec<TrackId>> {
    let all = tracks::table
        .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
        .filter(releases::artist_id.eq(artist))
        .select(tracks::id);
    Ok(all.load(conn).await?)
}

// The groups of what counts, beside the plays here. Sums are made before anything is put into words, for they are few.
macro_rules! groups {
    ($source:literal) => {
        concat!(
            "with sold as (
                select case when $3 then s.month end as month, case when $4 then s.track_id end as track_id,
                       case when $5 then nullif(s.territory, '') end as territory,
                       case when $6 then nullif(s.store, '') end as store, case when $7 then s.kind end as kind,
                       s.kind as sold_as, s.currency, sum(s.quantity) as quantity, sum(s.amount) as amount, 0::numeric as plays
                from (",
            $source,
            ") s
                where ($9::text is null or s.territory = $9) and ($10::text is null or s.store = $10)
                  and ($11::date is null or s.month >= $11) and ($12::date is null or s.month <= $12)
                group by 1, 2, 3, 4, 5, 6, 7
                union all
                select case when $3 then p.month end, case when $4 then p.track_id end, null,
                       case when $6 then $16 end, case when $7 then 'stream' end, null, null, 0, 0, p.plays
                from unnest($13::uuid[], $14::date[], $15::bigint[]) as p (track_id, month, plays)
                where ($8::uuid is null or p.track_id = $8) and $9::text is null and ($10::text is null or $10 = $16)
                  and ($11::date is null or p.month >= $11) and ($12::date is null or p.month <= $12)
            ), by_currency as (
                select month, track_id, territory, store, kind, currency, sum(amount) as amount, sum(plays) as plays,
                       sum(quantity) filter (where sold_as = 'stream') as streams,
                       sum(quantity) filter (where sold_as = 'download') as downloads,
                       sum(quantity) filter (where sold_as = 'physical') as physical,
                       sum(quantity) filter (where sold_as = 'other') as other
                from sold group by month, track_id, territory, store, kind, currency
            ), keyed as (
                select *, concat(to_char(month, 'YYYY-MM'), '|', track_id, '|', territory, '|', store, '|', kind) collate \"C\"
                          as key
                from by_currency
            )
            select g.key, to_char(g.month, 'YYYY-MM') as month, g.track_id, t.title, g.territory, g.store, g.kind,
                   coalesce(sum(g.streams), 0)::bigint as streams, coalesce(sum(g.downloads), 0)::bigint as downloads,
                   coalesce(sum(g.physical), 0)::bigint as physical, coalesce(sum(g.other), 0)::bigint as other,
                   coalesce(sum(g.plays), 0)::bigint as own_plays,
                   coalesce(jsonb_agg(jsonb_build_object('currency', g.currency, 'amount', trim_scale(g.amount)::text)
                                      order by g.currency) filter (where g.currency is not null), '[]') as amounts
            from keyed g
            left join artists.tracks t on t.id = g.track_id
            where ($17::text is null or g.key > $17)
              and exists (select 1 from artists.acting x where x.artist_id = $2 and x.account_id = $1)
            group by g.key, g.month, g.track_id, t.title, g.territory, g.store, g.kind
            order by g.key limit $18 + 1"
        )
    };
}

/// Whose earnings are asked for, by whom, and which.
pub(super) struct Question<'a> {
    pub(super) artist: ArtistId,
    pub(super) member: AccountId,
    pub(super) selection: &'a Selection,
    pub(super) plays: &'a [MonthlyPlays],
}

impl Earning {
    /// Groups in the order of month, track, territory, store and kind; after the one with this key.
    pub(super) async fn list(
        conn: &mut Conn,
        question: &Question<'_>,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let selection = question.selection;
        // What tells two or three of track, territory and store apart is much: a page of it is looked up month by month, as far
        // as it needs.
        if selection.level().count_ones() < 2 || !selection.dimensions.contains(&Dimension::Month) {
            return Self::read(conn, question, after, limit).await;
        }
        let months = months(conn, question, after).await?;
        let (mut found, mut rest, mut width) = (Vec::new(), months.as_slice(), 1);
        let wanted = |found: &Vec<Self>| limit - i64::try_from(found.len()).unwrap_or(limit);
        while !rest.is_empty() && wanted(&found) >= 0 {
            let (now, later) = rest.split_at(width.min(rest.len()));
            let (from, to) = (now.first().copied(), now.last().copied());
            let selection = Selection { from, to, ..selection.clone() };
            let part = Question { selection: &selection, ..*question };
            found.extend(Self::read(conn, &part, after, wanted(&found)).await?);
            (rest, width) = (later, width * 2);
        }
        Ok(found)
    }

    async fn read(conn: &mut Conn, question: &Question<'_>, after: Option<&str>, limit: i64) -> Result<Vec<Self>> {
        let Question { artist, member, selection, plays } = *question;
        let by = |dimension: Dimension| selection.dimensions.contains(&dimension);
        let list = prepared(
            sql(selection.text())
                .bind::<SqlUuid, _>(member)
                .bind::<SqlUuid, _>(artist)
                .bind::<Bool, _>(by(Dimension::Month))
                .bind::<Bool, _>(by(Dimension::Track))
                .bind::<Bool, _>(by(Dimension::Territory))
                .bind::<Bool, _>(by(Dimension::Store))
                .bind::<Bool, _>(by(Dimension::Kind))
                .bind::<Nullable<SqlUuid>, _>(selection.track)
                .bind::<Nullable<Text>, _>(selection.territory.clone())
                .bind::<Nullable<Text>, _>(selection.store.clone())
                .bind::<Nullable<Date>, _>(selection.from)
                .bind::<Nullable<Date>, _>(selection.to)
                .bind::<Array<SqlUuid>, _>(plays.iter().map(|plays| plays.track).collect::<Vec<_>>())
                .bind::<Array<Date>, _>(plays.iter().map(|plays| plays.month).collect::<Vec<_>>())
                .bind::<Array<BigInt>, _>(plays.iter().map(|plays| plays.plays).collect::<Vec<_>>())
                .bind::<Text, _>(HERE)
                .bind::<Nullable<Text>, _>(after)
                .bind::<BigInt, _>(limit)
                .bind::<SmallInt, _>(selection.level()),
        );
        let rows: Vec<Row> = list.load(conn).await?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

// The months in which anything was sold or played, that are asked for and not told yet.
async fn months(conn: &mut Conn, question: &Question<'_>, after: Option<&str>) -> Result<Vec<NaiveDate>> {
    let selection = question.selection;
    let sold = sale_total::months_of(conn, question.artist).await?;
    let all: BTreeSet<NaiveDate> = sold.into_iter().chain(question.plays.iter().map(|plays| plays.month)).collect();
    let told = after.and_then(|key| key.get(..7)).unwrap_or_default();
    let is_wanted = |month: &NaiveDate| {
        selection.from.is_none_or(|from| from <= *month)
            && selection.to.is_none_or(|to| *month <= to)
            && month.format("%Y-%m").to_string().as_str() >= told
    };
    Ok(all.into_iter().filter(is_wanted).collect())
}

/// Tells track, territory and store apart: the sales themselves.
const SALES: i16 = BY_ITEM + BY_TERRITORY + BY_STORE;

impl Selection {
    /// Which totals tell apart all that is asked for.
    fn level(&self) -> i16 {
        let by = |dimension: Dimension, is_filter: bool| is_filter || self.dimensions.contains(&dimension);
        let (track, territory) =
            (by(Dimension::Track, self.track.is_some()), by(Dimension::Territory, self.territory.is_some()));
        let store = by(Dimension::Store, self.store.is_some());
        BY_ITEM * i16::from(track) + BY_TERRITORY * i16::from(territory) + BY_STORE * i16::from(store)
    }

    fn text(&self) -> &'static str {
        match (self.level(), self.track) {
            (SALES, None) => groups!(
                "select s.month, i.track_id, s.territory, s.store, s.kind, s.currency, s.quantity, s.amount
                 from artists.statements st
                 join artists.sales s on s.statement_id = st.id and s.counts and $19 = 7
                 join artists.sold_items i on i.id = s.item_id
                 where st.artist_id = $2 and st.state = 'ready'
                   and s.month >= coalesce($11::date, '-infinity') and s.month <= coalesce($12::date, 'infinity')"
            ),
            (SALES, Some(_)) => groups!(
                "select s.month, i.track_id, s.territory, s.store, s.kind, s.currency, s.quantity, s.amount
                 from artists.sold_items i
                 join artists.sales s on s.item_id = i.id and s.counts and $19 = 7
                 join artists.statements st on st.id = s.statement_id and st.state = 'ready'
                 where i.artist_id = $2 and i.track_id = $8"
            ),
            (_, Some(_)) => groups!(
                "select s.month, i.track_id, s.territory, s.store, s.kind, s.currency, s.quantity, s.amount
                 from artists.sold_items i
                 join artists.sale_totals s on s.item_id = i.id and s.level = $19
                 join artists.statements st on st.id = s.statement_id and st.state = 'ready'
                 where i.artist_id = $2 and i.track_id = $8"
            ),
            (level, None) if level & BY_ITEM != 0 => groups!(
                "select s.month, i.track_id, s.territory, s.store, s.kind, s.currency, s.quantity, s.amount
                 from artists.statements st
                 join artists.sale_totals s on s.statement_id = st.id and s.level = $19
                 left join artists.sold_items i on i.id = s.item_id
                 where st.artist_id = $2 and st.state = 'ready'"
            ),
            (_, None) => groups!(
                "select s.month, null::uuid as track_id, s.territory, s.store, s.kind, s.currency, s.quantity, s.amount
                 from artists.statements st
                 join artists.sale_totals s on s.statement_id = st.id and s.level = $19
                 where st.artist_id = $2 and st.state = 'ready'"
            ),
        }
    }
}
