//! Our own source, parsed: which paths, strings, functions and types stand where.

use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use super::reader::Reader;
use super::schemas::schemas;

/// `src/`: the server.
pub(crate) static SERVER: LazyLock<Vec<Source>> = LazyLock::new(|| read_tree("src"));
/// `crates/`: the libraries, with their tests and examples.
pub(crate) static LIBRARIES: LazyLock<Vec<Source>> = LazyLock::new(|| read_tree("crates"));
/// `tests/`: this program and the other tests of the server.
pub(crate) static TESTS: LazyLock<Vec<Source>> = LazyLock::new(|| read_tree("tests"));
/// `benches/`.
pub(crate) static BENCHES: LazyLock<Vec<Source>> = LazyLock::new(|| read_tree("benches"));

/// One file.
pub(crate) struct Source {
    /// From the project's root, with `/`: `src/artists/track.rs`.
    pub(crate) path: String,
    /// The module that the file is: `artists::track` is `["artists", "track"]`; the crate's root is empty.
    pub(crate) place: Vec<String>,
    pub(crate) lines: usize,
    /// Paths in code, macros and attributes, as full as the file's imports tell: `crate::accounts::Handle`.
    pub(crate) mentions: Vec<Found<Vec<String>>>,
    /// String literals, and the `schema.table` of each diesel `table!`. No documentation.
    pub(crate) strings: Vec<Found<String>>,
    /// Names of the methods that are called.
    pub(crate) methods: Vec<Found<String>>,
    /// Structs, enums, unions, traits and type aliases.
    pub(crate) types: Vec<Found<String>>,
    /// Traits in `#[derive(…)]`.
    pub(crate) derives: Vec<Found<String>>,
    pub(crate) functions: Vec<Function>,
    /// Names of types in the API's document.
    pub(crate) schemas: Vec<Found<String>>,
    /// `mod name;` and `mod name {`.
    pub(crate) modules: Vec<Found<String>>,
}

/// Something and the line that it stands on.
pub(crate) struct Found<T> {
    pub(crate) it: T,
    pub(crate) line: usize,
}

/// A function with a body.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// From its `fn` to its last brace.
    pub(crate) lines: usize,
    /// Between its braces.
    pub(crate) body_lines: usize,
    /// Last segments of its attributes: `path` of `#[utoipa::path]`, `test`.
    pub(crate) attributes: Vec<String>,
}

/// A place that breaks a rule, and what to do about it.
pub(crate) struct Violation {
    place: String,
    advice: String,
}

impl Violation {
    pub(crate) fn at(source: &Source, line: usize, advice: impl Into<String>) -> Self {
        Self { place: format!("{}:{line}", source.path), advice: advice.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.advice)
    }
}

/// Fails with every violation, one a line.
pub(crate) fn hold(violations: &[Violation]) {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

/// Fails unless the example is guilty at this place, and nowhere else.
pub(crate) fn assert_guilty(violations: &[Violation], place: &str) {
    let places: Vec<&str> = violations.iter().map(|violation| violation.place.as_str()).collect();
    assert_eq!(places, [place]);
}

fn read_tree(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut folders) = (Vec::new(), vec![root.join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let path = entry.strip_prefix(root).ok().and_then(Path::to_str).expect("a name in UTF-8");
                let text = std::fs::read_to_string(&entry).expect("a file that can be read");
                found.push(Source::parse(path, &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl Source {
    /// A file of ours, or an example.
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { schemas: schemas(text), ..Reader::read(Self::empty(path, text), &syntax) }
    }

    fn empty(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            place: place_of(path),
            lines: text.lines().count(),
            mentions: Vec::new(),
            strings: Vec::new(),
            methods: Vec::new(),
            types: Vec::new(),
            derives: Vec::new(),
            schemas: Vec::new(),
            functions: Vec::new(),
            modules: Vec::new(),
        }
    }

    /// The first folder or file under `src/`: a module, or `app`, `cli`, `lib`, `main`.
    pub(crate) fn module(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
    }

    /// Whether this is what other modules see of a module: `src/artists.rs` or `src/artists/mod.rs`.
    pub(crate) fn is_facade(&self) -> bool {
        self.place.len() == 1
    }

    /// The file's name, for `mod.rs` its folder's.
    pub(crate) fn name(&self) -> &str {
        self.place.last().map_or("", String::as_str)
    }
}

fn place_of(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
    let mut place: Vec<String> = inside.split('/').map(str::to_owned).collect();
    place.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
    place
}
