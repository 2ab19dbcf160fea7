//! All that an account keeps, as it takes it along, and as it is forgotten.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Json, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::platform::Platform;
use crate::platform::archive::Archive;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::streaming::company;
use crate::streaming::rooms;
use crate::streaming::schema::{bookmarks, likes, queues, ratings, saved_releases};
use crate::streaming::scrobbling;

/// Things in one page.
const BATCH: i64 = 1000;

/// A list: its name, what it is, and the query for a page of it behind an id.
type List = (&'static str, &'static str, &'static str);

const LISTS: &[List] = &[
    (
        "liked_tracks.json",
        "The tracks that you like. One that is no longer public has no title here.",
        "select l.track_id as id, json_build_object('track_id', l.track_id, 'liked_at', l.liked_at, 'title', t.title,
             'artist', t.artist_name, 'release', t.release_title) as document
         from streaming.likes l left join artists.visible_tracks t on t.track_id = l.track_id
         where l.account_id = $1 and ($2::uuid is null or l.track_id > $2) order by l.track_id limit $3",
    ),
    (
        "saved_releases.json",
        "The releases that you saved. One that is no longer public has no title here.",
        "select s.release_id as id, json_build_object('release_id', s.release_id, 'saved_at', s.saved_at,
             'title', t.release_title, 'artist', t.artist_name) as document
         from streaming.saved_releases s
         left join lateral (select v.release_title, v.artist_name from artists.visible_tracks v
                            where v.release_id = s.release_id limit 1) t on true
         where s.account_id = $1 and ($2::uuid is null or s.release_id > $2) order by s.release_id limit $3",
    ),
    (
        "ratings.json",
        "The stars that you gave to tracks, 1 to 5.",
        "select r.track_id as id, json_build_object('track_id', r.track_id, 'stars', r.stars, 'rated_at', r.rated_at,
             'title', t.title, 'artist', t.artist_name) as document
         from streaming.ratings r left join artists.visible_tracks t on t.track_id = r.track_id
         where r.account_id = $1 and ($2::uuid is null or r.track_id > $2) order by r.track_id limit $3",
    ),
    (
        "bookmarks.json",
        "The places in tracks that you marked.",
        "select b.track_id as id, json_build_object('track_id', b.track_id, 'position_ms', b.position_ms, 'note', b.note,
             'set_at', b.set_at, 'title', t.title, 'artist', t.artist_name) as document
         from streaming.bookmarks b left join artists.visible_tracks t on t.track_id = b.track_id
         where b.account_id = $1 and ($2::uuid is null or b.track_id > $2) order by b.track_id limit $3",
    ),
    (
        "queue.json",
        "What your players have lined up, and where you are in it.",
        "select q.account_id as id, json_build_object('track_ids', q.track_ids, 'current', q.current,
             'position_ms', q.position_ms, 'device', q.device, 'put_at', q.put_at) as document
         from streaming.queues q where q.account_id = $1 and ($2::uuid is null or q.account_id > $2) limit $3",
    ),
    company::KEPT,
    rooms::KEPT,
    scrobbling::KEPT,
    (
        "playback_preferences.json",
        "How you want to listen.",
        "select p.account_id as id, json_build_object('max_bitrate_bps', p.max_bitrate_bps,
             'metered_max_bitrate_bps', p.metered_max_bitrate_bps, 'lossless', p.lossless,
             'shares_now_playing', p.shares_now_playing) as document
         from streaming.preferences p where p.account_id = $1 and ($2::uuid is null or p.account_id > $2) limit $3",
    ),
];

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Json)]
    document: Value,
}

/// Writes each list into an account's archive.
pub(in crate::streaming) async fn export(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    for (name, about, query) in LISTS {
        let mut list = archive.list(name, about).await?;
        let mut after = None;
        loop {
            let (documents, last) = page(&mut *platform.db.conn().await?, query, account, after).await?;
            list.add(&documents).await?;
            if last.is_none() {
                break;
            }
            after = last;
        }
        list.end().await?;
    }
    Ok(())
}

// A page, and the id that it ends with.
async fn page(
    conn: &mut Conn,
    query: &'static str,
    account: AccountId,
    after: Option<Uuid>,
) -> Result<(Vec<Value>, Option<Uuid>)> {
    let page =
        prepared(sql(query).bind::<SqlUuid, _>(account).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(BATCH));
    let rows: Vec<Kept> = page.load(conn).await?;
    let last = rows.last().map(|row| row.id);
    Ok((rows.into_iter().map(|row| row.document).collect(), last))
}

/// Forgets all of it.
pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(likes::table.filter(likes::account_id.eq(account))).execute(conn).await?;
    diesel::delete(saved_releases::table.filter(saved_releases::account_id.eq(account))).execute(conn).await?;
    diesel::delete(ratings::table.filter(ratings::account_id.eq(account))).execute(conn).await?;
    diesel::delete(bookmarks::table.filter(bookmarks::account_id.eq(account))).execute(conn).await?;
    diesel::delete(queues::table.find(account)).execute(conn).await?;
    Ok(())
}
