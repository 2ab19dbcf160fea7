//! Seals what must be readable again (secrets of authenticators, app passwords) under a key that is not in the database.
//!
//! A sealed secret is: key id ‖ nonce of 24 bytes ‖ XChaCha20-Poly1305 ciphertext and tag. Its context, which says where it
//! lies, is authenticated with it: moved to another row it opens no more.

use anyhow::{Context, anyhow, bail};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The key that seals today: a new one gets a new id, and the old one opens what it has sealed.
const KEY_ID: u8 = 1;
const LABEL: &[u8] = b"legato seal 1";
const NONCE_BYTES: usize = 24;

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Seal {
    cipher: XChaCha20Poly1305,
}

impl Seal {
    /// A seal whose key is derived from the signing key, so that no bytes are a key for two things.
    pub(crate) fn new(signing_key: &[u8; 32]) -> Self {
        let mac = Hmac::<Sha256>::new_from_slice(signing_key).expect("HMAC takes keys of any length");
        let key = mac.chain_update(LABEL).finalize().into_bytes();
        Self { cipher: XChaCha20Poly1305::new(&key) }
    }

    /// Seals `plain` for the place that `context` names: the table and the row's id.
    pub(crate) fn seal(&self, plain: &[u8], context: &str) -> anyhow::Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).context("the system's random generator")?;
        let payload = Payload { msg: plain, aad: &bound(KEY_ID, context) };
        let sealed =
            self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow!("sealing for {context}"))?;
        Ok([&[KEY_ID], &nonce[..], &sealed[..]].concat())
    }

    /// What was sealed for this very place; an error when it was changed, moved, or sealed under another key.
    pub(crate) fn open(&self, sealed: &[u8], context: &str) -> anyhow::Result<Vec<u8>> {
        let [KEY_ID, rest @ ..] = sealed else { bail!("{context} is sealed under an unknown key") };
        let (nonce, ciphertext) =
            rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| anyhow!("what is sealed in {context} is cut off"))?;
        let payload = Payload { msg: ciphertext, aad: &bound(KEY_ID, context) };
        let opened = self.cipher.decrypt(&XNonce::from(*nonce), payload);
        opened.map_err(|_| anyhow!("what is sealed in {context} does not open: was the secret key replaced?"))
    }
}

fn bound(key_id: u8, context: &str) -> Vec<u8> {
    [&[key_id], context.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "accounts.totps/1";

    #[test]
    fn what_was_sealed_opens_in_its_own_place_alone() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal(b"a secret", HERE).expect("sealed");
        assert_eq!(seal.open(&sealed, HERE).expect("opened"), b"a secret");
        assert!(seal.open(&sealed, "accounts.totps/2").is_err());
        assert!(Seal::new(&[8; 32]).open(&sealed, HERE).is_err());
    }

    #[test]
    fn nothing_of_the_secret_shows_and_no_two_seals_are_alike() {
        let seal = Seal::new(&[7; 32]);
        let (first, second) =
            (seal.seal(b"a secret", HERE).expect("sealed"), seal.seal(b"a secret", HERE).expect("sealed"));
        assert_ne!(first, second);
        assert!(!first.windows(8).any(|bytes| bytes == b"a secret"));
    }

    #[test]
    fn a_changed_or_shortened_seal_does_not_open() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal(b"a secret", HERE).expect("sealed");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(seal.open(&changed, HERE).is_err(), "changed at {at}");
            assert!(seal.open(&sealed[..at], HERE).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_failure_does_not_repeat_what_was_sealed() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal(b"a secret", HERE).expect("sealed");
        let failure = format!("{:?}", seal.open(&sealed, "elsewhere").expect_err("moved"));
        assert!(!failure.contains("a secret"), "{failure}");
    }
}
