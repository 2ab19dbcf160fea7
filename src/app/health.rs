//! What operators and their tools ask: does it live, is it ready, what are the figures.

use std::sync::LazyLock;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;
use utoipa::openapi::OpenApi;

use crate::artists;
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::jobs;

/// The process lives.
#[get("/healthz")]
pub(super) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database answers and is migrated, and the storage takes writes.
#[get("/readyz")]
pub(super) async fn readyz(platform: Data<Platform>) -> Result<HttpResponse> {
    if !platform.db.is_migrated().await? {
        return Err(Error::Unavailable);
    }
    platform.storage.check().await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}

/// Prometheus figures, on their own listener.
#[get("/metrics")]
pub(super) async fn metrics(platform: Data<Platform>) -> Result<HttpResponse> {
    gather(&platform).await;
    let text = platform.metrics.text()?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}

// Without the database the other figures are still worth having.
async fn gather(platform: &Platform) {
    let pool = platform.db.state();
    let figures = &platform.metrics;
    figures.pool.with_label_values(&["open"]).set(i64::from(pool.connections));
    figures.pool.with_label_values(&["idle"]).set(i64::from(pool.idle));
    figures.live.set(i64::try_from(platform.live.connections()).unwrap_or(i64::MAX));
    let Ok(mut conn) = platform.db.conn().await else { return };
    match jobs::counts(&mut conn).await {
        Ok(counts) => {
            figures.jobs.reset();
            for count in counts {
                figures.jobs.with_label_values(&[count.queue.as_str(), count.state.name()]).set(count.jobs);
            }
        }
        Err(error) => tracing::warn!(%error, "counting jobs"),
    }
    match artists::count_quarantined(&mut conn).await {
        Ok(files) => figures.quarantined.set(files),
        Err(error) => tracing::warn!(%error, "counting what is in quarantine"),
    }
}

/// The API's document.
#[get("/api/openapi.json")]
pub(super) async fn document() -> HttpResponse {
    HttpResponse::Ok().json(&*DOCUMENT)
}

/// Built once, when it is first asked for.
static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(super::openapi);
