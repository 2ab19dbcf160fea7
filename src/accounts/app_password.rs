//! App passwords: for clients that must compute with a password (OpenSubsonic's `t` and `s`), one for each of them.
//!
//! They are made here and never chosen, so none is anything but random; and they must be readable again, so they lie sealed
//! under a key that is not in the database. The account's own password signs in to no such client.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use super::Name;
use super::schema::{accounts, app_passwords};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, AppPasswordId};
use crate::platform::seal::Seal;
use crate::platform::secret;

/// 32 letters and digits that nobody mistakes for one another: each is five bits.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Four groups of seven: 140 bits.
const GROUPS: usize = 4;
const GROUP: usize = 7;

/// A row of `accounts.app_passwords`, but for the password.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = app_passwords)]
pub(crate) struct AppPassword {
    pub(crate) id: AppPasswordId,
    /// The client that it was made for.
    pub(crate) name: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) last_used_at: Option<DateTime<Utc>>,
}

impl AppPassword {
    /// Makes a password for a client, and answers with it.
    pub(super) async fn insert(
        conn: &mut Conn,
        seal: &Seal,
        account: AccountId,
        name: &Name,
        now: DateTime<Utc>,
    ) -> Result<(Self, SecretString)> {
        let (id, password) = (AppPasswordId::new(), new_password()?);
        let added = diesel::insert_into(app_passwords::table)
            .values((
                app_passwords::id.eq(id),
                app_passwords::account_id.eq(account),
                app_passwords::name.eq(name.as_str()),
                app_passwords::sealed_password.eq(seal.seal(password.expose_secret().as_bytes(), &place(id))?),
                app_passwords::created_at.eq(now),
            ))
            .returning(Self::as_returning());
        Ok((added.get_result(conn).await?, password))
    }

    /// An account's app passwords, newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<AppPasswordId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = app_passwords::table
            .filter(app_passwords::account_id.eq(account))
            .order(app_passwords::id.desc())
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some(after) = after {
            list = list.filter(app_passwords::id.lt(after));
        }
        Ok(list.load(conn).await?)
    }

    /// How many an account has.
    pub(super) async fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
        Ok(app_passwords::table.filter(app_passwords::account_id.eq(account)).count().get_result(conn).await?)
    }

    /// Takes one of this account away; false when there was none.
    pub(super) async fn delete(conn: &mut Conn, id: AppPasswordId, account: AccountId) -> Result<bool> {
        let own = app_passwords::table.find(id).filter(app_passwords::account_id.eq(account));
        Ok(diesel::delete(own).execute(conn).await? > 0)
    }

    /// Takes all of an account away.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(app_passwords::table.filter(app_passwords::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }
}

/// Façade: what a client that signs in as `handle` may have computed with. Empty for a handle that nobody has, and for an
/// account that is suspended or about to be closed.
#[expect(dead_code, reason = "OpenSubsonic signs in with it")]
pub(crate) async fn candidates(
    conn: &mut Conn,
    platform: &Platform,
    handle: &str,
) -> Result<Vec<(AppPasswordId, SecretString)>> {
    let sealed: Vec<(AppPasswordId, Vec<u8>)> = app_passwords::table
        .inner_join(accounts::table.on(accounts::id.eq(app_passwords::account_id)))
        .filter(accounts::handle.eq(handle.trim().to_lowercase()))
        .filter(accounts::suspended_at.is_null().and(accounts::closing_until.is_null()))
        .select((app_passwords::id, app_passwords::sealed_password))
        .load(conn)
        .await?;
    sealed.into_iter().map(|(id, sealed)| Ok((id, open(&platform.seal, id, &sealed)?))).collect()
}

fn open(seal: &Seal, id: AppPasswordId, sealed: &[u8]) -> anyhow::Result<SecretString> {
    Ok(String::from_utf8(seal.open(sealed, &place(id))?)?.into())
}

fn place(id: AppPasswordId) -> String {
    format!("accounts.app_passwords/{id}")
}

fn new_password() -> Result<SecretString> {
    // 256 is a multiple of 32: the remainder is as random as the byte.
    let random = secret::random()?;
    let letters: Vec<u8> =
        random.iter().take(GROUPS * GROUP).map(|byte| ALPHABET[usize::from(*byte) % ALPHABET.len()]).collect();
    let groups: Vec<String> =
        letters.chunks(GROUP).map(|group| group.iter().copied().map(char::from).collect()).collect();
    Ok(groups.join("-").into())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_app_password_is_140_random_bits_that_can_be_typed() {
        let passwords: HashSet<String> =
            (0..1000).map(|_| new_password().expect("a password").expose_secret().to_owned()).collect();
        assert_eq!(passwords.len(), 1000);
        assert_eq!(HashSet::<&u8>::from_iter(ALPHABET).len(), 32);
        for password in &passwords {
            let groups: Vec<&str> = password.split('-').collect();
            let is_plain = |group: &&str| group.len() == GROUP && group.bytes().all(|byte| ALPHABET.contains(&byte));
            assert!(groups.len() == GROUPS && groups.iter().all(is_plain), "{password}");
        }
    }

    #[test]
    fn an_app_password_opens_in_its_own_row_alone() {
        let (seal, id) = (Seal::new(&[7; 32]), AppPasswordId::new());
        let sealed = seal.seal(b"abcdefg", &place(id)).expect("sealed");
        assert_eq!(open(&seal, id, &sealed).expect("opened").expose_secret(), "abcdefg");
        assert!(open(&seal, AppPasswordId::new(), &sealed).is_err());
    }
}
