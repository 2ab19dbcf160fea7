//! Which track something is that was sold elsewhere: found out batch by batch, in the order of the names' ids.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::artists::schema::item_matchings as matchings;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId, SoldItemId};

/// How tracks are sought. Codes come first, of all names: what is known by them says what their UPCs are.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    /// The ISRC alone.
    Code,
    /// UPC and title, on the release that says that UPC, or of which something else of that UPC is known by its ISRC or by
    /// hand; else the title, where one track alone of the artist has it, or one alone of that release. A title is no match
    /// where both have an ISRC.
    Name,
}

#[derive(QueryableByName)]
struct Looked {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    last: Option<SoldItemId>,
}

/// Finds the tracks of some of what is not known yet, after a name; answers with the last that it looked at, `None` at the
/// end. What somebody said by hand stays.
pub(super) async fn match_some(
    conn: &mut Conn,
    artist: ArtistId,
    by: By,
    after: Option<SoldItemId>,
    limit: i64,
) -> Result<Option<SoldItemId>> {
    let text = match by {
        By::Code => BY_CODE,
        By::Name => BY_NAME,
    };
    let matched =
        prepared(sql(text).bind::<SqlUuid, _>(artist).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit));
    let looked: Looked = matched.get_result(conn).await?;
    Ok(looked.last.filter(|_| looked.count == limit))
}

// The names of a batch, and the end of its query: `found` has the track of each, and how it is known.
macro_rules! with_open {
    ($found:literal) => {
        concat!(
            "with open as materialized (
                select i.id, i.isrc, i.upc, lower(regexp_replace(btrim(i.title), '\\s+', ' ', 'g')) as name,
                       lower(i.release_title) as release, i.isrc is not null as coded
                from artists.sold_items i
                where i.artist_id = $1 and i.track_id is null and i.matched_by is distinct from 'hand'
                  and ($2::uuid is null or i.id > $2)
                order by i.id limit $3
             ), ",
            $found,
            ", matched as (
                update artists.sold_items i set track_id = found.track_id, matched_by = found.how from found
                -- Somebody may have said by hand what it is, since it was looked at.
                where i.id = found.id and found.track_id is not null
                  and i.track_id is null and i.matched_by is distinct from 'hand'
             )
             select count(*) as count, (select id from open order by id desc limit 1) as last from open"
        )
    };
}

// Each join finds one row at most for a name, however many tracks are called the same: a batch stays as short as it is.
const BY_CODE: &str = with_open!(
    "catalogue as materialized (
        select t.id, t.isrc, lower(r.title) as release
        from artists.tracks t join artists.releases r on r.id = t.release_id
        where r.artist_id = $1 and t.isrc is not null
     ), codes as (
        select distinct on (isrc) isrc, id from catalogue order by isrc, id
     ), codes_of_releases as (
        select distinct on (isrc, release) isrc, release, id from catalogue order by isrc, release, id
     ), found as (
        select o.id, coalesce(r.id, c.id) as track_id, 'isrc' as how
        from open o join codes c on c.isrc = o.isrc
        left join codes_of_releases r on r.isrc = o.isrc and r.release = o.release
     )"
);

// A track without an ISRC may be any name, and one with an ISRC those without (`coded`: the name has one).
const BY_NAME: &str = with_open!(
    "tracks_here as materialized (
        select t.id, r.id as release_id, nullif(t.isrc, '') as isrc, lower(regexp_replace(btrim(t.title), '\\s+', ' ', 'g')) as name,
               lower(r.title) as release
        from artists.tracks t join artists.releases r on r.id = t.release_id where r.artist_id = $1
     ), catalogue as materialized (
        select id, release_id, name, release, coded
        from tracks_here cross join (values (false), (true)) as side (coded)
        where isrc is null or not coded
     ), titles as (
        select name, coded, count(*) as count, (array_agg(id order by id))[1] as id from catalogue group by name, coded
     ), titles_of_releases as (
        select name, coded, release, count(*) as count, (array_agg(id order by id))[1] as id
        from catalogue group by name, coded, release
     ), barcodes as materialized (
        select i.upc, c.release_id from artists.sold_items i join tracks_here c on c.id = i.track_id
        where i.artist_id = $1 and i.matched_by in ('isrc', 'hand') and i.upc = any(array(select distinct upc from open))
        union select ltrim(r.details ->> 'upc', '0'), r.id from artists.releases r
        where r.artist_id = $1 and r.details ->> 'upc' is not null
     ), barcoded as materialized (
        select b.upc, c.name, c.coded, c.release, c.id from barcodes b join catalogue c on c.release_id = b.release_id
        where b.upc in (select upc from open)
     ), of_barcodes as (
        select distinct on (upc, name, coded) upc, name, coded, id from barcoded order by upc, name, coded, id
     ), of_barcodes_and_releases as (
        select distinct on (upc, name, coded, release) upc, name, coded, release, id from barcoded
        order by upc, name, coded, release, id
     ), found as (
        select o.id,
               coalesce(br.id, b.id, case when t.count = 1 then t.id when tr.count = 1 then tr.id end) as track_id,
               case when b.id is not null then 'upc' else 'title' end as how
        from open o
        left join of_barcodes b on b.upc = o.upc and b.name = o.name and b.coded = o.coded
        left join of_barcodes_and_releases br
            on br.upc = o.upc and br.name = o.name and br.coded = o.coded and br.release = o.release
        left join titles t on t.name = o.name and t.coded = o.coded
        left join titles_of_releases tr on tr.name = o.name and tr.coded = o.coded and tr.release = o.release
     )"
);

/// The artist of a release that has changed, if it has names that are no track yet.
pub(super) async fn artist_with_open_items(conn: &mut Conn, release: ReleaseId) -> Result<Option<ArtistId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        artist_id: ArtistId,
    }
    let found = prepared(
        sql("select r.artist_id from artists.releases r where r.id = $1
               and exists (select 1 from artists.sold_items i where i.artist_id = r.artist_id and i.track_id is null
                             and i.matched_by is distinct from 'hand')")
        .bind::<SqlUuid, _>(release),
    );
    let row: Option<Row> = found.get_result(conn).await.optional()?;
    Ok(row.map(|row| row.artist_id))
}

/// Notes that the names of an artist are to be looked through, once more where somebody does so already.
pub(super) async fn want(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    let wanted = diesel::insert_into(matchings::table)
        .values(matchings::artist_id.eq(artist))
        .on_conflict(matchings::artist_id)
        .do_update()
        .set(matchings::wanted.eq(matchings::wanted + 1));
    wanted.execute(conn).await?;
    Ok(())
}

/// How often it was wanted so far; `None`: not at all.
pub(super) async fn wanted(conn: &mut Conn, artist: ArtistId) -> Result<Option<i64>> {
    Ok(matchings::table.find(artist).select(matchings::wanted).first(conn).await.optional()?)
}

/// Notes that all is looked through that was wanted; false where more was wanted since.
pub(super) async fn end(conn: &mut Conn, artist: ArtistId, looked: Option<i64>) -> Result<bool> {
    let wanted: Option<i64> =
        matchings::table.find(artist).select(matchings::wanted).for_update().first(conn).await.optional()?;
    if wanted != looked {
        return Ok(false);
    }
    diesel::delete(matchings::table.find(artist)).execute(conn).await?;
    Ok(true)
}
