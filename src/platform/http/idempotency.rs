//! `Idempotency-Key`: a client that saw no answer to a POST sends it again, and nothing happens twice.
//!
//! The key belongs to the account, is kept for 24 hours, and is recorded in the transaction that makes the resource. So a
//! failed attempt leaves no key behind, and a concurrent twin waits in PostgreSQL, at the primary key, for the first to end.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use diesel::prelude::*;
use diesel::sql_types::{Bytea, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::platform::db::{Conn, Db, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::AccountId;
use crate::platform::schema::idempotency_keys as keys;

const NAME: &str = "Idempotency-Key";

const MAX_KEY_BYTES: usize = 255;

/// Keys past their time are removed this often.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// What the client calls this POST, if anything. A key that breaks its rule → 422 that names the header.
#[derive(Debug, Default)]
pub(crate) struct IdempotencyKey(Option<Named>);

#[derive(Debug)]
struct Named {
    key: String,
    route: String,
}

/// The header, for the API's document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header for the API's document")]
pub(crate) struct IdempotencyHeader {
    /// Visible ASCII of the client's choice, kept for 24 hours. The same key with the same body answers with the resource
    /// that the first request made; with another body or path it is refused (422). Without an account it is passed over.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255)]
    key: Option<String>,
}

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(NAME);
        ready(match (values.next(), values.next()) {
            (None, _) => Ok(Self::default()),
            (Some(value), None) => {
                parse(value.as_bytes()).map(|key| Self(Some(Named { key, route: request.path().into() })))
            }
            (Some(_), Some(_)) => Err(Error::invalid(NAME, "Send one key.")),
        })
    }
}

fn parse(value: &[u8]) -> Result<String> {
    let fits = (1..=MAX_KEY_BYTES).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic);
    let key = std::str::from_utf8(value).ok().filter(|_| fits);
    key.map(str::to_owned).ok_or_else(|| Error::invalid(NAME, "A key is 1 to 255 visible ASCII characters."))
}

impl IdempotencyKey {
    /// Claims the key for the resource `new`, which the caller makes next in this transaction. Without a key there is
    /// nothing to claim.
    ///
    /// `Some(id)`: the same request made that resource before, and the caller makes nothing. The key of another body or
    /// route is invalid. While a twin is under way this waits for its end.
    pub(crate) async fn claim(
        &self,
        conn: &mut Conn,
        account: AccountId,
        body: &(impl Serialize + Sync),
        new: Uuid,
    ) -> Result<Option<Uuid>> {
        let Some(Named { key, route }) = &self.0 else { return Ok(None) };
        let body_hash = hash(body)?;
        if insert(conn, account, key, route, &body_hash, new).await? {
            return Ok(None);
        }
        let earlier: (String, Vec<u8>, Uuid) = keys::table
            .find((account, key))
            .select((keys::route, keys::body_hash, keys::resource_id))
            .first(conn)
            .await?;
        let (first_route, first_hash, resource) = earlier;
        if (first_route.as_str(), first_hash) == (route, body_hash) {
            Ok(Some(resource))
        } else {
            Err(Error::invalid(NAME, "This key was used for another request; take a new one."))
        }
    }
}

// Of what the body says, not of its spelling: a client need not keep the order of its fields.
fn hash(body: &impl Serialize) -> Result<Vec<u8>> {
    let body = serde_json::to_vec(body).map_err(anyhow::Error::from)?;
    Ok(blake3::hash(&body).as_bytes().to_vec())
}

// False when the key is taken. It stays locked then, so that it cannot expire before it is read.
async fn insert(
    conn: &mut Conn,
    account: AccountId,
    key: &str,
    route: &str,
    body_hash: &[u8],
    resource: Uuid,
) -> Result<bool> {
    let inserted = prepared(
        sql("insert into platform.idempotency_keys as kept (account_id, key, route, body_hash, resource_id)
             values ($1, $2, $3, $4, $5)
             on conflict (account_id, key) do update
             set route = excluded.route, body_hash = excluded.body_hash, resource_id = excluded.resource_id,
                 created_at = excluded.created_at
             where kept.created_at <= now() - interval '24 hours'")
        .bind::<SqlUuid, _>(account)
        .bind::<Text, _>(key)
        .bind::<Text, _>(route)
        .bind::<Bytea, _>(body_hash)
        .bind::<SqlUuid, _>(resource),
    );
    Ok(inserted.execute(conn).await? == 1)
}

/// Forgets the keys of an account that is erased.
pub(crate) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(keys::table.filter(keys::account_id.eq(account))).execute(conn).await?;
    Ok(())
}

/// Removes keys past their time, for as long as the process lives.
pub(crate) async fn purge(db: Db) {
    loop {
        if let Err(error) = remove_old(&db).await {
            tracing::warn!(%error, "removing old idempotency keys");
        }
        tokio::time::sleep(PURGE_EVERY).await;
    }
}

async fn remove_old(db: &Db) -> Result<()> {
    let old = "delete from platform.idempotency_keys where created_at <= now() - interval '24 hours'";
    diesel::sql_query(old).execute(&mut *db.conn().await?).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_and_of_a_length() {
        for good in ["k".repeat(255), "\"8e03978e-40d5\"".into(), "!~".into()] {
            assert_eq!(parse(good.as_bytes()).expect("a key"), good);
        }
        for bad in ["".into(), "k".repeat(256), "a b".into(), "\u{e9}".into(), "a\tb".into()] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
