//! Nouns and verbs. Which a file of a module is, shows in what it does:
//! - a **noun** has a row type (it derives one of diesel's traits);
//! - a **verb** has a route, opens a transaction or records an event.
//!
//! A file that is neither holds values or a pure rule. The façade (`src/artists.rs`) is neither, and must be.

use super::source::{Function, SERVER, Source, TESTS, Violation, assert_guilty, hold};

const ROW_TRAITS: &[&str] =
    &["Queryable", "QueryableByName", "Selectable", "Insertable", "AsChangeset", "Identifiable", "Associations"];
const HANDLER_LINES: usize = 15;

fn nouns_only_query(sources: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| in_a_module(source)) {
        if (is_noun(source) || source.is_facade())
            && let Some(line) = verb_line(source)
        {
            let advice = "a route, a transaction or an event belongs in a verb file, rows and queries in a noun file";
            violations.push(Violation::at(source, line, advice));
        }
        if is_noun(source)
            && let Some(http) = source.mentions.iter().find(|mention| mention.it[0].starts_with("actix"))
        {
            violations.push(Violation::at(source, http.line, "a noun knows no HTTP: leave that to the verb's handler"));
        }
    }
    violations
}

fn handlers_are_short(sources: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources {
        for handler in source.functions.iter().filter(|function| is_handler(function)) {
            if handler.body_lines > HANDLER_LINES {
                let lines = handler.body_lines;
                let advice = format!("a handler of {lines} lines: move what is not HTTP into a verb function");
                violations.push(Violation::at(source, handler.line, advice));
            }
        }
    }
    violations
}

fn verbs_are_tested(sources: &[Source], tests: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| in_a_module(source) && !source.is_facade()) {
        if let Some(line) = verb_line(source)
            && !mirrors(source).iter().any(|mirror| is_a_test(tests, mirror))
        {
            let advice =
                format!("a verb wants its test: `tests/api/{}.rs`, and its `mod` line", source.place.join("/"));
            violations.push(Violation::at(source, line, advice));
        }
    }
    violations
}

fn in_a_module(source: &Source) -> bool {
    !["lib", "main", "cli", "app", "platform"].contains(&source.module())
}

fn is_noun(source: &Source) -> bool {
    source.derives.iter().any(|derived| ROW_TRAITS.contains(&derived.it.as_str()))
}

/// The line that makes a file a verb.
fn verb_line(source: &Source) -> Option<usize> {
    let handlers = source.functions.iter().filter(|function| is_handler(function)).map(|handler| handler.line);
    let transactions = source.methods.iter().filter(|method| method.it == "transaction").map(|method| method.line);
    let events = source.mentions.iter().filter(|mention| mention.it.ends_with(&["outbox".into(), "record".into()]));
    handlers.chain(transactions).chain(events.map(|event| event.line)).min()
}

fn is_handler(function: &Function) -> bool {
    function.attributes.iter().any(|attribute| attribute == "path")
}

/// Where the test of a verb may be: at its own path, or, for the steps of a chain, at the chain's.
fn mirrors(source: &Source) -> Vec<Vec<String>> {
    (2..=source.place.len()).map(|depth| source.place[..depth].to_vec()).collect()
}

/// Whether there is a test in this file, and the file is part of the test program.
fn is_a_test(tests: &[Source], place: &[String]) -> bool {
    let at = |place: &[String]| {
        let stem = format!("tests/api/{}", place.join("/"));
        tests.iter().find(move |test| test.path == format!("{stem}.rs") || test.path == format!("{stem}/mod.rs"))
    };
    let (Some(test), Some((name, folder))) = (at(place), place.split_last()) else { return false };
    let has_test =
        test.functions.iter().any(|function| function.attributes.iter().any(|attribute| attribute == "test"));
    has_test && at(folder).is_some_and(|parent| parent.modules.iter().any(|module| module.it == *name))
}

#[test]
fn nouns_query_and_verbs_decide() {
    hold(&nouns_only_query(&SERVER));
}

#[test]
fn handlers_do_not_think() {
    hold(&handlers_are_short(&SERVER));
}

#[test]
fn every_verb_has_its_mirrored_test() {
    hold(&verbs_are_tested(&SERVER, &TESTS));
}

const ROW: &str = "#[derive(Debug, Queryable)]\nstruct Track { id: TrackId }\n";

#[test]
fn a_noun_that_acts_as_a_verb_is_found() {
    let check = |path, text: &str| nouns_only_query(&[Source::parse(path, text)]);
    let transaction = format!("{ROW}async fn f(db: &Db) {{ db.transaction(g).await }}");
    assert_guilty(&check("src/artists/track.rs", &transaction), "src/artists/track.rs:3");
    let event = format!("{ROW}async fn f(c: &mut Conn) {{ outbox::record(c, &e).await }}");
    assert_guilty(&check("src/artists/track.rs", &event), "src/artists/track.rs:3");
    let http = format!("use actix_web::web::Data;\n{ROW}");
    assert_guilty(&check("src/artists/track.rs", &http), "src/artists/track.rs:1");
    assert_guilty(&check("src/artists.rs", "#[utoipa::path(get)]\nasync fn get() {}"), "src/artists.rs:2");
}

#[test]
fn a_noun_that_queries_is_innocent() {
    let text =
        format!("{ROW}impl Track {{ async fn find(conn: &mut Conn) {{ tracks::table.find(1).first(conn).await }} }}");
    hold(&nouns_only_query(&[Source::parse("src/artists/track.rs", &text)]));
}

#[test]
fn a_long_handler_is_found() {
    let handler =
        |lines: usize| format!("#[utoipa::path()]\n#[get(\"/\")]\nasync fn get() {{\n{}}}", "f();\n".repeat(lines));
    let check = |lines| handlers_are_short(&[Source::parse("src/accounts/me.rs", &handler(lines))]);
    assert_guilty(&check(HANDLER_LINES + 1), "src/accounts/me.rs:3");
    hold(&check(HANDLER_LINES));
}

#[test]
fn a_verb_without_a_test_is_found() {
    let verb = Source::parse("src/accounts/register.rs", "fn f() { outbox::record(conn, &event) }");
    let tests = |module: &str, test: &str| {
        [Source::parse("tests/api/accounts/mod.rs", module), Source::parse("tests/api/accounts/register.rs", test)]
    };
    let check = |tests: &[Source]| verbs_are_tested(std::slice::from_ref(&verb), tests);
    assert_guilty(&check(&[]), "src/accounts/register.rs:1");
    assert_guilty(&check(&tests("mod register;", "fn nothing() {}")), "src/accounts/register.rs:1");
    assert_guilty(&check(&tests("", "#[test] fn a() {}")), "src/accounts/register.rs:1");
    hold(&check(&tests("mod register;", "#[tokio::test] async fn a() {}")));
}

#[test]
fn the_steps_of_a_chain_may_share_a_test() {
    let step = Source::parse("src/artists/ingest/probe.rs", "fn f() { db.transaction(g) }");
    let tests = [
        Source::parse("tests/api/artists.rs", "mod ingest;"),
        Source::parse("tests/api/artists/ingest.rs", "#[test] fn a() {}"),
    ];
    hold(&verbs_are_tested(&[step], &tests));
}
