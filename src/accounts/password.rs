//! Passwords: argon2id, never on an async thread, never while a database connection is held.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use unicode_normalization::UnicodeNormalization;

use crate::platform::error::{Error, Result};
use crate::platform::task;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A password is refused when a guesser who knows people gets it with so few tries: the 10,000 commonest passwords, also
/// with a capital, and what is no better than those.
const GUESSED_FIRST: u64 = 20_000;

/// Hashes at the same time: each takes 19 MiB and one core for some 20 ms. Half of the cores stay free of them, whatever
/// their priority, for a thread that is preempted has filled the caches.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Semaphore::new((cores / 2).clamp(1, 8))
});

/// Who has waited so long for a place is told to come back, so that a flood of sign-ins makes no queue without end.
const PATIENCE: Duration = Duration::from_secs(5);

/// What an unknown login is checked against, so that it takes as long as a known one: the hash, with today's parameters, of
/// 256 random bits that nobody kept.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$L1eviZTdTniN2FLP8HBiCA$pR1Wb42iPuUf7eb2LQFoK8Ns0AX3kRXSw9XnxzibRHk";

/// A password as it was typed, in Unicode's form NFC: 8 to 256 characters.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Password(SecretString);

impl TryFrom<String> for Password {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let password: String = text.nfc().collect();
        if (8..=256).contains(&password.chars().count()) {
            Ok(Self(password.into()))
        } else {
            Err("A password has 8 to 256 characters.")
        }
    }
}

impl Password {
    /// The hash to store, in PHC form with its parameters. A password that is guessed among the first, or out of the
    /// account's `own` data, is invalid.
    pub(crate) async fn hash(&self, own: &[&str]) -> Result<String> {
        let password = self.0.clone();
        let own: Vec<String> = own.iter().map(|word| (*word).to_owned()).collect();
        on_a_thread_of_its_own(move || {
            refuse_guessable(password.expose_secret(), &own)?;
            hash_blocking(password.expose_secret())
        })
        .await?
    }
}

fn refuse_guessable(password: &str, own: &[String]) -> Result<()> {
    let own: Vec<&str> = own.iter().flat_map(|word| word.split('@').chain([word.as_str()])).collect();
    if zxcvbn::zxcvbn(password, &own).guesses() > GUESSED_FIRST {
        Ok(())
    } else {
        Err(Error::invalid("password", "This password is among the first that are guessed; take another one."))
    }
}

/// A hash of the same password with today's parameters, where the stored one has others.
pub(super) async fn renewed(typed: &SecretString, stored: Option<&str>) -> Result<Option<String>> {
    if stored.is_none_or(has_todays_parameters) {
        return Ok(None);
    }
    let password: String = typed.expose_secret().nfc().collect();
    on_a_thread_of_its_own(move || hash_blocking(&password)).await?.map(Some)
}

fn has_todays_parameters(stored: &str) -> bool {
    stored.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

/// Whether a typed password is the one behind `hash`; without a hash, the same work and `false`.
pub(super) async fn matches(typed: &SecretString, hash: Option<String>) -> Result<bool> {
    let password: String = typed.expose_secret().nfc().collect();
    on_a_thread_of_its_own(move || {
        let stored = hash.as_deref().unwrap_or(NOBODY);
        hash.is_some() & verify_blocking(&password, stored)
    })
    .await
}

async fn on_a_thread_of_its_own<T: Send + 'static>(work: impl Fn() -> T + Send + Sync + 'static) -> Result<T> {
    let _place = place(&HASHING, PATIENCE).await?;
    Ok(task::patiently(work).await?)
}

async fn place(hashing: &Semaphore, patience: Duration) -> Result<SemaphorePermit<'_>> {
    match tokio::time::timeout(patience, hashing.acquire()).await {
        Ok(place) => place.map_err(|_| Error::Unavailable),
        Err(_) => Err(Error::TooManyRequests { retry_after: patience }),
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_blocking(password: &str) -> Result<String> {
    let hash = argon2().hash_password(password.as_bytes());
    Ok(hash.map_err(|cause| anyhow::anyhow!("hashing a password: {cause}"))?.to_string())
}

fn verify_blocking(password: &str, stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    argon2().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_opens_to_its_password_alone() {
        let hash = hash_blocking("correct horse").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_blocking("correct horse", &hash));
        assert!(!verify_blocking("correct horsf", &hash));
    }

    #[tokio::test]
    async fn who_finds_no_place_is_told_to_come_back() {
        let (hashing, patience) = (Semaphore::new(1), Duration::from_millis(10));
        let taken = place(&hashing, patience).await.expect("the only place");
        let refused = place(&hashing, patience).await.expect_err("no place is left");
        assert!(matches!(refused, Error::TooManyRequests { retry_after } if retry_after == patience));
        drop(taken);
        assert!(place(&hashing, patience).await.is_ok());
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        let own = ["adalovelace".to_owned(), "ada.byron@example.org".to_owned()];
        for bad in
            ["password", "Password1", "12345678", "qwertyuiop", "iloveyou", "aaaaaaaaaaaa", "adalovelace", "ada.byron"]
        {
            assert!(refuse_guessable(bad, &own).is_err(), "{bad}");
        }
        for good in ["analytical engine", "long enough", "kX7#pq!2", "the password of ada"] {
            assert!(refuse_guessable(good, &own).is_ok(), "{good}");
        }
    }

    #[test]
    fn older_parameters_are_noticed() {
        assert!(has_todays_parameters(NOBODY) && PasswordHash::new(NOBODY).is_ok());
        assert!(has_todays_parameters(&hash_blocking("correct horse").expect("a hash")));
        assert!(!has_todays_parameters("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaA"));
    }

    #[test]
    fn a_password_is_as_long_as_it_must_be() {
        assert!(Password::try_from("short".to_owned()).is_err());
        assert!(Password::try_from("x".repeat(257)).is_err());
        assert!(Password::try_from("åååååååå".to_owned()).is_ok());
    }
}
