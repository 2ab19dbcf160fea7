//! Façade: what the devices of an account are called.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{api_tokens, sessions};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// The names of those of an account's sessions and API tokens that there still are, by their ids.
pub(crate) async fn devices(conn: &mut Conn, account: AccountId, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let own = sessions::table.filter(sessions::account_id.eq(account).and(sessions::id.eq_any(ids)));
    let mut devices: Vec<(Uuid, String)> = own.select((sessions::id, sessions::device)).load(conn).await?;
    let own = api_tokens::table.filter(api_tokens::account_id.eq(account).and(api_tokens::id.eq_any(ids)));
    devices.extend(own.select((api_tokens::id, api_tokens::name)).load::<(Uuid, String)>(conn).await?);
    Ok(devices.into_iter().collect())
}
