//! Players: what an account can go on listening with.

mod announce_player;
mod hand_over;
mod list_players;
mod withdraw_player;

use serde_json::json;

use crate::support::Person;

/// Says that this person's device is there; its id.
async fn announces(person: &Person<'_>, name: &str) -> String {
    let said = person.put("/me/players/this", json!({ "name": name })).await.is(200).json();
    said["id"].as_str().expect("an id").to_owned()
}
