//! Every hour, and as a process starts: what nobody comes back for goes away, and what was kept for its time.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::{TryStreamExt, future};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};

use super::super::config::Retention;
use super::super::error::Result;
use super::super::schema::objects;
use super::super::{Platform, round, task};
use super::remote::Remote;
use super::{Storage, Zone, failure, hold, private, scratch};

/// Leftovers are looked for this often.
const EVERY: Duration = Duration::from_secs(3600);

/// One process of all that share a bucket looks through it; the others come too early by a little.
const ROUND: Duration = Duration::from_secs(3300);

/// What has no row and has not been touched for so long was left behind: by uploads and steps whose process died.
const AGE: Duration = Duration::from_secs(24 * 3600);

/// Objects that are looked up together.
const BATCH: usize = 500;

/// Sweeps the store, for as long as the process lives.
pub(crate) async fn sweep(platform: Platform) {
    loop {
        match sweep_once(&platform).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "swept the storage"),
            Err(error) => tracing::warn!(%error, "sweeping the storage"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn sweep_once(platform: &Platform) -> Result<usize> {
    let retention = platform.config.retention;
    let mut gone = sweep_disk(&platform.storage, retention).await?;
    if let Some(remote) = &platform.storage.remote {
        let now = platform.clock.now();
        if !round::begin(&mut *platform.db.conn().await?, "storage.sweep", now, ROUND).await? {
            return Ok(gone);
        }
        gone += sweep_remote(remote, retention, now).await?;
    }
    gone += sweep_objects(platform).await?;
    for (zone, kept) in [(Zone::Archive, retention.archive), (Zone::Quarantine, retention.quarantine)] {
        gone += expire(platform, zone, kept).await?;
    }
    Ok(gone)
}

// A step that comes for a folder after that makes it anew.
async fn sweep_disk(storage: &Storage, retention: Retention) -> Result<usize> {
    let root = storage.root.clone();
    let partial = storage.remote.as_ref().map(|remote| remote.cache.partial());
    let swept = task::blocking(move || -> anyhow::Result<usize> {
        let mut gone = scratch::sweep(&root.join("landing"), retention.landing)?;
        gone += scratch::sweep(&root.join("staging"), retention.staging)?;
        if let Some(partial) = partial {
            gone += scratch::sweep(&partial, AGE)?;
        }
        Ok(gone + private::sweep(&root)?)
    });
    Ok(swept.await??)
}

// What has no lineage in a bucket: what never got its name, archives that everybody forgot, parts of uploads.
async fn sweep_remote(remote: &Remote, retention: Retention, now: DateTime<Utc>) -> Result<usize> {
    let mut gone = 0;
    for (folder, kept) in [("landing", retention.landing), (private::FOLDER, private::AGE)] {
        let before = now - kept;
        let listed = remote.store.list(Some(&ObjectPath::from(folder)));
        let old = listed.try_filter(|object| future::ready(object.last_modified < before));
        let old: Vec<ObjectPath> = old.map_ok(|object| object.location).try_collect().await.map_err(failure)?;
        for path in old {
            remote.store.delete(&path).await.map_err(failure)?;
            gone += 1;
        }
    }
    Ok(gone + remote.abort_unfinished(now - retention.landing).await?)
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

// What its lineage says has lain in a zone for its time. Whoever still names it knows that a zone like this forgets.
async fn expire(platform: &Platform, zone: Zone, kept: Duration) -> Result<usize> {
    let before = platform.clock.now() - kept;
    let mut gone = 0;
    loop {
        let due = objects::table
            .filter(objects::zone.eq(zone.name()).and(objects::created_at.lt(before)))
            .order(objects::created_at)
            .limit(i64::try_from(BATCH).unwrap_or(i64::MAX))
            .select(objects::key);
        let due: Vec<String> = due.load(&mut *platform.db.conn().await?).await?;
        if due.is_empty() {
            return Ok(gone);
        }
        for key in due {
            gone += usize::from(expire_one(platform, &key, before).await?);
        }
    }
}

// The same bytes may just have come once more: then their time begins again.
async fn expire_one(platform: &Platform, key: &str, before: DateTime<Utc>) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            hold::lock(conn, key).await?;
            let due = objects::table.find(key).filter(objects::created_at.lt(before));
            if diesel::delete(due).execute(conn).await? == 0 {
                return Ok(false);
            }
            platform.storage.delete(key).await?;
            Ok(true)
        })
        .await
}
