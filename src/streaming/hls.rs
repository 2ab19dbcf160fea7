//! HLS (RFC 8216) over CMAF: playlists, the init segment, and media segments that are byte ranges of one object.

use std::borrow::Cow;
use std::fmt::Write;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use bytes::Bytes;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::fmt::Hyphenated;

use super::audio::media as media_answer;
use super::renditions::{Chosen, Opened, Renditions};
use super::{manifest as dash, playlist};
use crate::artists::{MediaRange, PlayableRendition, Segment, SegmentIndex};
use crate::platform::Platform;
use crate::platform::country::Country;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::direct::{Answer, Body};
use crate::platform::http::{Query, is_fresh};
use crate::platform::id::TrackId;
use crate::platform::storage::{Extent, open_to_serve};

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
    let path = (&*grant, &*track, List::Master);
    Ok(response(&platform, list(&platform, &renditions, &country, path, &within).await?))
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
    let path = (&*grant, &*track, List::Manifest);
    Ok(response(&platform, list(&platform, &renditions, &country, path, &within).await?))
}

/// What lists renditions.
#[derive(Debug, Clone, Copy)]
pub(super) enum List {
    Master,
    Manifest,
}

impl List {
    /// By the name of the file.
    pub(super) fn named(file: &str) -> Option<Self> {
        match file {
            "master.m3u8" => Some(Self::Master),
            "manifest.mpd" => Some(Self::Manifest),
            _ => None,
        }
    }
}

/// What is answered to who asks for a list.
pub(super) async fn list(
    platform: &Platform,
    renditions: &Renditions,
    country: &Country,
    (grant, track, list): (&str, &str, List),
    within: &Within,
) -> Result<Answer> {
    let missing = Error::NotFound("stream");
    let Opened { grant, renditions, .. } = renditions.all(platform, grant, country).await?;
    if !is_named(grant.track, track) {
        return Err(missing);
    }
    let offered = within.of(&renditions);
    match list {
        List::Master => Ok(as_text(PLAYLIST, playlist::master(&offered).ok_or(missing)?)),
        List::Manifest if grant.is_preview => Err(missing),
        List::Manifest => Ok(as_text(DASH, dash::manifest(&offered).ok_or(missing)?)),
    }
}

/// The media playlist of a rendition.
#[utoipa::path(tag = "media", params(("grant" = String, Path), ("track" = TrackId, Path), ("rendition" = String, Path, description = "Its name, such as `opus_cmaf_128`")), responses(
    (status = 200, content_type = "application/vnd.apple.mpegurl"), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/hls/{grant}/{track}/{rendition}/media.m3u8")]
pub(super) async fn media(
    request: HttpRequest,
    platform: Data<Platform>,
    renditions: Data<Renditions>,
    country: Country,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse> {
    let (grant, track, name) = path.into_inner();
    let path = (&*grant, &*track, &*name, Wanted::Playlist);
    Ok(response(&platform, answer(&platform, &renditions, &country, path, request.headers()).await?))
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
    let path = (&*grant, &*track, &*name, Wanted::Init);
    Ok(response(&platform, answer(&platform, &renditions, &country, path, request.headers()).await?))
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
    let number: usize = number.parse().map_err(|_| Error::NotFound("segment"))?;
    let path = (&*grant, &*track, &*name, Wanted::Segment(number));
    Ok(response(&platform, answer(&platform, &renditions, &country, path, request.headers()).await?))
}

/// What there is of a rendition in segments.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Playlist,
    Init,
    Segment(usize),
}

impl Wanted {
    /// By the name of the file.
    pub(super) fn named(file: &str) -> Option<Self> {
        match file {
            "media.m3u8" => Some(Self::Playlist),
            "init.mp4" => Some(Self::Init),
            other => other.strip_suffix(".m4s")?.parse().ok().map(Self::Segment),
        }
    }
}

