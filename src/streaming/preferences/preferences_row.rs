//! How an account wants to listen: the row and its queries.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::AccountId;
use crate::streaming::schema::preferences;

/// What a second of music may cost, in bits: less than any music, and more than all.
const BITRATES: std::ops::RangeInclusive<i32> = 16_000..=100_000_000;

/// How an account wants to listen; what is absent is not limited, and not so.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
)]
#[diesel(table_name = preferences, treat_none_as_null = true)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preferences {
    /// What a second may cost, in bits.
    #[serde(default)]
    #[schema(minimum = 16_000, maximum = 100_000_000)]
    pub(in crate::streaming) max_bitrate_bps: Option<i32>,
    /// The same where the network is paid by its bytes, as the player says.
    #[serde(default)]
    #[schema(minimum = 16_000, maximum = 100_000_000)]
    pub(in crate::streaming) metered_max_bitrate_bps: Option<i32>,
    /// Whether files should be lossless where there are such, unless a player asks for something else.
    #[serde(default)]
    pub(in crate::streaming) lossless: bool,
    /// Whether those who follow the account see what it plays now.
    #[serde(default)]
    pub(in crate::streaming) shares_now_playing: bool,
}

impl Preferences {
    /// What an account has said; nothing in particular where it said nothing.
    pub(in crate::streaming) async fn find(conn: &mut Conn, account: AccountId) -> Result<Self> {
        let found = preferences::table.find(account).select(Self::as_select()).first(conn).await.optional()?;
        Ok(found.unwrap_or_default())
    }

    /// For nobody else to change until the transaction ends.
    pub(super) async fn lock(conn: &mut Conn, account: AccountId) -> Result<()> {
        let lock = sql("select pg_advisory_xact_lock(hashtextextended('preferences:' || $1::text, 0))");
        prepared(lock.bind::<SqlUuid, _>(account)).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn save(&self, conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::insert_into(preferences::table)
            .values((preferences::account_id.eq(account), self))
            .on_conflict(preferences::account_id)
            .do_update()
            .set(self)
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(preferences::table.find(account)).execute(conn).await?;
        Ok(())
    }

    pub(super) fn check(&self) -> Result<()> {
        let limits =
            [("max_bitrate_bps", self.max_bitrate_bps), ("metered_max_bitrate_bps", self.metered_max_bitrate_bps)];
        for (field, limit) in limits {
            if limit.is_some_and(|limit| !BITRATES.contains(&limit)) {
                return Err(Error::invalid(field, "A bit rate is 16,000 to 100,000,000 bits per second."));
            }
        }
        Ok(())
    }
}
