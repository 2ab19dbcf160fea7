//! What the tests stand on: a server of its own for each, on a database of its own, and a cast of people who use it
//! over HTTP as everybody does.

mod answer;
mod app;
mod audio;
mod authenticator;
mod blackhole;
mod cast;
mod events;
mod faults;
mod mail;
mod oidc;
pub(crate) mod picture;
mod postgres;
mod process;
mod queries;
mod raw;
mod redis;
mod s3;

pub(crate) use answer::Answer;
pub(crate) use app::{App, with_app, with_settings};
pub(crate) use audio::{ffmpeg_frames, library, noise, silence, tagged, tone, wav_at, wav_part};
pub(crate) use authenticator::{Authenticator, code_at, localhost};
pub(crate) use blackhole::Blackhole;
pub(crate) use cast::{Person, Single, Site, client, password, send, too_busy};
pub(crate) use events::Events;
pub(crate) use faults::{Faults, Proxy};
pub(crate) use mail::{Catcher, Letter, kept};
pub(crate) use oidc::{Browser, Claims, Provider, Trick, identities, with_provider, with_provider_and};
pub(crate) use postgres::{Database, kill_postmaster, signal_postmaster};
pub(crate) use process::{Legato, run_doctor, run_legato};
pub(crate) use raw::{Raw, Said};
pub(crate) use redis::RedisServer;
pub(crate) use s3::{S3Server, with_s3};

use std::time::Duration;

/// Waits until something is true, asking often; false when it is not so in time.
pub(crate) async fn becomes_true(within: Duration, is_true: impl AsyncFn() -> bool) -> bool {
    let asking = async {
        while !is_true().await {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    tokio::time::timeout(within, asking).await.is_ok()
}

/// A variable of the environment that tells the tests something.
#[expect(clippy::disallowed_methods, reason = "settings of the tests are no settings of the server")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says loudly that a test did nothing, and why.
#[expect(clippy::print_stderr, reason = "for who runs the tests")]
pub(crate) fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}
