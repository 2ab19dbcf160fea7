//! `legato serve`, `legato work`, `legato migrate`.

use secrecy::ExposeSecret;
use tokio::signal::unix::{SignalKind, signal};

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

pub(super) async fn serve(config: Config) -> anyhow::Result<()> {
    let database = Database::open(&config, Sharing::Alone).await?;
    let served = run(&database.url, config, Server::start).await;
    database.close().await?;
    served
}

pub(super) async fn work(config: Config) -> anyhow::Result<()> {
    let database = Database::open(&config, Sharing::Beside).await?;
    let worked = run(&database.url, Config { demo: false, ..config }, Server::work).await;
    database.close().await?;
    worked
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

async fn run(url: &str, config: Config, start: impl Fn(&Platform) -> anyhow::Result<Server>) -> anyhow::Result<()> {
    // Armed before anything is started, so that no signal falls between.
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let platform = tokio::select! {
        platform = prepare(url, config) => platform?,
        _ = terminate.recv() => return Ok(()),
        _ = interrupt.recv() => return Ok(()),
    };
    let server = start(&platform)?;
    announce(&server);
    if platform.config.demo {
        demo::start(&platform);
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    server.stop().await;
    tracing::info!("stopped");
    Ok(())
}

async fn prepare(url: &str, config: Config) -> anyhow::Result<Platform> {
    Db::new(url, 1).migrate().await?;
    app::platform(config, url).await
}

fn announce(server: &Server) {
    if let Some(api) = server.address().api {
        tracing::info!("ready");
        say(&format!("Legato is ready: http://{api}"));
    }
}
