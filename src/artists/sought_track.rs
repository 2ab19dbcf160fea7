//! Façade: tracks as lists elsewhere name them: what such a list says of ours, and which of ours is meant by what it says.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::credits;
use super::publication::{listed, open_by_address};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};

/// What is looked for in one query: so little that an index pays, whatever the table's size.
const BATCH: usize = 100;

/// How far two lengths of one recording are apart at the most, in ms.
const LENIENCE_MS: i64 = 3000;

/// A track that somebody may hear, as a list names it.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct DescribedTrack {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: TrackId,
    #[diesel(sql_type = Text)]
    pub(crate) title: String,
    #[diesel(sql_type = Text)]
    pub(crate) artist: String,
    #[diesel(sql_type = Text)]
    pub(crate) release: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) duration_ms: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) isrc: Option<String>,
    /// What MusicBrainz calls the recording.
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) recording_mbid: Option<String>,
}

/// What a list from elsewhere says of a track; whatever it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SoughtTrack {
    pub(crate) id: Option<Uuid>,
    pub(crate) isrc: Option<String>,
    pub(crate) recording_mbid: Option<Uuid>,
    pub(crate) artist: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) duration_ms: Option<i64>,
}

/// By what a track was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FoundBy {
    Id,
    Isrc,
    RecordingMbid,
    /// The artist's name and the title; and the length, where it is told.
    Names,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = SqlUuid)]
    id: TrackId,
}

macro_rules! heard_by_viewer {
    ($open:expr) => {
        concat!(
            "t.state = 'ready' and (",
            $open,
            " or exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1))"
        )
    };
}

// The oldest of those that are alike.
macro_rules! seek {
    ($open:expr, $keys:literal, $joined:literal, $also:literal) => {
        concat!(
            "select distinct on (k.number) k.number, t.id from ",
            $keys,
            $joined,
            " join artists.releases r on r.id = t.release_id
              join artists.analyses n on n.track_id = t.id
              where ",
            heard_by_viewer!($open),
            $also,
            " order by k.number, t.id"
        )
    };
}

