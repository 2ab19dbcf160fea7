//! What plays on which device of an account.

mod end_stream;
mod list_streams;

use serde_json::{Value, json};

use crate::support::{Answer, Person};

/// Presses play on a device, and takes over where that is needed and wanted.
pub(super) async fn press(device: &Person<'_>, track: &str, take_over: bool) -> Answer {
    device.post("/plays", json!({ "track_id": track, "take_over": take_over })).await
}

/// Tells how a play goes on.
pub(super) async fn tell(device: &Person<'_>, play: &Value, state: &str) {
    let path = format!("/plays/{}", play["id"].as_str().expect("an id"));
    device.patch(&path, json!({ "position_ms": 0, "heard_ms": 0, "state": state })).await.is(200);
}

/// The address of the whole file.
pub(super) fn stream_of(play: &Value) -> &str {
    play["stream"]["url"].as_str().expect("an address")
}

/// Whether a play's address holds no longer. What ends while it is answered breaks off.
pub(super) async fn is_over(device: &Person<'_>, play: &Value) -> bool {
    let answer = device.request(reqwest::Method::GET, stream_of(play)).send().await;
    answer.is_ok_and(|answer| answer.status() == 404)
}
