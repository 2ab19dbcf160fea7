//! Forget the sessions whose time is over, and what else was waiting for somebody who did not come.

use std::time::Duration;

use chrono::TimeDelta;

use super::api_token::ApiToken;
use super::ceremony::Ceremony;
use super::challenge::Challenge;
use super::letter_code::LetterCode;
use super::registration::Registration;
use super::session::Session;
use crate::platform::Platform;
use crate::platform::error::Result;

/// They are looked for this often.
const EVERY: Duration = Duration::from_secs(3600);

/// An API token past its time is listed for so long, so that its owner sees why a program no longer gets in.
const TOKENS_STAY: TimeDelta = TimeDelta::days(30);

/// Façade: forgets expired sessions, for as long as the process lives.
pub(crate) async fn forget_sessions(platform: Platform) {
    loop {
        if let Err(error) = forget(&platform).await {
            tracing::warn!(%error, "forgetting expired sessions");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn forget(platform: &Platform) -> Result<()> {
    let (mut conn, now) = (platform.db.conn().await?, platform.clock.now());
    let forgotten = Session::delete_expired(&mut conn, &platform.config, now).await?;
    tracing::debug!(sessions = forgotten, "forgot expired sessions");
    Registration::delete_expired(&mut conn, now).await?;
    LetterCode::delete_expired(&mut conn, now).await?;
    Ceremony::delete_expired(&mut conn, now).await?;
    Challenge::delete_expired(&mut conn, now).await?;
    ApiToken::delete_expired(&mut conn, now - TOKENS_STAY).await?;
    Ok(())
}
