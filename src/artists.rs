//! Artists: the catalogue (artists, releases, tracks), uploads, and the chain that makes them playable.
//!
//! Façade for other modules: [`playable()`] (what a listener may hear, with its renditions), [`shown_tracks`] (the same as
//! lists show it), [`open_releases`] (what a listener may open), what may be heard by a link to a release ([`find_link`], [`playable_by_link`], [`count_play`]), [`former_renditions`] (those
//! that listeners may have open still), [`stream_track()`] (what no rendition has, encoded while it is listened to),
//! [`make_again()`] (what the store has lost), [`find_enclosure`] (the file that a feed encloses), [`public_artist`],
//! [`described`] and [`recognise`] (tracks as lists from elsewhere name them), [`public_release`], [`public_releases_of`] and [`visible`] (what everybody may see, for search),
//! the published views `artists.visible_tracks` (version 2) and `artists.described_tracks` (version 1), and for the demo catalogue [`any`] (whether there is any
//! artist), [`own_releases`], [`create_artist()`], [`create_release()`], [`set_release_artwork`], [`set_artist_picture`],
//! [`upload_track()`], [`publish_release()`]; and for `app` the form [`OwnPlays`] of a count of
//! plays, which it hands in, [`pages()`] (what has a path beside the API) and [`page_head`] (what a page's head says).

mod analysis;
mod archive_renditions;
mod artist;
mod artwork;
mod browse;
mod chain;
mod create_artist;
mod create_release;
mod credits;
mod delete_artist;
mod delete_release;
mod delete_track;
mod discard;
mod downloadable;
mod duplicates;
mod finding;
mod follow;
mod follow_artist;
mod forget_account;
mod former_slug;
mod import;
mod ingest;
mod label;
mod ladder;
mod links;
mod list_artists;
mod list_following;
mod list_releases;
mod list_same_recordings;
mod loudness;
mod make_again;
mod matching;
mod membership;
mod metadata;
mod outward;
mod own_artist;
mod own_data;
mod own_track;
mod people;
mod playable;
mod portable;
mod profile;
mod public;
mod publication;
mod quarantine;
mod quarantine_alert;
mod quotas;
mod recipe;
mod recording;
mod release;
mod rendition;
mod replacing;
mod reprocess_catalogue;
mod reprocess_track;
mod reprocessing;
mod schema;
mod show_artist;
mod show_release;
mod show_track;
mod show_waveform;
mod slug;
mod sought_track;
mod splits;
mod stage;
mod standing;
mod statements;
mod stop_reprocessing;
mod suggestions;
mod tables;
mod title;
mod track;
mod track_labels;
mod track_progress;
mod unfollow_artist;
mod upload_track;
mod uploads;
mod watch_quarantine;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use archive_renditions::archive_renditions;
pub(crate) use artwork::{Artwork, RemakeArtwork, run_remake_artwork, set_artist_picture, set_release_artwork};
pub(crate) use browse::count_genres;
pub(crate) use create_artist::{NewArtist, create as create_artist};
pub(crate) use create_release::create as create_release;
pub(crate) use delete_artist::{DeleteArtist, run as run_delete_artist};
pub(crate) use discard::{Discard, run as run_discard};
pub(crate) use downloadable::{DownloadableRelease, downloadable_release};
pub(crate) use forget_account::on_event;
pub(crate) use import::{Foreign, Importer, arrival, tags};
pub(crate) use ingest::{Ingest, PROBE, RENDER, STREAM, on_dead as on_ingest_dead, run as run_ingest};
pub(crate) use ingest::{StreamWish, TrackStream, stream_track};
pub(crate) use ladder::ladder;
pub(crate) use links::{count_play, find_link, playable_by_link};
pub(crate) use loudness::release_loudness;
pub(crate) use make_again::make_again;
pub(crate) use metadata::{NewRelease, Territories};
pub(crate) use outward::{Enclosure, find_enclosure, page_head, pages};
pub(crate) use own_data::export;
pub(crate) use people::forget_invitations;
pub(crate) use playable::{
    FormerRendition, Playable, PlayableRendition, ShownTrack, former_renditions, listed_tracks, playable, shown_tracks,
    tracks_open_to_all,
};
pub(crate) use portable::{
    BuildPackage, ImportPackage, PublishImported, forget_packages, on_import_package_dead, on_package_dead,
    on_publish_dead, run_build_package, run_import_package, run_publish_imported,
};
pub(crate) use public::{PublicArtist, PublicRelease, any, public_artist, public_release, public_releases_of, visible};
pub(crate) use publication::{end_embargoes, publish as publish_release};
pub(crate) use quarantine::{Quarantine, run as run_quarantine};
pub(crate) use quarantine_alert::count_quarantined;
pub(crate) use release::{ReleaseKind, ReleaseSummary, open_releases, own_releases};
pub(crate) use rendition::{MediaRange, RenditionKind, Segment, SegmentIndex};
pub(crate) use replacing::{ArchiveOriginal, run_archive_original};
pub(crate) use reprocess_catalogue::{
    Selection, backlog as reprocessing_backlog, exists, failed as count_failed, reprocess_in_background,
    request as request_reprocessing,
};
pub(crate) use slug::Slug;
pub(crate) use sought_track::{DescribedTrack, FoundBy, SoughtTrack, described, recognise};
pub(crate) use stage::Step;
pub(crate) use statements::{
    ClearSales, ImportStatement, MatchItems, MonthlyPlays, OwnPlays, STATEMENT, on_import_dead, run_clear_sales,
    run_import_statement, run_match_items,
};
pub(crate) use suggestions::Suggestions;
pub(crate) use tables::{FollowLines, run_follow_lines};
pub(crate) use title::Title;
pub(crate) use upload_track::{Upload, add as upload_track};
pub(crate) use uploads::{
    FinishUpload, Unpack, expire_uploads, on_finish_dead, on_unpack_dead, run_finish_upload, run_unpack,
};
pub(crate) use watch_quarantine::watch_quarantine;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    artwork::routes(config);
    config
        .service(create_artist::post)
        .service(list_artists::get)
        .service(show_artist::get)
        .service(delete_artist::delete)
        .service(list_following::get)
        .service(follow_artist::put)
        .service(unfollow_artist::delete)
        .service(quotas::get)
        .service(quotas::put)
        .service(quotas::delete)
        .service(create_release::post)
        .service(list_releases::get)
        .service(show_release::get)
        .service(delete_release::delete)
        .service(upload_track::post)
        .service(show_track::get)
        .service(delete_track::delete)
        .service(track_progress::get)
        .service(replacing::put)
        .service(replacing::post_handover)
        .service(reprocess_track::post)
        .service(stop_reprocessing::delete)
        .service(show_waveform::get)
        .service(list_same_recordings::get);
    browse::routes(config);
    publication::routes(config);
    config.service(tables::put).service(tables::get);
    metadata::routes(config);
    links::routes(config);
    splits::routes(config);
    profile::routes(config);
    people::routes(config);
    label::routes(config);
    statements::routes(config);
    outward::routes(config);
    portable::routes(config);
    uploads::routes(config);
}
