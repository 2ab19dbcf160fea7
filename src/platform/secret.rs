//! Secrets: random tokens, their hashes, and the signing key in the data folder.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::config::Config;

/// 256 bits from the operating system's generator.
pub(crate) fn random() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the system's random generator")?;
    Ok(bytes)
}

/// Random bytes in an address: nobody comes upon what was not shown to them.
const ADDRESS_BYTES: usize = 16;

/// A word for the address of a picture, another one each time.
pub(crate) fn address_word() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(&random()?[..ADDRESS_BYTES]))
}

/// A new token of 256 bits with a prefix that tells what it is.
pub(crate) fn token(prefix: &str) -> anyhow::Result<SecretString> {
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random()?)).into())
}

/// What is stored of a token. A token of 256 random bits needs no salt and no slow hash.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// The key under which grants are signed and secrets sealed: `secret_key` of the configuration, or one made once in `secret.key` (0600).
pub(crate) fn signing_key(config: &Config) -> anyhow::Result<[u8; 32]> {
    let text = match &config.secret_key {
        Some(key) => key.clone(),
        None => kept_key(&config.data.join("secret.key"))?,
    };
    Ok(Sha256::digest(text.expose_secret()).into())
}

fn kept_key(path: &Path) -> anyhow::Result<SecretString> {
    if !path.exists() {
        make_key(path).with_context(|| format!("writing {}", path.display()))?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let text = text.trim();
    ensure!(
        text.len() >= 43,
        "{} is not a key: restore it from a backup, for authenticators and app passwords are sealed under it",
        path.display()
    );
    Ok(text.into())
}

// Written beside and linked into place: a crash leaves no half key, and of two processes one wins.
fn make_key(path: &Path) -> anyhow::Result<()> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(URL_SAFE_NO_PAD.encode(random()?).as_bytes())?;
    file.sync_all()?;
    match std::fs::hard_link(&beside, path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => return Err(cause.into()),
        _ => std::fs::remove_file(&beside)?,
    }
    Ok(())
}
