//! Renditions that nobody made beforehand: any rung of the ladder from any position, encoded while it is listened to.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use bytes::Bytes;
use futures_util::Stream;
use legato_audio::{Form, Rung};
use serde::Deserialize;
use utoipa::IntoParams;

use super::places::{Place, Places};
use super::renditions::{Opened, Renditions};
use crate::artists::{self, StreamWish, TrackStream};
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::client::ClientAddress;
use crate::platform::country::Country;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::grant::Grant;

/// Where to begin, and in which container.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Milliseconds of music; below the track's length.
    #[serde(default)]
    start_ms: u64,
    /// `whole` (Ogg, FLAC, MP3; of AAC the same as `segments`) or `segments` (one CMAF stream; not of MP3).
    #[serde(default = "whole")]
    #[param(value_type = Option<String>)]
    form: Form,
}

fn whole() -> Form {
    Form::Whole
}

/// A rung of the ladder (`opus_16` to `opus_510`, `flac_16`, `flac`, `mp3_v0`, `mp3_320`, `aac_96` to
/// `aac_320` where the program encodes it), made from the original while it
/// is sent. It cannot be sought: to hear another place, ask for it.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("rung" = String, Path, description = "Such as `opus_96`"), Wanted),
    responses((status = 200, content_type = "audio/ogg"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem), (status = 503, body = Problem)))]
#[get("/audio/{grant}/on-the-fly/{rung}")]
pub(super) async fn get(
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    places: Data<Places>,
    country: Country,
    path: Path<(String, String)>,
    wanted: Query<Wanted>,
    client: ClientAddress,
) -> Result<HttpResponse> {
    let (grant, rung) = path.into_inner();
    let Opened { grant, hold, .. } = renditions.all(&platform, &grant, &country).await?;
    if grant.is_preview {
        return Err(Error::NotFound("stream"));
    }
    let rung = rung.parse().ok().filter(|rung: &Rung| rung.is_encoded()).ok_or(Error::NotFound("stream"))?;
    let place = take_place(&places, &grant, client).await?;
    let stream = begin(&platform, &grant, rung, wanted.into_inner()).await?;
    let body = LiveBody { stream, hold, sent: platform.metrics.audio_bytes.clone(), _place: place };
    let mut response = HttpResponse::build(StatusCode::OK);
    response.content_type(body.stream.mime).insert_header((header::CACHE_CONTROL, "private, no-store"));
    response.insert_header((header::ACCEPT_RANGES, "none")).insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    Ok(response.insert_header(("Cross-Origin-Resource-Policy", "cross-origin")).body(body))
}

async fn begin(platform: &Platform, grant: &Grant, rung: Rung, wanted: Wanted) -> Result<TrackStream> {
    let Wanted { form, start_ms } = wanted;
    let wish = StreamWish { track: grant.track, rung, form, start_ms, link: grant.link() };
    artists::stream_track(platform, grant.account, wish).await
}

/// How many a listener has at the same time, in this process: one more than there is to hear, since who jumps asks for the
/// next before the last is gone.
const PER_LISTENER: usize = 3;
/// The same for all at one address who have no account: a household, an office.
const PER_ADDRESS: usize = 6;

/// Whose grant names no account is known by the address.
async fn take_place(places: &Places, grant: &Grant, client: ClientAddress) -> Result<Place> {
    match grant.account {
        Some(account) => places.take(&account.to_string(), PER_LISTENER).await,
        None => places.take(&client.limit_key(), PER_ADDRESS).await,
    }
}

/// What is made as it is sent, for as long as the grant holds.
struct LiveBody {
    stream: TrackStream,
    hold: Hold,
    sent: prometheus::IntCounter,
    _place: Place,
}

impl MessageBody for LiveBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if !self.hold.holds() {
            return Poll::Ready(Some(Err("what this was granted for has ended".into())));
        }
        let Some(bytes) = ready!(Pin::new(&mut self.stream).poll_next(cx)) else { return Poll::Ready(None) };
        if let Ok(bytes) = &bytes {
            self.sent.inc_by(bytes.len() as u64);
        }
        Poll::Ready(Some(bytes.map_err(Into::into)))
    }
}
