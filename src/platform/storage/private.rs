//! Files of one account alone: made for it, fetched by it, gone after a while. They lie beside the zones, under `exports/`:
//! nothing is made from them, nobody else names them, and their key is in the row of whoever had them made.

use std::path::Path;
use std::time::Duration;

use object_store::ObjectStoreExt;
use object_store::path::Path as ObjectPath;

use super::super::error::Result;
use super::{Storage, failure, scratch};

/// Where they lie.
pub(super) const FOLDER: &str = "exports";

/// What is older than this was forgotten by a process that died: each is taken away after a week.
pub(super) const AGE: Duration = Duration::from_secs(9 * 24 * 3600);

impl Storage {
    /// Stores a finished file under a name that nothing else has; answers with its key and length. The same name again
    /// takes the place of the first.
    pub(crate) async fn keep_private(&self, file: &Path, name: &str) -> Result<(String, u64)> {
        let key = format!("{FOLDER}/{name}");
        let path = ObjectPath::from(key.as_str());
        if let Some(remote) = &self.remote {
            return Ok((key, remote.replace(file, &path).await?));
        }
        let mut writer = self.land().await?;
        if let Err(error) = writer.copy_from(file.to_owned()).await {
            writer.abort().await;
            return Err(error);
        }
        let landed = writer.finish().await?;
        self.store.rename(&landed.path, &path).await.map_err(failure)?;
        Ok((key, landed.size_bytes))
    }

    /// Takes such a file away. That it is gone already is no error.
    pub(crate) async fn discard_private(&self, key: &str) -> Result<()> {
        self.delete(key).await
    }
}

/// Takes away what everybody forgot; answers how many.
pub(super) fn sweep(root: &Path) -> anyhow::Result<usize> {
    let folder = root.join(FOLDER);
    if folder.is_dir() { scratch::sweep(&folder, AGE) } else { Ok(0) }
}
