//! HLS (RFC 8216) over CMAF.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Person, ffmpeg_frames, tone, with_app, with_settings};

/// ffmpeg plays the last packet whole, whatever its length in the container (browsers do not): a packet has 960 frames.
pub(crate) const LAST_PACKET: u64 = 960;

const AAC: &str = "audio/mp4; codecs=mp4a.40.2";

/// What a media playlist lists.
struct Listed {
    folder: String,
    segments: Vec<String>,
    seconds: Vec<f64>,
}

/// Follows the master playlist to the media playlist that a player begins with.
async fn listed(person: &Person<'_>, play: &Value) -> Listed {
    let url = play["hls"]["url"].as_str().expect("HLS");
    let master = person.get(url).await.is(200).text();
    list(person, url, &uris(&master)[0]).await
}

async fn list(person: &Person<'_>, url: &str, media: &str) -> Listed {
    let media_url = format!("{}/{media}", url.rsplit_once('/').expect("a folder").0);
    let text = person.get(&media_url).await.is(200).text();
    let lengths = text.lines().filter_map(|line| line.strip_prefix("#EXTINF:")?.trim_end_matches(',').parse().ok());
    let folder = media_url.rsplit_once('/').expect("a folder").0.to_owned();
    Listed { folder, segments: uris(&text), seconds: lengths.collect() }
}

