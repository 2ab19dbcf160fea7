//! Tasks that try the lock from inside. `legato doctor` runs some of them, the tests all.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::time::ClockId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::child::{TaskFn, no_outputs};
use super::{Context, Failure, Fault, Limits, Means, Program, Task, Work, run};

/// How well the sandbox holds on this machine.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    /// The version of Landlock that is enforced; `None`: the kernel has none, and seccomp stands alone.
    pub(crate) landlock_abi: Option<u8>,
    /// Opening a file, opening a socket and starting a process were each tried, and each killed the child.
    pub(crate) seccomp: bool,
    /// Descriptors that the server inherited from its starter and every child from it, by target.
    pub(crate) stray_descriptors: Vec<String>,
}

/// Try the sandbox with four small children. An error: it cannot run at all, and neither can uploads be processed.
pub(crate) async fn status(program: &Program) -> Result<Status, Failure> {
    let report = attempt(program, "selftest-report").await?;
    let Report { landlock_abi, stray_descriptors } =
        serde_json::from_value(report).map_err(|_| Failure::Garbled("the self-test's report"))?;
    let mut seccomp = true;
    for task in ["selftest-open", "selftest-socket", "selftest-fork"] {
        seccomp &= matches!(attempt(program, task).await, Err(Failure::Forbidden));
    }
    Ok(Status { landlock_abi, seccomp, stray_descriptors })
}

async fn attempt(program: &Program, task: &str) -> Result<Value, Failure> {
    let means = Means { cpu: Duration::from_secs(5), wall: Duration::from_secs(20), output_bytes: 0 };
    let limits = Limits::fixed(64 << 20, means);
    let source = File::open("/dev/null")?;
    let work = Work { task, source, outputs: Path::new("/"), arguments: Value::Null, limits };
    Ok(run(program, work, std::future::pending(), |_| None).await?.result)
}

/// What a child can tell of its own sandbox.
#[derive(Serialize, Deserialize)]
struct Report {
    landlock_abi: Option<u8>,
    stray_descriptors: Vec<String>,
}

/// Every child knows these beside the tasks of the product.
pub(super) const SELF_TESTS: &[Task] = &[
    task("selftest-report", report),
    task("selftest-count", count),
    Task {
        name: "selftest-write",
        outputs: |_| vec!["first".into(), "second".into()],
        inputs: &[],
        wants_threads: false,
        run: write,
    },
    Task { name: "selftest-flood", outputs: |_| vec!["flood".into()], inputs: &[], wants_threads: false, run: flood },
    task("selftest-refuse", |context, _| Err(Fault::Refused(context.arguments))),
    task("selftest-fail", |_, _| Err(Fault::Io(std::io::Error::from_raw_os_error(libc::ENOSPC)))),
    task("selftest-allocate", allocate),
    task("selftest-recurse", |_, _| Ok(json!(recurse(0)))),
    task("selftest-spin", |_, _| spin()),
    task("selftest-toil", toil),
    task("selftest-boast", boast),
    task("selftest-sleep", sleep),
    task("selftest-panic", |_, _| panic!("as was asked")),
    task("selftest-abort", |_, _| std::process::abort()),
    task("selftest-exit", |_, _| std::process::exit(0)),
    task("selftest-stream", stream),
    task("selftest-babble", |_, _| babble()),
    task("selftest-mumble", mumble),
    task("selftest-open", |_, _| Ok(json!(fs::read("/etc/passwd")?.len()))),
    task("selftest-list", |_, _| Ok(json!(fs::read_dir("/")?.count()))),
    task("selftest-socket", |_, _| Ok(json!(TcpStream::connect("127.0.0.1:9")?.local_addr()?))),
    task("selftest-fork", |_, _| Ok(json!(Command::new("/bin/true").status()?.success()))),
    task("selftest-exec", |_, _| Err(Command::new("/bin/true").exec().into())),
    Task { wants_threads: true, ..task("selftest-help", help) },
    Task { wants_threads: true, ..task("selftest-help-open", help_to_open) },
    task("selftest-thread", |_, _| Ok(json!(std::thread::spawn(|| 1).join().is_ok()))),
    task("selftest-signal", signal),
];

const fn task(name: &'static str, run: TaskFn) -> Task {
    Task { name, outputs: no_outputs, inputs: &[], wants_threads: false, run }
}

