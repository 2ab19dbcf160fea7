//! Against supysonic, a server of the Subsonic API in Python that Debian has: it stands for what a listener's app meets.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::process::Command;

use super::load::{Connection, cost, get};
use super::music::{Music, text};
use super::servers::Process;
use super::{ROUNDS, at, ratio};

/// It closes a connection that is quiet for two seconds, as those are that wait for one of its threads.
const CONNECTIONS: usize = 8;
const PIECE: usize = 64 * 1024;
/// Who asks, as the Subsonic API wants it in each address.
const CALLER: &str = "u=bench&p=bench&c=bench&v=1.8.0";

/// What is fetched: its name, how many bytes of it if not all, and how many of it in a round here and there.
const WORKS: [(&str, Option<usize>, (usize, usize)); 2] =
    [("whole file", None, (64, 64)), ("64 KiB of it", Some(PIECE), (8_000, 1_600))];

/// Prints a table, or that supysonic is not there.
pub(crate) async fn compare(folder: &Path, root: &Path, legato: &Process, music: &Music) -> Result<()> {
    let Some((supysonic, file)) = start(folder, root).await? else {
        println!("Not against supysonic, which is not installed (apt-get install supysonic gunicorn).\n");
        return Ok(());
    };
    println!(
        "The same file, over {CONNECTIONS} connections, against supysonic on gunicorn (2 processes of 4 threads).\n"
    );
    println!("| what | bytes | Legato, CPU µs | supysonic | ratio |\n|---|---|---|---|---|");
    for (what, piece, (requests, fewer)) in WORKS {
        let range = piece.map_or(String::new(), |bytes| format!("Range: bytes=4096-{}\r\n", 4096 + bytes - 1));
        let status = if piece.is_some() { 206 } else { 200 };
        let sides = [(legato, get(&music.whole, &range), requests), (&supysonic, get(&file, &range), fewer)];
        let (mut costs, mut bytes) = ([const { Vec::new() }; 2], 0);
        for round in 0..=ROUNDS {
            for (costs, (process, request, requests)) in costs.iter_mut().zip(&sides) {
                let (each, body) = cost(process, (request, status), CONNECTIONS, *requests).await?;
                ensure!(body == piece.unwrap_or(music.whole_bytes), "{what} has {body} bytes");
                bytes = body;
                if round > 0 {
                    costs.push(each);
                }
            }
        }
        let [ours, theirs] = costs.map(|mut side| at(&mut side, 0.5));
        let micros = |cost: Duration| cost.as_secs_f64() * 1e6;
        println!("| {what} | {bytes} | {:.1} | {:.1} | **{:.3}** |", micros(ours), micros(theirs), ratio(ours, theirs));
    }
    println!();
    Ok(())
}

/// A supysonic that has the files of `root` in its library, and the path of the one that it knows as music.
async fn start(folder: &Path, root: &Path) -> Result<Option<(Process, String)>> {
    let home = folder.join("supysonic");
    fs::create_dir_all(&home)?;
    let place = home.display();
    let config = format!("[base]\ndatabase_uri = sqlite:///{place}/db\n[webapp]\ncache_dir = {place}/cache\n");
    fs::write(home.join("supysonic.conf"), config)?;
    let command = |name: &str| {
        let mut command = Command::new(name);
        command.current_dir(&home).env("HOME", &home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let root = root.to_str().context("a folder")?;
    for arguments in [
        ["user", "add", "bench", "-p", "bench"].as_slice(),
        &["folder", "add", "music", root],
        &["folder", "scan", "-f", "music"],
    ] {
        match command("supysonic-cli").args(arguments).status().await {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            status => ensure!(status?.success(), "supysonic-cli {arguments:?}"),
        }
    }
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut server = command("supysonic-server");
    server.args(["-S", "gunicorn", "-h", "127.0.0.1", "--processes", "2", "--threads", "4", "-p"]);
    server.arg(address.port().to_string());
    let process = Process::start_silent((server, address)).await?;
    let list = get(&format!("/rest/getRandomSongs.view?{CALLER}&f=json"), "");
    let songs: Value = serde_json::from_slice(&Connection::open(address).await?.read(&list).await?.body)?;
    let id = text(&songs, "/subsonic-response/randomSongs/song/0/id")?;
    Ok(Some((process, format!("/rest/download.view?{CALLER}&id={id}"))))
}
