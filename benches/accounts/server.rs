//! Servers as processes of their own, connections to them, and what the kernel charges them.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A server that says where it answers; killed at the end.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    pub(crate) async fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("piped")?).lines();
        let line = lines.next_line().await?.context("the server does not start")?;
        let (_, address) = line.rsplit_once("http://").context("an address")?;
        Ok(Self { child, address: address.parse()? })
    }

    pub(crate) async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, heard: Vec::with_capacity(16 * 1024) })
    }

    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu_of(self.child.id().context("it runs")?)
    }
}

// The bench's own address is trusted as a proxy's, so that each client can have an address of its own.
// It logs as it does by default, for that is part of what a request costs.
pub(crate) fn legato(folder: &Path, database: &str) -> Result<Command> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_legato"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data"]).arg(folder.join("data"));
    command.env("LEGATO_DATABASE_URL", database).env("LEGATO_TRUSTED_PROXIES", "127.0.0.1");
    command.stderr(fs::File::create(folder.join("legato.log"))?);
    Ok(command)
}

pub(crate) fn floor(body: &str) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["floor", body]);
    Ok(command)
}

pub(crate) async fn run_floor() -> Result<()> {
    let body = std::env::args().next_back().context("a body")?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let app = move || {
        let body = body.clone();
        let answer = move || {
            let body = body.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(body) }
        };
        App::new().route("/api/v1/me", web::get().to(answer))
    };
    Ok(HttpServer::new(app).listen(listener)?.run().await?)
}

/// What the kernel has charged to a process (proc(5): utime, stime).
fn cpu_of(process: u32) -> Result<Duration> {
    /// The unit of `/proc`, on every Linux.
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("a name in brackets")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    Ok(TICK * ticks)
}

/// The same of a PostgreSQL: its first process and those that serve connections.
pub(crate) fn cpu_of_postgres(data: &Path) -> Result<Duration> {
    let pid = fs::read_to_string(data.join("postgres/postmaster.pid"))?;
    let first: u32 = pid.lines().next().context("a pid")?.trim().parse()?;
    let children = fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
    let all = children.split_whitespace().filter_map(|child| child.parse().ok()).chain([first]);
    Ok(all.filter_map(|process| cpu_of(process).ok()).sum())
}

/// A connection that is kept alive, and one request at a time on it.
pub(crate) struct Connection {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Connection {
    /// Sends a request and reads the whole answer: its status and its body.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.heard.clear();
        loop {
            ensure!(self.stream.read_buf(&mut self.heard).await? > 0, "the server hung up");
            if let Some((status, head, body)) = lengths(&self.heard)
                && self.heard.len() >= head + body
            {
                return Ok((status, &self.heard[head..]));
            }
        }
    }
}

/// Status, bytes of the head, bytes of the body; `None` while the head is not there.
fn lengths(heard: &[u8]) -> Option<(u16, usize, usize)> {
    let head = heard.windows(4).position(|window| window == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&heard[..head]).ok()?;
    let status = text.get(9..12)?.parse().ok()?;
    let length = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    };
    Some((status, head + 4, text.lines().find_map(length).unwrap_or(0)))
}
