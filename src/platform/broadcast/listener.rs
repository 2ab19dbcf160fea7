//! The connection behind [`Broadcast`](super::Broadcast): it listens, reads the table, and connects again when it is lost.

use std::collections::HashSet;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};
use tokio_postgres::{AsyncMessage, Client, NoTls, Statement};

use super::{CHANNEL, Message, Topics};
use crate::platform::task;

/// The topic that the table's trigger sends: there is something to read.
const TABLE: &str = "platform.broadcasts";

/// How long a lost message takes to be found.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often rows that every process has read are removed.
const PURGE_EVERY: Duration = Duration::from_secs(600);

/// An answer that takes longer comes from a dead connection.
const PATIENCE: Duration = Duration::from_secs(5);

const CONNECT_AGAIN_AFTER: Duration = Duration::from_millis(250);

pub(super) struct Listener {
    url: String,
    topics: Arc<Topics>,
    line: Line,
    cursor: Cursor,
}

impl Listener {
    /// Connects and takes note of what had been published before.
    pub(super) async fn connect(url: &str, topics: Arc<Topics>) -> anyhow::Result<Self> {
        let line = timeout(PATIENCE, Line::open(url)).await.context("connecting to the database")??;
        let mut cursor = Cursor::at(line.oldest_running_transaction().await?);
        line.read(&mut cursor).await?;
        Ok(Self { url: url.to_owned(), topics, line, cursor })
    }

    /// Listens until the task is aborted.
    pub(super) async fn run(mut self) {
        loop {
            let Err(lost) = self.follow().await;
            tracing::warn!(error = format!("{lost:#}"), "the broadcast connection is lost");
            self.line = self.connect_again().await;
            self.topics.connections.send_modify(|connections| *connections += 1);
        }
    }

    async fn connect_again(&self) -> Line {
        loop {
            match timeout(PATIENCE, Line::open(&self.url)).await {
                Ok(Ok(line)) => return line,
                Ok(Err(error)) => tracing::debug!(error = format!("{error:#}"), "the database is away"),
                Err(_) => tracing::debug!("the database does not answer"),
            }
            sleep(CONNECT_AGAIN_AFTER).await;
        }
    }

    async fn follow(&mut self) -> anyhow::Result<std::convert::Infallible> {
        let (mut look, mut purge) = (every(LOOK_EVERY), every(PURGE_EVERY));
        loop {
            let published = tokio::select! {
                notification = self.line.notifications.recv() => {
                    self.take(notification.context("the connection ended")?)
                }
                _ = look.tick() => true,
                _ = purge.tick() => {
                    self.line.purge().await?;
                    false
                }
            };
            if published {
                let messages = timeout(PATIENCE, self.line.read(&mut self.cursor)).await.context("reading")??;
                messages.into_iter().for_each(|message| self.topics.hand_out(message));
            }
        }
    }

    /// Hands out a nudge and those that wait behind it; answers whether the table has something new.
    fn take(&mut self, first: String) -> bool {
        let mut published = false;
        let mut next = Some(first);
        while let Some(text) = next {
            match serde_json::from_str::<Message>(&text) {
                Ok(message) if message.topic == TABLE => published = true,
                Ok(message) => self.topics.hand_out(message),
                Err(error) => tracing::warn!(%error, "a notification of unknown form"),
            }
            next = self.line.notifications.try_recv().ok();
        }
        published
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Where the reader stands. Ids and transaction numbers are handed out before the commit, so a reader that remembered the
/// highest would skip what commits late. This one reads everything since the oldest transaction that was still running
/// at its last look, and knows which of that it has seen.
struct Cursor {
    horizon: i64,
    seen: HashSet<i64>,
}

impl Cursor {
    fn at(horizon: i64) -> Self {
        Self { horizon, seen: HashSet::new() }
    }

    /// Keeps what is new of `rows`, which were read when `horizon` was the oldest running transaction.
    fn advance(&mut self, rows: Vec<Published>, horizon: i64) -> Vec<Message> {
        let seen = rows.iter().filter(|row| row.tx >= horizon).map(|row| row.id).collect();
        let known = std::mem::replace(&mut self.seen, seen);
        self.horizon = horizon;
        rows.into_iter().filter(|row| !known.contains(&row.id)).map(|row| row.message).collect()
    }
}

/// A row of the table.
struct Published {
    id: i64,
    tx: i64,
    message: Message,
}

/// One connection that listens.
struct Line {
    client: Client,
    read: Statement,
    notifications: mpsc::UnboundedReceiver<String>,
}

impl Line {
    async fn open(url: &str) -> anyhow::Result<Self> {
        let (client, mut connection) = tokio_postgres::connect(url, NoTls).await?;
        let (sender, notifications) = mpsc::unbounded_channel();
        // Ends with its client.
        task::background("broadcast.connection", async move {
            while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(notification) = message {
                    let _ = sender.send(notification.payload().to_owned());
                }
            }
        });
        client.batch_execute(&format!("listen {CHANNEL}")).await?;
        let read = client
            .prepare(
                "select id, tx, topic, payload::text, pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
                 from platform.broadcasts where tx >= $1 order by id",
            )
            .await?;
        Ok(Self { client, read, notifications })
    }

    async fn oldest_running_transaction(&self) -> anyhow::Result<i64> {
        let row = self.client.query_one("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", &[]).await?;
        Ok(row.try_get(0)?)
    }

    async fn read(&self, cursor: &mut Cursor) -> anyhow::Result<Vec<Message>> {
        let rows = self.client.query(&self.read, &[&cursor.horizon]).await?;
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let horizon = first.try_get(4)?;
        let published = rows.iter().map(published).collect::<anyhow::Result<_>>()?;
        Ok(cursor.advance(published, horizon))
    }

    async fn purge(&self) -> anyhow::Result<()> {
        self.client
            .execute("delete from platform.broadcasts where created_at < now() - interval '1 hour'", &[])
            .await?;
        Ok(())
    }
}

fn published(row: &tokio_postgres::Row) -> anyhow::Result<Published> {
    let payload = serde_json::from_str(row.try_get(3)?)?;
    Ok(Published { id: row.try_get(0)?, tx: row.try_get(1)?, message: Message { topic: row.try_get(2)?, payload } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, tx: i64) -> Published {
        Published { id, tx, message: Message { topic: id.to_string(), payload: serde_json::Value::Null } }
    }

    fn topics(messages: &[Message]) -> Vec<&str> {
        messages.iter().map(|message| message.topic.as_str()).collect()
    }

    #[test]
    fn what_commits_late_is_neither_skipped_nor_read_twice() {
        let mut cursor = Cursor::at(10);
        // Transaction 11 (ids 1 and 2) still runs while 12 is read.
        assert_eq!(topics(&cursor.advance(vec![row(3, 12)], 11)), ["3"]);
        assert_eq!(topics(&cursor.advance(vec![row(1, 11), row(2, 11), row(3, 12)], 13)), ["1", "2"]);
        assert!(cursor.seen.is_empty(), "nothing before transaction 13 will be read again");
    }
}
