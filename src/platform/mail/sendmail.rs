//! A program that takes letters, as `/usr/sbin/sendmail` does.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use lettre::Message;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::Undelivered;

/// The program gets this long for a letter; then it is killed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Statuses after which the same letter will fail again (`sysexits.h`): bad data, no such user, no such host.
const FOR_GOOD: [i32; 3] = [65, 67, 68];

pub(super) struct Sendmail {
    program: PathBuf,
}

impl Sendmail {
    pub(super) fn at(program: PathBuf) -> Self {
        Self { program }
    }

    /// Runs the program over a message, to its end.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        // What is cut off by the time limit is dropped, and killed by that.
        let ran = tokio::time::timeout(PATIENCE, self.run(message)).await;
        let output = ran.context("the program takes too long").flatten().map_err(Undelivered::ForNow)?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let cause = anyhow::anyhow!("{self}: {}: {}", output.status, said.trim());
        let is_final = output.status.code().is_some_and(|code| FOR_GOOD.contains(&code));
        Err(if is_final { Undelivered::ForGood(cause) } else { Undelivered::ForNow(cause) })
    }

    async fn run(&self, message: &Message) -> anyhow::Result<Output> {
        let mut command = Command::new(&self.program);
        // `--`: an address that begins with a dash is no option. `-i`: a line with one dot is no end.
        command.arg("-i").args(message.envelope().from().into_iter().flat_map(|from| ["-f", from.as_ref()]));
        command.arg("--").args(message.envelope().to().iter().map(AsRef::<str>::as_ref));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().with_context(|| format!("starting {self}"))?;
        let mut input = child.stdin.take().context("its standard input")?;
        let bytes = message.formatted();
        // At once: a program that first says much and then reads would wait for us, and we for it.
        let (written, output) = tokio::join!(
            async {
                let written = input.write_all(&bytes).await;
                drop(input);
                written
            },
            child.wait_with_output()
        );
        let output = output.context("waiting for it")?;
        // One that took half of the letter and is content has not sent it.
        ensure!(!output.status.success() || written.is_ok(), "{self} did not read the letter");
        Ok(output)
    }

    /// Whether there is such a program.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let about = std::fs::metadata(&self.program).with_context(|| self.to_string())?;
        ensure!(about.is_file() && about.permissions().mode() & 0o111 != 0, "{self} is no program");
        Ok(())
    }
}

impl std::fmt::Display for Sendmail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.program.display().fmt(f)
    }
}
