//! How fast lists are in a big catalogue: prints a section of Markdown, with p50 and p99 of each list over HTTP; fails where a
//! p99 is above 20 ms.
//!
//! `LEGATO_BENCH_TRACKS` says how many tracks (a million without it). `-- fill URL` only fills the database at `URL`, which
//! has to be migrated.
#![expect(clippy::print_stdout, reason = "the section is the output")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use legato::platform::db::Conn;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const CATALOGUE: &str = include_str!("listings/catalogue.sql");
/// Requests for each list, on one connection each: the first page, and the pages behind it in turns.
const REQUESTS: usize = 300;
const MAX_P99: Duration = Duration::from_millis(20);

const LISTS: [&str; 10] = [
    "/releases?limit=50",
    "/releases?sort=most_played",
    "/releases?sort=title",
    "/releases?genre=pop&sort=most_played",
    "/releases?genre=style+7&sort=title",
    "/releases?genre=rock&year=1999&kind=album",
    "/artists?limit=50",
    "/artists?sort=name",
    "/artists/made-7/releases",
    "/genres",
];

#[tokio::main]
async fn main() -> Result<()> {
    let tracks = tracks()?;
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "fill") {
        return fill(arguments.get(at + 1).context("fill needs the URL of a database")?, tracks).await;
    }
    let folder = tempfile::tempdir_in(std::env::current_dir()?.join("target"))?;
    let postgres = EmbeddedPostgres::start(&folder.path().join("database"), Options::default()).await?;
    let measured = measure(folder.path(), &postgres.url(), tracks).await;
    postgres.stop().await?;
    measured
}

#[expect(clippy::disallowed_methods, reason = "no setting of the server, whose configuration this is not")]
fn tracks() -> Result<u32> {
    Ok(std::env::var("LEGATO_BENCH_TRACKS").ok().map(|text| text.parse()).transpose()?.unwrap_or(1_000_000))
}

async fn fill(url: &str, tracks: u32) -> Result<()> {
    let mut conn = Conn::establish(url).await?;
    conn.batch_execute(&CATALOGUE.replace(":tracks", &tracks.to_string())).await?;
    conn.batch_execute("vacuum analyze").await?;
    Ok(())
}

async fn measure(folder: &Path, database: &str, tracks: u32) -> Result<()> {
    // Migrates.
    drop(Legato::start(folder, database).await?);
    fill(database, tracks).await?;
    let legato = Legato::start(folder, database).await?;
    println!("## Lists\n\n{tracks} tracks, {REQUESTS} requests of each list, pages in their order, one at a time.\n");
    println!("| list | p50 ms | p99 ms |\n|---|---|---|");
    let mut slow = Vec::new();
    for list in LISTS {
        let mut times = legato.walk(list).await?;
        times.sort_unstable();
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
        println!("| `{list}` | {:.2} | {:.2} |", at(50).as_secs_f64() * 1e3, at(99).as_secs_f64() * 1e3);
        if at(99) > MAX_P99 {
            slow.push(list);
        }
    }
    ensure!(slow.is_empty(), "over 20 ms: {slow:?}");
    Ok(())
}

struct Legato {
    _child: Child,
    address: SocketAddr,
}

impl Legato {
    async fn start(folder: &Path, database: &str) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_legato"));
        command.args(["serve", "--no-workers", "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data"]);
        command.arg(folder.join("data")).env("LEGATO_DATABASE_URL", database);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.kill_on_drop(true).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("piped")?).lines();
        let line = lines.next_line().await?.context("the server does not start")?;
        let address = line.rsplit_once("http://").context("an address")?.1.parse()?;
        Ok(Self { _child: child, address })
    }

    // How long each page took; after the last one it begins anew.
    async fn walk(&self, list: &str) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..REQUESTS {
            let glue = if list.contains('?') { '&' } else { '?' };
            let after = cursor.map(|cursor| format!("{glue}cursor={cursor}")).unwrap_or_default();
            let began = Instant::now();
            let page = self.get(&format!("/api/v1{list}{after}")).await?;
            times.push(began.elapsed());
            cursor = page["next_cursor"].as_str().map(str::to_owned);
        }
        Ok(times)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(self.address).await?;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(head.as_bytes()).await?;
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await?;
        let heard = String::from_utf8_lossy(&heard);
        ensure!(heard.starts_with("HTTP/1.1 200"), "{path}: {heard}");
        let body = heard.split_once("\r\n\r\n").context("an answer")?.1;
        let json = body.find('{').zip(body.rfind('}')).and_then(|(from, to)| body.get(from..=to)).context("JSON")?;
        Ok(serde_json::from_str(json)?)
    }
}
