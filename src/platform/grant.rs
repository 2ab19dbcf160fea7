//! Grants: signed path segments that let a player fetch one track's audio until they expire.
//!
//! One base64url word: key id ‖ play ‖ track ‖ account or zeros ‖ session or API token, or zeros ‖ expiry in milliseconds ‖ the
//! first 128 bits of their HMAC-SHA-256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::auth::Subjects;
use super::error::{Error, Result};
use super::id::{AccountId, LinkId, PlayId, TrackId};

/// What a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) play: PlayId,
    pub(crate) track: TrackId,
    /// Who listens; nobody for a listener who is not signed in.
    pub(crate) account: Option<AccountId>,
    /// The session or API token that asked for it, or, where nobody listens, the link that it was asked for by: the grant
    /// ends with that.
    pub(crate) credential: Option<Uuid>,
    pub(crate) expires_at: DateTime<Utc>,
    /// Whether it opens no more than a piece of the track.
    pub(crate) is_preview: bool,
}

/// A grant lives so long that a pause overnight survives it.
pub(crate) const LIFETIME: TimeDelta = TimeDelta::hours(24);

impl Grant {
    pub(crate) fn granted_at(&self) -> DateTime<Utc> {
        self.expires_at - LIFETIME
    }

    /// The link that it was asked for by, if it was one.
    pub(crate) fn link(&self) -> Option<LinkId> {
        self.credential.filter(|_| self.account.is_none()).map(LinkId::from)
    }

    /// Whose revocation ends it.
    pub(crate) fn subjects(&self) -> Subjects {
        [self.credential, self.account.map(AccountId::uuid), Some(self.play.uuid())]
    }
}

/// Signs and checks grants.
#[derive(Clone)]
pub(crate) struct Grants {
    mac: Hmac<Sha256>,
}

/// Version and key id, covered by the signature: of a whole track, and of a piece.
const WHOLE: u8 = 2;
const PREVIEW: u8 = 3;
/// What is signed of a key begins with this, as no grant does.
const KEY: &[u8] = b"\0key\0";
const PAYLOAD_BYTES: usize = 1 + 16 + 16 + 16 + 16 + 8;
const SIGNATURE_BYTES: usize = 16;

impl Grants {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self { mac: Hmac::new_from_slice(key).expect("HMAC takes keys of any length") }
    }

    /// The grant as a path segment.
    pub(crate) fn sign(&self, grant: &Grant) -> String {
        let mut bytes = Vec::with_capacity(PAYLOAD_BYTES + SIGNATURE_BYTES);
        bytes.push(if grant.is_preview { PREVIEW } else { WHOLE });
        bytes.extend_from_slice(grant.play.uuid().as_bytes());
        bytes.extend_from_slice(grant.track.uuid().as_bytes());
        bytes.extend_from_slice(grant.account.map_or(Uuid::nil(), AccountId::uuid).as_bytes());
        bytes.extend_from_slice(grant.credential.unwrap_or(Uuid::nil()).as_bytes());
        bytes.extend_from_slice(&grant.expires_at.timestamp_millis().to_be_bytes());
        let signature = self.mac.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&signature[..SIGNATURE_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The grant behind a path segment; 404 for one that is forged or has expired.
    pub(crate) fn check(&self, segment: &str, now: DateTime<Utc>) -> Result<Grant> {
        let grant = self.read(segment).ok_or(Error::NotFound("stream"))?;
        if grant.expires_at <= now { Err(Error::NotFound("stream")) } else { Ok(grant) }
    }

    /// The key to something that has a name: 128 bits, which this server can tell again and nobody can guess.
    pub(crate) fn key_to(&self, name: &str) -> String {
        let mac = self.mac.clone().chain_update(KEY).chain_update(name).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(&mac[..SIGNATURE_BYTES])
    }

    /// Whether somebody's key is the one to something; this takes as long for any key.
    pub(crate) fn is_key_to(&self, name: &str, key: &str) -> bool {
        let Ok(key) = URL_SAFE_NO_PAD.decode(key) else { return false };
        let mac = self.mac.clone().chain_update(KEY).chain_update(name);
        key.len() == SIGNATURE_BYTES && mac.verify_truncated_left(&key).is_ok()
    }

    fn read(&self, segment: &str) -> Option<Grant> {
        let mut bytes = [0; PAYLOAD_BYTES + SIGNATURE_BYTES];
        let length = URL_SAFE_NO_PAD.decode_slice(segment, &mut bytes).ok()?;
        let (payload, signature) = bytes.split_at(PAYLOAD_BYTES);
        if length != bytes.len() || !matches!(payload[0], WHOLE | PREVIEW) {
            return None;
        }
        self.mac.clone().chain_update(payload).verify_truncated_left(signature).ok()?;
        let id = |at: usize| Uuid::from_slice(&payload[at..at + 16]).ok();
        let (account, credential) = (id(33)?, id(49)?);
        let milliseconds = i64::from_be_bytes(payload[65..73].try_into().ok()?);
        Some(Grant {
            play: id(1)?.into(),
            track: id(17)?.into(),
            account: (!account.is_nil()).then(|| account.into()),
            credential: (!credential.is_nil()).then_some(credential),
            expires_at: DateTime::from_timestamp_millis(milliseconds)?,
            is_preview: payload[0] == PREVIEW,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant() -> Grant {
        let expires_at = DateTime::from_timestamp(2_000_000_000, 0).expect("a time");
        Grant {
            play: PlayId::new(),
            track: TrackId::new(),
            account: Some(AccountId::new()),
            credential: Some(Uuid::now_v7()),
            expires_at,
            is_preview: false,
        }
    }

    #[test]
    fn a_grant_is_read_as_it_was_signed() {
        let (grants, grant) = (Grants::new(&[7; 32]), grant());
        let before = DateTime::from_timestamp(1_999_999_999, 0).expect("a time");
        assert_eq!(grants.check(&grants.sign(&grant), before).expect("valid"), grant);
        let preview = Grant { is_preview: true, ..grant };
        assert_eq!(grants.check(&grants.sign(&preview), before).expect("valid"), preview);
    }

    #[test]
    fn a_key_opens_one_thing() {
        let grants = Grants::new(&[7; 32]);
        let key = grants.key_to("room 1");
        assert_eq!(key.len(), 22);
        assert!(grants.is_key_to("room 1", &key));
        assert!(!grants.is_key_to("room 2", &key) && !Grants::new(&[8; 32]).is_key_to("room 1", &key));
        for other in ["", "A", &key[..20], &"A".repeat(22), "…"] {
            assert!(!grants.is_key_to("room 1", other), "{other}");
        }
    }

    #[test]
    fn an_expired_a_forged_and_a_foreign_grant_open_nothing() {
        let (grants, grant) = (Grants::new(&[7; 32]), grant());
        let now = DateTime::from_timestamp(1_900_000_000, 0).expect("a time");
        let segment = grants.sign(&grant);
        assert!(grants.check(&segment, grant.expires_at).is_err());
        assert!(Grants::new(&[8; 32]).check(&segment, now).is_err());
        for at in 0..segment.len() {
            let mut forged = segment.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("ASCII");
            assert!(grants.check(&forged, now).is_err() || forged == segment, "flipped at {at}");
        }
        for garbage in ["", "a", "....", &segment[..20], &"A".repeat(5000)] {
            assert!(grants.check(garbage, now).is_err());
        }
    }
}
