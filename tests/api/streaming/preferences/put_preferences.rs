//! Say how an account wants to listen.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{send, with_app, with_settings};

const PATH: &str = "/me/playback-preferences";

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_wants_is_kept_as_a_whole_and_checked() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let wanted = json!({
            "max_bitrate_bps": 320_000, "metered_max_bitrate_bps": 64_000, "lossless": true, "shares_now_playing": true,
        });
        let first = ada.put(PATH, wanted.clone()).await.is(200);
        assert_eq!((first.json(), ada.get(PATH).await.json()), (wanted.clone(), wanted));
        assert_eq!(ben.get(PATH).await.json()["lossless"], false);
        for (field, value) in
            [("max_bitrate_bps", json!(1000)), ("metered_max_bitrate_bps", json!(-1)), ("loud", json!(1))]
        {
            ada.put(PATH, json!({ field: value })).await.is_invalid(field);
        }
        // What is not said is not so any more; and two devices do not overwrite each other unseen.
        let seen = first.header("etag").to_owned();
        ada.put(PATH, json!({})).await.is(200);
        let late = ada.request(Method::PUT, PATH).header("if-match", seen).json(&json!({ "lossless": true }));
        send(late).await.is_problem(412, "changed-meanwhile");
        assert_eq!(ada.get(PATH).await.json()["max_bitrate_bps"], Value::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_limit_holds_and_the_answer_says_whose_it_is() {
    with_settings(&[("stream_max_bps", "400000"), ("ladder", "opus_64,opus_128,flac")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Noise").await;
        // Noise, so that FLAC is as large as it can be.
        let noise =
            crate::support::wav_at(44_100, (0..88_200_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 16) as i16));
        let track = nina.uploads(&release, "noise.wav", noise).await;
        nina.waits_until_ready(&track).await;
        nina.publishes(&release).await;
        let ada = app.listener("ada").await;
        let plays = async |more: Value| {
            let mut body = json!({ "track_id": track });
            body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            ada.post("/plays", body).await.is(201).json()
        };
        let best = plays(json!({})).await;
        assert_eq!(
            (&best["stream"]["how"], &best["stream"]["why"]),
            (&json!("rendition"), &json!(["best"])),
            "{best:#}"
        );
        assert_eq!((&best["stream"]["seekable"], &best["preview"]), (&json!(true), &Value::Null));
        // Noise in FLAC is 700 kbit/s.
        let lossless = plays(json!({ "lossless": true })).await;
        assert_eq!(lossless["stream"]["why"], json!(["server_limit"]), "{lossless:#}");
        let master = ada.get(lossless["hls"]["url"].as_str().expect("an address")).await.is(200).text();
        assert!(master.contains("opus_cmaf_128") && !master.contains("fLaC"), "{master}");
        // Nor by its name.
        let whole = lossless["stream"]["url"].as_str().expect("an address").rsplit_once('/').expect("a folder").0;
        ada.get(&format!("{whole}/flac")).await.is_problem(404, "not-found");
        ada.put(PATH, json!({ "max_bitrate_bps": 150_000, "metered_max_bitrate_bps": 70_000 })).await.is(200);
        let limited = plays(json!({})).await;
        assert_eq!(limited["stream"]["why"], json!(["account_limit"]), "{limited:#}");
        assert!(limited["stream"]["url"].as_str().is_some_and(|url| url.ends_with("/opus_ogg_64")), "{limited:#}");
        let master = ada.get(limited["hls"]["url"].as_str().expect("an address")).await.is(200).text();
        assert!(master.contains("opus_cmaf_64") && !master.contains("opus_cmaf_128"), "{master}");
        let mpd = ada.get(limited["dash"]["url"].as_str().expect("an address")).await.is(200).text();
        assert!(mpd.contains("opus_cmaf_64") && !mpd.contains("opus_cmaf_128"), "{mpd}");
        let abroad = plays(json!({ "network": { "connection": "cellular" } })).await;
        assert_eq!(abroad["stream"]["why"], json!(["least", "account_limit"]), "{abroad:#}");
        let slow = plays(json!({ "network": { "downlink_bps": 20_000 } })).await;
        assert_eq!((&slow["stream"]["how"], &slow["stream"]["seekable"]), (&json!("on_the_fly"), &json!(false)));
        assert_eq!(slow["stream"]["why"], json!(["not_prepared", "network"]), "{slow:#}");
        let heard = ada.get(slow["stream"]["url"].as_str().expect("an address")).await.is(200);
        assert_eq!((heard.header("content-type"), &heard.body[..4]), ("audio/ogg; codecs=opus", &b"OggS"[..]));
        ada.post("/plays", json!({ "track_id": track, "network": { "connection": "string" } }))
            .await
            .is_invalid("network.connection");
    })
    .await;
}
