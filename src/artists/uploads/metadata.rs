//! `Upload-Metadata`: what a client says of a file, as keys with values in Base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::headers::malformed;
use crate::platform::error::{Error, Result};
use crate::platform::id::{ReleaseId, TrackId};

/// The header's name.
pub(super) const HEADER: &str = "upload-metadata";

/// The longest header that is kept.
const MAX_BYTES: usize = 8 * 1024;

/// What of it matters here. Keys that nobody here knows are the client's own, and are told it again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) filename: Option<String>,
    pub(super) release: Option<String>,
    /// The track that the file is to take the place of.
    pub(super) track: Option<String>,
    mime: Option<String>,
}

/// Reads the header's value.
pub(super) fn parse(header: &str) -> Result<Metadata> {
    if header.len() > MAX_BYTES {
        return Err(malformed(HEADER, "it may have 8192 bytes"));
    }
    let (mut metadata, mut seen) = (Metadata::default(), Vec::new());
    for pair in header.split(',').map(str::trim).filter(|_| !header.trim().is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        if key.is_empty() || seen.contains(&key) {
            return Err(malformed(HEADER, "every pair has a key of its own, and each key comes once"));
        }
        seen.push(key);
        let value = STANDARD.decode(value.trim()).map_err(|_| malformed(HEADER, "every value is Base64"))?;
        metadata.take(key, &value);
    }
    Ok(metadata)
}

impl Metadata {
    fn take(&mut self, key: &str, value: &[u8]) {
        let text = || Some(String::from_utf8_lossy(value).into_owned()).filter(|text| !text.is_empty());
        match key {
            "filename" => self.filename = text(),
            // As some clients have it by themselves.
            "name" if self.filename.is_none() => self.filename = text(),
            "release_id" => self.release = text(),
            "track_id" => self.track = text(),
            "filetype" => self.mime = text(),
            "type" if self.mime.is_none() => self.mime = text(),
            _ => {}
        }
    }

    /// Whether it is an archive of files, by what the client calls it.
    pub(super) fn is_archive(&self) -> bool {
        let is_zip = |name: &String| name.to_ascii_lowercase().ends_with(".zip");
        let of_type = |mime: &String| mime == "application/zip" || mime == "application/x-zip-compressed";
        self.mime.as_ref().is_some_and(of_type) || self.filename.as_ref().is_some_and(is_zip)
    }

    /// The track that the file is another one for, if it is. What is no id names none.
    pub(super) fn track(&self) -> Result<Option<TrackId>> {
        let named = self.track.as_deref().map(str::parse).transpose();
        named.map_err(|_| Error::NotFound("track"))
    }

    /// The release that the file is for. What is no id names none.
    pub(super) fn release(&self) -> Result<ReleaseId> {
        let missing = || {
            malformed(HEADER, "it must name what the file is for: a release as `release_id`, or a track as `track_id`")
        };
        let named = self.release.as_deref().ok_or_else(missing)?;
        named.parse().map_err(|_| Error::NotFound("release"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_read_and_others_passed_over() {
        let read = parse("filename dGlkZXMud2F2,release_id MDE=, is_private ,type YXVkaW8vd2F2").expect("metadata");
        assert_eq!(
            read,
            Metadata {
                filename: Some("tides.wav".into()),
                release: Some("01".into()),
                mime: Some("audio/wav".into()),
                track: None
            }
        );
        assert_eq!(parse("").expect("nothing"), Metadata::default());
        assert_eq!(parse("name eA==").expect("a name").filename.as_deref(), Some("x"));
        assert_eq!(parse("filename eQ==,name eA==").expect("both").filename.as_deref(), Some("y"));
    }

    #[test]
    fn what_breaks_the_rules_is_told() {
        for bad in ["filename !", "filename eA==,filename eA==", ",", "filename eA==,"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&format!("key {}", "A".repeat(9000))).is_err());
    }
}
