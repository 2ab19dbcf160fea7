//! oEmbed: what pages of others put in the place of a link.

use image::ImageFormat;
use reqwest::Method;
use serde_json::json;

use super::{HIDDEN, HOSTILE, fetch, hide, name_hostilely, parse, reveal, texts};
use crate::support::picture::picture;
use crate::support::{Answer, App, send, with_app, with_settings};

const BASE: &str = "https://music.example";

async fn ask(app: &App, page: &str, more: &str) -> Answer {
    let page = format!("{BASE}{page}").replace(':', "%3A").replace('/', "%2F");
    app.stranger().get(&format!("/oembed?url={page}{more}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_becomes_a_player() {
    with_settings(&[("public_url", BASE)], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        for (page, title) in [
            (format!("/releases/{}", single.release), "Tides"),
            (format!("/tracks/{}", single.track), "Tides"),
            ("/artists/nina".to_owned(), "nina"),
        ] {
            let embedding = ask(app, &page, "").await.is(200).json();
            assert_eq!((&embedding["version"], &embedding["type"]), (&json!("1.0"), &json!("rich")));
            assert_eq!((&embedding["title"], &embedding["author_name"]), (&json!(title), &json!("nina")));
            assert_eq!(embedding["author_url"], format!("{BASE}/artists/nina"));
            assert_eq!(embedding["provider_url"], BASE);
            let html = embedding["html"].as_str().expect("html");
            let player = format!("<iframe src=\"{BASE}/embed{page}\"");
            assert!(html.starts_with(&player) && html.ends_with("</iframe>"), "{html}");
            assert!(
                html.contains(&format!("width=\"{}\" height=\"{}\"", embedding["width"], embedding["height"])),
                "{html}"
            );
            fetch(app, &format!("/embed{page}"), &[]).await.is(200);
            // The same as XML.
            let xml = ask(app, &page, "&format=xml").await.is(200);
            assert_eq!(xml.header("content-type"), "text/xml; charset=utf-8");
            let elements = parse(&xml.text());
            for (name, value) in embedding.as_object().expect("an object") {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(texts(&elements, &format!("oembed/{name}")), [value], "{name}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_and_its_picture_keep_within_the_limits() {
    with_settings(&[("public_url", BASE)], async |app| {
        let nina = app.artist("nina").await;
        let page = format!("/releases/{}", nina.publishes_a_single("Tides").await.release);
        assert_eq!(ask(app, &page, "").await.is(200).json()["thumbnail_url"], json!(null));
        send(nina.request(Method::PUT, &format!("{page}/artwork")).body(picture(300, 300, ImageFormat::Png)))
            .await
            .is(200);
        for (limits, width, height, thumbnail) in [
            ("", 480, 360, Some(300)),
            ("&maxwidth=200&maxheight=100", 200, 100, Some(64)),
            ("&maxwidth=9000", 480, 360, Some(300)),
            ("&maxheight=63", 480, 63, None),
        ] {
            let embedding = ask(app, &page, limits).await.is(200).json();
            assert_eq!((&embedding["width"], &embedding["height"]), (&json!(width), &json!(height)), "{limits}");
            assert_eq!(embedding["thumbnail_width"], json!(thumbnail), "{limits}");
            let Some(url) = embedding["thumbnail_url"].as_str() else { continue };
            let picture = fetch(app, url.strip_prefix(BASE).expect("a whole address"), &[]).await.is(200);
            let picture = image::load_from_memory(&picture.body).expect("a picture");
            assert_eq!((Some(picture.width()), Some(picture.height())), (thumbnail, thumbnail), "{limits}");
        }
        for (limits, field) in [
            ("&maxwidth=0", "maxwidth"),
            ("&maxheight=-1", "maxheight"),
            ("&maxwidth=wide", "maxwidth"),
            ("&format=bmp", "format"),
        ] {
            ask(app, &page, limits).await.is_invalid(field);
        }
        app.stranger().get("/oembed").await.is_invalid("url");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_public_pages_of_this_server_become_players() {
    with_settings(&[("public_url", BASE)], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        for other in
            ["https://evil.example/artists/nina", "https://music.example.evil.example/artists/nina", "nina", ""]
        {
            app.stranger().get(&format!("/oembed?url={other}")).await.is_problem(404, "not-found");
        }
        for other in ["/", "/studio", "/artists/otto", "/links/legato_p_x", "/api/v1/artists/nina"] {
            ask(app, other, "").await.is_problem(404, "not-found");
        }
        for (state, statement) in HIDDEN {
            hide(app, &single, statement).await;
            let answer = ask(app, &format!("/tracks/{}", single.track), "").await;
            answer.is_problem(404, "not-found");
            if statement.contains("artists.releases") {
                let answer = ask(app, &format!("/releases/{}", single.release), "").await;
                assert!(!answer.text().contains("Tides"), "{state}");
                answer.is_problem(404, "not-found");
            }
            reveal(app, &single).await;
        }
        ask(app, &format!("/tracks/{}", single.track), "").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_leave_its_place_in_an_iframe() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        name_hostilely(app, &single).await;
        let url = format!("{}/releases/{}", app.site.base, single.release);
        let embedding = app.stranger().get(&format!("/oembed?url={url}")).await.is(200).json();
        let html = embedding["html"].as_str().expect("html");
        assert_eq!((html.matches('<').count(), html.matches("onload").count()), (2, 2), "{html}");
        assert!(!html.contains("\" onload") && !html.contains('\u{1}'), "{html}");
        let xml = app.stranger().get(&format!("/oembed?url={url}&format=xml")).await.is(200).text();
        assert_eq!(texts(&parse(&xml), "oembed/title"), [HOSTILE.concat()]);
    })
    .await;
}
