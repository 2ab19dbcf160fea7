//! The plumbing that every module stands on, and that knows none of them.

pub(crate) mod archive;
pub(crate) mod auth;
pub mod broadcast;
pub(crate) mod client;
pub mod clock;
pub mod config;
pub(crate) mod country;
pub mod db;
pub mod embedded_postgres;
pub mod error;
pub mod event;
pub(crate) mod fetch;
pub(crate) mod grant;
pub(crate) mod http;
pub mod id;
pub mod jobs;
pub mod limits;
pub(crate) mod live;
pub(crate) mod mail;
pub(crate) mod markup;
pub(crate) mod metrics;
pub mod outbox;
pub(crate) mod pictures;
pub(crate) mod pieces;
pub mod redis;
pub(crate) mod round;
pub mod sandbox;
pub(crate) mod schema;
pub(crate) mod seal;
pub(crate) mod secret;
pub(crate) mod signature;
pub mod storage;
pub(crate) mod task;
pub(crate) mod telemetry;
pub(crate) mod unpack;
pub(crate) mod web_app;

use std::sync::Arc;

use auth::Auth;
use broadcast::Broadcast;
use clock::Clock;
use config::Config;
use db::Db;
use fetch::Fetch;
use grant::Grants;
use limits::Limits;
use live::Live;
use mail::Mail;
use metrics::Metrics;
use seal::Seal;
use signature::Signer;
use storage::Storage;

/// All that a use case needs from the plumbing. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    pub limits: Limits,
    pub storage: Storage,
    pub(crate) broadcast: Broadcast,
    pub(crate) fetch: Fetch,
    pub(crate) live: Live,
    pub(crate) mail: Mail,
    pub(crate) auth: Auth,
    pub(crate) grants: Grants,
    pub(crate) seal: Seal,
    pub(crate) signer: Signer,
    pub(crate) metrics: Metrics,
}
