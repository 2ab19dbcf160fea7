//! Genres that the tags of a release's files name: where its artist says nothing, it is found under these.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::genre_text::genres_of;
use crate::artists::schema::releases;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::ReleaseId;

/// How many genres a release has out of its tags.
const MOST: usize = 5;

/// The genres out of the tags of a release.
pub(in crate::artists) async fn tag_genres(conn: &mut Conn, release: ReleaseId) -> Result<Vec<String>> {
    Ok(releases::table.find(release).select(releases::tag_genres).first(conn).await?)
}

/// Looks at the tags of a release's tracks again.
pub(in crate::artists) async fn follow_tags(conn: &mut Conn, release: ReleaseId) -> Result<()> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Nullable<Text>)]
        genre: Option<String>,
    }
    let texts = prepared(
        sql("select suggestions ->> 'genre' as genre from artists.tracks where release_id = $1 and state = 'ready'
             order by position")
        .bind::<SqlUuid, _>(release),
    );
    let texts: Vec<Row> = texts.load(conn).await?;
    let mut genres: Vec<String> = Vec::new();
    for genre in texts.iter().filter_map(|row| row.genre.as_deref()).flat_map(genres_of) {
        if genres.len() < MOST && !genres.contains(&genre) {
            genres.push(genre);
        }
    }
    let others = releases::table.find(release).filter(releases::tag_genres.ne(&genres));
    diesel::update(others).set(releases::tag_genres.eq(&genres)).execute(conn).await?;
    Ok(())
}
