//! Artists: the catalogue (artists, releases, tracks), uploads, and the chain that makes them playable.
//!
//! Façade for other modules: [`playable()`] (what a listener may hear, with its renditions), [`public_artist`],
//! [`public_release`] and [`visible`] (what everybody may see, for search),
//! the published view `artists.visible_tracks` (version 1), and for the demo catalogue [`any`] (whether there is any
//! artist), [`own_releases`], [`create_artist()`], [`create_release()`], [`upload_track()`], [`publish_release()`].

mod analysis;
mod artist;
mod create_artist;
mod create_release;
mod delete_artist;
mod delete_release;
mod delete_track;
mod discard;
mod edit_release;
mod edit_track;
mod finding;
mod follow_artist;
mod forget_account;
mod ingest;
mod list_artists;
mod list_releases;
mod list_same_recordings;
mod membership;
mod newest_releases;
mod own_data;
mod own_track;
mod playable;
mod public;
mod publish_release;
mod quarantine;
mod recording;
mod release;
mod rendition;
mod schema;
mod show_artist;
mod show_release;
mod show_track;
mod show_waveform;
mod slug;
mod stage;
mod title;
mod track;
mod track_progress;
mod unfollow_artist;
mod upload_track;
mod withdraw_release;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use create_artist::{NewArtist, create as create_artist};
pub(crate) use create_release::{NewRelease, create as create_release};
pub(crate) use delete_artist::{DeleteArtist, run as run_delete_artist};
pub(crate) use discard::{Discard, run as run_discard};
pub(crate) use forget_account::on_event;
pub(crate) use ingest::{Ingest, PROBE, RENDER, on_dead as on_ingest_dead, run as run_ingest};
pub(crate) use own_data::export;
pub(crate) use playable::{Playable, PlayableRendition, playable};
pub(crate) use public::{PublicArtist, PublicRelease, any, public_artist, public_release, visible};
pub(crate) use publish_release::publish as publish_release;
pub(crate) use quarantine::{Quarantine, run as run_quarantine};
pub(crate) use release::{ReleaseKind, own_releases};
pub(crate) use rendition::{RenditionKind, SegmentIndex};
pub(crate) use slug::Slug;
pub(crate) use title::Title;
pub(crate) use upload_track::{Upload, add as upload_track};

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
        .service(show_waveform::get)
        .service(list_same_recordings::get);
}
