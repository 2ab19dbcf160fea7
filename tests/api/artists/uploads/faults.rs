//! Disks that are full, and disks that fail (faults F7 and F8).

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{asks, begins, offset, sends};
use crate::support::{Legato, skipped, tone, with_settings};

/// A small file system in memory; `None` and a loud word where it cannot be had.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(megabytes: u32) -> Option<Self> {
        let disk = Self(tempfile::tempdir().expect("a folder"));
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(disk.0.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(disk);
        }
        skipped("no small disk: mounting a tmpfs takes root");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_loses_nothing_that_was_acknowledged() {
    let Some(disk) = SmallDisk::mount(16) else { return };
    let data = disk.0.path().join("data");
    with_settings(&[("data", data.to_str().expect("a plain path"))], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        super::tries_to_begin(&nina, &release, "long.wav", 20_000_000).await.is_problem(507, "storage-full");
        let wav = tone(440.0, 40.0);
        let location = begins(&nina, &release, "a.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav[..2_000_000]).await.is(204);
        // Something else takes the room meanwhile.
        let other = disk.0.path().join("other");
        std::fs::write(&other, vec![0; 12_000_000]).expect("room");
        sends(&nina, &location, 2_000_000, &wav[2_000_000..]).await.is_problem(507, "storage-full");
        assert!(offset(&nina, &location).await >= 2_000_000);
        nina.get("/me").await.is(200);
        // It heals without a restart.
        std::fs::remove_file(&other).expect("removed");
        let at = offset(&nina, &location).await;
        let answer = sends(&nina, &location, at, &wav[at..]).await.is(204);
        nina.waits_until_ready(answer.header("upload-track")).await;
    })
    .await;
}

/// Makes the next calls of a kind fail in a running process, until it is dropped.
struct Failing(std::process::Child);

impl Failing {
    fn calls(process: u32, call: &str) -> Option<Self> {
        let fault = format!("inject={call}:error=EIO");
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", &format!("trace={call}"), "-e", &fault, "-p", &process.to_string()]);
        let tracer = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok().map(Self);
        if tracer.is_none() {
            skipped("strace is not installed");
        }
        tracer
    }

    /// Whether it traces the process by now.
    fn is_at(process: u32) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        // It lets go of the process when it is asked to end, and not when it is killed.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_failing_disk_did_not_take_is_not_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (mut legato, site) = Legato::serve(Path::new(&data), &[]).await;
    let nina = site.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let wav = tone(440.0, 2.0);
    let location = begins(&nina, &release, "a.wav", wav.len()).await;
    sends(&nina, &location, 0, &wav[..100_000]).await.is(204);
    let process = legato.process().expect("it runs");
    for call in ["fdatasync", "pwrite64"] {
        let Some(failing) = Failing::calls(process, call) else { return };
        let traced = async || Failing::is_at(process);
        assert!(crate::support::becomes_true(Duration::from_secs(10), traced).await, "strace may not trace");
        let answer = sends(&nina, &location, 100_000, &wav[100_000..200_000]).await;
        assert!([500, 503, 507].contains(&answer.status), "{call}: {} {}", answer.status, answer.text());
        drop(failing);
        assert_eq!(offset(&nina, &location).await, 100_000, "{call}");
    }
    asks(&nina, &location).await.is(200);
    let answer = sends(&nina, &location, 100_000, &wav[100_000..]).await.is(204);
    nina.waits_until_ready(answer.header("upload-track")).await;
    legato.kill().await;
}
