//! `Upload-Checksum`: what the bytes of one request must hash to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::headers::malformed;
use crate::platform::error::Result;

/// The header's name.
pub(super) const HEADER: &str = "upload-checksum";

/// As `Tus-Checksum-Algorithm` lists them.
pub(super) const ALGORITHMS: &str = "sha1,sha256,blake3";

/// A hash under way, and what it shall be.
pub(super) struct Checksum {
    hasher: Hasher,
    expected: Vec<u8>,
}

enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
    Blake3(Box<blake3::Hasher>),
}

/// Reads the header's value: an algorithm, and a hash in Base64.
pub(super) fn parse(header: &str) -> Result<Checksum> {
    let (algorithm, expected) =
        header.trim().split_once(' ').ok_or_else(|| malformed(HEADER, "it is an algorithm and a hash in Base64"))?;
    let (hasher, length) = match algorithm {
        "sha1" => (Hasher::Sha1(Sha1::new()), 20),
        "sha256" => (Hasher::Sha256(Sha256::new()), 32),
        "blake3" => (Hasher::Blake3(Box::default()), 32),
        _ => return Err(malformed(HEADER, "the algorithms are sha1, sha256 and blake3")),
    };
    let expected = STANDARD.decode(expected.trim()).ok().filter(|hash| hash.len() == length);
    let expected = expected.ok_or_else(|| malformed(HEADER, "this is no hash of that algorithm in Base64"))?;
    Ok(Checksum { hasher, expected })
}

impl Checksum {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Blake3(hasher) => drop(hasher.update(bytes)),
        }
    }

    /// Whether the bytes were those that the client meant.
    pub(super) fn matches(self) -> bool {
        let found = match self.hasher {
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::Blake3(hasher) => hasher.finalize().as_bytes().to_vec(),
        };
        found == self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, bytes: &[u8]) -> bool {
        let mut checksum = parse(header).expect("a checksum");
        checksum.update(bytes);
        checksum.matches()
    }

    #[test]
    fn each_algorithm_knows_its_own() {
        assert!(check("sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=", b"hello"));
        assert!(check("sha256 LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", b"hello"));
        assert!(check(&format!("blake3 {}", STANDARD.encode(blake3::hash(b"hello").as_bytes())), b"hello"));
        assert!(!check("sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=", b"hullo"));
    }

    #[test]
    fn what_nobody_can_check_is_refused() {
        for bad in
            ["", "sha1", "md5 XrY7u+Ae7tCTyyK7j1rNww==", "sha1 !", "sha1 YQ==", "SHA1 qvTGHdzF6KLavt4PO0gs2a6pQ00="]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
