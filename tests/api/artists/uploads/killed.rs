//! A server that is killed in the middle of uploads (fault F1): what was acknowledged stays, and every file becomes one track.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::{begins, offset, piece};
use crate::support::{Legato, Person, Site, run_legato, tone, variable};

/// Some kills among the other tests; as many as one likes by hand.
const KILLS: u64 = 4;

/// SplitMix64, from the same seed on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// A file on its way, and how much of it was acknowledged.
struct File {
    wav: Vec<u8>,
    location: String,
    acknowledged: usize,
}

impl File {
    async fn begin(person: &Person<'_>, release: &str, number: u64) -> Self {
        let wav = tone(200.0 + number as f64, 4.0);
        let location = begins(person, release, &format!("{number:03}.wav"), wav.len()).await;
        Self { wav, location, acknowledged: 0 }
    }

    /// Sends pieces until all is there, or nobody answers any more.
    async fn go_on(&mut self, person: &Person<'_>) -> bool {
        while self.acknowledged < self.wav.len() {
            let end = self.wav.len().min(self.acknowledged + 150_000);
            let bytes = self.wav[self.acknowledged..end].to_vec();
            let Ok(answer) = piece(person, &self.location, self.acknowledged, bytes).send().await else { return false };
            let Some(offset) = answer.headers().get("upload-offset") else { return false };
            self.acknowledged = offset.to_str().ok().and_then(|offset| offset.parse().ok()).expect("an offset");
        }
        true
    }

    /// What the server says it has: never less than it has said before.
    async fn resume(&mut self, person: &Person<'_>) {
        let offset = offset(person, &self.location).await;
        assert!(offset >= self.acknowledged, "{} were acknowledged, {offset} are left", self.acknowledged);
        self.acknowledged = offset;
    }
}

async fn serve(data: &Path) -> (Legato, Site) {
    Legato::serve(data, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_the_process() {
    let kills = variable("LEGATO_TEST_KILLS").and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut random = Random(kills);
    let (mut legato, mut site) = serve(&data).await;
    let nina = site.artist("nina").await;
    let token = nina.token.clone().expect("a token");
    let release = nina.creates_release("Tides").await;
    drop(nina);
    let (mut done, mut hashes) = (0_u64, Vec::new());
    let mut file: Option<File> = None;
    for _ in 0..kills {
        let pause = Duration::from_millis(random.below(1200));
        {
            let person = site.holds(&token);
            let work = async {
                loop {
                    let current = match &mut file {
                        Some(file) => {
                            file.resume(&person).await;
                            file
                        }
                        None => file.insert(File::begin(&person, &release, done).await),
                    };
                    if !current.go_on(&person).await {
                        return;
                    }
                    hashes.push(blake3::hash(&current.wav).to_hex().to_string());
                    (done, file) = (done + 1, None);
                }
            };
            let _ = tokio::time::timeout(pause, work).await;
        }
        legato.kill().await;
        (legato, site) = serve(&data).await;
    }
    let person = site.holds(&token);
    if let Some(mut file) = file.take() {
        file.resume(&person).await;
        assert!(file.go_on(&person).await);
        hashes.push(blake3::hash(&file.wav).to_hex().to_string());
        done += 1;
    }
    finish(&person, &release, done, &data, hashes).await;
    legato.kill().await;
    after_the_sweep(&data).await;
}

/// Every file is one track, ready, with its bytes, and nothing else is left.
async fn finish(person: &Person<'_>, release: &str, done: u64, data: &Path, mut hashes: Vec<String>) {
    let path = format!("/releases/{release}");
    let tracks = async || person.get(&path).await.is(200).json()["tracks"].as_array().cloned().expect("tracks");
    let is_ready = |track: &Value| track["state"] == "ready" && track["under_way"] == false;
    let all = async || {
        let tracks = tracks().await;
        tracks.len() as u64 == done && tracks.iter().all(is_ready)
    };
    assert!(crate::support::becomes_true(Duration::from_secs(120), all).await, "{done} files: {:#?}", tracks().await);
    let mut titles: Vec<String> = tracks().await.iter().map(|track| track["title"].to_string()).collect();
    titles.dedup();
    assert_eq!(titles.len() as u64, done, "a file is twice a track");
    let mut stored: Vec<String> = files(&data.join("objects/raw")).iter().map(|path| path[3..].to_owned()).collect();
    stored.sort();
    hashes.sort();
    assert_eq!(stored, hashes);
}

/// What steps of the chain left behind that were killed is swept when it is a day old, and nothing else is.
async fn after_the_sweep(data: &Path) {
    const AGE: Duration = Duration::from_secs(25 * 3600);
    let objects = data.join("objects");
    for file in files(&objects) {
        let file = std::fs::File::options().write(true).open(objects.join(file)).expect("a file");
        let modified = file.metadata().and_then(|metadata| metadata.modified()).expect("a time");
        file.set_modified(modified - AGE).expect("another time");
    }
    let (legato, _) = serve(data).await;
    let landing = objects.join("landing");
    let swept = async || files(&landing).is_empty();
    assert!(crate::support::becomes_true(Duration::from_secs(30), swept).await, "{:?}", files(&landing));
    let clean = async || {
        let told = run_legato(data, &["doctor", "--objects"], "").await;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(!told.contains("missing   ") && !told.contains("damaged   "), "{told}");
        !told.contains("unknown   ")
    };
    assert!(crate::support::becomes_true(Duration::from_secs(60), clean).await, "objects that nobody names are left");
    legato.kill().await;
}

fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name);
        }
    }
    found
}
