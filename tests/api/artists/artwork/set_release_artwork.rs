//! Set a release's artwork.

use std::time::{Duration, Instant};

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use super::{nina_becomes, sends, url};
use crate::support::picture::{header, huge_jpeg, many_frames, photograph, picture, png, zeros};
use crate::support::{Answer, Person, send, with_app};

async fn sets(person: &Person<'_>, release: &str, file: impl Into<Vec<u8>>) -> Answer {
    sends(person, &format!("/releases/{release}/artwork"), file).await
}

/// A picture as its viewers get it, as JPEG.
async fn seen(person: &Person<'_>, artwork: &Value, size: u32) -> image::RgbImage {
    let answer = person.get(&format!("{}?size={size}", url(artwork))).await.is(200);
    image::load_from_memory_with_format(&answer.body, ImageFormat::Jpeg).expect("a JPEG").into_rgb8()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_any_kind_becomes_a_square_in_every_size() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let avif = include_bytes!("../../../../crates/pictures/tests/files/halves.avif").to_vec();
        for (kind, file, side) in [
            ("JPEG", picture(1_500, 1_200, ImageFormat::Jpeg), 1024),
            ("PNG", picture(200, 700, ImageFormat::Png), 200),
            ("WebP", picture(900, 500, ImageFormat::WebP), 500),
            ("AVIF", avif, 300),
        ] {
            let artwork = sets(&nina, &release, file).await.is(200).json()["artwork"].clone();
            assert_eq!((&artwork["width"], &artwork["height"]), (&json!(side), &json!(side)), "{kind}");
            assert_eq!(artwork["blur_hash"].as_str().map(str::len), Some(36), "{kind}");
            let colours: Vec<&str> =
                artwork["colours"].as_array().expect("colours").iter().flat_map(Value::as_str).collect();
            assert!((2..=5).contains(&colours.len()), "{kind}: {colours:?}");
            for size in [64, 128, 256, 512, 1024] {
                let image = seen(&nina, &artwork, size).await;
                let fits = [64, 128, 256, 512, 1024].into_iter().filter(|made| *made <= side.min(size)).max();
                let expected = if side <= size { side } else { fits.unwrap_or(side) };
                assert_eq!(image.dimensions(), (expected, expected), "{kind} {size}");
                let (left, right) = (image.get_pixel(2, 30).0, image.get_pixel(expected - 3, 30).0);
                assert!(left[0] > 170 && right[2] > 170, "{kind} {size}: {left:?} {right:?}");
            }
        }
        let listed = nina.get("/artists/nina/releases").await.json();
        let shown = nina.get(&format!("/releases/{release}")).await.json();
        assert_eq!(listed["items"][0]["artwork"], shown["artwork"]);
        // The last picture, its upload, and nothing of those before.
        app.settle().await;
        assert_eq!((app.stored("curated").len(), app.stored("raw").len()), (1, 1));
        assert!(app.stored("staging").is_empty());
        let lineage = "select parent || ' ' || step as line from platform.objects where zone = 'curated'";
        assert!(app.lines(lineage).await[0].ends_with(" artwork"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn artwork_is_shown_wherever_its_release_is() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/releases/{}", single.release);
        assert_eq!(app.stranger().get(&path).await.json()["artwork"], json!(null));
        let set = sets(&nina, &single.release, picture(700, 700, ImageFormat::Png)).await.is(200);
        assert_eq!(set.header("etag"), nina.get(&path).await.header("etag"));
        let artwork = set.json()["artwork"].clone();
        let stranger = app.stranger();
        assert_eq!(stranger.get(&path).await.json()["artwork"], artwork);
        assert_eq!(stranger.get(&path).await.json()["tracks"][0]["artwork"], artwork);
        assert_eq!(stranger.get(&format!("/tracks/{}", single.track)).await.json()["artwork"], artwork);
        assert_eq!(stranger.get("/releases").await.json()["items"][0]["artwork"], artwork);
        assert_eq!(stranger.plays(&single.track).await["track"]["artwork"], artwork);
        app.settle().await;
        let found = stranger.get("/search?q=tides&kinds=release,track").await.json();
        let items = found["items"].as_array().expect("hits");
        assert!(items.len() == 2 && items.iter().all(|hit| hit["artwork"] == artwork), "{found}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_stands_upright_and_tells_no_longer_where_it_was_taken() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let file = photograph(800, 600, "51.5 N 0.12 W");
        let artwork = sets(&nina, &release, file).await.is(200).json()["artwork"].clone();
        let large = seen(&nina, &artwork, 512).await;
        let (top, bottom) = (large.get_pixel(256, 20).0, large.get_pixel(256, 490).0);
        assert!(top[0] > 180 && bottom[2] > 180, "{top:?} {bottom:?}");
        for accept in ["image/webp", "image/jpeg"] {
            let request = nina.request(Method::GET, &url(&artwork)).header("accept", accept);
            let body = send(request).await.is(200).body;
            let has = |needle: &[u8]| body.windows(needle.len()).any(|bytes| bytes == needle);
            assert!(!has(b"51.5 N") && !has(b"Exif") && !has(b"EXIF"));
        }
    })
    .await;
}

/// I3, I4.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_by_its_first_bytes_is_refused_whatever_it_is_called() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}/artwork");
        for (file, mime) in [
            (&b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..], "image/svg+xml"),
            (b"<?xml version='1.0'?><svg><image href='http://127.0.0.1/'/></svg>", "image/png"),
            (b"push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'https://127.0.0.1/x'\n", "image/jpeg"),
            (b"<image><read filename='/etc/passwd'/></image>", "image/jpeg"),
            (b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/jpeg"),
            (b"\xc5\xd0\xd3\xc6 an EPS in a DOS coat", "image/jpeg"),
            (b"%PDF-1.7\n", "image/jpeg"),
            (b"GIF89a\x01\0\x01\0\0\0\0;", "image/jpeg"),
            (b"II*\0\x08\0\0\0", "image/webp"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/avif"),
            (b"\0\0\0\x18ftypisom\0\0\0\0mp42isom", "image/avif"),
            (b"<html><script>alert(1)</script>", "image/png"),
            (b"{}", "application/json"),
            (b"", "image/png"),
        ] {
            let request = nina.request(Method::PUT, &path).header("content-type", mime).body(file.to_vec());
            send(request).await.is_problem(415, "not-a-picture");
        }
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["artwork"], json!(null));
        app.settle().await;
        assert!(["curated", "staging", "raw"].iter().all(|zone| app.stored(zone).is_empty()));
    })
    .await;
}

