//! Ceremonies that a browser is in the middle of: a passkey's registration or use, a round trip to another provider.
//!
//! What the server must remember meanwhile lies in the database, so that any process may finish what another began. The
//! browser holds a token for it, whose hash alone is stored. Whoever finishes takes the ceremony away: there is no second
//! try, and no replay.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::schema::ceremonies;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::secret;

/// How long somebody may look for their key.
const AT_HAND: TimeDelta = TimeDelta::minutes(5);

/// How long somebody may take to sign in elsewhere.
const ELSEWHERE: TimeDelta = TimeDelta::minutes(10);

named! {
    /// What is being done.
    pub(super) enum CeremonyKind {
        AddPasskey = "add_passkey",
        UsePasskey = "use_passkey",
        Oidc = "oidc",
    }
}

impl CeremonyKind {
    /// How long a ceremony of this kind waits for its end.
    pub(super) fn lifetime(self) -> TimeDelta {
        match self {
            Self::AddPasskey | Self::UsePasskey => AT_HAND,
            Self::Oidc => ELSEWHERE,
        }
    }
}

/// A ceremony that was taken to be finished.
#[derive(Queryable, Selectable)]
#[diesel(table_name = ceremonies)]
pub(super) struct Ceremony {
    state: Value,
}

impl Ceremony {
    /// Begins a ceremony and answers with the token that finishes it.
    pub(super) async fn insert(
        conn: &mut Conn,
        kind: CeremonyKind,
        account: Option<AccountId>,
        state: &impl Serialize,
        now: DateTime<Utc>,
    ) -> Result<SecretString> {
        let token = secret::token("legato_c_")?;
        let state = serde_json::to_value(state).map_err(anyhow::Error::from)?;
        diesel::insert_into(ceremonies::table)
            .values((
                ceremonies::token_hash.eq(secret::hash(token.expose_secret())),
                ceremonies::kind.eq(kind),
                ceremonies::account_id.eq(account),
                ceremonies::state.eq(state),
                ceremonies::created_at.eq(now),
                ceremonies::expires_at.eq(now + kind.lifetime()),
            ))
            .execute(conn)
            .await?;
        Ok(token)
    }

    /// Takes a ceremony that `account` (nobody: whoever is signing in) began; none where it is unknown, another's, over
    /// or taken already.
    pub(super) async fn take(
        conn: &mut Conn,
        kind: CeremonyKind,
        account: Option<AccountId>,
        token: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let own = ceremonies::table
            .find(secret::hash(token.expose_secret()))
            .filter(ceremonies::kind.eq(kind))
            .filter(ceremonies::account_id.is_not_distinct_from(account))
            .filter(ceremonies::expires_at.gt(now));
        let taken = diesel::delete(own).returning(Self::as_returning()).get_result(conn).await.optional()?;
        Ok(taken)
    }

    /// What was to be remembered.
    pub(super) fn state<S: DeserializeOwned>(self) -> Result<S> {
        Ok(serde_json::from_value(self.state).map_err(anyhow::Error::from)?)
    }

    /// Forgets ceremonies that nobody finished in time.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(ceremonies::table.filter(ceremonies::expires_at.le(now))).execute(conn).await?)
    }
}
