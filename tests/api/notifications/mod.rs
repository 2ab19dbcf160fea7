//! Telling people.

mod list;
mod live;
mod mark_all_read;
mod mark_read;

use crate::support::{App, Person};

/// A listener whose inbox holds news of these titles, the last one newest.
async fn told<'a>(app: &'a App, titles: &[&str]) -> (Person<'a>, Person<'a>) {
    let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
    ada.follows("nina").await;
    app.settle().await;
    for title in titles {
        nina.publishes_a_single(title).await;
        app.settle().await;
    }
    (nina, ada)
}

/// The ids of somebody's notifications, newest first.
async fn ids(person: &Person<'_>) -> Vec<String> {
    let items = person.walks("/notifications", 50).await;
    items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
}

async fn unread(person: &Person<'_>) -> u64 {
    person.get("/notifications").await.is(200).json()["unread_count"].as_u64().expect("a count")
}
