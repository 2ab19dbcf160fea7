//! What the heads of pages say of the catalogue, to those who do not run the web app.

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use super::{HIDDEN, HOSTILE, fetch, hide, name_hostilely, reveal};
use crate::support::picture::picture;
use crate::support::{Answer, App, send, with_app, with_settings};

const PUBLIC: &[(&str, &str)] = &[("public_url", "https://music.example")];

async fn page(app: &App, path: &str) -> Answer {
    let answer = fetch(app, path, &[]).await.is(200);
    assert!(answer.header("content-type").starts_with("text/html"), "{}", answer.header("content-type"));
    answer
}

/// The contents of the `meta` elements with this name or property, unescaped by hand: only `&amp;` occurs.
fn meta(html: &str, name: &str) -> Vec<String> {
    let found =
        html.match_indices("<meta ").filter_map(|(at, _)| html[at..].split_once('>').map(|(element, _)| element));
    let named = found.filter(|element| element.contains(&format!("=\"{name}\"")));
    let content = named.filter_map(|element| Some(element.split_once("content=\"")?.1.split_once('"')?.0));
    content.map(|content| content.replace("&amp;", "&")).collect()
}

/// The document that a page holds for machines, and the page without it.
fn about(html: &str) -> (Value, String) {
    let (before, rest) = html.split_once("<script type=\"application/ld+json\">").expect("a document");
    let (json, after) = rest.split_once("</script>").expect("its end");
    (serde_json::from_str(json).expect("JSON"), format!("{before}{after}"))
}

