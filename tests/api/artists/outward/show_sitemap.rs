//! The site map: all that is public, and nothing else.

use reqwest::Method;

use super::{HIDDEN, fetch, hide, parse, reveal, texts};
use crate::support::{App, send, with_app, with_settings};

const BASE: &str = "https://music.example";

/// The parts that the index names, as paths.
async fn parts(app: &App) -> Vec<String> {
    let index = fetch(app, "/sitemap.xml", &[]).await.is(200);
    assert_eq!(index.header("content-type"), "application/xml; charset=utf-8");
    let elements = parse(&index.text());
    assert_eq!(elements[0].attribute("xmlns"), "http://www.sitemaps.org/schemas/sitemap/0.9");
    let parts = texts(&elements, "sitemapindex/sitemap/loc");
    parts.iter().map(|part| part.strip_prefix(BASE).expect("a whole address").to_owned()).collect()
}

/// All pages of the map, part by part.
async fn map(app: &App) -> Vec<Vec<String>> {
    let mut map = Vec::new();
    for part in parts(app).await {
        let elements = parse(&fetch(app, &part, &[]).await.is(200).text());
        let (pages, dates) = (texts(&elements, "urlset/url/loc"), texts(&elements, "urlset/url/lastmod"));
        assert_eq!(pages.len(), dates.len());
        assert!(dates.iter().all(|date| chrono::DateTime::parse_from_rfc3339(date).is_ok()), "{dates:?}");
        map.push(pages);
    }
    map
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_has_all_that_is_public() {
    with_settings(&[("public_url", BASE)], async |app| {
        assert_eq!(map(app).await.concat(), Vec::<String>::new());
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.drafts_a_single("Drafts").await;
        let expected = [
            format!("{BASE}/artists/nina"),
            format!("{BASE}/releases/{}", single.release),
            format!("{BASE}/tracks/{}", single.track),
        ];
        assert_eq!(map(app).await.concat(), expected);
        let robots = fetch(app, "/robots.txt", &[]).await.is(200);
        assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
        assert!(robots.text().contains(&format!("\nSitemap: {BASE}/sitemap.xml\n")), "{}", robots.text());
        let text = robots.text();
        for open in ["artwork/", "enclosures/", "oembed", "artists/*/feed."] {
            assert!(text.contains(&format!("\nAllow: /api/v1/{open}\n")), "{text}");
        }
        assert!(text.contains("\nDisallow: /api/\n") && !text.contains("Disallow: /embed"), "{text}");
        let index = fetch(app, "/sitemap.xml", &[]).await.is(200);
        fetch(app, "/sitemap.xml", &[("if-none-match", index.header("etag"))]).await.is(304);
        let head = send(app.site.http.request(Method::HEAD, format!("{}/sitemap.xml", app.site.base))).await.is(200);
        assert!(head.body.is_empty());
        for host in ["/sitemap.xml", "/robots.txt", "/sitemaps/tracks-0.xml"] {
            fetch(app, host, &[("host", "evil.example")]).await.is_problem(421, "unknown-host");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_everybody_is_not_in_the_map() {
    with_settings(&[("public_url", BASE)], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        for (state, statement) in HIDDEN {
            hide(app, &single, statement).await;
            let pages = map(app).await.concat().join("\n");
            assert!(!pages.contains(&single.track), "{state}");
            assert_eq!(pages.contains(&single.release), !statement.contains("artists.releases"), "{state}");
            reveal(app, &single).await;
        }
        assert_eq!(map(app).await.concat().len(), 3);
        app.execute("update artists.artists set closed_at = now() where slug = 'nina'").await;
        assert_eq!(map(app).await.concat(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_catalogue_is_a_map_of_several_parts() {
    with_settings(&[("public_url", BASE)], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        // Three of a millisecond; each tenth is not public.
        app.execute(&format!(
            "insert into artists.tracks (id, release_id, title, position, state, source_key, source_size_bytes)
             select (lpad(to_hex(1700000000000 + n / 3), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
                    '{}', 'x', n + 2, case when n % 10 = 0 then 'processing' else 'ready' end, 'raw/none', 1
             from generate_series(1, 100100) n",
            single.release
        ))
        .await;
        let map = map(app).await;
        let tracks = &map[2..];
        assert_eq!(tracks.len(), 3);
        assert!(tracks.iter().all(|part| part.len() <= 50_000));
        let mut pages = tracks.concat();
        pages.sort_unstable();
        pages.dedup();
        let public = app.lines("select id::text as line from artists.tracks where state = 'ready' order by 1").await;
        let public: Vec<String> = public.iter().map(|id| format!("{BASE}/tracks/{id}")).collect();
        assert_eq!((pages.len(), pages == public), (90_091, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_there_is_not_is_not_found() {
    with_app(async |app| {
        for part in ["tracks", "tracks-x", "accounts-0", "tracks-99999999999999999999", "..%2f..%2fsecret", "%00"] {
            fetch(app, &format!("/sitemaps/{part}.xml"), &[]).await.is_problem(404, "not-found");
        }
        let late = fetch(app, "/sitemaps/tracks-99999999999999.xml", &[]).await.is(200);
        assert_eq!(texts(&parse(&late.text()), "urlset/url/loc"), Vec::<String>::new());
    })
    .await;
}
