//! Ends what was granted: a row for whoever starts later, a message for those who run.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, LinkId, PlayId, SessionId, TokenId};
use crate::platform::schema::revocations;
use crate::platform::{broadcast, grant, live};

/// What is broadcast under.
pub(super) const TOPIC: &str = "platform.revocations";

/// Rows past their use are removed this often.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// Whose grants, cached proofs and open channels end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Session(SessionId),
    Token(TokenId),
    Account(AccountId),
    Link(LinkId),
    Play(PlayId),
}

impl Subject {
    pub(crate) fn uuid(self) -> Uuid {
        match self {
            Self::Session(id) => id.uuid(),
            Self::Token(id) => id.uuid(),
            Self::Account(id) => id.uuid(),
            Self::Link(id) => id.uuid(),
            Self::Play(id) => id.uuid(),
        }
    }
}

/// One revocation: what `subject_id` was granted until then is void.
#[derive(Debug, Clone, Serialize, Deserialize, Queryable, Insertable)]
#[diesel(table_name = revocations)]
pub(super) struct Revoked {
    pub(super) subject_id: Uuid,
    pub(super) revoked_at: DateTime<Utc>,
}

impl Revoked {
    pub(super) fn parse(payload: &Value) -> Vec<Self> {
        Vec::deserialize(payload).unwrap_or_else(|error| {
            tracing::error!(%error, "a revocation of unknown form");
            Vec::new()
        })
    }
}

/// Ends, with the caller's commit and in every process, whatever these subjects were granted before now: streams, live
/// channels and cached proofs. Their rows are the caller's to remove.
pub(crate) async fn revoke(conn: &mut Conn, clock: &Clock, subjects: &[Subject]) -> Result<()> {
    if subjects.is_empty() {
        return Ok(());
    }
    let revoked_at = clock.now();
    let rows: Vec<Revoked> =
        subjects.iter().map(|subject| Revoked { subject_id: subject.uuid(), revoked_at }).collect();
    diesel::insert_into(revocations::table)
        .values(&rows)
        .on_conflict(revocations::subject_id)
        .do_update()
        .set(revocations::revoked_at.eq(excluded(revocations::revoked_at)))
        .execute(conn)
        .await?;
    live::end(conn, subjects).await?;
    broadcast::publish(conn, TOPIC, vec![json!(rows)]).await
}

/// Everything that is revoked.
pub(super) async fn revoked(conn: &mut Conn) -> Result<Vec<Revoked>> {
    Ok(revocations::table.load(conn).await?)
}

/// Forgets revocations that are older than any grant, for as long as the process lives.
pub(crate) async fn purge(platform: Platform) {
    loop {
        let before = platform.clock.now() - grant::LIFETIME - TimeDelta::hours(1);
        platform.auth.prune(before);
        if let Err(error) = remove(&platform, before).await {
            tracing::warn!(%error, "removing old revocations");
        }
        tokio::time::sleep(PURGE_EVERY).await;
    }
}

async fn remove(platform: &Platform, before: DateTime<Utc>) -> Result<()> {
    let old = revocations::table.filter(revocations::revoked_at.le(before));
    diesel::delete(old).execute(&mut *platform.db.conn().await?).await?;
    Ok(())
}
