//! Delivery: one event to one subscriber, once.

use std::sync::Arc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::platform::db::{Conn, Db};
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::EventId;
use crate::platform::jobs::{Failure, Job, Queue};
use crate::platform::schema::{inbox, outbox};

/// The queue that deliveries wait in.
pub const QUEUE: &str = "events";

/// Deliveries at the same time in one process, and per fetch: they are short.
const CONCURRENCY: usize = 10;

/// Hand an event to a subscriber.
#[derive(Serialize, Deserialize)]
pub(super) struct Deliver {
    pub(super) event: EventId,
    pub(super) subscriber: String,
}

impl Job for Deliver {
    const KIND: &'static str = "platform.deliver";
    const QUEUE: &'static str = QUEUE;
    /// About an hour and a half.
    const MAX_ATTEMPTS: i16 = 12;
}

/// Who hears of every event. `C` is what each is given beside it.
pub struct Subscribers<C> {
    all: Vec<(&'static str, Take<C>)>,
}

type Take<C> = Arc<dyn for<'c> Fn(&'c C, &'c mut Conn, &'c Event) -> BoxFuture<'c, Result<()>> + Send + Sync>;

impl<C> Default for Subscribers<C> {
    fn default() -> Self {
        Self { all: Vec::new() }
    }
}

impl<C: Clone + Send + Sync + 'static> Subscribers<C> {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a subscriber, `async fn(&C, &mut Conn, &Event) -> Result<()>`. It is called in a transaction that commits once per
    /// event, so its changes to tables happen once; it changes nothing else. Deliveries that wait keep the name.
    pub fn on(mut self, name: &'static str, subscriber: impl for<'c> OnEvent<'c, C>) -> Self {
        self.all.push((name, Arc::new(move |context, conn, event| Box::pin(subscriber(context, conn, event)))));
        self
    }

    /// The queue that delivers to them.
    pub fn queue(&self, db: &Db) -> Queue<C> {
        let (all, db) = (Arc::new(self.all.clone()), db.clone());
        Queue::new(QUEUE).concurrency(CONCURRENCY).batch(CONCURRENCY).on::<Deliver, _, _>(move |context, job, _run| {
            let (all, db) = (all.clone(), db.clone());
            async move {
                match all.iter().find(|(name, _)| *name == job.subscriber) {
                    Some((_, take)) => deliver(&db, &context, job, take).await,
                    None => Err(Failure::give_up(anyhow::anyhow!("nobody is called {}", job.subscriber))),
                }
            }
        })
    }
}

impl<C> Subscribers<C> {
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.all.iter().map(|(name, _)| *name).collect()
    }
}

/// The form of `async fn(&C, &mut Conn, &Event) -> Result<()>`.
pub trait OnEvent<'c, C: 'c>: Fn(&'c C, &'c mut Conn, &'c Event) -> Self::Running + Send + Sync + 'static {
    /// The function's future.
    type Running: Future<Output = Result<()>> + Send + 'c;
}

impl<'c, C: 'c, F, Running> OnEvent<'c, C> for F
where
    F: Fn(&'c C, &'c mut Conn, &'c Event) -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<()>> + Send + 'c,
{
    type Running = Running;
}

/// Once per event and subscriber: the inbox row and the subscriber's changes commit together.
async fn deliver<C: Sync>(db: &Db, context: &C, job: Deliver, take: &Take<C>) -> Result<(), Failure> {
    db.transaction(async |conn| {
        if note_in_inbox(conn, &job).await? {
            let event = find(conn, job.event).await?;
            take(context, conn, &event).await?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// False when the subscriber has it already.
async fn note_in_inbox(conn: &mut Conn, job: &Deliver) -> Result<bool> {
    let noted = diesel::insert_into(inbox::table)
        .values((inbox::event_id.eq(job.event), inbox::subscriber.eq(&job.subscriber)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(noted == 1)
}

async fn find(conn: &mut Conn, event: EventId) -> Result<Event> {
    let payload = outbox::table.find(event).select(outbox::payload).first(conn).await?;
    Ok(serde_json::from_value(payload).map_err(anyhow::Error::from)?)
}