/// What is answered to who asks for a part of a rendition.
pub(super) async fn answer(
    platform: &Platform,
    renditions: &Renditions,
    country: &Country,
    (grant, track, name, wanted): (&str, &str, &str, Wanted),
    headers: &HeaderMap,
) -> Result<Answer> {
    let chosen = renditions.open(platform, (grant, name), country).await?;
    if !is_named(chosen.grant.track, track) {
        return Err(Error::NotFound("stream"));
    }
    let (rendition, index) = segmented(&chosen)?;
    let range = match wanted {
        Wanted::Playlist => {
            return Ok(as_text(PLAYLIST, renditions.playlist(rendition, chosen.grant.is_preview, index)));
        }
        Wanted::Init => Segment { offset: 0, size: index.init_bytes, duration: 0, media: None },
        Wanted::Segment(number) => *index.segments.get(number).ok_or(Error::NotFound("segment"))?,
    };
    send(headers, platform, chosen, range).await
}

fn as_text(mime: &'static str, text: impl Into<Bytes>) -> Answer {
    media_answer(mime, Body::Text(text.into()))
}

fn response(platform: &Platform, answer: Answer) -> HttpResponse {
    answer.into_response(&platform.metrics.audio_bytes)
}

/// The objects and the place in them: the same for whoever listens, and another once the track is made anew.
fn etag(rendition: &PlayableRendition, index: &SegmentIndex, offset: u64) -> String {
    // An object's name is the hash of its content; half of it tells it from all others.
    fn half(key: &str) -> &str {
        let hash = key.rsplit('/').next().unwrap_or(key);
        hash.get(..32).unwrap_or(hash)
    }
    let heads = half(&rendition.object_key);
    let mut etag = String::with_capacity(2 * 32 + 24);
    etag.push('"');
    etag.push_str(heads);
    if let Some(behind) = &index.media_key {
        etag.push('.');
        etag.push_str(half(behind));
    }
    // Writing to memory does not fail.
    let _ = write!(etag, ".{offset}\"");
    etag
}

impl Within {
    /// Of a plain query. `None`: it is another one.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let max_bitrate_bps = match query {
            "" => None,
            some => Some(some.strip_prefix("max_bitrate_bps=")?.parse().ok()?),
        };
        Some(Self { max_bitrate_bps })
    }

    // The renditions in segments that cost no more.
    fn of<'a>(&self, all: &'a [PlayableRendition]) -> Cow<'a, [PlayableRendition]> {
        let Some(most) = self.max_bitrate_bps else { return Cow::Borrowed(all) };
        let most = i32::try_from(most).unwrap_or(i32::MAX);
        let segmented = || all.iter().filter(|rendition| rendition.segments.is_some());
        let least = segmented().map(|rendition| rendition.bitrate_bps).min().unwrap_or(most);
        segmented().filter(|rendition| rendition.bitrate_bps <= most.max(least)).cloned().collect()
    }
}

fn segmented(chosen: &Chosen) -> Result<(&PlayableRendition, &SegmentIndex)> {
    let rendition = chosen.rendition();
    let index = rendition.segments.as_deref().ok_or(Error::NotFound("stream"))?;
    Ok((rendition, index))
}

/// Whether a part of a path names a track.
fn is_named(track: TrackId, part: &str) -> bool {
    part == &*track.uuid().hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH])
}

async fn send(headers: &HeaderMap, platform: &Platform, chosen: Chosen, wanted: Segment) -> Result<Answer> {
    let (rendition, index) = segmented(&chosen)?;
    let etag = etag(rendition, index, wanted.offset);
    if is_fresh(headers, &etag) {
        let fresh = Answer { status: StatusCode::NOT_MODIFIED, ..media_answer(CMAF, Body::Nothing) };
        return Ok(fresh.with("etag", etag));
    }
    let object = open_to_serve(platform, &rendition.object_key).await?;
    let extent = Extent { object, offset: wanted.offset, length: wanted.size };
    let then = match (wanted.media, &index.media_key) {
        (Some(MediaRange { offset, size: length }), Some(key)) => {
            Some(Extent { object: open_to_serve(platform, key).await?, offset, length })
        }
        _ => None,
    };
    let body = Body::Object { extent, then, hold: chosen.hold };
    Ok(media_answer(CMAF, body).with("etag", etag))
}
