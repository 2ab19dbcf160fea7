//! What a listener keeps.

mod check_tracks;
mod forget_bookmark;
mod keep_bookmark;
mod like_track;
mod list_bookmarks;
mod list_liked_tracks;
mod list_saved_releases;
mod put_queue;
mod rate_track;
mod save_release;
mod show_queue;
mod unlike_track;
mod unrate_track;
mod unsave_release;

use serde_json::{Value, json};

use crate::support::{App, Person};

/// A whole list in pages of this size; fails when something of this key comes twice.
async fn pages(person: &Person<'_>, path: &str, limit: usize, key: &str) -> Vec<Value> {
    let (mut items, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}?limit={limit}{cursor}")).await.is(200).json();
        let list = page["items"].as_array().expect("items");
        assert!(list.len() <= limit, "{page}");
        assert!(list.iter().all(|item| items.iter().all(|seen| seen[key] != item[key])), "twice in {path}");
        items.extend(list.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// What the account's archive says of everything that is kept in this list.
async fn archived(app: &App, person: &Person<'_>, name: &str) -> Value {
    person.post("/me/export", json!({})).await.is(202);
    app.settle().await;
    let archive = person.get("/me/export/archive").await.is(200).body;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("a zip");
    serde_json::from_reader(archive.by_name(name).expect("a list")).expect("JSON")
}
