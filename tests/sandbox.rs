//! The sandbox with real children: the binary's built-in self-tests try the lock from inside, and each way in which a
//! child can end is told apart.

// The module is private to the server and depends on nothing of it, so the test compiles its own copy of the parent's
// half. The child's half is the real binary's.
#[allow(dead_code, unused_imports, reason = "a test needs one half")]
#[path = "../src/platform/sandbox/mod.rs"]
mod sandbox;

use std::fs::{self, File};
use std::future::pending;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use sandbox::{Done, Failure, Limits, Means, Program, Work, run, status, stream};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const MEANS: Means = Means { cpu: Duration::from_secs(20), wall: Duration::from_secs(60), output_bytes: 4 << 20 };
const LIMITS: Limits = Limits::fixed(512 << 20, MEANS);

fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_legato"))
}

fn work<'a>(task: &'a str, outputs: &'a Path) -> Work<'a> {
    let source = File::open("/dev/null").expect("an empty source");
    Work { task, source, outputs, arguments: Value::Null, limits: LIMITS }
}

async fn outcome(work: Work<'_>) -> Result<Done, Failure> {
    run(&program(), work, pending(), |_| None).await
}

/// What becomes of a task that needs neither source nor outputs.
async fn outcome_of(task: &str) -> Result<Done, Failure> {
    outcome(work(task, Path::new("/"))).await
}

#[tokio::test]
async fn a_task_reads_its_source_reports_progress_and_answers() {
    let mut source = tempfile::NamedTempFile::new().expect("a file");
    source.write_all(&vec![7; 300 << 10]).expect("written");
    let mut opened = File::open(source.path()).expect("opened");
    opened.seek(SeekFrom::End(0)).expect("an offset that does not matter");
    let work = Work { source: opened, arguments: json!({"track": "x"}), ..work("selftest-count", Path::new("/")) };

    let mut progress = Vec::new();
    let hears = |value| {
        progress.push(value);
        None
    };
    let done = run(&program(), work, pending(), hears).await.expect("an answer");

    assert_eq!(done.result, json!({"bytes": 300 << 10, "length": 300 << 10, "arguments": {"track": "x"}}));
    assert_eq!(progress.last(), Some(&json!({"bytes": 300 << 10})));
    assert_eq!(progress.len(), 5);
    assert!(done.peak_memory_bytes.expect("/proc is mounted") > 1 << 20);
    assert!(done.cpu_time > Duration::ZERO && done.cpu_time < Duration::from_secs(5));
}

#[tokio::test]
async fn a_spare_thread_works_behind_the_same_lock() {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let done = outcome_of("selftest-help").await.expect("threads are allowed");
    assert_eq!(done.result, if processors > 1 { json!("spare 1") } else { Value::Null });
    let opened = outcome_of("selftest-help-open").await;
    assert!(processors == 1 || matches!(opened, Err(Failure::Forbidden)), "{opened:?}");
}

#[tokio::test]
async fn the_peak_memory_is_that_of_the_child() {
    let here = vec![1_u8; 200 << 20];
    let work = Work { arguments: json!(64), ..work("selftest-allocate", Path::new("/")) };
    let done = outcome(work).await.expect("64 MiB are allowed");
    assert_eq!(done.result, json!(64));
    let peak = done.peak_memory_bytes.expect("/proc is mounted") >> 20;
    assert!((64..128).contains(&peak), "{peak} MiB, beside {} here", here.len() >> 20);
}

#[tokio::test]
async fn outputs_are_new_files_in_the_given_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::NamedTempFile::new().expect("a file");
    fs::write(folder.path().join("first"), "a long leftover of an earlier attempt").expect("written");
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("second")).expect("a trap");

    outcome(work("selftest-write", folder.path())).await.expect("done");
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("an output");
    assert_eq!([read("first"), read("second")], ["output 0", "output 1"]);
    assert_eq!(fs::metadata(elsewhere.path()).expect("it is there").len(), 0, "links are not followed");
}

#[tokio::test]
async fn a_refusal_carries_its_reason() {
    let work = Work { arguments: json!({"reason": "no audio"}), ..work("selftest-refuse", Path::new("/")) };
    let Err(Failure::Refused(reason)) = outcome(work).await else { panic!("a refusal") };
    assert_eq!(reason, json!({"reason": "no audio"}));
}

