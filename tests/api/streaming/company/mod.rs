//! Accounts that follow each other, and see what is heard now.

mod follow_account;
mod list_followed_accounts;
mod list_followers;
mod list_now_playing;
mod remove_follower;
mod show_now_playing;
mod unfollow_account;

use serde_json::json;

use crate::support::Person;

/// Lets followers see what plays.
pub(super) async fn shares(person: &Person<'_>, yes: bool) {
    person.put("/me/playback-preferences", json!({ "shares_now_playing": yes })).await.is(200);
}

/// Presses play and says that it sounds; the answer is the play's path.
pub(super) async fn hears_now(person: &Person<'_>, track: &str) -> String {
    let play = person.plays(track).await;
    let path = format!("/plays/{}", play["id"].as_str().expect("an id"));
    person.patch(&path, json!({ "position_ms": 0, "heard_ms": 0, "state": "playing" })).await.is(200);
    path
}

/// The handles of a list of follows.
pub(super) async fn handles(person: &Person<'_>, path: &str) -> Vec<String> {
    let (mut handles, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}?limit=2{cursor}")).await.is(200).json();
        let items = page["items"].as_array().expect("items").iter();
        handles.extend(items.map(|follow| follow["account"]["handle"].as_str().expect("a handle").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return handles,
        }
    }
}

pub(super) async fn follows(person: &Person<'_>, handle: &str) {
    person.put(&format!("/accounts/{handle}/following"), json!({})).await.is(204);
}
