//! Show a picture.

use image::ImageFormat;
use reqwest::Method;

use crate::support::picture::picture;
use crate::support::{App, send, with_app};

async fn shown(app: &App) -> String {
    let ada = app.listener("ada").await;
    let request = ada.request(Method::PUT, "/me/picture").body(picture(64, 64, ImageFormat::Png));
    send(request).await.is(200).json()["picture_url"].as_str().expect("an address").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_two_sizes_and_no_others() {
    with_app(async |app| {
        let (url, stranger) = (shown(app).await, app.stranger());
        let large = stranger.get(&url).await.is(200);
        assert_eq!(stranger.get(&format!("{url}?size=512")).await.is(200).body, large.body);
        assert!(stranger.get(&format!("{url}?size=128")).await.is(200).body.len() < large.body.len());
        for size in ["1000000000", "-1", "0", "abc", "", "511", "128.0", "99999999999999999999", "512,128"] {
            stranger.get(&format!("{url}?size={size}")).await.is_invalid("size");
        }
        assert_eq!(app.stored("curated").len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_by_whoever_has_it() {
    with_app(async |app| {
        let (url, stranger) = (shown(app).await, app.stranger());
        let answer = stranger.get(&url).await.is(200);
        assert_eq!(answer.header("cache-control"), "public, max-age=86400, immutable");
        let again = stranger.request(Method::GET, &url).header("if-none-match", answer.header("etag"));
        assert!(send(again).await.is(304).body.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_goes_with_the_account_that_shows_it() {
    with_app(async |app| {
        let (url, stranger) = (shown(app).await, app.stranger());
        for (away, back) in [
            ("suspended_at = now(), suspension_reason = 'spam'", "suspended_at = null, suspension_reason = null"),
            ("closing_until = now() + interval '14 days'", "closing_until = null"),
        ] {
            app.execute(&format!("update accounts.accounts set {away}")).await;
            stranger.get(&url).await.is_problem(404, "not-found");
            app.execute(&format!("update accounts.accounts set {back}")).await;
            stranger.get(&url).await.is(200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_address_leads_nowhere() {
    with_app(async |app| {
        let url = shown(app).await;
        for forged in ["x", "..%2F..%2Fsecret.key", "%252e%252e", "a'--", &"a".repeat(5000)] {
            app.stranger().get(&format!("/pictures/{forged}")).await.is_problem(404, "not-found");
        }
        let other_case = url.to_uppercase().replace("/API/V1/PICTURES", "/api/v1/pictures");
        assert!(other_case == url || app.stranger().get(&other_case).await.status == 404);
    })
    .await;
}
