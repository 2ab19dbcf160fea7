//! What is heard, told to other services.

mod announce_listen;
mod authorize_scrobbler;
mod connect_scrobbler;
mod disconnect_scrobbler;
mod elsewhere;
mod list_scrobblers;
mod submit_listen;

use serde_json::{Value, json};

use crate::support::{App, Person, with_settings};
use elsewhere::Elsewhere;

/// An app whose other services are one of ours that speaks their protocols.
async fn with_services(test: impl AsyncFnOnce(&App, &Elsewhere)) {
    let service = Elsewhere::start();
    let (listenbrainz, lastfm) = (service.url("/listenbrainz"), service.url("/lastfm/2.0/"));
    let settings = [
        ("listenbrainz_url", listenbrainz.as_str()),
        ("lastfm_url", lastfm.as_str()),
        ("lastfm_api_key", elsewhere::API_KEY),
        ("lastfm_secret", elsewhere::SECRET),
    ];
    with_settings(&settings, async |app| test(app, &service).await).await;
    service.stop().await;
}

/// Connects both.
async fn connects(person: &Person<'_>) {
    for (service, token) in [("listenbrainz", elsewhere::TOKEN), ("lastfm", elsewhere::AGREED)] {
        person.put(&format!("/me/scrobblers/{service}"), json!({ "token": token })).await.is(200);
    }
}

/// What the account is at a service.
async fn profile(person: &Person<'_>, service: &str) -> Value {
    let list = person.get("/me/scrobblers").await.is(200).json();
    let items = list["items"].as_array().expect("a list");
    items.iter().find(|item| item["service"] == service).expect("it is listed")["profile"].clone()
}
