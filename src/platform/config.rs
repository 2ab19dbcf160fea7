//! The configuration: read once, checked as a whole, every problem reported at once.
//!
//! Defaults < `legato.toml` < `LEGATO_*` in the environment < flags.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

mod lastfm;
mod layers;
mod oidc;
mod parse;
mod s3;

pub use lastfm::Lastfm;
use layers::Layers;
pub use oidc::OidcProvider;
use parse::{
    address, boolean, days, header_name, hours, ladder, log_filter, log_format, mailbox, minutes, networks, number,
    postgres_url, public_url, redis_url, registration, secret_key, service_url, smtp_url, strangers_hear,
};
pub use s3::S3;

/// This very binary, even when another one took its place on disk: parent and child are always of one version.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// What PostgreSQL can count to.
const LARGEST: u64 = i64::MAX as u64;

/// What flags and tests hand over: setting → value as text.
pub type Flags = BTreeMap<&'static str, String>;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Who may open an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Open,
    Invitation,
    Closed,
}

/// What of a public track those hear who are not signed in. Whatever this says: a link's holder hears all of it, and so does
/// who follows the feed of an artist that wants one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrangersHear {
    /// All of it.
    Whole,
    /// Thirty seconds, from where the artist wants them to begin.
    Preview,
    /// None of it.
    Nothing,
}

/// How long zones of the store keep what is in them. Originals (`raw/`) and what listeners hear (`curated/`) stay for as
/// long as somebody names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Uploads that never ended, and uploads in parts that nobody finished.
    pub landing: Duration,
    /// What a step left for the next one.
    pub staging: Duration,
    /// What was superseded or taken down.
    pub archive: Duration,
    /// Originals that were refused.
    pub quarantine: Duration,
}

/// All settings. Secrets do not print themselves.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the API and the web app listen.
    pub listen: SocketAddr,
    /// Where `/metrics` listens, by default on loopback; nowhere when `off`.
    pub metrics_listen: Option<SocketAddr>,
    /// The data folder: objects, the embedded PostgreSQL, the signing key.
    pub data: PathBuf,
    /// The S3 that objects are kept in (`storage_url` and `s3_…`); without it they are in the data folder.
    pub s3: Option<S3>,
    /// What a process may keep on disk of objects that are in S3, in bytes.
    pub cache_max_bytes: u64,
    /// How long the store keeps what nobody comes back for.
    pub retention: Retention,
    /// Every object is read again, and compared with its hash, once in this time; never when zero.
    pub scrub_every: Duration,
    /// Bytes that the scrubber reads in a second, per process.
    pub scrub_bytes_per_second: u64,
    /// An outside PostgreSQL; without it Legato runs its own.
    pub database_url: Option<SecretString>,
    /// Connections in the pool.
    pub database_connections: u32,
    /// The folder of PostgreSQL's programs, where they are not found by themselves.
    pub postgres_programs: Option<PathBuf>,
    /// How people reach this server: scheme and host (`https://music.example`).
    pub public_url: Option<String>,
    /// The key under which grants are signed and secrets sealed; without it one is made in the data folder.
    pub secret_key: Option<SecretString>,
    /// Networks of the proxies in front: only from these is a forwarding header believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which these proxies say where a client is, as ISO 3166-1 has it (`CF-IPCountry`); nobody knows without.
    pub country_header: Option<String>,
    /// A Redis that holds the counters of limits for several servers; without it the database does.
    pub redis_url: Option<SecretString>,
    /// Who may open an account.
    pub registration: Registration,
    /// Whether an address must be confirmed before there is an account.
    pub email_confirmation: bool,
    /// A session that nobody used for so long has ended.
    pub session_idle: Duration,
    /// A session ends after this, however much it is used.
    pub session_max: Duration,
    /// A mail server (`smtps://user:password@host`); without it, and without `sendmail`, letters go to `DATA/mail`.
    /// `smtp://` must come to TLS by STARTTLS, but on this machine; `?tls=none` or `?tls=opportunistic` says otherwise.
    pub smtp_url: Option<SecretString>,
    /// The program that takes letters, such as /usr/sbin/sendmail.
    pub sendmail: Option<PathBuf>,
    /// Who the letters come from.
    pub mail_from: String,
    /// Providers of OpenID Connect that people may sign in with.
    pub oidc: Vec<OidcProvider>,
    /// Whether `serve` runs workers too.
    pub workers: bool,
    /// Audio chains at the same time in this process.
    pub ingest_workers: usize,
    /// Streams that this process encodes at the same time while they are listened to.
    pub live_encodings: usize,
    /// On how many devices an account may play at the same time; any number when zero.
    pub streams_per_account: u32,
    /// What a second of music may cost at the most, in bits: what this server's line carries for everybody; any when zero.
    pub stream_max_bps: i32,
    /// What those hear who are not signed in.
    pub strangers_hear: StrangersHear,
    /// The API of ListenBrainz, or of who speaks like it.
    pub listenbrainz_url: String,
    /// Last.fm, where the operator has a key of it.
    pub lastfm: Option<Lastfm>,
    /// The names of what every track is encoded in; who encodes says which there are.
    pub ladder: Vec<String>,
    /// How many more rejected files administrators are told of.
    pub quarantine_alert: u32,
    /// The largest file that an upload may hold, in bytes.
    pub upload_max_bytes: u64,
    /// What an artist may have of originals, in bytes, unless an administrator says otherwise.
    pub artist_max_bytes: u64,
    /// The same in tracks.
    pub artist_max_tracks: u64,
    /// How many files may come for an artist in a day.
    pub artist_max_uploads_per_day: u64,
    /// The longest track that is accepted.
    pub track_max_duration: Duration,
    /// Whether an empty server is filled with the demo catalogue.
    pub demo: bool,
    pub log_format: LogFormat,
    /// In the form of `RUST_LOG`.
    pub log: String,
    /// The program that sandboxed children run; this one, but in tests.
    pub sandbox_program: PathBuf,
    /// False gives up durability of the embedded PostgreSQL for speed: tests only.
    pub durable: bool,
}

