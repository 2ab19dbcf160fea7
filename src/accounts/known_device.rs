//! What an account has signed in from before.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Bytea, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use sha2::{Digest, Sha256};

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::AccountId;

#[derive(QueryableByName)]
struct Noted {
    #[diesel(sql_type = Bool)]
    is_new: bool,
}

/// Notes a sign-in from a device; true when the account has others, and this one is new to it.
pub(super) async fn note(conn: &mut Conn, account: AccountId, device: &str, now: DateTime<Utc>) -> Result<bool> {
    let query = prepared(
        sql("with others as (select exists (select from accounts.known_devices where account_id = $1) as there_are)
             insert into accounts.known_devices as known (account_id, device_hash, last_used_at) values ($1, $2, $3)
             on conflict (account_id, device_hash) do update set last_used_at = excluded.last_used_at
             returning (known.xmax = 0 and (select there_are from others)) as is_new")
        .bind::<SqlUuid, _>(account)
        .bind::<Bytea, _>(hash(device))
        .bind::<Timestamptz, _>(now),
    );
    let noted: Noted = query.get_result(conn).await?;
    Ok(noted.is_new)
}

// Without its numbers: a browser that was brought up to date is the same device.
fn hash(device: &str) -> Vec<u8> {
    let name: String = device.chars().filter(|letter| !letter.is_ascii_digit() && *letter != '.').collect();
    Sha256::digest(name).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_version_is_no_new_device() {
        let firefox =
            |version| format!("Mozilla/5.0 (X11; Linux x86_64; rv:{version}) Gecko/20100101 Firefox/{version}");
        assert_eq!(hash(&firefox("145.0")), hash(&firefox("146.0.1")));
        assert_ne!(hash(&firefox("145.0")), hash("curl/8.1"));
    }
}
