//! Façade: what this module writes into an account's archive: its inbox.

use super::notification::Notification;
use crate::platform::Platform;
use crate::platform::archive::Archive;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Notifications in one page.
const BATCH: i64 = 1000;

/// Writes the inbox, newest first.
pub(crate) async fn export(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    let mut list = archive.list("notifications.json", "Your inbox, newest first.").await?;
    let mut after = None;
    loop {
        let inbox = Notification::list(&mut *platform.db.conn().await?, account, after, BATCH).await?;
        let Some(last) = inbox.last() else { return list.end().await };
        after = Some(last.id);
        list.add(&inbox).await?;
    }
}