/// Every problem of a configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "The configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| writeln!(f, "  - {problem}"))
    }
}

impl std::error::Error for Problems {}

impl Config {
    /// Reads `legato.toml` (`--config`, else the one in the working folder, if there is one), the environment and the flags.
    pub fn load(file: Option<&Path>, flags: Flags) -> Result<Self, Problems> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let env = std::env::vars_os();
        let text = match file {
            Some(path) => {
                std::fs::read_to_string(path).map_err(|cause| format!("--config {}: {cause}", path.display()))
            }
            None => read_if_there(Path::new("legato.toml")).map_err(|cause| format!("legato.toml: {cause}")),
        };
        match (text, own(env)) {
            (Ok(text), Ok(env)) => Self::from_layers(&text, env, flags),
            (text, env) => Err(Problems(text.err().into_iter().chain(env.err().into_iter().flatten()).collect())),
        }
    }

    /// The same from given layers: the text of the file, `LEGATO_*` variables, flags.
    pub fn from_layers(file: &str, env: BTreeMap<String, String>, flags: Flags) -> Result<Self, Problems> {
        let mut layers = Layers::new(file, env, flags);
        let config = Self {
            listen: layers.get("listen", "127.0.0.1:4533", address),
            metrics_listen: layers.get("metrics_listen", "127.0.0.1:4534", |text| match text {
                "off" => Ok(None),
                text => address(text).map(Some),
            }),
            data: layers.get("data", "data", |text| Ok(PathBuf::from(text))),
            s3: s3::settings(&mut layers),
            cache_max_bytes: layers.get("cache_max_bytes", "10737418240", |text| number(text, 1 << 20, u64::MAX)),
            retention: retention(&mut layers),
            scrub_every: layers.get("scrub_days", "30", |text| {
                number(text, 0, 3650).map(|days: u64| Duration::from_secs(days * 24 * 3600))
            }),
            scrub_bytes_per_second: layers.get("scrub_bytes_per_second", "20971520", |text| number(text, 1, u64::MAX)),
            database_url: layers.optional("database_url", postgres_url).map(SecretString::from),
            database_connections: layers.get("database_connections", "16", |text| number(text, 2, 1000)),
            postgres_programs: layers.optional("postgres_programs", |text| Ok(PathBuf::from(text))),
            public_url: layers.optional("public_url", public_url),
            secret_key: layers.optional("secret_key", secret_key).map(SecretString::from),
            trusted_proxies: layers.get("trusted_proxies", "", networks),
            country_header: layers.optional("country_header", header_name),
            redis_url: layers.optional("redis_url", redis_url).map(SecretString::from),
            registration: layers.get("registration", "open", registration),
            email_confirmation: layers.get("email_confirmation", "false", boolean),
            session_idle: layers.get("session_idle_days", "30", days),
            session_max: layers.get("session_max_days", "180", days),
            smtp_url: layers.optional("smtp_url", smtp_url).map(SecretString::from),
            sendmail: layers.optional("sendmail", |text| Ok(PathBuf::from(text))),
            mail_from: layers.get("mail_from", "Legato <legato@localhost>", mailbox),
            oidc: layers.get("oidc", "[]", oidc::providers),
            workers: layers.get("workers", "true", boolean),
            ingest_workers: layers.get("ingest_workers", &default_ingest_workers(), |text| number(text, 1, 64)),
            live_encodings: layers.get("live_encodings", &default_live_encodings(), |text| number(text, 1, 10_000)),
            streams_per_account: layers.get("streams_per_account", "4", |text| number(text, 0, 1000)),
            stream_max_bps: layers.get("stream_max_bps", "0", |text| number(text, 0, i32::MAX)),
            strangers_hear: layers.get("strangers_hear", "whole", strangers_hear),
            listenbrainz_url: layers.get("listenbrainz_url", "https://api.listenbrainz.org", service_url),
            lastfm: lastfm::settings(&mut layers),
            ladder: layers.get("ladder", "opus_64,opus_128,flac", ladder),
            quarantine_alert: layers.get("quarantine_alert", "10", |text| number(text, 1, 1_000_000)),
            upload_max_bytes: layers.get("upload_max_bytes", "2147483648", |text| number(text, 1, u64::MAX)),
            artist_max_bytes: layers.get("artist_max_bytes", "107374182400", |text| number(text, 0, LARGEST)),
            artist_max_tracks: layers.get("artist_max_tracks", "10000", |text| number(text, 0, LARGEST)),
            artist_max_uploads_per_day: layers
                .get("artist_max_uploads_per_day", "1000", |text| number(text, 0, LARGEST)),
            track_max_duration: layers.get("track_max_minutes", "240", minutes),
            demo: layers.get("demo", "false", boolean),
            log_format: layers.get("log_format", "text", log_format),
            log: layers.get("log", "info,actix_server=warn", log_filter),
            sandbox_program: layers.get("sandbox_program", THIS_PROGRAM, |text| Ok(PathBuf::from(text))),
            durable: layers.get("durable", "true", boolean),
        };
        if config.s3.is_some() && config.upload_max_bytes > s3::LARGEST_OBJECT_BYTES {
            layers.complain("upload_max_bytes: must be 5368709120 at most where objects are in S3");
        }
        layers.finish(config)
    }

    /// The folder of the audio store: of all of it, or of work in flight and the cache where objects are in S3.
    pub fn objects(&self) -> PathBuf {
        self.data.join("objects")
    }
}

