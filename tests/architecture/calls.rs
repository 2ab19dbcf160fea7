//! Who may call whom: down the arrow, through the façade.

use super::source::{SERVER, Source, Violation, assert_guilty, hold};

/// The table of `docs/ARCHITECTURE.md`. `legato_audio`, `legato_demo` and `legato_pictures` are the libraries.
/// The roots `lib`, `main`, `cli` and `app` wire, so they may call everybody; nobody may call them.
const MAY_CALL: &[(&str, &[&str])] = &[
    ("platform", &["legato_pictures"]),
    ("accounts", &["platform", "legato_audio"]),
    ("artists", &["platform", "legato_audio", "accounts"]),
    ("streaming", &["platform", "legato_audio", "accounts", "artists"]),
    ("search", &["platform", "legato_audio", "artists", "streaming"]),
    ("moderation", &["platform", "legato_audio", "accounts", "artists", "streaming"]),
    ("notifications", &["platform"]),
    ("analytics", &["platform", "legato_audio", "artists"]),
    ("subsonic", &["platform", "legato_audio", "accounts", "artists", "streaming", "search", "analytics"]),
    ("demo", &["platform", "legato_demo", "accounts", "artists"]),
];
const ROOTS: &[&str] = &["lib", "main", "cli", "app"];
const LIBRARIES: &[&str] = &["legato_audio", "legato_demo", "legato_pictures"];

fn only_down_the_arrow(sources: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| !ROOTS.contains(&source.module())) {
        let Some((caller, allowed)) = MAY_CALL.iter().find(|(caller, _)| *caller == source.module()) else {
            let advice = format!("`{}` has no row in the table of who may call whom: add it", source.module());
            violations.push(Violation::at(source, 1, advice));
            continue;
        };
        for mention in &source.mentions {
            if let Some(called) = module_called(&mention.it)
                && called != *caller
                && !allowed.contains(&called)
            {
                let advice = format!("{caller} may not call {called}: tell it by an event, or let app.rs hand it in");
                violations.push(Violation::at(source, mention.line, advice));
            }
        }
    }
    violations
}

fn through_the_facade(sources: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources {
        for mention in &source.mentions {
            if let Some(called) = module_called(&mention.it)
                && called != "platform"
                && called != source.module()
                && let [_, _, inner, _, ..] = mention.it.as_slice()
                && inner.starts_with(char::is_lowercase)
            {
                let advice = format!("`{inner}` is inside of {called}: call what its façade offers");
                violations.push(Violation::at(source, mention.line, advice));
            }
        }
    }
    violations
}

/// The module or library that a path leads to.
fn module_called(path: &[String]) -> Option<&str> {
    match path {
        [library, ..] if LIBRARIES.contains(&library.as_str()) => Some(library),
        [root, module, ..] if root == "crate" => {
            let known = MAY_CALL.iter().any(|(name, _)| name == module) || ["app", "cli"].contains(&module.as_str());
            known.then_some(module)
        }
        _ => None,
    }
}

#[test]
fn modules_call_only_down_the_arrow() {
    hold(&only_down_the_arrow(&SERVER));
}

#[test]
fn modules_call_only_what_a_facade_offers() {
    hold(&through_the_facade(&SERVER));
}

#[test]
fn a_call_against_the_arrow_is_found() {
    let check = |path, text| only_down_the_arrow(&[Source::parse(path, text)]);
    assert_guilty(&check("src/accounts/register.rs", "\nuse crate::artists::follow;"), "src/accounts/register.rs:2");
    assert_guilty(&check("src/accounts.rs", "fn f() { super::artists::follow() }"), "src/accounts.rs:1");
    assert_guilty(&check("src/platform/auth.rs", "fn f() -> crate::accounts::Me {}"), "src/platform/auth.rs:1");
    assert_guilty(&check("src/artists.rs", "fn f() { json!(crate::app::name()) }"), "src/artists.rs:1");
    assert_guilty(&check("src/notifications/mod.rs", "use legato_audio::probe;"), "src/notifications/mod.rs:1");
    assert_guilty(&check("src/billing.rs", ""), "src/billing.rs:1");
}

#[test]
fn a_call_down_the_arrow_is_innocent() {
    let text = "use crate::accounts::Handle; use crate::platform::db::Db; use super::track::Track;";
    hold(&only_down_the_arrow(&[Source::parse("src/artists/publish_release.rs", text)]));
}

#[test]
fn a_reach_past_the_facade_is_found() {
    let check = |text| through_the_facade(&[Source::parse("src/streaming/play.rs", text)]);
    assert_guilty(&check("use crate::artists;\nfn f() { artists::track::find() }"), "src/streaming/play.rs:2");
    hold(&check("fn f() { crate::artists::playable(); crate::artists::Kind::Album }"));
}
