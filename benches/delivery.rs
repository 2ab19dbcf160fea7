//! How music gets out: what a segment, a file, a seek and a playlist cost against nginx (and actix-files, and supysonic where it
//! is installed), how a crowd of listeners fares, and how long a press of the button takes in a big catalogue. Prints a section
//! of Markdown; fails where a limit is passed.
//!
//! All servers are processes of their own that take turns over the same bytes; the client is this process. Legato checks each
//! request's grant, and whether what it was granted to still holds.
//!
//! `LEGATO_BENCH_PARTS` names some of `bytes,crowd,presses` (all without it). `LEGATO_BENCH_LISTENERS`, `LEGATO_BENCH_SECONDS`,
//! `LEGATO_BENCH_TRACKS` and `LEGATO_BENCH_PLAYS` say how much of each.
#![expect(clippy::print_stdout, reason = "the section is the output")]

#[path = "delivery/crowd.rs"]
mod crowd;
#[path = "delivery/load.rs"]
mod load;
#[path = "delivery/music.rs"]
mod music;
#[path = "delivery/presses.rs"]
mod presses;
#[path = "delivery/servers.rs"]
mod servers;
#[path = "delivery/supysonic.rs"]
mod supysonic;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};

use load::Work;
use music::Music;
use servers::Process;

/// Each row is measured so often, every server in turn.
const ROUNDS: usize = 5;
const CONNECTIONS: usize = 64;
/// Requests of a second, while it is measured how long a seek takes.
const SEEKS: f64 = 1000.0;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "actix-files") {
        return servers::run_actix_files(&arguments[at + 1]).await;
    }
    let folder = tempfile::tempdir_in(std::env::current_dir()?.join("target"))?;
    let postgres = EmbeddedPostgres::start(&folder.path().join("database"), Options::default()).await?;
    let measured = measure(folder.path(), &postgres.url()).await;
    postgres.stop().await?;
    measured
}

async fn measure(folder: &Path, database: &str) -> Result<()> {
    println!("## Delivery\n");
    let legato = Process::start(servers::legato(folder, database)?).await?;
    let music = Music::upload(&legato).await?;
    let parts = setting("LEGATO_BENCH_PARTS").unwrap_or_else(|| "bytes,crowd,presses".to_owned());
    let mut over = Vec::new();
    for part in parts.split(',') {
        match part {
            "bytes" => over.extend(bytes(folder, &legato, &music).await?),
            "crowd" => over.extend(crowd::measure(folder, &legato, &music).await?),
            "presses" => over.extend(presses::measure(&legato, &music, database).await?),
            other => anyhow::bail!("there is no part {other}"),
        }
    }
    ensure!(over.is_empty(), "over their limits: {over:?}");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "no setting of the server, whose configuration this is not")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn bytes(folder: &Path, legato: &Process, music: &Music) -> Result<Vec<&'static str>> {
    let root = music.keep(legato, folder).await?;
    let nginx = Process::start_silent(servers::nginx(folder, &root)?).await?;
    let actix = Process::start(servers::actix_files(&root)?).await?;
    let others = [("nginx", &nginx), ("actix-files", &actix)];
    let works = [
        Work { what: "segment", ours: &music.segment, theirs: "/segment.m4s", requests: 12_000, limit: 1.15 },
        Work { what: "whole file", ours: &music.whole, theirs: "/whole.flac", requests: 64, limit: 1.4 },
        Work { what: "media playlist", ours: &music.playlist, theirs: "/media.m3u8", requests: 30_000, limit: 1.2 },
    ];
    println!(
        "User and system time of whole processes for one request, over {CONNECTIONS} connections; medians of {ROUNDS} rounds, the"
    );
    println!("ratio of the pairs'.\n");
    println!("| what | bytes | Legato, CPU µs | nginx | ratio | limit | actix-files |\n|---|---|---|---|---|---|---|");
    let mut over = Vec::new();
    for work in works {
        if load::compare(legato, &others, &work, (CONNECTIONS, ROUNDS)).await? > work.limit {
            over.push(work.what);
        }
    }
    println!("\nSeeks: 64 KiB from anywhere in the whole file, {SEEKS} in a second over {CONNECTIONS} connections.\n");
    println!("| server | p50 µs | p99 µs |\n|---|---|---|");
    let (ours, theirs) = load::seek(legato, &others, music, (CONNECTIONS, ROUNDS, SEEKS)).await?;
    println!("\nThe p99 of a seek against nginx's: **{:.2}** (the limit is 1.00).\n", ratio(ours, theirs));
    if ratio(ours, theirs) > 1.0 {
        over.push("seek");
    }
    supysonic::compare(folder, &root, legato, music).await?;
    Ok(over)
}

pub(crate) fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64().max(1e-9)
}

/// The time that this share of them took no longer than.
pub(crate) fn at(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() as f64 * share) as usize).min(times.len() - 1)]
}
