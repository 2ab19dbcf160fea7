//! All words of all documents.

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel_async::RunQueryDsl;

use super::schema::vocabulary;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;

#[derive(QueryableByName)]
struct Neighbour {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Counts the words of new documents in. In order, so that two of us do not wait for each other.
pub(super) async fn add(conn: &mut Conn, words: &[String]) -> Result<()> {
    let counted = prepared(
        sql("insert into search.vocabulary (word, documents)
             select word, count(*) from unnest($1) as word group by word order by word
             on conflict (word) do update set documents = search.vocabulary.documents + excluded.documents")
        .bind::<Array<Text>, _>(words),
    );
    counted.execute(conn).await?;
    Ok(())
}

/// Counts the words of documents out.
pub(super) async fn remove(conn: &mut Conn, words: &[String]) -> Result<()> {
    let counted = prepared(
        sql("with gone as (
                select v.word, g.times from search.vocabulary v
                join (select word, count(*) as times from unnest($1) as word group by word) g on g.word = v.word
                order by v.word for update of v
             )
             update search.vocabulary v set documents = greatest(v.documents - gone.times, 0) from gone where v.word = gone.word")
        .bind::<Array<Text>, _>(words),
    );
    counted.execute(conn).await?;
    Ok(())
}

/// Those of `words` that some document holds.
pub(super) async fn known(conn: &mut Conn, words: &[String]) -> Result<Vec<String>> {
    let known = vocabulary::table.filter(vocabulary::word.eq_any(words).and(vocabulary::documents.gt(0)));
    Ok(known.select(vocabulary::word).load(conn).await?)
}

/// Whether some word begins like this.
pub(super) async fn has_prefix(conn: &mut Conn, prefix: &str) -> Result<bool> {
    // Folded words hold letters and digits alone: nothing in them means anything to `like`.
    let beginning =
        vocabulary::table.filter(vocabulary::word.like(format!("{prefix}%")).and(vocabulary::documents.gt(0)));
    Ok(diesel::select(diesel::dsl::exists(beginning)).get_result(conn).await?)
}

/// The words nearest to one that no document holds, by trigrams.
pub(super) async fn near(conn: &mut Conn, word: &str) -> Result<Vec<String>> {
    let near = prepared(
        sql("select word from search.vocabulary
             where word % $1 and documents > 0
             order by similarity(word, $1) desc, documents desc limit 20")
        .bind::<Text, _>(word),
    );
    let near: Vec<Neighbour> = near.load(conn).await?;
    Ok(near.into_iter().map(|neighbour| neighbour.word).collect())
}
