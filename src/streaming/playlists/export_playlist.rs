//! Export a playlist as a file for other programs.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry::Entry;
use super::fitting;
use super::formats::{self, ListFormat, Written, WrittenLine, WrittenName};
use super::playlist::Playlist;
use crate::artists::{self, DescribedTrack};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Id, Query, address_of};
use crate::platform::id::{AccountId, PlaylistId, TrackId};
use crate::platform::task;

/// Entries that are looked up in one query: so few that an index pays, whatever the catalogue's size.
const BATCH: usize = 100;

/// Entries of a playlist that are read at a time.
const PAGE: i64 = 1000;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    #[param(inline)]
    format: ListFormat,
}

/// A playlist as a file for other programs. Tracks are named by their pages here, and where the format has a place for it, by
/// their ISRC and by what MusicBrainz calls the recording. Of what the viewer may not hear, there is the address alone.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), ExportQuery), responses(
    (status = 200, description = "The file, as an attachment", content(
        (String = "audio/x-mpegurl"), (String = "application/xspf+xml"), (String = "application/jspf+json"),
        (String = "audio/x-scpls"), (String = "text/csv"))),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/playlists/{id}/export")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    viewer: Viewer,
    Id(id): Id<PlaylistId>,
    Query(query): Query<ExportQuery>,
) -> Result<HttpResponse> {
    let address = address_of(&request, &platform.config);
    let file = export(&platform, id, viewer.account(), &address, query.format).await?;
    // The title is anybody's words: it stays out of the header.
    let name = format!("attachment; filename=\"playlist-{id}.{}\"", query.format.name());
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Ok(answer.content_type(query.format.mime()).body(file))
}

async fn export(
    platform: &Platform,
    id: PlaylistId,
    viewer: Option<AccountId>,
    address: &str,
    format: ListFormat,
) -> Result<Vec<u8>> {
    let (playlist, lines) = collect(platform, id, viewer, address).await?;
    let writing = task::blocking(move || {
        let written = Written { title: &playlist.title, description: &playlist.description, lines: &lines };
        formats::write(&written, format)
    });
    Ok(writing.await??)
}

async fn collect(
    platform: &Platform,
    id: PlaylistId,
    viewer: Option<AccountId>,
    address: &str,
) -> Result<(Playlist, Vec<WrittenLine>)> {
    let conn = &mut *platform.db.conn().await?;
    let playlist = Playlist::shown(conn, id, viewer).await?;
    let ids = match playlist.rules()? {
        Some(rules) => fitting::list(conn, &rules, viewer, platform.clock.now()).await?,
        None => entered(conn, id).await?,
    };
    let mut lines = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let described = artists::described(conn, batch, viewer).await?;
        let tracks: HashMap<TrackId, DescribedTrack> = described.into_iter().map(|track| (track.id, track)).collect();
        lines.extend(batch.iter().map(|id| line(address, *id, tracks.get(id))));
    }
    Ok((playlist, lines))
}

async fn entered(conn: &mut Conn, id: PlaylistId) -> Result<Vec<TrackId>> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let entries = Entry::list(conn, id, after.as_ref(), PAGE).await?;
        let Some(last) = entries.last() else { return Ok(ids) };
        after = Some(last.rank());
        ids.extend(entries.iter().map(|entry| entry.track_id));
    }
}

fn line(address: &str, id: TrackId, track: Option<&DescribedTrack>) -> WrittenLine {
    let named = track.map(|track| WrittenName {
        title: track.title.clone(),
        artist: track.artist.clone(),
        release: track.release.clone(),
        duration_ms: track.duration_ms,
        isrc: track.isrc.clone(),
        recording_mbid: track.recording_mbid.clone(),
    });
    WrittenLine { url: format!("{address}/tracks/{id}"), track_id: id.to_string(), named }
}
