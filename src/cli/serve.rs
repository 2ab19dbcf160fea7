//! `legato serve`, `legato work`, `legato migrate`.

use secrecy::ExposeSecret;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::say;
use crate::app::{self, Server};
use crate::demo;
use crate::platform::Platform;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::embedded_postgres::{EmbeddedPostgres, Options};

/// A database to work with: somebody else's, or our own.
pub(super) struct Database {
    pub(super) url: String,
    embedded: Option<EmbeddedPostgres>,
}

/// Who else may use the data folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// Nobody: this is the server.
    Alone,
    /// Whoever runs it: attach to their PostgreSQL, or start it for as long as this takes.
    Beside,
}

impl Database {
    pub(super) async fn open(config: &Config, sharing: Sharing) -> anyhow::Result<Self> {
        if let Some(url) = &config.database_url {
            return Ok(Self { url: url.expose_secret().to_owned(), embedded: None });
        }
        let options = Options { programs: config.postgres_programs.clone(), durable: config.durable };
        let postgres = match sharing {
            Sharing::Alone => EmbeddedPostgres::start(&config.data, options).await?,
            Sharing::Beside => EmbeddedPostgres::start_or_attach(&config.data, options).await?,
        };
        Ok(Self { url: postgres.url(), embedded: Some(postgres) })
    }

    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self.embedded {
            Some(postgres) => postgres.stop().await,
            None => Ok(()),
        }
    }
}

/// The two signals that ask for an end.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn arm() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next one.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

pub(super) async fn serve(config: Config) -> anyhow::Result<()> {
    run(config, Sharing::Alone, Server::start).await
}

pub(super) async fn work(config: Config) -> anyhow::Result<()> {
    run(Config { demo: false, ..config }, Sharing::Beside, Server::work).await
}

pub(super) async fn migrate(config: Config) -> anyhow::Result<()> {
    let database = Database::open(&config, Sharing::Beside).await?;
    let migrated = migrate_and_tell(&database.url).await;
    database.close().await?;
    migrated
}

async fn migrate_and_tell(url: &str) -> anyhow::Result<()> {
    let run = Db::new(url, 1).migrate().await?;
    for name in &run {
        say(name);
    }
    say(if run.is_empty() { "The database is up to date." } else { "The database is now up to date." });
    Ok(())
}

async fn run(
    config: Config,
    sharing: Sharing,
    start: impl Fn(&Platform) -> anyhow::Result<Server>,
) -> anyhow::Result<()> {
    // Armed before anything is started, PostgreSQL included, so that no signal falls between.
    let mut signals = Signals::arm()?;
    let database = tokio::select! {
        database = Database::open(&config, sharing) => database?,
        () = signals.next() => return Ok(()),
    };
    let ran = run_on(&database.url, config, start, &mut signals).await;
    database.close().await?;
    ran
}

async fn run_on(
    url: &str,
    config: Config,
    start: impl Fn(&Platform) -> anyhow::Result<Server>,
    signals: &mut Signals,
) -> anyhow::Result<()> {
    let platform = tokio::select! {
        platform = prepare(url, config) => platform?,
        () = signals.next() => return Ok(()),
    };
    let server = start(&platform)?;
    announce(&server, &platform);
    if platform.config.demo {
        demo::start(&platform);
    }
    signals.next().await;
    tracing::info!("stopping");
    server.stop().await;
    tracing::info!("stopped");
    Ok(())
}

pub(super) async fn prepare(url: &str, config: Config) -> anyhow::Result<Platform> {
    Db::new(url, 1).migrate().await?;
    app::platform(config, url).await
}

fn announce(server: &Server, platform: &Platform) {
    tracing::info!("letters go to {}", platform.mail);
    if let Some(api) = server.address().api {
        tracing::info!("ready");
        say(&format!("Legato is ready: http://{api}"));
    }
}
