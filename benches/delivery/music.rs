//! A track of five minutes, uploaded and published, and where its bytes are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::load::{Connection, get};
use super::servers::Process;

const SECONDS: usize = 300;
const RATE_HZ: usize = 44_100;

/// What is fetched.
pub(crate) struct Music {
    /// A segment of Opus at 128 kbit/s: its path under a listener's grant.
    pub(crate) segment: String,
    pub(crate) playlist: String,
    /// The lossless file.
    pub(crate) whole: String,
    pub(crate) whole_bytes: usize,
    pub(crate) track: String,
}

impl Music {
    /// Makes it, uploads it, and presses play on it as a listener who is signed in.
    pub(crate) async fn upload(legato: &Process) -> Result<Self> {
        let mut site = Site { connection: Connection::open(legato.address).await?, token: String::new() };
        let account = json!({ "handle": "nina", "email": "nina@example.org", "password": "the password of nina" });
        site.send("POST", "/accounts", &account).await?;
        let session = json!({ "login": "nina", "password": "the password of nina" });
        let session = site.send("POST", "/session", &session).await?;
        site.token = format!("Authorization: Bearer {}\r\n", text(&session, "/token")?);
        site.send("POST", "/artists", &json!({ "name": "nina" })).await?;
        let release =
            site.send("POST", "/artists/nina/releases", &json!({ "title": "Tides", "kind": "album" })).await?;
        let release = text(&release, "/id")?;
        let track = text(&site.send_file(&format!("/releases/{release}/tracks")).await?, "/id")?;
        site.wait_until_ready(&track).await?;
        site.send("PUT", &format!("/releases/{release}/publication"), &json!({})).await?;
        let wanted =
            json!({ "track_id": track, "lossless": true, "accept": ["audio/flac", "audio/mp4; codecs=\"opus\""] });
        let play = site.send("POST", "/plays", &wanted).await?;
        let hls = text(&play, "/hls/url")?;
        let folder = hls.rsplit_once('/').context("a folder")?.0;
        let whole = text(&play, "/stream/url")?;
        let whole_bytes = site.connection.fetch(&get(&whole, "")).await?.body_bytes;
        Ok(Self {
            segment: format!("{folder}/opus_cmaf_128/20.m4s"),
            playlist: format!("{folder}/opus_cmaf_128/media.m3u8"),
            whole,
            whole_bytes,
            track,
        })
    }

    /// The same bytes as files for others to serve; the folder.
    pub(crate) async fn keep(&self, legato: &Process, folder: &Path) -> Result<PathBuf> {
        let root = folder.join("files");
        fs::create_dir_all(&root)?;
        let mut connection = Connection::open(legato.address).await?;
        for (path, name) in
            [(&self.segment, "segment.m4s"), (&self.playlist, "media.m3u8"), (&self.whole, "whole.flac")]
        {
            let answer = connection.read(&get(path, "")).await?;
            ensure!(answer.status == 200, "{name}: {}", answer.status);
            fs::write(root.join(name), answer.body)?;
        }
        Ok(root)
    }
}

/// The API, as somebody.
pub(crate) struct Site {
    pub(crate) connection: Connection,
    /// A header line, or nothing.
    pub(crate) token: String,
}

impl Site {
    pub(crate) async fn send(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = body.to_string();
        let head = self.head(method, path, "application/json", body.len());
        self.exchange([head.as_bytes(), body.as_bytes()].concat()).await
    }

    async fn exchange(&mut self, request: Vec<u8>) -> Result<Value> {
        let answer = self.connection.read(&request).await?;
        let body = String::from_utf8_lossy(&answer.body);
        ensure!((200..300).contains(&answer.status), "{}: {body}", answer.status);
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_str(&body)? })
    }

    fn head(&self, method: &str, path: &str, kind: &str, length: usize) -> String {
        format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n",
            self.token
        )
    }

    async fn send_file(&mut self, path: &str) -> Result<Value> {
        let mut body =
            b"--end\r\nContent-Disposition: form-data; name=\"file\"; filename=\"tides.wav\"\r\n\r\n".to_vec();
        body.extend(wav());
        body.extend(b"\r\n--end--\r\n");
        let head = self.head("POST", path, "multipart/form-data; boundary=end", body.len());
        self.exchange([head.into_bytes(), body].concat()).await
    }

    async fn wait_until_ready(&mut self, track: &str) -> Result<()> {
        let request = format!("GET /api/v1/tracks/{track} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", self.token);
        for _ in 0..600 {
            let found = self.exchange(request.clone().into_bytes()).await?;
            match found["state"].as_str() {
                Some("ready") => return Ok(()),
                Some("processing") => tokio::time::sleep(Duration::from_millis(200)).await,
                other => anyhow::bail!("the track is {other:?}"),
            }
        }
        anyhow::bail!("the track does not become ready")
    }
}

pub(crate) fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found.with_context(|| format!("{pointer} of {value}"))?.to_owned())
}

/// Stereo, 16 bit: a chord under noise of 12 bits, which no encoder makes much smaller than 40 MB.
fn wav() -> Vec<u8> {
    let frames = SECONDS * RATE_HZ;
    let bytes = u32::try_from(frames * 4).unwrap_or(u32::MAX);
    let rate = u32::try_from(RATE_HZ).unwrap_or(u32::MAX);
    let mut wav = Vec::with_capacity(frames * 4 + 44);
    wav.extend(b"RIFF");
    wav.extend((bytes + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend(bytes.to_le_bytes());
    let mut noise = 0x2545_F491_4F6C_DD1D_u64;
    for frame in 0..frames {
        let time = frame as f64 / RATE_HZ as f64;
        let chord: f64 = [220.0, 277.18, 329.63].iter().map(|hz| (time * hz * std::f64::consts::TAU).sin()).sum();
        for _ in 0..2 {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let sample = chord * 4000.0 + (noise >> 52) as f64 - 2048.0;
            wav.extend((sample as i16).to_le_bytes());
        }
    }
    wav
}