#[tokio::test]
async fn a_full_disk_is_our_failure_and_known_as_one() {
    let Err(Failure::Io(error)) = outcome_of("selftest-fail").await else { panic!("our failure") };
    let kind = error.downcast_ref().map(std::io::Error::kind);
    assert_eq!(kind, Some(std::io::ErrorKind::StorageFull));
}

#[tokio::test]
async fn what_cannot_start_is_our_failure() {
    let missing = Program::at("/nonexistent");
    let nothing = run(&missing, work("selftest-count", Path::new("/")), pending(), |_| None).await;
    assert!(matches!(nothing, Err(Failure::Io(_))));
    assert!(matches!(outcome_of("no-such-task").await, Err(Failure::Io(_))));
    assert!(matches!(outcome(work("selftest-write", Path::new("/nonexistent"))).await, Err(Failure::Io(_))));
}

#[tokio::test]
async fn a_source_that_the_child_could_change_is_not_handed_over() {
    let file = tempfile::tempfile().expect("a file for reading and writing");
    let outcome = outcome(Work { source: file, ..work("selftest-count", Path::new("/")) }).await;
    assert!(matches!(outcome, Err(Failure::Io(_))));
}

#[tokio::test]
async fn memory_ends_at_its_limit() {
    let work = Work { arguments: json!(4096), ..work("selftest-allocate", Path::new("/")) };
    assert!(matches!(outcome(work).await, Err(Failure::OutOfMemory)));
}

#[tokio::test]
async fn processor_time_ends_at_its_limit() {
    let limits = Limits::fixed(LIMITS.memory_bytes, Means { cpu: Duration::from_secs(1), ..MEANS });
    let outcome = outcome(Work { limits, ..work("selftest-spin", Path::new("/")) }).await;
    assert!(matches!(outcome, Err(Failure::OutOfTime)), "{outcome:?}");
}

/// A child that starts with one second of processor time, can come to `most` seconds, and is granted what `earned` says.
async fn working(task: &str, steps: u64, most: u64, earned: fn(u64) -> Option<u64>) -> Result<Done, Failure> {
    let means = |seconds| Means { cpu: Duration::from_secs(seconds), ..MEANS };
    let limits = Limits { start: means(1), most: means(most), ..LIMITS };
    let work = Work { arguments: json!(steps), limits, ..work(task, Path::new("/")) };
    run(&program(), work, pending(), |value| earned(value["step"].as_u64()?).map(means)).await
}

#[tokio::test]
async fn work_that_was_done_earns_processor_time() {
    let outcome = working("selftest-toil", 12, 60, |_| None).await;
    assert!(matches!(outcome, Err(Failure::OutOfTime)), "{outcome:?}");
    let done = working("selftest-toil", 12, 60, |step| Some(1 + step)).await.expect("it earned enough");
    assert!(done.cpu_time > Duration::from_secs(2), "{:?}", done.cpu_time);
    let outcome = working("selftest-toil", 60, 2, |step| Some(1 + step)).await;
    assert!(matches!(outcome, Err(Failure::OutOfTime)), "not beyond the most: {outcome:?}");
}

#[tokio::test]
async fn a_boast_earns_no_more_than_a_start() {
    let started = Instant::now();
    let outcome = working("selftest-boast", 0, 3600, Some).await;
    assert!(matches!(outcome, Err(Failure::OutOfTime)), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
}

#[tokio::test]
async fn work_that_was_done_earns_time_on_the_clock() {
    let means = |wall| Means { wall: Duration::from_millis(wall), ..MEANS };
    let limits = Limits { start: means(1500), most: means(60_000), ..LIMITS };
    let work = || Work { arguments: json!(2500), limits, ..work("selftest-sleep", Path::new("/")) };
    let outcome = run(&program(), work(), pending(), |_| None).await;
    assert!(matches!(outcome, Err(Failure::TimedOut)), "{outcome:?}");
    run(&program(), work(), pending(), |_| Some(means(30_000))).await.expect("it may sleep on");
}

#[tokio::test]
async fn an_output_ends_at_its_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let outcome = outcome(work("selftest-flood", folder.path())).await;
    assert!(matches!(outcome, Err(Failure::OutputTooLarge)), "{outcome:?}");
    assert_eq!(fs::metadata(folder.path().join("flood")).expect("an output").len(), MEANS.output_bytes);
}