fn uris(playlist: &str) -> Vec<String> {
    playlist.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

/// The init segment and all media segments, one behind the other, as a player puts them together.
pub(crate) async fn fetch_all(person: &Person<'_>, play: &Value) -> Vec<u8> {
    fetch_listed(person, listed(person, play).await).await
}

async fn fetch_listed(person: &Person<'_>, Listed { folder, segments, .. }: Listed) -> Vec<u8> {
    let mut bytes = person.get(&format!("{folder}/init.mp4")).await.is(200).body.to_vec();
    for segment in segments {
        bytes.extend(person.get(&format!("{folder}/{segment}")).await.is(200).body);
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn the_playlists_are_well_formed() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(440.0, 20.5)).await;
        nina.waits_until_ready(&track).await;
        let play = nina.plays(&track).await;
        let url = play["hls"]["url"].as_str().expect("HLS");
        let master = app.stranger().get(url).await.is(200);
        assert_eq!(master.header("content-type"), "application/vnd.apple.mpegurl");
        assert_eq!(master.header("access-control-allow-origin"), "*");
        let text = master.text();
        assert!(text.starts_with("#EXTM3U\n") && text.contains("CODECS=\"opus\""), "{text}");
        assert_eq!(uris(&text), ["opus_cmaf_128/media.m3u8", "opus_cmaf_64/media.m3u8", "flac_cmaf/media.m3u8"]);
        assert!(text.contains("CODECS=\"fLaC\",SCORE=3.0"), "{text}");
        let media_url = url.replace("master.m3u8", "opus_cmaf_128/media.m3u8");
        let text = app.stranger().get(&media_url).await.is(200).text();
        for line in ["#EXTM3U", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-MAP:URI=\"init.mp4\"", "#EXT-X-ENDLIST"] {
            assert!(text.lines().any(|found| found == line), "no {line} in {text}");
        }
        let target = text.lines().find_map(|line| line.strip_prefix("#EXT-X-TARGETDURATION:")?.parse::<f64>().ok());
        let Listed { segments, seconds, .. } = listed(&nina, &play).await;
        assert!(seconds.iter().all(|length| length.round() <= target.unwrap_or(0.0)), "{text}");
        let total: f64 = seconds.iter().sum();
        assert!((total - 20.5).abs() < 0.02 && seconds.len() == segments.len() && segments.len() > 2, "{text}");
        // Relative, and the same for every listener.
        assert!(uris(&text).iter().all(|uri| !uri.contains('/')), "{text}");
        let other = app.site.signs_in("nina").await.plays(&track).await;
        let other = other["hls"]["url"].as_str().unwrap_or_default().replace("master.m3u8", "opus_cmaf_128/media.m3u8");
        assert_eq!(app.stranger().get(&other).await.is(200).text(), text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_segments_together_are_the_whole_object() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(440.0, 20.5)).await;
        nina.waits_until_ready(&track).await;
        let play = nina.plays(&track).await;
        let segments = fetch_all(&app.stranger(), &play).await;
        let whole = play["stream"]["url"].as_str().unwrap_or_default().replace("opus_ogg", "opus_cmaf");
        assert!(app.stranger().get(&whole).await.is(200).body == segments);
        if let Some(frames) = ffmpeg_frames(&segments) {
            assert!((984_000..984_000 + LAST_PACKET).contains(&frames), "{frames}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lossless_segments_hold_what_the_whole_file_holds() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 20.5);
        let track = nina.uploads(&release, "long.wav", wav.clone()).await;
        nina.waits_until_ready(&track).await;
        let order = json!({ "track_id": track, "lossless": true });
        let play = nina.post("/plays", order).await.is(201).json();
        assert_eq!(play["stream"]["mime"], "audio/flac");
        let whole = nina.get(play["stream"]["url"].as_str().expect("a stream")).await.is(200).body;
        let url = play["hls"]["url"].as_str().expect("HLS");
        let segments = fetch_listed(&nina, list(&nina, url, "flac_cmaf/media.m3u8").await).await;
        // The frames are stored once: the segments are not much more than they.
        assert!(segments.len().abs_diff(whole.len()) < 20_000, "{} and {}", segments.len(), whole.len());
        let heads = play["stream"]["url"].as_str().unwrap_or_default().replace("/flac", "/flac_cmaf");
        nina.get(&heads).await.is_problem(404, "not-found");
        if let (Some(one), Some(other)) = (ffmpeg_frames(&whole), ffmpeg_frames(&segments)) {
            assert_eq!((one, other), (984_000, 984_000));
        }
        // A segment that a player asks for by range is not cut.
        let folder = url.trim_end_matches("master.m3u8");
        let segment = nina.get(&format!("{folder}flac_cmaf/1.m4s")).await.is(200);
        assert_eq!(segment.header("content-length"), segment.body.len().to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn players_without_opus_hear_aac_where_the_program_encodes_it() {
    if !legato_audio::ENCODES_AAC {
        return;
    }
    with_settings(&[("ladder", "opus_64,aac_128")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tone(440.0, 9.0)).await;
        nina.waits_until_ready(&track).await;
        nina.publishes(&release).await;
        let wish = json!({ "track_id": track, "accept": ["audio/mp4; codecs=mp4a.40.2", "audio/mpeg"] });
        let play = app.stranger().post("/plays", wish).await.is(201).json();
        for way in ["stream", "hls"] {
            assert_eq!(play[way]["how"], "rendition", "{play}");
        }
        assert_eq!(play["stream"]["mime"], AAC);
        let whole = app.stranger().get(play["stream"]["url"].as_str().expect("a stream")).await.is(200);
        assert_eq!(whole.header("content-type"), AAC);
        // As ffmpeg counts them, at 48 kHz; it plays the last packet whole.
        let frames = 9 * 48_000;
        let heard = |bytes: &[u8]| ffmpeg_frames(bytes).unwrap_or(frames);
        assert!((frames..frames + 1200).contains(&heard(&whole.body)), "{}", heard(&whole.body));
        let master = play["hls"]["url"].as_str().expect("HLS");
        let text = app.stranger().get(master).await.is(200).text();
        assert!(text.contains("CODECS=\"mp4a.40.2\"") && text.contains("CODECS=\"opus\""), "{text}");
        let listed = list(&app.stranger(), master, "aac_cmaf_128/media.m3u8").await;
        let seconds: f64 = listed.seconds.iter().sum();
        // What a decoder drops at the start counts as time of the first segment.
        assert!((9.0..9.1).contains(&seconds) && listed.segments.len() == 3, "{:?}", listed.seconds);
        let bytes = fetch_listed(&app.stranger(), listed).await;
        assert!((frames..frames + 5000).contains(&heard(&bytes)), "{}", heard(&bytes));
        let live = master.replace("/hls/", "/audio/").split('/').take(5).collect::<Vec<_>>().join("/");
        let live = app.stranger().get(&format!("{live}/on-the-fly/aac_96?start_ms=5000")).await.is(200);
        assert!((4 * 48_000..4 * 48_000 + 6000).contains(&heard(&live.body)), "{}", heard(&live.body));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_describes_the_same_segments() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(440.0, 20.5)).await;
        nina.waits_until_ready(&track).await;
        let play = nina.plays(&track).await;
        let url = play["dash"]["url"].as_str().expect("DASH");
        let manifest = app.stranger().get(url).await.is(200);
        assert_eq!(manifest.header("content-type"), "application/dash+xml");
        let text = manifest.text();
        assert!(text.contains("mediaPresentationDuration=\"PT20.500S\""), "{text}");
        for name in ["opus_cmaf_64", "opus_cmaf_128", "flac_cmaf"] {
            assert!(text.contains(&format!("media=\"{name}/$Number$.m4s\"")), "{text}");
            let folder = url.trim_end_matches("manifest.mpd");
            app.stranger().get(&format!("{folder}{name}/3.m4s")).await.is(200);
            app.stranger().get(&format!("{folder}{name}/5.m4s")).await.is(404);
        }
        app.stranger().get(&url.replace(&track, "nonsense")).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_has_the_same_name_for_everybody_and_is_not_sent_twice() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let folder_of = async |person: &Person<'_>| {
            let play = person.plays(&single.track).await;
            play["hls"]["url"].as_str().expect("segments").replace("master.m3u8", "opus_cmaf_128")
        };
        let ada = app.listener("ada").await;
        let (hers, other) = (folder_of(&ada).await, folder_of(&app.stranger()).await);
        let tag = async |path: &str| ada.get(path).await.is(200).header("etag").to_owned();
        let init = tag(&format!("{hers}/init.mp4")).await;
        let first = tag(&format!("{hers}/0.m4s")).await;
        assert_ne!(init, first);
        assert_eq!(
            (tag(&format!("{other}/init.mp4")).await, tag(&format!("{other}/0.m4s")).await),
            (init, first.clone())
        );
        let again = ada.request(reqwest::Method::GET, &format!("{hers}/0.m4s")).header("if-none-match", &first);
        let again = crate::support::send(again).await;
        assert_eq!(again.header("etag"), first);
        assert!(again.is(304).body.is_empty());
        // Only as long as the grant holds.
        ada.delete("/session").await.is(204);
        let request = app.stranger().request(reqwest::Method::GET, &format!("{hers}/0.m4s"));
        let ended = async || {
            let request = request.try_clone().expect("no body").header("if-none-match", &first);
            crate::support::send(request).await.status == 404
        };
        assert!(crate::support::becomes_true(std::time::Duration::from_secs(5), ended).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_from_the_disk_is_not_found_and_made_again() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        app.settle().await;
        let play = nina.plays(&single.track).await;
        let segment = play["hls"]["url"].as_str().expect("segments").replace("master.m3u8", "opus_cmaf_128/0.m4s");
        let keys = app.lines("select object_key as line from artists.renditions where kind = 'opus_cmaf'").await;
        for key in &keys {
            std::fs::remove_file(app.data().join("objects").join(key)).expect("it was there");
        }
        nina.get(&segment).await.is_problem(404, "not-found");
        // Others are none the worse.
        nina.get(play["stream"]["url"].as_str().expect("a stream")).await.is(200);
        let is_back = async || nina.get(&segment).await.status == 200;
        assert!(
            crate::support::becomes_true(std::time::Duration::from_secs(90), is_back).await,
            "nobody makes it again"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_the_grant_does_not_cover_is_not_found() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (one, other) = (nina.publishes_a_single("One").await, nina.publishes_a_single("Other").await);
        let play = app.stranger().plays(&one.track).await;
        let url = play["hls"]["url"].as_str().expect("HLS").to_owned();
        let folder = url.trim_end_matches("/master.m3u8");
        for path in [
            url.replace(&one.track, &other.track),
            url.replace(&one.track, "nonsense"),
            format!("{folder}/opus_ogg_128/media.m3u8"),
            format!("{folder}/opus_cmaf_128/9999.m4s"),
            format!("{folder}/opus_cmaf_128/-1.m4s"),
            format!("{folder}/opus_cmaf_128/x.m4s"),
            format!("{folder}/../media.m3u8"),
            url.replace("/hls/", "/hls/A"),
        ] {
            assert_eq!(app.stranger().get(&path).await.status, 404, "{path}");
        }
        app.platform.clock.advance(TimeDelta::hours(25));
        app.stranger().get(&url).await.is_problem(404, "not-found");
        app.stranger().get(&format!("{folder}/opus_cmaf_128/0.m4s")).await.is_problem(404, "not-found");
    })
    .await;
}
