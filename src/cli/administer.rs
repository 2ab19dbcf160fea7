//! `legato admin`: what administrators do, for who has the command line. The server may run meanwhile: what ends here ends
//! there too.

use anyhow::{Context, bail};
use clap::Args;
use secrecy::ExposeSecret;

use super::create_account::{RoleName, parsed, read_password};
use super::serve::{Database, Sharing, prepare};
use super::{Options, say};
use crate::accounts::{self, By, ListedAccount, NewInvitation, Password, Reason};
use crate::platform::Platform;
use crate::platform::id::AccountId;

/// Whom it is about.
#[derive(Args)]
pub(super) struct Whom {
    #[command(flatten)]
    options: Options,
    /// The account's handle or e-mail address
    login: String,
}

/// Which accounts.
#[derive(Args)]
pub(super) struct Which {
    #[command(flatten)]
    options: Options,
    /// A part of the handle or the e-mail address
    words: Option<String>,
}

/// Which role.
#[derive(Args)]
pub(super) struct SetRole {
    #[command(flatten)]
    whom: Whom,
    #[arg(value_enum)]
    role: RoleName,
}

/// Why.
#[derive(Args)]
pub(super) struct Suspend {
    #[command(flatten)]
    whom: Whom,
    /// Its owner reads it
    #[arg(long)]
    reason: String,
}

/// How a password is set.
#[derive(Args)]
pub(super) struct ResetPassword {
    #[command(flatten)]
    whom: Whom,
    /// Print a link that sets one, once, within an hour, rather than read one from standard input
    #[arg(long)]
    link: bool,
}

/// Whom to invite.
#[derive(Args)]
pub(super) struct Invite {
    #[command(flatten)]
    options: Options,
    /// What it is for
    #[arg(long, default_value = "")]
    note: String,
    /// How many accounts it opens
    #[arg(long, default_value_t = 1)]
    uses: i32,
    /// How many days it is good
    #[arg(long, default_value_t = 14)]
    days: i64,
}

pub(super) async fn list(which: Which) -> anyhow::Result<()> {
    let words = which.words;
    on_platform(&which.options, async |platform| {
        let mut conn = platform.db.conn().await?;
        accounts::every_account(&mut conn, words, |account| say(&line(account))).await?;
        Ok(())
    })
    .await
}

// What others chose as names may hold anything but line ends.
fn line(account: &ListedAccount) -> String {
    let ListedAccount { id, handle, email, role, state, .. } = account;
    format!("{id}  {:<10}  {:<10}  {handle:<32}  {email}", role.name(), state.name())
}

pub(super) async fn set_role(arguments: SetRole) -> anyhow::Result<()> {
    let role = arguments.role.role();
    on_account(&arguments.whom, async |platform, account| {
        accounts::set_role(platform, By::CommandLine, account, role).await?;
        Ok(format!("has the role {} now; its sessions have ended.", role.name()))
    })
    .await
}

pub(super) async fn reset_factors(whom: Whom) -> anyhow::Result<()> {
    on_account(&whom, async |platform, account| {
        accounts::reset_factors(platform, By::CommandLine, account).await?;
        Ok("has no second factor now; its sessions and tokens have ended.".to_owned())
    })
    .await
}

pub(super) async fn revoke(whom: Whom) -> anyhow::Result<()> {
    on_account(&whom, async |platform, account| {
        accounts::revoke_access(platform, By::CommandLine, account).await?;
        Ok("is signed out everywhere; its tokens have ended.".to_owned())
    })
    .await
}

pub(super) async fn suspend(arguments: Suspend) -> anyhow::Result<()> {
    let reason = parsed(Reason::try_from(arguments.reason), "--reason")?;
    on_account(&arguments.whom, async |platform, account| {
        accounts::suspend(platform, By::CommandLine, account, &reason).await?;
        Ok("is suspended.".to_owned())
    })
    .await
}

pub(super) async fn reinstate(whom: Whom) -> anyhow::Result<()> {
    on_account(&whom, async |platform, account| {
        accounts::reinstate(platform, By::CommandLine, account).await?;
        Ok("is not suspended.".to_owned())
    })
    .await
}

pub(super) async fn reset_password(arguments: ResetPassword) -> anyhow::Result<()> {
    if arguments.link {
        return reset_link(&arguments.whom).await;
    }
    let password = parsed(Password::try_from(read_password()?), "the password")?;
    on_account(&arguments.whom, async |platform, account| {
        accounts::override_password(platform, account, password).await?;
        Ok("has a new password; its sessions and tokens have ended.".to_owned())
    })
    .await
}

async fn reset_link(whom: &Whom) -> anyhow::Result<()> {
    on_account(whom, async |platform, account| {
        let link = accounts::reset_link(platform, account).await?;
        Ok(format!("gets a new password, once, within an hour, by this link:\n{}", link.expose_secret()))
    })
    .await
}

pub(super) async fn invite(arguments: Invite) -> anyhow::Result<()> {
    let Invite { options, note, uses, days } = arguments;
    let new = NewInvitation { note, uses, expires_in_days: days };
    on_platform(&options, async |platform| {
        let code = accounts::invite(platform, By::CommandLine, &new).await?;
        say(&format!("The code of the invitation, shown this once: {}", code.expose_secret()));
        Ok(())
    })
    .await
}

/// Does something to an account, and says what came of it.
async fn on_account(
    whom: &Whom,
    act: impl AsyncFnOnce(&Platform, AccountId) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    on_platform(&whom.options, async |platform| {
        let found = accounts::find_by_login(&mut *platform.db.conn().await?, &whom.login).await?;
        let Some(account) = found else { bail!("no account is called {}", whom.login) };
        say(&format!("{} {}", whom.login.trim(), act(platform, account).await?));
        Ok(())
    })
    .await
}

/// Works on the data of a server that runs or does not.
pub(super) async fn on_platform(
    options: &Options,
    work: impl AsyncFnOnce(&Platform) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = options.load()?;
    let database = Database::open(&config, Sharing::Beside).await?;
    let worked = match prepare(&database.url, config).await {
        Ok(platform) => work(&platform).await,
        Err(error) => Err(error).context("preparing the database"),
    };
    database.close().await?;
    worked
}
