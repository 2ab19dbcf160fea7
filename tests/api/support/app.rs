//! A server in this process, for one test.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use legato::app::Server;
use legato::platform::Platform;
use legato::platform::config::{Config, Flags};
use legato::platform::db::Conn;
use tempfile::TempDir;

use super::{Database, Person, Site, becomes_true, queries};

/// What is under way when a test ends gets this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server with its data folder.
pub(crate) struct App {
    pub(crate) site: Site,
    pub(crate) platform: Platform,
    server: Server,
    data: PathBuf,
    _folder: Option<TempDir>,
}

/// Runs a test against a fresh server; at its end nothing is left to do, and nothing has failed for good.
pub(crate) async fn with_app(test: impl AsyncFnOnce(&App)) {
    with_settings(&[], test).await;
}

/// The same with other settings than usual.
pub(crate) async fn with_settings(settings: &[(&'static str, &str)], test: impl AsyncFnOnce(&App)) {
    let database = Database::create().await;
    let app = App::start(&database.url, settings).await;
    // On the heap: a test's future is as large as all that it does.
    Box::pin(test(&app)).await;
    app.settle().await;
    app.stop().await;
    database.drop().await;
}

impl App {
    /// A server on a migrated database, with a data folder of its own unless the settings name one.
    pub(crate) async fn start(database_url: &str, settings: &[(&'static str, &str)]) -> Self {
        queries::install();
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().to_str().expect("a plain path");
        let usual = [
            ("listen", "127.0.0.1:0"),
            ("metrics_listen", "127.0.0.1:0"),
            ("data", own),
            ("database_url", database_url),
            ("database_connections", "8"),
            ("sandbox_program", env!("CARGO_BIN_EXE_legato")),
            ("ingest_workers", "1"),
            ("durable", "false"),
        ];
        let flags: Flags = usual.iter().chain(settings).map(|(name, value)| (*name, (*value).to_owned())).collect();
        let config = Config::from_layers("", Default::default(), flags).expect("settings that hold");
        let data = config.data.clone();
        let platform = legato::app::platform(config, database_url).await.expect("a platform");
        let server = Server::start(&platform).expect("a server");
        let address = server.address().api.expect("the server listens");
        Self { site: Site::at(&format!("http://{address}")), platform, server, data, _folder: Some(folder) }
    }

    /// Somebody who has just opened an account and signed in.
    pub(crate) async fn listener(&self, handle: &str) -> Person<'_> {
        self.site.listener(handle).await
    }

    /// Somebody with an account, and an artist of the same name to act for.
    pub(crate) async fn artist(&self, handle: &str) -> Person<'_> {
        self.site.artist(handle).await
    }

    /// Somebody whom the server does not know.
    pub(crate) fn stranger(&self) -> Person<'_> {
        self.site.stranger()
    }

    /// Waits until no event and no job is left, and fails when one has failed for good.
    pub(crate) async fn settle(&self) {
        let settled = becomes_true(PATIENCE, async || self.under_way().await.is_empty()).await;
        assert!(settled, "still under way: {:#?}", self.under_way().await);
        assert!(self.dead_jobs().await.is_empty(), "dead: {:#?}", self.dead_jobs().await);
    }

    async fn under_way(&self) -> Vec<String> {
        let query = "select 'event ' || name as line from platform.outbox where relayed_at is null
                     union all
                     select concat_ws(' ', state, kind, payload, last_error) from platform.jobs
                     where state in ('pending', 'running')";
        self.lines(query).await
    }

    async fn dead_jobs(&self) -> Vec<String> {
        self.lines("select concat_ws(' ', kind, payload, last_error) as line from platform.jobs where state = 'dead'")
            .await
    }

    /// The column `line` of a query's rows.
    pub(crate) async fn lines(&self, query: &str) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            line: String,
        }
        let mut conn = self.platform.db.conn().await.expect("a connection");
        let rows: Vec<Row> = diesel::sql_query(query).load(&mut *conn).await.expect("rows");
        rows.into_iter().map(|row| row.line).collect()
    }

    pub(crate) async fn execute(&self, statement: &str) {
        let mut conn = self.platform.db.conn().await.expect("a connection");
        diesel::sql_query(statement).execute(&mut *conn).await.expect("executed");
    }

    /// Executes several statements on a connection without limits.
    pub(crate) async fn runs(&self, statements: &str) {
        let mut conn = Conn::establish(self.platform.db.url()).await.expect("a connection");
        conn.batch_execute(statements).await.expect("executed");
    }

    /// The files in a zone of the store, as paths below it.
    pub(crate) fn stored(&self, zone: &str) -> Vec<String> {
        let root = self.data.join("objects").join(zone);
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The figures of this server, as Prometheus reads them.
    pub(crate) async fn figures(&self) -> String {
        let address = self.server.address().metrics.expect("a listener for figures");
        let client = super::client().build().expect("a client");
        let answer = client.get(format!("http://{address}/metrics")).send().await.expect("an answer");
        answer.text().await.expect("figures")
    }

    /// Ends the server. The client goes first, for a server waits for its open connections.
    pub(crate) async fn stop(self) {
        drop(self.site);
        self.server.stop().await;
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            collect(root, &path, files);
        } else if let Ok(below) = path.strip_prefix(root) {
            files.push(below.display().to_string());
        }
    }
}
