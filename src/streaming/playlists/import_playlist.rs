//! Make a playlist of a file that another program wrote.

mod receive;

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Responder, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::PlaylistDeed;
use super::create_playlist::add;
use super::entry::{Entry, NewEntry};
use super::formats::{self, ListFormat, ReadList};
use super::playlist::{Naming, Openness, Playlist};
use super::rank::Rank;
use super::show_playlist::{ShownPlaylist, show};
use super::words::Description;
use crate::artists::{self, FoundBy, SoughtTrack, Title};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Query, early};
use crate::platform::id::{AccountId, PlaylistEntryId, PlaylistId, TrackId};
use crate::platform::task;

/// Entries that are written in one statement.
const BATCH: usize = 2000;

/// What its sender says of the file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Told {
    /// Told from the file's beginning where absent.
    #[param(inline)]
    format: Option<ListFormat>,
    /// What the playlist is to be called; as the file calls itself where absent.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200)]
    title: Option<Title>,
    /// Private where absent.
    visibility: Option<Openness>,
}

/// By what a track was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TrackFoundBy {
    /// The address of its page on a Legato server, or its id.
    Id,
    Isrc,
    /// What MusicBrainz calls the recording.
    RecordingMbid,
    /// Its artist's name and its title, and its length to 3 s where the file tells it.
    Names,
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaylistImport {
    playlist: ShownPlaylist,
    /// How many of its tracks are in the playlist.
    found: usize,
    not_found: usize,
    /// Every track that the file names, in its order.
    lines: Vec<ImportedLine>,
}

/// A track that a file names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedLine {
    /// As the file names it: artist and title, else the end of its location.
    name: String,
    /// Null where there is no such track that the account may hear.
    track_id: Option<TrackId>,
    matched_by: Option<TrackFoundBy>,
}

/// Make a playlist of a file: extended M3U, XSPF, JSPF, PLS or a table (CSV) of at most 2 MiB and 10,000 entries, as the
/// field `file` of a multipart body or as the body itself. A track is known by the address of its page, its ISRC, what
/// MusicBrainz calls the recording, or its artist and title; what is not found stays out, and the report names it. Locations
/// are names here: nothing is opened by them.
#[utoipa::path(tag = "playlists", params(Told, IdempotencyHeader),
    request_body(content((inline(receive::ListForm) = "multipart/form-data"), (String = "application/octet-stream"))), responses(
    (status = 201, body = PlaylistImport), (status = 401, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem)))]
#[post("/playlists/import")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Library>,
    Query(told): Query<Told>,
    key: IdempotencyKey,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let file = match receive::receive(&request, body.clone()).await {
        Ok(file) => file,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    Ok(Created(import(&platform, identity.account, file, &told, &key).await?).respond_to(&request))
}

async fn import(
    platform: &Platform,
    account: AccountId,
    file: Vec<u8>,
    told: &Told,
    key: &IdempotencyKey,
) -> Result<PlaylistImport> {
    let body = (blake3::hash(&file).to_hex().to_string(), told.format, told.title.clone(), told.visibility);
    let format = told.format;
    let reading = task::blocking(move || {
        formats::read(&file, format).map(|list| {
            let sought: Vec<SoughtTrack> = list.lines.iter().map(formats::Line::sought).collect();
            (list, sought)
        })
    });
    let (list, sought) = reading.await?.map_err(|fault| Error::invalid("file", fault))?;
    let found = artists::recognise(&mut *platform.db.conn().await?, &sought, account).await?;
    let tracks: Vec<TrackId> = found.iter().flatten().map(|(track, _)| *track).collect();
    let id = keep(platform, account, &list, &tracks, told, (key, &body)).await?;
    let playlist = show(&mut *platform.db.conn().await?, id, Some(account)).await?;
    let lines = list.lines.iter().zip(&found).map(|(line, found)| ImportedLine {
        name: line.name(),
        track_id: found.map(|(track, _)| track),
        matched_by: found.map(|(_, by)| by.into()),
    });
    Ok(PlaylistImport { playlist, found: tracks.len(), not_found: found.len() - tracks.len(), lines: lines.collect() })
}

async fn keep<B: Serialize + Sync>(
    platform: &Platform,
    owner: AccountId,
    list: &ReadList,
    tracks: &[TrackId],
    told: &Told,
    (key, body): (&IdempotencyKey, &B),
) -> Result<PlaylistId> {
    let title = told.title.clone().or_else(|| title(list.title.as_deref()?));
    let title = title.ok_or_else(|| Error::invalid("title", "This file does not say what it is called: say it."))?;
    let description = Description::from_foreign(list.description.as_deref().unwrap_or_default());
    let visibility = told.visibility.unwrap_or(Openness::Private);
    let now = platform.clock.now();
    let entry = |track: &TrackId| NewEntry {
        id: PlaylistEntryId::new(),
        track_id: *track,
        added_by: Some(owner),
        added_at: now,
    };
    let entries: Vec<NewEntry> = tracks.iter().map(entry).collect();
    platform
        .db
        .transaction(async |conn| {
            let id = PlaylistId::new();
            if let Some(earlier) = key.claim(conn, owner, body, id.uuid()).await? {
                return Ok(earlier.into());
            }
            let naming = Naming { title: &title, description: &description, visibility, rules: None };
            add(conn, id, owner, &naming, &PlaylistDeed::Imported { count: entries.len() }).await?;
            let ranks = Rank::anew(entries.len());
            for (entries, ranks) in entries.chunks(BATCH).zip(ranks.chunks(BATCH)) {
                Entry::insert(conn, id, entries, ranks).await?;
            }
            Playlist::count_entries(conn, id, i32::try_from(entries.len()).unwrap_or(i32::MAX), now).await?;
            Ok(id)
        })
        .await
}

// The nearest title to one that nobody has checked.
fn title(text: &str) -> Option<Title> {
    let plain =
        |letter: &char| !letter.is_control() && !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let short: String = text.trim().chars().filter(plain).take(200).collect();
    Title::try_from(short).ok()
}

impl From<FoundBy> for TrackFoundBy {
    fn from(by: FoundBy) -> Self {
        match by {
            FoundBy::Id => Self::Id,
            FoundBy::Isrc => Self::Isrc,
            FoundBy::RecordingMbid => Self::RecordingMbid,
            FoundBy::Names => Self::Names,
        }
    }
}
