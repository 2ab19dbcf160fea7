//! Signs what leaves this server, so that others can check where it comes from (Ed25519, RFC 8032).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

const LABEL: &[u8] = b"legato signature 1";
const ALGORITHM: &str = "Ed25519";

/// What stands before a public key in its usual file (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Signs with this server's own key. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Signer {
    pair: Arc<Ed25519KeyPair>,
}

/// Half of a key, for whoever wants to check what the other half has signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct SigningKey {
    /// `Ed25519`.
    algorithm: String,
    /// The first 8 bytes of the key's SHA-256, in hexadecimal digits.
    pub(crate) id: String,
    /// The 32 bytes of the key, in Base64.
    public_key: String,
    /// The same as most programs want it.
    #[serde(default)]
    pem: String,
}

impl Signer {
    /// A signer whose key is derived from the secret key, so that it is stored nowhere, and no bytes are a key for two
    /// things.
    pub(crate) fn new(secret_key: &[u8; 32]) -> Self {
        let mac = Hmac::<Sha256>::new_from_slice(secret_key).expect("HMAC takes keys of any length");
        let seed = mac.chain_update(LABEL).finalize().into_bytes();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
        Self { pair: Arc::new(pair) }
    }

    /// The signature, 64 bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    pub(crate) fn key(&self) -> SigningKey {
        let key = self.pair.public_key().as_ref();
        let file = STANDARD.encode([&SPKI, key].concat());
        SigningKey {
            algorithm: ALGORITHM.to_owned(),
            id: id_of(key),
            public_key: STANDARD.encode(key),
            pem: format!("-----BEGIN PUBLIC KEY-----\n{file}\n-----END PUBLIC KEY-----\n"),
        }
    }
}

impl SigningKey {
    /// Whether the key is what it says of itself, and its other half has signed this very message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = STANDARD.decode(&self.public_key) else { return false };
        let is_one = self.algorithm == ALGORITHM && key.len() == 32 && self.id == id_of(&key);
        is_one && UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
    }
}

fn id_of(key: &[u8]) -> String {
    Sha256::digest(key)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_one_message_by_one_key() {
        let (one, other) = (Signer::new(&[7; 32]), Signer::new(&[8; 32]));
        let signature = one.sign(b"a manifest");
        assert!(one.key().verifies(b"a manifest", &signature));
        assert_eq!(Signer::new(&[7; 32]).key(), one.key());
        assert!(!other.key().verifies(b"a manifest", &signature));
        assert!(!one.key().verifies(b"a manifesto", &signature));
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert!(!one.key().verifies(b"a manifest", &changed), "changed at {at}");
        }
        assert!(!one.key().verifies(b"a manifest", &signature[..63]));
    }

    #[test]
    fn a_key_under_the_name_of_another_is_none() {
        let (one, other) = (Signer::new(&[7; 32]), Signer::new(&[8; 32]));
        let false_key = SigningKey { id: one.key().id, ..other.key() };
        assert!(!false_key.verifies(b"a manifest", &other.sign(b"a manifest")));
        assert!(!SigningKey { public_key: "x".into(), ..one.key() }.verifies(b"", &one.sign(b"")));
    }
}
