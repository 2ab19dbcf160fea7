//! How much an artist may have.

use serde_json::json;

use crate::support::{App, Person, tone, with_settings};

const TIGHT: &[(&str, &str)] =
    &[("artist_max_bytes", "100000"), ("artist_max_tracks", "2"), ("artist_max_uploads_per_day", "4")];

async fn admin(app: &App) -> Person<'_> {
    app.listener("the-admin").await;
    app.execute("update accounts.accounts set role = 'admin' where handle = 'the-admin'").await;
    app.site.signs_in("the-admin").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_used_and_what_may_be_is_shown_to_those_whom_it_concerns() {
    with_settings(TIGHT, async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.2);
        let track = nina.uploads(&release, "a.wav", wav.clone()).await;
        nina.waits_until_ready(&track).await;
        let quota = json!({
            "bytes": { "used": wav.len(), "limit": 100_000, "is_own": false },
            "tracks": { "used": 1, "limit": 2, "is_own": false },
            "uploads_today": { "used": 1, "limit": 4, "is_own": false },
        });
        assert_eq!(nina.get("/artists/nina/quota").await.is(200).json(), quota);
        assert_eq!(admin(app).await.get("/artists/nina/quota").await.is(200).json(), quota);
        ada.get("/artists/nina/quota").await.is_problem(404, "not-found");
        app.stranger().get("/artists/nina/quota").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_no_room_for_is_refused_before_it_comes() {
    with_settings(TIGHT, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.2);
        // 35,324 bytes each: two fit, and a third would be a track too many.
        nina.tries_to_upload(&release, "large.wav", tone(440.0, 0.7)).await.is_problem(413, "quota-of-bytes");
        super::uploads::tries_to_begin(&nina, &release, "large.wav", 100_001).await.is_problem(413, "quota-of-bytes");
        // What is on its way counts, and what is given up does not any more.
        let location = super::uploads::begins(&nina, &release, "a.wav", 90_000).await;
        nina.tries_to_upload(&release, "b.wav", wav.clone()).await.is_problem(413, "quota-of-bytes");
        crate::support::send(super::uploads::tus(&nina, reqwest::Method::DELETE, &location)).await.is(204);
        let first = nina.uploads(&release, "b.wav", wav.clone()).await;
        nina.uploads(&release, "c.wav", wav.clone()).await;
        nina.tries_to_upload(&release, "d.wav", wav.clone()).await.is_problem(403, "quota-of-tracks");
        super::uploads::tries_to_begin(&nina, &release, "d.wav", 10).await.is_problem(403, "quota-of-tracks");
        // What was uploaded today was uploaded today, deleted or not.
        app.settle().await;
        nina.delete(&format!("/tracks/{first}")).await.is(204);
        nina.uploads(&release, "d.wav", wav.clone()).await;
        app.settle().await;
        nina.delete(&format!("/tracks/{}", first_track(&nina, &release).await)).await.is(204);
        nina.tries_to_upload(&release, "e.wav", wav.clone()).await.is_problem(403, "quota-of-uploads");
        super::uploads::tries_to_begin(&nina, &release, "e.wav", 10).await.is_problem(403, "quota-of-uploads");
        app.execute("update artists.upload_days set day = day - 1").await;
        nina.uploads(&release, "e.wav", wav).await;
    })
    .await;
}

async fn first_track(person: &Person<'_>, release: &str) -> String {
    let release = person.get(&format!("/releases/{release}")).await.json();
    release["tracks"][0]["id"].as_str().expect("a track").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_uploads_at_once_no_more_get_in_than_may() {
    with_settings(TIGHT, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let begin = |_| super::uploads::tries_to_begin(&nina, &release, "a.wav", 10);
        let answers = futures_util::future::join_all((0..8).map(begin)).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_gives_an_artist_limits_of_its_own() {
    with_settings(TIGHT, async |app| {
        let nina = app.artist("nina").await;
        let admin = admin(app).await;
        nina.put("/artists/nina/quota", json!({ "tracks": 100 })).await.is_problem(403, "forbidden");
        let quota = admin.put("/artists/nina/quota", json!({ "tracks": 100, "bytes": null })).await.is(200).json();
        assert_eq!(quota["tracks"], json!({ "used": 0, "limit": 100, "is_own": true }));
        assert_eq!(quota["bytes"]["is_own"], false);
        admin.put("/artists/nina/quota", json!({ "tracks": -1 })).await.is_invalid("tracks");
        admin.put("/artists/nina/quota", json!({ "colour": 1 })).await.is_invalid("colour");
        admin.put("/artists/nobody/quota", json!({})).await.is_problem(404, "not-found");
        let release = nina.creates_release("Tides").await;
        for number in 0..3 {
            super::uploads::begins(&nina, &release, &format!("{number}.wav"), 10).await;
        }
        admin.delete("/artists/nina/quota").await.is(204);
        super::uploads::tries_to_begin(&nina, &release, "3.wav", 10).await.is_problem(403, "quota-of-tracks");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_to_take_the_place_of_others_count() {
    with_settings(&[("artist_max_bytes", "100000")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "a.wav", tone(440.0, 0.2)).await;
        nina.waits_until_ready(&track).await;
        // As it stands while the chain of the other file is under way.
        app.execute(&format!(
            "insert into artists.replacements (track_id, source_key, source_size_bytes, uploaded_by)
             select id, source_key, 60000, uploaded_by from artists.tracks where id = '{track}'"
        ))
        .await;
        let used = nina.get("/artists/nina/quota").await.is(200).json()["bytes"]["used"].clone();
        assert_eq!(used, json!(tone(440.0, 0.2).len() + 60_000));
        nina.tries_to_upload(&release, "b.wav", tone(550.0, 0.2)).await.is_problem(413, "quota-of-bytes");
        app.execute("delete from artists.replacements").await;
    })
    .await;
}
