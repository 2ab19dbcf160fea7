//! Artists: the catalogue (artists, releases, tracks), uploads, and the chain that makes them playable.
//!
//! Façade for other modules: [`playable()`] (what a listener may hear, with its renditions) and [`former_renditions`] (those
//! that listeners may have open still), [`make_again()`] (what the store has lost), [`public_artist`],
//! [`public_release`] and [`visible`] (what everybody may see, for search),
//! the published view `artists.visible_tracks` (version 1), and for the demo catalogue [`any`] (whether there is any
//! artist), [`own_releases`], [`create_artist()`], [`create_release()`], [`upload_track()`], [`publish_release()`].

mod analysis;
mod archive_renditions;
mod artist;
mod chain;
mod create_artist;
mod create_release;
mod credits;
mod delete_artist;
mod delete_release;
mod delete_track;
mod discard;
mod edit_release;
mod edit_track;
mod finding;
mod follow_artist;
mod forget_account;
mod import;
mod ingest;
mod ladder;
mod list_artists;
mod list_releases;
mod list_same_recordings;
mod loudness;
mod make_again;
mod membership;
mod newest_releases;
mod own_data;
mod own_track;
mod playable;
mod public;
mod publish_release;
mod quarantine;
mod quarantine_alert;
mod recipe;
mod recording;
mod release;
mod rendition;
mod reprocess_catalogue;
mod reprocess_track;
mod reprocessing;
mod schema;
mod show_artist;
mod show_release;
mod show_track;
mod show_waveform;
mod slug;
mod stage;
mod stop_reprocessing;
mod title;
mod track;
mod track_labels;
mod track_progress;
mod unfollow_artist;
mod upload_track;
mod watch_quarantine;
mod withdraw_release;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use archive_renditions::archive_renditions;
pub(crate) use create_artist::{NewArtist, create as create_artist};
pub(crate) use create_release::{NewRelease, create as create_release};
pub(crate) use delete_artist::{DeleteArtist, run as run_delete_artist};
pub(crate) use discard::{Discard, run as run_discard};
pub(crate) use forget_account::on_event;
pub(crate) use import::{Foreign, Importer, arrival, tags};
pub(crate) use ingest::{Ingest, PROBE, RENDER, on_dead as on_ingest_dead, run as run_ingest};
pub(crate) use ladder::ladder;
pub(crate) use make_again::make_again;
pub(crate) use own_data::export;
pub(crate) use playable::{FormerRendition, Playable, PlayableRendition, former_renditions, playable};
pub(crate) use public::{PublicArtist, PublicRelease, any, public_artist, public_release, visible};
pub(crate) use publish_release::publish as publish_release;
pub(crate) use quarantine::{Quarantine, run as run_quarantine};
pub(crate) use quarantine_alert::count_quarantined;
pub(crate) use release::{ReleaseKind, own_releases};
pub(crate) use rendition::{MediaRange, RenditionKind, Segment, SegmentIndex};
pub(crate) use reprocess_catalogue::{
    Selection, backlog as reprocessing_backlog, exists, failed as count_failed, reprocess_in_background,
    request as request_reprocessing,
};
pub(crate) use slug::Slug;
pub(crate) use stage::Step;
pub(crate) use title::Title;
pub(crate) use upload_track::{Upload, add as upload_track};
pub(crate) use watch_quarantine::watch_quarantine;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_artist::post)
        .service(list_artists::get)
        .service(show_artist::get)
        .service(follow_artist::put)
        .service(unfollow_artist::delete)
        .service(create_release::post)
        .service(list_releases::get)
        .service(newest_releases::get)
        .service(show_release::get)
        .service(edit_release::patch)
        .service(delete_release::delete)
        .service(publish_release::put)
        .service(withdraw_release::delete)
        .service(upload_track::post)
        .service(show_track::get)
        .service(edit_track::patch)
        .service(delete_track::delete)
        .service(track_progress::get)
        .service(reprocess_track::post)
        .service(stop_reprocessing::delete)
        .service(show_waveform::get)
        .service(list_same_recordings::get);
}
