//! Where PostgreSQL's programs are, and which of several fits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cluster;

/// The oldest version that Legato's migrations work with.
const OLDEST: u32 = 15;

/// Where Debian's packages keep each version's programs.
const DEBIAN: &str = "/usr/lib/postgresql";

/// One version's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    folder: PathBuf,
    version: String,
    major: u32,
}

/// The programs for a data folder: those in `given`, else the newest of `PATH` and `/usr/lib/postgresql`.
///
/// An existing cluster is only opened by the version that made it. Fails, saying what to install, when nothing fits.
pub fn find_programs(data: &Path, given: Option<&Path>) -> Result<Programs> {
    let made_by = cluster::version(data)?;
    let candidates = match given {
        Some(folder) => vec![Programs::at(folder).with_context(|| {
            format!("there are no PostgreSQL programs in {}: correct the setting", folder.display())
        })?],
        None => places().iter().filter_map(|folder| Programs::at(folder).ok()).collect(),
    };
    let found = choose(candidates, made_by)?;
    found.check_extensions()?;
    Ok(found)
}

fn places() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    std::env::split_paths(&path).chain(debian).filter(|folder| folder.join("postgres").exists()).collect()
}

/// The version that made the cluster, else the newest.
fn choose(candidates: Vec<Programs>, made_by: Option<u32>) -> Result<Programs> {
    let seen = candidates.iter().map(|found| found.version.clone()).collect::<Vec<_>>().join(", ");
    let fits = |found: &Programs| made_by.map_or(found.major >= OLDEST, |major| found.major == major);
    match (candidates.into_iter().filter(fits).max_by_key(|found| found.major), made_by) {
        (Some(found), _) => Ok(found),
        (None, Some(major)) => bail!(
            "the data folder was made by PostgreSQL {major}, which is not installed (found: {seen}): \
             apt-get install postgresql-{major}, or name its folder in postgres_programs"
        ),
        (None, None) if seen.is_empty() => bail!(
            "PostgreSQL is not installed: apt-get install postgresql, name its folder in postgres_programs, \
             or set database_url to a server of your own"
        ),
        (None, None) => bail!("PostgreSQL {OLDEST} or newer is needed (found: {seen}): apt-get install postgresql"),
    }
}

impl Programs {
    /// `PATH` often leads to links; `initdb` looks for its fellows beside the real file.
    fn at(folder: &Path) -> Result<Self> {
        let postgres = fs::canonicalize(folder.join("postgres"))?;
        let folder = postgres.parent().context("a program lies in a folder")?.to_owned();
        fs::metadata(folder.join("initdb")).context("initdb is missing")?;
        let said = Command::new(&postgres).arg("--version").output()?.stdout;
        let (version, major) = parse_version(&String::from_utf8_lossy(&said)).context("no version in its answer")?;
        Ok(Self { folder, version, major })
    }

    /// The folder that holds them.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Such as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Search needs pg_trgm, which some distributions package apart. An unknown layout is trusted.
    fn check_extensions(&self) -> Result<()> {
        let known = [
            PathBuf::from(format!("/usr/share/postgresql/{}/extension", self.major)),
            self.folder.join("../share/extension"),
            self.folder.join("../share/postgresql/extension"),
        ];
        match known.iter().find(|folder| folder.join("plpgsql.control").exists()) {
            Some(folder) if !folder.join("pg_trgm.control").exists() => bail!(
                "PostgreSQL's extension pg_trgm is missing in {}: apt-get install postgresql-contrib",
                folder.display()
            ),
            _ => Ok(()),
        }
    }
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, or `18beta1`.
fn parse_version(said: &str) -> Option<(String, u32)> {
    let version = said.split_once("(PostgreSQL) ")?.1.split_whitespace().next()?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((version.to_owned(), digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(major: u32) -> Programs {
        Programs { folder: PathBuf::from(format!("/pg/{major}")), version: format!("{major}.1"), major }
    }

    #[test]
    fn versions_are_read_from_what_the_program_says() {
        let said = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(parse_version(said), Some(("15.18".into(), 15)));
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1\n"), Some(("18beta1".into(), 18)));
        assert_eq!(parse_version("bash: postgres: not found"), None);
    }

    #[test]
    fn a_new_folder_gets_the_newest_and_an_old_one_its_own_version() {
        let all = || vec![version(16), version(14), version(17)];
        assert_eq!(choose(all(), None).unwrap(), version(17));
        assert_eq!(choose(all(), Some(16)).unwrap(), version(16));
        assert_eq!(choose(all(), Some(14)).unwrap(), version(14));
    }

    #[test]
    fn what_is_missing_is_said_with_its_remedy() {
        let problem = |candidates, made_by| choose(candidates, made_by).unwrap_err().to_string();
        assert!(problem(vec![], None).contains("apt-get install postgresql"));
        assert!(problem(vec![version(14)], None).contains("15 or newer is needed (found: 14.1)"));
        assert!(problem(vec![version(17)], Some(15)).contains("apt-get install postgresql-15"));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let empty = tempfile::tempdir().unwrap();
        let problem = find_programs(empty.path(), Some(empty.path())).unwrap_err();
        assert!(problem.to_string().contains("no PostgreSQL programs in"));
    }
}
