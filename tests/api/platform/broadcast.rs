//! Messages reach every process.

use std::sync::Arc;
use std::time::Duration;

use legato::platform::broadcast::{Broadcast, Message};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

use super::workshop::Workshop;

const TOPIC: &str = "test.news";

async fn next(ear: &mut Receiver<Arc<Message>>, seconds: u64) -> Option<serde_json::Value> {
    let message = timeout(Duration::from_secs(seconds), ear.recv()).await.ok()?.ok()?;
    Some(message.payload.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_message_reaches_every_process_after_the_commit() {
    let shop = Workshop::open().await;
    let other = Broadcast::start(shop.db.url()).await.unwrap();
    let (mut here, mut there) = (shop.broadcast.subscribe(TOPIC), other.subscribe(TOPIC));
    let mut silence = other.subscribe("test.other");
    let published = shop.db.transaction(async |conn| {
        shop.broadcast.publish(conn, TOPIC, &json!({ "closed": 7 })).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(there.try_recv().is_err(), "not before the commit");
        Ok(())
    });
    published.await.unwrap();
    assert_eq!(next(&mut here, 5).await, Some(json!({ "closed": 7 })));
    assert_eq!(next(&mut there, 5).await, Some(json!({ "closed": 7 })));
    assert!(silence.try_recv().is_err());
    assert_eq!(next(&mut there, 2).await, None, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nudge_reaches_every_process() {
    let shop = Workshop::open().await;
    let other = Broadcast::start(shop.db.url()).await.unwrap();
    let mut there = other.subscribe(TOPIC);
    shop.broadcast.nudge(&mut *shop.conn().await, TOPIC, &json!(42)).await.unwrap();
    assert_eq!(next(&mut there, 5).await, Some(json!(42)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_notification_costs_a_second() {
    let shop = Workshop::open().await;
    let mut here = shop.broadcast.subscribe(TOPIC);
    shop.execute("alter table platform.broadcasts disable trigger broadcasts_wake").await;
    shop.broadcast.publish(&mut *shop.conn().await, TOPIC, &json!("late")).await.unwrap();
    assert_eq!(next(&mut here, 3).await, Some(json!("late")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_while_the_connection_is_lost_is_heard_afterwards() {
    let shop = Workshop::open().await;
    let mut here = shop.broadcast.subscribe(TOPIC);
    shop.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()").await;
    shop.broadcast.publish(&mut *shop.conn().await, TOPIC, &json!("meanwhile")).await.unwrap();
    assert_eq!(next(&mut here, 5).await, Some(json!("meanwhile")));
    assert_eq!(next(&mut here, 2).await, None, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_commits_late_is_not_skipped() {
    let shop = Workshop::open().await;
    let mut here = shop.broadcast.subscribe(TOPIC);
    let early = shop.db.transaction(async |conn| {
        shop.broadcast.publish(conn, TOPIC, &json!("first id")).await?;
        shop.broadcast.publish(&mut *shop.db.conn().await?, TOPIC, &json!("second id")).await?;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        Ok(())
    });
    early.await.unwrap();
    assert_eq!(next(&mut here, 5).await, Some(json!("second id")));
    assert_eq!(next(&mut here, 5).await, Some(json!("first id")));
    assert_eq!(next(&mut here, 2).await, None, "each once");
}
