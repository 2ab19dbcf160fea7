//! Put an upload together of its parts: their bytes one behind the other.

use futures_util::StreamExt;

use super::lease::Lease;
use super::transfer::Transfer;
use crate::platform::Platform;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::UploadId;
use crate::platform::storage::{Appender, Landing};

/// Copies the parts into the upload, which has come whole then; the parts go away. May run twice.
pub(super) async fn join(platform: &Platform, transfer: &Transfer, lease: &mut Lease) -> Result<()> {
    let id = transfer.id;
    let parts = parts(platform, transfer).await?;
    let mut appender = platform.storage.resume(id.uuid(), 0, &Landing::default()).await?;
    for part in &parts {
        if let Err(error) = copy(platform, part, &mut appender, lease).await {
            // Another upload may have taken the part meanwhile, or its artist gave it up: that is what went wrong then.
            self::parts(platform, transfer).await?;
            return Err(error);
        }
    }
    let whole = appender.seal().await?;
    platform
        .db
        .transaction(async |conn| {
            if !Transfer::arrive(conn, id, lease.writer, &whole).await? {
                return Err(Error::Refused(Code::UploadBusy));
            }
            for part in &parts {
                part.delete(conn).await?;
            }
            Ok(())
        })
        .await?;
    for part in &parts {
        discard(platform, part).await;
    }
    Ok(())
}

async fn parts(platform: &Platform, transfer: &Transfer) -> Result<Vec<Transfer>> {
    let mut parts = Vec::new();
    let ids: Vec<UploadId> = transfer.parts().collect();
    for id in ids {
        let part = Transfer::find(&mut *platform.db.conn().await?, id).await?;
        let part = part.filter(|part| part.is_complete_part() && part.account_id == transfer.account_id);
        parts.push(part.ok_or(Error::Refused(Code::UploadPartsUnfinished))?);
    }
    Ok(parts)
}

async fn copy(platform: &Platform, part: &Transfer, into: &mut Appender, lease: &mut Lease) -> Result<()> {
    if part.offset() == 0 {
        return Ok(());
    }
    let before = into.size_bytes();
    if let Some(whole) = part.whole()? {
        platform.storage.close_landing(part.id.uuid(), &whole).await?;
    }
    let mut pieces = platform.storage.read_landing(part.id.uuid()).await?;
    while let Some(piece) = pieces.next().await {
        into.write(piece?).await?;
        lease.keep(&platform.db).await?;
    }
    if into.size_bytes() - before != part.offset() {
        return Err(Error::Internal(anyhow::anyhow!("a part of an upload is not as long as it was")));
    }
    Ok(())
}

// What stays is swept.
async fn discard(platform: &Platform, part: &Transfer) {
    let discarded = async { platform.storage.discard_landing(part.id.uuid(), &part.landing()?).await };
    if let Err(error) = discarded.await {
        tracing::debug!(%error, upload = %part.id, "a part is left to the sweep");
    }
}
