//! Set one's picture.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::StreamExt;
use image::ImageFormat;
use reqwest::Method;
use serde_json::json;

use crate::support::picture::{header, huge_jpeg, many_frames, photograph, picture, png, zeros};
use crate::support::{Answer, Person, send, with_app};

async fn sets(person: &Person<'_>, file: impl Into<Vec<u8>>) -> Answer {
    send(person.request(Method::PUT, "/me/picture").body(file.into())).await
}

/// A stored picture as its viewers get it.
async fn seen(person: &Person<'_>, url: &str, size: u32) -> image::RgbImage {
    let answer = person.get(&format!("{url}?size={size}")).await.is(200);
    let image = image::load_from_memory_with_format(&answer.body, ImageFormat::Jpeg).expect("a JPEG").into_rgb8();
    assert_eq!(image.dimensions(), (size, size));
    image
}

fn url(answer: &Answer) -> String {
    answer.json()["picture_url"].as_str().expect("an address").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_any_kind_and_shape_becomes_a_square_in_two_sizes() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for (format, width, height) in [
            (ImageFormat::Jpeg, 900, 300),
            (ImageFormat::Png, 1, 1),
            (ImageFormat::Png, 3000, 2500),
            (ImageFormat::WebP, 300, 900),
        ] {
            let url = url(&sets(&ada, picture(width, height, format)).await.is(200));
            let large = seen(&app.stranger(), &url, 512).await;
            seen(&app.stranger(), &url, 128).await;
            let (left, right) = (large.get_pixel(20, 256).0, large.get_pixel(490, 256).0);
            assert!(width == 1 || (left[0] > 180 && right[2] > 180), "{format:?}: {left:?} {right:?}");
        }
        let profile = app.stranger().get("/accounts/ada").await.is(200).json();
        assert_eq!(profile["picture_url"], ada.get("/me").await.json()["picture_url"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_stands_upright_and_tells_no_longer_where_it_was_taken() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let file = photograph(800, 600, "51.5 N 0.12 W");
        assert!(String::from_utf8_lossy(&file).contains("51.5 N"));
        let url = url(&sets(&ada, file).await.is(200));
        let large = seen(&ada, &url, 512).await;
        let (top, bottom) = (large.get_pixel(256, 20).0, large.get_pixel(256, 490).0);
        assert!(top[0] > 180 && bottom[2] > 180, "{top:?} {bottom:?}");
        for size in [128, 512] {
            let body = ada.get(&format!("{url}?size={size}")).await.is(200).body;
            let has = |needle: &[u8]| body.windows(needle.len()).any(|bytes| bytes == needle);
            assert!(!has(b"51.5 N") && !has(b"Exif"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_by_its_first_bytes_is_refused_whatever_it_is_called() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for (file, mime) in [
            (&b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..], "image/svg+xml"),
            (b"<?xml version='1.0'?><svg><image href='http://127.0.0.1/'/></svg>", "image/png"),
            (b"push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'https://127.0.0.1/x'\n", "image/jpeg"),
            (b"<image><read filename='/etc/passwd'/></image>", "image/jpeg"),
            (b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/jpeg"),
            (b"%PDF-1.7\n", "image/jpeg"),
            (b"GIF89a\x01\0\x01\0\0\0\0;", "image/jpeg"),
            (b"II*\0\x08\0\0\0", "image/webp"),
            (b"<html><script>alert(1)</script>", "image/png"),
            (b"", "image/png"),
        ] {
            let request = ada.request(Method::PUT, "/me/picture").header("content-type", mime).body(file.to_vec());
            send(request).await.is_problem(415, "not-a-picture");
        }
        assert_eq!(ada.get("/me").await.json()["picture_url"], json!(null));
        assert!(app.stored("curated").is_empty() && app.stored("staging").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_also_a_page_is_served_as_a_picture_alone() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let mut file = picture(64, 64, ImageFormat::Png);
        file.extend_from_slice(b"<html><script>alert(document.cookie)</script></html>");
        let url = url(&sets(&ada, file).await.is(200));
        let answer = app.stranger().get(&url).await.is(200);
        assert!(!answer.text().contains("<script>"));
        assert_eq!((answer.header("content-type"), answer.header("x-content-type-options")), ("image/jpeg", "nosniff"));
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_would_fill_the_memory_is_refused_soon_and_the_server_goes_on() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let bomb = zeros(1 << 30);
        let text = [&b"Comment\0\0"[..], &bomb].concat();
        let profile = [&b"icc\0\0"[..], &bomb].concat();
        let wide = header(30_000, 30_000);
        let small = header(6_000, 6_000);
        for (what, file) in [
            ("many pixels", png(&[(b"IHDR", &wide), (b"IDAT", &bomb), (b"IEND", b"")])),
            ("pixels that do not come", png(&[(b"IHDR", &small), (b"IDAT", b"x"), (b"IEND", b"")])),
            ("a long text and no pixels", png(&[(b"IHDR", &small), (b"zTXt", &text), (b"IEND", b"")])),
            ("a long profile and no pixels", png(&[(b"IHDR", &small), (b"iCCP", &profile), (b"IEND", b"")])),
            ("a huge JPEG", huge_jpeg(65_500)),
            ("half a picture", picture(640, 480, ImageFormat::Png)[..400].to_vec()),
            ("noise", [&b"\xff\xd8\xff\xe0"[..], &[7; 5000]].concat()),
        ] {
            let started = Instant::now();
            let answer = sets(&ada, file).await;
            assert_eq!(answer.status, 422, "{what}: {}", answer.text());
            answer.is_invalid("picture");
            assert!(started.elapsed() < Duration::from_secs(10), "{what}: {:?}", started.elapsed());
        }
        assert_eq!(ada.get("/me").await.is(200).json()["picture_url"], json!(null));
        assert!(app.stored("staging").is_empty() && app.stored("curated").is_empty());
    })
    .await;
}

/// Forty megapixels, decoded in a child that may write to 232 MiB.
#[tokio::test(flavor = "multi_thread")]
async fn the_largest_picture_that_is_taken_fits() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let url = url(&sets(&ada, picture(6_324, 6_324, format)).await.is(200));
            seen(&ada, &url, 512).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_frames_the_first_is_shown() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let url = url(&sets(&ada, many_frames(10_000)).await.is(200));
        seen(&ada, &url, 128).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_more_than_ten_mebibytes_is_refused_announced_or_not() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let large = vec![0xff; 10 * 1024 * 1024 + 1];
        sets(&ada, large.clone()).await.is_problem(413, "upload-too-large");
        let chunks = futures_util::stream::iter(
            large.chunks(1 << 16).map(|part| Ok::<_, std::io::Error>(part.to_vec())).collect::<Vec<_>>(),
        );
        let unannounced = ada.request(Method::PUT, "/me/picture").body(reqwest::Body::wrap_stream(chunks));
        send(unannounced).await.is_problem(413, "upload-too-large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_slowly_takes_one_place_and_holds_up_nobody_else() {
    with_app(async |app| {
        let (ada, bob) = (app.listener("ada").await, app.listener("bob").await);
        let file = picture(64, 64, ImageFormat::Png);
        let (first, rest) = (file[..20].to_vec(), file[20..].to_vec());
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let (go_on, wait) = tokio::sync::oneshot::channel::<()>();
        let slowly = futures_util::stream::once(async move {
            let _ = begun.send(());
            Ok::<_, std::io::Error>(first)
        });
        let slowly = slowly.chain(futures_util::stream::once(async move {
            let _ = wait.await;
            Ok(rest)
        }));
        let slow = send(ada.request(Method::PUT, "/me/picture").body(reqwest::Body::wrap_stream(slowly)));
        let others = async {
            has_begun.await.expect("it is sent");
            tokio::time::sleep(Duration::from_millis(300)).await; // and arrives
            sets(&ada, file.clone()).await.is_problem(429, "too-many-requests");
            sets(&bob, file.clone()).await.is(200);
            go_on.send(()).expect("it still sends");
        };
        let (slow, ()) = tokio::join!(slow, others);
        slow.is(200);
        sets(&ada, file.clone()).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_before_is_gone_with_its_address() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let before = url(&sets(&ada, picture(64, 64, ImageFormat::Png)).await.is(200));
        let after = url(&sets(&ada, picture(80, 40, ImageFormat::Jpeg)).await.is(200));
        assert_ne!(before, after);
        app.stranger().get(&before).await.is_problem(404, "not-found");
        app.stranger().get(&after).await.is(200);
        app.settle().await;
        assert_eq!(app.stored("curated").len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_who_saw_the_same_account_one_wins() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let seen = ada.get("/me").await.is(200).header("etag").to_owned();
        ada.patch("/me", json!({ "display_name": "Countess" })).await.is(200);
        let file = picture(64, 64, ImageFormat::Png);
        let late = ada.request(Method::PUT, "/me/picture").header("if-match", seen).body(file);
        send(late).await.is_problem(412, "changed-meanwhile");
        app.settle().await;
        assert!(app.stored("curated").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sets_their_own_picture_alone() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let file = picture(64, 64, ImageFormat::Png);
        sets(&app.stranger(), file.clone()).await.is_problem(401, "unauthenticated");
        let scopes = json!({ "name": "x", "scopes": ["read", "listen", "library", "upload"] });
        let token = ada.post("/me/tokens", scopes).await.is(201).json();
        let by_token = app.stranger().request(Method::PUT, "/me/picture").body(file.clone());
        let by_token = by_token.bearer_auth(token["secret"].as_str().expect("a secret"));
        send(by_token).await.is_problem(403, "session-needed");
        // It is no secret and no way in: a session is enough, however old.
        app.platform.clock.advance(TimeDelta::days(1));
        sets(&ada, file).await.is(200);
    })
    .await;
}