/// I3: a picture that is also a page.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_also_a_page_is_served_as_a_picture_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut file = picture(64, 64, ImageFormat::Png);
        file.extend_from_slice(b"<html><script>alert(document.cookie)</script></html>");
        let artwork = sets(&nina, &release, file).await.is(200).json()["artwork"].clone();
        let answer = nina.get(&url(&artwork)).await.is(200);
        assert!(!answer.text().contains("<script>"));
        assert_eq!((answer.header("content-type"), answer.header("x-content-type-options")), ("image/jpeg", "nosniff"));
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    })
    .await;
}

/// D2.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_would_fill_the_memory_is_refused_soon_and_the_server_goes_on() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let bomb = zeros(1 << 30);
        let text = [&b"Comment\0\0"[..], &bomb].concat();
        let profile = [&b"icc\0\0"[..], &bomb].concat();
        let wide = header(30_000, 30_000);
        let small = header(6_000, 6_000);
        let avif = include_bytes!("../../../../crates/pictures/tests/files/halves.avif");
        for (what, file) in [
            ("many pixels", png(&[(b"IHDR", &wide), (b"IDAT", &bomb), (b"IEND", b"")])),
            ("pixels that do not come", png(&[(b"IHDR", &small), (b"IDAT", b"x"), (b"IEND", b"")])),
            ("a long text and no pixels", png(&[(b"IHDR", &small), (b"zTXt", &text), (b"IEND", b"")])),
            ("a long profile and no pixels", png(&[(b"IHDR", &small), (b"iCCP", &profile), (b"IEND", b"")])),
            ("a huge JPEG", huge_jpeg(65_500)),
            ("half a picture", picture(640, 480, ImageFormat::Png)[..400].to_vec()),
            ("half an AVIF", avif[..avif.len() / 2].to_vec()),
            ("noise", [&b"\xff\xd8\xff\xe0"[..], &[7; 5000]].concat()),
            ("a picture of few pixels", picture(63, 400, ImageFormat::Png)),
        ] {
            let started = Instant::now();
            let answer = sets(&nina, &release, file).await;
            assert_eq!(answer.status, 422, "{what}: {}", answer.text());
            answer.is_invalid("artwork");
            assert!(started.elapsed() < Duration::from_secs(10), "{what}: {:?}", started.elapsed());
        }
        // Of ten thousand frames the first is looked at, and that is too small.
        sets(&nina, &release, many_frames(10_000)).await.is_invalid("artwork");
        app.settle().await;
        assert!(["curated", "staging", "raw"].iter().all(|zone| app.stored(zone).is_empty()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_picture_that_is_taken_fits_and_a_larger_file_does_not() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let artwork =
            sets(&nina, &release, picture(6_324, 6_324, ImageFormat::Jpeg)).await.is(200).json()["artwork"].clone();
        assert_eq!(seen(&nina, &artwork, 1024).await.dimensions(), (1024, 1024));
        let large = vec![0xff; 20 * 1024 * 1024 + 1];
        sets(&nina, &release, large.clone()).await.is_problem(413, "upload-too-large");
        let chunks = futures_util::stream::iter(
            large.chunks(1 << 16).map(|part| Ok::<_, std::io::Error>(part.to_vec())).collect::<Vec<_>>(),
        );
        let unannounced = nina.request(Method::PUT, &format!("/releases/{release}/artwork"));
        send(unannounced.body(reqwest::Body::wrap_stream(chunks))).await.is_problem(413, "upload-too-large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_before_is_gone_with_its_address_and_an_equal_one_has_another() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let file = picture(80, 80, ImageFormat::Png);
        let before = url(&sets(&nina, &release, file.clone()).await.is(200).json()["artwork"]);
        let after = url(&sets(&nina, &release, file).await.is(200).json()["artwork"]);
        assert_ne!(before, after);
        nina.get(&before).await.is_problem(404, "not-found");
        nina.get(&after).await.is(200);
        app.settle().await;
        nina.get(&after).await.is(200);
        assert_eq!((app.stored("curated").len(), app.stored("raw").len()), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_who_saw_the_same_release_one_wins() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}");
        let seen = nina.get(&path).await.is(200).header("etag").to_owned();
        nina.patch(&path, json!({ "title": "Ebb" })).await.is(200);
        let late = nina.request(Method::PUT, &format!("{path}/artwork")).header("if-match", seen);
        send(late.body(picture(80, 80, ImageFormat::Png))).await.is_problem(412, "changed-meanwhile");
        app.settle().await;
        assert!(app.stored("curated").is_empty() && app.stored("raw").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sets_it_and_they_are_told_before_they_send() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let release = nina.creates_release("Tides").await;
        let file = picture(80, 80, ImageFormat::Png);
        sets(&otto, &release, file.clone()).await.is_problem(404, "not-found");
        sets(&app.stranger(), &release, file.clone()).await.is_problem(401, "unauthenticated");
        nina_becomes(app, "viewer").await;
        sets(&nina, &release, file.clone()).await.is_problem(404, "not-found");
        nina_becomes(app, "editor").await;
        sets(&nina, &release, file).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_with_its_release() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let artwork = sets(&nina, &release, picture(80, 80, ImageFormat::Png)).await.is(200).json()["artwork"].clone();
        nina.delete(&format!("/releases/{release}")).await.is(204);
        nina.get(&url(&artwork)).await.is_problem(404, "not-found");
        app.settle().await;
        assert!(app.stored("curated").is_empty() && app.stored("raw").is_empty());
    })
    .await;
}
