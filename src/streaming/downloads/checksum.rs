//! The CRC-32 of stored files: rows, and the counting.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::storage::Opened;
use crate::platform::task;
use crate::streaming::schema::checksums;

/// What is read at a time.
const SLICE_BYTES: usize = 1024 * 1024;

/// Of these files, as far as they were counted.
pub(super) async fn known_crc32s(platform: &Platform, keys: &[&str]) -> Result<HashMap<String, u32>> {
    let known =
        checksums::table.filter(checksums::object_key.eq_any(keys)).select((checksums::object_key, checksums::crc32));
    let known: Vec<(String, i64)> = known.load(&mut *platform.db.conn().await?).await?;
    Ok(known.into_iter().filter_map(|(key, crc32)| Some((key, u32::try_from(crc32).ok()?))).collect())
}

/// The CRC-32 of a stored file; counted when nobody has, and kept.
pub(super) async fn crc32_of(platform: &Platform, object_key: &str, object: &Arc<Opened>) -> Result<u32> {
    let known = checksums::table.find(object_key).select(checksums::crc32);
    let known: Option<i64> = known.first(&mut *platform.db.conn().await?).await.optional()?;
    if let Some(known) = known.and_then(|known| u32::try_from(known).ok()) {
        return Ok(known);
    }
    let crc32 = count(object).await?;
    let row = (checksums::object_key.eq(object_key), checksums::crc32.eq(i64::from(crc32)));
    let keep = diesel::insert_into(checksums::table).values(row).on_conflict_do_nothing();
    keep.execute(&mut *platform.db.conn().await?).await?;
    Ok(crc32)
}

async fn count(object: &Arc<Opened>) -> Result<u32> {
    let (mut hasher, mut at) = (crc32fast::Hasher::new(), 0);
    while at < object.size_bytes {
        let bytes = object.read(at, SLICE_BYTES).await?;
        if bytes.is_empty() {
            return Err(anyhow::anyhow!("an object is shorter than it was").into());
        }
        at += bytes.len() as u64;
        hasher = task::blocking(move || {
            hasher.update(&bytes);
            hasher
        })
        .await?;
    }
    Ok(hasher.finalize())
}
