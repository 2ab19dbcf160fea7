//! The site map's queries: where its parts begin, and what stands in a part.
//!
//! Ids are of their time (UUID v7), so a part of the tracks or releases is what was made from a millisecond on. Where parts
//! begin is found by steps along the primary key, which touch no row; a part counts what is not public as well, so it is
//! never too long, and its address, a time alone, names nothing that is not public.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;

/// Addresses in a part, as sitemaps.org allows.
const MOST: i64 = 50_000;

/// Parts that an index may name.
const MOST_PARTS: usize = 50_000;

/// What a part lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Artists,
    Releases,
    Tracks,
}

/// A page in the map.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Place {
    /// What the path ends in: an id, or an artist's address.
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Timestamptz)]
    pub(super) changed_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Artists, Self::Releases, Self::Tracks];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Artists => "artists",
            Self::Releases => "releases",
            Self::Tracks => "tracks",
        }
    }

    /// The milliseconds (since 1970) that parts begin at; the first is 0.
    pub(super) async fn parts(self, conn: &mut Conn) -> Result<Vec<u64>> {
        let mut begins = vec![0];
        while let Some(next) = self.after_part(conn, begins[begins.len() - 1]).await? {
            begins.push(next);
            if begins.len() == MOST_PARTS {
                break;
            }
        }
        Ok(begins)
    }

    // Where the part after the one that begins at `begin` begins.
    async fn after_part(self, conn: &mut Conn, begin: u64) -> Result<Option<u64>> {
        let text = match self {
            Self::Artists => "select id from artists.artists where id >= $1 order by id offset $2 limit 1",
            Self::Releases => "select id from artists.releases where id >= $1 order by id offset $2 limit 1",
            Self::Tracks => "select id from artists.tracks where id >= $1 order by id offset $2 limit 1",
        };
        let first = prepared(sql(text).bind::<SqlUuid, _>(earliest(begin)).bind::<BigInt, _>(MOST));
        let first: Option<Row> = first.get_result(conn).await.optional()?;
        // As many as a part holds within one millisecond would not end otherwise.
        Ok(first.map(|row| millisecond(row.id).max(begin + 1)))
    }

    /// The public pages of the part that begins at a millisecond.
    pub(super) async fn list(self, conn: &mut Conn, begin: u64) -> Result<Vec<Place>> {
        let text = match self {
            Self::Artists => ARTISTS,
            Self::Releases => RELEASES,
            Self::Tracks => TRACKS,
        };
        let list = prepared(sql(text).bind::<SqlUuid, _>(earliest(begin)).bind::<BigInt, _>(MOST));
        Ok(list.load(conn).await?)
    }
}

const ARTISTS: &str = "
    with part as (select id, slug, created_at, closed_at from artists.artists where id >= $1 order by id limit $2)
    select p.slug as name, greatest(p.created_at, (
        select max(r.published_at) from artists.releases r
        where r.artist_id = p.id and r.published_at <= now() and r.visibility = 'public'
    )) as changed_at
    from part p where p.closed_at is null order by p.id";

const RELEASES: &str = "
    with part as (
        select id, artist_id, published_at, visibility from artists.releases where id >= $1 order by id limit $2
    )
    select p.id::text as name, greatest(p.published_at, (
        select c.changed_at from artists.changes c where c.release_id = p.id order by c.id desc limit 1
    )) as changed_at
    from part p join artists.artists a on a.id = p.artist_id
    where p.published_at <= now() and p.visibility = 'public' and a.closed_at is null order by p.id";

const TRACKS: &str = "
    with part as (select id, release_id, state from artists.tracks where id >= $1 order by id limit $2)
    select p.id::text as name, greatest(r.published_at, (
        select c.changed_at from artists.changes c where c.track_id = p.id order by c.id desc limit 1
    )) as changed_at
    from part p
    join artists.releases r on r.id = p.release_id
    join artists.artists a on a.id = r.artist_id
    where p.state = 'ready' and r.published_at <= now() and r.visibility = 'public' and a.closed_at is null
    order by p.id";

/// The least id of a millisecond: RFC 9562 §5.7 has it in the first 48 bits.
fn earliest(millisecond: u64) -> Uuid {
    Uuid::from_u128(u128::from(millisecond & 0xFFFF_FFFF_FFFF) << 80)
}

fn millisecond(id: Uuid) -> u64 {
    u64::try_from(id.as_u128() >> 80).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_lies_after_the_least_of_its_millisecond() {
        let id = Uuid::now_v7();
        let at = millisecond(id);
        assert!(earliest(at) <= id && id < earliest(at + 1));
        assert_eq!(earliest(0), Uuid::nil());
    }
}