fn retention(layers: &mut Layers) -> Retention {
    Retention {
        landing: layers.get("landing_hours", "24", hours),
        staging: layers.get("staging_days", "7", days),
        archive: layers.get("archive_days", "30", days),
        quarantine: layers.get("quarantine_days", "90", days),
    }
}

// The variables that are ours, all of them readable; or those that are not.
fn own(env: impl Iterator<Item = (OsString, OsString)>) -> Result<BTreeMap<String, String>, Vec<String>> {
    let mut own = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, value) in env {
        let Ok(name) = name.into_string() else { continue };
        if !name.starts_with("LEGATO_") {
            continue;
        }
        match value.into_string() {
            Ok(value) => drop(own.insert(name, value)),
            Err(_) => problems.push(format!("{name}: must be UTF-8")),
        }
    }
    if problems.is_empty() { Ok(own) } else { Err(problems) }
}

fn read_if_there(file: &Path) -> std::io::Result<String> {
    match std::fs::read_to_string(file) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

/// A child whose listener is slow sleeps, and takes room alone.
fn default_live_encodings() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (8 * cores).max(16).to_string()
}

fn default_ingest_workers() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.clamp(1, 8).to_string()
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let file = "listen = '127.0.0.1:1'\nlog = 'warn'\ndata = 'from-file'";
        let env = env(&[("LEGATO_LISTEN", "127.0.0.1:2"), ("LEGATO_LOG", "debug")]);
        let config = Config::from_layers(file, env, Flags::from([("listen", "127.0.0.1:3".into())])).expect("valid");
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.log, "debug");
        assert_eq!(config.data, PathBuf::from("from-file"));
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let file = "listen = 'nowhere'\ncolour = 'blue'\nupload_max_bytes = -1";
        let env = env(&[("LEGATO_DATABASE_URL", "mysql://x"), ("LEGATO_TYPO", "1")]);
        let problems = Config::from_layers(file, env, Flags::new()).expect_err("invalid").0;
        assert_eq!(problems.len(), 5, "{problems:#?}");
        assert!(problems.iter().any(|problem| problem.contains("LEGATO_TYPO")), "{problems:#?}");
        assert!(problems.iter().any(|problem| problem.contains("colour")), "{problems:#?}");
    }

    #[test]
    fn a_filter_that_nobody_understands_is_a_problem() {
        let problems = Config::from_layers("log = 'legato=loud'", env(&[]), Flags::new()).expect_err("invalid").0;
        assert!(problems[0].starts_with("legato.toml: log: must be a filter"), "{problems:#?}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_a_problem_and_none_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(read_if_there(folder.path()).is_err());
        assert_eq!(read_if_there(&folder.path().join("legato.toml")).expect("no file"), "");
    }

    #[test]
    fn what_is_not_text_matters_only_where_it_is_ours() {
        let bytes = || OsString::from_vec(vec![0xff]);
        let env = |name: &str| std::iter::once((OsString::from(name), bytes()));
        assert_eq!(own(env("LEGATO_DATA")), Err(vec!["LEGATO_DATA: must be UTF-8".to_owned()]));
        assert_eq!(own(env("LS_COLORS").chain([(bytes(), bytes())])), Ok(BTreeMap::new()));
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        let env = env(&[("LEGATO_DATABASE_URL", "postgres://me:hunter2@db/legato")]);
        let config = Config::from_layers("", env, Flags::new()).expect("valid");
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_bad_secret_is_not_repeated_in_the_problem() {
        let env = env(&[("LEGATO_SECRET_KEY", "hunter2"), ("LEGATO_DATABASE_URL", "postgres://me:hunter2@db:port/x")]);
        let problems = Config::from_layers("", env, Flags::new()).expect_err("too short");
        assert!(!problems.to_string().contains("hunter2"), "{problems}");
    }
}
