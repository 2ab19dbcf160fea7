//! The composition root: the only file that names every module. It wires, and decides nothing.

mod connections;
mod health;
mod server;

use std::sync::Arc;

use actix_web::web::Data;
use utoipa::OpenApi;
use utoipa::openapi::PathItem;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

pub use server::{Address, Server};

use crate::platform::Platform;
use crate::platform::archive::Export;
use crate::platform::auth::{Auth, LookUp};
use crate::platform::broadcast::Broadcast;
use crate::platform::clock::Clock;
use crate::platform::config::{Config, Problems};
use crate::platform::db::Db;
use crate::platform::fetch::Fetch;
use crate::platform::grant::Grants;
use crate::platform::jobs::Queue;
use crate::platform::limits::Limits;
use crate::platform::live::Live;
use crate::platform::mail::Mail;
use crate::platform::metrics::Metrics;
use crate::platform::outbox::Subscribers;
use crate::platform::pictures;
use crate::platform::redis::Redis;
use crate::platform::sandbox::Task;
use crate::platform::seal::Seal;
use crate::platform::secret;
use crate::platform::signature::Signer;
use crate::platform::storage::Storage;
use crate::platform::web_app::PageHead;
use crate::{accounts, artists, notifications, search, streaming};

/// What runs in sandboxed children.
pub(crate) const SANDBOX_TASKS: &[Task] =
    &[artists::PROBE, artists::RENDER, artists::STREAM, artists::STATEMENT, pictures::TASK];

/// The plumbing over a migrated database.
pub async fn platform(config: Config, database_url: &str) -> anyhow::Result<Platform> {
    artists::ladder(&config).map_err(|problem| Problems(vec![problem]))?;
    std::fs::create_dir_all(&config.data)?;
    let key = secret::signing_key(&config)?;
    let broadcast = Broadcast::start(database_url).await?;
    let db = Db::new(database_url, config.database_connections);
    let clock = Clock::default();
    Ok(Platform {
        auth: Auth::start(&db, &broadcast).await?,
        limits: Limits::new(&key, db.clone(), Redis::start(&config)?, clock.clone()),
        mail: Mail::new(&config, &clock)?,
        db,
        clock,
        fetch: Fetch::new(),
        storage: Storage::of(&config)?,
        live: Live::start(&broadcast),
        broadcast,
        grants: Grants::new(&key),
        seal: Seal::new(&key),
        signer: Signer::new(&key),
        metrics: Metrics::new()?,
        config: Arc::new(config),
    })
}

/// The job queues, and who works them.
fn queues(platform: &Platform) -> Vec<Queue<Platform>> {
    let ingest = Queue::new("ingest")
        .concurrency(platform.config.ingest_workers)
        .on::<artists::Ingest, _, _>(artists::run_ingest)
        .on_dead::<artists::Ingest>(artists::on_ingest_dead)
        .on::<artists::Quarantine, _, _>(artists::run_quarantine)
        .on::<artists::Discard, _, _>(artists::run_discard)
        .on::<artists::RemakeArtwork, _, _>(artists::run_remake_artwork)
        .on::<accounts::DiscardPicture, _, _>(accounts::run_discard_picture)
        .on::<streaming::DiscardCover, _, _>(streaming::run_discard_cover)
        .on::<artists::FollowLines, _, _>(artists::run_follow_lines)
        .on::<artists::ArchiveOriginal, _, _>(artists::run_archive_original)
        .on::<artists::Unpack, _, _>(artists::run_unpack)
        .on_dead::<artists::Unpack>(artists::on_unpack_dead)
        .on::<artists::FinishUpload, _, _>(artists::run_finish_upload)
        .on_dead::<artists::FinishUpload>(artists::on_finish_dead)
        .on::<artists::DeleteArtist, _, _>(artists::run_delete_artist);
    let mail = Queue::new("mail").concurrency(2).on::<accounts::SendLetter, _, _>(accounts::send_letter);
    let exports = Queue::new("exports")
        .on::<accounts::BuildExport, _, _>(|platform, job, run| accounts::run_build_export(platform, job, run, EXPORTS))
        .on_dead::<accounts::BuildExport>(accounts::on_export_dead)
        .on::<artists::BuildPackage, _, _>(|platform, job, run| {
            artists::run_build_package(platform, job, run, OWN_PLAYS)
        })
        .on_dead::<artists::BuildPackage>(artists::on_package_dead);
    let imports = Queue::new("imports")
        .on::<artists::ImportPackage, _, _>(artists::run_import_package)
        .on_dead::<artists::ImportPackage>(artists::on_import_package_dead)
        .on::<artists::PublishImported, _, _>(artists::run_publish_imported)
        .on_dead::<artists::PublishImported>(artists::on_publish_dead);
    let statements = Queue::new("statements")
        .on::<artists::ImportStatement, _, _>(artists::run_import_statement)
        .on_dead::<artists::ImportStatement>(artists::on_import_dead)
        .on::<artists::ClearSales, _, _>(artists::run_clear_sales)
        .on::<artists::MatchItems, _, _>(artists::run_match_items);
    let scrobbles = Queue::new("scrobbles")
        .concurrency(4)
        .on::<streaming::SubmitListen, _, _>(streaming::run_submit_listen)
        .on::<streaming::AnnounceListen, _, _>(streaming::run_announce_listen);
    vec![ingest, mail, exports, imports, statements, scrobbles, subscribers().queue(&platform.db)]
}

