//! `legato doctor`: is everything there that the server needs?

mod objects;

use std::process::ExitCode;

use clap::Args;

use super::serve::{Database, Sharing};
use super::{Options, say};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{About, Db};
use crate::platform::mail::Mail;
use crate::platform::redis;
use crate::platform::sandbox::{self, Program};
use crate::platform::storage::Storage;

/// Free space below which the doctor warns.
const COMFORTABLE_BYTES: u64 = 5 * 1024 * 1024 * 1024;

/// The clocks of this machine and of the database may differ so much.
const TOLERATED_SECONDS: i64 = 5;

/// What a check found.
enum Finding {
    Good(String),
    /// It works, but not as well as it could. With what to do.
    Poor(String, String),
    /// It does not work. With what to do.
    Bad(String, String),
}

use Finding::{Bad, Good, Poor};

/// What is looked at.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Compare the objects in the store with those that the database names, too
    #[arg(long)]
    objects: bool,
    /// The same, and read every object: it must be what was stored
    #[arg(long)]
    deep: bool,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let config = &arguments.options.load()?;
    let mut findings = database(config).await;
    findings.push(storage(config).await);
    findings.push(space(config));
    findings.push(sandbox(config).await);
    findings.push(mail(config).await);
    findings.extend(counters(config).await);
    findings.extend(proxies(config));
    findings.iter().for_each(tell);
    if arguments.objects || arguments.deep {
        let found = objects::check(config, arguments.deep).await;
        found.iter().for_each(tell);
        findings.extend(found);
    }
    let is_well = !findings.iter().any(|finding| matches!(finding, Bad(..)));
    say(if is_well { "\nAll is well." } else { "\nThe server will not work before this is fixed." });
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(finding: &Finding) {
    match finding {
        Good(what) => say(&format!("ok    {what}")),
        Poor(what, cure) => say(&format!("warn  {what}\n      → {cure}")),
        Bad(what, cure) => say(&format!("FAIL  {what}\n      → {cure}")),
    }
}

async fn database(config: &Config) -> Vec<Finding> {
    let database = match Database::open(config, Sharing::Beside).await {
        Ok(database) => database,
        Err(error) => {
            let cure = "install PostgreSQL (apt-get install postgresql), or set LEGATO_DATABASE_URL".to_owned();
            return vec![Bad(format!("database: {error:#}"), cure)];
        }
    };
    let db = Db::new(&database.url, 1);
    let findings = match db.about().await {
        Ok(about) => vec![connection(&about), extension(&about), migrations(&db).await, clock(&about)],
        Err(error) => vec![Bad(
            format!("database: {:#}", anyhow::Error::from(error)),
            "check that the server of LEGATO_DATABASE_URL runs and that its name and password are right".into(),
        )],
    };
    if let Err(error) = database.close().await {
        tracing::warn!(%error, "closing the database");
    }
    findings
}

fn connection(about: &About) -> Finding {
    Good(format!("database: PostgreSQL {} answers", about.version))
}

fn extension(about: &About) -> Finding {
    if about.has_trigram {
        Good("extensions: pg_trgm is at hand".into())
    } else {
        Bad(
            "extensions: pg_trgm is missing; search needs it".into(),
            "install PostgreSQL's contrib modules (on Debian they are part of the package postgresql)".into(),
        )
    }
}

async fn migrations(db: &Db) -> Finding {
    match db.is_migrated().await {
        Ok(true) => Good("migrations: up to date".into()),
        Ok(false) => Poor(
            "migrations: some have not been run".into(),
            "`legato serve` runs them, or run `legato migrate`".into(),
        ),
        Err(error) => Bad(
            format!("migrations: {:#}", anyhow::Error::from(error)),
            "let the database's user read and change this database".into(),
        ),
    }
}

fn clock(about: &About) -> Finding {
    let seconds = (Clock::default().now() - about.now).num_seconds().abs();
    if seconds <= TOLERATED_SECONDS {
        Good("clock: this machine and the database agree".into())
    } else {
        let cure =
            "set both by NTP (apt-get install systemd-timesyncd): sessions and grants expire by the clock".into();
        Bad(format!("clock: this machine and the database differ by {seconds} s"), cure)
    }
}

