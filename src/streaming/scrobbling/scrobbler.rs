//! Where an account's plays are told to: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::protocol::{Profile, Service};
use crate::platform::Platform;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::AccountId;
use crate::streaming::schema::scrobblers;

/// What an account takes along of where its plays are told to.
pub(in crate::streaming) const KEPT: (&str, &str, &str) = (
    "scrobblers.json",
    "The services that your plays are told to, without the keys to them.",
    "select s.account_id as id, json_build_object('service', s.service, 'username', s.username, 'connected_at', s.connected_at)
         as document
     from streaming.scrobblers s where s.account_id = $1 and ($2::uuid is null or s.account_id > $2) order by s.service limit $3",
);

named! {
    /// Why a service takes no plays.
    pub(crate) enum ScrobbleProblem {
        /// It does not answer, or says that it is busy; what was heard waits.
        Away = "away",
        /// It takes the token no longer: connect it anew, and what was heard is told.
        Refused = "refused",
    }
}

/// A row of `streaming.scrobblers`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = scrobblers)]
pub(in crate::streaming) struct Scrobbler {
    pub(super) account_id: AccountId,
    pub(super) service: Service,
    pub(super) username: String,
    secret: Vec<u8>,
    pub(super) connected_at: DateTime<Utc>,
    pub(super) told_at: Option<DateTime<Utc>>,
    pub(super) failing_since: Option<DateTime<Utc>>,
    pub(super) problem: Option<ScrobbleProblem>,
}

impl Scrobbler {
    pub(super) async fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<Self>> {
        let list = scrobblers::table.filter(scrobblers::account_id.eq(account)).order(scrobblers::service);
        Ok(list.select(Self::as_select()).load(conn).await?)
    }

    /// The services that an account's plays are told to.
    pub(super) async fn services(conn: &mut Conn, account: AccountId) -> Result<Vec<Service>> {
        let list = scrobblers::table.filter(scrobblers::account_id.eq(account)).select(scrobblers::service);
        Ok(list.load(conn).await?)
    }

    pub(super) async fn find(conn: &mut Conn, account: AccountId, service: Service) -> Result<Option<Self>> {
        Ok(scrobblers::table.find((account, service)).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// Connects a profile, in the place of the one before.
    pub(super) async fn save(
        platform: &Platform,
        conn: &mut Conn,
        (account, service): (AccountId, Service),
        profile: &Profile,
    ) -> Result<Self> {
        let secret = platform.seal.seal(profile.secret.as_bytes(), &context(account, service))?;
        let new = (
            scrobblers::username.eq(&profile.username),
            scrobblers::secret.eq(secret),
            scrobblers::connected_at.eq(platform.clock.now()),
            scrobblers::failing_since.eq(None::<DateTime<Utc>>),
            scrobblers::problem.eq(None::<ScrobbleProblem>),
        );
        let saved = diesel::insert_into(scrobblers::table)
            .values((scrobblers::account_id.eq(account), scrobblers::service.eq(service), new.clone()))
            .on_conflict((scrobblers::account_id, scrobblers::service))
            .do_update()
            .set(new)
            .returning(Self::as_returning());
        Ok(saved.get_result(conn).await?)
    }

    /// Whether there was such a one.
    pub(super) async fn delete(conn: &mut Conn, account: AccountId, service: Service) -> Result<bool> {
        Ok(diesel::delete(scrobblers::table.find((account, service))).execute(conn).await? == 1)
    }

    pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(scrobblers::table.filter(scrobblers::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }

    /// The token or session key.
    pub(super) fn secret(&self, platform: &Platform) -> Result<String> {
        let opened = platform.seal.open(&self.secret, &context(self.account_id, self.service))?;
        Ok(String::from_utf8(opened).map_err(anyhow::Error::from)?)
    }

    /// Notes how it went: that a play was taken, or why none is.
    pub(super) async fn note(
        &self,
        conn: &mut Conn,
        problem: Option<ScrobbleProblem>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let row = scrobblers::table
            .find((self.account_id, self.service))
            .filter(scrobblers::connected_at.eq(self.connected_at));
        match problem {
            None => {
                let well = (scrobblers::problem.eq(problem), scrobblers::failing_since.eq(None::<DateTime<Utc>>));
                diesel::update(row).set((well, scrobblers::told_at.eq(now))).execute(conn).await?
            }
            // A play that was taken meanwhile says more than one that was not.
            Some(_) => {
                let unchanged = row.filter(scrobblers::told_at.is_not_distinct_from(self.told_at));
                let since = scrobblers::failing_since.eq(self.failing_since.or(Some(now)));
                diesel::update(unchanged).set((scrobblers::problem.eq(problem), since)).execute(conn).await?
            }
        };
        Ok(())
    }

    /// Whether the service takes the token no longer: nobody asks it again before there is another.
    pub(super) fn is_refused(&self) -> bool {
        self.problem == Some(ScrobbleProblem::Refused)
    }
}

fn context(account: AccountId, service: Service) -> String {
    format!("streaming.scrobblers/{account}/{}", service.name())
}
