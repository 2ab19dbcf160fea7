//! The addresses that an artist has or had: each leads to it for as long as it lives.

use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::Slug;
use super::schema::slugs;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::ArtistId;

/// Addresses of one artist, the one of today among them.
const MAX: i64 = 20;

/// Takes an address for an artist that is not there yet; false where it is or was another's.
pub(super) async fn take_first(conn: &mut Conn, slug: &Slug, artist: ArtistId) -> Result<bool> {
    let taken = diesel::insert_into(slugs::table)
        .values((slugs::slug.eq(slug.as_str()), slugs::artist_id.eq(artist)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(taken == 1)
}

/// Takes an address for an artist, whose row the caller holds. One that is or was another's is refused, one that was its own
/// is its own again.
pub(super) async fn take(conn: &mut Conn, slug: &Slug, artist: ArtistId) -> Result<()> {
    let taken = prepared(
        sql("insert into artists.slugs as taken (slug, artist_id) values ($1, $2)
             on conflict (slug) do update set artist_id = excluded.artist_id where taken.artist_id = excluded.artist_id")
        .bind::<Text, _>(slug.as_str())
        .bind::<SqlUuid, _>(artist),
    );
    if taken.execute(conn).await? == 0 {
        return Err(Error::Refused(Code::SlugTaken));
    }
    let all: i64 = slugs::table.filter(slugs::artist_id.eq(artist)).count().get_result(conn).await?;
    if all > MAX {
        return Err(Error::invalid("slug", "An artist has at most 20 addresses, the former ones among them."));
    }
    Ok(())
}

/// The artist that has an address, or had it.
pub(super) async fn artist_of(conn: &mut Conn, slug: &str) -> Result<Option<ArtistId>> {
    Ok(slugs::table.find(slug).select(slugs::artist_id).first(conn).await.optional()?)
}
