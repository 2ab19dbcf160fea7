//! Uploads that can be resumed: how fast they come to disk against nginx (PUT, then fsync), what they cost, and how much memory
//! many at once take. Prints a section of Markdown; fails where memory grows with the number of bytes.
//!
//! Both are processes of their own on one disk, and take turns. Legato hashes every byte (BLAKE3), syncs it, and makes a track
//! of the file; its workers are off, so that only the upload is measured.
#![expect(clippy::print_stdout, reason = "the section is the output")]

use std::fs;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use futures_util::future::try_join_all;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const FILE_BYTES: usize = 512 << 20;
const ROUNDS: usize = 7;
const PARALLEL: usize = 32;
const PARALLEL_BYTES: usize = 64 << 20;
/// How much an upload may add to the server's memory, whatever its length.
const MAX_BYTES_EACH: u64 = 4 << 20;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir_in(std::env::current_dir()?.join("target"))?;
    let postgres = EmbeddedPostgres::start(&folder.path().join("database"), Options::default()).await?;
    let legato = Legato::start(folder.path(), &postgres.url()).await?;
    let measured = measure(&legato, folder.path()).await;
    drop(legato);
    postgres.stop().await?;
    measured
}

async fn measure(legato: &Legato, folder: &Path) -> Result<()> {
    println!("## Uploads\n");
    let bytes = noise();
    let nginx = Nginx::start(folder).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let before = cpu(legato.process)?;
        let began = Instant::now();
        legato.upload(&bytes, FILE_BYTES, round).await?;
        ours.push((began.elapsed(), cpu(legato.process)? - before));
        let before = nginx.cpu()?;
        let began = Instant::now();
        nginx.put(&bytes, round).await?;
        theirs.push((began.elapsed(), nginx.cpu()? - before));
    }
    report(&ours, &theirs);
    memory(legato, &bytes).await
}

fn report(ours: &[(Duration, Duration)], theirs: &[(Duration, Duration)]) {
    let median = |of: &[(Duration, Duration)], which: fn(&(Duration, Duration)) -> Duration| {
        let mut all: Vec<Duration> = of.iter().map(which).collect();
        all.sort_unstable();
        all[all.len() / 2].as_secs_f64()
    };
    let gb = FILE_BYTES as f64 / 1e9;
    println!("| one file of 512 MiB, median of {ROUNDS} | MB/s | CPU s/GB |\n|---|---|---|");
    for (name, of) in [("Legato: tus, BLAKE3, fsync, a track", ours), ("nginx: PUT, then fsync", theirs)] {
        let (wall, cpu) = (median(of, |one| one.0), median(of, |one| one.1));
        println!("| {name} | {:.0} | {:.2} |", gb * 1000.0 / wall, cpu / gb);
    }
    let ratio = median(theirs, |one| one.0) / median(ours, |one| one.0);
    println!("\nThroughput, ours ÷ theirs (more is better): {ratio:.2}.");
}

async fn memory(legato: &Legato, bytes: &[u8]) -> Result<()> {
    let (before, peak) = (legato.memory("VmRSS")?, legato.memory("VmHWM")?);
    let uploads = (0..PARALLEL).map(|number| legato.upload(bytes, PARALLEL_BYTES, 1000 + number));
    try_join_all(uploads).await?;
    let after = legato.memory("VmHWM")?;
    let each = after.saturating_sub(before) / PARALLEL as u64;
    println!(
        "\n{PARALLEL} uploads of 64 MiB at once: {} MiB at the most, {} MiB before ({} MiB at the most for one file); \
         {:.1} MiB for each.",
        after >> 20,
        before >> 20,
        peak >> 20,
        each as f64 / f64::from(1 << 20)
    );
    ensure!(each <= MAX_BYTES_EACH, "an upload takes {each} bytes of memory");
    Ok(())
}

