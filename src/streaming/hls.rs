//! HLS (RFC 8216) over CMAF: playlists, the init segment, and media segments that are byte ranges of one object.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::audio::media as media_response;
use super::body::{ObjectBody, Part};
use super::renditions::{Renditions, hold};
use super::{manifest as dash, playlist};
use crate::artists::{MediaRange, PlayableRendition, Segment, SegmentIndex};
use crate::platform::Platform;
use crate::platform::country::Country;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::grant::Grant;
use crate::platform::http::{Query, is_fresh};
use crate::platform::id::TrackId;
use crate::platform::storage::open_to_serve;

const PLAYLIST: &str = "application/vnd.apple.mpegurl";
const DASH: &str = "application/dash+xml";
const CMAF: &str = "audio/mp4";

/// What a list of renditions leaves out.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Within {
    /// What costs more than this, in bits per second; the least where everything does.
    max_bitrate_bps: Option<u32>,
}

/// The master playlist. Its URIs are relative, so that it is the same for all.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("track" = TrackId, Path), Within), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/hls/{grant}/{track}/master.m3u8")]
pub(super) async fn master(
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String)>,
    Query(within): Query<Within>,
) -> Result<HttpResponse> {
    let (grant, track) = path.into_inner();
    let (grant, renditions) = renditions.all(&platform, &grant, &country).await?;
    let text = playlist::master(&within.of(&renditions)).filter(|_| grant.track.to_string() == track);
    let text = text.ok_or(Error::NotFound("stream"))?;
    Ok(media_response(StatusCode::OK, PLAYLIST).body(text))
}

/// The same as a DASH manifest (ISO/IEC 23009-1), over the same segments.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("track" = TrackId, Path), Within), responses(
    (status = 200, content_type = "application/dash+xml"), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/hls/{grant}/{track}/manifest.mpd")]
pub(super) async fn manifest(
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String)>,
    Query(within): Query<Within>,
) -> Result<HttpResponse> {
    let (grant, track) = path.into_inner();
    let (grant, renditions) = renditions.all(&platform, &grant, &country).await?;
    let text =
        dash::manifest(&within.of(&renditions)).filter(|_| grant.track.to_string() == track && !grant.is_preview);
    let text = text.ok_or(Error::NotFound("stream"))?;
    Ok(media_response(StatusCode::OK, DASH).body(text))
}

/// The media playlist of a rendition.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("track" = TrackId, Path), ("rendition" = String, Path, description = "Its name, such as `opus_cmaf_128`")), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/hls/{grant}/{track}/{rendition}/media.m3u8")]
pub(super) async fn media(
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse> {
    let (grant, track, name) = path.into_inner();
    let (_, index, _) = open(&platform, &renditions, &country, (&grant, &track, &name)).await?;
    Ok(media_response(StatusCode::OK, PLAYLIST).body(playlist::media(&index)))
}

/// The init segment.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("track" = TrackId, Path), ("rendition" = String, Path, description = "Its name, such as `opus_cmaf_128`")), responses(
    (status = 200, content_type = "audio/mp4"), (status = 304, description = "As the client holds it"), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/hls/{grant}/{track}/{rendition}/init.mp4")]
pub(super) async fn init(
    request: HttpRequest,
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse> {
    let (grant, track, name) = path.into_inner();
    let (rendition, index, grant) = open(&platform, &renditions, &country, (&grant, &track, &name)).await?;
    let init = Segment { offset: 0, size: index.init_bytes, duration: 0, media: None };
    send(&request, &platform, (&rendition, &index, &grant), init).await
}

/// A media segment, by its number from 0.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("track" = TrackId, Path), ("rendition" = String, Path, description = "Its name, such as `opus_cmaf_128`"),
    ("number" = usize, Path)), responses((status = 200, content_type = "audio/mp4"), (status = 304, description = "As the client holds it"), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/hls/{grant}/{track}/{rendition}/{number}.m4s")]
pub(super) async fn segment(
    request: HttpRequest,
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String, String, String)>,
) -> Result<HttpResponse> {
    let (grant, track, name, number) = path.into_inner();
    let (rendition, index, grant) = open(&platform, &renditions, &country, (&grant, &track, &name)).await?;
    let number: usize = number.parse().map_err(|_| Error::NotFound("segment"))?;
    let segment = *index.segments.get(number).ok_or(Error::NotFound("segment"))?;
    send(&request, &platform, (&rendition, &index, &grant), segment).await
}

/// The objects and the place in them: the same for whoever listens, and another once the track is made anew.
fn etag(rendition: &PlayableRendition, index: &SegmentIndex, offset: u64) -> String {
    // An object's name is the hash of its content; half of it tells it from all others.
    let hash = |key: &str| key.rsplit('/').next().unwrap_or(key).chars().take(32).collect::<String>();
    let behind = index.media_key.as_deref().map(|key| format!("{}.", hash(key))).unwrap_or_default();
    format!("\"{}.{behind}{offset}\"", hash(&rendition.object_key))
}

impl Within {
    // The renditions in segments that cost no more.
    fn of<'a>(&self, all: &'a [PlayableRendition]) -> Cow<'a, [PlayableRendition]> {
        let Some(most) = self.max_bitrate_bps else { return Cow::Borrowed(all) };
        let most = i32::try_from(most).unwrap_or(i32::MAX);
        let segmented = || all.iter().filter(|rendition| rendition.segments.is_some());
        let least = segmented().map(|rendition| rendition.bitrate_bps).min().unwrap_or(most);
        segmented().filter(|rendition| rendition.bitrate_bps <= most.max(least)).cloned().collect()
    }
}

async fn open(
    platform: &Platform,
    renditions: &Renditions,
    country: &Country,
    (grant, track, name): (&str, &str, &str),
) -> Result<(PlayableRendition, Arc<SegmentIndex>, Grant)> {
    let missing = Error::NotFound("stream");
    let (grant, mut rendition) = renditions.open(platform, (grant, name), country).await?;
    if grant.track.to_string() != track {
        return Err(missing);
    }
    let index = rendition.segments.take().ok_or(missing)?;
    Ok((rendition, index, grant))
}

async fn send(
    request: &HttpRequest,
    platform: &Platform,
    (rendition, index, grant): (&PlayableRendition, &SegmentIndex, &Grant),
    wanted: Segment,
) -> Result<HttpResponse> {
    let etag = etag(rendition, index, wanted.offset);
    if is_fresh(request.headers(), &etag) {
        return Ok(media_response(StatusCode::NOT_MODIFIED, CMAF).insert_header((header::ETAG, etag)).finish());
    }
    let object = open_to_serve(platform, &rendition.object_key).await?;
    let head = Part { object, offset: wanted.offset, length: wanted.size };
    let behind = match (wanted.media, &index.media_key) {
        (Some(MediaRange { offset, size: length }), Some(key)) => {
            Some(Part { object: open_to_serve(platform, key).await?, offset, length })
        }
        _ => None,
    };
    let body = ObjectBody::new(head, behind, hold(platform, grant), platform.metrics.audio_bytes.clone());
    Ok(media_response(StatusCode::OK, CMAF).insert_header((header::ETAG, etag)).body(body))
}
