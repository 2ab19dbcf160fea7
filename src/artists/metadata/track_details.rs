//! What an artist says of a track.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::code::Iswc;
use super::credit::{Credits, FeaturedArtists};
use super::language::Languages;
use super::mbid::{RecordingMbid, WorkMbid};
use super::text::Line;
use super::told;
use crate::artists::Title;
use crate::artists::credits::Lyrics;
use crate::artists::schema::tracks;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;

/// A disc of a release, from 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u32")]
#[schema(value_type = u32, minimum = 1, maximum = 99)]
pub(crate) struct Disc(u32);

impl TryFrom<u32> for Disc {
    type Error = &'static str;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if (1..=99).contains(&number) { Ok(Self(number)) } else { Err("A disc has a number from 1 to 99.") }
    }
}

/// The fields, once for both of their forms.
macro_rules! track_fields {
    ($form:ident) => {
        $form! {
            /// Which of several: `live in Bergen`, `radio edit`.
            version: [Option<Line>],
            featured_artists: [FeaturedArtists],
            /// The work's code (ISO 15707), with a check digit that fits.
            iswc: [Option<Iswc>],
            /// The recording, at MusicBrainz: a UUID, or the address of its page there.
            recording_mbid: [Option<RecordingMbid>],
            /// The work, at MusicBrainz: a UUID, or the address of its page there.
            work_mbid: [Option<WorkMbid>],
            credits: [Credits],
            /// What is sung or spoken in.
            languages: [Languages],
            /// On which disc it is, where there are several. Places count through all of them.
            disc: [Option<Disc>],
            /// Whether its words are not for children.
            explicit: [bool],
            /// Where a preview begins.
            preview_start_ms: [Option<u32>],
        }
    };
}

macro_rules! document {
    ($($(#[$about:meta])* $field:ident: [$($type:tt)+],)+) => {
        /// What an artist says of a track, besides its title, place, composer, ISRC and lyrics.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(default)]
        pub(crate) struct TrackDetails {
            $($(#[$about])* pub(in crate::artists) $field: $($type)+,)+
        }
    };
}

macro_rules! changes {
    ($($(#[$about:meta])* $field:ident: [$($type:tt)+],)+) => {
        /// What of a track may change. What is absent stays; with `null`, it is as if nobody had said it.
        #[derive(Debug, Default, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct TrackChanges {
            #[serde(default)]
            pub(in crate::artists) title: Option<Title>,
            /// The place in the release, from 1; the other tracks make room. Beyond the last place is the last place.
            #[serde(default)]
            #[schema(minimum = 1)]
            pub(in crate::artists) position: Option<i32>,
            /// Who wrote the music; an empty text is nobody.
            #[serde(default, deserialize_with = "told")]
            #[schema(max_length = 200)]
            pub(in crate::artists) composer: Option<String>,
            /// The recording's code (ISO 3901), with or without hyphens; an empty text is none.
            #[serde(default, deserialize_with = "told")]
            pub(in crate::artists) isrc: Option<String>,
            /// The words; an empty text without lines is none.
            #[serde(default, deserialize_with = "told")]
            pub(in crate::artists) lyrics: Option<Lyrics>,
            /// The words in time with the music, as an LRC text: in place of `lyrics`.
            #[serde(default)]
            #[schema(max_length = 100000)]
            pub(in crate::artists) lyrics_lrc: Option<String>,
            $(
                $(#[$about])*
                #[serde(default, deserialize_with = "told")]
                pub(in crate::artists) $field: Option<$($type)+>,
            )+
        }

        impl TrackChanges {
            /// The document with these changes.
            pub(super) fn applied_to(&self, mut details: TrackDetails) -> TrackDetails {
                $(if let Some(value) = &self.$field { details.$field = value.clone(); })+
                details
            }
        }
    };
}

track_fields!(document);
track_fields!(changes);

impl TrackDetails {
    /// What is said of a track.
    pub(super) async fn find(conn: &mut Conn, track: TrackId) -> Result<Self> {
        let document: Value = tracks::table.find(track).select(tracks::details).first(conn).await?;
        Ok(serde_json::from_value(document).map_err(anyhow::Error::from)?)
    }

    /// Sets the document of a track.
    pub(in crate::artists) async fn set(&self, conn: &mut Conn, track: TrackId) -> Result<()> {
        diesel::update(tracks::table.find(track)).set(tracks::details.eq(json!(self))).execute(conn).await?;
        Ok(())
    }
}

#[derive(Queryable)]
struct Row {
    title: String,
    position: i32,
    composer: Option<String>,
    isrc: Option<String>,
    lyrics: Option<Value>,
    details: Value,
}

/// All fields that a change can be about, by name.
pub(super) async fn fields(conn: &mut Conn, track: TrackId) -> Result<Map<String, Value>> {
    let row = tracks::table.find(track).select((
        tracks::title,
        tracks::position,
        tracks::composer,
        tracks::isrc,
        tracks::lyrics,
        tracks::details,
    ));
    let row: Row = row.first(conn).await?;
    let details: TrackDetails = serde_json::from_value(row.details).map_err(anyhow::Error::from)?;
    let Value::Object(mut fields) = json!(details) else { return Ok(Map::new()) };
    let told = |text: Option<String>| json!(text.filter(|text| !text.is_empty()));
    let lyrics: Option<Lyrics> = serde_json::from_value(json!(row.lyrics)).map_err(anyhow::Error::from)?;
    let more = [
        ("title", json!(row.title)),
        ("position", json!(row.position)),
        ("composer", told(row.composer)),
        ("isrc", told(row.isrc)),
        ("lyrics", json!(lyrics.filter(|lyrics| !lyrics.is_empty()))),
    ];
    fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    Ok(fields)
}
