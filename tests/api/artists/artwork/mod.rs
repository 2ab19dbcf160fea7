//! The pictures of the catalogue.

mod remake_artwork;
mod remove_artist_picture;
mod remove_release_artwork;
mod set_artist_picture;
mod set_release_artwork;
mod show_artwork;
mod suggest_artwork;

use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, App, Person, send};

/// Sends a picture: `sends(&nina, "/artists/nina/avatar", file)`.
async fn sends(person: &Person<'_>, path: &str, file: impl Into<Vec<u8>>) -> Answer {
    send(person.request(Method::PUT, path).body(file.into())).await
}

/// The address of a picture in an answer.
fn url(artwork: &Value) -> String {
    format!("/artwork/{}", artwork["key"].as_str().unwrap_or_else(|| panic!("no picture: {artwork}")))
}

/// Nina gets another role for her artist. Somebody else owns it as well, for an artist has an owner.
async fn nina_becomes(app: &App, role: &str) {
    app.execute(
        "insert into artists.memberships (artist_id, account_id, role)
         select id, '00000000-0000-7000-8000-000000000001', 'owner' from artists.artists
         on conflict do nothing",
    )
    .await;
    let nina = "select id from accounts.accounts where handle = 'nina'";
    app.execute(&format!("update artists.memberships set role = '{role}' where account_id = ({nina})")).await;
}
