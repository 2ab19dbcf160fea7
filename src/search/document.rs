//! A document: what can be found, and its queries.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::fold::words;
use super::query::{Query, folded_title};
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId};

named! {
    /// What a document is about.
    pub(crate) enum DocumentKind {
        Artist = "artist",
        Release = "release",
        Track = "track",
    }
}

/// What is indexed of an artist, a release or a track.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) kind: DocumentKind,
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
    pub(super) kind: DocumentKind,
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

/// Sets the locks of documents apart from other users of advisory locks.
const TURNS: i64 = 7;

impl Document {
    /// Waits until no other transaction writes the documents of this artist or release.
    pub(super) async fn take_turns(conn: &mut Conn, id: Uuid) -> Result<()> {
        let turn = prepared(
            sql("select pg_advisory_xact_lock(hashtextextended($1::text, $2))")
                .bind::<SqlUuid, _>(id)
                .bind::<BigInt, _>(TURNS),
        );
        turn.execute(conn).await?;
        Ok(())
    }

    /// Adds documents.
    pub(super) async fn insert(conn: &mut Conn, documents: &[Self]) -> Result<()> {
        let added = prepared(
            sql("insert into search.documents
                    (kind, entity_id, release_id, artist_id, title, subtitle, url, folded_title, words, published_at)
                 select kind, entity, release, artist, title, subtitle, url, folded, words::tsvector, published_at
                 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                    as d (kind, entity, release, artist, title, subtitle, url, folded, words, published_at)")
            .bind::<Array<Text>, _>(each(documents, |document| document.kind))
            .bind::<Array<SqlUuid>, _>(each(documents, |document| document.entity))
            .bind::<Array<Nullable<SqlUuid>>, _>(each(documents, |document| document.release))
            .bind::<Array<SqlUuid>, _>(each(documents, |document| document.artist))
            .bind::<Array<Text>, _>(each(documents, |document| document.title.as_str()))
            .bind::<Array<Text>, _>(each(documents, |document| document.subtitle.as_str()))
            .bind::<Array<Text>, _>(each(documents, |document| document.url.as_str()))
            .bind::<Array<Text>, _>(each(documents, |document| folded_title(&document.title)))
            .bind::<Array<Text>, _>(each(documents, Self::vector))
            .bind::<Array<Timestamptz>, _>(each(documents, |document| document.published_at)),
        );
        added.execute(conn).await?;
        Ok(())
    }

    /// Takes away all documents of a release; the answer is the words of each, one document's after another's.
    pub(super) async fn delete_release(conn: &mut Conn, release: ReleaseId) -> Result<Vec<String>> {
        let gone = prepared(
            sql("delete from search.documents where release_id = $1 returning tsvector_to_array(words) as words")
                .bind::<SqlUuid, _>(release),
        );
        let gone: Vec<Gone> = gone.load(conn).await?;
        Ok(gone.into_iter().flat_map(|document| document.words).collect())
    }

    /// Takes away the document of an artist; the answer is its words.
    pub(super) async fn delete_artist(conn: &mut Conn, artist: ArtistId) -> Result<Vec<String>> {
        let gone = prepared(
            sql("delete from search.documents where kind = 'artist' and entity_id = $1 returning tsvector_to_array(words) as words")
                .bind::<SqlUuid, _>(artist),
        );
        let gone: Vec<Gone> = gone.load(conn).await?;
        Ok(gone.into_iter().flat_map(|document| document.words).collect())
    }

    /// The words, each once.
    pub(super) fn vocabulary(&self) -> BTreeSet<String> {
        words(&self.title).into_iter().chain(words(&self.subtitle)).map(|word| word.text).collect()
    }

    // As PostgreSQL writes a `tsvector`. Words hold letters and digits only, so that quotes suffice.
    fn vector(&self) -> String {
        let (title, subtitle) = (words(&self.title), words(&self.subtitle));
        let weighed = title.iter().map(|word| (word, 'A')).chain(subtitle.iter().map(|word| (word, 'B')));
        let placed = (1..).zip(weighed).map(|(place, (word, weight))| format!("'{}':{place}{weight}", word.text));
        placed.collect::<Vec<_>>().join(" ")
    }
}

fn each<'a, T>(documents: &'a [Document], column: impl Fn(&'a Document) -> T) -> Vec<T> {
    documents.iter().map(column).collect()
}

impl Hit {
    /// The best documents for a query: whole titles before beginnings of titles before words anywhere.
    pub(super) async fn list(
        conn: &mut Conn,
        query: &Query,
        kinds: &[DocumentKind],
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