async fn storage(config: &Config) -> Finding {
    let folder = config.objects();
    let checked = match Storage::of(config) {
        Ok(storage) => storage.check().await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    let place = config.s3.as_ref().map_or_else(|| folder.display().to_string(), ToString::to_string);
    let cure = match &config.s3 {
        Some(s3) => format!(
            "see that {} answers, that the bucket is there, and that LEGATO_S3_ACCESS_KEY may read, write, list and delete",
            s3.bucket_url()
        ),
        None => format!("make {place} a folder that this user may write to, or choose another with --data"),
    };
    match checked {
        Ok(()) => Good(format!("storage: {place} takes, gives and forgets")),
        Err(error) => Bad(format!("storage: {place}: {error:#}"), cure),
    }
}

fn space(config: &Config) -> Finding {
    match Storage::local(&config.objects()).and_then(|storage| storage.free_bytes()) {
        Ok(free) if free >= COMFORTABLE_BYTES => Good(format!("disk: {} GiB free", free >> 30)),
        Ok(free) => Poor(
            format!("disk: {} MiB free", free >> 20),
            "make room: an upload takes its own size and about 2 MB a minute of music more".into(),
        ),
        Err(error) => Bad(format!("disk: {error:#}"), "check the data folder".into()),
    }
}

async fn counters(config: &Config) -> Option<Finding> {
    match redis::version(config).await {
        Ok(None) => None,
        Ok(Some(version)) => Some(Good(format!("redis: version {version} answers"))),
        Err(error) => Some(Poor(
            format!("redis: {error:#}"),
            "check that the server of LEGATO_REDIS_URL runs; meanwhile the database counts what is limited".into(),
        )),
    }
}

// A public name usually means a proxy in front, whose address would then be everybody's.
fn proxies(config: &Config) -> Option<Finding> {
    let is_behind_one = config.public_url.is_some() && config.listen.ip().is_loopback();
    (is_behind_one && config.trusted_proxies.is_empty()).then(|| {
        Poor(
            "proxies: none is trusted, so all who come through one count as a single client".into(),
            "set LEGATO_TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1".into(),
        )
    })
}

async fn mail(config: &Config) -> Finding {
    let mail = match Mail::new(config, &Clock::default()) {
        Ok(mail) => mail,
        Err(error) => return Bad(format!("mail: {error:#}"), "correct LEGATO_SMTP_URL and LEGATO_MAIL_FROM".into()),
    };
    match mail.check().await {
        Ok(()) if mail.reaches_people() => Good(format!("mail: letters go to {mail}")),
        Ok(()) => Poor(
            format!("mail: letters go to {mail}; nobody else gets them"),
            "set LEGATO_SMTP_URL (smtps://user:password@mail.example) or LEGATO_SENDMAIL (/usr/sbin/sendmail)".into(),
        ),
        Err(error) => Poor(
            format!("mail: {mail}: {error:#}"),
            "correct LEGATO_SMTP_URL or LEGATO_SENDMAIL; letters wait in the queue for some nine hours".into(),
        ),
    }
}

async fn sandbox(config: &Config) -> Finding {
    match sandbox::status(&Program::at(&config.sandbox_program)).await {
        Ok(status) if !status.seccomp => Bad(
            "sandbox: seccomp does not hold".into(),
            "run on a kernel with CONFIG_SECCOMP_FILTER: uploads are only opened behind it".into(),
        ),
        Ok(status) if !status.stray_descriptors.is_empty() => Poor(
            format!("sandbox: files of whoever started this reach it: {}", status.stray_descriptors.join(", ")),
            "start the server without inherited files".into(),
        ),
        Ok(status) => match status.landlock_abi {
            Some(version) => Good(format!("sandbox: seccomp and Landlock (version {version}) hold")),
            None => Poor(
                "sandbox: seccomp holds, but this kernel has no Landlock".into(),
                "a kernel from 5.13 on, with landlock among the security modules (lsm=…), adds a second wall".into(),
            ),
        },
        Err(error) => Bad(format!("sandbox: {error}"), "uploads cannot be processed; see the log".into()),
    }
}