/// Bytes that nothing compresses, long enough for the longest file and for a beginning of its own each.
fn noise() -> Vec<u8> {
    let mut bytes = vec![0; FILE_BYTES + 8192];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

/// The server, and a release to upload to.
struct Legato {
    _child: Child,
    process: u32,
    address: SocketAddr,
    token: String,
    release: String,
}

impl Legato {
    async fn start(folder: &Path, database: &str) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_legato"));
        command.args(["serve", "--no-workers", "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data"]);
        command.arg(folder.join("data")).env("LEGATO_DATABASE_URL", database);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(folder.join("legato.log"))?);
        let mut child = command.kill_on_drop(true).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("piped")?).lines();
        let line = lines.next_line().await?.context("the server does not start")?;
        let address = line.rsplit_once("http://").context("an address")?.1.parse()?;
        let process = child.id().context("it runs")?;
        let mut legato = Self { _child: child, process, address, token: String::new(), release: String::new() };
        legato.prepare().await?;
        Ok(legato)
    }

    async fn prepare(&mut self) -> Result<()> {
        let account = json!({ "handle": "nina", "email": "nina@example.org", "password": "the password of nina" });
        self.post("/accounts", &account).await?;
        let session = self.post("/session", &json!({ "login": "nina", "password": "the password of nina" })).await?;
        self.token = session["token"].as_str().context("a token")?.to_owned();
        self.post("/artists", &json!({ "name": "nina" })).await?;
        let release = self.post("/artists/nina/releases", &json!({ "title": "Tides", "kind": "album" })).await?;
        self.release = release["id"].as_str().context("a release")?.to_owned();
        Ok(())
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let body = body.to_string();
        let head = self.head("POST", &format!("/api/v1{path}"), body.len(), "Content-Type: application/json\r\n");
        let (_, answer) = exchange(self.address, &head, &[body.as_bytes()]).await?;
        Ok(serde_json::from_str(&answer)?)
    }

    fn head(&self, method: &str, path: &str, length: usize, headers: &str) -> String {
        let token = match self.token.as_str() {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{token}Content-Length: {length}\r\n{headers}\r\n",
            self.address
        )
    }

    /// Uploads `length` bytes that no upload had before.
    async fn upload(&self, bytes: &[u8], length: usize, number: usize) -> Result<()> {
        let release = base64::engine::general_purpose::STANDARD.encode(&self.release);
        let headers =
            format!("Tus-Resumable: 1.0.0\r\nUpload-Length: {length}\r\nUpload-Metadata: release_id {release}\r\n");
        let head = self.head("POST", "/api/v1/uploads", 0, &headers);
        let (head, _) = exchange(self.address, &head, &[]).await?;
        let location = head.lines().find_map(|line| line.strip_prefix("location: ")).context("a location")?.to_owned();
        let headers = "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n";
        let head = self.head("PATCH", &location, length, headers);
        let (head, _) = exchange(self.address, &head, &[&number.to_le_bytes(), &bytes[8..length]]).await?;
        ensure!(head.contains("upload-track: "), "{head}");
        Ok(())
    }

    /// A figure of proc(5)'s `status`, in bytes.
    fn memory(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process))?;
        let line = status.lines().find(|line| line.starts_with(name)).context("a figure")?;
        let kib: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
        Ok(kib * 1024)
    }
}

/// nginx, which writes what is PUT to a file.
struct Nginx {
    child: Child,
    address: SocketAddr,
    root: PathBuf,
}

impl Nginx {
    async fn start(folder: &Path) -> Result<Self> {
        let root = folder.join("nginx");
        fs::create_dir_all(root.join("files"))?;
        let address = StdListener::bind("127.0.0.1:0")?.local_addr()?;
        let place = root.display();
        let config = format!(
            "daemon off; user root; worker_processes 2; pid {place}/pid; error_log {place}/log;
             events {{ worker_connections 256; }}
             http {{ access_log off; client_body_temp_path {place}/temp; client_max_body_size 0;
                    server {{ listen {address}; location / {{ root {place}/files; dav_methods PUT; }} }} }}"
        );
        fs::write(root.join("nginx.conf"), config)?;
        let mut command = Command::new("nginx");
        command.arg("-p").arg(&root).arg("-c").arg(root.join("nginx.conf"));
        let child = command.stderr(Stdio::null()).spawn().context("nginx: apt-get install nginx-light")?;
        for _ in 0..100 {
            if TcpStream::connect(address).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(Self { child, address, root })
    }

    async fn put(&self, bytes: &[u8], number: usize) -> Result<()> {
        let name = format!("{number}.wav");
        let head = format!(
            "PUT /{name} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {FILE_BYTES}\r\n\r\n",
            self.address
        );
        exchange(self.address, &head, &[&number.to_le_bytes(), &bytes[8..FILE_BYTES]]).await?;
        let file = fs::File::open(self.root.join("files").join(name))?;
        tokio::task::block_in_place(|| file.sync_all())?;
        Ok(())
    }

    /// Of its workers, which do the work.
    fn cpu(&self) -> Result<Duration> {
        let first = self.child.id().context("it runs")?;
        let children = fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
        children.split_whitespace().map(|process| cpu(process.parse()?)).sum()
    }
}

impl Drop for Nginx {
    /// A master that is killed leaves its workers behind; one that is asked to end takes them along.
    fn drop(&mut self) {
        if let Some(pid) =
            self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw)
        {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
        }
    }
}

/// A request on a connection of its own: the head and the body of its answer. Anything but 2xx is an error.
async fn exchange(address: SocketAddr, head: &str, body: &[&[u8]]) -> Result<(String, String)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    for piece in body {
        stream.write_all(piece).await?;
    }
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await?;
    let heard = String::from_utf8_lossy(&heard);
    let (head, body) = heard.split_once("\r\n\r\n").context("an answer")?;
    ensure!(head.starts_with("HTTP/1.1 2"), "{heard}");
    Ok((head.to_ascii_lowercase(), body.to_owned()))
}

/// What the kernel has charged to a process (proc(5): utime, stime, in hundredths of a second).
fn cpu(process: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("a name in brackets")?;
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(10 * ticks))
}
