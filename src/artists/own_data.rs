//! Façade: what this module writes into an account's archive: its artists, what it follows, and the originals that it
//! uploaded.

use diesel::prelude::*;
use diesel::sql_types::{Json, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::membership::Original;
use crate::platform::Platform;
use crate::platform::archive::Archive;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::AccountId;

/// Files looked up together.
const BATCH: i64 = 500;

/// A document: its name, what it is, and the query that makes it.
type Document = (&'static str, &'static str, &'static str);

const DOCUMENTS: &[Document] = &[
    (
        "artists.json",
        "The artists that you act for, their releases and tracks, and what the analysis of each track found.",
        "select coalesce(json_agg(json_build_object(
            'id', a.id, 'slug', a.slug, 'name', a.name, 'created_at', a.created_at, 'member_since', m.created_at, 'role', m.role,
            'former_slugs', (select coalesce(json_agg(s.slug order by s.taken_at), '[]')
                             from artists.slugs s where s.artist_id = a.id and s.slug <> a.slug),
            'biography', a.biography, 'links', a.links, 'places', a.places, 'genres', a.genres, 'artist_mbid', a.mbid,
            'releases', (select coalesce(json_agg(json_build_object(
                'id', r.id, 'title', r.title, 'kind', r.kind, 'published_at', r.published_at,
                'visibility', r.visibility, 'details', r.details,
                'first_published_at', r.first_published_at, 'created_at', r.created_at,
                'tracks', (select coalesce(json_agg(json_build_object(
                    'id', t.id, 'title', t.title, 'position', t.position, 'state', t.state,
                    'uploaded_by_me', t.uploaded_by is not distinct from $1, 'filename', t.filename,
                    'composer', t.composer, 'isrc', t.isrc, 'lyrics', t.lyrics, 'details', t.details,
                    'problem', t.problem_message, 'suggestions', t.suggestions, 'duration_ms', n.duration_ms,
                    'codec', n.codec, 'sample_rate_hz', n.sample_rate_hz, 'channels', n.channels,
                    'integrated_loudness_lufs', n.integrated_loudness_lufs, 'true_peak_dbtp', n.true_peak_dbtp,
                    'warnings', n.warnings, 'created_at', t.created_at
                 ) order by t.position), '[]')
                 from artists.tracks t left join artists.analyses n on n.track_id = t.id where t.release_id = r.id)
             ) order by r.id), '[]') from artists.releases r where r.artist_id = a.id)
         ) order by a.id), '[]') as document
         from artists.memberships m join artists.artists a on a.id = m.artist_id where m.account_id = $1",
    ),
    (
        "artist_invitations.json",
        "Invitations to act for artists, made to you or by you, that nobody has answered.",
        "select coalesce(json_agg(json_build_object(
            'artist', a.name, 'role', i.role, 'made_by_me', i.invited_by = $1,
            'email', case when i.invited_by = $1 then i.email end, 'created_at', i.created_at, 'expires_at', i.expires_at
         ) order by i.id), '[]') as document
         from artists.invitations i join artists.artists a on a.id = i.artist_id
         where i.account_id = $1 or i.invited_by = $1",
    ),
    (
        "splits.json",
        "Your shares in tracks, in hundredths of a percent.",
        "select coalesce(json_agg(json_build_object(
            'track_id', t.id, 'title', t.title, 'share_hundredths', s.share_hundredths, 'state', s.state,
            'invited_at', s.invited_at, 'answered_at', s.answered_at
         ) order by s.id), '[]') as document
         from artists.splits s join artists.tracks t on t.id = s.track_id where s.account_id = $1",
    ),
    (
        "following.json",
        "The artists that you follow.",
        "select coalesce(json_agg(json_build_object(
            'artist_id', a.id, 'slug', a.slug, 'name', a.name, 'since', f.created_at
         ) order by f.created_at), '[]') as document
         from artists.follows f join artists.artists a on a.id = f.artist_id where f.account_id = $1",
    ),
];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Json)]
    document: Value,
}

/// Writes the documents, and each original that the account uploaded, untouched.
pub(crate) async fn export(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    for (name, about, query) in DOCUMENTS {
        let document = find(&mut *platform.db.conn().await?, query, account).await?;
        archive.document(name, about, &document).await?;
    }
    add_originals(platform, account, archive).await
}

async fn find(conn: &mut Conn, query: &'static str, account: AccountId) -> Result<Value> {
    let row: Row = prepared(sql(query).bind::<SqlUuid, _>(account)).get_result(conn).await?;
    Ok(row.document)
}

async fn add_originals(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    let mut after = None;
    loop {
        let originals = Original::list(&mut *platform.db.conn().await?, account, after, BATCH).await?;
        let Some(last) = originals.last() else { break };
        after = Some(last.track);
        for original in &originals {
            add(platform, archive, original).await?;
        }
    }
    if after.is_some() {
        archive.explain("music/", "The files that you uploaded, untouched, by artist and release.");
    }
    Ok(())
}

async fn add(platform: &Platform, archive: &mut Archive, original: &Original) -> Result<()> {
    // Deleted, or moved to quarantine, a moment ago: the archive is not the worse for it.
    let Ok(file) = platform.storage.file(&original.source_key).await else { return Ok(()) };
    let name = original.filename.as_deref().unwrap_or(&original.title);
    let name = format!("{:02} {name}", original.position);
    archive.file(&["music", &original.artist, &original.release, &name], file).await
}
