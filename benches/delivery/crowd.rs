//! A crowd: each of them listens to a track at the pace of the music.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use serde_json::json;
use tokio::time::sleep_until;

use super::load::{Connection, get};
use super::music::{Music, Site, text};
use super::servers::{self, Process};
use super::{at, setting};

/// Plays that were granted; each is heard by several.
const GRANTS: usize = 500;
/// A segment lasts so long; its listener asks for the next one when it begins.
const SEGMENT: Duration = Duration::from_secs(6);
/// Whole segments of a track.
const SEGMENTS: usize = 49;
/// What comes later than this after it was asked for is a stall.
const STALL: Duration = Duration::from_millis(250);
const MAX_CORE: f64 = 0.10;
const MAX_MEMORY_BYTES: u64 = 512 << 20;
/// File descriptors that everything but listeners takes.
const SPARE: usize = 500;

/// nginx is listened to for so long at the most, by as many.
const BESIDE: Duration = Duration::from_secs(120);

/// Listeners for a while, and as many of nginx; what passed its limit.
pub(crate) async fn measure(folder: &Path, legato: &Process, music: &Music) -> Result<Vec<&'static str>> {
    let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(1024);
    let most = usize::try_from(most)?.saturating_sub(SPARE);
    let wanted: usize = setting("LEGATO_BENCH_LISTENERS").map_or(Ok(10_000), |text| text.parse())?;
    let seconds: u64 = setting("LEGATO_BENCH_SECONDS").map_or(Ok(120), |text| text.parse())?;
    let (listeners, length) = (wanted.min(most), Duration::from_secs(seconds));
    let folders = folders(legato, music).await?;
    let paths =
        |number: usize, step: usize| format!("{}/{}.m4s", folders[number % folders.len()], (number + step) % SEGMENTS);
    let (heard, core) = gather(legato, &paths, listeners, length).await?;
    let nginx = Process::start_silent(servers::nginx(folder, &music.keep(legato, folder).await?)?).await?;
    let same = |_, _| "/segment.m4s".to_owned();
    let (_, beside) = gather(&nginx, &same, listeners, length.min(BESIDE)).await?;
    report(legato, &heard, (core, beside), length)
}

/// So many listeners for so long: how each of them waited, and what they took of one core.
async fn gather(
    server: &Process,
    paths: &impl Fn(usize, usize) -> String,
    listeners: usize,
    length: Duration,
) -> Result<(Vec<Waits>, f64)> {
    let (begin, before) = (Instant::now() + Duration::from_millis(200), server.cpu()?);
    // Each connects when it is its turn: a connection on which nobody asks for anything at first is closed after 5 s.
    let each = (0..listeners).map(|number| {
        let offset = SEGMENT.mul_f64(number as f64 / listeners as f64);
        listen(server.address, move |step| paths(number, step), (begin + offset, begin + length))
    });
    let heard = try_join_all(each).await?;
    Ok((heard, (server.cpu()? - before).as_secs_f64() / begin.elapsed().as_secs_f64()))
}

/// How long the listener waited for each segment: for its first byte, and for all of it.
type Waits = Vec<(Duration, Duration)>;

async fn listen(
    address: SocketAddr,
    paths: impl Fn(usize) -> String,
    (begin, end): (Instant, Instant),
) -> Result<Waits> {
    let (mut due, mut waits) = (begin, Vec::new());
    sleep_until(begin.into()).await;
    let mut connection = Connection::open(address).await?;
    for step in 0.. {
        if due >= end {
            break;
        }
        sleep_until(due.into()).await;
        let answer = connection.fetch(&get(&paths(step), "")).await?;
        ensure!(answer.status == 200, "{}", answer.status);
        waits.push((answer.began - due, due.elapsed()));
        due += SEGMENT;
    }
    Ok(waits)
}

fn report(
    legato: &Process,
    heard: &[Waits],
    (core, beside): (f64, f64),
    length: Duration,
) -> Result<Vec<&'static str>> {
    let (mut first, mut whole): (Vec<_>, Vec<_>) = heard.iter().flatten().copied().unzip();
    let stalls = whole.iter().filter(|wait| **wait > STALL).count();
    let memory = legato.memory("VmHWM")?;
    println!(
        "{} listeners for {} s, each on a connection of its own, {} segments: **{stalls} stalls** of more than {} ms,",
        heard.len(),
        length.as_secs(),
        whole.len(),
        STALL.as_millis()
    );
    println!(
        "the first byte after {:.1} ms (p50) and {:.1} ms (p99), all of a segment after {:.1} ms (p99); {:.1} % of one core",
        at(&mut first, 0.5).as_secs_f64() * 1e3,
        at(&mut first, 0.99).as_secs_f64() * 1e3,
        at(&mut whole, 0.99).as_secs_f64() * 1e3,
        core * 100.0
    );
    println!("(the limit is {:.0}), {} MiB resident at the most (512).", MAX_CORE * 100.0, memory >> 20);
    println!(
        "As many listeners of nginx, of one segment again and again: {:.1} % of one core, and here **{:.2}** times that.\n",
        beside * 100.0,
        core / beside
    );
    let limits = [("stalls", stalls > 0), ("CPU of a crowd", core > MAX_CORE), ("memory", memory > MAX_MEMORY_BYTES)];
    Ok(limits.into_iter().filter(|(_, is_over)| *is_over).map(|(name, _)| name).collect())
}

/// Where the segments are for each of so many plays.
async fn folders(legato: &Process, music: &Music) -> Result<Vec<String>> {
    let mut stranger = Site { connection: Connection::open(legato.address).await?, token: String::new() };
    let mut folders = Vec::new();
    for _ in 0..GRANTS {
        let play = stranger.send("POST", "/plays", &json!({ "track_id": music.track })).await?;
        let hls = text(&play, "/hls/url")?;
        let folder = hls.rsplit_once('/').map_or(hls.as_str(), |(folder, _)| folder);
        folders.push(format!("{folder}/opus_cmaf_128"));
    }
    Ok(folders)
}
