//! An authenticator without a device: passkeys (WebAuthn level 3 §6, attestation `none`, ES256) and one-time codes. It does
//! as it is told, so that it can also answer for another origin, for another server, or without having asked who is there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{App, Person, Site};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// Somebody's authenticator, and the browser that it answers to.
pub(crate) struct Authenticator {
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    /// Whether it asks who is there.
    pub(crate) verifies_user: bool,
    /// How often it has signed; 0 for ever where it does not count.
    pub(crate) counter: u32,
    pub(crate) credential_id: Vec<u8>,
    /// What the server called the account when the key was made.
    pub(crate) user_handle: String,
    key: SigningKey,
}

/// The same server as a browser on this machine sees it: passkeys are bound to a name, and an address is none.
pub(crate) fn localhost(app: &App) -> Site {
    Site::at(&app.site.base.replace("127.0.0.1", "localhost"))
}

/// What an authenticator with this secret (base 32) shows at a time.
pub(crate) fn code_at(secret: &str, at: DateTime<Utc>) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("base 32");
    let generator = totp_rs::Builder::new().with_secret(secret).build().expect("a generator");
    generator.generate(u64::try_from(at.timestamp()).expect("after 1970")).to_string()
}

impl Authenticator {
    /// A new one, in front of a site.
    pub(crate) fn at(site: &Site) -> Self {
        let key = SigningKey::from_slice(&random()).expect("a scalar in range");
        Self {
            origin: site.base.clone(),
            rp_id: "localhost".into(),
            verifies_user: true,
            counter: 1,
            credential_id: random().to_vec(),
            user_handle: String::new(),
            key,
        }
    }

    /// `navigator.credentials.create`
    pub(crate) fn creates(&mut self, options: &Value) -> Value {
        self.user_handle = options["user"]["id"].as_str().expect("a user handle").to_owned();
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential_id.len()).expect("short").to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(data);
        self.credential(&json!({ "clientDataJSON": encode(client_data), "attestationObject": encode(object) }))
    }

    /// `navigator.credentials.get`
    pub(crate) fn signs(&mut self, options: &Value) -> Value {
        self.counter += u32::from(self.counter > 0);
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [&data[..], &Sha256::digest(&client_data)[..]].concat();
        let signature: DerSignature = self.key.sign(&signed);
        self.credential(&json!({
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(data),
            "signature": encode(signature.as_bytes()),
            "userHandle": self.user_handle,
        }))
    }

    fn credential(&self, response: &Value) -> Value {
        let id = encode(&self.credential_id);
        json!({ "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {}, "response": response })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string().into()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies_user { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(&self.rp_id).to_vec();
        data.push(USER_PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    // {kty: EC2, alg: ES256, crv: P-256, x, y} as a COSE key (RFC 9052 §7).
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("a point"), point.y().expect("a point"));
        [&b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..], &x[..], &b"\x22\x58\x20"[..], &y[..]].concat()
    }
}

impl Person<'_> {
    /// Turns an authenticator on; the answer is its secret, and ten recovery codes.
    pub(crate) async fn sets_up_totp(&self, app: &App) -> (String, Vec<String>) {
        let new = self.post("/me/totp", json!({})).await.is(201).json();
        let secret = new["secret"].as_str().expect("a secret").to_owned();
        let code = code_at(&secret, app.platform.clock.now());
        let codes = self.put("/me/totp", json!({ "code": code })).await.is(200).json();
        (secret, serde_json::from_value(codes["recovery_codes"].clone()).expect("recovery codes"))
    }

    /// Lets an authenticator make a passkey, and hands it in; the answer is the server's.
    pub(crate) async fn adds_passkey(&self, authenticator: &mut Authenticator, name: &str) -> Value {
        let begun = self.post("/me/passkeys/ceremonies", json!({})).await.is(201).json();
        let credential = authenticator.creates(&begun["options"]);
        let new = json!({ "ceremony": begun["ceremony"], "name": name, "credential": credential });
        self.post("/me/passkeys", new).await.is(201).json()
    }

    /// Begins to use a passkey: the body that finishes it.
    pub(crate) async fn uses_passkey(&self, authenticator: &mut Authenticator) -> Value {
        let begun = self.post("/session/passkey-ceremonies", json!({})).await.is(201).json();
        json!({ "ceremony": begun["ceremony"], "credential": authenticator.signs(&begun["options"]) })
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("random bytes");
    bytes
}
