//! ID tokens, signed as they should be, and in every other way.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJsonWebKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::{JsonWebKey, JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};

/// Made for these tests, and known to everybody.
const RSA_KEY: &str = include_str!("key.pem");

/// A key of the provider.
pub(crate) enum Key {
    Rsa(CoreRsaPrivateSigningKey),
    EdDsa(CoreEdDsaPrivateSigningKey),
}

impl Key {
    pub(crate) fn rsa(id: &str) -> Self {
        Self::Rsa(CoreRsaPrivateSigningKey::from_pem(RSA_KEY, Some(key_id(id))).expect("a key"))
    }

    /// A new one each time.
    pub(crate) fn ed_dsa(id: &str) -> Self {
        // RFC 8410 §7: the key is the seed behind a fixed head.
        let mut der =
            vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        der.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
        der.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
        Self::EdDsa(CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(key_id(id))).expect("a key"))
    }

    pub(crate) fn public(&self) -> CoreJsonWebKey {
        match self {
            Self::Rsa(key) => key.as_verification_key(),
            Self::EdDsa(key) => key.as_verification_key(),
        }
    }

    /// A signed token; `id` is the key that it says it is signed with.
    pub(crate) fn signs(&self, claims: &Value, id: &str) -> String {
        match self {
            Self::Rsa(key) => signed(key, &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, claims, id),
            Self::EdDsa(key) => signed(key, &CoreJwsSigningAlgorithm::EdDsa, claims, id),
        }
    }
}

/// A token whose "key" both sides know.
pub(crate) fn signed_with_secret(secret: &[u8], claims: &Value, id: &str) -> String {
    signed(&CoreHmacKey::new(secret.to_vec()), &CoreJwsSigningAlgorithm::HmacSha256, claims, id)
}

/// A token that nobody signed.
pub(crate) fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims))
}

/// The token of somebody else, with their signature.
pub(crate) fn forged(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).expect("base 64");
    let mut claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["sub"] = "1".into();
    format!("{}.{}.{}", parts[0], part(&claims), parts[2])
}

/// What of a public key may be taken for a secret.
pub(crate) fn as_secret(key: &CoreJsonWebKey) -> Vec<u8> {
    serde_json::to_vec(key).expect("JSON")
}

pub(crate) fn id_of(key: &CoreJsonWebKey) -> String {
    key.key_id().expect("an id").to_string()
}

fn signed<K: PrivateSigningKey<VerificationKey = CoreJsonWebKey>>(
    key: &K,
    algorithm: &CoreJwsSigningAlgorithm,
    claims: &Value,
    id: &str,
) -> String {
    let text = format!("{}.{}", part(&json!({ "alg": algorithm, "typ": "JWT", "kid": id })), part(claims));
    let signature = key.sign(algorithm, text.as_bytes()).expect("a signature");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn key_id(id: &str) -> JsonWebKeyId {
    JsonWebKeyId::new(id.to_owned())
}
