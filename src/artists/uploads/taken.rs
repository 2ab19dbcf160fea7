//! Uploads that become no track: parts, of which others may put files together, taken by somebody who reads them one behind
//! the other.

use std::io::ErrorKind;

use chrono::{DateTime, Utc};

use super::transfer::{Form, Transfer, UploadState};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, UploadId};
use crate::platform::pieces::Pieces;
use crate::platform::task;

/// Takes parts that came whole: nobody puts anything else together of them, and they do not expire. They stay as long as
/// `landing/` keeps what nobody touches.
pub(in crate::artists) async fn take(
    conn: &mut Conn,
    ids: &[UploadId],
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    for id in ids {
        let part = Transfer::lock(conn, *id).await?.filter(|part| part.account_id == account);
        let part = part.ok_or(Error::NotFound("upload"))?;
        if part.form != Form::Part {
            let problem = "An upload of its own is begun for a track; send this one with `Upload-Concat: partial`.";
            return Err(Error::invalid("upload_ids", problem));
        }
        part.require_open(now)?;
        if part.state != UploadState::Arrived {
            return Err(Error::invalid("upload_ids", format!("The upload {id} is not complete, or was used before.")));
        }
        part.end(conn).await?;
    }
    Ok(())
}

/// What was taken, as one file; none where some of it is gone.
pub(in crate::artists) async fn open(platform: &Platform, ids: &[UploadId]) -> Result<Option<Pieces>> {
    let mut files = Vec::new();
    for id in ids {
        let part = Transfer::find(&mut *platform.db.conn().await?, *id).await?;
        let Some(whole) = part.map(|part| part.whole()).transpose()?.flatten() else { return Ok(None) };
        // A file that is open stays when its folder goes.
        let scratch = platform.storage.scratch()?;
        match platform.storage.landing_file(id.uuid(), &whole, &scratch).await {
            Ok(file) => files.push(file),
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let pieces = task::blocking(move || Pieces::of(files)).await?;
    Ok(Some(pieces.map_err(anyhow::Error::from)?))
}

fn is_missing(error: &Error) -> bool {
    let Error::Internal(cause) = error else { return matches!(error, Error::NotFound(_)) };
    cause.downcast_ref::<std::io::Error>().is_some_and(|cause| cause.kind() == ErrorKind::NotFound)
}

/// Throws away what was taken. That it is gone already is no error.
pub(in crate::artists) async fn discard(platform: &Platform, ids: &[UploadId]) -> Result<()> {
    for id in ids {
        let part = Transfer::find(&mut *platform.db.conn().await?, *id).await?;
        if let Some(part) = part {
            platform.storage.discard_landing(id.uuid(), &part.landing()?).await?;
        }
    }
    Ok(())
}
