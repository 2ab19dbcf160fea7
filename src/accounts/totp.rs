//! Authenticators: one-time codes by the time (RFC 6238: SHA-1, 6 digits, 30 s, a step either way).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use totp_rs::{Builder, Totp as Generator};

use super::schema::totps;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::seal::Seal;
use crate::platform::secret;

/// 160 bits, as RFC 4226 §4 recommends.
const SECRET_BYTES: usize = 20;

/// A row of `accounts.totps`. The secret is sealed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = totps)]
pub(super) struct Totp {
    account_id: AccountId,
    sealed_secret: Vec<u8>,
    confirmed_at: Option<DateTime<Utc>>,
}

/// A new secret, before it is sealed.
pub(super) struct NewSecret([u8; SECRET_BYTES]);

impl NewSecret {
    /// From the operating system's generator.
    pub(super) fn generate() -> Result<Self> {
        let mut bytes = [0; SECRET_BYTES];
        bytes.copy_from_slice(&secret::random()?[..SECRET_BYTES]);
        Ok(Self(bytes))
    }

    /// In base 32, to be typed in.
    pub(super) fn base32(&self) -> String {
        totp_rs::Secret::from(self.0).to_base32()
    }

    /// As an `otpauth:` address, to be shown as a QR code.
    pub(super) fn uri(&self, issuer: &str, handle: &str) -> Result<String> {
        let generator = Builder::new()
            .with_secret(self.0)
            .with_issuer(Some(issuer))
            .with_account_name(handle)
            .build()
            .map_err(anyhow::Error::from)?;
        Ok(generator.to_url().map_err(anyhow::Error::from)?)
    }
}

impl Totp {
    /// Keeps a secret that has yet to be confirmed, in the place of one that never was; false where one is confirmed.
    pub(super) async fn replace(
        conn: &mut Conn,
        seal: &Seal,
        account: AccountId,
        secret: &NewSecret,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        use diesel::query_dsl::methods::FilterDsl;
        let sealed = seal.seal(&secret.0, &context(account))?;
        let upsert = diesel::insert_into(totps::table)
            .values((totps::account_id.eq(account), totps::sealed_secret.eq(&sealed), totps::created_at.eq(now)))
            .on_conflict(totps::account_id)
            .do_update()
            .set((totps::sealed_secret.eq(&sealed), totps::last_step.eq(0), totps::created_at.eq(now)));
        let kept = FilterDsl::filter(upsert, totps::confirmed_at.is_null()).execute(conn).await?;
        Ok(kept == 1)
    }

    pub(super) async fn find(conn: &mut Conn, account: AccountId) -> Result<Option<Self>> {
        Ok(totps::table.find(account).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// Whether the account's authenticator has shown its first code.
    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmed_at.is_some()
    }

    /// The time step that a code is of, if it is one of this authenticator's around `now`.
    pub(super) fn step(&self, seal: &Seal, code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
        let secret = seal.open(&self.sealed_secret, &context(self.account_id))?;
        Ok(step(&generator(secret)?, code, now))
    }

    /// Takes the code of a step, which also confirms the authenticator; false where that step or a later one was taken
    /// before, or the secret is another by now. Of two at once one gets it.
    pub(super) async fn take(&self, conn: &mut Conn, step: i64, now: DateTime<Utc>) -> Result<bool> {
        let unspent = totps::table
            .find(self.account_id)
            .filter(totps::last_step.lt(step))
            .filter(totps::sealed_secret.eq(&self.sealed_secret))
            .filter(totps::confirmed_at.is_not_distinct_from(self.confirmed_at));
        let confirmed_at = self.confirmed_at.unwrap_or(now);
        let taken = diesel::update(unspent)
            .set((totps::last_step.eq(step), totps::confirmed_at.eq(confirmed_at)))
            .execute(conn)
            .await?;
        Ok(taken == 1)
    }

    /// Forgets an account's authenticator; false when it had none.
    pub(super) async fn delete(conn: &mut Conn, account: AccountId) -> Result<bool> {
        Ok(diesel::delete(totps::table.find(account)).execute(conn).await? == 1)
    }
}

/// Where the secret lies: it opens there alone.
fn context(account: AccountId) -> String {
    format!("accounts.totps/{account}")
}

fn generator(secret: Vec<u8>) -> Result<Generator> {
    Ok(Builder::new().with_secret(secret).build().map_err(anyhow::Error::from)?)
}

fn step(generator: &Generator, code: &str, now: DateTime<Utc>) -> Option<i64> {
    // A clock before 1970 is wrong, but no reason to fall over.
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    generator.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    // RFC 6238, appendix B, cut to six digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let generator = generator(b"12345678901234567890".to_vec()).expect("a generator");
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(step(&generator, code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_one_step_either_way() {
        let generator = generator(b"12345678901234567890".to_vec()).expect("a generator");
        for (seconds, holds) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let found = step(&generator, "081804", at(1_111_111_080 + seconds));
            assert_eq!(found.is_some(), holds, "{seconds} s after its step began");
        }
    }

    #[test]
    fn what_is_no_code_is_no_step_at_any_time() {
        let generator = generator(b"12345678901234567890".to_vec()).expect("a generator");
        for code in ["", "28708", "2870822", "28708a", "-87082", "+87082", "２８７０８２"] {
            assert_eq!(step(&generator, code, at(59)), None, "{code}");
        }
        for seconds in [-86_400, 0, 2_145_916_800] {
            assert_eq!(step(&generator, "nocode", at(seconds)), None);
        }
    }

    #[test]
    fn an_authenticator_learns_who_it_is_for() {
        let secret = NewSecret([0; SECRET_BYTES]);
        let uri = secret.uri("Legato (music.example)", "nina").expect("an address");
        assert!(uri.starts_with("otpauth://totp/Legato%20%28music.example%29:nina?secret=AAAA"), "{uri}");
    }
}
