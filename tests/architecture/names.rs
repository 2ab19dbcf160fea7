//! Words that say nothing are no names.

use super::source::{LIBRARIES, SERVER, Source, TESTS, Violation, assert_guilty, hold};

const EMPTY_WORDS: &[&str] =
    &["service", "manager", "helper", "helpers", "util", "utils", "common", "repository", "dto", "impl", "base"];

fn names_say_something(sources: &[Source]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in sources {
        let file = source.path.trim_end_matches(".rs").split(['/', '_']).map(str::to_owned);
        let in_path = file.map(|word| (word, 1));
        let in_types =
            source.types.iter().flat_map(|name| words(&name.it).into_iter().map(move |word| (word, name.line)));
        for (word, line) in in_path.chain(in_types).filter(|(word, _)| EMPTY_WORDS.contains(&word.as_str())) {
            violations.push(Violation::at(source, line, format!("`{word}` says nothing: name it for what it does")));
        }
        for function in source.functions.iter().filter(|function| function.name.starts_with("get_")) {
            let advice = format!("`{}`: no `get_`, a query is `find`, `list` or `count`", function.name);
            violations.push(Violation::at(source, function.line, advice));
        }
    }
    violations
}

/// `TrackUploaded` is `track`, `uploaded`.
fn words(name: &str) -> Vec<String> {
    let ends = name.char_indices().skip(1).filter(|(_, c)| c.is_uppercase()).map(|(at, _)| at).chain([name.len()]);
    let mut start = 0;
    ends.map(|end| name[std::mem::replace(&mut start, end)..end].to_lowercase()).collect()
}

#[test]
fn names_tell_what_a_thing_does() {
    for sources in [&SERVER, &LIBRARIES, &TESTS] {
        hold(&names_say_something(sources));
    }
}

#[test]
fn an_empty_name_is_found() {
    let check = |path, text| names_say_something(&[Source::parse(path, text)]);
    assert_guilty(&check("src/artists/track.rs", "\nstruct TrackManager;"), "src/artists/track.rs:2");
    assert_guilty(&check("src/artists/track.rs", "trait BaseTrack {}"), "src/artists/track.rs:1");
    assert_guilty(&check("src/artists/track_utils.rs", ""), "src/artists/track_utils.rs:1");
    assert_guilty(&check("src/common/track.rs", ""), "src/common/track.rs:1");
    assert_guilty(&check("src/artists/track.rs", "fn get_track() {}"), "src/artists/track.rs:1");
}

#[test]
fn a_foreign_name_and_a_longer_word_are_innocent() {
    let text = "struct Database; struct Simple; fn get() {} impl tower::Service<u8> for Simple {}";
    hold(&names_say_something(&[Source::parse("src/platform/db.rs", text)]));
}
