//! One PostgreSQL for all tests of this program, and in it a database for each, copied from a migrated template.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::sql_types::Text;
use diesel_async::{AsyncConnection, RunQueryDsl};
use legato::platform::db::{Conn, Db};
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::OnceCell;

const TEMPLATE: &str = "legato_test";

/// The server: one that the environment names, for these tests alone, or our own.
struct Postgres {
    url: String,
    _own: Option<EmbeddedPostgres>,
}

static POSTGRES: OnceCell<Postgres> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A test's own database.
pub(crate) struct Database {
    name: String,
    pub(crate) url: String,
}

impl Database {
    /// A migrated, empty one.
    pub(crate) async fn create() -> Self {
        let server = POSTGRES.get_or_init(start).await;
        let name = format!("{TEMPLATE}_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let create = format!("create database {name} template {TEMPLATE}");
        execute(&mut connect(&server.url).await, &create).await;
        Self { url: in_database(&server.url, &name), name }
    }

    pub(crate) async fn drop(self) {
        let server = POSTGRES.get_or_init(start).await;
        execute(&mut connect(&server.url).await, &format!("drop database {} with (force)", self.name)).await;
    }
}

async fn start() -> Postgres {
    let server = match super::variable("LEGATO_TEST_DATABASE_URL") {
        Some(url) => Postgres { url, _own: None },
        None => start_own().await,
    };
    let mut admin = connect(&server.url).await;
    for name in leftovers(&mut admin).await {
        execute(&mut admin, &format!("drop database {name} with (force)")).await;
    }
    execute(&mut admin, &format!("create database {TEMPLATE}")).await;
    Db::new(&in_database(&server.url, TEMPLATE), 1).migrate().await.expect("the migrations run");
    server
}

/// The cluster stays from run to run, because making one takes seconds. Where another run holds it, there is a next one.
async fn start_own() -> Postgres {
    let mut problems = Vec::new();
    for number in 0..8 {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("api-{number}"));
        let options = Options { durable: false, ..Options::default() };
        match EmbeddedPostgres::start(&folder, options).await {
            Ok(postgres) => return Postgres { url: postgres.url(), _own: Some(postgres) },
            Err(cause) => problems.push(format!("{cause:#}")),
        }
    }
    panic!("no PostgreSQL for the tests: {problems:#?}");
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

async fn leftovers(admin: &mut Conn) -> Vec<String> {
    let query = format!("select datname::text as name from pg_database where datname like '{TEMPLATE}%'");
    let names: Vec<Name> = diesel::sql_query(query).load(admin).await.expect("the list of databases");
    names.into_iter().map(|row| row.name).collect()
}

async fn connect(url: &str) -> Conn {
    Conn::establish(url).await.expect("PostgreSQL takes connections")
}

async fn execute(conn: &mut Conn, statement: &str) {
    diesel::sql_query(statement).execute(conn).await.unwrap_or_else(|cause| panic!("{statement}: {cause}"));
}

/// The same server, another database.
fn in_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(url, query)| (url, format!("?{query}")));
    let (server, _) = address.rsplit_once('/').expect("the server's URL names a database");
    format!("{server}/{name}{query}")
}

/// Kills the PostgreSQL of a data folder, as a power cut would.
pub(crate) fn kill_postmaster(data: &Path) {
    signal_postmaster(data, Signal::KILL);
}

/// Asks the PostgreSQL of a data folder to end: `INT` now, `QUIT` without putting anything in order.
pub(crate) fn signal_postmaster(data: &Path, signal: Signal) {
    let file = std::fs::read_to_string(data.join("postgres/postmaster.pid")).expect("a PostgreSQL that runs");
    let pid = file.lines().next().and_then(|line| line.trim().parse().ok()).and_then(Pid::from_raw).expect("its pid");
    kill_process(pid, signal).expect("it can be asked to end");
}
