//! Tests of the engine from outside: what a caller gives, and what it gets.
//!
//! `synthetic` makes its own small files and always runs. `good` and `bad` run over the library of real
//! music in `$LEGATO_TEST_AUDIO`; `foreign` needs ffmpeg. Where these are missing, they say so loudly.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may fail by a panic, and say something")]

mod aac;
mod bad;
mod containers;
mod covers;
mod ebu;
mod fingerprints;
mod flac;
mod foreign;
mod good;
mod hostile;
mod ladder;
mod mp3;
mod on_the_fly;
mod quality;
mod support;
mod synthetic;
mod tags;
