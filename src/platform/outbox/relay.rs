//! The relay: turns each recorded event into one job per subscriber.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use diesel::dsl::now;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::delivery::{Deliver, Subscribers};
use crate::platform::broadcast::Broadcast;
use crate::platform::db::{Conn, Db};
use crate::platform::error::Result;
use crate::platform::id::{EventId, RequestId};
use crate::platform::jobs;
use crate::platform::schema::outbox;
use crate::platform::{task, telemetry};

/// The topic that the table's trigger sends.
const RECORDED: &str = "platform.outbox";

/// Events in one transaction, at the most.
const BATCH: usize = 100;

/// A look beside the wake-ups.
const LOOK_EVERY: Duration = Duration::from_secs(1);

const PURGE_EVERY: Duration = Duration::from_secs(600);

/// Relays events while it lives. Any number of processes may have one.
pub struct Relay {
    tasks: [JoinHandle<()>; 3],
}

impl Relay {
    /// Starts relaying to `subscribers`: in every process that runs workers, all with the same ones.
    pub fn start<C>(db: &Db, subscribers: &Subscribers<C>, broadcast: &Broadcast) -> Self {
        let woken = Arc::new(Notify::new());
        Self {
            tasks: [
                task::background("outbox.wake", wake(broadcast.clone(), woken.clone())),
                task::background("outbox.relay", relay(db.clone(), subscribers.names(), woken)),
                task::background("outbox.purge", purge(db.clone())),
            ],
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // A transaction that is cut off is rolled back, and its events are relayed by another process or the next start.
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Passes on that an event was recorded. What goes missing is found by the look.
async fn wake(broadcast: Broadcast, woken: Arc<Notify>) {
    let mut recorded = broadcast.subscribe(RECORDED);
    while !matches!(recorded.recv().await, Err(RecvError::Closed)) {
        woken.notify_waiters();
    }
}

async fn relay(db: Db, subscribers: Vec<&'static str>, woken: Arc<Notify>) {
    loop {
        // Armed before the query: what is recorded during it wakes the next one.
        let mut woken = pin!(woken.notified());
        woken.as_mut().enable();
        match db.transaction(async |conn| relay_batch(conn, &subscribers).await).await {
            Ok(BATCH) => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "relaying events"),
        }
        let _ = timeout(LOOK_EVERY, woken).await;
    }
}

/// Relays the oldest events that no other process has in hand; answers with their number.
async fn relay_batch(conn: &mut Conn, subscribers: &[&'static str]) -> Result<usize> {
    let events: Vec<(EventId, Option<RequestId>)> = outbox::table
        .filter(outbox::relayed_at.is_null())
        .order(outbox::id)
        .limit(BATCH as i64)
        .select((outbox::id, outbox::request_id))
        .for_update()
        .skip_locked()
        .load(conn)
        .await?;
    for (event, request) in &events {
        let deliveries = deliver_to_all(conn, *event, subscribers);
        match request {
            Some(request) => telemetry::on_behalf_of(*request, deliveries).await?,
            None => deliveries.await?,
        }
    }
    let relayed = events.iter().map(|(event, _)| *event).collect::<Vec<_>>();
    diesel::update(outbox::table.filter(outbox::id.eq_any(relayed)))
        .set(outbox::relayed_at.eq(now))
        .execute(conn)
        .await?;
    Ok(events.len())
}

async fn deliver_to_all(conn: &mut Conn, event: EventId, subscribers: &[&'static str]) -> Result<()> {
    for subscriber in subscribers {
        jobs::enqueue(conn, Deliver { event, subscriber: (*subscriber).to_owned() }).await?;
    }
    Ok(())
}

/// Removes events and inbox rows after a week: much longer than a delivery can be tried.
async fn purge(db: Db) {
    loop {
        sleep(PURGE_EVERY).await;
        if let Err(error) = remove_old(&db).await {
            tracing::warn!(%error, "removing old events");
        }
    }
}

async fn remove_old(db: &Db) -> Result<()> {
    let conn: &mut Conn = &mut *db.conn().await?;
    for old in [
        "delete from platform.outbox where relayed_at < now() - interval '7 days'",
        "delete from platform.inbox where received_at < now() - interval '7 days'",
    ] {
        diesel::sql_query(old).execute(conn).await?;
    }
    Ok(())
}
