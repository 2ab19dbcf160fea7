//! All words of all documents.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Text};
use diesel_async::RunQueryDsl;

use super::schema::vocabulary;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;

#[derive(QueryableByName)]
struct Neighbour {
    #[diesel(sql_type = Text)]
    word: String,
}

/// By how many documents each word gains or loses.
#[derive(Debug, Default)]
pub(super) struct Change(BTreeMap<String, i32>);

impl Change {
    /// A document more for each word.
    pub(super) fn more(&mut self, words: impl IntoIterator<Item = String>) {
        words.into_iter().for_each(|word| *self.0.entry(word).or_default() += 1);
    }

    /// A document less for each word.
    pub(super) fn less(&mut self, words: impl IntoIterator<Item = String>) {
        words.into_iter().for_each(|word| *self.0.entry(word).or_default() -= 1);
    }

    /// Counts it in. Words that stay as they are are not touched, and the others are in one order, at once: two
    /// transactions never wait for each other.
    pub(super) async fn apply(mut self, conn: &mut Conn) -> Result<()> {
        self.0.retain(|_, change| *change != 0);
        if self.0.is_empty() {
            return Ok(());
        }
        let (words, changes): (Vec<String>, Vec<i32>) = self.0.into_iter().unzip();
        let counted = prepared(
            sql("insert into search.vocabulary as v (word, documents)
                 select word, greatest(change, 0) from unnest($1, $2) as c (word, change) order by word
                 on conflict (word) do update
                 set documents = greatest(v.documents + ($2)[array_position($1, v.word)], 0)")
            .bind::<Array<Text>, _>(words)
            .bind::<Array<Integer>, _>(changes),
        );
        counted.execute(conn).await?;
        Ok(())
    }
}

/// Those of `words` that some document holds.
pub(super) async fn known(conn: &mut Conn, words: &[String]) -> Result<Vec<String>> {
    let known = vocabulary::table.filter(vocabulary::word.eq_any(words).and(vocabulary::documents.gt(0)));
    Ok(known.select(vocabulary::word).load(conn).await?)
}

/// Whether some word begins like this.
pub(super) async fn has_prefix(conn: &mut Conn, prefix: &str) -> Result<bool> {
    // In the order of bytes, those that do are the first from it on. For `like` a plan that is kept takes no index.
    let first = prepared(
        sql("select word from search.vocabulary
             where word ~>=~ $1 and documents > 0
             order by word using ~<~ limit 1")
        .bind::<Text, _>(prefix),
    );
    let first: Option<Neighbour> = first.get_result(conn).await.optional()?;
    Ok(first.is_some_and(|first| first.word.starts_with(prefix)))
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
