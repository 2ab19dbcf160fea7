//! One migrated database for all tests of this program.

use std::path::Path;

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{AsyncConnection as _, RunQueryDsl as _, SimpleAsyncConnection as _};
use legato::platform::db::Db;
use legato::platform::embedded_postgres::{EmbeddedPostgres, Options};
use tokio::sync::OnceCell;

pub(crate) use legato::platform::db::Conn;

/// A line of a rule's answer.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    violation: String,
}

/// What breaks the rule, a sentence each.
pub(crate) async fn violations(conn: &mut Conn, rule: &str) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(rule).load(conn).await.expect("the rule is SQL");
    lines.into_iter().map(|line| line.violation).collect()
}

/// A connection to the migrated database.
pub(crate) async fn migrated() -> Conn {
    static SERVER: OnceCell<EmbeddedPostgres> = OnceCell::const_new();
    let server = SERVER.get_or_init(start).await;
    Conn::establish(&server.url()).await.expect("the server takes connections")
}

/// A connection whose transaction holds the example, and never commits.
pub(crate) async fn example(sql: &str) -> Conn {
    let mut conn = migrated().await;
    conn.begin_test_transaction().await.expect("a transaction begins");
    conn.batch_execute("create schema one; create schema two").await.expect("two schemas");
    conn.batch_execute(sql).await.expect("the example is SQL");
    conn
}

/// The cluster stays from run to run, because making one takes seconds; what is in it does not.
async fn start() -> EmbeddedPostgres {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schema");
    let options = Options { durable: false, ..Options::default() };
    let server = EmbeddedPostgres::start_or_attach(&folder, options).await.expect("PostgreSQL starts");
    let mut conn = Conn::establish(&server.url()).await.expect("the server takes connections");
    conn.batch_execute(EMPTY).await.expect("the database can be emptied");
    Db::new(&server.url(), 1).migrate().await.expect("the migrations run");
    server
}

const EMPTY: &str = "do $$
    declare name text;
    begin
        for name in select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$' loop
            execute format('drop schema %I cascade', name);
        end loop;
        create schema public;
    end $$";
