//! Press play.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, send, tone, with_app, with_settings};

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
        accepting(json!(["audio/mpeg"])).await.is_problem(406, "nothing-acceptable");
        accepting(json!(["audio/ogg; codecs=vorbis"])).await.is_problem(406, "nothing-acceptable");
        accepting(json!(vec!["audio/ogg"; 33])).await.is_invalid("accept");
        accepting(json!("audio/ogg")).await.is_invalid("accept");
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
