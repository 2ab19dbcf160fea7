//! A document: what can be found, and its queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::fold::words;
use super::query::{Query, folded_title};
use super::vocabulary;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId};

/// What is indexed of an artist, a release or a track.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) kind: &'static str,
    pub(super) entity: Uuid,
    pub(super) release: Option<ReleaseId>,
    pub(super) artist: ArtistId,
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) url: String,
    pub(super) published_at: DateTime<Utc>,
}

/// A document that was found.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Hit {
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    #[diesel(sql_type = SqlUuid)]
    pub(super) entity_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = Text)]
    pub(super) subtitle: String,
    #[diesel(sql_type = Text)]
    pub(super) url: String,
}

#[derive(QueryableByName)]
struct Gone {
    #[diesel(sql_type = Array<Text>)]
    words: Vec<String>,
}

/// Candidates that are ranked at the most.
pub(super) const MAX_CANDIDATES: i64 = 500;

impl Document {
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        let (title, subtitle) = (words(&self.title), words(&self.subtitle));
        let mut vector = Vec::new();
        let mut vocabulary: Vec<String> = Vec::new();
        for (position, (word, weight)) in
            (1..).zip(title.iter().map(|w| (w, 'A')).chain(subtitle.iter().map(|w| (w, 'B'))))
        {
            vector.push(format!("'{}':{position}{weight}", word.text));
            vocabulary.push(word.text.clone());
        }
        vocabulary.sort_unstable();
        vocabulary.dedup();
        let added = prepared(
            sql("insert into search.documents
                    (kind, entity_id, release_id, artist_id, title, subtitle, url, folded_title, words, published_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9::tsvector, $10)")
            .bind::<Text, _>(self.kind)
            .bind::<SqlUuid, _>(self.entity)
            .bind::<Nullable<SqlUuid>, _>(self.release)
            .bind::<SqlUuid, _>(self.artist)
            .bind::<Text, _>(&self.title)
            .bind::<Text, _>(&self.subtitle)
            .bind::<Text, _>(&self.url)
            .bind::<Text, _>(folded_title(&self.title))
            .bind::<Text, _>(vector.join(" "))
            .bind::<Timestamptz, _>(self.published_at),
        );
        added.execute(conn).await?;
        vocabulary::add(conn, &vocabulary).await
    }

    /// Takes away all documents of a release.
    pub(super) async fn delete_release(conn: &mut Conn, release: ReleaseId) -> Result<()> {
        let gone = prepared(
            sql("delete from search.documents where release_id = $1 returning tsvector_to_array(words) as words")
                .bind::<SqlUuid, _>(release),
        );
        Self::forget(gone.load(conn).await?, conn).await
    }

    /// Takes away the document of an artist.
    pub(super) async fn delete_artist(conn: &mut Conn, artist: ArtistId) -> Result<()> {
        let gone = prepared(
            sql("delete from search.documents where kind = 'artist' and entity_id = $1 returning tsvector_to_array(words) as words")
                .bind::<SqlUuid, _>(artist),
        );
        Self::forget(gone.load(conn).await?, conn).await
    }

    async fn forget(gone: Vec<Gone>, conn: &mut Conn) -> Result<()> {
        let words: Vec<String> = gone.into_iter().flat_map(|document| document.words).collect();
        if words.is_empty() { Ok(()) } else { vocabulary::remove(conn, &words).await }
    }
}

impl Hit {
    /// The best documents for a query: whole titles before beginnings of titles before words anywhere.
    pub(super) async fn list(
        conn: &mut Conn,
        query: &Query,
        kinds: &[&str],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let hits = prepared(
            sql("select kind, entity_id, title, subtitle, url from (
                    select * from search.documents
                    where words @@ $1::tsquery and kind = any($2)
                    order by popularity desc, published_at desc limit $6
                 ) candidate
                 order by (folded_title = $3) desc, starts_with(folded_title, $3) desc,
                          ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', words, $1::tsquery, 2) * (0.6 + popularity) desc,
                          published_at desc, entity_id
                 offset $4 limit $5 + 1")
            .bind::<Text, _>(query.tsquery())
            .bind::<Array<Text>, _>(kinds)
            .bind::<Text, _>(query.folded())
            .bind::<BigInt, _>(offset)
            .bind::<BigInt, _>(limit)
            .bind::<BigInt, _>(MAX_CANDIDATES),
        );
        Ok(hits.load(conn).await?)
    }
}
