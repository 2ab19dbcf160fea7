//! What a feed encloses: a track as one file, for those whom the artist lets play it without an account.

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::artists::Territories;
use crate::artists::rendition::RenditionKind;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::TrackId;

/// A file that everybody may fetch.
#[derive(Debug, Clone)]
pub(crate) struct Enclosure {
    pub(crate) object_key: String,
    pub(crate) mime: String,
    /// Where its release may be heard; everywhere where nothing is said.
    pub(crate) territories: Option<Territories>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    object_key: String,
    #[diesel(sql_type = Text)]
    mime: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    territories: Option<Value>,
}

/// SQL: the file `e` in which the track `t` of `artists.visible_tracks` goes out. MP3 is what every client plays; else AAC or
/// Opus, the best of it; else what is lossless.
macro_rules! file_of_track {
    () => {
        "lateral (
            select n.kind, n.size_bytes from artists.renditions n
            where n.track_id = t.track_id and n.superseded_at is null and n.kind in ('mp3', 'aac', 'opus_ogg', 'flac')
            order by array_position(array['mp3', 'aac', 'opus_ogg', 'flac'], n.kind), n.bitrate_bps desc limit 1
         ) e"
    };
}
pub(super) use file_of_track;

/// What the name of such a file ends in.
pub(super) fn ending(kind: RenditionKind) -> &'static str {
    match kind {
        RenditionKind::Mp3 => "mp3",
        RenditionKind::Aac | RenditionKind::AacCmaf => "m4a",
        RenditionKind::Flac | RenditionKind::FlacCmaf => "flac",
        RenditionKind::OpusOgg | RenditionKind::OpusCmaf => "opus",
    }
}

/// Its media type as feeds name it, without parameters.
pub(super) fn media_type(kind: RenditionKind) -> &'static str {
    let mime = kind.mime();
    mime.split_once(';').map_or(mime, |(essence, _)| essence)
}

/// Where it is fetched: an address that holds as long as the track is public and its artist has a feed.
pub(super) fn path(track: TrackId, kind: RenditionKind) -> String {
    format!("/api/v1/enclosures/{track}.{}", ending(kind))
}

/// Façade: the best file of a kind (`mp3`, `m4a`, `opus`, `flac`) of a track that is public, where the artist has a feed.
pub(crate) async fn find_enclosure(conn: &mut Conn, track: TrackId, file_ending: &str) -> Result<Option<Enclosure>> {
    let whole = [RenditionKind::Mp3, RenditionKind::Aac, RenditionKind::OpusOgg, RenditionKind::Flac];
    let Some(kind) = whole.into_iter().find(|kind| ending(*kind) == file_ending) else { return Ok(None) };
    let found = prepared(
        sql("select n.object_key, n.mime, nullif(r.details -> 'territories', 'null'::jsonb) as territories
             from artists.visible_tracks t
             join artists.releases r on r.id = t.release_id
             join artists.artists a on a.id = t.artist_id and a.has_feed and a.closed_at is null
             join artists.renditions n on n.track_id = t.track_id and n.superseded_at is null
             where t.track_id = $1 and n.kind = $2
             order by n.bitrate_bps desc limit 1")
        .bind::<SqlUuid, _>(track)
        .bind::<Text, _>(kind),
    );
    let Some(Row { object_key, mime, territories }) = found.get_result(conn).await.optional()? else { return Ok(None) };
    let territories = territories.map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?;
    Ok(Some(Enclosure { object_key, mime, territories }))
}
