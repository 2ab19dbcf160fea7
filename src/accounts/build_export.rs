//! Make the archive of an export: every module writes what it knows of the account. May run twice.

use std::path::Path;

use serde::{Deserialize, Serialize};

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
    let (key, size_bytes) = platform.storage.keep_private(&path, &format!("{}.zip", job.export)).await?;
    for old in finish(&platform, &job, account, &key, size_bytes, &run).await? {
        platform.storage.discard_private(&old).await?;
    }
    Ok(())
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
