//! Export a playlist as a file for other programs.

use serde_json::json;

use super::{adds, makes};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn every_format_names_what_is_in_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, draft) = (nina.publishes_a_single("Tides & <Waves>").await, nina.drafts_a_single("Draft").await);
        let isrc = json!({ "isrc": "USRC17607839" });
        nina.patch(&format!("/tracks/{}", tides.track), isrc).await.is(200);
        let path = makes(&nina, "Mornings", "unlisted").await;
        adds(&nina, &path, &[&tides.track, &draft.track]).await;
        let page = format!("{}/tracks/{}", app.site.base, tides.track);
        let parts: [(&str, &str, &[&str]); 5] = [
            ("m3u8", "audio/x-mpegurl; charset=utf-8", &["#PLAYLIST:Mornings", "#EXTINF:1,nina - Tides & <Waves>\n"]),
            ("xspf", "application/xspf+xml", &["<title>Tides &amp; &lt;Waves&gt;</title>", "urn:isrc:USRC17607839"]),
            ("jspf", "application/jspf+json", &["\"title\": \"Tides & <Waves>\"", "urn:isrc:USRC17607839"]),
            ("pls", "audio/x-scpls; charset=utf-8", &["Title1=nina - Tides & <Waves>\n", "NumberOfEntries=2"]),
            ("csv", "text/csv; charset=utf-8", &["1,Tides & <Waves>,nina,Tides & <Waves>,1000,USRC17607839,"]),
        ];
        for (format, mime, parts) in parts {
            let export = format!("{path}/export?format={format}");
            let file = ada.get(&export).await.is(200);
            assert_eq!(file.header("content-type"), mime);
            assert!(file.header("content-disposition").ends_with(&format!(".{format}\"")), "{format}");
            let text = file.text();
            for part in parts.iter().chain(&[page.as_str(), draft.track.as_str()]) {
                assert!(text.contains(part), "{part} is not in {text}");
            }
            assert!(!text.contains("Draft"), "{text}");
            assert!(nina.get(&export).await.text().contains("Draft"));
        }
        ada.get(&format!("{path}/export?format=mp3")).await.is_invalid("format");
        ada.get(&format!("{path}/export")).await.is_invalid("format");
        let private = makes(&nina, "Mine", "private").await;
        ada.get(&format!("{private}/export?format=csv")).await.is_problem(404, "not-found");
    })
    .await;
}
