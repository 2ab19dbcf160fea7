//! Make the archive of an export: every module writes what it knows of the account. May run twice.

use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::export::Export;
use super::letter::{self, Letter};
use crate::platform::Platform;
use crate::platform::archive::{self, Archive};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ExportId};
use crate::platform::jobs::{Failure, Job, Run};

/// The README's beginning.
const INTRODUCTION: &str = "\
This archive holds everything that this server keeps of your account, as of the day it was made.
The files that end in .json are text (JSON, UTF-8); times are RFC 3339 in UTC. There are no passwords and no keys in it,
and nothing of other people.";

/// One export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BuildExport {
    pub(super) export: ExportId,
}

impl Job for BuildExport {
    const KIND: &'static str = "accounts.build_export";
    const QUEUE: &'static str = "exports";
}

/// Makes the archive in a scratch folder, stores it and tells its owner. `exports` are the modules' own, in the order in
/// which the archive lists them.
pub(crate) async fn run(
    platform: Platform,
    job: BuildExport,
    run: Run,
    exports: &'static [archive::Export],
) -> Result<(), Failure> {
    let Some(account) = Export::waits_for(&mut *platform.db.conn().await?, job.export).await? else { return Ok(()) };
    let scratch = platform.storage.scratch()?;
    let path = scratch.path().join("export.zip");
    Box::pin(write(&platform, account, &path, exports)).await?;
    // Its own name each time: another run of the same job may be under way, of which one of both does not know.
    let name = format!("{}-{}.zip", job.export, Uuid::now_v7());
    let (key, size_bytes) = platform.storage.keep_private(&path, &name).await?;
    match finish(&platform, &job, account, &key, size_bytes, &run).await {
        Ok(unwanted) => discard(&platform, &unwanted).await,
        Err(error) => {
            give_up(&platform, &key).await;
            Err(error)
        }
    }
    .map_err(Failure::from)
}

async fn discard(platform: &Platform, keys: &[String]) -> Result<()> {
    for key in keys {
        platform.storage.discard_private(key).await?;
    }
    Ok(())
}

// What another run came before. Whether a commit was lost with its connection nobody knows here: what somebody may fetch stays,
// and so does what cannot be asked about, until it is swept.
async fn give_up(platform: &Platform, key: &str) {
    let given_up = async {
        let is_used = Export::uses(&mut *platform.db.conn().await?, key).await?;
        if is_used { Ok(()) } else { platform.storage.discard_private(key).await }
    };
    if let Err(error) = given_up.await {
        tracing::warn!(%error, key, "an archive that nobody fetches stays until it is swept");
    }
}

/// After the last attempt, in the transaction that buries the job.
pub(crate) async fn on_dead(conn: &mut Conn, job: BuildExport, _: String) -> Result<()> {
    Export::fail(conn, job.export).await
}

async fn write(
    platform: &Platform,
    account: AccountId,
    path: &Path,
    exports: &'static [archive::Export],
) -> Result<()> {
    let mut archive = Archive::create(path, platform.clock.now()).await?;
    for export in exports {
        export(platform, account, &mut archive).await?;
    }
    Box::pin(archive.finish(INTRODUCTION)).await
}

/// Lets the owner fetch it; answers with the keys of what nobody can fetch any more: older archives, or this one, when the
/// account was erased meanwhile.
async fn finish(
    platform: &Platform,
    job: &BuildExport,
    account: AccountId,
    key: &str,
    size_bytes: u64,
    run: &Run,
) -> Result<Vec<String>> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            if !Export::finish(conn, job.export, key, size_bytes, platform.clock.now()).await? {
                return Ok(vec![key.to_owned()]);
            }
            letter::enqueue(conn, Letter::ExportReady { account, export: job.export }).await?;
            Export::delete_older(conn, account, job.export).await
        })
        .await
}
