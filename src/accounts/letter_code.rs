//! Codes that go out by letter. The code itself is in the letter alone; the row knows its hash.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use secrecy::{ExposeSecret, SecretString};

use super::schema::letter_codes;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::platform::secret;

/// By this a code is known for what it is.
pub(super) const PREFIX: &str = "legato_l_";

named! {
    /// What a code is good for.
    pub(super) enum Purpose {
        ConfirmEmail = "confirm_email",
        ResetPassword = "reset_password",
        ChangeEmail = "change_email",
        /// The way back to the address before.
        RestoreEmail = "restore_email",
        /// Fetches the account's newest archive, as often as needed.
        Export = "export",
    }
}

impl Purpose {
    /// How long such a code is good.
    pub(super) fn lifetime(self) -> TimeDelta {
        match self {
            Self::ResetPassword => TimeDelta::hours(1),
            Self::ChangeEmail => TimeDelta::hours(24),
            Self::ConfirmEmail | Self::RestoreEmail | Self::Export => TimeDelta::days(7),
        }
    }
}

/// A row of `accounts.letter_codes`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = letter_codes)]
pub(super) struct LetterCode {
    pub(super) account_id: AccountId,
    /// The address that it is about.
    pub(super) email: Option<String>,
    pub(super) created_at: DateTime<Utc>,
}

impl LetterCode {
    /// A new code, known to whoever gets what this answers with. It takes the place of those before it; but a way back to an
    /// address stays, whatever other ones there are.
    pub(super) async fn insert(
        conn: &mut Conn,
        account: AccountId,
        purpose: Purpose,
        email: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<SecretString> {
        match purpose {
            Purpose::RestoreEmail => {
                let same = of(account, purpose).filter(letter_codes::email.is_not_distinct_from(email));
                diesel::delete(same).execute(conn).await?;
            }
            _ => Self::delete_all(conn, account, purpose).await?,
        }
        let code = secret::token(PREFIX)?;
        diesel::insert_into(letter_codes::table)
            .values((
                letter_codes::code_hash.eq(secret::hash(code.expose_secret())),
                letter_codes::account_id.eq(account),
                letter_codes::purpose.eq(purpose),
                letter_codes::email.eq(email),
                letter_codes::created_at.eq(now),
                letter_codes::expires_at.eq(now + purpose.lifetime()),
            ))
            .execute(conn)
            .await?;
        Ok(code)
    }

    /// Gives a code that is good another word, which only whoever gets this answer knows; none where there is no such code
    /// any more. So a letter that waited in the queue brings nothing back that was voided meanwhile.
    pub(super) async fn rekey(
        conn: &mut Conn,
        account: AccountId,
        purpose: Purpose,
        email: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<SecretString>> {
        let code = secret::token(PREFIX)?;
        let good = of(account, purpose).filter(letter_codes::email.eq(email)).filter(letter_codes::expires_at.gt(now));
        let changed = diesel::update(good).set(letter_codes::code_hash.eq(secret::hash(code.expose_secret())));
        // There is one at the most: see `insert`.
        Ok((changed.execute(conn).await? == 1).then_some(code))
    }

    /// What a code stands for, if it is good.
    pub(super) async fn find(
        conn: &mut Conn,
        purpose: Purpose,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let good = good(purpose, secret::hash(code), now);
        Ok(good.select(Self::as_select()).first(conn).await.optional()?)
    }

    /// The same, and nobody takes it again once the caller's transaction commits.
    pub(super) async fn take(
        conn: &mut Conn,
        purpose: Purpose,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let good = good(purpose, secret::hash(code), now);
        Ok(diesel::delete(good).returning(Self::as_returning()).get_result(conn).await.optional()?)
    }

    /// Voids all codes of an account for one purpose.
    pub(super) async fn delete_all(conn: &mut Conn, account: AccountId, purpose: Purpose) -> Result<()> {
        diesel::delete(of(account, purpose)).execute(conn).await?;
        Ok(())
    }

    /// Forgets codes whose time is over.
    pub(super) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::delete(letter_codes::table.filter(letter_codes::expires_at.le(now))).execute(conn).await?)
    }
}

#[diesel::dsl::auto_type]
fn of(account: AccountId, purpose: Purpose) -> _ {
    letter_codes::table.filter(letter_codes::account_id.eq(account)).filter(letter_codes::purpose.eq(purpose))
}

#[diesel::dsl::auto_type]
fn good(purpose: Purpose, hash: Vec<u8>, now: DateTime<Utc>) -> _ {
    letter_codes::table
        .filter(letter_codes::code_hash.eq(hash))
        .filter(letter_codes::purpose.eq(purpose))
        .filter(letter_codes::expires_at.gt(now))
}
