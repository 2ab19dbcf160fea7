//! Recovery codes: ten of them stand in for an authenticator or a passkey that is lost, each once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::recovery_codes;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::secret;

const COUNT: usize = 10;

/// 16 letters of 5 bits: 80 bits, so that a plain hash is enough.
const LETTERS: usize = 16;
const GROUP: usize = 4;

/// Crockford's base 32: nothing in it looks like anything else in it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A row of `accounts.recovery_codes`. The code itself is on its owner's paper and nowhere else.
#[derive(Insertable)]
#[diesel(table_name = recovery_codes)]
struct RecoveryCode {
    account_id: AccountId,
    code_hash: Vec<u8>,
}

/// New recovery codes. They are shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    pub(super) recovery_codes: Vec<String>,
}

/// Replaces an account's codes by ten new ones, and answers with their only copy.
pub(super) async fn replace(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    delete_all(conn, account).await?;
    let codes = (0..COUNT).map(|_| generate()).collect::<anyhow::Result<Vec<_>>>()?;
    let rows: Vec<_> = codes.iter().map(|code| RecoveryCode { account_id: account, code_hash: hash(code) }).collect();
    diesel::insert_into(recovery_codes::table).values(rows).execute(conn).await?;
    Ok(codes)
}

/// Takes a code as it was typed; false where there is no such code, or it was used before. Of two at once one gets it.
pub(super) async fn take(conn: &mut Conn, account: AccountId, typed: &str, now: DateTime<Utc>) -> Result<bool> {
    let unused = recovery_codes::table.find((account, hash(typed))).filter(recovery_codes::used_at.is_null());
    let used = diesel::update(unused).set(recovery_codes::used_at.eq(now)).execute(conn).await?;
    Ok(used == 1)
}

/// How many are left.
pub(super) async fn count_unused(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let unused =
        recovery_codes::table.filter(recovery_codes::account_id.eq(account)).filter(recovery_codes::used_at.is_null());
    Ok(unused.count().get_result(conn).await?)
}

pub(super) async fn delete_all(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(conn).await?;
    Ok(())
}

// `7k3m-q0xd-9a2b-vwyz`
fn generate() -> anyhow::Result<String> {
    let random = secret::random()?;
    // 32 divides 256: every letter is as likely as any other.
    let letters: Vec<u8> = random[..LETTERS].iter().map(|byte| ALPHABET[usize::from(byte % 32)]).collect();
    let groups: Vec<_> = letters.chunks(GROUP).map(String::from_utf8_lossy).collect();
    Ok(groups.join("-"))
}

fn hash(typed: &str) -> Vec<u8> {
    secret::hash(&plain(typed))
}

// What somebody reads off a paper: in any case, with dashes or spaces or none, an O for a nought.
fn plain(typed: &str) -> String {
    let letters = typed.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    let meant = |letter| match letter {
        'o' => '0',
        'i' | 'l' => '1',
        letter => letter,
    };
    letters.map(meant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_grouped_for_reading_and_no_two_are_alike() {
        let codes: Vec<String> = (0..100).map(|_| generate().expect("a code")).collect();
        for code in &codes {
            let groups: Vec<&str> = code.split('-').collect();
            assert_eq!(groups.len(), LETTERS / GROUP, "{code}");
            assert!(groups.iter().all(|group| group.bytes().all(|letter| ALPHABET.contains(&letter))), "{code}");
        }
        assert!((1..codes.len()).all(|at| !codes[..at].contains(&codes[at])));
    }

    #[test]
    fn a_code_may_be_typed_as_it_is_read() {
        for typed in ["7k3m-q0xd-9a1b-vwyz", "7K3M Q0XD 9A1B VWYZ", " 7k3mqOxd9aIbvwyz ", "7k3m–qoxd–9alb–vwyz"] {
            assert_eq!(hash(typed), hash("7k3mq0xd9a1bvwyz"), "{typed}");
        }
        assert_ne!(hash("7k3m-q0xd-9a1b-vwyz"), hash("7k3m-q0xd-9a1b-vwyy"));
    }
}
