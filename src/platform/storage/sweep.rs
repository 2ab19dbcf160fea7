//! Every hour, and as a process starts: what nobody comes back for goes away.

use std::collections::HashSet;
use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::{TryStreamExt, future};
use object_store::ObjectStore;
use object_store::path::Path as ObjectPath;

use super::super::error::Result;
use super::super::schema::objects;
use super::super::{Platform, task};
use super::{Storage, Zone, failure, hold, private, scratch};

/// Leftovers are looked for this often.
const EVERY: Duration = Duration::from_secs(3600);

/// What has not been touched for so long was left behind: by uploads and steps whose process died.
const AGE: Duration = Duration::from_secs(24 * 3600);

/// Objects that are looked up together.
const BATCH: usize = 500;

/// Sweeps the store, for as long as the process lives.
pub(crate) async fn sweep(platform: Platform) {
    loop {
        for swept in [sweep_scratch(&platform.storage).await, sweep_objects(&platform).await] {
            match swept {
                Ok(0) => {}
                Ok(gone) => tracing::info!(gone, "swept the storage"),
                Err(error) => tracing::warn!(%error, "sweeping the storage"),
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

// A step that comes for a folder after that makes it anew.
async fn sweep_scratch(storage: &Storage) -> Result<usize> {
    let root = storage.root.clone();
    let swept = task::blocking(move || -> anyhow::Result<usize> {
        let left = scratch::sweep(&root.join("landing"), AGE)? + scratch::sweep(&root.join("staging"), AGE)?;
        Ok(left + private::sweep(&root)?)
    });
    Ok(swept.await??)
}

// Objects that were stored, but whose transaction never came: no row tells of them.
async fn sweep_objects(platform: &Platform) -> Result<usize> {
    let before = platform.clock.now() - AGE;
    let mut gone = 0;
    for zone in Zone::ALL {
        let all = platform.storage.store.list(Some(&ObjectPath::from(zone.name())));
        let old = all.try_filter(|object| future::ready(object.last_modified < before));
        let mut batches = old.map_ok(|object| object.location.to_string()).try_chunks(BATCH);
        while let Some(keys) = batches.try_next().await.map_err(|stopped| failure(stopped.1))? {
            for key in unrecorded(platform, keys).await? {
                gone += usize::from(remove(platform, &key).await?);
            }
        }
    }
    Ok(gone)
}

async fn unrecorded(platform: &Platform, mut keys: Vec<String>) -> Result<Vec<String>> {
    let known = objects::table.filter(objects::key.eq_any(&keys)).select(objects::key);
    let known: HashSet<String> = known.load(&mut *platform.db.conn().await?).await?.into_iter().collect();
    keys.retain(|key| !known.contains(key));
    Ok(keys)
}

// Asks again under the lock: the same bytes may just have come once more.
async fn remove(platform: &Platform, key: &str) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            hold::lock(conn, key).await?;
            let recorded = objects::table.find(key);
            if diesel::select(diesel::dsl::exists(recorded)).get_result(conn).await? {
                return Ok(false);
            }
            platform.storage.delete(key).await?;
            Ok(true)
        })
        .await
}
