//! The lock on the child's door. Each part alone would stop most of what a broken decoder may try; none can be undone.
//!
//! 1. **Landlock**: no path can be opened, no TCP port bound or connected to, no process outside signalled. Of this an
//!    old kernel takes what it knows; `legato doctor` tells.
//! 2. **Resource limits**: memory, processor time, file size, descriptors; no core dump. Mandatory. The parent raises
//!    those on time and file size as the work goes on ([`extend`]).
//! 3. **seccomp**: a list of allowed system calls, for computing and for reading and writing what is open already.
//!    Any other kills the process. Mandatory.
//!
//! Landlock and seccomp hold for the calling thread and those that it starts later. The few that a task has beside it are
//! there before: each takes Landlock upon itself, and seccomp is laid on all of them at once.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use landlock::{ABI, Access as _, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr as _, Scope};
use rustix::process::{Pid, Resource, Rlimit};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use super::spare_threads::SpareThread;
use super::{Limits, Means};

/// Descriptors that a task may hold: those that it was given, and a few copies of them.
const DESCRIPTORS: u64 = 64;
/// Address space beyond the memory that can be written to: the program's code, and what the allocator keeps in reserve.
const RESERVE: u64 = 512 << 20;
/// Nobody waits for a child as people wait for the next segment of a song.
const NICENESS: i32 = 10;
/// The newest version of Landlock asked for; the kernel takes what it knows of it.
const LANDLOCK: ABI = ABI::V9;

/// Lock the door; what is needed behind it must be open already. Says which version of Landlock holds, if any.
pub(super) fn confine(limits: &Limits, spare_threads: &[SpareThread]) -> Result<Option<u8>> {
    lower_priority().context("cannot lower the priority")?;
    spare_threads.iter().try_for_each(confine_thread)?;
    let landlock_abi = forbid_paths_and_ports().context("Landlock failed")?;
    limit_resources(limits).context("cannot limit the resources")?;
    forbid_calls().context("seccomp failed")?;
    Ok(landlock_abi)
}

/// What holds for one thread alone, on a spare one.
fn confine_thread(thread: &SpareThread) -> Result<()> {
    let (answer, answered) = std::sync::mpsc::sync_channel(1);
    let confine = move || {
        let done = lower_priority().and_then(|()| forbid_paths_and_ports().map(drop));
        drop(answer.send(done));
    };
    thread.send(Box::new(confine)).map_err(|_| anyhow!("a spare thread has ended"))?;
    answered.recv().context("a spare thread has ended")?.context("cannot confine a spare thread")
}

// Linux counts it by thread.
fn lower_priority() -> Result<()> {
    rustix::process::nice(NICENESS)?;
    Ok(())
}

fn forbid_paths_and_ports() -> Result<Option<u8>> {
    // A ruleset that handles every access and has no rule.
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(LANDLOCK))?
        .handle_access(AccessNet::from_all(LANDLOCK))?
        .scope(Scope::from_all(LANDLOCK))?
        .create()?
        .restrict_self()?;
    Ok(match status.landlock {
        LandlockStatus::Available { effective_abi, .. } => Some(effective_abi as u8),
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => None,
    })
}

fn limit_resources(limits: &Limits) -> rustix::io::Result<()> {
    let fixed = [
        (Resource::Data, limits.memory_bytes),
        (Resource::As, limits.memory_bytes.saturating_add(RESERVE)),
        (Resource::Nofile, DESCRIPTORS),
        (Resource::Nproc, 0),
        (Resource::Core, 0),
    ];
    let fixed = fixed.into_iter().map(|(resource, most)| (resource, most, most));
    fixed
        .chain(growing(limits.start, limits.most))
        .try_for_each(|(resource, soft, hard)| rustix::process::setrlimit(resource, rlimit(resource, soft, hard)))
}

/// Let a running child use more than at its start. It cannot do that by itself: the call is not on its list.
pub(super) fn extend(child: Pid, means: Means, most: Means) -> rustix::io::Result<()> {
    growing(means, most).into_iter().try_for_each(|(resource, soft, hard)| {
        rustix::process::prlimit(Some(child), resource, rlimit(resource, soft, hard)).map(drop)
    })
}

/// The limits that work raises: what holds now, and the highest that it can come to.
fn growing(means: Means, most: Means) -> [(Resource, u64, u64); 2] {
    let seconds = |means: Means| (means.cpu.as_secs() + u64::from(means.cpu.subsec_nanos() > 0)).max(1);
    [
        // At the first the process hears SIGXCPU, which tells the parent why it ended; at the second SIGKILL.
        (Resource::Cpu, seconds(means), seconds(most) + 1),
        (Resource::Fsize, means.output_bytes, most.output_bytes),
    ]
}

