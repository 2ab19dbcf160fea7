//! Show the server's clock.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::Platform;
use crate::platform::http::Found;

/// What time it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServerTime {
    now: DateTime<Utc>,
}

/// The server's clock, to the microsecond, by which rooms play. Asked several times, the answer that took the shortest is off by no
/// more than half of what it took.
#[utoipa::path(tag = "rooms", responses((status = 200, body = ServerTime)))]
#[get("/clock")]
pub(in crate::streaming) async fn get(platform: Data<Platform>) -> Found<ServerTime> {
    Found(ServerTime { now: platform.clock.now() })
}
