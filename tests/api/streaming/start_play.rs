//! Press play.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, send, tone, wav_part, with_app, with_settings};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_plays_what_is_published() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        for person in [&nina, &ada, &app.stranger()] {
            let play = person.plays(&single.track).await;
            let track = &play["track"];
            assert_eq!((&track["id"], &track["title"]), (&json!(single.track), &json!("Tides")));
            assert_eq!((&track["duration_ms"], &track["artist"]["slug"]), (&json!(1000), &json!("nina")));
            assert_eq!(play["stream"]["mime"], "audio/ogg; codecs=opus");
            assert!(
                play["stream"]["bitrate_bps"].as_u64().is_some_and(|bps| (6_000..400_000).contains(&bps)),
                "{play}"
            );
            assert!(play["stream"]["url"].as_str().is_some_and(|url| url.starts_with("/api/v1/audio/")), "{play}");
            assert!(play["hls"]["url"].as_str().is_some_and(|url| url.ends_with("/master.m3u8")), "{play}");
            assert!(play["expires_at"].is_string());
        }
        let plays = app.lines("select coalesce(account_id::text, '-') as line from streaming.plays").await;
        let mut expected = [nina.id.clone(), ada.id.clone(), "-".to_owned()];
        expected.sort();
        assert!(plays.iter().all(|player| expected.contains(player)) && plays.len() == 3, "{plays:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_plays_for_its_members_alone() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let draft = nina.drafts_a_single("Tides").await;
        for person in [&ada, &app.stranger()] {
            person.post("/plays", json!({ "track_id": draft.track })).await.is_problem(404, "not-found");
        }
        let play = nina.plays(&draft.track).await;
        // The grant is the key: whoever has it hears what nina hears.
        app.stranger().get(play["stream"]["url"].as_str().unwrap_or_default()).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_given_what_it_can_play() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let accepting = async |accept: Value| {
            app.stranger().post("/plays", json!({ "track_id": single.track, "accept": accept })).await
        };
        for (accept, stream, hls) in [
            (json!([]), true, true),
            (json!(["audio/*"]), true, true),
            (json!(["*/*"]), true, true),
            (json!(["audio/ogg; codecs=\"opus\""]), true, false),
            (json!(["audio/mp4;codecs=opus", "audio/mpeg"]), false, true),
        ] {
            let play = accepting(accept.clone()).await.is(201).json();
            assert_eq!((play["stream"].is_object(), play["hls"].is_object()), (stream, hls), "{accept}");
        }
        // What nobody prepared is made while it is listened to.
        let live = accepting(json!(["audio/mpeg"])).await.is(201).json();
        assert_eq!((&live["stream"]["how"], &live["hls"]), (&json!("on_the_fly"), &Value::Null), "{live:#}");
        let url = live["stream"]["url"].as_str().expect("an address");
        assert_eq!(app.stranger().get(url).await.is(200).header("content-type"), "audio/mpeg");
        accepting(json!(["audio/ogg; codecs=vorbis"])).await.is_problem(406, "nothing-acceptable");
        accepting(json!(vec!["audio/ogg"; 33])).await.is_invalid("accept");
        accepting(json!("audio/ogg")).await.is_invalid("accept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_abilities_are_known_needs_no_list_of_them() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let plays = async |client: &str| {
            app.stranger().post("/plays", json!({ "track_id": single.track, "client": client })).await
        };
        for (client, whole, segments) in
            [("vlc", "rendition", true), ("sonos", "direct", false), ("chromecast", "rendition", false)]
        {
            let play = plays(client).await.is(201).json();
            assert_eq!(
                (&play["stream"]["how"], play["hls"].is_object()),
                (&json!(whole), segments),
                "{client}: {play:#}"
            );
        }
        plays("walkman").await.is_invalid("client");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_levelled_as_a_whole_for_those_who_wish_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let loud = nina.uploads(&release, "loud.wav", tone(1000.0, 2.0)).await;
        let quiet = nina.uploads(&release, "quiet.wav", wav_part(&tone(1000.0, 2.0), 0.0, 2.0, 0.25)).await;
        for track in [&loud, &quiet] {
            nina.waits_until_ready(track).await;
        }
        let gain = async |track: &str, levelling: &str| {
            let play = nina.post("/plays", json!({ "track_id": track, "levelling": levelling })).await.is(201).json();
            play["stream"]["gain_db"].as_f64().expect("a gain")
        };
        let (own, other) = (gain(&loud, "track").await, gain(&quiet, "track").await);
        assert!(other - own > 6.0, "{own} {other}");
        let (whole, same) = (gain(&loud, "release").await, gain(&quiet, "release").await);
        assert!(same.to_bits() == whole.to_bits() && whole > own && whole < other, "{own} {whole} {other}");
        assert!(gain(&loud, "off").await.abs() < 1e-9);
        nina.post("/plays", json!({ "track_id": loud, "levelling": "loud" })).await.is_invalid("levelling");
    })
    .await;
}