/// What each module writes into an account's archive.
const EXPORTS: &[Export] = &[
    |platform, account, archive| Box::pin(accounts::export(platform, account, archive)),
    |platform, account, archive| Box::pin(artists::export(platform, account, archive)),
    |platform, account, archive| Box::pin(streaming::export(platform, account, archive)),
    |platform, account, archive| Box::pin(notifications::export(platform, account, archive)),
];

/// Who hears of events.
fn subscribers() -> Subscribers<Platform> {
    Subscribers::new()
        .on("artists", artists::on_event)
        .on("streaming", streaming::on_event)
        .on("search", search::on_event)
        .on("notifications", notifications::on_event)
}

/// How tokens become identities.
fn look_up() -> Data<LookUp> {
    let look_up: LookUp = Arc::new(|platform, presented| Box::pin(accounts::identity(platform, presented)));
    Data::new(look_up)
}

/// What the heads of pages say of the catalogue.
fn page_head() -> Data<PageHead> {
    let page_head: PageHead = Arc::new(|platform, path, base| Box::pin(artists::page_head(platform, path, base)));
    Data::new(page_head)
}

/// How often tracks were played here, for the artists' earnings beside what was sold elsewhere, and for their packages.
const OWN_PLAYS: artists::OwnPlays = |conn, tracks| Box::pin(streaming::plays_by_month(conn, tracks));

fn own_plays() -> Data<artists::OwnPlays> {
    Data::new(OWN_PLAYS)
}

/// Everything under `/api/v1`.
fn api(config: &mut ServiceConfig<'_>) {
    streaming::media_routes(config);
    accounts::routes(config);
    artists::routes(config);
    streaming::routes(config);
    search::routes(config);
    notifications::routes(config);
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Legato",
    description = "A music streaming platform server. Errors are RFC 9457 problems; times are RFC 3339 in UTC.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

/// The API's document (OpenAPI 3.1), as it is served and committed.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(Document::openapi());
    let app = app.service(utoipa_actix_web::scope("/api/v1").configure(api));
    let mut document = app.split_for_parts().1;
    for (path, item) in &mut document.paths.paths {
        name_operations(path, item);
    }
    document
}

// Handlers are called after their method, so their names are no ids: `get /artists/{id}` becomes `get_artists_id`.
fn name_operations(path: &str, item: &mut PathItem) {
    let words: Vec<&str> =
        path.split(['/', '{', '}', '.']).filter(|word| !matches!(*word, "" | "api" | "v1")).collect();
    let operations = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
        ("head", &mut item.head),
        ("options", &mut item.options),
    ];
    for (method, operation) in operations {
        if let Some(operation) = operation {
            operation.operation_id = Some(format!("{method}_{}", words.join("_")));
        }
    }
}
