//! The running server: listeners, workers, and the order in which they end.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer, middleware};
use anyhow::Context;
use tokio_util::sync::CancellationToken;
use utoipa_swagger_ui::{Config as DocsConfig, SwaggerUi};

use super::connections::{self, Lifetimes};
use super::{api, health, look_up, own_plays, page_head, queues, subscribers};
use crate::accounts::{self, Providers};
use crate::artists;
use crate::platform::error::Error;
use crate::platform::http::direct::Direct;
use crate::platform::http::{edge, idempotency};
use crate::platform::jobs::{Figures, Workers};
use crate::platform::outbox::Relay;
use crate::platform::{Platform, auth, limits, storage, task, web_app};
use crate::streaming::{self, Downloads, Music, Places, Renditions};

/// Zips that one process sends at the same time.
const DOWNLOADS: usize = 64;

/// Requests and steps that run when the server is told to stop get this long.
const GRACE: Duration = Duration::from_secs(20);

/// A connection on which nobody asks for anything is kept longer than a player waits between two segments.
const LIFETIMES: Lifetimes = Lifetimes { kept_open: Duration::from_secs(75), grace: GRACE };

/// Where the server answers.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    pub api: Option<SocketAddr>,
    pub metrics: Option<SocketAddr>,
}

/// A server that runs until it is told to stop.
pub struct Server {
    platform: Platform,
    listeners: Vec<ServerHandle>,
    workers: Option<(Workers, Relay)>,
    address: Address,
    /// Tells connections on which nothing is under way to end.
    ending: CancellationToken,
}

impl Server {
    /// Starts listeners, and workers where the configuration says so. Must be called within a tokio runtime.
    pub fn start(platform: &Platform) -> anyhow::Result<Self> {
        let config = &platform.config;
        let mut server = Self::start_workers(platform, config.workers)?;
        let (api, handle) = listen(platform, config.listen, &server.ending)
            .with_context(|| format!("listening on {}", config.listen))?;
        server.listeners.push(handle);
        server.address.api = Some(api);
        if let Some(wanted) = config.metrics_listen {
            let (metrics, handle) =
                listen_metrics(platform, wanted).with_context(|| format!("listening on {wanted}"))?;
            server.listeners.push(handle);
            server.address.metrics = Some(metrics);
        }
        Ok(server)
    }

    /// Starts workers alone, for a process that shares the load.
    pub fn work(platform: &Platform) -> anyhow::Result<Self> {
        Self::start_workers(platform, true)
    }

    fn start_workers(platform: &Platform, wanted: bool) -> anyhow::Result<Self> {
        let workers = if wanted { Some(start_workers(platform)?) } else { None };
        let address = Address { api: None, metrics: None };
        let ending = CancellationToken::new();
        Ok(Self { platform: platform.clone(), listeners: Vec::new(), workers, address, ending })
    }

    /// Where it answers.
    pub fn address(&self) -> Address {
        self.address
    }

    /// Stops accepting, ends live channels, lets requests and running steps finish within a limit.
    pub async fn stop(self) {
        self.platform.live.close();
        self.ending.cancel();
        let ending = self.listeners.iter().map(|listener| listener.stop(true));
        let listeners = async { tokio::time::timeout(GRACE, futures_util::future::join_all(ending)).await };
        let workers = async {
            if let Some((workers, relay)) = self.workers {
                drop(relay);
                workers.stop(GRACE).await;
            }
        };
        let (listeners, ()) = tokio::join!(listeners, workers);
        if listeners.is_err() {
            tracing::warn!("requests were cut off at the limit");
        }
    }
}

