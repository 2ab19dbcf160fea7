//! `legato admin create-account`.

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::serve::{Database, Sharing};
use super::{Options, say};
use crate::accounts::{self, Email, Handle, Language, NewAccount, Password};
use crate::platform::auth::Role;
use crate::platform::db::Db;

/// Whom to create.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    options: Options,
    /// 2 to 32 of a-z, 0-9, - and _
    #[arg(long)]
    handle: String,
    #[arg(long)]
    email: String,
    #[arg(long, value_enum, default_value_t = RoleName::Listener)]
    role: RoleName,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleName {
    Listener,
    Moderator,
    Admin,
}

impl RoleName {
    pub(super) fn role(self) -> Role {
        match self {
            Self::Listener => Role::Listener,
            Self::Moderator => Role::Moderator,
            Self::Admin => Role::Admin,
        }
    }
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = arguments.options.load()?;
    let role = arguments.role.role();
    let new = NewAccount {
        handle: parsed(Handle::try_from(arguments.handle), "--handle")?,
        email: parsed(Email::try_from(arguments.email), "--email")?,
        password: parsed(Password::try_from(read_password()?), "the password")?,
        language: Language::English,
        invitation: None,
    };
    let handle = new.handle.as_str().to_owned();
    let database = Database::open(&config, Sharing::Beside).await?;
    let created = create(&database.url, new, role).await;
    database.close().await?;
    created?;
    say(&format!("Created the account {handle}."));
    Ok(())
}

async fn create(url: &str, new: NewAccount, role: Role) -> anyhow::Result<()> {
    let db = Db::new(url, 2);
    db.migrate().await?;
    accounts::create(&db, new, role).await?;
    Ok(())
}

pub(super) fn parsed<T>(value: Result<T, &'static str>, what: &str) -> anyhow::Result<T> {
    value.map_err(|problem| anyhow::anyhow!("{what}: {problem}"))
}

// Never as an argument: those are seen by everybody on the machine.
pub(super) fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("reading the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("give the password as the first line of standard input");
    }
    Ok(password.to_owned())
}
