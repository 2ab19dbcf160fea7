//! Façade: what this module writes into an account's archive: what it played, what it keeps, and its playlists.

use super::library;
use super::play::KeptPlay;
use super::playlists;
use crate::platform::Platform;
use crate::platform::archive::Archive;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Plays in one page.
const BATCH: i64 = 1000;

/// Writes every play, oldest first, the library, and every playlist.
pub(crate) async fn export(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    plays(platform, account, archive).await?;
    library::export(platform, account, archive).await?;
    playlists::export(platform, account, archive).await
}

async fn plays(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    let about = "What you played, and when. A track that is no longer public has no title here.";
    let mut list = archive.list("plays.json", about).await?;
    let mut after = None;
    loop {
        let plays = KeptPlay::list(&mut *platform.db.conn().await?, account, after, BATCH).await?;
        let Some(last) = plays.last() else { return list.end().await };
        after = Some(last.id);
        list.add(&plays).await?;
    }
}
