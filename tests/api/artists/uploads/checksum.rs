//! Bytes that their client has a checksum of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{begins, offset, piece};
use crate::support::{send, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn bytes_count_when_they_are_what_the_checksum_says() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let location = begins(&nina, &release, "a.wav", wav.len()).await;
        let (one, two, three) = (&wav[..10_000], &wav[10_000..40_000], &wav[40_000..]);
        let checksummed = |at: usize, bytes: &[u8], checksum: String| {
            send(piece(&nina, &location, at, bytes.to_vec()).header("upload-checksum", checksum))
        };
        let sha1 = |bytes: &[u8]| format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(bytes)));
        // Of other bytes: nothing counts.
        checksummed(0, one, sha1(two)).await.is_problem(460, "checksum-mismatch");
        assert_eq!(offset(&nina, &location).await, 0);
        checksummed(0, one, sha1(one)).await.is(204);
        let sha256 = format!("sha256 {}", STANDARD.encode(Sha256::digest(two)));
        checksummed(10_000, three, sha256.clone()).await.is_problem(460, "checksum-mismatch");
        assert_eq!(offset(&nina, &location).await, 10_000);
        checksummed(10_000, two, sha256).await.is(204);
        for bad in ["md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha1", "sha1 short", ""] {
            checksummed(40_000, three, bad.to_owned()).await.is_problem(400, "malformed");
        }
        assert_eq!(offset(&nina, &location).await, 40_000);
        let blake3 = format!("blake3 {}", STANDARD.encode(blake3::hash(three).as_bytes()));
        let answer = checksummed(40_000, three, blake3).await.is(204);
        nina.waits_until_ready(answer.header("upload-track")).await;
        let hash = blake3::hash(&wav).to_hex();
        assert_eq!(app.stored("raw"), [format!("{}/{hash}", &hash[..2])]);
    })
    .await;
}
