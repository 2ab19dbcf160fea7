//! Rounds: work that is due once in a while, whichever process comes first.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::db::{Conn, prepared, sql};
use super::error::Result;

/// Whether a round is due, and this caller the one to make it: true once in `every`, in all processes together. Who dies
/// over it leaves it to the next round.
pub(crate) async fn begin(conn: &mut Conn, name: &str, now: DateTime<Utc>, every: Duration) -> Result<bool> {
    let begun = prepared(
        sql("insert into platform.rounds as round (name, began_at) values ($1, $2)
             on conflict (name) do update set began_at = excluded.began_at where round.began_at <= $3")
        .bind::<Text, _>(name)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now - every),
    );
    Ok(begun.execute(conn).await? == 1)
}
