//! What a suspended account has handed out opens nothing meanwhile.

use chrono::{DateTime, Utc};

use super::link::SharedLink;
use crate::platform::Platform;
use crate::platform::auth::{self, Subject};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Pauses the links of an account that is suspended, and ends what plays by them; opens them again when it is let back in.
pub(in crate::artists) async fn follow(
    platform: &Platform,
    conn: &mut Conn,
    account: AccountId,
    suspended: bool,
    at: DateTime<Utc>,
) -> Result<()> {
    let links = SharedLink::pause(conn, account, suspended, at).await?;
    if suspended {
        let subjects: Vec<Subject> = links.into_iter().map(Subject::Link).collect();
        auth::revoke(conn, &platform.clock, &subjects).await?;
    }
    Ok(())
}
