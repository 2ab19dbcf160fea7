//! Show a picture of the catalogue.

use std::time::Duration;

use image::ImageFormat;
use reqwest::Method;

use super::{sends, url};
use crate::support::picture::picture;
use crate::support::{Answer, Person, becomes_true, send, with_app};

async fn fetches(person: &Person<'_>, address: &str, accept: &str) -> Answer {
    send(person.request(Method::GET, address).header("accept", accept)).await
}

async fn sets(person: &Person<'_>, release: &str) -> String {
    let path = format!("/releases/{release}/artwork");
    url(&sends(person, &path, picture(700, 700, ImageFormat::Png)).await.is(200).json()["artwork"])
}

#[tokio::test(flavor = "multi_thread")]
async fn who_names_webp_gets_it_and_others_get_jpeg() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let address = sets(&nina, &nina.publishes_a_single("Tides").await.release).await;
        let stranger = app.stranger();
        let webp = fetches(&stranger, &address, "image/avif,image/webp,image/*,*/*;q=0.8").await.is(200);
        let jpeg = fetches(&stranger, &address, "*/*").await.is(200);
        for (answer, mime, format) in
            [(&webp, "image/webp", ImageFormat::WebP), (&jpeg, "image/jpeg", ImageFormat::Jpeg)]
        {
            assert_eq!((answer.header("content-type"), answer.header("vary")), (mime, "Accept"));
            let image = image::load_from_memory_with_format(&answer.body, format).expect("a picture");
            assert_eq!((image.width(), image.height()), (512, 512));
        }
        assert_ne!(webp.header("etag"), jpeg.header("etag"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_holds_it_keeps_and_nobody_between() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let address = sets(&nina, &nina.publishes_a_single("Tides").await.release).await;
        let answer = app.stranger().get(&address).await.is(200);
        assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
        let again = app.stranger().request(Method::GET, &address).header("if-none-match", answer.header("etag"));
        assert!(send(again).await.is(304).body.is_empty());
        let draft = sets(&nina, &nina.creates_release("Ebb").await).await;
        assert_eq!(nina.get(&draft).await.is(200).header("cache-control"), "private, no-cache");
    })
    .await;
}

/// D1.
#[tokio::test(flavor = "multi_thread")]
async fn there_are_some_sizes_and_no_others() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let address = sets(&nina, &nina.creates_release("Tides").await).await;
        for size in
            ["1000000000", "-1", "0", "abc", "", "511", "128.0", "+64", "064", "99999999999999999999", "512,128"]
        {
            nina.get(&format!("{address}?size={size}")).await.is_invalid("size");
        }
        for size in [64, 128, 256, 512, 1024, 2048] {
            nina.get(&format!("{address}?size={size}")).await.is(200);
        }
        app.settle().await;
        assert_eq!(app.stored("curated").len(), 1);
    })
    .await;
}

/// Z7, Z10: before it is published, and Z11: after it was withdrawn.
#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_a_draft_is_its_artists_alone() {
    with_app(async |app| {
        let (nina, otto, stranger) = (app.artist("nina").await, app.artist("otto").await, app.stranger());
        let single = nina.drafts_a_single("Tides").await;
        let address = sets(&nina, &single.release).await;
        let is_hidden = async || {
            for size in [64, 1024] {
                for person in [&otto, &stranger] {
                    let answer = person.get(&format!("{address}?size={size}")).await;
                    if answer.status != 404 {
                        return false;
                    }
                }
            }
            true
        };
        assert!(is_hidden().await);
        nina.get(&address).await.is(200);
        nina.publishes(&single.release).await;
        otto.get(&address).await.is(200);
        stranger.get(&address).await.is(200);
        // An embargo: it is published, and not yet.
        app.execute("update artists.releases set published_at = now() + interval '1 hour'").await;
        assert!(is_hidden().await);
        app.execute("update artists.releases set published_at = now()").await;
        stranger.get(&address).await.is(200);
        // Who may open a release may see its picture: nobody, by its address, those who follow.
        app.execute("update artists.releases set visibility = 'private'").await;
        assert!(is_hidden().await);
        app.execute("update artists.releases set visibility = 'unlisted'").await;
        stranger.get(&address).await.is(200);
        app.execute("update artists.releases set visibility = 'followers'").await;
        assert!(is_hidden().await);
        let fan = app.listener("fan").await;
        fan.follows("nina").await;
        assert_eq!(fan.get(&address).await.is(200).header("cache-control"), "private, no-cache");
        app.execute("update artists.releases set visibility = 'public'").await;
        nina.delete(&format!("/releases/{}/publication", single.release)).await.is(204);
        assert!(becomes_true(Duration::from_secs(5), is_hidden).await);
        nina.get(&address).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_a_release_is_for_those_whom_the_release_is_for() {
    with_app(async |app| {
        let (nina, otto, stranger) = (app.artist("nina").await, app.artist("otto").await, app.stranger());
        otto.follows("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let address = sets(&nina, &single.release).await;
        for (visibility, followers, others) in
            [("public", 200, 200), ("unlisted", 200, 200), ("followers", 200, 404), ("private", 404, 404)]
        {
            let publication = format!("/releases/{}/publication", single.release);
            nina.put(&publication, serde_json::json!({ "visibility": visibility })).await.is(200);
            let seen = otto.get(&address).await;
            assert_eq!((seen.status, stranger.get(&address).await.status), (followers, others), "{visibility}");
            assert_eq!(nina.get(&address).await.status, 200);
            // What not everybody may see is asked for each time.
            let is_kept = seen.header("cache-control").contains("immutable");
            assert_eq!(seen.status == 200 && is_kept, visibility == "public", "{visibility}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_address_leads_nowhere() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let address = sets(&nina, &nina.publishes_a_single("Tides").await.release).await;
        for forged in ["x", "..%2F..%2Fsecret.key", "%252e%252e", "a'--", "%00", &"a".repeat(5000)] {
            app.stranger().get(&format!("/artwork/{forged}")).await.is_problem(404, "not-found");
        }
        let key = address.trim_start_matches("/artwork/");
        assert_eq!(key.len(), 22);
        app.stranger().get(&format!("/artwork/{}", &key[..21])).await.is_problem(404, "not-found");
    })
    .await;
}
