//! Effects in every process: closed sessions, revoked URLs, live channels, woken workers.
//!
//! A message is published in a transaction and reaches the subscribers of its topic in every process after the commit.
//! Published messages lie in a table: `NOTIFY` says that there is something to read, and a look each second finds what
//! a lost connection missed. A *nudge* is the `NOTIFY` alone: quicker to send, gone when nobody listens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use super::db::{Conn, prepared, sql};
use super::error::Result;
use super::schema::broadcasts;
use super::task;
use listener::Listener;

mod listener;

/// The PostgreSQL channel that every process listens to.
const CHANNEL: &str = "legato";

/// How many messages a subscriber may be behind before it loses the oldest, and is told so.
const BACKLOG: usize = 1024;

/// PostgreSQL refuses a `NOTIFY` of 8000 bytes or more.
const MAX_NUDGE_BYTES: usize = 7999;

/// What was sent, and under which topic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Message {
    pub topic: String,
    pub payload: Value,
}

/// This process' ear. Cheap to clone; it falls silent with the last clone.
#[derive(Clone)]
pub struct Broadcast {
    topics: Arc<Topics>,
    _hearing: Arc<Hearing>,
}

/// Subscribers by topic.
struct Topics {
    senders: Mutex<HashMap<&'static str, broadcast::Sender<Arc<Message>>>>,
    /// Counts connections: nudges that were sent between two of them are lost.
    connections: watch::Sender<u64>,
}

/// The task that listens; it ends with this.
struct Hearing(JoinHandle<()>);

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Broadcast {
    /// Starts listening on a connection of its own to the database at `url`, and connects again for ever. All that is
    /// published after this returns will be heard. Fails when the database cannot be reached now.
    pub async fn start(url: &str) -> anyhow::Result<Self> {
        let topics = Arc::new(Topics { senders: Mutex::default(), connections: watch::Sender::new(0) });
        let listener = Listener::connect(url, topics.clone()).await?;
        let task = task::background("broadcast", listener.run());
        Ok(Self { topics, _hearing: Arc::new(Hearing(task)) })
    }

    /// What is sent under `topic` from now on. A subscriber that falls behind gets `Lagged` instead of the oldest messages.
    pub fn subscribe(&self, topic: &'static str) -> broadcast::Receiver<Arc<Message>> {
        let mut senders = self.topics.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.entry(topic).or_insert_with(|| broadcast::Sender::new(BACKLOG)).subscribe()
    }

    /// Changes whenever the connection was lost and is back: nudges may have been missed.
    pub(crate) fn connections(&self) -> watch::Receiver<u64> {
        self.topics.connections.subscribe()
    }

    /// Sends a message that every running process receives, at the commit of the caller's transaction.
    pub async fn publish(&self, conn: &mut Conn, topic: &'static str, payload: &Value) -> Result<()> {
        publish(conn, topic, vec![payload.clone()]).await
    }

    /// Sends a message that may be lost, for what is soon followed by more of its kind: at most about 7,900 bytes.
    pub async fn nudge(&self, conn: &mut Conn, topic: &'static str, payload: &Value) -> Result<()> {
        nudge(conn, topic, payload).await
    }
}

/// [`Broadcast::publish`] of many messages at once, for senders that hold no ear.
pub(super) async fn publish(conn: &mut Conn, topic: &'static str, payloads: Vec<Value>) -> Result<()> {
    let rows: Vec<_> =
        payloads.into_iter().map(|payload| (broadcasts::topic.eq(topic), broadcasts::payload.eq(payload))).collect();
    diesel::insert_into(broadcasts::table).values(rows).execute(conn).await?;
    Ok(())
}

/// [`Broadcast::nudge`] for senders that hold no ear.
pub(super) async fn nudge(conn: &mut Conn, topic: &'static str, payload: &Value) -> Result<()> {
    let text = json!({ "topic": topic, "payload": payload }).to_string();
    if text.len() > MAX_NUDGE_BYTES {
        return Err(anyhow::anyhow!("a nudge of {} bytes under {topic}", text.len()).into());
    }
    let notify = sql("select pg_notify($1, $2)").bind::<Text, _>(CHANNEL).bind::<Text, _>(text);
    prepared(notify).execute(conn).await?;
    Ok(())
}

impl Topics {
    fn hand_out(&self, message: Message) {
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = senders.get(message.topic.as_str()) {
            // An error only says that nobody listens at the moment.
            let _ = sender.send(Arc::new(message));
        }
    }
}
