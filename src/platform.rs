//! The plumbing that every module stands on, and that knows none of them.

pub(crate) mod auth;
pub mod broadcast;
pub mod clock;
pub mod config;
pub mod db;
pub mod embedded_postgres;
pub mod error;
pub mod event;
pub(crate) mod grant;
pub(crate) mod http;
pub mod id;
pub mod jobs;
pub(crate) mod live;
pub(crate) mod metrics;
pub mod outbox;
pub mod sandbox;
pub(crate) mod schema;
pub(crate) mod secret;
pub mod storage;
pub(crate) mod task;
pub(crate) mod telemetry;
pub(crate) mod web_app;

use std::sync::Arc;

use broadcast::Broadcast;
use clock::Clock;
use config::Config;
use db::Db;
use grant::Grants;
use live::Live;
use metrics::Metrics;
use storage::Storage;

/// All that a use case needs from the plumbing. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    pub storage: Storage,
    pub(crate) broadcast: Broadcast,
    pub(crate) live: Live,
    pub(crate) grants: Grants,
    pub(crate) metrics: Metrics,
}