/// Is there a spare thread, and does it run what it is sent?
fn help(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (answer, answered) = std::sync::mpsc::sync_channel(1);
    let Some(thread) = context.spare_threads.into_iter().next() else { return Ok(json!(null)) };
    let job = move || drop(answer.send(std::thread::current().name().map(str::to_owned)));
    thread.send(Box::new(job)).map_err(|_| std::io::Error::other("the spare thread has ended"))?;
    Ok(json!(answered.recv().map_err(std::io::Error::other)?))
}

/// What the first thread may not do, a spare one may not.
fn help_to_open(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (answer, answered) = std::sync::mpsc::sync_channel(1);
    let Some(thread) = context.spare_threads.into_iter().next() else { return Ok(json!(null)) };
    let job = move || answer.send(File::open("/etc/passwd").is_ok()).unwrap_or_default();
    thread.send(Box::new(job)).map_err(|_| std::io::Error::other("the spare thread has ended"))?;
    Ok(json!(answered.recv().map_err(std::io::Error::other)?))
}

fn report(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let Context { landlock_abi, stray_descriptors, .. } = context;
    Ok(json!(Report { landlock_abi, stray_descriptors }))
}

/// Read the source in pieces, with progress; answer with its length as read and as the system knows it.
fn count(mut context: Context, progress: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let mut piece = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        match context.source.read(&mut piece)? {
            0 => break,
            length => bytes += length,
        }
        progress(json!({ "bytes": bytes }));
    }
    let length = context.source.try_clone()?.metadata()?.len();
    Ok(json!({ "bytes": bytes, "length": length, "arguments": context.arguments }))
}

fn write(mut context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    for (number, output) in context.outputs.iter_mut().enumerate() {
        write!(output, "output {number}")?;
    }
    Ok(Value::Null)
}

fn flood(mut context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let piece = vec![0; 1 << 20];
    loop {
        context.outputs[0].write_all(&piece)?;
    }
}

/// Take and touch the mebibytes that the arguments ask for.
fn allocate(Context { arguments, .. }: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let mebibytes = arguments.as_u64().unwrap_or(1);
    let taken: Vec<_> = (0..mebibytes).map(|number| vec![number as u8 | 1; 1 << 20]).collect();
    Ok(json!(taken.iter().filter(|piece| piece.iter().all(|byte| *byte != 0)).count()))
}

fn recurse(depth: u64) -> u64 {
    let here = std::hint::black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { recurse(depth + 1) + here[7] }
}

fn spin() -> Result<Value, Fault> {
    loop {
        std::hint::spin_loop();
    }
}

/// As many steps as the arguments ask for, each of which takes a fifth of a second of processor time.
fn toil(Context { arguments, .. }: Context, progress: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let used = || Duration::try_from(rustix::time::clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default();
    for step in 1..=arguments.as_u64().unwrap_or(1) {
        let until = used() + Duration::from_millis(200);
        while used() < until {
            std::hint::spin_loop();
        }
        progress(json!({ "step": step }));
    }
    Ok(Value::Null)
}

/// Claim to be far, then get nowhere.
fn boast(_: Context, progress: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    progress(json!({ "step": 1_000_000 }));
    spin()
}

fn sleep(Context { arguments, .. }: Context, progress: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    progress(json!({ "process": std::process::id() }));
    std::thread::sleep(Duration::from_millis(arguments.as_u64().unwrap_or(60_000)));
    Ok(Value::Null)
}

/// So many pieces of a stream, of 40,000 bytes each; how long it took to hand them over.
fn stream(mut context: Context, progress: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let begun = rustix::time::clock_gettime(ClockId::Monotonic);
    progress(json!({ "process": std::process::id() }));
    for number in 0..context.arguments.as_u64().unwrap_or(u64::MAX) {
        context.outlet.write_all(&[number as u8; 40_000])?;
    }
    let took = rustix::time::clock_gettime(ClockId::Monotonic) - begun;
    Ok(json!({ "ms": Duration::try_from(took).unwrap_or_default().as_millis() as u64 }))
}

/// A line without an end.
fn babble() -> Result<Value, Fault> {
    let mut stdout = std::io::stdout().lock();
    loop {
        stdout.write_all(&[b'x'; 4096])?;
    }
}

/// Standard error without an end, and then some.
fn mumble(_: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let mut stderr = std::io::stderr().lock();
    for _ in 0..1000 {
        stderr.write_all(&[b'x'; 4096])?;
    }
    Ok(Value::Null)
}

/// Nothing happens to the parent, even without the sandbox: signal 0 only asks.
fn signal(_: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let parent = rustix::process::getppid().expect("a child has a parent");
    rustix::process::test_kill_process(parent).map_err(std::io::Error::from)?;
    Ok(Value::Null)
}
