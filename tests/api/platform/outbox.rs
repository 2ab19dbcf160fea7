//! Events reach their subscribers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use legato::platform::db::Conn;
use legato::platform::error::Result;
use legato::platform::event::Event;
use legato::platform::id::ArtistId;
use legato::platform::outbox::{self, Relay, Subscribers};

use super::workshop::{Workshop, trace};

fn artist_changed() -> Event {
    Event::ArtistChanged { artist: ArtistId::new() }
}

async fn steady(_: &Workshop, conn: &mut Conn, event: &Event) -> Result<()> {
    trace(conn, "steady", event.name(), 1).await
}

/// Fails after its changes, at the first two deliveries.
async fn moody(_: &Workshop, conn: &mut Conn, event: &Event) -> Result<()> {
    static DELIVERIES: AtomicU32 = AtomicU32::new(0);
    trace(conn, "moody", event.name(), 1).await?;
    match DELIVERIES.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => Err(anyhow::anyhow!("not in the mood").into()),
        _ => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_takes_effect_once_at_each_subscriber_also_at_one_that_fails_twice() {
    let shop = Workshop::open().await;
    let subscribers = Subscribers::new().on("steady", steady).on("moody", moody);
    let workers = shop.work_all(vec![subscribers.queue(&shop.db)]);
    let relays = [(); 2].map(|()| Relay::start(&shop.db, &subscribers, &shop.broadcast));
    outbox::record(&mut *shop.conn().await, &artist_changed()).await.unwrap();
    shop.wait("relayed event", 5, async || outbox::count_waiting(&mut *shop.conn().await).await.unwrap() == 0).await;
    shop.settle().await;
    assert_eq!(shop.deeds("steady").await, ["artists.artist_changed.v1"]);
    assert_eq!(shop.deeds("moody").await, ["artists.artist_changed.v1"], "what failed was rolled back");
    let moody = "select attempts::text as text from platform.jobs where payload ->> 'subscriber' = 'moody'";
    assert_eq!(shop.texts(moody.into()).await, ["3"]);
    drop(relays);
    workers.stop(Duration::from_secs(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_runs_twice_takes_effect_once() {
    let shop = Workshop::open().await;
    let subscribers = Subscribers::new().on("steady", steady);
    let relay = Relay::start(&shop.db, &subscribers, &shop.broadcast);
    outbox::record(&mut *shop.conn().await, &artist_changed()).await.unwrap();
    shop.wait("relayed event", 5, async || outbox::count_waiting(&mut *shop.conn().await).await.unwrap() == 0).await;
    shop.execute(
        "insert into platform.jobs (id, queue, kind, payload, max_attempts) \
         select gen_random_uuid(), queue, kind, payload, max_attempts from platform.jobs",
    )
    .await;
    let workers = shop.work_all(vec![subscribers.queue(&shop.db)]);
    shop.settle().await;
    assert_eq!(shop.deeds("steady").await.len(), 1);
    drop(relay);
    workers.stop(Duration::from_secs(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_transaction_that_is_rolled_back_never_happened() {
    let shop = Workshop::open().await;
    let undone = shop.db.transaction(async |conn| {
        outbox::record(conn, &artist_changed()).await?;
        Err::<(), _>(anyhow::anyhow!("a change of mind").into())
    });
    assert!(undone.await.is_err());
    assert_eq!(outbox::count_waiting(&mut *shop.conn().await).await.unwrap(), 0);
}
