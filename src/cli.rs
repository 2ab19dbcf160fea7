//! The command line.

mod administer;
mod create_account;
mod doctor;
mod import;
mod reprocess;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::app;
use crate::platform::config::{Config, Flags};
use crate::platform::{sandbox, telemetry};

/// A music streaming platform server.
///
/// Every option is also a variable `LEGATO_…` in the environment and a key in legato.toml; flags win.
#[derive(Parser)]
#[command(name = "legato", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server, with its workers and, unless told of another, its own PostgreSQL.
    Serve(Options),
    /// Run workers alone, beside a server or on another machine.
    Work(Options),
    /// Bring the database up to date and end.
    Migrate(Options),
    /// Bring in the audio files of a folder as an artist's releases, by their tags; what is there already is passed over.
    Import(import::Arguments),
    /// Process tracks once more in the background: those that another engine made, or for another ladder.
    Reprocess(reprocess::Arguments),
    /// Administration.
    #[command(subcommand)]
    Admin(Admin),
    /// Check everything that the server needs, and say how to fix what is missing.
    Doctor(doctor::Arguments),
    /// Print the API's document (OpenAPI 3.1).
    Openapi,
}

#[derive(Subcommand)]
enum Admin {
    /// Open an account; the password is read from the first line of standard input.
    CreateAccount(create_account::Arguments),
    /// List accounts, newest first: id, role, state, handle, e-mail address.
    List(administer::Which),
    /// Give an account a role; its sessions end.
    SetRole(administer::SetRole),
    /// Take away authenticator, recovery codes and passkeys, for an owner who lost them.
    ResetFactors(administer::Whom),
    /// Set a password, read from the first line of standard input, or make a link that sets one.
    ResetPassword(administer::ResetPassword),
    /// End all sessions, tokens and app passwords of an account.
    Revoke(administer::Whom),
    /// Suspend an account: nobody signs in, and what plays stops.
    Suspend(administer::Suspend),
    /// Let a suspended account back in.
    Reinstate(administer::Whom),
    /// Make an invitation to open accounts.
    Invite(administer::Invite),
}

/// Settings that commands share.
#[derive(Args, Default)]
struct Options {
    /// The configuration file [default: legato.toml, if there is one]
    #[arg(long)]
    config: Option<PathBuf>,
    /// Address and port of the API and the web app [default: 127.0.0.1:4533]
    #[arg(long)]
    listen: Option<String>,
    /// Address and port of the Prometheus figures, or off [default: 127.0.0.1:4534]
    #[arg(long)]
    metrics_listen: Option<String>,
    /// The data folder [default: data]
    #[arg(long)]
    data: Option<String>,
    /// Where objects are kept: s3://bucket/prefix, with the settings s3_… beside it [default: the data folder]
    #[arg(long)]
    storage_url: Option<String>,
    /// How people reach this server, such as `https://music.example`
    #[arg(long)]
    public_url: Option<String>,
    /// Audio chains at the same time [default: one a core]
    #[arg(long)]
    ingest_workers: Option<String>,
    /// The largest file that an upload may hold, in bytes [default: 2 GiB]
    #[arg(long)]
    upload_max_bytes: Option<String>,
    /// Serve without running workers
    #[arg(long)]
    no_workers: bool,
    /// Fill an empty server with the demo catalogue
    #[arg(long)]
    demo: bool,
    /// text or json [default: text]
    #[arg(long)]
    log_format: Option<String>,
    /// What is logged, in the form of RUST_LOG [default: info,actix_server=warn]
    #[arg(long)]
    log: Option<String>,
}

impl Options {
    fn flags(&self) -> Flags {
        let given = [
            ("listen", &self.listen),
            ("metrics_listen", &self.metrics_listen),
            ("data", &self.data),
            ("storage_url", &self.storage_url),
            ("public_url", &self.public_url),
            ("ingest_workers", &self.ingest_workers),
            ("upload_max_bytes", &self.upload_max_bytes),
            ("log_format", &self.log_format),
            ("log", &self.log),
        ];
        let mut flags: Flags = given.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect();
        if self.no_workers {
            flags.insert("workers", "false".to_owned());
        }
        if self.demo {
            flags.insert("demo", "true".to_owned());
        }
        flags
    }

    fn load(&self) -> anyhow::Result<Config> {
        let config = Config::load(self.config.as_deref(), self.flags())?;
        telemetry::start(config.log_format, &config.log)?;
        Ok(config)
    }
}

/// The whole program. A sandboxed child is dispatched first, while there is one thread and no runtime.
pub fn main() -> ExitCode {
    if let Some(code) = sandbox::child(app::SANDBOX_TASKS) {
        return code;
    }
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            say_error(&format!("legato: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(options) => block_on(serve::serve(options.load()?))?,
        Command::Work(options) => block_on(serve::work(options.load()?))?,
        Command::Migrate(options) => block_on(serve::migrate(options.load()?))?,
        Command::Import(arguments) => block_on(import::run(arguments))?,
        Command::Reprocess(arguments) => block_on(reprocess::run(arguments))?,
        Command::Admin(command) => block_on(admin(command))?,
        Command::Doctor(arguments) => return block_on(doctor::run(arguments)),
        Command::Openapi => say(&app::openapi().to_pretty_json()?),
    }
    Ok(ExitCode::SUCCESS)
}

async fn admin(command: Admin) -> anyhow::Result<()> {
    match command {
        Admin::CreateAccount(arguments) => create_account::run(arguments).await,
        Admin::List(which) => administer::list(which).await,
        Admin::SetRole(arguments) => administer::set_role(arguments).await,
        Admin::ResetFactors(whom) => administer::reset_factors(whom).await,
        Admin::ResetPassword(arguments) => administer::reset_password(arguments).await,
        Admin::Revoke(whom) => administer::revoke(whom).await,
        Admin::Suspend(arguments) => administer::suspend(arguments).await,
        Admin::Reinstate(whom) => administer::reinstate(whom).await,
        Admin::Invite(arguments) => administer::invite(arguments).await,
    }
}

fn block_on<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(command);
    // Blocking work of the audio chain may be under way; the process ends all the same.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    ended
}

/// What a command has to say.
#[expect(clippy::print_stdout, reason = "the command's output")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "the command's failure")]
fn say_error(text: &str) {
    eprintln!("{}", text.trim_end());
}
