//! An account's playlists in its archive, and their end.

use std::io::Cursor;

use serde_json::{Value, json};

use super::set_cover::sets;
use super::{adds, makes, shares};
use crate::support::picture::picture;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_has_what_is_in_the_playlists() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&ada, "Mine", "private").await;
        adds(&ada, &path, &[single.track.as_str(); 2]).await;
        sets(&ada, &path, picture(64, 64, image::ImageFormat::Png)).await.is(200);
        let shared = makes(&nina, "Shared", "private").await;
        shares(&nina, &shared, "ada", "viewer").await;
        let followed = makes(&nina, "Followed", "public").await;
        ada.put(&format!("{followed}/following"), json!({})).await.is(204);
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        let fetched = ada.get("/me/export/archive").await.is(200).body.to_vec();
        let mut archive = zip::ZipArchive::new(Cursor::new(fetched)).expect("a zip");
        let file = archive.by_name("playlists.json").expect("playlists");
        let playlists: Value = serde_json::from_reader(file).expect("JSON");
        assert_eq!((&playlists[0]["title"], &playlists[0]["role"]), (&json!("Shared"), &json!("viewer")));
        assert_eq!((&playlists[1]["title"], &playlists[1]["entries"][1]["title"]), (&json!("Mine"), &json!("Tides")));
        assert_eq!(playlists[1]["entries"].as_array().map(Vec::len), Some(2));
        let cover = format!("playlist_covers/{}.jpg", path.trim_start_matches("/playlists/"));
        assert!(archive.by_name(&cover).expect("a cover").size() > 0);
        let file = archive.by_name("followed_playlists.json").expect("what is followed");
        let list: Value = serde_json::from_reader(file).expect("JSON");
        assert!(list[0]["playlist_id"].as_str().is_some_and(|id| followed.ends_with(id)), "{list}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_account_that_is_erased_nothing_is_left() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        for number in 0..25 {
            let path = makes(&ada, &number.to_string(), "public").await;
            adds(&ada, &path, &[&single.track]).await;
        }
        let path = makes(&nina, "Ours", "public").await;
        shares(&nina, &path, "ada", "editor").await;
        adds(&ada, &path, &[&single.track]).await;
        ada.put(&format!("{path}/following"), json!({})).await.is(204);
        app.execute(&format!(
            "insert into platform.outbox (id, name, payload)
             values (gen_random_uuid(), 'accounts.account_closed.v1', jsonb_build_object(
                'event', 'accounts.account_closed.v1', 'data', jsonb_build_object('account', '{}')))",
            ada.id
        ))
        .await;
        app.settle().await;
        let left = format!(
            "select count(*)::text as line from (
                select from streaming.playlists where account_id = '{0}'
                union all select from streaming.playlist_entries where added_by = '{0}'
                union all select from streaming.playlist_changes where account_id = '{0}'
                union all select from streaming.playlist_followers where account_id = '{0}'
                union all select from streaming.playlist_collaborators where account_id = '{0}') traces",
            ada.id
        );
        assert_eq!(app.lines(&left).await, ["0"]);
        let entries = nina.get(&format!("{path}/entries")).await.is(200).json();
        assert_eq!(
            (&entries["items"][0]["track"]["title"], &entries["items"][0]["added_by"]),
            (&json!("Tides"), &Value::Null)
        );
        assert_eq!(nina.get(&format!("{path}/history")).await.is(200).json()["items"][0]["by"], Value::Null);
    })
    .await;
}
