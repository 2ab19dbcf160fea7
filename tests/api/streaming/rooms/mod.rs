//! Rooms: several hear the same at the same moment.

mod close_room;
mod create_room;
mod edit_room;
mod join_room;
mod leave_room;
mod list_rooms;
mod remove_member;
mod show_clock;
mod show_room;
mod steer_room;

use serde_json::{Value, json};

use crate::support::{Events, Person};

/// Opens a room with these tracks; the answer is the server's.
async fn opens(person: &Person<'_>, items: &[&str]) -> Value {
    person.post("/rooms", json!({ "title": "Tonight", "items": items })).await.is(201).json()
}

fn path(room: &Value) -> String {
    format!("/rooms/{}", room["id"].as_str().expect("an id"))
}

/// Comes in with the key that a room shows.
async fn joins(person: &Person<'_>, room: &Value) -> Value {
    person.put(&format!("{}/membership", path(room)), json!({ "key": room["key"] })).await.is(200).json()
}

/// The data of the next event with this name.
async fn told(live: &mut Events, name: &str) -> Value {
    loop {
        let event = live.next().await.expect("an event");
        if event.name == name {
            return event.data;
        }
    }
}
