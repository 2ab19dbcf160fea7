//! The cluster's folder: made whole or not at all, configured anew at each start.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, test_kill_process};

use super::programs::{Programs, find_programs};
use super::runner::{AtOurDeath, Runner};
use super::{NAME, Options, leftovers};

const FOLDER: &str = "postgres";
const SCRATCH: &str = "postgres.new-";

/// How long the server of a killed Legato, which is shutting down by itself, is given to finish.
const LEFTOVER_PATIENCE: Duration = Duration::from_secs(5);

/// A cluster, complete and ready to be started.
pub(super) struct Cluster {
    folder: PathBuf,
    programs: Programs,
    runner: Runner,
    durable: bool,
}

/// The major version that made the cluster of a data folder, if there is one.
pub(super) fn version(data: &Path) -> Result<Option<u32>> {
    let file = data.join(FOLDER).join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim().parse().with_context(|| format!("cannot read {}", file.display()))?)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Whether `folder` is the cluster of `data`, or one in the making.
pub(super) fn is_cluster(folder: &Path, data: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    folder.parent() == Some(data) && (name == FOLDER || name.starts_with(SCRATCH))
}

impl Cluster {
    /// Opens the cluster of a data folder, whose lock is held, and makes it first if need be.
    pub(super) fn open(data: &Path, options: &Options) -> Result<Self> {
        let programs = find_programs(data, options.programs.as_deref())?;
        let runner = Runner::choose(data, programs.folder())?;
        leftovers::end(data, LEFTOVER_PATIENCE)?;
        sweep(data)?;
        let cluster = Self { folder: data.join(FOLDER), programs, runner, durable: options.durable };
        if version(data)?.is_none() {
            cluster.make(data)?;
        }
        cluster.runner.adopt(&cluster.folder).context("cannot give the cluster's files to PostgreSQL's account")?;
        Ok(cluster)
    }

    pub(super) fn runner(&self) -> Runner {
        self.runner
    }

    /// The command that runs the server. Its configuration is written anew, and what an earlier server left behind, and
    /// would keep this one from starting, is taken away.
    pub(super) fn server(&self, sockets: &Path) -> Result<Command> {
        self.write("postgresql.conf", &settings(sockets, self.durable))?;
        self.write("pg_hba.conf", HOSTS)?;
        self.forget_stale_pid()?;
        let mut command = self.runner.command(&self.programs.program("postgres"), AtOurDeath::ShutDown);
        command.arg("-D").arg(&self.folder).stdin(Stdio::null());
        Ok(command)
    }

    /// Whether the server with this process id says that it takes connections.
    pub(super) fn is_ready(&self, server: u32) -> bool {
        let text = fs::read_to_string(self.pid_file()).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        lines.next() == Some(&server.to_string()) && lines.nth(6) == Some("ready")
    }

    /// Ends the sessions of a server that was killed.
    pub(super) fn end_orphans(&self) -> Result<()> {
        let data = self.folder.parent().context("the cluster lies in the data folder")?;
        leftovers::end(data, Duration::from_millis(500))
    }

    /// In a scratch folder, synced and renamed, so that a death at any moment leaves no half cluster.
    fn make(&self, data: &Path) -> Result<()> {
        let scratch = data.join(format!("{SCRATCH}{}", std::process::id()));
        fs::DirBuilder::new().mode(0o700).create(&scratch)?;
        self.runner.hand_over(&scratch)?;
        self.initdb(&scratch)?;
        if self.durable {
            // One call for the file system: seventy times as fast here as a sync of each of a thousand files.
            rustix::fs::syncfs(File::open(&scratch)?).context("cannot sync the new cluster")?;
        }
        fs::rename(&scratch, &self.folder).with_context(|| {
            format!("{} is in the way and is no PostgreSQL cluster: move it away", self.folder.display())
        })?;
        File::open(data)?.sync_all().context("cannot sync the data folder")
    }

    fn initdb(&self, folder: &Path) -> Result<()> {
        let mut command = self.runner.command(&self.programs.program("initdb"), AtOurDeath::Die);
        command.arg("--pgdata").arg(folder).arg(format!("--username={NAME}"));
        command.args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--data-checksums", "--no-sync"]);
        let output = command.stdin(Stdio::null()).output().with_context(|| self.runner.remedy())?;
        ensure!(
            output.status.success(),
            "PostgreSQL's initdb failed ({}): {}{}\n({})",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
            self.runner.remedy()
        );
        Ok(())
    }

    /// Replaces a file of the cluster. The folder may belong to a less trusted account, so no link in it is followed.
    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        let fresh = self.folder.join(format!("{name}.new"));
        let write = || -> io::Result<()> {
            remove_file(&fresh)?;
            let mut file = File::options().write(true).create_new(true).mode(0o600).open(&fresh)?;
            file.write_all(text.as_bytes())?;
            self.runner.hand_over(&fresh)?;
            fs::rename(&fresh, &path)
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }

    /// PostgreSQL would refuse to start where its old process id is by now another's, or was never written whole.
    ///
    /// Where that process is gone, PostgreSQL looks after the file itself, and after the shared memory named in it.
    fn forget_stale_pid(&self) -> Result<()> {
        let text = fs::read_to_string(self.pid_file()).unwrap_or_default();
        let pid = text.lines().next().and_then(|line| line.trim().parse().ok()).and_then(Pid::from_raw);
        match pid {
            Some(pid) if test_kill_process(pid).is_err() => Ok(()),
            _ => remove_file(&self.pid_file()).context("cannot remove a stale postmaster.pid"),
        }
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("postmaster.pid")
    }
}

/// Removes clusters that were never finished.
fn sweep(data: &Path) -> Result<()> {
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(SCRATCH)) {
            fs::remove_dir_all(entry.path()).with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// Removes a file; that there is none is fine.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

/// The socket's folder is private, so whoever reaches the socket is trusted.
const HOSTS: &str = "# Written by Legato at each start.\n\
                     local all all trust\n\
                     local replication all trust\n";

/// `postgresql.conf` for a small machine. What an administrator sets by `ALTER SYSTEM` stands in another file and wins.
fn settings(sockets: &Path, durable: bool) -> String {
    let durability = if durable {
        "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\nshared_buffers = 128MB\n"
    } else {
        "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 64MB\n"
    };
    format!(
        "# Written by Legato at each start. Settings of your own: ALTER SYSTEM.\n\
         listen_addresses = ''\n\
         unix_socket_directories = '{}'\n\
         unix_socket_permissions = 0700\n\
         {durability}{SETTINGS}",
        sockets.display()
    )
}

/// LOG ranks above ERROR for the server's log: errors of statements, which may quote what people wrote, stay out of it.
const SETTINGS: &str = "\
cluster_name = 'legato'
max_connections = 200
work_mem = 8MB
maintenance_work_mem = 64MB
wal_compression = on
max_wal_size = 1GB
min_wal_size = 80MB
recovery_init_sync_method = syncfs
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = ''
log_min_messages = log
log_min_error_statement = panic
log_checkpoints = off
";
