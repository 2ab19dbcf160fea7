//! Whole renditions, with ranges (RFC 9110 §14).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Answer, App, Raw, ffmpeg_frames, noise, send, with_app};

/// Where a published track of a second is heard.
async fn stream(app: &App) -> String {
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    let play = app.stranger().plays(&single.track).await;
    play["stream"]["url"].as_str().expect("a stream").to_owned()
}

async fn fetch(app: &App, method: Method, url: &str, headers: &[(&str, &str)]) -> Answer {
    let request = app.stranger().request(method, url);
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_rendition_is_an_ogg_of_the_right_length() {
    with_app(async |app| {
        let url = stream(app).await;
        let answer = fetch(app, Method::GET, &url, &[]).await.is(200);
        assert_eq!(answer.header("content-type"), "audio/ogg; codecs=opus");
        assert_eq!(answer.header("accept-ranges"), "bytes");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-expose-headers"), "Content-Range, Content-Length, ETag");
        assert!(answer.header("cache-control").starts_with("private, immutable"), "{}", answer.header("cache-control"));
        assert!(answer.header("etag").starts_with('"'), "{}", answer.header("etag"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.body.starts_with(b"OggS"));
        if let Some(frames) = ffmpeg_frames(&answer.body) {
            assert!(frames.abs_diff(48_000) <= 48, "{frames}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_exactly_those_bytes() {
    with_app(async |app| {
        let url = stream(app).await;
        let whole = fetch(app, Method::GET, &url, &[]).await.is(200).body;
        let size = whole.len();
        for (range, first, last) in [
            ("bytes=0-0".to_owned(), 0, 0),
            ("bytes=0-".to_owned(), 0, size - 1),
            ("bytes=1-10".to_owned(), 1, 10),
            ("bytes=-1".to_owned(), size - 1, size - 1),
            (format!("bytes={}-", size - 7), size - 7, size - 1),
            (format!("bytes=5-{}", size * 10), 5, size - 1),
            (format!("bytes=-{}", size * 10), 0, size - 1),
            ("BYTES = 2-3".to_owned(), 2, 3),
        ] {
            let answer = fetch(app, Method::GET, &url, &[("range", &range)]).await.is(206);
            assert_eq!(answer.body, whole[first..=last], "{range}");
            assert_eq!(answer.header("content-range"), format!("bytes {first}-{last}/{size}"), "{range}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_as_one_range_is_answered_with_the_whole() {
    with_app(async |app| {
        let url = stream(app).await;
        let size = fetch(app, Method::GET, &url, &[]).await.is(200).body.len();
        for range in ["bytes=0-1,3-4", "bytes=", "bytes=x-y", "bytes=5-1", "items=0-1", "bytes=+1-2", ""] {
            let answer = fetch(app, Method::GET, &url, &[("range", range)]).await.is(200);
            assert_eq!((answer.body.len(), answer.header("content-range")), (size, ""), "{range}");
        }
        let two = fetch(app, Method::GET, &url, &[("range", "bytes=0-1"), ("range", "bytes=3-4")]).await.is(200);
        assert_eq!(two.body.len(), size);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_beyond_the_end_is_unsatisfiable() {
    with_app(async |app| {
        let url = stream(app).await;
        let size = fetch(app, Method::GET, &url, &[]).await.is(200).body.len();
        for range in [format!("bytes={size}-"), "bytes=99999999999999999999-".to_owned(), "bytes=-0".to_owned()] {
            let answer = fetch(app, Method::GET, &url, &[("range", &range)]).await;
            answer.is_problem(416, "range-not-satisfiable");
            assert_eq!(answer.header("content-range"), format!("bytes */{size}"), "{range}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_another_object_is_answered_with_the_whole() {
    with_app(async |app| {
        let url = stream(app).await;
        let whole = fetch(app, Method::GET, &url, &[]).await.is(200);
        let etag = whole.header("etag");
        let range = ("range", "bytes=0-9");
        fetch(app, Method::GET, &url, &[range, ("if-range", etag)]).await.is(206);
        for other in ["\"other\"", &format!("W/{etag}"), "Wed, 21 Oct 2015 07:28:00 GMT"] {
            let answer = fetch(app, Method::GET, &url, &[range, ("if-range", other)]).await.is(200);
            assert_eq!(answer.body, whole.body, "{other}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_has_is_not_sent_again() {
    with_app(async |app| {
        let url = stream(app).await;
        let etag = fetch(app, Method::GET, &url, &[]).await.is(200).header("etag").to_owned();
        for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let answer = fetch(app, Method::GET, &url, &[("if-none-match", &known)]).await.is(304);
            assert_eq!((answer.body.len(), answer.header("etag")), (0, etag.as_str()), "{known}");
        }
        fetch(app, Method::GET, &url, &[("if-none-match", "\"other\"")]).await.is(200);
        // The condition goes before the range.
        fetch(app, Method::GET, &url, &[("if-none-match", &etag), ("range", "bytes=0-1")]).await.is(304);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn head_tells_everything_but_the_music() {
    with_app(async |app| {
        let url = stream(app).await;
        let get = fetch(app, Method::GET, &url, &[]).await.is(200);
        let head = fetch(app, Method::HEAD, &url, &[]).await.is(200);
        assert_eq!((head.body.len(), head.header("content-length")), (0, get.body.len().to_string().as_str()));
        assert_eq!(
            (head.header("etag"), head.header("content-type")),
            (get.header("etag"), get.header("content-type"))
        );
        // RFC 9110 §14.2: a range is of GET alone.
        let ranged = fetch(app, Method::HEAD, &url, &[("range", "bytes=0-9")]).await;
        let whole = (200, "", head.header("content-length"));
        assert_eq!((ranged.status, ranged.header("content-range"), ranged.header("content-length")), whole);
        fetch(app, Method::HEAD, &url, &[("range", "bytes=99999999-")]).await.is(200);
    })
    .await;
}

/// Listeners who begin to read and then do not.
const STALLED: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_nothing_holds_up_nobody_else() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        // Of which a minute takes a megabyte.
        let track = nina.uploads(&release, "noise.wav", noise(60)).await;
        nina.waits_until_ready(&track).await;
        let play = nina.plays(&track).await;
        let url = play["stream"]["url"].as_str().expect("a stream").to_owned();
        let mut stalled = Vec::new();
        for _ in 0..STALLED {
            let mut listener = Raw::open_narrow(&app.site).await;
            listener.sends(format!("GET {url} HTTP/1.1\r\nHost: {}\r\n\r\n", app.site.authority())).await;
            stalled.push(listener);
        }
        let mut times = Vec::new();
        for _ in 0..100 {
            let asked = Instant::now();
            fetch(app, Method::GET, &url, &[("range", "bytes=300000-365535")]).await.is(206);
            times.push(asked.elapsed());
        }
        times.sort_unstable();
        // On a machine that does much else; alone it is a few milliseconds.
        assert!(times[90] < Duration::from_secs(1), "{times:?}");
        // They are there still, and go on when they like.
        let mut last = stalled.pop().expect("one of them");
        last.reads_some(500_000).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_or_expired_grant_opens_nothing() {
    with_app(async |app| {
        let url = stream(app).await;
        let (head, tail) = url.rsplit_once("/opus_ogg_128").expect("the rendition");
        let (folder, grant) = head.rsplit_once('/').expect("the grant");
        let mut middle = grant.to_owned().into_bytes();
        let at = middle.len() / 2;
        middle[at] = if middle[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(middle).expect("ASCII");
        for grant in [forged.as_str(), &grant[1..], "x", "..%2f..", "%00", &"A".repeat(4000)] {
            let answer = fetch(app, Method::GET, &format!("{folder}/{grant}/opus_ogg_128{tail}"), &[]).await;
            answer.is_problem(404, "not-found");
        }
        for object in ["opus_flac", "..", "opus_ogg", "opus_ogg_128%00", "curated"] {
            let answer = fetch(app, Method::GET, &format!("{head}/{object}"), &[]).await;
            assert_eq!(answer.status, 404, "{object}");
        }
        app.platform.clock.advance(TimeDelta::hours(23));
        fetch(app, Method::GET, &url, &[]).await.is(200);
        app.platform.clock.advance(TimeDelta::hours(2));
        fetch(app, Method::GET, &url, &[]).await.is_problem(404, "not-found");
    })
    .await;
}
