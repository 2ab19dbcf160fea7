//! Redis, where one is configured. It is never waited for: a server starts and works without its Redis, and whoever uses it
//! has another way for as long as it does not answer.

use std::sync::{Arc, Weak};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, RedisResult};
use anyhow::Context;
use secrecy::ExposeSecret;
use tokio::sync::watch;

use super::config::Config;
use super::task;

/// Redis answers within this, or counts as gone.
const PATIENCE: Duration = Duration::from_millis(200);

/// Whether it still answers, or answers again, is asked this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The connection to Redis, made and kept by a task beside. Cheap to clone; the task ends with the last clone.
#[derive(Clone)]
pub struct Redis(Arc<watch::Sender<Link>>);

#[derive(Clone)]
enum Link {
    /// The very first attempt is under way.
    Untried,
    Up(MultiplexedConnection),
    Down,
}

impl Redis {
    /// Redis at `redis_url` of the configuration, if there is one. Must be called within a tokio runtime; does not wait.
    pub fn start(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(client) = client(config)? else { return Ok(None) };
        let link = Arc::new(watch::Sender::new(Link::Untried));
        task::background("redis", keep(client, Arc::downgrade(&link)));
        Ok(Some(Self(link)))
    }

    /// What `ask` gets from Redis; `None` when Redis is away, does not answer within 200 ms or answers with an error. Then it
    /// is left alone until it is heard of again.
    pub(crate) async fn ask<T>(
        &self,
        ask: impl AsyncFnOnce(&mut MultiplexedConnection) -> RedisResult<T>,
    ) -> Option<T> {
        let asking = async {
            let mut connection = self.connection().await?;
            Some(ask(&mut connection).await)
        };
        let problem = match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Some(Ok(answer))) => return Some(answer),
            Ok(None) => return None,
            Ok(Some(Err(error))) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::warn!(problem, "Redis");
        self.0.send_replace(Link::Down);
        None
    }

    // At the start, who comes first waits for the first attempt: what Redis remembers from before must not be missed.
    async fn connection(&self) -> Option<MultiplexedConnection> {
        let mut link = self.0.subscribe();
        let tried = link.wait_for(|link| !matches!(link, Link::Untried)).await;
        match tried.as_deref() {
            Ok(Link::Up(connection)) => Some(connection.clone()),
            _ => None,
        }
    }
}

/// The version of the Redis at `redis_url`, for `legato doctor`; `None` without one.
pub(crate) async fn version(config: &Config) -> anyhow::Result<Option<String>> {
    let Some(client) = client(config)? else { return Ok(None) };
    let asking = async {
        let mut connection = connect(&client).await?;
        ::redis::cmd("INFO").arg("server").query_async::<String>(&mut connection).await
    };
    let info = tokio::time::timeout(LOOK_EVERY, asking).await.context("no answer in time")??;
    let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
    Ok(Some(version.unwrap_or("of an unknown version").trim().to_owned()))
}

fn client(config: &Config) -> anyhow::Result<Option<Client>> {
    let url = config.redis_url.as_ref();
    // The library's own error may repeat the URL, and with it the password.
    let open = |url: &secrecy::SecretString| {
        Client::open(url.expose_secret()).map_err(|_| anyhow::anyhow!("redis_url cannot be used"))
    };
    url.map(open).transpose()
}

/// Connects and asks again and again, for as long as anybody holds the link.
async fn keep(client: Client, link: Weak<watch::Sender<Link>>) {
    loop {
        let Some(current) = link.upgrade().map(|link| link.borrow().clone()) else { return };
        let next = look(&client, &current).await;
        let Some(link) = link.upgrade() else { return };
        match (&current, &next) {
            (Link::Up(_), Link::Up(_)) | (Link::Down, Link::Down) => {}
            (_, Link::Up(_)) => tracing::info!("Redis answers"),
            _ => tracing::warn!("Redis does not answer; the database takes its part"),
        }
        link.send_replace(next);
        drop(link);
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

// A connection that failed is thrown away: a new one also finds a server that moved, or that forgot the old one.
async fn look(client: &Client, current: &Link) -> Link {
    let looking = async {
        let mut connection = match current {
            Link::Up(connection) => connection.clone(),
            _ => connect(client).await?,
        };
        ::redis::cmd("PING").query_async::<()>(&mut connection).await?;
        RedisResult::Ok(connection)
    };
    match tokio::time::timeout(PATIENCE, looking).await {
        Ok(Ok(connection)) => Link::Up(connection),
        Ok(Err(error)) => {
            tracing::debug!(%error, "looking for Redis");
            Link::Down
        }
        Err(_) => Link::Down,
    }
}

async fn connect(client: &Client) -> RedisResult<MultiplexedConnection> {
    let patience =
        AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
    client.get_multiplexed_async_connection_with_config(&patience).await
}
