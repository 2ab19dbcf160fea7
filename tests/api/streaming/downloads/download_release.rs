//! Take a release away as a zip.

use std::io::{Cursor, Read};

use reqwest::Method;
use zip::ZipArchive;

use super::publishes;
use crate::support::{send, with_app};

/// The files of a zip: names and bytes, in their order. Reading checks the checksums.
fn files(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let names: Vec<String> = archive.file_names().map(|name| name.expect("UTF-8").into_owned()).collect();
    let mut read = |name: String| {
        let mut bytes = Vec::new();
        archive.by_name(&name).expect("there").read_to_end(&mut bytes).expect("whole");
        (name, bytes)
    };
    names.into_iter().map(&mut read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_one_zip_that_can_be_gone_on_with_anywhere() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (release, tracks) = publishes(&nina, true).await;
        let path = format!("/releases/{release}/download");
        // Before anybody counted a checksum: from the middle.
        let head = send(ada.request(Method::HEAD, &path)).await.is(200);
        let size: usize = head.header("content-length").parse().expect("a length");
        let etag = head.header("etag").to_owned();
        let ranged = async |from: usize, to: usize| {
            let range = ada.request(Method::GET, &path).header("range", format!("bytes={from}-{to}"));
            send(range.header("if-range", &etag)).await.is(206).body.to_vec()
        };
        let end = ranged(size / 2, size).await;
        let whole = ada.get(&path).await.is(200);
        assert_eq!((whole.body.len(), whole.header("etag")), (size, etag.as_str()));
        assert_eq!(whole.header("content-type"), "application/zip");
        assert_eq!(end, whole.body[size / 2..]);
        for from in [0, 1, 29, 30, 60, size / 3, size - 30, size - 1] {
            assert_eq!(ranged(from, from + 99).await, whole.body[from..size.min(from + 100)], "from {from}");
        }
        let found = files(&whole.body);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["nina - Ebb_ Flow_Føam/01 Ebb.flac", "nina - Ebb_ Flow_Føam/02 Ebb.flac"]);
        for ((_, bytes), track) in found.iter().zip(&tracks) {
            assert_eq!(bytes[..], ada.get(&format!("/tracks/{track}/download")).await.is(200).body[..]);
        }
        let disposition = whole.header("content-disposition");
        assert!(disposition.contains("filename*=UTF-8''nina%20%2D%20Ebb_%20Flow_F%C3%B8am.zip"), "{disposition}");
        let opus = files(&ada.get(&format!("{path}?format=opus")).await.is(200).body);
        assert!(opus.iter().all(|(name, bytes)| name.ends_with(".opus") && bytes.starts_with(b"OggS")));
        ada.get(&format!("{path}?format=mp3")).await.is_problem(406, "nothing-acceptable");
        let same = ada.request(Method::GET, &path).header("if-none-match", &etag);
        send(same).await.is(304);
        let beyond = ada.request(Method::GET, &path).header("range", format!("bytes={size}-"));
        assert_eq!(send(beyond).await.is(416).header("content-range"), format!("bytes */{size}"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_taken_away_or_is_not_there_is_refused() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (release, _) = publishes(&nina, false).await;
        ada.get(&format!("/releases/{release}/download")).await.is_problem(403, "forbidden");
        nina.get(&format!("/releases/{release}/download")).await.is(200);
        let draft = nina.drafts_a_single("Draft").await;
        ada.get(&format!("/releases/{}/download", draft.release)).await.is_problem(404, "not-found");
        let empty = nina.creates_release("Empty").await;
        nina.get(&format!("/releases/{empty}/download")).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_whose_file_is_lost_is_cut_short_and_never_wrong() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (release, tracks) = publishes(&nina, true).await;
        let path = format!("/releases/{release}/download");
        nina.get(&path).await.is(200);
        // Its bytes are shorter than they were: of what was opened before, and of what is opened now.
        let query = format!(
            "select object_key as line from artists.renditions where track_id = '{}' and kind = 'flac'",
            tracks[1]
        );
        let file = app.data().join("objects").join(&app.lines(&query).await[0]);
        let bytes = std::fs::read(&file).expect("an object");
        let open = std::fs::OpenOptions::new().write(true).open(&file).expect("writable");
        open.set_len(bytes.len() as u64 / 2).expect("cut");
        let answer = nina.request(Method::GET, &path).send().await.expect("an answer");
        assert!(answer.status() == 200 && answer.bytes().await.is_err(), "the connection breaks");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_down_leaves_a_gap_and_what_is_not_ready_is_waited_for() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (release, tracks) = publishes(&nina, true).await;
        let path = format!("/releases/{release}/download");
        app.execute(&format!("update artists.tracks set state = 'taken_down' where id = '{}'", tracks[0])).await;
        let found = files(&ada.get(&path).await.is(200).body);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["nina - Ebb_ Flow_Føam/02 Ebb.flac"]);
        app.execute(&format!("update artists.tracks set state = 'processing' where id = '{}'", tracks[0])).await;
        ada.get(&path).await.is_problem(409, "release-still-processing");
    })
    .await;
}