#[tokio::test]
async fn the_clock_ends_a_child_that_sleeps() {
    let limits = Limits::fixed(LIMITS.memory_bytes, Means { wall: Duration::from_millis(300), ..MEANS });
    let started = Instant::now();
    let outcome = outcome(Work { limits, ..work("selftest-sleep", Path::new("/")) }).await;
    assert!(matches!(outcome, Err(Failure::TimedOut)), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_cancelled_child_is_gone() {
    let mut child = None;
    let (cancel, cancelled) = tokio::sync::oneshot::channel::<()>();
    let mut cancel = Some(cancel);
    let cancelled = async { cancelled.await.expect("sent, not dropped") };
    let outcome = run(&program(), work("selftest-sleep", Path::new("/")), cancelled, |value| {
        child = value["process"].as_u64();
        cancel.take().map(|cancel| cancel.send(()));
        None
    })
    .await;
    assert!(matches!(outcome, Err(Failure::Cancelled)), "{outcome:?}");
    assert!(!is_alive(child.expect("it told its number")));
}

#[tokio::test]
async fn a_child_that_nobody_waits_for_is_killed() {
    let (started, child) = tokio::sync::oneshot::channel();
    let mut started = Some(started);
    let program = program();
    let running = run(&program, work("selftest-sleep", Path::new("/")), pending(), |value| {
        started.take().map(|started| started.send(value["process"].as_u64()));
        None
    });
    let child = tokio::select! {
        _ = running => panic!("it sleeps"),
        child = child => child.expect("sent").expect("a number"),
    };
    assert_dies(child);
}

/// A stream of so many pieces, and both ends of what takes them.
fn streaming(pieces: Value) -> (Work<'static>, mpsc::Sender<Bytes>, mpsc::Receiver<Bytes>) {
    let (sender, receiver) = mpsc::channel(1);
    (Work { arguments: pieces, ..work("selftest-stream", Path::new("/")) }, sender, receiver)
}

#[tokio::test]
async fn a_stream_comes_whole_and_waits_for_who_takes_it() {
    let (work, sender, mut receiver) = streaming(json!(60));
    let program = program();
    let taking = async {
        let mut all = Vec::new();
        while let Some(piece) = receiver.recv().await {
            all.extend(piece);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        all
    };
    let (done, all) = tokio::join!(stream(&program, work, sender, |_| None), taking);
    assert!(all.chunks(40_000).zip(0_u8..60).all(|(piece, number)| piece == [number; 40_000]), "in order");
    assert_eq!(all.len(), 60 * 40_000);
    // What a pipe and two pieces hold was handed over before it was wanted.
    let took = done.expect("its end").result["ms"].as_u64().expect("a time");
    assert!(took > 800, "{took} ms for 60 pieces, each taken after 20 ms");
}

#[tokio::test]
async fn a_stream_that_nobody_takes_is_killed_at_once() {
    let (work, sender, mut receiver) = streaming(Value::Null);
    let (program, mut child) = (program(), None);
    let leave = async {
        receiver.recv().await.expect("a piece");
        drop(receiver);
        Instant::now()
    };
    let hears = |value: Value| {
        child = value["process"].as_u64();
        None
    };
    let limits = Limits::fixed(LIMITS.memory_bytes, Means { output_bytes: 1 << 40, ..MEANS });
    let (outcome, left) = tokio::join!(stream(&program, Work { limits, ..work }, sender, hears), leave);
    assert!(matches!(outcome, Err(Failure::Cancelled)), "{outcome:?}");
    assert!(left.elapsed() < Duration::from_millis(500), "{:?}", left.elapsed());
    assert!(!is_alive(child.expect("it told its number")));
}

#[tokio::test]
async fn a_stream_has_an_end_and_is_for_who_asked() {
    let (work, sender, mut receiver) = streaming(Value::Null);
    let program = program();
    let drain = async { while receiver.recv().await.is_some() {} };
    let (outcome, ()) = tokio::join!(stream(&program, work, sender, |_| None), drain);
    assert!(matches!(outcome, Err(Failure::OutputTooLarge)), "{outcome:?}");
    let outcome = outcome_of("selftest-stream").await;
    assert!(matches!(outcome, Err(Failure::Garbled(_))), "{outcome:?}");
}

#[tokio::test]
async fn crashes_are_told_with_what_the_child_said() {
    let Err(Failure::Crashed { status, stderr }) = outcome_of("selftest-panic").await else { panic!("a crash") };
    assert!(!status.success() && stderr.contains("as was asked"), "{status}: {stderr}");
    for task in ["selftest-abort", "selftest-recurse"] {
        let outcome = outcome_of(task).await;
        assert!(
            matches!(&outcome, Err(Failure::Crashed { status, .. }) if status.code().is_none()),
            "{task} {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_child_that_breaks_the_protocol_is_ended() {
    for task in ["selftest-babble", "selftest-exit"] {
        let outcome = outcome_of(task).await;
        assert!(matches!(outcome, Err(Failure::Garbled(_))), "{task} {outcome:?}");
    }
    outcome_of("selftest-mumble").await.expect("standard error is heard, and mostly forgotten");
}

#[tokio::test]
async fn what_no_task_needs_is_deadly() {
    for task in ["open", "list", "socket", "fork", "exec", "thread", "signal"] {
        let outcome = outcome_of(&format!("selftest-{task}")).await;
        assert!(matches!(outcome, Err(Failure::Forbidden)), "{task} {outcome:?}");
    }
}

#[tokio::test]
async fn the_doctor_sees_the_lock_hold() {
    let status = status(&program()).await.expect("the sandbox runs");
    assert!(status.seccomp);
    let kernel_has_landlock =
        fs::read_to_string("/proc/kallsyms").unwrap_or_default().contains("landlock_restrict_self");
    assert!(status.landlock_abi.is_some() || !kernel_has_landlock);
    let source = tempfile::NamedTempFile::new().expect("a file of ours, open while the child starts");
    let leaked = source.path().display().to_string();
    assert!(!status.stray_descriptors.contains(&leaked), "{:?}", status.stray_descriptors);
}

/// The parent-death signal follows the thread that forks, and a runtime's threads come and go.
#[test]
fn a_child_outlives_the_thread_that_asked_for_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let program = program();
    let work = Work { arguments: json!(1500), ..work("selftest-sleep", Path::new("/")) };
    let mut running = Box::pin(run(&program, work, pending(), |_| None));
    std::thread::scope(|scope| {
        let polled = scope.spawn(|| {
            runtime.block_on(async { tokio::time::timeout(Duration::from_millis(500), &mut running).await.is_err() })
        });
        assert!(polled.join().expect("no panic"), "it sleeps");
    });
    runtime.block_on(running).expect("it sleeps to its end");
}

/// A shell plays the server, starts a child as the server does, and is killed.
#[test]
fn a_child_dies_with_the_server() {
    let script =
        r#""$0" sandbox selftest-sleep "{\"parent\":$$,\"limits\":$1,\"arguments\":null}" </dev/null >"$2" & wait"#;
    let folder = tempfile::tempdir().expect("a folder");
    let said = folder.path().join("said");
    let limits = serde_json::to_string(&LIMITS).expect("JSON");
    let mut shell = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_legato"), &limits, &said.display().to_string()])
        .stdin(Stdio::null())
        .spawn()
        .expect("a shell");
    let child = eventually(|| {
        let line: Value = serde_json::from_str(fs::read_to_string(&said).ok()?.lines().next()?).ok()?;
        line["progress"]["process"].as_u64()
    });
    assert!(is_alive(child));
    shell.kill().expect("killed");
    shell.wait().expect("reaped");
    assert_dies(child);
}

#[test]
fn a_child_whose_parent_has_gone_does_not_start() {
    let order = json!({"parent": 1_000_000_000, "limits": LIMITS, "arguments": null}).to_string();
    let (status, said) = by_hand(&["sandbox", "selftest-count", &order]);
    assert!(status.success() && said.contains("the parent has gone"), "{status} {said}");
}

#[test]
fn a_person_who_calls_it_is_told_what_it_is() {
    let (_, said) = by_hand(&["sandbox"]);
    assert!(said.contains("what the server calls itself with"), "{said}");
}

fn by_hand(arguments: &[&str]) -> (ExitStatus, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_legato")).args(arguments).output().expect("it runs");
    (output.status, String::from_utf8_lossy(&output.stdout).into_owned())
}

fn assert_dies(process: u64) {
    eventually(|| (!is_alive(process)).then_some(()));
}

/// A zombie that nobody has waited for yet counts as dead.
fn is_alive(process: u64) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains(['Z', 'X']))
}

fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("it did not come within 20 s");
}
