//! Live channels: server-sent events (WHATWG HTML §9.2) from any process to the listeners of this one.
//!
//! A channel is a name such as `account:<id>` or `track:<id>`. Messages travel over [`Broadcast`]; the hub hands those
//! that somebody here waits for to their connections. A connection that does not read is cut, never waited for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::auth::{Proof, Subject};
use super::broadcast::{self, Broadcast};
use super::db::Conn;
use super::error::{Error, Result};

const TOPIC: &str = "live";

/// How many messages a connection may be behind.
const BACKLOG: usize = 64;

/// A comment this often keeps proxies from closing a quiet channel.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Connections of one channel: an account with more browsers than that loses the oldest.
const MAX_READERS: usize = 32;

/// Live connections that one process holds at the most.
const MAX_CONNECTIONS: usize = 20_000;

/// One message of a live channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// The `event:` field: `track.progress`, `notification` …
    pub(crate) event: String,
    /// The `id:` field, for what can be replayed by `Last-Event-ID`.
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    channels: Vec<String>,
    #[serde(flatten)]
    message: Message,
}

/// The hub of this process. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Live {
    connections: Arc<Mutex<HashMap<String, Vec<mpsc::Sender<Message>>>>>,
    is_closed: Arc<AtomicBool>,
}

impl Live {
    /// Starts handing out what arrives over `broadcast`.
    pub(crate) fn start(broadcast: &Broadcast) -> Self {
        let live = Self::default();
        let (hub, mut messages) = (live.clone(), broadcast.subscribe(TOPIC));
        super::task::background("live", async move {
            loop {
                match messages.recv().await {
                    Ok(message) => hub.hand_out(&message.payload),
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "live messages lost");
                    }
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
                }
            }
        });
        live
    }

    /// The messages of some channels from now on. The stream ends when the reader falls behind, when too many others
    /// read one of the channels, or when the server stops.
    pub(crate) fn subscribe(&self, channels: &[String]) -> Result<mpsc::Receiver<Message>> {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.retain(|_, senders| {
            senders.retain(|sender| !sender.is_closed());
            !senders.is_empty()
        });
        let is_full = connections.values().map(Vec::len).sum::<usize>() >= MAX_CONNECTIONS;
        if is_full || self.is_closed.load(Ordering::Relaxed) {
            return Err(Error::Unavailable);
        }
        let (sender, receiver) = mpsc::channel(BACKLOG);
        for channel in channels {
            let readers = connections.entry(channel.clone()).or_default();
            if readers.len() >= MAX_READERS {
                readers.remove(0);
            }
            readers.push(sender.clone());
        }
        Ok(receiver)
    }

    /// How many connections are open.
    pub(crate) fn connections(&self) -> usize {
        let connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.values().flatten().filter(|sender| !sender.is_closed()).count()
    }

    /// Ends every channel, and opens none any more: the server stops.
    pub(crate) fn close(&self) {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_closed.store(true, Ordering::Relaxed);
        connections.clear();
    }

    fn hand_out(&self, payload: &Value) {
        let Ok(envelope) = Envelope::deserialize(payload) else {
            return tracing::warn!("a live message of unknown form");
        };
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        for channel in &envelope.channels {
            if let Some(senders) = connections.get_mut(channel) {
                senders.retain(|sender| sender.try_send(envelope.message.clone()).is_ok());
            }
        }
    }
}

/// The event after which a channel ends, because the session that opened it did.
pub(crate) const SESSION_ENDED: &str = "session.ended";

/// The channels on which a connection hears of its own end: of its credential and of its account.
pub(crate) fn end_channels(proof: &Proof) -> Vec<String> {
    proof.subjects().iter().map(|subject| end_channel(*subject)).collect()
}

fn end_channel(subject: Subject) -> String {
    format!("end:{}", subject.uuid())
}

/// Ends, with the caller's commit and in every process, the channels that these opened.
pub(super) async fn end(conn: &mut Conn, subjects: &[Subject]) -> Result<()> {
    let message = Message { event: SESSION_ENDED.to_owned(), id: None, data: Value::Null };
    tell(conn, subjects.iter().map(|subject| end_channel(*subject)).collect(), message).await
}

/// Tells channels after this transaction's commit; it reaches every process.
pub(crate) async fn tell(conn: &mut Conn, channels: Vec<String>, message: Message) -> Result<()> {
    tell_all(conn, vec![(channels, message)]).await
}

/// The same of many messages, at once.
pub(crate) async fn tell_all(conn: &mut Conn, messages: Vec<(Vec<String>, Message)>) -> Result<()> {
    let envelope = |(channels, message)| json!(Envelope { channels, message });
    broadcast::publish(conn, TOPIC, messages.into_iter().map(envelope).collect()).await
}

/// Tells channels what may be lost: progress, of which there is more to come.
pub(crate) async fn mention(conn: &mut Conn, channels: Vec<String>, message: Message) -> Result<()> {
    broadcast::nudge(conn, TOPIC, &json!(Envelope { channels, message })).await
}

/// An event stream: first `replayed`, then what the channel brings, with heartbeats; it ends after a message for which
/// `is_last` says so.
pub(crate) fn respond(
    replayed: Vec<Message>,
    messages: mpsc::Receiver<Message>,
    is_last: impl Fn(&Message) -> bool + 'static,
) -> HttpResponse {
    let ended = replayed.iter().any(&is_last);
    let first = stream::iter(replayed.into_iter().map(|message| frame(&message)));
    let hello = stream::once(async { Bytes::from_static(b"retry: 2000\n\n") });
    let rest = if ended { None } else { Some(following(messages, is_last)) };
    let body = hello.chain(first).chain(stream::iter(rest).flatten()).map(Ok::<_, Error>);
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(body)
}

fn following(messages: mpsc::Receiver<Message>, is_last: impl Fn(&Message) -> bool) -> impl Stream<Item = Bytes> {
    stream::unfold(Some((messages, is_last)), async |state| {
        let (mut messages, is_last) = state?;
        match tokio::time::timeout(HEARTBEAT, messages.recv()).await {
            Ok(Some(message)) if is_last(&message) => Some((frame(&message), None)),
            Ok(Some(message)) => Some((frame(&message), Some((messages, is_last)))),
            Ok(None) => None,
            Err(_) => Some((Bytes::from_static(b": still here\n\n"), Some((messages, is_last)))),
        }
    })
}

fn frame(message: &Message) -> Bytes {
    let id = message.id.as_ref().map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("{id}event: {}\ndata: {}\n\n", message.event, message.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_event() {
        let message = Message { event: "notification".into(), id: Some("7".into()), data: json!({"text": "a\nb"}) };
        assert_eq!(frame(&message), "id: 7\nevent: notification\ndata: {\"text\":\"a\\nb\"}\n\n");
    }

    #[test]
    fn a_reader_that_does_not_read_is_cut() {
        let live = Live::default();
        let mut reader = live.subscribe(&["account:1".to_owned()]).expect("a place");
        let payload = json!({"channels": ["account:1"], "event": "x", "id": null, "data": 1});
        for _ in 0..=BACKLOG {
            live.hand_out(&payload);
        }
        assert_eq!(live.connections(), 0);
        let read = std::iter::from_fn(|| reader.try_recv().ok()).count();
        assert_eq!(read, BACKLOG);
    }
}
