//! Each `src/<module>/schema.rs` is written by hand, and says what the migrated database says.

use diesel::sql_types::Text;
use diesel_async::RunQueryDsl as _;

use super::database::{Conn, example, migrated};
use super::declared::{Column, Table, declared, schema_files};

/// How a declared table differs from the one in the database.
async fn differences(conn: &mut Conn, table: &Table) -> Vec<String> {
    let actual = actual_columns(conn, &table.name).await;
    if actual.is_empty() {
        return vec![format!("{}: the database has no such table", table.name)];
    }
    let only_in = |these: &[Column], those: &[Column], place: &str| -> Vec<String> {
        let only = these.iter().filter(|column| !those.contains(column));
        only.map(|column| format!("{}: only {place} has {column:?}", table.name)).collect()
    };
    [only_in(&table.columns, &actual, "schema.rs"), only_in(&actual, &table.columns, "the database")].concat()
}

async fn actual_columns(conn: &mut Conn, table: &str) -> Vec<Column> {
    let query = "
        select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as kind, not a.attnotnull as nullable,
               exists (select from pg_constraint k
                       where k.conrelid = a.attrelid and k.contype = 'p' and a.attnum = any (k.conkey)) as key
        from pg_attribute a
        where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
        order by a.attname";
    diesel::sql_query(query).bind::<Text, _>(table).load(conn).await.expect("the catalogue can be read")
}

#[tokio::test]
async fn every_declared_table_is_the_one_in_the_database() {
    let mut conn = migrated().await;
    let mut found = Vec::new();
    for file in schema_files() {
        let tables = declared(&std::fs::read_to_string(&file).unwrap());
        for table in tables.unwrap_or_else(|error| panic!("{}: {error}", file.display())) {
            found.extend(differences(&mut conn, &table).await);
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

const DECLARED: &str = "diesel::table! {
    /// Doc.
    one.things (id) {
        id -> Uuid,
        #[sql_name = \"type\"]
        type_ -> Nullable<Text>,
        marks -> Array<Int4>,
        made_at -> Timestamptz,
    }
}
diesel::joinable!(a -> b (c));";

async fn drift_from(sql: &str) -> Vec<String> {
    let tables = declared(DECLARED).expect("a schema.rs");
    let [things] = tables.as_slice() else { panic!("{tables:?}") };
    differences(&mut example(sql).await, things).await
}

#[tokio::test]
async fn an_equal_table_is_innocent() {
    let equal = "create table one.things (
        made_at timestamptz not null, id uuid primary key, type text, marks integer[] not null)";
    assert_eq!(drift_from(equal).await, [""; 0]);
}

#[tokio::test]
async fn a_drifted_table_is_found() {
    let drifted = "create table one.things (
        made_at timestamptz, id uuid, type varchar(9), marks integer[] primary key, more text)";
    let found = drift_from(drifted).await;
    let of = |place: &str| found.iter().filter(|line| line.contains(&format!("only {place} has"))).count();
    assert_eq!((of("schema.rs"), of("the database")), (4, 5), "{found:#?}");
    assert_eq!(drift_from("select 1").await, ["one.things: the database has no such table"]);
}
