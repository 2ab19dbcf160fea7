//! What an artist says of a release besides its title and kind.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::code::Upc;
use super::credit::Credits;
use super::date::PartialDate;
use super::label::{Genres, Tags};
use super::language::Languages;
use super::licence::Licence;
use super::mbid::{ReleaseGroupMbid, ReleaseMbid};
use super::territory::Territories;
use super::text::{Line, LinerNotes};
use super::told;
use crate::artists::Title;
use crate::artists::release::ReleaseKind;
use crate::artists::schema::releases;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::ReleaseId;

/// The fields, once for all of their forms.
macro_rules! release_fields {
    ($form:ident) => {
        $form! {
            /// Under which label it comes out, as it is printed.
            label_name: [Option<Line>],
            /// The product's code: UPC or EAN, with a check digit that fits.
            upc: [Option<Upc>],
            /// This edition, at MusicBrainz: a UUID, or the address of its page there.
            release_mbid: [Option<ReleaseMbid>],
            /// The release in all of its editions, at MusicBrainz: a UUID, or the address of its page there.
            release_group_mbid: [Option<ReleaseGroupMbid>],
            /// When the music came out first, where that was before.
            original_date: [Option<PartialDate>],
            /// When it comes out, for people to read; what is seen when, the publication says.
            release_date: [Option<PartialDate>],
            genres: [Genres],
            tags: [Tags],
            /// What is sung or spoken in.
            languages: [Languages],
            /// Whether its words are not for children.
            explicit: [bool],
            credits: [Credits],
            /// Who owns the recording: the line behind the sign ℗.
            phonogram_line: [Option<Line>],
            /// Who owns the rest: the line behind the sign ©.
            copyright_line: [Option<Line>],
            licence: [Licence],
            /// Where it is meant to be heard; held to as far as the server is told where a listener is.
            territories: [Option<Territories>],
            liner_notes: [Option<LinerNotes>],
            /// Whether who hears it may also take it away as files.
            downloadable: [bool],
        }
    };
}

macro_rules! document {
    ($($(#[$about:meta])* $field:ident: [$($type:tt)+],)+) => {
        /// What an artist says of a release.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(default)]
        pub(crate) struct ReleaseDetails {
            $($(#[$about])* pub(in crate::artists) $field: $($type)+,)+
        }
    };
}

macro_rules! changes {
    ($($(#[$about:meta])* $field:ident: [$($type:tt)+],)+) => {
        /// What of a release may change. What is absent stays; with `null`, it is as if nobody had said it.
        #[derive(Debug, Default, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct ReleaseChanges {
            #[serde(default)]
            pub(in crate::artists) title: Option<Title>,
            #[serde(default)]
            pub(in crate::artists) kind: Option<ReleaseKind>,
            $(
                $(#[$about])*
                #[serde(default, deserialize_with = "told")]
                pub(in crate::artists) $field: Option<$($type)+>,
            )+
        }

        impl ReleaseChanges {
            /// Whether what comes in may.
            pub(super) fn check(&self) -> Result<()> {
                self.languages.as_ref().map_or(Ok(()), Languages::require_registered)
            }

            /// The document with these changes.
            pub(super) fn applied_to(&self, mut details: ReleaseDetails) -> ReleaseDetails {
                $(if let Some(value) = &self.$field { details.$field = value.clone(); })+
                details
            }
        }
    };
}

macro_rules! new {
    ($($(#[$about:meta])* $field:ident: [$($type:tt)+],)+) => {
        /// A release to be filled with tracks.
        #[derive(Debug, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct NewRelease {
            pub(crate) title: Title,
            pub(crate) kind: ReleaseKind,
            $($(#[$about])* #[serde(default)] $field: $($type)+,)+
        }

        impl NewRelease {
            /// One of which nothing is said but this.
            pub(crate) fn new(title: Title, kind: ReleaseKind) -> Self {
                Self { title, kind, $($field: Default::default(),)+ }
            }

            /// What is said of it besides.
            pub(in crate::artists) fn details(&self) -> ReleaseDetails {
                ReleaseDetails { $($field: self.$field.clone(),)+ }
            }
        }
    };
}

release_fields!(document);
release_fields!(changes);
release_fields!(new);

impl ReleaseDetails {
    /// What is said of a release.
    pub(in crate::artists) async fn find(conn: &mut Conn, release: ReleaseId) -> Result<Self> {
        let document: Value = releases::table.find(release).select(releases::details).first(conn).await?;
        Ok(serde_json::from_value(document).map_err(anyhow::Error::from)?)
    }

    /// The product's code.
    pub(in crate::artists) fn upc(&self) -> Option<&str> {
        self.upc.as_ref().map(Upc::as_str)
    }

    /// It came out first on this day, where nobody has said another.
    pub(in crate::artists) fn date_back(&mut self, day: NaiveDate) {
        if self.original_date.is_none() {
            self.original_date = PartialDate::try_from(day.to_string()).ok();
        }
    }
}

/// Sets the document of a release.
pub(in crate::artists) async fn set_details(
    conn: &mut Conn,
    release: ReleaseId,
    details: &ReleaseDetails,
) -> Result<()> {
    diesel::update(releases::table.find(release)).set(releases::details.eq(json!(details))).execute(conn).await?;
    Ok(())
}

/// All fields that a change can be about, by name.
pub(super) async fn fields(conn: &mut Conn, release: ReleaseId) -> Result<Map<String, Value>> {
    let row = releases::table.find(release).select((releases::title, releases::kind, releases::details));
    let (title, kind, details): (String, ReleaseKind, Value) = row.first(conn).await?;
    let details: ReleaseDetails = serde_json::from_value(details).map_err(anyhow::Error::from)?;
    let Value::Object(mut fields) = json!(details) else { return Ok(Map::new()) };
    fields.insert("title".to_owned(), json!(title));
    fields.insert("kind".to_owned(), json!(kind));
    Ok(fields)
}