/// Façade: those of `tracks` that `viewer` may hear, in no order.
pub(crate) async fn described(
    conn: &mut Conn,
    tracks: &[TrackId],
    viewer: Option<AccountId>,
) -> Result<Vec<DescribedTrack>> {
    let described = prepared(
        sql(concat!(
            "select t.id, t.title, a.name as artist, r.title as release, n.duration_ms, nullif(t.isrc, '') as isrc,
                    t.details ->> 'recording_mbid' as recording_mbid
             from artists.tracks t
             join artists.releases r on r.id = t.release_id
             join artists.artists a on a.id = r.artist_id
             join artists.analyses n on n.track_id = t.id
             where t.id = any($2) and ",
            heard_by_viewer!(open_by_address!())
        ))
        .bind::<Nullable<SqlUuid>, _>(viewer)
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    Ok(described.load(conn).await?)
}

/// Façade: which track each of `sought` is, of those that `viewer` may hear. An id is as good as an address; by anything else
/// only what is in lists is found, and the viewer's own.
pub(crate) async fn recognise(
    conn: &mut Conn,
    sought: &[SoughtTrack],
    viewer: AccountId,
) -> Result<Vec<Option<(TrackId, FoundBy)>>> {
    let mut recognised = Vec::with_capacity(sought.len());
    for batch in sought.chunks(BATCH) {
        let mut found: Vec<Option<(TrackId, FoundBy)>> = vec![None; batch.len()];
        for by in [FoundBy::Id, FoundBy::Isrc, FoundBy::RecordingMbid, FoundBy::Names] {
            let open: Vec<(i32, &SoughtTrack)> =
                (0..).zip(batch).zip(&found).filter(|(_, found)| found.is_none()).map(|(open, _)| open).collect();
            for Found { number, id } in seek(conn, &open, by, viewer).await? {
                if let Some(place) = usize::try_from(number).ok().and_then(|number| found.get_mut(number)) {
                    *place = Some((id, by));
                }
            }
        }
        recognised.extend(found);
    }
    Ok(recognised)
}

async fn seek(conn: &mut Conn, open: &[(i32, &SoughtTrack)], by: FoundBy, viewer: AccountId) -> Result<Vec<Found>> {
    match by {
        FoundBy::Id => seek_ids(conn, open, viewer).await,
        FoundBy::Isrc => {
            let code = |sought: &SoughtTrack| credits::isrc(sought.isrc.as_deref()?).ok();
            seek_codes(conn, &keys(open, code), viewer, BY_ISRC).await
        }
        FoundBy::RecordingMbid => {
            let code = |sought: &SoughtTrack| sought.recording_mbid.map(|id| id.to_string());
            seek_codes(conn, &keys(open, code), viewer, BY_MBID).await
        }
        FoundBy::Names => seek_names(conn, open, viewer).await,
    }
}

fn keys<T>(open: &[(i32, &SoughtTrack)], key: impl Fn(&SoughtTrack) -> Option<T>) -> (Vec<i32>, Vec<T>) {
    open.iter().filter_map(|(number, sought)| Some((*number, key(sought)?))).unzip()
}

const BY_ID: &str =
    seek!(open_by_address!(), "unnest($2, $3) as k (number, key)", " join artists.tracks t on t.id = k.key", "");

const BY_ISRC: &str = seek!(
    listed!(),
    "unnest($2, $3) as k (number, key)",
    " join artists.tracks t on t.isrc = k.key",
    " and t.isrc <> ''"
);

const BY_MBID: &str = seek!(
    listed!(),
    "unnest($2, $3) as k (number, key)",
    " join artists.tracks t on t.details ->> 'recording_mbid' = k.key",
    " and t.details ->> 'recording_mbid' is not null"
);

const BY_NAMES: &str = seek!(
    listed!(),
    "unnest($2, $3, $4, $5) as k (number, title, artist, length)",
    " join artists.tracks t on lower(t.title) = lower(k.title)",
    " and (k.length is null or abs(n.duration_ms - k.length) <= $6)
      and exists (select from artists.artists a where a.id = r.artist_id and lower(a.name) = lower(k.artist))"
);

async fn seek_ids(conn: &mut Conn, open: &[(i32, &SoughtTrack)], viewer: AccountId) -> Result<Vec<Found>> {
    let (numbers, ids) = keys(open, |sought| sought.id);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = prepared(
        sql(BY_ID).bind::<SqlUuid, _>(viewer).bind::<Array<Integer>, _>(numbers).bind::<Array<SqlUuid>, _>(ids),
    );
    Ok(found.load(conn).await?)
}

async fn seek_codes(
    conn: &mut Conn,
    (numbers, codes): &(Vec<i32>, Vec<String>),
    viewer: AccountId,
    text: &'static str,
) -> Result<Vec<Found>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let found =
        prepared(sql(text).bind::<SqlUuid, _>(viewer).bind::<Array<Integer>, _>(numbers).bind::<Array<Text>, _>(codes));
    Ok(found.load(conn).await?)
}

async fn seek_names(conn: &mut Conn, open: &[(i32, &SoughtTrack)], viewer: AccountId) -> Result<Vec<Found>> {
    let named = |sought: &SoughtTrack| Some((sought.title.clone()?, sought.artist.clone()?, sought.duration_ms));
    let (numbers, names) = keys(open, named);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let found = prepared(
        sql(BY_NAMES)
            .bind::<SqlUuid, _>(viewer)
            .bind::<Array<Integer>, _>(numbers)
            .bind::<Array<Text>, _>(names.iter().map(|(title, ..)| title.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(names.iter().map(|(_, artist, _)| artist.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(names.iter().map(|(.., length)| *length).collect::<Vec<_>>())
            .bind::<BigInt, _>(LENIENCE_MS),
    );
    Ok(found.load(conn).await?)
}
