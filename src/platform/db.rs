//! The database: a pool of connections, transactions, migrations.

mod about;
mod named;
mod sql;
mod watched;

use std::time::Duration;

use anyhow::Context;
use diesel::connection::InstrumentationEvent;
use diesel::prelude::QueryableByName;
use diesel::sql_types::Bool;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, bb8};
use diesel_async::{
    AnsiTransactionManager as Transactions, AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl,
    SimpleAsyncConnection, TransactionManager,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub(crate) use about::About;
pub(crate) use named::named;
pub(crate) use sql::{composed, prepared, sql};
use watched::Fellows;

use super::error::{Error, Result};
use super::task;

/// A connection to PostgreSQL. Noun functions take `&mut Conn`.
pub type Conn = AsyncPgConnection;

/// A connection lent by the pool.
pub type Lent<'a> = bb8::PooledConnection<'a, Conn>;

/// Every migration, in the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// How long a request waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(2);

/// Serialises migrations of several processes ("legato" in ASCII).
const MIGRATION_LOCK: i64 = 0x6c65_6761_746f;

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: bb8::Pool<Conn>,
    url: String,
}

/// How many connections the pool has open, and how many of them wait for work.
#[derive(Debug, Clone, Copy)]
pub struct PoolState {
    pub connections: u32,
    pub idle: u32,
}

impl Db {
    /// A pool of at most `size` connections; none is opened before it is needed.
    pub fn new(url: &str, size: u32) -> Self {
        let mut setup = ManagerConfig::default();
        let fellows = Fellows::default();
        setup.custom_setup = Box::new(move |url| Box::pin(connect(url.to_owned(), fellows.clone())));
        let manager = AsyncDieselConnectionManager::<Conn>::new_with_config(url, setup);
        let pool = bb8::Pool::builder()
            .max_size(size)
            .connection_timeout(PATIENCE)
            .idle_timeout(Some(Duration::from_secs(300)))
            .build_unchecked(manager);
        Self { pool, url: url.to_owned() }
    }

    /// Lends a connection; `Unavailable` after two seconds without one.
    pub async fn conn(&self) -> Result<Lent<'_>> {
        self.pool.get().await.map_err(|cause| {
            tracing::warn!(error = %cause, "no database connection");
            Error::Unavailable
        })
    }

    /// Runs `work` in one transaction: committed when it answers `Ok`, rolled back otherwise.
    pub async fn transaction<'a, T, F>(&self, work: F) -> Result<T>
    where
        for<'r> F: AsyncFnOnce(&'r mut Conn) -> Result<T> + Work<&'r mut Conn, Result<T>, Running: Send> + Send + 'a,
        T: Send + 'a,
    {
        let mut conn = self.conn().await?;
        Transactions::begin_transaction(&mut *conn).await?;
        match work(&mut conn).await {
            Ok(value) => {
                Transactions::commit_transaction(&mut *conn).await?;
                Ok(value)
            }
            Err(error) => {
                // A connection that cannot roll back is broken, and the pool throws it away.
                if let Err(cause) = Transactions::rollback_transaction(&mut *conn).await {
                    tracing::warn!(error = %cause, "rolling back");
                }
                Err(error)
            }
        }
    }

    /// Where the database is, for connections outside of the pool (`LISTEN`). Holds a secret: never log it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The pool's figures, for `/metrics`.
    pub fn state(&self) -> PoolState {
        let state = self.pool.state();
        PoolState { connections: state.connections, idle: state.idle_connections }
    }

    /// Brings the schema up to date, under an advisory lock, and answers with the names of what was run.
    pub async fn migrate(&self) -> anyhow::Result<Vec<String>> {
        let mut conn = Conn::establish(&self.url).await.context("connecting to the database")?;
        diesel::sql_query("select pg_advisory_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>(MIGRATION_LOCK)
            .execute(&mut conn)
            .await
            .context("waiting for the migration lock")?;
        // The harness is blocking; the lock goes away with its connection.
        let migrating = task::blocking(move || -> anyhow::Result<Vec<String>> {
            let mut harness = AsyncMigrationHarness::new(conn);
            let run = harness.run_pending_migrations(MIGRATIONS).map_err(|cause| anyhow::anyhow!(cause))?;
            Ok(run.iter().map(ToString::to_string).collect())
        });
        migrating.await?.context("migrating")
    }

    /// Whether every migration of this binary has been run.
    pub async fn is_migrated(&self) -> Result<bool> {
        use diesel::migration::{Migration, MigrationSource};
        let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> =
            MIGRATIONS.migrations().map_err(|cause| anyhow::anyhow!("reading the migrations: {cause}"))?;
        let run = self.migrations_run().await?;
        Ok(all.iter().all(|migration| run.iter().any(|done| done.version == migration.name().version().to_string())))
    }

    // None before the first run, which makes the table.
    async fn migrations_run(&self) -> Result<Vec<Version>> {
        let mut conn = self.conn().await?;
        let is_there = diesel::dsl::sql::<Bool>("to_regclass('__diesel_schema_migrations') is not null");
        if !diesel::select(is_there).get_result::<bool>(&mut conn).await? {
            return Ok(Vec::new());
        }
        Ok(diesel::sql_query("select version from __diesel_schema_migrations").load(&mut conn).await?)
    }
}

/// Nothing that a request asks takes long; what does waits for a lock, and must not take the whole pool with it.
const LIMITS: &str =
    "set statement_timeout = '5s'; set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '60s'";

async fn connect(url: String, fellows: Fellows) -> ConnectionResult<Conn> {
    let bad = |cause: String| ConnectionError::BadConnection(cause);
    let config: tokio_postgres::Config = url.parse().map_err(|cause| bad(format!("{cause}")))?;
    let (client, connection) = watched::connect(&config, &fellows).await.map_err(bad)?;
    task::background("db.connection", async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
    let mut conn = Conn::try_from(client).await?;
    // Whoever watches what connections do learns where this one leads, as of those that the driver opens itself.
    conn.instrumentation().on_connection_event(InstrumentationEvent::start_establish_connection(&url));
    conn.batch_execute(LIMITS).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// An async closure whose future may be named, so that it can be required to be `Send`
/// (the form in which diesel-async asks for it).
pub trait Work<T, R>: FnOnce(T) -> <Self as Work<T, R>>::Running {
    /// The closure's future.
    type Running: Future<Output = R>;
}

impl<F, T, Running, R> Work<T, R> for F
where
    F: FnOnce(T) -> Running,
    Running: Future<Output = R>,
{
    type Running = Running;
}
