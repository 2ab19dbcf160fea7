//! The rules of the database, asked of the migrated one itself. Each rule is one query that answers with what breaks
//! it, and has its own failing example: a schema that is made for it and rolled back.

#[path = "schema/database.rs"]
mod database;
#[path = "schema/declared.rs"]
mod declared;
#[path = "schema/drift.rs"]
mod drift;

use database::{example, migrated, violations};

/// A module can only become a service of its own if nothing ties its tables to another's.
const FOREIGN_KEY_ACROSS_SCHEMAS: &str = "
    select format('%s: %s refers to %s, which is another module''s: keep the id, let an event tell of its end',
                  k.conrelid::regclass, k.conname, k.confrelid::regclass) as violation
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace <> f.relnamespace";

/// Without an index that begins with its columns, each deletion of the row it refers to reads the whole table.
const REFERENCE_WITHOUT_INDEX: &str = "
    select format('%s: %s has no index on its columns', k.conrelid::regclass, k.conname) as violation
    from pg_constraint k
    where k.contype = 'f' and not exists (
        select from pg_index i
        where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
          and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)";

const TABLE_WITHOUT_PRIMARY_KEY: &str = "
    select format('%s has no primary key', c.oid::regclass) as violation
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_|^information_schema$'
      and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')";

/// A time without its zone is somebody's guess.
const TIME_WITHOUT_ZONE: &str = "
    select format('%s.%s is %s: times are timestamptz', c.oid::regclass, a.attname,
                  format_type(a.atttypid, a.atttypmod)) as violation
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_|^information_schema$'
      and a.attnum > 0 and not a.attisdropped and a.atttypid <> 'timestamptz'::regtype
      and (a.attname like '%\\_at' or a.atttypid = 'timestamp'::regtype)
      and not (n.nspname = 'public' and c.relname = '__diesel_schema_migrations')";

/// Fails with everything in the migrated database that breaks the rule.
async fn hold(rule: &str) {
    let found = violations(&mut migrated().await, rule).await;
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// What the rule finds in an example.
async fn found(rule: &str, sql: &str) -> Vec<String> {
    violations(&mut example(sql).await, rule).await
}

#[tokio::test]
async fn no_reference_crosses_a_schema() {
    hold(FOREIGN_KEY_ACROSS_SCHEMAS).await;
    let example = "create table one.a (id int primary key);
                   create table one.b (id int primary key, a_id int references one.a);
                   create table two.c (id int primary key, a_id int constraint c_a references one.a)";
    let found = found(FOREIGN_KEY_ACROSS_SCHEMAS, example).await;
    assert!(matches!(found.as_slice(), [c] if c.starts_with("two.c: c_a refers to one.a")), "{found:?}");
}

#[tokio::test]
async fn every_reference_has_an_index() {
    hold(REFERENCE_WITHOUT_INDEX).await;
    let example = "create table one.a (x int, y int, primary key (x, y));
                   create table one.good (id int primary key, x int, y int, z int, foreign key (x, y) references one.a);
                   create index on one.good (y, x, z);
                   create table one.never (id int primary key, x int, y int,
                       constraint never_a foreign key (x, y) references one.a);
                   create table one.later (id int primary key, x int, y int,
                       constraint later_a foreign key (x, y) references one.a);
                   create index on one.later (id, x, y);
                   create table one.partly (id int primary key, x int, y int,
                       constraint partly_a foreign key (x, y) references one.a);
                   create index on one.partly (x, y) where id > 0";
    let mut found = found(REFERENCE_WITHOUT_INDEX, example).await;
    found.sort();
    let without = ["later", "never", "partly"].map(|name| format!("one.{name}: {name}_a has no index on its columns"));
    assert_eq!(found, without);
}

#[tokio::test]
async fn every_table_has_a_primary_key() {
    hold(TABLE_WITHOUT_PRIMARY_KEY).await;
    let found = found(TABLE_WITHOUT_PRIMARY_KEY, "create table one.a (id int not null unique)").await;
    assert_eq!(found, ["one.a has no primary key"]);
}

#[tokio::test]
async fn every_time_knows_its_zone() {
    hold(TIME_WITHOUT_ZONE).await;
    let example =
        "create table one.a (made_at timestamptz, ended_at timestamp, seen_at date, format text, till timestamp)";
    let mut found = found(TIME_WITHOUT_ZONE, example).await;
    found.sort();
    let guesses = [
        "one.a.ended_at is timestamp without time zone: times are timestamptz",
        "one.a.seen_at is date: times are timestamptz",
        "one.a.till is timestamp without time zone: times are timestamptz",
    ];
    assert_eq!(found, guesses);
}
