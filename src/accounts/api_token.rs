//! API tokens: what a program signs in with. Known by the hash of the secret, which is shown once.
//!
//! A token is `legato_t_`, 256 random bits and a checksum, so that a scanner knows one that lies about in a repository, and
//! knows it from what only looks like one:
//!
//! ```text
//! \blegato_t_[A-Za-z0-9_-]{49}         the last six: CRC-32 (IEEE, big-endian, base64url) of all before them
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use flate2::Crc;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use super::Name;
use super::schema::api_tokens;
use crate::platform::Platform;
use crate::platform::auth::{Credential, Presented, Proof, Role, Scope, TOKEN_PREFIX};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TokenId};
use crate::platform::secret;

/// Letters of a token by which its owner knows it again: enough to tell two apart, and far from enough to guess it.
const HINT: usize = TOKEN_PREFIX.len() + 4;

/// A row of `accounts.api_tokens`, but for the secret's hash.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
pub(crate) struct ApiToken {
    pub(crate) id: TokenId,
    pub(crate) name: String,
    /// The secret's first letters.
    pub(crate) hint: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) created_at: DateTime<Utc>,
    /// Null: it is good until it is deleted.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// To about five minutes; null where it was never used.
    pub(crate) last_used_at: Option<DateTime<Utc>>,
}

/// What a token begins with.
pub(super) struct Issue<'a> {
    pub(super) account: AccountId,
    pub(super) name: &'a Name,
    pub(super) scopes: &'a [Scope],
    pub(super) now: DateTime<Utc>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl ApiToken {
    /// Adds a token, and answers with the only copy of its secret.
    pub(super) async fn insert(conn: &mut Conn, issue: Issue<'_>) -> Result<(Self, SecretString)> {
        let secret = new_secret()?;
        let added = diesel::insert_into(api_tokens::table)
            .values((
                api_tokens::id.eq(TokenId::new()),
                api_tokens::account_id.eq(issue.account),
                api_tokens::name.eq(issue.name.as_str()),
                api_tokens::token_hash.eq(secret::hash(secret.expose_secret())),
                api_tokens::hint.eq(&secret.expose_secret()[..HINT]),
                api_tokens::scopes.eq(issue.scopes),
                api_tokens::created_at.eq(issue.now),
                api_tokens::expires_at.eq(issue.expires_at),
            ))
            .returning(Self::as_returning());
        Ok((added.get_result(conn).await?, secret))
    }

    /// An account's tokens, newest first; those past their time too, until they are forgotten.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<TokenId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = api_tokens::table
            .filter(api_tokens::account_id.eq(account))
            .order(api_tokens::id.desc())
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some(after) = after {
            list = list.filter(api_tokens::id.lt(after));
        }
        Ok(list.load(conn).await?)
    }

    /// How many tokens an account has.
    pub(super) async fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
        Ok(api_tokens::table.filter(api_tokens::account_id.eq(account)).count().get_result(conn).await?)
    }

    /// Takes a token of this account away; false when there was none.
    pub(super) async fn delete(conn: &mut Conn, id: TokenId, account: AccountId) -> Result<bool> {
        let own = api_tokens::table.find(id).filter(api_tokens::account_id.eq(account));
        Ok(diesel::delete(own).execute(conn).await? > 0)
    }

    /// Takes all tokens of an account away, and answers which.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<Vec<TokenId>> {
        let own = api_tokens::table.filter(api_tokens::account_id.eq(account));
        Ok(diesel::delete(own).returning(api_tokens::id).get_results(conn).await?)
    }

    /// Forgets tokens whose time was over `before`.
    pub(super) async fn delete_expired(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(api_tokens::table.filter(api_tokens::expires_at.le(before))).execute(conn).await?)
    }
}

fn new_secret() -> Result<SecretString> {
    let token = secret::token(TOKEN_PREFIX)?;
    let token = token.expose_secret();
    Ok(format!("{token}{}", checksum(token)).into())
}

fn checksum(token: &str) -> String {
    let mut crc = Crc::new();
    crc.update(token.as_bytes());
    URL_SAFE_NO_PAD.encode(crc.sum().to_be_bytes())
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = SqlUuid)]
    id: TokenId,
    #[diesel(sql_type = SqlUuid)]
    account_id: AccountId,
    #[diesel(sql_type = Text)]
    role: Role,
    #[diesel(sql_type = Array<Text>)]
    scopes: Vec<Scope>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

/// What an API token proves, if it is good. One indexed query, which also notes the use, once in five minutes.
pub(super) async fn prove(platform: &Platform, presented: &Presented) -> Result<Option<Proof>> {
    let query = prepared(
        sql("with used as (
                 update accounts.api_tokens set last_used_at = $2
                 where token_hash = $1 and (last_used_at is null or last_used_at < $2 - interval '5 minutes')
                   and (expires_at is null or expires_at > $2))
             select t.id, t.account_id, a.role, t.scopes, t.created_at
             from accounts.api_tokens t join accounts.accounts a on a.id = t.account_id
             where t.token_hash = $1 and (t.expires_at is null or t.expires_at > $2)
               and a.suspended_at is null and a.closing_until is null")
        .bind::<Bytea, _>(&presented.hash)
        .bind::<Timestamptz, _>(platform.clock.now()),
    );
    let owner: Option<Owner> = query.get_result(&mut *platform.db.conn().await?).await.optional()?;
    Ok(owner.map(|owner| Proof {
        account: owner.account_id,
        role: owner.role,
        credential: Credential::Token(owner.id),
        scopes: owner.scopes.into_iter().collect(),
        authenticated_at: owner.created_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_knows_a_token_by_its_form_and_its_checksum() {
        let token = new_secret().expect("a token");
        let token = token.expose_secret();
        let (body, sum) = token.split_at(token.len() - 6);
        assert_eq!((token.len(), sum), (TOKEN_PREFIX.len() + 49, checksum(body).as_str()));
        assert!(
            token.starts_with("legato_t_") && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        );
    }

    #[test]
    fn the_checksum_is_the_one_that_is_documented() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(checksum("123456789"), URL_SAFE_NO_PAD.encode(0xCBF4_3926_u32.to_be_bytes()));
    }
}
