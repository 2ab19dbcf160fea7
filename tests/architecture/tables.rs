//! Tables are private: no module names another's, in diesel or in SQL. Published views are free to read.

use std::path::Path;

use super::source::{SERVER, Source, Violation, assert_guilty, hold};

fn only_own_tables(sources: &[Source], tables: &[String]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources {
        for text in &source.strings {
            let foreign = tables.iter().filter(|table| owner(table) != source.module());
            for table in foreign.filter(|table| names(&text.it, table)) {
                let owner = owner(table);
                let advice = format!("`{table}` belongs to {owner}: call its façade, or join a view that it publishes");
                violations.push(Violation::at(source, text.line, advice));
            }
        }
        for mention in &source.mentions {
            if let [root, owner, schema, ..] = mention.it.as_slice()
                && (root, schema) == (&"crate".to_owned(), &"schema".to_owned())
                && owner != source.module()
            {
                let advice = format!("the schema of {owner} is its own: call its façade");
                violations.push(Violation::at(source, mention.line, advice));
            }
        }
    }
    violations
}

fn owner(table: &str) -> &str {
    table.split('.').next().unwrap_or(table)
}

/// Whether `table` stands in `text` as a whole name.
fn names(text: &str, table: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(table).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + table.len()..].chars().next());
        !before.is_some_and(|c| in_name(c) || c == '.') && !after.is_some_and(in_name)
    })
}

/// Every `schema.table` that a migration creates.
fn tables_of(sql: &str) -> Vec<String> {
    let sql = sql.to_lowercase().replace("if not exists", "").replace(['(', ';'], " ");
    let words: Vec<&str> = sql.split_whitespace().collect();
    words.windows(3).filter(|three| three[..2] == ["create", "table"]).map(|three| three[2].to_owned()).collect()
}

fn migrated_tables() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let migrations = folder.read_dir().expect("there are migrations").flatten();
    let sql =
        migrations.map(|entry| std::fs::read_to_string(entry.path().join("up.sql")).expect("each has its up.sql"));
    sql.flat_map(|sql| tables_of(&sql)).collect()
}

#[test]
fn modules_use_only_their_own_tables() {
    hold(&only_own_tables(&SERVER, &migrated_tables()));
}

#[test]
fn tables_are_read_from_a_migration() {
    let sql =
        "create schema a;\nCREATE TABLE a.b (\n id uuid);create table if not exists a.c(id uuid);create view a.d as";
    assert_eq!(tables_of(sql), ["a.b", "a.c"]);
}

#[test]
fn a_table_of_another_module_is_found() {
    let tables = ["artists.tracks".to_owned(), "platform.jobs".to_owned()];
    let check = |text| only_own_tables(&[Source::parse("src/streaming/x.rs", text)], &tables);
    assert_guilty(&check("const A: &str = \"select 1 from artists.tracks t\";"), "src/streaming/x.rs:1");
    assert_guilty(
        &check("macro_rules! m { () => { concat!(\"delete from platform.jobs\") } }"),
        "src/streaming/x.rs:1",
    );
    assert_guilty(&check("\ndiesel::table! { artists.tracks (id) { id -> Uuid, } }"), "src/streaming/x.rs:2");
    assert_guilty(&check("use crate::platform::schema::outbox;"), "src/streaming/x.rs:1");
}

#[test]
fn an_own_table_a_view_and_an_event_are_innocent() {
    let tables = ["artists.tracks".to_owned(), "streaming.plays".to_owned()];
    let text = "/// Counts artists.tracks.\nconst A: [&str; 3] = [\"from streaming.plays\", \"artists.tracks_ready.v1\", \"artists.visible_tracks\"];";
    hold(&only_own_tables(&[Source::parse("src/streaming/x.rs", text)], &tables));
}
