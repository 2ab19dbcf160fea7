//! Find out which tracks are what was sold elsewhere: a job when a track came or changed, and a part of each import.

use serde::{Deserialize, Serialize};

use super::matching::{self, By};
use super::sale;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, SoldItemId};
use crate::platform::jobs::{self, Failure, Job, Run};

/// Names that are looked through in one transaction.
const BATCH: i64 = 4000;

/// All names of an artist of which nobody knows yet what they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MatchItems {
    artist: ArtistId,
}

impl Job for MatchItems {
    const KIND: &'static str = "artists.match_items";
    const QUEUE: &'static str = "statements";
}

/// In the transaction in which a track came or changed. One job looks for all that came before it ends.
pub(super) async fn enqueue(conn: &mut Conn, artist: ArtistId) -> Result<()> {
    // In this order, as who ends the job takes them.
    matching::want(conn, artist).await?;
    jobs::new(MatchItems { artist }).key(format!("match_items:{artist}")).priority(5).enqueue(conn).await?;
    Ok(())
}

/// Looks until nothing more is wanted. May run twice.
pub(crate) async fn run(platform: Platform, job: MatchItems, run: Run) -> Result<(), Failure> {
    loop {
        let wanted = matching::wanted(&mut *platform.db.conn().await?, job.artist).await?;
        match_open(&platform, job.artist, &run).await?;
        if end(&platform, job.artist, wanted, &run).await? {
            return Ok(());
        }
    }
}

/// Looks through all names that are open, batch by batch, each in a transaction of its own.
pub(super) async fn match_open(platform: &Platform, artist: ArtistId, run: &Run) -> Result<()> {
    for by in [By::Code, By::Name] {
        let mut after = None;
        while let Some(last) = match_next(platform, artist, by, after, run).await? {
            after = Some(last);
        }
    }
    Ok(())
}

async fn match_next(
    platform: &Platform,
    artist: ArtistId,
    by: By,
    after: Option<SoldItemId>,
    run: &Run,
) -> Result<Option<SoldItemId>> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            // Names come and go with sales.
            sale::take_turn(conn, artist).await?;
            matching::match_some(conn, artist, by, after, BATCH).await
        })
        .await
}

async fn end(platform: &Platform, artist: ArtistId, wanted: Option<i64>, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            if !matching::end(conn, artist, wanted).await? {
                return Ok(false);
            }
            run.complete(conn).await?;
            Ok(true)
        })
        .await
}
