//! With real servers, each in a temporary folder of its own.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::wire::Connection;
use super::*;

fn data_folder() -> TempDir {
    folder_with_mode(0o755)
}

fn folder_with_mode(mode: u32) -> TempDir {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
    folder
}

fn quick() -> Options {
    Options { durable: false, ..Options::default() }
}

async fn start(data: &Path) -> EmbeddedPostgres {
    EmbeddedPostgres::start(data, quick()).await.unwrap()
}

fn connect(data: &Path) -> Option<Connection> {
    Connection::open(&lock::announced(data)?, NAME).ok()
}

fn execute(data: &Path, sql: &str) {
    connect(data).expect("the server takes connections").execute(sql).unwrap();
}

fn assert_holds(data: &Path, condition: &str) {
    execute(data, &format!("do $$ begin assert {condition}; end $$"));
}

fn postmaster(data: &Path) -> Option<Pid> {
    let text = fs::read_to_string(data.join("postgres/postmaster.pid")).ok()?;
    Pid::from_raw(text.lines().next()?.parse().ok()?)
}

fn wait_for(what: impl Fn() -> bool) {
    let began = Instant::now();
    while !what() {
        assert!(began.elapsed() < Duration::from_secs(30), "it never came");
        thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let folder = data_folder();
    let data = folder.path().join("data");
    let server = EmbeddedPostgres::start(&data, Options::default()).await.unwrap();
    assert!(server.is_owner());
    assert_holds(&data, "current_setting('fsync') = 'on' and current_setting('listen_addresses') = ''");
    assert_holds(&data, "current_setting('server_encoding') = 'UTF8' and 'ÄÖ' = upper('äö')");
    execute(&data, "create extension pg_trgm; create table kept as select 42 as answer");
    let url = server.url();
    server.stop().await.unwrap();
    assert!(connect(&data).is_none() && postmaster(&data).is_none());

    let server = start(&data).await;
    assert_eq!(server.url(), url);
    assert_holds(&data, "(select answer from kept) = 42");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_postmaster_is_started_again_and_nothing_is_lost() {
    let folder = data_folder();
    let data = folder.path();
    let server = EmbeddedPostgres::start(data, Options::default()).await.unwrap();
    execute(data, "create table kept as select 42 as answer");
    let mut busy = connect(data).unwrap();
    let session = thread::spawn(move || busy.execute("select pg_sleep(60)"));
    for _ in 0..3 {
        let killed = postmaster(data).unwrap();
        kill_process(killed, Signal::KILL).unwrap();
        wait_for(|| postmaster(data) != Some(killed) && connect(data).is_some());
        assert_holds(data, "(select answer from kept) = 42");
    }
    assert!(session.join().unwrap().is_err(), "the orphaned session was ended");
    server.stop().await.unwrap();
    assert!(leftovers::end(data, Duration::ZERO).is_ok());
}

#[tokio::test]
async fn a_second_process_attaches_and_only_one_serves() {
    let folder = data_folder();
    let data = folder.path();
    let (one, two) = tokio::join!(
        EmbeddedPostgres::start_or_attach(data, quick()),
        EmbeddedPostgres::start_or_attach(data, quick())
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_ne!(one.is_owner(), two.is_owner());
    assert_eq!(one.url(), two.url());

    let refused = EmbeddedPostgres::start(data, quick()).await.unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");

    let (owner, guest) = if one.is_owner() { (one, two) } else { (two, one) };
    guest.stop().await.unwrap();
    assert!(connect(data).is_some());
    owner.stop().await.unwrap();
    assert!(connect(data).is_none());
}

#[tokio::test]
async fn stale_files_do_not_keep_it_from_starting() {
    let folder = data_folder();
    let data = folder.path();
    start(data).await.stop().await.unwrap();
    let living = std::process::id().to_string();
    for stale in [living.as_str(), "", "nonsense"] {
        fs::write(data.join("postgres/postmaster.pid"), stale).unwrap();
        fs::create_dir(data.join("postgres.socket")).unwrap();
        fs::write(data.join("postgres.socket/.s.PGSQL.5432.lock"), stale).unwrap();
        fs::write(data.join("legato.lock"), format!("{living}\n/run/elsewhere\n")).unwrap();
        start(data).await.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_cluster_that_was_never_finished_is_made_again() {
    let folder = data_folder();
    let half = folder.path().join("postgres.new-1");
    fs::create_dir_all(half.join("base")).unwrap();
    start(folder.path()).await.stop().await.unwrap();
    assert!(!half.exists());
}

#[tokio::test]
async fn a_foreign_folder_in_its_place_is_left_alone() {
    let folder = data_folder();
    fs::create_dir(folder.path().join("postgres")).unwrap();
    fs::write(folder.path().join("postgres/diary.txt"), "mine").unwrap();
    let problem = EmbeddedPostgres::start(folder.path(), quick()).await.unwrap_err();
    assert!(format!("{problem:#}").contains("is in the way"), "{problem:#}");
    assert!(folder.path().join("postgres/diary.txt").exists());
}

#[tokio::test]
async fn dropping_the_owner_stops_the_server() {
    let folder = data_folder();
    drop(start(folder.path()).await);
    wait_for(|| DataLock::take(folder.path()).unwrap().is_some());
    assert!(postmaster(folder.path()).is_none());
}

#[tokio::test]
async fn it_says_why_it_does_not_start() {
    let folder = data_folder();
    start(folder.path()).await.stop().await.unwrap();
    fs::remove_file(folder.path().join("postgres/global/pg_control")).unwrap();
    let problem = EmbeddedPostgres::start(folder.path(), quick()).await.unwrap_err();
    assert!(format!("{problem:#}").contains("pg_control"), "{problem:#}");
}

// Root needs one for a folder that PostgreSQL's account cannot enter; a chroot or a container may forbid it.
fn may_have_namespaces() -> bool {
    let tried = std::process::Command::new("unshare").args(["--map-user=1", "true"]).output();
    !rustix::process::geteuid().is_root() || tried.is_ok_and(|tried| tried.status.success())
}

#[tokio::test]
async fn it_works_in_a_closed_folder_and_when_that_is_opened_and_closed_again() {
    if !may_have_namespaces() {
        return eprintln!("!! SKIPPED: user namespaces are forbidden here, so root's closed folder was not tried");
    }
    let folder = folder_with_mode(0o700);
    let data = folder.path().join("data");
    let ourselves = rustix::process::geteuid().as_raw();
    let server = start(&data).await;
    execute(&data, "create table kept as select 42 as answer");
    server.stop().await.unwrap();
    for (mode, is_ours) in [(0o700, true), (0o755, ourselves != 0), (0o700, true)] {
        fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
        let server = start(&data).await;
        assert_holds(&data, "(select answer from kept) = 42");
        server.stop().await.unwrap();
        // Root hands the cluster to PostgreSQL's account where that can reach it, and else takes it back.
        let owner = fs::metadata(data.join("postgres/base")).unwrap().uid();
        assert_eq!(owner == ourselves, is_ours, "mode {mode:o}");
    }
}
