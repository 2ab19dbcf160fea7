//! A connection for a loop that always has work: no pool to wait for, no test before each use.

use std::time::Duration;

use diesel::QueryResult;
use diesel_async::AsyncConnection;
use tokio::time::timeout;

use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Result};

/// How long a connection, and an answer, may take before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that is kept between uses, and opened again after a failure.
pub(super) struct Line {
    url: String,
    conn: Option<Conn>,
}

impl Line {
    /// Opens nothing before its first use.
    pub(super) fn to(db: &Db) -> Self {
        Self { url: db.url().to_owned(), conn: None }
    }

    /// The connection; `Unavailable` when the database is away.
    pub(super) async fn conn(&mut self) -> Result<&mut Conn> {
        let open = match self.conn.take() {
            Some(conn) => conn,
            None => self.open().await?,
        };
        Ok(self.conn.insert(open))
    }

    async fn open(&self) -> Result<Conn> {
        match timeout(PATIENCE, Conn::establish(&self.url)).await {
            Ok(Ok(conn)) => Ok(conn),
            Ok(Err(error)) => {
                tracing::debug!(%error, "no database connection");
                Err(Error::Unavailable)
            }
            Err(_) => Err(Error::Unavailable),
        }
    }

    /// After a failure the next use opens a new connection.
    pub(super) fn checked<T>(&mut self, answer: Result<T>) -> Result<T> {
        if answer.is_err() {
            self.conn = None;
        }
        answer
    }
}

/// The answer to a query, or `Unavailable` when the connection is dead.
pub(super) async fn answer<T>(query: impl Future<Output = QueryResult<T>>) -> Result<T> {
    match timeout(PATIENCE, query).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Error::Unavailable),
    }
}
