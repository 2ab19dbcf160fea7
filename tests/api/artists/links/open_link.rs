//! What the holder of a link sees and plays.

use std::time::Duration;

use serde_json::{Value, json};

use super::create_link::makes_link;
use crate::support::picture::picture;
use crate::support::{Answer, App, Person, becomes_true, with_app};

/// Presses play with the secret of a link.
pub(super) async fn plays_by(person: &Person<'_>, track: &str, token: &Value) -> Answer {
    person.post("/plays", json!({ "track_id": track, "link": token })).await
}

fn path(token: &Value) -> String {
    format!("/links/{}", token.as_str().expect("a secret"))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_a_link_sees_the_draft_and_plays_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (draft, other) = (nina.drafts_a_single("Tides").await, nina.drafts_a_single("Dew").await);
        let link = makes_link(app, &nina, &draft.release, None).await;
        let (stranger, token) = (app.stranger(), &link["token"]);
        let seen = stranger.get(&path(token)).await.is(200).json();
        assert_eq!((&seen["recipient"], &seen["release"]["title"]), (&json!("Radio North"), &json!("Tides")));
        let track = &seen["release"]["tracks"][0];
        assert_eq!(
            (&track["id"], &track["filename"], &track["mine"]),
            (&json!(draft.track), &json!(null), &json!(false))
        );
        let play = plays_by(&stranger, &draft.track, token).await.is(201).json();
        for of in ["stream", "hls", "dash"] {
            stranger.get(play[of]["url"].as_str().expect("an address")).await.is(200);
        }
        // Nothing else, and nobody without it.
        plays_by(&stranger, &other.track, token).await.is_problem(404, "not-found");
        plays_by(&stranger, &draft.track, &json!("legato_p_nothing")).await.is_problem(404, "not-found");
        stranger.get("/links/legato_p_nothing").await.is_problem(404, "not-found");
        stranger.post("/plays", json!({ "track_id": draft.track })).await.is_problem(404, "not-found");
        stranger.get(&format!("/releases/{}", draft.release)).await.is_problem(404, "not-found");
        stranger.get(&format!("/tracks/{}", draft.track)).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_played_as_often_as_it_allows() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.drafts_a_single("Tides").await;
        let link = makes_link(app, &nina, &single.release, Some(3)).await;
        let token = &link["token"];
        // Many at once are no way around it; what was granted plays on.
        let presses = (0..8).map(async |_| plays_by(&ada, &single.track, token).await);
        let answers = futures_util::future::join_all(presses).await;
        let (granted, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(granted.len(), 3);
        refused.iter().for_each(|answer| drop(answer.is_problem(403, "link-used-up")));
        app.stranger().get(granted[0].json()["stream"]["url"].as_str().expect("an address")).await.is(200);
        assert_eq!(app.stranger().get(&path(token)).await.is(200).json()["plays_left"], 0);
        let plays = app.lines("select id::text as line from streaming.plays").await;
        assert_eq!(plays.len(), 3, "what was refused was not noted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_press_twice_counts_once() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.drafts_a_single("Tides").await;
        let link = makes_link(app, &nina, &single.release, Some(1)).await;
        let press = async || {
            let request = ada.request(reqwest::Method::POST, "/plays").header("idempotency-key", "once");
            let body = json!({ "track_id": single.track, "link": link["token"] });
            crate::support::send(request.json(&body)).await.is(201).json()["id"].clone()
        };
        assert_eq!(press().await, press().await);
    })
    .await;
}

