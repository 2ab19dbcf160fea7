//! List the artists that one follows. Nobody else sees that list.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::artist::Artist;
use super::follow::Follow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, ArtistId};

/// An artist, and since when the account follows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowedArtist {
    #[serde(flatten)]
    artist: Artist,
    followed_at: DateTime<Utc>,
}

type Place = (DateTime<Utc>, ArtistId);

/// The artists that the signed-in account follows, the newest first.
#[utoipa::path(tag = "artists", params(PagingQuery), responses(
    (status = 200, body = Page<FollowedArtist>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/following")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<Place>,
) -> Result<Found<Page<FollowedArtist>>> {
    list(&mut *platform.db.conn().await?, identity.account, &paging).await.map(Found)
}

async fn list(conn: &mut Conn, account: AccountId, paging: &Paging<Place>) -> Result<Page<FollowedArtist>> {
    let follows = Follow::list(conn, account, paging.after, paging.limit).await?;
    let page = Page::new(follows, paging.limit, |follow| (follow.created_at, follow.artist_id));
    let ids: Vec<ArtistId> = page.items.iter().map(|follow| follow.artist_id).collect();
    let artists = Artist::list_these(conn, &ids, Some(account)).await?;
    let mut artists: HashMap<ArtistId, Artist> = artists.into_iter().map(|artist| (artist.id, artist)).collect();
    let followed = page.items.into_iter().filter_map(|follow| {
        Some(FollowedArtist { artist: artists.remove(&follow.artist_id)?, followed_at: follow.created_at })
    });
    Ok(Page { items: followed.collect(), next_cursor: page.next_cursor })
}
