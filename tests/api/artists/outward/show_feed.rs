//! Feeds: RSS 2.0 and JSON Feed 1.1 of what is public, where the artist allows it.

use reqwest::Method;
use serde_json::{Value, json};

use super::{HIDDEN, HOSTILE, fetch, hide, name_hostilely, parse, reveal, texts};
use crate::support::{App, Person, Single, send, with_app, with_settings};

const RSS: &str = "/artists/nina/feed.rss";
const JSON: &str = "/artists/nina/feed.json";

/// An artist with a feed, and a public track in it.
async fn set(app: &App) -> (Person<'_>, Single) {
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    nina.patch("/artists/nina", json!({ "feed": true })).await.is(200);
    (nina, single)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_there_where_the_artist_wants_it() {
    with_app(async |app| {
        let (nina, stranger) = (app.artist("nina").await, app.stranger());
        nina.publishes_a_single("Tides").await;
        assert_eq!(nina.get("/artists/nina").await.is(200).json()["feed"], false);
        for feed in [RSS, JSON] {
            stranger.get(feed).await.is_problem(404, "not-found");
            nina.get(feed).await.is_problem(404, "not-found");
        }
        app.listener("otto").await.patch("/artists/nina", json!({ "feed": true })).await.is_problem(404, "not-found");
        nina.patch("/artists/nina", json!({ "feed": 1 })).await.is_invalid("feed");
        assert_eq!(nina.patch("/artists/nina", json!({ "feed": true })).await.is(200).json()["feed"], true);
        // What is not told stays.
        assert_eq!(nina.patch("/artists/nina", json!({ "places": [] })).await.is(200).json()["feed"], true);
        for feed in [RSS, JSON] {
            stranger.get(feed).await.is(200);
        }
        nina.patch("/artists/nina", json!({ "feed": false })).await.is(200);
        stranger.get(RSS).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rss_tells_of_tracks_and_their_files() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        let (nina, single) = set(app).await;
        nina.patch("/artists/nina", json!({ "biography": "Plays the *harp*." })).await.is(200);
        let answer = app.stranger().get(RSS).await.is(200);
        assert_eq!(answer.header("content-type"), "application/rss+xml; charset=utf-8");
        let elements = parse(&answer.text());
        assert_eq!((elements[0].path.as_str(), elements[0].attribute("version")), ("rss", "2.0"));
        let text = |path: &str| texts(&elements, path).join("|");
        assert_eq!(text("rss/channel/title"), "nina");
        assert_eq!(text("rss/channel/link"), "https://music.example/artists/nina");
        assert_eq!(text("rss/channel/description"), "Plays the harp.");
        assert_eq!(text("rss/channel/item/title"), "Tides");
        assert_eq!(text("rss/channel/item/link"), format!("https://music.example/tracks/{}", single.track));
        assert_eq!(text("rss/channel/item/guid"), format!("urn:uuid:{}", single.track));
        assert_eq!(text("rss/channel/item/itunes:duration"), "1");
        let date = text("rss/channel/item/pubDate");
        assert!(chrono::DateTime::parse_from_rfc2822(&date).is_ok(), "{date}");
        let own = elements.iter().find(|element| element.path == "rss/channel/atom:link").expect("its own address");
        assert_eq!(own.attribute("href"), "https://music.example/api/v1/artists/nina/feed.rss");
        // What it encloses is as long as it says, and of that type, for whoever comes without an account.
        let file = elements.iter().find(|element| element.path.ends_with("item/enclosure")).expect("an enclosure");
        let path = file.attribute("url").strip_prefix("https://music.example").expect("a whole address");
        let head = send(app.stranger().request(Method::HEAD, path)).await.is(200);
        assert_eq!(head.header("content-length"), file.attribute("length"));
        assert!(head.header("content-type").starts_with(file.attribute("type")), "{}", head.header("content-type"));
        let whole = app.stranger().get(path).await.is(200);
        assert_eq!(whole.body.len().to_string(), file.attribute("length"));
        assert!(whole.body.starts_with(b"OggS"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_feed_tells_the_same() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        let (_, single) = set(app).await;
        let answer = app.stranger().get(JSON).await.is(200);
        assert_eq!(answer.header("content-type"), "application/feed+json");
        let feed = answer.json();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(
            (&feed["title"], &feed["home_page_url"]),
            (&json!("nina"), &json!("https://music.example/artists/nina"))
        );
        assert_eq!(feed["feed_url"], "https://music.example/api/v1/artists/nina/feed.json");
        let item = &feed["items"][0];
        assert_eq!((&item["id"], &item["title"]), (&json!(format!("urn:uuid:{}", single.track)), &json!("Tides")));
        assert_eq!(item["url"], format!("https://music.example/tracks/{}", single.track));
        assert!(item["content_text"].as_str().is_some_and(|text| text.contains("Tides")), "{item}");
        assert!(chrono::DateTime::parse_from_rfc3339(item["date_published"].as_str().expect("a date")).is_ok());
        let file = &item["attachments"][0];
        let path = file["url"].as_str().and_then(|url| url.strip_prefix("https://music.example")).expect("an address");
        let whole = app.stranger().get(path).await.is(200);
        assert_eq!(file["size_in_bytes"], whole.body.len());
        assert_eq!((&file["mime_type"], &file["duration_in_seconds"]), (&json!("audio/ogg"), &json!(1)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_well_formed_whatever_a_title_holds() {
    with_app(async |app| {
        let (_, single) = set(app).await;
        name_hostilely(app, &single).await;
        let text = app.stranger().get(RSS).await.is(200).text();
        let elements = parse(&text);
        assert_eq!(texts(&elements, "rss/channel/item/title"), [HOSTILE.concat()]);
        assert_eq!(texts(&elements, "rss/channel/title"), [HOSTILE.concat()]);
        assert!(!text.contains("<script"), "{text}");
        let feed = app.stranger().get(JSON).await.is(200).json();
        let title = feed["items"][0]["title"].as_str().expect("a title");
        assert!(title.starts_with(HOSTILE[0]) && title.ends_with(HOSTILE[1]), "{title:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reader_has_is_not_sent_again_until_something_changes() {
    with_app(async |app| {
        let (nina, single) = set(app).await;
        for feed in ["/api/v1/artists/nina/feed.rss", "/api/v1/artists/nina/feed.json"] {
            reveal(app, &single).await;
            let first = fetch(app, feed, &[]).await.is(200);
            let (tag, date) = (first.header("etag"), first.header("last-modified"));
            let known = fetch(app, feed, &[("if-none-match", tag)]).await.is(304);
            assert_eq!((known.body.len(), known.header("etag"), known.header("last-modified")), (0, tag, date));
            fetch(app, feed, &[("if-modified-since", date)]).await.is(304);
            fetch(app, feed, &[("if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT")]).await.is(200);
            // Where a tag was sent, the date says nothing.
            fetch(app, feed, &[("if-none-match", "\"other\""), ("if-modified-since", date)]).await.is(200);
            // What is taken out of a feed is a change as well, though nothing in it is newer.
            let mut last = date.to_owned();
            for statement in [
                "update artists.tracks set title = title || '!' where id = '{track}'",
                "update artists.releases set visibility = 'private' where id = '{release}'",
            ] {
                hide(app, &single, statement).await;
                let changed = fetch(app, feed, &[("if-modified-since", &last)]).await.is(200);
                assert_ne!(changed.header("last-modified"), last);
                fetch(app, feed, &[("if-none-match", tag)]).await.is(200);
                last = changed.header("last-modified").to_owned();
                fetch(app, feed, &[("if-modified-since", &last)]).await.is(304);
            }
        }
        let head = send(nina.request(Method::HEAD, RSS)).await.is(200);
        assert!(head.body.is_empty() && !head.header("etag").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_everybody_leaves_no_trace_in_a_feed() {
    with_app(async |app| {
        let (nina, single) = set(app).await;
        let shown = nina.publishes_a_single("Harbour").await;
        let file = enclosure(&app.stranger().get(JSON).await.is(200).json(), &single.track);
        for (state, statement) in HIDDEN {
            hide(app, &single, statement).await;
            // Nor for those who may see it: a feed knows no viewer.
            for person in [app.stranger(), app.site.holds(nina.token.as_deref().expect("a token"))] {
                for feed in [RSS, JSON] {
                    let text = person.get(feed).await.is(200).text();
                    assert!(text.contains(&shown.track), "{state}");
                    assert!(!text.contains(&single.track) && !text.contains("Tides"), "{state}: {text}");
                }
                person.get(&file).await.is_problem(404, "not-found");
            }
            reveal(app, &single).await;
            app.stranger().get(&file).await.is(200);
        }
        app.execute("update artists.artists set closed_at = now() where slug = 'nina'").await;
        for gone in [RSS, JSON, &file] {
            app.stranger().get(gone).await.is_problem(404, "not-found");
        }
    })
    .await;
}

fn enclosure(feed: &Value, track: &str) -> String {
    let items = feed["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["id"] == format!("urn:uuid:{track}")).expect("the track");
    let url = item["attachments"][0]["url"].as_str().expect("an address");
    url[url.find("/api/").expect("a path")..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn links_come_from_the_configured_address() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        set(app).await;
        let feed = "/api/v1/artists/nina/feed.rss";
        fetch(app, feed, &[("host", "evil.example")]).await.is_problem(421, "unknown-host");
        for headers in [&[("x-forwarded-host", "evil.example")][..], &[("forwarded", "host=evil.example")], &[]] {
            let text = fetch(app, feed, headers).await.is(200).text();
            assert!(!text.contains("evil.example") && !text.contains("127.0.0.1"), "{text}");
            assert!(text.contains("https://music.example/api/v1/enclosures/"), "{text}");
        }
    })
    .await;
    with_app(async |app| {
        set(app).await;
        let text = app.stranger().get(RSS).await.is(200).text();
        assert!(text.contains(&format!("<link>{}/artists/nina</link>", app.site.base)), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_address_leads_to_the_feed() {
    with_app(async |app| {
        let (nina, _) = set(app).await;
        nina.patch("/artists/nina", json!({ "slug": "nina-s" })).await.is(200);
        let text = app.stranger().get(RSS).await.is(200).text();
        assert!(text.contains("/api/v1/artists/nina-s/feed.rss"), "{text}");
    })
    .await;
}