/// Whether a link opens nothing any more: not the release, not a new play, and not what was granted, within 5 s.
pub(super) async fn is_closed(app: &App, track: &str, token: &Value, stream: &str) -> bool {
    let stranger = app.stranger();
    stranger.get(&path(token)).await.is_problem(404, "not-found");
    plays_by(&stranger, track, token).await.is_problem(404, "not-found");
    becomes_true(Duration::from_secs(6), async || stranger.get(stream).await.status == 404).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_expires_and_what_plays_by_it_ends() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let link = makes_link(app, &nina, &single.release, None).await;
        let play = plays_by(&app.stranger(), &single.track, &link["token"]).await.is(201).json();
        let stream = play["stream"]["url"].as_str().expect("an address");
        app.stranger().get(stream).await.is(200);
        app.execute("update artists.links set expires_at = now() - interval '1 second'").await;
        assert!(is_closed(app, &single.track, &link["token"], stream).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_links_of_somebody_suspended_open_nothing_until_they_are_back() {
    with_app(async |app| {
        let (nina, mia) = (app.artist("nina").await, app.listener("mia").await);
        app.execute("update accounts.accounts set role = 'moderator' where handle = 'mia'").await;
        let mia = app.site.signs_in(&mia.handle).await;
        let single = nina.drafts_a_single("Tides").await;
        let link = makes_link(app, &nina, &single.release, None).await;
        let play = plays_by(&app.stranger(), &single.track, &link["token"]).await.is(201).json();
        let stream = play["stream"]["url"].as_str().expect("an address");
        let suspension = format!("/accounts/{}/suspension", nina.id);
        mia.put(&suspension, json!({ "reason": "spam" })).await.is(204);
        app.settle().await;
        assert!(is_closed(app, &single.track, &link["token"], stream).await);
        mia.delete(&suspension).await.is(204);
        app.settle().await;
        app.stranger().get(&path(&link["token"])).await.is(200);
        app.stranger().get(stream).await.is(404);
        plays_by(&app.stranger(), &single.track, &link["token"]).await.is(201);
    })
    .await;
}

/// What is drawn and made for somebody with a link: where the cover and the waveform are, and a stream on the fly.
async fn surroundings(person: &Person<'_>, track: &str, token: &Value) -> [String; 3] {
    let secret = token.as_str().expect("a secret");
    let seen = person.get(&path(token)).await.is(200).json();
    let key = seen["release"]["artwork"]["key"].as_str().expect("a cover");
    let play = plays_by(person, track, token).await.is(201).json();
    let (folder, _) = play["stream"]["url"].as_str().and_then(|url| url.rsplit_once('/')).expect("a stream");
    [
        format!("/artwork/{key}?size=64&link={secret}"),
        format!("/tracks/{track}/waveform?parts=225&link={secret}"),
        format!("{folder}/on-the-fly/opus_96?start_ms=100"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_has_its_cover_its_waveform_and_every_stream_for_those_with_a_link() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (draft, other) = (nina.drafts_a_single("Tides").await, nina.drafts_a_single("Dew").await);
        for single in [&draft, &other] {
            let file = picture(700, 700, image::ImageFormat::Png);
            let put = nina.request(reqwest::Method::PUT, &format!("/releases/{}/artwork", single.release));
            crate::support::send(put.body(file)).await.is(200);
        }
        let link = makes_link(app, &nina, &draft.release, None).await;
        let others = makes_link(app, &nina, &other.release, None).await;
        let stranger = app.stranger();
        let addresses = surroundings(&stranger, &draft.track, &link["token"]).await;
        for address in &addresses {
            stranger.get(address).await.is(200);
        }
        assert_eq!(stranger.get(&addresses[0]).await.header("cache-control"), "private, no-cache");
        // Of that release alone, and of nobody's guess.
        let (mine, foreign) = (link["token"].as_str().expect("a secret"), others["token"].as_str().expect("a secret"));
        for address in &addresses[..2] {
            let (bare, _) = address.split_once('?').expect("a query");
            stranger.get(&address.replace(mine, foreign)).await.is_problem(404, "not-found");
            stranger.get(&address.replace(mine, "legato_p_nothing")).await.is_problem(404, "not-found");
            stranger.get(bare).await.is_problem(404, "not-found");
        }
        // Revoked, it opens neither.
        let id = link["id"].as_str().expect("an id");
        nina.delete(&format!("/releases/{}/links/{id}", draft.release)).await.is(204);
        for address in &addresses {
            assert!(becomes_true(Duration::from_secs(6), async || stranger.get(address).await.status == 404).await);
        }
        // Nor does one whose time is over, or whose maker is suspended.
        let addresses = surroundings(&stranger, &other.track, &others["token"]).await;
        for change in ["expires_at = now() - interval '1 second'", "expires_at = now() + interval '1 h', paused = true"]
        {
            app.execute(&format!("update artists.links set {change}")).await;
            for address in &addresses[..2] {
                stranger.get(address).await.is_problem(404, "not-found");
            }
        }
        let stream = &addresses[2];
        assert!(becomes_true(Duration::from_secs(6), async || stranger.get(stream).await.status == 404).await);
    })
    .await;
}
