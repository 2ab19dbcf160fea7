//! Playlists.

mod add_entries;
mod create_playlist;
mod delete_playlist;
mod discard_cover;
mod edit_playlist;
mod export_playlist;
mod follow_playlist;
mod import_playlist;
mod list_collaborators;
mod list_entries;
mod list_followed_playlists;
mod list_playlists;
mod list_public_playlists;
mod move_entry;
mod own_playlists;
mod plans;
mod remove_collaborator;
mod remove_cover;
mod remove_entry;
mod rules;
mod set_collaborator;
mod set_cover;
mod show_cover;
mod show_history;
mod show_playlist;
mod take_back;
mod unfollow_playlist;

use serde_json::{Value, json};

use crate::support::Person;

/// A playlist of somebody's; the answer is its path.
async fn makes(person: &Person<'_>, title: &str, visibility: &str) -> String {
    let new = json!({ "title": title, "visibility": visibility });
    let playlist = person.post("/playlists", new).await.is(201).json();
    format!("/playlists/{}", playlist["id"].as_str().expect("an id"))
}

/// Adds tracks at the end; the answer is their entries.
async fn adds(person: &Person<'_>, playlist: &str, tracks: &[&str]) -> Vec<String> {
    let added = person.post(&format!("{playlist}/entries"), json!({ "track_ids": tracks })).await.is(201).json();
    let entries = added["entries"].as_array().expect("entries").iter();
    entries.map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

/// The entries of a playlist in their order, read two at a time.
async fn order(person: &Person<'_>, playlist: &str) -> Vec<String> {
    let entries = person.walks(&format!("{playlist}/entries"), 2).await;
    entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

/// The titles of what is in it.
async fn titles(person: &Person<'_>, playlist: &str) -> Vec<Value> {
    person.walks(&format!("{playlist}/entries"), 2).await.iter().map(|entry| entry["track"]["title"].clone()).collect()
}

async fn moves(person: &Person<'_>, playlist: &str, entry: &str, after: Option<&str>) {
    person.patch(&format!("{playlist}/entries/{entry}"), json!({ "after": after })).await.is(204);
}

/// Lets somebody in.
async fn shares(owner: &Person<'_>, playlist: &str, with: &str, role: &str) {
    owner.put(&format!("{playlist}/collaborators/{with}"), json!({ "role": role })).await.is(200);
}
