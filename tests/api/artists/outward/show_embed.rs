//! Players that stand in pages of others.

use serde_json::json;

use super::{HIDDEN, fetch, hide, name_hostilely, reveal};
use crate::browser::{nothing_to_walk_with, walk};
use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn any_page_may_frame_a_player_and_nothing_else() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let (release, track) = (format!("releases/{}", single.release), format!("tracks/{}", single.track));
        for page in [release.as_str(), &track, "artists/nina"] {
            let player = fetch(app, &format!("/embed/{page}"), &[]).await.is(200);
            assert_eq!(player.header("content-type"), "text/html; charset=utf-8");
            let policy = player.header("content-security-policy");
            assert!(policy.contains("frame-ancestors *") && policy.contains("default-src 'none'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!((player.header("set-cookie"), player.header("x-frame-options")), ("", ""));
            assert!(player.text().contains("Tides") && player.text().contains(&single.track), "{}", player.text());
            fetch(app, &format!("/embed/{page}"), &[("if-none-match", player.header("etag"))]).await.is(304);
            let ordinary = fetch(app, &format!("/{page}"), &[]).await.is(200);
            assert!(ordinary.header("content-security-policy").contains("frame-ancestors 'none'"));
        }
        assert_eq!(
            fetch(app, "/embed/player.js", &[]).await.is(200).header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            fetch(app, "/embed/player.css", &[]).await.is(200).header("content-type"),
            "text/css; charset=utf-8"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_everybody_has_the_player_of_what_never_was() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let unknown = fetch(app, &format!("/embed/tracks/{}", uuid::Uuid::now_v7()), &[]).await.is(404);
        assert!(unknown.header("content-security-policy").contains("frame-ancestors *"));
        let track = format!("/embed/tracks/{}", single.track);
        let release = format!("/embed/releases/{}", single.release);
        for (state, statement) in HIDDEN {
            hide(app, &single, statement).await;
            assert_eq!(fetch(app, &track, &[]).await.is(404).body, unknown.body, "{state}");
            if statement.contains("artists.releases") {
                assert_eq!(fetch(app, &release, &[]).await.is(404).body, unknown.body, "{state}");
            } else {
                assert!(!fetch(app, &release, &[]).await.is(200).text().contains(&single.track), "{state}");
            }
            assert!(!fetch(app, "/embed/artists/nina", &[]).await.is(200).text().contains("Tides"), "{state}");
            reveal(app, &single).await;
            fetch(app, &track, &[]).await.is(200);
        }
        for other in ["/embed/tracks/x", "/embed/accounts/nina", "/embed/artists/otto", "/embed/releases/..%2f"] {
            assert_eq!(fetch(app, other, &[]).await.is(404).body, unknown.body, "{other}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_leave_its_place_in_a_player() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.patch("/artists/nina", json!({ "feed": true })).await.is(200);
        name_hostilely(app, &single).await;
        for page in [format!("releases/{}", single.release), format!("tracks/{}", single.track), "artists/nina".into()]
        {
            let html = fetch(app, &format!("/embed/{page}"), &[]).await.is(200).text();
            assert_eq!(html.matches("<script").count(), 1, "{html}");
            assert!(!html.contains("\" onload") && !html.contains("<!--") && !html.contains('\u{1}'), "{html}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_feed_is_in_a_player_only_where_there_is_a_feed() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/embed/tracks/{}", nina.publishes_a_single("Tides").await.track);
        assert!(!fetch(app, &path, &[]).await.is(200).text().contains("/enclosures/"));
        nina.patch("/artists/nina", json!({ "feed": true })).await.is(200);
        assert!(fetch(app, &path, &[]).await.is(200).text().contains("/api/v1/enclosures/"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_plays_in_a_page_of_others() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for title in ["Ebb", "Flow"] {
            let track = nina.uploads(&release, &format!("{title}.wav"), tone(330.0, 12.0)).await;
            nina.waits_until_ready(&track).await;
        }
        nina.publishes(&release).await;
        let settings = [("LEGATO_URL", app.site.base.clone()), ("LEGATO_E2E_RELEASE", release)];
        let settings = settings.each_ref().map(|(name, value)| (*name, value.as_ref()));
        walk("embed", &settings).await;
        // Each press counts, as of a listener without an account.
        let plays = app.lines("select coalesce(account_id::text, 'nobody') as line from streaming.plays").await;
        assert!(plays.len() >= 2 && plays.iter().all(|listener| listener == "nobody"), "{plays:?}");
        nina.patch("/artists/nina", json!({ "feed": true })).await.is(200);
        let mut with_feed = settings.to_vec();
        with_feed.push(("LEGATO_E2E_SANDBOX", "allow-scripts".as_ref()));
        walk("embed", &with_feed).await;
    })
    .await;
}