/// A limit that the server itself stands under can be lowered only.
fn rlimit(resource: Resource, soft: u64, hard: u64) -> Rlimit {
    let hard = rustix::process::getrlimit(resource).maximum.map_or(hard, |above| above.min(hard));
    Rlimit { current: Some(soft.min(hard)), maximum: Some(hard) }
}

/// Two filters, of whose answers the kernel takes the stricter: the second lets nothing pass that is not listed, the
/// first turns a few listed calls into a mere error.
fn forbid_calls() -> Result<()> {
    let refusal = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let mut refused: BTreeMap<_, _> = REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    // But for the harmless one that goes before each filter.
    let others = (Ne, bits(libc::PR_SET_NO_NEW_PRIVS));
    refused.insert(libc::SYS_prctl, vec![only_if(0, others)?]);
    let mut allowed: BTreeMap<_, _> = ALLOWED.iter().chain(REFUSED).map(|call| (*call, Vec::new())).collect();
    allowed.extend(conditional()?);
    // The strict one comes last: it forbids to install another.
    for filter in [
        compile(refused, SeccompAction::Allow, refusal)?,
        compile(allowed, SeccompAction::KillProcess, SeccompAction::Allow)?,
    ] {
        seccompiler::apply_filter_all_threads(&filter)?;
    }
    Ok(())
}

/// Calls that the C library, the standard library and the codecs make to compute, and to use what is open.
const ALLOWED: &[libc::c_long] = &[
    // What is open.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_close,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Time, chance, locks.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    // Panics, signals, the end.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Calls by which libraries ask what they could do, and take no for an answer: is this a terminal, how many
/// processors are there, how much memory, may this mapping have a name.
const REFUSED: &[libc::c_long] =
    &[libc::SYS_ioctl, libc::SYS_prctl, libc::SYS_prlimit64, libc::SYS_sched_getaffinity, libc::SYS_sysinfo];

/// Calls that are fine with some arguments only.
fn conditional() -> Result<BTreeMap<libc::c_long, Vec<SeccompRule>>> {
    let not_executable = (MaskedEq(bits(libc::PROT_EXEC)), 0);
    // About a descriptor, not a path.
    let descriptor_only = (MaskedEq(bits(libc::AT_EMPTY_PATH)), bits(libc::AT_EMPTY_PATH));
    let this_process = (Eq, u64::from(std::process::id()));
    let harmless = [libc::F_GETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC].map(|command| (Eq, bits(command)));
    Ok(BTreeMap::from([
        (libc::SYS_mmap, vec![only_if(2, not_executable.clone())?]),
        (libc::SYS_mprotect, vec![only_if(2, not_executable)?]),
        (libc::SYS_newfstatat, vec![only_if(3, descriptor_only.clone())?]),
        (libc::SYS_statx, vec![only_if(2, descriptor_only)?]),
        (libc::SYS_tgkill, vec![only_if(0, this_process)?]),
        (libc::SYS_fcntl, harmless.into_iter().map(|command| only_if(1, command)).collect::<Result<_>>()?),
    ]))
}

fn only_if(argument: u8, (operator, value): (SeccompCmpOp, u64)) -> Result<SeccompRule> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)?;
    Ok(SeccompRule::new(vec![condition])?)
}

fn bits(flag: libc::c_int) -> u64 {
    u64::from(flag.cast_unsigned())
}

fn compile(
    calls: BTreeMap<libc::c_long, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<BpfProgram> {
    let filter = SeccompFilter::new(calls, otherwise, listed, std::env::consts::ARCH.try_into()?)?;
    Ok(filter.try_into()?)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::ErrorKind::PermissionDenied;
    use std::net::TcpListener;

    use super::*;

    /// seccomp stands before Landlock and hides it from the tests with real children; so Landlock alone, on a thread
    /// of its own.
    #[test]
    fn landlock_alone_leaves_no_path_and_no_port() {
        std::thread::spawn(|| {
            let abi = forbid_paths_and_ports().expect("the kernel takes the rules");
            let opened = File::open("/etc/passwd").map_err(|error| error.kind());
            assert_eq!(opened.is_err(), abi.is_some());
            if abi.is_some_and(|abi| abi >= 4) {
                assert_eq!(opened.expect_err("no path"), PermissionDenied);
                assert_eq!(TcpListener::bind("127.0.0.1:0").expect_err("no port").kind(), PermissionDenied);
            }
        })
        .join()
        .expect("the thread's assertions hold");
    }

    #[test]
    fn no_call_is_both_allowed_and_refused() {
        let conditional = conditional().expect("the conditions are well formed");
        assert!(REFUSED.iter().all(|call| !ALLOWED.contains(call) && !conditional.contains_key(call)));
        assert!(ALLOWED.iter().all(|call| !conditional.contains_key(call)));
    }
}
