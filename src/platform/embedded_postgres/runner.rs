//! As whom PostgreSQL runs, which refuses to be root, and how it learns of our death.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, chown, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// As whom PostgreSQL runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    /// We are an ordinary user, and so is PostgreSQL.
    Ourselves,
    /// We are root; PostgreSQL is this account.
    Account(Account),
    /// We are root in a folder that no other account may enter. PostgreSQL stays root to the system, but sees itself as
    /// this account, in a user namespace that knows nobody else.
    Namespace(Account),
}

/// A user of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    uid: u32,
    gid: u32,
}

/// What PostgreSQL's process is sent when the thread that started it is gone.
#[derive(Debug, Clone, Copy)]
pub(super) enum AtOurDeath {
    ShutDown,
    Die,
}

impl Runner {
    /// Fits the runner to us, to the data folder and to the folder of the programs.
    pub(super) fn choose(data: &Path, programs: &Path) -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ourselves);
        }
        let passwd = fs::read_to_string("/etc/passwd").context("cannot read the accounts of this system")?;
        match Account::named(&passwd, "postgres") {
            Some(postgres) if postgres.may_enter(data) && postgres.may_enter(programs) => Ok(Self::Account(postgres)),
            // In its namespace, PostgreSQL wants to find its own name among the accounts.
            other => other
                .or_else(|| Account::named(&passwd, "nobody"))
                .map(Self::Namespace)
                .context("as root, PostgreSQL runs as the user postgres, whom this system does not have"),
        }
    }

    /// A command that runs `program` as this runner, in a process group of its own: Ctrl-C is for us alone.
    ///
    /// It inherits nothing of our environment, which may hold secrets, but the path.
    pub(super) fn command(&self, program: &Path, at_our_death: AtOurDeath) -> Command {
        let signal = match at_our_death {
            AtOurDeath::ShutDown => "INT",
            AtOurDeath::Die => "KILL",
        };
        // A change of the user clears the signal, so setpriv sets it last.
        let mut words: Vec<OsString> = match self {
            Self::Ourselves => words(&["setpriv"]),
            Self::Account(Account { uid, gid }) => words(&[
                "setpriv",
                "--clear-groups",
                "--no-new-privs",
                &format!("--reuid={uid}"),
                &format!("--regid={gid}"),
            ]),
            Self::Namespace(Account { uid, gid }) => {
                words(&["unshare", &format!("--map-user={uid}"), &format!("--map-group={gid}"), "--", "setpriv"])
            }
        };
        words.extend(["--pdeathsig".into(), signal.into(), "--".into(), program.into()]);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().current_dir("/").process_group(0);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }

    /// Makes a fresh file or folder the runner's.
    pub(super) fn hand_over(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::Account(account) => chown(path, Some(account.uid), Some(account.gid)),
            Self::Ourselves | Self::Namespace(_) => Ok(()),
        }
    }

    /// Makes a cluster the runner's, when it was another's before: after a restored backup, a change of permissions.
    pub(super) fn adopt(&self, folder: &Path) -> io::Result<()> {
        if *self == Self::Ourselves || fs::symlink_metadata(folder)?.uid() == self.uid() {
            return Ok(());
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.adopt(&entry.path())?;
            } else {
                lchown(entry.path(), Some(self.uid()), Some(self.gid()))?;
            }
        }
        // Last, so that a walk cut off is walked again.
        lchown(folder, Some(self.uid()), Some(self.gid()))
    }

    /// Whether the runner's process can reach what lies in `folder`.
    pub(super) fn may_enter(&self, folder: &Path) -> bool {
        match self {
            Self::Account(account) => account.may_enter(folder),
            Self::Ourselves | Self::Namespace(_) => true,
        }
    }

    /// The owner of the runner's files, as the system sees it.
    pub(super) fn uid(&self) -> u32 {
        match self {
            Self::Account(account) => account.uid,
            Self::Ourselves | Self::Namespace(_) => rustix::process::geteuid().as_raw(),
        }
    }

    fn gid(&self) -> u32 {
        match self {
            Self::Account(account) => account.gid,
            Self::Ourselves | Self::Namespace(_) => rustix::process::getegid().as_raw(),
        }
    }

    /// What to try when PostgreSQL's programs do not even start.
    pub(super) fn remedy(&self) -> &'static str {
        match self {
            Self::Namespace(_) => {
                "as root, in a folder that the user postgres may not enter, PostgreSQL runs in a user namespace; where \
                 that is forbidden, open the folders above to others (chmod o+x) or run Legato as an ordinary user"
            }
            Self::Ourselves | Self::Account(_) => "Legato starts PostgreSQL through setpriv (Debian's util-linux)",
        }
    }
}

impl Account {
    fn named(passwd: &str, name: &str) -> Option<Self> {
        let mut fields =
            passwd.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
        let mut id = |nth| fields.nth(nth)?.parse().ok();
        Some(Self { uid: id(2)?, gid: id(0)? })
    }

    /// Whether permission bits let the account through `folder` and all above it. Access lists are not looked at.
    fn may_enter(&self, folder: &Path) -> bool {
        folder.ancestors().all(|folder| fs::metadata(folder).is_ok_and(|folder| self.may_cross(&folder)))
    }

    fn may_cross(&self, folder: &Metadata) -> bool {
        let bit = if folder.uid() == self.uid {
            0o100
        } else if folder.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        folder.mode() & bit != 0
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn line(command: &Command) -> String {
        let words = [command.get_program()].into_iter().chain(command.get_args());
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        let passwd =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:9:9::/:\npostgres:x:101:104:PG,,,:/var/lib:/bin/sh\n";
        assert_eq!(Account::named(passwd, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(Account::named(passwd, "nobody"), None);
    }

    #[test]
    fn a_closed_folder_keeps_other_accounts_out() {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let stranger = Account { uid: 54_321, gid: 54_321 };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(stranger.may_enter(&inner));
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!stranger.may_enter(&inner));
    }

    #[test]
    fn the_death_signal_is_set_after_the_change_of_user() {
        let account = Account { uid: 101, gid: 104 };
        let postgres = Path::new("/pg/bin/postgres");
        let line = |runner: Runner| line(&runner.command(postgres, AtOurDeath::ShutDown));
        assert_eq!(line(Runner::Ourselves), "setpriv --pdeathsig INT -- /pg/bin/postgres");
        assert_eq!(
            line(Runner::Account(account)),
            "setpriv --clear-groups --no-new-privs --reuid=101 --regid=104 --pdeathsig INT -- /pg/bin/postgres"
        );
        assert_eq!(
            line(Runner::Namespace(account)),
            "unshare --map-user=101 --map-group=104 -- setpriv --pdeathsig INT -- /pg/bin/postgres"
        );
    }
}
