//! The servers as processes of their own, and what the kernel charges them.

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use actix_web::{App, HttpServer};
use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A server; asked to end at the end.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// One that says where it answers.
    pub(crate) async fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("piped")?).lines();
        let line = lines.next_line().await?.context("the server does not start")?;
        let (_, address) = line.rsplit_once("http://").context("an address")?;
        Ok(Self { child, address: address.parse()? })
    }

    /// One that was told where.
    pub(crate) async fn start_silent((mut command, address): (Command, SocketAddr)) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.with_context(|| format!("{:?} is not installed", command.as_std().get_program()))?;
        let process = Self { child, address };
        for _ in 0..100 {
            if TcpStream::connect(address).await.is_ok() {
                return Ok(process);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("nobody answers at {address}")
    }

    fn pid(&self) -> Result<u32> {
        self.child.id().context("it runs")
    }

    /// Of the process and its children.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let first = self.pid()?;
        let children = fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        children.chain([first]).map(cpu_of).sum()
    }

    /// A figure of proc(5)'s `status`, in bytes.
    pub(crate) fn memory(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find(|line| line.starts_with(name)).context("a figure")?;
        Ok(1024 * line.split_whitespace().nth(1).context("a number")?.parse::<u64>()?)
    }
}

impl Drop for Process {
    /// An nginx that is killed leaves its workers behind; one that is asked to end takes them along.
    fn drop(&mut self) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
        }
    }
}

/// What the kernel has charged to a process, finer than proc(5)'s `stat`: the first figure of each thread's `schedstat`.
fn cpu_of(process: u32) -> Result<Duration> {
    let threads = fs::read_dir(format!("/proc/{process}/task"))?;
    let nanos = |path: PathBuf| {
        let text = fs::read_to_string(path.join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    };
    Ok(Duration::from_nanos(threads.filter_map(|thread| nanos(thread.ok()?.path())).sum()))
}

// The bench's own address is trusted as a proxy's, so that each client can have an address of its own.
// It logs as it does by default, for that is part of what a request costs.
pub(crate) fn legato(folder: &Path, database: &str) -> Result<Command> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_legato"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data"]).arg(folder.join("data"));
    command.env("LEGATO_DATABASE_URL", database).env("LEGATO_TRUSTED_PROXIES", "127.0.0.1");
    // No settings of the server, which does not start with any that it does not know.
    for part in ["PARTS", "LISTENERS", "SECONDS", "TRACKS", "PLAYS"] {
        command.env_remove(format!("LEGATO_BENCH_{part}"));
    }
    command.stderr(fs::File::create(folder.join("legato.log"))?);
    Ok(command)
}

/// nginx as its operators tune it for files: sendfile, an open file cache, no log.
pub(crate) fn nginx(folder: &Path, root: &Path) -> Result<(Command, SocketAddr)> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let (place, root) = (folder.join("nginx"), root.display());
    fs::create_dir_all(&place)?;
    let (config, at) = (place.join("nginx.conf"), place.display());
    let text = format!(
        "daemon off; user root; worker_processes 2; worker_rlimit_nofile 20000; pid {at}/pid; error_log {at}/log;
         events {{ worker_connections 20000; }}
         http {{ access_log off; sendfile on; tcp_nopush off; tcp_nodelay on; keepalive_requests 1000000000;
                client_body_temp_path {at}/temp; open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s;
                server {{ listen {address}; root {root}; }} }}"
    );
    fs::write(&config, text)?;
    let mut command = Command::new("nginx");
    command.arg("-p").arg(&place).arg("-c").arg(config);
    Ok((command, address))
}

pub(crate) fn actix_files(root: &Path) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("actix-files").arg(root).stderr(Stdio::null());
    Ok(command)
}

/// What a server of actix-web's own crate for files would be.
pub(crate) async fn run_actix_files(root: &str) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let root = root.to_owned();
    let app = move || App::new().service(actix_files::Files::new("/", &root));
    Ok(HttpServer::new(app).workers(2).listen(listener)?.run().await?)
}
