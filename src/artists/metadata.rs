//! Metadata: what artists say of their music, how it changed, and the way back.
//!
//! Each kind of value is parsed at the door by a type of its own. All changes of fields, of a release, a track or many
//! tracks, go the same way: `ReleaseChanges` or [`TrackChanges`] are applied under the release's lock, what differs then
//! becomes an entry of the history, and taking an entry back is the change that has its values of before.

mod change;
mod code;
mod credit;
mod date;
mod edit_release;
mod edit_track;
mod edit_tracks;
mod label;
mod language;
mod licence;
mod lrc;
mod mbid;
mod release_details;
mod show_history;
mod take_back;
mod territory;
mod text;
mod track_details;

use serde::{Deserialize, Deserializer};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use change::FieldChange;
pub(super) use change::{By, Change, Subject, differences, forget_account};
pub(super) use edit_release::apply as edit_release;
pub(super) use edit_track::apply as edit_track;
pub(super) use label::genre_name;
pub(super) use language::Languages;
pub(crate) use mbid::{ArtistMbid, RecordingMbid, ReleaseGroupMbid, ReleaseMbid, WorkMbid};
pub(crate) use release_details::{NewRelease, ReleaseDetails};
pub(super) use release_details::{ReleaseChanges, set_details};
pub(crate) use territory::Territories;
pub(crate) use text::Line;
pub(super) use track_details::TrackChanges;
pub(crate) use track_details::TrackDetails;

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(edit_release::patch)
        .service(edit_tracks::patch)
        .service(edit_track::patch)
        .service(show_history::of_release)
        .service(show_history::of_track)
        .service(take_back::post);
}

/// A field that was sent: with `null`, it is what it is where nobody says anything.
fn told<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::<T>::deserialize(from).map(|value| Some(value.unwrap_or_default()))
}