fn has_link(html: &str, rel: &str, media_type: &str, href: &str) -> bool {
    let href = format!("href=\"{}\"", href.replace('&', "&amp;"));
    let links =
        html.match_indices("<link ").filter_map(|(at, _)| html[at..].split_once('>').map(|(element, _)| element));
    let fits =
        |link: &&str| link.contains(&format!("rel=\"{rel}\"")) && link.contains(media_type) && link.contains(&href);
    links.into_iter().any(|link| fits(&link))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_says_what_it_is() {
    with_settings(PUBLIC, async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides & Winds").await;
        let artwork = nina.request(Method::PUT, &format!("/releases/{}/artwork", single.release));
        send(artwork.body(picture(1200, 1200, ImageFormat::Png))).await.is(200);
        let html = page(app, &format!("/releases/{}", single.release)).await.text();
        assert_eq!(html.matches("<title>").count(), 1);
        assert!(html.contains("<title>Tides &amp; Winds by nina · Legato</title>"), "{html}");
        assert_eq!(meta(&html, "description").len(), 1, "{html}");
        let address = format!("https://music.example/releases/{}", single.release);
        assert!(has_link(&html, "canonical", "", &address), "{html}");
        for (property, content) in [
            ("og:type", "music.album"),
            ("og:title", "Tides & Winds"),
            ("og:url", &address),
            ("og:site_name", "Legato"),
            ("music:musician", "https://music.example/artists/nina"),
            ("music:song", &format!("https://music.example/tracks/{}", single.track)),
            ("og:image:width", "1024"),
            ("twitter:card", "player"),
            ("twitter:player", &format!("https://music.example/embed/releases/{}", single.release)),
        ] {
            assert_eq!(meta(&html, property), [content], "{property} in {html}");
        }
        let image = meta(&html, "og:image").pop().expect("a picture");
        let image = image.strip_prefix("https://music.example").expect("a whole address");
        assert_eq!(fetch(app, image, &[]).await.is(200).header("content-type"), "image/jpeg");
        let oembed = format!(
            "https://music.example/api/v1/oembed?url=https%3A%2F%2Fmusic.example%2Freleases%2F{}&format=json",
            single.release
        );
        assert!(has_link(&html, "alternate", "application/json+oembed", &oembed), "{html}");
        // The web app is still in it.
        assert!(html.contains("<div id=\"root\">") && html.contains("<script type=\"module\""), "{html}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_and_an_artist_say_what_they_are() {
    with_settings(PUBLIC, async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let html = page(app, &format!("/tracks/{}", single.track)).await.text();
        for (property, content) in [
            ("og:type", "music.song"),
            ("music:duration", "1"),
            ("music:album", &format!("https://music.example/releases/{}", single.release)),
            ("music:album:track", "1"),
        ] {
            assert_eq!(meta(&html, property), [content], "{property} in {html}");
        }
        assert!(meta(&html, "og:audio").is_empty());
        let html = page(app, "/artists/nina").await.text();
        assert!(html.contains("<title>nina · Legato</title>") && !html.contains("application/rss+xml"), "{html}");
        assert_eq!(meta(&html, "og:type"), ["profile"]);
        nina.patch("/artists/nina", json!({ "feed": true, "biography": "**Harp** & more." })).await.is(200);
        let html = page(app, "/artists/nina").await.text();
        assert_eq!(meta(&html, "description"), ["Harp & more."]);
        for (kind, media_type) in [("rss", "application/rss+xml"), ("json", "application/feed+json")] {
            let feed = format!("https://music.example/api/v1/artists/nina/feed.{kind}");
            assert!(has_link(&html, "alternate", media_type, &feed), "{html}");
        }
        let html = page(app, &format!("/tracks/{}", single.track)).await.text();
        assert_eq!(meta(&html, "og:audio"), [format!("https://music.example/api/v1/enclosures/{}.opus", single.track)]);
        // A former address is told the one of today.
        nina.patch("/artists/nina", json!({ "slug": "nina-s" })).await.is(200);
        let html = page(app, "/artists/nina").await.text();
        assert!(has_link(&html, "canonical", "", "https://music.example/artists/nina-s"), "{html}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_everybody_has_the_page_of_what_never_was() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let unknown = page(app, &format!("/releases/{}", uuid::Uuid::now_v7())).await;
        assert!(unknown.text().contains("<title>Legato</title>"));
        let nothing = |answer: Answer, what: &str| {
            assert_eq!(answer.body, unknown.body, "{what}");
            assert_eq!(answer.header("etag"), unknown.header("etag"), "{what}");
        };
        let track = format!("/tracks/{}", single.track);
        let release = format!("/releases/{}", single.release);
        for (state, statement) in HIDDEN {
            hide(app, &single, statement).await;
            nothing(page(app, &track).await, state);
            if statement.contains("artists.releases") {
                nothing(page(app, &release).await, state);
            } else {
                let html = page(app, &release).await.text();
                assert!(!html.contains(&single.track), "{state}: {html}");
            }
            let html = page(app, "/artists/nina").await.text();
            assert!(!html.contains("Tides") && !html.contains(&single.release), "{state}: {html}");
            reveal(app, &single).await;
            assert_ne!(page(app, &track).await.body, unknown.body);
        }
        app.execute("update artists.artists set closed_at = now() where slug = 'nina'").await;
        for gone in [track.as_str(), &release, "/artists/nina", "/artists/..%2f", "/tracks/x", "/artists/%00"] {
            nothing(page(app, gone).await, gone);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_leave_its_place_in_a_page() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let plain = page(app, &format!("/releases/{}", uuid::Uuid::now_v7())).await.text();
        let scripts = plain.matches("<script").count();
        name_hostilely(app, &single).await;
        for path in
            [format!("/releases/{}", single.release), format!("/tracks/{}", single.track), "/artists/nina".into()]
        {
            let (_, html) = about(&page(app, &path).await.text());
            assert_eq!(html.matches("<script").count(), scripts, "{html}");
            assert!(!html.contains("<!--") && !html.contains("' onload") && !html.contains("\" onload"), "{html}");
            assert!(!html.contains('\u{1}') && !html.contains('\u{1b}'), "{html}");
            assert!(
                html.contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                    && html.contains(HOSTILE[1].trim_start_matches("<!--")),
                "{html}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_head_is_kept_by_its_tag() {
    with_settings(PUBLIC, async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/releases/{}", single.release);
        let first = page(app, &path).await;
        assert_eq!(first.header("cache-control"), "no-cache");
        assert_eq!(fetch(app, &path, &[("if-none-match", first.header("etag"))]).await.is(304).body.len(), 0);
        nina.patch(&format!("/releases/{}", single.release), json!({ "title": "Winds" })).await.is(200);
        fetch(app, &path, &[("if-none-match", first.header("etag"))]).await.is(200);
        // Links are the configured address' own.
        fetch(app, &path, &[("host", "evil.example")]).await.is_problem(421, "unknown-host");
        let forwarded = fetch(app, &path, &[("x-forwarded-host", "evil.example")]).await.is(200).text();
        assert!(!forwarded.contains("evil.example") && !forwarded.contains("127.0.0.1"), "{forwarded}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_who_else_knows_what_it_is_about() {
    with_settings(PUBLIC, async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides & <Winds>").await;
        let (release, track) = (format!("/releases/{}", single.release), format!("/tracks/{}", single.track));
        let address = |path: &str| format!("https://music.example{path}");
        let (bare, _) = about(&page(app, &track).await.text());
        assert_eq!((&bare["@type"], &bare["name"]), (&json!("MusicRecording"), &json!("Tides & <Winds>")));
        assert_eq!((&bare["sameAs"], &bare["recordingOf"]), (&json!(null), &json!(null)));
        assert_eq!((&bare["duration"], &bare["inAlbum"]["url"]), (&json!("PT1.000S"), &json!(address(&release))));
        assert!(meta(&page(app, &track).await.text(), "og:see_also").is_empty());

        let id = |digit: char| format!("{digit}b11f4ce-a62d-471e-81fc-a69a8278c7da");
        let there = |kind: &str, digit| format!("https://musicbrainz.org/{kind}/{}", id(digit));
        nina.patch("/artists/nina", json!({ "artist_mbid": id('1') })).await.is(200);
        nina.patch(&release, json!({ "release_mbid": id('2'), "release_group_mbid": id('3') })).await.is(200);
        let codes = json!({ "recording_mbid": id('4'), "work_mbid": id('5'), "isrc": "DEA123456789" });
        nina.patch(&track, codes).await.is(200);

        let (artist, html) = about(&page(app, "/artists/nina").await.text());
        assert_eq!((&artist["@type"], &artist["sameAs"]), (&json!("MusicGroup"), &json!([there("artist", '1')])));
        assert_eq!(meta(&html, "og:see_also"), [there("artist", '1')]);
        let (album, html) = about(&page(app, &release).await.text());
        let both = [there("release", '2'), there("release-group", '3')];
        assert_eq!((&album["@type"], &album["sameAs"]), (&json!("MusicAlbum"), &json!(both)));
        assert_eq!(meta(&html, "og:see_also"), both);
        assert_eq!(album["byArtist"]["sameAs"], json!([there("artist", '1')]));
        assert_eq!(album["track"][0]["url"], json!(address(&track)));
        let (recording, html) = about(&page(app, &track).await.text());
        assert_eq!(
            (&recording["sameAs"], &recording["isrcCode"]),
            (&json!([there("recording", '4')]), &json!("DEA123456789"))
        );
        assert_eq!(recording["recordingOf"]["sameAs"], json!([there("work", '5')]));
        assert_eq!(recording["inAlbum"]["sameAs"], json!(both));
        assert_eq!(meta(&html, "og:see_also"), [there("recording", '4')]);
    })
    .await;
}
