//! Show a track's waveform.

use crate::support::{silence, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_waveform_has_the_shape_of_the_music() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        // Two seconds of silence after two of a sine: one WAV's samples behind the other's.
        let (mut half, quiet) = (tone(440.0, 2.0), silence(2.0));
        half.extend(&quiet[44..]);
        let size = u32::try_from(half.len() - 44).expect("small");
        half[40..44].copy_from_slice(&size.to_le_bytes());
        half[4..8].copy_from_slice(&(size + 36).to_le_bytes());
        let track = nina.uploads(&release, "half.wav", half).await;
        nina.waits_until_ready(&track).await;
        let waveform = nina.get(&format!("/tracks/{track}/waveform")).await.is(200).json();
        let peaks: Vec<u64> =
            waveform["peaks"].as_array().expect("peaks").iter().filter_map(serde_json::Value::as_u64).collect();
        assert_eq!((peaks.len(), &waveform["duration_ms"]), (1800, &serde_json::json!(4000)));
        assert!(peaks[..890].iter().all(|peak| (120..136).contains(peak)), "{:?}", &peaks[..890]);
        assert!(peaks[910..].iter().all(|peak| *peak == 0), "{:?}", &peaks[910..]);
        for parts in [225, 1800, 7200] {
            let closer = nina.get(&format!("/tracks/{track}/waveform?parts={parts}")).await.is(200).json();
            assert_eq!(closer["parts"], parts);
            for (name, loud) in [("low", -68..=-60), ("high", 60..=68), ("rms", 80..=100)] {
                let values: Vec<i64> =
                    closer[name].as_array().expect("values").iter().filter_map(serde_json::Value::as_i64).collect();
                assert_eq!(values.len(), parts, "{name}");
                // A part of the finest is a quarter of a turn of the sine: its extremes are its neighbour's.
                let first = &values[..4 * parts / 9];
                assert!(
                    parts == 7200 || first.iter().all(|value| loud.contains(value)),
                    "{name} of {parts}: {first:?}"
                );
                assert!(values[6 * parts / 9..].iter().all(|value| *value == 0), "{name} of {parts}");
            }
        }
        let refused = nina.get(&format!("/tracks/{track}/waveform?parts=7")).await.is_problem(422, "invalid");
        assert_eq!(refused["field"], "parts");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_that_was_never_analysed_has_no_waveform() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        nina.waits_for(&track).await;
        nina.get(&format!("/tracks/{track}/waveform")).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waveform_of_an_early_version_is_still_drawn() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "a.wav", tone(440.0, 0.5)).await;
        nina.waits_until_ready(&track).await;
        app.execute("update artists.analyses set waveform = decode(repeat('80', 1800), 'hex')").await;
        let waveform = nina.get(&format!("/tracks/{track}/waveform?parts=7200")).await.is(200).json();
        assert_eq!((&waveform["parts"], &waveform["rms"]), (&serde_json::json!(1800), &serde_json::Value::Null));
        assert!(waveform["peaks"].as_array().is_some_and(|peaks| peaks.len() == 1800 && peaks[7] == 129));
    })
    .await;
}