fn start_workers(platform: &Platform) -> anyhow::Result<(Workers, Relay)> {
    let relay = Relay::start(&platform.db, &subscribers(), &platform.broadcast);
    let figures = Figures::register(&platform.metrics.registry)?;
    let workers = Workers::start(&platform.db, platform.clone(), queues(platform), &platform.broadcast, figures);
    task::background("idempotency.purge", idempotency::purge(platform.db.clone()));
    task::background("accounts.forget_sessions", accounts::forget_sessions(platform.clone()));
    task::background("accounts.erase_accounts", accounts::erase_accounts(platform.clone()));
    task::background("accounts.forget_exports", accounts::forget_exports(platform.clone()));
    task::background("artists.forget_invitations", artists::forget_invitations(platform.clone()));
    task::background("artists.archive_renditions", artists::archive_renditions(platform.clone()));
    task::background("artists.end_embargoes", artists::end_embargoes(platform.clone()));
    task::background("artists.reprocess", artists::reprocess_in_background(platform.clone()));
    task::background("artists.forget_packages", artists::forget_packages(platform.clone()));
    task::background("artists.expire_uploads", artists::expire_uploads(platform.clone()));
    task::background("artists.count_genres", artists::count_genres(platform.clone()));
    task::background("streaming.count_plays", streaming::count_plays(platform.clone()));
    task::background("streaming.keep_plays", streaming::keep_plays(platform.clone()));
    task::background("artists.watch_quarantine", artists::watch_quarantine(platform.clone()));
    task::background("limits.purge", limits::purge(platform.db.clone(), platform.clock.clone()));
    task::background("auth.purge", auth::purge(platform.clone()));
    task::background("storage.sweep", storage::sweep(platform.clone()));
    task::background("storage.scrub", storage::scrub(platform.clone()));
    Ok((workers, relay))
}

fn listen(
    platform: &Platform,
    wanted: SocketAddr,
    ending: &CancellationToken,
) -> std::io::Result<(SocketAddr, ServerHandle)> {
    use utoipa_actix_web::AppExt;
    let (platform, look_up) = (Data::new(platform.clone()), look_up());
    let renditions = Data::new(Renditions::new());
    let places = Data::new(Places::new(platform.config.live_encodings));
    let downloads = Data::new(Downloads::new(DOWNLOADS));
    let (own_plays, page_head) = (own_plays(), page_head());
    let providers = Data::new(Providers::default());
    let listener = TcpListener::bind(wanted)?;
    let address = listener.local_addr()?;
    let (directly, known, stopping) = (Data::clone(&platform), Data::clone(&renditions), ending.clone());
    let fresh = Renditions::clone(&renditions).keep_fresh(Platform::clone(&platform), ending.clone());
    task::background("streaming.keep_fresh", fresh);
    let app = move || {
        App::new()
            .app_data(platform.clone())
            .app_data(look_up.clone())
            .app_data(renditions.clone())
            .app_data(places.clone())
            .app_data(downloads.clone())
            .app_data(own_plays.clone())
            .app_data(page_head.clone())
            .app_data(providers.clone())
            .app_data(web::PathConfig::default().error_handler(|_, _| Error::NotFound("thing").into()))
            .wrap(middleware::from_fn(edge::edge))
            .into_utoipa_app()
            .service(utoipa_actix_web::scope("/api/v1").configure(api))
            .into_app()
            .service(health::healthz)
            .service(health::readyz)
            .service(health::document)
            .service(web::redirect("/api/docs", "/api/docs/"))
            .service(docs())
            .configure(artists::pages)
            .default_service(web::to(web_app::serve))
    };
    let direct = move || Direct::new(&directly, Music::new(&directly, &known), LIFETIMES.kept_open, stopping.clone());
    let server = connections::server(listener, app, direct, ending, LIFETIMES)?;
    Ok((address, run("http", server)))
}

fn listen_metrics(platform: &Platform, wanted: SocketAddr) -> std::io::Result<(SocketAddr, ServerHandle)> {
    let platform = Data::new(platform.clone());
    let listener = TcpListener::bind(wanted)?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || App::new().app_data(platform.clone()).service(health::metrics))
        .workers(1)
        .disable_signals()
        .listen(listener)?
        .run();
    Ok((address, run("metrics", server)))
}

fn run(name: &'static str, server: actix_web::dev::Server) -> ServerHandle {
    let handle = server.handle();
    task::background(name, async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "a listener ended");
        }
    });
    handle
}

fn docs() -> SwaggerUi {
    SwaggerUi::new("/api/docs/{_:.*}").config(DocsConfig::new(["/api/openapi.json"]))
}
