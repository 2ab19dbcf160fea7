//! The layers under a setting: flags, environment, file, default; and the problems met on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::{Flags, Problems};

pub(super) struct Layers {
    file: toml::Table,
    env: BTreeMap<String, String>,
    flags: Flags,
    known: BTreeSet<&'static str>,
    problems: Vec<String>,
}

impl Layers {
    pub(super) fn new(file: &str, env: BTreeMap<String, String>, flags: Flags) -> Self {
        let mut problems = Vec::new();
        let file = file.parse::<toml::Table>().unwrap_or_else(|cause| {
            problems.push(format!("legato.toml: {}", cause.message()));
            toml::Table::new()
        });
        Self { file, env, flags, known: BTreeSet::new(), problems }
    }

    /// The setting's value, or its default where no layer has one.
    pub(super) fn get<T>(&mut self, name: &'static str, default: &str, parse: impl Fn(&str) -> Result<T, String>) -> T {
        let parsed = self.parsed(name, &parse);
        parsed.unwrap_or_else(|| parse(default).expect("a default is valid"))
    }

    /// The setting's value, if any layer has one.
    pub(super) fn optional<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.parsed(name, &parse)
    }

    /// Notes what is wrong with several settings together.
    pub(super) fn complain(&mut self, problem: &str) {
        self.problems.push(problem.to_owned());
    }

    /// `config`, or every problem: bad values and names that no setting has.
    pub(super) fn finish<T>(mut self, config: T) -> Result<T, Problems> {
        let keys = self.file.keys().filter(|name| !self.known.contains(name.as_str()));
        let keys = keys.map(|name| format!("legato.toml: there is no setting `{name}`"));
        let variables = self.env.keys().filter(|name| !self.is_known_variable(name));
        let unknown: Vec<String> =
            keys.chain(variables.map(|name| format!("{name}: there is no such setting"))).collect();
        self.problems.extend(unknown);
        if self.problems.is_empty() { Ok(config) } else { Err(Problems(self.problems)) }
    }

    // `LEGATO_TEST_*` belongs to the test harness.
    fn is_known_variable(&self, name: &str) -> bool {
        name.starts_with("LEGATO_TEST_") || self.known.iter().any(|known| variable(known) == name)
    }

    fn parsed<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.known.insert(name);
        let (source, text) = self.find(name)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("{source}: {problem}"));
                None
            }
        }
    }

    fn find(&self, name: &'static str) -> Option<(String, String)> {
        if let Some(text) = self.flags.get(name) {
            return Some((format!("--{}", name.replace('_', "-")), text.clone()));
        }
        if let Some(text) = self.env.get(&variable(name)) {
            return Some((variable(name), text.clone()));
        }
        let text = match self.file.get(name)? {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some((format!("legato.toml: {name}"), text))
    }
}

fn variable(name: &str) -> String {
    format!("LEGATO_{}", name.to_uppercase())
}