/// A release with one track of a minute, of which a preview begins at 20 s.
async fn publishes_a_minute(nina: &Person<'_>) -> (String, String) {
    let release = nina.creates_release("Minute").await;
    let track = nina.uploads(&release, "minute.wav", tone(440.0, 60.0)).await;
    nina.waits_until_ready(&track).await;
    nina.patch(&format!("/tracks/{track}"), json!({ "preview_start_ms": 20_000 })).await.is(200);
    nina.publishes(&release).await;
    (release, track)
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_hear_a_preview_where_the_server_is_set_up_so() {
    with_settings(&[("strangers_hear", "preview")], async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (release, track) = publishes_a_minute(&nina).await;
        let whole = ada.plays(&track).await;
        assert_eq!((&whole["preview"], whole["dash"].is_object()), (&Value::Null, true));
        let play = app.stranger().plays(&track).await;
        assert_eq!(play["preview"], json!({ "start_ms": 20_000, "duration_ms": 30_000 }));
        assert_eq!((&play["stream"], &play["dash"]), (&Value::Null, &Value::Null));
        let folder = |play: &Value| {
            let url = play["hls"]["url"].as_str().expect("an address");
            url.rsplit_once('/').expect("a folder").0.to_owned()
        };
        let media = async |play: &Value| {
            let media = ada.get(&format!("{}/opus_cmaf_128/media.m3u8", folder(play))).await.is(200).text();
            let lengths =
                media.lines().filter_map(|line| line.strip_prefix("#EXTINF:")?.strip_suffix(',')?.parse::<f64>().ok());
            lengths.collect::<Vec<_>>()
        };
        let (all, piece) = (media(&whole).await, media(&play).await);
        let seconds: f64 = piece.iter().sum();
        assert!((30.0..38.0).contains(&seconds) && all.iter().sum::<f64>() > 59.0, "{seconds}");
        // It is the piece that the artist chose, and there is nothing behind it.
        let starts = all.iter().scan(0.0, |end, length| Some(std::mem::replace(end, *end + length)));
        let nearest = starts.enumerate().min_by(|one, other| (one.1 - 20.0).abs().total_cmp(&(other.1 - 20.0).abs()));
        let before = nearest.expect("segments").0;
        assert!(before > 1, "{all:?}");
        let segment =
            async |play: &Value, number: usize| ada.get(&format!("{}/opus_cmaf_128/{number}.m4s", folder(play))).await;
        assert_eq!(segment(&play, 0).await.is(200).body, segment(&whole, before).await.is(200).body);
        segment(&play, piece.len()).await.is_problem(404, "not-found");
        let grant = folder(&play).split('/').nth(4).expect("a grant").to_owned();
        for path in ["opus_ogg_128", "opus_cmaf_128", "on-the-fly/opus_96", "flac", "flac_cmaf"] {
            app.stranger().get(&format!("/api/v1/audio/{grant}/{path}")).await.is_problem(404, "not-found");
        }
        app.stranger().get(&format!("{}/manifest.mpd", folder(&play))).await.is_problem(404, "not-found");
        // It counts as no play, however much of it is heard.
        let path = format!("/plays/{}", play["id"].as_str().expect("an id"));
        app.execute("update streaming.plays set started_at = started_at - interval '1 hour'").await;
        let told =
            app.stranger().patch(&path, json!({ "position_ms": 50_000, "heard_ms": 30_000, "state": "ended" })).await;
        assert_eq!(told.is(200).json()["heard"], false);
        // Who holds a link hears all of it.
        let in_an_hour = app.platform.clock.now() + chrono::TimeDelta::hours(1);
        let link = nina
            .post(&format!("/releases/{release}/links"), json!({ "recipient": "Radio", "expires_at": in_an_hour }))
            .await
            .is(201)
            .json();
        let heard =
            app.stranger().post("/plays", json!({ "track_id": track, "link": link["token"] })).await.is(201).json();
        assert_eq!((&heard["preview"], heard["stream"].is_object()), (&Value::Null, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_hear_nothing_where_the_server_is_set_up_so() {
    with_settings(&[("strangers_hear", "nothing")], async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        app.stranger().post("/plays", json!({ "track_id": single.track })).await.is_problem(401, "unauthenticated");
        ada.plays(&single.track).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_playable_track_is_not_found() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let rejected = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        nina.waits_for(&rejected).await;
        let play = async |body: Value| nina.post("/plays", body).await;
        play(json!({ "track_id": rejected })).await.is_problem(404, "not-found");
        play(json!({ "track_id": "0190b2f0-c0de-7000-8000-00000000cafe" })).await.is_problem(404, "not-found");
        play(json!({ "track_id": "nonsense" })).await.is_invalid("track_id");
        play(json!({})).await.is_invalid("track_id");
        play(json!({ "track_id": rejected, "account_id": nina.id })).await.is_invalid("account_id");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loud_music_is_turned_down_and_quiet_music_up_as_far_as_its_peaks_allow() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "sine.wav", tone(1000.0, 2.0)).await;
        let analysis = nina.waits_until_ready(&track).await["analysis"].clone();
        let loudness = analysis["integrated_loudness_lufs"].as_f64().expect("a loudness");
        let play = nina.plays(&track).await;
        let gain = play["stream"]["gain_db"].as_f64().expect("a gain");
        assert!((gain - (-14.0 - loudness)).abs() < 0.01, "{gain} dB at {loudness} LUFS");
        assert_eq!(play["hls"]["gain_db"], play["stream"]["gain_db"]);
    })
    .await;
}

const BEHIND_A_PROXY: &[(&str, &str)] = &[("trusted_proxies", "127.0.0.1/32"), ("country_header", "CF-IPCountry")];

async fn asks_from(person: &Person<'_>, method: Method, path: &str, country: Option<&str>, body: &Value) -> Answer {
    let request = person.request(method, path);
    let request = country.into_iter().fold(request, |request, country| request.header("cf-ipcountry", country));
    send(if body.is_null() { request } else { request.json(body) }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_a_country_is_not_granted_there_nor_fetched() {
    with_settings(BEHIND_A_PROXY, async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let release = format!("/releases/{}", single.release);
        let press = json!({ "track_id": single.track });
        let plays = async |country: Option<&str>| asks_from(&ada, Method::POST, "/plays", country, &press).await;
        for (rule, here, elsewhere, unknown) in [("allow", 201, 403, 403), ("deny", 403, 201, 201)] {
            nina.patch(&release, json!({ "territories": { "rule": rule, "countries": ["DE", "AT"] } })).await.is(200);
            for (country, status) in [
                (Some("DE"), here),
                (Some("at"), here),
                (Some("US"), elsewhere),
                (Some("XX"), unknown),
                (Some("nowhere"), unknown),
                (None, unknown),
            ] {
                let answer = plays(country).await;
                assert_eq!(answer.status, status, "{rule} {country:?}");
                if status == 403 {
                    answer.is_problem(403, "not-in-this-country");
                }
            }
            // Lists show it, and its artist hears it, everywhere.
            assert_eq!(asks_from(&ada, Method::GET, &release, Some("US"), &Value::Null).await.status, 200);
            for country in [Some("DE"), Some("US"), None] {
                asks_from(&nina, Method::POST, "/plays", country, &press).await.is(201);
            }
        }
        // `deny` holds by now. A grant that travels there opens nothing, whatever it is for.
        let play = plays(Some("US")).await.is(201).json();
        let [stream, hls, dash] = ["stream", "hls", "dash"].map(|of| play[of]["url"].as_str().expect("an address"));
        let folder = |url: &str| url.rsplit_once('/').expect("a folder").0.to_owned();
        let master = asks_from(&ada, Method::GET, hls, Some("US"), &Value::Null).await.is(200).text();
        let media = master.lines().find(|line| line.ends_with("media.m3u8")).expect("a playlist");
        let media = format!("{}/{media}", folder(hls));
        let addresses = [
            stream.to_owned(),
            hls.to_owned(),
            dash.to_owned(),
            media.clone(),
            format!("{}/init.mp4", folder(&media)),
            format!("{}/0.m4s", folder(&media)),
            format!("{}/on-the-fly/opus_96", folder(stream)),
        ];
        for address in &addresses {
            asks_from(&ada, Method::GET, address, Some("US"), &Value::Null).await.is(200);
            let there = asks_from(&ada, Method::GET, address, Some("DE"), &Value::Null).await;
            there.is_problem(403, "not-in-this-country");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_country_is_believed_of_proxies_alone() {
    // A header that anybody may send, from an address that nobody trusts.
    with_settings(&[("country_header", "CF-IPCountry")], async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let territories = json!({ "territories": { "rule": "allow", "countries": ["DE"] } });
        nina.patch(&format!("/releases/{}", single.release), territories).await.is(200);
        let press = json!({ "track_id": single.track });
        let answer = asks_from(&app.stranger(), Method::POST, "/plays", Some("DE"), &press).await;
        answer.is_problem(403, "not-in-this-country");
    })
    .await;
    // Where nobody is asked, nothing is limited.
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let territories = json!({ "territories": { "rule": "allow", "countries": ["DE"] } });
        nina.patch(&format!("/releases/{}", single.release), territories).await.is(200);
        app.stranger().plays(&single.track).await;
    })
    .await;
}
